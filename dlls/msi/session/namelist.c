/*
 * A list of things with names.
 */
#include "namelist.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

void names_init(struct name_list *l, size_t item_size)
{
    memset(l, 0, sizeof(*l));
    l->size = item_size;
    hash_init(&l->map);
}

void names_free(struct name_list *l, void (*done)(void *item))
{
    for (u32 i = 0; i < l->count; i++) {
        struct named *n = names_at(l, i);

        if (done)
            done(n);
        os_free(n->name);
    }
    os_free(l->items);
    hash_free(&l->map);
    names_init(l, l->size);
}

static bool equal(const void *ctx, u32 value, const void *item)
{
    const struct named *n = names_at(ctx, value), *wanted = item;

    return !u16_compare(n->name, n->len, wanted->name, wanted->len);
}

u32 names_find(const struct name_list *l, const char16_t *name, size_t len)
{
    struct named wanted = {(char16_t *)name, len};

    return hash_find(&l->map, hash_bytes(name, len * sizeof(*name)), equal, l, &wanted);
}

static bool reserve(struct name_list *l)
{
    u32 cap = l->cap ? l->cap * 2 : 16;
    u8 *items;

    if (l->count < l->cap)
        return true;
    items = os_realloc_array(l->items, cap, l->size);
    if (!items)
        return false;
    l->items = items;
    l->cap = cap;
    return true;
}

void *names_add(struct name_list *l, const char16_t *name, size_t len)
{
    struct named *n;

    if (!reserve(l))
        return NULL;
    n = names_at(l, l->count);
    memset(n, 0, l->size);
    n->name = u16_dup(name, len);
    n->len = len;
    if (n->name && !hash_add(&l->map, hash_bytes(name, len * sizeof(*name)), l->count)) {
        l->count++;
        return n;
    }
    os_free(n->name);
    return NULL;
}
