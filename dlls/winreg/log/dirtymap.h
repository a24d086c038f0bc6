/*
 * Which parts of the stable storage the hive file does not have yet: a bit for each 16 KB, a fixed
 * 16 KB of bits for the 2 GB that a hive can have. A bit too many costs a write, a bit too few a
 * hive; so bits are set before the change counts and cleared after the file was synced.
 */
#ifndef DECANTER_DIRTYMAP_H
#define DECANTER_DIRTYMAP_H

#include "base.h"

#define DIRTY_UNIT  16384u
#define DIRTY_WORDS 2048u /* of 64 bits */
#define DIRTY_BYTES (DIRTY_WORDS * 8)

/* off + size is at most 2 GB. */
void dirty_add(u64 *map, u32 off, u32 size);
void dirty_clear(u64 *map);
/* The first run of dirty units at or after *off, in bytes, at most max (a multiple of DIRTY_UNIT)
 * long; false where there is none. It may end beyond the storage. */
bool dirty_next(const u64 *map, u32 *off, u32 *size, u32 max);

#endif
