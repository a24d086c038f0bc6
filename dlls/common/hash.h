/*
 * An open-addressing hash map from 32-bit keys or from caller-compared items to 32-bit values.
 *
 * The map stores u32 values (indexes into the caller's arrays); equality is the caller's, so
 * nothing is stored twice. Growth is amortised. What was taken out can be put in again without a
 * failure: a map that cannot grow goes on as long as it has a slot.
 */
#ifndef DECANTER_HASH_H
#define DECANTER_HASH_H

#include "base.h"
#include "error.h"

struct hash_map {
    u32 *slots;  /* value + 1; 0 is empty, HASH_GONE a removed one */
    u32 *hashes; /* the hash of each used slot */
    u32 mask;    /* slots - 1, or 0 for no table */
    u32 used;    /* live entries */
    u32 filled;  /* live and removed */
};

/* Whether the item `value` stands for equals the one looked for. */
typedef bool (*hash_equal)(const void *ctx, u32 value, const void *item);

void hash_init(struct hash_map *m);
void hash_free(struct hash_map *m);
/* The value, or HASH_NONE. */
#define HASH_NONE 0xffffffffu
u32 hash_find(const struct hash_map *m, u32 hash, hash_equal equal, const void *ctx,
              const void *item);
/* Adds without looking for an equal one. ERROR_OUTOFMEMORY. value < 0xfffffffe. */
u32 hash_add(struct hash_map *m, u32 hash, u32 value);
/* Takes everything out; the room stays. */
void hash_clear(struct hash_map *m);
/* Room for n entries in all, so that adding them does not grow the map again. ERROR_OUTOFMEMORY. */
u32 hash_reserve(struct hash_map *m, u32 n);
/* Removes the entry with exactly this hash and value; false where there is none. */
bool hash_remove(struct hash_map *m, u32 hash, u32 value);

/* Hashes with a seed that every process draws anew, so that nobody can prepare a file whose items
 * all fall into one place. hash_u32 is one to one. */
u32 hash_bytes(const void *data, size_t len);
u32 hash_u32(u32 v);
/* Of a name whose case does not count, of any length: hash_bytes' draw, folded as utf16.h folds. */
u32 hash_name(const char16_t *name, size_t len);
/* The same in every process: for what several of them look up in shared memory, and for names. */
u32 hash_shared(const void *data, size_t len);

#endif
