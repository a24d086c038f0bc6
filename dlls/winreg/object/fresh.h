/*
 * What a hive holds before anybody put something into it, and its default security.
 */
#ifndef DECANTER_FRESH_H
#define DECANTER_FRESH_H

#include "space.h"

/* Gives a hive just opened what its mount should have: with is_new and nothing in it, the default
 * descriptor and first keys; always, the links that are kept in volatile keys. */
u32 fresh_hive(struct mount *m, struct hive *h, bool is_new);

/* The descriptor of a key that is in no hive (MACHINE, USER), self-relative. */
const void *fresh_top_security(u32 *size);

#endif
