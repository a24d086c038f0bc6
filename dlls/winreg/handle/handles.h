/*
 * HANDLETABLE (MS-RRP 3.1.1.9): from handle values to opened keys.
 *
 * Slots lie in chunks that never move. A look-up copies the slot out and looks at the slot's word
 * before and after: no lock, no counter that threads share. Free slots wait in a queue before they
 * are used again, so that a stale handle stays an error for a while.
 *
 * Natively a handle is 32 bits
 *
 *   bit 31      0, so that truncating and extending it, with or without the sign, changes nothing
 *   bits 30-22  generation: how often the slot was given out, its low 9 bits
 *   bits 21-2   slot
 *   bits 1-0    11
 *
 * On Windows it is a kernel handle of this process, and the slot is its value divided by 4 (bit 1
 * is ignored, as by the kernel). Slots in use and free ones own a kernel object each (kernel.h);
 * one is made when no free slot has rested long enough. A handle that was lent (a duplicate, one
 * that children inherit) is the kernel's for good: its slot goes when it is closed.
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
 * the flags set until then. ERROR_INVALID_HANDLE, also for a row with ROW_PROTECTED. */
u32 hnd_close(u32 handle, struct reg_row *row);
/* Sets and clears flags on a row that is still open; false where it is not. */
bool hnd_flag(u32 handle, u32 set, u32 clear);
/* A newer hint for the cell of the same key. */
void hnd_hint(u32 handle, u32 cell, u32 gen);

enum hnd_state {
    HND_NONE,    /* no handle of this table, as far as is known */
    HND_OTHER,   /* somebody else's: hnd_other() said so */
    HND_OPEN,    /* an opened key */
    HND_RESTING, /* closed, and waiting to be used again: a stale handle */
};
enum hnd_state hnd_state(u32 handle);

/* Kernel handles alone: natively there are none, and these do nothing. */

/* A kernel handle that somebody else made, a duplicate of one of ours, is the row's from now on;
 * closing the row closes it. ERROR_NO_SYSTEM_RESOURCES for a value beyond the table,
 * ERROR_OUTOFMEMORY. */
u32 hnd_adopt(u32 handle, const struct reg_row *row);
/* Keeps in mind that the value is no handle of this table, until it becomes one; clear: forgets. */
void hnd_other(u32 handle, bool is_other);
/* The value turned out to be somebody else's: whoever had it closed it past this table. What was
 * open there is closed by the function that hnd_on_lost named. */
void hnd_forget(u32 handle);
void hnd_on_lost(void (*lost)(u32 handle, const struct reg_row *row));

/* The pointer-sized form; false for values that are no extension of 31 bits. */
bool hnd_value(const void *wide, u32 *handle);
void *hnd_wide(u32 handle);

/* Calls visit with each open row until it returns false; false then. New handles may be missed. */
bool hnd_each(bool (*visit)(void *ctx, u32 handle, const struct reg_row *row), void *ctx);
u32 hnd_count(void);

#endif
