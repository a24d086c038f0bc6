/*
 * Inside of transactions, for transact*.c alone.
 *
 * Invariants
 *   (1) Everything here is under txn_lock, writes of hives included; what a write calls does not
 *       come back here.
 *   (2) A deed holds its mount (space_hold).
 *   (3) A txn_key is in its transaction's list; both live until txn_reap(), which comes when no
 *       method runs, so rows that are no handle's may use it without counting.
 */
#ifndef DECANTER_TRANSACT_PRIV_H
#define DECANTER_TRANSACT_PRIV_H

#include "keypath.h"
#include "os.h"
#include "transact.h"

struct walk;

enum txn_state { ACTIVE, COMMITTED, ROLLED_BACK };

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
    enum txn_state state;
    bool closed;
    struct deed *first, **last;
    struct txn_key *keys;
};

extern struct os_mutex txn_lock;

/* The key at a path, plainly. ERROR_FILE_NOT_FOUND; *rest (NULL: no matter): what is missing, from
 * its component on. */
u32 txn_find(struct hview *v, const struct keypath *p, u32 *key, struct walk *rest);
/* A write of the hive as the transaction sees it; to be taken back. */
u32 txn_begin(const struct txn *t, struct mount *m, struct hive **h, struct hive_write *w);
/* Does all of it again in all hives, and keeps it. */
u32 txn_keep(const struct txn *t);
/* One more deed, to the key at the path. */
u32 txn_write_locked(struct txn *t, struct mount *m, const struct keypath *path,
                     const struct nsp_op *op);

#endif
