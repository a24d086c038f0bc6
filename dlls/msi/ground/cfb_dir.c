/*
 * Reading the directory. The order and the colours of its trees are not believed: all siblings are
 * walked, each entry at most once.
 */
#include <string.h>

#include "cfb.h"

struct walk {
    struct cfb *c;
    struct cfb_tree *t;
    u8 *dir;
    u32 entries;
    u8 *seen; /* one byte each */
    struct step {
        u32 entry;
        u32 parent; /* node */
    } * stack;
    u32 depth, cap;
};

static const u8 *entry_at(const struct walk *w, u32 entry)
{
    return w->dir + (size_t)entry * CFB_ENTRY_SIZE;
}

static u32 push(struct walk *w, u32 entry, u32 parent)
{
    if (entry == CFB_NONE)
        return ERROR_SUCCESS;
    if (entry >= w->entries || w->seen[entry])
        return ERROR_FILE_CORRUPT;
    w->seen[entry] = 1;
    if (w->depth == w->cap) {
        u32 cap = w->cap ? w->cap * 2 : 64;
        struct step *stack = os_realloc_array(w->stack, cap, sizeof(*stack));

        if (!stack)
            return ERROR_OUTOFMEMORY;
        w->stack = stack;
        w->cap = cap;
    }
    w->stack[w->depth++] = (struct step){entry, parent};
    return ERROR_SUCCESS;
}

static void take_fields(const struct walk *w, struct cfb_node *n, const u8 *e)
{
    n->start = get32(e + CFB_E_START);
    n->size = get64(e + CFB_E_SIZE);
    if (w->c->shift == CFB_SHIFT_V3)
        n->size &= 0xffffffffu;
    if (n->type == CFB_STORAGE)
        n->size = 0;
    n->state = get32(e + CFB_E_STATE);
    n->created = get64(e + CFB_E_CREATED);
    n->modified = get64(e + CFB_E_MODIFIED);
    memcpy(n->clsid, e + CFB_E_CLASS, 16);
}

static u32 take_name(const u8 *e, char16_t name[CFB_NAME_UNITS], u32 *len)
{
    u32 bytes = get16(e + CFB_E_NAME_BYTES);
    u32 n = 0;

    if (bytes < 4 || bytes > 64 || bytes % 2)
        return ERROR_FILE_CORRUPT;
    while (n < bytes / 2 - 1 && (name[n] = get16(e + 2 * n)) != 0)
        n++;
    *len = n;
    return n ? ERROR_SUCCESS : ERROR_FILE_CORRUPT;
}

static u32 visit(struct walk *w, struct step s)
{
    const u8 *e = entry_at(w, s.entry);
    char16_t name[CFB_NAME_UNITS];
    u8 type = e[CFB_E_TYPE];
    u32 len;
    u32 id;
    u32 err = take_name(e, name, &len);

    if (!err && type != CFB_STORAGE && type != CFB_STREAM)
        err = ERROR_FILE_CORRUPT;
    if (!err && cfb_find(w->t, s.parent, name, len) != CFB_NONE)
        err = ERROR_FILE_CORRUPT;
    if (!err)
        err = cfb_add(w->t, s.parent, name, len, type, &id);
    if (err)
        return err;
    take_fields(w, &w->t->nodes[id], e);
    err = push(w, get32(e + CFB_E_LEFT), s.parent);
    if (!err)
        err = push(w, get32(e + CFB_E_RIGHT), s.parent);
    if (!err && type == CFB_STORAGE)
        err = push(w, get32(e + CFB_E_CHILD), id);
    return err;
}

static u32 walk_all(struct walk *w)
{
    const u8 *root = entry_at(w, 0);
    u32 err;

    if (root[CFB_E_TYPE] != CFB_ROOT)
        return ERROR_FILE_CORRUPT;
    take_fields(w, &w->t->nodes[0], root);
    w->seen[0] = 1;
    err = push(w, get32(root + CFB_E_CHILD), 0);
    while (!err && w->depth)
        err = visit(w, w->stack[--w->depth]);
    return err;
}

static u32 load_bytes(struct cfb *c, u8 **dir, u32 *entries)
{
    u64 size = (u64)cfb_runs_total(&c->dir) << c->shift;
    u32 run = 0;
    u64 base = 0;
    u32 err;

    if (size > 0x40000000)
        return ERROR_FILE_CORRUPT;
    *dir = os_alloc(size);
    if (!*dir)
        return ERROR_OUTOFMEMORY;
    err = cfb_read_runs(c, c->shift, &c->dir, &run, &base, 0, *dir, (u32)size);
    *entries = (u32)(size / CFB_ENTRY_SIZE);
    return err;
}

u32 cfb_dir_read(struct cfb *c, struct cfb_tree *t)
{
    struct walk w = {.c = c, .t = t};
    u32 err;

    if (!c->dir.count)
        err = cfb_chain(c, get32(c->header + CFB_H_DIR), CFB_NONE, &c->dir);
    else
        err = ERROR_SUCCESS;
    if (!err && !c->dir.count)
        err = ERROR_FILE_CORRUPT;
    if (!err)
        err = load_bytes(c, &w.dir, &w.entries);
    if (!err)
        err = cfb_tree_reserve(t, w.entries);
    if (!err) {
        w.seen = os_calloc(w.entries, 1);
        err = w.seen ? walk_all(&w) : ERROR_OUTOFMEMORY;
    }
    if (!err) {
        c->mini_start = t->nodes[0].start;
        c->mini_size = t->nodes[0].size;
    }
    os_free(w.dir);
    os_free(w.seen);
    os_free(w.stack);
    return err;
}
