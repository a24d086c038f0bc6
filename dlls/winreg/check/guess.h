/*
 * What will do to look at a damaged hive: a base block where the file's own is wrong and no log has
 * a better one, a root key where none is at the place it is said to be. For HIVE_DAMAGED alone;
 * nothing is ever written on the strength of a guess.
 */
#ifndef DECANTER_GUESS_H
#define DECANTER_GUESS_H

#include "baseblock.h"
#include "hive_view.h"

struct os_file;

/* Mends b, whose bins are in f behind it. ERROR_NOT_REGISTRY_FILE: neither base block nor bins, or
 * a hive's log. ERROR_REGISTRY_CORRUPT: no bins. */
u32 guess_base(struct os_file *f, struct base_block *b);
/* The cell of what looks most like the root key: a key marked as one, else one without a parent;
 * HV_NIL. */
u32 guess_root(struct hview *h);

#endif
