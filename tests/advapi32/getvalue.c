/* RegGetValue: restrictions, expansion, termination. */
#include "fixture.h"

static char text[64];
static DWORD type, size;

static LONG get(HKEY key, const char *name, DWORD flags, DWORD room)
{
    memset(text, 'x', sizeof(text));
    type = 99;
    size = room;
    return RegGetValueA(key, NULL, name, flags, &type, text, &size);
}

static LONG measure(HKEY key, const char *name, DWORD flags)
{
    type = 99;
    size = 77;
    return RegGetValueA(key, NULL, name, flags, &type, NULL, &size);
}

static void set_bytes(HKEY key, const char *name, DWORD value_type, const void *data, DWORD n)
{
    WCHAR wide[20];
    MultiByteToWideChar(CP_ACP, 0, name, -1, wide, 20);
    ok_err(RegSetValueExW(key, wide, 0, value_type, (const BYTE *)data, n), ERROR_SUCCESS);
}

static void data_without_a_size_is_refused(void)
{
    FIXTURE(key);
    set_dword(key, "d", 1);
    ok_err(RegGetValueA(key, NULL, "d", RRF_RT_ANY, NULL, text, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegGetValueA(key, NULL, "d", RRF_RT_ANY, NULL, NULL, NULL), ERROR_SUCCESS);
    END(key);
}

static void a_number_passes_its_own_flags(void)
{
    FIXTURE(key);
    set_dword(key, "d", 0x01020304);
    ok_err(get(key, "d", RRF_RT_REG_DWORD, 4), ERROR_SUCCESS);
    ok(type == REG_DWORD && size == 4 && !memcmp(text, "\4\3\2\1", 4), "type %lu\n", type);
    ok_err(get(key, "d", RRF_RT_DWORD, 4), ERROR_SUCCESS);
    ok_err(get(key, "d", RRF_RT_ANY, 4), ERROR_SUCCESS);
    ok_err(measure(key, "d", RRF_RT_REG_DWORD), ERROR_SUCCESS);
    ok(type == REG_DWORD && size == 4, "type %lu, size %lu\n", type, size);
    END(key);
}

static void another_type_is_unsupported(void)
{
    FIXTURE(key);
    set_dword(key, "d", 1);
    ok_err(get(key, "d", RRF_RT_REG_QWORD, 4), ERROR_UNSUPPORTED_TYPE);
    ok(type == REG_DWORD && size == 4, "type %lu, size %lu\n", type, size);
    differs("RegGetValue") ok(!memcmp(text, "\1\0\0\0x", 5), "it is not handed out\n");
    ok_err(get(key, "d", RRF_RT_REG_SZ, 4), ERROR_UNSUPPORTED_TYPE);
    ok_err(get(key, "d", RRF_RT_REG_SZ, 3), ERROR_UNSUPPORTED_TYPE);
    ok(size == 4 && !memcmp(text, "xxxx", 4), "handed out where there is no room\n");
    ok_err(get(key, "d", 0, 4), ERROR_UNSUPPORTED_TYPE);
    ok_err(measure(key, "d", RRF_RT_REG_SZ), ERROR_UNSUPPORTED_TYPE);
    END(key);
}

static void zeros_on_failure(void)
{
    FIXTURE(key);
    set_dword(key, "d", 1);
    ok_err(get(key, "d", RRF_RT_REG_QWORD | RRF_ZEROONFAILURE, 4), ERROR_UNSUPPORTED_TYPE);
    ok(!memcmp(text, "\0\0\0\0x", 5), "not zeroed\n");
    ok_err(get(key, "none", RRF_RT_ANY | RRF_ZEROONFAILURE, 4), ERROR_FILE_NOT_FOUND);
    ok(!memcmp(text, "\0\0\0\0x", 5), "not zeroed\n");
    set_string(key, "s", "hello");
    ok_err(get(key, "s", RRF_RT_ANY | RRF_ZEROONFAILURE, 3), ERROR_MORE_DATA);
    ok(!memcmp(text, "\0\0\0x", 4), "not zeroed\n");
    ok(size == 6, "size %lu\n", size);
    END(key);
}

static void bytes_pass_as_a_number_of_their_size(void)
{
    FIXTURE(key);
    set_bytes(key, "4", REG_BINARY, "abcd", 4);
    set_bytes(key, "8", REG_BINARY, "abcdefgh", 8);
    ok_err(get(key, "4", RRF_RT_DWORD, 4), ERROR_SUCCESS);
    ok(type == REG_BINARY, "type %lu\n", type);
    ok_err(get(key, "8", RRF_RT_QWORD, 8), ERROR_SUCCESS);
    ok_err(get(key, "8", RRF_RT_DWORD, 8), ERROR_DATATYPE_MISMATCH);
    ok(type == REG_BINARY && size == 8, "type %lu, size %lu\n", type, size);
    differs("RegGetValue") ok(!memcmp(text, "abcdefghx", 9), "it is not handed out\n");
    ok_err(get(key, "4", RRF_RT_QWORD, 8), ERROR_DATATYPE_MISMATCH);
    ok_err(get(key, "8", RRF_RT_DWORD, 4), ERROR_DATATYPE_MISMATCH);
    END(key);
}

static void text_sizes(void)
{
    FIXTURE(key);
    set_string(key, "s", "hello");
    ok_err(get(key, "s", RRF_RT_REG_SZ, 20), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 6 && !strcmp(text, "hello"), "size %lu\n", size);
    ok_err(get(key, "s", RRF_RT_REG_SZ, 5), ERROR_MORE_DATA);
    ok(size == 6, "size %lu\n", size);
    ok_err(get(key, "s", RRF_RT_REG_SZ, 0), ERROR_MORE_DATA);
    ok(size == 6, "size %lu\n", size);
    ok_err(measure(key, "s", RRF_RT_REG_SZ), ERROR_SUCCESS);
    ok(size == 6, "size %lu\n", size);
    END(key);
}

static void variables_are_expanded(void)
{
    FIXTURE(key);
    SetEnvironmentVariableA("DECANTER_TEST_VALUE", "expanded");
    RegSetValueExA(key, "e", 0, REG_EXPAND_SZ, (const BYTE *)"%DECANTER_TEST_VALUE%!", 23);
    ok_err(get(key, "e", RRF_RT_REG_SZ, 60), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 10 && !strcmp(text, "expanded!"), "type %lu, %lu\n", type, size);
    ok_err(measure(key, "e", RRF_RT_REG_SZ), ERROR_SUCCESS);
    ok(size == 10, "size %lu\n", size);
    ok_err(get(key, "e", RRF_RT_REG_SZ, 9), ERROR_MORE_DATA);
    ok(size == 10, "size %lu\n", size);
    ok_err(get(key, "e", RRF_RT_ANY, 60), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 10, "type %lu, size %lu\n", type, size);
    END(key);
}

static void expansion_can_be_switched_off(void)
{
    FIXTURE(key);
    RegSetValueExA(key, "e", 0, REG_EXPAND_SZ, (const BYTE *)"%PATH%", 7);
    ok_err(get(key, "e", RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, 60), ERROR_SUCCESS);
    ok(type == REG_EXPAND_SZ && size == 7 && !strcmp(text, "%PATH%"), "type %lu\n", type);
    ok_err(get(key, "e", RRF_RT_REG_SZ | RRF_NOEXPAND, 60), ERROR_UNSUPPORTED_TYPE);
    ok_err(get(key, "e", RRF_RT_ANY | RRF_NOEXPAND, 60), ERROR_SUCCESS);
    ok(type == REG_EXPAND_SZ, "type %lu\n", type);
    ok_err(get(key, "e", RRF_RT_REG_EXPAND_SZ, 60), ERROR_INVALID_PARAMETER);
    ok_err(get(key, "e", RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ, 60), ERROR_INVALID_PARAMETER);
    END(key);
}

static void an_open_text_is_closed(void)
{
    FIXTURE(key);
    set_bytes(key, "s", REG_SZ, L"hello", 6);
    ok_err(get(key, "s", RRF_RT_REG_SZ, 20), ERROR_SUCCESS);
    ok(!strcmp(text, "hel"), "no terminator\n");
    differs(DOC_GET) ok(size == 4, "size %lu\n", size);
    differs(DOC_GET) ok_err(get(key, "s", RRF_RT_REG_SZ, 3), ERROR_MORE_DATA);
    ok_err(measure(key, "s", RRF_RT_REG_SZ), ERROR_SUCCESS);
    differs(DOC_GET) ok(size == 4, "size %lu\n", size);
    END(key);
}

static void an_empty_value_becomes_an_empty_text(void)
{
    FIXTURE(key);
    set_bytes(key, "s", REG_SZ, NULL, 0);
    ok_err(get(key, "s", RRF_RT_REG_SZ, 20), ERROR_SUCCESS);
    differs(DOC_GET) ok(size == 1 && text[0] == 0, "size %lu\n", size);
    END(key);
}

static void a_list_gets_both_terminators(void)
{
    FIXTURE(key);
    set_bytes(key, "m", REG_MULTI_SZ, L"a\0b\0", 10);
    ok_err(get(key, "m", RRF_RT_REG_MULTI_SZ, 20), ERROR_SUCCESS);
    ok(size == 5 && !memcmp(text, "a\0b\0", 5), "size %lu\n", size);
    set_bytes(key, "m", REG_MULTI_SZ, L"a\0bcd", 8);
    ok_err(get(key, "m", RRF_RT_REG_MULTI_SZ, 20), ERROR_SUCCESS);
    differs(DOC_GET) ok(size == 6 && !memcmp(text, "a\0bc\0", 6), "size %lu\n", size);
    END(key);
}

static void wide_texts(void)
{
    FIXTURE(key);
    WCHAR wide[20];
    DWORD n = sizeof(wide);
    set_string(key, "s", "hello");
    ok_err(RegGetValueW(key, NULL, L"s", RRF_RT_REG_SZ, NULL, wide, &n), ERROR_SUCCESS);
    ok(n == 12 && !memcmp(wide, L"hello", 12), "size %lu\n", n);
    n = 11;
    ok_err(RegGetValueW(key, NULL, L"s", RRF_RT_REG_SZ, NULL, wide, &n), ERROR_MORE_DATA);
    ok(n == 12, "size %lu\n", n);
    END(key);
}

static void no_restriction_lets_every_type_pass(void)
{
    FIXTURE(key);
    set_bytes(key, "l", REG_LINK, "abcdef", 6);
    differs(DOC_GET) ok_err(get(key, "l", RRF_RT_ANY, 20), ERROR_SUCCESS);
    ok(type == REG_LINK && size == 6, "type %lu, size %lu\n", type, size);
    set_bytes(key, "n", REG_NONE, "abc", 3);
    ok_err(get(key, "n", RRF_RT_REG_NONE, 20), ERROR_SUCCESS);
    ok(type == REG_NONE && size == 3, "type %lu, size %lu\n", type, size);
    END(key);
}

static void subkeys_and_what_is_missing(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "sub");
    set_dword(sub, "d", 7);
    RegCloseKey(sub);
    size = sizeof(text);
    ok_err(RegGetValueA(key, "sub", "d", RRF_RT_REG_DWORD, NULL, text, &size), ERROR_SUCCESS);
    ok_err(RegGetValueA(key, "none", "d", RRF_RT_ANY, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegGetValueA(key, NULL, "none", RRF_RT_ANY, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegGetValueA(NULL, NULL, "d", RRF_RT_ANY, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegGetValueA(NO_KEY, NULL, "d", RRF_RT_ANY, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    END(key);
}

static void what_is_missing_has_no_type_and_no_size(void)
{
    FIXTURE(key);
    char room[4];
    DWORD kind = 99, n = 4;
    ok_err(RegGetValueA(key, NULL, "none", RRF_RT_ANY, &kind, NULL, &n), ERROR_FILE_NOT_FOUND);
    ok(kind == REG_NONE && n == 0, "type %lu, size %lu\n", kind, n);
    kind = 99, n = 4;
    ok_err(RegGetValueW(key, NULL, L"none", RRF_RT_ANY, &kind, room, &n), ERROR_FILE_NOT_FOUND);
    ok(kind == REG_NONE && n == 4, "type %lu, size %lu\n", kind, n);
    /* Nothing was asked of a key that is not there. */
    kind = 99, n = 4;
    ok_err(RegGetValueW(key, L"none", L"v", RRF_RT_ANY, &kind, NULL, &n), ERROR_FILE_NOT_FOUND);
    ok(kind == 99 && n == 4, "type %lu, size %lu\n", kind, n);
    END(key);
}

static void both_views_at_once_are_refused(void)
{
    FIXTURE(key);
    set_dword(key, "d", 7);
    ok_err(RegGetValueA(key, NULL, "d", RRF_RT_ANY | 0x30000, NULL, NULL, NULL),
           ERROR_INVALID_PARAMETER);
    END(key);
}

START_TEST(getvalue)
{
    test_dll("advapi32");
    RUN(data_without_a_size_is_refused);
    RUN(a_number_passes_its_own_flags);
    RUN(another_type_is_unsupported);
    RUN(zeros_on_failure);
    RUN(bytes_pass_as_a_number_of_their_size);
    RUN(text_sizes);
    RUN(variables_are_expanded);
    RUN(expansion_can_be_switched_off);
    RUN(an_open_text_is_closed);
    RUN(an_empty_value_becomes_an_empty_text);
    RUN(a_list_gets_both_terminators);
    RUN(wide_texts);
    RUN(no_restriction_lets_every_type_pass);
    RUN(subkeys_and_what_is_missing);
    RUN(what_is_missing_has_no_type_and_no_size);
    RUN(both_views_at_once_are_refused);
}
