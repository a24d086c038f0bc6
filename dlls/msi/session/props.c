/*
 * The properties of a session.
 */
#include "props.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

struct wanted {
    const char16_t *name;
    size_t len;
};

void props_init(struct props *p)
{
    memset(p, 0, sizeof(*p));
    hash_init(&p->map);
}

static void property_free(struct property *one)
{
    os_free(one->name);
    os_free(one->value);
}

void props_free(struct props *p)
{
    for (u32 i = 0; i < p->count; i++)
        property_free(&p->all[i]);
    os_free(p->all);
    hash_free(&p->map);
    os_mutex_done(&p->looking);
    props_init(p);
}

static bool equal(const void *ctx, u32 value, const void *item)
{
    const struct property *one = &((const struct props *)ctx)->all[value];
    const struct wanted *w = item;

    return !u16_compare(one->name, one->name_len, w->name, w->len);
}

static u32 find(const struct props *p, const char16_t *name, size_t len)
{
    struct wanted w = {name, len};

    return hash_find(&p->map, hash_bytes(name, len * sizeof(*name)), equal, p, &w);
}

const struct property *props_get(const struct props *p, const char16_t *name, size_t name_len)
{
    u32 i = find(p, name, name_len);

    return i == HASH_NONE ? NULL : &p->all[i];
}

/* The last one takes the place of the removed one. */
static void remove_at(struct props *p, u32 i)
{
    struct property *one = &p->all[i], *last = &p->all[p->count - 1];

    hash_remove(&p->map, hash_bytes(one->name, one->name_len * sizeof(char16_t)), i);
    property_free(one);
    if (one != last) {
        u32 hash = hash_bytes(last->name, last->name_len * sizeof(char16_t));

        /* Never grows: an entry has just gone. */
        hash_remove(&p->map, hash, p->count - 1);
        *one = *last;
        hash_add(&p->map, hash, i);
    }
    p->count--;
}

static u32 reserve(struct props *p)
{
    u32 cap = p->cap ? p->cap * 2 : 64;
    struct property *all;

    if (p->count < p->cap)
        return ERROR_SUCCESS;
    all = os_realloc_array(p->all, cap, sizeof(*all));
    if (!all)
        return ERROR_OUTOFMEMORY;
    p->all = all;
    p->cap = cap;
    return ERROR_SUCCESS;
}

static u32 add(struct props *p, const char16_t *name, size_t name_len, char16_t *value, size_t len)
{
    struct property *one;
    u32 err = reserve(p);

    if (err)
        return err;
    one = &p->all[p->count];
    one->name = u16_dup(name, name_len);
    if (!one->name)
        return ERROR_OUTOFMEMORY;
    one->name_len = name_len;
    one->value = value;
    one->value_len = len;
    err = hash_add(&p->map, hash_bytes(name, name_len * sizeof(*name)), p->count);
    if (err)
        os_free(one->name);
    else
        p->count++;
    return err;
}

static u32 change(struct props *p, u32 i, const char16_t *name, size_t name_len, char16_t *value,
                  size_t len)
{
    p->version++;
    if (!value) {
        if (i != HASH_NONE)
            remove_at(p, i);
        return ERROR_SUCCESS;
    }
    if (i == HASH_NONE)
        return add(p, name, name_len, value, len);
    os_free(p->all[i].value);
    p->all[i].value = value;
    p->all[i].value_len = len;
    return ERROR_SUCCESS;
}

u32 props_set(struct props *p, const char16_t *name, size_t name_len, const char16_t *value,
              size_t len)
{
    u32 i = find(p, name, name_len), err;
    char16_t *copy = len ? u16_dup(value, len) : NULL;

    if (p->changes)
        p->changes(p->ctx, i == HASH_NONE ? NULL : &p->all[i], name, name_len, value, len);
    if (len && !copy)
        return ERROR_OUTOFMEMORY;
    os_mutex_lock(&p->looking);
    err = change(p, i, name, name_len, copy, len);
    os_mutex_unlock(&p->looking);
    if (err)
        os_free(copy);
    return err;
}

void props_hold(struct props *p)
{
    os_mutex_lock(&p->looking);
}

void props_let_go(struct props *p)
{
    os_mutex_unlock(&p->looking);
}
