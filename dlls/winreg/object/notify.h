/*
 * Waiting for changes of keys (RegNotifyChangeKeyValue).
 *
 * The first wait through a handle decides what the handle listens to, until it is closed; later
 * waits listen to the same. A change with nobody waiting is kept for the next wait, which is then
 * over at once. Changes made in this process are told at once, those of others when notify_poll()
 * looks.
 */
#ifndef DECANTER_NOTIFY_H
#define DECANTER_NOTIFY_H

#include "row.h"
#include "space.h"

/* Called once for each wait: when a change came, when the handle is closed, when the thread that
 * waits has ended, or when the server stops. It must not come back here. */
typedef void (*notify_fire)(void *ctx);

struct notify_wait {
    notify_fire fire;
    void *ctx;
    u32 thread; /* whose end ends the wait; 0: no thread's */
};

/* what: WATCH_* bits. ERROR_KEY_DELETED, ERROR_NO_SYSTEM_RESOURCES, ERROR_OUTOFMEMORY; the wait is
 * then not fired. Not for performance keys (ERROR_INVALID_HANDLE). */
u32 notify_add(u32 handle, const struct reg_row *row, u32 what, bool subtree,
               const struct notify_wait *wait);
/* A write of the mount's hive was committed here (nsp_on_commit). */
void notify_committed(struct mount *m);
/* The handle is closed: fires its waits and forgets it. */
void notify_closed(u32 handle);
/* The mount goes (space_on_remove): who waits for all hives listens to it no more. */
void notify_unmounted(const struct mount *m);
/* Looks for changes in all hives that are listened to. False when nobody waits. */
bool notify_poll(void);
/* Takes one wait back without firing it, by its ctx; false where it was over already. */
bool notify_take_back(u32 handle, const void *ctx);
/* Fires everything and forgets it. */
void notify_stop(void);

#endif
