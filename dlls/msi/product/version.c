/*
 * Reading and comparing versions.
 */
#include "version.h"

#include <string.h>

#include "utf16.h"

bool version_read(const char16_t *s, size_t len, struct version *v)
{
    size_t at = 0, n = 0;

    memset(v, 0, sizeof(*v));
    if (len > VERSION_CHARS)
        return false;
    memcpy(v->text, s, len * sizeof(*s));
    while (n < VERSION_FIELDS) {
        size_t end = at;

        while (end < len && s[end] != '.')
            end++;
        if (!u16_to_u32(s + at, end - at, &v->field[n]) || v->field[n] > 0xffff)
            return false;
        n++;
        if (end == len)
            return true;
        at = end + 1;
    }
    return false;
}

int version_compare(const struct version *a, const struct version *b, u32 fields)
{
    for (u32 i = 0; i < fields && i < VERSION_FIELDS; i++)
        if (a->field[i] != b->field[i])
            return a->field[i] < b->field[i] ? -1 : 1;
    return 0;
}
