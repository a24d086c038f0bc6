/*
 * Names of files with wild cards: * for any characters, ? for one.
 */
#ifndef MSI_WILDCARD_H
#define MSI_WILDCARD_H

#include "base.h"
#include "error.h"

/* "*.*" matches a name without a point too, and case does not count. */
bool wildcard_matches(const char16_t *pattern, size_t pattern_len, const char16_t *name,
                      size_t len);
bool wildcard_is_one(const char16_t *pattern, size_t len);
/* Cuts "short|long" down to the long one. ERROR_BAD_PATHNAME for what names more than files of one
 * folder. */
u32 wildcard_take_long(const char16_t **pattern, size_t *len);

#endif
