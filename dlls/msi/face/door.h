/*
 * The door to Wine's own msi.dll, which a prefix keeps beside ours as msi_wine.dll.
 *
 * Two kinds of exports go through it. Those of door_list.h (installing, product states, ...) are
 * passed on whole; without that DLL their arguments are looked at as the list says, and they return
 * its value, with a line in the trace. Those of bridge_list.h are
 * ours, and are passed on only where the first argument is a handle of Wine's: a custom action that
 * Wine's installer runs gets such handles.
 */
#ifndef MSI_DOOR_H
#define MSI_DOOR_H

#include <windows.h>
#include <msi.h>

#include "base.h"
#include "handle.h"

/* A name of Wine's msi.dll and its address, once it has been looked up. The thunks know the layout
 * of both structures. */
struct door_entry {
    const char *name;
    void *volatile target;
};

/* What door_list.h says of a function. */
struct door {
    struct door_entry entry;
    const char *rules;
    u32 value, refusal;
};

/* Whether msi_wine.dll has been loaded. The thunks read it. */
extern volatile LONG door_loaded;

/* The address, looked up at the first call, with msi_wine.dll loaded for it; NULL without. */
void *door_find(struct door_entry *e);
/* What a function of door_list.h returns where Wine's is not to be had. */
u32 door_refuse(const struct door *d, const uintptr_t *args);
/* Whether msi_wine.dll stands beside us; loads it. */
bool door_available(void);
/* Whether h is a handle that Wine's msi.dll may have given out. */
static inline bool door_foreign(MSIHANDLE h)
{
    return door_loaded && h && !hnd_ours(h);
}

#endif
