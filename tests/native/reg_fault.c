/*
 * Every allocation fails once, in every operation: the operation says so, the write is dropped, and
 * the hive is what it was before.
 */
#include "copy.h"
#include "reg_fixture.h"
#include "watch.h"

typedef u32 (*operation)(struct fixture *f);

static u32 op_create(struct fixture *f)
{
    struct key_new what = {.name = u"new", .name_len = 3, .class_name = u"c", .class_size = 2};
    u32 key;
    return key_create(&f->h, f->root, &what, &key);
}

static u32 op_big_value(struct fixture *f)
{
    static u8 data[300000];
    return val_set(&f->h, f->root, u"big", 3, 3, data, sizeof(data));
}

static u32 op_delete_tree(struct fixture *f)
{
    return key_delete_tree(&f->h, f->root, true);
}

static u32 op_copy(struct fixture *f)
{
    u32 from, to, err = find(f, f->root, u"tree", &from);
    if (!err)
        err = make(f, f->root, u"copy", true, &to);
    return err ? err : copy_tree(&f->h, to, &f->h, from, COPY_VOLATILE, NULL, NULL);
}

static u32 op_rename(struct fixture *f)
{
    u32 key, moved, err = find(f, f->root, u"tree", &key);
    return err ? err : key_rename(&f->h, key, u"a name that needs room", 22, &moved);
}

static u32 op_check(struct fixture *f)
{
    return check_hive(&f->h, f->root, NULL, NULL, NULL);
}

static void plant(struct fixture *f)
{
    u32 tree, key;
    setup(f);
    tree = must_make(f, f->root, u"tree");
    for (char16_t c = u'a'; c < u'z'; c++) {
        key = must_make(f, tree, (char16_t[]){c, 0});
        ok(!val_set(&f->h, key, u"v", 1, 1, "0123456789", 10), "set\n");
    }
    commit(f);
}

/* Begins a write of its own so that no memory is left over from what was before. */
static void sweep(const char *name, operation op)
{
    struct fixture f;
    u32 n, err = 1;
    for (n = 1; err && n < 2000; n++) {
        plant(&f);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = op(&f);
        if (!err)
            err = memhive_write_commit(&f.m, &f.h);
        else
            memhive_write_abort(&f.m, &f.h);
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "%s, allocation %u: %u\n", name, n, err);
        begin(&f);
        teardown(&f);
    }
    ok(!err, "%s still fails\n", name);
}

static void test_load_and_save(void)
{
    struct fixture f;
    struct memhive m;
    void *file = NULL, *again;
    size_t size = 0;
    u32 err = 1;
    plant(&f);
    ok(!memhive_save(&f.m, &file, &size), "save\n");
    for (u32 n = 1; err && n < 100; n++) {
        os_fault(OS_FAULT_ALLOC, n, false);
        err = memhive_load(&m, file, size);
        if (!err) {
            os_free(!memhive_save(&m, &again, &size) ? again : NULL);
            memhive_free(&m);
        }
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "allocation %u: %u\n", n, err);
    }
    ok(!err, "still fails\n");
    os_free(file);
    teardown(&f);
}

START_TEST(reg_fault)
{
    sweep("create", op_create);
    sweep("big value", op_big_value);
    sweep("delete tree", op_delete_tree);
    sweep("copy", op_copy);
    sweep("rename", op_rename);
    sweep("check", op_check);
    test_load_and_save();
}
