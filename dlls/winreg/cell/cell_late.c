/*
 * Freeing many cells (cell.h): each is marked free without a look at its neighbours, and the pages
 * they lie in are noted; in the end each bin with such a page is gone through once.
 *
 * A cell freed this way is in no list yet. Its links tell: both are LATE, which is no offset of a
 * cell. One of 8 bytes has no links and is in no list anyway.
 */
#include <string.h>

#include "cell.h"
#include "os.h"

#define LATE      0xfffffffdu
#define FREE_NEXT 4u
#define FREE_PREV 8u

struct late_frees {
    u8 *pages[HV_META_STORE]; /* a bit for each page of 4096 bytes */
};

static u32 map_bytes(struct hview *h, u32 st)
{
    return h->size[st] / REGF_BIN / 8 + 1;
}

u32 cell_late_begin(struct hview *h)
{
    struct late_frees *late = os_calloc(1, sizeof(*late));

    if (!late)
        return hv_fail(h, ERROR_OUTOFMEMORY);
    for (u32 st = 0; st < HV_META_STORE; st++) {
        if (!(late->pages[st] = os_calloc(1, map_bytes(h, st)))) {
            os_free(late->pages[0]);
            os_free(late);
            return hv_fail(h, ERROR_OUTOFMEMORY);
        }
    }
    h->late = late;
    return ERROR_SUCCESS;
}

u32 cell_late_free(struct hview *h, u32 cell, u32 size)
{
    u32 page = (cell & ~HV_VOLATILE) / REGF_BIN;

    h->late->pages[cell_storage(cell)][page / 8] |= (u8)(1u << page % 8);
    hv_put_u32(h, cell, size);
    if (size >= CELL_MIN) {
        hv_put_aside(h, cell + FREE_NEXT, LATE);
        hv_put_aside(h, cell + FREE_PREV, LATE);
    }
    return h->error;
}

static bool is_late(struct hview *h, u32 cell, u32 size)
{
    return size < CELL_MIN ||
           (hv_u32(h, cell + FREE_NEXT) == LATE && hv_u32(h, cell + FREE_PREV) == LATE);
}

/* The free cells from `at` on, up to the next one in use or the end, become one. */
static u32 merge_run(struct hview *h, u32 at, u32 end, u32 *size)
{
    u32 run = 0, first = hv_u32(h, at), err;
    bool late = false, alone = true;

    while (at + run < end && hv_u32(h, at + run) < 0x80000000u) {
        u32 part = hv_u32(h, at + run);
        if (!part || (part & 7) || part > end - at - run)
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        late |= is_late(h, at + run, part);
        run += part;
    }
    *size = run;
    alone = run == first;
    if (!late || (alone && run < CELL_MIN))
        return h->error;
    for (u32 k = 0; k < run;) {
        u32 part = hv_u32(h, at + k);
        if (!is_late(h, at + k, part) && (err = cell_unlink_free(h, at + k, part)))
            return err;
        k += part;
    }
    cell_link_free(h, at, run);
    return h->error;
}

static u32 merge_bin(struct hview *h, u32 start, u32 end)
{
    u32 size, err;

    for (u32 at = start + BIN_HEAD; at < end; at += size) {
        u32 word = hv_u32(h, at);
        size = 0u - word;
        if (word >= 0x80000000u) {
            if ((size & 7) || size > end - at)
                return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        } else if ((err = merge_run(h, at, end, &size))) {
            return err;
        }
    }
    return h->error;
}

static u32 merge_storage(struct hview *h, enum hv_storage st)
{
    u32 base = st == HV_VOLATILE_STORE ? HV_VOLATILE : 0, start, end, err;
    u32 pages = h->size[st] / REGF_BIN;

    for (u32 page = 0; page < pages; page++) {
        if (!(h->late->pages[st][page / 8] >> page % 8 & 1))
            continue;
        if ((err = bin_around(h, base + page * REGF_BIN, &start, &end)) ||
            (err = merge_bin(h, start, end)))
            return err;
        page = (end - base) / REGF_BIN - 1;
    }
    return h->error;
}

u32 cell_late_end(struct hview *h)
{
    u32 err = h->error;

    for (enum hv_storage st = 0; st < HV_META_STORE; st++) {
        if (!err)
            err = merge_storage(h, st);
        os_free(h->late->pages[st]);
    }
    os_free(h->late);
    h->late = NULL;
    return err;
}
