/*
 * Which sectors are in use: a bit for each, made from the FAT and kept while something is pending.
 *
 * The first hole that is long enough is taken. Where none is, long content takes large holes before
 * it makes the file grow, so that a file under many edits stays within a bound.
 */
#include <string.h>

#include "cfb.h"

enum { BITS = 64, HOLE_MIN = 8, HOLES_PER_STREAM = 64 };

/* In files over 2 GB the sector with the byte 0x7fffff00 belongs to range locks. */
static u32 lock_sector(const struct cfb *c)
{
    return (0x7fffff00u >> c->shift) - 1;
}

static bool is_busy(const struct cfb *c, u32 i)
{
    return c->busy[i / BITS] >> (i % BITS) & 1;
}

static void set_busy(struct cfb *c, u32 start, u32 count, bool busy)
{
    for (u32 i = start; i < start + count; i++) {
        if (i % BITS == 0 && start + count - i >= BITS) {
            c->busy[i / BITS] = busy ? ~(u64)0 : 0;
            i += BITS - 1;
        } else if (busy) {
            c->busy[i / BITS] |= (u64)1 << (i % BITS);
        } else {
            c->busy[i / BITS] &= ~((u64)1 << (i % BITS));
        }
    }
}

/* Makes room for sectors below `end`. */
static u32 grow(struct cfb *c, u32 end)
{
    u32 words = end / BITS + 1;
    u64 *busy;

    if (words <= c->busy_words)
        return ERROR_SUCCESS;
    words = MAX(words, c->busy_words + c->busy_words / 4 + 16);
    busy = os_realloc_array(c->busy, words, sizeof(*busy));
    if (!busy)
        return ERROR_OUTOFMEMORY;
    memset(busy + c->busy_words, 0, (size_t)(words - c->busy_words) * sizeof(*busy));
    c->busy = busy;
    c->busy_words = words;
    if (c->shift == CFB_SHIFT_V4 && lock_sector(c) / BITS < words)
        set_busy(c, lock_sector(c), 1, true);
    return ERROR_SUCCESS;
}

/* The first sector from `from` on that is busy, or free; the end of the bits where there is none.
 */
static u32 next_with(const struct cfb *c, u32 from, bool busy)
{
    u32 end = c->busy_words * BITS;

    for (u32 i = from; i < end;) {
        u64 word = c->busy[i / BITS];

        word = (busy ? word : ~word) >> (i % BITS);
        if (word)
            return i + (u32)__builtin_ctzll(word);
        i = (i / BITS + 1) * BITS;
    }
    return end;
}

static bool is_committed(const struct cfb *c, u32 i)
{
    return i < c->fat_len && c->fat[i] != CFB_FREE;
}

/* A stream that is open since before an upgrade lies in sectors of another size. */
static void mark_content(struct cfb *c, const struct cfb_content *k)
{
    for (u32 i = 0; i < k->runs.count; i++) {
        u64 from = cfb_offset_as(k->runs.at[i].start, k->shift);
        u64 to = from + ((u64)k->runs.at[i].count << k->shift);
        u32 start = (u32)(from >> c->shift);
        u32 end = (u32)((to + cfb_sector_size(c) - 1) >> c->shift);

        start = start ? start - 1 : 0;
        end = end > 1 ? MIN(end - 1, c->busy_words * BITS) : 0;
        if (start < end)
            set_busy(c, start, end - start, true);
    }
}

/* Whatever the FAT gives a meaning to is taken, and the FAT's own sectors even where it does not.
 */
static void mark_committed(struct cfb *c)
{
    for (u32 i = 0; i < c->fat_len && i < c->busy_words * BITS; i++)
        if (c->fat[i] != CFB_FREE)
            c->busy[i / BITS] |= (u64)1 << (i % BITS);
    for (u32 i = 0; i < c->fat_pages; i++)
        set_busy(c, c->fat_at[i], 1, true);
    for (u32 i = 0; i < c->difat_count; i++)
        set_busy(c, c->difat_at[i], 1, true);
}

/* A file that is to be replaced (no header was taken from it) is in use from end to end. */
u32 cfb_space_load(struct cfb *c)
{
    u32 sectors = cfb_sectors(c);
    u32 err;

    if (c->busy)
        return ERROR_SUCCESS;
    err = c->has_header ? cfb_fat_all(c) : ERROR_SUCCESS;
    if (!err)
        err = grow(c, sectors);
    if (err)
        return err;
    if (c->has_header)
        mark_committed(c);
    else
        set_busy(c, 0, sectors, true);
    return ERROR_SUCCESS;
}

u32 cfb_space_fill(struct cfb *c, u64 end)
{
    u64 sectors = (end + cfb_sector_size(c) - 1) >> c->shift;
    u32 err = grow(c, (u32)sectors);

    if (err)
        return err;
    memset(c->busy, 0, (size_t)c->busy_words * sizeof(*c->busy));
    if (c->shift == CFB_SHIFT_V4 && lock_sector(c) / BITS < c->busy_words)
        set_busy(c, lock_sector(c), 1, true);
    if (sectors > 1)
        set_busy(c, 0, (u32)sectors - 1, true);
    return ERROR_SUCCESS;
}

void cfb_space_rebuild(struct cfb *c)
{
    memset(c->busy, 0, (size_t)c->busy_words * sizeof(*c->busy));
    if (c->shift == CFB_SHIFT_V4 && lock_sector(c) / BITS < c->busy_words)
        set_busy(c, lock_sector(c), 1, true);
    mark_committed(c);
    for (struct cfb_content *k = c->contents; k; k = k->next)
        if (k->place == CFB_IN_SECTORS)
            mark_content(c, k);
}

u32 cfb_space_end(const struct cfb *c)
{
    u32 i = c->busy_words * BITS;

    while (i && (!is_busy(c, i - 1) || (c->shift == CFB_SHIFT_V4 && i - 1 == lock_sector(c))))
        i--;
    return i;
}

u32 cfb_space_used(const struct cfb *c)
{
    u32 n = 0;

    for (u32 i = 0; i < c->busy_words; i++)
        n += (u32)__builtin_popcountll(c->busy[i]);
    return n;
}

static u32 take_run(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 err = cfb_runs_add(out, start, count);

    if (!err)
        set_busy(c, start, count, true);
    return err;
}

static u32 take_first_fit(struct cfb *c, u32 count, struct cfb_runs *out, bool *done)
{
    u32 end = c->busy_words * BITS;

    *done = false;
    for (u32 at = next_with(c, 0, false); at < end;) {
        u32 stop = next_with(c, at, true);

        if (stop - at >= count && stop < end) {
            *done = true;
            return take_run(c, at, count, out);
        }
        at = next_with(c, stop, false);
    }
    return ERROR_SUCCESS;
}

static u32 take_holes(struct cfb *c, u32 *count, struct cfb_runs *out)
{
    u32 end = c->busy_words * BITS;
    u32 least = MAX(HOLE_MIN, *count / HOLES_PER_STREAM);

    for (u32 at = next_with(c, 0, false); at < end && *count >= least;) {
        u32 stop = next_with(c, at, true);
        u32 n = MIN(stop - at, *count);

        if (stop < end && n >= least) {
            u32 err = take_run(c, at, n, out);

            if (err)
                return err;
            *count -= n;
        }
        at = next_with(c, stop, false);
    }
    return ERROR_SUCCESS;
}

/* From the end of what is in use; skips the range lock's sector. */
static u32 take_tail(struct cfb *c, u32 count, struct cfb_runs *out)
{
    u32 limit = c->shift == CFB_SHIFT_V3 ? lock_sector(c) : CFB_MAX_SECTOR;

    while (count) {
        u32 at = cfb_space_end(c);
        u32 n = count;
        u32 err;

        if (c->shift == CFB_SHIFT_V4 && at == lock_sector(c))
            at++;
        if (c->shift == CFB_SHIFT_V4 && at < lock_sector(c))
            n = MIN(n, lock_sector(c) - at);
        if (limit - at < n || at > limit)
            return ERROR_FILE_TOO_LARGE;
        err = grow(c, at + n);
        if (!err)
            err = take_run(c, at, n, out);
        if (err)
            return err;
        count -= n;
    }
    return ERROR_SUCCESS;
}

/* The runs as they were before anything was added. */
static void put_back(struct cfb *c, struct cfb_runs *out, u32 runs, u32 last_count)
{
    for (u32 i = runs; i < out->count; i++)
        set_busy(c, out->at[i].start, out->at[i].count, false);
    if (runs) {
        struct cfb_run *last = &out->at[runs - 1];

        set_busy(c, last->start + last_count, last->count - last_count, false);
        last->count = last_count;
    }
    out->count = runs;
}

u32 cfb_space_take(struct cfb *c, u32 count, struct cfb_runs *out)
{
    u32 runs = out->count;
    u32 last_count = runs ? out->at[runs - 1].count : 0;
    bool done;
    u32 err = take_first_fit(c, count, out, &done);

    if (!err && !done) {
        err = take_holes(c, &count, out);
        /* the rest may be small enough for a hole that was too small before */
        done = count == 0;
        if (!err && !done)
            err = take_first_fit(c, count, out, &done);
        if (!err && !done)
            err = take_tail(c, count, out);
    }
    if (err)
        put_back(c, out, runs, last_count);
    return err;
}

void cfb_space_give(struct cfb *c, const struct cfb_runs *runs)
{
    if (!c->busy)
        return;
    for (u32 i = 0; i < runs->count; i++)
        for (u32 k = runs->at[i].start; k < runs->at[i].start + runs->at[i].count; k++)
            if (!is_committed(c, k))
                set_busy(c, k, 1, false);
}
