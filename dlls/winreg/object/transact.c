/*
 * Invariants
 *   (1) Everything here is under `lock`, writes of hives included; what a write calls does not come
 *       back here.
 *   (2) A txn_key is in its transaction's list; both live until txn_reap(), which comes when no
 *       method runs, so rows that are no handle's may use it without counting.
 */
#include "transact.h"

#include "keypath.h"
#include "os.h"
#include "utf16.h"
#include "walk.h"

#include <string.h>

enum state { ACTIVE, COMMITTED, ROLLED_BACK };

/* Something done: to the key at a path of a hive. */
struct deed {
    struct deed *next;
    struct mount *mount;
    struct keypath path;
    nsp_writer run;
    void *ctx; /* a copy, one block */
};

struct txn_key {
    struct txn_key *next;
    struct txn *txn;
    struct mount *mount;
    struct keypath path;
    u32 handles;
};

struct txn {
    struct txn *next;
    enum state state;
    bool closed;
    struct deed *first, **last;
    struct txn_key *keys;
};

static struct os_mutex lock;
static struct txn *all;

/* --- life
 * -----------------------------------------------------------------------------------------------
 */

u32 txn_create(struct txn **out)
{
    struct txn *t = os_calloc(1, sizeof *t);
    if (!t)
        return ERROR_OUTOFMEMORY;
    t->last = &t->first;
    os_mutex_lock(&lock);
    t->next = all;
    all = t;
    os_mutex_unlock(&lock);
    *out = t;
    return ERROR_SUCCESS;
}

static void free_deeds(struct txn *t)
{
    while (t->first) {
        struct deed *d = t->first;
        t->first = d->next;
        keypath_free(&d->path);
        os_free(d->ctx);
        os_free(d);
    }
    t->last = &t->first;
}

static u32 end(struct txn *t, enum state state)
{
    if (t->state != ACTIVE)
        return ERROR_TRANSACTION_NOT_ACTIVE;
    t->state = state;
    free_deeds(t);
    return ERROR_SUCCESS;
}

u32 txn_rollback(struct txn *t)
{
    os_mutex_lock(&lock);
    u32 err = end(t, ROLLED_BACK);
    os_mutex_unlock(&lock);
    return err;
}

void txn_close(struct txn *t)
{
    os_mutex_lock(&lock);
    end(t, ROLLED_BACK);
    t->closed = true;
    os_mutex_unlock(&lock);
}

static bool unused(const struct txn *t)
{
    const struct txn_key *k = t->keys;
    while (k && !k->handles)
        k = k->next;
    return t->closed && !k;
}

static void free_txn(struct txn *t)
{
    free_deeds(t);
    while (t->keys) {
        struct txn_key *k = t->keys;
        t->keys = k->next;
        keypath_free(&k->path);
        os_free(k);
    }
    os_free(t);
}

void txn_reap(void)
{
    os_mutex_lock(&lock);
    for (struct txn **at = &all; *at;) {
        struct txn *t = *at;
        if (unused(t)) {
            *at = t->next;
            free_txn(t);
        } else {
            at = &t->next;
        }
    }
    os_mutex_unlock(&lock);
}

struct txn *txn_of(const struct reg_row *row)
{
    return row->extra ? ((struct txn_key *)row->extra)->txn : NULL;
}

void txn_row_opened(const struct reg_row *row)
{
    struct txn_key *k = row->extra;
    os_mutex_lock(&lock);
    k->handles++;
    os_mutex_unlock(&lock);
}

void txn_row_closed(const struct reg_row *row)
{
    struct txn_key *k = row->extra;
    os_mutex_lock(&lock);
    k->handles--;
    os_mutex_unlock(&lock);
}

/* --- doing it again
 * ---------------------------------------------------------------------------------------- */

/* The key at a path, plainly. ERROR_FILE_NOT_FOUND; *rest: what is missing, from its component on.
 */
static u32 find(struct hview *v, const struct keypath *p, u32 *key, struct walk *rest)
{
    struct walk w = {.rest = p->s ? p->s : u"", .left = p->len};
    struct key_ref root;
    const char16_t *name;
    u32 len, err = key_root(v, &root);
    *key = root.cell;
    while (!err && walk_component(&w, &name, &len)) {
        err = key_find(v, *key, name, len, key);
        if (!err)
            walk_consume(&w, name, len);
    }
    if (rest)
        *rest = w;
    return err;
}

static u32 do_again(const struct txn *t, const struct mount *m, struct hview *v)
{
    u32 key, err = ERROR_SUCCESS;
    for (const struct deed *d = t->first; d && !err; d = d->next) {
        if (d->mount != m)
            continue;
        err = find(v, &d->path, &key, NULL);
        if (!err)
            err = d->run(d->ctx, v, key);
        /* What was there when it was done is not there now. */
        if (err == ERROR_FILE_NOT_FOUND || err == ERROR_KEY_DELETED || err == ERROR_ALREADY_EXISTS)
            err = ERROR_TRANSACTIONAL_CONFLICT;
    }
    return err;
}

/* A write of the hive as the transaction sees it; to be taken back. */
static u32 begin(const struct txn *t, struct mount *m, struct hive **h, struct hive_write *w)
{
    if (t->state == ROLLED_BACK)
        return ERROR_TRANSACTION_NOT_ACTIVE;
    u32 err = space_hive(m, h);
    if (!err)
        err = hive_write_begin(*h, HIVE_WAIT, w);
    if (err)
        return err;
    err = do_again(t, m, &w->view);
    if (err)
        hive_write_abort(*h, w);
    return err;
}

static bool done_before(const struct txn *t, const struct deed *d)
{
    const struct deed *e = t->first;
    while (e != d && e->mount != d->mount)
        e = e->next;
    return e != d;
}

/* --- committing
 * --------------------------------------------------------------------------------------------
 */

struct part {
    struct mount *mount;
    struct hive *hive;
    struct hive_write w;
};

/* The order in which every process takes the locks of several hives. */
static bool comes_before(const struct mount *a, const struct mount *b)
{
    if (a->top != b->top)
        return a->top < b->top;
    return u16_compare_fold(a->name, a->name_len, b->name, b->name_len) < 0;
}

/* The hives that were changed, from os_alloc. */
static u32 collect(const struct txn *t, struct part **parts, u32 *count)
{
    u32 n = 0, at;
    for (const struct deed *d = t->first; d; d = d->next)
        n += !done_before(t, d);
    *count = n;
    *parts = os_calloc(n + 1, sizeof **parts);
    if (!*parts)
        return ERROR_OUTOFMEMORY;
    n = 0;
    for (const struct deed *d = t->first; d; d = d->next) {
        if (done_before(t, d))
            continue;
        for (at = n++; at && comes_before(d->mount, (*parts)[at - 1].mount); at--)
            (*parts)[at].mount = (*parts)[at - 1].mount;
        (*parts)[at].mount = d->mount;
    }
    return ERROR_SUCCESS;
}

/* Nothing is kept before all of it could be done, in all hives. */
static u32 commit_parts(const struct txn *t, struct part *parts, u32 count)
{
    u32 begun = 0, done = 0, err = ERROR_SUCCESS;
    while (!err && begun < count) {
        struct part *p = &parts[begun];
        err = begin(t, p->mount, &p->hive, &p->w);
        begun += !err;
    }
    while (!err && done < count) {
        err = hive_write_commit(parts[done].hive, &parts[done].w);
        done++;
    }
    for (; done < begun; done++)
        hive_write_abort(parts[done].hive, &parts[done].w);
    return err;
}

static u32 commit(struct txn *t)
{
    struct part *parts;
    u32 count, err = collect(t, &parts, &count);
    if (!err)
        err = commit_parts(t, parts, count);
    os_free(parts);
    return err;
}

u32 txn_commit(struct txn *t)
{
    u32 err = ERROR_TRANSACTION_NOT_ACTIVE;
    os_mutex_lock(&lock);
    if (t->state == ACTIVE) {
        err = commit(t);
        end(t, err ? ROLLED_BACK : COMMITTED);
    }
    os_mutex_unlock(&lock);
    nsp_tell_all();
    return err;
}

/* --- rows
 * -------------------------------------------------------------------------------------------------
 */

static u32 note_deed(struct txn *t, struct mount *m, const struct keypath *path,
                     const struct nsp_op *op)
{
    struct deed *d = os_calloc(1, sizeof *d);
    u32 err = d ? op->keep(op->ctx, &d->ctx) : (u32)ERROR_OUTOFMEMORY;
    if (!err)
        err = keypath_add(&d->path, path->s, path->len);
    if (err) {
        if (d)
            os_free(d->ctx);
        os_free(d);
        return err;
    }
    d->mount = m;
    d->run = op->run;
    *t->last = d;
    t->last = &d->next;
    return ERROR_SUCCESS;
}

static u32 read_locked(const struct txn_key *k, nsp_reader fn, void *ctx)
{
    struct hive *h;
    struct hive_write w;
    u32 key, err = begin(k->txn, k->mount, &h, &w);
    if (err)
        return err;
    err = find(&w.view, &k->path, &key, NULL);
    err = err == ERROR_FILE_NOT_FOUND ? ERROR_KEY_DELETED : err ? err : fn(ctx, &w.view, key);
    hive_write_abort(h, &w);
    return err;
}

u32 txn_read(const struct reg_row *row, nsp_reader fn, void *ctx)
{
    os_mutex_lock(&lock);
    u32 err = read_locked(row->extra, fn, ctx);
    os_mutex_unlock(&lock);
    return err;
}

static u32 write_locked(struct txn *t, struct mount *m, const struct keypath *path,
                        const struct nsp_op *op)
{
    struct hive *h;
    struct hive_write w;
    bool active = t->state == ACTIVE;
    if (active && !op->keep)
        return ERROR_NOT_SUPPORTED;
    u32 key, err = begin(t, m, &h, &w);
    if (err)
        return err;
    err = find(&w.view, path, &key, NULL);
    err = err == ERROR_FILE_NOT_FOUND ? ERROR_KEY_DELETED
          : err                       ? err
                                      : op->run(op->ctx, &w.view, key);
    if (!err && !active)
        return hive_write_commit(h, &w);
    hive_write_abort(h, &w);
    return err ? err : note_deed(t, m, path, op);
}

u32 txn_write(const struct reg_row *row, const struct nsp_op *op)
{
    const struct txn_key *k = row->extra;
    os_mutex_lock(&lock);
    u32 err = write_locked(k->txn, k->mount, &k->path, op);
    os_mutex_unlock(&lock);
    return err;
}

/* --- renaming
 * --------------------------------------------------------------------------------------------- */

/* Whether the path is that of the key, or of one below it. */
static bool is_at_or_below(const struct keypath *path, const struct keypath *key)
{
    return path->len >= key->len && !u16_compare_fold(path->s, key->len, key->s, key->len) &&
           (path->len == key->len || path->s[key->len] == u'\\');
}

/* What was the path `from` in front is `to` now. */
static u32 move_path(struct keypath *path, const struct keypath *from, const struct keypath *to)
{
    struct keypath moved = {0};
    u32 skip = path->len > from->len ? from->len + 1 : from->len;
    u32 err = keypath_add(&moved, to->s, to->len);
    if (!err)
        err = keypath_add(&moved, path->s + skip, path->len - skip);
    if (err) {
        keypath_free(&moved);
        return err;
    }
    keypath_free(path);
    *path = moved;
    return ERROR_SUCCESS;
}

/* The keys that the transaction has open are known by their paths. */
static u32 follow(struct txn *t, const struct mount *m, const struct keypath *from,
                  const struct keypath *to)
{
    u32 err = ERROR_SUCCESS;
    for (struct txn_key *k = t->keys; k && !err; k = k->next)
        if (k->mount == m && is_at_or_below(&k->path, from))
            err = move_path(&k->path, from, to);
    return err;
}

static u32 rename_locked(struct txn_key *k, const struct nsp_op *op, const char16_t *name, u32 len)
{
    struct keypath from = {0}, to = {0};
    u32 parent = k->path.len, err = keypath_add(&from, k->path.s, k->path.len);
    while (parent && k->path.s[parent - 1] != u'\\')
        parent--;
    if (!err)
        err = keypath_add(&to, k->path.s, parent ? parent - 1 : 0);
    if (!err)
        err = keypath_add(&to, name, len);
    if (!err)
        err = write_locked(k->txn, k->mount, &k->path, op);
    if (!err)
        err = follow(k->txn, k->mount, &from, &to);
    keypath_free(&from);
    keypath_free(&to);
    return err;
}

u32 txn_rename(const struct reg_row *row, const struct nsp_op *op, const char16_t *name, u32 len)
{
    os_mutex_lock(&lock);
    u32 err = rename_locked(row->extra, op, name, len);
    os_mutex_unlock(&lock);
    return err;
}

/* --- opening
 * ---------------------------------------------------------------------------------------------- */

/* The hive and the path in it that p means; what is missing of it may be the transaction's own. */
static u32 resolve(const struct nsp_path *p, struct mount **m, struct keypath *path)
{
    struct reg_row at = {0};
    struct walk w;
    const struct txn_key *k = p->base->extra;
    u32 err;
    if (p->len && *p->path == u'\\')
        return ERROR_BAD_PATHNAME;
    if (k && p->base->mount) {
        *m = k->mount;
        err = keypath_add(path, k->path.s, k->path.len);
        return err ? err : keypath_add(path, p->path, p->len);
    }
    walk_start(&w, p->base, p->path, p->len);
    w.view = p->view & ACCESS_VIEW_32;
    w.open_link = p->open_link;
    err = walk_run(&w, NULL, NULL);
    if (err == ERROR_FILE_NOT_FOUND && w.at.mount)
        err = ERROR_SUCCESS;
    if (!err && !w.at.mount)
        err = ERROR_ACCESS_DENIED;
    if (!err) {
        *m = at.mount = w.at.mount;
        at.cell = w.at.cell;
        at.id = w.at.id;
        at.gen = w.at.gen;
        err = keypath_of(&at, path);
    }
    if (!err)
        err = keypath_add(path, w.rest, w.left);
    walk_done(&w);
    return err;
}

/* Takes the path over. */
static u32 make_row(struct txn *t, struct mount *m, struct keypath *path, u32 access,
                    struct reg_row *out)
{
    struct txn_key *k = os_calloc(1, sizeof *k);
    if (!k)
        return ERROR_OUTOFMEMORY;
    k->txn = t;
    k->mount = m;
    k->path = *path;
    *path = (struct keypath){0};
    k->next = t->keys;
    t->keys = k;
    *out = (struct reg_row){.mount = m, .access = access, .extra = k};
    return ERROR_SUCCESS;
}

u32 txn_adopt(struct txn *t, struct reg_row *row)
{
    struct keypath path = {0};
    struct reg_row out;
    u32 err = row->mount ? keypath_of(row, &path) : ERROR_SUCCESS;
    os_mutex_lock(&lock);
    if (!err)
        err = make_row(t, row->mount, &path, row->access, &out);
    os_mutex_unlock(&lock);
    keypath_free(&path);
    if (!err)
        row->extra = out.extra;
    return err;
}

/* What a look at the key at a path finds. */
static u32 look(struct txn *t, struct mount *m, const struct keypath *path, u32 wanted,
                u32 *granted)
{
    struct hive *h;
    struct hive_write w;
    u64 note;
    u32 key, err = begin(t, m, &h, &w);
    if (err)
        return err;
    err = find(&w.view, path, &key, NULL);
    if (!err)
        err = access_check(m, &w.view, key, wanted, granted, &note);
    hive_write_abort(h, &w);
    return err;
}

u32 txn_open(struct txn *t, const struct nsp_path *p, struct reg_row *out)
{
    struct keypath path = {0};
    struct mount *m;
    u32 granted, err = resolve(p, &m, &path);
    os_mutex_lock(&lock);
    if (!err)
        err = look(t, m, &path, p->wanted, &granted);
    if (!err)
        err = make_row(t, m, &path, granted | p->view, out);
    if (!err)
        out->flags = p->base->flags & ROW_CLASSES;
    os_mutex_unlock(&lock);
    keypath_free(&path);
    return err;
}

/* --- making
 * -------------------------------------------------------------------------------------------------
 */

/* A key to be made, as one block. */
struct making {
    struct mount *mount;
    struct nsp_new what;
    struct keypath path;
    bool made;
};

static u32 make_path(void *ctx, struct hview *v, u32 root)
{
    struct making *mk = ctx;
    struct walk rest;
    u64 note;
    UNUSED(root);
    u32 key, err = find(v, &mk->path, &key, &rest);
    mk->made = err == ERROR_FILE_NOT_FOUND;
    if (!mk->made)
        return err;
    rest.at.mount = mk->mount;
    rest.at.cell = key;
    return nsp_make_rest(&rest, v, &mk->what, &note);
}

static void *put(u8 **at, const void *from, u32 n)
{
    void *here = n ? memcpy(*at, from, n) : NULL;
    *at += ALIGN_UP(n, 8u);
    return here;
}

static u32 keep_making(const void *ctx, void **copy)
{
    const struct making *mk = ctx;
    u32 size = (u32)sizeof *mk + ALIGN_UP(mk->path.len * 2, 8u) +
               ALIGN_UP(mk->what.class_size, 8u) + ALIGN_UP(mk->what.sd_size, 8u) + 8;
    struct making *c = os_alloc(size);
    if (!c)
        return ERROR_OUTOFMEMORY;
    u8 *at = (u8 *)(c + 1);
    *c = *mk;
    c->path.s = put(&at, mk->path.s, mk->path.len * 2);
    c->what.class_name = put(&at, mk->what.class_name, mk->what.class_size);
    c->what.sd = put(&at, mk->what.sd, mk->what.sd_size);
    *copy = c;
    return ERROR_SUCCESS;
}

u32 txn_create_key(struct txn *t, const struct nsp_path *p, const struct nsp_new *what,
                   struct reg_row *out, bool *created)
{
    struct making mk = {.what = *what};
    struct nsp_op op = {make_path, &mk, keep_making};
    const struct keypath root = {0};
    u32 granted = p->wanted, err = resolve(p, &mk.mount, &mk.path);
    os_mutex_lock(&lock);
    if (!err)
        err = look(t, mk.mount, &mk.path, p->wanted, &granted);
    *created = err == ERROR_FILE_NOT_FOUND;
    if (*created) {
        err = write_locked(t, mk.mount, &root, &op);
        granted = p->wanted & ACCESS_MAXIMUM ? ACCESS_ALL : p->wanted;
    }
    if (!err)
        err = make_row(t, mk.mount, &mk.path, granted | p->view, out);
    if (!err)
        out->flags = p->base->flags & ROW_CLASSES;
    os_mutex_unlock(&lock);
    keypath_free(&mk.path);
    return err;
}

u32 txn_delete(struct txn *t, const struct nsp_path *p)
{
    struct reg_row row;
    struct nsp_path path = *p;
    path.wanted |= ACCESS_DELETE;
    u32 err = txn_open(t, &path, &row);
    return err ? err : txn_write(&row, nsp_op_delete());
}
