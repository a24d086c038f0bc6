/*
 * What custom actions in host processes may call, and what becomes of the two processes when one of
 * them is killed.
 */
#include "part.h"

enum { IN_SCRIPT = 1024 };

EMBED_PART("asker");

static MSIHANDLE begin_with_dll(const char *package)
{
    MSIHANDLE db = begin_package(package);

    add_part(db);
    return db;
}

static void in_hosts(BOOL always)
{
    SetEnvironmentVariableA("DECANTER_MSI_HOST", always ? "always" : NULL);
}

/* The first lines that differ, of each. */
static void compare(const char *here, const char *there)
{
    int differences = 0;

    while ((*here || *there) && differences < 8) {
        size_t n = strcspn(here, "\n"), m = strcspn(there, "\n");

        if (n != m || strncmp(here, there, n) != 0) {
            ok(FALSE, "here \"%.*s\", in a host \"%.*s\"\n", (int)n, here, (int)m, there);
            differences++;
        }
        here += n + (here[n] != 0);
        there += m + (there[m] != 0);
    }
}

static void calls_come_to_the_same(void)
{
    static char here[sizeof(actions_said)];
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "SET2", 51, "SECOND", "[ProductName]", 1);
    add_action(db, "A1", 1, "Dll", "Ask", 1010);
    end_package(db);
    in_hosts(FALSE);
    err = install(package, "A1=1");
    ok(!err, "install: %u\n", err);
    memcpy(here, actions_said, sizeof(here));
    ok(strlen(here) > 4000 && strlen(here) < sizeof(here) - 600, "%u said\n",
       (unsigned)strlen(here));
    remove_product(package);
    in_hosts(TRUE);
    err = install(package, "A1=1");
    ok(!err, "install: %u\n", err);
    compare(here, actions_said);
    remove_product(package);
}

static void calls_of_many_threads(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "A1", 1, "Dll", "Threads", 1010);
    end_package(db);
    in_hosts(TRUE);
    err = install(package, "A1=1");
    ok(!err, "install: %u\n", err);
    ok(said("*0 wrong"), "said %s\n", actions_said);
    remove_product(package);
}

/* Also where its handle is used when it has ended, by a thread that it left. */
static void a_host_that_is_killed(void)
{
    const char *package = new_name();
    MSIHANDLE db = begin_with_dll(package);
    UINT err;

    add_action(db, "A1", 1, "Dll", "Kill", 1010);
    add_action(db, "A2", 1 + IN_SCRIPT, "Dll", "Kill", 4010);
    add_action(db, "A3", 1 + IN_SCRIPT, "Dll", "KillInCall", 4010);
    add_action(db, "A4", 1, "Dll", "StayBehind", 1010);
    add_action(db, "A5", 1, "Dll", "Threads", 1020);
    end_package(db);
    in_hosts(TRUE);
    err = install(package, "A1=1");
    ok(err == ERROR_INSTALL_FAILURE, "at once: %u\n", err);
    ok(said("1723"), "said %s\n", actions_said);
    err = install(package, "A2=1");
    ok(err == ERROR_INSTALL_FAILURE, "in the script: %u\n", err);
    ok(said("1723"), "said %s\n", actions_said);
    ok(!is_there(), "the file is there\n");
    err = install(package, "A3=1");
    ok(err == ERROR_INSTALL_FAILURE, "in a call: %u\n", err);
    ok(!is_there(), "the file is there\n");
    err = install(package, "A4=1 A5=1");
    ok(!err, "a thread stays: %u\n", err);
    ok(said("*0 wrong"), "said %s\n", actions_said);
    remove_product(package);
}

#define ENDING "ending.msi"

static void child(void)
{
    GetCurrentDirectoryA(sizeof(actions_folder), actions_folder);
    snprintf(actions_target, sizeof(actions_target), "%s\\target", actions_folder);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    install(ENDING, "A1=1");
}

/* The process of the host says its number, and stays until it is ended. */
static HANDLE host_of(const char *name)
{
    DWORD id = 0;
    FILE *f = fopen(name, "rb");

    if (f) {
        if (fread(&id, sizeof(id), 1, f) != 1)
            id = 0;
        fclose(f);
    }
    return id ? OpenProcess(SYNCHRONIZE, FALSE, id) : NULL;
}

static void an_installer_that_is_killed(void)
{
    HANDLE stays = CreateEventA(NULL, TRUE, FALSE, "decanter-test-asker"), host, either[2];
    MSIHANDLE db = begin_with_dll(ENDING);
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION info;
    char command[MAX_PATH + 16];
    UINT err;

    add_action(db, "A1", 1 + IN_SCRIPT, "Dll", "Stay", 4010);
    add_action(db, "FAIL", 19, NULL, "it fails", 1510);
    end_package(db);
    in_hosts(TRUE);
    snprintf(command, sizeof(command), "\"%s\" child", test_argv[0]);
    ok(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &info),
       "no child\n");
    either[0] = stays;
    either[1] = info.hProcess;
    ok(WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0, "it ended\n");
    host = host_of("asker.pid");
    ok(host != NULL, "no host\n");
    TerminateProcess(info.hProcess, 5);
    ok(WaitForSingleObject(host, INFINITE) == WAIT_OBJECT_0, "the host stays\n");
    WaitForSingleObject(info.hProcess, INFINITE);
    CloseHandle(host);
    CloseHandle(info.hProcess);
    CloseHandle(info.hThread);
    CloseHandle(stays);
    ok(is_there(), "nothing was left\n");
    err = install(ENDING, "FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "install: %u\n", err);
    ok(!is_there(), "the file is there\n");
}

START_TEST(actioncalls)
{
    if (test_child()) {
        child();
        return;
    }
    test_dll("msi");
    if (test_builtin_dlls) {
        skip("there are no hosts\n");
        return;
    }
    wait_for_turn();
    RUN(calls_come_to_the_same);
    RUN(calls_of_many_threads);
    RUN(a_host_that_is_killed);
    RUN(an_installer_that_is_killed);
}
