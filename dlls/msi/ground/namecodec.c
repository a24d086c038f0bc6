/*
 * Packing and unpacking of stream names; namecodec.h has the layout.
 */
#include <string.h>

#include "namecodec.h"

enum {
    PAIR_FIRST = 0x3800,
    SINGLE_FIRST = 0x4800,
    TABLE_MARK = 0x4840,
    NOT_PACKED = -1,
};

/* The value of a unit among the 64, or NOT_PACKED. */
static int value_of(char16_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 36;
    if (c == '.')
        return 62;
    return c == '_' ? 63 : NOT_PACKED;
}

static char16_t unit_of(u32 value)
{
    static const char units[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

    return (char16_t)units[value & 63];
}

/* Packs one or two units; returns how many were taken. */
static size_t pack(const char16_t *name, size_t len, char16_t *out)
{
    int a = value_of(name[0]);
    int b = len > 1 ? value_of(name[1]) : NOT_PACKED;

    if (a == NOT_PACKED)
        *out = name[0];
    else if (b == NOT_PACKED)
        *out = (char16_t)(SINGLE_FIRST + a);
    else
        *out = (char16_t)(PAIR_FIRST + a + (b << 6));
    return a != NOT_PACKED && b != NOT_PACKED ? 2 : 1;
}

u32 name_encode(const char16_t *name, size_t len, bool table, char16_t stored[NAME_STORED_MAX + 1])
{
    char16_t out[NAME_STORED_MAX + 1];
    size_t n = 0;

    if (!len)
        return ERROR_INVALID_NAME;
    if (table)
        out[n++] = TABLE_MARK;
    for (size_t i = 0; i < len;) {
        if (n == NAME_STORED_MAX)
            return ERROR_FILENAME_EXCED_RANGE;
        i += pack(name + i, len - i, &out[n++]);
    }
    out[n] = 0;
    memcpy(stored, out, (n + 1) * sizeof(*out));
    return ERROR_SUCCESS;
}

size_t name_decode(const char16_t *stored, char16_t name[NAME_MAX_UNITS + 1], bool *table)
{
    bool marked = stored[0] == TABLE_MARK;
    size_t n = 0;

    for (size_t i = marked; i < NAME_STORED_MAX && stored[i]; i++) {
        char16_t c = stored[i];

        if (c >= PAIR_FIRST && c < SINGLE_FIRST) {
            name[n++] = unit_of(c - PAIR_FIRST);
            name[n++] = unit_of((c - PAIR_FIRST) >> 6);
        } else if (c >= SINGLE_FIRST && c < TABLE_MARK) {
            name[n++] = unit_of(c - SINGLE_FIRST);
        } else {
            name[n++] = c;
        }
    }
    name[n] = 0;
    if (table)
        *table = marked;
    return n;
}
