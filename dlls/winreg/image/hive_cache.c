/*
 * The hints of hive_cache.h: tables, each four times the size of the one before, made as hints push
 * others out. Old tables live until the cache goes, since other threads may be in them.
 *
 * A hint may stand in any of the four places of its set, which is half a line of memory. Its tag
 * tells it from its neighbours, so that only the right cell is looked at. Tag and cell are two
 * words: of a hint that another thread is just writing they may not belong together, which the
 * look at the cell finds out.
 */
#include "hash.h"
#include "hive_cache.h"
#include "hive_view.h"
#include "os.h"

#define LEVELS     6u
#define WAYS       4u
#define FIRST_SETS 256u /* the last has 256 * 4^5 * 4 = 1 M hints, 8 MB */

struct hint {
    u32 tag, value; /* value 0: free */
};

#define SET_BYTES (WAYS * sizeof(struct hint))

struct hv_cache {
    u32 level; /* the table in use */
    u32 clash; /* hints that were pushed out of it */
    struct hint *table[LEVELS];
    void *memory[LEVELS]; /* what the tables stand in */
    struct hcache_part *part;
    u32 growing;    /* 1 while a thread makes the next table */
    u32 list, leaf; /* where a name was last missing */
};

/* A table whose sets do not lie across two lines of memory. NULL: no memory. */
static struct hint *make_table(struct hv_cache *c, u32 level)
{
    u32 sets = FIRST_SETS << 2 * level;
    u8 *p = c->memory[level] = os_calloc(sets + 1, SET_BYTES);

    return p ? (struct hint *)(void *)(p + (-(uintptr_t)p & (SET_BYTES - 1))) : NULL;
}

struct hv_cache *hcache_create(void)
{
    struct hv_cache *c = os_calloc(1, sizeof(*c));

    if (c && !(c->table[0] = make_table(c, 0))) {
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
        os_free(c->memory[i]);
    if (c->part)
        c->part->destroy(c->part);
    os_free(c);
}

struct hcache_part *hcache_part(struct hv_cache *c)
{
    return __atomic_load_n(&c->part, __ATOMIC_ACQUIRE);
}

struct hcache_part *hcache_set_part(struct hv_cache *c, struct hcache_part *part)
{
    struct hcache_part *there = NULL;

    return __atomic_compare_exchange_n(&c->part, &there, part, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE)
               ? part
               : there;
}

static u32 tag_of(u32 key, u32 hash)
{
    return (hash ^ key * 0x9e3779b1u) * 0x85ebca6bu;
}

static struct hint *set_in(struct hv_cache *c, u32 level, u32 tag)
{
    return c->table[level] + ((tag ^ tag >> 15) & ((FIRST_SETS << 2 * level) - 1)) * WAYS;
}

static struct hint *find(struct hint *set, u32 tag)
{
    for (u32 i = 0; i < WAYS; i++)
        if (HV_LOAD(&set[i].tag) == tag && HV_LOAD(&set[i].value))
            return &set[i];
    return NULL;
}

/* What is not in the table in use may still be in the smaller one before it. */
u32 hcache_get(struct hv_cache *c, u32 key, u32 hash)
{
    u32 level, tag = tag_of(key, hash);
    const struct hint *at;

    if (!c)
        return 0;
    level = __atomic_load_n(&c->level, __ATOMIC_ACQUIRE);
    at = find(set_in(c, level, tag), tag);
    if (!at && level)
        at = find(set_in(c, level - 1, tag), tag);
    return at ? HV_LOAD(&at->value) : 0;
}

static void grow(struct hv_cache *c, u32 level)
{
    struct hint *table;

    if (__atomic_exchange_n(&c->growing, 1, __ATOMIC_ACQUIRE))
        return;
    if (c->level == level) {
        table = make_table(c, level + 1);
        if (table) {
            c->table[level + 1] = table;
            __atomic_store_n(&c->level, level + 1, __ATOMIC_RELEASE);
        }
        HV_STORE(&c->clash, 0);
    }
    __atomic_store_n(&c->growing, 0, __ATOMIC_RELEASE);
}

static void store(struct hint *at, u32 tag, u32 value)
{
    HV_STORE(&at->tag, tag);
    HV_STORE(&at->value, value);
}

/* Into its place in the set, a free one, or the first, with the others moved on: true where the
 * last, which is the oldest, was pushed out. */
static bool put_in(struct hint *set, u32 tag, u32 value)
{
    struct hint *at = find(set, tag);
    bool push;

    for (u32 i = 0; i < WAYS && !at; i++)
        if (!HV_LOAD(&set[i].value))
            at = &set[i];
    push = !at;
    for (u32 i = WAYS - 1; push && i; i--)
        store(&set[i], HV_LOAD(&set[i - 1].tag), HV_LOAD(&set[i - 1].value));
    store(push ? set : at, tag, value);
    return push;
}

void hcache_put(struct hv_cache *c, u32 key, u32 hash, u32 value)
{
    u32 level, clash, tag = tag_of(key, hash);

    if (!c)
        return;
    level = __atomic_load_n(&c->level, __ATOMIC_ACQUIRE);
    if (!put_in(set_in(c, level, tag), tag, value) || level + 1 == LEVELS)
        return;
    clash = HV_LOAD(&c->clash) + 1; /* inexact between threads, which does not matter */
    HV_STORE(&c->clash, clash);
    if (clash > (FIRST_SETS << 2 * level) / 2)
        grow(c, level);
}

void hcache_missed(struct hv_cache *c, u32 list, u32 leaf)
{
    if (!c)
        return;
    HV_STORE(&c->list, list);
    HV_STORE(&c->leaf, leaf);
}

u32 hcache_last_missed(struct hv_cache *c, u32 list)
{
    return c && HV_LOAD(&c->list) == list ? HV_LOAD(&c->leaf) : 0;
}
