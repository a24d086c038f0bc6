/*
 * Replaying logs of either format over a hive's bytes in memory. No files here: whoever opens a
 * hive reads them and hands their bytes in, so that tests and fuzzers can too.
 */
#ifndef DECANTER_RECOVER_H
#define DECANTER_RECOVER_H

#include "base.h"
#include "baseblock.h"
#include "error.h"
#include "dirtymap.h"
#include "logfmt.h"

#define RECOVER_LOGS 3 /* .LOG1, .LOG2, .LOG */

struct recover_log {
    const u8 *bytes; /* 8-aligned; NULL where there is no such file */
    u64 size;
};

struct recover {
    struct base_block *base; /* as in the file, right or wrong; afterwards as it should be */
    u8 *bins;                /* size bytes; 8-aligned */
    u32 size;
    /* Makes the bins at least that many bytes and gives where they are then; what is new is zeros.
     * NULL: no memory. */
    u8 *(*grow)(void *ctx, u32 size);
    /* Whether a write of several hives counts, of which an entry without its magic is a part
     * (joint.h). NULL: none does. */
    u32 (*decided)(void *ctx, const struct log_joint *j, bool *yes);
    void *ctx;
    struct recover_log log[RECOVER_LOGS];

    bool from_log; /* out: the base block was taken from a log */
    u32 entries;   /* out: log entries applied */
    u32 pieces;    /* out: pieces of the bins replaced */
    u64 *changed;  /* gets what differs from the file (dirtymap.h) */
};

/* A hive needs its logs: the base block is not valid or its sequence numbers differ. */
bool recover_needed(const struct base_block *base);
/*
 * Applies what is applicable. Afterwards the base block is clean, with the sequence numbers and
 * the size that go with the bins. ERROR_BADDB or ERROR_NOT_REGISTRY_FILE: the base block is wrong
 * and no log has a good one. ERROR_OUTOFMEMORY. What `decided` says.
 */
u32 recover_run(struct recover *r);
/* Only the base block, where it is wrong: the bins cannot be read before it is known how many there
 * are. base and log are set; bins and size are not used. Errors as above. */
u32 recover_base(struct recover *r);

#endif
