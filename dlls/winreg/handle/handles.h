/*
 * HANDLETABLE (MS-RRP 3.1.1.9): from handle values to opened keys.
 *
 * A handle is 32 bits
 *
 *   bit 31      0, so that truncating and extending it, with or without the sign, changes nothing
 *   bits 30-22  generation: how often the slot was given out, its low 9 bits
 *   bits 21-2   slot
 *   bits 1-0    11, which no kernel handle has
 *
 * Slots lie in chunks that never move. A look-up copies the slot out and looks at the slot's word
 * before and after: no lock, no counter that threads share. Free slots wait in a queue before they
 * are used again, so that a stale handle stays an error for half a million opens.
 */
#ifndef DECANTER_HANDLES_H
#define DECANTER_HANDLES_H

#include "base.h"
#include "error.h"
#include "row.h"

/* A new handle. ERROR_NO_SYSTEM_RESOURCES when a million are open, ERROR_OUTOFMEMORY. */
u32 hnd_open(const struct reg_row *row, u32 *handle);
/* ERROR_INVALID_HANDLE. */
u32 hnd_get(u32 handle, struct reg_row *row);
/* Removes the row; of many threads that close one handle, one succeeds. *row is what it was, with
 * the flags set until then. ERROR_INVALID_HANDLE. */
u32 hnd_close(u32 handle, struct reg_row *row);
/* Sets flags on a row that is still open. */
void hnd_flag(u32 handle, u32 flags);
/* A newer hint for the cell of the same key. */
void hnd_hint(u32 handle, u32 cell, u32 gen);

/* The pointer-sized form; false for values that are no extension of 31 bits. */
bool hnd_value(const void *wide, u32 *handle);
void *hnd_wide(u32 handle);

/* Calls visit with each open row until it returns false; false then. New handles may be missed. */
bool hnd_each(bool (*visit)(void *ctx, u32 handle, const struct reg_row *row), void *ctx);
u32 hnd_count(void);

#endif
