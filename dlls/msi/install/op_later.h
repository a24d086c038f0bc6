/*
 * Files that are in use: what is to be done with them is put off to the restart of the system.
 */
#ifndef MSI_OP_LATER_H
#define MSI_OP_LATER_H

#include "op_undo.h"

/* Whether it says that a program has the file open and lets nobody move it. */
bool is_in_use(u32 err);
/* take_away of a file that may be in use: then it goes with the restart. */
u32 take_away_or_later(struct run *r, const char16_t *path, const struct op *undo);
/* The file is to be replaced at the restart: *beside is where what replaces it is to be put. From
 * run_memory. */
u32 replace_later(struct run *r, const char16_t *path, const char16_t **beside);

#endif
