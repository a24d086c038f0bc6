/*
 * Security cells (sk.h; the layout stands in regf.h).
 *
 * The ring of the stable storage is found through the root key, that of the volatile storage
 * through HM_VOL_SK. A table in the meta storage has for each hash of a descriptor the cell last
 * seen with it; it is believed only after comparing bytes.
 */
#include "hash.h"
#include "os.h"
#include "sk.h"

#define RING_LOOK 256u /* cells of a ring compared before a second copy is made */

bool sk_open(struct hview *h, u32 cell, u32 *size)
{
    u32 room = cell_room(h, cell);

    if (room < SK_BYTES || cell_u16(h, cell, 0) != SIG_SK)
        return false;
    *size = cell_u32(h, cell, SK_SIZE);
    return *size <= room - SK_BYTES;
}

static bool same_bytes(struct hview *h, u32 a, u32 b, u32 size)
{
    u8 part[256];

    for (u32 at = 0; at < size; at += sizeof(part)) {
        u32 n = MIN(size - at, (u32)sizeof(part));
        hv_copy(h, a + CELL_HEAD + SK_BYTES + at, part, n);
        if (!hv_equal(h, b + CELL_HEAD + SK_BYTES + at, part, n))
            return false;
    }
    return true;
}

bool sk_alike(struct hview *h, u32 cell)
{
    u32 size, other, at = cell;

    if (!sk_open(h, cell, &size))
        return false;
    /* Whoever wrote the hive may have made the same one more than once, but not without end. */
    for (u32 i = 0; i < RING_LOOK; i++) {
        at = cell_u32(h, at, SK_NEXT);
        if (at == cell)
            return true;
        if (!sk_open(h, at, &other) || other != size || !same_bytes(h, cell, at, size))
            return false;
    }
    return false;
}

static bool is_same(struct hview *h, enum hv_storage st, u32 cell, const void *sd, u32 size)
{
    u32 has;

    return cell_aligned(cell) && cell_storage(cell) == st && sk_open(h, cell, &has) &&
           has == size && hv_equal(h, cell + CELL_HEAD + SK_BYTES, sd, size);
}

/* Any cell of the storage's ring; HV_NIL while there is none. */
static u32 ring(struct hview *h, enum hv_storage st)
{
    u32 root = hv_u32(h, HM_ROOT);

    if (st == HV_VOLATILE_STORE)
        return hv_u32(h, HM_VOL_SK);
    return cell_room(h, root) >= NK_NAME ? cell_u32(h, root, NK_SK) : HV_NIL;
}

static u32 find_same(struct hview *h, enum hv_storage st, const void *sd, u32 size, u32 slot)
{
    u32 cell = hv_u32(h, slot), start = ring(h, st), has;

    if (cell && is_same(h, st, cell, sd, size))
        return cell;
    cell = start;
    for (u32 i = 0; i < RING_LOOK && cell != HV_NIL && sk_open(h, cell, &has); i++) {
        if (is_same(h, st, cell, sd, size))
            return cell;
        cell = cell_u32(h, cell, SK_NEXT);
        if (cell == start)
            break;
    }
    return HV_NIL;
}

static u32 link_in(struct hview *h, enum hv_storage st, u32 cell)
{
    u32 at = ring(h, st), next = cell, size;

    if (at == HV_NIL) {
        at = cell;
    } else {
        if (!sk_open(h, at, &size) || !sk_open(h, next = cell_u32(h, at, SK_NEXT), &size))
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    }
    cell_put_u32(h, cell, SK_NEXT, next);
    cell_put_u32(h, cell, SK_PREV, at);
    cell_put_u32(h, at, SK_NEXT, cell);
    cell_put_u32(h, next, SK_PREV, cell);
    if (st == HV_VOLATILE_STORE)
        hv_put_u32(h, HM_VOL_SK, cell);
    return h->error;
}

u32 sk_take(struct hview *h, enum hv_storage st, const void *sd, u32 size, u32 *cell)
{
    u32 slot = HM_SK_HASH + (hash_shared(sd, size) + st) % HM_SK_SLOTS * 4, err;
    u32 at;

    if (size > SK_SIZE_MAX)
        return ERROR_INVALID_PARAMETER;
    at = find_same(h, st, sd, size, slot);
    if (h->error)
        return h->error;
    if (at != HV_NIL) {
        cell_put_u32(h, at, SK_USERS, cell_u32(h, at, SK_USERS) + 1);
    } else {
        if ((err = cell_alloc(h, st, SK_BYTES + size, &at)))
            return err;
        cell_put_u32(h, at, 0, SIG_SK);
        cell_put_u32(h, at, SK_USERS, 1);
        cell_put_u32(h, at, SK_SIZE, size);
        hv_write(h, at + CELL_HEAD + SK_BYTES, sd, size);
        if ((err = link_in(h, st, at)))
            return err;
    }
    hv_put_u32(h, slot, at);
    *cell = at;
    return h->error;
}

u32 sk_take_same(struct hview *h, enum hv_storage st, u32 other, u32 *cell)
{
    u32 size, err;
    void *sd;

    if (!sk_open(h, other, &size) || size > SK_SIZE_MAX)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (cell_storage(other) == st) {
        cell_put_u32(h, other, SK_USERS, cell_u32(h, other, SK_USERS) + 1);
        *cell = other;
        return h->error;
    }
    if (!(sd = os_alloc(size ? size : 1)))
        return hv_fail(h, ERROR_OUTOFMEMORY);
    hv_copy(h, other + CELL_HEAD + SK_BYTES, sd, size);
    err = sk_take(h, st, sd, size, cell);
    os_free(sd);
    return err;
}

u32 sk_drop(struct hview *h, u32 cell)
{
    u32 users, next, prev, size;

    if (!sk_open(h, cell, &size))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    users = cell_u32(h, cell, SK_USERS);
    if (users > 1) {
        cell_put_u32(h, cell, SK_USERS, users - 1);
        return h->error;
    }
    next = cell_u32(h, cell, SK_NEXT);
    prev = cell_u32(h, cell, SK_PREV);
    if (!sk_open(h, next, &size) || !sk_open(h, prev, &size) ||
        cell_u32(h, next, SK_PREV) != cell || cell_u32(h, prev, SK_NEXT) != cell)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    cell_put_u32(h, next, SK_PREV, prev);
    cell_put_u32(h, prev, SK_NEXT, next);
    if (hv_u32(h, HM_VOL_SK) == cell)
        hv_put_u32(h, HM_VOL_SK, next == cell ? HV_NIL : next);
    cell_put_u32(h, cell, 0, 0);
    return cell_free(h, cell);
}
