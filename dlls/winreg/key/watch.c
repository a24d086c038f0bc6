/*
 * Watches in the meta storage (watch.h). A slot of 32 bytes:
 *   0 key  4 what, WATCH_SUBTREE, WATCH_GONE; 0: free  8 generation  12 owner  16 unused
 */
#include "node.h"
#include "watch.h"

#define SLOT_SIZE     32u
#define WATCH_SUBTREE 0x80000000u
#define WATCH_GONE    0x40000000u

enum slot_offsets { SLOT_KEY = 0, SLOT_WHAT = 4, SLOT_GEN = 8, SLOT_OWNER = 12 };

STATIC_ASSERT(HM_WATCH - HV_META + WATCH_MAX * SLOT_SIZE < HV_META_SIZE);

static u32 slot_at(u32 slot)
{
    return HM_WATCH + slot * SLOT_SIZE;
}

static u32 top_of(struct hview *h)
{
    u32 top = hv_u32(h, HM_WATCH_TOP);

    return MIN(top, WATCH_MAX);
}

u32 watch_add(struct hview *h, u32 key, u32 what, bool subtree, u32 owner, u32 *slot)
{
    u32 top = top_of(h), i = 0, err = write_ok(h);

    if (err)
        return err;
    if (!(what &= 15))
        return ERROR_INVALID_PARAMETER;
    while (i < top && hv_u32(h, slot_at(i) + SLOT_WHAT))
        i++;
    if (i == WATCH_MAX)
        return ERROR_NO_SYSTEM_RESOURCES;
    if (i == top)
        hv_put_u32(h, HM_WATCH_TOP, top + 1);
    hv_put_u32(h, slot_at(i) + SLOT_KEY, key);
    hv_put_u32(h, slot_at(i) + SLOT_WHAT, what | (subtree ? WATCH_SUBTREE : 0));
    hv_put_u32(h, slot_at(i) + SLOT_OWNER, owner);
    meta_bump(h, slot_at(i) + SLOT_GEN);
    meta_bump(h, HM_WATCHES);
    *slot = i;
    return h->error;
}

static bool is_free(struct hview *h, u32 slot)
{
    return !hv_u32(h, slot_at(slot) + SLOT_WHAT);
}

void watch_remove(struct hview *h, u32 slot, u32 owner)
{
    u32 top = top_of(h), count = hv_u32(h, HM_WATCHES);

    if (slot >= top || is_free(h, slot) || hv_u32(h, slot_at(slot) + SLOT_OWNER) != owner)
        return;
    hv_put_u32(h, slot_at(slot) + SLOT_WHAT, 0);
    hv_put_u32(h, HM_WATCHES, count ? count - 1 : 0);
    while (top && is_free(h, top - 1))
        top--;
    hv_put_u32(h, HM_WATCH_TOP, top);
}

bool watch_owned(struct hview *h, u32 owner)
{
    for (u32 i = top_of(h); i-- > 0;)
        if (!is_free(h, i) && hv_u32(h, slot_at(i) + SLOT_OWNER) == owner)
            return true;
    return false;
}

u32 watch_sweep(struct hview *h, bool (*alive)(void *ctx, u32 owner), void *ctx)
{
    u32 removed = 0;

    for (u32 i = top_of(h); i-- > 0;) {
        u32 owner = hv_u32(h, slot_at(i) + SLOT_OWNER);

        if (!is_free(h, i) && !alive(ctx, owner)) {
            watch_remove(h, i, owner);
            removed++;
        }
    }
    return removed;
}

u32 watch_look(struct hview *h, u32 slot, struct watch_state *state)
{
    u32 what = slot < WATCH_MAX ? hv_u32(h, slot_at(slot) + SLOT_WHAT) : 0;

    if (!what)
        return ERROR_INVALID_PARAMETER;
    state->gen = hv_u32(h, slot_at(slot) + SLOT_GEN);
    state->deleted = what & WATCH_GONE;
    return h->error;
}

u32 watch_count(struct hview *h)
{
    return hv_u32(h, HM_WATCHES);
}

void watch_changed(struct hview *h, u32 key, u32 what)
{
    u32 top = watch_count(h) ? top_of(h) : 0;

    for (u32 i = 0; i < top; i++) {
        u32 asked = hv_u32(h, slot_at(i) + SLOT_WHAT), of = hv_u32(h, slot_at(i) + SLOT_KEY);
        if (!(asked & what) || (asked & WATCH_GONE))
            continue;
        if (of == key || ((asked & WATCH_SUBTREE) && key_is_under(h, key, of)))
            meta_bump(h, slot_at(i) + SLOT_GEN);
    }
}

void watch_deleted(struct hview *h, u32 key)
{
    u32 top = watch_count(h) ? top_of(h) : 0;

    for (u32 i = 0; i < top; i++) {
        u32 asked = hv_u32(h, slot_at(i) + SLOT_WHAT);
        if (!asked || hv_u32(h, slot_at(i) + SLOT_KEY) != key)
            continue;
        hv_put_u32(h, slot_at(i) + SLOT_WHAT, asked | WATCH_GONE);
        meta_bump(h, slot_at(i) + SLOT_GEN);
    }
}

void watch_moved(struct hview *h, u32 from, u32 to)
{
    u32 top = watch_count(h) ? top_of(h) : 0;

    for (u32 i = 0; i < top; i++)
        if (hv_u32(h, slot_at(i) + SLOT_WHAT) && hv_u32(h, slot_at(i) + SLOT_KEY) == from)
            hv_put_u32(h, slot_at(i) + SLOT_KEY, to);
}
