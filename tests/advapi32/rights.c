/*
 * The right that each function needs of the handle: with all but that one it is refused, with that
 * one alone it works. What is done by path is asked of the descriptors, and no right of the handle
 * is needed for it.
 */
#include "fixture.h"

/* Opened with all rights, for what needs a second key; of the row that runs. */
static HKEY other;

static BYTE room[1024];
static DWORD type;

static LONG query_a(HKEY key)
{
    DWORD size = sizeof(room);
    return RegQueryValueExA(key, "v", NULL, &type, room, &size);
}

static LONG query_w(HKEY key)
{
    DWORD size = sizeof(room);
    return RegQueryValueExW(key, L"v", NULL, &type, room, &size);
}

static LONG query_default_a(HKEY key)
{
    LONG size = sizeof(room);
    return RegQueryValueA(key, NULL, (char *)room, &size);
}

static LONG query_default_w(HKEY key)
{
    LONG size = sizeof(room);
    return RegQueryValueW(key, NULL, (WCHAR *)room, &size);
}

static LONG query_many_a(HKEY key)
{
    VALENTA value = {.ve_valuename = (char[]){"v"}};
    DWORD size = sizeof(room);
    return RegQueryMultipleValuesA(key, &value, 1, (char *)room, &size);
}

static LONG query_many_w(HKEY key)
{
    VALENTW value = {.ve_valuename = (WCHAR[]){L"v"}};
    DWORD size = sizeof(room);
    return RegQueryMultipleValuesW(key, &value, 1, (WCHAR *)room, &size);
}

static LONG get_a(HKEY key)
{
    DWORD size = sizeof(room);
    return RegGetValueA(key, NULL, "v", RRF_RT_ANY, NULL, room, &size);
}

static LONG get_w(HKEY key)
{
    DWORD size = sizeof(room);
    return RegGetValueW(key, NULL, L"v", RRF_RT_ANY, NULL, room, &size);
}

static LONG get_below(HKEY key)
{
    DWORD size = sizeof(room);
    return RegGetValueA(key, "sub", "v", RRF_RT_ANY, NULL, room, &size);
}

static LONG set_a(HKEY key)
{
    return RegSetValueExA(key, "w", 0, REG_SZ, (const BYTE *)"q", 2);
}

static LONG set_w(HKEY key)
{
    return RegSetValueExW(key, L"w", 0, REG_SZ, (const BYTE *)L"q", 4);
}

static LONG set_default_a(HKEY key)
{
    return RegSetValueA(key, NULL, REG_SZ, "q", 1);
}

static LONG set_default_w(HKEY key)
{
    return RegSetValueW(key, NULL, REG_SZ, L"q", 2);
}

static LONG set_default_below(HKEY key)
{
    return RegSetValueA(key, "sub", REG_SZ, "q", 1);
}

static LONG set_key_value_a(HKEY key)
{
    return (LONG)RegSetKeyValueA(key, NULL, "w", REG_SZ, "q", 2);
}

static LONG set_key_value_w(HKEY key)
{
    return (LONG)RegSetKeyValueW(key, NULL, L"w", REG_SZ, L"q", 4);
}

static LONG set_key_value_below(HKEY key)
{
    return (LONG)RegSetKeyValueA(key, "sub", "w", REG_SZ, "q", 2);
}

static LONG delete_a(HKEY key)
{
    return RegDeleteValueA(key, "v");
}

static LONG delete_w(HKEY key)
{
    return RegDeleteValueW(key, L"v");
}

static LONG delete_key_value_a(HKEY key)
{
    return RegDeleteKeyValueA(key, NULL, "v");
}

static LONG delete_key_value_w(HKEY key)
{
    return RegDeleteKeyValueW(key, NULL, L"v");
}

static LONG delete_key_value_below(HKEY key)
{
    return RegDeleteKeyValueW(key, L"sub", L"v");
}

static LONG enum_value_a(HKEY key)
{
    DWORD len = sizeof(room);
    return RegEnumValueA(key, 0, (char *)room, &len, NULL, NULL, NULL, NULL);
}

static LONG enum_value_w(HKEY key)
{
    DWORD len = sizeof(room) / 2;
    return RegEnumValueW(key, 0, (WCHAR *)room, &len, NULL, NULL, NULL, NULL);
}

static LONG enum_key_ex_a(HKEY key)
{
    DWORD len = sizeof(room);
    return RegEnumKeyExA(key, 0, (char *)room, &len, NULL, NULL, NULL, NULL);
}

static LONG enum_key_ex_w(HKEY key)
{
    DWORD len = sizeof(room) / 2;
    return RegEnumKeyExW(key, 0, (WCHAR *)room, &len, NULL, NULL, NULL, NULL);
}

static LONG enum_key_a(HKEY key)
{
    return RegEnumKeyA(key, 0, (char *)room, sizeof(room));
}

static LONG enum_key_w(HKEY key)
{
    return RegEnumKeyW(key, 0, (WCHAR *)room, sizeof(room) / 2);
}

static LONG info_a(HKEY key)
{
    return RegQueryInfoKeyA(key, NULL, NULL, NULL, &type, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
}

static LONG info_w(HKEY key)
{
    return RegQueryInfoKeyW(key, NULL, NULL, NULL, &type, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
}

static LONG flush(HKEY key)
{
    return RegFlushKey(key);
}

static LONG notify(HKEY key)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    LONG err = RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE);
    CloseHandle(event);
    return err;
}

static LONG create_below(HKEY key)
{
    HKEY made = NULL;
    LONG err = RegCreateKeyExA(key, "new", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &made, NULL);
    RegCloseKey(made);
    return err;
}

static LONG open_below(HKEY key)
{
    HKEY opened = NULL;
    LONG err = RegOpenKeyExW(key, L"sub", 0, KEY_ALL_ACCESS, &opened);
    RegCloseKey(opened);
    return err;
}

static LONG delete_below(HKEY key)
{
    return RegDeleteKeyA(key, "sub");
}

static LONG delete_ex_below(HKEY key)
{
    return RegDeleteKeyExW(key, L"sub", 0, 0);
}

static LONG delete_tree_below(HKEY key)
{
    return RegDeleteTreeA(key, "sub");
}

static LONG copy_to(HKEY key)
{
    return RegCopyTreeW(other, NULL, key);
}

static LONG mui(HKEY key)
{
    LONG err = RegLoadMUIStringW(key, L"v", (WCHAR *)room, sizeof(room), NULL, 0, NULL);
    /* The value names no resource, which only those who may read it find out. */
    return err == ERROR_ACCESS_DENIED ? err : ERROR_SUCCESS;
}

static const struct row {
    const char *name;
    LONG (*call)(HKEY key);
    REGSAM right;    /* 0: none */
    const char *doc; /* where Wine's own DLL does otherwise */
} rows[] = {
    {"RegQueryValueExA", query_a, KEY_QUERY_VALUE, NULL},
    {"RegQueryValueExW", query_w, KEY_QUERY_VALUE, NULL},
    {"RegQueryValueA", query_default_a, KEY_QUERY_VALUE, NULL},
    {"RegQueryValueW", query_default_w, KEY_QUERY_VALUE, NULL},
    {"RegQueryMultipleValuesA", query_many_a, KEY_QUERY_VALUE, NULL},
    {"RegQueryMultipleValuesW", query_many_w, KEY_QUERY_VALUE, NULL},
    {"RegGetValueA", get_a, KEY_QUERY_VALUE, NULL},
    {"RegGetValueW", get_w, KEY_QUERY_VALUE, NULL},
    {"RegGetValueA, subkey", get_below, 0, NULL},
    {"RegLoadMUIStringW", mui, KEY_QUERY_VALUE, NULL},
    {"RegEnumValueA", enum_value_a, KEY_QUERY_VALUE, NULL},
    {"RegEnumValueW", enum_value_w, KEY_QUERY_VALUE, NULL},
    {"RegQueryInfoKeyA", info_a, KEY_QUERY_VALUE, "RegQueryInfoKeyW, hKey"},
    {"RegQueryInfoKeyW", info_w, KEY_QUERY_VALUE, "RegQueryInfoKeyW, hKey"},
    {"RegFlushKey", flush, KEY_QUERY_VALUE, "RegFlushKey, hKey"},
    {"RegSetValueExA", set_a, KEY_SET_VALUE, NULL},
    {"RegSetValueExW", set_w, KEY_SET_VALUE, NULL},
    {"RegSetValueA", set_default_a, KEY_SET_VALUE, NULL},
    {"RegSetValueW", set_default_w, KEY_SET_VALUE, NULL},
    {"RegSetValueA, subkey", set_default_below, 0, NULL},
    {"RegSetKeyValueA", set_key_value_a, KEY_SET_VALUE, NULL},
    {"RegSetKeyValueW", set_key_value_w, KEY_SET_VALUE, NULL},
    {"RegSetKeyValueA, subkey", set_key_value_below, 0, NULL},
    {"RegDeleteValueA", delete_a, KEY_SET_VALUE, NULL},
    {"RegDeleteValueW", delete_w, KEY_SET_VALUE, NULL},
    {"RegDeleteKeyValueA", delete_key_value_a, KEY_SET_VALUE, NULL},
    {"RegDeleteKeyValueW", delete_key_value_w, KEY_SET_VALUE, NULL},
    {"RegDeleteKeyValueW, subkey", delete_key_value_below, 0, NULL},
    {"RegCopyTreeW, hKeyDest", copy_to, KEY_SET_VALUE, NULL},
    {"RegEnumKeyExA", enum_key_ex_a, KEY_ENUMERATE_SUB_KEYS, NULL},
    {"RegEnumKeyExW", enum_key_ex_w, KEY_ENUMERATE_SUB_KEYS, NULL},
    {"RegEnumKeyA", enum_key_a, KEY_ENUMERATE_SUB_KEYS, NULL},
    {"RegEnumKeyW", enum_key_w, KEY_ENUMERATE_SUB_KEYS, NULL},
    {"RegNotifyChangeKeyValue", notify, KEY_NOTIFY, NULL},
    {"RegCreateKeyExA", create_below, 0, NULL},
    {"RegOpenKeyExW", open_below, 0, NULL},
    {"RegDeleteKeyA", delete_below, 0, NULL},
    {"RegDeleteKeyExW", delete_ex_below, 0, NULL},
    {"RegDeleteTreeA, subkey", delete_tree_below, 0, NULL},
};

/* What the call says of a fresh tree by a handle with those rights. */
static LONG with_rights(const struct row *r, HKEY key, REGSAM rights)
{
    HKEY tree = make_key(key, "tree"), sub = make_key(tree, "sub"), h = NULL;
    set_string(tree, "v", "text");
    set_string(tree, "", "text");
    set_string(sub, "v", "text");
    RegCloseKey(sub);
    RegCloseKey(tree);
    LONG err = RegOpenKeyExA(key, "tree", 0, rights, &h);
    if (!err)
        err = r->call(h);
    RegCloseKey(h);
    RegDeleteTreeA(key, "tree");
    return err;
}

static void each_function_needs_its_right(void)
{
    FIXTURE(key);
    other = make_key(key, "other");
    set_string(other, "o", "text");
    RegCloseKey(make_key(other, "o"));
    for (unsigned i = 0; i < ARRAYSIZE(rows); i++) {
        const struct row *r = &rows[i];
        LONG alone = with_rights(r, key, r->right ? r->right : READ_CONTROL);
        ok(alone == ERROR_SUCCESS, "%s with %lx alone: %ld\n", r->name, r->right, alone);
        if (!r->right)
            continue;
        LONG without = with_rights(r, key, KEY_ALL_ACCESS & ~r->right);
        differs(r->doc)
            ok(without == ERROR_ACCESS_DENIED, "%s without %lx: %ld\n", r->name, r->right, without);
    }
    RegCloseKey(other);
    END(key);
}

static LONG delete_tree(HKEY key)
{
    return RegDeleteTreeW(key, NULL);
}

/* RegDeleteTree: "If the key has values, it must be opened with KEY_SET_VALUE". */
static void deleting_what_is_in_a_key(void)
{
    FIXTURE(key);
    const struct row r = {"RegDeleteTreeW", delete_tree, 0, NULL};
    const REGSAM rights = KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | DELETE;
    HKEY empty = make_key(key, "empty"), h = NULL;
    ok_err(with_rights(&r, key, rights | KEY_SET_VALUE), ERROR_SUCCESS);
    ok_err(with_rights(&r, key, rights), ERROR_ACCESS_DENIED);
    ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_ENUMERATE_SUB_KEYS), ERROR_ACCESS_DENIED);
    ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_QUERY_VALUE), ERROR_ACCESS_DENIED);
    ok_err(RegOpenKeyExA(key, "empty", 0, rights, &h), ERROR_SUCCESS);
    ok_err(RegDeleteTreeW(h, NULL), ERROR_SUCCESS);
    RegCloseKey(h);
    RegCloseKey(empty);
    END(key);
}

static LONG rename_it(HKEY key)
{
    LONG err = RegRenameKey(key, NULL, L"renamed");
    if (!err)
        err = RegRenameKey(key, NULL, L"tree");
    return err;
}

/* RegRenameKey: "opened with the KEY_WRITE access right". */
static void renaming_a_key(void)
{
    FIXTURE(key);
    const struct row r = {"RegRenameKey", rename_it, 0, NULL};
    ok_err(with_rights(&r, key, KEY_WRITE), ERROR_SUCCESS);
    differs("RegRenameKey")
        ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_SET_VALUE), ERROR_ACCESS_DENIED);
    differs("RegRenameKey")
        ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_CREATE_SUB_KEY), ERROR_ACCESS_DENIED);
    END(key);
}

static LONG copy_from(HKEY key)
{
    return RegCopyTreeW(key, NULL, other);
}

static void copying_from_a_key(void)
{
    FIXTURE(key);
    const struct row r = {"RegCopyTreeW, hKeySrc", copy_from, 0, NULL};
    other = make_key(key, "other");
    ok_err(with_rights(&r, key, KEY_READ), ERROR_SUCCESS);
    ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_ENUMERATE_SUB_KEYS), ERROR_ACCESS_DENIED);
    ok_err(with_rights(&r, key, KEY_ALL_ACCESS & ~KEY_QUERY_VALUE), ERROR_ACCESS_DENIED);
    RegCloseKey(other);
    END(key);
}

/* --- trees, whose keys' descriptors count ------------------------------------------------------
 */

/* Everybody gets these rights on the key, and nobody any other. */
static void allow(HKEY key, const char *subkey, DWORD rights)
{
    SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    SECURITY_DESCRIPTOR sd;
    BYTE acl_room[100];
    PACL acl = (PACL)acl_room;
    HKEY h = NULL;
    InitializeAcl(acl, sizeof(acl_room), ACL_REVISION);
    AddAccessAllowedAce(acl, ACL_REVISION, rights, &everyone);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    ok_err(RegOpenKeyExA(key, subkey, 0, WRITE_DAC, &h), ERROR_SUCCESS);
    ok_err(RegSetKeySecurity(h, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
    RegCloseKey(h);
}

/* tree\a\b, the last one without that right. */
static HKEY tree_without(HKEY key, REGSAM right)
{
    HKEY tree = make_key(key, "tree");
    RegCloseKey(make_key(tree, "a\\b"));
    allow(tree, "a\\b", KEY_ALL_ACCESS & ~right);
    return tree;
}

static void tree_end(HKEY tree)
{
    allow(tree, "a\\b", KEY_ALL_ACCESS);
    RegCloseKey(tree);
}

static void a_tree_with_a_key_that_may_not_be_read(void)
{
    static const REGSAM rights[] = {KEY_QUERY_VALUE, KEY_ENUMERATE_SUB_KEYS};
    FIXTURE(key);
    HKEY to = make_key(key, "to");
    for (unsigned i = 0; i < ARRAYSIZE(rights); i++) {
        HKEY tree = tree_without(key, rights[i]);
        ok_err(RegCopyTreeW(tree, NULL, to), ERROR_ACCESS_DENIED);
        ok_err(RegCopyTreeW(key, L"tree", to), ERROR_ACCESS_DENIED);
        ok_err(RegDeleteTreeW(tree, NULL), ERROR_ACCESS_DENIED);
        ok_err(RegDeleteTreeA(key, "tree"), ERROR_ACCESS_DENIED);
        ok(has_key(tree, "a"), "the part that may be read is gone\n");
        tree_end(tree);
    }
    RegCloseKey(to);
    END(key);
}

static void a_tree_with_a_key_that_may_not_be_deleted(void)
{
    FIXTURE(key);
    HKEY tree = tree_without(key, DELETE);
    differs("RegRenameKey") ok_err(RegRenameKey(key, L"tree", L"other"), ERROR_ACCESS_DENIED);
    RegRenameKey(key, L"other", L"tree"); /* on Wine */
    differs("RegDeleteTreeW, hKey") ok_err(RegDeleteTreeA(key, "tree"), ERROR_ACCESS_DENIED);
    if (has_key(tree, "a"))
        allow(tree, "a\\b", KEY_ALL_ACCESS);
    RegCloseKey(tree);
    END(key);
}

/* "KEY_CREATE_SUB_KEY access to the parent". */
static void renaming_in_a_key_that_takes_none(void)
{
    FIXTURE(key);
    HKEY tree = make_key(key, "tree");
    RegCloseKey(make_key(tree, "a"));
    allow(key, "tree", KEY_ALL_ACCESS & ~KEY_CREATE_SUB_KEY);
    differs("RegRenameKey") ok_err(RegRenameKey(tree, L"a", L"b"), ERROR_ACCESS_DENIED);
    allow(key, "tree", KEY_ALL_ACCESS);
    RegCloseKey(tree);
    END(key);
}

START_TEST(rights)
{
    test_dll("advapi32");
    RUN(each_function_needs_its_right);
    RUN(deleting_what_is_in_a_key);
    RUN(renaming_a_key);
    RUN(copying_from_a_key);
    RUN(a_tree_with_a_key_that_may_not_be_read);
    RUN(a_tree_with_a_key_that_may_not_be_deleted);
    RUN(renaming_in_a_key_that_takes_none);
}
