/*
 * The table of MSIHANDLEs.
 *
 * A handle is 32 bits: the low 22 are a slot, the high 10 its generation, never 0. So a handle of
 * ours is never 0 and never below HND_FIRST, where the handles of Wine's msi.dll live.
 * Slots stand in chunks that never move. A freed slot goes to the end of a queue and is reused
 * late.
 *
 * A handle belongs to the thread that opened it, and that thread alone can close it. Therefore the
 * owner may use it without further ado; any other thread pins the slot first, and a close that
 * finds pins leaves the end of the object to the last of them.
 */
#ifndef MSI_HANDLE_H
#define MSI_HANDLE_H

#include "object.h"

enum { HND_SLOT_BITS = 22, HND_FIRST = 1 << HND_SLOT_BITS };

/* A use of a handle, from hnd_use to hnd_done. */
struct hnd_use {
    struct object *obj;
    u32 pinned; /* slot + 1, or 0 */
};

/* Puts obj (whose reference it takes over in any case) under a new handle of this thread.
 * 0 when there is no memory or no slot; obj is then unreferenced. */
u32 hnd_open(struct object *obj);
/* ERROR_INVALID_HANDLE unless h is open; type OBJ_ANY takes all. */
u32 hnd_use(u32 h, u32 type, struct hnd_use *use);
void hnd_done(struct hnd_use *use);
/* 0 is success; ERROR_INVALID_HANDLE for what is not open or is another thread's. */
u32 hnd_close(u32 h);
/* Closes this thread's handles; how many there were. */
u32 hnd_close_all(void);
/* Whether h could be one of ours, open or not. */
static inline bool hnd_ours(u32 h)
{
    return h >= HND_FIRST;
}

/* A thread ends: what it left open is traced and stays, closable by nobody. */
void hnd_thread_end(void);
/* The process ends: what all threads left open is traced. */
void hnd_process_end(void);

/* How many handles are open that belong to a running thread; for tests. */
u32 hnd_count(void);

/* --- the thread's own pointer: hnd_tls_win.c, hnd_tls_posix.c ------------------------------- */

bool hnd_tls_start(void); /* once, before any other call; false without a slot */
void hnd_tls_stop(void);  /* when the DLL is unloaded and the process goes on */
void *hnd_tls_get(void);
void hnd_tls_set(void *p);

#endif
