/*
 * RegNotifyChangeKeyValue below the face, and the one thread of the server: it looks for other
 * processes' changes while somebody waits for them, lets go of hives that they unload, and is the
 * FLUSH_TIMER of MS-RRP 3.1.2. It starts with the first wait, or when a second has gone by since a
 * write, and ends when it was idle for a while.
 */
#ifndef DECANTER_WATCHER_H
#define DECANTER_WATCHER_H

#include "method.h"
#include "notify.h"

/* Fires wait->fire once (notify.h). filter: REG_NOTIFY_CHANGE_*. ERROR_INVALID_HANDLE,
 * ERROR_ACCESS_DENIED (no KEY_NOTIFY), ERROR_KEY_DELETED, ERROR_NO_SYSTEM_RESOURCES. */
u32 watcher_add(RPC_HKEY key, bool subtree, u32 filter, const struct notify_wait *wait);

/* There is something for the thread to do, or soon will be. ERROR_NO_SYSTEM_RESOURCES. */
u32 watcher_wake(void);

/* Starts the thread where a write has waited long enough for it; one load where none does. */
void watcher_due(void);

/* For the server's start. */
void watcher_init(void);

#endif
