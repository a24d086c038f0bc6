/*
 * Standard actions of a session that change nothing on the machine: what they set and find.
 */
#include "package.h"

#include "registered.h"

static MSIHANDLE db, session;

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

static void act(const char *name)
{
    UINT err = MsiDoActionA(session, name);

    ok(!err, "%s: %u\n", name, err);
}

static void cost(void)
{
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
}

/* --- related products ---------------------------------------------------------------------------
 */

#define OLD     "{5A8C1D20-1111-2222-3333-5555555566A1}"
#define OTHER   "{5A8C1D20-1111-2222-3333-5555555566A2}"
#define UPGRADE "{5A8C1D20-1111-2222-3333-5555555566A3}"

#define UPGRADE_TABLE                                                                            \
    "CREATE TABLE `Upgrade` (`UpgradeCode` CHAR(38) NOT NULL, `VersionMin` CHAR(20), "           \
    "`VersionMax` CHAR(20), `Language` CHAR(255), `Attributes` LONG NOT NULL, `Remove` "         \
    "CHAR(255), "                                                                                \
    "`ActionProperty` CHAR(72) NOT NULL PRIMARY KEY `UpgradeCode`, `VersionMin`, `VersionMax`, " \
    "`Language`, `Attributes`)"
#define UPGRADE_ROW(min, max, language, attributes, property)                                 \
    "INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMin`, `VersionMax`, `Language`, "          \
    "`Attributes`, `ActionProperty`) VALUES ('" UPGRADE "', '" min "', '" max "', '" language \
    "', " attributes ", '" property "')"

static void make_related(const char *code, DWORD version, DWORD language)
{
    char packed[40];
    const char *key = packed_path(INSTALLER_CLASSES "Products\\", code, "");

    snprintf(packed, sizeof(packed), "%s", strrchr(key, '\\') + 1);
    register_product(code, "C:\\nofile.msi");
    put_value(key, "Version", REG_DWORD, &version, sizeof(version));
    put_value(key, "Language", REG_DWORD, &language, sizeof(language));
    put_text(packed_path(INSTALLER_CLASSES "UpgradeCodes\\", UPGRADE, ""), packed, "");
}

static void drop_related(void)
{
    unregister_product(OLD);
    unregister_product(OTHER);
    drop_tree(packed_path(INSTALLER_CLASSES "UpgradeCodes\\", UPGRADE, ""));
}

static void related_products_are_found(void)
{
    static const char *const more[] = {UPGRADE_TABLE,
                                       UPGRADE_ROW("1.0.0", "2.0.0", "", "0", "BOTHOUT"),
                                       UPGRADE_ROW("1.0.0", "2.0.0", "", "256", "MININ"),
                                       UPGRADE_ROW("1.0.0", "2.0.0", "", "512", "MAXIN"),
                                       UPGRADE_ROW("1.0.0", "2.0.0", "", "768", "BOTHIN"),
                                       UPGRADE_ROW("", "2.0.0.9", "1033", "512", "ENGLISH"),
                                       UPGRADE_ROW("", "2.0.0", "1033,1031", "1536", "NOTTHESE"),
                                       UPGRADE_ROW("2.0.1", "", "", "256", "NEWER"),
                                       NULL};

    make_related(OLD, 0x01000000, 1033);
    make_related(OTHER, 0x02000000, 1036);
    begin(more);
    act("FindRelatedProducts");
    ok(!strcmp(property("BOTHOUT"), ""), "neither end: %s\n", property("BOTHOUT"));
    differs("findrelatedproducts-action")
        ok(!strcmp(property("MININ"), OLD), "from: %s\n", property("MININ"));
    differs("findrelatedproducts-action")
        ok(!strcmp(property("MAXIN"), OTHER), "to: %s\n", property("MAXIN"));
    differs("findrelatedproducts-action")
        ok(strlen(property("BOTHIN")) == 77 && strchr(property("BOTHIN"), ';'), "both: %s\n",
           property("BOTHIN"));
    differs("findrelatedproducts-action")
        ok(!strcmp(property("ENGLISH"), OLD), "a language: %s\n", property("ENGLISH"));
    differs("findrelatedproducts-action")
        ok(!strcmp(property("NOTTHESE"), OTHER), "other languages: %s\n", property("NOTTHESE"));
    ok(!strcmp(property("NEWER"), ""), "newer: %s\n", property("NEWER"));
    end();
    begin(more);
    MsiSetPropertyA(session, "Installed", "1");
    act("FindRelatedProducts");
    ok(!strcmp(property("MININ"), ""), "in maintenance: %s\n", property("MININ"));
    end();
    drop_related();
}

static void a_sequence_looks_for_them_once(void)
{
    static const char *const more[] = {
        UPGRADE_TABLE,
        UPGRADE_ROW("1.0.0", "2.0.0", "", "256", "FOUND"),
        "CREATE TABLE `InstallUISequence` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), "
        "`Sequence` SHORT PRIMARY KEY `Action`)",
        "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('FindRelatedProducts', 1)",
        "CREATE TABLE `InstallExecuteSequence` (`Action` CHAR(72) NOT NULL, `Condition` CHAR(255), "
        "`Sequence` SHORT PRIMARY KEY `Action`)",
        "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES "
        "('FindRelatedProducts', 1)",
        NULL};

    make_related(OLD, 0x01000000, 1033);
    begin(more);
    ok(!MsiSequenceA(session, "InstallUISequence", 0), "interface\n");
    differs("findrelatedproducts-action")
        ok(!strcmp(property("FOUND"), OLD), "found: %s\n", property("FOUND"));
    ok(!MsiSequenceA(session, "InstallExecuteSequence", 0), "execution\n");
    differs("findrelatedproducts-action")
        ok(!strcmp(property("FOUND"), OLD), "again: %s\n", property("FOUND"));
    end();
    drop_related();
}

static int feature(const char *name)
{
    INSTALLSTATE installed = -9, action = -9;

    MsiGetFeatureStateA(session, name, &installed, &action);
    return (int)action;
}

#define FEATURE(name) \
    "INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('" name "', 1, 0)"

static void feature_states_are_taken_over(void)
{
    static const char *const more[] = {UPGRADE_TABLE,
                                       UPGRADE_ROW("1.0.0", "2.0.0", "", "257", "FOUND"),
                                       FEATURE("gone"), FEATURE("new"), NULL};
    const char *features, *parts;

    make_related(OLD, 0x01000000, 1033);
    features = packed_path(INSTALLER_CLASSES "Features\\", OLD, "");
    parts = packed_path(INSTALLER_DATA "Products\\", OLD, "\\Features");
    put_text(features, "feat", "");
    put_text(features, "gone", "\006");
    put_text(parts, "feat", "");
    put_text(parts, "gone", "\006");
    begin(more);
    act("FindRelatedProducts");
    cost();
    ok(feature("gone") == INSTALLSTATE_LOCAL, "before: %d\n", feature("gone"));
    differs("migratefeaturestates-action") act("MigrateFeatureStates");
    differs("migratefeaturestates-action")
        ok(feature("gone") == INSTALLSTATE_ABSENT, "not there: %d\n", feature("gone"));
    ok(feature("feat") == INSTALLSTATE_LOCAL, "there: %d\n", feature("feat"));
    ok(feature("new") == INSTALLSTATE_LOCAL, "unknown to it: %d\n", feature("new"));
    end();
    begin(more);
    MsiSetPropertyA(session, "ADDLOCAL", "gone");
    act("FindRelatedProducts");
    cost();
    differs("migratefeaturestates-action") act("MigrateFeatureStates");
    ok(feature("gone") == INSTALLSTATE_LOCAL, "what was asked for stays: %d\n", feature("gone"));
    end();
    drop_related();
    drop_tree(packed_path(INSTALLER_CLASSES "Features\\", OLD, ""));
}

/* --- qualifying products ------------------------------------------------------------------------
 */

#define CCP_TABLES                                                                                 \
    "CREATE TABLE `CCPSearch` (`Signature_` CHAR(72) NOT NULL PRIMARY KEY `Signature_`)",          \
        "CREATE TABLE `Signature` (`Signature` CHAR(72) NOT NULL, `FileName` CHAR(255) NOT NULL, " \
        "`MinVersion` CHAR(20), `MaxVersion` CHAR(20), `MinSize` LONG, `MaxSize` LONG, "           \
        "`MinDate` LONG, `MaxDate` LONG, `Languages` CHAR(255) PRIMARY KEY `Signature`)",          \
        "CREATE TABLE `DrLocator` (`Signature_` CHAR(72) NOT NULL, `Parent` CHAR(72), `Path` "     \
        "CHAR(255), `Depth` SHORT PRIMARY KEY `Signature_`, `Parent`, `Path`)"

static void qualifying_products_are_found(void)
{
    static const char *const more[] = {
        CCP_TABLES,
        "INSERT INTO `CCPSearch` (`Signature_`) VALUES ('missing')",
        "INSERT INTO `CCPSearch` (`Signature_`) VALUES ('there')",
        "INSERT INTO `DrLocator` (`Signature_`, `Path`) VALUES ('missing', 'C:\\nofolder')",
        "INSERT INTO `DrLocator` (`Signature_`, `Path`) VALUES ('there', 'C:\\windows')",
        NULL};

    begin(more);
    act("CCPSearch");
    ok(!strcmp(property("CCP_Success"), "1"), "found: '%s'\n", property("CCP_Success"));
    end();
    begin(NULL);
    act("CCPSearch");
    ok(!strcmp(property("CCP_Success"), ""), "without the table: '%s'\n", property("CCP_Success"));
    end();
}

static void qualifying_products_on_a_drive(void)
{
    static const char *const more[] = {
        CCP_TABLES, "INSERT INTO `CCPSearch` (`Signature_`) VALUES ('there')",
        "INSERT INTO `DrLocator` (`Signature_`, `Path`) VALUES ('there', '\\system32')", NULL};

    begin(more);
    act("RMCCPSearch");
    ok(!strcmp(property("CCP_Success"), ""), "no drive: '%s'\n", property("CCP_Success"));
    MsiSetPropertyA(session, "CCP_DRIVE", "C:\\nofolder");
    act("RMCCPSearch");
    ok(!strcmp(property("CCP_Success"), ""), "another: '%s'\n", property("CCP_Success"));
    MsiSetPropertyA(session, "CCP_DRIVE", "C:\\windows\\");
    act("RMCCPSearch");
    differs("rmccpsearch-action")
        ok(!strcmp(property("CCP_Success"), "1"), "found: '%s'\n", property("CCP_Success"));
    end();
}

/* --- what is only set ---------------------------------------------------------------------------
 */

static const char *validated(const char *mask, const char *key)
{
    MsiSetPropertyA(session, "ProductID", NULL);
    MsiSetPropertyA(session, "PIDTemplate", mask);
    MsiSetPropertyA(session, "PIDKEY", key);
    act("ValidateProductID");
    return property("ProductID");
}

static void product_identifiers(void)
{
    static const struct {
        const char *mask, *key, *want;
    } cases[] = {{"12345<###-%%%%%%%>67", "111-2222222", "12345-111-2222222-67"},
                 {"12345<###-%%%%%%%>67", "111-222222x", ""},
                 {"12345<###-%%%%%%%>67", "111-222222", ""},
                 {"12345<###-%%%%%%%>67", "111-22222222", ""},
                 {"12345<###-%%%%%%%>67", "1112222222", ""},
                 {"<&^?`>", "a1-x", "a1-x"},
                 {"<##=#>", "123-4", "123-4"},
                 {"###", "123", "123"},
                 {"<###", "123", ""},
                 {NULL, "123", ""},
                 {"###", NULL, ""}};

    begin(NULL);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        const char *id = validated(cases[i].mask, cases[i].key);

        differs("maskededit-control") ok(!strcmp(id, cases[i].want), "%u: %s\n", i, id);
    }
    MsiSetPropertyA(session, "ProductID", "mine");
    MsiSetPropertyA(session, "PIDTemplate", "###");
    MsiSetPropertyA(session, "PIDKEY", "123");
    act("ValidateProductID");
    ok(!strcmp(property("ProductID"), "mine"), "it was set: %s\n", property("ProductID"));
    end();
}

static void random_digits(void)
{
    const char *id;

    begin(NULL);
    id = validated("1<#>@@@", "2");
    differs("maskededit-control") ok(strlen(id) == 7 && !strncmp(id, "1-2-", 4), "%s\n", id);
    for (unsigned i = 4; i < 7 && strlen(id) == 7; i++)
        ok(id[i] >= '0' && id[i] <= '9', "%s\n", id);
    end();
}

static void modes_are_set(void)
{
    begin(NULL);
    ok(!MsiGetMode(session, MSIRUNMODE_REBOOTATEND), "no reboot\n");
    act("ScheduleReboot");
    ok(MsiGetMode(session, MSIRUNMODE_REBOOTATEND), "a reboot\n");
    ok(MsiGetMode(session, MSIRUNMODE_ROLLBACKENABLED), "rollback\n");
    act("DisableRollback");
    differs("disablerollback-action")
        ok(!MsiGetMode(session, MSIRUNMODE_ROLLBACKENABLED), "no rollback\n");
    differs("disablerollback-action")
        ok(!strcmp(property("RollbackDisabled"), "1"), "'%s'\n", property("RollbackDisabled"));
    end();
}

static void actions_with_nothing_to_do(void)
{
    static const char *const names[] = {
        "AllocateRegistrySpace", "IsolateComponents",   "SetODBCFolders",
        "MigrateFeatureStates",  "FindRelatedProducts", "CCPSearch",
        "RMCCPSearch",           "ValidateProductID",   "AppSearch",
        "LaunchConditions"};

    begin(NULL);
    cost();
    for (unsigned i = 0; i < ARRAYSIZE(names); i++)
        differs("standard-actions-reference") act(names[i]);
    end();
}

static void drivers_come_into_the_folder_of_those_there(void)
{
    static const char key[] = "SOFTWARE\\WOW6432Node\\ODBC\\ODBCINST.INI\\Tested Driver";
    static const char *const more[] = {
        "CREATE TABLE `ODBCDriver` (`Driver` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL, "
        "`Description` CHAR(255) NOT NULL, `File_` CHAR(72) NOT NULL, `File_Setup` CHAR(72) "
        "PRIMARY KEY `Driver`)",
        "INSERT INTO `ODBCDriver` (`Driver`, `Component_`, `Description`, `File_`) VALUES "
        "('driver', 'comp', 'Tested Driver', 'file1')",
        NULL};
    char path[MAX_PATH];
    DWORD size = sizeof(path);

    put_text(key, "Driver", "C:\\drivers\\old.dll");
    begin(more);
    cost();
    act("SetODBCFolders");
    ok(!MsiGetTargetPathA(session, "INSTALLDIR", path, &size), "path\n");
    differs("setodbcfolders-action") ok(!strcmp(path, "C:\\drivers\\"), "%s\n", path);
    end();
    drop_tree(key);
}

START_TEST(action)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(related_products_are_found);
    RUN(a_sequence_looks_for_them_once);
    RUN(feature_states_are_taken_over);
    RUN(qualifying_products_are_found);
    RUN(qualifying_products_on_a_drive);
    RUN(product_identifiers);
    RUN(random_digits);
    RUN(modes_are_set);
    RUN(actions_with_nothing_to_do);
    RUN(drivers_come_into_the_folder_of_those_there);
}
