/*
 * Custom actions by DLLs and programs; actionhosts.c has the same with each DLL in a host process.
 */
#include "part.h"

enum { IN_SCRIPT = 1024, ROLLBACK = 256, COMMIT = 512, CONT = 64, ASYNC = 128 };

EMBED_PART("action");

static MSIHANDLE begin_with_dll(const char *package)
{
    MSIHANDLE db = begin_package(package);

    add_part(db);
    return db;
}

static void actions_in_the_script_know_little(void)
{
    static const char *const answers[] = {
        "*data my data", "*code " CODE,    "*sid S-1-", "*name \n",   "*database 0",
        "*modes 100 0",  "*language 1033", "*set 6",    "*action 6",  "*sequence 6",
        "*condition 3",  "*target 6",      "*source 6", "*feature 6", "*component 6",
        "*setmode 6",    "*level 6",
    };
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "SET", 51, "A1", "my data", 1490);
    add_action(db, "A1", 1 + IN_SCRIPT, "Dll", "Deferred", 4010);
    end_package(db);
    err = install(package, "SET=1");
    differs("obtaining-context-information") ok(!err, "install: %u\n", err);
    for (unsigned i = 0; i < ARRAYSIZE(answers); i++)
        differs("obtaining-context-information")
            ok(said(answers[i]), "no %s in\n%s\n", answers[i], actions_said);
    remove_product(package);
}

static void what_an_action_returns_counts(void)
{
    static const struct {
        UINT code, err;
        BOOL there;
    } cases[] = {
        {ERROR_SUCCESS, ERROR_SUCCESS, TRUE},
        {ERROR_FUNCTION_NOT_CALLED, ERROR_SUCCESS, TRUE},
        {ERROR_INSTALL_USEREXIT, ERROR_INSTALL_USEREXIT, FALSE},
        {ERROR_INSTALL_FAILURE, ERROR_INSTALL_FAILURE, FALSE},
        {ERROR_NO_MORE_ITEMS, ERROR_SUCCESS, FALSE},
        {ERROR_FILE_NOT_FOUND, ERROR_INSTALL_FAILURE, FALSE},
    };
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    char line[64];
    UINT err;

    add_action(db, "A1", 1, "Dll", "Code", 1010);
    add_action(db, "A2", 1 + CONT, "Dll", "Code", 1010);
    add_action(db, "SET", 51, "A3", "[CODE]", 1490);
    add_action(db, "A3", 1 + IN_SCRIPT, "Dll", "Data", 4010);
    end_package(db);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        snprintf(line, sizeof(line), "A1=1 CODE=%u", cases[i].code);
        err = install(package, line);
        differs("custom-action-return-values") ok(err == cases[i].err, "%s: %u\n", line, err);
        differs("custom-action-return-values")
            ok(is_there() == cases[i].there, "%s: %d\n", line, is_there());
        remove_product(package);
        snprintf(line, sizeof(line), "A2=1 CODE=%u", cases[i].code);
        err = install(package, line);
        differs("custom-action-return-values") ok(!err, "%s: %u\n", line, err);
        differs("custom-action-return-values") ok(is_there(), "%s: no file\n", line);
        remove_product(package);
        /* in the script there is nothing to be left out */
        snprintf(line, sizeof(line), "SET=1 CODE=%u", cases[i].code);
        err = install(package, line);
        differs("custom-action-return-values") ok(err == cases[i].err, "%s: %u\n", line, err);
        differs("custom-action-return-values") ok(is_there() == !err, "%s: %d\n", line, is_there());
        remove_product(package);
    }
}

static void actions_that_cannot_be_run(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "A1", 1, "Dll", "NotThere", 1010);
    add_action(db, "A2", 1, "Dll", "Crash", 1010);
    add_action(db, "A3", 1 + IN_SCRIPT, "Dll", "Crash", 4010);
    add_property(db, "NOPROGRAM", "C:\\not\\there.exe");
    add_action(db, "A4", 50, "NOPROGRAM", "/x", 1010);
    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    add_action(db, "A5", 50, "CMD", "/c exit 7", 1010);
    add_action(db, "A6", 50 + CONT, "CMD", "/c exit 7", 1010);
    end_package(db);
    err = install(package, "A1=1");
    differs("custom-action-type-1") ok(err == ERROR_INSTALL_FAILURE, "no function: %u\n", err);
    differs("custom-action-type-1") ok(said("1723"), "said %s\n", actions_said);
    err = install(package, "A2=1");
    differs("custom-action-type-1") ok(err == ERROR_INSTALL_FAILURE, "crash: %u\n", err);
    err = install(package, "A3=1");
    differs("custom-action-type-1") ok(err == ERROR_INSTALL_FAILURE, "crash: %u\n", err);
    differs("custom-action-type-1") ok(!is_there(), "the file is there\n");
    err = install(package, "A4=1");
    differs("custom-action-type-50") ok(err == ERROR_INSTALL_FAILURE, "no program: %u\n", err);
    differs("custom-action-type-50") ok(said("1721"), "said %s\n", actions_said);
    err = install(package, "A5=1");
    differs("custom-action-type-50") ok(err == ERROR_INSTALL_FAILURE, "exit 7: %u\n", err);
    differs("custom-action-type-50") ok(said("1722"), "said %s\n", actions_said);
    SetEnvironmentVariableA("DECANTER_MSI_IGNORE", "A7;A5");
    err = install(package, "A5=1");
    differs("the README") ok(!err, "ignored: %u\n", err);
    SetEnvironmentVariableA("DECANTER_MSI_IGNORE", NULL);
    remove_product(package);
    err = install(package, "A6=1");
    ok(!err, "passed over: %u\n", err);
    remove_product(package);
}

/* None of them is of another engine's: they fail when their turn comes, and else are of no matter.
 */
static void actions_that_are_none(void)
{
    static const struct {
        int type;
        const char *source, *said;
    } cases[] = {
        {1, "NoRow", "2721"}, {2, "NoRow", "2721"},       {1, "Text", "1723"},
        {4, "Dll", "2723"},   {33, "INSTALLDIR", "2723"},
    };
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    char name[16], line[16];

    add_binary(db, "Text", "no DLL", 6);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        snprintf(name, sizeof(name), "N%u", i);
        add_action(db, name, cases[i].type, cases[i].source, "x", 1010);
    }
    end_package(db);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        UINT err;

        snprintf(line, sizeof(line), "N%u=1", i);
        err = install(package, line);
        differs("windows-installer-error-messages")
            ok(err == ERROR_INSTALL_FAILURE, "%s: %u\n", line, err);
        differs("windows-installer-error-messages")
            ok(said(cases[i].said), "%s said %s\n", line, actions_said);
        remove_product(package);
    }
    ok(!install(package, ""), "without them\n");
    remove_product(package);
}

static void conditions_know_the_action_at_the_top(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    UINT err;

    add_action(db, "FAIL", 19, NULL, "it is INSTALL", 1010);
    must_run(db, "UPDATE `InstallExecuteSequence` SET `Condition` = 'ACTION = \"INSTALL\" AND "
                 "EXECUTEACTION = \"INSTALL\"' WHERE `Action` = 'FAIL'");
    end_package(db);
    err = install(package, "");
    ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    differs("type 19 is told") ok(said("it is INSTALL"), "said %s\n", actions_said);
}

static char log_text[65536];

static const char *log_of(const char *name)
{
    static WCHAR wide[65536];
    FILE *f = fopen(name, "rb");
    size_t n = f ? fread(wide, 1, sizeof(wide) - 2, f) : 0;

    if (f)
        fclose(f);
    wide[n / 2] = 0;
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, log_text, sizeof(log_text), NULL, NULL);
    return log_text;
}

static void what_they_write_and_leave_is_logged(void)
{
    const char *package = new_name(), *text;
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    add_action(db, "A1", 50, "CMD", "/c echo my words& echo to the other 1>&2", 1010);
    add_action(db, "A2", 1, "Dll", "Leak", 1020);
    end_package(db);
    ok(!MsiEnableLogA(INSTALLLOGMODE_VERBOSE | INSTALLLOGMODE_INFO, "actions.log", 0), "log\n");
    err = install(package, "A1=1 A2=1");
    ok(!err, "install: %u\n", err);
    MsiEnableLogA(0, NULL, 0);
    text = log_of("actions.log");
    differs("the README") ok(strstr(text, "A1: my words") != NULL, "%s\n", text);
    differs("the README") ok(strstr(text, "A1: to the other") != NULL, "no errors\n");
    differs("the README")
        ok(strstr(text, "A2 did not close 2 MSIHANDLEs.") != NULL, "no word of handles\n");
    remove_product(package);
}

static void an_action_installs_nothing(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "A1", 1, "Dll", "Nested", 1010);
    end_package(db);
    err = install(package, "A1=1");
    differs("synchronous-and-asynchronous") ok(!err, "install: %u\n", err);
    differs("-msiexecute-mutex") ok(said("*nested 1618"), "said %s\n", actions_said);
    remove_product(package);
}

/* The first waits for what the second does. */
static void asynchronous_actions(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "A1", 1 + ASYNC, "Dll", "Wait", 1010);
    add_action(db, "A2", 1, "Dll", "Signal", 1020);
    add_action(db, "A3", 1 + ASYNC + IN_SCRIPT, "Dll", "Wait", 4010);
    add_action(db, "A4", 1 + IN_SCRIPT, "Dll", "Signal", 4020);
    add_action(db, "A5", 1 + ASYNC + IN_SCRIPT, "Dll", "WaitAndFail", 4010);
    add_action(db, "A6", 1 + ASYNC + IN_SCRIPT + CONT, "Dll", "WaitAndFail", 4010);
    add_property(db, "CMD", "C:\\windows\\system32\\cmd.exe");
    add_action(db, "A7", 50 + ASYNC, "CMD", "/c exit 7", 4010);
    add_action(db, "A8", 50 + ASYNC + CONT, "CMD", "/c exit 7", 4010);
    end_package(db);
    err = install(package, "A1=1 A2=1");
    differs("synchronous-and-asynchronous") ok(!err, "install: %u\n", err);
    differs("synchronous-and-asynchronous") ok(said("*waited\n"), "said %s\n", actions_said);
    remove_product(package);
    err = install(package, "A3=1 A4=1");
    differs("synchronous-and-asynchronous") ok(!err, "install: %u\n", err);
    differs("synchronous-and-asynchronous") ok(said("*waited\n"), "said %s\n", actions_said);
    remove_product(package);
    err = install(package, "A5=1 A4=1");
    differs("synchronous-and-asynchronous") ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    differs("synchronous-and-asynchronous") ok(said("*waited\n"), "said %s\n", actions_said);
    differs("synchronous-and-asynchronous") ok(!is_there(), "the file is there\n");
    remove_product(package);
    err = install(package, "A6=1 A4=1");
    differs("synchronous-and-asynchronous") ok(!err, "install: %u\n", err);
    remove_product(package);
    err = install(package, "A7=1");
    differs("synchronous-and-asynchronous") ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    remove_product(package);
    err = install(package, "A8=1");
    differs("synchronous-and-asynchronous") ok(!err, "install: %u\n", err);
    remove_product(package);
}

/* Of an action in both sequences. */
static void actions_that_run_once(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_package(package), session = 0;
    char value[16];
    DWORD size;

    add_action(db, "A1", 51 + 0x100, "A2", "1", 1010);
    add_action(db, "B1", 51 + 0x300, "B2", "1", 1010);
    must_run(db, "CREATE TABLE `InstallUISequence` (`Action` CHAR(72) NOT NULL, `Condition` "
                 "CHAR(255), `Sequence` SHORT PRIMARY KEY `Action`)");
    end_package(db);
    for (int ui = 0; ui < 2; ui++) {
        ok(!MsiOpenPackageA(package, &session), "open\n");
        MsiSetPropertyA(session, "A1", "1");
        MsiSetPropertyA(session, "B1", "1");
        if (ui)
            MsiSequenceA(session, "InstallUISequence", 0);
        MsiSequenceA(session, "InstallExecuteSequence", 0);
        size = sizeof(value);
        MsiGetPropertyA(session, "A2", value, &size);
        differs("custom-action-execution-scheduling-options")
            ok(!strcmp(value, ui ? "" : "1"), "first, %d: %s\n", ui, value);
        size = sizeof(value);
        MsiGetPropertyA(session, "B2", value, &size);
        differs("custom-action-execution-scheduling-options")
            ok(!strcmp(value, ui ? "1" : ""), "repeat, %d: %s\n", ui, value);
        MsiCloseHandle(session);
        MsiInstallProductA(package, "REMOVE=ALL");
    }
}

/* Whether every DLL is run in a host process, where it ends nothing but that. */
static BOOL in_hosts(void)
{
#ifdef IN_HOSTS
    return TRUE;
#else
    return FALSE;
#endif
}

#define ENDING "ending.msi"

static void child(void)
{
    GetCurrentDirectoryA(sizeof(actions_folder), actions_folder);
    snprintf(actions_target, sizeof(actions_target), "%s\\target", actions_folder);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    install(ENDING, "A1=1");
}

/* What it leaves is undone by the next installation, which fails right after that. */
static void an_action_that_ends_the_process(void)
{
    MSIHANDLE db = begin_with_dll(ENDING);
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION info;
    char command[MAX_PATH + 16];
    DWORD code = 0;
    UINT err;

    add_action(db, "A1", 1 + IN_SCRIPT, "Dll", "Exit", 4010);
    add_action(db, "FAIL", 19, NULL, "it fails", 1510);
    end_package(db);
    snprintf(command, sizeof(command), "\"%s\" child", test_argv[0]);
    ok(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &info),
       "no child\n");
    WaitForSingleObject(info.hProcess, INFINITE);
    GetExitCodeProcess(info.hProcess, &code);
    CloseHandle(info.hProcess);
    CloseHandle(info.hThread);
    if (in_hosts()) {
        differs("the README") ok(code == 0, "code %lu\n", code);
        differs("the README") ok(!is_there(), "something was left\n");
    } else {
        differs("the README") ok(code == 9, "code %lu\n", code);
        differs("the README") ok(is_there(), "nothing was left\n");
    }
    err = install(ENDING, "FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    differs("the README") ok(!is_there(), "the file is there\n");
    err = install(ENDING, "");
    ok(!err, "install: %u\n", err);
    remove_product(ENDING);
}

static void into_a_folder_of_the_drives_root(void)
{
    const char *package = new_name();
    UINT err;

    end_package(begin_package(package));
    snprintf(actions_target, sizeof(actions_target), "C:\\decanter root");
    err = install(package, "");
    ok(!err, "install: %u\n", err);
    ok(is_there(), "no file\n");
    remove_product(package);
    differs("removefiles-action")
        ok(GetFileAttributesA(actions_target) == INVALID_FILE_ATTRIBUTES, "the folder is there\n");
}

#ifdef IN_HOSTS
START_TEST(actionhosts)
#else
START_TEST(actions)
#endif
{
    SetEnvironmentVariableA("DECANTER_MSI_HOST", in_hosts() ? "always" : NULL);
    if (test_child()) {
        child();
        return;
    }
    test_dll("msi");
    wait_for_turn();
    RUN(actions_in_the_script_know_little);
    RUN(what_an_action_returns_counts);
    RUN(actions_that_cannot_be_run);
    RUN(actions_that_are_none);
    RUN(conditions_know_the_action_at_the_top);
    RUN(what_they_write_and_leave_is_logged);
    RUN(an_action_installs_nothing);
    RUN(asynchronous_actions);
    RUN(actions_that_run_once);
    RUN(an_action_that_ends_the_process);
    RUN(into_a_folder_of_the_drives_root);
}
