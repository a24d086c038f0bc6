/*
 * The handles of one custom action in a host process, by the numbers that the host has for them.
 */
#ifndef MSI_HOST_HANDLES_H
#define MSI_HOST_HANDLES_H

#include <windows.h>
#include <msi.h>

#include "host_calls.h"

/* A handle of nobody's, which our functions answer as documented. */
#define NO_HANDLE ((MSIHANDLE)1)

/* Zeroed memory has none. Used by one thread at a time. */
struct host_handles {
    struct host_handle {
        MSIHANDLE handle; /* 0: free */
        u32 next;         /* of those that rest: index + 1, or 0 */
    } * at;
    u32 count, cap;
    u32 rest_first, rest_last, resting; /* a number rests long until it is used anew */
};

/* The number; 0 without memory or beyond REMOTE_LAST. */
u32 host_handles_add(struct host_handles *t, MSIHANDLE h);
/* NO_HANDLE for what is no number of an open one. 0 gives 0. */
MSIHANDLE host_handles_get(const struct host_handles *t, u32 number);
void host_handles_remove(struct host_handles *t, u32 number);
void host_handles_free(struct host_handles *t);

#endif
