/*
 * A list of things with names, found by name. Items are of one size and start with a struct named;
 * they move when the list grows, so others keep their index.
 */
#ifndef MSI_NAMELIST_H
#define MSI_NAMELIST_H

#include "base.h"
#include "error.h"
#include "hash.h"

struct named {
    char16_t *name; /* terminated; the list's */
    size_t len;
};

struct name_list {
    u8 *items;
    size_t size; /* of an item */
    u32 count, cap;
    struct hash_map map;
};

enum { NAME_NONE = 0xffffffffu };

void names_init(struct name_list *l, size_t item_size);
/* done (may be NULL) is called for each item before its name is freed. */
void names_free(struct name_list *l, void (*done)(void *item));
/* A zeroed item with that name, at the end. NULL without memory. */
void *names_add(struct name_list *l, const char16_t *name, size_t len);
/* Its index, or NAME_NONE. */
u32 names_find(const struct name_list *l, const char16_t *name, size_t len);
static inline void *names_at(const struct name_list *l, u32 i)
{
    return l->items + i * l->size;
}

#endif
