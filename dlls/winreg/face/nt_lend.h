/*
 * Keys of ours in another process: what an inherited handle, or one that was duplicated there, is
 * a handle of.
 */
#ifndef DECANTER_NT_LEND_H
#define DECANTER_NT_LEND_H

#include "face.h"

/* The handle goes out of this process: what it is is written where whoever has it can read it.
 * Errors of inside_name, ERROR_NO_SYSTEM_RESOURCES. */
u32 lend_out(HKEY key);
/* Looks whether a kernel handle that the table does not have came from another process, and opens
 * its key: from then on it is one of the table. One call of the server; ERROR_INVALID_HANDLE. */
u32 lend_in(HKEY key);

#endif
