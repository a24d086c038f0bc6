/*
 * SelfRegModules and SelfUnregModules.
 */
#ifndef MSI_ACT_SELFREG_H
#define MSI_ACT_SELFREG_H

#include "install.h"

u32 act_register_modules(struct install *in);
u32 act_unregister_modules(struct install *in);

#endif
