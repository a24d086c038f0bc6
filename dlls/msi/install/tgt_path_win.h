/*
 * Paths of target.h as Windows is to see them.
 */
#ifndef MSI_TGT_PATH_WIN_H
#define MSI_TGT_PATH_WIN_H

#include <stddef.h>

#include "base.h"

/* From os_alloc, without a separator at its end but for a drive's. `more` characters of room stay
 * behind it. ERROR_BAD_PATHNAME, ERROR_OUTOFMEMORY. */
u32 tgt_long_path(const char16_t *path, size_t more, wchar_t **out, size_t *len);

#endif
