/*
 * struct hive, for the files that make it work: hive.c (reading, writing), hive_open.c,
 * hive_build.c (opening), hive_lock.c (the writers' lock), commit.c, checkpoint.c. Nobody else
 * includes this.
 */
#ifndef DECANTER_HIVE_IMPL_H
#define DECANTER_HIVE_IMPL_H

#include "baseblock.h"
#include "hive_cache.h"
#include "hive.h"
#include "image.h"
#include "logfmt.h"
#include "os.h"
#include "overlay.h"
#include "region.h"

struct commit_run {
    u32 off, len;
    const u8 *bytes;
};

/* A write on its way into the log (commit.c). */
struct commit_plan {
    bool ready; /* prepared, neither installed nor forgotten */
    u32 stable; /* how many of the runs are of stable storage */
    u32 used;   /* bytes of the entry with something in them */
    u32 entry_size, side_size;
    u32 size[2];
    u32 log, at;                   /* which log the entry goes to, and where */
    bool magic_alone;              /* all but its magic is there already */
    const struct log_joint *joint; /* the write of several hives that it is a part of, or NULL */
};

struct hive {
    struct hive *next; /* in the process's list (hive_open.c) */
    u32 refs;
    u32 flags;      /* as opened */
    char16_t *path; /* as opened; "" for none */
    char16_t
        *place;  /* where the file itself is: what stands beside it belongs to it, not to a link */
    u32 refuse;  /* what a write gets, ERROR_SUCCESS where it may */
    bool shared; /* the image is in files */
    bool recovered;
    struct hive_recovery recovery; /* of a copy */
    bool look_only;                /* the image is mapped for reading */
    bool lost;                     /* somebody made the image shorter (hive_lost) */
    u32 faults;                    /* enum base_fault: of the file, what was put up with */

    struct os_file *file;     /* the hive; NULL where the image is not shared */
    struct os_file *image;    /* X.image */
    struct os_file *vol_file; /* X.volatile */
    struct os_file *log[2];   /* opened at the first write */
    u32 slot;
    u64 holder; /* the lock word of the thread of this process that has the lock; 0: none */

    struct image_ctl *ctl;
    struct base_block *base; /* behind it */
    u64 *dirty;              /* dirty map */
    u8 *meta;
    struct hview blank; /* what views begin as */
    struct region stable, vol;
    struct hv_cache *cache; /* may be NULL */

    /* of the thread that holds the lock */
    struct overlay *overlay;
    struct commit_run *runs;
    u32 run_count, run_cap;
    u8 *entry; /* the log entry of the write, before it is in the log */
    u32 entry_cap;
    struct commit_plan plan;
};

/* Whether a part of the image reads as zeros here, because somebody made its file shorter. What was
 * read may be of them then, and nothing is written: hive file and logs have all that counts. So it
 * is asked after the reading of what says where or what to write, and before the writing. */
static inline bool hive_lost(const struct hive *h)
{
    return __atomic_load_n(&h->lost, __ATOMIC_ACQUIRE);
}

/* Which log is written, whatever the shared word says. */
static inline u32 hlog_current(const struct hive *h)
{
    return h->ctl->log & 1;
}

static inline struct image_log *hlog_state(const struct hive *h)
{
    return &h->ctl->logs[hlog_current(h)];
}

/* --- hive_lock.c ---------------------------------------------------------------------------------
 */

/* Takes the writers' lock; a dead owner's work is finished or dropped first. ERROR_BUSY. */
u32 hlock_take(struct hive *h, u32 timeout_ms);
void hlock_drop(struct hive *h);
/* For a process that has just got a slot: a dead one may have had it and the lock. */
void hlock_inherit(struct hive *h);
/* Where another process waits for a thread of this one that is no more: gives its lock back. */
void hlock_answer(struct hive *h);
/* Whether the process with that slot lives. */
bool hlock_slot_alive(struct hive *h, u32 slot);

/* --- hive_open.c --------------------------------------------------------------------------------
 */

/* The image of the hive whose file is open as f, for whoever holds IMAGE_LOCK_OPEN while it is
 * used; with a slot where f can be written, else for reading alone. f stays the caller's. */
u32 hopen_guest(const char16_t *path, struct os_file *f, bool can_write, struct hive **out);
void hopen_guest_leave(struct hive *guest);
/* A new image in own memory, instead of what h has. */
u32 hopen_renew(struct hive *h);

/* --- hive.c (with the lock) ------------------------------------------------------------------ */

/* commit_prepare() of a write without an error in its view. */
u32 hive_write_prepare(struct hive *h, struct hive_write *w);
/* After it was installed or, on an error, forgotten: the lock is free. */
void hive_write_end(struct hive *h, u32 err);

/* --- commit.c, commit_redo.c (all with the lock) -----------------------------------------------
 */

#define SIDE_MAGIC 0x65646973u

/* Step 7 from its begin, and from its end on with step 8. */
void commit_begin_change(struct hive *h);
void commit_end_change(struct hive *h, const struct image_pending *p);
/* Whether what the control page tells can be at all; every word of it is memory that others write.
 */
bool commit_words_hold(const struct hive *h);
/* Everything that may fail before what the overlay of view holds is part of the hive. On an error
 * nothing is prepared. */
u32 commit_prepare(struct hive *h, struct hview *view);
/* What was prepared counts from now on, and must be installed; on an error (a full disk) it does
 * not, unless it is part of a write of several hives, which counts already. These three do nothing
 * where the write changes nothing. */
u32 commit_seal(struct hive *h);
void commit_install(struct hive *h);
/* Instead of sealing. */
void commit_forget(struct hive *h);
/* What was prepared or sealed is on the medium; of what was prepared also that the hive file is
 * known to have a log. */
u32 commit_sync(struct hive *h);
u32 commit_sync_mark(struct hive *h);
/* What a killed owner left: finishes its commit where that counts already. On an error nothing has
 * changed and it has to be tried again. */
u32 commit_repair(struct hive *h);
/* Copies the overlay's pages into the image; for building one, alone. */
void commit_direct(struct hive *h, const u32 size[2]);
/* ERROR_REGISTRY_IO_FAILED where the image is shorter than so many bytes of a region, be it by a
 * part of a page, which no fault tells of. */
u32 commit_find_cut(struct hive *h, const struct region *r, u32 alloc);
/* Real blocks for the first size bytes of a storage (HV_STABLE_STORE, HV_VOLATILE_STORE), and a
 * mapping of them. */
u32 commit_reserve(struct hive *h, u32 storage, u32 size);
/* A view of the image as it is. */
u32 hive_view(struct hive *h, struct hview *view);

/* --- merge.c (with the lock) ----------------------------------------------------------------- */

/* Where the current log is much longer than what it changed: the other log becomes the current one
 * and begins with one entry that holds all of that. Where there is no memory or disk space for it,
 * nothing happens. */
void merge_log(struct hive *h);

/* --- checkpoint.c (with the lock) ------------------------------------------------------------ */

/* Everything to the hive file, and the logs begin anew. */
u32 checkpoint(struct hive *h);
/* After a commit: a checkpoint where the log is long or old. */
void checkpoint_if_due(struct hive *h);

#endif
