/*
 * Copies of what a product is made of whose old one goes.
 */
#ifndef MSI_APART_H
#define MSI_APART_H

#include "install.h"

/* Before products are removed: where a patch makes this one of one that is there. No lock is held.
 */
u32 apart_keep(struct install *in);
/* The file that the package is taken from: itself, or the copy of it. */
const char16_t *apart_package(const struct session *s);
/* With the installation's end. */
void apart_end(struct install *in);

#endif
