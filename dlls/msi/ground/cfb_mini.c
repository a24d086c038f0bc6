/*
 * Reading small streams: the mini FAT, and the mini stream that holds their mini sectors.
 */
#include <string.h>

#include "cfb.h"

static u32 load_minifat(struct cfb *c, struct cfb_runs *runs, u32 **out, u32 *len)
{
    u32 start = get32(c->header + CFB_H_MINIFAT);
    u32 run = 0;
    u64 base = 0;
    u32 *words;
    u64 size;
    u32 err;

    *out = NULL;
    *len = 0;
    if (start >= CFB_MAX_SECTOR)
        return ERROR_SUCCESS;
    err = cfb_chain(c, start, CFB_NONE, runs);
    if (err)
        return err;
    size = (u64)cfb_runs_total(runs) << c->shift;
    if (size > UINT32_MAX)
        return ERROR_FILE_CORRUPT;
    words = os_alloc(size);
    if (!words)
        return ERROR_OUTOFMEMORY;
    err = cfb_read_runs(c, c->shift, runs, &run, &base, 0, (u8 *)words, (u32)size);
    if (err) {
        os_free(words);
        return err;
    }
    *out = words;
    *len = (u32)(size / 4);
    for (u32 i = 0; i < *len; i++)
        words[i] = get32((const u8 *)&words[i]);
    return ERROR_SUCCESS;
}

static u32 load_map(struct cfb *c, u32 **out, u32 *blocks)
{
    struct cfb_runs runs = {0};
    u64 n = (c->mini_size + cfb_sector_size(c) - 1) >> c->shift;
    u32 at = 0;
    u32 *map;
    u32 err;

    *out = NULL;
    *blocks = 0;
    if (!n)
        return ERROR_SUCCESS;
    if (n > cfb_sectors(c))
        return ERROR_FILE_CORRUPT;
    err = cfb_chain(c, c->mini_start, (u32)n, &runs);
    if (err)
        return err;
    map = os_alloc_array(n, sizeof(*map));
    if (!map)
        err = ERROR_OUTOFMEMORY;
    for (u32 i = 0; map && i < runs.count; i++)
        for (u32 k = 0; k < runs.at[i].count; k++)
            map[at++] = runs.at[i].start + k;
    cfb_runs_free(&runs);
    *out = map;
    *blocks = map ? (u32)n : 0;
    return err;
}

u32 cfb_mini_load(struct cfb *c)
{
    struct cfb_runs runs = {0};
    u32 *minifat = NULL;
    u32 len;
    u32 err;

    if (c->mini_loaded)
        return ERROR_SUCCESS;
    err = load_minifat(c, &runs, &minifat, &len);
    if (!err)
        err = load_map(c, &c->mini_map, &c->mini_blocks);
    if (err) {
        os_free(minifat);
        cfb_runs_free(&runs);
        return err;
    }
    c->minifat = minifat;
    c->minifat_len = len;
    c->minifat_runs = runs;
    c->mini_loaded = true;
    return ERROR_SUCCESS;
}

/* After an error *out has what was reached. */
static u32 follow(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 at = start;
    u32 err = cfb_mini_load(c);

    for (u32 n = 0; n < count && !err; n++) {
        if (at >= c->minifat_len || ((u64)at + 1) << CFB_MINI_SHIFT > ALIGN_UP(c->mini_size, 64))
            err = ERROR_FILE_CORRUPT;
        else
            err = cfb_runs_add(out, at, 1);
        if (!err)
            at = c->minifat[at];
    }
    return err;
}

u32 cfb_mini_chain(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 err = follow(c, start, count, out);

    if (err)
        cfb_runs_free(out);
    return err;
}

u32 cfb_mini_chain_prefix(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 err = follow(c, start, count, out);

    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
}

u32 cfb_mini_read(struct cfb *c, u64 off, u8 *buf, u32 n)
{
    u32 size = cfb_sector_size(c);

    while (n) {
        u32 block = (u32)(off >> c->shift);
        u32 skip = (u32)off & (size - 1);
        u32 part = size - skip;
        u32 err;

        if (block >= c->mini_blocks)
            return ERROR_FILE_CORRUPT;
        for (u32 k = 1; part < n && block + k < c->mini_blocks; k++, part += size)
            if (c->mini_map[block + k] != c->mini_map[block] + k)
                break;
        part = MIN(part, n);
        err = cfb_read(c, cfb_offset(c, c->mini_map[block]) + skip, buf, part);
        if (err)
            return err;
        off += part;
        buf += part;
        n -= part;
    }
    return ERROR_SUCCESS;
}
