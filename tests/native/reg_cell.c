/*
 * Cells: random allocations, frees and changes of size against a model, in both storages.
 */
#include "cell.h"
#include "reg_fixture.h"

#define SLOTS 500u

static u32 random_state = 7;

static u32 next_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

struct slot {
    u32 cell, size;
    u8 fill;
};

static bool holds(struct fixture *f, const struct slot *s)
{
    u8 b;
    for (u32 i = 0; i < s->size; i += 97) {
        hv_copy(&f->h, s->cell + CELL_HEAD + i, &b, 1);
        if (b != s->fill)
            return false;
    }
    return true;
}

static u32 random_size(void)
{
    u32 r = next_random();
    return r % 10 == 0 ? r / 10 % 20000 : r / 10 % 200;
}

/* One random step on a slot. Returns what went wrong. */
static u32 step(struct fixture *f, struct slot *s, enum hv_storage st)
{
    u32 err;
    if (!s->cell) {
        s->size = random_size();
        s->fill = (u8)next_random();
        err = cell_alloc(&f->h, st, s->size, &s->cell);
        hv_fill(&f->h, s->cell + CELL_HEAD, s->fill, s->size);
    } else if (!holds(f, s)) {
        err = ERROR_INVALID_DATA;
    } else if (next_random() % 3 == 0) {
        u32 size = random_size();
        err = cell_resize(&f->h, &s->cell, size, MIN(size, s->size));
        hv_fill(&f->h, s->cell + CELL_HEAD, s->fill, size);
        s->size = size;
    } else {
        err = cell_free(&f->h, s->cell);
        s->cell = 0;
    }
    return err ? err : f->h.error;
}

static bool not_lost(void *ctx, enum check_code code, u32 off)
{
    UNUSED(ctx);
    /* The cells of the test are referred to by nothing in the hive. */
    ok(code == CHECK_CELL_LOST, "%s at %x\n", check_name(code), off);
    return code == CHECK_CELL_LOST;
}

static void exercise(enum hv_storage st)
{
    static struct slot slots[SLOTS];
    struct fixture f;
    u32 err = 0;
    setup(&f);
    memset(slots, 0, sizeof(slots));
    for (u32 i = 0; i < 60000 && !err; i++) {
        err = step(&f, &slots[next_random() % SLOTS], st);
        if (i % 5000 == 0) {
            commit(&f);
            err = check_hive(&f.h, f.root, not_lost, NULL, NULL);
        }
    }
    ok(!err, "error %u\n", err);
    for (u32 i = 0; i < SLOTS; i++)
        if (slots[i].cell)
            ok(!cell_free(&f.h, slots[i].cell), "free\n");
    teardown(&f);
}

static void test_stable(void)
{
    exercise(HV_STABLE_STORE);
}

static void test_volatile(void)
{
    exercise(HV_VOLATILE_STORE);
}

static void test_wrong_free(void)
{
    struct fixture f;
    u32 cell;
    setup(&f);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 100, &cell), "alloc\n");
    ok(!cell_free(&f.h, cell), "free\n");
    ok(cell_free(&f.h, cell) == ERROR_REGISTRY_CORRUPT, "twice\n");
    f.h.error = 0;
    ok(cell_free(&f.h, cell + 4) == ERROR_REGISTRY_CORRUPT, "beside\n");
    f.h.error = 0;
    ok(cell_free(&f.h, HV_NIL) == ERROR_REGISTRY_CORRUPT, "none\n");
    f.h.error = 0;
    ok(cell_free(&f.h, 0x7ffffff8) == ERROR_REGISTRY_CORRUPT, "outside\n");
    f.h.error = 0;
    teardown(&f);
}

/* Data that looks like a bin's header does not mislead who looks for a bin's start. */
static void test_bin_look_alike(void)
{
    struct fixture f;
    u32 cell, fake, next;
    setup(&f);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 20000, &cell), "alloc\n");
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 200, &next), "alloc\n");
    hv_fill(&f.h, cell + CELL_HEAD, 0, 20000);
    fake = ALIGN_UP(cell, 4096u) + 4096;
    hv_put_u32(&f.h, fake, SIG_HBIN);
    hv_put_u32(&f.h, fake + 4, fake);
    hv_put_u32(&f.h, fake + 8, 0x4000);
    hv_put_u32(&f.h, fake + 32, 0x100);
    ok(!cell_free(&f.h, next), "free\n");
    ok(!cell_free(&f.h, cell), "free\n");
    teardown(&f);
}

/* A long free piece that small cells come from does not stay one bin: who frees a cell goes through
 * those before it in its bin. */
static void split_bins(enum hv_storage st)
{
    struct fixture f;
    u32 big, small[600], start, end;
    setup(&f);
    ok(!cell_alloc(&f.h, st, 200000, &big), "alloc\n");
    ok(!cell_free(&f.h, big), "free\n");
    for (u32 i = 0; i < ARRAY_LEN(small); i++)
        ok(!cell_alloc(&f.h, st, 100, &small[i]), "alloc\n");
    for (u32 i = 0; i < ARRAY_LEN(small); i++) {
        ok(!bin_around(&f.h, small[i], &start, &end), "no bin\n");
        ok(small[i] - start < 3 * REGF_BIN, "cell %u is %u bytes into its bin\n", i,
           small[i] - start);
    }
    commit(&f);
    ok(!check_hive(&f.h, f.root, not_lost, NULL, NULL), "check\n");
    for (u32 i = 0; i < ARRAY_LEN(small); i++)
        ok(!cell_free(&f.h, small[i]), "free\n");
    teardown(&f);
}

static void test_long_pieces_are_split(void)
{
    split_bins(HV_STABLE_STORE);
    split_bins(HV_VOLATILE_STORE);
}

/* In a bin that somebody else filled with small cells for megabytes, freeing one does not go
 * through all of them: two free cells may stand side by side. */
static void test_far_into_a_bin(void)
{
    struct fixture f;
    u32 big, at, end;
    setup(&f);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 0x100000 - 8, &big), "alloc\n");
    end = big + CELL_HEAD + cell_room(&f.h, big);
    for (at = big; at < end; at += 32)
        hv_put_u32(&f.h, at, 0u - MIN(end - at, 32u));
    at = big + 0x80000;
    ok(!cell_free(&f.h, at), "free\n");
    ok(!cell_free(&f.h, at + 32), "free\n");
    ok(hv_u32(&f.h, at) == 32 && hv_u32(&f.h, at + 32) == 32, "it went through half a megabyte\n");
    ok(!cell_free(&f.h, big + 64) && !cell_free(&f.h, big + 96), "free\n");
    ok(hv_u32(&f.h, big + 64) == 64, "near the begin they are not one\n");
    ok(!check_hive(&f.h, f.root, not_lost, NULL, NULL), "check\n");
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    teardown(&f);
}

/* Long cells are few in a long bin: freed one after the other they become one again. */
static void test_long_cells_become_one(void)
{
    struct fixture f;
    u32 big, again, long_ones[200];
    setup(&f);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 0x100000, &big), "alloc\n");
    ok(!cell_free(&f.h, big), "free\n");
    for (u32 i = 0; i < ARRAY_LEN(long_ones); i++)
        ok(!cell_alloc(&f.h, HV_STABLE_STORE, 5000, &long_ones[i]), "alloc\n");
    for (u32 i = 0; i < ARRAY_LEN(long_ones); i++)
        ok(!cell_free(&f.h, long_ones[i]), "free\n");
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 0x100000, &again) && again == big, "at %x, not %x\n",
       again, big);
    ok(!cell_free(&f.h, again), "free\n");
    teardown(&f);
}

static void test_pair(void)
{
    struct fixture f;
    u32 first, second, again;
    setup(&f);
    ok(!cell_alloc_pair(&f.h, HV_STABLE_STORE, 50, 100, &first, &second), "alloc\n");
    ok(second == first + 56, "second at %x, first at %x\n", second, first);
    ok(cell_room(&f.h, first) == 52 && cell_room(&f.h, second) == 100, "rooms\n");
    ok(!cell_free_pair(&f.h, second, first), "free\n");
    ok(!cell_alloc_pair(&f.h, HV_STABLE_STORE, 50, 100, &again, &second), "alloc\n");
    ok(again == first, "the same place was not taken\n");
    ok(!cell_free(&f.h, second), "free\n");
    ok(cell_free_pair(&f.h, again, second) == ERROR_REGISTRY_CORRUPT, "a free cell\n");
    f.h.error = 0;
    ok(cell_free_pair(&f.h, again, again) == ERROR_REGISTRY_CORRUPT, "one cell twice\n");
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    teardown(&f);
}

/* The map of bins has a bit for where each begins, and need not reach to a long one's end. */
static void test_behind_the_map(void)
{
    struct fixture f;
    u32 big, cell = 0, small;
    setup(&f);
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 0x1400000, &big), "alloc\n");
    ok(!cell_free(&f.h, big), "free\n");
    while (cell < 0x1200000 && !f.h.error)
        ok(!cell_alloc(&f.h, HV_STABLE_STORE, 0x10000, &cell), "alloc\n");
    ok(!cell_alloc(&f.h, HV_STABLE_STORE, 100, &small), "a small one\n");
    ok(!cell_free(&f.h, cell), "free\n");
    ok(!cell_free(&f.h, small), "free a small one\n");
    commit(&f);
    ok(!check_hive(&f.h, f.root, not_lost, NULL, NULL), "check\n");
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    memhive_write_abort(&f.m, &f.h);
    memhive_free(&f.m);
}

static void test_limit(void)
{
    struct fixture f;
    u32 cell, err = 0;
    setup(&f);
    commit(&f);
    f.h.limit[HV_STABLE_STORE] = 0x20000;
    for (u32 i = 0; i < 100 && !err; i++)
        err = cell_alloc(&f.h, HV_STABLE_STORE, 3000, &cell);
    ok(err == ERROR_NO_SYSTEM_RESOURCES, "error %u\n", err);
    memhive_write_abort(&f.m, &f.h);
    begin(&f);
    teardown(&f);
}

START_TEST(reg_cell)
{
    test_stable();
    test_volatile();
    test_wrong_free();
    test_bin_look_alike();
    test_long_pieces_are_split();
    test_far_into_a_bin();
    test_long_cells_become_one();
    test_pair();
    test_behind_the_map();
    test_limit();
}
