/*
 * Installations that need a restart.
 */
#include "actions.h"

#define RUN_ONCE "Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce"

/* ForceReboot and ScheduleReboot, each while a property of its name is set. */
static const char *make_rebooting(int force, int schedule)
{
    const char *package = new_name();
    MSIHANDLE db = begin_package(package);
    char text[300];

    snprintf(text, sizeof(text),
             "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
             "('ForceReboot', 'FORCE AND NOT AFTERREBOOT', %d)",
             force);
    must_run(db, text);
    snprintf(text, sizeof(text),
             "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES "
             "('ScheduleReboot', 'SCHEDULE', %d)",
             schedule);
    must_run(db, text);
    add_property(db, "MsiHiddenProperties", "SECRET");
    add_action(db, "FAIL", 19, NULL, "it fails", force + 1);
    end_package(db);
    return package;
}

/* What is to be run once, and whether there is such a thing; it is taken away. */
static BOOL run_once(char *line, DWORD size)
{
    HKEY key;
    BOOL any;

    line[0] = 0;
    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, RUN_ONCE, 0, KEY_ALL_ACCESS, &key))
        return FALSE;
    any = !RegQueryValueExA(key, CODE, NULL, NULL, (BYTE *)line, &size);
    RegDeleteValueA(key, CODE);
    RegCloseKey(key);
    return any;
}

static void a_forced_restart_suspends(void)
{
    const char *package = make_rebooting(6450, 6500);
    char line[1024];
    UINT err = install(package, "FORCE=1 SECRET=hush OTHER=\"a b\"");

    ok(err == ERROR_INSTALL_SUSPEND, "install: %u\n", err);
    differs("forcereboot-action") ok(is_there(), "no file\n");
    differs("forcereboot-action") ok(run_once(line, sizeof(line)), "nothing to go on with\n");
    differs("forcereboot-action")
        ok(strstr(line, "/i \"" CODE "\"") != NULL, "no code: %s\n", line);
    differs("forcereboot-action") ok(strstr(line, "AFTERREBOOT=1") != NULL, "line %s\n", line);
    differs("forcereboot-action")
        ok(strstr(line, "OTHER=\"a b\"") != NULL && strstr(line, "FORCE=\"1\"") != NULL,
           "line %s\n", line);
    ok(!strstr(line, "hush"), "the secret is told: %s\n", line);
    differs("forcereboot-action") ok(strstr(line, "/qn") != NULL, "line %s\n", line);
    err = install(package, "FORCE=1 AFTERREBOOT=1");
    ok(!err, "resume: %u\n", err);
    ok(is_there(), "no file\n");
    remove_product(package);
}

static void a_restart_before_there_is_a_product(void)
{
    const char *package = make_rebooting(4050, 6500);
    char line[1024];
    UINT err = install(package, "FORCE=1");

    ok(err == ERROR_INSTALL_SUSPEND, "install: %u\n", err);
    differs("forcereboot-action") ok(run_once(line, sizeof(line)), "nothing to go on with\n");
    differs("forcereboot-action") ok(strstr(line, package) != NULL, "no package: %s\n", line);
    err = install(package, "FORCE=1 AFTERREBOOT=1");
    ok(!err, "resume: %u\n", err);
    ok(is_there(), "no file\n");
    remove_product(package);
}

static void restarts_that_are_suppressed(void)
{
    const char *package = make_rebooting(6450, 6500);
    char line[1024];
    UINT err = install(package, "FORCE=1 REBOOT=ReallySuppress");

    differs("reboot") ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "install: %u\n", err);
    differs("reboot") ok(!run_once(line, sizeof(line)), "line %s\n", line);
    ok(is_there(), "no file\n");
    remove_product(package);
    err = install(package, "FORCE=1 FAIL=1 REBOOT=R");
    differs("reboot") ok(err == ERROR_INSTALL_FAILURE, "failure: %u\n", err);
    differs("rollback") ok(!is_there(), "the file is there\n");
    run_once(line, sizeof(line));
    remove_product(package);
}

static void restarts_at_the_end(void)
{
    const char *package = make_rebooting(6450, 6500);
    UINT err = install(package, "SCHEDULE=1");

    ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "install: %u\n", err);
    remove_product(package);
    err = install(package, "SCHEDULE=1 REBOOT=S");
    differs("reboot") ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "suppressed: %u\n", err);
    remove_product(package);
    err = install(package, "");
    ok(!err, "none: %u\n", err);
    remove_product(package);
}

static char question[300];

static int CALLBACK answer_no(void *ctx, UINT type, const char *text)
{
    (void)ctx;
    if ((type & 0xff000000) != INSTALLMESSAGE_USER)
        return 0;
    snprintf(question, sizeof(question), "%s", text);
    return IDNO;
}

static UINT install_asked(const char *package, const char *more)
{
    char line[MAX_PATH * 3];
    UINT err;

    question[0] = 0;
    MsiSetInternalUI(INSTALLUILEVEL_BASIC, NULL);
    MsiSetExternalUIA(answer_no, INSTALLLOGMODE_USER, NULL);
    snprintf(line, sizeof(line), "INSTALLDIR=\"%s\" %s", actions_target, more);
    err = MsiInstallProductA(package, line);
    MsiSetExternalUIA(NULL, 0, NULL);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    return err;
}

/* Whoever answers is asked, but for where the question is suppressed. */
static void who_installs_is_asked(void)
{
    const char *package = make_rebooting(6450, 6500);
    char line[1024];
    UINT err = install_asked(package, "SCHEDULE=1");

    ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "install: %u\n", err);
    differs("schedulereboot-action")
        ok(strstr(question, "Test Product") != NULL, "question %s\n", question);
    remove_product(package);
    err = install_asked(package, "REBOOT=Force");
    differs("reboot") ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "install: %u\n", err);
    differs("reboot") ok(question[0], "no question\n");
    remove_product(package);
    err = install_asked(package, "SCHEDULE=1 REBOOTPROMPT=S");
    ok(err == ERROR_SUCCESS_REBOOT_REQUIRED, "install: %u\n", err);
    ok(!question[0], "question %s\n", question);
    remove_product(package);
    err = install_asked(package, "FORCE=1");
    ok(err == ERROR_INSTALL_SUSPEND, "install: %u\n", err);
    differs("forcereboot-action") ok(question[0], "no question\n");
    run_once(line, sizeof(line));
    install(package, "FORCE=1 AFTERREBOOT=1");
    remove_product(package);
}

START_TEST(reboot)
{
    test_dll("msi");
    wait_for_turn();
    RUN(a_forced_restart_suspends);
    RUN(a_restart_before_there_is_a_product);
    RUN(restarts_that_are_suppressed);
    RUN(restarts_at_the_end);
    RUN(who_installs_is_asked);
}
