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
    /* Its note is taken when everything before it was done, not with those of a whole batch. */
    bool alone;
    /* Writes the note of what undoes op. Looks only, changes nothing; what it points to is
     * run_memory's or op's. The operations before it in the batch have not been done yet, so it
     * notes the state of things before all of them, as something absolute; undoing goes backwards,
     * and ends with the note that was taken first. undo->kind OP_NONE (as it is at first): it is
     * done, and there is nothing to undo. ERROR_NO_MORE_ITEMS: there is nothing to be done. */
    u32 (*note)(struct run *r, const struct op *op, struct op *undo);
    /* undo: the note; OP_NONE also where rollback is off and nothing was asked for a note. */
    u32 (*perform)(struct run *r, const struct op *op, const struct op *undo);
    /* What perform gave to run_hold. write: it is done now; else it is dropped. Either way held is
     * freed. NULL where nothing is held. */
    u32 (*finish)(struct run *r, void *held, bool write);
    u32 (*undo)(struct run *r, const struct op *undo);
    /* For a registry that may forget what was done (regbehind.h). undo: the note; done: whether
     * what it undoes was done in the end. Writes how things are now, as something absolute, with
     * the family's kind; OP_NONE: none of it stands there. NULL: none ever does. */
    u32 (*after)(struct run *r, const struct op *undo, bool done, struct op *now);
    /* Makes things as `after` wrote them, where they are not. NULL: as undo does. */
    u32 (*again)(struct run *r, const struct op *now);
    /* Before the commit, in order; what fails undoes everything. NULL: nothing. */
    u32 (*commit)(struct run *r, const struct op *undo);
    /* After the commit (committed), or after all was undone: takes away what was kept for undoing,
     * but for what run_temp_name gave, which goes by itself. NULL: nothing is. */
    u32 (*settle)(struct run *r, const struct op *undo, bool committed);
};

const struct op_family *family_of(u32 kind); /* NULL: none. families.c has the list of all */

/* For notes: memory that lives until the batch was done. NULL: no memory. */
char16_t *run_text(struct run *r, const char16_t *text, size_t len);
void *run_memory(struct run *r, size_t size);
/* A name for a file to be put by, on the volume of path: in a folder of the run's own in Config.Msi
 * of the drive, which goes with all that is in it when the run has ended. Where none can be made
 * there, on the system's drive. Unique in this run. From run_memory. */
u32 run_temp_name(struct run *r, const char16_t *path, const char *ending, char16_t **out);
/* What operations of the family change together is held until one of another family comes, or the
 * batch ends; op: the one that is named when it fails. Whatever was held is finished first: its
 * error. held is the run's from then on, whatever it returns. */
u32 run_hold(struct run *r, const struct op_family *f, const struct op *op, void *held);
/* NULL: nothing of that family is held. */
void *run_held(const struct run *r, const struct op_family *f);
/* A note that is found necessary while an operation is being done: durable when it returns. With
 * rollback off too. run_ears.later hears of OP_LATER. */
u32 run_add_note(struct run *r, const struct op *note);
/* From within note alone: one that stands ahead of the operation's own, and is undone behind it. */
u32 run_note_ahead(struct run *r, const struct op *note);
/* In undoing: the note of OP_REG_KEPT whose root, view and key are wanted's; OP_NONE: there is
 * none. Valid until the next note is added. */
u32 run_kept(struct run *r, const struct op *wanted, struct op *note);
/* The file beside it that is to take the path's place with the restart, as the last OP_LATER has
 * it;
 * "" where the path is to go; NULL: neither. Valid until the next note. */
const char16_t *run_later(const struct run *r, const char16_t *path);
/* The path is free again, and what comes there now is newer than what was to: that goes. */
u32 run_drop_later(struct run *r, const char16_t *path);
/* Whether no operation of this run was noted for the path yet. The first note of a file has its
 * original; what came between is nobody's. So a later operation on the same file keeps no backup:
 * its note is OP_NONE. */
u32 run_is_first(struct run *r, const char16_t *path, bool *first);
/* The note of the path was for nothing: the next one is the first again. */
u32 run_is_not_noted(struct run *r, const char16_t *path);
/* The name that the first note has for the path's original, for those that come behind: the
 * operation of that note may leave the file as it is. */
u32 run_set_aside(struct run *r, const char16_t *path, const char16_t *aside);
/* NULL: there is none. Valid until the next path is asked for. */
u32 run_aside(struct run *r, const char16_t *path, const char16_t **aside);

#endif
