/*
 * Logs of both formats: what makes an entry valid, and which of them recovery applies.
 */
#include <string.h>

#include "baseblock.h"
#include "dirtymap.h"
#include "logfmt.h"
#include "marvin.h"
#include "os.h"
#include "recover.h"
#include "test.h"

#define BINS 0x4000u
#define ROOM 0x20000u

/* A dirty hive of four pages whose bytes are their page's number, and two logs. */
struct fixture {
    struct base_block base;
    u8 *bins;
    u64 changed[DIRTY_WORDS];
    u8 *log[2];
    u32 end[2];
    struct recover r;
};

static u8 *grow(void *ctx, u32 size)
{
    struct fixture *f = ctx;

    return size <= ROOM ? f->bins : NULL;
}

static void put_header(struct fixture *f, u32 i, u32 type, u32 seq)
{
    struct base_block b = f->base;

    b.type = type;
    b.seq1 = b.seq2 = seq;
    base_seal(&b);
    memcpy(f->log[i], &b, BASE_SECTOR);
    f->end[i] = LOG_FIRST;
}

static void setup(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    f->bins = os_calloc(1, ROOM);
    for (u32 i = 0; i < BINS; i++)
        f->bins[i] = (u8)(i / 4096);
    base_make(&f->base, u"C:\\folder\\hive", 32, BINS, 5);
    for (u32 i = 0; i < 2; i++) {
        f->log[i] = os_calloc(1, ROOM);
        put_header(f, i, BASE_LOG_NEW, 7);
    }
    f->base.seq1 = 8;
    f->base.seq2 = 7;
    base_seal(&f->base);
    f->r = (struct recover){.base = &f->base,
                            .bins = f->bins,
                            .size = BINS,
                            .grow = grow,
                            .ctx = f,
                            .changed = f->changed};
}

static void teardown(struct fixture *f)
{
    os_free(f->bins);
    os_free(f->log[0]);
    os_free(f->log[1]);
}

/* An entry of one page of `fill` at off. */
static struct log_entry *put(struct fixture *f, u32 i, u32 seq, u32 bins_size, u32 off, u32 len,
                             u8 fill)
{
    struct log_entry *e = (struct log_entry *)(void *)(f->log[i] + f->end[i]);
    u32 size = (u32)log_entry_size(1, len), used = (u32)(sizeof(*e) + sizeof(e->refs[0]) + len);

    e->refs[0].off = off;
    e->refs[0].size = len;
    memset(e->refs + 1, fill, len);
    log_entry_fill(e, size, 3, seq, bins_size, 1, used);
    log_entry_seal(e);
    f->end[i] += size;
    return e;
}

static u32 run(struct fixture *f)
{
    for (u32 i = 0; i < 2; i++) {
        f->r.log[i].bytes = f->log[i];
        f->r.log[i].size = ROOM;
    }
    return recover_run(&f->r);
}

/* Values published with the function. */
static void marvin_has_the_known_values(void)
{
    static const u8 bytes[] = {0x86, 0x42, 0xdc, 0x59};
    u64 seed = 0x004fb61a001bdbcc;

    ok(marvin32(seed, "", 0) == 0x30ed35c100cd3c7d, "empty\n");
    ok(marvin32(seed, "\xaf", 1) == 0x48e73fc77d75ddc1, "one byte\n");
    ok(marvin32(seed, "\xe7\x0f", 2) == 0xb5f6e1fc485dbff8, "two bytes\n");
    ok(marvin32(seed, "\x37\xf4\x95", 3) == 0xf0b07c789b8cf7e8, "three bytes\n");
    ok(marvin32(seed, bytes, 4) == 0x7008f2e87e9cf556, "four bytes\n");
}

static void every_flipped_bit_makes_an_entry_invalid(void)
{
    struct fixture f;
    struct log_entry *e;
    u32 valid = 0;

    setup(&f);
    e = put(&f, 0, 7, BINS, 512, 512, 0xaa);
    ok(log_entry_valid((u8 *)e, e->size), "not valid\n");
    ok(!log_entry_valid((u8 *)e, e->size - 1), "valid though cut\n");
    for (u32 bit = 0; bit < e->size * 8; bit++) {
        u32 size = 1024 + 512;

        ((u8 *)e)[bit / 8] ^= (u8)(1 << bit % 8);
        valid += log_entry_valid((u8 *)e, size);
        ((u8 *)e)[bit / 8] ^= (u8)(1 << bit % 8);
    }
    ok(!valid, "%u of the flipped ones are valid\n", valid);
    teardown(&f);
}

static void a_base_block_is_judged_by_its_checksum(void)
{
    struct base_block b;

    base_make(&b, u"/x/y/a name that is longer than the field of the base block", 32, 4096, 5);
    ok(!base_check(&b), "not good\n");
    ok(b.name[31] == 0 && b.name[30] == 'k', "name\n");
    b.root++;
    ok(base_check(&b) == ERROR_BADDB, "changed and good\n");
    base_seal(&b);
    ok(!base_check(&b), "sealed and bad\n");
    b.magic ^= 1;
    ok(base_check(&b) == ERROR_NOT_REGISTRY_FILE, "no magic\n");
    ok(!recover_needed(&b) == false, "clean without magic\n");
}

static void a_clean_hive_needs_no_log(void)
{
    struct fixture f;

    setup(&f);
    f.base.seq1 = 7;
    base_seal(&f.base);
    put(&f, 0, 7, BINS, 0, 4096, 0xaa);
    ok(!run(&f) && !f.r.entries && f.bins[0] == 0, "applied %u\n", f.r.entries);
    teardown(&f);
}

static void entries_are_applied_in_order_across_both_logs(void)
{
    struct fixture f;
    u32 err, off = 0, n;

    setup(&f);
    put(&f, 1, 7, BINS, 0, 4096, 0xa0);
    put(&f, 1, 8, BINS, 4096, 1024, 0xa1);
    put(&f, 0, 9, BINS, 512, 512, 0xa2);
    put(&f, 0, 10, BINS + 4096, BINS, 4096, 0xa3);
    err = run(&f);
    ok(!err && f.r.entries == 4 && f.r.pieces == 4, "%u, %u entries\n", err, f.r.entries);
    ok(f.bins[0] == 0xa0 && f.bins[512] == 0xa2 && f.bins[1024] == 0xa0, "page 0\n");
    ok(f.bins[4096] == 0xa1 && f.bins[4096 + 1024] == 1, "page 1\n");
    ok(f.r.size == BINS + 4096 && f.base.size == BINS + 4096 && f.bins[BINS] == 0xa3, "growth\n");
    ok(f.base.seq1 == 11 && f.base.seq2 == 11 && f.base.flags == 3, "base block\n");
    ok(!base_check(&f.base), "base block not sealed\n");
    ok(dirty_next(f.changed, &off, &n, 0x10000) && !off && n == 0x8000, "dirty map\n");
    teardown(&f);
}

static void old_entries_are_passed_over(void)
{
    struct fixture f;

    setup(&f);
    put(&f, 0, 5, BINS, 0, 4096, 0xa0);
    put(&f, 0, 6, BINS, 0, 4096, 0xa1);
    put(&f, 0, 7, BINS, 4096, 4096, 0xa2);
    ok(!run(&f) && f.r.entries == 1, "%u entries\n", f.r.entries);
    ok(f.bins[0] == 0 && f.bins[4096] == 0xa2, "bytes\n");
    teardown(&f);
}

static void a_missing_number_ends_it(void)
{
    struct fixture f;

    setup(&f);
    put(&f, 0, 7, BINS, 0, 512, 0xa0);
    put(&f, 0, 9, BINS, 512, 512, 0xa1);
    put(&f, 1, 10, BINS, 1024, 512, 0xa2);
    ok(!run(&f) && f.r.entries == 1 && f.base.seq2 == 8, "%u entries\n", f.r.entries);
    ok(f.bins[0] == 0xa0 && f.bins[512] == 0 && f.bins[1024] == 0, "bytes\n");
    teardown(&f);
}

/* Windows writes pages to the hive without its base block when it needs the log's space anew. */
static void the_first_entry_may_be_later(void)
{
    struct fixture f;

    setup(&f);
    put(&f, 1, 20, BINS, 0, 512, 0xa0);
    put(&f, 1, 21, BINS, 512, 512, 0xa1);
    put(&f, 0, 22, BINS, 1024, 512, 0xa2);
    put(&f, 0, 24, BINS, 2048, 512, 0xa3);
    ok(!run(&f) && f.r.entries == 3 && f.base.seq2 == 23, "%u entries\n", f.r.entries);
    ok(f.r.result == RECOVER_REPLAYED && f.r.needed == 7, "result %u\n", f.r.result);
    ok(f.bins[0] == 0xa0 && f.bins[512] == 0xa1 && f.bins[1024] == 0xa2 && !f.bins[2048],
       "bytes\n");
    teardown(&f);
}

/* Of two logs the one that begins earlier is first, whichever it is. */
static void the_lowest_later_entry_is_first(void)
{
    for (u32 first = 0; first < 2; first++) {
        struct fixture f;

        setup(&f);
        put(&f, first, 9, BINS, 0, 512, 0xa0);
        put(&f, !first, 10, BINS, 0, 512, 0xa1);
        ok(!run(&f) && f.r.entries == 2 && f.bins[0] == 0xa1, "%u: %u entries, %x\n", first,
           f.r.entries, f.bins[0]);
        teardown(&f);
    }
}

/* The single log of the old scheme may be of another life of a hive that has two. */
static void a_third_log_does_not_begin_late(void)
{
    for (u32 alone = 0; alone < 2; alone++) {
        struct fixture f;

        setup(&f);
        put(&f, 0, 9, BINS, 0, 512, 0xa0);
        f.r.log[2] = (struct recover_log){.bytes = f.log[0], .size = ROOM};
        f.r.log[1] = (struct recover_log){.bytes = alone ? NULL : f.log[1], .size = ROOM};
        ok(!recover_run(&f.r) && f.r.entries == alone, "%u: %u\n", alone, f.r.entries);
        ok(alone || f.r.result == RECOVER_MISFIT, "result %u\n", f.r.result);
        teardown(&f);
    }
}

static void what_a_log_is_to_its_hive_is_told(void)
{
    struct fixture f;
    struct log_entry *e;

    setup(&f);
    put_header(&f, 0, BASE_LOG_NEW, 5);
    put_header(&f, 1, BASE_LOG_NEW, 5);
    put(&f, 0, 3, BINS, 0, 512, 0xa0);
    ok(!run(&f) && f.r.result == RECOVER_MISFIT && f.r.log[0].fit == LOG_OLDER, "older: %u %u\n",
       f.r.result, f.r.log[0].fit);
    ok(f.r.log[0].first == 3 && f.r.log[0].last == 3 && f.r.needed == 7, "numbers\n");
    ok(recover_keeps(f.r.log[0].fit) && !recover_keeps(f.r.log[1].fit), "keeps\n");
    teardown(&f);

    setup(&f);
    put_header(&f, 0, BASE_LOG_NEW, 5);
    put_header(&f, 1, BASE_LOG_NEW, 3);
    put(&f, 0, 5, BINS, 0, 512, 0xa0);
    put(&f, 0, 6, BINS, 0, 512, 0xa0);
    put(&f, 1, 3, BINS, 0, 512, 0xa0);
    ok(!run(&f) && f.r.result == RECOVER_COMPLETE, "complete: %u\n", f.r.result);
    teardown(&f);

    setup(&f);
    ok(!run(&f) && f.r.result == RECOVER_COMPLETE, "announced: %u\n", f.r.result);
    teardown(&f);

    setup(&f);
    e = put(&f, 0, 7, BINS, 0, 512, 0xa0);
    e->flags ^= 1;
    ok(!run(&f) && f.r.result == RECOVER_MISFIT && f.r.log[0].fit == LOG_TORN, "torn: %u\n",
       f.r.log[0].fit);
    teardown(&f);

    setup(&f);
    put(&f, 0, 7, BINS, 0, 512, 0xa0);
    put(&f, 1, 20, BINS, 0, 512, 0xa1);
    ok(!run(&f) && f.r.result == RECOVER_REPLAYED && f.r.log[0].fit == LOG_USED, "used\n");
    ok(f.r.log[1].fit == LOG_AHEAD && recover_keeps(LOG_AHEAD), "ahead: %u\n", f.r.log[1].fit);
    teardown(&f);

    setup(&f);
    memset(f.log[0], 0, ROOM);
    memset(f.log[1], 0, ROOM);
    ok(!run(&f) && f.r.result == RECOVER_NOTHING && f.base.seq1 == 8, "nothing: %u\n", f.r.result);
    teardown(&f);
}

/* An entry of no pages that is a part of the write `id`, not sealed. */
static struct log_entry *put_part(struct fixture *f, u32 i, u32 seq, u64 id, u32 size)
{
    struct log_entry *e = (struct log_entry *)(void *)(f->log[i] + f->end[i]);
    struct log_joint j = {.id = id, .path = u"/COMMITTED", .len = 10};

    log_joint_put((u8 *)e->refs, size - (u32)sizeof(*e), &j);
    log_entry_fill(e, size, 0, seq, BINS + 4096, 0, size);
    f->end[i] += size;
    return e;
}

static u32 only_five(void *ctx, const struct log_joint *j, bool *yes)
{
    UNUSED(ctx);
    *yes = j->id == 5 && j->len == 10 && !memcmp(j->path, u"/COMMITTED", 20);
    return j->id == 6 ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static void a_part_counts_when_the_whole_does(void)
{
    static const struct {
        u64 id;
        bool asked;
        u32 err, entries;
    } cases[] = {
        {5, true, 0, 2}, {4, true, 0, 1}, {6, true, ERROR_OUTOFMEMORY, 1}, {5, false, 0, 1}};

    for (u32 i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        u32 err;

        setup(&f);
        f.r.decided = cases[i].asked ? only_five : NULL;
        put(&f, 0, 7, BINS, 4096, 4096, 0xa2);
        put_part(&f, 0, 8, cases[i].id, 512);
        err = run(&f);
        ok(err == cases[i].err && f.r.entries == cases[i].entries,
           "case %u: error %u, %u entries\n", i, err, f.r.entries);
        teardown(&f);
    }
}

static void a_part_tells_of_its_whole_or_is_none(void)
{
    struct fixture f;
    struct log_entry *e;
    struct log_joint j;
    u32 *tail;

    setup(&f);
    e = put_part(&f, 0, 7, 5, 1024);
    ok(log_entry_prepared((u8 *)e, 1024) && !log_entry_valid((u8 *)e, 1024), "not prepared\n");
    ok(log_joint_get(e, &j) && j.id == 5 && j.len == 10, "no part\n");
    log_entry_seal(e);
    ok(!log_entry_prepared((u8 *)e, 1024) && log_entry_valid((u8 *)e, 1024), "not sealed\n");
    tail = (u32 *)(void *)((u8 *)e + 1024 - 8);
    tail[0] = (1024 - sizeof(*e) - 16) / 2;
    ok(log_joint_get(e, &j), "the longest path\n");
    tail[0]++;
    ok(!log_joint_get(e, &j), "a path longer than the entry\n");
    tail[0] = 0xffffffff;
    ok(!log_joint_get(e, &j), "a path longer than anything\n");
    teardown(&f);
}

static void a_torn_entry_ends_it(void)
{
    struct fixture f;
    struct log_entry *e;

    setup(&f);
    put(&f, 0, 7, BINS, 0, 512, 0xa0);
    e = put(&f, 0, 8, BINS, 512, 4096, 0xa1);
    put(&f, 0, 9, BINS, 8192, 512, 0xa2);
    memset((u8 *)e + 1024, 0, 512);
    ok(!run(&f) && f.r.entries == 1, "%u entries\n", f.r.entries);
    ok(f.bins[512] == 0 && f.bins[8192] == 2, "bytes\n");
    teardown(&f);
}

static void a_page_outside_the_bins_ends_it(void)
{
    struct fixture f;

    setup(&f);
    put(&f, 0, 7, BINS, BINS - 512, 1024, 0xa0);
    ok(!run(&f) && !f.r.entries && f.bins[BINS] == 0, "%u entries\n", f.r.entries);
    teardown(&f);
}

static void too_large_bins_are_an_error(void)
{
    struct fixture f;

    setup(&f);
    put(&f, 0, 7, 0x7ff00000, 0, 512, 0xa0);
    ok(run(&f) == ERROR_OUTOFMEMORY, "grown\n");
    teardown(&f);
}

static void a_wrong_base_block_comes_from_the_later_log(void)
{
    struct fixture f;
    u32 err;

    setup(&f);
    put_header(&f, 0, BASE_LOG_NEW, 5);
    put(&f, 0, 5, BINS, 0, 512, 0xa0);
    put(&f, 0, 6, BINS, 512, 512, 0xa0);
    put(&f, 1, 7, BINS, 1024, 512, 0xa1);
    f.base.root = 0x1234; /* and the checksum wrong */
    err = run(&f);
    ok(!err && f.r.from_log && f.r.entries == 1, "%u, %u entries\n", err, f.r.entries);
    ok(f.base.root == 32 && f.base.type == BASE_HIVE && f.base.seq1 == 8, "base block\n");
    ok(f.bins[0] == 0 && f.bins[1024] == 0xa1, "bytes\n");
    teardown(&f);
}

static void a_wrong_base_block_without_logs_is_an_error(void)
{
    struct fixture f;

    setup(&f);
    f.log[0][0] = f.log[1][0] = 0;
    f.base.root = 0x1234;
    ok(run(&f) == ERROR_BADDB, "recovered\n");
    f.base.magic = 0;
    ok(run(&f) == ERROR_NOT_REGISTRY_FILE, "recovered\n");
    teardown(&f);
}

static void sequence_numbers_wrap_around(void)
{
    struct fixture f;

    setup(&f);
    f.base.seq2 = 0xffffffff;
    f.base.seq1 = 0;
    base_seal(&f.base);
    put(&f, 0, 0xffffffff, BINS, 0, 512, 0xa0);
    put(&f, 0, 0, BINS, 512, 512, 0xa1);
    ok(!run(&f) && f.r.entries == 2 && f.base.seq2 == 1, "%u entries\n", f.r.entries);
    teardown(&f);
}

/* --- the old format -------------------------------------------------------------------------- */

static void put_dirt(struct fixture *f, u32 i, const u32 *pieces, u32 count)
{
    u8 *map = f->log[i] + 516, *page = f->log[i] + 1024;

    put_header(f, i, BASE_LOG_OLD, 9);
    memcpy(f->log[i] + 512, "DIRT", 4);
    for (u32 k = 0; k < count; k++) {
        map[pieces[k] / 8] |= (u8)(1 << pieces[k] % 8);
        memset(page + k * 512, 0xd0 + (int)k, 512);
    }
}

static void an_old_log_is_applied(void)
{
    static const u32 pieces[] = {1, 8, 31};
    struct fixture f;
    u32 err;

    setup(&f);
    put_dirt(&f, 1, pieces, 3);
    err = run(&f);
    ok(!err && f.r.entries == 1 && f.r.pieces == 3, "%u, %u pieces\n", err, f.r.pieces);
    ok(f.bins[511] == 0 && f.bins[512] == 0xd0 && f.bins[1023] == 0xd0 && f.bins[1024] == 0, "1\n");
    ok(f.bins[4096] == 0xd1 && f.bins[4096 + 512] == 1, "8\n");
    ok(f.bins[BINS - 1] == 0xd2, "31\n");
    ok(f.base.seq1 == f.base.seq2 && !base_check(&f.base), "base block\n");
    teardown(&f);
}

static void an_old_log_of_another_time_is_not(void)
{
    static const u32 pieces[] = {1};
    struct fixture f;

    setup(&f);
    put_dirt(&f, 0, pieces, 1);
    base_set_written(&f.base, 1);
    base_seal(&f.base);
    ok(!run(&f) && !f.r.entries && f.bins[512] == 0, "%u entries\n", f.r.entries);
    teardown(&f);
}

/* The base block is lost, and the log's own time says nothing: the first bin has the hive's. */
static void an_old_log_is_judged_by_the_first_bin(void)
{
    static const u32 pieces[] = {8};

    for (u32 same = 0; same < 2; same++) {
        struct fixture f;
        u64 time;
        u32 err;

        setup(&f);
        put_dirt(&f, 0, pieces, 1);
        time = base_written(&f.base) + !same;
        memcpy(f.bins, "hbin", 4);
        memcpy(f.bins + 20, &time, 8);
        f.base.root++; /* and the checksum wrong */
        err = run(&f);
        ok(!err && f.r.from_log && f.r.entries == same, "%u, %u entries\n", err, f.r.entries);
        teardown(&f);
    }
}

static void an_unfinished_old_log_is_not_applied(void)
{
    static const u32 pieces[] = {1};
    struct fixture f;
    struct base_block *b;

    setup(&f);
    put_dirt(&f, 0, pieces, 1);
    b = (struct base_block *)(void *)f.log[0];
    b->seq1++;
    base_seal(b);
    ok(!run(&f) && !f.r.entries && f.bins[512] == 0, "%u entries\n", f.r.entries);
    teardown(&f);
}

static void a_misplaced_bin_ends_an_old_log(void)
{
    static const u32 pieces[] = {1, 8, 9};
    struct fixture f;

    setup(&f);
    put_dirt(&f, 0, pieces, 3);
    memcpy(f.log[0] + 1024 + 512, "hbin\0\0\0\0", 8); /* says 0, is at 4096 */
    ok(!run(&f) && f.r.pieces == 1, "%u pieces\n", f.r.pieces);
    ok(f.bins[512] == 0xd0 && f.bins[4096] == 1 && f.bins[4096 + 512] == 1, "bytes\n");
    teardown(&f);
}

START_TEST(reg_log)
{
    RUN(marvin_has_the_known_values);
    RUN(every_flipped_bit_makes_an_entry_invalid);
    RUN(a_base_block_is_judged_by_its_checksum);
    RUN(a_clean_hive_needs_no_log);
    RUN(entries_are_applied_in_order_across_both_logs);
    RUN(old_entries_are_passed_over);
    RUN(a_missing_number_ends_it);
    RUN(the_first_entry_may_be_later);
    RUN(the_lowest_later_entry_is_first);
    RUN(a_third_log_does_not_begin_late);
    RUN(what_a_log_is_to_its_hive_is_told);
    RUN(a_part_counts_when_the_whole_does);
    RUN(a_part_tells_of_its_whole_or_is_none);
    RUN(a_torn_entry_ends_it);
    RUN(a_page_outside_the_bins_ends_it);
    RUN(too_large_bins_are_an_error);
    RUN(a_wrong_base_block_comes_from_the_later_log);
    RUN(a_wrong_base_block_without_logs_is_an_error);
    RUN(sequence_numbers_wrap_around);
    RUN(an_old_log_is_applied);
    RUN(an_old_log_of_another_time_is_not);
    RUN(an_old_log_is_judged_by_the_first_bin);
    RUN(an_unfinished_old_log_is_not_applied);
    RUN(a_misplaced_bin_ends_an_old_log);
}
