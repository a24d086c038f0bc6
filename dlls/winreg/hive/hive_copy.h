/*
 * A copy of a hive's stable storage, as it was at one moment; for hive_open.c.
 */
#ifndef DECANTER_HIVE_COPY_H
#define DECANTER_HIVE_COPY_H

#include "base.h"
#include "error.h"

struct hive;

/* Fills h, whose image in own memory is new, with what the hive of its path holds. Errors as
 * hive_open; ERROR_BUSY: it changes faster than it can be read. */
u32 hcopy_fill(struct hive *h);

#endif
