/*
 * PublishFeatures, UnpublishFeatures, PublishProduct.
 */
#ifndef MSI_ACT_PUBLISH_H
#define MSI_ACT_PUBLISH_H

#include "install.h"

u32 act_publish_features(struct install *in);
u32 act_unpublish_features(struct install *in);
/* Where the whole product goes this takes away what it and RegisterProduct wrote of it. */
u32 act_publish_product(struct install *in);
/* Whether another engine published what is there of the product, which notes no folders, and puts
 * the shortcuts of all users where those of one are. */
bool product_is_of_others(struct install *in);

/* act_transforms.c: copies of the product's transforms, and the value Transforms of its key; what
 * of them does not go with its icons. */
struct reg_place;
u32 plan_transforms(struct install *in, const struct reg_place *at);
u32 plan_transforms_gone(struct install *in);

#endif
