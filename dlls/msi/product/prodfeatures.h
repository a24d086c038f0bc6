/*
 * The features of a product, as the registry tells of them.
 *
 * Advertised: Features\code has a value for each, its text the name of its parent; with a character
 * 6 before it the feature is absent. Installed: UserData, Products\code\Features has the codes of
 * its components (code85.h), then a character 2 and the parent. Usage has a number for each: how
 * often it was used, below the date of the last time as DOS writes dates.
 */
#ifndef MSI_FEATURES_H
#define MSI_FEATURES_H

#include "products.h"

/* Whether any features of it are advertised. */
bool features_known(const struct product *p);
/* The INSTALLSTATE of a feature, BADCONFIG where its list of components is none.
 * ERROR_UNKNOWN_FEATURE. */
u32 feature_state(const struct product *p, const char16_t *feature, int *state);
/* For who installs: a feature with such a list is there, to be repaired or removed. */
u32 feature_state_there(const struct product *p, const char16_t *feature, int *state);
/* The index-th feature and its parent, from os_alloc. ERROR_NO_MORE_ITEMS. */
u32 feature_at(const struct product *p, u32 index, char16_t name[REG_NAME_MAX], char16_t **parent);
/* ERROR_UNKNOWN_FEATURE; 0 and 0 where it was never used. */
u32 feature_usage(const struct product *p, const char16_t *feature, u32 *count, u16 *date);
/* Counts one use more, on that day. */
u32 feature_used(const struct product *p, const char16_t *feature, u16 date);
/* The first of its components, which is the one that is meant where it has one alone.
 * ERROR_UNKNOWN_FEATURE, ERROR_UNKNOWN_COMPONENT. */
u32 feature_component(const struct product *p, const char16_t *feature,
                      char16_t component[GUID_CHARS + 1]);

#endif
