/*
 * WriteRegistryValues and RemoveRegistryValues.
 */
#ifndef MSI_ACT_REGISTRY_H
#define MSI_ACT_REGISTRY_H

#include "install.h"

u32 act_write_registry(struct install *in);
u32 act_remove_registry(struct install *in);

#endif
