/*
 * In which order patches are applied, and which are not.
 *
 *   1  those without a place in a family, and major upgrades, in the order that they came in,
 *      without those that one of them makes obsolete
 *   2  minor upgrades, by the version that comes of them
 *   3  small updates, each behind the last version that it is for, by their places in their
 *      families
 *
 * A patch can be applied where its transform takes the product code, version, language and upgrade
 * code that come of those before it. One is superseded where one behind it says so for each family
 * that it is in; a small update supersedes small updates alone.
 */
#ifndef MSI_PATCHORDER_H
#define MSI_PATCHORDER_H

#include "patchdata.h"

/* What a patch is compared with: a package's properties. */
struct patch_base {
    char16_t code[GUID_CHARS + 1], upgrade[GUID_CHARS + 1];
    struct version version;
    i32 language;
};

struct patch_item {
    const struct patch_data *data;
    /* Of what cannot be read: left out, with that as its status. */
    u32 error;
    /* Out: the place from 0 on, or -1; ERROR_SUCCESS for a patch that is obsolete or superseded,
     * ERROR_PATCH_TARGET_NOT_FOUND, ERROR_PATCH_NO_SEQUENCE. */
    i32 order;
    u32 status;
    /* The transform that is applied; NULL for none. */
    const struct patch_target *target;
};

/* ERROR_PATCH_NO_SEQUENCE: families contradict each other. ERROR_OUTOFMEMORY. Then no order is
 * set but -1. */
u32 patch_order(const struct patch_base *base, struct patch_item *items, u32 count);

/* Whether the transform is for that. */
bool patch_fits(const struct patch_target *t, const struct patch_base *base);

#endif
