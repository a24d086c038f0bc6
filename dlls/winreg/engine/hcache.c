/*
 * The hints of hcache.h: tables of words, each four times the size of the one before, made as
 * hints collide. Old tables live until the cache goes, since other threads may be in them.
 */
#include "hash.h"
#include "hcache.h"
#include "hview.h"
#include "os.h"

#define LEVELS      6u
#define FIRST_SLOTS 1024u /* the last has 1024 * 4^5 = 1 M hints, 4 MB */

struct hv_cache {
    u32 level; /* the table in use */
    u32 clash; /* hints that were overwritten in it */
    u32 *table[LEVELS];
    struct vset *vset;
    u32 growing; /* 1 while a thread makes the next table */
};

struct hv_cache *hcache_create(void)
{
    struct hv_cache *c = os_calloc(1, sizeof(*c));

    if (c && !(c->table[0] = os_calloc(FIRST_SLOTS, sizeof(u32)))) {
        os_free(c);
        return NULL;
    }
    return c;
}

void hcache_destroy(struct hv_cache *c)
{
    if (!c)
        return;
    for (u32 i = 0; i < LEVELS; i++)
        os_free(c->table[i]);
    os_free(c->vset);
    os_free(c);
}

struct vset **hcache_vset(struct hv_cache *c)
{
    return &c->vset;
}

static u32 *slot_in(struct hv_cache *c, u32 level, u32 key, u32 hash)
{
    u32 mask = (FIRST_SLOTS << 2 * level) - 1;
    u32 mix = (hash ^ key * 0x9e3779b1u) * 0x85ebca6bu;

    return c->table[level] + ((mix ^ mix >> 15) & mask);
}

/* What is not in the table in use may still be in the smaller one before it. */
u32 hcache_get(struct hv_cache *c, u32 key, u32 hash)
{
    u32 level, value;

    if (!c)
        return 0;
    level = __atomic_load_n(&c->level, __ATOMIC_ACQUIRE);
    value = HV_LOAD(slot_in(c, level, key, hash));
    if (!value && level)
        value = HV_LOAD(slot_in(c, level - 1, key, hash));
    return value;
}

static void grow(struct hv_cache *c, u32 level)
{
    u32 *table;

    if (__atomic_exchange_n(&c->growing, 1, __ATOMIC_ACQUIRE))
        return;
    if (c->level == level) {
        table = os_calloc(FIRST_SLOTS << 2 * (level + 1), sizeof(u32));
        if (table) {
            c->table[level + 1] = table;
            __atomic_store_n(&c->level, level + 1, __ATOMIC_RELEASE);
        }
        HV_STORE(&c->clash, 0);
    }
    __atomic_store_n(&c->growing, 0, __ATOMIC_RELEASE);
}

void hcache_put(struct hv_cache *c, u32 key, u32 hash, u32 value)
{
    u32 level, clash, *slot, old;

    if (!c)
        return;
    level = __atomic_load_n(&c->level, __ATOMIC_ACQUIRE);
    slot = slot_in(c, level, key, hash);
    old = HV_LOAD(slot);
    HV_STORE(slot, value);
    if (!old || old == value || level + 1 == LEVELS)
        return;
    clash = HV_LOAD(&c->clash) + 1; /* inexact between threads, which does not matter */
    HV_STORE(&c->clash, clash);
    if (clash > (FIRST_SLOTS << 2 * level) / 4)
        grow(c, level);
}
