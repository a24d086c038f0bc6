/*
 * GUIDs in twenty characters.
 */
#include "code85.h"

#include <string.h>

#include "utf16.h"

enum { DIGITS = 5, BASE = 85 };

static const char digits[] = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                             "abcdefghijklmnopqrstuvwxyz{}~";
STATIC_ASSERT(sizeof(digits) - 1 == BASE);

static bool read_number(const char16_t *s, u32 *value)
{
    const char *at;

    *value = 0;
    for (size_t i = DIGITS; i-- > 0;) {
        at = s[i] && s[i] < 0x80 ? strchr(digits, (char)s[i]) : NULL;
        if (!at)
            return false;
        *value = *value * BASE + (u32)(at - digits);
    }
    return true;
}

bool code85_read(const char16_t *s, char16_t *guid)
{
    static const char hex[] = "0123456789ABCDEF";
    char16_t packed[GUID_PACKED + 1] = {0};
    u32 value = 0;

    /* The packed form has the digits of each group from the lowest on. */
    for (size_t i = 0; i < GUID_PACKED; i++, value >>= 4) {
        if (i % 8 == 0 && (u16_nlen(s, DIGITS) < DIGITS || !read_number(s, &value)))
            return false;
        if (i % 8 == 0)
            s += DIGITS;
        packed[i] = (char16_t)hex[value & 15];
    }
    return guid_unpack(packed, guid);
}

static u32 hex_value(char16_t c)
{
    return c <= '9' ? c - (u32)'0' : (c | 0x20) - (u32)'a' + 10;
}

void code85_write(const char16_t *guid, char16_t *s)
{
    char16_t packed[GUID_PACKED + 1];
    u32 value;

    guid_pack(guid, packed);
    for (size_t group = 0; group < GUID_PACKED / 8; group++) {
        value = 0;
        for (size_t i = 8; i-- > 0;)
            value = value << 4 | hex_value(packed[group * 8 + i]);
        for (size_t i = 0; i < DIGITS; i++, value /= BASE)
            *s++ = (char16_t)digits[value % BASE];
    }
}
