/*
 * What a session decides and finds: which features and components are installed, what AppSearch
 * finds, the messages of actions, and where folders are.
 */
#include "package.h"

static MSIHANDLE db, session;

/* A session on a package's open database, which is always ours. */
static void begin(const char *const *more)
{
    char handle[16];

    db = create(new_name());
    for (unsigned i = 0; i < ARRAYSIZE(package_tables); i++)
        must_run(db, package_tables[i]);
    while (more && *more)
        must_run(db, *more++);
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

static void cost(void)
{
    ok(!MsiDoActionA(session, "CostInitialize"), "CostInitialize\n");
    ok(!MsiDoActionA(session, "FileCost"), "FileCost\n");
    ok(!MsiDoActionA(session, "CostFinalize"), "CostFinalize\n");
}

static const char *property(const char *name)
{
    static char texts[4][256];
    static unsigned n;
    char *text = texts[n++ % 4];
    DWORD size = sizeof(texts[0]);

    text[0] = 0;
    MsiGetPropertyA(session, name, text, &size);
    return text;
}

static int feature(const char *name)
{
    INSTALLSTATE installed = -9, action = -9;

    MsiGetFeatureStateA(session, name, &installed, &action);
    return (int)action;
}

static int component(const char *name, int *installed)
{
    INSTALLSTATE there = -9, action = -9;

    MsiGetComponentStateA(session, name, &there, &action);
    if (installed)
        *installed = (int)there;
    return (int)action;
}

#define FEATURE(name, parent, level, attributes)                                                \
    "INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES ('" name \
    "', '" parent "', " level ", " attributes ")"

/* --- features -----------------------------------------------------------------------------------
 */

static void lists_have_an_order(void)
{
    static const char *const more[] = {FEATURE("one", "", "1", "0"), FEATURE("two", "", "1", "0"),
                                       NULL};

    begin(more);
    MsiSetPropertyA(session, "REMOVE", "one");
    MsiSetPropertyA(session, "ADDSOURCE", "one");
    MsiSetPropertyA(session, "ADDLOCAL", "two,one");
    cost();
    ok(feature("one") == INSTALLSTATE_SOURCE, "a later list wins: %d\n", feature("one"));
    ok(feature("two") == INSTALLSTATE_LOCAL, "two %d\n", feature("two"));
    ok(feature("feat") == INSTALLSTATE_UNKNOWN, "not named: %d\n", feature("feat"));
    ok(!strcmp(property("Preselected"), "1"), "Preselected '%s'\n", property("Preselected"));
    end();
}

static void a_feature_brings_its_parents(void)
{
    static const char *const more[] = {
        FEATURE("top", "", "1", "0"), FEATURE("mid", "top", "1", "0"),
        FEATURE("leaf", "mid", "1", "0"), FEATURE("off", "top", "0", "0"), NULL};

    begin(more);
    MsiSetPropertyA(session, "ADDLOCAL", "leaf,off");
    cost();
    differs("addlocal") ok(feature("top") == INSTALLSTATE_LOCAL, "top %d\n", feature("top"));
    differs("addlocal") ok(feature("mid") == INSTALLSTATE_LOCAL, "mid %d\n", feature("mid"));
    ok(feature("off") == INSTALLSTATE_UNKNOWN, "level 0: %d\n", feature("off"));
    end();
}

/* It is deeper than the sixteen features that there may be above one another: error 2701. */
static void a_ring_of_parents_is_an_error(void)
{
    static const char *const more[] = {FEATURE("a", "b", "1", "2"), FEATURE("b", "a", "1", "2"),
                                       NULL};

    begin(more);
    differs("feature-table")
        ok(MsiDoActionA(session, "CostInitialize") == ERROR_INSTALL_FAILURE, "CostInitialize\n");
    end();
}

static void a_property_without_a_name_is_not_set(void)
{
    static const char *const more[] = {
        "CREATE TABLE `CustomAction` (`Action` CHAR(72) NOT NULL, `Type` SHORT NOT NULL, `Source` "
        "CHAR(72), `Target` CHAR(255) PRIMARY KEY `Action`)",
        "INSERT INTO `CustomAction` (`Action`, `Type`, `Target`) VALUES ('set', 51, 'x')", NULL};

    begin(more);
    ok(!MsiDoActionA(session, "set"), "set\n");
    ok(!*property(""), "'%s'\n", property(""));
    end();
}

static void a_disabled_component_cannot_be_set(void)
{
    static const char *const more[] = {
        "UPDATE `Component` SET `Condition` = '0' WHERE `Component` = 'comp'", NULL};
    int installed = 0;

    begin(more);
    cost();
    ok(!MsiSetComponentStateA(session, "comp", INSTALLSTATE_LOCAL), "set\n");
    ok(component("comp", &installed) == INSTALLSTATE_UNKNOWN && installed == INSTALLSTATE_UNKNOWN,
       "state %d\n", component("comp", NULL));
    end();
}

static void conditions_change_levels(void)
{
    static const char *const more[] = {
        FEATURE("core", "", "1", "0"),
        FEATURE("child", "core", "1", "0"),
        FEATURE("extra", "", "7", "0"),
        "CREATE TABLE `Condition` (`Feature_` CHAR(38) NOT NULL, `Level` SHORT NOT NULL, "
        "`Condition` CHAR(255) PRIMARY KEY `Feature_`, `Level`)",
        "INSERT INTO `Condition` (`Feature_`, `Level`, `Condition`) VALUES ('core', 0, 'SKIP = 1')",
        "INSERT INTO `Condition` (`Feature_`, `Level`, `Condition`) VALUES ('extra', 1, 'SKIP')",
        NULL};

    begin(more);
    MsiSetPropertyA(session, "SKIP", "1");
    cost();
    ok(feature("core") == INSTALLSTATE_UNKNOWN, "disabled: %d\n", feature("core"));
    ok(feature("child") == INSTALLSTATE_UNKNOWN, "below it: %d\n", feature("child"));
    ok(feature("extra") == INSTALLSTATE_LOCAL, "enabled: %d\n", feature("extra"));
    end();
}

/* --- components ---------------------------------------------------------------------------------
 */

#define COMPONENT(name, guid, attributes)                                                      \
    "INSERT INTO `Component` (`Component`, `ComponentId`, `Directory_`, `Attributes`) VALUES " \
    "('" name "', '" guid "', 'TARGETDIR', " attributes ")",                                   \
        "INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('source', '" name "')"

static void what_runs_from_its_source(void)
{
    static const char *const more[] = {
        FEATURE("source", "", "1", "1"),
        COMPONENT("local", "", "0"),
        COMPONENT("only", "", "1"),
        COMPONENT("either", "", "2"),
        "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Attributes`, "
        "`Sequence`) VALUES ('f2', 'only', 'f2', 1, 8192, 2)",
        NULL};
    int installed;

    begin(more);
    cost();
    ok(feature("source") == INSTALLSTATE_SOURCE, "feature %d\n", feature("source"));
    ok(component("local", &installed) == INSTALLSTATE_LOCAL, "local\n");
    differs("component-table")
        ok(installed == INSTALLSTATE_UNKNOWN, "without a code: %d\n", installed);
    ok(component("only", NULL) == INSTALLSTATE_SOURCE, "only %d\n", component("only", NULL));
    ok(component("either", NULL) == INSTALLSTATE_SOURCE, "either %d\n", component("either", NULL));
    end();
}

static void what_is_compressed_comes_to_the_disk(void)
{
    static const char *const more[] = {
        FEATURE("source", "", "1", "1"), COMPONENT("only", "", "1"),
        "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Attributes`, "
        "`Sequence`) VALUES ('f2', 'only', 'f2', 1, 16384, 2)",
        NULL};

    begin(more);
    cost();
    differs("file-table")
        ok(feature("source") == INSTALLSTATE_LOCAL, "feature %d\n", feature("source"));
    differs("file-table") ok(component("only", NULL) == INSTALLSTATE_LOCAL, "component %d\n",
                             component("only", NULL));
    end();
}

/* --- AppSearch ----------------------------------------------------------------------------------
 */

#ifdef _WIN64
#define SEARCHED "Software\\Decanter Search 64"
#else
#define SEARCHED "Software\\Decanter Search 32"
#endif

static const char *const search_tables[] = {
    "CREATE TABLE `AppSearch` (`Property` CHAR(72) NOT NULL, `Signature_` CHAR(72) NOT NULL "
    "PRIMARY KEY `Property`, `Signature_`)",
    "CREATE TABLE `RegLocator` (`Signature_` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` "
    "CHAR(255) NOT NULL, `Name` CHAR(255), `Type` SHORT PRIMARY KEY `Signature_`)",
    "CREATE TABLE `Signature` (`Signature` CHAR(72) NOT NULL, `FileName` CHAR(255) NOT NULL, "
    "`MinVersion` CHAR(20), `MaxVersion` CHAR(20), `MinSize` LONG, `MaxSize` LONG, `MinDate` LONG, "
    "`MaxDate` LONG, `Languages` CHAR(255) PRIMARY KEY `Signature`)",
    "CREATE TABLE `DrLocator` (`Signature_` CHAR(72) NOT NULL, `Parent` CHAR(72), `Path` "
    "CHAR(255), `Depth` SHORT PRIMARY KEY `Signature_`, `Parent`, `Path`)",
    NULL};

static void look_for(const char *name, const char *value, int type)
{
    char query[300];

    snprintf(query, sizeof(query),
             "INSERT INTO `AppSearch` (`Property`, `Signature_`) VALUES ('%s', 'S%s')", name, name);
    must_run(db, query);
    snprintf(query, sizeof(query),
             "INSERT INTO `RegLocator` (`Signature_`, `Root`, `Key`, `Name`, `Type`) VALUES "
             "('S%s', 1, '" SEARCHED "', '%s', %d)",
             name, value, type);
    must_run(db, query);
}

static void values_of_the_registry_are_found(void)
{
    static const BYTE bytes[] = {0xab, 0xcd, 0x12};
    DWORD number = (DWORD)-7;
    HKEY key;

    ok(!RegCreateKeyExA(HKEY_CURRENT_USER, SEARCHED, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL),
       "key\n");
    RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"tea", 4);
    RegSetValueExA(key, "hash", 0, REG_SZ, (const BYTE *)"#tea", 5);
    RegSetValueExA(key, "number", 0, REG_DWORD, (const BYTE *)&number, 4);
    RegSetValueExA(key, "bytes", 0, REG_BINARY, bytes, sizeof(bytes));
    RegSetValueExA(key, "folder", 0, REG_SZ, (const BYTE *)"C:\\windows", 11);
    RegSetValueExA(key, "file", 0, REG_SZ, (const BYTE *)"C:\\windows\\nothing.txt", 23);
    begin(search_tables);
    look_for("TEXT", "text", 2);
    look_for("HASH", "hash", 2);
    look_for("NUMBER", "number", 2);
    look_for("BYTES", "bytes", 2);
    look_for("FOLDER", "folder", 0);
    look_for("FILE", "file", 1);
    look_for("GONE", "gone", 2);
    MsiSetPropertyA(session, "GONE", "kept");
    ok(!MsiDoActionA(session, "AppSearch"), "AppSearch\n");
    ok(!strcmp(property("TEXT"), "tea"), "text '%s'\n", property("TEXT"));
    ok(!strcmp(property("HASH"), "##tea"), "hash '%s'\n", property("HASH"));
    ok(!strcmp(property("NUMBER"), "#-7"), "number '%s'\n", property("NUMBER"));
    ok(!strcmp(property("BYTES"), "#xABCD12"), "bytes '%s'\n", property("BYTES"));
    ok(!strcmp(property("FOLDER"), "C:\\windows\\"), "folder '%s'\n", property("FOLDER"));
    ok(!strcmp(property("FILE"), "C:\\windows\\"), "folder of a file '%s'\n", property("FILE"));
    ok(!strcmp(property("GONE"), "kept"), "not found '%s'\n", property("GONE"));
    end();
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_CURRENT_USER, SEARCHED);
}

static void folders_of_drives_are_found(void)
{
    begin(search_tables);
    must_run(db, "INSERT INTO `AppSearch` (`Property`, `Signature_`) VALUES ('WIN', 'W')");
    must_run(db, "INSERT INTO `AppSearch` (`Property`, `Signature_`) VALUES ('DLL', 'D')");
    must_run(db, "INSERT INTO `DrLocator` (`Signature_`, `Path`) VALUES ('W', 'C:\\windows')");
    must_run(db, "INSERT INTO `DrLocator` (`Signature_`, `Parent`, `Path`, `Depth`) VALUES "
                 "('D', 'W', '', 1)");
    must_run(db, "INSERT INTO `Signature` (`Signature`, `FileName`) VALUES ('D', "
                 "'KERNEL32.DLL|kernel32.dll')");
    ok(!MsiDoActionA(session, "AppSearch"), "AppSearch\n");
    ok(!strcmp(property("WIN"), "C:\\windows\\"), "folder '%s'\n", property("WIN"));
    ok(strstr(property("DLL"), "\\kernel32.dll") != NULL, "file '%s'\n", property("DLL"));
    end();
}

/* --- actions ------------------------------------------------------------------------------------
 */

static char told[512];

static INT CALLBACK note(void *context, UINT type, MSIHANDLE record)
{
    char text[64] = "";
    DWORD size = sizeof(text);
    size_t n = strlen(told);

    (void)context;
    if (record)
        MsiRecordGetStringA(record, 1, text, &size);
    snprintf(told + n, sizeof(told) - n, "%x:%s:%d ", type >> 24, text,
             record ? MsiRecordGetInteger(record, 2) : -1);
    return 0;
}

static void actions_are_told_of(void)
{
    INSTALLUI_HANDLER_RECORD before;

    begin(NULL);
    MsiSetExternalUIRecord(note, INSTALLLOGMODE_ACTIONSTART | INSTALLLOGMODE_INFO, NULL, &before);
    told[0] = 0;
    ok(!MsiDoActionA(session, "CostInitialize"), "do\n");
    ok(!strcmp(told, "8:CostInitialize:-2147483648 4:CostInitialize:-2147483648 "
                     "4:CostInitialize:1 "),
       "%s\n", told);
    told[0] = 0;
    ok(MsiDoActionA(session, "Nobody") == ERROR_FUNCTION_NOT_CALLED, "nobody's\n");
    ok(!strcmp(told, "8:Nobody:-2147483648 4:Nobody:1 4:Nobody:0 "), "%s\n", told);
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
    end();
}

static void opening_and_closing_are_told_of(void)
{
    INSTALLUI_HANDLER_RECORD before;
    MSIHANDLE none;

    MsiSetExternalUIRecord(note, INSTALLLOGMODE_INITIALIZE | INSTALLLOGMODE_TERMINATE, NULL,
                           &before);
    told[0] = 0;
    begin(NULL);
    ok(!strcmp(told, "c::-1 "), "opened: %s\n", told);
    end();
    ok(!strcmp(told, "c::-1 d::-1 "), "closed: %s\n", told);
    told[0] = 0;
    ok(MsiOpenPackageA("is not there.msi", &none) == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(!strcmp(told, "c::-1 d::-1 "), "in vain: %s\n", told);
    MsiSetExternalUIRecord(NULL, 0, NULL, NULL);
}

static void a_launch_condition_that_is_none(void)
{
    static const char *const more[] = {
        "CREATE TABLE `LaunchCondition` (`Condition` CHAR(255) NOT NULL, `Description` CHAR(255) "
        "NOT NULL PRIMARY KEY `Condition`)",
        "INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('A == \"x\"', 'text')",
        NULL};

    begin(more);
    differs("LaunchConditions")
        ok(!MsiDoActionA(session, "LaunchConditions"), "it is passed over\n");
    must_run(db, "INSERT INTO `LaunchCondition` (`Condition`, `Description`) VALUES ('0', 'text')");
    ok(MsiDoActionA(session, "LaunchConditions") == ERROR_INSTALL_FAILURE, "a false one is not\n");
    end();
}

static void costs_are_asked_after_validation(void)
{
    char drive[8];
    DWORD size = sizeof(drive);
    INT bytes, temp;

    begin(NULL);
    differs("MsiEnumComponentCostsA, return value")
        ok(MsiEnumComponentCostsA(session, "comp", 0, INSTALLSTATE_LOCAL, drive, &size, &bytes,
                                  &temp) == ERROR_INVALID_HANDLE_STATE,
           "before costing\n");
    cost();
    differs("MsiEnumComponentCosts")
        ok(MsiEnumComponentCostsA(session, "comp", 0, INSTALLSTATE_LOCAL, drive, &size, &bytes,
                                  &temp) == ERROR_FUNCTION_NOT_CALLED,
           "before InstallValidate\n");
    ok(!MsiDoActionA(session, "InstallValidate"), "InstallValidate\n");
    size = sizeof(drive);
    ok(!MsiEnumComponentCostsA(session, "comp", 0, INSTALLSTATE_LOCAL, drive, &size, &bytes, &temp),
       "after it\n");
    end();
}

/* --- folders ------------------------------------------------------------------------------------
 */

static void a_target_is_put_in_order(void)
{
    char path[64];
    DWORD size = sizeof(path);

    begin(NULL);
    cost();
    ok(!MsiSetTargetPathA(session, "INSTALLDIR", "C:\\\\data\\\\  new "), "set\n");
    ok(!MsiGetTargetPathA(session, "INSTALLDIR", path, &size), "get\n");
    differs("MsiSetTargetPath") ok(!strcmp(path, "C:\\data\\new\\"), "'%s'\n", path);
    end();
}

static void a_source_that_is_asked_for_is_resolved(void)
{
    char path[MAX_PATH];
    DWORD size = sizeof(path);

    begin(NULL);
    ok(!property("SourceDir")[0], "before\n");
    ok(!MsiDoActionA(session, "CostInitialize"), "CostInitialize\n");
    ok(MsiGetSourcePathA(session, "SOURCEDIR", path, &size) == ERROR_DIRECTORY, "no folder\n");
    ok(!property("SourceDir")[0], "still not\n");
    size = sizeof(path);
    ok(!MsiGetSourcePathA(session, "TARGETDIR", path, &size), "the root\n");
    ok(!strcmp(property("SourceDir"), path), "'%s'\n", property("SourceDir"));
    ok(!strcmp(property("SOURCEDIR"), path), "'%s'\n", property("SOURCEDIR"));
    end();
}

static void a_feature_is_described_before_costing(void)
{
    DWORD attributes = 0, size = 32;
    char title[32];

    begin(NULL);
    ok(!MsiGetFeatureInfoA(session, "feat", &attributes, title, &size, NULL, NULL), "info\n");
    ok(attributes == INSTALLFEATUREATTRIBUTE_FAVORLOCAL && !strcmp(title, "Feature title"),
       "%lx %s\n", attributes, title);
    ok(MsiGetFeatureInfoA(session, "", &attributes, NULL, NULL, NULL, NULL) ==
           ERROR_UNKNOWN_FEATURE,
       "no name\n");
    end();
}

START_TEST(decide)
{
    test_dll("msi");
    RUN(lists_have_an_order);
    RUN(a_feature_brings_its_parents);
    RUN(a_ring_of_parents_is_an_error);
    RUN(a_property_without_a_name_is_not_set);
    RUN(a_disabled_component_cannot_be_set);
    RUN(conditions_change_levels);
    RUN(what_runs_from_its_source);
    RUN(what_is_compressed_comes_to_the_disk);
    RUN(values_of_the_registry_are_found);
    RUN(folders_of_drives_are_found);
    RUN(actions_are_told_of);
    RUN(opening_and_closing_are_told_of);
    RUN(a_launch_condition_that_is_none);
    RUN(costs_are_asked_after_validation);
    RUN(a_target_is_put_in_order);
    RUN(a_source_that_is_asked_for_is_resolved);
    RUN(a_feature_is_described_before_costing);
}
