/*
 * The insides of the string pool, for strpool.c and strpool_io.c alone.
 *
 * The text of a string is `len` units in the arena at `off`: one byte each where all are ASCII
 * (nearly all are), else UTF-16 as it is in memory. A free entry has FREE_LEN and links to the next
 * free one through off.
 *
 * Invariants, which sp_check tests:
 *  1 entry 0 is free and on no list
 *  2 a used entry lies within the arena and has at least one unit
 *  3 the free list holds every free entry once
 *  4 where it is `indexed`, every text in use is found
 *  5 dead is at most the arena's length
 *  6 a used entry has a reference or came from the file
 */
#ifndef MSI_STRPOOL_IMPL_H
#define MSI_STRPOOL_IMPL_H

#include "buf.h"
#include "hash.h"
#include "strpool.h"

enum {
    SP_WIDE = 0x80000000u,   /* in len: two bytes a unit */
    SP_LOADED = 0x40000000u, /* in len: the string came from the file, its count is hearsay */
    SP_LEN = 0x3fffffff,
    SP_STICKY = 0xffff, /* a count that has stopped counting */
};

struct sp_entry {
    u32 off;
    u32 len; /* with SP_WIDE and SP_LOADED; 0 for a free entry */
    u16 refs[2];
};

struct str_pool {
    struct sp_entry *entries;
    u32 count, cap; /* entry 0 included */
    u32 free_list;  /* 0: none */
    u32 free_count;
    struct buf arena;
    size_t dead; /* bytes of the arena that no entry uses */
    struct hash_map hash;
    bool indexed;
    bool recount;
    bool from_file;
    u32 seed;
    u32 codepage;
};

/* Adds an entry with the next id, text taken from the arena. ERROR_OUTOFMEMORY,
 * ERROR_FUNCTION_FAILED past SP_MAX_IDS. */
u32 sp_append_entry(struct str_pool *p, u32 off, u32 len, u32 refs);

/* Room for cap entries in all; cap is more than there are. ERROR_OUTOFMEMORY. */
u32 sp_reserve(struct str_pool *p, u32 cap);

/* The count to store: a string of the file that nobody seems to refer to is kept until a recount
 * has told that it is so. */
u32 sp_stored_refs(const struct str_pool *p, u32 id);

static inline size_t sp_entry_bytes(const struct sp_entry *e)
{
    return (size_t)(e->len & SP_LEN) << !!(e->len & SP_WIDE);
}

#endif
