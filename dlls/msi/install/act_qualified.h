/*
 * PublishComponents and UnpublishComponents.
 */
#ifndef MSI_ACT_QUALIFIED_H
#define MSI_ACT_QUALIFIED_H

#include "install.h"

u32 act_publish_components(struct install *in);
u32 act_unpublish_components(struct install *in);

#endif
