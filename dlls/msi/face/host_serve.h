/*
 * Doing what a host process asks for.
 */
#ifndef MSI_HOST_SERVE_H
#define MSI_HOST_SERVE_H

#include "host_handles.h"

/* On the thread of the action: the call of `function`, with the arguments of the request. The reply
 * is appended to an empty buffer. ERROR_INVALID_DATA: it is no such request; ERROR_OUTOFMEMORY. */
u32 host_serve(struct host_handles *handles, u32 function, const u8 *request, size_t size,
               struct buf *reply);

#endif
