/*
 * Opening hives, finding keys by path, walking trees.
 */
#include <string.h>

#include "hivetool.h"
#include "index.h"
#include "os.h"
#include "utf16.h"

u32 open_to_read(const char16_t *path, struct hive **out)
{
    u32 err = hive_open(path, HIVE_COPY | HIVE_DAMAGED, out);

    if (err == ERROR_NOT_REGISTRY_FILE)
        err = hive_of_text(path, out);
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

static u32 name_root(struct hview *from, u32 from_root, struct hview *to)
{
    char16_t name[KEY_NAME_MAX];
    u32 len, err = key_name(from, from_root, name, &len);

    if (!err)
        err = key_name_root(to, name, len);
    return err == ERROR_INVALID_PARAMETER ? ERROR_SUCCESS : err; /* a long one is no loss */
}

static u32 fill_from_root(struct hview *to, struct hview *from, fill_hive fill, void *ctx)
{
    struct key_ref source, target;
    u32 err = key_root(from, &source);

    if (!err)
        err = key_root(to, &target);
    if (!err)
        err = name_root(from, source.cell, to);
    return err ? err : fill(ctx, to, target.cell, from, source.cell);
}

u32 hive_into_new(struct hive *from, struct hive *to, fill_hive fill, void *ctx)
{
    struct hive_read r = {.tries = 0};
    struct hive_write w;
    u32 err = hive_read_begin(from, &r);

    if (err)
        return err;
    err = hive_write_begin(to, HIVE_WAIT, &w);
    if (!err) {
        err = fill_from_root(&w.view, &r.view, fill, ctx);
        if (err)
            hive_write_abort(to, &w);
        else
            err = hive_write_commit(to, &w);
    }
    hive_read_end(from, &r);
    return err;
}

/* --- damage ---------------------------------------------------------------------------------- */

static u32 left_out;
static bool lines_left_out; /* of registry text, and told */

static u32 leave_out(struct hview *h, const char *what, u32 key)
{
    if (left_out++ < 20)
        warn("left out: %s at 0x%08x", what, (unsigned)key);
    h->error = ERROR_SUCCESS;
    return ERROR_SUCCESS;
}

int exit_looked(void)
{
    if (left_out)
        warn("%u damaged places were left out; hive check names them", (unsigned)left_out);
    return left_out || lines_left_out ? EXIT_DIFFERENT : EXIT_GOOD;
}

void note_looked(void)
{
    lines_left_out = true;
}

static u32 values_listed(struct hview *h, u32 key)
{
    return cell_room(h, cell_u32(h, key, NK_VALUE_LIST)) / 4;
}

static u32 keys_said(struct hview *h, u32 key)
{
    return cell_u32(h, key, NK_COUNT) + cell_u32(h, key, NK_COUNT + 4);
}

static u32 keys_listed(struct hview *h, u32 key)
{
    return index_count(h, node_list(h, key, HV_STABLE_STORE)) +
           index_count(h, node_list(h, key, HV_VOLATILE_STORE));
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

u32 each_value(struct hview *h, u32 key, visit_value visit, void *ctx)
{
    struct key_info key_info;
    u32 err = key_query(h, key, &key_info);

    for (u32 i = 0; !err && i < key_info.values; i++) {
        struct val_info info;
        struct value v = {.name = NULL};

        err = val_enum(h, key, i, &info);
        if (!err)
            err = value_read(h, &info, &v);
        if (!err)
            err = visit(ctx, &v);
        value_free(&v);
        if (err == ERROR_REGISTRY_CORRUPT) {
            leave_out(h, "a damaged value of the key", key);
            err = i < values_listed(h, key) ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
        }
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* --- walking --------------------------------------------------------------------------------- */

struct walk {
    struct hview *h;
    visit_key visit;
    void *ctx;
    struct buf path; /* char16_t */
    u32 depth;
    u32 left; /* keys that there can be: lists of a damaged hive may lead to one without end */
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

/* As many as the lists have, however many the key says. */
static u32 walk_children(struct walk *w, u32 key)
{
    struct key_pos pos = {0};
    u32 said = keys_said(w->h, key), listed = keys_listed(w->h, key), child, err = ERROR_SUCCESS;

    if (listed < said)
        leave_out(w->h, "some subkeys of the key", key);
    for (u32 i = 0; i < MIN(said, listed) && !err; i++) {
        if (!w->left)
            return leave_out(w->h, "subkeys behind one listed without end, of the key", key);
        err = key_enum(w->h, key, i, &pos, &child);
        if (!err)
            err = walk_child(w, child);
        if (err == ERROR_REGISTRY_CORRUPT)
            err = leave_out(w->h, "a damaged subkey of the key", key);
    }
    return err;
}

static u32 walk_key(struct walk *w, u32 key)
{
    u32 err;

    if (w->depth > KEY_DEPTH_MAX)
        return ERROR_REGISTRY_CORRUPT;
    w->left--;
    err = w->visit(w->ctx, w->h, key,
                   w->path.len ? (const char16_t *)(const void *)w->path.data : u"",
                   (u32)(w->path.len / sizeof(char16_t)));
    if (err == ERROR_REGISTRY_CORRUPT)
        err = leave_out(w->h, "what is damaged in the key", key);
    w->depth++;
    if (!err)
        err = walk_children(w, key);
    w->depth--;
    return err;
}

u32 walk_keys(struct hview *h, u32 key, visit_key visit, void *ctx)
{
    struct walk w = {.h = h, .visit = visit, .ctx = ctx, .left = key_bound(h)};
    u32 err = walk_key(&w, key);

    buf_free(&w.path);
    return err;
}
