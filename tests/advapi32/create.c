/* RegCreateKey, RegCreateKeyEx. */
#include "fixture.h"

static LONG create(HKEY key, const char *name, HKEY *result, DWORD *disposition)
{
    return RegCreateKeyExA(key, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, result, disposition);
}

static void the_disposition_tells_new_from_old(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    DWORD disposition = 77;
    ok_err(create(key, "x", &sub, &disposition), ERROR_SUCCESS);
    ok(disposition == REG_CREATED_NEW_KEY, "disposition %lu\n", disposition);
    RegCloseKey(sub);
    ok_err(create(key, "X", &sub, &disposition), ERROR_SUCCESS);
    ok(disposition == REG_OPENED_EXISTING_KEY, "disposition %lu\n", disposition);
    RegCloseKey(sub);
    ok_err(create(key, "x", &sub, NULL), ERROR_SUCCESS);
    RegCloseKey(sub);
    END(key);
}

static void an_empty_name_opens_the_key(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    DWORD disposition = 77;
    ok_err(create(key, "", &sub, &disposition), ERROR_SUCCESS);
    ok(sub && sub != key, "no new handle\n");
    differs(DOC_CREATE)
        ok(disposition == REG_OPENED_EXISTING_KEY, "disposition %lu\n", disposition);
    RegCloseKey(sub);
    END(key);
}

static void without_a_name_it_is_the_key(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    ok_err(create(key, NULL, &sub, NULL), ERROR_SUCCESS);
    ok(sub && sub != key, "no new handle\n");
    RegCloseKey(sub);
    ok_err(create(HKEY_CURRENT_USER, NULL, &sub, NULL), ERROR_SUCCESS);
    ok(sub && sub != HKEY_CURRENT_USER, "no new handle\n");
    RegCloseKey(sub);
    END(key);
}

static void null_below_a_predefined_key_is_the_key(void)
{
    HKEY sub = NULL;
    ok_err(RegCreateKeyA(HKEY_CURRENT_USER, NULL, &sub), ERROR_SUCCESS);
    differs(DOC_CREATE1) ok(sub == HKEY_CURRENT_USER, "got %p\n", (void *)sub);
    RegCloseKey(sub);
}

static void a_null_result_pointer_is_refused(void)
{
    FIXTURE(key);
    if (test_builtin_dlls) {
        skip("Wine's own ends with a page fault\n");
    } else {
        ok_err(RegCreateKeyA(key, "x", NULL), ERROR_INVALID_PARAMETER);
        ok_err(create(key, "x", NULL, NULL), ERROR_INVALID_PARAMETER);
        ok(!has_key(key, "x"), "it was made\n");
    }
    END(key);
}

static void the_reserved_parameter_is_0(void)
{
    FIXTURE(key);
    HKEY sub = NO_KEY;
    ok_err(RegCreateKeyExA(key, "x", 1, NULL, 0, KEY_READ, NULL, &sub, NULL),
           ERROR_INVALID_PARAMETER);
    ok(sub == NO_KEY, "the result is %p\n", (void *)sub);
    END(key);
}

static void a_wrong_handle_is_told(void)
{
    HKEY sub = NO_KEY;
    ok_err(create(NULL, "x", &sub, NULL), ERROR_INVALID_HANDLE);
    ok_err(create(NO_KEY, "x", &sub, NULL), ERROR_INVALID_HANDLE);
}

static void missing_keys_on_the_way_are_made(void)
{
    FIXTURE(key);
    RegCloseKey(make_key(key, "a\\b\\c"));
    ok(has_key(key, "a"), "a is missing\n");
    ok(has_key(key, "a\\b"), "a\\b is missing\n");
    ok(has_key(key, "a\\b\\c"), "a\\b\\c is missing\n");
    END(key);
}

static void backslashes_at_the_ends(void)
{
    FIXTURE(key);
    HKEY sub = NO_KEY;
    ok_err(create(key, "\\x", &sub, NULL), ERROR_BAD_PATHNAME);
    ok(sub == NULL, "the result is %p\n", (void *)sub);
    ok(!has_key(key, "x"), "it was made\n");
    ok_err(create(key, "x\\", &sub, NULL), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok(has_key(key, "x"), "x is missing\n");
    END(key);
}

static void the_classes_root_forgives_no_backslash_when_keys_are_made_or_deleted(void)
{
    HKEY sub = NO_KEY;
    ok_err(create(HKEY_CLASSES_ROOT, "\\DecanterTest", &sub, NULL), ERROR_BAD_PATHNAME);
    ok(sub == NULL, "the result is %p\n", (void *)sub);
    ok_err(RegDeleteKeyA(HKEY_CLASSES_ROOT, "\\DecanterTest"), ERROR_BAD_PATHNAME);
}

static void a_name_has_256_characters_at_most(void)
{
    FIXTURE(key);
    char name[300];
    HKEY sub = NULL;
    memset(name, 'n', sizeof(name));
    name[256] = 0;
    ok_err(create(key, name, &sub, NULL), ERROR_SUCCESS);
    RegCloseKey(sub);
    ok(has_key(key, name), "256 characters are not found\n");
    ok_err(RegDeleteKeyA(key, name), ERROR_SUCCESS);
    name[256] = 'n';
    name[257] = 0;
    ok_err(create(key, name, &sub, NULL), ERROR_INVALID_PARAMETER);
    END(key);
}

static void a_class_is_kept(void)
{
    FIXTURE(key);
    char class_name[20];
    DWORD len = sizeof(class_name);
    HKEY sub = NULL;
    ok_err(RegCreateKeyExA(key, "x", 0, (char *)"the class", 0, KEY_ALL_ACCESS, NULL, &sub, NULL),
           ERROR_SUCCESS);
    ok_err(RegQueryInfoKeyA(sub, class_name, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                            NULL),
           ERROR_SUCCESS);
    ok(!strcmp(class_name, "the class") && len == 9, "got %s, %lu\n", class_name, len);
    RegCloseKey(sub);
    END(key);
}

static void below_a_volatile_key_only_volatile_ones(void)
{
    FIXTURE(key);
    HKEY sub = NULL, below = NULL;
    ok_err(
        RegCreateKeyExA(key, "v", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &sub, NULL),
        ERROR_SUCCESS);
    ok_err(create(sub, "stable", &below, NULL), ERROR_CHILD_MUST_BE_VOLATILE);
    ok_err(
        RegCreateKeyExA(sub, "v", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &below, NULL),
        ERROR_SUCCESS);
    RegCloseKey(below);
    RegCloseKey(sub);
    END(key);
}

static void nothing_is_made_in_the_machines_root(void)
{
    HKEY sub = NULL;
    LONG err = create(HKEY_LOCAL_MACHINE, "DecanterTest", &sub, NULL);
    if (!err) {
        RegCloseKey(sub);
        RegDeleteKeyA(HKEY_LOCAL_MACHINE, "DecanterTest");
    }
    differs(DOC_CREATE) ok(err != ERROR_SUCCESS, "it was made\n");
}

static void rights_are_those_asked_for(void)
{
    FIXTURE(key);
    HKEY sub = NULL;
    ok_err(RegCreateKeyExA(key, "x", 0, NULL, 0, KEY_QUERY_VALUE, NULL, &sub, NULL), ERROR_SUCCESS);
    ok_err(RegSetValueExA(sub, "v", 0, REG_SZ, (const BYTE *)"", 1), ERROR_ACCESS_DENIED);
    RegCloseKey(sub);
    END(key);
}

static void names_keep_their_case(void)
{
    FIXTURE(key);
    char name[20];
    RegCloseKey(make_key(key, "MiXed"));
    RegCloseKey(make_key(key, "mixed"));
    ok_err(RegEnumKeyA(key, 0, name, sizeof(name)), ERROR_SUCCESS);
    ok(!strcmp(name, "MiXed"), "got %s\n", name);
    ok_err(RegEnumKeyA(key, 1, name, sizeof(name)), ERROR_NO_MORE_ITEMS);
    END(key);
}

static void a_link_leads_on(void)
{
    static const WCHAR target[] = L"\\Registry\\Machine\\Software\\DecanterLink";
    FIXTURE(key);
    HKEY link = NULL, there = NULL, machine = NULL;
    ok_err(RegCreateKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterLink", 0, NULL, 0,
                           KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &machine, NULL),
           ERROR_SUCCESS);
    set_dword(machine, "v", 5);
    ok_err(RegCreateKeyExA(key, "link", 0, NULL, REG_OPTION_CREATE_LINK | REG_OPTION_VOLATILE,
                           KEY_ALL_ACCESS, NULL, &link, NULL),
           ERROR_SUCCESS);
    ok_err(RegSetValueExW(link, L"SymbolicLinkValue", 0, REG_LINK, (const BYTE *)target,
                          sizeof(target) - sizeof(WCHAR)),
           ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(key, "link", 0, KEY_READ | KEY_WOW64_64KEY, &there), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(there, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    RegCloseKey(there);
    ok_err(RegOpenKeyExA(key, "link", REG_OPTION_OPEN_LINK, KEY_ALL_ACCESS, &there), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(there, "SymbolicLinkValue", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    ok_err(RegDeleteKeyA(there, ""), ERROR_SUCCESS);
    RegCloseKey(there);
    RegCloseKey(link);
    RegCloseKey(machine);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterLink", KEY_WOW64_64KEY, 0);
    END(key);
}

static void a_link_to_no_path_leads_nowhere(void)
{
    FIXTURE(key);
    HKEY link = NULL, there = NULL;
    ok_err(RegCreateKeyExA(key, "link", 0, NULL, REG_OPTION_CREATE_LINK | REG_OPTION_VOLATILE,
                           KEY_ALL_ACCESS, NULL, &link, NULL),
           ERROR_SUCCESS);
    ok_err(RegSetValueExA(link, "SymbolicLinkValue", 0, REG_SZ, (const BYTE *)"x", 2),
           ERROR_ACCESS_DENIED);
    ok_err(RegSetValueExA(link, "other", 0, REG_SZ, (const BYTE *)"x", 2), ERROR_ACCESS_DENIED);
    ok_err(RegSetValueExA(link, "SymbolicLinkValue", 0, REG_LINK, (const BYTE *)"foobar", 7),
           ERROR_SUCCESS);
    ok_err(RegOpenKeyA(key, "link", &there), ERROR_FILE_NOT_FOUND);
    ok_err(create(key, "link", &there, NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteKeyA(link, ""), ERROR_SUCCESS);
    RegCloseKey(link);
    END(key);
}

/* A link below key to a path below HKLM\\Software in the 64-bit view. */
static HKEY make_link(HKEY key, const char *name, const WCHAR *target)
{
    HKEY link = NULL;
    ok_err(RegCreateKeyExA(key, name, 0, NULL, REG_OPTION_CREATE_LINK | REG_OPTION_VOLATILE,
                           KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &link, NULL),
           ERROR_SUCCESS);
    ok_err(RegSetValueExW(link, L"SymbolicLinkValue", 0, REG_LINK, (const BYTE *)target,
                          (DWORD)(wcslen(target) * sizeof(WCHAR))),
           ERROR_SUCCESS);
    return link;
}

static void the_name_of_a_links_value_has_no_case(void)
{
    static const WCHAR target[] = L"\\Registry\\Machine";
    FIXTURE(key);
    HKEY there = NULL, link = make_link(key, "link", L"\\Registry\\User");
    ok_err(RegSetValueExW(link, L"symboliclinkVALUE", 0, REG_LINK, (const BYTE *)target,
                          sizeof(target) - sizeof(WCHAR)),
           ERROR_SUCCESS);
    ok_err(RegOpenKeyExA(key, "link\\Software", 0, KEY_READ, &there), ERROR_SUCCESS);
    RegCloseKey(there);
    ok_err(RegDeleteKeyA(link, ""), ERROR_SUCCESS);
    RegCloseKey(link);
    END(key);
}

static void a_links_missing_target_is_made_on_the_way(void)
{
    FIXTURE(key);
    HKEY there = NULL, machine = NULL, link;
    ok_err(RegCreateKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterLink", 0, NULL, 0,
                           KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &machine, NULL),
           ERROR_SUCCESS);
    link = make_link(key, "link", L"\\Registry\\Machine\\Software\\DecanterLink\\a");
    ok_err(RegCreateKeyExA(key, "link\\b\\c", 0, NULL, 0, KEY_READ | KEY_WOW64_64KEY, NULL, &there,
                           NULL),
           ERROR_SUCCESS);
    ok(has_key(machine, "a\\b\\c"), "it is elsewhere\n");
    RegCloseKey(there);
    ok_err(RegDeleteKeyA(link, ""), ERROR_SUCCESS);
    RegCloseKey(link);
    RegDeleteTreeA(machine, NULL);
    RegCloseKey(machine);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, "Software\\DecanterLink", KEY_WOW64_64KEY, 0);
    END(key);
}

START_TEST(create)
{
    test_dll("advapi32");
    RUN(the_disposition_tells_new_from_old);
    RUN(an_empty_name_opens_the_key);
    RUN(without_a_name_it_is_the_key);
    RUN(null_below_a_predefined_key_is_the_key);
    RUN(a_null_result_pointer_is_refused);
    RUN(the_reserved_parameter_is_0);
    RUN(a_wrong_handle_is_told);
    RUN(missing_keys_on_the_way_are_made);
    RUN(backslashes_at_the_ends);
    RUN(the_classes_root_forgives_no_backslash_when_keys_are_made_or_deleted);
    RUN(a_name_has_256_characters_at_most);
    RUN(a_class_is_kept);
    RUN(below_a_volatile_key_only_volatile_ones);
    RUN(nothing_is_made_in_the_machines_root);
    RUN(rights_are_those_asked_for);
    RUN(names_keep_their_case);
    RUN(a_link_leads_on);
    RUN(a_link_to_no_path_leads_nowhere);
    RUN(the_name_of_a_links_value_has_no_case);
    RUN(a_links_missing_target_is_made_on_the_way);
}
