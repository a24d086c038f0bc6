/* The A functions in whatever code page the process has: sizes count bytes, limits characters. */
#include "fixture.h"

/* A letter that is not ASCII, with as many bytes as the code page has for one. */
static WCHAR letter(void)
{
    switch (GetACP()) {
    case 932:
        return 0x30c6;
    case 936:
    case 950:
        return 0x597d;
    case 949:
        return 0xae00;
    case 1251:
        return 0x0436;
    default:
        return 0xe9;
    }
}

/* Text of len such letters; returns its bytes without the terminator. */
static DWORD letters(int len, WCHAR *wide, char *ansi, int cap)
{
    for (int i = 0; i < len; i++)
        wide[i] = letter();
    wide[len] = 0;
    return (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, -1, ansi, cap, NULL, NULL) - 1;
}

static void a_text_comes_back_in_its_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16], got[16];
    DWORD len = letters(3, wide, text, sizeof(text)), type = 99, size = sizeof(got);
    ok_err(RegSetValueExW(key, wide, 0, REG_SZ, (BYTE *)wide, sizeof(wide)), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(key, text, NULL, &type, (BYTE *)got, &size), ERROR_SUCCESS);
    ok(type == REG_SZ && size == len + 1 && !strcmp(got, text), "type %lu, %lu bytes\n", type,
       size);
    size = sizeof(got);
    ok_err(RegGetValueA(key, NULL, text, RRF_RT_REG_SZ, NULL, got, &size), ERROR_SUCCESS);
    ok(size == len + 1 && !strcmp(got, text), "%lu bytes\n", size);
    END(key);
}

static void a_size_asked_for_is_in_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16], got[16];
    DWORD len = letters(3, wide, text, sizeof(text)), size = 99;
    set_string(key, "v", text);
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, NULL, &size), ERROR_SUCCESS);
    ok(size == len + 1, "%lu bytes\n", size);
    size = len;
    ok_err(RegQueryValueExA(key, "v", NULL, NULL, (BYTE *)got, &size), ERROR_MORE_DATA);
    ok(size == len + 1, "%lu bytes\n", size);
    END(key);
}

static void an_expanded_text_is_measured_in_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16];
    DWORD len = letters(3, wide, text, sizeof(text)), size = 99;
    ok_err(RegSetValueExW(key, L"v", 0, REG_EXPAND_SZ, (BYTE *)wide, sizeof(wide)), ERROR_SUCCESS);
    ok_err(RegGetValueA(key, NULL, "v", RRF_RT_REG_SZ, NULL, NULL, &size), ERROR_SUCCESS);
    differs(DOC_GET) ok(size == len + 1, "%lu bytes\n", size);
    END(key);
}

static void a_name_needs_room_for_its_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16], got[16];
    DWORD len = letters(3, wide, text, sizeof(text)), room = len;
    set_string(key, text, "");
    RegCloseKey(make_key(key, text));
    ok_err(RegEnumKeyExA(key, 0, got, &room, NULL, NULL, NULL, NULL), ERROR_MORE_DATA);
    ok_err(RegEnumKeyA(key, 0, got, len), ERROR_MORE_DATA);
    ok_err(RegEnumValueA(key, 0, got, &room, NULL, NULL, NULL, NULL), ERROR_MORE_DATA);
    room = len + 1;
    ok_err(RegEnumKeyExA(key, 0, got, &room, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(room == len && !strcmp(got, text), "%lu bytes\n", room);
    room = len + 1;
    ok_err(RegEnumValueA(key, 0, got, &room, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(room == len && !strcmp(got, text), "%lu bytes\n", room);
    END(key);
}

static void a_name_may_have_256_characters_of_any_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[257];
    char text[1024], got[1024];
    DWORD len = letters(256, wide, text, sizeof(text)), room = len + 1;
    RegCloseKey(make_key(key, text));
    ok_err(RegEnumKeyExA(key, 0, got, &room, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok(room == len && !strcmp(got, text), "%lu bytes\n", room);
    ok_err(RegDeleteKeyA(key, text), ERROR_SUCCESS);
    END(key);
}

static void the_longest_names_are_told_in_characters(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16];
    DWORD max_key = 99, max_value = 99, max_data = 99;
    letters(3, wide, text, sizeof(text));
    set_string(key, text, text);
    RegCloseKey(make_key(key, text));
    ok_err(RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, &max_key, NULL, NULL, &max_value,
                            &max_data, NULL, NULL),
           ERROR_SUCCESS);
    ok(max_key == 3 && max_value == 3, "%lu, %lu\n", max_key, max_value);
    ok(max_data == 8, "%lu\n", max_data);
    END(key);
}

static void a_class_is_told_in_bytes(void)
{
    FIXTURE(key);
    WCHAR wide[4];
    char text[16], got[16];
    DWORD len = letters(3, wide, text, sizeof(text)), room = len + 1;
    HKEY sub;
    ok_err(RegCreateKeyExA(key, "sub", 0, text, 0, KEY_ALL_ACCESS, NULL, &sub, NULL),
           ERROR_SUCCESS);
    ok_err(RegQueryInfoKeyA(sub, got, &room, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           ERROR_SUCCESS);
    ok(room == len && !strcmp(got, text), "%lu bytes\n", room);
    RegCloseKey(sub);
    END(key);
}

/* The byte after a lead byte is its second one, whatever it is. */
static void a_lead_byte_takes_the_terminator(void)
{
    FIXTURE(key);
    WCHAR got[4];
    DWORD size = sizeof(got);
    if (!IsDBCSLeadByte(0x83)) {
        skip("no double-byte code page\n");
    } else {
        set_string(key, "v", "a\x83");
        ok_err(RegQueryValueExW(key, L"v", NULL, NULL, (BYTE *)got, &size), ERROR_SUCCESS);
        ok(size == 4 && got[0] == 'a' && got[1], "%lu bytes\n", size);
    }
    END(key);
}

START_TEST(codepage)
{
    test_dll("advapi32");
    RUN(a_text_comes_back_in_its_bytes);
    RUN(a_size_asked_for_is_in_bytes);
    RUN(an_expanded_text_is_measured_in_bytes);
    RUN(a_name_needs_room_for_its_bytes);
    RUN(a_name_may_have_256_characters_of_any_bytes);
    RUN(the_longest_names_are_told_in_characters);
    RUN(a_class_is_told_in_bytes);
    RUN(a_lead_byte_takes_the_terminator);
}
