/*
 * The path of a key in its hive, as text: the names below the root, with backslashes between them.
 */
#ifndef DECANTER_KEYPATH_H
#define DECANTER_KEYPATH_H

#include "nsp.h"

/* From os_alloc, not terminated; s NULL and len 0 for the root. */
struct keypath {
    char16_t *s;
    u32 len, cap;
};

/* In a read or write. Makes *p anew, keeping its memory. ERROR_REGISTRY_CORRUPT, ERROR_OUTOFMEMORY.
 */
u32 keypath_in(struct hview *v, u32 key, struct keypath *p);
/* Of a row that is in a hive; *p zeroed before. ERROR_KEY_DELETED. */
u32 keypath_of(const struct reg_row *row, struct keypath *p);
/* Puts a backslash (where both have something) and more behind. ERROR_OUTOFMEMORY. */
u32 keypath_add(struct keypath *p, const char16_t *s, u32 len);
/* Puts a name before. */
u32 keypath_before(struct keypath *p, const char16_t *name, u32 len);
void keypath_free(struct keypath *p);

#endif
