/*
 * ProcessComponents.
 */
#ifndef MSI_ACT_COMPONENTS_H
#define MSI_ACT_COMPONENTS_H

#include "install.h"

u32 act_process_components(struct install *in);

#endif
