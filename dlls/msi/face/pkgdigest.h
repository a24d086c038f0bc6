/*
 * Whether a signed package is what was signed. Wine's wintrust.dll looks at the signature alone.
 */
#ifndef MSI_PKGDIGEST_H
#define MSI_PKGDIGEST_H

#include "base.h"

/* The digest that a signature has for a file, and the object identifier of its algorithm. */
struct pkg_digest {
    const char *oid;
    const u8 *bytes;
    u32 len;
};

/* Whether the file is a compound file. */
bool pkg_is_compound(const char16_t *path);
/* S_OK where the compound file has that digest, TRUST_E_BAD_DIGEST where it has another; an error
 * where it cannot be known (an algorithm that is not there, a file that cannot be read). */
long pkg_check_digest(const char16_t *path, const struct pkg_digest *want);

#endif
