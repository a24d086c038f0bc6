/*
 * Copying trees: within a hive and between hives, with what each flag changes.
 */
#include "copy.h"
#include "reg_fixture.h"

/* A tree with a class, values small and big, a volatile key, another descriptor, two levels. */
static u32 plant(struct fixture *f, u32 below)
{
    struct key_new what = {.name = u"tree", .name_len = 4, .class_name = u"kind", .class_size = 8};
    u8 big[20000], sd[32] = {1, 0, 0, 0x80, 20};
    u32 tree, a, b, v;
    memset(big, 7, sizeof(big));
    sd[20] = sd[21] = 1;
    ok(!key_create(&f->h, below, &what, &tree), "create\n");
    a = must_make(f, tree, u"a");
    b = must_make(f, a, u"b");
    ok(!make(f, tree, u"v", true, &v), "volatile\n");
    ok(!val_set(&f->h, tree, u"", 0, 1, "default", 7), "set\n");
    ok(!val_set(&f->h, b, u"big", 3, 3, big, sizeof(big)), "set\n");
    ok(!val_set(&f->h, v, u"x", 1, 4, "1234", 4), "set\n");
    ok(!key_set_security(&f->h, a, sd, sizeof(sd)), "security\n");
    ok(!key_set_time(&f->h, b, 1234567), "time\n");
    return tree;
}

/* Counts what the copy has not as the tree has it. */
static u32 missing(struct fixture *f, u32 copy, bool with_volatile, bool times)
{
    struct key_info info;
    struct val_info vi;
    u8 buf[64];
    u32 a, b, v, wrong = 0, size;
    if (find(f, copy, u"A", &a) || find(f, a, u"b", &b))
        return 100;
    wrong += !find(f, copy, u"v", &v) != with_volatile;
    wrong += val_find(&f->h, copy, u"", 0, &vi) || vi.size != 7;
    wrong += val_find(&f->h, b, u"big", 3, &vi) || vi.size != 20000;
    wrong += key_class(&f->h, copy, buf, sizeof(buf), &size) || size != 8;
    wrong += key_get_security(&f->h, a, buf, sizeof(buf), &size) || size != 32;
    wrong += key_query(&f->h, b, &info) || (info.last_write == 1234567) != times;
    return wrong;
}

static void test_within(void)
{
    struct fixture f;
    u32 tree, copy, err;
    setup(&f);
    tree = plant(&f, f.root);
    copy = must_make(&f, f.root, u"copy");
    err = copy_tree(&f.h, copy, &f.h, tree, COPY_KEEP_TIMES, NULL, NULL);
    ok(!err, "copy: %u\n", err);
    ok(!missing(&f, copy, false, true), "%u missing\n", missing(&f, copy, false, true));
    err = copy_tree(&f.h, copy, &f.h, tree, COPY_VOLATILE, NULL, NULL);
    ok(!err && !missing(&f, copy, true, false), "again, with volatile keys: %u\n", err);
    teardown(&f);
}

static void test_below_itself(void)
{
    struct fixture f;
    u32 tree, a;
    setup(&f);
    tree = plant(&f, f.root);
    ok(!find(&f, tree, u"a", &a), "find\n");
    ok(copy_tree(&f.h, a, &f.h, tree, 0, NULL, NULL) == ERROR_INVALID_PARAMETER, "below\n");
    ok(copy_tree(&f.h, tree, &f.h, tree, 0, NULL, NULL) == ERROR_INVALID_PARAMETER, "itself\n");
    ok(!copy_tree(&f.h, f.root, &f.h, tree, 0, NULL, NULL), "upwards\n");
    ok(!missing(&f, f.root, false, false), "upwards\n");
    teardown(&f);
}

static void test_between(void)
{
    struct fixture from, to;
    struct hview reader;
    u32 tree, err;
    setup(&from);
    setup(&to);
    tree = plant(&from, from.root);
    commit(&from);
    memhive_read(&from.m, &reader);
    must_make(&to, to.root, u"old");
    err = copy_tree(&to.h, to.root, &reader, tree, COPY_REPLACE, NULL, NULL);
    ok(!err, "copy: %u\n", err);
    ok(!missing(&to, to.root, false, false), "%u missing\n", missing(&to, to.root, false, false));
    ok(find(&to, to.root, u"old", &tree) == ERROR_FILE_NOT_FOUND, "not replaced\n");
    teardown(&to);
    teardown(&from);
}

static void test_make_volatile(void)
{
    struct fixture f;
    u32 tree, copy, a;
    setup(&f);
    tree = plant(&f, f.root);
    ok(!make(&f, f.root, u"copy", true, &copy), "create\n");
    ok(!copy_tree(&f.h, copy, &f.h, tree, COPY_MAKE_VOLATILE, NULL, NULL), "copy\n");
    ok(!missing(&f, copy, true, false), "missing\n");
    ok(!find(&f, copy, u"a", &a) && (key_flags(&f.h, a) & KEYF_VOLATILE), "stable\n");
    teardown(&f);
}

static bool stop(void *ctx, u32 keys)
{
    UNUSED(keys);
    ++*(u32 *)ctx;
    return false;
}

static void test_stop(void)
{
    struct fixture f;
    u32 tree, copy, told = 0;
    setup(&f);
    tree = must_make(&f, f.root, u"tree");
    for (char16_t i = 0; i < 600; i++)
        must_make(&f, tree, (char16_t[]){(char16_t)(u'a' + i % 26), (char16_t)(u'a' + i / 26), 0});
    copy = must_make(&f, f.root, u"copy");
    commit(&f);
    ok(copy_tree(&f.h, copy, &f.h, tree, 0, stop, &told) == ERROR_CANCELLED, "not stopped\n");
    ok(told == 1, "told %u times\n", told);
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    teardown(&f);
}

START_TEST(reg_copy)
{
    test_within();
    test_below_itself();
    test_between();
    test_make_volatile();
    test_stop();
}
