/*
 * Patches of products, as the registry tells of them.
 *
 * Advertised: Products\code\Patches has the list of packed patch codes (a REG_MULTI_SZ named
 * Patches) and for each a text of transforms. Installed: UserData, Products\code\Patches has a key
 * for each with State (1 applied, 2 superseded, 4 obsoleted, 8 registered alone), Uninstallable,
 * Installed, DisplayName, MoreInfoURL, LUAEnabled; Patches has a key for each with its
 * LocalPackage.
 */
#ifndef MSI_PATCHES_H
#define MSI_PATCHES_H

#include "products.h"

enum patch_state {
    PATCH_APPLIED = 1,
    PATCH_SUPERSEDED = 2,
    PATCH_OBSOLETED = 4,
    PATCH_REGISTERED = 8
};

bool patch_known(const char16_t *patch);
/* The cached package of a patch, from os_alloc. ERROR_UNKNOWN_PRODUCT: nobody has it. */
u32 patch_package(const char16_t *patch, char16_t **text);
/* MsiGetPatchInfoEx. ERROR_UNKNOWN_PRODUCT, ERROR_UNKNOWN_PATCH, ERROR_UNKNOWN_PROPERTY. */
u32 patch_property(const struct product *p, const char16_t *patch, const char16_t *name,
                   char16_t **text);
/* The transforms of a product's patch, from os_alloc. */
u32 patch_transforms(const struct product *p, const char16_t *patch, char16_t **text);

struct listing_row;
/* The index-th patch of the product in row->guid, its product in row->other. code NULL: of all
 * products. filter: patch_state bits. ERROR_NO_MORE_ITEMS; ERROR_BAD_CONFIGURATION for a list that
 * is none. */
u32 patch_at(const char16_t *code, const char16_t *sid, u32 contexts, u32 filter, u32 index,
             struct listing_row *row);

#endif
