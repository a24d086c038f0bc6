/*
 * Memory of one query.
 */
#include "sql_arena.h"

#include <string.h>

#include "os.h"

enum { BLOCK_SIZE = 4096, ALIGNMENT = 8 };

struct sql_block {
    struct sql_block *next;
    u64 data[];
};

void sql_arena_init(struct sql_arena *a, void *first, size_t size)
{
    a->at = first;
    a->end = first ? (u8 *)first + size : NULL;
    a->blocks = NULL;
}

void sql_arena_free(struct sql_arena *a)
{
    while (a->blocks) {
        struct sql_block *b = a->blocks;
        a->blocks = b->next;
        os_free(b);
    }
    a->at = a->end = NULL;
}

static bool add_block(struct sql_arena *a, size_t size)
{
    size_t room = MAX(size, (size_t)BLOCK_SIZE);
    if (room > SIZE_MAX - sizeof(struct sql_block))
        return false;
    struct sql_block *b = os_alloc(sizeof(*b) + room);
    if (!b)
        return false;
    b->next = a->blocks;
    a->blocks = b;
    a->at = (u8 *)b->data;
    a->end = a->at + room;
    return true;
}

void *sql_arena_alloc(struct sql_arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    size = ALIGN_UP(MAX(size, (size_t)1), (size_t)ALIGNMENT);
    if (size > (size_t)(a->end - a->at) && !add_block(a, size))
        return NULL;
    void *p = a->at;
    a->at += size;
    return memset(p, 0, size);
}

void *sql_arena_array(struct sql_arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    return sql_arena_alloc(a, n * size);
}

char16_t *sql_arena_text(struct sql_arena *a, const char16_t *s, size_t len)
{
    if (len >= SIZE_MAX / sizeof(char16_t))
        return NULL;
    char16_t *copy = sql_arena_alloc(a, (len + 1) * sizeof(char16_t));
    if (copy && len)
        memcpy(copy, s, len * sizeof(char16_t));
    return copy;
}
