/*
 * Advertised shortcuts: files of the shell (.lnk) that lead to a product's feature.
 */
#ifndef MSI_SHORTCUT_H
#define MSI_SHORTCUT_H

#include "base.h"
#include "error.h"

enum { SHORTCUT_DESCRIPTOR = 260 };

/* The descriptor in a shortcut (descriptor.h). ERROR_FUNCTION_FAILED: the file cannot be read, is
 * no shortcut, or one that is not advertised. */
u32 shortcut_descriptor(const char16_t *path, char16_t descriptor[SHORTCUT_DESCRIPTOR]);
/* The same from its bytes. */
u32 shortcut_read(const u8 *bytes, size_t len, char16_t descriptor[SHORTCUT_DESCRIPTOR]);

#endif
