/*
 * What the bytes of registry text are:
 *
 *   ff fe, fe ff   UTF-16, by its mark
 *   ef bb bf       UTF-8, by its mark
 *   x 0, 0 x       UTF-16, for the first line is ASCII in every form
 *   else           UTF-8 where the bytes are well-formed UTF-8 and no code page was asked for: what
 *                  editors on other systems write. A text of a code page is that by chance only
 *                  where it is ASCII, and then it is the same. Else the code page.
 */
#include <string.h>

#include "codepage.h"
#include "os.h"
#include "regtext_priv.h"
#include "utf16.h"

enum { MARK = 0xfeff };

static u32 decode_wide(const u8 *bytes, size_t size, bool big, char16_t **text, size_t *len)
{
    char16_t *to = os_alloc(size + 2);

    if (!to)
        return ERROR_OUTOFMEMORY;
    *len = size / 2;
    for (size_t i = 0; i < *len; i++)
        to[i] = (char16_t)(big ? bytes[i * 2] << 8 | bytes[i * 2 + 1]
                               : bytes[i * 2 + 1] << 8 | bytes[i * 2]);
    if (*len && to[0] == MARK)
        memmove(to, to + 1, --*len * sizeof(*to));
    *text = to;
    return ERROR_SUCCESS;
}

static u32 decode_narrow(const u8 *bytes, size_t size, u32 codepage, char16_t **text, size_t *len)
{
    u32 err = codepage_decode(codepage, (const char *)bytes, size, NULL, 0, len);

    if (err)
        return err;
    if (*len > SIZE_MAX / 4 || !(*text = os_alloc(*len * 2 + 2)))
        return ERROR_OUTOFMEMORY;
    err = codepage_decode(codepage, (const char *)bytes, size, *text, *len, len);
    if (err)
        os_free(*text);
    return err;
}

/* How many bytes follow a lead byte; 4: it is none. */
static u32 tail_bytes(u8 lead)
{
    if (lead < 0x80)
        return 0;
    if (lead < 0xc2 || lead > 0xf4)
        return 4;
    return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

static bool is_utf8(const u8 *s, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        u32 n = tail_bytes(s[i]);
        u32 value = s[i] & (0x3fu >> n);

        if (n == 4 || n >= size - i)
            return false;
        for (u32 k = 0; k < n; k++) {
            if ((s[++i] & 0xc0) != 0x80)
                return false;
            value = value << 6 | (s[i] & 0x3f);
        }
        if ((n == 2 && (value < 0x800 || (value >= 0xd800 && value < 0xe000))) ||
            (n == 3 && (value < 0x10000 || value > 0x10ffff)))
            return false;
    }
    return true;
}

u32 regtext_decode(const u8 *bytes, size_t size, u32 codepage, char16_t **text, size_t *len,
                   bool *wide)
{
    bool little = size >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] && !bytes[1]));
    bool big = size >= 2 && ((bytes[0] == 0xfe && bytes[1] == 0xff) || (!bytes[0] && bytes[1]));

    *wide = little || big;
    if (*wide)
        return decode_wide(bytes, size, big, text, len);
    if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        return decode_narrow(bytes + 3, size - 3, CODEPAGE_UTF8, text, len);
    if (codepage == CODEPAGE_ACP && is_utf8(bytes, size))
        codepage = CODEPAGE_UTF8;
    return decode_narrow(bytes, size, codepage, text, len);
}
