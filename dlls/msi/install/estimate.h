/*
 * EstimatedSize: what a product takes on the disk.
 */
#ifndef MSI_ESTIMATE_H
#define MSI_ESTIMATE_H

#include "install.h"

/* In KB: the files of all components that are on the disk afterwards, and the package's own, each
 * in whole clusters. Looks only. ERROR_OUTOFMEMORY, or what the table's reading gives. */
u32 estimated_size(struct install *in, u32 *kilobytes);

#endif
