/*
 * Names in a storage: looking up, listing, removing, renaming; sub-storages.
 */
#include <string.h>

#include "stg_root.h"
#include "utf16.h"

u32 stg_check_name(const char16_t *name, u32 *len)
{
    size_t n = u16_nlen(name, STG_NAME_MAX + 1);

    if (!n)
        return ERROR_INVALID_NAME;
    if (n > STG_NAME_MAX)
        return ERROR_FILENAME_EXCED_RANGE;
    for (size_t i = 0; i < n; i++)
        if (name[i] == '/' || name[i] == '\\' || name[i] == ':' || name[i] == '!')
            return ERROR_INVALID_NAME;
    *len = (u32)n;
    return ERROR_SUCCESS;
}

u32 stg_lookup(struct stg *s, const char16_t *name, u32 *node)
{
    size_t n = u16_nlen(name, STG_NAME_MAX + 1);

    if (n > STG_NAME_MAX)
        return ERROR_FILE_NOT_FOUND;
    *node = cfb_find(&s->c->tree, s->node, name, (u32)n);
    return *node == CFB_NONE ? ERROR_FILE_NOT_FOUND : ERROR_SUCCESS;
}

enum stg_kind stg_kind_of(struct stg *s, const char16_t *name)
{
    enum stg_kind kind = STG_NONE;
    u32 node;

    if (stg_enter(s))
        return STG_NONE;
    if (!stg_lookup(s, name, &node))
        kind = s->c->tree.nodes[node].type == CFB_STREAM ? STG_STREAM : STG_STORAGE;
    stg_leave(s);
    return kind;
}

enum stg_kind stg_kind_exact(struct stg *s, const char16_t *name)
{
    enum stg_kind kind = STG_NONE;
    const struct cfb_node *n;
    u32 node;

    if (stg_enter(s))
        return STG_NONE;
    if (!stg_lookup(s, name, &node)) {
        n = &s->c->tree.nodes[node];
        if (!u16_compare(n->name, n->name_len, name, u16_len(name)))
            kind = n->type == CFB_STREAM ? STG_STREAM : STG_STORAGE;
    }
    stg_leave(s);
    return kind;
}

u32 stg_remove(struct stg *s, const char16_t *name)
{
    u32 node;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = stg_lookup(s, name, &node);
    if (!err) {
        stg_touch_node(s->c, node);
        cfb_remove(s->c, node);
    }
    stg_leave(s);
    return err;
}

static u32 rename_node(struct stg *s, const char16_t *from, const char16_t *to, u32 len)
{
    u32 node;
    u32 other;
    bool changed;
    u32 err = stg_lookup(s, from, &node);

    if (err)
        return err;
    other = cfb_find(&s->c->tree, s->node, to, len);
    if (other != CFB_NONE && other != node)
        return ERROR_ALREADY_EXISTS;
    changed = s->c->changed;
    stg_touch_node(s->c, node); /* the old name */
    err = cfb_rename(&s->c->tree, node, to, len);
    if (err)
        s->c->changed = changed;
    else
        stg_touch_node(s->c, node);
    return err;
}

u32 stg_rename(struct stg *s, const char16_t *from, const char16_t *to)
{
    u32 len;
    u32 err = stg_check_name(to, &len);

    if (!err)
        err = stg_enter(s);
    if (err)
        return err;
    err = rename_node(s, from, to, len);
    stg_leave(s);
    return err;
}

/* --- listing
 * ---------------------------------------------------------------------------------------- */

static u64 size_of(const struct cfb_node *n)
{
    if (n->type != CFB_STREAM)
        return 0;
    return n->content ? n->content->size : n->size;
}

/* Entries first, then the names, in one piece of memory. */
static u32 fill_list(const struct cfb_tree *t, const u32 *ids, u32 count, struct stg_list *out)
{
    struct stg_entry *e = os_alloc_array(count, sizeof(*e) + CFB_NAME_UNITS * sizeof(char16_t));
    char16_t(*names)[CFB_NAME_UNITS];

    if (!e)
        return ERROR_OUTOFMEMORY;
    names = (void *)(e + count);
    for (u32 i = 0; i < count; i++) {
        const struct cfb_node *n = &t->nodes[ids[i]];

        memcpy(names[i], n->name, sizeof(n->name));
        e[i].name = names[i];
        e[i].kind = n->type == CFB_STREAM ? STG_STREAM : STG_STORAGE;
        e[i].size = size_of(n);
    }
    out->entries = e;
    out->count = count;
    return ERROR_SUCCESS;
}

u32 stg_list(struct stg *s, struct stg_list *out)
{
    u32 *ids;
    u32 count;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = cfb_sorted_children(&s->c->tree, s->node, &ids, &count);
    if (!err) {
        err = fill_list(&s->c->tree, ids, count, out);
        os_free(ids);
    }
    stg_leave(s);
    return err;
}

void stg_list_free(struct stg_list *l)
{
    os_free(l->entries);
    l->entries = NULL;
    l->count = 0;
}

/* --- sub-storages
 * -------------------------------------------------------------------------------------- */

u32 stg_sub_open(struct stg *s, const char16_t *name, struct stg **out)
{
    u32 node;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = stg_lookup(s, name, &node);
    if (!err && s->c->tree.nodes[node].type != CFB_STORAGE)
        err = ERROR_FILE_NOT_FOUND;
    if (!err)
        err = stg_handle(s->c, node, out);
    stg_leave(s);
    return err;
}

u32 stg_sub_create(struct stg *s, const char16_t *name, struct stg **out)
{
    u32 len;
    u32 node;
    u32 err = stg_check_name(name, &len);

    if (!err)
        err = stg_enter(s);
    if (err)
        return err;
    if (cfb_find(&s->c->tree, s->node, name, len) != CFB_NONE)
        err = ERROR_ALREADY_EXISTS;
    if (!err)
        err = cfb_add(&s->c->tree, s->node, name, len, CFB_STORAGE, &node);
    if (!err) {
        err = stg_handle(s->c, node, out);
        if (err)
            cfb_remove(s->c, node);
        else
            stg_touch_node(s->c, node);
    }
    stg_leave(s);
    return err;
}

u32 stg_get_class(struct stg *s, u8 clsid[16])
{
    u32 err = stg_enter(s);

    if (err)
        return err;
    memcpy(clsid, s->c->tree.nodes[s->node].clsid, 16);
    stg_leave(s);
    return ERROR_SUCCESS;
}

u32 stg_set_class(struct stg *s, const u8 clsid[16])
{
    u32 err = stg_enter(s);

    if (err)
        return err;
    if (memcmp(s->c->tree.nodes[s->node].clsid, clsid, 16) != 0) {
        memcpy(s->c->tree.nodes[s->node].clsid, clsid, 16);
        stg_touch(s->c);
    }
    stg_leave(s);
    return ERROR_SUCCESS;
}
