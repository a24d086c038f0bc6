/*
 * Running scripts: every operation is noted in the journal and then done; or all is undone.
 *
 * A script is run in batches. The notes of a batch are taken before any of its operations is done,
 * and made durable together; then the operations are done one by one. A family that must see what
 * the operations before it did says so (family.h: alone).
 */
#ifndef MSI_RUN_H
#define MSI_RUN_H

#include "family.h"

struct run;

/* Who is told of what goes on. No lock of this room is held. */
struct run_ears {
    void *ctx;
    /* OP_ACTION and OP_DATA, before what they tell of; anything but ERROR_SUCCESS ends the run:
     * ERROR_INSTALL_USEREXIT. NULL: nobody. */
    u32 (*told)(void *ctx, const struct op *op);
    /* The operation is about to be done. NULL: nobody. */
    void (*doing)(void *ctx, const struct op *op);
    /* That operation could not be noted or done. NULL: nobody. */
    void (*failed)(void *ctx, const struct op *op, u32 err);
    /* A file is in use, and what is to be done with it is put off to the restart: OP_LATER's note.
     * NULL: nobody. */
    void (*later)(void *ctx, const struct op *note);
    /* Of `total` ticks in the script `done` are done now; 0: it begins. NULL: nobody. */
    u32 (*progress)(void *ctx, u64 done, u64 total);
};

/* ears: lives as long as the run. rollback: whether it may have to be undone; without it no notes
 * are kept, and run_undo does nothing. */
u32 run_begin(const struct run_ears *ears, bool rollback, struct run **out);
/* Others are told from then on; NULL: nobody. */
void run_set_ears(struct run *r, const struct run_ears *ears);
/* Whether notes are kept from then on. */
void run_set_rollback(struct run *r, bool rollback);
/* Once, or several times. After an error only run_undo and run_undo_from may follow. */
u32 run_script(struct run *r, const u8 *script, size_t len);
/* Whether it is called from within run_script: by who is told of what goes on. NULL: no. */
bool run_is_running(const struct run *r);
/* Everything is durable and stays when it returns ERROR_SUCCESS. Else: run_undo. */
u32 run_commit(struct run *r);
/* What was there before is there again. What cannot be undone now (a file in use) is tried again by
 * run_recover: its error. */
u32 run_undo(struct run *r);
/* Where the run is now: it can be undone back to there. */
u32 run_mark(struct run *r, u32 *place);
/* What was done since that place is undone, for good; the run goes on. An error: some of it could
 * not be undone, and only run_undo may follow. */
u32 run_undo_from(struct run *r, u32 place);
/* After either; without them: what was done is undone by the next run_recover. NULL: nothing. */
void run_end(struct run *r);

/* --- a run that goes from process to process: run_hand.c ----------------------------------------
 */

enum { RUN_NAME = 16 };
/* From then on the run is one that others know of, and run_recover answers
 * ERROR_INSTALL_ALREADY_RUNNING elsewhere. */
u32 run_show(struct run *r, char16_t name[RUN_NAME]);
/* Gives the run away, and ends it; who takes it must be waiting already, or it is undone by the
 * next run_recover. word: for who takes it. An error: it was not given. */
u32 run_give(struct run *r, u32 word);
/* Waits for it at most so long. ERROR_FILE_NOT_FOUND: it has ended, or its process did;
 * ERROR_LOCK_VIOLATION: it was not given. waits (NULL: nobody): called when nobody else can get the
 * run any more; its error ends the waiting. */
u32 run_take(const char16_t *name, u32 timeout_ms, u32 (*waits)(void *ctx), void *ctx,
             struct run **out, u32 *word);

/* What installations whose process ended left is undone, or cleaned up where they were committed.
 * ERROR_INSTALL_ALREADY_RUNNING: one of them lives. An error where something could not be undone
 * yet; all else was. */
u32 run_recover(void);
/* Whether run_recover may find now what was in use when this process cleaned up. Asking forgets it.
 */
bool run_has_left(void);

/* For families: the bytes of the files to be put (op_media.h), which end with the run. OP_MEDIA
 * sets them; those before end then. */
struct media;
/* What a source lacks, or what is wrong with it: an error's number, and what it is about. */
struct media_trouble {
    u32 number;                     /* 0: nothing */
    const char16_t *file, *cabinet; /* NULL: of no matter; they live as long as the files */
};
struct media_ways {
    /* Whether there is one of that place in the list that can be put. */
    u32 (*ready)(struct media *m, u32 place);
    /* Puts the file of that place in the list at a path where nothing is. */
    u32 (*put)(struct media *m, u32 place, const char16_t *to, u32 attributes);
    void (*done)(struct media *m);
    /* NULL: nothing is known */
    const struct media_trouble *(*trouble)(const struct media *m);
};
void run_set_media(struct run *r, struct media *m, const struct media_ways *ways);
/* ERROR_INSTALL_FAILURE: there is none of that place. */
u32 run_ready(struct run *r, u32 place);
/* Why the files could not be had, when one of these operations has failed for that; or NULL. */
const struct media_trouble *run_media_trouble(const struct run *r);
u32 run_put(struct run *r, u32 place, const char16_t *to, u32 attributes);

#endif
