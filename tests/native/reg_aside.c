/*
 * The links of free cells are in the image and not in the log. A cell made of such bytes has in the
 * log, and in the hive file, what it has in the image, also where they were the right ones already.
 */
#include "share_fixture.h"

#include "cell.h"

#define ROOM 16u

static void copy_file(const char *suffix)
{
    char command[1300];

    snprintf(command, sizeof(command), "cp %s/hive%s %s/copy%s", share_folder, suffix, share_folder,
             suffix);
    ok(!system(command), "%s\n", command);
}

static struct hive *open_hive(const char16_t *path, u32 flags)
{
    struct hive *h = NULL;

    ok(!hive_open(path, flags, &h), "open\n");
    return h;
}

static u32 far_cell;

/* A cell whose first link ends a sector: the second begins the next one. And one in a later sector,
 * changed with each write: what is logged does not end where the links begin. */
static u32 make_cell(struct hive *h)
{
    struct hive_write w;
    u32 cell = 0, next;

    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    do
        ok(!cell_alloc(&w.view, HV_STABLE_STORE, ROOM, &cell), "alloc\n");
    while (cell % 512 != 0x1f8);
    hv_write(&w.view, cell + CELL_HEAD, "AAAABBBBCCCCDDDD", ROOM);
    ok(!cell_alloc(&w.view, HV_STABLE_STORE, ROOM, &next), "alloc\n");
    hv_fill(&w.view, next + CELL_HEAD, 'n', ROOM);
    do
        ok(!cell_alloc(&w.view, HV_STABLE_STORE, ROOM, &far_cell), "alloc\n");
    while (far_cell < cell + 1024);
    cell_put_u32(&w.view, far_cell, 0, 1);
    ok(!hive_write_commit(h, &w), "commit\n");
    return cell;
}

static void free_cell(struct hive *h, u32 cell)
{
    struct hive_write w;

    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    ok(!cell_free(&w.view, cell), "free\n");
    cell_put_u32(&w.view, far_cell, 0, 2);
    ok(!hive_write_commit(h, &w), "commit\n");
}

/* What the links left there is what the new cell holds. */
static void make_it_again(struct hive *h, u32 cell, u8 *holds)
{
    struct hive_write w;
    u32 again = 0;

    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    hv_copy(&w.view, cell + CELL_HEAD, holds, ROOM);
    memcpy(holds, "aaaa", 4);
    ok(memcmp(holds, "aaaaBBBBCCCCDDDD", ROOM) != 0, "no link stands there\n");
    ok(!cell_alloc(&w.view, HV_STABLE_STORE, ROOM, &again), "alloc\n");
    ok(again == cell, "%x, not %x\n", again, cell);
    hv_write(&w.view, again + CELL_HEAD, holds, ROOM);
    cell_put_u32(&w.view, far_cell, 0, 3);
    ok(!hive_write_commit(h, &w), "commit\n");
}

static void must_hold(const char16_t *path, u32 cell, const u8 *holds)
{
    struct hive *h = open_hive(path, 0);
    struct hive_read r = {.tries = 0};

    ok(!hive_read_begin(h, &r), "read\n");
    ok(hv_equal(&r.view, cell + CELL_HEAD, holds, ROOM), "other bytes\n");
    ok(hive_read_end(h, &r), "read\n");
    hive_close(h);
}

static void once(bool killed)
{
    struct hive *h;
    char16_t copy[300];
    u8 holds[ROOM];
    u32 cell;

    share_setup();
    u16_copy(copy, ARRAY_LEN(copy), share_path);
    u16_copy(copy + u16_len(copy) - 4, 5, u"copy");
    h = open_hive(share_path, HIVE_CREATE);
    cell = make_cell(h);
    ok(!hive_flush(h), "flush\n");
    free_cell(h, cell);
    make_it_again(h, cell, holds);
    if (killed) { /* what it leaves then is this */
        copy_file("");
        copy_file(".LOG1");
        copy_file(".LOG2");
        must_hold(copy, cell, holds);
    }
    hive_close(h);
    if (!killed)
        must_hold(share_path, cell, holds);
    share_clear();
}

static void test_log(void)
{
    once(true);
}

static void test_hive_file(void)
{
    once(false);
}

START_TEST(reg_aside)
{
    RUN(test_log);
    RUN(test_hive_file);
}
