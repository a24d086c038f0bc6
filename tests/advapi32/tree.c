/* RegDeleteKey, RegDeleteKeyEx, RegDeleteTree, RegCopyTree, RegRenameKey. */
#include "fixture.h"

static void a_key_with_subkeys_stays(void)
{
    FIXTURE(key);
    RegCloseKey(make_key(key, "a\\b"));
    ok_err(RegDeleteKeyA(key, "a"), ERROR_ACCESS_DENIED);
    ok_err(RegDeleteKeyExA(key, "a", 0, 0), ERROR_ACCESS_DENIED);
    ok_err(RegDeleteKeyA(key, "a\\b"), ERROR_SUCCESS);
    ok_err(RegDeleteKeyA(key, "a"), ERROR_SUCCESS);
    ok(!has_key(key, "a"), "a is still there\n");
    END(key);
}

static void values_go_with_their_key(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "a");
    set_string(sub, "v", "x");
    RegCloseKey(sub);
    ok_err(RegDeleteKeyA(key, "a"), ERROR_SUCCESS);
    sub = make_key(key, "a");
    ok_err(RegQueryValueExA(sub, "v", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    RegCloseKey(sub);
    END(key);
}

static void an_empty_name_deletes_the_key_itself(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "a");
    ok_err(RegDeleteKeyA(sub, ""), ERROR_SUCCESS);
    ok(!has_key(key, "a"), "it is still there\n");
    ok_err(RegDeleteKeyA(sub, ""), ERROR_KEY_DELETED);
    RegCloseKey(sub);
    END(key);
}

static void wrong_parameters_of_delete(void)
{
    FIXTURE(key);
    ok_err(RegDeleteKeyA(key, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegDeleteKeyW(key, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegDeleteKeyExA(key, NULL, 0, 0), ERROR_INVALID_PARAMETER);
    ok_err(RegDeleteKeyA(key, "none"), ERROR_FILE_NOT_FOUND);
    ok_err(RegDeleteKeyA(NULL, "none"), ERROR_INVALID_HANDLE);
    ok_err(RegDeleteKeyA(NO_KEY, "none"), ERROR_INVALID_HANDLE);
    END(key);
}

static void a_key_can_be_deleted_through_any_handle(void)
{
    FIXTURE(key);
    HKEY reader = NULL;
    RegCloseKey(make_key(key, "a"));
    ok_err(RegOpenKeyExA(key, NULL, 0, KEY_READ, &reader), ERROR_SUCCESS);
    ok_err(RegDeleteKeyA(reader, "a"), ERROR_SUCCESS);
    RegCloseKey(reader);
    END(key);
}

static void a_tree_goes_whole(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "a");
    RegCloseKey(make_key(sub, "b\\c"));
    RegCloseKey(make_key(sub, "d"));
    set_string(sub, "v", "x");
    RegCloseKey(sub);
    ok_err(RegDeleteTreeA(key, "a"), ERROR_SUCCESS);
    ok(!has_key(key, "a"), "a is still there\n");
    ok_err(RegDeleteTreeA(key, "a"), ERROR_FILE_NOT_FOUND);
    END(key);
}

static void without_a_name_the_key_stays_empty(void)
{
    FIXTURE(key);
    DWORD subkeys = 9, values = 9;
    RegCloseKey(make_key(key, "a\\b"));
    set_string(key, "v", "x");
    set_string(key, NULL, "y");
    ok_err(RegDeleteTreeA(key, NULL), ERROR_SUCCESS);
    ok_err(RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, NULL, NULL, &values, NULL, NULL, NULL,
                            NULL),
           ERROR_SUCCESS);
    ok(subkeys == 0 && values == 0, "%lu, %lu\n", subkeys, values);
    END(key);
}

static void wrong_handles_of_trees(void)
{
    ok_err(RegDeleteTreeA(NULL, "x"), ERROR_INVALID_HANDLE);
    ok_err(RegDeleteTreeA(NO_KEY, "x"), ERROR_INVALID_HANDLE);
    ok_err(RegDeleteTreeA(NO_KEY, NULL), ERROR_INVALID_HANDLE);
    ok_err(RegCopyTreeA(NO_KEY, NULL, HKEY_CURRENT_USER), ERROR_INVALID_HANDLE);
}

static void a_tree_is_copied_whole(void)
{
    FIXTURE(key);
    HKEY from = make_key(key, "from"), deep = make_key(from, "a\\b"), to = make_key(key, "to");
    char text[20];
    LONG size = sizeof(text);
    DWORD n = sizeof(text);
    set_string(from, "v", "top");
    set_string(deep, NULL, "deep");
    RegCloseKey(deep);
    ok_err(RegCopyTreeA(key, "from", to), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(to, "v", NULL, NULL, (BYTE *)text, &n), ERROR_SUCCESS);
    ok(!strcmp(text, "top"), "got %s\n", text);
    ok_err(RegQueryValueA(to, "a\\b", text, &size), ERROR_SUCCESS);
    ok(!strcmp(text, "deep"), "got %s\n", text);
    ok(has_key(from, "a\\b"), "the source is gone\n");
    RegCloseKey(from);
    RegCloseKey(to);
    END(key);
}

static void a_copy_merges(void)
{
    FIXTURE(key);
    HKEY from = make_key(key, "from"), to = make_key(key, "to");
    set_string(from, "both", "new");
    set_string(to, "both", "old");
    set_string(to, "mine", "x");
    ok_err(RegCopyTreeA(from, NULL, to), ERROR_SUCCESS);
    ok_err(RegQueryValueExA(to, "mine", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    char text[20];
    DWORD n = sizeof(text);
    RegQueryValueExA(to, "both", NULL, NULL, (BYTE *)text, &n);
    ok(!strcmp(text, "new"), "got %s\n", text);
    ok_err(RegCopyTreeA(from, "none", to), ERROR_FILE_NOT_FOUND);
    RegCloseKey(from);
    RegCloseKey(to);
    END(key);
}

static void a_key_is_copied_onto_itself(void)
{
    FIXTURE(key);
    set_string(key, "v", "x");
    RegCloseKey(make_key(key, "a"));
    ok_err(RegCopyTreeA(key, NULL, key), ERROR_SUCCESS);
    ok(has_key(key, "a") && !has_key(key, "a\\a"), "another tree\n");
    END(key);
}

static void a_key_is_not_copied_below_itself(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "a");
    if (test_builtin_dlls)
        win_skip("copies without end\n");
    else
        ok_err(RegCopyTreeA(key, NULL, sub), ERROR_INVALID_PARAMETER);
    ok(!has_key(sub, "a"), "it was copied\n");
    RegCloseKey(sub);
    END(key);
}

static HKEY make_classy(HKEY key, const char *name, const char *class_name, DWORD options)
{
    HKEY made = NULL;
    ok_err(RegCreateKeyExA(key, name, 0, (char *)(UINT_PTR)class_name, options, KEY_ALL_ACCESS,
                           NULL, &made, NULL),
           ERROR_SUCCESS);
    return made;
}

static const char *class_of(HKEY key, const char *name)
{
    static char text[20];
    DWORD len = sizeof(text);
    HKEY sub = make_key(key, name);
    text[0] = 0;
    ok_err(RegQueryInfoKeyA(sub, text, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           ERROR_SUCCESS);
    RegCloseKey(sub);
    return text;
}

static void a_copy_has_the_class_unless_it_was_there(void)
{
    FIXTURE(key);
    HKEY from = make_classy(key, "from", "Top", 0), to = make_key(key, "to");
    RegCloseKey(make_classy(from, "both", "Its", 0));
    RegCloseKey(make_classy(from, "new", "Its", 0));
    RegCloseKey(make_classy(to, "both", "Mine", 0));
    ok_err(RegCopyTreeA(from, NULL, to), ERROR_SUCCESS);
    ok(!strcmp(class_of(key, "to"), ""), "class %s\n", class_of(key, "to"));
    /* a key that is there is opened as it is */
    differs(DOC_CREATE)
        ok(!strcmp(class_of(to, "both"), "Mine"), "class %s\n", class_of(to, "both"));
    differs(DOC_COPY) ok(!strcmp(class_of(to, "new"), "Its"), "class %s\n", class_of(to, "new"));
    RegCloseKey(from);
    RegCloseKey(to);
    END(key);
}

/* One right, for everyone. */
static void set_one_right(HKEY key)
{
    SID_IDENTIFIER_AUTHORITY world = {SECURITY_WORLD_SID_AUTHORITY};
    BYTE room[100];
    PACL acl = (PACL)room;
    SECURITY_DESCRIPTOR sd;
    PSID everyone = NULL;
    AllocateAndInitializeSid(&world, 1, 0, 0, 0, 0, 0, 0, 0, 0, &everyone);
    InitializeAcl(acl, sizeof(room), ACL_REVISION);
    AddAccessAllowedAce(acl, ACL_REVISION, KEY_ALL_ACCESS, everyone);
    FreeSid(everyone);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
}

static int count_of_rights(HKEY key, const char *name)
{
    BYTE sd[1024];
    DWORD size = sizeof(sd);
    BOOL there = FALSE, defaulted;
    PACL acl = NULL;
    HKEY sub = NULL;
    if (RegOpenKeyExA(key, name, 0, READ_CONTROL, &sub))
        return -1;
    if (!RegGetKeySecurity(sub, DACL_SECURITY_INFORMATION, sd, &size))
        GetSecurityDescriptorDacl(sd, &there, &acl, &defaulted);
    RegCloseKey(sub);
    return there && acl ? acl->AceCount : -1;
}

static void a_copy_has_the_rights(void)
{
    FIXTURE(key);
    HKEY from = make_key(key, "from"), to = make_key(key, "to"), sub = make_key(from, "sub");
    set_one_right(sub);
    ok(count_of_rights(from, "sub") == 1, "%d rights\n", count_of_rights(from, "sub"));
    ok_err(RegCopyTreeA(from, NULL, to), ERROR_SUCCESS);
    differs(DOC_COPY)
        ok(count_of_rights(to, "sub") == 1, "%d rights\n", count_of_rights(to, "sub"));
    RegCloseKey(sub);
    RegCloseKey(from);
    RegCloseKey(to);
    END(key);
}

static void a_copy_of_a_volatile_key_is_stable(void)
{
    FIXTURE(key);
    HKEY from = make_key(key, "from"), to = make_key(key, "to");
    RegCloseKey(make_classy(from, "a", NULL, REG_OPTION_VOLATILE));
    ok_err(RegCopyTreeA(from, NULL, to), ERROR_SUCCESS);
    RegCloseKey(make_key(to, "a\\stable"));
    RegCloseKey(from);
    RegCloseKey(to);
    END(key);
}

static void a_handle_that_lists_nothing_empties_and_copies_nothing(void)
{
    FIXTURE(key);
    HKEY writer = NULL, to = make_key(key, "to");
    ok_err(RegOpenKeyExA(key, NULL, 0, KEY_SET_VALUE | DELETE, &writer), ERROR_SUCCESS);
    ok_err(RegDeleteTreeA(writer, NULL), ERROR_ACCESS_DENIED);
    ok(has_key(key, "to"), "it is gone\n");
    ok_err(RegCopyTreeA(writer, NULL, to), ERROR_ACCESS_DENIED);
    RegCloseKey(writer);
    RegCloseKey(to);
    END(key);
}

static void a_key_gets_another_name(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "old");
    RegCloseKey(make_key(sub, "child"));
    set_string(sub, "v", "x");
    ok_err(RegRenameKey(key, L"old", L"new"), ERROR_SUCCESS);
    ok(!has_key(key, "old"), "the old one is there\n");
    ok(has_key(key, "new\\child"), "the new one is not\n");
    ok_err(RegQueryValueExA(sub, "v", NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    RegCloseKey(sub);
    END(key);
}

static void a_name_in_use_is_refused(void)
{
    FIXTURE(key);
    RegCloseKey(make_key(key, "a"));
    RegCloseKey(make_key(key, "b"));
    ok_err(RegRenameKey(key, L"a", L"b"), ERROR_ACCESS_DENIED);
    ok(has_key(key, "a") && has_key(key, "b"), "one is gone\n");
    ok_err(RegRenameKey(key, L"none", L"c"), ERROR_FILE_NOT_FOUND);
    END(key);
}

static void wrong_parameters_of_renaming(void)
{
    FIXTURE(key);
    HKEY gone = make_key(key, "gone");
    RegDeleteKeyA(key, "gone");
    ok_err(RegRenameKey(NO_KEY, L"a", NULL), ERROR_INVALID_HANDLE);
    ok_err(RegRenameKey(NULL, L"a", L"b"), ERROR_INVALID_HANDLE);
    ok_err(RegRenameKey(NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegRenameKey(NULL, L"a", NULL), ERROR_INVALID_HANDLE);
    ok_err(RegRenameKey(NULL, NULL, L"b"), ERROR_INVALID_HANDLE);
    ok_err(RegRenameKey(key, L"none", NULL), ERROR_FILE_NOT_FOUND);
    ok_err(RegRenameKey(key, NULL, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegRenameKey(key, L"\\", L"b"), ERROR_BAD_PATHNAME);
    ok_err(RegRenameKey(gone, L"\\", L"b"), ERROR_KEY_DELETED);
    RegCloseKey(gone);
    END(key);
}

static void what_is_no_key_is_not_renamed(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    ok_err(RegRenameKey((HKEY)event, L"a", L"b"), ERROR_INVALID_HANDLE);
    CloseHandle(event);
}

static void renaming_the_key_itself_needs_a_handle_for_writing(void)
{
    FIXTURE(key);
    HKEY sub;
    RegCloseKey(make_key(key, "a"));
    ok_err(RegOpenKeyExA(key, "a", 0, KEY_READ, &sub), ERROR_SUCCESS);
    ok_err(RegRenameKey(sub, NULL, L"b"), ERROR_ACCESS_DENIED);
    RegCloseKey(sub);
    ok_err(RegOpenKeyExA(key, "a", 0, KEY_WRITE, &sub), ERROR_SUCCESS);
    ok_err(RegRenameKey(sub, NULL, L"b"), ERROR_SUCCESS);
    ok(has_key(key, "b"), "it was not renamed\n");
    RegCloseKey(sub);
    END(key);
}

START_TEST(tree)
{
    test_dll("advapi32");
    RUN(a_key_with_subkeys_stays);
    RUN(values_go_with_their_key);
    RUN(an_empty_name_deletes_the_key_itself);
    RUN(wrong_parameters_of_delete);
    RUN(a_key_can_be_deleted_through_any_handle);
    RUN(a_tree_goes_whole);
    RUN(without_a_name_the_key_stays_empty);
    RUN(wrong_handles_of_trees);
    RUN(a_tree_is_copied_whole);
    RUN(a_copy_merges);
    RUN(a_key_is_copied_onto_itself);
    RUN(a_key_is_not_copied_below_itself);
    RUN(a_copy_has_the_class_unless_it_was_there);
    RUN(a_copy_has_the_rights);
    RUN(a_copy_of_a_volatile_key_is_stable);
    RUN(a_handle_that_lists_nothing_empties_and_copies_nothing);
    RUN(a_key_gets_another_name);
    RUN(a_name_in_use_is_refused);
    RUN(wrong_parameters_of_renaming);
    RUN(what_is_no_key_is_not_renamed);
    RUN(renaming_the_key_itself_needs_a_handle_for_writing);
}
