/*
 * The namespace natively: views, links, merged classes, hives that are loaded, saved and restored.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "hive.h"
#include "index.h"
#include "inside.h"
#include "node.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "rrp_fixture.h"

static RPC_HKEY machine(void)
{
    RPC_HKEY key = NULL;
    DWORD err = OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &key);
    ok(!err, "machine gave %u\n", err);
    return key;
}

static void the_two_views_of_software_are_apart(void)
{
    struct fixture f;
    RPC_HKEY m, soft;
    fixture_start(&f);
    m = machine();
    put_number(m, u"Software\\T\\D", KEY_WOW64_64KEY, 64);
    put_number(m, u"Software\\T\\D", KEY_WOW64_32KEY, 32);
    ok(number_at(m, u"Software\\T\\D", 0) == 64, "plain\n");
    ok(number_at(m, u"Software\\T\\D", KEY_WOW64_64KEY) == 64, "64\n");
    ok(number_at(m, u"Software\\T\\D", KEY_WOW64_32KEY) == 32, "32\n");
    ok(number_at(m, u"Software\\Wow6432Node\\T\\D", 0) == 32, "by its path\n");
    ok(number_at(m, u"Software\\Wow6432Node\\T\\D", KEY_WOW64_32KEY) == 32, "by its path, 32\n");
    ok(number_at(m, u"Software\\Wow6432Node\\T\\D", KEY_WOW64_64KEY) == 32, "by its path, 64\n");
    ok(!open_key(m, u"Software", KEY_READ, &soft), "open\n");
    ok(number_at(soft, u"T\\D", 0) == 64, "below the 64-bit key\n");
    ok(number_at(soft, u"T\\D", KEY_WOW64_32KEY) == 32, "below the 64-bit key, 32\n");
    close_key(soft);
    ok(!open_key(m, u"Software", KEY_READ | KEY_WOW64_32KEY, &soft), "open\n");
    ok(number_at(soft, u"T\\D", 0) == 32, "below the 32-bit key\n");
    ok(number_at(soft, u"T\\D", KEY_WOW64_64KEY) == 32, "below the 32-bit key, 64\n");
    close_key(soft);
    ok(!open_key(m, u"Software\\T", KEY_READ, &soft), "open\n");
    ok(number_at(soft, u"D", KEY_WOW64_32KEY) == 32, "below a key of the 64-bit side, 32\n");
    close_key(soft);
    close_key(m);
    fixture_stop(&f);
}

static void shared_keys_are_one(void)
{
    static const char16_t *const shared[] = {
        u"Software\\Classes\\.t", u"Software\\Clients\\x", u"Software\\Microsoft\\COM3\\x",
        u"Software\\Microsoft\\Windows NT\\CurrentVersion\\Fonts", u"Software\\Policies\\p"};
    static const char16_t *const apart[] = {u"Software\\Classes\\CLSID\\{1}",
                                            u"Software\\Microsoft\\x",
                                            u"Software\\Microsoft\\Windows NT\\CurrentVersion\\y",
                                            u"Software\\Classes\\Interface\\{2}"};
    struct fixture f;
    RPC_HKEY m;
    fixture_start(&f);
    m = machine();
    for (u32 i = 0; i < ARRAY_LEN(shared); i++) {
        put_number(m, shared[i], KEY_WOW64_32KEY, 100 + i);
        ok(number_at(m, shared[i], KEY_WOW64_64KEY) == 100 + i, "%s: %u\n",
           trace_text(shared[i], -1), number_at(m, shared[i], KEY_WOW64_64KEY));
    }
    for (u32 i = 0; i < ARRAY_LEN(apart); i++) {
        put_number(m, apart[i], KEY_WOW64_32KEY, 200 + i);
        ok(number_at(m, apart[i], KEY_WOW64_64KEY) == 0xffffffff, "%s\n", trace_text(apart[i], -1));
        put_number(m, apart[i], KEY_WOW64_64KEY, 300 + i);
        ok(number_at(m, apart[i], KEY_WOW64_32KEY) == 200 + i, "%s\n", trace_text(apart[i], -1));
    }
    ok(number_at(m, u"Software\\Classes\\Wow6432Node\\CLSID\\{1}", 0) == 200, "in Classes\n");
    ok(number_at(m, u"Software\\Wow6432Node\\Classes\\CLSID\\{1}", 0) == 200, "by the link\n");
    close_key(m);
    fixture_stop(&f);
}

/* A 32-bit caller asks for keys that are on neither side, where their parent is on his side and
 * where it is not. */
static void a_missing_key_is_missed_once(void)
{
    struct fixture f;
    RPC_HKEY m, user, top, key;
    DWORD err;
    fixture_start(&f);
    m = machine();
    ok(!OpenCurrentUser(NULL, MAXIMUM_ALLOWED, &user), "user\n");
    put_number(m, u"Software\\Classes\\Interface\\{1}", KEY_WOW64_32KEY, 1);
    for (u32 round = 0; round < 2; round++) {
        err =
            open_key(user, u"Software\\Classes\\Interface\\{2}", KEY_READ | KEY_WOW64_32KEY, &key);
        ok(err == ERROR_FILE_NOT_FOUND, "user's, round %u: %u\n", round, err);
        ok(open_key(m, u"Software\\Classes\\CLSID\\{2}", KEY_READ | KEY_WOW64_32KEY, &key) ==
               ERROR_FILE_NOT_FOUND,
           "machine's, round %u\n", round);
        ok(!OpenClassesRoot(NULL, MAXIMUM_ALLOWED | KEY_WOW64_32KEY, &top), "classes\n");
        ok(!open_key(top, u"Interface", MAXIMUM_ALLOWED | KEY_WOW64_32KEY, &key), "open\n");
        put_number(key, round ? u"{4}" : u"{3}", KEY_WOW64_32KEY, 3);
        close_key(key);
        close_key(top);
        put_number(user, u"Software\\Classes\\Wow6432Node\\x", 0, 5);
    }
    close_key(user);
    close_key(m);
    fixture_stop(&f);
}

static RPC_HKEY make_link(const char16_t *path, const char16_t *target)
{
    RPC_HKEY root, key = NULL;
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    DWORD err = create_key(root, path, REG_OPTION_CREATE_LINK, KEY_ALL_ACCESS, &key);
    ok(!err, "link gave %u\n", err);
    if (target) {
        err = set_value(key, u"SymbolicLinkValue", REG_LINK, target, (DWORD)u16_len(target) * 2);
        ok(!err, "target gave %u\n", err);
    }
    close_key(root);
    return key;
}

static void links_lead_to_their_targets(void)
{
    struct fixture f;
    RPC_HKEY root, link, key, m;
    RRP_UNICODE_STRING s = str(u"Software\\link");
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    close_key(make_key(u"Software\\x"));
    link = make_link(u"Software\\link", NULL);
    ok(open_key(root, u"Software\\link", KEY_READ, &key) == ERROR_INVALID_PARAMETER, "no target\n");
    ok(set_value(link, u"other", REG_SZ, u"x", 4) == ERROR_ACCESS_DENIED, "other value\n");
    static const char16_t target[] = u"\\REGISTRY\\Machine\\Software\\T2";
    ok(!set_value(link, u"SymbolicLinkValue", REG_LINK, target, sizeof target - 2), "target\n");
    ok(open_key(root, u"Software\\link", KEY_READ, &key) == ERROR_INVALID_PARAMETER, "dangling\n");
    m = machine();
    put_number(m, u"Software\\T2\\sub", 0, 5);
    ok(number_at(root, u"Software\\link\\sub", 0) == 5, "through the link\n");
    ok(create_key(root, u"Software\\link", REG_OPTION_CREATE_LINK, KEY_READ, &key) ==
           ERROR_ALREADY_EXISTS,
       "again\n");
    ok(BaseRegDeleteKey(root, &s) == ERROR_FILE_NOT_FOUND, "deleting a link\n");
    ok(!BaseRegOpenKey(root, &s, REG_OPTION_OPEN_LINK, KEY_ALL_ACCESS, &key), "the link itself\n");
    RRP_UNICODE_STRING none = str(u"");
    ok(!BaseRegDeleteKey(key, &none), "by its handle\n");
    ok(number_at(m, u"Software\\T2\\sub", 0) == 5, "the target stays\n");
    close_key(key);
    close_key(link);
    close_key(m);
    close_key(root);
    fixture_stop(&f);
}

/* A 32-bit caller comes by the 32-bit side's link to the 64-bit key of the same path, and below it.
 */
static void what_is_behind_a_link_is_not_redirected(void)
{
    static const char16_t target[] = u"\\REGISTRY\\Machine\\Software\\Vendor\\Shared";
    struct fixture f;
    RPC_HKEY m, link, key;
    fixture_start(&f);
    m = machine();
    put_number(m, u"Software\\Vendor\\Shared", KEY_WOW64_64KEY, 64);
    put_number(m, u"Software\\Vendor\\Shared\\sub", KEY_WOW64_64KEY, 65);
    put_number(m, u"Software\\Vendor", KEY_WOW64_32KEY, 32);
    ok(!create_key(m, u"Software\\Vendor\\Shared", REG_OPTION_CREATE_LINK,
                   KEY_ALL_ACCESS | KEY_WOW64_32KEY, &link),
       "link\n");
    ok(!set_value(link, u"SymbolicLinkValue", REG_LINK, target, sizeof target - 2), "target\n");
    close_key(link);
    ok(number_at(m, u"Software\\Vendor\\Shared", KEY_WOW64_32KEY) == 64, "the link's target\n");
    ok(number_at(m, u"Software\\Vendor\\Shared\\sub", KEY_WOW64_32KEY) == 65, "below it\n");
    ok(!open_key(m, u"Software\\Vendor", KEY_READ | KEY_WOW64_32KEY, &key), "its parent\n");
    ok(number_at(key, u"Shared\\sub", KEY_WOW64_32KEY) == 65, "from a key\n");
    close_key(key);
    ok(number_at(m, u"Software\\Wow6432Node\\Vendor\\Shared\\sub", 0) == 65, "by its path\n");
    close_key(m);
    fixture_stop(&f);
}

/* HKEY_CURRENT_USER\Software\Classes is a link, and its two views are there all the same. */
static void the_users_classes_have_two_views(void)
{
    struct fixture f;
    RPC_HKEY root;
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    put_number(root, u"Software\\Classes\\CLSID\\{1}", KEY_WOW64_32KEY, 32);
    ok(number_at(root, u"Software\\Classes\\CLSID\\{1}", KEY_WOW64_64KEY) == 0xffffffff, "64\n");
    ok(number_at(root, u"Software\\Classes\\Wow6432Node\\CLSID\\{1}", 0) == 32, "by its path\n");
    close_key(root);
    fixture_stop(&f);
}

static void a_ring_of_links_ends(void)
{
    struct fixture f;
    RPC_HKEY root, key;
    char16_t target[128];
    fixture_start(&f);
    close_key(make_key(u"Software\\x"));
    u16_copy(target, 128, u"\\REGISTRY\\USER\\S-1-5-21-0-0-0-1000\\Software\\a");
    close_key(make_link(u"Software\\a", target));
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(open_key(root, u"Software\\a\\b", KEY_READ, &key) == ERROR_INVALID_PARAMETER, "ring\n");
    close_key(root);
    fixture_stop(&f);
}

static void current_config_and_current_control_set_are_there(void)
{
    struct fixture f;
    RPC_HKEY key, m;
    fixture_start(&f);
    ok(!OpenCurrentConfig(NULL, KEY_READ, &key), "config\n");
    close_key(key);
    m = machine();
    put_number(m, u"System\\CurrentControlSet\\Services\\s", 0, 7);
    ok(number_at(m, u"System\\ControlSet001\\Services\\s", 0) == 7, "link\n");
    close_key(m);
    fixture_stop(&f);
}

static void classes_are_merged(void)
{
    struct fixture f;
    RPC_HKEY m, user, classes, key;
    char16_t buf[64];
    fixture_start(&f);
    m = machine();
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &user), "user\n");
    ok(!OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &classes), "classes\n");
    put_number(m, u"Software\\Classes\\.both", 0, 1);
    put_number(m, u"Software\\Classes\\.machine", 0, 2);
    put_number(m, u"Software\\Classes\\.both\\a", 0, 4);
    put_number(user, u"Software\\Classes\\.both", 0, 3);
    put_number(user, u"Software\\Classes\\.both\\b", 0, 5);
    ok(number_at(classes, u".both", 0) == 3, "the user's counts\n");
    ok(number_at(classes, u"\\.machine", 0) == 2, "with a backslash\n");
    ok(number_at(classes, u".both\\a", 0) == 4, "below, the machine's\n");
    ok(number_at(classes, u".both\\b", 0) == 5, "below, the user's\n");
    ok(!open_key(classes, u".both", KEY_ALL_ACCESS, &key), "open\n");
    RRP_UNICODE_STRING in = {0, sizeof buf, buf}, out = {0};
    ok(!BaseRegEnumKey(key, 0, &in, &out, NULL, NULL, NULL) && u16_equal(buf, u"a"), "first\n");
    ok(!BaseRegEnumKey(key, 1, &in, &out, NULL, NULL, NULL) && u16_equal(buf, u"b"), "second\n");
    ok(BaseRegEnumKey(key, 2, &in, &out, NULL, NULL, NULL) == ERROR_NO_MORE_ITEMS, "third\n");
    close_key(key);
    put_number(classes, u".new", 0, 8);
    ok(number_at(m, u"Software\\Classes\\.new", 0) == 8, "new ones are the machine's\n");
    put_number(classes, u".both\\new", 0, 9);
    ok(number_at(user, u"Software\\Classes\\.both\\new", 0) == 9, "below the user's, the user's\n");
    close_key(classes);
    close_key(user);
    close_key(m);
    fixture_stop(&f);
}

static void path_in(const struct fixture *f, const char16_t *name, char16_t *out)
{
    size_t n = u16_copy(out, 128, f->folder);
    out[n++] = u'/';
    u16_copy(out + n, 128 - n, name);
}

static void a_saved_key_is_loaded_and_restored(void)
{
    struct fixture f;
    RPC_HKEY key, m;
    char16_t file[128];
    fixture_start(&f);
    path_in(&f, u"saved", file);
    RRP_UNICODE_STRING s = str(file), name = str(u"Loaded"), missing = str(u"None");
    key = make_key(u"Software\\Save");
    put_number(key, u"sub", 0, 11);
    ok(!BaseRegSaveKey(key, &s, NULL), "save\n");
    ok(BaseRegSaveKey(key, &s, NULL) == ERROR_ALREADY_EXISTS, "save again\n");
    ok(BaseRegSaveKeyEx(key, &s, NULL, 3) == ERROR_INVALID_PARAMETER, "flags\n");
    m = machine();
    ok(BaseRegSaveKey(m, &s, NULL) == ERROR_ACCESS_DENIED, "the machine\n");
    ok(!BaseRegLoadKey(m, &name, &s), "load\n");
    ok(number_at(m, u"Loaded\\sub", 0) == 11, "loaded\n");
    ok(BaseRegLoadKey(m, &name, &s) == ERROR_ACCESS_DENIED, "load again\n");
    RPC_HKEY inside;
    ok(!open_key(m, u"Loaded\\sub", KEY_READ, &inside), "open\n");
    ok(BaseRegUnLoadKey(m, &name) == ERROR_ACCESS_DENIED, "with a handle\n");
    close_key(inside);
    ok(!BaseRegUnLoadKey(m, &name), "unload\n");
    ok(BaseRegUnLoadKey(m, &missing) == ERROR_FILE_NOT_FOUND, "unload what is not there\n");
    put_number(key, u"sub", 0, 12);
    put_number(key, u"other", 0, 13);
    ok(!open_key(key, u"sub", KEY_READ, &inside), "open\n");
    ok(BaseRegRestoreKey(key, &s, 0) == ERROR_ACCESS_DENIED, "a handle below\n");
    close_key(inside);
    ok(!BaseRegRestoreKey(key, &s, 0), "restore\n");
    ok(number_at(key, u"sub", 0) == 11, "%u\n", number_at(key, u"sub", 0));
    ok(number_at(key, u"other", 0) == 0xffffffff, "what was not saved\n");
    close_key(key);
    close_key(m);
    fixture_stop(&f);
}

static void what_is_no_hive_is_not_loaded(void)
{
    struct fixture f;
    RPC_HKEY m;
    char16_t file[128];
    struct os_file *o;
    fixture_start(&f);
    path_in(&f, u"text", file);
    RRP_UNICODE_STRING s = str(file), name = str(u"X");
    ok(!os_open(file, OS_WRITE | OS_CREATE, &o), "file\n");
    ok(!os_write_at(o, 0, "this is not a hive, whoever says so", 35), "write\n");
    os_close(o);
    m = machine();
    ok(BaseRegLoadKey(m, &name, &s) == ERROR_NOT_REGISTRY_FILE, "load\n");
    close_key(m);
    fixture_stop(&f);
}

/* Each list has its one key twice, 24 levels deep: sixteen million ways to the last key. */
static void make_doubled_hive(const char16_t *file)
{
    struct hive *h;
    struct hive_write w;
    struct key_ref root;
    ok(!hive_open(NULL, HIVE_MEMORY, &h), "open\n");
    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    ok(!key_root(&w.view, &root), "root\n");
    for (u32 i = 0, key = root.cell, child, other; i < 24; i++, key = child) {
        struct key_new a = {.name = u"a", .name_len = 1}, b = {.name = u"b", .name_len = 1};
        ok(!key_create(&w.view, key, &a, &child), "create\n");
        ok(!key_create(&w.view, key, &b, &other), "create\n");
        cell_put_u32(&w.view, cell_u32(&w.view, key, NK_LIST), LIST_ENTRIES + 8, child);
    }
    ok(!hive_write_commit(h, &w), "commit\n");
    ok(!hive_save(h, file, 5), "save\n");
    hive_close(h);
}

static void a_key_that_is_listed_without_end_is_damage(void)
{
    struct fixture f;
    RPC_HKEY app, key;
    char16_t file[128];
    fixture_start(&f);
    path_in(&f, u"doubled", file);
    RRP_UNICODE_STRING s = str(file);
    make_doubled_hive(file);
    key = make_key(u"Software\\Kept");
    put_number(key, u"sub", 0, 5);
    DWORD err = BaseRegRestoreKey(key, &s, 0);
    ok(err == ERROR_REGISTRY_CORRUPT, "restore gave %u\n", err);
    ok(number_at(key, u"sub", 0) == 5, "gone\n");
    ok(!inside_load_app(file, KEY_READ, false, &app), "load\n");
    err = inside_copy_tree(app, u"", 0, key);
    ok(err == ERROR_REGISTRY_CORRUPT, "copy gave %u\n", err);
    close_key(app);
    close_key(key);
    fixture_stop(&f);
}

static void an_app_hive_is_reached_by_its_handle_alone(void)
{
    struct fixture f;
    RPC_HKEY app, again;
    char16_t file[128], name[64];
    u32 need;
    fixture_start(&f);
    path_in(&f, u"app.dat", file);
    ok(!inside_load_app(file, KEY_ALL_ACCESS, false, &app), "load\n");
    put_number(app, u"a\\b", 0, 3);
    ok(!inside_load_app(file, KEY_READ, false, &again), "load again\n");
    ok(number_at(again, u"a\\b", 0) == 3, "the same hive\n");
    ok(inside_is_app(app), "an app hive\n");
    ok(!inside_name(app, name, 64, &need), "name\n");
    close_key(app);
    ok(number_at(again, u"a\\b", 0) == 3, "still there\n");
    close_key(again);
    ok(!inside_load_app(file, KEY_READ, true, &app), "private\n");
    ok(number_at(app, u"a\\b", 0) == 3, "kept\n");
    close_key(app);
    fixture_stop(&f);
}

static void reflection_copies_when_the_handle_is_closed(void)
{
    struct fixture f;
    RPC_HKEY m, key;
    u32 n = 41;
    fixture_start(&f);
    m = machine();
    inside_reflection(true);
    ok(!create_key(m, u"Software\\Classes\\CLSID\\{r}", 0, KEY_ALL_ACCESS | KEY_WOW64_32KEY, &key),
       "create\n");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    ok(number_at(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_64KEY) == 0xffffffff, "too soon\n");
    close_key(key);
    ok(number_at(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_64KEY) == 41, "not copied\n");
    put_number(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_64KEY, 42);
    ok(number_at(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_32KEY) == 42, "not copied back\n");
    ok(!open_key(m, u"Software\\Classes\\CLSID\\{r}", KEY_ALL_ACCESS | KEY_WOW64_32KEY, &key),
       "open\n");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    RRP_UNICODE_STRING self = str(u"");
    ok(!BaseRegDeleteKey(key, &self), "delete\n");
    close_key(key); /* there is nothing to copy, and nobody hears of it */
    put_number(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_64KEY, 42);
    inside_reflection(false);
    put_number(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_64KEY, 43);
    ok(number_at(m, u"Software\\Classes\\CLSID\\{r}", KEY_WOW64_32KEY) == 42, "switched off\n");
    close_key(m);
    fixture_stop(&f);
}

static void a_class_in_its_callers_process_is_not_reflected(void)
{
    struct fixture f;
    RPC_HKEY m;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    put_number(m, u"Software\\Classes\\CLSID\\{p}\\InprocServer32", KEY_WOW64_32KEY, 1);
    inside_reflection(true);
    put_number(m, u"Software\\Classes\\CLSID\\{p}\\x", KEY_WOW64_32KEY, 2);
    u32 n = number_at(m, u"Software\\Classes\\CLSID\\{p}\\x", KEY_WOW64_64KEY);
    ok(n == 0xffffffff, "%u\n", n);
    inside_reflection(false);
    close_key(m);
    fixture_stop(&f);
}

static void the_system_account_is_the_default_user(void)
{
    struct fixture f;
    RPC_HKEY users;
    fixture_start(&f);
    ok(!OpenUsers(NULL, MAXIMUM_ALLOWED, &users), "users\n");
    put_number(users, u".DEFAULT\\Software\\x", 0, 18);
    ok(number_at(users, u"S-1-5-18\\Software\\x", 0) == 18, "not the same\n");
    close_key(users);
    fixture_stop(&f);
}

static void names_are_whole_paths(void)
{
    struct fixture f;
    RPC_HKEY m, key;
    char16_t name[128];
    u32 need;
    fixture_start(&f);
    m = machine();
    put_number(m, u"Software\\N\\m", 0, 1);
    ok(!open_key(m, u"software\\n\\M", KEY_READ, &key), "open\n");
    ok(!inside_name(key, name, 128, &need), "name\n");
    ok(u16_equal(name, u"\\REGISTRY\\MACHINE\\SOFTWARE\\N\\m"), "%s\n", trace_text(name, -1));
    ok(inside_name(key, name, 5, &need) == ERROR_MORE_DATA && need == 31, "%u\n", need);
    close_key(key);
    close_key(m);
    fixture_stop(&f);
}

START_TEST(reg_rrp_space)
{
    RUN(the_two_views_of_software_are_apart);
    RUN(shared_keys_are_one);
    RUN(a_missing_key_is_missed_once);
    RUN(links_lead_to_their_targets);
    RUN(what_is_behind_a_link_is_not_redirected);
    RUN(the_users_classes_have_two_views);
    RUN(a_ring_of_links_ends);
    RUN(current_config_and_current_control_set_are_there);
    RUN(classes_are_merged);
    RUN(a_saved_key_is_loaded_and_restored);
    RUN(what_is_no_hive_is_not_loaded);
    RUN(a_key_that_is_listed_without_end_is_damage);
    RUN(an_app_hive_is_reached_by_its_handle_alone);
    RUN(reflection_copies_when_the_handle_is_closed);
    RUN(a_class_in_its_callers_process_is_not_reflected);
    RUN(the_system_account_is_the_default_user);
    RUN(names_are_whole_paths);
}
