/*
 * A key with all below it, removed.
 *
 * The note: root, view, key, the tree's bytes, and 1. Of a key (regbytes.h): what is about it, and
 * unless that says that it is a link: its values; u32 number of keys, little-endian; each: a text,
 * and the key. Without the 1 nothing is about keys.
 */
#include "families.h"

#include <string.h>

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "regbehind.h"
#include "utf16.h"

enum { DEPTH = 128, PATH_MAX_UNITS = 32767, TREE_MAX = 200 << 20, WITH_ABOUT = 1 };

/* --- reading a tree -----------------------------------------------------------------------------
 */

struct tree {
    enum reg_root root;
    enum reg_view view;
    char16_t *path; /* of PATH_MAX_UNITS + 1 */
    size_t len;
    struct buf bytes;
    struct reg_bytes from; /* when it is put back */
    bool reads;            /* only */
    bool bare;             /* of a journal without what is about keys */
};

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
        err = reg_add_text(&t->bytes, name);
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

static u32 add_inside(struct tree *t, u32 depth)
{
    struct reg_key *key;
    u32 err = reg_open_view(t->root, t->view, t->path, &key);

    if (err)
        return err;
    err = reg_add_values(&t->bytes, key, TREE_MAX);
    if (!err)
        err = add_keys(t, key, depth);
    reg_close(key);
    return err;
}

/* What a link leads to is none of the tree's. */
static u32 add_key(struct tree *t, u32 depth)
{
    struct reg_about about;
    bool is_link;
    u32 err;

    if (depth > DEPTH)
        return ERROR_NOT_SUPPORTED;
    err = reg_look(t->root, t->view, t->path, &about);
    if (err)
        return err;
    err = reg_add_about(&t->bytes, &about);
    is_link = about.link;
    reg_about_free(&about);
    return err || is_link ? err : add_inside(t, depth);
}

/* --- putting it back ----------------------------------------------------------------------------
 */

/* key NULL: they are only read. */
static u32 put_values(struct tree *t, struct reg_key *key)
{
    struct reg_bytes start = t->from;
    struct reg_value v;
    u32 count, err = reg_take_number(&t->from, &count);

    for (u32 i = 0; !err && i < count; i++) {
        err = reg_take_value(&t->from, &v);
        if (!err && key)
            err = reg_set(key, v.name, v.type, v.bytes, v.size);
    }
    return err || !key ? err : reg_put_in_order(key, &start);
}

static u32 put_key(struct tree *t, u32 depth);

static u32 put_keys(struct tree *t, u32 depth)
{
    char16_t name[REG_NAME_MAX];
    size_t len = t->len, n;
    u32 count, err = reg_take_number(&t->from, &count);

    for (u32 i = 0; !err && i < count; i++) {
        err = reg_take_text(&t->from, name, &n);
        if (!err)
            err = go_down(t, name, n);
        if (!err)
            err = put_key(t, depth + 1);
        go_up(t, len);
    }
    return err;
}

static bool is_same_class(const struct reg_about *a, const struct reg_about *b)
{
    return u16_equal(a->class ? a->class : u"", b->class ? b->class : u"") && !a->link == !b->link;
}

static bool is_as_secure(const struct reg_about *a, const struct reg_about *b)
{
    return a->security && b->security && a->security_size == b->security_size &&
           !memcmp(a->security, b->security, a->security_size);
}

/* The key goes where nothing is in it but keys in which nothing is. True: it has gone. */
static bool remove_hollow(struct tree *t, u32 depth)
{
    size_t len = t->len;
    char16_t name[REG_NAME_MAX];
    struct reg_about about;
    struct reg_key *key;
    bool gone;

    if (depth > DEPTH || reg_look(t->root, t->view, t->path, &about))
        return false;
    gone = about.link || reg_open_view(t->root, t->view, t->path, &key);
    reg_about_free(&about);
    if (gone) /* elsewhere, or altogether */
        return false;
    for (u32 i = 0; !reg_key_at(key, i, name); i += !gone) {
        gone = !go_down(t, name, u16_len(name)) && remove_hollow(t, depth + 1);
        go_up(t, len);
    }
    reg_close(key);
    os_step();
    return !reg_remove_empty(t->root, t->view, t->path);
}

/* One of another class that was made since has nothing in it any more. *secure: it has its security
 * already. */
static u32 make_room(struct tree *t, const struct reg_about *about, bool *secure)
{
    struct reg_about now;
    u32 err = reg_look(t->root, t->view, t->path, &now);

    *secure = false;
    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    *secure = is_as_secure(about, &now);
    if (!t->bare && !is_same_class(about, &now))
        remove_hollow(t, 0);
    reg_about_free(&now);
    os_step();
    return ERROR_SUCCESS;
}

static u32 put_inside(struct tree *t, u32 depth, bool secure)
{
    bool reads = t->reads;
    struct reg_key *key = NULL;
    u32 err = reads ? ERROR_SUCCESS : reg_make_view(t->root, t->view, t->path, &key);

    /* A key gets its security last, and that may keep out who gave it: then all is there. */
    if (err == ERROR_ACCESS_DENIED && secure)
        err = ERROR_SUCCESS;
    t->reads = reads || !key;
    if (!err)
        err = put_values(t, key);
    if (key)
        reg_close(key);
    os_step();
    if (!err)
        err = put_keys(t, depth);
    t->reads = reads;
    return err;
}

static u32 put_about(struct tree *t, u32 depth, const struct reg_about *about)
{
    struct reg_about open = *about; /* to all */
    bool secure = false;
    u32 err = t->reads ? ERROR_SUCCESS : make_room(t, about, &secure);

    open.security = NULL;
    if (!err && !t->reads)
        err = reg_make_as(t->root, t->view, t->path, &open);
    if (err == ERROR_ACCESS_DENIED && secure)
        err = ERROR_SUCCESS;
    if (!err && !about->link)
        err = put_inside(t, depth, secure);
    os_step();
    if (!err && !t->reads && about->security)
        err = reg_make_as(t->root, t->view, t->path, about);
    return err;
}

static u32 put_key(struct tree *t, u32 depth)
{
    struct reg_about about = {0};
    u32 err = ERROR_SUCCESS;

    if (depth > DEPTH)
        return ERROR_FILE_CORRUPT;
    if (!t->bare)
        err = reg_take_about(&t->from, &about);
    if (!err)
        err = put_about(t, depth, &about);
    reg_about_free(&about);
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
    op_number(undo, WITH_ABOUT);
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
        t.from = (struct reg_bytes){undo->f[3].bytes, undo->f[3].len, 0};
        t.bare = op_number_at(undo, 4) != WITH_ABOUT;
        err = put_key(&t, 0);
    }
    os_free(t.path);
    return err;
}

/* The tree as it is, or the key without bytes where there is none. */
static u32 tree_after(struct run *r, const struct op *undo, bool done, struct op *now)
{
    struct reg_at at;
    u32 err = reg_at_of(undo, &at);

    UNUSED(done);
    if (err || !behind_has(at.root, at.view, at.key))
        return err;
    err = tree_note(r, undo, now);
    if (!err && now->kind == OP_NONE) {
        op_begin(now, OP_REG_REMOVE_KEY);
        for (u32 i = 0; i < 3; i++)
            now->f[now->count++] = undo->f[i];
    }
    return err;
}

static u32 tree_again(struct run *r, const struct op *now)
{
    u32 err = tree_perform(r, now, NULL);

    return err ? err : tree_undo(r, now);
}

const struct op_family op_reg_remove_key = {
    .kind = OP_REG_REMOVE_KEY,
    .name = "RegRemoveKey",
    .note = tree_note,
    .perform = tree_perform,
    .undo = tree_undo,
    .after = tree_after,
    .again = tree_again,
};
