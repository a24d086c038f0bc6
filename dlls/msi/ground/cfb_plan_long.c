/*
 * A commit's long streams, and its directory: whole sectors of their own. Pending content is
 * written to free ones; where the file is made smaller, sectors that lie high are copied to holes.
 */
#include <string.h>

#include "cfb_plan.h"

enum { COPY_PIECE = 256 * 1024 };

/* In pieces, from wherever the content is. */
static u32 copy_content(struct cfb *c, struct cfb_content *k)
{
    u8 *buf = os_alloc(COPY_PIECE);
    u64 off = 0;
    u32 err = buf ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u32 i = 0; i < k->planned.count && !err; i++) {
        u64 at = cfb_offset(c, k->planned.at[i].start);
        u64 len = MIN((u64)k->planned.at[i].count << c->shift, k->size - off);

        while (len && !err) {
            u32 part = (u32)MIN(len, COPY_PIECE);
            u32 padded = ALIGN_UP(part, cfb_sector_size(c));

            memset(buf + part, 0, padded - part);
            err = cfb_content_read(c, k, off, buf, part);
            if (!err)
                err = cfb_write(c, at, buf, padded);
            off += part;
            at += part;
            len -= part;
        }
    }
    os_free(buf);
    return err;
}

/* Copies sectors that lie together to where the taken ones are. */
static u32 copy_sectors(struct cfb *c, u32 from, const struct cfb_runs *taken)
{
    u8 *buf = os_alloc(COPY_PIECE);
    u32 most = COPY_PIECE >> c->shift;
    u32 err = buf ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u32 i = 0; i < taken->count && !err; i++) {
        for (u32 k = 0; k < taken->at[i].count && !err;) {
            u32 n = MIN(taken->at[i].count - k, most);

            err = cfb_read(c, cfb_offset(c, from), buf, n << c->shift);
            if (!err)
                err = cfb_write(c, cfb_offset(c, taken->at[i].start + k), buf, n << c->shift);
            from += n;
            k += n;
        }
    }
    os_free(buf);
    return err;
}

static u32 move_sectors(struct cfb *c, u32 from, u32 count, struct cfb_runs *out)
{
    struct cfb_runs taken = {0};
    u32 err = cfb_space_take(c, count, &taken);

    if (!err)
        err = copy_sectors(c, from, &taken);
    for (u32 i = 0; i < taken.count && !err; i++)
        err = cfb_runs_add(out, taken.at[i].start, taken.at[i].count);
    cfb_runs_free(&taken);
    return err;
}

/* What lies low stays, the rest goes to holes. */
static u32 move_down(struct cfb_plan *p, struct cfb_content *k)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < k->runs.count && !err; i++) {
        u32 start = k->runs.at[i].start;
        u32 count = k->runs.at[i].count;
        u32 low = start < p->limit ? MIN(count, p->limit - start) : 0;

        if (low)
            err = cfb_runs_add(&k->planned, start, low);
        if (!err && low < count)
            err = move_sectors(p->c, start + low, count - low, &k->planned);
    }
    return err;
}

static u32 write_content(struct cfb_plan *p, struct cfb_content *k)
{
    struct cfb *c = p->c;
    u64 count = (k->size + cfb_sector_size(c) - 1) >> c->shift;
    u32 err;

    if (count > CFB_MAX_SECTOR)
        return ERROR_FILE_TOO_LARGE;
    err = cfb_space_take(c, (u32)count, &k->planned);
    if (err)
        return err;
    if (k->place == CFB_IN_MEMORY)
        return cfb_write_runs(c, &k->planned, k->data, k->size);
    return copy_content(c, k);
}

u32 cfb_plan_long(struct cfb_plan *p)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < p->live_count && !err; i++) {
        struct cfb_content *k = p->live[i];
        bool in_sectors = k->place == CFB_IN_SECTORS;

        if (k->size < CFB_CUTOFF)
            continue;
        if (in_sectors && k->shift == p->c->shift) {
            if (cfb_is_high(p, &k->runs))
                err = move_down(p, k);
        } else {
            err = write_content(p, k);
        }
    }
    return err;
}

u32 cfb_plan_dir(struct cfb_plan *p)
{
    struct cfb_dir_image img;
    u32 start = p->mini_blocks ? p->mini_map[0] : CFB_END;
    u32 err = cfb_dir_image(p->c, start, p->mini_size, &img);

    if (err)
        return err;
    err = cfb_space_take(p->c, (u32)(img.size >> p->c->shift), &p->dir);
    if (!err)
        err = cfb_write_runs(p->c, &p->dir, img.bytes, img.size);
    os_free(img.bytes);
    return err;
}
