/*
 * Versions of products, files and patches: one to four numbers of 0 to 65535 with full stops
 * between them; what is left out is 0.
 */
#ifndef MSI_VERSION_H
#define MSI_VERSION_H

#include "base.h"

enum { VERSION_FIELDS = 4, VERSION_CHARS = 23 };

struct version {
    u32 field[VERSION_FIELDS];
    char16_t text[VERSION_CHARS + 1]; /* as it was written */
};

/* False for what is no version. */
bool version_read(const char16_t *s, size_t len, struct version *v);
/* <0, 0, >0 by the first `fields` numbers. */
int version_compare(const struct version *a, const struct version *b, u32 fields);

#endif
