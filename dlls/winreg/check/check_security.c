/*
 * Checking security cells (check.h): each is in a ring that closes, has the users it counts, and
 * holds a valid descriptor.
 */
#include <string.h>

#include "check_priv.h"
#include "os.h"
#include "secdesc.h"
#include "sk.h"

static bool same_cell(const void *ctx, u32 value, const void *item)
{
    const struct check *c = ctx;

    return c->sks[value].cell == *(const u32 *)item;
}

static void check_descriptor(struct check *c, u32 cell, u32 size)
{
    u8 *sd = os_alloc(size ? size : 1);

    if (!sd) {
        c->err = ERROR_OUTOFMEMORY;
        return;
    }
    hv_copy(c->h, cell + CELL_HEAD + SK_BYTES, sd, size);
    if (!sd_valid(sd, size))
        check_damage(c, CHECK_SECURITY_DESCRIPTOR, cell);
    os_free(sd);
}

/* The entry of a security cell, made and looked at when it is met first. */
static struct sk_users *entry(struct check *c, u32 cell)
{
    u32 i = hash_find(&c->sk_map, hash_u32(cell), same_cell, c, &cell), size = 0;

    if (i != HASH_NONE)
        return &c->sks[i];
    if (c->sk_count == c->sk_cap) {
        u32 cap = c->sk_cap ? c->sk_cap * 2 : 64;
        struct sk_users *sks = os_realloc(c->sks, cap * sizeof(*sks));
        if (!sks)
            goto fail;
        c->sks = sks;
        c->sk_cap = cap;
    }
    if (hash_add(&c->sk_map, hash_u32(cell), c->sk_count))
        goto fail;
    c->sks[c->sk_count] = (struct sk_users){cell, 0};
    if (!sk_open(c->h, cell, &size))
        check_damage(c, CHECK_SECURITY_SIZE, cell);
    else
        check_descriptor(c, cell, size);
    check_set_bit(c->map[cell_storage(cell)].seen, cell);
    return &c->sks[c->sk_count++];
fail:
    c->err = ERROR_OUTOFMEMORY;
    return NULL;
}

void check_security_use(struct check *c, u32 key)
{
    u32 cell = cell_u32(c->h, key, NK_SK);
    struct sk_users *e;

    if (!check_cell_begins(c, cell, cell_storage(key)) || cell_room(c->h, cell) < SK_BYTES ||
        cell_u16(c->h, cell, 0) != SIG_SK) {
        check_damage(c, CHECK_SECURITY, key);
        return;
    }
    if ((e = entry(c, cell)))
        e->users++;
}

/* Goes round from `start`, noting cells that no key uses; true when it closes. */
static bool walk_ring(struct check *c, u32 start, enum hv_storage st)
{
    u32 cell = start, limit = c->totals.cells;

    for (u32 i = 0; i <= limit && !c->err; i++) {
        u32 next = cell_u32(c->h, cell, SK_NEXT);
        if (!check_cell_begins(c, next, st) || cell_u16(c->h, next, 0) != SIG_SK ||
            cell_u32(c->h, next, SK_PREV) != cell)
            return check_damage(c, CHECK_SECURITY_RING, cell);
        if (!entry(c, next))
            return false;
        if (next == start)
            return true;
        cell = next;
    }
    return check_damage(c, CHECK_SECURITY_RING, start);
}

void check_security(struct check *c)
{
    bool walked[HV_META_STORE] = {false, false};

    for (u32 i = 0, n = c->sk_count; i < n && !c->err; i++) {
        u32 cell = c->sks[i].cell;
        enum hv_storage st = cell_storage(cell);
        if (!walked[st])
            walk_ring(c, cell, st);
        walked[st] = true;
    }
    for (u32 i = 0; i < c->sk_count && !c->err; i++)
        if (cell_u32(c->h, c->sks[i].cell, SK_USERS) != c->sks[i].users)
            check_derived(c, CHECK_SECURITY_COUNT, c->sks[i].cell, SK_USERS, 4, c->sks[i].users);
}
