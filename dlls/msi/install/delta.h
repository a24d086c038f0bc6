/*
 * A delta makes a new file of an old one: those of the Patch table have the form of Windows' patch
 * interface, which mspatcha.dll knows. On the host nobody does.
 */
#ifndef MSI_DELTA_H
#define MSI_DELTA_H

#include "base.h"
#include "error.h"

#ifndef ERROR_MOD_NOT_FOUND
#define ERROR_MOD_NOT_FOUND 126
#endif

/* ERROR_PATCH_NOT_NECESSARY: the old file is the new one. */
enum { DELTA_NOT_NEEDED = 0xC00E4105u };

/* Paths as target.h has them; made is written anew. An error, which may be one of mspatcha's own,
 * leaves nothing there: the delta is not for that file, or damaged, or nobody can do it
 * (ERROR_MOD_NOT_FOUND). */
u32 delta_apply(const char16_t *old, const char16_t *delta, const char16_t *made);

#endif
