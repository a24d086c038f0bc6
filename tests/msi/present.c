/*
 * Sessions on the package of a product that is there: what is installed, and what is decided then.
 */
#include "package.h"

#include "registered.h"

#define CODE   "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2A11}" /* of package.h */
#define COMP   "{B2D5D0A3-5C5C-4C5D-8B1A-2D2F7C7E1111}" /* its component */
#define ONLY   "{5A8C1D20-1111-2222-3333-5555555577A1}"
#define EITHER "{5A8C1D20-1111-2222-3333-5555555577A2}"
#define ABSENT "{5A8C1D20-1111-2222-3333-5555555577A3}"
#define OTHERS "{5A8C1D20-1111-2222-3333-5555555577A4}" /* another product */

static MSIHANDLE db, session;

#define COMPONENT(name, code, feature, attributes)                                                 \
    "INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`) VALUES "     \
    "('" name "', '" code "', 'INSTALLDIR', " attributes ")",                                      \
        "INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('" feature "', '" name \
        "')"

static void begin(void)
{
    static const char *const more[] = {
        "INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('never', 1, 0)",
        "INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('zero', 0, 0)",
        COMPONENT("only", ONLY, "feat", "1"),
        COMPONENT("either", EITHER, "feat", "2"),
        COMPONENT("nocode", "", "feat", "0"),
        COMPONENT("absent", ABSENT, "never", "0")};
    char handle[16];

    db = create(new_name());
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    for (unsigned i = 0; i < ARRAYSIZE(more); i++)
        must_run(db, more[i]);
    package_summary(db);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    snprintf(handle, sizeof(handle), "#%lu", (unsigned long)db);
    ok(!MsiOpenPackageA(handle, &session), "open\n");
}

static void end(void)
{
    MsiCloseHandle(session);
    MsiCloseHandle(db);
}

/* COMP local, ONLY and EITHER from the source. */
static void install(void)
{
    char codes[64];

    snprintf(codes, sizeof(codes), "%s", guid_in_85(COMP));
    strcat(codes, guid_in_85(ONLY));
    strcat(codes, guid_in_85(EITHER));
    register_product(CODE, "C:\\nofile.msi");
    register_feature(CODE, "feat", codes);
    put_text(packed_path(INSTALLER_CLASSES "Features\\", CODE, ""), "never", "\006");
    put_text(packed_path(INSTALLER_CLASSES "Features\\", CODE, ""), "zero", "");
    register_component(CODE, COMP, "C:\\folder\\file.txt");
    register_component(CODE, ONLY, "01\\folder\\file.txt");
    register_component(CODE, EITHER, "01\\folder\\file.txt");
}

static void uninstall(void)
{
    unregister_product(CODE);
    unregister_features(CODE);
    unregister_component(COMP);
    unregister_component(ONLY);
    unregister_component(EITHER);
}

static void cost(void)
{
    ok(!MsiDoActionA(session, "CostInitialize"), "CostInitialize\n");
    ok(!MsiDoActionA(session, "FileCost"), "FileCost\n");
    ok(!MsiDoActionA(session, "CostFinalize"), "CostFinalize\n");
}

/* "installed action" */
static const char *feature(const char *name)
{
    static char text[32];
    INSTALLSTATE installed = -9, action = -9;

    MsiGetFeatureStateA(session, name, &installed, &action);
    snprintf(text, sizeof(text), "%d %d", (int)installed, (int)action);
    return text;
}

static const char *component(const char *name)
{
    static char text[32];
    INSTALLSTATE installed = -9, action = -9;

    MsiGetComponentStateA(session, name, &installed, &action);
    snprintf(text, sizeof(text), "%d %d", (int)installed, (int)action);
    return text;
}

static const char *property(const char *name)
{
    static char text[64];
    DWORD size = sizeof(text);

    text[0] = 0;
    MsiGetPropertyA(session, name, text, &size);
    return text;
}

#define FEATURE_IS(name, want) ok(!strcmp(feature(name), want), "%s: %s\n", name, feature(name))
#define COMPONENT_IS(name, want) \
    ok(!strcmp(component(name), want), "%s: %s\n", name, component(name))

static void what_is_there_is_known(void)
{
    install();
    begin();
    cost();
    FEATURE_IS("feat", "4 -1");
    FEATURE_IS("never", "2 -1");
    FEATURE_IS("zero", "2 -1");
    COMPONENT_IS("comp", "3 3");
    COMPONENT_IS("only", "4 -1");
    COMPONENT_IS("either", "4 -1");
    COMPONENT_IS("absent", "2 -1");
    ok(MsiEvaluateConditionA(session, "!feat = 4 AND ?comp = 3 AND ?only = 4 AND !never = 2") ==
           MSICONDITION_TRUE,
       "conditions\n");
    end();
    uninstall();
}

static void source_over_source_is_no_action(void)
{
    install();
    begin();
    MsiSetPropertyA(session, "ADDSOURCE", "feat");
    cost();
    FEATURE_IS("feat", "4 4");
    COMPONENT_IS("comp", "3 3");
    COMPONENT_IS("only", "4 -1");
    COMPONENT_IS("either", "4 -1");
    end();
    begin();
    MsiSetPropertyA(session, "ADDLOCAL", "feat");
    cost();
    COMPONENT_IS("only", "4 4");
    COMPONENT_IS("either", "4 3");
    end();
    uninstall();
}

/* It is installed again when somebody wants it. */
static void what_is_advertised_goes(void)
{
    install();
    begin();
    MsiSetPropertyA(session, "ADVERTISE", "feat");
    cost();
    FEATURE_IS("feat", "4 1");
    differs("ADVERTISE") COMPONENT_IS("comp", "3 2");
    differs("ADVERTISE") COMPONENT_IS("only", "4 2");
    end();
    uninstall();
}

static INSTALLSTATE path_of(const char *component, char *path)
{
    DWORD size = MAX_PATH;

    path[0] = 0;
    return MsiGetComponentPathA(CODE, component, path, &size);
}

static void what_runs_from_its_source_is_found_there(void)
{
    char folder[MAX_PATH], want[MAX_PATH + 32], path[MAX_PATH];
    INSTALLSTATE state;
    FILE *f;

    install();
    GetCurrentDirectoryA(sizeof(folder), folder);
    register_source(CODE, folder, "package.msi");
    state = path_of(ONLY, path);
    differs("MsiGetComponentPath")
        ok(state == INSTALLSTATE_SOURCEABSENT, "without the file: %d\n", state);
    CreateDirectoryA("folder", NULL);
    f = fopen("folder\\file.txt", "wb");
    ok(f != NULL, "no file\n");
    if (f)
        fclose(f);
    state = path_of(ONLY, path);
    snprintf(want, sizeof(want), "%s\\folder\\file.txt", folder);
    differs("MsiGetComponentPath")
        ok(state == INSTALLSTATE_SOURCE && !strcmp(path, want), "%d, %s\n", state, path);
    DeleteFileA("folder\\file.txt");
    RemoveDirectoryA("folder");
    uninstall();
}

static void formats_to(const char *template, const char *want)
{
    MSIHANDLE rec = MsiCreateRecord(0);
    char text[MAX_PATH] = "";
    DWORD size = sizeof(text);

    MsiRecordSetStringA(rec, 0, template);
    MsiFormatRecordA(session, rec, text, &size);
    ok(!strcmp(text, want), "%s is %s\n", template, text);
    MsiCloseHandle(rec);
}

/* As programs are called that are about to be removed. */
static void a_file_that_goes_has_a_path_still(void)
{
    char path[MAX_PATH];

    install();
    begin();
    MsiSetPropertyA(session, "REMOVE", "ALL");
    cost();
    COMPONENT_IS("comp", "3 2");
    snprintf(path, sizeof(path), "%slong name.txt", property("INSTALLDIR"));
    differs("formatted") formats_to("[#file1]", path);
    formats_to("[$comp]", "");
    end();
    uninstall();
}

static void what_is_removed(void)
{
    install();
    register_component(OTHERS, ONLY, "01\\folder\\file.txt");
    begin();
    MsiSetPropertyA(session, "REMOVE", "ALL");
    cost();
    FEATURE_IS("feat", "4 2");
    COMPONENT_IS("comp", "3 2");
    COMPONENT_IS("either", "4 2");
    COMPONENT_IS("only", "4 -1");
    COMPONENT_IS("absent", "2 -1");
    COMPONENT_IS("nocode", "-1 -1");
    end();
    uninstall();
}

static void after_it_was_removed(void)
{
    install();
    uninstall();
    begin();
    cost();
    FEATURE_IS("feat", "2 3");
    COMPONENT_IS("comp", "2 3");
    COMPONENT_IS("nocode", "-1 3");
    end();
}

static void properties_say_that_it_is_there(void)
{
    begin();
    ok(!strcmp(property("ProductToBeRegistered"), ""), "not yet\n");
    ok(!strcmp(property("ProductState"), "-1"), "%s\n", property("ProductState"));
    ok(!strcmp(property("Installed"), ""), "%s\n", property("Installed"));
    ok(!MsiGetMode(session, MSIRUNMODE_MAINTENANCE), "maintenance\n");
    end();
    install();
    begin();
    ok(!strcmp(property("ProductToBeRegistered"), "1"), "%s\n", property("ProductToBeRegistered"));
    ok(!strcmp(property("ProductState"), "5"), "%s\n", property("ProductState"));
    ok(property("Installed")[0] != 0, "Installed\n");
    ok(MsiGetMode(session, MSIRUNMODE_MAINTENANCE), "maintenance\n");
    end();
    uninstall();
}

static void lists_of_components_and_files(void)
{
    begin();
    MsiSetPropertyA(session, "COMPADDLOCAL", COMP);
    cost();
    FEATURE_IS("feat", "2 3");
    FEATURE_IS("never", "2 -1");
    end();
    begin();
    MsiSetPropertyA(session, "FILEADDSOURCE", "file1");
    cost();
    FEATURE_IS("feat", "2 4");
    end();
    begin();
    MsiSetPropertyA(session, "ADDDEFAULT", "never");
    cost();
    FEATURE_IS("never", "2 3");
    FEATURE_IS("feat", "2 -1");
    end();
    begin();
    MsiSetPropertyA(session, "REINSTALL", "ALL");
    cost();
    FEATURE_IS("feat", "2 -1");
    end();
    install();
    begin();
    MsiSetPropertyA(session, "REINSTALL", "ALL");
    cost();
    FEATURE_IS("feat", "4 4");
    FEATURE_IS("never", "2 -1");
    end();
    uninstall();
}

START_TEST(present)
{
    test_dll("msi");
    wait_for_turn();
    CoInitialize(NULL);
    if (test_builtin_dlls) {
        win_skip("another DLL wants more of the registry to see a product\n");
        return;
    }
    RUN(what_is_there_is_known);
    RUN(source_over_source_is_no_action);
    RUN(what_is_advertised_goes);
    RUN(what_runs_from_its_source_is_found_there);
    RUN(what_is_removed);
    RUN(a_file_that_goes_has_a_path_still);
    RUN(after_it_was_removed);
    RUN(properties_say_that_it_is_there);
    RUN(lists_of_components_and_files);
}
