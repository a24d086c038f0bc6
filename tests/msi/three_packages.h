/*
 * Three small packages, p0.msi to p2.msi, each of which puts a file into a folder of its own, and
 * fails where FAIL is set.
 */
#ifndef THREE_PACKAGES_H
#define THREE_PACKAGES_H

#include "package.h"

enum { PACKAGES = 3 };

static const char *const actions[] = {
    "CostInitialize",    "FileCost",
    "CostFinalize",      "InstallValidate",
    "InstallInitialize", "ProcessComponents",
    "UnpublishFeatures", "RemoveFiles",
    "InstallFiles",      "Fails",
    "Commits",           "RegisterProduct",
    "PublishFeatures",   "PublishProduct",
    "InstallFinalize",
};

static char folder[MAX_PATH];
/* NULL, or what else a package has. */
static void (*package_more)(MSIHANDLE db, int n);

/* Of the product of a package. */
static const char *code_of(int n)
{
    static char text[PACKAGES][40];

    snprintf(text[n], sizeof(text[n]), "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2B1%d}", n);
    return text[n];
}

static void change(MSIHANDLE db, const char *query)
{
    must_run(db, query);
}

/* Each has its own codes; their file goes into a folder of its own. */
static void make_installer(int n)
{
    char name[16], query[400];
    MSIHANDLE db, sum = 0;

    snprintf(name, sizeof(name), "p%d.msi", n);
    DeleteFileA(name);
    db = create(name);
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    change(db, "CREATE TABLE `InstallExecuteSequence` (`Action` CHAR(72) NOT NULL, `Condition` "
               "CHAR(255), `Sequence` SHORT PRIMARY KEY `Action`)");
    for (unsigned i = 0; i < ARRAYSIZE(actions); i++) {
        snprintf(query, sizeof(query),
                 "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
                 "('%s', '%s', %u)",
                 actions[i],
                 !strcmp(actions[i], "Fails")     ? "FAIL"
                 : !strcmp(actions[i], "Commits") ? "MARK"
                                                  : "1",
                 1000 + 10 * i);
        change(db, query);
    }
    change(db, "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, "
               "`Source` CHAR(72), `Target` CHAR(255) PRIMARY KEY `Action`)");
    change(db, "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Fails', "
               "1074, 'CMD', '/c exit 5')");
    change(db, "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES "
               "('Commits', 1586, 'CMD', '/c echo x> [MARK]')");
    if (package_more)
        package_more(db, n);
    snprintf(query, sizeof(query),
             "UPDATE `Property` SET `Value` = '%s' WHERE `Property` = 'ProductCode'", code_of(n));
    change(db, query);
    snprintf(query, sizeof(query),
             "UPDATE `Component` SET `ComponentId` = '{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E222%d}'", n);
    change(db, query);
    change(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0.0')");
    change(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ALLUSERS', '1')");
    package_summary(db);
    ok(!MsiGetSummaryInformationA(db, NULL, 9, &sum), "summary\n");
    snprintf(query, sizeof(query), "{12345678-1234-1234-1234-12345678901%d}", n);
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, query);
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    MsiCloseHandle(sum);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

/* In the folder where the test is. */
TEST_UNUSED static void make_all(void)
{
    FILE *f;

    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    GetCurrentDirectoryA(sizeof(folder), folder);
    for (int n = 0; n < PACKAGES; n++)
        make_installer(n);
    CreateDirectoryA("src", NULL);
    f = fopen("src\\long name.txt", "wb");
    ok(f != NULL, "no source\n");
    if (f) {
        for (int i = 0; i < 100; i++)
            putc('x', f);
        fclose(f);
    }
}

TEST_UNUSED static UINT install(int n, const char *more)
{
    char line[MAX_PATH * 3], cmd[MAX_PATH], name[MAX_PATH + 16];

    GetSystemDirectoryA(cmd, sizeof(cmd));
    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\\target%d\" CMD=\"%s\\cmd.exe\" %s", folder, n,
             cmd, more);
    snprintf(name, sizeof(name), "%s\\p%d.msi", folder, n);
    return MsiInstallProductA(name, line);
}

static BOOL file_there(int n)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\target%d\\long name.txt", folder, n);
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

/* Product and file alike. */
static BOOL there(int n)
{
    INSTALLSTATE state = MsiQueryProductStateA(code_of(n));
    BOOL is = state == INSTALLSTATE_DEFAULT;

    ok(is || state == INSTALLSTATE_UNKNOWN, "product %d: state %d\n", n, state);
    ok(file_there(n) == is, "file %d: %d\n", n, !is);
    return is;
}

TEST_UNUSED static void remove_all(void)
{
    for (int n = 0; n < PACKAGES; n++)
        if (MsiQueryProductStateA(code_of(n)) == INSTALLSTATE_DEFAULT)
            ok(!MsiConfigureProductA(code_of(n), INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT),
               "remove %d\n", n);
    for (int n = 0; n < PACKAGES; n++)
        ok(!there(n), "%d stays\n", n);
}

#endif
