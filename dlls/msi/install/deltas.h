/*
 * The Patch table: what changes the bytes of files.
 */
#ifndef MSI_DELTAS_H
#define MSI_DELTAS_H

#include "file_table.h"

struct delta_row {
    u32 file; /* index of the file table */
    u32 sequence;
    bool optional; /* it may fail */
    u32 next;      /* the one behind it of the same file, or NAME_NONE */
};

struct deltas {
    struct delta_row *rows; /* by sequence */
    u32 *first;             /* of each file, or NAME_NONE */
    u32 count, cap;
};

/* Those that are applied to what the File table's media have: their sequences are behind the
 * file's. None, where the session's sequence does not have PatchFiles. Zeroed memory is none;
 * deltas_free in any case. */
u32 deltas_read(struct session *s, const struct file_table *t, struct deltas *d);
void deltas_free(struct deltas *d);
bool deltas_has(const struct deltas *d, u32 file);

#endif
