/*
 * GUIDs as text and packed.
 */
#include "guid.h"

#include "utf16.h"

static const char form[GUID_CHARS + 1] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

/* Where each packed digit stands in the text. */
static const u8 place[GUID_PACKED] = {8,  7,  6,  5,  4,  3,  2,  1,  13, 12, 11,
                                      10, 18, 17, 16, 15, 21, 20, 23, 22, 26, 25,
                                      28, 27, 30, 29, 32, 31, 34, 33, 36, 35};

static bool is_hex(char16_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool guid_is(const char16_t *s)
{
    for (size_t i = 0; i < GUID_CHARS; i++)
        if (form[i] == 'x' ? !is_hex(s[i]) : s[i] != (char16_t)form[i])
            return false;
    return !s[GUID_CHARS];
}

void guid_pack(const char16_t *guid, char16_t *packed)
{
    for (size_t i = 0; i < GUID_PACKED; i++)
        packed[i] = u16_upper(guid[place[i]]);
    packed[GUID_PACKED] = 0;
}

bool guid_unpack(const char16_t *packed, char16_t *guid)
{
    for (size_t i = 0; i < GUID_CHARS; i++)
        guid[i] = (char16_t)form[i];
    guid[GUID_CHARS] = 0;
    for (size_t i = 0; i < GUID_PACKED; i++) {
        if (!is_hex(packed[i]))
            return false;
        guid[place[i]] = packed[i];
    }
    return !packed[GUID_PACKED];
}
