/*
 * Keys of a hive in memory: making, finding, listing, deleting, renaming, and what each of these
 * does to counts, times and to those who hold a key meanwhile.
 */
#include "reg_fixture.h"
#include "watch.h"

/* "a,b,c": the children's names in their order. */
static const char *listed(struct fixture *f, u32 key)
{
    static char out[512];
    char16_t name[KEY_NAME_MAX];
    struct key_pos pos = {0};
    size_t n = 0;
    u32 child, len;
    for (u32 i = 0; !key_enum(&f->h, key, i, &pos, &child); i++) {
        if (i)
            out[n++] = ',';
        key_name(&f->h, child, name, &len);
        n += u16_to_utf8(out + n, sizeof(out) - n - 2, name, len, true);
    }
    out[n] = 0;
    return out;
}

static void test_create_and_find(void)
{
    struct fixture f;
    u32 a, b;
    setup(&f);
    a = must_make(&f, f.root, u"Software");
    ok(!find(&f, f.root, u"sOFTWARE", &b) && b == a, "not found without case\n");
    ok(find(&f, f.root, u"Softwar", &b) == ERROR_FILE_NOT_FOUND, "a part of a name\n");
    ok(find(&f, a, u"Software", &b) == ERROR_FILE_NOT_FOUND, "below itself\n");
    commit(&f);
    ok(!find(&f, f.root, u"SOFTWARE", &b) && b == a, "lost on commit\n");
    ok(make(&f, f.root, u"SOFTWARE", false, &b) == ERROR_ALREADY_EXISTS && b == a, "made twice\n");
    ok(!strcmp(listed(&f, f.root), "Software"), "%s\n", listed(&f, f.root));
    teardown(&f);
}

static void test_names(void)
{
    struct fixture f;
    char16_t longest[258];
    u32 key;
    setup(&f);
    for (u32 i = 0; i < 257; i++)
        longest[i] = (char16_t)(u'a' + i % 26);
    longest[257] = 0;
    ok(make(&f, f.root, longest, false, &key) == ERROR_INVALID_PARAMETER, "257 characters\n");
    longest[256] = 0;
    ok(!make(&f, f.root, longest, false, &key), "256 characters\n");
    ok(make(&f, f.root, u"", false, &key) == ERROR_INVALID_PARAMETER, "no character\n");
    ok(make(&f, f.root, u"a\\b", false, &key) == ERROR_INVALID_PARAMETER, "a backslash\n");
    ok(!make(&f, f.root, u"\x416\x44f", false, &key), "beyond Latin-1\n");
    ok(!find(&f, f.root, u"\x436\x42f", &key), "case beyond Latin-1\n");
    ok(!make(&f, f.root, u"\xe4", false, &key), "Latin-1\n");
    ok(!find(&f, f.root, u"\xc4", &key), "case in Latin-1\n");
    ok(!f.h.error, "error %u\n", f.h.error);
    teardown(&f);
}

static void test_order(void)
{
    struct fixture f;
    u32 key;
    setup(&f);
    must_make(&f, f.root, u"b");
    must_make(&f, f.root, u"A_");
    must_make(&f, f.root, u"ab");
    must_make(&f, f.root, u"a");
    ok(!make(&f, f.root, u"0", true, &key), "volatile\n");
    ok(!make(&f, f.root, u"aa", true, &key), "volatile\n");
    ok(!strcmp(listed(&f, f.root), "a,ab,A_,b,0,aa"), "%s\n", listed(&f, f.root));
    teardown(&f);
}

static void test_volatile(void)
{
    struct fixture f;
    u32 key, child;
    setup(&f);
    ok(!make(&f, f.root, u"v", true, &key), "volatile\n");
    ok(key >= HV_VOLATILE, "cell %x\n", key);
    ok(key_flags(&f.h, key) & KEYF_VOLATILE, "flags %x\n", key_flags(&f.h, key));
    ok(make(&f, key, u"s", false, &child) == ERROR_CHILD_MUST_BE_VOLATILE, "stable below\n");
    ok(!f.h.error, "a refusal is no error of the view\n");
    ok(!make(&f, key, u"w", true, &child), "volatile below\n");
    commit(&f);
    ok(!find(&f, f.root, u"v", &key) && !find(&f, key, u"w", &child), "lost\n");
    teardown(&f);
}

static void test_info(void)
{
    struct fixture f;
    struct key_info info;
    struct key_new what = {.name = u"sub", .name_len = 3, .class_name = u"cls", .class_size = 6};
    u32 key, len;
    char16_t buf[8];
    setup(&f);
    ok(!key_create(&f.h, f.root, &what, &key), "create\n");
    must_make(&f, f.root, u"longer");
    ok(!val_set(&f.h, f.root, u"name", 4, 3, "12345678", 8), "set\n");
    ok(!key_query(&f.h, f.root, &info), "query\n");
    ok(info.subkeys == 2 && info.values == 1, "%u subkeys %u values\n", info.subkeys, info.values);
    ok(info.max_name == 12 && info.max_class == 6, "%u %u\n", info.max_name, info.max_class);
    ok(info.max_value_name == 8 && info.max_value_data == 8, "values' lengths\n");
    ok(info.sd_size > 20, "descriptor of %u bytes\n", info.sd_size);
    ok(!key_class(&f.h, key, buf, sizeof(buf), &len) && len == 6 && !memcmp(buf, u"cls", 6),
       "class of %u\n", len);
    teardown(&f);
}

static void test_delete(void)
{
    struct fixture f;
    struct key_ref ref;
    u32 a, b;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    b = must_make(&f, a, u"b");
    ref = key_ref_of(&f.h, b);
    ok(key_delete(&f.h, a) == ERROR_KEY_HAS_CHILDREN, "with a child\n");
    ok(key_delete(&f.h, f.root) == ERROR_ACCESS_DENIED, "the root\n");
    ok(!key_check(&f.h, &ref), "lives\n");
    ok(!key_delete(&f.h, b), "delete\n");
    ok(key_check(&f.h, &ref) == ERROR_KEY_DELETED, "still there\n");
    b = must_make(&f, a, u"b");
    ok(b == ref.cell, "another cell\n");
    ok(key_check(&f.h, &ref) == ERROR_KEY_DELETED, "the new key is not the old one\n");
    ok(!f.h.error, "error %u\n", f.h.error);
    teardown(&f);
}

static void test_delete_tree(void)
{
    struct fixture f;
    struct key_info info;
    u32 a, b, key;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    for (char16_t c = u'a'; c <= u'z'; c++) {
        b = must_make(&f, a, (char16_t[]){c, 0});
        must_make(&f, b, u"below");
        ok(!make(&f, b, u"volatile", true, &key), "volatile\n");
        ok(!val_set(&f.h, b, u"v", 1, 1, "0123456789", 10), "set\n");
    }
    commit(&f);
    ok(!key_delete_tree(&f.h, a, true), "delete below\n");
    ok(!key_query(&f.h, a, &info) && !info.subkeys, "%u left\n", info.subkeys);
    ok(!strcmp(listed(&f, a), ""), "%s\n", listed(&f, a));
    must_make(&f, a, u"new");
    ok(!key_delete_tree(&f.h, a, false), "delete\n");
    ok(find(&f, f.root, u"a", &a) == ERROR_FILE_NOT_FOUND, "still there\n");
    ok(hv_u32(&f.h, HM_KEYS) == 1, "%u keys\n", hv_u32(&f.h, HM_KEYS));
    teardown(&f);
}

/* A key that must not go stops the deletion in the middle: nothing of it can be committed. */
static void test_delete_tree_stopped(void)
{
    struct fixture f;
    u32 a, b, c;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    must_make(&f, a, u"b");
    c = must_make(&f, a, u"c");
    ok(!key_set_flags(&f.h, c, KEYF_NO_DELETE, 0), "flags\n");
    commit(&f);
    ok(key_delete(&f.h, c) == ERROR_ACCESS_DENIED && !f.h.error, "deleted\n");
    ok(key_delete_tree(&f.h, a, false) == ERROR_ACCESS_DENIED, "deleted\n");
    ok(memhive_write_commit(&f.m, &f.h) == ERROR_ACCESS_DENIED, "committed\n");
    begin(&f);
    ok(!find(&f, a, u"b", &b) && !find(&f, a, u"c", &c), "lost\n");
    teardown(&f);
}

static void test_rename(void)
{
    struct fixture f;
    struct key_ref ref;
    u32 a, b, c, parent;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    b = must_make(&f, a, u"child");
    must_make(&f, f.root, u"taken");
    ref = key_ref_of(&f.h, a);
    ok(key_rename(&f.h, a, u"Taken", 5, &c) == ERROR_ALREADY_EXISTS, "taken\n");
    ok(!key_rename(&f.h, a, u"A", 1, &c) && c == a, "case alone\n");
    ok(!key_rename(&f.h, a, u"a very much longer name", 23, &c), "rename\n");
    ok(!key_check(&f.h, &ref) && ref.cell == c, "a holder finds it\n");
    ok(find(&f, f.root, u"a", &b) == ERROR_FILE_NOT_FOUND, "the old name\n");
    ok(!find(&f, c, u"child", &b) && !key_parent(&f.h, b, &parent) && parent == c, "its child\n");
    ok(!strcmp(listed(&f, f.root), "a very much longer name,taken"), "%s\n", listed(&f, f.root));
    teardown(&f);
}

static void test_abort(void)
{
    struct fixture f;
    u32 key;
    setup(&f);
    must_make(&f, f.root, u"kept");
    commit(&f);
    must_make(&f, f.root, u"gone");
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    ok(!find(&f, f.root, u"kept", &key), "committed\n");
    ok(find(&f, f.root, u"gone", &key) == ERROR_FILE_NOT_FOUND, "aborted\n");
    teardown(&f);
}

static void test_depth(void)
{
    struct fixture f;
    u32 key, err = 0, depth = 0;
    setup(&f);
    key = f.root;
    while (!(err = make(&f, key, u"k", false, &key)) && depth < 1000)
        depth++;
    ok(err == ERROR_NO_SYSTEM_RESOURCES, "error %u\n", err);
    ok(depth == KEY_DEPTH_MAX - 1, "%u levels below the root\n", depth);
    ok(!key_delete_tree(&f.h, f.root, true), "all of them deleted\n");
    teardown(&f);
}

static void test_security(void)
{
    struct fixture f;
    u8 buf[256], sd[60] = {1, 0, 4, 0x80};
    u32 a, b, size, inherited;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    b = must_make(&f, f.root, u"b");
    ok(key_security_id(&f.h, a) == key_security_id(&f.h, f.root), "not the parent's\n");
    inherited = key_security_id(&f.h, a);
    ok(!key_set_security(&f.h, a, sd, sizeof(sd)), "set\n");
    ok(!key_set_security(&f.h, b, sd, sizeof(sd)), "set\n");
    ok(key_security_id(&f.h, a) == key_security_id(&f.h, b), "the same bytes are one cell\n");
    ok(key_security_id(&f.h, a) != inherited, "changed\n");
    ok(!key_get_security(&f.h, a, buf, sizeof(buf), &size) && size == sizeof(sd), "%u bytes\n",
       size);
    ok(!memcmp(buf, sd, sizeof(sd)), "other bytes\n");
    ok(!key_delete(&f.h, a) && !key_delete(&f.h, b), "delete\n");
    ok(!f.h.error, "error %u\n", f.h.error);
    teardown(&f);
}

static void test_watch(void)
{
    struct fixture f;
    struct watch_state s;
    u32 a, b, direct, deep, gen, gen_deep;
    setup(&f);
    a = must_make(&f, f.root, u"a");
    b = must_make(&f, a, u"b");
    ok(!watch_add(&f.h, a, WATCH_NAME, false, 1, &direct), "add\n");
    ok(!watch_add(&f.h, a, WATCH_LAST_SET, true, 2, &deep), "add\n");
    ok(!watch_look(&f.h, direct, &s), "look\n");
    gen = s.gen;
    ok(!watch_look(&f.h, deep, &s), "look\n");
    gen_deep = s.gen;
    ok(!val_set(&f.h, b, u"v", 1, 1, "x", 1), "set\n");
    ok(!watch_look(&f.h, direct, &s) && s.gen == gen, "told of a value below\n");
    ok(!watch_look(&f.h, deep, &s) && s.gen != gen_deep, "not told of a value below\n");
    gen_deep = s.gen;
    must_make(&f, b, u"c");
    ok(!watch_look(&f.h, direct, &s) && s.gen == gen, "told of a key two levels below\n");
    must_make(&f, a, u"d");
    ok(!watch_look(&f.h, direct, &s) && s.gen != gen, "not told of a key below\n");
    ok(!watch_look(&f.h, deep, &s) && s.gen == gen_deep, "told of names\n");
    ok(!key_delete_tree(&f.h, a, false), "delete\n");
    ok(!watch_look(&f.h, direct, &s) && s.deleted, "not told that it is gone\n");
    watch_remove(&f.h, deep, 1); /* of another */
    ok(!watch_look(&f.h, deep, &s), "removed by another\n");
    watch_remove(&f.h, deep, 2);
    watch_remove(&f.h, direct, 1);
    ok(watch_count(&f.h) == 0, "%u watches\n", watch_count(&f.h));
    teardown(&f);
}

START_TEST(reg_key)
{
    test_create_and_find();
    test_names();
    test_order();
    test_volatile();
    test_info();
    test_delete();
    test_delete_tree();
    test_delete_tree_stopped();
    test_rename();
    test_abort();
    test_depth();
    test_security();
    test_watch();
}
