/*
 * The parts of diff: cmd_diff.c compares rows, diff_bytes.c what stands in streams and storages.
 */
#ifndef MSIQ_DIFF_H
#define MSIQ_DIFF_H

#include "msiq.h"

/* One difference, under its table. */
void diff_line(const char16_t *table, char sign, const char16_t *line);
/* A table with its streams told by size and digest. */
u32 diff_read_table(struct pkg *db, const char16_t *table, struct rows *out);
/* The streams that are no table's, and the storages. Complains. */
u32 diff_storage(const char16_t *old, const char16_t *new);

#endif
