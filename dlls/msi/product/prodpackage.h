/*
 * Where the package of a product is: in the cache, or where it came from.
 */
#ifndef MSI_PRODPACKAGE_H
#define MSI_PRODPACKAGE_H

#include "products.h"

/* A path that exists, from os_alloc: the cached package, or else one of the folders of the source
 * list with the package's name. *source (may be NULL where nothing is known; from os_alloc too) is
 * the package's path at the source that was used last, whether it is there or not.
 * ERROR_INSTALL_SOURCE_ABSENT, ERROR_OUTOFMEMORY. */
u32 product_package(const struct product *p, char16_t **path, char16_t **source);
/* The package in the first folder of the source list that has it, from os_alloc, as if nothing was
 * cached. The same errors. */
u32 product_source_package(const struct product *p, char16_t **path);

#endif
