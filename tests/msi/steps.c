/*
 * Single actions, by MsiDoAction, in a session that the program opened itself.
 */
#include "part.h"

enum { IN_SCRIPT = 1024, ROLLBACK = 256, COMMIT = 512, CONT = 64 };

EMBED_PART("action");

#define KEY "Software\\Decanter Steps"

static const char *const more_tables[] = {
    "CREATE TABLE `Registry` (`Registry` CHAR(72) NOT NULL, `Root` SHORT NOT NULL, `Key` CHAR(255) "
    "NOT NULL, `Name` CHAR(255), `Value` CHAR(0), `Component_` CHAR(72) NOT NULL PRIMARY KEY "
    "`Registry`)",
    "INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Value`, `Component_`) VALUES "
    "('r', 1, 'Software\\Decanter Steps', 'n', 'v', 'comp')",
    "CREATE TABLE `CreateFolder` (`Directory_` CHAR(72) NOT NULL, `Component_` CHAR(72) NOT NULL "
    "PRIMARY KEY `Directory_`, `Component_`)",
    "INSERT INTO `CreateFolder` (`Directory_`, `Component_`) VALUES ('MADE', 'comp')",
    "INSERT INTO `Directory` (`Directory`, `Directory_Parent`, `DefaultDir`) VALUES ('MADE', "
    "'INSTALLDIR', 'made')",
};

static MSIHANDLE begin_steps(const char *package)
{
    MSIHANDLE db = begin_package(package);

    for (unsigned i = 0; i < ARRAYSIZE(more_tables); i++)
        must_run(db, more_tables[i]);
    add_part(db);
    return db;
}

static UINT step(MSIHANDLE session, const char *action)
{
    return MsiDoActionA(session, action);
}

#define STEP(action)                                                    \
    do {                                                                \
        UINT step_err = step(session, action);                          \
                                                                        \
        ok(!step_err, "line %d: %s: %u\n", __LINE__, action, step_err); \
    } while (0)

static MSIHANDLE open_it(const char *package)
{
    MSIHANDLE session = 0;
    UINT err = MsiOpenPackageA(package, &session);

    ok(!err, "open: %u\n", err);
    ok(!MsiSetPropertyA(session, "INSTALLDIR", actions_target), "set\n");
    return session;
}

static MSIHANDLE open_costed(const char *package)
{
    MSIHANDLE session = open_it(package);

    STEP("CostInitialize");
    STEP("FileCost");
    STEP("CostFinalize");
    return session;
}

static const char *small_package(void)
{
    const char *package = new_name();

    end_package(begin_steps(package));
    return package;
}

static BOOL value_is_there(void)
{
    HKEY key;
    LONG err = RegOpenKeyExA(HKEY_CURRENT_USER, KEY, 0, KEY_READ, &key);

    if (!err) {
        err = RegQueryValueExA(key, "n", NULL, NULL, NULL, NULL);
        RegCloseKey(key);
    }
    return !err;
}

static BOOL folder_is_there(void)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\made", actions_target);
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

static void tidy(void)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof(path), "%s\\long name.txt", actions_target);
    DeleteFileA(path);
    snprintf(path, sizeof(path), "%s\\made", actions_target);
    RemoveDirectoryA(path);
    RemoveDirectoryA(actions_target);
    RegDeleteKeyA(HKEY_CURRENT_USER, KEY);
}

/* --- operations ---------------------------------------------------------------------------------
 */

static void actions_plan_and_the_end_does_it(void)
{
    MSIHANDLE session = open_costed(small_package());

    STEP("InstallValidate");
    ok(!MsiGetMode(session, MSIRUNMODE_OPERATIONS), "operations before\n");
    STEP("InstallInitialize");
    differs("msigetmode") ok(MsiGetMode(session, MSIRUNMODE_OPERATIONS), "no operations\n");
    STEP("InstallFiles");
    STEP("WriteRegistryValues");
    STEP("CreateFolders");
    ok(!is_there() && !value_is_there() && !folder_is_there(), "done before the end\n");
    STEP("InstallFinalize");
    ok(!MsiGetMode(session, MSIRUNMODE_OPERATIONS), "operations after\n");
    ok(is_there() && value_is_there() && folder_is_there(), "not done: %d %d %d\n", is_there(),
       value_is_there(), folder_is_there());
    MsiCloseHandle(session);
    ok(is_there() && value_is_there() && folder_is_there(), "undone by closing\n");
    tidy();
}

/* No InstallInitialize was before. */
static void an_action_alone_waits_for_the_end(void)
{
    MSIHANDLE session = open_costed(small_package());

    STEP("WriteRegistryValues");
    ok(!value_is_there(), "done at once\n");
    STEP("InstallExecute");
    ok(value_is_there(), "not done\n");
    STEP("CreateFolders");
    ok(!folder_is_there(), "done at once\n");
    STEP("InstallFinalize");
    ok(folder_is_there(), "not done\n");
    STEP("InstallFinalize");
    MsiCloseHandle(session);
    ok(value_is_there() && folder_is_there(), "undone by closing\n");
    tidy();
}

static void what_is_not_committed_is_undone_by_closing(void)
{
    MSIHANDLE session = open_costed(small_package());

    STEP("InstallInitialize");
    STEP("WriteRegistryValues");
    STEP("InstallFiles");
    STEP("InstallExecute");
    ok(value_is_there() && is_there(), "not done\n");
    STEP("CreateFolders");
    MsiCloseHandle(session);
    differs("rollback-installation") ok(!value_is_there() && !is_there(), "not undone\n");
    ok(!folder_is_there(), "done\n");
    tidy();
}

static void a_product_comes_and_goes_by_steps(void)
{
    static const char *const comes[] = {"InstallInitialize", "ProcessComponents", "InstallFiles",
                                        "RegisterProduct",   "PublishFeatures",   "PublishProduct"};
    static const char *const goes[] = {
        "InstallInitialize", "ProcessComponents", "UnpublishFeatures", "RemoveFiles",
        "RegisterProduct",   "PublishFeatures",   "PublishProduct"};
    const char *package = small_package();
    MSIHANDLE session = open_costed(package);
    INSTALLSTATE state;

    for (unsigned i = 0; i < ARRAYSIZE(comes); i++)
        STEP(comes[i]);
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "registered before the end\n");
    STEP("InstallFinalize");
    MsiCloseHandle(session);
    ok(is_there(), "no file\n");
    state = MsiQueryProductStateA(CODE);
    ok(state == INSTALLSTATE_DEFAULT, "state %d\n", state);

    session = open_it(package);
    ok(!MsiSetPropertyA(session, "REMOVE", "ALL"), "remove\n");
    STEP("CostInitialize");
    STEP("FileCost");
    STEP("CostFinalize");
    STEP("InstallValidate");
    for (unsigned i = 0; i < ARRAYSIZE(goes); i++)
        STEP(goes[i]);
    ok(is_there(), "gone before the end\n");
    STEP("InstallFinalize");
    MsiCloseHandle(session);
    ok(!is_there(), "the file is there\n");
    state = MsiQueryProductStateA(CODE);
    ok(state == INSTALLSTATE_UNKNOWN, "state %d\n", state);
    tidy();
}

/* A component that is to go by MsiSetComponentState. */
static void files_go_when_the_script_runs(void)
{
    const char *package = small_package();
    MSIHANDLE session;
    UINT err = install(package, "");

    ok(!err, "install: %u\n", err);
    session = open_costed(package);
    ok(!MsiSetComponentStateA(session, "comp", INSTALLSTATE_ABSENT), "set\n");
    STEP("InstallValidate");
    STEP("RemoveFiles");
    ok(is_there(), "gone at once\n");
    STEP("InstallFinalize");
    differs("removefiles-action") ok(!is_there(), "still there\n");
    MsiCloseHandle(session);
    MsiInstallProductA(package, "REMOVE=ALL");
    tidy();
}

static void an_end_that_fails_leaves_nothing(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_steps(package), session;

    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    add_action(db, "LATE", 50 + IN_SCRIPT, "CMD", "/c exit 7", 4010);
    end_package(db);
    session = open_costed(package);
    STEP("InstallInitialize");
    STEP("WriteRegistryValues");
    STEP("InstallFiles");
    STEP("LATE");
    differs("msidoaction")
        ok(step(session, "InstallFinalize") == ERROR_INSTALL_FAILURE, "no failure\n");
    differs("rollback-installation") ok(!value_is_there() && !is_there(), "something stays\n");
    STEP("InstallInitialize");
    STEP("WriteRegistryValues");
    STEP("InstallFinalize");
    ok(value_is_there(), "nothing after a failure\n");
    MsiCloseHandle(session);
    tidy();
}

static void nothing_is_planned_before_costing(void)
{
    MSIHANDLE session = open_it(small_package());

    differs("costfinalize-action")
        ok(step(session, "RegisterProduct") == ERROR_INSTALL_FAILURE, "RegisterProduct\n");
    differs("costfinalize-action")
        ok(step(session, "InstallInitialize") == ERROR_INSTALL_FAILURE, "begins\n");
    differs("costfinalize-action")
        ok(step(session, "InstallFinalize") == ERROR_INSTALL_FAILURE, "ends\n");
    MsiCloseHandle(session);
    ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_UNKNOWN, "registered\n");
}

/* --- custom actions -----------------------------------------------------------------------------
 */

static MSIHANDLE hear(void)
{
    actions_said[0] = 0;
    MsiSetExternalUIA(actions_hear,
                      INSTALLLOGMODE_INFO | INSTALLLOGMODE_ERROR | INSTALLLOGMODE_FATALEXIT, NULL);
    return 0;
}

static void libraries_run_at_once(void)
{
    static const struct {
        const char *code;
        UINT err;
    } cases[] = {{"0", ERROR_SUCCESS},
                 {"1626", ERROR_FUNCTION_NOT_CALLED},
                 {"1602", ERROR_INSTALL_USEREXIT},
                 {"1603", ERROR_INSTALL_FAILURE},
                 {"2", ERROR_INSTALL_FAILURE},
                 {"259", ERROR_SUCCESS}};
    const char *package = new_name();
    MSIHANDLE db = begin_steps(package), session;

    add_action(db, "CODES", 1, "Dll", "Code", 1010);
    add_action(db, "GOES_ON", 1 + CONT, "Dll", "Code", 1010);
    add_action(db, "NO_FUNCTION", 1, "Dll", "NotThere", 1010);
    add_action(db, "NO_DLL", 1, "Nothing", "Code", 1010);
    add_action(db, "CRASH", 1, "Dll", "Crash", 1010);
    end_package(db);
    session = open_it(package);
    hear();
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        UINT err;

        MsiSetPropertyA(session, "CODE", cases[i].code);
        err = step(session, "CODES");
        differs("custom-action-return-values")
            ok(err == cases[i].err, "%s: %u\n", cases[i].code, err);
        differs("custom-action-return-values") STEP("GOES_ON");
    }
    differs("custom-action-type-1")
        ok(step(session, "NO_FUNCTION") == ERROR_INSTALL_FAILURE, "no function\n");
    differs("custom-action-type-1") ok(said("1723"), "said %s\n", actions_said);
    differs("custom-action-type-1")
        ok(step(session, "NO_DLL") == ERROR_INSTALL_FAILURE, "no DLL\n");
    differs("custom-action-type-1") ok(step(session, "CRASH") == ERROR_INSTALL_FAILURE, "crash\n");
    ok(step(session, "Nobody") == ERROR_FUNCTION_NOT_CALLED, "no action\n");
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiCloseHandle(session);
}

static void programs_run_at_once(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_steps(package), session;

    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    add_property(db, "NOPROGRAM", "C:\\not\\there.exe");
    add_action(db, "GOOD", 50, "CMD", "/c exit 0", 1010);
    add_action(db, "BAD", 50, "CMD", "/c exit 7", 1010);
    add_action(db, "BAD_GOES_ON", 50 + CONT, "CMD", "/c exit 7", 1010);
    add_action(db, "MISSING", 50, "NOPROGRAM", "/x", 1010);
    add_action(db, "SETS", 51, "THING", "[CMD]!", 1010);
    add_action(db, "ERRS", 19, NULL, "It is wrong", 1010);
    end_package(db);
    session = open_it(package);
    hear();
    STEP("GOOD");
    differs("custom-action-type-50") ok(step(session, "BAD") == ERROR_INSTALL_FAILURE, "bad\n");
    differs("custom-action-type-50") ok(said("1722"), "said %s\n", actions_said);
    STEP("BAD_GOES_ON");
    differs("custom-action-type-50")
        ok(step(session, "MISSING") == ERROR_INSTALL_FAILURE, "missing\n");
    differs("custom-action-type-50") ok(said("1721"), "said %s\n", actions_said);
    STEP("SETS");
    ok(step(session, "ERRS") == ERROR_INSTALL_FAILURE, "an error\n");
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiCloseHandle(session);
}

static void deferred_actions_need_a_script(void)
{
    static const int types[] = {50 + IN_SCRIPT, 50 + IN_SCRIPT + ROLLBACK, 50 + IN_SCRIPT + COMMIT};
    const char *package = new_name();
    MSIHANDLE db = begin_steps(package), session;
    char name[16];

    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    for (unsigned i = 0; i < ARRAYSIZE(types); i++) {
        snprintf(name, sizeof(name), "L%u", i);
        add_action(db, name, types[i], "CMD", "/c exit 0", 4010);
    }
    end_package(db);
    session = open_costed(package);
    hear();
    STEP("WriteRegistryValues"); /* nor is this a beginning */
    for (unsigned i = 0; i < ARRAYSIZE(types); i++) {
        snprintf(name, sizeof(name), "L%u", i);
        differs("ice77") ok(step(session, name) == ERROR_INSTALL_FAILURE, "%s\n", name);
    }
    differs("error 2762") ok(said("2762"), "said %s\n", actions_said);
    STEP("InstallInitialize");
    for (unsigned i = 0; i < ARRAYSIZE(types); i++) {
        snprintf(name, sizeof(name), "L%u", i);
        STEP(name);
    }
    STEP("InstallFinalize");
    ok(value_is_there(), "what was planned before is lost\n");
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiCloseHandle(session);
    tidy();
}

/* --- sequences ----------------------------------------------------------------------------------
 */

static void a_sequence_of_the_interface_installs(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_steps(package), session;
    UINT err;

    add_action(db, "CODES", 1, "Dll", "Code", 1010);
    must_run(db, "CREATE TABLE `InstallUISequence` (`Action` CHAR(72) NOT NULL, `Condition` "
                 "CHAR(255), `Sequence` SHORT PRIMARY KEY `Action`)");
    must_run(db, "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('CostInitialize', "
                 "800)");
    must_run(db, "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('FileCost', 900)");
    must_run(db, "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('CostFinalize', "
                 "1000)");
    must_run(db, "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('CODES', 1100)");
    must_run(db, "INSERT INTO `InstallUISequence` (`Action`, `Sequence`) VALUES ('ExecuteAction', "
                 "1300)");
    end_package(db);
    session = open_it(package);
    MsiSetPropertyA(session, "CODE", "0");
    err = MsiSequenceA(session, "InstallUISequence", 0);
    ok(!err, "sequence: %u\n", err);
    MsiCloseHandle(session);
    differs("executeaction") ok(is_there(), "no file\n");
    differs("executeaction") ok(MsiQueryProductStateA(CODE) == INSTALLSTATE_DEFAULT, "state %d\n",
                                MsiQueryProductStateA(CODE));
    MsiInstallProductA(package, "REMOVE=ALL");
    tidy();
}

START_TEST(steps)
{
    test_dll("msi");
    wait_for_turn();
    RUN(actions_plan_and_the_end_does_it);
    RUN(an_action_alone_waits_for_the_end);
    RUN(what_is_not_committed_is_undone_by_closing);
    RUN(a_product_comes_and_goes_by_steps);
    RUN(files_go_when_the_script_runs);
    RUN(an_end_that_fails_leaves_nothing);
    RUN(nothing_is_planned_before_costing);
    RUN(libraries_run_at_once);
    RUN(programs_run_at_once);
    RUN(deferred_actions_need_a_script);
    RUN(a_sequence_of_the_interface_installs);
}
