/*
 * For the tests of custom actions: a package of one loose file with actions of theirs, and what its
 * installation said. An action speaks by messages of the kind INFO.
 */
#ifndef ACTIONS_H
#define ACTIONS_H

#include "package.h"

#define CODE "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"

static const char *const actions_tables[] = {
    "CREATE TABLE `InstallExecuteSequence` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), "
    "`Sequence` SHORT PRIMARY KEY `Action`)",
    "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `Source` "
    "CHAR(72), `Target` CHAR(0) PRIMARY KEY `Action`)",
    "CREATE TABLE `Binary` (`Name` CHAR(72) NOT NULL, `Data` OBJECT NOT NULL PRIMARY KEY `Name`)",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0.0')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('Manufacturer', 'Decanter')",
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ALLUSERS', '1')",
};

static const struct {
    const char *name;
    int sequence;
} actions_sequence[] = {
    {"CostInitialize", 800},     {"FileCost", 900},           {"CostFinalize", 1000},
    {"InstallValidate", 1400},   {"InstallInitialize", 1500}, {"ProcessComponents", 1600},
    {"UnpublishFeatures", 1800}, {"RemoveFiles", 3500},       {"InstallFiles", 4000},
    {"RegisterProduct", 6100},   {"PublishFeatures", 6300},   {"PublishProduct", 6400},
    {"InstallFinalize", 6600},
};

static char actions_folder[MAX_PATH], actions_target[MAX_PATH + 32], actions_said[65536];

static void actions_insert(MSIHANDLE db, const char *query, const char *const *texts,
                           unsigned count, int number, const char *file)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(count + 1);
    UINT err = MsiDatabaseOpenViewA(db, query, &view);

    ok(!err, "%s: %u\n", query, err);
    for (unsigned i = 0; i < count; i++)
        MsiRecordSetStringA(rec, i + 1, texts[i]);
    if (file)
        MsiRecordSetStreamA(rec, count + 1, file);
    else
        MsiRecordSetInteger(rec, count + 1, number);
    err = MsiViewExecute(view, rec);
    ok(!err, "%s: %u\n", query, err);
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
}

/* With a place in the sequence; only while the property of its name is set. */
TEST_UNUSED static void add_action(MSIHANDLE db, const char *name, int type, const char *source,
                                   const char *target, int sequence)
{
    const char *const row[] = {name, source, target}, *const step[] = {name, name};

    actions_insert(db,
                   "INSERT INTO `CustomAction` (`Action`, `Source`, `Target`, `Type`) VALUES (?, "
                   "?, ?, ?)",
                   row, 3, type, NULL);
    actions_insert(db,
                   "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) "
                   "VALUES (?, ?, ?)",
                   step, 2, sequence, NULL);
}

TEST_UNUSED static void add_binary(MSIHANDLE db, const char *name, const void *data, DWORD size)
{
    write_file("binary.tmp", data, size);
    actions_insert(db, "INSERT INTO `Binary` (`Name`, `Data`) VALUES (?, ?)",
                   (const char *const[]){name}, 1, 0, "binary.tmp");
}

TEST_UNUSED static void add_property(MSIHANDLE db, const char *name, const char *value)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(2);

    MsiRecordSetStringA(rec, 1, name);
    MsiRecordSetStringA(rec, 2, value);
    ok(!MsiDatabaseOpenViewA(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES (?, ?)",
                             &view),
       "open\n");
    ok(!MsiViewExecute(view, rec), "insert\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
}

/* The package, still open, without actions of its own; its file is beside it in the folder of the
 * source. */
static MSIHANDLE begin_package(const char *name)
{
    char text[400];
    MSIHANDLE db = create(name);

    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(actions_tables); i++)
        must_run(db, actions_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(actions_sequence); i++) {
        snprintf(text, sizeof(text),
                 "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('%s', %d)",
                 actions_sequence[i].name, actions_sequence[i].sequence);
        must_run(db, text);
    }
    memset(text, 'x', 100);
    CreateDirectoryA("src", NULL);
    write_file("src\\long name.txt", text, 100);
    GetCurrentDirectoryA(sizeof(actions_folder), actions_folder);
    snprintf(actions_target, sizeof(actions_target), "%s\\target", actions_folder);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    return db;
}

static void end_package(MSIHANDLE db)
{
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

/* What is of interest: lines of actions begin with a star, and errors. */
static int CALLBACK actions_hear(void *ctx, UINT type, const char *text)
{
    UINT kind = type & 0xff000000;
    size_t n = strlen(actions_said);

    if ((kind == INSTALLMESSAGE_INFO && (text[0] == '*' || strstr(text, "Info 17"))) ||
        kind == INSTALLMESSAGE_ERROR || kind == INSTALLMESSAGE_FATALEXIT)
        snprintf(actions_said + n, sizeof(actions_said) - n, "%s\n", text);
    (void)ctx;
    return 0;
}

/* Whether it was said. */
TEST_UNUSED static BOOL said(const char *text)
{
    return strstr(actions_said, text) != NULL;
}

/* Installs, hearing what is said. */
TEST_UNUSED static UINT install(const char *package, const char *more)
{
    char line[MAX_PATH * 3];
    UINT err;

    actions_said[0] = 0;
    MsiSetExternalUIA(actions_hear,
                      INSTALLLOGMODE_INFO | INSTALLLOGMODE_ERROR | INSTALLLOGMODE_FATALEXIT, NULL);
    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\" %s", actions_target, more);
    err = MsiInstallProductA(package, line);
    MsiSetExternalUIA(NULL, 0, NULL);
    return err;
}

TEST_UNUSED static BOOL is_there(void)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\long name.txt", actions_target);
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

TEST_UNUSED static void remove_product(const char *package)
{
    UINT err = MsiInstallProductA(package, "REMOVE=ALL");

    ok(!err || err == ERROR_UNKNOWN_PRODUCT, "remove: %u\n", err);
    differs("removefiles-action") ok(!is_there(), "the file is there\n");
}

#endif
