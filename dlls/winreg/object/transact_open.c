/*
 * Keys opened, made and deleted under a transaction.
 */
#include "transact_priv.h"

#include "walk.h"

#include <string.h>

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
    os_mutex_lock(&txn_lock);
    if (!err)
        err = make_row(t, row->mount, &path, row->access, &out);
    os_mutex_unlock(&txn_lock);
    keypath_free(&path);
    if (!err)
        row->extra = out.extra;
    return err;
}

/* Under the lock: whoever names a transaction that another thread has just committed must not do
 * at once, and for everybody, what was to be done under it. */
static u32 check_active(const struct txn *t, const struct nsp_path *p)
{
    return p->of_active && t->state != ACTIVE ? ERROR_TRANSACTION_NOT_ACTIVE : ERROR_SUCCESS;
}

/* What a look at the key at a path finds. */
static u32 look(struct txn *t, const struct nsp_path *p, struct mount *m,
                const struct keypath *path, u32 *granted)
{
    struct hive *h;
    struct hive_write w;
    u64 note;
    u32 key, err = check_active(t, p);
    if (!err)
        err = txn_begin(t, m, &h, &w);
    if (err)
        return err;
    err = txn_find(&w.view, path, &key, NULL);
    if (!err)
        err = access_check(m, &w.view, key, p->wanted, granted, &note);
    hive_write_abort(h, &w);
    return err;
}

u32 txn_open(struct txn *t, const struct nsp_path *p, struct reg_row *out)
{
    struct keypath path = {0};
    struct mount *m;
    u32 granted, err = resolve(p, &m, &path);
    os_mutex_lock(&txn_lock);
    if (!err)
        err = look(t, p, m, &path, &granted);
    if (!err)
        err = make_row(t, m, &path, granted | p->view, out);
    if (!err)
        out->flags = p->base->flags & ROW_CLASSES;
    os_mutex_unlock(&txn_lock);
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
    u32 key, err = txn_find(v, &mk->path, &key, &rest);
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
    os_mutex_lock(&txn_lock);
    if (!err)
        err = look(t, p, mk.mount, &mk.path, &granted);
    *created = err == ERROR_FILE_NOT_FOUND;
    if (*created) {
        err = txn_write_locked(t, mk.mount, &root, &op);
        granted = p->wanted & ACCESS_MAXIMUM ? ACCESS_ALL : p->wanted;
    }
    if (!err)
        err = make_row(t, mk.mount, &mk.path, granted | p->view, out);
    if (!err)
        out->flags = p->base->flags & ROW_CLASSES;
    os_mutex_unlock(&txn_lock);
    keypath_free(&mk.path);
    return err;
}

u32 txn_delete(struct txn *t, const struct nsp_path *p)
{
    struct reg_row row;
    struct nsp_path path = *p;
    path.wanted |= ACCESS_DELETE;
    u32 err = txn_open(t, &path, &row);
    if (err)
        return err;
    const struct txn_key *k = row.extra;
    os_mutex_lock(&txn_lock);
    err = check_active(t, p);
    if (!err)
        err = txn_write_locked(t, k->mount, &k->path, nsp_op_delete());
    os_mutex_unlock(&txn_lock);
    return err;
}
