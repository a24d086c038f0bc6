/*
 * The tree of storages and streams: nodes in one array, found through one hash of parent and name.
 */
#include <string.h>

#include "cfb.h"
#include "utf16.h"

struct wanted {
    u32 parent;
    const char16_t *name;
    u32 len;
};

static u32 name_hash(u32 parent, const char16_t *name, u32 len)
{
    char16_t upper[CFB_NAME_UNITS];

    for (u32 i = 0; i < len; i++)
        upper[i] = u16_upper(name[i]);
    return hash_bytes(upper, len * sizeof(*upper)) ^ hash_u32(parent);
}

static u32 hash_of(const struct cfb_node *n)
{
    return name_hash(n->parent, n->name, n->name_len);
}

static bool is_wanted(const void *ctx, u32 value, const void *item)
{
    const struct cfb_tree *t = ctx;
    const struct wanted *w = item;
    const struct cfb_node *n = &t->nodes[value];

    return n->parent == w->parent && cfb_name_compare(n->name, n->name_len, w->name, w->len) == 0;
}

int cfb_name_compare(const char16_t *a, u32 a_len, const char16_t *b, u32 b_len)
{
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    for (u32 i = 0; i < a_len; i++) {
        char16_t x = a[i] == b[i] ? 0 : u16_upper(a[i]);
        char16_t y = a[i] == b[i] ? 0 : u16_upper(b[i]);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static struct cfb_node *blank(struct cfb_node *n)
{
    memset(n, 0, sizeof(*n));
    n->parent = n->child = n->next = n->prev = CFB_NONE;
    n->start = CFB_END;
    return n;
}

u32 cfb_tree_init(struct cfb_tree *t)
{
    memset(t, 0, sizeof(*t));
    hash_init(&t->names);
    t->free = CFB_NONE;
    t->cap = 16;
    t->nodes = os_alloc_array(t->cap, sizeof(*t->nodes));
    if (!t->nodes)
        return ERROR_OUTOFMEMORY;
    blank(&t->nodes[0])->type = CFB_ROOT;
    t->count = 1;
    return ERROR_SUCCESS;
}

void cfb_tree_free(struct cfb *c, struct cfb_tree *t)
{
    for (u32 i = 0; i < t->count; i++)
        cfb_content_drop(c, t->nodes[i].content);
    os_free(t->nodes);
    hash_free(&t->names);
    memset(t, 0, sizeof(*t));
}

u32 cfb_find(const struct cfb_tree *t, u32 parent, const char16_t *name, u32 len)
{
    struct wanted w = {parent, name, len};

    if (len >= CFB_NAME_UNITS)
        return CFB_NONE;
    return hash_find(&t->names, name_hash(parent, name, len), is_wanted, t, &w);
}

u32 cfb_tree_reserve(struct cfb_tree *t, u32 count)
{
    struct cfb_node *nodes;

    if (count <= t->cap)
        return ERROR_SUCCESS;
    nodes = os_realloc_array(t->nodes, count, sizeof(*nodes));
    if (!nodes)
        return ERROR_OUTOFMEMORY;
    t->nodes = nodes;
    t->cap = count;
    return ERROR_SUCCESS;
}

/* A slot that is not yet part of anything. */
static u32 take_slot(struct cfb_tree *t, u32 *out)
{
    if (t->free != CFB_NONE) {
        *out = t->free;
        t->free = t->nodes[*out].next;
        return ERROR_SUCCESS;
    }
    if (t->count == t->cap) {
        u32 err = cfb_tree_reserve(t, t->cap * 2);

        if (err)
            return err;
    }
    *out = t->count++;
    return ERROR_SUCCESS;
}

static void give_slot(struct cfb_tree *t, u32 id)
{
    blank(&t->nodes[id])->next = t->free;
    t->free = id;
}

static void link_child(struct cfb_tree *t, u32 parent, u32 id)
{
    struct cfb_node *p = &t->nodes[parent];

    t->nodes[id].next = p->child;
    if (p->child != CFB_NONE)
        t->nodes[p->child].prev = id;
    p->child = id;
}

u32 cfb_add(struct cfb_tree *t, u32 parent, const char16_t *name, u32 len, enum cfb_type type,
            u32 *out)
{
    struct cfb_node *n;
    u32 id;
    u32 err = take_slot(t, &id);

    if (err)
        return err;
    n = blank(&t->nodes[id]);
    n->type = (u8)type;
    n->parent = parent;
    n->name_len = (u8)len;
    memcpy(n->name, name, len * sizeof(*name));
    err = hash_add(&t->names, hash_of(n), id);
    if (err) {
        give_slot(t, id);
        return err;
    }
    link_child(t, parent, id);
    *out = id;
    return ERROR_SUCCESS;
}

u32 cfb_rename(struct cfb_tree *t, u32 id, const char16_t *name, u32 len)
{
    struct cfb_node *n = &t->nodes[id];
    u32 old = hash_of(n);
    u32 err = hash_add(&t->names, name_hash(n->parent, name, len), id);

    if (err)
        return err;
    hash_remove(&t->names, old, id);
    memset(n->name, 0, sizeof(n->name));
    memcpy(n->name, name, len * sizeof(*name));
    n->name_len = (u8)len;
    return ERROR_SUCCESS;
}

static void unlink_node(struct cfb_tree *t, u32 id)
{
    struct cfb_node *n = &t->nodes[id];

    hash_remove(&t->names, hash_of(n), id);
    if (n->prev != CFB_NONE)
        t->nodes[n->prev].next = n->next;
    else
        t->nodes[n->parent].child = n->next;
    if (n->next != CFB_NONE)
        t->nodes[n->next].prev = n->prev;
}

static void remove_leaf(struct cfb *c, u32 id)
{
    struct cfb_tree *t = &c->tree;
    struct cfb_node *n = &t->nodes[id];
    struct cfb_content *content = n->content;
    u32 opens = n->opens;

    unlink_node(t, id);
    if (opens) {
        blank(n)->opens = opens;
        n->type = CFB_UNUSED;
    } else {
        give_slot(t, id);
    }
    cfb_content_drop(c, content);
}

void cfb_remove(struct cfb *c, u32 node)
{
    u32 at = node;

    /* down to a leaf, remove it, back to its parent: no recursion for a hostile depth */
    for (;;) {
        u32 parent = c->tree.nodes[at].parent;

        if (c->tree.nodes[at].child != CFB_NONE) {
            at = c->tree.nodes[at].child;
            continue;
        }
        remove_leaf(c, at);
        if (at == node)
            return;
        at = parent;
    }
}

void cfb_node_close(struct cfb_tree *t, u32 id)
{
    struct cfb_node *n = &t->nodes[id];

    if (--n->opens == 0 && n->type == CFB_UNUSED)
        give_slot(t, id);
}
