/*
 * Memory of one query: many small pieces that are freed together.
 *
 * The first block is the caller's (a query is one allocation as long as it is small); further ones
 * come from os_alloc. Pieces are aligned to 8 bytes and zeroed.
 */
#ifndef MSI_SQL_ARENA_H
#define MSI_SQL_ARENA_H

#include "base.h"

struct sql_block;

struct sql_arena {
    u8 *at, *end;
    struct sql_block *blocks;
};

/* `first` may be NULL with size 0; it is aligned to 8. */
void sql_arena_init(struct sql_arena *a, void *first, size_t size);
void sql_arena_free(struct sql_arena *a);
/* NULL when there is no memory. size may be 0. */
void *sql_arena_alloc(struct sql_arena *a, size_t size);
/* The same for n items; NULL also where the product overflows. */
void *sql_arena_array(struct sql_arena *a, size_t n, size_t size);
/* A terminated copy of the text. */
char16_t *sql_arena_text(struct sql_arena *a, const char16_t *s, size_t len);

#endif
