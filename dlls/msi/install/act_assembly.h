/*
 * MsiPublishAssemblies and MsiUnpublishAssemblies.
 */
#ifndef MSI_ACT_ASSEMBLY_H
#define MSI_ACT_ASSEMBLY_H

#include "install.h"

u32 act_publish_assemblies(struct install *in);
u32 act_unpublish_assemblies(struct install *in);

#endif
