/*
 * Transactions over several packages, as a bundle uses them: three packages, of which the third may
 * fail; another process that joins; one that is killed.
 */
#include "three_packages.h"

#ifndef ERROR_ROLLBACK_DISABLED
#define ERROR_ROLLBACK_DISABLED 1653
#endif

/* A program of the caller's that gets the handle, and words. */
static void add_chainer(MSIHANDLE db, int n)
{
    if (n)
        return;
    change(db, "CREATE TABLE `MsiEmbeddedChainer` (`MsiEmbeddedChainer` CHAR(72) NOT NULL, "
               "`Condition` CHAR(255), `CommandLine` CHAR(255), `Source` CHAR(72) NOT NULL, "
               "`Type` SHORT NOT NULL PRIMARY KEY `MsiEmbeddedChainer`)");
    change(db, "INSERT INTO `MsiEmbeddedChainer` (`MsiEmbeddedChainer`, `Condition`, "
               "`CommandLine`, `Source`, `Type`) VALUES ('chainer', 'CHAINER', 'chain [WHAT] "
               "\"[HOME]\"', 'CHAINER', 50)");
}

static MSIHANDLE begin(HANDLE *changed)
{
    MSIHANDLE handle = 0;
    UINT err;

    *changed = NULL;
    err = MsiBeginTransactionA("bundle", 0, &handle, changed);
    ok(!err, "begin: %u\n", err);
    ok(handle && *changed, "handles %lu %p\n", handle, *changed);
    return handle;
}

static void done(MSIHANDLE handle, HANDLE changed)
{
    MsiCloseHandle(handle);
    CloseHandle(changed);
}

/* --- one process --------------------------------------------------------------------------------
 */

static void three_packages_are_committed_together(void)
{
    char marks[MAX_PATH + 32], more[MAX_PATH + 40];
    HANDLE changed;
    MSIHANDLE handle = begin(&changed);

    snprintf(marks, sizeof(marks), "%s\\mark.txt", folder);
    snprintf(more, sizeof(more), "MARK=\"%s\"", marks);
    ok(!install(0, more), "first\n");
    ok(!install(1, ""), "second\n");
    ok(!install(2, ""), "third\n");
    ok(GetFileAttributesA(marks) == INVALID_FILE_ATTRIBUTES, "the commit action ran already\n");
    ok(!MsiCloseHandle(handle), "close\n");
    ok(!MsiEndTransaction(MSITRANSACTIONSTATE_COMMIT), "commit\n");
    ok(GetFileAttributesA(marks) != INVALID_FILE_ATTRIBUTES, "the commit action did not run\n");
    DeleteFileA(marks);
    for (int n = 0; n < PACKAGES; n++)
        ok(there(n), "%d\n", n);
    ok(WaitForSingleObject(changed, 0) == WAIT_TIMEOUT, "the owner is the same\n");
    CloseHandle(changed);
    remove_all();
}

static void a_failing_third_takes_all_back(void)
{
    HANDLE changed;
    MSIHANDLE handle;
    UINT err;

    ok(!install(1, ""), "it is there before\n");
    handle = begin(&changed);
    ok(!install(0, ""), "first\n");
    ok(!MsiConfigureProductA(code_of(1), INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT), "removal\n");
    ok(there(0) && !there(1), "as they were asked for\n");
    err = install(2, "FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "third: %u\n", err);
    ok(!MsiEndTransaction(MSITRANSACTIONSTATE_ROLLBACK), "rollback\n");
    ok(!there(0) && there(1) && !there(2), "as before\n");
    done(handle, changed);

    handle = begin(&changed);
    ok(!install(0, ""), "first\n");
    ok(install(2, "FAIL=1") == ERROR_INSTALL_FAILURE, "third\n");
    err = MsiEndTransaction(MSITRANSACTIONSTATE_COMMIT);
    ok(err == ERROR_INSTALL_FAILURE, "commit: %u\n", err);
    ok(!there(0) && there(1) && !there(2), "as before\n");
    done(handle, changed);
    remove_all();
}

static void wrong_arguments(void)
{
    MSIHANDLE handle = 0, second = 0;
    HANDLE changed, again = NULL;
    UINT err;

    ok(MsiBeginTransactionA(NULL, 0, &handle, &changed) == ERROR_INVALID_PARAMETER, "no name\n");
    ok(MsiBeginTransactionA("", 0, &handle, &changed) == ERROR_INVALID_PARAMETER, "empty\n");
    ok(MsiBeginTransactionW(L"x", 4, &handle, &changed) == ERROR_INVALID_PARAMETER, "attributes\n");
    ok(MsiBeginTransactionW(L"x", 0, NULL, &changed) == ERROR_INVALID_PARAMETER, "no handle\n");
    ok(MsiBeginTransactionW(L"x", 0, &handle, NULL) == ERROR_INVALID_PARAMETER, "no event\n");
    ok(MsiEndTransaction(7) == ERROR_INVALID_PARAMETER, "state\n");
    err = MsiEndTransaction(MSITRANSACTIONSTATE_COMMIT);
    ok(err == ERROR_ACCESS_DENIED, "nothing to end: %u\n", err);
    ok(MsiJoinTransaction(1, 0, NULL) == ERROR_INVALID_PARAMETER, "no event\n");
    ok(MsiJoinTransaction(1, 8, &again) == ERROR_INVALID_PARAMETER, "attributes\n");
    err = MsiJoinTransaction(12345, 0, &again);
    ok(err == ERROR_INVALID_HANDLE_STATE, "nothing to join: %u\n", err);
    handle = begin(&changed);
    err = MsiBeginTransactionW(L"x", 0, &second, &again);
    ok(err == ERROR_INSTALL_ALREADY_RUNNING, "a second one: %u\n", err);
    err = MsiJoinTransaction(handle + 1, 0, &again);
    ok(err == ERROR_INVALID_HANDLE_STATE, "another handle: %u\n", err);
    ok(!MsiJoinTransaction(handle, 0, &again), "it is ours\n");
    CloseHandle(again);
    ok(!MsiEndTransaction(MSITRANSACTIONSTATE_ROLLBACK), "end\n");
    done(handle, changed);
}

static void policy_forbids_rollback(void)
{
    static const char path[] = "Software\\Policies\\Microsoft\\Windows\\Installer";
    DWORD on = 1, unused;
    MSIHANDLE handle = 0;
    HANDLE changed;
    HKEY key;
    UINT err;

    if (RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &unused))
        return;
    RegSetValueExA(key, "DisableRollback", 0, REG_DWORD, (const BYTE *)&on, sizeof(on));
    err = MsiBeginTransactionA("x", 0, &handle, &changed);
    ok(err == ERROR_ROLLBACK_DISABLED, "begin: %u\n", err);
    RegDeleteValueA(key, "DisableRollback");
    RegCloseKey(key);
}

/* --- another process ----------------------------------------------------------------------------
 */

/* This program once more, which does what the words say; what it ended with. */
static DWORD other(const char *what, MSIHANDLE handle)
{
    STARTUPINFOA start = {.cb = sizeof(start)};
    PROCESS_INFORMATION info = {.hProcess = NULL};
    char command[MAX_PATH * 2];
    DWORD code = 0xffff;

    snprintf(command, sizeof(command), "\"%s\" child %s %lu", test_argv[0], what, handle);
    ok(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &info), "start\n");
    if (!info.hProcess)
        return code;
    WaitForSingleObject(info.hProcess, 120000);
    GetExitCodeProcess(info.hProcess, &code);
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
    return code;
}

static DWORD do_as_told(const char *what, MSIHANDLE handle)
{
    HANDLE changed = NULL;
    UINT err;

    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    if (!strcmp(what, "nothing"))
        return 0;
    if (!strcmp(what, "outside"))
        return install(2, "");
    if (!strcmp(what, "begin"))
        return MsiBeginTransactionA("other", 0, &handle, &changed);
    if (!strcmp(what, "killed")) {
        handle = 0;
        if (MsiBeginTransactionA("other", 0, &handle, &changed) || install(0, "") || install(1, ""))
            return 99;
        TerminateProcess(GetCurrentProcess(), 7);
    }
    err = MsiJoinTransaction(handle, 0, &changed);
    if (err)
        return err;
    err = install(1, "");
    if (err || !strcmp(what, "leave"))
        return err ? err : 55;
    return MsiEndTransaction(!strcmp(what, "commit") ? MSITRANSACTIONSTATE_COMMIT
                                                     : MSITRANSACTIONSTATE_ROLLBACK);
}

static void others_wait(void)
{
    HANDLE changed;
    MSIHANDLE handle = begin(&changed);
    DWORD code;

    ok(!install(0, ""), "first\n");
    code = other("outside", 0);
    ok(code == ERROR_INSTALL_ALREADY_RUNNING, "an installation: %lu\n", code);
    code = other("begin", 0);
    ok(code == ERROR_INSTALL_ALREADY_RUNNING, "a transaction: %lu\n", code);
    code = other("commit", handle + 1);
    ok(code == ERROR_INVALID_HANDLE_STATE, "no such transaction: %lu\n", code);
    ok(!MsiEndTransaction(MSITRANSACTIONSTATE_COMMIT), "commit\n");
    ok(there(0) && !there(2), "the first alone\n");
    done(handle, changed);
    remove_all();
}

static void another_process_joins(void)
{
    HANDLE changed;
    MSIHANDLE handle = begin(&changed);
    DWORD code;
    UINT err;

    ok(!install(0, ""), "first\n");
    code = other("commit", handle);
    ok(!code, "the other one: %lu\n", code);
    ok(WaitForSingleObject(changed, 10000) == WAIT_OBJECT_0, "no event\n");
    err = MsiEndTransaction(MSITRANSACTIONSTATE_ROLLBACK);
    ok(err == ERROR_ACCESS_DENIED, "it is another's: %u\n", err);
    ok(there(0) && there(1), "both\n");
    done(handle, changed);
    remove_all();

    handle = begin(&changed);
    ok(!install(0, ""), "first\n");
    ok(!other("rollback", handle), "the other one\n");
    ok(!there(0) && !there(1), "neither\n");
    done(handle, changed);
}

static void without_an_owner_it_is_undone(void)
{
    HANDLE changed;
    MSIHANDLE handle;
    DWORD code;

    ok(other("killed", 0) == 7, "killed\n");
    ok(file_there(0) && file_there(1), "the next one undoes it\n");
    ok(!install(2, ""), "the next one\n");
    ok(!there(0) && !there(1) && there(2), "undone\n");
    remove_all();

    handle = begin(&changed);
    ok(!install(0, ""), "first\n");
    code = other("leave", handle);
    ok(code == 55, "it leaves: %lu\n", code);
    done(handle, changed);
    handle = begin(&changed);
    ok(!there(0) && !there(1), "undone\n");
    ok(!MsiEndTransaction(MSITRANSACTIONSTATE_COMMIT), "commit\n");
    done(handle, changed);
}

static UINT install_chained(const char *what)
{
    char more[MAX_PATH * 3], exe[MAX_PATH];

    GetModuleFileNameA(NULL, exe, sizeof(exe));
    snprintf(more, sizeof(more), "CHAINER=\"%s\" WHAT=%s HOME=\"%s\"", exe, what, folder);
    return install(0, more);
}

static void a_chainer_installs_with_its_package(void)
{
    static const char *const ways[] = {"rollback", "leave", "nothing"};
    UINT err = install_chained("commit");

    ok(!err, "chained: %u\n", err);
    ok(there(0) && there(1), "both\n");
    remove_all();
    for (unsigned i = 0; i < ARRAYSIZE(ways); i++) {
        err = install_chained(ways[i]);
        ok(err == ERROR_INSTALL_FAILURE, "%s: %u\n", ways[i], err);
        ok(!there(0) && !there(1), "%s: neither\n", ways[i]);
    }
    ok(!install(2, ""), "others go on\n");
    remove_all();
}

static DWORD child_is_told(void)
{
    GetCurrentDirectoryA(sizeof(folder), folder);
    return do_as_told(test_argv[2], strtoul(test_argv[3], NULL, 10));
}

static DWORD chainer_is_told(void)
{
    snprintf(folder, sizeof(folder), "%s", test_argv[4]);
    return do_as_told(test_argv[3], strtoul(test_argv[1], NULL, 10));
}

START_TEST(transaction)
{
    if (test_child() && test_argc > 3)
        ExitProcess(child_is_told());
    if (test_argc > 4 && !strcmp(test_argv[2], "chain"))
        ExitProcess(chainer_is_told());
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        skip("Wine's says that it succeeds\n");
        return;
    }
    package_more = add_chainer;
    make_all();
    RUN(three_packages_are_committed_together);
    RUN(a_failing_third_takes_all_back);
    RUN(wrong_arguments);
    RUN(policy_forbids_rollback);
    RUN(others_wait);
    RUN(another_process_joins);
    RUN(without_an_owner_it_is_undone);
    RUN(a_chainer_installs_with_its_package);
}
