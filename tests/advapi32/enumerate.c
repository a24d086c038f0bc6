/* RegEnumKeyEx, RegEnumKey, RegEnumValue, RegQueryInfoKey. */
#include "fixture.h"

static char name[64], cls[64];
static BYTE data[64];
static DWORD name_len, cls_len, type, size;

static LONG enum_value(HKEY key, DWORD name_room, DWORD room)
{
    memset(name, 'x', sizeof(name));
    memset(data, 'x', sizeof(data));
    name_len = name_room;
    size = room;
    type = 99;
    return RegEnumValueA(key, 0, name, &name_len, NULL, &type, data, &size);
}

static WCHAR name_w[64];

static LONG enum_value_w(HKEY key, DWORD name_room, DWORD room)
{
    memset(name_w, 'x', sizeof(name_w));
    memset(data, 'x', sizeof(data));
    name_len = name_room;
    size = room;
    type = 99;
    return RegEnumValueW(key, 0, name_w, &name_len, NULL, &type, data, &size);
}

static void a_value_whole(void)
{
    FIXTURE(key);
    set_string(key, "Test", "foobar");
    ok_err(enum_value(key, 20, 20), ERROR_SUCCESS);
    ok(name_len == 4 && !strcmp(name, "Test"), "name length %lu\n", name_len);
    ok(type == REG_SZ && size == 7 && !strcmp((char *)data, "foobar"), "size %lu\n", size);
    ok_err(enum_value(key, 5, 7), ERROR_SUCCESS);
    ok_err(enum_value_w(key, 5, 14), ERROR_SUCCESS);
    ok(name_len == 4 && !wcscmp(name_w, L"Test"), "name length %lu\n", name_len);
    ok(size == 14 && !memcmp(data, L"foobar", 14), "size %lu\n", size);
    END(key);
}

static void an_open_text_is_closed_where_there_is_room(void)
{
    FIXTURE(key);
    ok_err(RegSetValueExW(key, L"v", 0, REG_SZ, (const BYTE *)L"ab!", 4), ERROR_SUCCESS);
    ok_err(enum_value_w(key, 5, 6), ERROR_SUCCESS);
    ok(size == 4 && !memcmp(data, L"ab", 6) && data[6] == 'x', "size %lu\n", size);
    ok_err(enum_value_w(key, 5, 4), ERROR_SUCCESS);
    ok(size == 4 && data[4] == 'x', "size %lu\n", size);
    END(key);
}

static void too_little_room_for_a_value(void)
{
    FIXTURE(key);
    set_string(key, "Test", "foobar");
    ok_err(enum_value(key, 2, 2), ERROR_MORE_DATA);
    ok(name_len == 2 && size == 7 && type == REG_SZ, "%lu, %lu, %lu\n", name_len, size, type);
    ok(name[0] == 'x' && data[0] == 'x', "something was written\n");
    ok_err(enum_value(key, 4, 20), ERROR_MORE_DATA);
    ok(name_len == 4 && size == 7 && type == REG_SZ, "%lu, %lu, %lu\n", name_len, size, type);
    ok_err(enum_value(key, 0, 20), ERROR_MORE_DATA);
    ok(name_len == 0 && size == 7, "%lu, %lu\n", name_len, size);
    ok_err(enum_value(key, 20, 2), ERROR_MORE_DATA);
    ok(name_len == 20 && size == 7, "%lu, %lu\n", name_len, size);
    ok(data[0] == 'x', "data was written\n");
    END(key);
}

static void too_little_room_for_a_wide_value(void)
{
    FIXTURE(key);
    set_string(key, "Test", "foobar");
    ok_err(enum_value_w(key, 2, 2), ERROR_MORE_DATA);
    ok(name_len == 2 && size == 14 && type == REG_SZ, "%lu, %lu, %lu\n", name_len, size, type);
    ok_err(enum_value_w(key, 4, 20), ERROR_MORE_DATA);
    ok(name_len == 4 && size == 14, "%lu, %lu\n", name_len, size);
    ok(data[0] == 'x' && name_w[0] == 0x7878, "something was written\n");
    ok_err(enum_value_w(key, 20, 2), ERROR_MORE_DATA);
    ok(name_len == 4 && size == 14 && !wcscmp(name_w, L"Test"), "%lu, %lu\n", name_len, size);
    ok(data[0] == 'x', "data was written\n");
    END(key);
}

static void data_is_not_always_wanted(void)
{
    FIXTURE(key);
    set_string(key, "Test", "foobar");
    name_len = 20;
    ok_err(RegEnumValueA(key, 0, name, &name_len, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(name_len == 4, "name length %lu\n", name_len);
    name_len = 20;
    size = 0;
    ok_err(RegEnumValueA(key, 0, name, &name_len, NULL, &type, NULL, &size), ERROR_SUCCESS);
    ok(size == 7 && type == REG_SZ, "size %lu\n", size);
    name_len = 20;
    size = 0;
    ok_err(RegEnumValueW(key, 0, name_w, &name_len, NULL, &type, NULL, &size), ERROR_SUCCESS);
    ok(size == 14, "size %lu\n", size);
    END(key);
}

static void the_value_after_the_last(void)
{
    FIXTURE(key);
    ok_err(enum_value(key, 20, 20), ERROR_NO_MORE_ITEMS);
    ok(name_len == 20 && size == 20, "%lu, %lu\n", name_len, size);
    ok_err(enum_value_w(key, 20, 20), ERROR_NO_MORE_ITEMS);
    END(key);
}

static void wrong_parameters_of_values(void)
{
    FIXTURE(key);
    DWORD reserved = 0, n = 20;
    set_string(key, "Test", "foobar");
    ok_err(RegEnumValueA(key, 0, NULL, &n, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueA(key, 0, name, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueA(key, 0, name, &n, &reserved, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueA(key, 0, name, &n, NULL, NULL, data, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueW(key, 0, NULL, &n, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueW(key, 0, name_w, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueW(key, 0, name_w, &n, NULL, NULL, data, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumValueA(NO_KEY, 0, name, &n, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    END(key);
}

static LONG enum_key(HKEY key, DWORD name_room, DWORD cls_room)
{
    FILETIME time;
    memset(name, 'x', sizeof(name));
    memset(cls, 'x', sizeof(cls));
    name_len = name_room;
    cls_len = cls_room;
    return RegEnumKeyExA(key, 0, name, &name_len, NULL, cls, &cls_len, &time);
}

static void make_classy_key(HKEY key)
{
    HKEY sub = NULL;
    ok_err(RegCreateKeyExA(key, "sub1", 0, (char *)"clsx", 0, KEY_ALL_ACCESS, NULL, &sub, NULL),
           ERROR_SUCCESS);
    RegCloseKey(sub);
}

static void a_subkey_whole(void)
{
    FIXTURE(key);
    make_classy_key(key);
    ok_err(enum_key(key, 20, 20), ERROR_SUCCESS);
    ok(name_len == 4 && !strcmp(name, "sub1"), "name length %lu\n", name_len);
    ok(cls_len == 4 && !strcmp(cls, "clsx"), "class length %lu\n", cls_len);
    ok_err(enum_key(key, 5, 5), ERROR_SUCCESS);
    END(key);
}

enum { LONGEST_CLASS = 32766 };

static void the_longest_class_comes_out_whole(void)
{
    FIXTURE(key);
    static char made[LONGEST_CLASS + 1], got[LONGEST_CLASS + 1];
    static WCHAR wide[LONGEST_CLASS + 1];
    HKEY sub = NULL;
    DWORD len = sizeof(got);
    memset(made, 'c', LONGEST_CLASS);
    ok_err(RegCreateKeyExA(key, "s", 0, made, 0, KEY_ALL_ACCESS, NULL, &sub, NULL), ERROR_SUCCESS);
    ok_err(RegQueryInfoKeyA(sub, got, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           ERROR_SUCCESS);
    ok(len == LONGEST_CLASS && !strcmp(got, made), "length %lu\n", len);
    len = LONGEST_CLASS + 1;
    ok_err(RegQueryInfoKeyW(sub, wide, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           ERROR_SUCCESS);
    ok(len == LONGEST_CLASS && wide[len - 1] == 'c', "length %lu\n", len);
    name_len = sizeof(name), len = sizeof(got);
    ok_err(RegEnumKeyExA(key, 0, name, &name_len, NULL, got, &len, NULL), ERROR_SUCCESS);
    ok(len == LONGEST_CLASS, "length %lu\n", len);
    RegCloseKey(sub);
    END(key);
}

static void too_little_room_for_a_subkey(void)
{
    FIXTURE(key);
    make_classy_key(key);
    ok_err(enum_key(key, 4, 20), ERROR_MORE_DATA);
    ok(name_len == 4 && cls_len == 20 && name[0] == 'x', "%lu, %lu\n", name_len, cls_len);
    ok(cls[0] == 'x', "the class was written\n");
    ok_err(enum_key(key, 20, 4), ERROR_MORE_DATA);
    ok(name[0] == 'x', "the name was written\n");
    ok(name_len == 20 && cls_len == 4, "%lu, %lu\n", name_len, cls_len);
    ok_err(enum_key(key, 20, 0), ERROR_MORE_DATA);
    ok_err(enum_key(key, 0, 20), ERROR_MORE_DATA);
    ok_err(RegEnumKeyA(key, 0, name, 4), ERROR_MORE_DATA);
    ok_err(RegEnumKeyA(key, 0, name, 5), ERROR_SUCCESS);
    ok_err(RegEnumKeyW(key, 0, name_w, 4), ERROR_MORE_DATA);
    ok_err(RegEnumKeyW(key, 0, name_w, 5), ERROR_SUCCESS);
    END(key);
}

static void the_class_is_not_always_wanted(void)
{
    FIXTURE(key);
    make_classy_key(key);
    name_len = 20;
    ok_err(RegEnumKeyExA(key, 0, name, &name_len, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    name_len = 20;
    cls_len = 0;
    ok_err(RegEnumKeyExA(key, 0, name, &name_len, NULL, NULL, &cls_len, NULL), ERROR_SUCCESS);
    ok(cls_len == 4, "class length %lu\n", cls_len);
    name_len = 20;
    cls_len = 0;
    ok_err(RegEnumKeyExW(key, 0, name_w, &name_len, NULL, NULL, &cls_len, NULL), ERROR_SUCCESS);
    ok(cls_len == 4, "class length %lu\n", cls_len);
    END(key);
}

static void an_empty_class_needs_room_for_its_terminator(void)
{
    FIXTURE(key);
    WCHAR class_name[4];
    DWORD len = 20, class_len = 0;
    RegCloseKey(make_key(key, "sub"));
    ok_err(RegEnumKeyExW(key, 0, name_w, &len, NULL, class_name, &class_len, NULL),
           ERROR_MORE_DATA);
    ok(len == 20, "the length is %lu\n", len);
    END(key);
}

static void the_subkey_after_the_last(void)
{
    FIXTURE(key);
    ok_err(enum_key(key, 20, 20), ERROR_NO_MORE_ITEMS);
    ok(name_len == 20 && cls_len == 20, "%lu, %lu\n", name_len, cls_len);
    ok_err(RegEnumKeyA(key, 0, name, 20), ERROR_NO_MORE_ITEMS);
    END(key);
}

static void wrong_parameters_of_subkeys(void)
{
    FIXTURE(key);
    DWORD reserved = 0, n = 20;
    make_classy_key(key);
    ok_err(RegEnumKeyExA(key, 0, name, &n, &reserved, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumKeyExW(key, 0, name_w, &n, &reserved, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegEnumKeyExA(NO_KEY, 0, name, &n, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegEnumKeyExA(NULL, 0, name, &n, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    END(key);
}

static void subkeys_are_sorted_without_case(void)
{
    static const char *const made[] = {"b", "A", "c", "Ab", "aa"};
    static const char *const sorted[] = {"A", "aa", "Ab", "b", "c"};
    FIXTURE(key);
    for (int i = 0; i < 5; i++)
        RegCloseKey(make_key(key, made[i]));
    for (DWORD i = 0; i < 5; i++) {
        ok_err(RegEnumKeyA(key, i, name, sizeof(name)), ERROR_SUCCESS);
        ok(!strcmp(name, sorted[i]), "%lu is %s\n", i, name);
    }
    END(key);
}

static void many_subkeys(void)
{
    FIXTURE(key);
    char wanted[20];
    DWORD i, count = 0;
    for (i = 0; i < 600; i++) {
        sprintf(wanted, "key%04lu", (i * 37) % 600);
        RegCloseKey(make_key(key, wanted));
    }
    for (i = 0; !RegEnumKeyA(key, i, name, sizeof(name)); i++) {
        sprintf(wanted, "key%04lu", i);
        count += !strcmp(name, wanted);
    }
    ok(i == 600 && count == 600, "%lu, %lu in place\n", i, count);
    ok_err(
        RegQueryInfoKeyA(key, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        ERROR_SUCCESS);
    ok(count == 600, "%lu subkeys\n", count);
    END(key);
}

static void the_numbers_of_a_key(void)
{
    FIXTURE(key);
    DWORD subkeys = 9, max_sub = 9, max_cls = 9, values = 9, max_name = 9, max_data = 9;
    FILETIME time = {0, 0};
    make_classy_key(key);
    RegCloseKey(make_key(key, "longer name"));
    set_string(key, "Test", "foobar");
    set_dword(key, "a number", 1);
    ok_err(RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, &max_sub, &max_cls, &values, &max_name,
                            &max_data, NULL, &time),
           ERROR_SUCCESS);
    ok(subkeys == 2 && values == 2, "%lu, %lu\n", subkeys, values);
    ok(max_sub == 11 && max_name == 8, "%lu, %lu\n", max_sub, max_name);
    ok(max_cls == 4 && max_data == 14, "%lu, %lu\n", max_cls, max_data);
    ok(time.dwHighDateTime != 0, "no time\n");
    END(key);
}

static void an_empty_key_has_zeros(void)
{
    FIXTURE(key);
    DWORD n[7] = {9, 9, 9, 9, 9, 9, 9};
    ok_err(RegQueryInfoKeyW(key, NULL, &n[6], NULL, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], NULL,
                            NULL),
           ERROR_SUCCESS);
    for (int i = 0; i < 7; i++)
        ok(n[i] == 0, "number %d is %lu\n", i, n[i]);
    END(key);
}

static void room_for_the_class(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    DWORD n;
    make_classy_key(key);
    RegOpenKeyA(key, "sub1", &sub);
#define INFO_A(buf, len) RegQueryInfoKeyA(sub, buf, len, 0, 0, 0, 0, 0, 0, 0, 0, 0)
#define INFO_W(buf, len) RegQueryInfoKeyW(sub, buf, len, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ok_err(INFO_A(cls, NULL), ERROR_INVALID_PARAMETER);
    ok_err(INFO_W(name_w, NULL), ERROR_INVALID_PARAMETER);
    n = 77;
    ok_err(INFO_A(NULL, &n), ERROR_SUCCESS);
    ok(n == 4, "length %lu\n", n);
    n = 0;
    ok_err(INFO_A(cls, &n), ERROR_SUCCESS);
    ok(n == 4, "length %lu\n", n);
    n = 4;
    ok_err(INFO_A(cls, &n), ERROR_MORE_DATA);
    ok(n == 3 && !strcmp(cls, "cls"), "length %lu, %s\n", n, cls);
    n = 5;
    ok_err(INFO_A(cls, &n), ERROR_SUCCESS);
    ok(n == 4 && !strcmp(cls, "clsx"), "length %lu, %s\n", n, cls);
    n = 4;
    ok_err(INFO_W(name_w, &n), ERROR_INSUFFICIENT_BUFFER);
    ok(n == 4, "length %lu\n", n);
    n = 5;
    ok_err(INFO_W(name_w, &n), ERROR_SUCCESS);
    ok(n == 4 && !wcscmp(name_w, L"clsx"), "length %lu\n", n);
    RegCloseKey(sub);
    ok_err(RegQueryInfoKeyA(NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), ERROR_INVALID_HANDLE);
    END(key);
}

START_TEST(enumerate)
{
    test_dll("advapi32");
    RUN(a_value_whole);
    RUN(an_open_text_is_closed_where_there_is_room);
    RUN(too_little_room_for_a_value);
    RUN(too_little_room_for_a_wide_value);
    RUN(data_is_not_always_wanted);
    RUN(the_value_after_the_last);
    RUN(wrong_parameters_of_values);
    RUN(a_subkey_whole);
    RUN(the_longest_class_comes_out_whole);
    RUN(too_little_room_for_a_subkey);
    RUN(the_class_is_not_always_wanted);
    RUN(an_empty_class_needs_room_for_its_terminator);
    RUN(the_subkey_after_the_last);
    RUN(wrong_parameters_of_subkeys);
    RUN(subkeys_are_sorted_without_case);
    RUN(many_subkeys);
    RUN(the_numbers_of_a_key);
    RUN(an_empty_key_has_zeros);
    RUN(room_for_the_class);
}
