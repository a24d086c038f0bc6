/*
 * Somebody makes the shared image shorter while others have it mapped: no signal, the documented
 * error for who needs what is gone, and nothing lost that was committed.
 */
#include "share_fixture.h"

#include "cell.h"
#include "image.h"

static const char *path_of(const char *name)
{
    static char path[600];

    snprintf(path, sizeof(path), "%s/%s", share_folder, name);
    return path;
}

static void cut(const char *name, u32 size)
{
    ok(!truncate(path_of(name), size), "%s cannot be cut\n", name);
}

static struct hive *open_hive(u32 flags)
{
    struct hive *h = NULL;
    u32 err = hive_open(share_path, flags, &h);

    ok(!err, "open: %u\n", err);
    return h;
}

/* Whoever opens it next has `n`. */
static void must_have(u32 n, const char *what, u32 at)
{
    struct verdict v;
    struct hive *h = open_hive(0);

    ok(!share_judge(h, 0, &v) && v.n == n, "%s %u: %u, not %u\n", what, at, (u32)v.n, n);
    ok(!share_work(h, 0, n + 1), "%s %u: write\n", what, at);
    hive_close(h);
}

static struct hive *with_work(u32 n)
{
    struct hive *h;

    share_setup();
    h = open_hive(HIVE_CREATE);
    for (u32 i = 1; i <= n; i++)
        ok(!share_work(h, 0, i), "work\n");
    return h;
}

static void test_reading(void)
{
    static const u32 sizes[] = {0, 4096, IMAGE_STABLE};

    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        struct hive *h = with_work(3);
        struct verdict v;

        cut("hive.image", sizes[i]);
        ok(share_judge(h, 0, &v) == ERROR_REGISTRY_IO_FAILED, "cut to %u: read\n", sizes[i]);
        ok(share_work(h, 0, 4) == ERROR_REGISTRY_IO_FAILED, "cut to %u: written\n", sizes[i]);
        ok(hive_flush(h) == ERROR_REGISTRY_IO_FAILED, "cut to %u: flushed\n", sizes[i]);
        hive_close(h);
        must_have(3, "cut to", sizes[i]);
        share_clear();
    }
}

static void test_volatile(void)
{
    struct hive *h = with_work(3);
    struct verdict v;

    cut("hive.volatile", 0);
    ok(share_judge(h, 0, &v) == ERROR_REGISTRY_IO_FAILED, "read\n");
    hive_close(h);
    must_have(3, "volatile", 0);
    share_clear();
}

/* Writes, saves and flushes come to it too, before anybody looked. */
static void test_first_to_come(void)
{
    for (u32 i = 0; i < 3; i++) {
        struct hive *h = with_work(3);
        char16_t copy[320];
        u32 err;

        u16_copy(copy, ARRAY_LEN(copy), share_path);
        u16_copy(copy + u16_len(copy), 8, u".copy");
        cut("hive.image", IMAGE_STABLE);
        err = i == 0 ? share_work(h, 0, 4) : i == 1 ? hive_save(h, copy, 0) : hive_flush(h);
        ok(err != ERROR_SUCCESS, "%u was done\n", i);
        ok(!os_exists(copy), "%u: a copy of nothing\n", i);
        hive_close(h);
        must_have(3, "call", i);
        share_clear();
    }
}

/* No fault tells of it: the rest of the page reads as zeros. */
static void test_cut_within_a_page(void)
{
    struct hive *h = with_work(3);

    ok(!hive_flush(h), "flush\n");
    ok(!share_work(h, 0, 4), "work\n");
    cut("hive.image", IMAGE_STABLE + 100);
    ok(hive_flush(h) == ERROR_REGISTRY_IO_FAILED, "zeros were flushed\n");
    hive_close(h);
    must_have(4, "within a page", 100);
    share_clear();
}

static u32 cut_at, steps;

static void cut_now(void)
{
    if (++steps == cut_at && truncate(path_of("hive.image"), 0))
        abort();
}

/* What a write said is so, wherever in it the image was cut. */
static void test_steps_of_a_write(void)
{
    u32 done = 0, refused = 0, most;

    do {
        struct hive *h = with_work(1);
        u32 err;

        cut_at++;
        steps = 0;
        os_at_step = cut_now;
        err = share_work(h, 0, 2);
        most = steps;
        os_at_step = NULL;
        done += !err;
        refused += err != 0;
        ok(!err || err == ERROR_REGISTRY_IO_FAILED, "step %u: error %u\n", cut_at, err);
        hive_close(h);
        must_have(err ? 1 : 2, "step", cut_at);
        share_clear();
    } while (cut_at <= most && cut_at < 100);
    ok(done && refused, "%u done, %u refused\n", done, refused);
}

static void cut_in_a_flush(void)
{
    u32 most;

    cut_at = 0;
    do {
        struct hive *h = with_work(2);

        cut_at++;
        steps = 0;
        os_at_step = cut_now;
        hive_flush(h);
        most = steps;
        os_at_step = NULL;
        hive_close(h);
        must_have(2, "step of a flush", cut_at);
        share_clear();
    } while (cut_at <= most && cut_at < 100);
}

static void test_steps_of_a_flush(void)
{
    i64 gain = hive_merge_gain;

    cut_in_a_flush();
    hive_merge_gain = INT64_MIN; /* now with the log made short first */
    cut_in_a_flush();
    hive_merge_gain = gain;
}

/* A large write that has not come to the log yet: it may have all it needs of the image. */
static void cut_before_commit(u32 flushes, u32 size, u32 room)
{
    struct hive *h = with_work(2);
    struct hive_write w;
    u32 cell, done = 2, err;

    for (u32 i = 0; i < flushes; i++) { /* the other log's turn */
        ok(!hive_flush(h), "flush\n");
        ok(!share_work(h, 0, ++done), "work\n");
    }
    ok(!hive_write_begin(h, HIVE_WAIT, &w), "begin\n");
    ok(!cell_alloc(&w.view, HV_STABLE_STORE, room, &cell), "alloc\n");
    hv_fill(&w.view, cell + CELL_HEAD, 'x', room);
    cut("hive.image", size);
    err = hive_write_commit(h, &w);
    ok(err == ERROR_REGISTRY_IO_FAILED, "%u flushes, cut to %u: gave %u\n", flushes, size, err);
    hive_close(h);
    must_have(done, "flushes", flushes);
    share_clear();
}

static void test_before_a_commit(void)
{
    for (u32 flushes = 0; flushes < 2; flushes++) {
        cut_before_commit(flushes, 0, 16);
        cut_before_commit(flushes, 0, 0x100000);
        cut_before_commit(flushes, IMAGE_STABLE, 0x100000);
    }
}

START_TEST(reg_short)
{
    RUN(test_reading);
    RUN(test_volatile);
    RUN(test_first_to_come);
    RUN(test_cut_within_a_page);
    RUN(test_steps_of_a_write);
    RUN(test_steps_of_a_flush);
    RUN(test_before_a_commit);
}
