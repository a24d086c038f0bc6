/*
 * What goes of a product's registration when all of the product goes.
 */
#ifndef MSI_UNREGISTER_H
#define MSI_UNREGISTER_H

#include "install.h"

/* What PublishProduct wrote; what RegisterProduct and RegisterUser wrote. Planned twice they do no
 * harm. */
u32 plan_unpublish(struct install *in);
u32 plan_unregister(struct install *in);
/* Its patches, by plan_unregister: unpatch.c. */
u32 plan_unpatch(struct install *in);
/* What is kept of a patch that the product has no more, unless others have it. */
u32 plan_patch_forgotten(struct install *in, const char16_t *patch);

#endif
