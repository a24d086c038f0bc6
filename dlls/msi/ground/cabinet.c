/*
 * Names in cabinets.
 */
#include "cabinet.h"

#include <string.h>

#include "codepage.h"
#include "utf16.h"

enum { WESTERN = 1252 };

static bool is_utf8(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == 0xfffd)
            return false;
    return true;
}

void cab_name(const char *bytes, char16_t *out, size_t cap)
{
    size_t len = strlen(bytes), n = u16_from_utf8(out, cap - 1, bytes, len, false);

    if (!is_utf8(out, MIN(n, cap - 1)) && codepage_decode(WESTERN, bytes, len, out, cap - 1, &n))
        n = 0;
    out[MIN(n, cap - 1)] = 0;
}
