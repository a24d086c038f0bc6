/*
 * The old log format (before Windows 8.1), and what both formats' recoveries share. For recover.c.
 */
#ifndef DECANTER_RECOVER_OLD_H
#define DECANTER_RECOVER_OLD_H

#include "recover.h"

/* Applies the log of the old format that belongs to the hive, if there is one. */
u32 recover_old(struct recover *r);

/* A log's base block where it is valid, else NULL; only its first 512 bytes are there. */
const struct base_block *recover_header(const struct recover_log *log);
void recover_piece(struct recover *r, u32 off, const u8 *bytes, u32 size);
u32 recover_resize(struct recover *r, u32 size);

#endif
