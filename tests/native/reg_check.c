/*
 * The whole-hive check: each kind of damage is made in a sound hive by changing a few bytes, and is
 * named. A hive damaged like that is loaded for reading only where writing into it would do harm.
 */
#include "cell.h"
#include "reg_fixture.h"

/* What a sound hive with a bit of everything has, by cell. */
struct places {
    u32 parent, child, sibling; /* keys; parent has the class and the values */
    u32 list, values, value, data, big, segments, security, class_cell;
};

struct found {
    u32 codes[CHECK_CODE_COUNT];
};

static bool note(void *ctx, enum check_code code, u32 off)
{
    UNUSED(off);
    ((struct found *)ctx)->codes[code]++;
    return true;
}

static void plant(struct fixture *f, struct places *p)
{
    struct key_new what = {.name = u"parent", .name_len = 6, .class_name = u"kl", .class_size = 4};
    struct val_info info;
    u8 data[20000] = {1};
    setup(f);
    ok(!key_create(&f->h, f->root, &what, &p->parent), "create\n");
    p->child = must_make(f, p->parent, u"child");
    p->sibling = must_make(f, p->parent, u"sibling");
    ok(!val_set(&f->h, p->parent, u"big", 3, 3, data, sizeof(data)), "set\n");
    ok(!val_set(&f->h, p->parent, u"value", 5, 3, data, 100), "set\n");
    ok(!val_find(&f->h, p->parent, u"value", 5, &info), "find\n");
    p->list = cell_u32(&f->h, p->parent, NK_LIST);
    p->values = cell_u32(&f->h, p->parent, NK_VALUE_LIST);
    p->value = info.cell;
    p->data = cell_u32(&f->h, p->value, VK_DATA);
    p->big = cell_u32(&f->h, cell_u32(&f->h, p->values, 0), VK_DATA);
    p->segments = cell_u32(&f->h, p->big, DB_LIST);
    p->security = cell_u32(&f->h, p->parent, NK_SK);
    p->class_cell = cell_u32(&f->h, p->parent, NK_CLASS);
    commit(f);
}

/* Commits what was done to the hive, checks, and expects to be told of that code. */
static void expect(struct fixture *f, enum check_code code)
{
    struct found found = {{0}};
    struct check_totals totals;
    u32 err;
    commit(f);
    err = check_hive(&f->h, f->root, note, &found, &totals);
    ok(!err && !f->h.error, "%s: %u %u\n", check_name(code), err, f->h.error);
    ok(found.codes[code], "%s not found among %u\n", check_name(code), totals.damages);
    memhive_write_abort(&f->m, &f->h);
    memhive_free(&f->m);
}

static void test_bins(void)
{
    struct fixture f;
    struct places p;
    plant(&f, &p);
    hv_put_u32(&f.h, 4096, 0);
    expect(&f, CHECK_BIN_SIGNATURE);
    plant(&f, &p);
    hv_put_u32(&f.h, 4096 + BIN_OFFSET, 0);
    expect(&f, CHECK_BIN_OFFSET);
    plant(&f, &p);
    hv_put_u32(&f.h, 4096 + BIN_SIZE, 0x7ffff000);
    expect(&f, CHECK_BIN_SIZE);
}

static void test_cells(void)
{
    struct fixture f;
    struct places p;
    u32 cell;
    plant(&f, &p);
    hv_put_u32(&f.h, p.child, 0u - 12);
    expect(&f, CHECK_CELL_SIZE);
    plant(&f, &p);
    cell_put_u32(&f.h, p.parent, NK_SK, p.security);
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES, p.child + 8);
    expect(&f, CHECK_CELL_PLACE);
    plant(&f, &p);
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES, p.class_cell);
    expect(&f, CHECK_KEY_LOOP);
    plant(&f, &p);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 12, &cell), "alloc\n");
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES, cell);
    expect(&f, CHECK_CELL_SHORT);
    plant(&f, &p);
    cell_put_u32(&f.h, p.value, VK_DATA, p.class_cell);
    expect(&f, CHECK_CELL_SHARED);
    plant(&f, &p);
    cell_put_u32(&f.h, p.parent, NK_CLASS, HV_NIL);
    expect(&f, CHECK_CELL_LOST);
    plant(&f, &p);
    hv_put_u32(&f.h, cell_list_head(cell_class(64), HV_STABLE_STORE), p.child);
    expect(&f, CHECK_FREE_LIST);
}

static void test_root(void)
{
    struct fixture f;
    struct places p;
    struct found found = {{0}};
    plant(&f, &p);
    ok(!check_hive(&f.h, 0x7ff8, note, &found, NULL), "check\n");
    ok(found.codes[CHECK_ROOT], "no root, and not told\n");
    cell_put_u16(&f.h, f.root, NK_FLAGS, KEYF_COMP_NAME);
    expect(&f, CHECK_ROOT_FLAG);
}

static void test_keys(void)
{
    struct fixture f;
    struct places p;
    plant(&f, &p);
    cell_put_u16(&f.h, p.child, 0, SIG_VK);
    expect(&f, CHECK_KEY_SIGNATURE);
    plant(&f, &p);
    cell_put_u16(&f.h, p.child, NK_NAME_LEN, 0);
    expect(&f, CHECK_KEY_NAME);
    plant(&f, &p);
    cell_put_u16(&f.h, p.child, NK_NAME_LEN, 500);
    expect(&f, CHECK_KEY_NAME);
    plant(&f, &p);
    cell_put_u32(&f.h, p.child, NK_PARENT, f.root);
    expect(&f, CHECK_KEY_PARENT);
    plant(&f, &p);
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES, f.root);
    expect(&f, CHECK_KEY_LOOP);
    plant(&f, &p);
    cell_put_u16(&f.h, p.parent, NK_CLASS_LEN, 5000);
    expect(&f, CHECK_KEY_CLASS);
    plant(&f, &p);
    cell_put_u16(&f.h, p.parent, NK_MAX_NAME, 1);
    expect(&f, CHECK_KEY_MAX);
    plant(&f, &p);
    cell_put_u32(&f.h, p.parent, NK_MAX_VALUE_DATA, 1);
    expect(&f, CHECK_KEY_MAX);
}

static void test_store_and_depth(void)
{
    struct fixture f;
    struct places p;
    u32 key, below;
    plant(&f, &p);
    ok(!make(&f, f.root, u"v", true, &key) && !make(&f, key, u"w", true, &below), "create\n");
    hv_put_u32(&f.h, cell_u32(&f.h, f.root, NK_LIST) + CELL_HEAD + LIST_ENTRIES, key);
    expect(&f, CHECK_KEY_STORE);
    plant(&f, &p);
    key = f.root;
    while (!make(&f, key, u"deep", false, &below))
        key = below;
    /* The deepest key adopts one more, which the engine would not. */
    cell_put_u32(&f.h, key, NK_COUNT, 2);
    cell_put_u32(&f.h, key, NK_LIST, p.list);
    cell_put_u32(&f.h, p.parent, NK_COUNT, 0);
    expect(&f, CHECK_KEY_DEPTH);
}

static void test_lists(void)
{
    struct fixture f;
    struct places p;
    u32 entry;
    plant(&f, &p);
    cell_put_u16(&f.h, p.list, 0, SIG_SK);
    expect(&f, CHECK_LIST_SIGNATURE);
    plant(&f, &p);
    cell_put_u16(&f.h, p.list, LIST_COUNT, 5000);
    expect(&f, CHECK_LIST_SIZE);
    plant(&f, &p);
    cell_put_u16(&f.h, p.list, LIST_COUNT, 1);
    expect(&f, CHECK_LIST_COUNT);
    plant(&f, &p);
    entry = p.list + CELL_HEAD + LIST_ENTRIES;
    hv_put_u32(&f.h, entry, p.sibling);
    hv_put_u32(&f.h, entry + 8, p.child);
    expect(&f, CHECK_LIST_ORDER);
    plant(&f, &p);
    cell_put_u16(&f.h, p.child, NK_NAME_LEN, 1);
    cell_put_u16(&f.h, p.sibling, NK_NAME_LEN, 1);
    hv_put_u8(&f.h, p.sibling + CELL_HEAD + NK_NAME, 'C');
    expect(&f, CHECK_LIST_TWICE);
    plant(&f, &p);
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES + 4, 1);
    expect(&f, CHECK_LIST_HASH);
    plant(&f, &p);
    cell_put_u16(&f.h, p.list, 0, SIG_RI);
    cell_put_u16(&f.h, p.list, LIST_COUNT, 1);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 12, &entry), "alloc\n");
    cell_put_u16(&f.h, entry, 0, SIG_RI);
    hv_put_u32(&f.h, p.list + CELL_HEAD + LIST_ENTRIES, entry);
    expect(&f, CHECK_LIST_NESTED);
}

static void test_values(void)
{
    struct fixture f;
    struct places p;
    plant(&f, &p);
    cell_put_u32(&f.h, p.parent, NK_VALUES, 5000);
    expect(&f, CHECK_VALUES_LIST);
    plant(&f, &p);
    cell_put_u16(&f.h, p.value, 0, SIG_NK);
    expect(&f, CHECK_VALUE_SIGNATURE);
    plant(&f, &p);
    cell_put_u16(&f.h, p.value, VK_NAME_LEN, 5000);
    expect(&f, CHECK_VALUE_NAME);
    plant(&f, &p);
    cell_put_u16(&f.h, p.value, VK_NAME_LEN, 3);
    hv_write(&f.h, p.value + CELL_HEAD + VK_NAME, "BIG", 3);
    expect(&f, CHECK_VALUE_TWICE);
    plant(&f, &p);
    cell_put_u32(&f.h, p.value, VK_SIZE, 5000);
    expect(&f, CHECK_VALUE_DATA);
    plant(&f, &p);
    cell_put_u32(&f.h, p.value, VK_SIZE, VK_INLINE | 5);
    expect(&f, CHECK_VALUE_DATA);
    plant(&f, &p);
    cell_put_u16(&f.h, p.big, DB_COUNT, 1);
    expect(&f, CHECK_VALUE_BIG);
}

static void test_security(void)
{
    struct fixture f;
    struct places p;
    plant(&f, &p);
    cell_put_u32(&f.h, p.child, NK_SK, p.list);
    expect(&f, CHECK_SECURITY);
    plant(&f, &p);
    cell_put_u32(&f.h, p.security, SK_SIZE, 5000);
    expect(&f, CHECK_SECURITY_SIZE);
    plant(&f, &p);
    cell_put_u32(&f.h, p.security, SK_NEXT, p.list);
    expect(&f, CHECK_SECURITY_RING);
    plant(&f, &p);
    cell_put_u32(&f.h, p.security, SK_USERS, 1);
    expect(&f, CHECK_SECURITY_COUNT);
    plant(&f, &p);
    hv_put_u8(&f.h, p.security + CELL_HEAD + SK_BYTES, 9);
    expect(&f, CHECK_SECURITY_DESCRIPTOR);
}

/* Saved and loaded again after one word was changed. */
static void reload_with(struct fixture *f, u32 at, u32 word)
{
    size_t n;
    void *file;
    u32 err;
    hv_put_u32(&f->h, at, word);
    commit(f);
    memhive_write_abort(&f->m, &f->h);
    ok(!memhive_save(&f->m, &file, &n), "save\n");
    memhive_free(&f->m);
    err = memhive_load(&f->m, file, n);
    ok(!err, "load: %u\n", err);
    os_free(file);
    begin(f);
}

static void test_damaged_is_read_only(void)
{
    struct fixture f;
    struct places p;
    u32 key;
    plant(&f, &p);
    reload_with(&f, p.values + CELL_HEAD, 0x7ff8);
    ok(hv_u32(&f.h, HM_FLAGS) & META_READ_ONLY, "not read-only\n");
    ok(make(&f, f.root, u"new", false, &key) == ERROR_REGISTRY_CORRUPT, "written to\n");
    f.h.error = 0;
    ok(!find(&f, f.root, u"parent", &key), "not even read\n");
    memhive_write_abort(&f.m, &f.h);
    memhive_free(&f.m);
}

/* What follows from the rest is put right on loading, and writing goes on. */
static void test_counts_are_derived(void)
{
    struct fixture f;
    struct places p;
    u32 key;
    plant(&f, &p);
    cell_put_u32(&f.h, p.parent, NK_COUNT, 7);
    cell_put_u16(&f.h, p.parent, NK_MAX_NAME, 1);
    cell_put_u32(&f.h, p.parent, NK_MAX_VALUE_DATA, 1);
    reload_with(&f, p.security + CELL_HEAD + SK_USERS, 1);
    ok(hv_u32(&f.h, HM_FLAGS) == META_MENDED, "flags %x\n", hv_u32(&f.h, HM_FLAGS));
    ok(cell_u32(&f.h, p.parent, NK_COUNT) == 2, "%u subkeys\n", cell_u32(&f.h, p.parent, NK_COUNT));
    ok(cell_u16(&f.h, p.parent, NK_MAX_NAME) == 14, "longest name\n");
    ok(cell_u32(&f.h, p.parent, NK_MAX_VALUE_DATA) == 20000, "longest data\n");
    ok(cell_u32(&f.h, p.security, SK_USERS) == 4, "users\n");
    ok(!make(&f, f.root, u"new", false, &key), "not written to\n");
    teardown(&f);
}

static void test_unsorted_is_found(void)
{
    struct fixture f;
    struct places p;
    u32 key;
    plant(&f, &p);
    cell_put_u32(&f.h, p.list, LIST_ENTRIES + 8, p.child);
    reload_with(&f, p.list + CELL_HEAD + LIST_ENTRIES, p.sibling);
    ok(hv_u32(&f.h, HM_FLAGS) == 2, "flags %x\n", hv_u32(&f.h, HM_FLAGS));
    ok(!find(&f, f.root, u"parent", &key), "parent\n");
    ok(!find(&f, p.parent, u"child", &key) && !find(&f, p.parent, u"sibling", &key), "child\n");
    ok(!key_delete(&f.h, key), "delete\n");
    memhive_write_abort(&f.m, &f.h);
    memhive_free(&f.m);
}

START_TEST(reg_check)
{
    test_bins();
    test_cells();
    test_root();
    test_keys();
    test_store_and_depth();
    test_lists();
    test_values();
    test_security();
    test_damaged_is_read_only();
    test_counts_are_derived();
    test_unsorted_is_found();
}
