/*
 * Values and keys of the registry.
 *
 * Note of a value: root, view, key, name; how many characters of the key were there; the value's
 * type and bytes, or nothing.
 */
#include "families.h"

#include <string.h>

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "regbehind.h"
#include "utf16.h"

enum { KEY_MAX = 32767 };

u32 reg_at_of(const struct op *op, struct reg_at *at)
{
    i64 root = op_number_at(op, 0);
    const char16_t *key = op_text_at(op, 2);
    size_t n = u16_nlen(key, KEY_MAX + 1);

    at->root = (enum reg_root)root;
    at->view = op_number_at(op, 1) ? REG_VIEW_32 : REG_VIEW_64;
    at->key = key;
    at->name = op_text_at(op, 3);
    return root < REG_MACHINE || root > REG_CLASSES || !n || n > KEY_MAX || key[0] == '\\'
               ? ERROR_INVALID_PARAMETER
               : ERROR_SUCCESS;
}

size_t reg_parent(const char16_t *key, size_t n)
{
    while (n && key[n - 1] != '\\')
        n--;
    return n ? n - 1 : 0;
}

u32 reg_existing(const struct reg_at *at, size_t *len)
{
    size_t n = u16_len(at->key);
    char16_t *path = u16_dup(at->key, n);
    struct reg_key *key;
    u32 err = path ? ERROR_FILE_NOT_FOUND : ERROR_OUTOFMEMORY;

    while (path && n) {
        path[n] = 0;
        err = reg_open_view(at->root, at->view, path, &key);
        if (!is_missing(err))
            break;
        n = reg_parent(path, n);
    }
    os_free(path);
    if (!err)
        reg_close(key);
    *len = n;
    return is_missing(err) ? ERROR_SUCCESS : err;
}

u32 reg_prune(const struct reg_at *at, size_t keep)
{
    size_t n = u16_len(at->key);
    char16_t *path = u16_dup(at->key, n);
    u32 err = path ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    while (!err && n > keep) {
        path[n] = 0;
        err = reg_remove_empty(at->root, at->view, path);
        if (is_missing(err))
            err = ERROR_SUCCESS;
        os_step();
        n = reg_parent(path, n);
    }
    os_free(path);
    return err == ERROR_DIR_NOT_EMPTY ? ERROR_SUCCESS : err;
}

/* --- a value ------------------------------------------------------------------------------------
 */

static void add_place(struct op *undo, u32 kind, const struct reg_at *at)
{
    undo->kind = kind;
    op_number(undo, at->root);
    op_number(undo, at->view);
    op_text(undo, at->key);
    op_text(undo, at->name);
}

/* Into memory of the run. */
static u32 add_value(struct run *r, struct op *undo, const struct reg_data *d)
{
    u8 *copy = run_memory(r, d->size + 1);

    if (!copy)
        return ERROR_OUTOFMEMORY;
    memcpy(copy, d->bytes, d->size);
    op_number(undo, d->type);
    op_bytes(undo, copy, d->size);
    return ERROR_SUCCESS;
}

u32 reg_note_value(struct run *r, const struct op *op, u32 kind, bool goes, struct op *undo)
{
    struct reg_data d = {0};
    struct reg_key *key;
    struct reg_at at;
    size_t existing;
    u32 err = reg_at_of(op, &at);

    if (err)
        return err;
    add_place(undo, kind, &at);
    err = reg_open_view(at.root, at.view, at.key, &key);
    if (is_missing(err)) {
        err = reg_existing(&at, &existing);
        op_number(undo, (i64)existing);
        return err;
    }
    if (err)
        return err;
    op_number(undo, (i64)u16_len(at.key));
    err = reg_get(key, at.name, &d);
    if (!err && goes)
        err = reg_keep_order(r, &at, key);
    reg_close(key);
    if (err)
        os_free(d.bytes);
    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    err = add_value(r, undo, &d);
    os_free(d.bytes);
    return err;
}

static u32 put_value(const struct reg_at *at, u32 type, const void *bytes, size_t size)
{
    struct reg_key *key;
    u32 err = reg_make_view(at->root, at->view, at->key, &key);

    if (err)
        return err;
    err = reg_set(key, at->name, type, bytes, (u32)size);
    reg_close(key);
    return err;
}

static u32 put_value_again(struct run *r, const struct reg_at *at, const struct op *undo)
{
    struct reg_key *key;
    u32 err = reg_make_again(r, at, &key);

    if (err)
        return err;
    err = reg_set(key, at->name, (u32)op_number_at(undo, 5), undo->f[6].bytes, (u32)undo->f[6].len);
    reg_close(key);
    return err;
}

static u32 remove_value(const struct reg_at *at)
{
    struct reg_key *key;
    u32 err = reg_open_view(at->root, at->view, at->key, &key);

    if (!err) {
        /* to write, where it is there */
        reg_close(key);
        err = reg_make_view(at->root, at->view, at->key, &key);
    }
    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    err = reg_remove_value(key, at->name);
    reg_close(key);
    return is_missing(err) ? ERROR_SUCCESS : err;
}

u32 reg_undo_value(struct run *r, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    if (err)
        return err;
    if (undo->count > 6 && undo->f[6].kind == OP_BYTES)
        return put_value_again(r, &at, undo);
    err = remove_value(&at);
    os_step();
    return err ? err : reg_prune(&at, (size_t)op_number_at(undo, 4));
}

u32 reg_after_value(struct run *r, const struct op *undo, bool done, struct op *now)
{
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    UNUSED(done);
    if (err || !behind_has(at.root, at.view, at.key))
        return err;
    return reg_note_value(r, undo, undo->kind, false, now);
}

static u32 set_note(struct run *r, const struct op *op, struct op *undo)
{
    return reg_note_value(r, op, OP_REG_SET, false, undo);
}

static u32 set_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const void *bytes = op->count > 5 ? op->f[5].bytes : NULL;
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    return err ? err : put_value(&at, (u32)op_number_at(op, 4), bytes, bytes ? op->f[5].len : 0);
}

const struct op_family op_reg_set = {
    .kind = OP_REG_SET,
    .name = "RegAddValue",
    .note = set_note,
    .perform = set_perform,
    .undo = reg_undo_value,
    .after = reg_after_value,
};

static u32 remove_note(struct run *r, const struct op *op, struct op *undo)
{
    return reg_note_value(r, op, OP_REG_REMOVE_VALUE, true, undo);
}

static u32 remove_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    return err ? err : remove_value(&at);
}

const struct op_family op_reg_remove_value = {
    .kind = OP_REG_REMOVE_VALUE,
    .name = "RegRemoveValue",
    .note = remove_note,
    .perform = remove_perform,
    .undo = reg_undo_value,
    .after = reg_after_value,
};

/* --- a key --------------------------------------------------------------------------------------
 */

static u32 make_note(struct run *r, const struct op *op, struct op *undo)
{
    struct reg_at at;
    size_t existing;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    if (err)
        return err;
    add_place(undo, OP_REG_MAKE_KEY, &at);
    err = reg_existing(&at, &existing);
    op_number(undo, (i64)existing);
    return err;
}

static u32 make_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct reg_key *key;
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    if (!err)
        err = reg_make_view(at.root, at.view, at.key, &key);
    if (!err)
        reg_close(key);
    return err;
}

static u32 make_undo(struct run *r, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    UNUSED(r);
    return err ? err : reg_prune(&at, (size_t)op_number_at(undo, 4));
}

/* The note: root, view, key, nothing, how many characters of the key are there. */
static u32 key_after(struct run *r, const struct op *undo, bool done, struct op *now)
{
    struct reg_at at;
    size_t existing = 0;
    u32 err = reg_at_of(undo, &at);

    UNUSED(r);
    UNUSED(done);
    if (err || !behind_has(at.root, at.view, at.key))
        return err;
    at.name = u"";
    add_place(now, undo->kind, &at);
    err = reg_existing(&at, &existing);
    op_number(now, (i64)existing);
    return err;
}

static u32 key_again(struct run *r, const struct op *now)
{
    struct reg_at at;
    u32 err = reg_at_of(now, &at);

    if (err)
        return err;
    return op_number_at(now, 4) == (i64)u16_len(at.key) ? make_perform(r, now, NULL)
                                                        : make_undo(r, now);
}

const struct op_family op_reg_make_key = {
    .kind = OP_REG_MAKE_KEY,
    .name = "RegCreateKey",
    .note = make_note,
    .perform = make_perform,
    .undo = make_undo,
    .after = key_after,
    .again = key_again,
};

/* --- an empty key, removed ----------------------------------------------------------------------
 */

/* The note: the part of the path that was there, to be made again. */
static u32 empty_note(struct run *r, const struct op *op, struct op *undo)
{
    struct reg_at at;
    size_t existing;
    u32 err = reg_at_of(op, &at);

    if (!err)
        err = reg_existing(&at, &existing);
    if (!err && existing)
        err = reg_keep_keys(r, &at, existing, (size_t)op_number_at(op, 3));
    if (err || !existing)
        return err;
    undo->kind = OP_REG_REMOVE_EMPTY;
    op_number(undo, at.root);
    op_number(undo, at.view);
    op_text_n(undo, at.key, existing);
    return ERROR_SUCCESS;
}

static u32 empty_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    return err ? err : reg_prune(&at, (size_t)op_number_at(op, 3));
}

static u32 empty_undo(struct run *r, const struct op *undo)
{
    struct reg_key *key;
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    if (!err)
        err = reg_make_again(r, &at, &key);
    if (!err)
        reg_close(key);
    return err;
}

const struct op_family op_reg_remove_empty = {
    .kind = OP_REG_REMOVE_EMPTY,
    .name = "RegRemoveEmptyKey",
    .note = empty_note,
    .perform = empty_perform,
    .undo = empty_undo,
    .after = key_after,
    .again = key_again,
};
