/*
 * For fuzz targets of 32 bits alone, before everything else: numbers of 64 bits lie on multiples of
 * 8, as on Windows and on every host of 64 bits, not of 4 as on Linux of 32 bits. What several
 * processes share has one layout then, and is changed by one instruction.
 */
#ifndef DECANTER_ALIGN32_H
#define DECANTER_ALIGN32_H

#include <stdint.h>

typedef uint64_t aligned_uint64 __attribute__((aligned(8)));
typedef int64_t aligned_int64 __attribute__((aligned(8)));
#define uint64_t aligned_uint64
#define int64_t  aligned_int64

#endif
