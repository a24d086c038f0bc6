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

/* What became of the logs of a hive. */
enum recover_result {
    RECOVER_CLEAN,    /* it needs none */
    RECOVER_REPLAYED, /* entries were applied, or the base block was taken from a log */
    RECOVER_COMPLETE, /* dirty, and the logs say that nothing is missing */
    RECOVER_NOTHING,  /* dirty, and there is no log, or nothing in it */
    RECOVER_MISFIT,   /* dirty, and what is in a log cannot be applied (enum log_fit) */
};

/* What a log is to its hive, when the others are known. */
enum log_fit {
    LOG_EMPTY,      /* no such file, or nothing in it */
    LOG_DONE,       /* the hive has all of it */
    LOG_USED,       /* applied, in whole or up to where it ends */
    LOG_AHEAD,      /* its entries do not follow what was applied */
    LOG_OLDER,      /* its entries come before what the hive needs first */
    LOG_TORN,       /* its first entry is damaged */
    LOG_OUTSIDE,    /* an entry has pages outside the hive */
    LOG_OTHER_TIME, /* old format: of another time than the hive */
    LOG_UNFINISHED, /* old format: its own write was not finished */
    LOG_TWINS,      /* two files have that name, but for upper and lower case */
};

struct recover_log {
    const u8 *bytes; /* 8-aligned; NULL where there is no such file */
    u64 size;
    bool alike;       /* two files have that name, but for upper and lower case */
    bool twins;       /* and neither is meant more than the other */
    enum log_fit fit; /* out */
    u32 first, last;  /* out: the numbers of its entries, for LOG_AHEAD and LOG_OLDER */
    u32 applied;      /* out: how many of them were */
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

    enum recover_result result; /* out */
    u32 needed;                 /* out: the number of the entry that a dirty hive needs first */
    bool from_log;              /* out: the base block was taken from a log */
    u32 entries;                /* out: log entries applied */
    u32 pieces;                 /* out: pieces of the bins replaced */
    u64 *changed;               /* gets what differs from the file (dirtymap.h) */
};

/* A hive needs its logs: the base block is not valid or its sequence numbers differ. */
bool recover_needed(const struct base_block *base);
/*
 * Applies what is applicable, and says what each log is to the hive. Afterwards the base block is
 * clean, with the sequence numbers and the size that go with the bins. ERROR_BADDB or
 * ERROR_NOT_REGISTRY_FILE: the base block is wrong and no log has a good one. ERROR_OUTOFMEMORY.
 * What `decided` says.
 */
u32 recover_run(struct recover *r);
/* Only the base block, where it is wrong: the bins cannot be read before it is known how many there
 * are. base and log are set; bins and size are not used. Errors as above. */
u32 recover_base(struct recover *r);
/* A log that has something in it which the hive does not, now or ever: it is not to be lost. */
bool recover_keeps(enum log_fit fit);

#endif
