/*
 * The methods of MS-RRP, natively: keys, values, enumeration, handles, the server's life.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "life.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "rrp_fixture.h"

static void before_the_start_nothing_is_ready(void)
{
    RPC_HKEY key = (RPC_HKEY)(uintptr_t)0x1234567, same = key;
    DWORD n;
    ok(OpenLocalMachine(NULL, KEY_READ, &key) == ERROR_NOT_READY, "open\n");
    key = same;
    ok(BaseRegCloseKey(&key) == ERROR_NOT_READY, "close\n");
    ok(key == same, "the handle was changed\n");
    ok(BaseRegGetVersion(key, &n) == ERROR_NOT_READY, "version\n");
}

static void a_closed_handle_is_null_and_invalid(void)
{
    struct fixture f;
    RPC_HKEY key, copy;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, KEY_READ, &key), "open\n");
    copy = key;
    ok(!BaseRegCloseKey(&key), "close\n");
    ok(key == NULL, "got %p\n", key);
    key = copy;
    ok(BaseRegCloseKey(&key) == ERROR_INVALID_HANDLE, "second close\n");
    ok(key == copy, "the handle was changed\n");
    key = NULL;
    ok(BaseRegCloseKey(&key) == ERROR_INVALID_HANDLE, "close of NULL\n");
    fixture_stop(&f);
}

static void after_shutdown_everything_is_write_protected(void)
{
    struct fixture f;
    RPC_HKEY key, copy;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, KEY_READ, &key), "open\n");
    copy = key;
    ok(!WinregShutdown(), "shutdown\n");
    ok(BaseRegCloseKey(&key) == ERROR_WRITE_PROTECT, "close\n");
    ok(key == copy, "the handle was changed\n");
    ok(OpenLocalMachine(NULL, KEY_READ, &key) == ERROR_WRITE_PROTECT, "open\n");
    ok(WinregShutdown() == ERROR_WRITE_PROTECT, "second shutdown\n");
    ok(!WinregStart(f.folder), "start again\n");
    key = copy;
    ok(BaseRegCloseKey(&key) == ERROR_INVALID_HANDLE, "a handle from before\n");
    fixture_stop(&f);
}

static void handles_survive_truncation_and_are_no_kernel_handles(void)
{
    struct fixture f;
    RPC_HKEY key, narrow;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, KEY_READ, &key), "open\n");
    ok(((uintptr_t)key & 3) == 3, "got %p\n", key);
    narrow = (RPC_HKEY)(intptr_t)(int32_t)(uintptr_t)key;
    ok(narrow == key, "sign extension gives %p of %p\n", narrow, key);
    ok(!BaseRegCloseKey(&narrow), "close\n");
    fixture_stop(&f);
}

static void a_busy_server_says_so_and_leaves_the_handle(void)
{
    struct fixture f;
    RPC_HKEY key, copy;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, KEY_READ, &key), "open\n");
    copy = key;
    ok(!life_close_door(1000), "door\n");
    ok(BaseRegCloseKey(&key) == WAIT_TIMEOUT, "close\n");
    ok(key == copy, "the handle was changed\n");
    life_open_door();
    ok(!BaseRegCloseKey(&key), "close\n");
    fixture_stop(&f);
}

static void values_come_back_as_they_were_set(void)
{
    struct fixture f;
    RPC_HKEY key;
    DWORD type, size, len;
    u8 buf[16];
    fixture_start(&f);
    key = make_key(u"Software\\Test\\A");
    ok(!set_value(key, u"v", REG_BINARY, "abc", 3), "set\n");
    size = sizeof buf;
    len = 77;
    ok(!query_value(key, u"v", &type, buf, &size, &len), "query\n");
    ok(type == REG_BINARY && size == 3 && len == 3 && !memcmp(buf, "abc", 3), "%u %u\n", type,
       size);
    size = 2;
    ok(query_value(key, u"V", &type, buf, &size, &len) == ERROR_MORE_DATA, "small\n");
    ok(size == 3 && len == 0, "%u %u\n", size, len);
    size = 0;
    ok(!query_value(key, u"v", &type, NULL, &size, &len), "size alone\n");
    ok(size == 3, "%u\n", size);
    ok(query_value(key, u"w", &type, buf, &size, &len) == ERROR_FILE_NOT_FOUND, "missing\n");
    ok(!delete_value(key, u"v"), "delete\n");
    ok(delete_value(key, u"v") == ERROR_FILE_NOT_FOUND, "delete again\n");
    close_key(key);
    fixture_stop(&f);
}

static void null_parameters_are_refused(void)
{
    struct fixture f;
    RPC_HKEY key, out = (RPC_HKEY)(uintptr_t)1;
    DWORD type, size = 0, len;
    RRP_UNICODE_STRING s = str(u"x"), bad = {4, 4, NULL};
    fixture_start(&f);
    key = make_key(u"Software\\Test\\B");
    ok(BaseRegQueryValue(key, NULL, &type, NULL, &size, &len) == ERROR_INVALID_PARAMETER, "name\n");
    ok(BaseRegQueryValue(key, &s, NULL, NULL, &size, &len) == ERROR_INVALID_PARAMETER, "type\n");
    ok(BaseRegQueryValue(key, &s, &type, NULL, NULL, &len) == ERROR_INVALID_PARAMETER, "size\n");
    ok(BaseRegQueryValue(key, &s, &type, NULL, &size, NULL) == ERROR_INVALID_PARAMETER, "len\n");
    ok(BaseRegSetValue(key, NULL, 1, NULL, 0) == ERROR_INVALID_PARAMETER, "set\n");
    ok(BaseRegSetValue(key, &bad, 1, NULL, 0) == ERROR_INVALID_PARAMETER, "length, no buffer\n");
    ok(BaseRegDeleteValue(key, NULL) == ERROR_INVALID_PARAMETER, "delete value\n");
    ok(BaseRegOpenKey(key, NULL, 0, KEY_READ, &out) == ERROR_INVALID_PARAMETER, "open\n");
    ok(!out, "got %p\n", out);
    ok(BaseRegDeleteKey(key, NULL) == ERROR_INVALID_PARAMETER, "delete\n");
    ok(BaseRegGetVersion(key, NULL) == ERROR_NOACCESS, "version\n");
    ok(BaseRegDeleteKey((RPC_HKEY)(uintptr_t)3, &s) == ERROR_INVALID_PARAMETER, "bad handle\n");
    ok(BaseRegOpenKey((RPC_HKEY)(uintptr_t)3, &s, 0, 1, &out) == ERROR_INVALID_HANDLE, "bad\n");
    close_key(key);
    fixture_stop(&f);
}

static void paths_follow_the_rules_of_windows(void)
{
    struct fixture f;
    RPC_HKEY root, key;
    fixture_start(&f);
    close_key(make_key(u"Software\\Test\\P\\Q"));
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(!open_key(root, u"Software\\\\Test\\P", KEY_READ, &key), "double\n");
    close_key(key);
    ok(!open_key(root, u"software\\TEST\\p\\", KEY_READ, &key), "trailing\n");
    close_key(key);
    ok(open_key(root, u"\\Software", KEY_READ, &key) == ERROR_BAD_PATHNAME, "leading\n");
    ok(open_key(root, u"Software\\None", KEY_READ, &key) == ERROR_FILE_NOT_FOUND, "missing\n");
    ok(!open_key(root, u"", KEY_READ, &key), "empty\n");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

static void what_is_right_below_the_machine_cannot_be_made(void)
{
    struct fixture f;
    RPC_HKEY root, key;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &root), "root\n");
    ok(create_key(root, u"New", 0, KEY_READ, &key) == ERROR_INVALID_PARAMETER, "create\n");
    ok(!create_key(root, u"Software", 0, KEY_READ, &key), "create what is there\n");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

static void a_deleted_key_can_only_be_closed(void)
{
    struct fixture f;
    RPC_HKEY key, above;
    DWORD type, size = 0, len;
    fixture_start(&f);
    key = make_key(u"Software\\Test\\D\\E");
    above = make_key(u"Software\\Test\\D");
    RRP_UNICODE_STRING e = str(u"E"), d = str(u"Software\\Test\\D");
    RPC_HKEY root;
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(BaseRegDeleteKey(root, &d) == ERROR_ACCESS_DENIED, "with subkeys\n");
    ok(!BaseRegDeleteKey(above, &e), "delete\n");
    ok(BaseRegDeleteKey(above, &e) == ERROR_FILE_NOT_FOUND, "delete again\n");
    ok(query_value(key, u"v", &type, NULL, &size, &len) == ERROR_KEY_DELETED, "query\n");
    ok(set_value(key, u"v", 1, NULL, 0) == ERROR_KEY_DELETED, "set\n");
    close_key(make_key(u"Software\\Test\\D\\E"));
    ok(set_value(key, u"v", 1, NULL, 0) == ERROR_KEY_DELETED, "the name is another key's\n");
    close_key(key);
    close_key(above);
    close_key(root);
    fixture_stop(&f);
}

static void subkeys_and_values_are_enumerated(void)
{
    struct fixture f;
    RPC_HKEY key;
    char16_t buf[64], class_buf[64];
    FILETIME t;
    fixture_start(&f);
    key = make_key(u"Software\\Test\\N");
    close_key(make_key(u"Software\\Test\\N\\beta"));
    close_key(make_key(u"Software\\Test\\N\\Alpha"));
    set_value(key, u"", REG_SZ, u"x", 4);
    set_value(key, u"two", REG_DWORD, "abcd", 4);
    RRP_UNICODE_STRING in = {0, sizeof buf, buf}, out = {0}, class_in = {0, 64, class_buf};
    PRPC_UNICODE_STRING class_out = NULL;
    ok(!BaseRegEnumKey(key, 0, &in, &out, &class_in, &class_out, &t), "enum\n");
    ok(out.Buffer == buf && out.Length == 12 && u16_equal(buf, u"Alpha"), "%u\n", out.Length);
    ok(t.dwHighDateTime != 0, "no time\n");
    ok(!BaseRegEnumKey(key, 1, &in, &out, NULL, NULL, NULL), "enum\n");
    ok(u16_equal(buf, u"beta"), "second\n");
    ok(BaseRegEnumKey(key, 2, &in, &out, NULL, NULL, NULL) == ERROR_NO_MORE_ITEMS, "end\n");
    in.MaximumLength = 8;
    out = (RRP_UNICODE_STRING){0};
    ok(BaseRegEnumKey(key, 1, &in, &out, NULL, NULL, NULL) == ERROR_MORE_DATA, "small\n");
    in.MaximumLength = sizeof buf;
    out = (RRP_UNICODE_STRING){0};
    DWORD type, size = 8, len;
    u8 data[8];
    ok(!BaseRegEnumValue(key, 1, &in, &out, &type, data, &size, &len), "value\n");
    ok(u16_equal(buf, u"two") && type == REG_DWORD && size == 4 && len == 4, "%u\n", size);
    ok(BaseRegEnumValue(key, 2, &in, &out, &type, data, &size, &len) == ERROR_NO_MORE_ITEMS, "\n");
    close_key(key);
    fixture_stop(&f);
}

static void the_info_counts_characters_and_bytes(void)
{
    struct fixture f;
    RPC_HKEY key;
    DWORD subs, sub_len, class_len, values, name_len, data_len, sd;
    FILETIME t;
    fixture_start(&f);
    key = make_key(u"Software\\Test\\I");
    close_key(make_key(u"Software\\Test\\I\\longer"));
    set_value(key, u"name", REG_BINARY, "1234567", 7);
    ok(!BaseRegQueryInfoKey(key, NULL, NULL, &subs, &sub_len, &class_len, &values, &name_len,
                            &data_len, &sd, &t),
       "info\n");
    ok(subs == 1 && sub_len == 6 && values == 1 && name_len == 4 && data_len == 7 && sd > 20,
       "%u %u %u %u %u %u\n", subs, sub_len, values, name_len, data_len, sd);
    ok(BaseRegQueryInfoKey(key, NULL, NULL, NULL, &sub_len, NULL, &values, &name_len, &data_len,
                           &sd, &t) == ERROR_INVALID_PARAMETER,
       "NULL\n");
    close_key(key);
    fixture_stop(&f);
}

static void classes_are_kept_and_measured(void)
{
    struct fixture f;
    RPC_HKEY root, key;
    DWORD n[7];
    FILETIME t;
    char16_t buf[8];
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    RRP_UNICODE_STRING name = str(u"Software\\C"), cls = str(u"kind"), small = {0, 4, buf},
                       room = {0, sizeof buf, buf}, none = {0}, out = {0};
    ok(!BaseRegCreateKey(root, &name, &cls, 0, KEY_ALL_ACCESS, NULL, &key, NULL), "create\n");
    ok(!BaseRegQueryInfoKey(key, &room, &out, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, &t),
       "info\n");
    ok(out.Length == 10 && u16_equal(buf, u"kind"), "%u\n", out.Length);
    out = (RRP_UNICODE_STRING){0};
    ok(BaseRegQueryInfoKey(key, &small, &out, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, &t) ==
           ERROR_MORE_DATA,
       "small\n");
    ok(out.Length == 10, "%u\n", out.Length);
    ok(!BaseRegQueryInfoKey(root, &none, &out, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, &t),
       "no class needs no room\n");
    close_key(key);
    name = str(u"Software\\D");
    cls = str(u"");
    ok(!BaseRegCreateKey(root, &name, &cls, 0, KEY_ALL_ACCESS, NULL, &key, NULL), "create\n");
    ok(!BaseRegQueryInfoKey(key, &none, &out, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, &t),
       "a class of a terminator alone is none\n");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

static void rights_are_enforced_by_the_handle(void)
{
    struct fixture f;
    RPC_HKEY key, root;
    DWORD type, size = 0, len;
    fixture_start(&f);
    close_key(make_key(u"Software\\Test\\R"));
    ok(!OpenCurrentUser(NULL, KEY_READ, &root), "root\n");
    ok(!open_key(root, u"Software\\Test\\R", KEY_SET_VALUE, &key), "open\n");
    ok(query_value(key, u"v", &type, NULL, &size, &len) == ERROR_ACCESS_DENIED, "query\n");
    close_key(key);
    ok(!open_key(root, u"Software\\Test\\R", KEY_QUERY_VALUE, &key), "open\n");
    ok(set_value(key, u"v", 1, NULL, 0) == ERROR_ACCESS_DENIED, "set\n");
    close_key(key);
    ok(open_key(root, u"Software", KEY_READ | 0x300, &key) == ERROR_INVALID_PARAMETER, "views\n");
    ok(open_key(root, u"Software", KEY_READ | 0x8000, &key) == ERROR_INVALID_PARAMETER, "bits\n");
    close_key(root);
    fixture_stop(&f);
}

static void what_was_written_is_there_after_a_restart(void)
{
    struct fixture f;
    RPC_HKEY key;
    DWORD type, size = 4, len;
    u8 buf[4];
    fixture_start(&f);
    key = make_key(u"Software\\Test\\Z");
    set_value(key, u"v", REG_DWORD, "abcd", 4);
    ok(!BaseRegFlushKey(key), "flush\n");
    close_key(key);
    ok(!WinregShutdown(), "shutdown\n");
    ok(!WinregStart(f.folder), "start\n");
    RPC_HKEY root;
    ok(!OpenCurrentUser(NULL, KEY_READ, &root), "root\n");
    ok(!open_key(root, u"Software\\Test\\Z", KEY_READ, &key), "open\n");
    ok(!query_value(key, u"v", &type, buf, &size, &len) && !memcmp(buf, "abcd", 4), "query\n");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

START_TEST(reg_rrp_core)
{
    RUN(before_the_start_nothing_is_ready);
    RUN(a_closed_handle_is_null_and_invalid);
    RUN(after_shutdown_everything_is_write_protected);
    RUN(handles_survive_truncation_and_are_no_kernel_handles);
    RUN(a_busy_server_says_so_and_leaves_the_handle);
    RUN(values_come_back_as_they_were_set);
    RUN(null_parameters_are_refused);
    RUN(paths_follow_the_rules_of_windows);
    RUN(what_is_right_below_the_machine_cannot_be_made);
    RUN(a_deleted_key_can_only_be_closed);
    RUN(subkeys_and_values_are_enumerated);
    RUN(the_info_counts_characters_and_bytes);
    RUN(classes_are_kept_and_measured);
    RUN(rights_are_enforced_by_the_handle);
    RUN(what_was_written_is_there_after_a_restart);
}
