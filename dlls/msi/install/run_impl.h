/*
 * What the files of a run share.
 */
#ifndef MSI_RUN_IMPL_H
#define MSI_RUN_IMPL_H

#include "hash.h"
#include "journal.h"
#include "run.h"

struct run_chunk;

struct run {
    struct run_ears ears;
    bool rollback;
    bool running;            /* within run_script */
    bool commit_tried;       /* a commit may stand in the file, whatever the system said */
    struct journal *journal; /* since there is something to note */
    struct run_chunk *chunks;
    struct hash_map noted; /* of paths that run_is_first was asked for: places in `paths` */
    struct buf paths;      /* of each: u32, where run_set_aside's name is in here, or 0; char16_t */
    struct hash_map kept;  /* run_kept: places of notes */
    u32 kept_count;        /* those before it are in there */
    struct buf later;      /* char16_t: pairs of run_later, each text terminated */
    struct buf volumes;    /* char16_t: those that have a folder of the run, each terminated */
    struct buf barred;     /* char16_t: those that can have none, each terminated */
    u32 temp;              /* the last number of run_temp_name */
    void *held;            /* run_hold */
    const struct op_family *held_family;
    const struct op *held_op;
    struct media *media;
    const struct media_ways *media_ways;
};

/* Makes the journal, where there is none yet. */
u32 run_journal(struct run *r);
/* What run_memory gave is free. */
void run_forget_memory(struct run *r);
/* What the files of the run were is noted anew from now on. */
void run_forget_paths(struct run *r);

#endif
