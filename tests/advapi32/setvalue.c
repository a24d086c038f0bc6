/* RegSetValueEx, RegSetValue, RegSetKeyValue, RegDeleteValue, RegDeleteKeyValue. */
#include "fixture.h"

/* What is stored under a name, byte for byte. */
static void stored(int line, HKEY key, const char *name, DWORD type, const void *data, DWORD size)
{
    WCHAR wide[40];
    BYTE got[256];
    DWORD got_type = 99, got_size = sizeof(got);
    LONG err;
    MultiByteToWideChar(CP_ACP, 0, name, -1, wide, 40);
    err = RegQueryValueExW(key, wide, NULL, &got_type, got, &got_size);
    test_ok(__FILE__, line, !err, "%s: error %ld\n", name, err);
    test_ok(__FILE__, line, got_type == type, "%s: type %lu\n", name, got_type);
    test_ok(__FILE__, line, got_size == size && !memcmp(got, data, size), "%s: %lu bytes\n", name,
            got_size);
}
#define STORED(key, name, type, data, size) stored(__LINE__, key, name, type, data, size)

static LONG set_a(HKEY key, const char *name, DWORD type, const void *data, DWORD size)
{
    return RegSetValueExA(key, name, 0, type, (const BYTE *)data, size);
}

static LONG set_w(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    return RegSetValueExW(key, name, 0, type, (const BYTE *)data, size);
}

static void ansi_text_is_kept_as_utf16(void)
{
    FIXTURE(key);
    ok_err(set_a(key, "v", REG_SZ, "hello", 6), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"hello", 12);
    ok_err(set_a(key, "v", REG_EXPAND_SZ, "%x%", 4), ERROR_SUCCESS);
    STORED(key, "v", REG_EXPAND_SZ, L"%x%", 8);
    ok_err(set_a(key, "v", REG_MULTI_SZ, "a\0b\0", 5), ERROR_SUCCESS);
    STORED(key, "v", REG_MULTI_SZ, L"a\0b\0", 10);
    ok_err(set_a(key, "v", REG_BINARY, "hello", 5), ERROR_SUCCESS);
    STORED(key, "v", REG_BINARY, "hello", 5);
    END(key);
}

static void a_terminator_behind_the_data_is_taken_in(void)
{
    FIXTURE(key);
    ok_err(set_a(key, "v", REG_SZ, "hello", 5), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"hello", 12);
    ok_err(set_w(key, L"v", REG_SZ, L"hello", 10), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"hello", 12);
    ok_err(set_w(key, L"v", REG_MULTI_SZ, L"hello", 10), ERROR_SUCCESS);
    STORED(key, "v", REG_MULTI_SZ, L"hello", 12);
    END(key);
}

static void part_of_a_text_stays_part(void)
{
    FIXTURE(key);
    ok_err(set_a(key, "v", REG_SZ, "hello", 3), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"hel", 6);
    ok_err(set_w(key, L"v", REG_SZ, L"hello", 4), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"he", 4);
    ok_err(set_w(key, L"v", REG_SZ, L"hello", 5), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"hello", 5);
    END(key);
}

static void a_text_may_hold_zeros(void)
{
    FIXTURE(key);
    ok_err(set_w(key, L"v", REG_SZ, L"a\0b", 8), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, L"a\0b", 8);
    END(key);
}

static void nothing_may_be_stored(void)
{
    FIXTURE(key);
    ok_err(set_a(key, "v", REG_SZ, NULL, 0), ERROR_SUCCESS);
    STORED(key, "v", REG_SZ, "", 0);
    ok_err(set_w(key, L"v", REG_BINARY, NULL, 0), ERROR_SUCCESS);
    STORED(key, "v", REG_BINARY, "", 0);
    ok_err(set_a(key, "v", REG_NONE, NULL, 0), ERROR_SUCCESS);
    STORED(key, "v", REG_NONE, "", 0);
    END(key);
}

static void every_type_is_kept(void)
{
    static const DWORD types[] = {REG_NONE, REG_DWORD,         REG_DWORD_BIG_ENDIAN,
                                  REG_LINK, REG_RESOURCE_LIST, REG_QWORD,
                                  0x1234,   0xfffffff0};
    FIXTURE(key);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        ok_err(set_a(key, "v", types[i], "abc", 3), ERROR_SUCCESS);
        STORED(key, "v", types[i], "abc", 3);
    }
    END(key);
}

static void a_pointer_to_nowhere_is_told(void)
{
    FIXTURE(key);
    ok_err(set_w(key, L"v", REG_SZ, (const void *)1, 1), ERROR_NOACCESS);
    ok_err(set_w(key, L"v", REG_DWORD, (const void *)1, 4), ERROR_NOACCESS);
    ok_err(set_a(key, "v", REG_SZ, (const void *)1, 0), ERROR_SUCCESS);
    if (!test_builtin_dlls) {
        ok_err(set_a(key, "v", REG_SZ, NULL, 4), ERROR_NOACCESS);
        ok_err(set_a(key, "v", REG_BINARY, NULL, 4), ERROR_NOACCESS);
    }
    END(key);
}

/* Data of which a part is not there: an error, and nobody else waits for it. */
static void data_that_ends_too_early_is_told(void)
{
    static const DWORD sizes[] = {2, 4, 100, 3000, 4096};
    BYTE *page, back[8];
    DWORD type, size;
    FIXTURE(key);
    if (test_builtin_dlls) {
        skip("Wine's own ends the program\n");
        END(key);
        return;
    }
    page = VirtualAlloc(NULL, 0x20000, MEM_RESERVE, PAGE_NOACCESS);
    ok(VirtualAlloc(page, 0x10000, MEM_COMMIT, PAGE_READWRITE) != NULL, "no memory\n");
    memset(page, 'a', 0x10000);
    for (DWORD i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        const BYTE *data = page + 0x10000 - sizes[i] + 2;
        ok_err(set_w(key, L"v", REG_BINARY, data, sizes[i] + 1), ERROR_NOACCESS);
        ok_err(set_w(key, L"v", REG_SZ, data, sizes[i]), ERROR_NOACCESS);
        ok_err(set_a(key, "v", REG_SZ, data, sizes[i]), ERROR_NOACCESS);
        ok_err(set_w(key, L"after", REG_BINARY, page, 8), ERROR_SUCCESS);
    }
    size = 8;
    ok_err(RegQueryValueExW(key, L"v", NULL, &type, back, &size), ERROR_FILE_NOT_FOUND);
    size = 8;
    ok_err(RegQueryValueExW(key, L"after", NULL, &type, page + 0x10000 - 4, &size), ERROR_NOACCESS);
    size = 8;
    ok_err(RegQueryValueExW(key, L"after", NULL, &type, back, &size), ERROR_SUCCESS);
    VirtualFree(page, 0, MEM_RELEASE);
    END(key);
}

static void data_at_the_end_of_a_page(void)
{
    FIXTURE(key);
    BYTE *page = VirtualAlloc(NULL, 8192, MEM_RESERVE, PAGE_NOACCESS);
    ok(VirtualAlloc(page, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL, "no page\n");
    memcpy(page + 4096 - 4, L"ab", 4);
    if (test_builtin_dlls) {
        skip("Wine's own reads on\n");
    } else {
        ok_err(set_w(key, L"v", REG_SZ, page + 4096 - 4, 4), ERROR_SUCCESS);
        STORED(key, "v", REG_SZ, L"ab", 4);
        memcpy(page + 4096 - 4, "abcd", 4);
        ok_err(set_a(key, "v", REG_SZ, page + 4096 - 4, 4), ERROR_SUCCESS);
        STORED(key, "v", REG_SZ, L"abcd", 8);
    }
    VirtualFree(page, 0, MEM_RELEASE);
    END(key);
}

static void a_name_has_16383_characters_at_most(void)
{
    static WCHAR name[16386];
    FIXTURE(key);
    for (int i = 0; i < 16385; i++)
        name[i] = 'n';
    ok_err(set_w(key, name, REG_SZ, L"", 2), ERROR_INVALID_PARAMETER);
    name[16384] = 0;
    ok_err(set_w(key, name, REG_SZ, L"", 2), ERROR_INVALID_PARAMETER);
    name[16383] = 0;
    ok_err(set_w(key, name, REG_SZ, L"", 2), ERROR_SUCCESS);
    ok_err(RegQueryValueExW(key, name, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteValueW(key, name), ERROR_SUCCESS);
    END(key);
}

static void names_are_found_in_any_case(void)
{
    FIXTURE(key);
    set_string(key, "MiXed", "1");
    set_string(key, "mixed", "2");
    ok_err(RegQueryValueExA(key, "MIXED", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteValueA(key, "miXED"), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "MIXED", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    END(key);
}

static void null_and_empty_name_the_default_value(void)
{
    FIXTURE(key);
    ok_err(set_a(key, NULL, REG_SZ, "x", 2), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteValueA(key, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteValueA(key, ""), ERROR_FILE_NOT_FOUND);
    END(key);
}

static void large_data_comes_back(void)
{
    FIXTURE(key);
    const DWORD size = 300000;
    BYTE *in = malloc(size), *out = malloc(size);
    DWORD got = size;
    for (DWORD i = 0; i < size; i++)
        in[i] = (BYTE)(i * 7 + i / 1000);
    ok_err(set_a(key, "v", REG_BINARY, in, size), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, out, &got), ERROR_SUCCESS);
    ok(got == size && !memcmp(in, out, size), "other data, %lu bytes\n", got);
    free(in);
    free(out);
    END(key);
}

static void a_wrong_handle_is_told(void)
{
    ok_err(set_a(NULL, "v", REG_SZ, "x", 2), ERROR_INVALID_HANDLE);
    ok_err(set_a(NO_KEY, "v", REG_SZ, "x", 2), ERROR_INVALID_HANDLE);
    ok_err(RegDeleteValueA(NULL, "v"), ERROR_INVALID_HANDLE);
    ok_err(RegDeleteValueA(NO_KEY, "v"), ERROR_INVALID_HANDLE);
}

static void what_is_not_there_is_not_deleted(void)
{
    FIXTURE(key);
    ok_err(RegDeleteValueA(key, "v"), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteValueA(key, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteKeyValueA(key, "sub", "v"), ERROR_FILE_NOT_FOUND);
    END(key);
}

static void the_old_function_sets_text_of_a_subkey(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    ok_err(RegSetValueA(key, "sub", REG_SZ, "hello", 2), ERROR_SUCCESS);
    ok_err(RegOpenKeyA(key, "sub", &sub), ERROR_SUCCESS);
    STORED(sub, "", REG_SZ, L"hello", 12);
    ok_err(RegSetValueW(sub, NULL, REG_SZ, L"wide", 0), ERROR_SUCCESS);
    STORED(sub, "", REG_SZ, L"wide", 10);
    RegCloseKey(sub);
    END(key);
}

static void the_old_function_takes_text_only(void)
{
    FIXTURE(key);
    ok_err(RegSetValueA(key, "sub", REG_DWORD, "abcd", 4), ERROR_INVALID_PARAMETER);
    ok_err(RegSetValueA(key, "sub", REG_EXPAND_SZ, "abcd", 4), ERROR_INVALID_PARAMETER);
    ok_err(RegSetValueA(key, "sub", REG_SZ, NULL, 4), ERROR_INVALID_PARAMETER);
    ok_err(RegSetValueW(key, L"sub", REG_NONE, L"abcd", 4), ERROR_INVALID_PARAMETER);
    ok(!has_key(key, "sub"), "the key was made\n");
    END(key);
}

static void a_key_value_makes_its_key(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    ok_err(RegSetKeyValueA(key, "a\\b", "v", REG_SZ, "hello", 6), ERROR_SUCCESS);
    ok_err(RegOpenKeyA(key, "a\\b", &sub), ERROR_SUCCESS);
    STORED(sub, "v", REG_SZ, L"hello", 12);
    ok_err(RegSetKeyValueW(sub, NULL, L"w", REG_DWORD, "\1\2\3\4", 4), ERROR_SUCCESS);
    STORED(sub, "w", REG_DWORD, "\1\2\3\4", 4);
    ok_err(RegDeleteKeyValueW(key, L"a\\b", L"w"), ERROR_SUCCESS);
    ok_err(RegDeleteKeyValueW(sub, NULL, L"w"), ERROR_FILE_NOT_FOUND);
    RegCloseKey(sub);
    END(key);
}

static void a_root_without_values_has_none_to_delete(void)
{
    static const HKEY roots[] = {HKEY_LOCAL_MACHINE, HKEY_USERS};
    for (int i = 0; i < 2; i++) {
        ok_err(RegDeleteValueA(roots[i], "DecanterNone"), ERROR_FILE_NOT_FOUND);
        ok_err(RegDeleteKeyValueA(roots[i], NULL, "DecanterNone"), ERROR_FILE_NOT_FOUND);
    }
}

START_TEST(setvalue)
{
    test_dll("advapi32");
    RUN(ansi_text_is_kept_as_utf16);
    RUN(a_root_without_values_has_none_to_delete);
    RUN(a_terminator_behind_the_data_is_taken_in);
    RUN(part_of_a_text_stays_part);
    RUN(a_text_may_hold_zeros);
    RUN(nothing_may_be_stored);
    RUN(every_type_is_kept);
    RUN(a_pointer_to_nowhere_is_told);
    RUN(data_that_ends_too_early_is_told);
    RUN(data_at_the_end_of_a_page);
    RUN(a_name_has_16383_characters_at_most);
    RUN(names_are_found_in_any_case);
    RUN(null_and_empty_name_the_default_value);
    RUN(large_data_comes_back);
    RUN(a_wrong_handle_is_told);
    RUN(what_is_not_there_is_not_deleted);
    RUN(the_old_function_sets_text_of_a_subkey);
    RUN(the_old_function_takes_text_only);
    RUN(a_key_value_makes_its_key);
}
