/*
 * Parts of a path, which either kind of slash divides.
 */
#ifndef DECANTER_PATHNAME_H
#define DECANTER_PATHNAME_H

#include "base.h"

/* Where the last name of a path of len characters begins, behind the folder's slash; 0 where there
 * is no folder. */
static inline size_t path_name(const char16_t *path, size_t len)
{
    while (len && path[len - 1] != '\\' && path[len - 1] != '/')
        len--;
    return len;
}

#endif
