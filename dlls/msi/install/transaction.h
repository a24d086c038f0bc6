/*
 * A transaction over several installations: they share one run, which is committed or undone whole.
 *
 * A process has at most one, and so has a machine: its journal is a living owner's (run.h), so no
 * installation that is not of it begins anywhere. An installation that fails is undone at once, and
 * spoils the transaction: what is left to it is to be undone. Any thread may call.
 */
#ifndef MSI_TRANSACTION_H
#define MSI_TRANSACTION_H

#include "run.h"
#include "session.h"

/* name: what transaction_join takes. ERROR_INSTALL_ALREADY_RUNNING: there is one, or an
 * installation runs; run_recover's errors. */
u32 transaction_begin(char16_t name[RUN_NAME]);
/* Whether this process has one. */
bool transaction_is_open(void);
/* The session's installation is the transaction's, where there is one. Before its actions.
 * ERROR_INSTALL_ALREADY_RUNNING: another of them is not done yet. */
u32 transaction_enter(struct session *s);
/* After them, also where there is no transaction. err: how it ended; the same or another comes
 * back. */
u32 transaction_leave(struct session *s, u32 err);
/* Whether this process has a transaction, which Wine's engine knows nothing of: what is not for
 * this engine cannot be one of its installations, and spoils it. */
bool transaction_excludes_others(void);
/* commit: only where every installation succeeded. Whatever it returns, there is no transaction
 * afterwards. ERROR_ACCESS_DENIED: there is none here; ERROR_INSTALL_ALREADY_RUNNING (and it
 * stays): one of its installations is not done yet. ERROR_ROLLBACK_DISABLED: what an installation
 * did is not undone, as it wanted; ERROR_INSTALL_FAILURE: everything was undone, or something could
 * not be (run_recover tries again). */
u32 transaction_end(bool commit);

struct install;
/* The session's installation waits: its run, which becomes a transaction's where it is not one's
 * yet, may be given away and joined meanwhile, and others may be of it. */
u32 transaction_lend(struct install *in, char16_t name[RUN_NAME]);
/* It goes on. False: another process has the run, or had; in->run is NULL then. */
bool transaction_regain(struct install *in);

/* --- from process to process -------------------------------------------------------------------
 */

/* Another process has it from then on, if it waits for it. ERROR_ACCESS_DENIED,
 * ERROR_INSTALL_ALREADY_RUNNING. */
u32 transaction_give(void);
/* Waits until it is given. waits: run_take's. ERROR_INVALID_HANDLE_STATE: there is no such one any
 * more; ERROR_INSTALL_ALREADY_RUNNING: it was not given in time, or this process has one. */
u32 transaction_join(const char16_t *name, u32 timeout_ms, u32 (*waits)(void *ctx), void *ctx);

#endif
