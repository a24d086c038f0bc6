/*
 * The journal of an installation: what undoes each of its operations, in a file that outlives it.
 *
 * It stands in the folder Config.Msi of the system's drive as NAME.rbs, and its owner holds a lock
 * on it: one without a lock has lost its owner. Who is to take it over has a second lock meanwhile,
 * with which it is nobody else's. Notes are operations (op.h), those of a family's
 * undo and the journal's own below.
 */
#ifndef MSI_JOURNAL_H
#define MSI_JOURNAL_H

#include "op.h"

enum journal_kind {
    JOURNAL_FOLDER = 0x8000, /* path: a folder that backups are kept in */
    JOURNAL_COMMIT,          /* from here on only what was kept for undoing is taken away */
    JOURNAL_UNDONE,          /* everything was undone: likewise */
    JOURNAL_UNDOING,         /* behind a commit that failed: it is to be undone all the same */
    JOURNAL_PLACE,           /* run_mark */
    JOURNAL_UNDONE_FROM,     /* number of a note: it and those behind it, up to here, were undone */
    JOURNAL_GIVEN,           /* the last number of a name for backups, run_give's word: another
                              * process goes on */
    JOURNAL_MOMENT,          /* ledger_begin's */
};

struct journal;

enum { JOURNAL_NAME = 9 }; /* characters, terminated */

/* Made new, locked, listed in the registry (journal_list.h) and durable. */
u32 journal_create(struct journal **out);
/* One that was left. ERROR_LOCK_VIOLATION: its owner lives; ERROR_FILE_NOT_FOUND: it is gone
 * meanwhile, or no journal of this registry's. What is damaged at its end was never believed by its
 * owner, and is left out. */
u32 journal_open(const char16_t *file, struct journal **out);
/* One that its owner gives away. taken: called when the file is sure to be nobody else's;
 * its error comes back.
 * ERROR_LOCK_VIOLATION: not within that time. */
u32 journal_take(const char16_t *file, u32 timeout_ms, u32 (*taken)(void *ctx), void *ctx,
                 struct journal **out);
/* The file's name without its ending. */
const char16_t *journal_name(const struct journal *j);
/* Remembered, and written by the next journal_write. */
u32 journal_add(struct journal *j, const struct op *note);
/* sync: durable when it returns. */
u32 journal_write(struct journal *j, bool sync);
size_t journal_size(const struct journal *j); /* in bytes, with what is not written yet */
u32 journal_count(const struct journal *j);
/* The i-th note; its texts live as long as nothing is added. */
void journal_note(const struct journal *j, u32 i, struct op *note);
/* Closes it, and removes the file. */
u32 journal_remove(struct journal *j);
/* Closes it and leaves it. */
void journal_close(struct journal *j);

/* The folder: "C:\Config.Msi". Returns its length. */
size_t journal_home(char16_t out[16]);
/* Each file's name that looks like a journal's. */
u32 journal_each(u32 (*each)(void *ctx, const char16_t *file), void *ctx);
/* Config.Msi of a drive: hidden, and there when it returns. */
u32 journal_make_home(const char16_t *folder);

#endif
