/*
 * Assemblies that products have registered: below Assemblies, or Win32Assemblies, of a context, a
 * key Global, and one for each application with assemblies of its own, named by the path of its
 * configuration file with '|' for each backslash. A value for each assembly, named by its full
 * name, is a list of descriptors (descriptor.h), the last product's at the end.
 */
#ifndef MSI_ASSEMBLY_H
#define MSI_ASSEMBLY_H

#include "descriptor.h"
#include "error.h"

/* Calls each for every descriptor of the assembly, the last one first, until it returns something
 * else than `next`, which is returned. app NULL: a global one. ERROR_UNKNOWN_COMPONENT: nobody
 * has registered it; ERROR_BAD_CONFIGURATION for a list that is none. */
u32 assembly_each(const char16_t *name, const char16_t *app, bool win32, u32 next,
                  u32 (*each)(void *ctx, const struct descriptor *d), void *ctx);

#endif
