/*
 * Lists of subkeys: 200,000 children, made and deleted in any order, found and listed.
 */
#include <stdio.h>

#include "index.h"
#include "reg_fixture.h"

#define MANY 200000u

static u32 random_state = 1;

static u32 next_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

static u32 name_of(u32 i, char16_t name[16])
{
    char text[16];
    u32 n = (u32)snprintf(text, sizeof(text), "Key%06u", i);
    for (u32 k = 0; k <= n; k++)
        name[k] = (char16_t)text[k];
    return n;
}

static u32 add(struct fixture *f, u32 i)
{
    char16_t name[16];
    u32 key;
    name_of(i, name);
    return make(f, f->root, name, false, &key);
}

static u32 lookup(struct fixture *f, u32 i, u32 *key)
{
    char16_t name[16];
    u32 n = name_of(i, name);
    return key_find(&f->h, f->root, name, n, key);
}

/* Counts the children that are not where the model has them. */
static u32 compare(struct fixture *f, const u8 *present, u32 count)
{
    struct key_pos pos = {0};
    char16_t name[KEY_NAME_MAX], expected[16];
    u32 index = 0, wrong = 0, child, len;
    for (u32 i = 0; i < count; i++) {
        if (!present[i])
            continue;
        u32 n = name_of(i, expected);
        if (key_enum(&f->h, f->root, index++, &pos, &child) || key_name(&f->h, child, name, &len))
            return wrong + 1;
        wrong += len != n || memcmp(name, expected, n * 2);
    }
    return wrong + (key_enum(&f->h, f->root, index, &pos, &child) != ERROR_NO_MORE_ITEMS);
}

static void shuffle(u32 *order, u32 n)
{
    for (u32 i = 0; i < n; i++)
        order[i] = i;
    for (u32 i = n - 1; i > 0; i--) {
        u32 k = next_random() % (i + 1), t = order[i];
        order[i] = order[k];
        order[k] = t;
    }
}

static void test_many_in_any_order(void)
{
    struct fixture f;
    u32 *order = os_alloc(MANY * sizeof(*order)), wrong = 0, key;
    u8 *present = os_calloc(MANY, 1);
    setup(&f);
    shuffle(order, MANY);
    for (u32 i = 0; i < MANY; i++) {
        wrong += add(&f, order[i]) != 0;
        present[order[i]] = 1;
        if (i % 10000 == 0)
            commit(&f);
    }
    ok(!wrong, "%u not made\n", wrong);
    ok(!compare(&f, present, MANY), "listed otherwise\n");
    for (u32 i = 0; i < MANY; i++)
        wrong += lookup(&f, i, &key) != 0;
    ok(!wrong, "%u not found\n", wrong);
    check(&f);
    shuffle(order, MANY);
    for (u32 i = 0; i < MANY - 5000; i++) {
        wrong += lookup(&f, order[i], &key) || key_delete(&f.h, key);
        present[order[i]] = 0;
    }
    ok(!wrong, "%u not deleted\n", wrong);
    ok(!compare(&f, present, MANY), "listed otherwise after deleting\n");
    check(&f);
    os_free(order);
    os_free(present);
    teardown(&f);
}

/* All children of the root in one leaf, as Windows has them. */
static void join_leaves(struct fixture *f, u32 count)
{
    u32 cell, child, list = cell_u32(&f->h, f->root, NK_LIST);
    struct key_pos pos = {0};
    ok(!cell_alloc(&f->h, HV_STABLE_STORE, LIST_ENTRIES + count * 8, &cell), "no cell\n");
    cell_put_u16(&f->h, cell, 0, SIG_LH);
    cell_put_u16(&f->h, cell, LIST_COUNT, (u16)count);
    for (u32 i = 0; i < count; i++) {
        struct fold_name fold;
        ok(!key_enum(&f->h, f->root, i, &pos, &child), "enum %u\n", i);
        ok(node_fold(&f->h, child, &fold), "fold %u\n", i);
        hv_put_u32(&f->h, cell + CELL_HEAD + LIST_ENTRIES + i * 8, child);
        hv_put_u32(&f->h, cell + CELL_HEAD + LIST_ENTRIES + i * 8 + 4, fold.hash);
    }
    ok(!index_free(&f->h, list), "free\n");
    cell_put_u32(&f->h, f->root, NK_LIST, cell);
    gen_renew(&f->h, gen_at(HM_LIST_GEN, f->root));
}

static void test_a_leaf_larger_than_ours_is_split(void)
{
    struct fixture f;
    u8 present[1600] = {0};
    u32 wrong = 0;
    setup(&f);
    for (u32 i = 0; i < 1600; i += 2)
        wrong += add(&f, i) != 0, present[i] = 1;
    join_leaves(&f, 800);
    check(&f);
    for (u32 i = 1; i < 1600; i += 2)
        wrong += add(&f, i) != 0, present[i] = 1;
    ok(!wrong, "%u not made\n", wrong);
    ok(!compare(&f, present, 1600), "listed otherwise\n");
    check(&f);
    teardown(&f);
}

static void test_full_leaves_are_one_sector(void)
{
    struct fixture f;
    u32 list, count;
    setup(&f);
    for (u32 i = 0; i < 1000; i++)
        add(&f, i * 7919 % 10000);
    list = cell_u32(&f.h, f.root, NK_LIST);
    count = root_open(&f.h, list);
    ok(count > 10, "%u leaves\n", count);
    for (u32 i = 0; i < count; i++) {
        u32 leaf = hv_u32(&f.h, root_entry(list, i));
        ok(leaf % 512 == 0 && cell_room(&f.h, leaf) <= 512, "leaf at %x, room %u\n", leaf,
           cell_room(&f.h, leaf));
    }
    check(&f);
    teardown(&f);
}

static void test_ascending(void)
{
    struct fixture f;
    u8 present[3000];
    u32 wrong = 0, key;
    setup(&f);
    memset(present, 1, sizeof(present));
    for (u32 i = 0; i < 3000; i++)
        wrong += add(&f, i) != 0;
    ok(!wrong && !compare(&f, present, 3000), "listed otherwise\n");
    for (u32 i = 0; i < 3000; i++)
        wrong += lookup(&f, i, &key) || key_delete(&f.h, key);
    ok(!wrong, "%u not deleted\n", wrong);
    memset(present, 0, sizeof(present));
    ok(!compare(&f, present, 3000), "not empty\n");
    teardown(&f);
}

static void test_descending(void)
{
    struct fixture f;
    u8 present[3000];
    u32 wrong = 0, key;
    setup(&f);
    memset(present, 1, sizeof(present));
    for (u32 i = 3000; i-- > 0;)
        wrong += add(&f, i) != 0;
    ok(!wrong && !compare(&f, present, 3000), "listed otherwise\n");
    for (u32 i = 3000; i-- > 0;)
        wrong += lookup(&f, i, &key) || key_delete(&f.h, key);
    ok(!wrong, "%u not deleted\n", wrong);
    teardown(&f);
}

/* A position from before a change must not lead astray. */
static void test_stale_position(void)
{
    struct fixture f;
    struct key_pos pos = {0};
    u32 child, key, other;
    setup(&f);
    for (u32 i = 0; i < 2000; i++)
        add(&f, i);
    ok(!key_enum(&f.h, f.root, 1500, &pos, &child), "enum\n");
    for (u32 i = 0; i < 1000; i++)
        ok(!lookup(&f, i, &key) && !key_delete(&f.h, key), "delete\n");
    ok(!lookup(&f, 1500, &key), "find\n");
    ok(!key_enum(&f.h, f.root, 500, &pos, &other) && other == key, "another key\n");
    ok(key_enum(&f.h, f.root, 1500, &pos, &other) == ERROR_NO_MORE_ITEMS, "beyond the end\n");
    teardown(&f);
}

START_TEST(reg_index)
{
    test_many_in_any_order();
    test_a_leaf_larger_than_ours_is_split();
    test_full_leaves_are_one_sector();
    test_ascending();
    test_descending();
    test_stale_position();
}
