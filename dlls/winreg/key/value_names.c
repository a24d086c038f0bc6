/*
 * The set of value_names.h: 2^18 bits, a name's hash being the bit.
 */
#include <string.h>

#include "cell.h"
#include "hive_cache.h"
#include "key.h"
#include "os.h"
#include "value.h"
#include "value_names.h"

#define SET_BITS  0x40000u
#define FILL_FROM 64u /* values from which on a set is filled */

struct value_names {
    u32 key, gen;
    bool valid;
    u8 bits[SET_BITS / 8];
};

static void put_bit(struct value_names *s, u32 hash)
{
    hash ^= hash >> 18;
    s->bits[hash % SET_BITS / 8] |= (u8)(1u << hash % 8);
}

static bool get_bit(const struct value_names *s, u32 hash)
{
    hash ^= hash >> 18;
    return s->bits[hash % SET_BITS / 8] >> hash % 8 & 1;
}

static u32 info_count(struct hview *h, u32 key)
{
    return cell_u32(h, key, NK_VALUES);
}

static bool fill(struct hview *h, struct value_names *s, u32 key)
{
    char16_t *name = os_alloc((VAL_NAME_MAX + 1) * sizeof(*name));
    struct val_info info;
    u32 len = 0, i;

    s->valid = false;
    if (!name)
        return false;
    memset(s->bits, 0, sizeof(s->bits));
    for (i = 0; !val_enum(h, key, i, &info); i++) {
        if (val_name(h, info.cell, name, VAL_NAME_MAX, &len) || len > VAL_NAME_MAX)
            break;
        put_bit(s, val_name_hash(name, len));
    }
    os_free(name);
    s->key = key;
    s->gen = key_value_gen(h, key);
    return s->valid = i == info_count(h, key) && !h->error;
}

bool value_names_lacks(struct hview *h, u32 key, u32 hash)
{
    struct value_names **slot, *s;

    if ((!h->overlay && !h->direct) || info_count(h, key) < FILL_FROM)
        return false;
    slot = hcache_vset(h->cache);
    if (!*slot && !(*slot = os_calloc(1, sizeof(**slot))))
        return false;
    s = *slot;
    if (!s->valid || s->key != key || s->gen != key_value_gen(h, key))
        if (!fill(h, s, key))
            return false;
    return !get_bit(s, hash);
}

/* The set, if it was in step with the key before this change. */
static struct value_names *in_step(struct hview *h, u32 key, u32 before)
{
    struct value_names *s = h->cache ? *hcache_vset(h->cache) : NULL;

    return s && s->valid && s->key == key && s->gen == before ? s : NULL;
}

void value_names_add(struct hview *h, u32 key, u32 hash, u32 before, u32 after)
{
    struct value_names *s = in_step(h, key, before);

    if (s) {
        put_bit(s, hash);
        s->gen = after;
    }
}

void value_names_remove(struct hview *h, u32 key, u32 before, u32 after)
{
    struct value_names *s = in_step(h, key, before);

    if (s)
        s->gen = after;
}
