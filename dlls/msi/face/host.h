/*
 * Hosts of custom actions: processes, of this architecture or the other, that run an action's DLL
 * while this one serves what it asks of the session, over local RPC.
 *
 * A host is the system's rundll32.exe with the msi.dll of its architecture (host_main.c). It is
 * started and greeted before an action needs it, and kept for the next: an action that ended well
 * gives its host back, any other ends it. One that nobody needs for a while ends itself, and so
 * does every one whose installer is gone.
 */
#ifndef MSI_HOST_H
#define MSI_HOST_H

#include <windows.h>
#include <msi.h>

#include "base.h"
#include "error.h"

/* How the call of an action went. */
enum host_outcome {
    HOST_DIED, /* also: it hung up, or ended itself */
    HOST_RAN,
    HOST_FAULTED,
    HOST_NO_DLL,
    HOST_NO_FUNCTION,
};

struct host_result {
    enum host_outcome outcome;
    u32 result; /* what the action returned */
    u32 left;   /* how many handles of the host's own it left open */
};

struct host;

/* Whether there is a host for DLLs of an IMAGE_FILE_MACHINE_*; it waits for its action then. */
bool host_ready(u32 machine);
/* NULL: none can be started. It is the caller's until host_give. */
struct host *host_take(u32 machine);
/* On the thread of the action, which owns `install`: has the host run it, and does what it asks
 * for until it has ended. */
void host_run(struct host *h, MSIHANDLE install, const char16_t *dll, const char *entry,
              struct host_result *r);
void host_give(struct host *h, const struct host_result *r);

/* --- in a host ----------------------------------------------------------------------------------
 */

/* What rundll32.exe is given behind the name of our DLL. */
#define HOST_ENTRY   "Migrate10CachedPackages"
#define HOST_COMMAND "decanter-action-host"

/* What a host reads from its standard input, once. */
struct host_letter {
    u32 magic, list;
    u32 installer; /* a handle of the process that started it, to wait for */
    u8 secret[32];
    WCHAR endpoint[64];
};
#define HOST_MAGIC 0x486f7374u

/* Runs actions until there are no more; the process ends in it. window: rundll32's. */
void host_main(HWND window);
/* Whether this is what host_start gave a process for a command line. */
bool host_is_command(const WCHAR *line);

#endif
