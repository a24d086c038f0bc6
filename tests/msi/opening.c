/*
 * Opening sessions: what is a package, the order of its checks, paths and URLs and handles,
 * transforms, installed products, restricted handles.
 */
#include "package.h"

#include "registered.h"

static const char *name;

static UINT open_and_close(const char *path)
{
    MSIHANDLE session = 0xdead;
    UINT err = MsiOpenPackageA(path, &session);

    if (!err)
        MsiCloseHandle(session);
    else
        ok(session == 0xdead, "%s: a handle with error %u\n", path, err);
    return err;
}

static void set_summary(const char *file, UINT id, UINT type, int number, const char *text)
{
    MSIHANDLE db = 0, sum = 0;

    ok(!MsiOpenDatabaseA(file, OPEN_TRANSACT, &db), "open to write\n");
    ok(!MsiGetSummaryInformationA(db, NULL, 3, &sum), "summary\n");
    ok(!MsiSummaryInfoSetPropertyA(sum, id, type, number, NULL, text), "set %u\n", id);
    ok(!MsiSummaryInfoPersist(sum) && !MsiDatabaseCommit(db), "persist\n");
    MsiCloseHandle(sum);
    MsiCloseHandle(db);
}

static UINT opened_with_template(const char *text)
{
    set_summary(name, 7, VT_LPSTR, 0, text);
    return open_and_close(name);
}

static void platforms_and_languages(void)
{
    static const struct {
        const char *text;
        UINT want;
    } cases[] = {{"Intel;1033", ERROR_SUCCESS},
                 {";1033", ERROR_SUCCESS},
                 {"Intel;", ERROR_SUCCESS},
                 {"Intel;0", ERROR_SUCCESS},
                 {"Alpha,Intel;1033", ERROR_SUCCESS},
                 {"Intel;9999,1033", ERROR_SUCCESS},
                 {"Intel;9999", ERROR_INSTALL_LANGUAGE_UNSUPPORTED},
                 {"Alpha;1033", ERROR_INSTALL_PLATFORM_UNSUPPORTED},
                 {"Intel64;1033", ERROR_INSTALL_PLATFORM_UNSUPPORTED},
                 {"Arm;1033", ERROR_INSTALL_PLATFORM_UNSUPPORTED},
                 {"intel;1033", ERROR_INSTALL_PLATFORM_UNSUPPORTED},
                 {"Intel ;1033", ERROR_INSTALL_PLATFORM_UNSUPPORTED},
                 {"Alpha;9999", ERROR_INSTALL_PLATFORM_UNSUPPORTED}};

    make_package(name = new_name());
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        UINT err = opened_with_template(cases[i].text);

        ok(err == cases[i].want, "%s: %u\n", cases[i].text, err);
    }
    differs("template-summary")
        ok(opened_with_template("Intel") == ERROR_INSTALL_PACKAGE_INVALID, "no semicolon\n");
}

/* Seen on Windows: a package code is enough, and without it nothing is. */
static void a_template_need_not_be(void)
{
    MSIHANDLE database = create(new_name()), sum = 0, session = 0;
    char handle[16];

    ok(!MsiGetSummaryInformationA(database, NULL, 3, &sum), "summary\n");
    MsiSummaryInfoSetPropertyA(sum, 14, VT_I4, 200, NULL, NULL);
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    snprintf(handle, sizeof(handle), "#%lu", (unsigned long)database);
    ok(MsiOpenPackageA(handle, &session) == ERROR_INSTALL_PACKAGE_INVALID, "no package code\n");
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, "{12345678-1234-1234-1234-123456789012}");
    ok(!MsiSummaryInfoPersist(sum), "persist\n");
    differs("K28") ok(!MsiOpenPackageA(handle, &session), "with one\n");
    MsiCloseHandle(session);
    MsiCloseHandle(sum);
    MsiCloseHandle(database);
}

static void a_newer_schema_is_refused(void)
{
    make_package(name = new_name());
    set_summary(name, 14, VT_I4, 500, NULL);
    ok(!open_and_close(name), "500\n");
    set_summary(name, 14, VT_I4, 501, NULL);
    differs("page-count-summary")
        ok(open_and_close(name) == ERROR_INSTALL_PACKAGE_VERSION, "501\n");
    differs("page-count-summary")
        ok(opened_with_template("Intel;9999") == ERROR_INSTALL_PACKAGE_VERSION,
           "it is said before the language\n");
    ok(opened_with_template("Alpha;1033") == ERROR_INSTALL_PLATFORM_UNSUPPORTED,
       "the platform is said before it\n");
}

static void a_package_says_its_schema(void)
{
    make_package(name = new_name());
    set_summary(name, 14, VT_I4, 0, NULL);
    ok(open_and_close(name) == ERROR_INSTALL_PACKAGE_INVALID, "none\n");
    set_summary(name, 14, VT_I4, 100, NULL);
    ok(!open_and_close(name), "100\n");
#ifdef _WIN64 /* where they can be installed for certain */
    ok(opened_with_template("x64;1033") == ERROR_INSTALL_PACKAGE_INVALID, "100 with 64 bits\n");
    set_summary(name, 14, VT_I4, 200, NULL);
    ok(!open_and_close(name), "200 with 64 bits\n");
#endif
}

static void what_is_no_package(void)
{
    make_package(name = new_name());
    set_summary(name, 9, VT_LPSTR, 0, "");
    write_file("garbage.msi", "this is no compound file", 24);
    differs("MsiOpenPackage")
        ok(open_and_close("garbage.msi") == ERROR_INSTALL_PACKAGE_INVALID, "garbage\n");
    write_file("garbage.msi", "", 0);
    differs("MsiOpenPackage")
        ok(open_and_close("garbage.msi") == ERROR_INSTALL_PACKAGE_INVALID, "an empty file\n");
    DeleteFileA("garbage.msi");
    ok(open_and_close("nofile.msi") == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(open_and_close("nofolder\\nofile.msi") == ERROR_FILE_NOT_FOUND, "no folder\n");
    ok(open_and_close("#") == ERROR_INVALID_HANDLE, "no number\n");
    ok(open_and_close("#1") == ERROR_INVALID_HANDLE, "no handle\n");
    ok(MsiOpenPackageA(NULL, NULL) == ERROR_INVALID_PARAMETER, "nothing\n");
}

static void a_patch_is_no_package(void)
{
    MSIHANDLE db = 0;

    name = new_name();
    ok(!MsiOpenDatabaseA(name, (const char *)(UINT_PTR)(3 + 32), &db), "create a patch\n");
    must_run(db, package_tables[0]);
    package_summary(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    differs("MsiOpenPackage") ok(open_and_close(name) == ERROR_INSTALL_PACKAGE_INVALID,
                                 "a package's template does not make it one\n");
}

static void urls_are_of_files(void)
{
    char full[MAX_PATH], url[MAX_PATH + 16];
    static const char *const schemes[] = {"file:///", "file://", "file:", "FILE:///"};

    make_package(name = new_name());
    GetFullPathNameA(name, sizeof(full), full, NULL);
    ok(!open_and_close(full), "%s\n", full);
    for (unsigned i = 0; i < ARRAYSIZE(schemes); i++) {
        snprintf(url, sizeof(url), "%s%s", schemes[i], full);
        ok(!open_and_close(url), "%s\n", url);
    }
    for (char *p = url; *p; p++)
        if (*p == '\\')
            *p = '/';
    ok(!open_and_close(url), "%s\n", url);
    differs("MsiOpenPackage")
        ok(open_and_close("file:///C:/nofile.msi") == ERROR_FILE_NOT_FOUND, "no file\n");
}

static void without_a_path_there_is_an_empty_database(void)
{
    MSIHANDLE session = 0, db, sum = 0, rec;
    UINT err = MsiOpenPackageA("", &session);

    differs("K32") ok(!err, "open: %u\n", err);
    if (err)
        return;
    db = MsiGetActiveDatabase(session);
    ok(db != 0, "database\n");
    ok(count_rows(db, "SELECT `Name` FROM `_Tables`") == 2, "tables\n");
    rec = first_row(db, "SELECT `Name` FROM `_Tables`");
    ok(!strcmp(field(rec, 1), "_Property"), "the first is %s\n", field(rec, 1));
    MsiCloseHandle(rec);
    ok(count_rows(db, "SELECT * FROM `_Property`") > 0, "no properties\n");
    ok(count_rows(db, "SELECT * FROM `#_FolderCache`") > 0, "no folders\n");
    ok(run(db, "SELECT * FROM `_Streams`") == ERROR_BAD_QUERY_SYNTAX, "_Streams\n");
    ok(run(db, "SELECT * FROM `_Storages`") == ERROR_BAD_QUERY_SYNTAX, "_Storages\n");
    ok(MsiGetSummaryInformationA(db, NULL, 0, &sum) == ERROR_INSTALL_PACKAGE_INVALID, "summary\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiSetPropertyA(session, "x", "y"), "set\n");
    ok(MsiEvaluateConditionA(session, "x = \"y\"") == MSICONDITION_TRUE, "condition\n");
    ok(!MsiCloseHandle(session), "close\n");
}

/* --- transforms ---------------------------------------------------------------------------------
 */

#define ADD_PROPERTY(name, value) \
    "INSERT INTO `Property` (`Property`, `Value`) VALUES ('" name "', '" value "')"

/* A package with a version, and a transform that adds a property, made with these flags. */
static void make_transformed(const char *package, const char *transform, int errors, int validation)
{
    const char *other = new_name();
    MSIHANDLE db = 0, base = 0;

    make_package(package);
    ok(!MsiOpenDatabaseA(package, OPEN_TRANSACT, &base), "open\n");
    must_run(base, ADD_PROPERTY("ProductVersion", "1.2.3"));
    ok(!MsiDatabaseCommit(base), "commit\n");
    ok(CopyFileA(package, other, FALSE), "copy\n");
    ok(!MsiOpenDatabaseA(other, OPEN_TRANSACT, &db), "open\n");
    must_run(db, ADD_PROPERTY("Added", "yes"));
    ok(!MsiDatabaseGenerateTransformA(db, base, transform, 0, 0), "generate\n");
    ok(!MsiCreateTransformSummaryInfoA(db, base, transform, errors, validation), "summary\n");
    MsiCloseHandle(db);
    MsiCloseHandle(base);
    DeleteFileA(other);
}

static void set_row(const char *package, const char *property, const char *value)
{
    char query[200];
    MSIHANDLE db = 0;

    ok(!MsiOpenDatabaseA(package, OPEN_TRANSACT, &db), "open\n");
    snprintf(query, sizeof(query), "DELETE FROM `Property` WHERE `Property` = '%s'", property);
    must_run(db, query);
    snprintf(query, sizeof(query),
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('%s', '%s')", property, value);
    must_run(db, query);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

/* What the property that the transform adds is after opening, or the error. */
static const char *added(const char *package, const char *transforms)
{
    static char text[32];
    DWORD size = sizeof(text);
    MSIHANDLE session = 0;
    UINT err;

    set_row(package, "TRANSFORMS", transforms);
    err = MsiOpenPackageA(package, &session);
    snprintf(text, sizeof(text), "error %u", err);
    if (!err) {
        MsiGetPropertyA(session, "Added", text, &size);
        MsiCloseHandle(session);
    }
    return text;
}

static void put_into_storage(const char *package, const char *transform)
{
    MSIHANDLE db = 0, view = 0, rec = MsiCreateRecord(1);

    ok(!MsiOpenDatabaseA(package, OPEN_TRANSACT, &db), "open\n");
    ok(!MsiDatabaseOpenViewA(db, "INSERT INTO `_Storages` (`Name`, `Data`) VALUES ('sub', ?)",
                             &view),
       "view\n");
    MsiRecordSetStreamA(rec, 1, transform);
    ok(!MsiViewExecute(view, rec), "insert\n");
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(view);
    MsiCloseHandle(rec);
    MsiCloseHandle(db);
}

static void transforms_are_applied(void)
{
    static const char *const good[] = {":sub", "own.mst", "@own.mst", "|own.mst", ";own.mst"};
    static const char *const bad[] = {":nosub",  "no.mst",  "own.mst;no.mst",
                                      "@no.mst", "|no.mst", ":sub;:sub"};

    name = new_name();
    make_transformed(name, "own.mst", 0, 0);
    put_into_storage(name, "own.mst");
    for (unsigned i = 0; i < ARRAYSIZE(good); i++)
        ok(!strcmp(added(name, good[i]), "yes"), "%s: %s\n", good[i], added(name, good[i]));
    for (unsigned i = 0; i < ARRAYSIZE(bad); i++)
        ok(!strcmp(added(name, bad[i]), "error 1624"), "%s: %s\n", bad[i], added(name, bad[i]));
    DeleteFileA("own.mst");
    ok(!strcmp(added(name, "own.mst"), "error 1624"), "it is gone: %s\n", added(name, "own.mst"));
}

/* The error conditions that it was made to suppress are no errors. */
static void transforms_say_what_is_no_error(void)
{
    name = new_name();
    make_transformed(name, "own.mst", 1, 0);
    ok(!strcmp(added(name, "own.mst;own.mst"), "yes"), "twice: %s\n",
       added(name, "own.mst;own.mst"));
    DeleteFileA("own.mst");
}

static void transforms_say_what_they_are_for(void)
{
    name = new_name();
    make_transformed(name, "own.mst", 0,
                     MSITRANSFORM_VALIDATE_PRODUCT | MSITRANSFORM_VALIDATE_MINORVERSION |
                         MSITRANSFORM_VALIDATE_NEWEQUALBASEVERSION);
    ok(!strcmp(added(name, "own.mst"), "yes"), "its own package: %s\n", added(name, "own.mst"));
    set_row(name, "ProductVersion", "1.2.9");
    ok(!strcmp(added(name, "own.mst"), "yes"), "the update: %s\n", added(name, "own.mst"));
    set_row(name, "ProductVersion", "1.3.3");
    ok(!strcmp(added(name, "own.mst"), "error 1624"), "the version: %s\n", added(name, "own.mst"));
    set_row(name, "ProductVersion", "1.2.3");
    set_row(name, "ProductCode", "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A12}");
    ok(!strcmp(added(name, "own.mst"), "error 1624"), "the product: %s\n", added(name, "own.mst"));
    DeleteFileA("own.mst");
}

/* --- options ------------------------------------------------------------------------------------
 */

static void restricted_handles(void)
{
    static const char *const allowed[] = {"CostInitialize", "FileCost",         "CostFinalize",
                                          "AppSearch",      "LaunchConditions", "ResolveSource"};
    MSIHANDLE session = 0;

    make_package(name = new_name());
    ok(!MsiOpenPackageExA(name, MSIOPENPACKAGEFLAGS_IGNOREMACHINESTATE, &session), "open\n");
    for (unsigned i = 0; i < ARRAYSIZE(allowed); i++)
        ok(!MsiDoActionA(session, allowed[i]), "%s\n", allowed[i]);
    differs("MsiOpenPackageEx") ok(
        MsiDoActionA(session, "InstallValidate") == ERROR_FUNCTION_NOT_CALLED, "InstallValidate\n");
    differs("MsiOpenPackageEx")
        ok(MsiDoActionA(session, "InstallFiles") == ERROR_FUNCTION_NOT_CALLED, "InstallFiles\n");
    MsiCloseHandle(session);
}

/* --- products -----------------------------------------------------------------------------------
 */

#define CODE "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}" /* of package.h */

static UINT open_product(char *database, DWORD size)
{
    MSIHANDLE session = 0;
    UINT err = MsiOpenProductA(CODE, &session);

    database[0] = 0;
    if (!err) {
        MsiGetPropertyA(session, "DATABASE", database, &size);
        MsiCloseHandle(session);
    }
    return err;
}

static void a_product_is_opened_from_its_cache(void)
{
    char full[MAX_PATH], database[MAX_PATH];
    MSIHANDLE session = 0;
    UINT err;

    make_package(name = new_name());
    GetFullPathNameA(name, sizeof(full), full, NULL);
    ok(open_product(database, sizeof(database)) == ERROR_UNKNOWN_PRODUCT, "not yet\n");
    register_product(CODE, full);
    err = open_product(database, sizeof(database));
    ok(!err, "open: %u\n", err);
    differs("MsiOpenPackage") ok(!open_and_close(CODE), "by its code\n");
    differs("originaldatabase") ok(!strcmp(database, full), "DATABASE %s\n", database);
    ok(!MsiOpenPackageA(name, &session), "the package itself\n");
    differs("installed")
        ok(MsiEvaluateConditionA(session, "Installed AND ProductState = 5") == MSICONDITION_TRUE,
           "it is installed\n");
    MsiCloseHandle(session);
    ok(!MsiOpenPackageExA(name, MSIOPENPACKAGEFLAGS_IGNOREMACHINESTATE, &session), "restricted\n");
    differs("MsiOpenPackageEx")
        ok(MsiEvaluateConditionA(session, "Installed") == MSICONDITION_FALSE,
           "the machine is not looked at\n");
    MsiCloseHandle(session);
    unregister_product(CODE);
}

static void a_product_without_its_cache(void)
{
    char database[MAX_PATH], folder[MAX_PATH], want[MAX_PATH + 64];

    make_package(name = new_name());
    register_product(CODE, "C:\\nofolder\\nofile.msi");
    differs("MsiOpenProduct")
        ok(open_product(database, sizeof(database)) == ERROR_INSTALL_SOURCE_ABSENT, "no source\n");
    GetCurrentDirectoryA(sizeof(folder), folder);
    register_source(CODE, folder, name);
    snprintf(want, sizeof(want), "%s\\%s", folder, name);
    differs("MsiOpenProduct") ok(!open_product(database, sizeof(database)), "from its source\n");
    differs("MsiOpenProduct") ok(!strcmp(database, want), "DATABASE %s\n", database);
    unregister_product(CODE);
}

static void product_arguments(void)
{
    MSIHANDLE session = 0;

    ok(MsiOpenProductA(NULL, &session) == ERROR_INVALID_PARAMETER, "no code\n");
    ok(MsiOpenProductA("", &session) == ERROR_INVALID_PARAMETER, "an empty one\n");
    ok(MsiOpenProductA("code", &session) == ERROR_INVALID_PARAMETER, "none\n");
    ok(MsiOpenProductA(CODE, NULL) == ERROR_INVALID_PARAMETER, "no place\n");
}

START_TEST(opening)
{
    test_dll("msi");
    wait_for_turn();
    CoInitialize(NULL);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    RUN(platforms_and_languages);
    RUN(a_template_need_not_be);
    RUN(a_newer_schema_is_refused);
    RUN(a_package_says_its_schema);
    RUN(what_is_no_package);
    RUN(a_patch_is_no_package);
    RUN(urls_are_of_files);
    RUN(without_a_path_there_is_an_empty_database);
    if (!test_builtin_dlls) { /* Wine's makes no transforms */
        RUN(transforms_are_applied);
        RUN(transforms_say_what_is_no_error);
        RUN(transforms_say_what_they_are_for);
    }
    RUN(restricted_handles);
    RUN(a_product_is_opened_from_its_cache);
    RUN(a_product_without_its_cache);
    RUN(product_arguments);
}
