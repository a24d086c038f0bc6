/*
 * The server's life, and the lock that every method holds while it runs.
 *
 * A method enters, works, and leaves. Entering and leaving touch one counter of a stripe chosen by
 * the thread, so threads that only read share no cache line. What must be alone (shutting down,
 * unloading or replacing a hive) closes the door, waits until every stripe is empty, and opens it.
 *
 * Invariants
 *   (1) Between life_enter and life_leave no hive is unmounted and no handle's memory goes away.
 *   (2) A thread enters once: entering again inside would wait for itself behind a closed door.
 */
#ifndef DECANTER_LIFE_H
#define DECANTER_LIFE_H

#include "base.h"
#include "error.h"

/* How long a method waits at a closed door, and a closer for the methods inside, in milliseconds.
 */
#define LIFE_WAIT_MS 5000u

/* *pass is for life_leave. ERROR_NOT_READY before the first start, ERROR_WRITE_PROTECT after a
 * shutdown, WAIT_TIMEOUT when the door stayed closed. */
u32 life_enter(u32 *pass);
void life_leave(u32 pass);

/* Closes the door and waits for those inside. WAIT_TIMEOUT: another thread has closed it, or
 * somebody stays inside; the door is then open again. The caller is not inside. */
u32 life_close_door(u32 timeout_ms);
void life_open_door(void);

enum life_state { LIFE_NEW, LIFE_RUNNING, LIFE_DOWN };
/* To be changed with the door closed. */
void life_set(enum life_state state);
enum life_state life_state(void);

#endif
