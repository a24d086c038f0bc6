/*
 * Shared views of files that somebody else may make shorter, for os_map() alone.
 *
 * To look at a page that the file no longer has is SIGBUS, or an exception: the end of a process
 * that did nothing wrong. So views are listed, and where such a fault hits one, memory of this
 * process's own, full of zeros, takes the place of what is gone. The thread goes on, and the flag
 * that came with the view tells its owner.
 */
#ifndef DECANTER_OS_VIEWS_H
#define DECANTER_OS_VIEWS_H

#include "base.h"

struct os_view {
    struct os_view *next; /* in the list of all, which only grows: a fault may be looking at it */
    u8 *base;             /* NULL: free for another view. Set last, and cleared first */
    size_t len;
    intptr_t file; /* a descriptor, or a HANDLE */
    u64 off;
    bool writable;
    bool own; /* zeros of this process have taken the place of all of it (Windows) */
    bool *lost;
};

/* False: no memory. The file stays open as long as the view. */
bool os_views_add(const struct os_view *view);
/* Before the memory goes; whether it was this process's own. */
bool os_views_remove(const void *base);
/* The view with that byte, or NULL. Takes no lock. */
struct os_view *os_views_find(const void *at);

/* What the system does at a fault, from the first view on (os_guard_posix.c, os_map_win.c). */
void os_views_watch(void);

#endif
