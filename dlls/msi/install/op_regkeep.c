/*
 * What undoing needs of keys beside their values: notes that no script has.
 *
 * OP_REG_KEPT: root, view, key, and what is about it (regbytes.h), of a key that may go: whoever
 * makes it again in undoing makes it as it was. OP_REG_ORDER: root, view, key, and its values in
 * their order, of one that a value goes from: what comes back comes at the end. Both stand ahead of
 * the first note that takes something away, and are undone behind everything that comes back.
 *
 * Values of a key have an order for those who ask for them by index alone; so it is not kept of a
 * key with more than VALUES of them, or with more than BYTES in them.
 */
#include "families.h"

#include <string.h>

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "run.h"
#include "utf16.h"

enum { VALUES = 512, BYTES = 1 << 20, F_BYTES = 3 };

/* --- noting -------------------------------------------------------------------------------------
 */

/* What run_is_first is asked for of the n characters of a key: no file's path begins so. */
static char16_t *mark_of(char16_t what, const struct reg_at *at, size_t n)
{
    char16_t *mark = os_alloc_array(n + 4, sizeof(*mark));

    if (!mark)
        return NULL;
    mark[0] = what;
    mark[1] = (char16_t)('0' + at->root);
    mark[2] = at->view == REG_VIEW_32 ? '3' : '6';
    memcpy(mark + 3, at->key, n * sizeof(*mark));
    mark[3 + n] = 0;
    return mark;
}

static u32 is_first_key(struct run *r, char16_t what, const struct reg_at *at, size_t n,
                        bool *first)
{
    char16_t *mark = mark_of(what, at, n);
    u32 err = mark ? run_is_first(r, mark, first) : ERROR_OUTOFMEMORY;

    os_free(mark);
    return err;
}

u32 reg_is_first_value(struct run *r, const struct reg_at *at, bool *first)
{
    size_t n = u16_len(at->key), more = u16_len(at->name) + 1;
    char16_t *both = os_alloc_array(n + more + 1, sizeof(*both));
    struct reg_at of = *at;
    u32 err = ERROR_OUTOFMEMORY;

    if (both) {
        memcpy(both, at->key, n * sizeof(*both));
        both[n] = 1; /* in no key's path */
        memcpy(both + n + 1, at->name, more * sizeof(*both));
        of.key = both;
        err = is_first_key(r, 3, &of, n + more, first);
    }
    os_free(both);
    return err;
}

static u32 add_note(struct run *r, u32 kind, const struct reg_at *at, size_t n,
                    const struct buf *bytes)
{
    struct op note;

    op_begin(&note, kind);
    op_number(&note, at->root);
    op_number(&note, at->view);
    op_text_n(&note, at->key, n);
    op_bytes(&note, bytes->data, bytes->len);
    return run_note_ahead(r, &note);
}

/* Of the key of the first n characters. */
static u32 keep_one(struct run *r, const struct reg_at *at, size_t n)
{
    char16_t *path = u16_dup(at->key, n);
    struct reg_about about;
    struct buf bytes = {0};
    u32 err = path ? reg_look(at->root, at->view, path, &about) : ERROR_OUTOFMEMORY;

    os_free(path);
    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    err = reg_add_about(&bytes, &about);
    if (!err && (about.class || about.security || about.link))
        err = add_note(r, OP_REG_KEPT, at, n, &bytes);
    reg_about_free(&about);
    buf_free(&bytes);
    return err;
}

u32 reg_keep_keys(struct run *r, const struct reg_at *at, size_t len, size_t keep)
{
    bool first = true;
    u32 err = ERROR_SUCCESS;

    /* What is above one that was noted was noted with it, or is to stay. */
    for (size_t n = len; !err && n > keep; n = reg_parent(at->key, n)) {
        err = is_first_key(r, 1, at, n, &first);
        if (!err && first)
            err = keep_one(r, at, n);
    }
    return err;
}

static u32 keep_values(struct run *r, const struct reg_at *at, struct reg_key *key)
{
    struct buf bytes = {0};
    u32 err = reg_add_values(&bytes, key, BYTES);

    if (!err && le32(bytes.data) > 1 && le32(bytes.data) <= VALUES)
        err = add_note(r, OP_REG_ORDER, at, u16_len(at->key), &bytes);
    buf_free(&bytes);
    /* too long a name or too many bytes: without their order */
    return err == ERROR_NOT_SUPPORTED || err == ERROR_MORE_DATA || err == ERROR_BAD_CONFIGURATION ||
                   is_missing(err)
               ? ERROR_SUCCESS
               : err;
}

u32 reg_keep_order(struct run *r, const struct reg_at *at, struct reg_key *key)
{
    bool first;
    u32 err = is_first_key(r, 2, at, u16_len(at->key), &first);

    return err || !first ? err : keep_values(r, at, key);
}

/* --- undoing ------------------------------------------------------------------------------------
 */

static struct reg_bytes bytes_of(const struct op *note)
{
    bool has = note->count > F_BYTES && note->f[F_BYTES].kind == OP_BYTES;

    return (struct reg_bytes){has ? note->f[F_BYTES].bytes : NULL, has ? note->f[F_BYTES].len : 0,
                              0};
}

static u32 make_one(const struct reg_at *at, const struct op *kept)
{
    struct reg_bytes bytes = bytes_of(kept);
    struct reg_about about;
    u32 err = reg_take_about(&bytes, &about);

    if (!err)
        err = reg_make_as(at->root, at->view, at->key, &about);
    reg_about_free(&about);
    return err;
}

/* The key of the first n characters, which is not there. */
static u32 make_level(struct run *r, const struct reg_at *at, size_t n)
{
    struct reg_at up = *at;
    char16_t *path = u16_dup(at->key, n);
    struct op wanted, kept;
    u32 err = ERROR_OUTOFMEMORY;

    if (path) {
        up.key = path;
        op_begin(&wanted, OP_REG_KEPT);
        op_number(&wanted, at->root);
        op_number(&wanted, at->view);
        op_text(&wanted, path);
        err = run_kept(r, &wanted, &kept);
        if (!err && kept.kind == OP_REG_KEPT)
            err = make_one(&up, &kept);
    }
    os_free(path);
    os_step();
    return err;
}

u32 reg_make_again(struct run *r, const struct reg_at *at, struct reg_key **key)
{
    size_t all = u16_len(at->key), there;
    u32 err = reg_existing(at, &there);

    for (size_t n = there + (there > 0); !err && there < all && n <= all; n++)
        if (n && (n == all || at->key[n] == '\\'))
            err = make_level(r, at, n);
    return err ? err : reg_make_view(at->root, at->view, at->key, key);
}

/* How many of the values stand in the key in that order, and as they are written. */
static u32 in_order(struct reg_key *key, struct reg_bytes *b, u32 count, u32 *done)
{
    struct reg_value v;
    char16_t name[REG_NAME_MAX];
    u32 err = ERROR_SUCCESS, i = 0;
    size_t start = b->at;

    for (*done = 0; !err && *done < count; ++*done) {
        start = b->at;
        err = reg_take_value(b, &v);
        while (!err && !(err = reg_value_at(key, i++, name)))
            if (!memcmp(name, v.name, (u16_len(v.name) + 1) * sizeof(*name)))
                break;
        if (err == ERROR_NO_MORE_ITEMS || err == ERROR_MORE_DATA) {
            b->at = start;
            return ERROR_SUCCESS;
        }
    }
    return err;
}

/* What somebody made of it meanwhile stays. */
static u32 put_last(struct reg_key *key, const struct reg_value *v)
{
    struct reg_data now;
    u32 err = reg_get(key, v->name, &now);

    if (is_missing(err))
        return reg_set(key, v->name, v->type, v->bytes, v->size);
    if (err)
        return err;
    err = reg_remove_value(key, v->name);
    os_step();
    if (!err)
        err = reg_set(key, v->name, now.type, now.bytes, now.size);
    os_step();
    os_free(now.bytes);
    return err;
}

u32 reg_put_in_order(struct reg_key *key, struct reg_bytes *b)
{
    struct reg_value v;
    u32 count, done, err = reg_take_number(b, &count);

    if (err || count > VALUES)
        return err;
    err = in_order(key, b, count, &done);
    for (; !err && done < count; done++) {
        err = reg_take_value(b, &v);
        if (!err)
            err = put_last(key, &v);
    }
    return err;
}

static u32 order_undo(struct run *r, const struct op *undo)
{
    struct reg_bytes bytes = bytes_of(undo);
    struct reg_key *key;
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    UNUSED(r);
    if (!err)
        err = reg_open_view(at.root, at.view, at.key, &key);
    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    reg_close(key); /* to write, where it is there */
    err = reg_make_view(at.root, at.view, at.key, &key);
    if (err)
        return err;
    err = reg_put_in_order(key, &bytes);
    reg_close(key);
    return err;
}

static u32 kept_undo(struct run *r, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    UNUSED(r);
    return err ? err : make_one(&at, undo);
}

const struct op_family op_reg_kept = {
    .kind = OP_REG_KEPT,
    .name = "RegKeyKept",
    .note = in_no_script,
    .perform = never_done,
    .undo = kept_undo,
};

const struct op_family op_reg_order = {
    .kind = OP_REG_ORDER,
    .name = "RegValueOrder",
    .note = in_no_script,
    .perform = never_done,
    .undo = order_undo,
};
