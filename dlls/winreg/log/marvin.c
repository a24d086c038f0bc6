/*
 * Marvin32: two 32-bit halves, mixed once for each word of the data; the data ends with a byte
 * 0x80 and zeros up to a whole word, and two mixes.
 */
#include <string.h>

#include "marvin.h"

static inline u32 rotate(u32 v, unsigned n)
{
    return v << n | v >> (32 - n);
}

static inline void mix(u32 *lo, u32 *hi)
{
    *hi ^= *lo;
    *lo = rotate(*lo, 20) + *hi;
    *hi = rotate(*hi, 9) ^ *lo;
    *lo = rotate(*lo, 27) + *hi;
    *hi = rotate(*hi, 19);
}

u64 marvin32(u64 seed, const void *data, size_t n)
{
    const u8 *p = data;
    u32 lo = (u32)seed, hi = (u32)(seed >> 32), word;

    for (; n >= 4; n -= 4, p += 4) {
        memcpy(&word, p, 4);
        lo += word;
        mix(&lo, &hi);
    }
    word = 0x80u << (8 * n);
    for (size_t i = 0; i < n; i++)
        word |= (u32)p[i] << (8 * i);
    lo += word;
    mix(&lo, &hi);
    mix(&lo, &hi);
    return (u64)hi << 32 | lo;
}
