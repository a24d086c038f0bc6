/*
 * Win32 assemblies for everybody: who asks for one by a manifest finds it, as long as a product has
 * it.
 */
#include "three_packages.h"

#define IDENTITY                                                                       \
    "<assemblyIdentity type=\"win32\" name=\"Decanter.Test.Sxs\" version=\"1.2.3.4\" " \
    "processorArchitecture=\"" ARCHITECTURE "\" publicKeyToken=\"0123456789abcdef\"/>"
#define ASSEMBLY "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\">"

#ifdef _WIN64
#define ARCHITECTURE "amd64"
#else
#define ARCHITECTURE "x86"
#endif

static void add_assembly(MSIHANDLE db)
{
    static const char *const queries[] = {
        "INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('feat', 'asm')",
        "UPDATE `Media` SET `LastSequence` = 3",
        "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Sequence`) VALUES "
        "('lib', 'asm', 'sxslib.dll', 3, 2)",
        "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Sequence`) VALUES "
        "('man', 'asm', 'sxslib.man', 3, 3)",
        "CREATE TABLE `MsiAssembly` (`Component_` CHAR(72) NOT NULL, `Feature_` CHAR(38) NOT NULL, "
        "`File_Manifest` CHAR(72), `File_Application` CHAR(72), `Attributes` SHORT PRIMARY KEY "
        "`Component_`)",
        "INSERT INTO `MsiAssembly` (`Component_`, `Feature_`, `File_Manifest`, `Attributes`) "
        "VALUES ('asm', 'feat', 'man', 1)",
        "CREATE TABLE `MsiAssemblyName` (`Component_` CHAR(72) NOT NULL, `Name` CHAR(255) NOT "
        "NULL, `Value` CHAR(255) NOT NULL PRIMARY KEY `Component_`, `Name`)",
        "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
        "('MsiPublishAssemblies', 1125)",
        "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
        "('MsiUnpublishAssemblies', 1055)"};
    static const char *const names[][2] = {{"type", "win32"},
                                           {"name", "Decanter.Test.Sxs"},
                                           {"version", "1.2.3.4"},
                                           {"processorArchitecture", ARCHITECTURE},
                                           {"publicKeyToken", "0123456789abcdef"}};
    char query[400];

    for (unsigned i = 0; i < ARRAYSIZE(queries); i++)
        change(db, queries[i]);
    for (unsigned i = 0; i < ARRAYSIZE(names); i++) {
        snprintf(query, sizeof(query),
                 "INSERT INTO `MsiAssemblyName` (`Component_`, `Name`, `Value`) VALUES ('asm', "
                 "'%s', '%s')",
                 names[i][0], names[i][1]);
        change(db, query);
    }
}

static void add_component(MSIHANDLE db, int n)
{
    (void)n;
    change(db,
           "INSERT INTO `Component` (`Component`, `Directory_`, `Attributes`, `KeyPath`) VALUES "
           "('asm', 'INSTALLDIR', 256, 'lib')");
    add_assembly(db);
}

/* To each product it is another component. */
static void give_code(int n)
{
    char query[200], name[16];
    MSIHANDLE db = 0;

    snprintf(name, sizeof(name), "p%d.msi", n);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "open %s\n", name);
    snprintf(query, sizeof(query),
             "UPDATE `Component` SET `ComponentId` = '{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E333%d}' "
             "WHERE `Component` = 'asm'",
             n);
    change(db, query);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
}

/* Whether a program whose manifest asks for the assembly would be started, and gets its library
 * from it. */
static BOOL is_found(void)
{
    ACTCTX_SECTION_KEYED_DATA data = {.cbSize = sizeof(data)};
    ACTCTXA what = {.cbSize = sizeof(what), .lpSource = "user.manifest"};
    HANDLE context = CreateActCtxA(&what);
    ULONG_PTR cookie;
    BOOL found;

    if (context == INVALID_HANDLE_VALUE)
        return FALSE;
    ok(ActivateActCtx(context, &cookie), "activate\n");
    found = FindActCtxSectionStringA(0, NULL, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION,
                                     "sxslib.dll", &data);
    ok(DeactivateActCtx(0, cookie), "deactivate\n");
    ReleaseActCtx(context);
    return found;
}

static void write_text(const char *name, const char *text)
{
    FILE *f = fopen(name, "wb");

    ok(f && fputs(text, f) >= 0 && !fclose(f), "%s\n", name);
}

static UINT removes(int n)
{
    return install(n, "REMOVE=ALL");
}

static void it_is_found_as_long_as_a_product_has_it(void)
{
    char path[MAX_PATH] = "";
    DWORD size = sizeof(path);
    UINT err;

    ok(!is_found(), "it is there\n");
    err = install(0, "");
    ok(!err && is_found(), "install: %u\n", err);
    ok(MsiGetComponentPathA(code_of(0), "{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E3330}", path, &size) ==
               INSTALLSTATE_LOCAL &&
           strstr(path, "winsxs\\" ARCHITECTURE "_decanter.test.sxs_0123456789abcdef_1.2.3.4_"),
       "%s\n", path);
    err = install(1, "");
    ok(!err && is_found(), "install another: %u\n", err);
    err = removes(0);
    ok(!err && is_found(), "remove: %u\n", err);
    err = install(2, "FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE && is_found(), "one that fails: %u\n", err);
    err = removes(1);
    ok(!err && !is_found(), "remove the other: %u\n", err);
    err = install(2, "FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE && !is_found(), "one that fails alone: %u\n", err);
}

START_TEST(assemblies)
{
    wait_for_turn();
    package_more = add_component;
    make_all();
    for (int n = 0; n < PACKAGES; n++)
        give_code(n);
    write_text("src\\sxslib.dll", "lib");
    write_text("src\\sxslib.man", ASSEMBLY IDENTITY "<file name=\"sxslib.dll\"/></assembly>");
    write_text("user.manifest", ASSEMBLY "<dependency><dependentAssembly>" IDENTITY
                                         "</dependentAssembly></dependency></assembly>");
    RUN(it_is_found_as_long_as_a_product_has_it);
    remove_all();
}
