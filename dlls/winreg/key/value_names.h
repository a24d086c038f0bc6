/*
 * The names of the values of one key, as a set of bits: says that a name is surely new, so that
 * making many values in a key does not look through all of them each time.
 *
 * Only writers use it; the hive's lock keeps them apart. It is tied to the key's value generation,
 * which has a new number after each change by anybody: meta.h.
 */
#ifndef DECANTER_VALUE_NAMES_H
#define DECANTER_VALUE_NAMES_H

#include "hive_view.h"

/* True: no value of the key has a name with that hash (val_name_hash). False: look. Fills the set
 * where it is another key's or out of date. */
bool value_names_lacks(struct hview *h, u32 key, u32 hash);
/* A value of that name was added; the generations before and after. */
void value_names_add(struct hview *h, u32 key, u32 hash, u32 before, u32 after);
/* A value was deleted: its bit stays, which costs a search at most. */
void value_names_remove(struct hview *h, u32 key, u32 before, u32 after);

/* The hash of a value's name (value.c). */
u32 val_name_hash(const char16_t *name, u32 len);

#endif
