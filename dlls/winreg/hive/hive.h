/*
 * A hive that many processes have open at once: opening, reading, writing, flushing.
 *
 * All processes map one image of the hive (image.h); a writer logs what it changes before the
 * image shows it (log.h). What is promised: a write that was committed is not lost when any
 * process is killed; nothing from before the last hive_flush() is lost with the power; the hive
 * file and its logs are always a whole hive. Readers take no lock and write no shared memory.
 *
 * Any function may be called from any thread. All waits are bounded.
 */
#ifndef DECANTER_HIVE_H
#define DECANTER_HIVE_H

#include "base.h"
#include "error.h"
#include "hive_view.h"
#include "recover.h"

struct hive;

enum hive_flags {
    HIVE_CREATE = 1,     /* make an empty hive where the file does not exist */
    HIVE_READ_ONLY = 2,  /* writes will give ERROR_ACCESS_DENIED; the image is still shared */
    HIVE_PRIVATE = 4,    /* nobody else may have it, nor get it: ERROR_SHARING_VIOLATION */
    HIVE_COPY = 8,       /* a copy in this process's memory of what the hive holds at one moment,
                            whoever has it open: nothing on disk is changed, and only for that
                            moment nobody else can open or close it. Writes change the copy only
                            and go nowhere (hive_save) */
    HIVE_DAMAGED = 16,   /* with HIVE_COPY: a truncated file, a wrong base block or a root key
                            elsewhere will do; hive_info tells */
    HIVE_MEMORY = 32,    /* no file (path is NULL): a new empty hive in this process's memory */
    HIVE_FRESH = 64,     /* empty whenever nobody else has it open; what is in the file meanwhile is
                            for the others alone. With HIVE_CREATE. A folder that cannot be written
                            is an error */
    HIVE_REPLACED = 128, /* with HIVE_PRIVATE: for hive_replace() */
};

/*
 * A process has one struct hive for each path (compared exactly, as given): a second open of it
 * counts references; HIVE_COPY and HIVE_MEMORY always make a new one. Where the file or its folder
 * cannot be written, the file has several names, or the disk has no room for the image, it is
 * opened as a copy whose writes are refused, with ERROR_WRITE_PROTECT or ERROR_DISK_FULL.
 *
 * ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION,
 * ERROR_NOT_REGISTRY_FILE (no regf file), ERROR_BADDB (its base block is wrong),
 * ERROR_REGISTRY_CORRUPT (no root key in it), ERROR_BUSY (another process keeps it half open),
 * ERROR_DISK_FULL, ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES (it is larger than HV_STABLE_MAX).
 */
u32 hive_open(const char16_t *path, u32 flags, struct hive **out);
struct hive *hive_ref(struct hive *h);
/* Whether some process has the hive of that file open; true too where it cannot be told. */
bool hive_is_used(const char16_t *path);
/* The last close in the last process writes everything to the hive file. h may be NULL. */
void hive_close(struct hive *h);
/* For HIVE_REPLACED: the file `with`, as hive_save() wrote it, takes the place of the hive's. What
 * stood beside the old one is gone before anybody else can open the hive, and nobody who waited for
 * it goes on with the old file. Afterwards h can only be closed. */
u32 hive_replace(struct hive *h, const char16_t *with);

struct hive_recovery {
    enum recover_result result; /* what became of the logs (recover.h) */
    bool dirty;                 /* the file needed its logs */
    bool base_block;            /* the base block was taken from a log */
    bool mended;                /* counts that can be derived were wrong: they are right now */
    u32 needed;                 /* the number of the entry that the hive needs first */
    u32 entries;                /* log entries applied, of either format */
    u32 pages;                  /* pieces of the file that were replaced */
    u32 sequence;               /* the base block's sequence numbers afterwards */
    struct {
        enum log_fit fit;
        bool alike;      /* another file has that name, but for upper and lower case */
        u32 first, last; /* numbers of its entries, where they are why it does not fit */
    } log[RECOVER_LOGS];
};
/* What was found when this process made its copy (HIVE_COPY). */
void hive_recovery(struct hive *h, struct hive_recovery *r);

/* --- reading --------------------------------------------------------------------------------- */

struct hive_read {
    struct hview view; /* to read through; see hive_view.h about what it may hold */
    u64 seq;
    u32 tries;
    bool locked;
};

/*
 *     struct hive_read r = {.tries = 0};
 *     do {
 *         err = hive_read_begin(h, &r);
 *         if (err)
 *             return err;
 *         err = walk_and_copy_out(&r.view, ...);
 *     } while (!hive_read_end(h, &r));
 *
 * hive_read_end() says whether all that was read is of one moment; where not, forget it (an error
 * of the walk too) and begin again. After a few tries the next begin takes the writers' lock, so
 * every hive_read_begin that succeeded needs its hive_read_end, from the same thread. Between the
 * two the thread must not begin a write of the same hive. ERROR_BUSY: a writer in another process
 * is stuck in the middle of a change.
 */
u32 hive_read_begin(struct hive *h, struct hive_read *r);
bool hive_read_end(struct hive *h, struct hive_read *r);

/* --- writing --------------------------------------------------------------------------------- */

struct hive_write {
    struct hview view; /* with an overlay: what is put shows here at once, elsewhere on commit */
};

/* Until another writer is done, but at most timeout_ms (HIVE_WAIT where nothing better is known);
 * ERROR_BUSY then. ERROR_ACCESS_DENIED: opened read-only; ERROR_WRITE_PROTECT: the file is. */
#define HIVE_WAIT 10000u
u32 hive_write_begin(struct hive *h, u32 timeout_ms, struct hive_write *w);
/* All or nothing, and ends the write either way. An error in the view (view.error) aborts with
 * that error. ERROR_DISK_FULL, ERROR_NO_LOG_SPACE, ERROR_OUTOFMEMORY, ERROR_REGISTRY_IO_FAILED. */
u32 hive_write_commit(struct hive *h, struct hive_write *w);
/* Writes of several hives, begun in the order in which every process takes their locks: all or
 * none, whether one fails, the process is killed or the power is lost. Costs several syncs, where
 * there is more than one hive in files. Errors as above, and what joint_open() says. */
struct hive_part {
    struct hive *hive;
    struct hive_write *write;
};
u32 hive_write_commit_all(struct hive_part *parts, u32 count);
void hive_write_abort(struct hive *h, struct hive_write *w);

/* --- durability ------------------------------------------------------------------------------ */

/* When it returns, everything committed before is in the hive file and on the medium. */
u32 hive_flush(struct hive *h);
/* A checkpoint merges a log (merge.c) whose length is that many bytes more than twice what the
 * merged one would have. Tests that want every log merged make it negative. */
extern i64 hive_merge_gain;
/* Where something committed has waited for min_ms and longer in the logs alone: as hive_flush, else
 * nothing. For whoever has quiet moments to spend. */
u32 hive_flush_lazy(struct hive *h, u32 min_ms);
/* Writes the stable storage as a hive file of its own, synced, clean and without logs, under a name
 * that is not there yet (ERROR_FILE_EXISTS). minor is its format version, 3 to 6, or 0 for that of
 * the hive. */
u32 hive_save(struct hive *h, const char16_t *path, u32 minor);
/* The same, with the permissions of the hive `of`, which has a file: to take its place. */
u32 hive_save_beside(struct hive *h, const char16_t *path, struct hive *of);

/* --- changes --------------------------------------------------------------------------------- */

/* Differs whenever a write was committed meanwhile, by any process. */
u64 hive_change_seq(struct hive *h);
/* Waits until hive_change_seq() is not seq; WAIT_TIMEOUT. Sleeps in steps of up to 20 ms. */
u32 hive_wait_change(struct hive *h, u64 seq, u32 timeout_ms);

/* The number of this process among those that have the hive open, never 0; and whether the process
 * with that number lives. What one leaves behind, such as watches, goes when its number is taken
 * again, or is asked for. */
u32 hive_slot(struct hive *h);
bool hive_slot_alive(struct hive *h, u32 slot);

/* --- properties ------------------------------------------------------------------------------ */

struct hive_info {
    u32 minor;       /* of the format: 3 to 6 */
    u32 stable_size; /* bytes of hive bins data */
    u32 volatile_size;
    u64 written;    /* FILETIME in the base block */
    bool read_only; /* writes are refused */
    bool shared;    /* other processes can have it too */
    bool dirty;     /* the logs hold what the hive file does not */
    bool recovered; /* logs were replayed when this process opened it */
    bool damaged;   /* parts of it are wrong: it is read-only for that */
    u32 faults;     /* enum base_fault (baseblock.h): what was put up with */
    u32 seq1, seq2; /* sequence numbers of the base block, after recovery */
};
void hive_info(struct hive *h, struct hive_info *info);
/* As given to hive_open; "" for HIVE_MEMORY. Valid while h is open. */
const char16_t *hive_path(const struct hive *h);
u32 hive_flags(const struct hive *h);

/* --- recovery alone -------------------------------------------------------------------------- */

/* Replays the logs beside the file into it, as opening it would, and writes counts anew that can be
 * derived. Where there is nothing to do, or the logs do not fit, file and logs stay as they are; r
 * tells. Nobody may have it open: ERROR_SHARING_VIOLATION. ERROR_REGISTRY_CORRUPT: it is damaged
 * with its logs too, and nothing was written. r may be NULL. */
u32 hive_recover(const char16_t *path, struct hive_recovery *r);

#endif
