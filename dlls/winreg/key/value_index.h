/*
 * An index of the values of keys that have many: which cell has that name, and where in the key's
 * list it was. It is this process's own, for the keys used last, and made by reading a key's list
 * once.
 *
 * An index is tied to the key's value generation, which has a new number after each change by
 * anybody (meta.h), so that it also says that a name is not there. What it says of a cell is
 * believed only after a look at the cell and the list. Names are hashed with a seed of the process.
 */
#ifndef DECANTER_VALUE_INDEX_H
#define DECANTER_VALUE_INDEX_H

#include "hive_view.h"

/* Keys with fewer values have none. */
#define VALUE_INDEX_FROM 64u

enum value_answer {
    VALUE_KNOWN,   /* a cell that had the name when the index was made */
    VALUE_ABSENT,  /* no value has it; in a read: believed when the read is */
    VALUE_UNKNOWN, /* look */
};

struct value_spot {
    u32 cell;
    u32 place; /* in the list, or before that: the values before it may have been deleted */
};

/* count and list: what the key says. */
enum value_answer value_index_find(struct hview *h, u32 key, u32 list, u32 count,
                                   const char16_t *name, u32 len, struct value_spot *spot);
/* As part of a deletion, and before it is told: a value got another place in the list. */
void value_index_moved(struct hview *h, u32 key, const struct value_spot *spot);
/* A value was added at the end of the list, or deleted; the generations before and after. */
void value_index_added(struct hview *h, u32 key, const char16_t *name, u32 len,
                       const struct value_spot *spot, u32 before, u32 after);
void value_index_removed(struct hview *h, u32 key, const char16_t *name, u32 len, u32 cell,
                         u32 before, u32 after);

/* Of value.c: whether a value with that name, or any, stands in the cell, and the hash that hints
 * have. */
bool val_is_named(struct hview *h, u32 cell, const char16_t *name, u32 len);
bool val_is(struct hview *h, u32 cell);
u32 val_name_hash(const char16_t *name, u32 len);

#endif
