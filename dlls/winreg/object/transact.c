/*
 * Transactions: their life, and reading and writing by a row under one (transact.h).
 */
#include "transact_priv.h"

#include "space_loaded.h"
#include "utf16.h"

struct os_mutex txn_lock;
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
    os_mutex_lock(&txn_lock);
    t->next = all;
    all = t;
    os_mutex_unlock(&txn_lock);
    *out = t;
    return ERROR_SUCCESS;
}

static void free_deeds(struct txn *t)
{
    while (t->first) {
        struct deed *d = t->first;
        t->first = d->next;
        space_release(d->mount);
        keypath_free(&d->path);
        os_free(d->ctx);
        os_free(d);
    }
    t->last = &t->first;
}

static u32 end(struct txn *t, enum txn_state state)
{
    if (t->state != ACTIVE)
        return ERROR_TRANSACTION_NOT_ACTIVE;
    t->state = state;
    free_deeds(t);
    return ERROR_SUCCESS;
}

u32 txn_rollback(struct txn *t)
{
    os_mutex_lock(&txn_lock);
    u32 err = end(t, ROLLED_BACK);
    os_mutex_unlock(&txn_lock);
    return err;
}

void txn_close(struct txn *t)
{
    os_mutex_lock(&txn_lock);
    end(t, ROLLED_BACK);
    t->closed = true;
    os_mutex_unlock(&txn_lock);
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
    os_mutex_lock(&txn_lock);
    for (struct txn **at = &all; *at;) {
        struct txn *t = *at;
        if (unused(t)) {
            *at = t->next;
            free_txn(t);
        } else {
            at = &t->next;
        }
    }
    os_mutex_unlock(&txn_lock);
}

struct txn *txn_of(const struct reg_row *row)
{
    return row->extra ? ((struct txn_key *)row->extra)->txn : NULL;
}

void txn_row_opened(const struct reg_row *row)
{
    struct txn_key *k = row->extra;
    os_mutex_lock(&txn_lock);
    k->handles++;
    os_mutex_unlock(&txn_lock);
}

void txn_row_closed(const struct reg_row *row)
{
    struct txn_key *k = row->extra;
    os_mutex_lock(&txn_lock);
    k->handles--;
    os_mutex_unlock(&txn_lock);
}

u32 txn_commit(struct txn *t)
{
    u32 err = ERROR_TRANSACTION_NOT_ACTIVE;
    os_mutex_lock(&txn_lock);
    if (t->state == ACTIVE) {
        err = txn_keep(t);
        end(t, err ? ROLLED_BACK : COMMITTED);
    }
    os_mutex_unlock(&txn_lock);
    nsp_tell_all();
    return err;
}

bool txn_uses(const struct mount *m)
{
    bool found = false;
    os_mutex_lock(&txn_lock);
    for (const struct txn *t = all; t && !found; t = t->next)
        for (const struct deed *d = t->first; d && !found; d = d->next)
            found = d->mount == m;
    os_mutex_unlock(&txn_lock);
    return found;
}

u32 txn_active(struct txn *t)
{
    os_mutex_lock(&txn_lock);
    bool active = t->state == ACTIVE;
    os_mutex_unlock(&txn_lock);
    return active ? ERROR_SUCCESS : ERROR_TRANSACTION_NOT_ACTIVE;
}

/* --- rows
 * -------------------------------------------------------------------------------------------------
 */

/* The hive stays until the transaction has ended, with or without a handle of it. */
static u32 note_deed(struct txn *t, struct mount *m, const struct keypath *path,
                     const struct nsp_op *op)
{
    struct deed *d = os_calloc(1, sizeof *d);
    u32 err = d ? op->keep(op->ctx, &d->ctx) : (u32)ERROR_OUTOFMEMORY;
    if (!err)
        err = keypath_add(&d->path, path->s, path->len);
    if (!err)
        err = space_hold(m);
    if (err) {
        if (d) {
            keypath_free(&d->path);
            os_free(d->ctx);
        }
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
    u32 key, err = txn_begin(k->txn, k->mount, &h, &w);
    if (err)
        return err;
    err = txn_find(&w.view, &k->path, &key, NULL);
    err = err == ERROR_FILE_NOT_FOUND ? ERROR_KEY_DELETED : err ? err : fn(ctx, &w.view, key);
    hive_write_abort(h, &w);
    return err;
}

u32 txn_read(const struct reg_row *row, nsp_reader fn, void *ctx)
{
    os_mutex_lock(&txn_lock);
    u32 err = read_locked(row->extra, fn, ctx);
    os_mutex_unlock(&txn_lock);
    return err;
}

u32 txn_write_locked(struct txn *t, struct mount *m, const struct keypath *path,
                     const struct nsp_op *op)
{
    struct hive *h;
    struct hive_write w;
    bool active = t->state == ACTIVE;
    if (active && !op->keep)
        return ERROR_NOT_SUPPORTED;
    u32 key, err = txn_begin(t, m, &h, &w);
    if (err)
        return err;
    err = txn_find(&w.view, path, &key, NULL);
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
    os_mutex_lock(&txn_lock);
    u32 err = txn_write_locked(k->txn, k->mount, &k->path, op);
    os_mutex_unlock(&txn_lock);
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
        err = txn_write_locked(k->txn, k->mount, &k->path, op);
    if (!err)
        err = follow(k->txn, k->mount, &from, &to);
    keypath_free(&from);
    keypath_free(&to);
    return err;
}

u32 txn_rename(const struct reg_row *row, const struct nsp_op *op, const char16_t *name, u32 len)
{
    os_mutex_lock(&txn_lock);
    u32 err = rename_locked(row->extra, op, name, len);
    os_mutex_unlock(&txn_lock);
    return err;
}
