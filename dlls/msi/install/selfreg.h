/*
 * Letting a library of the machine register itself: selfreg_win.c by the system's program for that,
 * selfreg_posix.c not at all, but for a line in the trace.
 */
#ifndef MSI_SELFREG_H
#define MSI_SELFREG_H

#include "base.h"
#include "error.h"

/* wide: a 64-bit library, on a system with both. ERROR_INSTALL_FAILURE: it did not; others: it
 * could not be started. */
u32 selfreg_run(const char16_t *path, bool wide, bool registers);

#endif
