/*
 * Families of operations: how one is done, what undoes it, and how that is done.
 *
 * Before an operation is done its note is journalled and, batch by batch, made durable: all that is
 * needed to bring back what was there, and the names that anything new gets. do, undo and settle
 * can each be repeated after a kill at any point within them: undo of what was not done, or half
 * done, leaves what was before.
 */
#ifndef MSI_FAMILY_H
#define MSI_FAMILY_H

#include "op.h"

struct run;

struct op_family {
    u32 kind;
    const char *name; /* of the log: "FileCopy", "RegAddValue" */
    const char *const *fields;
    /* Writes the note of what undoes op. Looks only, changes nothing. ERROR_NO_MORE_ITEMS: there is
     * nothing to be done. */
    u32 (*note)(struct run *r, const struct op *op, struct op *undo);
    u32 (*perform)(struct run *r, const struct op *op, const struct op *undo);
    u32 (*undo)(struct run *r, const struct op *undo);
    /* After the commit, or after all was undone: takes away what was kept for undoing. NULL:
     * nothing is. */
    u32 (*settle)(struct run *r, const struct op *undo);
};

const struct op_family *family_of(u32 kind); /* NULL: none */

/* For notes: memory that lives until the operation was done. */
char16_t *run_text(struct run *r, const char16_t *text, size_t len);
void *run_memory(struct run *r, size_t size);
/* A name for a file to be put by, on the volume of path: hidden folder Config.Msi of the drive.
 * Unique in this run. */
u32 run_temp_name(struct run *r, const char16_t *path, const char *ending, char16_t **out);

#endif
