/*
 * How many bytes things of one size take, and what no memory can hold.
 */
#ifndef DECANTER_MEM_SIZE_H
#define DECANTER_MEM_SIZE_H

#include "base.h"

#define MEM_TOO_MUCH UINT64_MAX

/* MEM_TOO_MUCH where 64 bits do not hold it. */
static inline u64 mem_product(u64 count, u64 size)
{
    u64 bytes;

    return __builtin_mul_overflow(count, size, &bytes) ? MEM_TOO_MUCH : bytes;
}

static inline u64 mem_sum(u64 a, u64 b)
{
    u64 bytes;

    return __builtin_add_overflow(a, b, &bytes) ? MEM_TOO_MUCH : bytes;
}

#endif
