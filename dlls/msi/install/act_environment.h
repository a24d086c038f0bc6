/*
 * WriteEnvironmentStrings and RemoveEnvironmentStrings.
 */
#ifndef MSI_ACT_ENVIRONMENT_H
#define MSI_ACT_ENVIRONMENT_H

#include "install.h"

u32 act_write_environment(struct install *in);
u32 act_remove_environment(struct install *in);

#endif
