/*
 * The directory's bytes: entries in the order of the nodes, the siblings of each storage as a
 * balanced tree of their sorted names. All levels are black but the last one where it is not full,
 * which is red: a red-black tree.
 */
#include <stdlib.h>
#include <string.h>

#include "cfb.h"

struct name_key {
    const struct cfb_node *node;
    u32 id;
};

static int by_name(const void *a, const void *b)
{
    const struct cfb_node *x = ((const struct name_key *)a)->node;
    const struct cfb_node *y = ((const struct name_key *)b)->node;

    return cfb_name_compare(x->name, x->name_len, y->name, y->name_len);
}

static u32 count_children(const struct cfb_tree *t, u32 parent)
{
    u32 n = 0;

    for (u32 id = t->nodes[parent].child; id != CFB_NONE; id = t->nodes[id].next)
        n++;
    return n;
}

u32 cfb_sorted_children(const struct cfb_tree *t, u32 parent, u32 **ids, u32 *count)
{
    u32 n = count_children(t, parent);
    struct name_key *keys = os_alloc_array(n, sizeof(*keys));
    u32 *out = os_alloc_array(n, sizeof(*out));
    u32 i = 0;

    if (!keys || !out) {
        os_free(keys);
        os_free(out);
        return ERROR_OUTOFMEMORY;
    }
    for (u32 id = t->nodes[parent].child; id != CFB_NONE; id = t->nodes[id].next)
        keys[i++] = (struct name_key){&t->nodes[id], id};
    qsort(keys, n, sizeof(*keys), by_name);
    for (i = 0; i < n; i++)
        out[i] = keys[i].id;
    os_free(keys);
    *ids = out;
    *count = n;
    return ERROR_SUCCESS;
}

struct writer {
    struct cfb *c;
    u8 *bytes;
    u32 *entry_of; /* node -> entry */
};

static u8 *entry_of(const struct writer *w, u32 node)
{
    return w->bytes + (size_t)w->entry_of[node] * CFB_ENTRY_SIZE;
}

/* Depth is at most 32: each step halves what is left. */
static u32 link_siblings(const struct writer *w, const u32 *ids, u32 n, u32 depth, u32 red_depth)
{
    u32 mid = n / 2;
    u8 *e;

    if (!n)
        return CFB_NONE;
    e = entry_of(w, ids[mid]);
    e[CFB_E_COLOUR] = depth == red_depth ? CFB_RED : CFB_BLACK;
    put32(e + CFB_E_LEFT, link_siblings(w, ids, mid, depth + 1, red_depth));
    put32(e + CFB_E_RIGHT, link_siblings(w, ids + mid + 1, n - mid - 1, depth + 1, red_depth));
    return w->entry_of[ids[mid]];
}

/* The depth of the level that is not full, or one that is not reached. */
static u32 depth_of_rest(u32 n)
{
    u32 depth = 0;

    while (n >= ((u64)2 << depth) - 1)
        depth++;
    return depth;
}

static u32 link_children(const struct writer *w, u32 parent)
{
    u32 *ids;
    u32 n;
    u32 err = cfb_sorted_children(&w->c->tree, parent, &ids, &n);

    if (err)
        return err;
    put32(entry_of(w, parent) + CFB_E_CHILD, link_siblings(w, ids, n, 0, depth_of_rest(n)));
    os_free(ids);
    return ERROR_SUCCESS;
}

static void put_blank(u8 *e)
{
    memset(e, 0, CFB_ENTRY_SIZE);
    put32(e + CFB_E_LEFT, CFB_NONE);
    put32(e + CFB_E_RIGHT, CFB_NONE);
    put32(e + CFB_E_CHILD, CFB_NONE);
}

static void put_name(u8 *e, const char16_t *name, u32 len)
{
    for (u32 i = 0; i < len; i++)
        put16(e + 2 * i, name[i]);
    put16(e + CFB_E_NAME_BYTES, (u16)(2 * (len + 1)));
}

static void put_node(u8 *e, const struct cfb_node *n)
{
    put_blank(e);
    put_name(e, n->name, n->name_len);
    e[CFB_E_TYPE] = n->type;
    e[CFB_E_COLOUR] = CFB_BLACK;
    if (n->type == CFB_STREAM) {
        put32(e + CFB_E_START, n->content ? cfb_content_start(n->content) : n->start);
        put64(e + CFB_E_SIZE, n->content ? n->content->size : n->size);
        return;
    }
    memcpy(e + CFB_E_CLASS, n->clsid, 16);
    put32(e + CFB_E_STATE, n->state);
    put64(e + CFB_E_CREATED, n->created);
    put64(e + CFB_E_MODIFIED, n->modified);
}

static void put_root(u8 *e, const struct cfb_node *n, u32 mini_start, u64 mini_size)
{
    put_node(e, n);
    put_name(e, u"Root Entry", 10);
    e[CFB_E_TYPE] = CFB_ROOT;
    put32(e + CFB_E_START, mini_start);
    put64(e + CFB_E_SIZE, mini_size);
}

static u32 number_entries(struct writer *w)
{
    const struct cfb_tree *t = &w->c->tree;
    u32 used = 0;

    for (u32 i = 0; i < t->count; i++)
        w->entry_of[i] = t->nodes[i].type == CFB_UNUSED ? CFB_NONE : used++;
    return used;
}

static u32 fill(struct writer *w, u32 entries, u32 mini_start, u64 mini_size)
{
    const struct cfb_tree *t = &w->c->tree;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < entries; i++)
        put_blank(w->bytes + (size_t)i * CFB_ENTRY_SIZE);
    put_root(w->bytes, &t->nodes[0], mini_start, mini_size);
    for (u32 i = 1; i < t->count; i++)
        if (t->nodes[i].type != CFB_UNUSED)
            put_node(entry_of(w, i), &t->nodes[i]);
    for (u32 i = 0; i < t->count && !err; i++)
        if (t->nodes[i].type == CFB_STORAGE || i == 0)
            err = link_children(w, i);
    return err;
}

u32 cfb_dir_image(struct cfb *c, u32 mini_start, u64 mini_size, struct cfb_dir_image *img)
{
    struct writer w = {.c = c};
    u64 size;
    u32 err;

    w.entry_of = os_alloc_array(c->tree.count, sizeof(*w.entry_of));
    if (!w.entry_of)
        return ERROR_OUTOFMEMORY;
    size = ALIGN_UP((u64)number_entries(&w) * CFB_ENTRY_SIZE, (u64)cfb_sector_size(c));
    w.bytes = os_alloc(size);
    if (w.bytes)
        err = fill(&w, (u32)(size / CFB_ENTRY_SIZE), mini_start, mini_size);
    else
        err = ERROR_OUTOFMEMORY;
    os_free(w.entry_of);
    if (err) {
        os_free(w.bytes);
        return err;
    }
    img->bytes = w.bytes;
    img->size = size;
    return ERROR_SUCCESS;
}
