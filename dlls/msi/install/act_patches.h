/*
 * What is registered of a product's patches.
 */
#ifndef MSI_ACT_PATCHES_H
#define MSI_ACT_PATCHES_H

#include "install.h"

/* Where it is advertised: the list of those that are applied, with their transforms, and where a
 * new one comes from; by PublishProduct. */
u32 plan_patches_published(struct install *in);
/* Where it is installed: a key for each, and its file in the cache; by RegisterProduct. */
u32 plan_patches_registered(struct install *in);

#endif
