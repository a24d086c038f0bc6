/*
 * A key with all below it, removed.
 *
 * The note: root, view, key, and the tree's bytes. Of a key, all little-endian: u32 number of
 * values; each: a text (u32 units, the units), u32 type, u32 size, bytes; u32 number of keys; each:
 * a text, and the key.
 */
#include "families.h"

#include <string.h>

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "utf16.h"

enum { DEPTH = 128, PATH_MAX_UNITS = 32767, TREE_MAX = 200 << 20 };

/* --- reading a tree -----------------------------------------------------------------------------
 */

struct tree {
    enum reg_root root;
    enum reg_view view;
    char16_t *path; /* of PATH_MAX_UNITS + 1 */
    size_t len;
    struct buf bytes;
    const u8 *from; /* when it is put back */
    size_t size, at;
};

static u32 add_text(struct buf *b, const char16_t *text)
{
    size_t n = u16_len(text);
    u32 err = buf_add32(b, (u32)n);

    return err ? err : buf_add(b, text, n * sizeof(*text));
}

static u32 add_value(struct tree *t, struct reg_key *key, const char16_t *name)
{
    struct reg_data d;
    u32 err = reg_get(key, name, &d);

    if (err)
        return err;
    err = add_text(&t->bytes, name);
    if (!err)
        err = buf_add32(&t->bytes, d.type);
    if (!err)
        err = buf_add32(&t->bytes, d.size);
    if (!err)
        err = buf_add(&t->bytes, d.bytes, d.size);
    os_free(d.bytes);
    return err;
}

/* Numbers of things are put in behind their end is known. */
static u32 add_values(struct tree *t, struct reg_key *key)
{
    size_t head = t->bytes.len;
    char16_t name[REG_NAME_MAX];
    u32 err = buf_add32(&t->bytes, 0), n = 0;

    while (!err && !(err = reg_value_at(key, n, name))) {
        err = add_value(t, key, name);
        n++;
    }
    if (err != ERROR_NO_MORE_ITEMS)
        return err ? err : ERROR_GEN_FAILURE;
    put_le32(t->bytes.data + head, n);
    return t->bytes.len > TREE_MAX ? ERROR_NOT_SUPPORTED : ERROR_SUCCESS;
}

/* Appends a part to the path; the length before is the caller's to set again. */
static u32 go_down(struct tree *t, const char16_t *name, size_t n)
{
    if (t->len + n + 1 > PATH_MAX_UNITS)
        return ERROR_FILENAME_EXCED_RANGE;
    t->path[t->len++] = '\\';
    memcpy(t->path + t->len, name, n * sizeof(*name));
    t->len += n;
    t->path[t->len] = 0;
    return ERROR_SUCCESS;
}

static void go_up(struct tree *t, size_t len)
{
    t->len = len;
    t->path[len] = 0;
}

static u32 add_key(struct tree *t, u32 depth);

static u32 add_keys(struct tree *t, struct reg_key *key, u32 depth)
{
    size_t head = t->bytes.len, len = t->len;
    char16_t name[REG_NAME_MAX];
    u32 err = buf_add32(&t->bytes, 0), n = 0;

    while (!err && !(err = reg_key_at(key, n, name))) {
        err = add_text(&t->bytes, name);
        if (!err)
            err = go_down(t, name, u16_len(name));
        if (!err)
            err = add_key(t, depth + 1);
        go_up(t, len);
        n++;
    }
    if (err != ERROR_NO_MORE_ITEMS)
        return err ? err : ERROR_GEN_FAILURE;
    put_le32(t->bytes.data + head, n);
    return ERROR_SUCCESS;
}

static u32 add_key(struct tree *t, u32 depth)
{
    struct reg_key *key;
    u32 err;

    if (depth > DEPTH)
        return ERROR_NOT_SUPPORTED;
    err = reg_open_view(t->root, t->view, t->path, &key);
    if (err)
        return err;
    err = add_values(t, key);
    if (!err)
        err = add_keys(t, key, depth);
    reg_close(key);
    return err;
}

/* --- putting it back ----------------------------------------------------------------------------
 */

static u32 take_number(struct tree *t, u32 *n)
{
    if (t->size - t->at < 4)
        return ERROR_FILE_CORRUPT;
    *n = le32(t->from + t->at);
    t->at += 4;
    return ERROR_SUCCESS;
}

static u32 take_text(struct tree *t, char16_t name[REG_NAME_MAX], size_t *len)
{
    u32 n, err = take_number(t, &n);

    if (err || n >= REG_NAME_MAX || t->size - t->at < n * sizeof(*name))
        return ERROR_FILE_CORRUPT;
    memcpy(name, t->from + t->at, n * sizeof(*name));
    name[n] = 0;
    *len = n;
    t->at += n * sizeof(*name);
    return ERROR_SUCCESS;
}

static u32 put_value(struct tree *t, struct reg_key *key)
{
    char16_t name[REG_NAME_MAX];
    u32 type, size, err;
    size_t len;

    err = take_text(t, name, &len);
    if (!err)
        err = take_number(t, &type);
    if (!err)
        err = take_number(t, &size);
    if (!err && t->size - t->at < size)
        err = ERROR_FILE_CORRUPT;
    if (err)
        return err;
    err = reg_set(key, name, type, t->from + t->at, size);
    t->at += size;
    return err;
}

static u32 put_key(struct tree *t, u32 depth)
{
    char16_t name[REG_NAME_MAX];
    size_t len = t->len, n;
    struct reg_key *key;
    u32 err, count;

    if (depth > DEPTH)
        return ERROR_FILE_CORRUPT;
    err = reg_make_view(t->root, t->view, t->path, &key);
    if (err)
        return err;
    err = take_number(t, &count);
    for (u32 i = 0; !err && i < count; i++)
        err = put_value(t, key);
    reg_close(key);
    os_step();
    if (!err)
        err = take_number(t, &count);
    for (u32 i = 0; !err && i < count; i++) {
        err = take_text(t, name, &n);
        if (!err)
            err = go_down(t, name, n);
        if (!err)
            err = put_key(t, depth + 1);
        go_up(t, len);
    }
    return err;
}

/* --- the family ---------------------------------------------------------------------------------
 */

static u32 begin(struct tree *t, const struct op *op)
{
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    memset(t, 0, sizeof(*t));
    if (err)
        return err;
    t->root = at.root;
    t->view = at.view;
    t->len = u16_len(at.key);
    t->path = os_alloc_array(PATH_MAX_UNITS + 1, sizeof(*t->path));
    if (!t->path)
        return ERROR_OUTOFMEMORY;
    memcpy(t->path, at.key, (t->len + 1) * sizeof(*t->path));
    return ERROR_SUCCESS;
}

static u32 add_tree(struct run *r, const struct op *op, const struct tree *t, struct op *undo)
{
    u8 *copy = run_memory(r, t->bytes.len + 1);

    if (!copy)
        return ERROR_OUTOFMEMORY;
    memcpy(copy, t->bytes.data, t->bytes.len);
    undo->kind = OP_REG_REMOVE_KEY;
    op_number(undo, op_number_at(op, 0));
    op_number(undo, op_number_at(op, 1));
    op_text(undo, op_text_at(op, 2));
    op_bytes(undo, copy, t->bytes.len);
    return ERROR_SUCCESS;
}

static u32 tree_note(struct run *r, const struct op *op, struct op *undo)
{
    struct tree t;
    u32 err = begin(&t, op);

    if (!err)
        err = add_key(&t, 0);
    if (!err)
        err = add_tree(r, op, &t, undo);
    os_free(t.path);
    buf_free(&t.bytes);
    return is_missing(err) ? ERROR_SUCCESS : err; /* an operation before may make it */
}

static u32 tree_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    if (!err)
        err = reg_remove_view(at.root, at.view, at.key);
    return is_missing(err) ? ERROR_SUCCESS : err;
}

static u32 tree_undo(struct run *r, const struct op *undo)
{
    struct tree t;
    u32 err = begin(&t, undo);

    UNUSED(r);
    if (!err && undo->count > 3 && undo->f[3].kind == OP_BYTES) {
        t.from = undo->f[3].bytes;
        t.size = undo->f[3].len;
        err = put_key(&t, 0);
    }
    os_free(t.path);
    return err;
}

const struct op_family op_reg_remove_key = {
    .kind = OP_REG_REMOVE_KEY,
    .name = "RegRemoveKey",
    .note = tree_note,
    .perform = tree_perform,
    .undo = tree_undo,
};
