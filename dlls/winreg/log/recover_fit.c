/*
 * Judging the logs of a dirty hive after the replay (recover_fit.h): a log from which nothing was
 * taken either has nothing, or the hive has it all, or it does not fit, and then it is kept.
 *
 * That the hive has it all is said by a log whose last entry is the one before the hive's first
 * missing number, or whose own base block announces that number and has no entry yet: so a writer
 * leaves them that was killed before its first entry counted.
 */
#include <string.h>

#include "logfmt.h"
#include "recover_fit.h"
#include "recover_old.h"

#define DIRT_MAGIC 0x54524944u

static bool has_word(const struct recover_log *log, u64 at, u32 word)
{
    u32 there;

    if (log->size < at + 4)
        return false;
    memcpy(&there, log->bytes + at, 4);
    return there == word;
}

static bool is_old(const struct recover_log *log, const struct base_block *b)
{
    u64 sector = (b && b->cluster && b->cluster <= 8 ? b->cluster : 1) * (u64)BASE_SECTOR;

    return has_word(log, sector, DIRT_MAGIC);
}

/* First and last number of the entries at the log's begin; false where there is none. */
static bool range(struct recover_log *log, bool *inside)
{
    u64 at = LOG_FIRST;
    bool any = false;

    *inside = true;
    while (at < log->size && log_entry_valid(log->bytes + at, log->size - at)) {
        const struct log_entry *e = (const struct log_entry *)(const void *)(log->bytes + at);

        if (any && e->seq != log->last + 1)
            break;
        if (!any)
            log->first = e->seq;
        log->last = e->seq;
        *inside &= log_entry_inside(e);
        any = true;
        at += e->size;
    }
    return any;
}

static enum log_fit judge_entries(const struct recover *r, struct recover_log *log,
                                  const struct base_block *b)
{
    bool inside;

    if (b && b->type == BASE_LOG_NEW && b->seq2 == r->needed &&
        !has_word(log, LOG_FIRST, LOG_MAGIC))
        return LOG_DONE;
    if (!range(log, &inside))
        return has_word(log, LOG_FIRST, LOG_MAGIC) ? LOG_TORN : LOG_EMPTY;
    if (log->last + 1 == r->needed ||
        (b && b->seq2 == r->needed && log->last != r->needed && (i32)(log->last - r->needed) < 0))
        return LOG_DONE;
    if ((i32)(log->last - r->base->seq2) < 0)
        return LOG_OLDER;
    return inside ? LOG_AHEAD : LOG_OUTSIDE;
}

static enum log_fit judge_one(const struct recover *r, struct recover_log *log)
{
    const struct base_block *b;

    if (log->twins)
        return LOG_TWINS;
    if (!log->bytes || !log->size)
        return LOG_EMPTY;
    if (log->applied)
        return LOG_USED;
    b = recover_header(log);
    if (!is_old(log, b))
        return judge_entries(r, log, b);
    return b && b->seq1 == b->seq2 ? LOG_OTHER_TIME : LOG_UNFINISHED;
}

bool recover_keeps(enum log_fit fit)
{
    return fit != LOG_EMPTY && fit != LOG_DONE && fit != LOG_USED;
}

/* Entries from before are nothing strange beside a log that is known to be the hive's. */
static void forgive_older(struct recover *r)
{
    bool known = r->entries != 0;

    for (u32 i = 0; i < RECOVER_LOGS; i++)
        known |= r->log[i].fit == LOG_DONE;
    for (u32 i = 0; known && i < RECOVER_LOGS; i++)
        if (r->log[i].fit == LOG_OLDER)
            r->log[i].fit = LOG_DONE;
}

void recover_judge(struct recover *r)
{
    bool kept = false, done = false;

    for (u32 i = 0; i < RECOVER_LOGS; i++)
        r->log[i].fit = judge_one(r, &r->log[i]);
    forgive_older(r);
    for (u32 i = 0; i < RECOVER_LOGS; i++) {
        kept |= recover_keeps(r->log[i].fit);
        done |= r->log[i].fit == LOG_DONE;
    }
    if (r->entries || r->from_log)
        r->result = RECOVER_REPLAYED;
    else if (kept)
        r->result = RECOVER_MISFIT;
    else
        r->result = done ? RECOVER_COMPLETE : RECOVER_NOTHING;
}
