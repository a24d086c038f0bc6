/*
 * The base block: the first 4096 bytes of a hive file, and (its first 512, changed a little) of a
 * log.
 *
 *   offset  size  what
 *   0x000      4  "regf"
 *   0x004      4  primary sequence number: differs from the secondary where the file is dirty
 *   0x008      4  secondary sequence number
 *   0x00c      8  last written, FILETIME
 *   0x014      4  major version, 1
 *   0x018      4  minor version, 3 to 6 (0 to 2: old formats nobody writes)
 *   0x01c      4  file type: 0 hive, 1 or 2 log of the old format (DIRT), 6 of the new (HvLE)
 *   0x020      4  file format, 1
 *   0x024      4  root cell, relative to the hive bins data
 *   0x028      4  size of the hive bins data, a multiple of 4096
 *   0x02c      4  clustering factor, 1
 *   0x030     64  file name, UTF-16, the last part of it
 *   0x070     16  RmId, and LogId at 0x080, flags (4 bytes) at 0x090, TmId at 0x094
 *   0x0a4      4  "rmtm" where the GUIDs are set
 *   0x1fc      4  checksum: the exclusive or of the 127 words before; 0 is written as 1, and
 *                 0xffffffff as 0xfffffffe
 *
 * A hive that is clean has both sequence numbers S. It is made dirty, before the first log entry
 * can count, by the primary one S + 1. The first log entry has the number S, the next S + 1...; a
 * base block written after entry N was applied has N + 1 in both.
 */
#ifndef DECANTER_BASEBLOCK_H
#define DECANTER_BASEBLOCK_H

#include "base.h"
#include "error.h"

#define BASE_SIZE   4096u
#define BASE_SECTOR 512u
#define BASE_MAGIC  0x66676572u /* "regf" */

enum base_type { BASE_HIVE = 0, BASE_LOG_OLD = 1, BASE_LOG_OLDER = 2, BASE_LOG_NEW = 6 };

struct base_block {
    u32 magic, seq1, seq2;
    u32 written_low, written_high;
    u32 major, minor, type, format;
    u32 root, size, cluster;
    u16 name[32];
    u8 rm_id[16], log_id[16];
    u32 flags;
    u8 rest[508 - 148];
    u32 checksum;
    u8 tail[BASE_SIZE - BASE_SECTOR];
};
STATIC_ASSERT(sizeof(struct base_block) == BASE_SIZE);
STATIC_ASSERT(offsetof(struct base_block, flags) == 144);
STATIC_ASSERT(offsetof(struct base_block, checksum) == 508);

/* A new hive's, clean, with sequence numbers 1; the name is the last part of path (NULL: none). */
void base_make(struct base_block *b, const char16_t *path, u32 root, u32 size, u32 minor);
u32 base_checksum(const struct base_block *b);
void base_seal(struct base_block *b); /* sets the checksum */
u64 base_written(const struct base_block *b);
void base_set_written(struct base_block *b, u64 time);
/* What can be wrong with a hive file as a whole. */
enum base_fault {
    BASE_BAD_MAGIC = 0x01,    /* it does not begin with regf */
    BASE_BAD_CHECKSUM = 0x02, /* the checksum is another */
    BASE_BAD_TYPE = 0x04,     /* a log's, or of no known kind */
    BASE_BAD_VERSION = 0x08,  /* a version or format that is not known */
    BASE_BAD_SIZE = 0x10,     /* a size of the bins that cannot be */
    BASE_BAD_ROOT = 0x20,     /* no key begins where the root key is said to */
    BASE_SHORT = 0x40,        /* the file ends before its bins do */
    BASE_UNFINISHED = 0x80,   /* a write was not finished, and no log knows of it */
};

/* The first five of them, as bits: what is wrong with the fields. */
u32 base_faults(const struct base_block *b);
/* Magic and checksum are right, and it is of that type: what is needed before a field of it may be
 * believed. */
bool base_valid(const struct base_block *b, enum base_type type);
/* Whether the fields of a hive's base block can be worked with. ERROR_NOT_REGISTRY_FILE: no regf at
 * all; ERROR_BADDB: wrong checksum, version, type or size. */
u32 base_check(const struct base_block *b);

#endif
