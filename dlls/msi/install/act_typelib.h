/*
 * RegisterTypeLibraries and UnregisterTypeLibraries.
 */
#ifndef MSI_ACT_TYPELIB_H
#define MSI_ACT_TYPELIB_H

#include "install.h"

u32 act_register_typelibs(struct install *in);
u32 act_unregister_typelibs(struct install *in);

#endif
