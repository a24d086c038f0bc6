/*
 * Whether a write of several hives counts.
 *
 *   COMMITTED, beside the first of the hives:
 *     512 numbers of 8 bytes; 0 is a free place
 *
 * Each hive's log has its entry, without the magic that would make it count, and in the entry the
 * write's number and the path of this file (logfmt.h). When all of them are on the medium the
 * number is put into a free place: by this one store the write counts in every hive. Then the
 * entries are sealed, and when that is on the medium the place is free again. Who finds an entry
 * without a magic, after a dead owner or in the log of a hive that nobody had open, looks for its
 * number here: where it is not, the write has never happened.
 *
 * A process killed between the two stores leaves its number: it costs a place.
 */
#ifndef DECANTER_JOINT_H
#define DECANTER_JOINT_H

#include "base.h"
#include "error.h"
#include "logfmt.h"

struct os_file;

#define JOINT_PLACES 512u
#define JOINT_PATH   1024u /* characters, with the terminator */

struct joint {
    struct os_file *file;
    u64 *places;
    u64 *mine; /* NULL: not decided */
    bool lost; /* somebody made COMMITTED shorter */
    struct log_joint record;
    char16_t path[JOINT_PATH]; /* of COMMITTED, as every process of the machine knows it */
};

/* Opens or makes COMMITTED beside the hive of that path. ERROR_BUSY: somebody else makes it and
 * does not go on; ERROR_FILENAME_EXCED_RANGE; what the system says. Needs joint_close() either way.
 */
u32 joint_open(struct joint *j, const char16_t *hive_path);
/* The write counts, durably. ERROR_NO_LOG_SPACE: no free place. On an error it does not. */
u32 joint_decide(struct joint *j);
/* With `sealed`, every entry is sealed on the medium, and the number is taken back. */
void joint_close(struct joint *j, bool sealed);

/* Whether the write of that record counts; hive_path is that of the hive whose log has it. A file
 * COMMITTED that is not there or may not be read says no. ERROR_OUTOFMEMORY,
 * ERROR_SHARING_VIOLATION and the like: it cannot be told now. */
u32 joint_decided(const struct log_joint *record, const char16_t *hive_path, bool *yes);

#endif
