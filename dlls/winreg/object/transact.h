/*
 * Transactions: what is done under one is seen by nobody else until it is committed.
 *
 * A transaction keeps the list of what was done under it. To answer a question under the
 * transaction the list is done again in a write of the hive, the question asked there, and the
 * write taken back; to commit, it is done again and kept. So the hive stays free for everybody else
 * meanwhile, and what others changed is seen. An operation that cannot be done again at the commit,
 * the key being gone, fails the commit, and nothing of the transaction is kept.
 *
 * A key under a transaction is named by its path in its hive: it may be nowhere but in the list.
 */
#ifndef DECANTER_TRANSACT_H
#define DECANTER_TRANSACT_H

#include "nsp.h"

struct txn;

/* ERROR_OUTOFMEMORY. */
u32 txn_create(struct txn **out);
/* Both end the transaction; ERROR_TRANSACTION_NOT_ACTIVE for one that has ended. A commit that
 * fails has rolled back. Everything is done again in all hives, with the locks of all, before
 * anything is kept, so a conflict in one, or a disk that is full, keeps nothing in any
 * (hive_write_commit_all). */
u32 txn_commit(struct txn *t);
u32 txn_rollback(struct txn *t);
/* The owner lets it go: rolled back where it is still active. Its memory stays until txn_reap(). */
void txn_close(struct txn *t);
/* Frees transactions that nobody refers to; when no method runs. */
void txn_reap(void);

/* ERROR_TRANSACTION_NOT_ACTIVE for one that has ended. */
u32 txn_active(struct txn *t);
/* Whether something was done to the hive under a transaction that has not ended. */
bool txn_uses(const struct mount *m);

/* As nsp_open and its kin, under a transaction; p->base may be of it or of none. One that was
 * committed does nothing but for its own keys, without p->of_active. Below
 * HKEY_CLASSES_ROOT through classes.h, with a base that txn_adopt() brought in. The row's extra is
 * set. */
u32 txn_open(struct txn *t, const struct nsp_path *p, struct reg_row *out);
u32 txn_create_key(struct txn *t, const struct nsp_path *p, const struct nsp_new *what,
                   struct reg_row *out, bool *created);
u32 txn_delete(struct txn *t, const struct nsp_path *p);

/* Brings a key of no transaction, or HKEY_CLASSES_ROOT, under this one. */
u32 txn_adopt(struct txn *t, struct reg_row *row);

/* For rows whose extra is set. ERROR_KEY_DELETED; ERROR_TRANSACTION_NOT_ACTIVE after a rollback.
 * After a commit they are keys like others. */
struct txn *txn_of(const struct reg_row *row);
u32 txn_read(const struct reg_row *row, nsp_reader fn, void *ctx);
u32 txn_write(const struct reg_row *row, const struct nsp_op *op);
/* An op that gives the key that name: the transaction's open keys follow. */
u32 txn_rename(const struct reg_row *row, const struct nsp_op *op, const char16_t *name, u32 len);
/* The row goes into the handle table, and left it. Rows that never do need neither. */
void txn_row_opened(const struct reg_row *row);
void txn_row_closed(const struct reg_row *row);

#endif
