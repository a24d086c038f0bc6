/* RegOpenKey, RegOpenKeyEx, RegCloseKey. */
#include "fixture.h"

static void a_null_result_pointer_is_refused(void)
{
    FIXTURE(key);
    ok_err(RegOpenKeyA(key, "x", NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegOpenKeyA(key, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegOpenKeyW(key, L"x", NULL), ERROR_INVALID_PARAMETER);
    if (test_builtin_dlls) {
        skip("Wine's own RegOpenKeyEx ends with a page fault\n");
    } else {
        ok_err(RegOpenKeyExA(key, "x", 0, KEY_READ, NULL), ERROR_INVALID_PARAMETER);
        ok_err(RegOpenKeyExW(key, L"x", 0, KEY_READ, NULL), ERROR_INVALID_PARAMETER);
    }
    END(key);
}

static void what_is_not_there_gives_null(void)
{
    FIXTURE(key);
    HKEY result = NO_KEY;
    ok_err(RegOpenKeyExA(key, "not there", 0, KEY_READ, &result), ERROR_FILE_NOT_FOUND);
    ok(result == NULL, "the result is %p\n", (void *)result);
    result = NO_KEY;
    ok_err(RegOpenKeyExW(key, L"not\\there", 0, KEY_READ, &result), ERROR_FILE_NOT_FOUND);
    ok(result == NULL, "the result is %p\n", (void *)result);
    END(key);
}

static void without_a_key_the_result_is_untouched(void)
{
    HKEY result = NO_KEY;
    ok_err(RegOpenKeyExA(NULL, "Software", 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
    ok(result == NO_KEY, "the result is %p\n", (void *)result);
    ok_err(RegOpenKeyExA(NULL, NULL, 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
    ok(result == NO_KEY, "the result is %p\n", (void *)result);
    ok_err(RegOpenKeyA(NULL, "Software", &result), ERROR_INVALID_HANDLE);
    ok(result == NO_KEY, "the result is %p\n", (void *)result);
}

static void without_a_key_the_wide_result_is_null(void)
{
    HKEY result = NO_KEY;
    ok_err(RegOpenKeyExW(NULL, L"Software", 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
    ok(result == NULL, "the result is %p\n", (void *)result);
    result = NO_KEY;
    ok_err(RegOpenKeyW(NULL, L"Software", &result), ERROR_INVALID_HANDLE);
    ok(result == NULL, "the result is %p\n", (void *)result);
}

static void not_every_number_in_their_range_is_a_predefined_key(void)
{
    static const DWORD none[] = {0x80000008, 0x8fffffff};
    for (unsigned i = 0; i < sizeof none / sizeof *none; i++) {
        HKEY result = NO_KEY;
        ok_err(RegOpenKeyExW((HKEY)(ULONG_PTR)(LONG)none[i], NULL, 0, KEY_READ, &result),
               ERROR_INVALID_HANDLE);
    }
}

static void the_last_error_is_left_alone(void)
{
    FIXTURE(key);
    HKEY result;
    SetLastError(0xabcd);
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software", 0, KEY_READ, &result);
    ok(GetLastError() == 0xabcd, "opening below HKEY_LOCAL_MACHINE set %lu\n", GetLastError());
    RegCloseKey(result);
    RegOpenKeyExW(HKEY_USERS, L"not there", 0, KEY_READ, &result);
    ok(GetLastError() == 0xabcd, "opening below HKEY_USERS set %lu\n", GetLastError());
    RegOpenKeyExW(NO_KEY, L"x", 0, KEY_READ, &result);
    ok(GetLastError() == 0xabcd, "a wrong handle set %lu\n", GetLastError());
    END(key);
}

static void a_wrong_handle_is_told(void)
{
    HKEY result = NO_KEY;
    ok_err(RegOpenKeyExA(NO_KEY, "Software", 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
    ok_err(RegOpenKeyExA((HKEY)(ULONG_PTR)0xdeadbee1, "x", 0, KEY_READ, &result),
           ERROR_INVALID_HANDLE);
}

static void the_key_is_told_before_a_long_name(void)
{
    FIXTURE(key);
    WCHAR name[300];
    HKEY deleted, result;
    for (unsigned i = 0; i < 299; i++)
        name[i] = 'n';
    name[299] = 0;
    ok_err(RegOpenKeyExW((HKEY)(ULONG_PTR)0xdeadbee1, name, 0, KEY_READ, &result),
           ERROR_INVALID_HANDLE);
    ok_err(RegCreateKeyW(key, L"gone", &deleted), ERROR_SUCCESS);
    ok_err(RegDeleteKeyW(key, L"gone"), ERROR_SUCCESS);
    ok_err(RegOpenKeyExW(deleted, name, 0, KEY_READ, &result), ERROR_KEY_DELETED);
    ok_err(RegOpenKeyExW(deleted, L"\\x", 0, KEY_READ, &result), ERROR_KEY_DELETED);
    ok_err(RegCreateKeyW(deleted, name, &result), ERROR_KEY_DELETED);
    ok_err(RegDeleteKeyW(deleted, name), ERROR_KEY_DELETED);
    ok_err(RegDeleteTreeW(deleted, name), ERROR_KEY_DELETED);
    RegCloseKey(deleted);
    END(key);
}

static void null_gives_back_the_handle(void)
{
    FIXTURE(key);
    HKEY result = NULL;
    ok_err(RegOpenKeyA(key, NULL, &result), ERROR_SUCCESS);
    ok(result == key, "got another handle\n");
    ok_err(RegOpenKeyA(key, "", &result), ERROR_SUCCESS);
    ok(result == key, "got another handle\n");
    ok_err(RegOpenKeyW(key, NULL, &result), ERROR_SUCCESS);
    ok(result == key, "got another handle\n");
    ok_err(RegOpenKeyA(HKEY_CURRENT_USER, NULL, &result), ERROR_SUCCESS);
    ok(result == HKEY_CURRENT_USER, "got another handle\n");
    ok_err(RegOpenKeyA(NULL, NULL, &result), ERROR_SUCCESS);
    ok(result == NULL, "got %p\n", (void *)result);
    END(key);
}

static void an_empty_subkey_opens_the_key_again(void)
{
    FIXTURE(key);
    HKEY result = NULL;
    ok_err(RegOpenKeyExA(key, "", 0, KEY_READ, &result), ERROR_SUCCESS);
    ok(result && result != key, "no new handle\n");
    ok_err(RegCloseKey(result), ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &result), ERROR_SUCCESS);
    ok(result && result != key, "no new handle\n");
    ok_err(RegCloseKey(result), ERROR_SUCCESS);
    END(key);
}

static void below_a_predefined_key_nothing_is_the_key(void)
{
    static const HKEY roots[] = {HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, HKEY_USERS,
                                 HKEY_CLASSES_ROOT, HKEY_CURRENT_CONFIG};
    for (unsigned i = 0; i < ARRAYSIZE(roots); i++) {
        HKEY result = NULL;
        ok_err(RegOpenKeyExA(roots[i], NULL, 0, KEY_READ, &result), ERROR_SUCCESS);
        ok(result == roots[i], "%u, NULL: got %p\n", i, (void *)result);
        ok_err(RegOpenKeyExA(roots[i], "", 0, KEY_READ, &result), ERROR_SUCCESS);
        ok(result == roots[i], "%u, empty: got %p\n", i, (void *)result);
        ok_err(RegOpenKeyExW(roots[i], L"", 0, KEY_READ | KEY_WOW64_32KEY, &result), ERROR_SUCCESS);
        ok(result == roots[i], "%u, the 32-bit view: got %p\n", i, (void *)result);
        ok_err(RegCloseKey(result), ERROR_SUCCESS);
    }
}

static void a_backslash_below_the_classes_root_is_a_new_handle(void)
{
    HKEY result = NULL;
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "\\", 0, KEY_READ, &result), ERROR_SUCCESS);
    ok(result && result != HKEY_CLASSES_ROOT, "got %p\n", (void *)result);
    RegCloseKey(result);
}

static void two_opens_are_two_handles(void)
{
    FIXTURE(key);
    HKEY a = NULL, b = NULL;
    RegCloseKey(make_key(key, "x"));
    ok_err(RegOpenKeyA(key, "x", &a), ERROR_SUCCESS);
    ok_err(RegOpenKeyA(key, "x", &b), ERROR_SUCCESS);
    ok(a != b, "one handle twice\n");
    ok_err(RegCloseKey(a), ERROR_SUCCESS);
    ok(has_key(b, ""), "closing one closed the other\n");
    ok_err(RegCloseKey(b), ERROR_SUCCESS);
    END(key);
}

static void case_does_not_matter(void)
{
    FIXTURE(key);
    RegCloseKey(make_key(key, "MiXed"));
    ok(has_key(key, "mixed"), "not found\n");
    ok(has_key(key, "MIXED"), "not found\n");
    END(key);
}

static void a_beginning_backslash_is_refused(void)
{
    FIXTURE(key);
    HKEY result = NO_KEY;
    ok_err(RegOpenKeyExA(key, "\\", 0, KEY_READ, &result), ERROR_BAD_PATHNAME);
    ok(result == NULL, "the result is %p\n", (void *)result);
    ok_err(RegOpenKeyExA(HKEY_CURRENT_USER, "\\Software", 0, KEY_READ, &result),
           ERROR_BAD_PATHNAME);
    END(key);
}

static void the_classes_root_takes_one_beginning_backslash(void)
{
    HKEY result = NULL;
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "\\", 0, KEY_READ, &result), ERROR_SUCCESS);
    RegCloseKey(result);
    ok_err(RegOpenKeyExA(HKEY_CLASSES_ROOT, "\\\\", 0, KEY_READ, &result), ERROR_BAD_PATHNAME);
}

static void a_wrong_handle_is_told_before_a_beginning_backslash(void)
{
    HKEY result = NULL;
    ok_err(RegOpenKeyExA(NO_KEY, "\\x", 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
    ok_err(RegCreateKeyExA(NO_KEY, "\\x", 0, NULL, 0, KEY_READ, NULL, &result, NULL),
           ERROR_INVALID_HANDLE);
    ok_err(RegDeleteKeyA(NO_KEY, "\\x"), ERROR_INVALID_HANDLE);
    ok_err(RegOpenKeyExA(HKEY_PERFORMANCE_DATA, "\\x", 0, KEY_READ, &result), ERROR_INVALID_HANDLE);
}

static void options_do_not_change_the_answer_of_a_predefined_key(void)
{
    HKEY result = NULL;
    ok_err(RegOpenKeyExA(HKEY_CURRENT_USER, NULL, REG_OPTION_OPEN_LINK, KEY_READ, &result),
           ERROR_SUCCESS);
    ok(result == HKEY_CURRENT_USER, "got another handle\n");
}

/* HKEY_CURRENT_USER_LOCAL_SETTINGS of winreg.h, which mingw-w64 does not have everywhere. */
static void the_local_settings_are_the_users(void)
{
    const HKEY settings = (HKEY)(LONG_PTR)(LONG)0x80000007;
    HKEY made = NULL, same = NULL;
    differs(DOC_OPEN) ok_err(RegCreateKeyA(settings, "DecanterTest", &made), ERROR_SUCCESS);
    differs(DOC_OPEN) ok_err(
        RegOpenKeyA(HKEY_CURRENT_USER, "Software\\Classes\\Local Settings\\DecanterTest", &same),
        ERROR_SUCCESS);
    RegCloseKey(same);
    RegCloseKey(made);
    differs(DOC_OPEN) ok_err(RegDeleteKeyA(settings, "DecanterTest"), ERROR_SUCCESS);
}

static void more_backslashes_are_one(void)
{
    FIXTURE(key);
    RegCloseKey(make_key(key, "a\\b"));
    ok(has_key(key, "a\\\\b"), "two between\n");
    ok(has_key(key, "a\\b\\"), "one behind\n");
    ok(has_key(key, "a\\b\\\\"), "two behind\n");
    END(key);
}

static void a_long_name_is_a_wrong_parameter(void)
{
    FIXTURE(key);
    char name[300];
    HKEY result = NO_KEY;
    memset(name, 'n', sizeof(name));
    name[255] = 0;
    ok_err(RegOpenKeyExA(key, name, 0, KEY_READ, &result), ERROR_FILE_NOT_FOUND);
    name[255] = 'n';
    name[257] = 0;
    ok_err(RegOpenKeyExA(key, name, 0, KEY_READ, &result), ERROR_INVALID_PARAMETER);
    END(key);
}

static void the_upper_half_of_a_predefined_key_does_not_count(void)
{
#ifdef _WIN64
    static const ULONG_PTR upper[] = {0, 1, 0xdeadbeef, 0xffffffff};
    for (int i = 0; i < 4; i++) {
        HKEY root = (HKEY)(0x80000001u | upper[i] << 32), result = NULL;
        ok_err(RegOpenKeyA(root, "Software", &result), ERROR_SUCCESS);
        RegCloseKey(result);
    }
#else
    skip("pointers have 32 bits\n");
#endif
}

static void closing_twice_is_an_error(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    differs(DOC_CLOSE) ok_err(RegCloseKey(sub), ERROR_INVALID_HANDLE);
    END(key);
}

static void predefined_keys_close_and_stay(void)
{
    static const DWORD roots[] = {0x80000000, 0x80000001, 0x80000002, 0x80000003,
                                  0x80000004, 0x80000005, 0x80000050, 0x80000060};
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        HKEY root = (HKEY)(LONG_PTR)(LONG)roots[i];
        ok_err(RegCloseKey(root), ERROR_SUCCESS);
        ok_err(RegCloseKey(root), ERROR_SUCCESS);
    }
    ok(has_key(HKEY_CURRENT_USER, "Software"), "HKEY_CURRENT_USER is gone\n");
}

static void what_was_never_open_does_not_close(void)
{
    ok_err(RegCloseKey(NULL), ERROR_INVALID_HANDLE);
    differs(DOC_CLOSE) ok_err(RegCloseKey(NO_KEY), ERROR_INVALID_HANDLE);
    differs(DOC_CLOSE) ok_err(RegCloseKey(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
    differs(DOC_CLOSE) ok_err(RegCloseKey((HKEY)(ULONG_PTR)2), ERROR_INVALID_HANDLE);
}

static DWORD WINAPI close_there(void *key)
{
    return (DWORD)RegCloseKey((HKEY)key);
}

static void any_thread_may_close(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x");
    HANDLE thread = CreateThread(NULL, 0, close_there, sub, 0, NULL);
    DWORD code = 99;
    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    ok(code == ERROR_SUCCESS, "error %lu\n", code);
    CloseHandle(thread);
    END(key);
}

static void both_views_at_once_are_refused(void)
{
    HKEY result = NULL;
    differs("32-bit and 64-bit Application Data in the Registry")
        ok_err(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software", 0,
                             KEY_READ | KEY_WOW64_32KEY | KEY_WOW64_64KEY, &result),
               ERROR_INVALID_PARAMETER);
    RegCloseKey(result);
}

static void rights_are_those_asked_for(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x"), reader = NULL;
    ok_err(RegOpenKeyExA(key, "x", 0, KEY_READ, &reader), ERROR_SUCCESS);
    ok_err(RegSetValueExA(reader, "v", 0, REG_SZ, (const BYTE *)"", 1), ERROR_ACCESS_DENIED);
    ok_err(RegDeleteValueA(reader, "v"), ERROR_ACCESS_DENIED);
    RegCloseKey(reader);
    ok_err(RegOpenKeyExA(key, "x", 0, KEY_SET_VALUE, &reader), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(reader, "v", NULL, NULL, NULL, NULL), ERROR_ACCESS_DENIED);
    RegCloseKey(reader);
    RegCloseKey(sub);
    END(key);
}

static void a_deleted_key_says_so(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "x"), result = NO_KEY;
    ok_err(RegDeleteKeyA(key, "x"), ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(sub, "y", 0, KEY_READ, &result), ERROR_KEY_DELETED);
    ok_err(RegOpenKeyExA(sub, "", 0, KEY_READ, &result), ERROR_KEY_DELETED);
    ok_err(RegQueryValueExA(sub, "v", NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    ok_err(RegSetValueExA(sub, "v", 0, REG_SZ, (const BYTE *)"", 1), ERROR_KEY_DELETED);
    ok_err(RegFlushKey(sub), ERROR_KEY_DELETED);
    ok_err(RegCloseKey(sub), ERROR_SUCCESS);
    END(key);
}

START_TEST(open)
{
    test_dll("advapi32");
    RUN(a_null_result_pointer_is_refused);
    RUN(what_is_not_there_gives_null);
    RUN(without_a_key_the_result_is_untouched);
    RUN(without_a_key_the_wide_result_is_null);
    RUN(not_every_number_in_their_range_is_a_predefined_key);
    RUN(the_last_error_is_left_alone);
    RUN(a_wrong_handle_is_told);
    RUN(the_key_is_told_before_a_long_name);
    RUN(null_gives_back_the_handle);
    RUN(an_empty_subkey_opens_the_key_again);
    RUN(below_a_predefined_key_nothing_is_the_key);
    RUN(a_backslash_below_the_classes_root_is_a_new_handle);
    RUN(two_opens_are_two_handles);
    RUN(case_does_not_matter);
    RUN(a_beginning_backslash_is_refused);
    RUN(the_classes_root_takes_one_beginning_backslash);
    RUN(a_wrong_handle_is_told_before_a_beginning_backslash);
    RUN(options_do_not_change_the_answer_of_a_predefined_key);
    RUN(the_local_settings_are_the_users);
    RUN(more_backslashes_are_one);
    RUN(a_long_name_is_a_wrong_parameter);
    RUN(the_upper_half_of_a_predefined_key_does_not_count);
    RUN(closing_twice_is_an_error);
    RUN(predefined_keys_close_and_stay);
    RUN(what_was_never_open_does_not_close);
    RUN(any_thread_may_close);
    RUN(both_views_at_once_are_refused);
    RUN(rights_are_those_asked_for);
    RUN(a_deleted_key_says_so);
}
