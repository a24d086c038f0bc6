/*
 * The memory of records: a few freed blocks are kept, because programs make and close one record
 * after the other, and a block from here costs a tenth of one from the heap.
 */
#ifndef MSI_RECBLOCK_H
#define MSI_RECBLOCK_H

#include "base.h"

enum { RECBLOCK_MAX = 512 };

/* What a block for `size` bytes has room for: the size itself or more. */
size_t recblock_room(size_t size);
/* Undefined contents up to RECBLOCK_MAX bytes, zeroes beyond. NULL without memory. */
void *recblock_alloc(size_t size);
/* size as it was asked for. */
void recblock_free(void *block, size_t size);

#endif
