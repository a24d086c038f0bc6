/*
 * Transactions by their handles.
 */
#include "classes.h"
#include "inside.h"
#include "transact.h"

DWORD WINAPI WinregCreateTransaction(PRPC_HKEY transaction)
{
    struct call c;
    struct txn *t;
    u32 err = call_begin_open(&c);
    if (err)
        return err;
    if (!transaction)
        return call_end(&c, ERROR_INVALID_PARAMETER);
    *transaction = NULL;
    err = txn_create(&t);
    if (!err) {
        struct reg_row row = {.id = SPACE_TRANSACTION, .extra = t};
        err = call_give(&row, transaction);
        if (err)
            txn_close(t);
    }
    return call_end(&c, err);
}

/* The transaction of a handle. */
static u32 begin(struct call *c, RPC_HKEY transaction, struct txn **t)
{
    u32 err = call_begin_any(c, transaction, ERROR_INVALID_HANDLE);
    if (!err && (c->row.mount || c->row.id != SPACE_TRANSACTION))
        err = call_end(c, ERROR_INVALID_HANDLE);
    if (!err)
        *t = c->row.extra;
    return err;
}

DWORD WINAPI WinregCommitTransaction(RPC_HKEY transaction)
{
    struct call c;
    struct txn *t;
    u32 err = begin(&c, transaction, &t);
    return err ? err : call_end(&c, txn_commit(t));
}

DWORD WINAPI WinregRollbackTransaction(RPC_HKEY transaction)
{
    struct call c;
    struct txn *t;
    u32 err = begin(&c, transaction, &t);
    return err ? err : call_end(&c, txn_rollback(t));
}

/* The key below which something is done under the transaction. */
static u32 begin_path(struct call *c, RPC_HKEY transaction, RPC_HKEY key, u32 sam, struct txn **t,
                      struct reg_row *base, struct nsp_path *p)
{
    u32 handle, err = begin(c, transaction, t);
    if (err)
        return err;
    if (!hnd_value(key, &handle) || hnd_get(handle, base) ||
        (!base->mount && base->id >= SPACE_PERF_DATA))
        err = ERROR_INVALID_HANDLE;
    if (!err && base->extra && txn_of(base) != *t)
        err = ERROR_INVALID_HANDLE;
    if (!err)
        err = txn_active(*t);
    struct text name = {p->path, p->len};
    if (!err)
        err = access_parse(sam, &p->wanted, &p->view);
    if (!err)
        err = call_text(c, &name);
    p->path = name.s;
    p->len = name.len;
    if (!err && base->flags & ROW_CLASSES && !base->extra)
        err = txn_adopt(*t, base);
    p->base = base;
    p->of_active = true;
    return err ? call_end(c, err) : ERROR_SUCCESS;
}

u32 inside_txn_open(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len, u32 sam,
                    RPC_HKEY *out)
{
    struct call c;
    struct txn *t;
    struct reg_row base, row;
    struct nsp_path p = {.path = path, .len = len};
    *out = NULL;
    u32 err = begin_path(&c, transaction, key, sam, &t, &base, &p);
    if (err)
        return err;
    err = base.flags & ROW_CLASSES ? classes_open(&p, &row) : txn_open(t, &p, &row);
    return call_end(&c, err ? err : call_give(&row, out));
}

u32 inside_txn_create(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len,
                      const struct nsp_new *what, u32 sam, RPC_HKEY *out, bool *created)
{
    struct call c;
    struct txn *t;
    struct reg_row base, row;
    struct nsp_path p = {.path = path, .len = len};
    *out = NULL;
    u32 err = begin_path(&c, transaction, key, sam, &t, &base, &p);
    if (err)
        return err;
    err = base.flags & ROW_CLASSES ? classes_create(&p, what, &row, created)
                                   : txn_create_key(t, &p, what, &row, created);
    return call_end(&c, err ? err : call_give(&row, out));
}

u32 inside_txn_delete(RPC_HKEY transaction, RPC_HKEY key, const char16_t *path, u32 len, u32 sam)
{
    struct call c;
    struct txn *t;
    struct reg_row base;
    struct nsp_path p = {.path = path, .len = len};
    u32 err = begin_path(&c, transaction, key, sam, &t, &base, &p);
    if (err)
        return err;
    p.wanted |= ACCESS_DELETE;
    return call_end(&c, base.flags & ROW_CLASSES ? classes_delete(&p) : txn_delete(t, &p));
}
