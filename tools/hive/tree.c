/*
 * Opening hives, finding keys by path, walking trees.
 */
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

u32 open_to_read(const char16_t *path, struct hive **out)
{
    u32 err = hive_open(path, HIVE_COPY | HIVE_DAMAGED, out);

    if (err)
        complain(path, err);
    return err;
}

u32 open_to_write(const char16_t *path, bool create, struct hive **out)
{
    u32 err = hive_open(path, create ? HIVE_CREATE : 0, out);

    if (err)
        complain(path, err);
    return err;
}

/* The next component, NULL at the end. Names may hold slashes: they separate nothing. */
static const char16_t *component(const char16_t **s, const char16_t *end, u32 *len)
{
    const char16_t *start;

    while (*s < end && **s == '\\')
        ++*s;
    start = *s;
    while (*s < end && **s != '\\')
        ++*s;
    *len = (u32)(*s - start);
    return *len ? start : NULL;
}

u32 find_path(struct hview *h, const char16_t *path, u32 *key)
{
    const char16_t *end = path + u16_len(path), *name;
    struct key_ref root;
    u32 err = key_root(h, &root), len;

    *key = root.cell;
    while (!err && (name = component(&path, end, &len)))
        err = key_find(h, *key, name, len, key);
    return err;
}

u32 make_path_from(struct hview *h, u32 key, const char16_t *path, size_t path_len, u32 *result)
{
    const char16_t *end = path + path_len, *name;
    u32 err = ERROR_SUCCESS, len;

    while (!err && (name = component(&path, end, &len))) {
        struct key_new what = {.name = name, .name_len = len};
        u32 child;

        err = key_find(h, key, name, len, &child);
        if (err == ERROR_FILE_NOT_FOUND)
            err = key_create(h, key, &what, &child);
        if (!err)
            key = child;
    }
    *result = key;
    return err;
}

u32 make_path(struct hview *h, const char16_t *path, size_t len, u32 *key)
{
    struct key_ref root;
    u32 err = key_root(h, &root);

    return err ? err : make_path_from(h, root.cell, path, len, key);
}

/* --- values ---------------------------------------------------------------------------------- */

u32 value_read(struct hview *h, const struct val_info *info, struct value *out)
{
    u32 len, err;

    memset(out, 0, sizeof(*out));
    out->type = info->type;
    out->size = info->size;
    out->name_len = info->name_len;
    out->name = os_alloc(((size_t)info->name_len + 1) * sizeof(char16_t));
    out->data = os_alloc(info->size);
    if (!out->name || !out->data) {
        value_free(out);
        return ERROR_OUTOFMEMORY;
    }
    err = val_name(h, info->cell, out->name, info->name_len, &len);
    if (!err)
        err = val_data(h, info, 0, out->data, info->size);
    if (err)
        value_free(out);
    return err;
}

void value_free(struct value *v)
{
    os_free(v->name);
    os_free(v->data);
    memset(v, 0, sizeof(*v));
}

/* --- walking --------------------------------------------------------------------------------- */

struct walk {
    struct hview *h;
    visit_key visit;
    void *ctx;
    struct buf path; /* char16_t */
    u32 depth;
};

static u32 walk_key(struct walk *w, u32 key);

static u32 walk_child(struct walk *w, u32 child)
{
    size_t before = w->path.len;
    char16_t name[KEY_NAME_MAX];
    u32 len = 0;
    u32 err = key_name(w->h, child, name, &len);

    if (!err && before)
        err = buf_add(&w->path, u"\\", sizeof(char16_t));
    if (!err)
        err = buf_add(&w->path, name, len * sizeof(char16_t));
    if (!err)
        err = walk_key(w, child);
    w->path.len = before;
    return err;
}

static u32 walk_key(struct walk *w, u32 key)
{
    struct key_pos pos = {0};
    u32 child, err;

    if (w->depth > KEY_DEPTH_MAX)
        return ERROR_REGISTRY_CORRUPT;
    err = w->visit(w->ctx, w->h, key,
                   w->path.len ? (const char16_t *)(const void *)w->path.data : u"",
                   (u32)(w->path.len / sizeof(char16_t)));
    w->depth++;
    for (u32 i = 0; !err && !(err = key_enum(w->h, key, i, &pos, &child)); i++) {
        err = walk_child(w, child);
        if (err == ERROR_REGISTRY_CORRUPT) {
            warn("a damaged key at 0x%08x is left out", (unsigned)child);
            w->h->error = ERROR_SUCCESS;
            err = ERROR_SUCCESS;
        }
    }
    w->depth--;
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

u32 walk_keys(struct hview *h, u32 key, visit_key visit, void *ctx)
{
    struct walk w = {.h = h, .visit = visit, .ctx = ctx};
    u32 err = walk_key(&w, key);

    buf_free(&w.path);
    return err;
}
