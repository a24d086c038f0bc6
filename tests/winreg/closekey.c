/*
 * MS-RRP 3.1.5.6, BaseRegCloseKey: each sentence.
 */
#include "test.h"

#include "fixture.h"

typedef DWORD(WINAPI *open_method)(PREGISTRY_SERVER_NAME, REGSAM, PRPC_HKEY);

static void every_open_method_gives_a_handle_that_can_be_closed(void)
{
    static const open_method methods[] = {
        OpenClassesRoot, OpenCurrentUser,   OpenLocalMachine,    OpenPerformanceData,
        OpenUsers,       OpenCurrentConfig, OpenPerformanceText, OpenPerformanceNlsText};
    fixture_start();
    for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++) {
        RPC_HKEY key = NULL;
        DWORD err = methods[i](NULL, KEY_READ, &key);
        ok(!err && key, "method %u gave %lu\n", i, err);
        ok(!BaseRegCloseKey(&key), "closing that of method %u\n", i);
        ok(key == NULL, "method %u: %p is left\n", i, key);
    }
    RPC_HKEY key = make_key(L"Software\\Closing"), again = NULL;
    RRP_UNICODE_STRING none = str(L"");
    ok(!BaseRegOpenKey(key, &none, 0, KEY_READ, &again), "BaseRegOpenKey\n");
    ok(again != key, "one value for two handles\n");
    close_key(again);
    close_key(key);
    fixture_stop();
}

static void after_shutdown_it_is_write_protected(void)
{
    RPC_HKEY key, same;
    fixture_start();
    key = same = current_user();
    ok(!WinregShutdown(), "WinregShutdown\n");
    DWORD err = BaseRegCloseKey(&key);
    ok(err == ERROR_WRITE_PROTECT, "got %lu\n", err);
    ok(key == same, "the handle was changed\n");
    ok(!WinregStart(fixture_folder), "WinregStart\n");
    err = BaseRegCloseKey(&key);
    ok(err == ERROR_INVALID_HANDLE, "a handle from before the shutdown: %lu\n", err);
    fixture_stop();
}

static void before_the_start_it_is_not_ready(void)
{
    RPC_HKEY key = (RPC_HKEY)(UINT_PTR)0x400003, same = key;
    DWORD err = BaseRegCloseKey(&key);
    ok(err == ERROR_NOT_READY, "got %lu\n", err);
    ok(key == same, "the handle was changed\n");
}

static void what_is_no_open_handle_is_invalid_and_left_alone(void)
{
    static const UINT_PTR values[] = {0,        1,          3,          4,          7,
                                      0x400003, 0x80000001, 0x80000002, 0xfffffff3, (UINT_PTR)-1};
    fixture_start();
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        RPC_HKEY key = (RPC_HKEY)values[i];
        DWORD err = BaseRegCloseKey(&key);
        ok(err == ERROR_INVALID_HANDLE, "%p gave %lu\n", (void *)values[i], err);
        ok(key == (RPC_HKEY)values[i], "%p was changed\n", (void *)values[i]);
    }
    fixture_stop();
}

static void a_closed_handle_refers_to_nothing(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Closing"), old = key;
    DWORD type, size = 0, len;
    RRP_UNICODE_STRING name = str(L"v");
    ok(!BaseRegCloseKey(&key), "close\n");
    for (int i = 0; i < 500; i++) { /* other handles do not take its value */
        RPC_HKEY other = current_user();
        if (other == old)
            ok(0, "the value came back after %d opens\n", i);
        close_key(other);
    }
    DWORD err = BaseRegQueryValue(old, &name, &type, NULL, &size, &len);
    ok(err == ERROR_INVALID_HANDLE, "query gave %lu\n", err);
    err = BaseRegSetValue(old, &name, REG_SZ, NULL, 0);
    ok(err == ERROR_INVALID_HANDLE, "set gave %lu\n", err);
    err = BaseRegCloseKey(&old);
    ok(err == ERROR_INVALID_HANDLE, "close gave %lu\n", err);
    fixture_stop();
}

static void the_other_handles_of_the_key_stay(void)
{
    fixture_start();
    RPC_HKEY first = make_key(L"Software\\Closing"), second = make_key(L"Software\\Closing");
    RRP_UNICODE_STRING name = str(L"v");
    close_key(first);
    ok(!BaseRegSetValue(second, &name, REG_SZ, NULL, 0), "set\n");
    close_key(second);
    fixture_stop();
}

static void a_deleted_key_is_closed_like_any_other(void)
{
    fixture_start();
    RPC_HKEY key = make_key(L"Software\\Closing"), root = current_user();
    RRP_UNICODE_STRING name = str(L"Software\\Closing"), v = str(L"v");
    ok(!BaseRegDeleteKey(root, &name), "delete\n");
    DWORD err = BaseRegSetValue(key, &v, REG_SZ, NULL, 0);
    ok(err == ERROR_KEY_DELETED, "set gave %lu\n", err);
    close_key(key);
    close_key(root);
    fixture_stop();
}

static DWORD WINAPI close_it(void *arg)
{
    return BaseRegCloseKey(arg);
}

static void any_thread_may_close_it(void)
{
    DWORD err = 1;
    fixture_start();
    RPC_HKEY key = current_user();
    HANDLE thread = CreateThread(NULL, 0, close_it, &key, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &err);
    CloseHandle(thread);
    ok(!err && !key, "got %lu\n", err);
    fixture_stop();
}

static void handles_survive_being_truncated(void)
{
    fixture_start();
    RPC_HKEY key = current_user();
    DWORD flags = 77;
    ok(!((UINT_PTR)key & 3), "%p is no kernel handle\n", key);
    ok(GetHandleInformation(key, &flags), "%p is no kernel handle: %lu\n", key, GetLastError());
    RPC_HKEY narrow = (RPC_HKEY)(INT_PTR)(INT)(UINT_PTR)key;
    ok(narrow == key, "%p became %p\n", key, narrow);
    RPC_HKEY zero = (RPC_HKEY)(UINT_PTR)(UINT)(UINT_PTR)key;
    ok(zero == key, "%p became %p\n", key, zero);
    close_key(narrow);
    fixture_stop();
}

START_TEST(closekey)
{
    test_dll("winreg");
    RUN(before_the_start_it_is_not_ready);
    RUN(every_open_method_gives_a_handle_that_can_be_closed);
    RUN(after_shutdown_it_is_write_protected);
    RUN(what_is_no_open_handle_is_invalid_and_left_alone);
    RUN(a_closed_handle_refers_to_nothing);
    RUN(the_other_handles_of_the_key_stay);
    RUN(a_deleted_key_is_closed_like_any_other);
    RUN(any_thread_may_close_it);
    RUN(handles_survive_being_truncated);
}
