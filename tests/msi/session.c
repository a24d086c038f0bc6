/*
 * Sessions: properties, formatted texts, folders, features and components.
 */
#include "package.h"

#include <shlobj.h>

static const char *name;
static MSIHANDLE session;

static void begin(void)
{
    name = new_name();
    session = open_session(name);
}

static void end(void)
{
    MsiCloseHandle(session);
    DeleteFileA(name);
}

static const char *property(const char *property_name)
{
    static char text[512];
    DWORD size = sizeof(text);
    UINT err = MsiGetPropertyA(session, property_name, text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

static void properties_are_set_and_read(void)
{
    begin();
    ok(!strcmp(property("ProductName"), "Test Product"), "%s\n", property("ProductName"));
    ok(!MsiSetPropertyA(session, "mine", "value"), "set\n");
    ok(!strcmp(property("mine"), "value"), "%s\n", property("mine"));
    ok(!strcmp(property("Mine"), ""), "another case: %s\n", property("Mine"));
    ok(!MsiSetPropertyA(session, "mine", NULL), "remove\n");
    ok(!strcmp(property("mine"), ""), "%s\n", property("mine"));
    ok(property("WindowsFolder")[1] == ':', "%s\n", property("WindowsFolder"));
    ok(property("VersionNT")[0] != 0, "VersionNT\n");
    end();
}

static void rights_are_the_tokens(void)
{
    const char *right = IsUserAnAdmin() ? "1" : "";

    begin();
    ok(!strcmp(property("AdminUser"), right), "AdminUser %s\n", property("AdminUser"));
    ok(!strcmp(property("Privileged"), right), "Privileged %s\n", property("Privileged"));
    ok(!strcmp(property("MsiRunningElevated"), right), "%s\n", property("MsiRunningElevated"));
    end();
}

static void property_arguments(void)
{
    char buf[16];
    DWORD size = sizeof(buf);

    begin();
    ok(MsiSetPropertyA(session, "", "x") == ERROR_FUNCTION_FAILED, "an empty name\n");
    ok(MsiSetPropertyA(session, "", "") == ERROR_FUNCTION_FAILED, "with an empty value\n");
    ok(!MsiSetPropertyA(session, "", NULL), "with no value\n");
    ok(MsiSetPropertyA(session, NULL, "x") == ERROR_INVALID_PARAMETER, "no name\n");
    ok(MsiSetPropertyA(0, "x", "x") == ERROR_INVALID_HANDLE, "no session\n");
    ok(MsiGetPropertyA(session, NULL, buf, &size) == ERROR_INVALID_PARAMETER, "no name\n");
    ok(MsiGetPropertyA(session, "ProductName", buf, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
    ok(MsiGetPropertyA(0, "ProductName", buf, &size) == ERROR_INVALID_HANDLE, "no session\n");
    size = 5;
    ok(MsiGetPropertyA(session, "ProductName", buf, &size) == ERROR_MORE_DATA && size == 12 &&
           !strcmp(buf, "Test"),
       "room of 5: %lu, %s\n", size, buf);
    end();
}

/* Its size is told to be too small without a buffer too. */
static void the_sizes_of_a_products_properties(void)
{
    MSIHANDLE s = open_session(new_name());
    char buf[64] = "x";
    DWORD size = 2;

    ok(MsiGetProductPropertyA(s, "ProductName", NULL, &size) == ERROR_MORE_DATA, "small\n");
    ok(size == 12, "size %lu\n", size);
    size = 13;
    ok(!MsiGetProductPropertyA(s, "ProductName", NULL, &size) && size == 12, "enough\n");
    size = 2;
    ok(MsiGetProductPropertyW(s, L"ProductName", NULL, &size) == ERROR_MORE_DATA, "W\n");
    size = 0;
    ok(!MsiGetProductPropertyA(s, "Nothing", NULL, &size) && !size, "none: %lu\n", size);
    ok(!MsiGetProductPropertyA(s, "ProductName", NULL, NULL), "neither\n");
    ok(MsiGetProductPropertyA(s, "ProductName", buf, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
    size = 2;
    ok(!MsiGetPropertyA(s, "ProductName", NULL, &size) && size == 12, "of a session\n");
    MsiCloseHandle(s);
}

static void texts_with_properties(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {{"[p]", "pval"},       {"[none]", ""},       {"{[p]}", "pval"},
                 {"{[none]}", ""},      {"{[p][none]}", ""},  {"{x}", "{x}"},
                 {"{{[p]}}", ""},       {"[q]", "[p]"},       {"[[name]]", "pval"},
                 {"[\\[]", "["},        {"[\\ab]", "a"},      {"[%MSI_TEST]", "env"},
                 {"[1]", "one"},        {"[[1]]", "ONEPROP"}, {"{[1] {x}}", "one {x}"},
                 {"[\\[]p[\\]]", "[p]"}};
    MSIHANDLE rec = MsiCreateRecord(1);
    char buf[64];

    begin();
    SetEnvironmentVariableA("MSI_TEST", "env");
    MsiSetPropertyA(session, "p", "pval");
    MsiSetPropertyA(session, "q", "[p]");
    MsiSetPropertyA(session, "name", "p");
    MsiSetPropertyA(session, "one", "ONEPROP");
    MsiRecordSetStringA(rec, 1, "one");
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        DWORD size = sizeof(buf);

        MsiRecordSetStringA(rec, 0, cases[i].text);
        ok(!MsiFormatRecordA(session, rec, buf, &size), "%s: error\n", cases[i].text);
        ok(!strcmp(buf, cases[i].want), "%s: %s\n", cases[i].text, buf);
    }
    MsiCloseHandle(rec);
    end();
}

/* MsiFormatRecord, Remarks: the fields come first, then what is between brackets is looked up. */
static void what_a_field_names_is_looked_up(void)
{
    static const struct {
        const char *field, *want;
    } cases[] = {{"[p]", "<pval>"}, {"[1]", "<[1]>"},    {"{[none]}x", "<x>"},  {"[\\[]", "<[>"},
                 {"[p", "<[p>"},    {"{[p]}", "<pval>"}, {"[[name]]", "<pval>"}};
    MSIHANDLE rec = MsiCreateRecord(1);
    char buf[64];

    begin();
    MsiSetPropertyA(session, "p", "pval");
    MsiSetPropertyA(session, "name", "p");
    MsiRecordSetStringA(rec, 0, "<[1]>");
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        DWORD size = sizeof(buf);

        MsiRecordSetStringA(rec, 1, cases[i].field);
        ok(!MsiFormatRecordA(session, rec, buf, &size), "%s: error\n", cases[i].field);
        ok(!strcmp(buf, cases[i].want), "%s: %s\n", cases[i].field, buf);
    }
    MsiCloseHandle(rec);
    end();
}

static void the_database_outlives_the_session(void)
{
    MSIHANDLE db;

    begin();
    db = MsiGetActiveDatabase(session);
    ok(db != 0, "no database\n");
    MsiCloseHandle(session);
    session = 0;
    ok(count_rows(db, "SELECT * FROM `Property`") == 3, "rows\n");
    MsiCloseHandle(db);
    ok(MsiGetActiveDatabase(0) == 0, "of no session\n");
    end();
}

static void folders_before_and_after_costing(void)
{
    char path[MAX_PATH];
    DWORD size = sizeof(path);

    begin();
    ok(MsiGetTargetPathA(session, "INSTALLDIR", path, &size) == ERROR_DIRECTORY, "before\n");
    ok(!MsiDoActionA(session, "CostInitialize"), "CostInitialize\n");
    ok(!MsiDoActionA(session, "FileCost"), "FileCost\n");
    ok(!MsiDoActionA(session, "CostFinalize"), "CostFinalize\n");
    size = sizeof(path);
    ok(!MsiGetTargetPathA(session, "INSTALLDIR", path, &size), "after\n");
    ok(strstr(path, "\\Long Name\\") != NULL, "got %s\n", path);
    ok(!strcmp(property("INSTALLDIR"), path), "property %s\n", property("INSTALLDIR"));
    ok(!MsiSetTargetPathA(session, "INSTALLDIR", "C:\\elsewhere"), "set\n");
    size = sizeof(path);
    ok(!MsiGetTargetPathA(session, "INSTALLDIR", path, &size) && !strcmp(path, "C:\\elsewhere\\"),
       "got %s\n", path);
    size = sizeof(path);
    ok(!MsiGetSourcePathA(session, "INSTALLDIR", path, &size), "source\n");
    ok(strlen(path) > 5 && !strcmp(path + strlen(path) - 5, "\\src\\"), "got %s\n", path);
    end();
}

static void features_and_components(void)
{
    INSTALLSTATE installed = 77, action = 77;

    begin();
    ok(MsiGetFeatureStateA(session, "feat", &installed, &action) == ERROR_UNKNOWN_FEATURE,
       "before costing\n");
    MsiDoActionA(session, "CostInitialize");
    MsiDoActionA(session, "FileCost");
    MsiDoActionA(session, "CostFinalize");
    ok(!MsiGetFeatureStateA(session, "feat", &installed, &action), "feature\n");
    ok(installed == INSTALLSTATE_ABSENT && action == INSTALLSTATE_LOCAL, "%d, %d\n", installed,
       action);
    ok(!MsiGetComponentStateA(session, "comp", &installed, &action), "component\n");
    ok(installed == INSTALLSTATE_ABSENT && action == INSTALLSTATE_LOCAL, "%d, %d\n", installed,
       action);
    ok(MsiGetFeatureStateA(session, "nope", &installed, &action) == ERROR_UNKNOWN_FEATURE,
       "no feature\n");
    ok(MsiGetComponentStateA(session, "nope", &installed, &action) == ERROR_UNKNOWN_COMPONENT,
       "no component\n");
    ok(!MsiSetFeatureStateA(session, "feat", INSTALLSTATE_ABSENT), "set\n");
    ok(!MsiGetComponentStateA(session, "comp", &installed, &action), "component\n");
    ok(action == INSTALLSTATE_UNKNOWN, "action %d\n", action);
    ok(MsiEvaluateConditionA(session, "&feat = 2") == MSICONDITION_TRUE, "&feat\n");
    ok(MsiEvaluateConditionA(session, "&feat < \"x\"") == MSICONDITION_FALSE, "no integer\n");
    ok(MsiEvaluateConditionA(session, "&feat <> \"2\"") == MSICONDITION_TRUE, "a text\n");
    end();
}

static void packages_that_cannot_be_opened(void)
{
    MSIHANDLE h = 0;

    ok(MsiOpenPackageA("nofile.msi", &h) == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(MsiOpenPackageA(NULL, &h) == ERROR_INVALID_PARAMETER, "no path\n");
    ok(MsiOpenPackageA("x.msi", NULL) == ERROR_INVALID_PARAMETER, "no handle\n");
    ok(MsiOpenPackageA("#2147483632", &h) == ERROR_INVALID_HANDLE, "a number\n");
    ok(MsiOpenProductA("no guid", &h) == ERROR_INVALID_PARAMETER, "no product code\n");
    ok(MsiOpenProductA("{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}", &h) == ERROR_UNKNOWN_PRODUCT,
       "not installed\n");
    ok(!h, "a handle\n");
}

static void a_session_on_a_database_handle(void)
{
    char path[32];
    MSIHANDLE db = 0;

    name = new_name();
    make_package(name);
    ok(!MsiOpenDatabaseA(name, OPEN_READONLY, &db), "open\n");
    snprintf(path, sizeof(path), "#%lu", db);
    ok(!MsiOpenPackageA(path, &session), "open the handle\n");
    ok(!strcmp(property("ProductName"), "Test Product"), "%s\n", property("ProductName"));
    MsiCloseHandle(db);
    end();
}

static void actions_there_are_not(void)
{
    begin();
    ok(MsiDoActionA(session, "NoSuchAction") == ERROR_FUNCTION_NOT_CALLED, "unknown\n");
    ok(MsiDoActionA(session, NULL) == ERROR_INVALID_PARAMETER, "none\n");
    ok(MsiDoActionA(0, "CostInitialize") == ERROR_INVALID_HANDLE, "no session\n");
    end();
}

/* Seen on Windows: an unknown folder is said before a missing size; a property's is not. */
static void what_is_said_first(void)
{
    char buf[64];
    WCHAR wide[64];

    begin();
    ok(!MsiDoActionA(session, "CostInitialize") && !MsiDoActionA(session, "FileCost") &&
           !MsiDoActionA(session, "CostFinalize"),
       "cost\n");
    differs("K27") ok(MsiGetTargetPathA(session, "NOFOLDER", buf, NULL) == ERROR_DIRECTORY, "A\n");
    differs("K27")
        ok(MsiGetTargetPathW(session, L"NOFOLDER", wide, NULL) == ERROR_DIRECTORY, "W\n");
    ok(MsiGetTargetPathA(session, "TARGETDIR", buf, NULL) == ERROR_INVALID_PARAMETER, "no size\n");
    ok(!MsiGetTargetPathA(session, "TARGETDIR", NULL, NULL), "nothing\n");
    ok(MsiGetPropertyA(session, "NOPROPERTY", buf, NULL) == ERROR_INVALID_PARAMETER, "property\n");
    end();
}

static void texts_that_are_no_integers(void)
{
    static const struct {
        const char *value;
        int is;
    } cases[] = {{"-", 0},   {"-0", 1},  {"000", 1}, {"+0", 0},
                 {"--0", 0}, {"0x0", 0}, {"0.0", 0}, {"0 ", 0}};

    begin();
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        MsiSetPropertyA(session, "SHAPE", cases[i].value);
        differs("K35")
            ok((MsiEvaluateConditionA(session, "SHAPE = 0") == MSICONDITION_TRUE) == cases[i].is,
               "'%s'\n", cases[i].value);
    }
    end();
}

/* --- the table _Property ------------------------------------------------------------------------
 */

/* The value in the session's `_Property`, "none" where there is no row. */
static const char *shown(MSIHANDLE db, const char *property_name)
{
    static char text[64];
    MSIHANDLE view = 0, params = MsiCreateRecord(1), rec = 0;
    DWORD size = sizeof(text);

    strcpy(text, "none");
    MsiRecordSetStringA(params, 1, property_name);
    if (!MsiDatabaseOpenViewA(db, "SELECT * FROM `_Property` WHERE `_Property` = ?", &view) &&
        !MsiViewExecute(view, params) && !MsiViewFetch(view, &rec))
        MsiRecordGetStringA(rec, 2, text, &size);
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
    MsiCloseHandle(params);
    return text;
}

static void properties_are_a_table(void)
{
    MSIHANDLE db;

    begin();
    db = MsiGetActiveDatabase(session);
    ok(!strcmp(shown(db, "ProductName"), "Test Product"), "%s\n", shown(db, "ProductName"));
    ok(!strcmp(shown(db, "mine"), "none"), "not yet\n");
    MsiSetPropertyA(session, "mine", "first");
    ok(!strcmp(shown(db, "mine"), "first"), "%s\n", shown(db, "mine"));
    MsiSetPropertyA(session, "mine", "second");
    ok(!strcmp(shown(db, "mine"), "second"), "%s\n", shown(db, "mine"));
    MsiSetPropertyA(session, "mine", NULL);
    ok(!strcmp(shown(db, "mine"), "none"), "%s\n", shown(db, "mine"));
    ok(count_rows(db, "SELECT `_Property` FROM `_Property`") > 50, "few rows\n");
    ok(MsiDatabaseIsTablePersistentA(db, "_Property") == MSICONDITION_FALSE, "it is saved\n");
    ok(run(db, "SELECT `Property` FROM `_Property`") == ERROR_BAD_QUERY_SYNTAX, "a column\n");
    differs("K30")
        ok(run(db, "CREATE TABLE `_Property` (`A` CHAR(1) NOT NULL TEMPORARY PRIMARY KEY `A`)") ==
               ERROR_BAD_QUERY_SYNTAX,
           "it was made again\n");
    MsiCloseHandle(db);
    end();
}

static void rows_of_the_package_are_not_properties(void)
{
    MSIHANDLE db = create(new_name()), own = 0;
    char handle[16];

    must_run(db, package_tables[0]);
    must_run(db, package_tables[1]);
    package_summary(db);
    snprintf(handle, sizeof(handle), "#%lu", (unsigned long)db);
    ok(!MsiOpenPackageA(handle, &own), "open\n");
    must_run(db, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('later', 'x')");
    ok(!strcmp(shown(db, "ProductCode"), "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}"), "%s\n",
       shown(db, "ProductCode"));
    ok(!strcmp(shown(db, "later"), "none"), "%s\n", shown(db, "later"));
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(own);
    differs("K30") ok(run(db, "SELECT * FROM `_Property`") == ERROR_BAD_QUERY_SYNTAX,
                      "it outlived the session\n");
    MsiCloseHandle(db);
}

static void the_table_of_properties_is_read_only(void)
{
    MSIHANDLE db;

    begin();
    db = MsiGetActiveDatabase(session);
    differs("K30") ok(run(db, "INSERT INTO `_Property` (`_Property`, `Value`) VALUES ('x', 'y') "
                              "TEMPORARY"),
                      "insert\n");
    differs("K30")
        ok(run(db, "DELETE FROM `_Property` WHERE `_Property` = 'ProductName'"), "delete\n");
    differs("K30") ok(!strcmp(property("ProductName"), "Test Product"), "it is gone\n");
    MsiCloseHandle(db);
    end();
}

static void previews(void)
{
    MSIHANDLE db, preview = 0;

    begin();
    db = MsiGetActiveDatabase(session);
    if (!test_builtin_dlls) {
        ok(!MsiEnableUIPreview(db, &preview), "enable\n");
        ok(!MsiPreviewDialogA(preview, NULL), "close\n");
        ok(MsiPreviewDialogA(preview, "NoDialog") == ERROR_FUNCTION_FAILED, "no dialog\n");
        ok(!MsiCloseHandle(preview), "close\n");
    }
    ok(MsiEnableUIPreview(0, &preview) == ERROR_INVALID_HANDLE, "no database\n");
    MsiCloseHandle(db);
    end();
}

START_TEST(session)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(properties_are_set_and_read);
    RUN(rights_are_the_tokens);
    RUN(property_arguments);
    RUN(the_sizes_of_a_products_properties);
    RUN(texts_with_properties);
    RUN(what_a_field_names_is_looked_up);
    RUN(the_database_outlives_the_session);
    RUN(folders_before_and_after_costing);
    RUN(features_and_components);
    RUN(packages_that_cannot_be_opened);
    RUN(a_session_on_a_database_handle);
    RUN(actions_there_are_not);
    RUN(what_is_said_first);
    RUN(texts_that_are_no_integers);
    RUN(properties_are_a_table);
    RUN(rows_of_the_package_are_not_properties);
    RUN(the_table_of_properties_is_read_only);
    RUN(previews);
}
