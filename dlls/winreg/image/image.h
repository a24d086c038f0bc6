/*
 * The image of a hive: what the processes that have it open share.
 *
 *   X.image, beside the hive X:
 *     0x00000   control page: struct image_ctl
 *     0x01000   base block as the hive file has it (baseblock.h)
 *     0x02000   dirty map: what the hive file does not have yet (dirtymap.h), to 0x06000
 *     0x06000   who has which slot: struct image_slot[4096], to 0x0e000
 *     0x0e000   side entry of the last write (commit.c), where it is not longer than this room
 *     0x10000   meta storage, 64 KB (meta.h)
 *     0x20000   stable storage
 *   X.volatile:
 *     0x00000   volatile storage
 *
 * Both files may be longer than what they hold. Every word in them is little-endian and of a fixed
 * width: 32-bit, 64-bit and native programs share them. A hive without a file has the same in
 * memory of its process.
 *
 * Locks are on bytes of the hive file, which unlike the image is never removed, far beyond any
 * content:
 *     IMAGE_LOCK_OPEN     exclusively by whoever is opening or closing the hive
 *     IMAGE_LOCK_USERS    shared by every process that uses the image; who can have it exclusively,
 *                         while holding IMAGE_LOCK_OPEN, is alone and makes the image anew. So an
 *                         image left behind by a crash is never believed.
 *     IMAGE_LOCK_SLOTS+n  exclusively by the process with slot n: who can have it, has found that
 *                         process dead.
 *
 * How the control page changes (hive_lock.c, commit.c, checkpoint.c have the steps):
 *   (1) lock is 0, or tells the thread that may change anything but lock and starving.
 *   (2) seq is odd while the image is between two states; only between `txn` set and `done` set.
 *   (3) txn is the last write that counts, done the last that the image shows. They differ only
 *       while a commit copies, or after it was killed there; pending says where its redo is.
 *   (4) logs[log].end is behind the last entry that counts; logs[log].next is the number of the
 *       next one; logs[log].first that of the first, which is the secondary sequence number of the
 *       hive file's base block.
 *   (5) marked: the base block in the hive file is dirty, with that number. Set after it was
 *       written, cleared before a clean one is.
 *   (6) behind: the base block in the hive file may name the first entry of the other log, which
 *       the current one continues (merge.c). Set before the current log is, cleared when the base
 *       block names this one's; until then the other log must stay.
 *   (7) ours: what is in the logs was written for this image, or they are empty. Until then they
 *       are as they were found, and nobody has written anything.
 *   (8) ask: a lock word whose owner's process is asked whether that thread of its still lives.
 */
#ifndef DECANTER_IMAGE_H
#define DECANTER_IMAGE_H

#include "base.h"
#include "baseblock.h"
#include "dirtymap.h"

#define IMAGE_MAGIC   0x474d4944u /* "DIMG" */
#define IMAGE_VERSION 5u

#define IMAGE_BASE   0x1000u
#define IMAGE_DIRTY  0x2000u
#define IMAGE_SLOT   0x6000u
#define IMAGE_SIDE   0xe000u
#define IMAGE_META   0x10000u
#define IMAGE_STABLE 0x20000u

#define IMAGE_LOCK_OPEN  0x4000000000ull
#define IMAGE_LOCK_USERS 0x4000000001ull
#define IMAGE_LOCK_SLOTS 0x4000000100ull
#define IMAGE_SLOTS      4096u

#define IMAGE_SIDE_SIZE (IMAGE_META - IMAGE_SIDE)

enum image_flags {
    IMAGE_DAMAGED = 1, /* can be read, must not be written */
    IMAGE_BROKEN = 2,  /* a dead writer's work could not be finished: nothing more is written */
};

struct image_log {
    u32 end;   /* where the next entry goes */
    u32 next;  /* its sequence number */
    u32 first; /* that of the log's first entry */
    u32 alloc; /* bytes from the start that are real blocks */
};

/* The redo of the write `txn` (commit.c): an HvLE entry for the stable storage, a side entry for
 * the others, and the state afterwards. */
struct image_pending {
    u64 txn;
    u32 entry, entry_size; /* in the log; size 0: none */
    u32 side, side_size;   /* in the log; side 0: at IMAGE_SIDE */
    u32 size[2];
    u32 end, next;
};

struct image_ctl {
    /* 0x000: set while alone */
    u32 magic, version, ready, flags;
    u64 id; /* of this image: a random number */
    u32 next_slot, recovered;
    u8 pad0[32];
    /* 0x040: what readers read */
    u64 seq;
    u32 size[2]; /* stable, volatile */
    u8 pad1[48];
    /* 0x080: who writes */
    u64 lock;
    u8 pad2[56];
    /* 0x0c0: who has waited long */
    u64 starving;
    u8 pad3[56];
    /* 0x100: the writers' state */
    u64 txn, done;
    u32 log, marked;
    u32 alloc[2];    /* bytes of stable and volatile storage that are real blocks */
    u64 dirty_since; /* FILETIME */
    u32 retry_end;   /* no checkpoint before the log is that long: the last one failed */
    u32 behind;      /* see (6) */
    u8 ours;         /* see (7) */
    u8 keep[2];      /* the log has what was not applied: it is put aside, not emptied */
    u8 mended;       /* counts were derived anew when the image was made (meta_build.c) */
    u8 pad4[4];
    u64 ask; /* see (8) */
    struct image_log logs[2];
    struct image_pending pending;
    u8 pad5[16];
};
STATIC_ASSERT(offsetof(struct image_ctl, seq) == 0x40);
STATIC_ASSERT(offsetof(struct image_ctl, lock) == 0x80);
STATIC_ASSERT(offsetof(struct image_ctl, txn) == 0x100);
STATIC_ASSERT(offsetof(struct image_ctl, logs) == 0x140);
STATIC_ASSERT(offsetof(struct image_ctl, pending) == 0x160);
STATIC_ASSERT(sizeof(struct image_ctl) <= IMAGE_BASE);

/* Where thread numbers mean something (os_domain), and the process with the slot there. */
struct image_slot {
    u32 domain, pid;
};
STATIC_ASSERT(IMAGE_SLOT + IMAGE_SLOTS * sizeof(struct image_slot) <= IMAGE_SIDE);

#endif
