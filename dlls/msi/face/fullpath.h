/*
 * A path as the engine takes it: from the root, so that a change of the current folder between an
 * opening and a commit changes nothing.
 */
#ifndef MSI_FULLPATH_H
#define MSI_FULLPATH_H

#include "base.h"

/* *full is terminated, from os_alloc. ERROR_INVALID_NAME, ERROR_OUTOFMEMORY. */
u32 full_path(const char16_t *path, char16_t **full);

#endif
