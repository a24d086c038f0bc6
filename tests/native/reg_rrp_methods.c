/*
 * The methods of MS-RRP 3.1.5 sentence by sentence, where the other tests of the methods do not
 * have them: what is written on which error, the order of the checks, the limits.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "inside.h"
#include "os.h"
#include "space.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "rrp_fixture.h"

static const char16_t software_classes[] = u"Software\\Classes";

static RPC_HKEY machine(void)
{
    RPC_HKEY key = NULL;
    DWORD err = OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &key);
    ok(!err, "machine gave %u\n", err);
    return key;
}

static RPC_HKEY classes(void)
{
    RPC_HKEY key = NULL;
    DWORD err = OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &key);
    ok(!err, "classes gave %u\n", err);
    return key;
}

/* 3.1.5.17: "If the server operation is not successful, the server MUST set the value of the
 * variable pointed to by lpcbLen to 0." */
static void a_query_that_fails_transmits_nothing(void)
{
    struct fixture f;
    DWORD type, size = 4, len = 77;
    RRP_UNICODE_STRING name = str(u"v");
    u8 buf[4];
    ok(BaseRegQueryValue(NULL, &name, &type, buf, &size, &len) == ERROR_NOT_READY, "life\n");
    ok(len == 0, "not ready: %u\n", len);
    fixture_start(&f);
    len = 77;
    ok(BaseRegQueryValue(NULL, &name, &type, buf, &size, &len) == ERROR_INVALID_HANDLE, "handle\n");
    ok(len == 0, "no handle: %u\n", len);
    RPC_HKEY key = make_key(u"Software\\Q");
    len = 77;
    ok(BaseRegQueryValue(key, NULL, &type, buf, &size, &len) == ERROR_INVALID_PARAMETER, "name\n");
    ok(len == 0, "no name: %u\n", len);
    len = type = 77;
    ok(query_value(key, u"none", &type, buf, &size, &len) == ERROR_FILE_NOT_FOUND, "missing\n");
    ok(len == 0 && type == 0 && size == 4, "%u %u %u\n", len, type, size);
    close_key(key);
    fixture_stop(&f);
}

/* 3.1.5.7: "If this method fails [...] the lpdwDisposition parameter is unchanged". */
static void a_create_that_fails_leaves_the_disposition(void)
{
    struct fixture f;
    RPC_HKEY key = (RPC_HKEY)(uintptr_t)1, root;
    DWORD disposition = 77, err;
    RRP_UNICODE_STRING name = str(u"Software\\D"), none = {0};
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    err = BaseRegCreateKey(root, &name, &none, 0x20, KEY_READ, NULL, &key, &disposition);
    ok(err == ERROR_INVALID_PARAMETER && disposition == 77 && !key, "an option that is none: %u\n",
       err);
    err = BaseRegCreateKey(root, &name, NULL, 0, KEY_READ, NULL, &key, &disposition);
    ok(err == ERROR_INVALID_PARAMETER && disposition == 77, "no class string: %u\n", err);
    err = BaseRegCreateKey(root, &name, &none, 0, KEY_READ | 0x300, NULL, &key, &disposition);
    ok(err == ERROR_INVALID_PARAMETER && disposition == 77, "both namespaces: %u\n", err);
    err = BaseRegCreateKey(root, &name, &none, 0x10, KEY_READ, NULL, &key, &disposition);
    ok(!err && disposition == REG_CREATED_NEW_KEY, "REG_OPTION_DONT_VIRTUALIZE: %u\n", err);
    close_key(key);
    err = BaseRegCreateKey(root, &name, &none, 1, KEY_READ, NULL, &key, &disposition);
    ok(!err && disposition == REG_OPENED_EXISTING_KEY, "its type is ignored now: %u\n", err);
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

/* "If the key indicated by hKey or any of the intermediate keys [...] are volatile and the value of
 * the dwOptions parameter is not equal to 0x00000001": ERROR_CHILD_MUST_BE_VOLATILE. */
static void below_a_volatile_key_all_is_volatile(void)
{
    struct fixture f;
    RPC_HKEY root, key, child;
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(!create_key(root, u"Volatile1\\a", REG_OPTION_VOLATILE, KEY_ALL_ACCESS, &key), "make\n");
    ok(create_key(key, u"b", 0, KEY_READ, &child) == ERROR_CHILD_MUST_BE_VOLATILE, "child\n");
    ok(create_key(root, u"Volatile1\\c\\d", 0, KEY_READ, &child) == ERROR_CHILD_MUST_BE_VOLATILE,
       "two levels\n");
    ok(create_key(key, u"l", REG_OPTION_CREATE_LINK, KEY_READ, &child) ==
           ERROR_CHILD_MUST_BE_VOLATILE,
       "link\n");
    ok(!create_key(key, u"b", REG_OPTION_VOLATILE, KEY_READ, &child), "volatile child\n");
    close_key(child);
    close_key(key);
    close_key(root);
    ok(!WinregShutdown() && !WinregStart(f.folder), "restart\n");
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(open_key(root, u"Volatile1", KEY_READ, &key) == ERROR_FILE_NOT_FOUND, "it was kept\n");
    close_key(root);
    fixture_stop(&f);
}

static void fill(char16_t *s, u32 n)
{
    for (u32 i = 0; i < n; i++)
        s[i] = u'n';
    s[n] = 0;
}

/* "Registry Element Size Limits": names of 256 (the page says 255, Windows takes 512 bytes) and
 * 16,383 characters, 512 levels, 32 of them in one call. */
static void the_limits_of_windows_hold(void)
{
    struct fixture f;
    RPC_HKEY key, next;
    static char16_t name[17000];
    DWORD err;
    fixture_start(&f);
    key = make_key(u"Software\\Limits");
    fill(name, 256);
    ok(!create_key(key, name, 0, KEY_READ, &next), "256\n");
    close_key(next);
    fill(name, 257);
    err = create_key(key, name, 0, KEY_READ, &next);
    ok(err == ERROR_INVALID_PARAMETER, "257: %u\n", err);
    err = open_key(key, name, KEY_READ, &next);
    ok(err == ERROR_FILE_NOT_FOUND || err == ERROR_INVALID_PARAMETER, "257: %u\n", err);
    fill(name, 16383);
    ok(!set_value(key, name, REG_SZ, NULL, 0), "16383\n");
    ok(!delete_value(key, name), "16383\n");
    fill(name, 16384);
    err = set_value(key, name, REG_SZ, NULL, 0);
    ok(err == ERROR_INVALID_PARAMETER, "16384: %u\n", err);
    for (u32 i = 0; i < 33; i++)
        name[2 * i] = u'a', name[2 * i + 1] = u'\\';
    name[66] = 0;
    err = create_key(key, name, 0, KEY_READ, &next);
    ok(err == ERROR_INVALID_PARAMETER, "33 levels at once: %u\n", err);
    ok(open_key(key, u"a", KEY_READ, &next) == ERROR_FILE_NOT_FOUND, "some were made\n");
    name[64] = 0;
    ok(!create_key(key, name, 0, KEY_READ, &next), "32 levels\n");
    close_key(next);
    close_key(key);
    fixture_stop(&f);
}

static void the_tree_is_512_levels_deep(void)
{
    struct fixture f;
    RPC_HKEY key, next;
    u32 depth = 0;
    DWORD err = ERROR_SUCCESS;
    fixture_start(&f);
    key = make_key(u"Deep");
    for (; !err && depth < 600; depth++) {
        err = create_key(key, u"d", 0, KEY_ALL_ACCESS, &next);
        if (err)
            break;
        close_key(key);
        key = next;
    }
    ok(err && depth > 500 && depth <= 512, "%u levels, %u\n", depth, err);
    close_key(key);
    fixture_stop(&f);
}

static void values_of_merged_classes_come_from_both(void)
{
    struct fixture f;
    RPC_HKEY m, user, key, top = NULL;
    RRP_UNICODE_STRING one = str(u"one"), two = str(u"two"), none = str(u"none");
    RVALENT in[2] = {{&one, 0, NULL, 0}, {&two, 0, NULL, 0}}, out[2];
    DWORD size;
    u32 n = 1;
    char buf[8];
    fixture_start(&f);
    m = machine();
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &user), "user\n");
    ok(!create_key(m, u"Software\\Classes\\.v", 0, KEY_ALL_ACCESS, &key), "machine's\n");
    ok(!set_value(key, u"one", REG_DWORD, &n, 4), "one\n");
    close_key(key);
    n = 2;
    ok(!create_key(user, u"Software\\Classes\\.v", 0, KEY_ALL_ACCESS, &key), "user's\n");
    ok(!set_value(key, u"two", REG_DWORD, &n, 4), "two\n");
    close_key(key);
    top = classes();
    ok(!open_key(top, u".v", KEY_READ, &key), "merged\n");
    size = sizeof buf;
    ok(!BaseRegQueryMultipleValues(key, in, out, 2, buf, &size), "both\n");
    ok(size == 8 && buf[0] == 1 && buf[4] == 2, "%u: %d %d\n", size, buf[0], buf[4]);
    in[1].ve_valuename = &none;
    ok(BaseRegQueryMultipleValues(key, in, out, 2, buf, &size) == ERROR_FILE_NOT_FOUND, "none\n");
    ok(!BaseRegQueryMultipleValues(key, NULL, out, 0, NULL, &size) && size == 0, "of nothing\n");
    close_key(key);
    close_key(top);
    close_key(user);
    close_key(m);
    fixture_stop(&f);
}

static bool is_dirty(enum space_key top, const char16_t *name)
{
    struct mount *m = space_find(top, name, (u32)u16_len(name));
    struct hive_info info = {.dirty = false};
    if (m && m->hive)
        hive_info(m->hive, &info);
    return info.dirty;
}

static void a_flush_of_merged_classes_is_one_of_both(void)
{
    struct fixture f;
    RPC_HKEY top, m;
    fixture_start(&f);
    m = machine();
    top = classes();
    put_number(m, software_classes, 0, 1);
    put_number(top, u".f", 0, 2);
    ok(is_dirty(SPACE_MACHINE, u"SOFTWARE"), "nothing to flush\n");
    ok(!BaseRegFlushKey(top), "flush\n");
    ok(!is_dirty(SPACE_MACHINE, u"SOFTWARE"), "not flushed\n");
    close_key(top);
    close_key(m);
    fixture_stop(&f);
}

static void path_in(const struct fixture *f, const char16_t *name, char16_t *out)
{
    size_t n = u16_copy(out, 128, f->folder);
    out[n++] = u'/';
    u16_copy(out + n, 128 - n, name);
}

/* 3.1.5.18: the checks of the files; the backup is of what was replaced. */
static void what_is_no_hive_replaces_nothing(void)
{
    struct fixture f;
    RPC_HKEY key;
    char16_t bad[128], backup[128];
    struct os_file *o;
    fixture_start(&f);
    key = make_key(u"Software\\R");
    path_in(&f, u"bad", bad);
    path_in(&f, u"backup", backup);
    RRP_UNICODE_STRING none = str(u""), from = str(bad), to = str(backup);
    ok(BaseRegReplaceKey(key, &none, &from, &to) == ERROR_FILE_NOT_FOUND, "no file\n");
    ok(!os_open(bad, OS_WRITE | OS_CREATE, &o), "file\n");
    ok(!os_write_at(o, 0, "no hive at all, whatever it says it is", 38), "write\n");
    os_close(o);
    ok(BaseRegReplaceKey(key, &none, &from, &to) == ERROR_NOT_REGISTRY_FILE, "no hive\n");
    ok(!os_exists(backup), "a backup of nothing\n");
    ok(BaseRegReplaceKey(key, &none, &from, &from) == ERROR_ALREADY_EXISTS, "it is there\n");
    ok(BaseRegReplaceKey(key, NULL, &from, &to) == ERROR_INVALID_PARAMETER, "no subkey\n");
    ok(BaseRegReplaceKey(key, &none, NULL, &to) == ERROR_INVALID_PARAMETER, "no new file\n");
    ok(BaseRegReplaceKey(key, &none, &from, NULL) == ERROR_INVALID_PARAMETER, "no old file\n");
    close_key(key);
    fixture_stop(&f);
}

/* 3.1.5.23 */
static void only_hives_are_unloaded(void)
{
    struct fixture f;
    RPC_HKEY m, key;
    RRP_UNICODE_STRING none = str(u"none"), soft = str(u"SOFTWARE"), sub = str(u"sub"),
                       deep = str(u"SOFTWARE\\U"), no_buffer = {4, 4, NULL};
    fixture_start(&f);
    m = machine();
    put_number(m, u"Software\\U\\sub", 0, 1);
    ok(!open_key(m, u"Software\\U", KEY_READ, &key), "open\n");
    ok(BaseRegUnLoadKey(key, &none) == ERROR_FILE_NOT_FOUND, "not there\n");
    ok(BaseRegUnLoadKey(key, &sub) == ERROR_ACCESS_DENIED, "a key like others\n");
    ok(BaseRegUnLoadKey(key, NULL) == ERROR_ACCESS_DENIED, "the handle's\n");
    ok(BaseRegUnLoadKey(m, &deep) == ERROR_ACCESS_DENIED, "deeper\n");
    ok(BaseRegUnLoadKey(m, &none) == ERROR_FILE_NOT_FOUND, "not there\n");
    ok(BaseRegUnLoadKey(m, &soft) == ERROR_ACCESS_DENIED, "the server's own\n");
    ok(BaseRegUnLoadKey(m, &no_buffer) == ERROR_INVALID_PARAMETER, "no buffer\n");
    close_key(key);
    close_key(m);
    fixture_stop(&f);
}

/* 3.1.5.4: "using only the BaseRegQueryInfoKey, BaseRegQueryValue, BaseRegEnumValue, and
 * BaseRegCloseKey methods". */
static void performance_keys_have_four_methods(void)
{
    struct fixture f;
    RPC_HKEY key, out;
    RRP_UNICODE_STRING s = str(u"x"), in = {0, 0, NULL}, none = {0};
    DWORD n[7];
    FILETIME t;
    RPC_SECURITY_DESCRIPTOR sd = {0};
    fixture_start(&f);
    ok(!OpenPerformanceData(NULL, 0xffffffff, &key), "samDesired is ignored\n");
    ok(!BaseRegQueryInfoKey(key, NULL, NULL, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, &t),
       "info\n");
    ok(BaseRegOpenKey(key, &s, 0, KEY_READ, &out) == ERROR_INVALID_HANDLE, "open\n");
    ok(create_key(key, u"x", 0, KEY_READ, &out) == ERROR_INVALID_HANDLE, "create\n");
    ok(BaseRegEnumKey(key, 0, &in, &none, NULL, NULL, NULL) == ERROR_INVALID_HANDLE, "enum\n");
    ok(set_value(key, u"x", REG_SZ, NULL, 0) == ERROR_INVALID_HANDLE, "set\n");
    ok(BaseRegGetKeySecurity(key, 8, &sd, &sd) == ERROR_PRIVILEGE_NOT_HELD, "SACL\n");
    ok(BaseRegSaveKey(key, &s, NULL) == ERROR_INVALID_HANDLE, "save\n");
    ok(BaseRegSaveKeyEx(key, &s, NULL, 1) == ERROR_INVALID_PARAMETER, "save ex\n");
    close_key(key);
    fixture_stop(&f);
}

/* There is no key above it to ask for rights; that is no damage of the hive. */
static void a_root_is_not_renamed(void)
{
    RPC_HKEY root = NULL, key;
    struct fixture f;
    u32 err;

    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "no root\n");
    err = inside_rename(root, u"", 0, u"x", 1);
    ok(err == ERROR_ACCESS_DENIED, "gave %u\n", err);
    key = make_key(u"after");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

START_TEST(reg_rrp_methods)
{
    RUN(a_query_that_fails_transmits_nothing);
    RUN(a_create_that_fails_leaves_the_disposition);
    RUN(below_a_volatile_key_all_is_volatile);
    RUN(the_limits_of_windows_hold);
    RUN(the_tree_is_512_levels_deep);
    RUN(values_of_merged_classes_come_from_both);
    RUN(a_flush_of_merged_classes_is_one_of_both);
    RUN(what_is_no_hive_replaces_nothing);
    RUN(only_hives_are_unloaded);
    RUN(a_root_is_not_renamed);
    RUN(performance_keys_have_four_methods);
}
