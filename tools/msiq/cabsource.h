/*
 * Where the cabinets of a package are: in a stream of it, or in a file beside it.
 */
#ifndef MSIQ_CABSOURCE_H
#define MSIQ_CABSOURCE_H

#include "cabinet.h"
#include "stg.h"

/* The part of a path before its last name, allocated; "" where there is none. */
char16_t *folder_of_path(const char16_t *path);
/* name: with '#' a stream of stg, else a file in the folder of the package. A name that would lead
 * out of that folder is ERROR_INVALID_NAME. */
u32 cabsource_open(struct stg *stg, const char16_t *package, const char16_t *name,
                   struct cab_bytes *out);

#endif
