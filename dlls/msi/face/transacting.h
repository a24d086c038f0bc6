/*
 * What the processes that share a transaction know of it: its handle's number, its owner, how it
 * ended; and how its owner gives it to another one.
 */
#ifndef MSI_TRANSACTING_H
#define MSI_TRANSACTING_H

#include <windows.h>

#include "base.h"
#include "run.h"

/* A transaction of this process is known to others from then on. *changed: an event that is set
 * when another process has it; the caller's. */
u32 transacting_begin(u32 handle, const char16_t name[RUN_NAME], HANDLE *changed);
/* This process has it then. ERROR_INVALID_HANDLE_STATE: that is no transaction's handle;
 * ERROR_ACCESS_DENIED: another user's; ERROR_INSTALL_ALREADY_RUNNING. */
u32 transacting_join(u32 handle, HANDLE *changed);
/* transaction_end, which the others are told of. */
u32 transacting_end(bool commit);
/* Whether another process has a transaction now. */
bool transacting_elsewhere(void);

/* How the transaction with that handle, which this process began or joined, ended. */
enum transacting_end { TRANSACTING_OPEN, TRANSACTING_COMMITTED, TRANSACTING_UNDONE };
enum transacting_end transacting_outcome(u32 handle);
/* That transaction of this process's ended without transacting_end. */
void transacting_forget(u32 handle);
/* A new handle for one, of this thread; 0: no memory. */
u32 transacting_new_handle(void);
/* The handle's number of this process's transaction, or the last one's; 0: there was none. */
u32 transacting_handle(void);

#endif
