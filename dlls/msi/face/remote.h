/*
 * In a host process of custom actions: calls with handles of the process that installs.
 *
 * Those are numbers from REMOTE_FIRST to REMOTE_LAST, between Wine's and ours. The bridges of
 * thunks.c send a call there by its first argument; bridge.c does where a record goes with it.
 */
#ifndef MSI_REMOTE_H
#define MSI_REMOTE_H

#include "door.h"
#include "host_calls.h"

/* Whether this process is a host with an action to run. The thunks read it. */
extern volatile LONG remote_active;

static inline bool remote_is(MSIHANDLE h)
{
    return remote_active && h >= REMOTE_FIRST && h <= REMOTE_LAST;
}

/* How a call goes there; set before remote_active. reply: from MIDL_user_allocate. */
typedef u32 (*remote_send)(u32 function, const u8 *request, u32 size, u8 **reply, u32 *reply_size);
void remote_by(remote_send send);

/* The function that d names, there; where that cannot be, as for a handle that is nobody's. Of
 * d->value it makes a note for itself. */
u32 remote_call(struct door *d, const uintptr_t *args);

/* Our function of that name, there. */
void *remote_find(const char *name);

#endif
