/* RegQueryValueEx, RegQueryValue, RegQueryMultipleValues. */
#include "fixture.h"

static LONG query_a(HKEY key, const char *name, DWORD *type, void *data, DWORD *size)
{
    return RegQueryValueExA(key, name, NULL, type, (BYTE *)data, size);
}

static LONG query_w(HKEY key, const WCHAR *name, DWORD *type, void *data, DWORD *size)
{
    return RegQueryValueExW(key, name, NULL, type, (BYTE *)data, size);
}

static void sizes_count_bytes_and_terminators(void)
{
    FIXTURE(key);
    char text[20];
    WCHAR wide[20];
    DWORD type = 99, size = sizeof(text);
    set_string(key, "v", "hello");
    ok_err(query_a(key, "v", &type, text, &size), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 6 && !strcmp(text, "hello"), "type %lu, size %lu\n", type, size);
    size = sizeof(wide);
    ok_err(query_w(key, L"v", &type, wide, &size), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 12 && !memcmp(wide, L"hello", 12), "size %lu\n", size);
    END(key);
}

static void without_a_buffer_the_size_is_told(void)
{
    FIXTURE(key);
    DWORD type = 99, size = 77;
    set_string(key, "v", "hello");
    ok_err(query_a(key, "v", &type, NULL, &size), ERROR_SUCCESS);
    ok(type == REG_SZ && size == 6, "type %lu, size %lu\n", type, size);
    size = 0;
    ok_err(query_w(key, L"v", &type, NULL, &size), ERROR_SUCCESS);
    ok(size == 12, "size %lu\n", size);
    ok_err(query_w(key, L"v", &type, NULL, NULL), ERROR_SUCCESS);
    ok_err(query_a(key, "v", NULL, NULL, NULL), ERROR_SUCCESS);
    END(key);
}

static void a_small_buffer_gives_more_data(void)
{
    FIXTURE(key);
    WCHAR wide[20] = {0x5555, 0x5555, 0x5555};
    char text[20] = "xxxxxxxxx";
    DWORD type = 99, size = 2;
    set_string(key, "v", "hello");
    ok_err(query_a(key, "v", &type, text, &size), ERROR_MORE_DATA);
    ok(type == REG_SZ && size == 6, "type %lu, size %lu\n", type, size);
    ok(text[2] == 'x', "written beyond\n");
    size = 4;
    type = 99;
    ok_err(query_w(key, L"v", &type, wide, &size), ERROR_MORE_DATA);
    ok(type == REG_SZ && size == 12, "type %lu, size %lu\n", type, size);
    ok(wide[2] == 0x5555, "written beyond\n");
    size = 0;
    ok_err(query_w(key, L"v", NULL, wide, &size), ERROR_MORE_DATA);
    ok(size == 12, "size %lu\n", size);
    END(key);
}

static void data_without_a_size_is_refused(void)
{
    FIXTURE(key);
    char text[20];
    set_string(key, "v", "hello");
    ok_err(query_a(key, "v", NULL, text, NULL), ERROR_INVALID_PARAMETER);
    ok_err(query_w(key, L"v", NULL, text, NULL), ERROR_INVALID_PARAMETER);
    ok_err(query_a(key, "not there", NULL, text, NULL), ERROR_INVALID_PARAMETER);
    END(key);
}

static void the_reserved_parameter_is_null(void)
{
    FIXTURE(key);
    DWORD reserved = 0;
    set_string(key, "v", "hello");
    ok_err(RegQueryValueExA(key, "v", &reserved, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegQueryValueExW(key, L"v", &reserved, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    END(key);
}

static void what_is_not_there_has_no_size(void)
{
    FIXTURE(key);
    char text[20];
    DWORD size = 77;
    ok_err(query_a(key, "not there", NULL, NULL, &size), ERROR_FILE_NOT_FOUND);
    ok(size == 0, "size %lu\n", size);
    size = 77;
    ok_err(query_w(key, L"not there", NULL, NULL, &size), ERROR_FILE_NOT_FOUND);
    ok(size == 0, "size %lu\n", size);
    size = sizeof(text);
    ok_err(query_a(key, "not there", NULL, text, &size), ERROR_FILE_NOT_FOUND);
    ok(size == sizeof(text), "size %lu\n", size);
    ok_err(query_w(key, L"not there", NULL, text, &size), ERROR_FILE_NOT_FOUND);
    ok(size == sizeof(text), "size %lu\n", size);
    END(key);
}

static void type_and_size_may_be_one_variable(void)
{
    FIXTURE(key);
    BYTE data[8];
    DWORD both = 8;
    ok_err(RegSetValueExA(key, "v", 0, REG_BINARY, (const BYTE *)"1234567", 7), ERROR_SUCCESS);
    ok_err(query_a(key, "v", &both, data, &both), ERROR_SUCCESS);
    ok(both == 7, "got %lu\n", both);
    both = 8;
    ok_err(query_w(key, L"v", &both, data, &both), ERROR_SUCCESS);
    ok(both == 7, "got %lu\n", both);
    END(key);
}

static void an_open_text_is_closed_where_there_is_room(void)
{
    FIXTURE(key);
    WCHAR wide[20];
    char text[20];
    DWORD size = sizeof(text);
    RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)L"hello", 6);
    memset(text, 'x', sizeof(text));
    ok_err(query_a(key, "v", NULL, text, &size), ERROR_SUCCESS);
    ok(size == 3 && text[3] == 0, "size %lu, %x\n", size, text[3]);
    memset(text, 'x', sizeof(text));
    size = 3;
    ok_err(query_a(key, "v", NULL, text, &size), ERROR_SUCCESS);
    ok(size == 3 && text[3] == 'x', "size %lu, %x\n", size, text[3]);
    memset(wide, 'x', sizeof(wide));
    size = sizeof(wide);
    ok_err(query_w(key, L"v", NULL, wide, &size), ERROR_SUCCESS);
    ok(size == 6 && wide[3] == 0, "size %lu, %x\n", size, wide[3]);
    memset(wide, 'x', sizeof(wide));
    size = 6;
    ok_err(query_w(key, L"v", NULL, wide, &size), ERROR_SUCCESS);
    ok(size == 6 && wide[3] == 0x7878, "size %lu, %x\n", size, wide[3]);
    END(key);
}

static void lists_are_converted_whole(void)
{
    FIXTURE(key);
    char text[20];
    DWORD type, size = sizeof(text);
    RegSetValueExW(key, L"v", 0, REG_MULTI_SZ, (const BYTE *)L"ab\0c\0", 12);
    ok_err(query_a(key, "v", &type, text, &size), ERROR_SUCCESS);
    ok(type == REG_MULTI_SZ && size == 6 && !memcmp(text, "ab\0c\0", 6), "size %lu\n", size);
    END(key);
}

static void characters_of_the_code_page(void)
{
    FIXTURE(key);
    static const WCHAR wide[] = {0xe4, 0xf6, 0};
    char text[20], expected[20];
    int len = WideCharToMultiByte(CP_ACP, 0, wide, -1, expected, 20, NULL, NULL);
    DWORD size = sizeof(text);
    RegSetValueExW(key, wide, 0, REG_SZ, (const BYTE *)wide, sizeof(wide));
    ok_err(query_a(key, expected, NULL, text, &size), ERROR_SUCCESS);
    ok(size == (DWORD)len && !strcmp(text, expected), "size %lu\n", size);
    END(key);
}

static void too_little_room_for_other_characters_changes_nothing(void)
{
    FIXTURE(key);
    char buf[4] = "###";
    DWORD size = 2;
    ok_err(RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)L"\xe4\xf6", 6), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)buf, &size), ERROR_MORE_DATA);
    ok(size == 3, "size %lu\n", size);
    ok(!strcmp(buf, "###"), "the buffer was written to\n");
    END(key);
}

static void room_may_be_said_to_be_without_end(void)
{
    FIXTURE(key);
    char text[8];
    DWORD size = 0xffffffff;
    ok_err(RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)L"\xe4", 4), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)text, &size), ERROR_SUCCESS);
    ok(size == 2 && text[1] == 0, "size %lu\n", size);
    END(key);
}

static void a_wrong_handle_is_told(void)
{
    DWORD size = 77;
    ok_err(query_a(NULL, "v", NULL, NULL, &size), ERROR_INVALID_HANDLE);
    ok(size == 77, "size %lu\n", size);
    ok_err(query_w(NO_KEY, L"v", NULL, NULL, &size), ERROR_INVALID_HANDLE);
}

/* A handle of a deleted key, of no key, and one that may not read. */
static void a_failure_tells_no_size(void)
{
    FIXTURE(key);
    HKEY wrong[3] = {make_key(key, "gone"), NO_KEY, NULL};
    ok_err(RegOpenKeyExA(key, NULL, 0, KEY_SET_VALUE, &wrong[2]), ERROR_SUCCESS);
    RegDeleteKeyA(key, "gone");
    for (int i = 0; i < 3; i++) {
        DWORD type = 99, size = 77;
        LONG old = 77;
        ok(query_w(wrong[i], L"v", &type, NULL, &size), "%d: read\n", i);
        ok(type == 99 && size == 0, "%d: type %lu, size %lu\n", i, type, size);
        size = 77;
        ok(query_a(wrong[i], "v", &type, NULL, &size), "%d: read\n", i);
        ok(type == 0 && size == 0, "%d: type %lu, size %lu\n", i, type, size);
        ok(RegQueryValueW(wrong[i], NULL, NULL, &old), "%d: read\n", i);
        ok(old == 0, "%d: size %ld\n", i, old);
    }
    RegCloseKey(wrong[0]);
    RegCloseKey(wrong[2]);
    END(key);
}

static void half_a_character_is_closed_too(void)
{
    FIXTURE(key);
    BYTE got[4] = {9, 9, 9, 9};
    DWORD size = 3;
    ok_err(RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)"\1\2\3", 1), ERROR_SUCCESS);
    ok_err(query_w(key, L"v", NULL, got, &size), ERROR_SUCCESS);
    ok(size == 1 && got[0] == 1 && !got[1] && !got[2] && got[3] == 9, "%lu: %d %d %d %d\n", size,
       got[0], got[1], got[2], got[3]);
    END(key);
}

static void the_old_function_reads_a_subkeys_text(void)
{
    FIXTURE(key);
    char text[20];
    WCHAR wide[20];
    LONG size = sizeof(text);
    ok_err(RegSetValueA(key, "sub", REG_SZ, "hello", 0), ERROR_SUCCESS);
    ok_err(RegQueryValueA(key, "sub", text, &size), ERROR_SUCCESS);
    ok(size == 6 && !strcmp(text, "hello"), "size %ld\n", size);
    size = sizeof(wide);
    ok_err(RegQueryValueW(key, L"sub", wide, &size), ERROR_SUCCESS);
    ok(size == 12, "size %ld\n", size);
    size = 3;
    ok_err(RegQueryValueA(key, "sub", text, &size), ERROR_MORE_DATA);
    ok(size == 6, "size %ld\n", size);
    ok_err(RegQueryValueA(key, "sub", NULL, &size), ERROR_SUCCESS);
    ok_err(RegQueryValueA(key, "sub", text, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegQueryValueA(key, "sub", NULL, NULL), ERROR_SUCCESS);
    size = 30;
    ok_err(RegQueryValueA(key, "none", text, &size), ERROR_FILE_NOT_FOUND);
    ok(size == 30, "size %ld\n", size);
    END(key);
}

static void a_key_without_a_default_value_has_an_empty_text(void)
{
    FIXTURE(key);
    char text[20] = "xxx";
    WCHAR wide[20] = {'x'};
    LONG size = sizeof(text);
    ok_err(RegQueryValueA(key, NULL, text, &size), ERROR_SUCCESS);
    ok(size == 1 && !text[0], "size %ld\n", size);
    size = sizeof(wide);
    ok_err(RegQueryValueW(key, NULL, wide, &size), ERROR_SUCCESS);
    ok(size == 2 && !wide[0], "size %ld\n", size);
    END(key);
}

static void many_values_at_once(void)
{
    FIXTURE(key);
    VALENTA list[2] = {{.ve_valuename = (char *)"text"}, {.ve_valuename = (char *)"number"}};
    char buf[100];
    DWORD size = 0, number = 0;
    set_string(key, "text", "hello!");
    set_dword(key, "number", 0x01020304);
    ok_err(RegQueryMultipleValuesA(key, list, 2, NULL, &size), ERROR_MORE_DATA);
    differs(DOC_MULTI) ok(size == 12, "size %lu\n", size);
    size = 5;
    ok_err(RegQueryMultipleValuesA(key, list, 2, buf, &size), ERROR_MORE_DATA);
    size = sizeof(buf);
    ok_err(RegQueryMultipleValuesA(key, list, 2, buf, &size), ERROR_SUCCESS);
    ok(list[0].ve_type == REG_SZ && list[0].ve_valuelen == 7, "type %lu\n", list[0].ve_type);
    ok(!strcmp((char *)list[0].ve_valueptr, "hello!"), "another text\n");
    memcpy(&number, (void *)list[1].ve_valueptr, 4);
    ok(list[1].ve_type == REG_DWORD && number == 0x01020304, "number %lx\n", number);
    END(key);
}

static void many_wide_values_at_once(void)
{
    FIXTURE(key);
    VALENTW list[2] = {{.ve_valuename = (WCHAR *)L"text"}, {.ve_valuename = (WCHAR *)L"number"}};
    WCHAR buf[100];
    DWORD size = sizeof(buf);
    set_string(key, "text", "hello!");
    set_dword(key, "number", 1);
    ok_err(RegQueryMultipleValuesW(key, list, 2, buf, &size), ERROR_SUCCESS);
    ok(list[0].ve_valuelen == 14 && !memcmp((void *)list[0].ve_valueptr, L"hello!", 14),
       "length %lu\n", list[0].ve_valuelen);
    list[1].ve_valuename = (WCHAR *)L"none";
    ok_err(RegQueryMultipleValuesW(key, list, 2, buf, &size), ERROR_FILE_NOT_FOUND);
    END(key);
}

START_TEST(queryvalue)
{
    test_dll("advapi32");
    RUN(sizes_count_bytes_and_terminators);
    RUN(without_a_buffer_the_size_is_told);
    RUN(a_small_buffer_gives_more_data);
    RUN(data_without_a_size_is_refused);
    RUN(the_reserved_parameter_is_null);
    RUN(what_is_not_there_has_no_size);
    RUN(type_and_size_may_be_one_variable);
    RUN(an_open_text_is_closed_where_there_is_room);
    RUN(lists_are_converted_whole);
    RUN(characters_of_the_code_page);
    RUN(too_little_room_for_other_characters_changes_nothing);
    RUN(room_may_be_said_to_be_without_end);
    RUN(a_wrong_handle_is_told);
    RUN(a_failure_tells_no_size);
    RUN(half_a_character_is_closed_too);
    RUN(the_old_function_reads_a_subkeys_text);
    RUN(a_key_without_a_default_value_has_an_empty_text);
    RUN(many_values_at_once);
    RUN(many_wide_values_at_once);
}
