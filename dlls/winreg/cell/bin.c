/*
 * Bins, and the map of where they begin: one bit for each page of 4096 bytes.
 *
 * A bin's start cannot be found from its inside: the data of a value may hold anything, what looks
 * like a bin's header included. The map of the stable storage is a cell of the volatile one,
 * which grows; that of the volatile storage has its place in the meta storage, enough for the
 * 128 MB the storage is limited to.
 */
#include "cell.h"

#define VOL_MAP_BYTES 4096u
#define FIRST_MAP     512u /* bytes: a hive of 16 MB */

static u32 map_bytes(struct hview *h, enum hv_storage st)
{
    return st == HV_STABLE_STORE ? hv_u32(h, HM_BINMAP_SIZE) : VOL_MAP_BYTES;
}

static u32 map_at(struct hview *h, enum hv_storage st)
{
    return st == HV_STABLE_STORE ? hv_u32(h, HM_BINMAP) + CELL_HEAD : HM_VOL_MAP;
}

static u32 grow_map(struct hview *h, u32 bytes)
{
    u32 had = hv_u32(h, HM_BINMAP_SIZE), cell = hv_u32(h, HM_BINMAP), err;
    u32 want = MAX(FIRST_MAP, had * 2);

    while (want < bytes)
        want *= 2;
    if (had)
        err = cell_resize(h, &cell, want, had);
    else
        err = cell_alloc(h, HV_VOLATILE_STORE, want, &cell);
    if (err)
        return err;
    hv_fill(h, cell + CELL_HEAD + had, 0, want - had);
    hv_put_u32(h, HM_BINMAP, cell);
    hv_put_u32(h, HM_BINMAP_SIZE, want);
    return h->error;
}

u32 bin_note(struct hview *h, u32 off)
{
    enum hv_storage st = cell_storage(off);
    u32 page = (off & ~HV_VOLATILE) / REGF_BIN, at, err;

    if (page / 8 >= map_bytes(h, st)) {
        if (st == HV_VOLATILE_STORE)
            return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
        if ((err = grow_map(h, page / 8 + 1)))
            return err;
    }
    at = map_at(h, st) + page / 8;
    hv_put_u8(h, at, (u8)(hv_u8(h, at) | 1u << (page & 7)));
    return h->error;
}

bool bin_begins(struct hview *h, u32 off)
{
    enum hv_storage st = cell_storage(off);
    u32 rel = off & ~HV_VOLATILE, page = rel / REGF_BIN;

    if ((rel & (REGF_BIN - 1)) || page / 8 >= map_bytes(h, st))
        return false;
    return hv_u8(h, map_at(h, st) + page / 8) >> (page & 7) & 1;
}

/* The last page up to `page` that begins a bin; false where there is none. */
static bool last_start(struct hview *h, enum hv_storage st, u32 *page)
{
    u32 map = map_at(h, st), at = *page / 8;
    u32 bits = hv_u8(h, map + at) & ((2u << (*page & 7)) - 1);

    while (!bits && at)
        bits = hv_u8(h, map + --at);
    if (!bits)
        return false;
    *page = at * 8 + 31 - (u32)__builtin_clz(bits);
    return true;
}

u32 bin_around(struct hview *h, u32 off, u32 *start, u32 *end)
{
    enum hv_storage st = cell_storage(off);
    u32 page = (off & ~HV_VOLATILE) / REGF_BIN, pages = map_bytes(h, st) * 8, size;

    /* A long bin may end behind what the map has bits for. */
    page = MIN(page, pages - 1);
    if (!pages || !last_start(h, st, &page))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *start = page * REGF_BIN | (off & HV_VOLATILE);
    if (!bin_valid(h, *start, &size) || off - *start >= size)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *end = *start + size;
    return h->error;
}

bool bin_valid(struct hview *h, u32 off, u32 *size)
{
    u32 rel = off & ~HV_VOLATILE, total = h->size[cell_storage(off)];

    if ((rel & (REGF_BIN - 1)) || rel >= total || hv_u32(h, off) != SIG_HBIN)
        return false;
    *size = hv_u32(h, off + BIN_SIZE);
    return hv_u32(h, off + BIN_OFFSET) == rel && *size && !(*size & (REGF_BIN - 1)) &&
           *size <= total - rel;
}

static u32 put_head(struct hview *h, u32 off, u32 bytes)
{
    u32 err = bin_note(h, off);

    if (err)
        return err;
    hv_put_u32(h, off, SIG_HBIN);
    hv_put_u32(h, off + BIN_OFFSET, off & ~HV_VOLATILE);
    hv_put_u32(h, off + BIN_SIZE, bytes);
    hv_fill(h, off + BIN_SIZE + 4, 0, BIN_HEAD - BIN_SIZE - 4);
    hv_log_all(h, off, BIN_HEAD);
    return h->error;
}

u32 bin_split(struct hview *h, u32 off)
{
    u32 start, end, err;

    if ((err = bin_around(h, off, &start, &end)))
        return err;
    if (off == start || (off & (REGF_BIN - 1)))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    hv_put_u32(h, start + BIN_SIZE, off - start);
    return put_head(h, off, end - off);
}

u32 bin_add(struct hview *h, enum hv_storage st, u32 size, u32 *cell, u32 *cell_size)
{
    u32 had = h->size[st], bytes = ALIGN_UP(size + BIN_HEAD, REGF_BIN);
    u32 off = had | (st == HV_VOLATILE_STORE ? HV_VOLATILE : 0), err;

    if (bytes > h->limit[st] || had > h->limit[st] - bytes)
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    if ((err = hv_grow(h, st, had + bytes)) || (err = put_head(h, off, bytes)))
        return err;
    if (!had)
        hv_put_u64(h, off + BIN_TIME, hv_now(h));
    *cell = off + BIN_HEAD;
    *cell_size = bytes - BIN_HEAD;
    return h->error;
}
