/*
 * A commit's small streams, the mini stream and the mini FAT.
 *
 * A small stream that changed goes to free mini sectors. The blocks (sectors) of the mini stream
 * that hold these are not written over but copied with the change to free sectors: what shares a
 * block with it stays readable whenever the process dies.
 */
#include <string.h>

#include "cfb_plan.h"

/* --- mini sectors ------------------------------------------------------------------------------
 */

struct mini {
    struct cfb_plan *p;
    u8 *used;                                 /* a byte for each mini sector */
    u32 cap;                                  /* mini sectors with a place in used */
    u32 end;                                  /* one past the last used one */
    u32 free;                                 /* free ones below end */
    u32 hint;                                 /* none is free below */
    u32 from[CFB_CUTOFF / CFB_MINI_SIZE + 1]; /* by length: no such hole begins below */
    u8 *dirty;                                /* a byte for each block */
};

static u32 sectors_of(u64 size)
{
    return (u32)((size + CFB_MINI_SIZE - 1) >> CFB_MINI_SHIFT);
}

static u32 mark_used(struct mini *m, const struct cfb_runs *r)
{
    for (u32 i = 0; i < r->count; i++) {
        for (u32 k = r->at[i].start; k < r->at[i].start + r->at[i].count; k++) {
            if (m->used[k])
                return ERROR_FILE_CORRUPT; /* two streams in one place */
            m->used[k] = 1;
        }
        m->end = MAX(m->end, r->at[i].start + r->at[i].count);
    }
    return ERROR_SUCCESS;
}

static u32 begin_mini(struct mini *m)
{
    u64 n = (u64)m->p->c->mini_blocks << (m->p->c->shift - CFB_MINI_SHIFT);
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < m->p->live_count; i++)
        if (cfb_is_pending(m->p->live[i]) && m->p->live[i]->size < CFB_CUTOFF)
            n += sectors_of(m->p->live[i]->size);
    if (n > 0x10000000)
        return ERROR_FILE_TOO_LARGE;
    m->cap = (u32)n;
    m->used = os_calloc(m->cap + 1, 1);
    if (!m->used)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < m->p->live_count && !err; i++)
        if (m->p->live[i]->place == CFB_IN_MINI)
            err = mark_used(m, &m->p->live[i]->runs);
    for (u32 i = 0; i < m->end; i++)
        m->free += !m->used[i];
    return err;
}

static void use(struct mini *m, u32 start, u32 count)
{
    memset(m->used + start, 1, count);
    if (start < m->end)
        m->free -= MIN(count, m->end - start);
    m->end = MAX(m->end, start + count);
}

/* A hole of `count`, or the end. */
static u32 find_hole(struct mini *m, u32 count)
{
    u32 run = 0, i, at;

    while (m->hint < m->end && m->used[m->hint])
        m->hint++;
    for (i = MAX(m->hint, m->from[count]); i < m->end && run < count; i++)
        run = m->used[i] ? 0 : run + 1;
    at = i - run;
    m->from[count] = at; /* holes are filled and none is made, so the next search goes on here */
    return at;
}

/* Pieces, where a quarter of the mini stream is free. */
static u32 take_pieces(struct mini *m, u32 count, struct cfb_runs *out)
{
    for (u32 i = m->hint; count && i < m->end; i++) {
        u32 err;

        if (m->used[i]) {
            m->hint += i == m->hint;
            continue;
        }
        err = cfb_runs_add(out, i, 1);
        if (err)
            return err;
        use(m, i, 1);
        count--;
    }
    return ERROR_SUCCESS;
}

static u32 take_mini(struct mini *m, u32 count, struct cfb_runs *out)
{
    u32 at = m->free >= count || m->end == 0 ? find_hole(m, count) : m->end;
    u32 err;

    if (at + count > m->end && m->free >= count && m->free > m->end / 4)
        return take_pieces(m, count, out);
    err = cfb_runs_add(out, at, count);
    if (!err)
        use(m, at, count);
    return err;
}

static u32 place_small(struct mini *m)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < m->p->live_count && !err; i++) {
        struct cfb_content *k = m->p->live[i];

        if (!cfb_is_pending(k) || k->size >= CFB_CUTOFF)
            continue;
        k->planned_mini = true;
        err = take_mini(m, sectors_of(k->size), &k->planned);
    }
    return err;
}

/* --- the mini stream's blocks -------------------------------------------------------------------
 */

static void mark_dirty(struct mini *m, const struct cfb_runs *r)
{
    u32 shift = m->p->c->shift - CFB_MINI_SHIFT;

    for (u32 i = 0; i < r->count; i++)
        for (u32 k = r->at[i].start; k < r->at[i].start + r->at[i].count; k++)
            m->dirty[k >> shift] = 1;
}

/* Maps the blocks: those without a change stay, the others get new sectors. */
static u32 map_blocks(struct mini *m, struct cfb_runs *taken)
{
    struct cfb_plan *p = m->p;
    struct cfb *c = p->c;
    u32 fresh = 0;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < p->live_count; i++)
        if (p->live[i]->planned_mini)
            mark_dirty(m, &p->live[i]->planned);
    for (u32 b = 0; b < p->mini_blocks; b++)
        fresh += m->dirty[b] = m->dirty[b] || b >= c->mini_blocks || c->mini_map[b] >= p->limit;
    if (fresh)
        err = cfb_space_take(c, fresh, taken);
    if (err)
        return err;
    for (u32 b = 0, run = 0, k = 0; b < p->mini_blocks; b++) {
        p->mini_map[b] = m->dirty[b] ? taken->at[run].start + k : c->mini_map[b];
        if (m->dirty[b] && ++k == taken->at[run].count) {
            run++;
            k = 0;
        }
    }
    return ERROR_SUCCESS;
}

/* Writes the bytes of small stream k into the images of the dirty blocks. */
static u32 overlay(struct mini *m, struct cfb_content *k, u8 *image, const u32 *slot)
{
    struct cfb *c = m->p->c;
    u32 mask = cfb_sector_size(c) - 1;
    u8 data[CFB_CUTOFF];
    u32 done = 0;
    u32 err = cfb_content_read(c, k, 0, data, (u32)k->size);

    for (u32 i = 0; i < k->planned.count && !err; i++) {
        for (u32 s = 0; s < k->planned.at[i].count; s++) {
            u64 at = ((u64)k->planned.at[i].start + s) << CFB_MINI_SHIFT;
            u8 *to = image + ((size_t)slot[at >> c->shift] << c->shift) + (at & mask);
            u32 part = MIN((u32)k->size - done, CFB_MINI_SIZE);

            memset(to, 0, CFB_MINI_SIZE);
            memcpy(to, data + done, part);
            done += part;
        }
    }
    return err;
}

/* The new images of the dirty blocks, one after the other. slot: block -> its place there. */
static u32 fill_blocks(struct mini *m, u8 *image, u32 *slot)
{
    struct cfb_plan *p = m->p;
    u32 size = cfb_sector_size(p->c);
    u32 n = 0;
    u32 err = ERROR_SUCCESS;

    for (u32 b = 0; b < p->mini_blocks && !err; b++) {
        if (!m->dirty[b])
            continue;
        if (b < p->c->mini_blocks)
            err = cfb_mini_read(p->c, (u64)b << p->c->shift, image + (size_t)n * size, size);
        else
            memset(image + (size_t)n * size, 0, size);
        slot[b] = n++;
    }
    for (u32 i = 0; i < p->live_count && !err; i++)
        if (p->live[i]->planned_mini)
            err = overlay(m, p->live[i], image, slot);
    return err;
}

static u32 write_blocks(struct mini *m, const struct cfb_runs *taken)
{
    u64 size = (u64)cfb_runs_total(taken) << m->p->c->shift;
    u8 *image;
    u32 *slot;
    u32 err = ERROR_OUTOFMEMORY;

    if (!size)
        return ERROR_SUCCESS;
    image = os_alloc(size);
    slot = os_alloc_array(m->p->mini_blocks, sizeof(*slot));
    if (image && slot) {
        err = fill_blocks(m, image, slot);
        if (!err)
            err = cfb_write_runs(m->p->c, taken, image, size);
    }
    os_free(image);
    os_free(slot);
    return err;
}

static u32 plan_blocks(struct mini *m)
{
    struct cfb_plan *p = m->p;
    struct cfb_runs taken = {0};
    u32 err;

    p->mini_size = (u64)m->end << CFB_MINI_SHIFT;
    p->mini_blocks = (u32)((p->mini_size + cfb_sector_size(p->c) - 1) >> p->c->shift);
    p->mini_map = os_alloc_array(p->mini_blocks, sizeof(*p->mini_map));
    m->dirty = os_calloc(p->mini_blocks, 1);
    if (!p->mini_map || !m->dirty)
        return ERROR_OUTOFMEMORY;
    err = map_blocks(m, &taken);
    if (!err)
        err = write_blocks(m, &taken);
    cfb_runs_free(&taken);
    return err;
}

/* --- the mini FAT -------------------------------------------------------------------------------
 */

static void chain_mini(u32 *minifat, const struct cfb_runs *r)
{
    for (u32 i = 0; i < r->count; i++) {
        u32 last = r->at[i].start + r->at[i].count - 1;

        for (u32 k = r->at[i].start; k < last; k++)
            minifat[k] = k + 1;
        minifat[last] = i + 1 < r->count ? r->at[i + 1].start : CFB_END;
    }
}

static u32 write_minifat(struct cfb_plan *p)
{
    u32 bytes = p->minifat_len * 4;
    u8 *image = os_alloc(bytes);
    u32 err;

    if (!image)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < p->minifat_len; i++)
        put32(image + 4 * (size_t)i, p->minifat[i]);
    err = cfb_space_take(p->c, bytes >> p->c->shift, &p->minifat_runs);
    if (!err)
        err = cfb_write_runs(p->c, &p->minifat_runs, image, bytes);
    os_free(image);
    return err;
}

static u32 keep_minifat(struct cfb_plan *p)
{
    const struct cfb_runs *old = &p->c->minifat_runs;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < old->count && !err; i++)
        err = cfb_runs_add(&p->minifat_runs, old->at[i].start, old->at[i].count);
    return err;
}

static u32 plan_minifat(struct mini *m)
{
    struct cfb_plan *p = m->p;
    u32 len = ALIGN_UP(m->end, cfb_sector_size(p->c) / 4);

    p->minifat = os_alloc_array(len, sizeof(*p->minifat));
    if (!p->minifat)
        return ERROR_OUTOFMEMORY;
    p->minifat_len = len;
    memset(p->minifat, 0xff, len * sizeof(*p->minifat));
    for (u32 i = 0; i < p->live_count; i++) {
        const struct cfb_content *k = p->live[i];

        if (k->planned_mini)
            chain_mini(p->minifat, &k->planned);
        else if (k->place == CFB_IN_MINI)
            chain_mini(p->minifat, &k->runs);
    }
    if (!len)
        return ERROR_SUCCESS;
    if (len == p->c->minifat_len && !cfb_is_high(p, &p->c->minifat_runs) &&
        memcmp(p->minifat, p->c->minifat, 4 * (size_t)len) == 0)
        return keep_minifat(p);
    return write_minifat(p);
}

u32 cfb_plan_small(struct cfb_plan *p)
{
    struct mini m = {.p = p};
    u32 err = begin_mini(&m);

    if (!err)
        err = place_small(&m);
    if (!err)
        err = plan_blocks(&m);
    if (!err)
        err = plan_minifat(&m);
    os_free(m.used);
    os_free(m.dirty);
    return err;
}
