/*
 * The private sectors of a writer (overlay.h, overlay_priv.h).
 */
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "overlay_priv.h"

#define KEEP_PAGES 512u /* memory kept between two writes: 2 MB */
#define SECTORS    (OV_PAGE / OV_SECTOR)

const u8 overlay_zeros[OV_SECTOR];

u32 overlay_create(struct overlay **out)
{
    struct overlay *ov = os_calloc(1, sizeof(*ov));

    if (!ov)
        return ERROR_OUTOFMEMORY;
    *out = ov;
    return ERROR_SUCCESS;
}

void overlay_destroy(struct overlay *ov)
{
    if (!ov)
        return;
    for (u32 i = 0; i < ov->filled; i++)
        os_free(ov->pages[i].bytes);
    for (u32 st = 0; st < HV_STORES; st++)
        os_free(ov->dir[st]);
    os_free(ov->pages);
    os_free(ov->order);
    os_free(ov);
}

void overlay_reset(struct overlay *ov)
{
    for (u32 i = 0; i < ov->count; i++)
        ov->dir[ov->pages[i].store][ov->pages[i].number] = 0;
    ov->count = 0;
    while (ov->filled > KEEP_PAGES)
        os_free(ov->pages[--ov->filled].bytes);
}

void overlay_attach(struct hview *h, struct overlay *ov)
{
    overlay_reset(ov);
    memcpy(ov->image, h->size, sizeof(ov->image));
    h->overlay = ov;
}

/* A directory of that storage that has an entry for the page. */
static bool reserve_entry(struct overlay *ov, enum hv_storage st, u32 number)
{
    u32 size = MAX(ov->dir_size[st] * 2, 64u);
    u32 *dir;

    if (number < ov->dir_size[st])
        return true;
    while (size <= number)
        size *= 2;
    if (!(dir = os_realloc(ov->dir[st], size * sizeof(*dir))))
        return false;
    memset(dir + ov->dir_size[st], 0, (size - ov->dir_size[st]) * sizeof(*dir));
    ov->dir[st] = dir;
    ov->dir_size[st] = size;
    return true;
}

/* Room for one page more in the array, with its memory. */
static bool reserve_page(struct overlay *ov)
{
    if (ov->count == ov->cap) {
        u32 cap = ov->cap ? ov->cap * 2 : 64;
        struct ov_page *pages = os_realloc(ov->pages, cap * sizeof(*pages));
        if (!pages)
            return false;
        ov->pages = pages;
        ov->cap = cap;
    }
    if (ov->count == ov->filled) {
        u8 *bytes = os_alloc(OV_PAGE);
        if (!bytes)
            return false;
        ov->pages[ov->filled++].bytes = bytes;
    }
    return true;
}

static struct ov_page *add_page(struct overlay *ov, u32 off, u32 number, enum hv_storage st)
{
    struct ov_page *p;

    if (!reserve_entry(ov, st, number) || !reserve_page(ov))
        return NULL;
    p = &ov->pages[ov->count];
    p->off = off & ~(OV_PAGE - 1);
    p->number = number;
    p->store = (u8)st;
    p->mask = p->logged = p->sure = 0;
    ov->dir[st][number] = ++ov->count;
    return p;
}

u8 *overlay_dirty(struct hview *h, u32 off, u32 rel, enum hv_storage st, bool log)
{
    struct overlay *ov = h->overlay;
    u32 number = rel / OV_PAGE, sector = off % OV_PAGE / OV_SECTOR;
    struct ov_page *p = overlay_page(ov, number, st);
    u8 *bytes;

    if (!p && !(p = add_page(ov, off, number, st))) {
        hv_fail(h, ERROR_OUTOFMEMORY);
        return NULL;
    }
    bytes = p->bytes + sector * OV_SECTOR;
    if (log)
        p->logged |= (u8)(1u << sector);
    if (p->mask & 1u << sector)
        return bytes;
    if (st == HV_STABLE_STORE)
        h->fast = 0; /* from now on a reading may have to come from here */
    p->mask |= (u8)(1u << sector);
    if (rel >= ov->image[st])
        memset(bytes, 0, OV_SECTOR);
    else
        /* Not by hv_load_bytes: nobody else writes while this writer has the lock. */
        memcpy(bytes, h->base[st] + (rel & ~(OV_SECTOR - 1)), OV_SECTOR);
    return bytes;
}

bool overlay_sure(struct hview *h, u32 off)
{
    if (!overlay_dirty(h, off, off, HV_STABLE_STORE, true))
        return false;
    overlay_page(h->overlay, off / OV_PAGE, HV_STABLE_STORE)->sure |=
        (u8)(1u << off % OV_PAGE / OV_SECTOR);
    return true;
}

/* qsort has no context, so the order is sorted as (page number, index) in one word. */
static int compare_u64(const void *a, const void *b)
{
    u64 x = *(const u64 *)a, y = *(const u64 *)b;

    return x < y ? -1 : x > y;
}

static u32 sort_many(struct overlay *ov)
{
    u64 *pairs = os_alloc(ov->count * sizeof(*pairs));

    if (!pairs)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < ov->count; i++)
        pairs[i] = (u64)ov->pages[i].off << 32 | i;
    qsort(pairs, ov->count, sizeof(*pairs), compare_u64);
    for (u32 i = 0; i < ov->count; i++)
        ov->order[i] = (u32)pairs[i];
    os_free(pairs);
    return ERROR_SUCCESS;
}

static void sort_few(struct overlay *ov)
{
    for (u32 i = 0; i < ov->count; i++) {
        u32 j = i;
        for (; j && ov->pages[ov->order[j - 1]].off > ov->pages[i].off; j--)
            ov->order[j] = ov->order[j - 1];
        ov->order[j] = i;
    }
}

u32 overlay_sort(struct overlay *ov)
{
    if (ov->order_cap < ov->count) {
        u32 *order = os_realloc(ov->order, ov->cap * sizeof(*order));
        if (!order)
            return ERROR_OUTOFMEMORY;
        ov->order = order;
        ov->order_cap = ov->cap;
    }
    if (ov->count > 32)
        return sort_many(ov);
    sort_few(ov);
    return ERROR_SUCCESS;
}

bool overlay_next(struct overlay *ov, u32 *cursor, struct overlay_run *run)
{
    for (;;) {
        u32 sector = *cursor % SECTORS, end;
        const struct ov_page *p;
        u8 wanted;

        if (*cursor / SECTORS >= ov->count)
            return false;
        p = &ov->pages[ov->order[*cursor / SECTORS]];
        while (sector < SECTORS && !(p->mask & 1u << sector))
            sector++;
        run->logged = p->logged >> sector & 1;
        wanted = run->logged ? p->logged : p->mask & (u8)~p->logged;
        for (end = sector; end < SECTORS && (wanted & 1u << end);)
            end++;
        *cursor = *cursor / SECTORS * SECTORS + end;
        if (sector == end)
            continue;
        run->off = p->off + sector * OV_SECTOR;
        run->len = (end - sector) * OV_SECTOR;
        run->bytes = p->bytes + sector * OV_SECTOR;
        run->sure = p->sure >> sector;
        return true;
    }
}

u32 overlay_dirty_bytes(struct overlay *ov, enum hv_storage storage)
{
    u32 bytes = 0;

    for (u32 i = 0; i < ov->count; i++)
        if (ov->pages[i].store == storage)
            bytes += (u32)__builtin_popcount(ov->pages[i].logged) * OV_SECTOR;
    return bytes;
}

void overlay_install(struct overlay *ov, struct hview *h)
{
    for (u32 i = 0; i < ov->count; i++) {
        const struct ov_page *p = &ov->pages[i];
        u8 *to = h->base[p->store] + (size_t)p->number * OV_PAGE;
        for (u32 s = 0; s < SECTORS; s++)
            if (p->mask & 1u << s)
                hv_store_bytes(to + s * OV_SECTOR, p->bytes + s * OV_SECTOR, OV_SECTOR);
    }
}
