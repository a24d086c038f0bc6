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

#endif
