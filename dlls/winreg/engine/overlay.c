/*
 * The private sectors of a writer (overlay.h).
 *
 * Pages are an array; a hash table of the page numbers holds indexes into it plus one. The memory
 * of a page stays with its place in the array from one write to the next.
 */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "os.h"
#include "overlay.h"

#define KEEP_PAGES  512u /* memory kept between two writes: 2 MB */
#define FIRST_SLOTS 256u
#define SECTORS     (OV_PAGE / OV_SECTOR)

struct page {
    u32 off;  /* of its first byte, as hview.h addresses */
    u32 slot; /* in the table */
    u8 mask;  /* private sectors, a bit each */
    u8 *bytes;
};

struct overlay {
    struct page *pages;
    u32 count;  /* in use */
    u32 filled; /* with memory, at least count */
    u32 cap;
    u32 *slots; /* index + 1; 0 is empty */
    u32 slot_count;
    u32 *order; /* indexes by offset, made by overlay_sort */
    u32 order_cap;
    u32 image[HV_STORES]; /* sizes of the image: beyond there are zeros */
    u32 last;             /* index of the page looked up last */
};

static const u8 zero_sector[OV_SECTOR];

u32 overlay_create(struct overlay **out)
{
    struct overlay *ov = os_calloc(1, sizeof(*ov));

    if (!ov)
        return ERROR_OUTOFMEMORY;
    ov->slots = os_calloc(FIRST_SLOTS, sizeof(*ov->slots));
    if (!ov->slots) {
        os_free(ov);
        return ERROR_OUTOFMEMORY;
    }
    ov->slot_count = FIRST_SLOTS;
    *out = ov;
    return ERROR_SUCCESS;
}

void overlay_destroy(struct overlay *ov)
{
    if (!ov)
        return;
    for (u32 i = 0; i < ov->filled; i++)
        os_free(ov->pages[i].bytes);
    os_free(ov->pages);
    os_free(ov->slots);
    os_free(ov->order);
    os_free(ov);
}

void overlay_reset(struct overlay *ov)
{
    for (u32 i = 0; i < ov->count; i++)
        ov->slots[ov->pages[i].slot] = 0;
    ov->count = 0;
    ov->last = 0;
    while (ov->filled > KEEP_PAGES)
        os_free(ov->pages[--ov->filled].bytes);
}

void overlay_attach(struct hview *h, struct overlay *ov)
{
    overlay_reset(ov);
    memcpy(ov->image, h->size, sizeof(ov->image));
    h->overlay = ov;
    h->fast = 0;
}

static u32 slot_of(const struct overlay *ov, u32 page_off)
{
    u32 mask = ov->slot_count - 1;
    u32 s = hash_u32(page_off / OV_PAGE) & mask;

    while (ov->slots[s] && ov->pages[ov->slots[s] - 1].off != page_off)
        s = (s + 1) & mask;
    return s;
}

static struct page *find_page(struct overlay *ov, u32 off)
{
    u32 page_off = off & ~(OV_PAGE - 1);
    u32 s;

    if (ov->last < ov->count && ov->pages[ov->last].off == page_off)
        return &ov->pages[ov->last];
    s = slot_of(ov, page_off);
    if (!ov->slots[s])
        return NULL;
    ov->last = ov->slots[s] - 1;
    return &ov->pages[ov->last];
}

const u8 *overlay_read(struct overlay *ov, u32 off, u32 rel, enum hv_storage st)
{
    struct page *p = find_page(ov, off);
    u32 sector = (off & (OV_PAGE - 1)) / OV_SECTOR;

    if (p && (p->mask & 1u << sector))
        return p->bytes + sector * OV_SECTOR;
    return rel >= ov->image[st] ? zero_sector : NULL;
}

static bool grow_slots(struct overlay *ov)
{
    u32 count = ov->slot_count * 4;
    u32 *slots = os_calloc(count, sizeof(*slots));

    if (!slots)
        return false;
    os_free(ov->slots);
    ov->slots = slots;
    ov->slot_count = count;
    for (u32 i = 0; i < ov->count; i++) {
        u32 s = slot_of(ov, ov->pages[i].off);
        ov->pages[i].slot = s;
        slots[s] = i + 1;
    }
    return true;
}

/* Room for one page more in the array, with its memory. */
static bool reserve_page(struct overlay *ov)
{
    if (ov->count == ov->cap) {
        u32 cap = ov->cap ? ov->cap * 2 : 64;
        struct page *pages = os_realloc(ov->pages, cap * sizeof(*pages));
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
    return ov->count < ov->slot_count / 2 || grow_slots(ov);
}

static struct page *add_page(struct overlay *ov, u32 page_off)
{
    struct page *p;

    if (!reserve_page(ov))
        return NULL;
    p = &ov->pages[ov->count];
    p->off = page_off;
    p->mask = 0;
    p->slot = slot_of(ov, page_off);
    ov->slots[p->slot] = ++ov->count;
    ov->last = ov->count - 1;
    return p;
}

u8 *overlay_dirty(struct hview *h, u32 off, u32 rel, enum hv_storage st)
{
    struct overlay *ov = h->overlay;
    struct page *p = find_page(ov, off);
    u32 sector = (off & (OV_PAGE - 1)) / OV_SECTOR;
    u8 *bytes;

    if (!p && !(p = add_page(ov, off & ~(OV_PAGE - 1)))) {
        hv_fail(h, ERROR_OUTOFMEMORY);
        return NULL;
    }
    bytes = p->bytes + sector * OV_SECTOR;
    if (p->mask & 1u << sector)
        return bytes;
    p->mask |= (u8)(1u << sector);
    if (rel >= ov->image[st])
        memset(bytes, 0, OV_SECTOR);
    else
        hv_load_bytes(bytes, h->base[st] + (rel & ~(OV_SECTOR - 1)), OV_SECTOR);
    return bytes;
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
        const struct page *p;

        if (*cursor / SECTORS >= ov->count)
            return false;
        p = &ov->pages[ov->order[*cursor / SECTORS]];
        while (sector < SECTORS && !(p->mask & 1u << sector))
            sector++;
        for (end = sector; end < SECTORS && (p->mask & 1u << end);)
            end++;
        *cursor = *cursor / SECTORS * SECTORS + end;
        if (sector == end)
            continue;
        run->off = p->off + sector * OV_SECTOR;
        run->len = (end - sector) * OV_SECTOR;
        run->bytes = p->bytes + sector * OV_SECTOR;
        return true;
    }
}

static enum hv_storage page_storage(const struct page *p)
{
    if (p->off < HV_VOLATILE)
        return HV_STABLE_STORE;
    return p->off < HV_META ? HV_VOLATILE_STORE : HV_META_STORE;
}

u32 overlay_dirty_bytes(struct overlay *ov, enum hv_storage storage)
{
    u32 bytes = 0;

    for (u32 i = 0; i < ov->count; i++)
        if (page_storage(&ov->pages[i]) == storage)
            bytes += (u32)__builtin_popcount(ov->pages[i].mask) * OV_SECTOR;
    return bytes;
}

void overlay_install(struct overlay *ov, struct hview *h)
{
    static const u32 start[HV_STORES] = {0, HV_VOLATILE, HV_META};

    for (u32 i = 0; i < ov->count; i++) {
        const struct page *p = &ov->pages[i];
        enum hv_storage st = page_storage(p);
        u8 *to = h->base[st] + (p->off - start[st]);
        for (u32 s = 0; s < SECTORS; s++)
            if (p->mask & 1u << s)
                hv_store_bytes(to + s * OV_SECTOR, p->bytes + s * OV_SECTOR, OV_SECTOR);
    }
}
