/*
 * A process's look-up hints for one hive: which cell was found for (key, name).
 *
 * A hint is a cell's offset and nothing else; threads read and write it without a lock. It is
 * believed only after the cell was looked at: a key node with
 * that parent and that name that was once found through the list of its parent is that child, for
 * a deleted node loses its signature, and a parent never changes. So nothing has to be told about
 * changes, by this process or another.
 */
#ifndef DECANTER_HIVE_CACHE_H
#define DECANTER_HIVE_CACHE_H

#include "base.h"

struct hv_cache;

/* NULL when there is no memory: the view then works without. */
struct hv_cache *hcache_create(void);
void hcache_destroy(struct hv_cache *c); /* may be NULL */

/* 0 where there is no hint (0 is never a cell). c may be NULL. */
u32 hcache_get(struct hv_cache *c, u32 key, u32 hash);
void hcache_put(struct hv_cache *c, u32 key, u32 hash, u32 value);
/* Where in a list of subkeys a name was missing: the leaf's place in the index root. Who makes the
 * key looks there first, and believes it after two comparisons. */
void hcache_missed(struct hv_cache *c, u32 list, u32 leaf);
/* 0 where nothing is known. */
u32 hcache_last_missed(struct hv_cache *c, u32 list);
/* What else a process knows of the hive (value_index.h), destroyed with the cache: the first member
 * of what it is a part of. The first that is set stays, and is returned. */
struct hcache_part {
    void (*destroy)(struct hcache_part *part);
};
struct hcache_part *hcache_part(struct hv_cache *c);
struct hcache_part *hcache_set_part(struct hv_cache *c, struct hcache_part *part);

#endif
