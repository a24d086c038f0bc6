/*
 * A log made short before it is synced.
 *
 * A log of 32 MB may have changed a few sectors twenty thousand times, and to sync it would be most
 * of what these writes cost. So the other log begins with one entry, with the next number, of all
 * that the hive file does not have, and is the current log from then on. Its entry says nothing
 * new: who replays the long log and goes on with the short one gets the same as who replays the
 * short one alone.
 *
 *   1. the entry and the header into the other log      (killed here: the next write takes the same
 *      number in the long log, where it is found first; without one the entry repeats what is)
 *   2. behind: the hive file may still name the long log's first entry
 *   3. the other log is the current one                 (killed here: the long log and then this)
 *   4. checkpoint.c syncs it, and only then has the hive file name its first entry. With that the
 *      long log is not needed; until then (behind) no log is merged, for that would overwrite it.
 *
 * The entry is one, so that a rest of an earlier one can never be taken for what follows.
 */
#include <string.h>

#include "hive_impl.h"
#include "hive_log.h"

#define MERGED_MAX 0x4000000u
#define PIECE      0x100000u

i64 hive_merge_gain = 0x100000;

/* The piece at or after *at that the hive file does not have, and where to go on; false after the
 * last one. */
static bool next_piece(const struct hive *h, u32 *at, struct log_ref *ref)
{
    u32 size = h->ctl->size[HV_STABLE_STORE], n;

    if (!dirty_next(h->dirty, at, &n, PIECE) || *at >= size)
        return false;
    *ref = (struct log_ref){*at, MIN(n, size - *at)};
    *at += n;
    return true;
}

static u64 measure(const struct hive *h, u32 *count, u64 *bytes)
{
    struct log_ref ref;
    u32 at = 0;

    for (*count = 0, *bytes = 0; next_piece(h, &at, &ref);) {
        ++*count;
        *bytes += ref.size;
    }
    return log_entry_size(*count, *bytes);
}

/* False where the map is no longer the one that was measured. */
static bool fill(const struct hive *h, struct log_entry *e, const u8 *stable, u32 count, u64 bytes)
{
    u8 *to = (u8 *)(e->refs + count);
    u32 at = 0;

    for (u32 i = 0; i < count; i++) {
        struct log_ref ref;

        if (!next_piece(h, &at, &ref) || ref.size > bytes)
            return false;
        memcpy(to, stable + ref.off, ref.size);
        e->refs[i] = ref;
        to += ref.size;
        bytes -= ref.size;
    }
    return !bytes;
}

static bool worth_it(const struct hive *h, u64 merged)
{
    const struct image_ctl *c = h->ctl;
    i64 end = hlog_state(h)->end;

    return !c->behind && end > LOG_FIRST + 1 && merged <= MERGED_MAX &&
           end - 2 * (i64)merged >= hive_merge_gain;
}

void merge_log(struct hive *h)
{
    u32 count, seq = hlog_state(h)->next, size;
    u64 bytes, merged = measure(h, &count, &bytes);
    const u8 *stable = region_at(&h->stable, h->ctl->size[HV_STABLE_STORE]);
    struct log_entry *e;

    if (!stable || !count || !worth_it(h, merged) || !(e = os_alloc((size_t)merged)))
        return;
    size = (u32)merged;
    if (!fill(h, e, stable, count, bytes)) {
        os_free(e);
        return;
    }
    log_entry_fill(e, size, h->base->flags, seq, h->ctl->size[HV_STABLE_STORE], count,
                   (u32)(sizeof(*e) + count * sizeof(struct log_ref) + bytes));
    log_entry_seal(e);
    if (!hlog_prepare(h, e, size, seq))
        hlog_continue(h, size, seq);
    os_free(e);
}
