/*
 * What the tests of the hive engine share: a hive in memory with a write begun, checked when it is
 * put away.
 */
#ifndef DECANTER_REG_FIXTURE_H
#define DECANTER_REG_FIXTURE_H

#include <string.h>

#include "check.h"
#include "key.h"
#include "memhive.h"
#include "os.h"
#include "test.h"
#include "utf16.h"
#include "value.h"

struct fixture {
    struct memhive m;
    struct hview h;
    u32 root;
};

TEST_UNUSED static void begin(struct fixture *f)
{
    struct key_ref root = {0};
    memhive_write_begin(&f->m, &f->h);
    ok(!key_root(&f->h, &root), "no root\n");
    f->root = root.cell;
}

TEST_UNUSED static void setup(struct fixture *f)
{
    u32 err = memhive_create(&f->m, u"ROOT", NULL, 0);
    ok(!err, "create: %u\n", err);
    begin(f);
}

TEST_UNUSED static void commit(struct fixture *f)
{
    u32 err = memhive_write_commit(&f->m, &f->h);
    ok(!err, "commit: %u\n", err);
    begin(f);
}

TEST_UNUSED static bool tell_damage(void *ctx, enum check_code code, u32 off)
{
    UNUSED(ctx);
    ok(false, "%s (%s) at %x\n", check_name(code), check_words(code), off);
    return true;
}

/* Commits and checks the whole hive. */
TEST_UNUSED static void check(struct fixture *f)
{
    u32 err;
    commit(f);
    memhive_write_abort(&f->m, &f->h);
    memhive_read(&f->m, &f->h);
    err = check_hive(&f->h, f->root, tell_damage, NULL, NULL);
    ok(!err && !f->h.error, "check: %u %u\n", err, f->h.error);
    begin(f);
}

TEST_UNUSED static void teardown(struct fixture *f)
{
    check(f);
    memhive_write_abort(&f->m, &f->h);
    memhive_free(&f->m);
}

TEST_UNUSED static u32 make(struct fixture *f, u32 parent, const char16_t *name, bool is_volatile,
                            u32 *key)
{
    struct key_new what = {
        .name = name, .name_len = (u32)u16_len(name), .is_volatile = is_volatile};
    return key_create(&f->h, parent, &what, key);
}

TEST_UNUSED static u32 must_make(struct fixture *f, u32 parent, const char16_t *name)
{
    u32 key = HV_NIL, err = make(f, parent, name, false, &key);
    ok(!err, "create: %u\n", err);
    return key;
}

TEST_UNUSED static u32 find(struct fixture *f, u32 key, const char16_t *name, u32 *child)
{
    return key_find(&f->h, key, name, (u32)u16_len(name), child);
}

#endif
