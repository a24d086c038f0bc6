/*
 * What patches are compared with: a package, or an installed product with the patches that it has.
 */
#ifndef MSI_PATCHBASE_H
#define MSI_PATCHBASE_H

#include "database.h"
#include "patchorder.h"
#include "products.h"

/* From a package's Property table. ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND,
 * ERROR_INSTALL_PACKAGE_OPEN_FAILED, ERROR_INSTALL_PACKAGE_INVALID. */
u32 patch_base_read(const char16_t *package, struct patch_base *base);

/* The same from an open one, which need not have a product code. */
u32 patch_base_of(struct database *db, struct patch_base *base);

/* The path of a product's patch in the cache, as os.h opens it; from os_alloc.
 * ERROR_PATCH_PACKAGE_OPEN_FAILED: the file is gone. Else as patch_property has them. */
u32 patch_cached(const struct product *p, const char16_t *patch, char16_t **path);

/* The path of a product's cached package, from os_alloc. ERROR_UNKNOWN_PRODUCT,
 * ERROR_BAD_CONFIGURATION: it has none. */
u32 patch_base_package(const struct product *p, char16_t **path);

/* Calls each with the data of every patch that is applied to the product, in the order of their
 * application; the data are the receiver's. A patch that is not cached any more is passed over. */
u32 patch_each_applied(const struct product *p, u32 (*each)(void *ctx, struct patch_data *data),
                       void *ctx);

#endif
