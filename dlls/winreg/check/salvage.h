/*
 * Everything that can be read of a damaged hive, into a new one. The damaged one is only read.
 *
 * Keys are taken from the lists of subkeys as far as those can be read. A key that no list gives
 * any more is found by its record: it goes below its parent where that one's list is damaged, or
 * below $SALVAGED\<its place in hexadecimal> where its parent is gone. What was deleted comes back
 * only where damage hides that it was.
 */
#ifndef DECANTER_SALVAGE_H
#define DECANTER_SALVAGE_H

#include "copy.h"

struct salvage_result {
    u32 keys, values; /* taken over */
    u32 found;        /* of the keys: below their parents again, by their records */
    u32 strays;       /* of the keys: below $SALVAGED, not counting what is below them */
    u32 renamed;      /* of the keys: got ~2 at the end, for a sister had the name already */
    u32 lost_keys;    /* entries of lists, or whole lists, that lead to no key */
    u32 lost_values;  /* values without a readable name or data, or with a name that was taken */
    u32 lost_parts;   /* classes and security descriptors (the parent's is taken then) */
};

/* Copies all of src below and with its key `from` into the key `to` of dst, an empty hive's root.
 * ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES (dst is full), ERROR_CANCELLED; damage is none. */
u32 salvage_hive(struct hview *dst, u32 to, struct hview *src, u32 from, copy_progress progress,
                 void *ctx, struct salvage_result *result);

#endif
