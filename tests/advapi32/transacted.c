/* RegCreateKeyTransacted, RegOpenKeyTransacted, RegDeleteKeyTransacted. */
#include "fixture.h"

#ifndef ERROR_TRANSACTION_NOT_ACTIVE
#define ERROR_TRANSACTION_NOT_ACTIVE 6701
#endif

static HANDLE(WINAPI *create)(void *, void *, DWORD, DWORD, DWORD, DWORD, WCHAR *);
static BOOL(WINAPI *commit)(HANDLE);
static BOOL(WINAPI *rollback)(HANDLE);

static HANDLE begin(void)
{
    HANDLE t = create(NULL, NULL, 0, 0, 0, 0, NULL);
    ok(t != INVALID_HANDLE_VALUE, "no transaction: error %lu\n", GetLastError());
    return t;
}

static HKEY make_under(HANDLE t, HKEY key, const char *name)
{
    HKEY made = NULL;
    DWORD disposition = 77;
    ok_err(RegCreateKeyTransactedA(key, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &made, &disposition,
                                   t, NULL),
           ERROR_SUCCESS);
    ok(disposition == REG_CREATED_NEW_KEY, "disposition %lu\n", disposition);
    return made;
}

static int has_under(HANDLE t, HKEY key, const char *name)
{
    HKEY opened = NULL;
    LONG err = RegOpenKeyTransactedA(key, name, 0, KEY_READ, &opened, t, NULL);
    if (!err)
        RegCloseKey(opened);
    return !err;
}

static void what_is_committed_stays(void)
{
    FIXTURE(key);
    HANDLE t = begin();
    HKEY made = make_under(t, key, "a\\b");
    set_string(made, "v", "hello");
    ok_err(RegQueryValueExA(made, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(has_under(t, key, "a\\b"), "the transaction does not see its own\n");
    ok(!has_key(key, "a"), "others see it\n");
    ok(commit(t), "error %lu\n", GetLastError());
    ok(has_key(key, "a\\b"), "it is not there\n");
    ok_err(RegGetValueA(key, "a\\b", "v", RRF_RT_REG_SZ, NULL, NULL, NULL), ERROR_SUCCESS);
    RegCloseKey(made);
    RegCloseKey((HKEY)t);
    END(key);
}

static void what_is_rolled_back_goes(void)
{
    FIXTURE(key);
    HANDLE t = begin();
    HKEY made = make_under(t, key, "a"), there = make_key(key, "there");
    set_string(made, "v", "hello");
    ok_err(RegDeleteKeyTransactedA(key, "there", 0, 0, t, NULL), ERROR_SUCCESS);
    ok(!has_under(t, key, "there"), "the transaction still sees it\n");
    ok(has_key(key, "there"), "others do not see it\n");
    ok(rollback(t), "error %lu\n", GetLastError());
    ok(!has_key(key, "a"), "it is there\n");
    ok(has_key(key, "there"), "it is gone\n");
    RegCloseKey(made);
    RegCloseKey(there);
    RegCloseKey((HKEY)t);
    END(key);
}

static void closing_rolls_back(void)
{
    FIXTURE(key);
    HANDLE t = begin();
    HKEY made = make_under(t, key, "a");
    RegCloseKey(made);
    ok_err(RegCloseKey((HKEY)t), ERROR_SUCCESS);
    ok(!has_key(key, "a"), "it is there\n");
    END(key);
}

static void a_transaction_ends_once(void)
{
    HANDLE t = begin();
    ok(commit(t), "error %lu\n", GetLastError());
    SetLastError(0);
    ok(!commit(t), "again\n");
    ok(GetLastError() == ERROR_TRANSACTION_NOT_ACTIVE, "error %lu\n", GetLastError());
    ok(!rollback(t), "rolled back\n");
    RegCloseKey((HKEY)t);
}

static void wrong_parameters(void)
{
    FIXTURE(key);
    HKEY made = NULL;
    int extended = 0;
    HANDLE t = begin();
    ok_err(RegOpenKeyTransactedA(key, "x", 0, KEY_READ, &made, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegOpenKeyTransactedA(key, "x", 0, KEY_READ, &made, (HANDLE)(ULONG_PTR)1, NULL),
           ERROR_INVALID_HANDLE);
    ok_err(RegOpenKeyTransactedA(key, "x", 0, KEY_READ, &made, t, &extended),
           ERROR_INVALID_PARAMETER);
    ok_err(RegOpenKeyTransactedA(key, "x", 0, KEY_READ, NULL, t, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegOpenKeyTransactedA(key, "x", 0, KEY_READ, &made, t, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteKeyTransactedA(key, NULL, 0, 0, t, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegCreateKeyTransactedA(key, "x", 1, NULL, 0, KEY_READ, NULL, &made, NULL, t, NULL),
           ERROR_INVALID_PARAMETER);
    RegCloseKey((HKEY)t);
    END(key);
}

START_TEST(transacted)
{
    HMODULE winreg;
    test_dll("advapi32");
    winreg = LoadLibraryA("winreg.dll");
    if (test_builtin_dlls || !winreg) {
        skip("Wine's own has no transactions\n");
        return;
    }
    create = (void *)GetProcAddress(winreg, "CreateTransaction");
    commit = (void *)GetProcAddress(winreg, "CommitTransaction");
    rollback = (void *)GetProcAddress(winreg, "RollbackTransaction");
    RUN(what_is_committed_stays);
    RUN(what_is_rolled_back_goes);
    RUN(closing_rolls_back);
    RUN(a_transaction_ends_once);
    RUN(wrong_parameters);
}
