/*
 * Log entries of the new format (Windows 8.1 and later), as bytes in memory.
 *
 * A log is 512 bytes of base block (type 6, baseblock.h) and entries, each at a multiple of 512:
 *
 *   offset  size  what
 *   0x00       4  "HvLE"
 *   0x04       4  size of the entry, a multiple of 512
 *   0x08       4  flags of the base block
 *   0x0c       4  sequence number: one more than the entry's before
 *   0x10       4  size of the hive bins data when it was made, a multiple of 4096
 *   0x14       4  number of pages
 *   0x18       8  Marvin32 of everything from offset 0x28 to the end of the entry
 *   0x20       8  Marvin32 of the first 0x20 bytes of the entry
 *   0x28     8*n  offset (in the hive bins data) and size of each page, multiples of 512
 *   ...           the pages one after another, then zeros
 *
 * Where the entry is one hive's part of a write of several (joint.h), its last bytes are, counted
 * from its end, and to others a part of the zeros:
 *
 *   -0x10-2*n  2*n  path of the file that tells whether the write counts
 *   -0x10        8  number of the write
 *   -0x08        4  n
 *   -0x04        4  "join"
 *
 * An entry is valid if and only if magic, sizes and both hashes are right. A log counts up to the
 * first entry that is not valid or has not the next number.
 */
#ifndef DECANTER_LOGFMT_H
#define DECANTER_LOGFMT_H

#include "base.h"
#include "error.h"

#define LOG_MAGIC  0x454c7648u /* "HvLE" */
#define LOG_SECTOR 512u
#define LOG_FIRST  512u /* offset of the first entry */

struct log_ref {
    u32 off, size;
};

struct log_entry {
    u32 magic, size, flags, seq, bins_size, count;
    u64 hash1, hash2;
    struct log_ref refs[];
};
STATIC_ASSERT(sizeof(struct log_entry) == 40);

/* Which write of several hives an entry is a part of. */
struct log_joint {
    u64 id;
    u32 len; /* of path, which is not terminated */
    const char16_t *path;
};

/* The size of an entry of that many pages with that many bytes in all. */
u64 log_entry_size(u32 count, u64 bytes);
/* Into the last of the `room` bytes behind the pages, zeros before it; there are log_joint_size()
 * of them at least. Before log_entry_fill(), to which the entry is full then. */
u32 log_joint_size(const struct log_joint *j);
void log_joint_put(u8 *room, u32 size, const struct log_joint *j);
/* That of an entry that is valid or prepared; false where it is no part of a joint write. The path
 * stays in the entry. */
bool log_joint_get(const struct log_entry *e, struct log_joint *j);
/* Sets everything but refs and pages, which are there, and the magic; what lies behind the pages is
 * zeroed. `at` is 8-aligned with size bytes. */
void log_entry_fill(struct log_entry *at, u32 size, u32 flags, u32 seq, u32 bins_size, u32 count,
                    u32 used);
/* Sets the magic of one that is filled: it is an entry from now on, by this one store. */
void log_entry_seal(struct log_entry *at);
/* Whether the bytes (`left` to the end of the log; 4-aligned) begin with a valid entry. */
bool log_entry_valid(const u8 *at, u64 left);
/* Whether they begin with one that is valid but for its magic, which is 0. */
bool log_entry_prepared(const u8 *at, u64 left);
/* Whether every page of a valid entry lies inside its hive bins data. */
bool log_entry_inside(const struct log_entry *e);
/* The first page's bytes; the others follow. */
const u8 *log_entry_pages(const struct log_entry *e);

#endif
