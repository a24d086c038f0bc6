/*
 * Advertising: a product's shortcut and qualified component are there before its file is, which
 * comes when it is asked for.
 */
#include "package.h"

#define CODE      "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"
#define COMPONENT "{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E1111}"
#define CATEGORY  "{C2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E3333}"

static const char *const actions[] = {
    "CostInitialize",    "FileCost",          "CostFinalize",        "InstallValidate",
    "InstallInitialize", "ProcessComponents", "UnpublishComponents", "UnpublishFeatures",
    "RemoveShortcuts",   "RemoveFiles",       "RemoveFolders",       "InstallFiles",
    "CreateShortcuts",   "RegisterProduct",   "PublishComponents",   "PublishFeatures",
    "PublishProduct",    "InstallFinalize"};
static const char *const advertising[] = {
    "CostInitialize",    "CostFinalize",    "InstallValidate",
    "InstallInitialize", "CreateShortcuts", "PublishComponents",
    "PublishFeatures",   "PublishProduct",  "InstallFinalize"};

static char folder[MAX_PATH], package[MAX_PATH + 16];

static void add_sequence(MSIHANDLE db, const char *table, const char *const *names, unsigned count)
{
    char query[300];

    snprintf(query, sizeof(query),
             "CREATE TABLE `%s` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), `Sequence` "
             "SHORT PRIMARY KEY `Action`)",
             table);
    must_run(db, query);
    for (unsigned i = 0; i < count; i++) {
        snprintf(query, sizeof(query), "INSERT INTO `%s` (`Action`, `Sequence`) VALUES ('%s', %u)",
                 table, names[i], 100 + i);
        must_run(db, query);
    }
}

static void make_installer(void)
{
    char query[MAX_PATH + 200];
    MSIHANDLE db;
    FILE *f;

    GetCurrentDirectoryA(sizeof(folder), folder);
    snprintf(package, sizeof(package), "%s\\adv.msi", folder);
    DeleteFileA(package);
    db = create(package);
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    add_sequence(db, "InstallExecuteSequence", actions, ARRAYSIZE(actions));
    add_sequence(db, "AdvtExecuteSequence", advertising, ARRAYSIZE(advertising));
    must_run(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductVersion', '1.0.0')");
    snprintf(query, sizeof(query),
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('INSTALLDIR', '%s\\target')",
             folder);
    must_run(db, query);
    must_run(db, "CREATE TABLE `Shortcut` (`Shortcut` CHAR(72) NOT NULL, `Directory_` CHAR(72) NOT "
                 "NULL, `Name` CHAR(128) NOT NULL, `Component_` CHAR(72) NOT NULL, `Target` "
                 "CHAR(72) NOT NULL, `Arguments` CHAR(255), `Description` CHAR(255), `Hotkey` "
                 "SHORT, `Icon_` CHAR(72), `IconIndex` SHORT, `ShowCmd` SHORT, `WkDir` CHAR(72) "
                 "PRIMARY KEY `Shortcut`)");
    must_run(db, "INSERT INTO `Shortcut` (`Shortcut`, `Directory_`, `Name`, `Component_`, "
                 "`Target`) VALUES ('s', 'INSTALLDIR', 'Link', 'comp', 'feat')");
    must_run(db, "CREATE TABLE `PublishComponent` (`ComponentId` CHAR(38) NOT NULL, `Qualifier` "
                 "CHAR(255) NOT NULL, `Component_` CHAR(72) NOT NULL, `AppData` CHAR(255), "
                 "`Feature_` CHAR(38) NOT NULL PRIMARY KEY `ComponentId`, `Qualifier`, "
                 "`Component_`)");
    must_run(db, "INSERT INTO `PublishComponent` (`ComponentId`, `Qualifier`, `Component_`, "
                 "`Feature_`) VALUES ('" CATEGORY "', 'qualifier', 'comp', 'feat')");
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    CreateDirectoryA("src", NULL);
    f = fopen("src\\long name.txt", "wb");
    ok(f != NULL, "no source\n");
    if (f) {
        for (int i = 0; i < 100; i++)
            putc('x', f);
        fclose(f);
    }
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
}

static BOOL is_there(const char *name)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\target\\%s", folder, name);
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

#define STATES(product, feature) must_be(__LINE__, product, feature)
static void must_be(int line, INSTALLSTATE product, INSTALLSTATE feature)
{
    INSTALLSTATE p = MsiQueryProductStateA(CODE), f = MsiQueryFeatureStateA(CODE, "feat");

    ok(p == product && f == feature, "line %d: product %d, feature %d\n", line, p, f);
    ok(is_there("long name.txt") == (feature == INSTALLSTATE_LOCAL), "line %d: the file\n", line);
}

static void gone(int line)
{
    char qualifier[64];
    DWORD size = sizeof(qualifier);

    STATES(INSTALLSTATE_UNKNOWN, INSTALLSTATE_UNKNOWN);
    ok(!is_there("Link.lnk"), "line %d: the shortcut\n", line);
    ok(MsiEnumComponentQualifiersA(CATEGORY, 0, qualifier, &size, NULL, NULL) ==
           ERROR_UNKNOWN_COMPONENT,
       "line %d: the qualifier\n", line);
}

static void advertise_to(UINT_PTR where)
{
    UINT err = MsiAdvertiseProductA(package, (const char *)where, NULL, 0);

    ok(!err, "advertise: %u\n", err);
    STATES(INSTALLSTATE_ADVERTISED, INSTALLSTATE_ADVERTISED);
}

static void removed(void)
{
    UINT err = MsiConfigureProductA(CODE, INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT);

    ok(!err, "remove: %u\n", err);
    gone(__LINE__);
}

static void what_is_advertised_is_told(void)
{
    char product[40], feature[40], component[40], path[MAX_PATH + 32], text[64];
    DWORD size = sizeof(text);
    UINT err;

    advertise_to(ADVERTISEFLAGS_MACHINEASSIGN);
    snprintf(path, sizeof(path), "%s\\target\\Link.lnk", folder);
    err = MsiGetShortcutTargetA(path, product, feature, component);
    ok(!err && !strcmp(product, CODE) && !strcmp(feature, "feat") && !strcmp(component, COMPONENT),
       "shortcut: %u\n", err);
    ok(!MsiGetProductInfoA(CODE, "AssignmentType", text, &size) && !strcmp(text, "1"),
       "assignment\n");
    size = sizeof(path);
    err = MsiProvideComponentA(CODE, "feat", COMPONENT, (DWORD)INSTALLMODE_EXISTING, path, &size);
    ok(err != ERROR_SUCCESS, "it is provided\n");
    size = sizeof(text);
    ok(!MsiEnumComponentQualifiersA(CATEGORY, 0, text, &size, NULL, NULL) &&
           !strcmp(text, "qualifier"),
       "qualifier\n");
    STATES(INSTALLSTATE_ADVERTISED, INSTALLSTATE_ADVERTISED);
    removed();
}

static void it_comes_when_it_is_asked_for(void)
{
    char path[MAX_PATH + 32], want[MAX_PATH + 32];
    DWORD size = sizeof(path), count = 0;
    WORD date;
    UINT err;

    snprintf(want, sizeof(want), "%s\\target\\long name.txt", folder);
    advertise_to(ADVERTISEFLAGS_MACHINEASSIGN);
    err = MsiProvideComponentA(CODE, "feat", COMPONENT, INSTALLMODE_DEFAULT, path, &size);
    ok(!err && !strcmp(path, want), "component: %u, %s\n", err, path);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_LOCAL);
    ok(is_there("Link.lnk"), "the shortcut\n");
    ok(MsiUseFeatureA(CODE, "feat") == INSTALLSTATE_LOCAL, "use\n");
    ok(!MsiGetFeatureUsageA(CODE, "feat", &count, &date) && count == 1, "used %lu times\n", count);
    removed();

    advertise_to(ADVERTISEFLAGS_USERASSIGN);
    size = sizeof(path);
    err = MsiProvideQualifiedComponentA(CATEGORY, "qualifier", INSTALLMODE_DEFAULT, path, &size);
    ok(!err && !strcmp(path, want), "qualified: %u, %s\n", err, path);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_LOCAL);
    DeleteFileA(want);
    size = sizeof(path);
    err = MsiProvideComponentA(CODE, "feat", COMPONENT, INSTALLMODE_DEFAULT, path, &size);
    ok(!err && is_there("long name.txt"), "repaired: %u\n", err);
    removed();
}

static void by_a_property(void)
{
    UINT err = MsiInstallProductA(package, "ACTION=ADVERTISE ALLUSERS=1");

    ok(!err, "advertise: %u\n", err);
    STATES(INSTALLSTATE_ADVERTISED, INSTALLSTATE_ADVERTISED);
    err = MsiInstallProductA(package, "");
    ok(!err, "install: %u\n", err);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_LOCAL);
    removed();

    err = MsiInstallProductA(package, "ADVERTISE=ALL");
    ok(!err, "install: %u\n", err);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_ADVERTISED);
    ok(is_there("Link.lnk"), "the shortcut\n");
    err = MsiConfigureFeatureA(CODE, "feat", INSTALLSTATE_LOCAL);
    ok(!err, "feature: %u\n", err);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_LOCAL);
    removed();
}

static void wrong_arguments(void)
{
    ok(MsiAdvertiseProductA(NULL, NULL, NULL, 0) == ERROR_INVALID_PARAMETER, "no package\n");
    ok(MsiAdvertiseProductExW(L"", NULL, NULL, 0, 0, 0) == ERROR_INVALID_PARAMETER, "empty\n");
    ok(MsiAdvertiseProductExA(package, NULL, NULL, 0, 0, 2) == ERROR_INVALID_PARAMETER,
       "options\n");
    ok(MsiAdvertiseProductA("nowhere.msi", NULL, NULL, 0) == ERROR_FILE_NOT_FOUND, "none\n");
    ok(MsiAdvertiseProductExA(package, "", NULL, 0, 0, 0) == ERROR_INVALID_PARAMETER,
       "no script\n");
    ok(MsiAdvertiseProductA("nowhere.msi", "script.aas", NULL, 0) == ERROR_FILE_NOT_FOUND,
       "a script of none\n");
    ok(GetFileAttributesA("script.aas") == INVALID_FILE_ATTRIBUTES, "it is there\n");
    gone(__LINE__);
}

/* --- scripts ------------------------------------------------------------------------------------
 */

enum { EVERYTHING = SCRIPTFLAGS_CACHEINFO | SCRIPTFLAGS_SHORTCUTS | 0x1a0 };

static void a_script_tells_of_its_product(void)
{
    char code[40] = "", name[64] = "", file[64] = "";
    DWORD version = 0, n = sizeof(name), f = sizeof(file);
    LANGID language = 0;
    UINT err = MsiAdvertiseProductA(package, "script.aas", NULL, 1033);

    ok(!err, "written: %u\n", err);
    STATES(INSTALLSTATE_UNKNOWN, INSTALLSTATE_UNKNOWN);
    err = MsiGetProductInfoFromScriptA("script.aas", code, &language, &version, name, &n, file, &f);
    ok(!err && !strcmp(code, CODE) && language == 1033 && version == 0x01000000,
       "%u, %s, %u, %lx\n", err, code, language, version);
    ok(!strcmp(name, "Test Product") && n == 12, "%s, %lu\n", name, n);
    ok(!strcmp(file, "adv.msi") && f == 7, "%s, %lu\n", file, f);
    n = 4;
    err = MsiGetProductInfoFromScriptW(L"script.aas", NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    ok(!err, "nothing asked: %u\n", err);
    err = MsiGetProductInfoFromScriptA("script.aas", NULL, NULL, NULL, name, &n, NULL, NULL);
    ok(err == ERROR_MORE_DATA && n == 12, "small: %u, %lu\n", err, n);
    DeleteFileA("script.aas");
}

static void what_is_no_script(void)
{
    FILE *f = fopen("none.aas", "wb");

    if (f) {
        fputs("this is no script", f);
        fclose(f);
    }
    ok(MsiGetProductInfoFromScriptA("none.aas", NULL, NULL, NULL, NULL, NULL, NULL, NULL) ==
           ERROR_INSTALL_FAILURE,
       "a text\n");
    ok(MsiGetProductInfoFromScriptA(package, NULL, NULL, NULL, NULL, NULL, NULL, NULL) ==
           ERROR_INSTALL_FAILURE,
       "a package\n");
    ok(MsiAdvertiseScriptA(package, EVERYTHING, NULL, FALSE) == ERROR_INSTALL_FAILURE,
       "a package\n");
    ok(MsiAdvertiseScriptW(NULL, EVERYTHING, NULL, FALSE) == ERROR_INVALID_PARAMETER, "none\n");
    ok(MsiProcessAdvertiseScriptW(L"none.aas", NULL, NULL, FALSE, FALSE) == ERROR_INSTALL_FAILURE,
       "a text\n");
    gone(__LINE__);
    DeleteFileA("none.aas");
}

/* The package itself is wanted when the product is. */
static void a_script_advertises(void)
{
    char path[MAX_PATH + 32], moved[MAX_PATH + 32];
    DWORD size = sizeof(path);
    HKEY key = NULL;
    UINT err;

    ok(!MsiAdvertiseProductA(package, "script.aas", NULL, 0), "written\n");
    snprintf(moved, sizeof(moved), "%s.away", package);
    ok(MoveFileA(package, moved), "moved\n");
    ok(MsiAdvertiseScriptA("script.aas", EVERYTHING, &key, FALSE) == ERROR_CALL_NOT_IMPLEMENTED,
       "elsewhere\n");
    ok(MsiAdvertiseScriptA("script.aas", 0x200, NULL, FALSE) == ERROR_INVALID_PARAMETER, "flags\n");
    gone(__LINE__);
    err = MsiAdvertiseScriptA("script.aas", EVERYTHING | SCRIPTFLAGS_MACHINEASSIGN, NULL, FALSE);
    ok(!err, "advertise: %u\n", err);
    STATES(INSTALLSTATE_ADVERTISED, INSTALLSTATE_ADVERTISED);
    ok(is_there("Link.lnk"), "the shortcut\n");
    ok(MoveFileA(moved, package), "moved back\n");
    err = MsiProvideComponentA(CODE, "feat", COMPONENT, INSTALLMODE_DEFAULT, path, &size);
    ok(!err, "provide: %u\n", err);
    STATES(INSTALLSTATE_DEFAULT, INSTALLSTATE_LOCAL);
    removed();

    err = MsiProcessAdvertiseScriptA("script.aas", NULL, NULL, FALSE, FALSE);
    ok(!err, "process: %u\n", err);
    STATES(INSTALLSTATE_ADVERTISED, INSTALLSTATE_ADVERTISED);
    ok(!is_there("Link.lnk"), "a shortcut that was not asked for\n");
    err = MsiProcessAdvertiseScriptA("script.aas", NULL, NULL, TRUE, TRUE);
    ok(!err, "taken back: %u\n", err);
    gone(__LINE__);
    err = MsiProcessAdvertiseScriptA("script.aas", NULL, NULL, TRUE, TRUE);
    ok(err == ERROR_UNKNOWN_PRODUCT, "again: %u\n", err);
    DeleteFileA("script.aas");
}

START_TEST(advertise)
{
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        skip("Wine's advertises nothing\n");
        return;
    }
    make_installer();
    RUN(what_is_advertised_is_told);
    RUN(it_comes_when_it_is_asked_for);
    RUN(by_a_property);
    RUN(wrong_arguments);
    RUN(a_script_tells_of_its_product);
    RUN(what_is_no_script);
    RUN(a_script_advertises);
}
