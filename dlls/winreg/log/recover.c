/*
 * Recovery in the new format (HvLE, logfmt.h), and the choice between the formats.
 *
 * A dirty hive's secondary sequence number S says what is in it: everything before entry S. The
 * first entry that is applied is the lowest one that is not less than S. It need not be S itself:
 * Windows writes pages to the hive without touching its base block when it needs a log's space
 * anew, and the entries of these pages are gone then. The entries that follow, each one more than
 * the one before, may stand in one log or go on in the other; both are followed until the next
 * number is in neither. Where the base block itself is wrong, the one in the log that began last
 * takes its place: that log was begun when everything before it had reached the hive.
 */
#include <string.h>

#include "logfmt.h"
#include "recover.h"
#include "recover_fit.h"
#include "recover_old.h"

bool recover_needed(const struct base_block *base)
{
    return !base_valid(base, BASE_HIVE) || base->seq1 != base->seq2;
}

const struct base_block *recover_header(const struct recover_log *log)
{
    const struct base_block *b = (const struct base_block *)(const void *)log->bytes;

    if (log->size < BASE_SECTOR)
        return NULL;
    if (base_valid(b, BASE_LOG_NEW) || base_valid(b, BASE_LOG_OLD) || base_valid(b, BASE_LOG_OLDER))
        return b;
    return NULL;
}

/* a is a later sequence number than b; they may wrap around. */
static bool later(u32 a, u32 b)
{
    return (i32)(a - b) > 0;
}

static const struct base_block *best_header(const struct recover *r)
{
    const struct base_block *best = NULL;

    for (u32 i = 0; i < RECOVER_LOGS; i++) {
        const struct base_block *b = recover_header(&r->log[i]);

        if (b && (!best || later(b->seq2, best->seq2)))
            best = b;
    }
    return best;
}

u32 recover_base(struct recover *r)
{
    const struct base_block *from;

    if (base_valid(r->base, BASE_HIVE))
        return base_check(r->base);
    from = best_header(r);
    if (!from)
        return base_check(r->base);
    memcpy(r->base, from, BASE_SECTOR);
    r->base->type = BASE_HIVE;
    r->base->seq1 = r->base->seq2 + 1;
    base_seal(r->base);
    r->from_log = true;
    return base_check(r->base);
}

void recover_piece(struct recover *r, u32 off, const u8 *bytes, u32 size)
{
    memcpy(r->bins + off, bytes, size);
    r->pieces++;
    dirty_add(r->changed, off, size);
}

u32 recover_resize(struct recover *r, u32 size)
{
    if (size > r->size) {
        u8 *bins = r->grow(r->ctx, size);

        if (!bins)
            return ERROR_OUTOFMEMORY;
        r->bins = bins;
    }
    r->size = r->base->size = size;
    return ERROR_SUCCESS;
}

static u32 apply(struct recover *r, const struct log_entry *e)
{
    const u8 *page = log_entry_pages(e);
    u32 err = recover_resize(r, e->bins_size);

    if (err)
        return err;
    for (u32 i = 0; i < e->count; i++) {
        recover_piece(r, e->refs[i].off, page, e->refs[i].size);
        page += e->refs[i].size;
    }
    r->base->flags = e->flags;
    r->base->seq2 = e->seq + 1;
    r->entries++;
    return ERROR_SUCCESS;
}

static u32 counts(const struct recover *r, const u8 *at, u64 left, bool *yes)
{
    struct log_joint j;

    *yes = log_entry_valid(at, left);
    if (*yes || !r->decided || !log_entry_prepared(at, left))
        return ERROR_SUCCESS;
    if (!log_joint_get((const struct log_entry *)(const void *)at, &j))
        return ERROR_SUCCESS;
    return r->decided(r->ctx, &j, yes);
}

/* Where an entry that counts begins, with the number after *last unless it is the first: within a
 * log numbers have no gaps. */
static u32 next_entry(const struct recover *r, const struct recover_log *log, u64 at, bool first,
                      u32 last, const struct log_entry **e)
{
    u32 err = ERROR_SUCCESS;
    bool yes = false;

    if (at < log->size)
        err = counts(r, log->bytes + at, log->size - at, &yes);
    *e = (const struct log_entry *)(const void *)(log->bytes + at);
    if (err || !yes || (!first && (*e)->seq != last + 1))
        *e = NULL;
    return err;
}

/* Applies this log's entries from number seq2 of the base block on; *at is where to go on. */
static u32 follow(struct recover *r, struct recover_log *log, u64 *at)
{
    const struct log_entry *e;
    u32 err = next_entry(r, log, *at, *at == LOG_FIRST, log->last, &e);

    while (!err && e && !later(e->seq, r->base->seq2) && log_entry_inside(e)) {
        log->last = e->seq;
        *at += e->size;
        if (e->seq == r->base->seq2) {
            log->applied++;
            err = apply(r, e);
        }
        if (!err)
            err = next_entry(r, log, *at, false, log->last, &e);
    }
    return err;
}

/* The first of the log's entries that is not less than seq. */
static u32 find_start(const struct recover *r, const struct recover_log *log, u32 seq, bool *found,
                      u32 *start)
{
    const struct log_entry *e;
    u64 at = LOG_FIRST;
    u32 err = next_entry(r, log, at, true, 0, &e);

    while (!err && e && later(seq, e->seq)) {
        at += e->size;
        err = next_entry(r, log, at, false, e->seq, &e);
    }
    *found = !err && e && log_entry_inside(e);
    if (*found)
        *start = e->seq;
    return err;
}

/* A gap before the first entry is for the log or the pair of logs that the hive has: a third one
 * may be of another life of it. */
static bool may_begin_late(const struct recover *r, u32 i)
{
    return i < 2 || (!r->log[0].bytes && !r->log[1].bytes);
}

/* The number to begin with: of all logs the lowest that is not less than seq2. */
static u32 choose_start(struct recover *r)
{
    u32 start = 0, least = 0, err = ERROR_SUCCESS;
    bool any = false, found;

    for (u32 i = 0; i < RECOVER_LOGS && !err; i++) {
        if (!r->log[i].bytes)
            continue;
        err = find_start(r, &r->log[i], r->needed, &found, &start);
        if (err || !found || (start != r->needed && !may_begin_late(r, i)))
            continue;
        if (!any || later(least, start))
            least = start;
        any = true;
    }
    if (any && !err)
        r->base->seq2 = least;
    return err;
}

static u32 replay(struct recover *r)
{
    u64 at[RECOVER_LOGS] = {LOG_FIRST, LOG_FIRST, LOG_FIRST};
    u32 err = choose_start(r), before;

    do {
        before = r->entries;
        for (u32 i = 0; i < RECOVER_LOGS && !err; i++)
            if (r->log[i].bytes)
                err = follow(r, &r->log[i], &at[i]);
    } while (!err && r->entries != before);
    if (!err && !r->entries)
        r->base->seq2 = r->needed;
    return err;
}

/* Which of two files is meant cannot be told. */
static bool has_twins(const struct recover *r)
{
    return r->log[0].twins || r->log[1].twins || r->log[2].twins;
}

u32 recover_run(struct recover *r)
{
    u32 seq1;
    u32 err = recover_base(r);

    if (err || !recover_needed(r->base))
        return err;
    seq1 = r->base->seq1;
    r->needed = r->base->seq2;
    if (!has_twins(r))
        err = replay(r);
    if (!err && !r->entries && !has_twins(r))
        err = recover_old(r);
    if (err)
        return err;
    recover_judge(r);
    if (later(seq1, r->base->seq2))
        r->base->seq2 = seq1;
    r->base->seq1 = r->base->seq2;
    base_seal(r->base);
    return ERROR_SUCCESS;
}
