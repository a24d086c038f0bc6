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
    /* Of `total` ticks in the script `done` are done now. NULL: nobody. */
    u32 (*progress)(void *ctx, u64 done, u64 total);
};

/* ears: lives as long as the run. rollback: whether it may have to be undone; without it no notes
 * are kept, and run_undo does nothing. */
u32 run_begin(const struct run_ears *ears, bool rollback, struct run **out);
/* Once, or several times. After an error only run_undo may follow. */
u32 run_script(struct run *r, const u8 *script, size_t len);
/* Everything is durable and stays when it returns ERROR_SUCCESS. Else: run_undo. */
u32 run_commit(struct run *r);
/* What was there before is there again. What cannot be undone now (a file in use) is tried again by
 * run_recover: its error. */
u32 run_undo(struct run *r);
/* After either; without them: what was done is undone by the next run_recover. NULL: nothing. */
void run_end(struct run *r);

/* What installations whose process ended left is undone, or cleaned up where they were committed.
 * ERROR_INSTALL_ALREADY_RUNNING: one of them lives. An error where something could not be undone
 * yet; all else was. */
u32 run_recover(void);

/* For families: the bytes of the files to be put (op_media.h), which end with the run. OP_MEDIA
 * sets them; those before end then. */
struct media;
struct media_ways {
    u32 (*staged)(const struct media *m, u32 place, const char16_t **path);
    void (*done)(struct media *m);
};
void run_set_media(struct run *r, struct media *m, const struct media_ways *ways);
/* The staged file of that place in the list. ERROR_INSTALL_FAILURE: there is none. */
u32 run_staged(struct run *r, u32 place, const char16_t **path);

#endif
