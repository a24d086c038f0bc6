/*
 * Copying trees of keys from one hive to another: save, compact, restore, merge, copy within.
 */
#ifndef DECANTER_COPY_H
#define DECANTER_COPY_H

#include "key.h"

enum copy_flags {
    COPY_VOLATILE = 1,      /* volatile keys too, as volatile ones */
    COPY_MAKE_VOLATILE = 2, /* every copy is volatile */
    COPY_KEEP_KEYS = 4,     /* keys that are there keep their class and descriptor */
    COPY_KEEP_TIMES = 8,    /* last write times as they were */
    COPY_REPLACE = 16,      /* values and subkeys `to` has and `from` has not are deleted first */
    COPY_STABLE = 32,       /* volatile keys too, as stable ones where `to` is stable */
    COPY_ONE_SECURITY = 64, /* no descriptor is copied: what is made has that of the key above */
};

/* Told now and then with the number of keys copied; false stops the copy with
 * ERROR_CANCELLED. */
typedef bool (*copy_progress)(void *ctx, u32 keys);

/*
 * Copies class, values, security and subkeys of `from` into the key `to`, which keeps its name.
 * What is there and has the same name is overwritten, subkeys are merged. `src` and `dst` may be
 * the same view; to may not lie below from then (ERROR_INVALID_PARAMETER). Damage in the source is
 * ERROR_REGISTRY_CORRUPT; so is a source deeper than KEY_DEPTH_MAX.
 */
u32 copy_tree(struct hview *dst, u32 to, struct hview *src, u32 from, u32 flags,
              copy_progress progress, void *ctx);

#endif
