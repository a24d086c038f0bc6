/*
 * Copying short texts. The C library's memcpy of a DLL is a call through two modules and, under
 * Wine, costs tens of nanoseconds before its first byte; most texts here have a few characters.
 */
#ifndef MSI_TEXTCOPY_H
#define MSI_TEXTCOPY_H

#include <string.h>

#include "base.h"

static inline void text_copy(char16_t *to, const char16_t *from, size_t n)
{
    if (n > 64) {
        memcpy(to, from, n * sizeof(*to));
        return;
    }
    for (; n >= 4; n -= 4, to += 4, from += 4)
        memcpy(to, from, 8); /* one load and one store */
    while (n--) {
        *to++ = *from++;
        __asm__ volatile(""); /* or the compiler makes a memcpy of it */
    }
}

#endif
