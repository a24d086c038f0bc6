/*
 * The indexes of value_index.h: tables of cells by hash, open-addressed with linear probing and at
 * most half full; a removed entry stays as one that nothing is in.
 *
 * A mutex keeps threads apart. It is taken only where the hints did not help (value.c). A reader's
 * view may be torn while the table is filled: the table counts only if nothing has been written to
 * the hive since the read began.
 */
#include <string.h>

#include "cell.h"
#include "hive_cache.h"
#include "key.h"
#include "marvin.h"
#include "node.h"
#include "os.h"
#include "value.h"
#include "value_index.h"

#define INDEXES    8u
#define VALUES_MAX 0x100000u /* a key with more has no index */
#define SLOTS_MAX  0x400000u /* of all indexes together: 48 MB */
#define GONE       0xfffffffeu

struct slot {
    u32 hash, cell, place; /* cell 0: free, GONE: was removed */
};

struct index {
    u32 key, gen;
    u32 stale_gen; /* the generation of the last look that found it out of date */
    u32 mask;      /* slots - 1 */
    u32 filled;    /* slots that are or were in use */
    u32 used_at;
    struct slot *slots; /* NULL: there is no index here */
};

struct value_indexes {
    struct hcache_part part; /* first */
    struct os_mutex lock;
    u64 seed;
    u32 clock;
    struct index all[INDEXES];
};

/* --- hashing --------------------------------------------------------------------------------- */

#define PIECE 64u

static u64 hash_piece(u64 seed, const char16_t *name, u32 n)
{
    char16_t up[PIECE];

    for (u32 i = 0; i < n; i++)
        up[i] = upper(name[i]);
    return marvin32(seed, up, n * sizeof(*up));
}

static u32 hash_name(u64 seed, const char16_t *name, u32 len)
{
    for (u32 at = 0, n; at < len; at += n) {
        n = MIN(len - at, PIECE);
        seed = hash_piece(seed, name + at, n);
    }
    return (u32)(seed ^ seed >> 32);
}

/* The same of the name that a value has. */
static u32 hash_cell(struct hview *h, u64 seed, u32 cell)
{
    bool compressed = cell_u16(h, cell, VK_FLAGS) & VK_COMP_NAME;
    u32 len = name_chars(cell_u16(h, cell, VK_NAME_LEN), compressed);
    u32 off = cell + CELL_HEAD + VK_NAME;
    char16_t name[PIECE];

    for (u32 at = 0, n; at < len; at += n) {
        n = MIN(len - at, PIECE);
        name_get(h, off + (compressed ? at : at * 2), compressed, name, n);
        seed = hash_piece(seed, name, n);
    }
    return (u32)(seed ^ seed >> 32);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void put(struct index *x, u32 hash, u32 cell, u32 place)
{
    u32 i = hash & x->mask;

    while (x->slots[i].cell)
        i = (i + 1) & x->mask;
    x->slots[i] = (struct slot){hash, cell, place};
    x->filled++;
}

static void drop(struct index *x)
{
    os_free(x->slots);
    x->slots = NULL;
    x->key = 0;
}

static u32 oldest(const struct value_indexes *v, const struct index *but)
{
    u32 found = 0, age = 0;

    for (u32 i = 0; i < INDEXES; i++)
        if (&v->all[i] != but && v->all[i].slots && v->clock - v->all[i].used_at >= age) {
            age = v->clock - v->all[i].used_at;
            found = i;
        }
    return found;
}

static u64 slots_of(const struct value_indexes *v)
{
    u64 n = 0;

    for (u32 i = 0; i < INDEXES; i++)
        n += v->all[i].slots ? v->all[i].mask + 1 : 0;
    return n;
}

/* An empty table with room for that many values and half as many more. */
static bool make_table(struct value_indexes *v, struct index *x, u32 count)
{
    u32 slots = 256;

    while (slots < count * 3)
        slots *= 2;
    drop(x);
    while (slots_of(v) + slots > SLOTS_MAX && slots_of(v))
        drop(&v->all[oldest(v, x)]);
    x->slots = os_calloc(slots, sizeof(*x->slots));
    x->mask = slots - 1;
    x->filled = 0;
    return x->slots != NULL;
}

/* Whether the view shows one moment so far. */
static bool is_whole(const struct hview *h)
{
    if (h->error)
        return false;
    if (!h->seq)
        return true;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(h->seq, __ATOMIC_RELAXED) == h->stamp;
}

static bool fill(struct value_indexes *v, struct index *x, struct hview *h, u32 key, u32 list,
                 u32 count)
{
    u32 cells[128];

    if (count > VALUES_MAX || !make_table(v, x, count))
        return false;
    x->gen = key_value_gen(h, key);
    for (u32 i = 0; i < count; i++) {
        u32 n = MIN(count - i, (u32)ARRAY_LEN(cells)), cell;

        if (i % ARRAY_LEN(cells) == 0)
            hv_copy(h, list + CELL_HEAD + i * 4, cells, n * 4);
        cell = cells[i % ARRAY_LEN(cells)];
        if (!val_is(h, cell))
            break;
        put(x, hash_cell(h, v->seed, cell), cell, i);
    }
    if (x->filled == count && is_whole(h))
        x->key = key;
    else
        drop(x);
    return x->slots != NULL;
}

/* --- the indexes of a hive ------------------------------------------------------------------- */

static void destroy(struct hcache_part *part)
{
    struct value_indexes *v = (struct value_indexes *)part;

    for (u32 i = 0; i < INDEXES; i++)
        os_free(v->all[i].slots);
    os_mutex_done(&v->lock);
    os_free(v);
}

static struct value_indexes *indexes_of(struct hview *h, bool make)
{
    struct hcache_part *part = hcache_part(h->cache);
    struct value_indexes *v;

    if (part || !make)
        return (struct value_indexes *)part;
    v = os_calloc(1, sizeof(*v));
    if (!v)
        return NULL;
    v->part.destroy = destroy;
    os_random(&v->seed, sizeof(v->seed));
    part = hcache_set_part(h->cache, &v->part);
    if (part != &v->part) /* another thread was first */
        destroy(&v->part);
    return (struct value_indexes *)part;
}

static struct index *index_of(struct value_indexes *v, u32 key)
{
    for (u32 i = 0; i < INDEXES; i++)
        if (v->all[i].slots && v->all[i].key == key) {
            v->all[i].used_at = ++v->clock;
            return &v->all[i];
        }
    return NULL;
}

/* The place for another index. */
static struct index *place_for(struct value_indexes *v)
{
    for (u32 i = 0; i < INDEXES; i++)
        if (!v->all[i].slots)
            return &v->all[i];
    return &v->all[oldest(v, NULL)];
}

/* The key's index as of this view. One that is out of date is made anew when the generation is the
 * one of the look before: while somebody writes all the time, looking one by one is cheaper. */
static struct index *current(struct value_indexes *v, struct hview *h, u32 key, u32 list, u32 count)
{
    struct index *x = index_of(v, key);
    u32 gen = key_value_gen(h, key), seen;

    if (x && x->gen == gen)
        return x;
    if (x && x->stale_gen != gen) {
        x->stale_gen = gen;
        return NULL;
    }
    seen = x ? x->stale_gen : 0;
    if (!x)
        x = place_for(v);
    if (!fill(v, x, h, key, list, count))
        return NULL;
    x->stale_gen = seen;
    x->used_at = ++v->clock;
    return x;
}

static enum value_answer look(struct index *x, struct hview *h, u32 hash, const char16_t *name,
                              u32 len, struct value_spot *spot)
{
    for (u32 i = hash & x->mask; x->slots[i].cell; i = (i + 1) & x->mask) {
        const struct slot *s = &x->slots[i];

        if (s->cell == GONE || s->hash != hash || !val_is_named(h, s->cell, name, len))
            continue;
        *spot = (struct value_spot){s->cell, s->place};
        return VALUE_KNOWN;
    }
    return VALUE_ABSENT;
}

enum value_answer value_index_find(struct hview *h, u32 key, u32 list, u32 count,
                                   const char16_t *name, u32 len, struct value_spot *spot)
{
    enum value_answer answer = VALUE_UNKNOWN;
    struct value_indexes *v;
    struct index *x;

    if (count < VALUE_INDEX_FROM || !h->cache || !(v = indexes_of(h, true)))
        return VALUE_UNKNOWN;
    os_mutex_lock(&v->lock);
    x = current(v, h, key, list, count);
    if (x)
        answer = look(x, h, hash_name(v->seed, name, len), name, len, spot);
    os_mutex_unlock(&v->lock);
    return answer;
}

/* The index, if it was in step with the key before this change; locked then. A change of our own is
 * none that makes looking one by one cheaper. */
static struct index *in_step(struct hview *h, u32 key, u32 before, u32 after,
                             struct value_indexes **v)
{
    struct index *x;

    if (!h->cache || !(*v = indexes_of(h, false)))
        return NULL;
    os_mutex_lock(&(*v)->lock);
    x = index_of(*v, key);
    if (x && x->gen == before)
        return x;
    if (x && x->stale_gen == before)
        x->stale_gen = after;
    os_mutex_unlock(&(*v)->lock);
    return NULL;
}

void value_index_added(struct hview *h, u32 key, const char16_t *name, u32 len,
                       const struct value_spot *spot, u32 before, u32 after)
{
    struct value_indexes *v;
    struct index *x = in_step(h, key, before, after, &v);

    if (!x)
        return;
    if (x->filled > x->mask / 2) {
        drop(x); /* the next look makes a larger one */
    } else {
        put(x, hash_name(v->seed, name, len), spot->cell, spot->place);
        x->gen = after;
    }
    os_mutex_unlock(&v->lock);
}

/* The slot that has the cell; NULL where none has. */
static struct slot *slot_of(struct index *x, u32 hash, u32 cell)
{
    u32 i = hash & x->mask;

    while (x->slots[i].cell && x->slots[i].cell != cell)
        i = (i + 1) & x->mask;
    return x->slots[i].cell ? &x->slots[i] : NULL;
}

void value_index_moved(struct hview *h, u32 key, const struct value_spot *spot)
{
    struct value_indexes *v;
    u32 gen = key_value_gen(h, key);
    struct index *x = in_step(h, key, gen, gen, &v);
    struct slot *s;

    if (!x)
        return;
    s = slot_of(x, hash_cell(h, v->seed, spot->cell), spot->cell);
    if (s)
        s->place = spot->place;
    os_mutex_unlock(&v->lock);
}

void value_index_removed(struct hview *h, u32 key, const char16_t *name, u32 len, u32 cell,
                         u32 before, u32 after)
{
    struct value_indexes *v;
    struct index *x = in_step(h, key, before, after, &v);
    struct slot *s;

    if (!x)
        return;
    s = slot_of(x, hash_name(v->seed, name, len), cell);
    if (s)
        s->cell = GONE;
    x->gen = after;
    os_mutex_unlock(&v->lock);
}
