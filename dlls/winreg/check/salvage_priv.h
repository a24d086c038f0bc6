/*
 * What the parts of salvaging share (salvage.h).
 */
#ifndef DECANTER_SALVAGE_PRIV_H
#define DECANTER_SALVAGE_PRIV_H

#include "hash.h"
#include "salvage.h"
#include "value.h"

/* A key that was taken over, from a cell of the old hive to one of the new. */
struct salvage_key {
    u32 from, to;
    bool holes;   /* of its list something could not be read */
    bool waiting; /* its list has keys that say they belong elsewhere */
};

struct salvage {
    struct hview *dst, *src;
    struct salvage_result *result;
    copy_progress progress;
    void *ctx;
    struct salvage_key *keys;
    u32 count, cap, next; /* next: whose subkeys come next */
    struct hash_map map;  /* from -> index in keys */
    u8 *taken;            /* a bit for each 8 bytes of src */
    bool adopting;        /* keys that say they belong elsewhere are taken too */
    u8 *buf;              /* for data, classes, descriptors: one at a time */
    u32 room;
    char16_t *name; /* of a key or a value */
};

/* Counts a loss and goes on: ERROR_SUCCESS, and src's error is cleared. */
static inline u32 salvage_lose(struct salvage *s, u32 *counter)
{
    ++*counter;
    s->src->error = ERROR_SUCCESS;
    return ERROR_SUCCESS;
}

/* --- salvage_key.c ------------------------------------------------------------------------------
 */

/* The descriptor of a node for a key that will be made, valid until the next call; where it cannot
 * be had, none. */
void salvage_security(struct salvage *s, u32 from, struct key_new *what);
/* Class, flags and values. */
u32 salvage_content(struct salvage *s, u32 from, u32 to);
/* All of it but subkeys, and the name, for the root, which is there already. */
u32 salvage_root(struct salvage *s, u32 from, u32 to);

#endif
