/*
 * Code pages by iconv.
 */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>

#include "codepage.h"
#include "os.h"
#include "utf16.h"

/* iconv converts much further than a short buffer takes, and begins anew for the next piece. */
enum { PIECE = 4096 };

/* The names that are not "CPnnn" to iconv. */
static const struct {
    u32 cp;
    const char *name;
} names[] = {
    {0, "CP1252"},         {65001, "UTF-8"},       {20127, "ASCII"},   {28591, "ISO-8859-1"},
    {28592, "ISO-8859-2"}, {28605, "ISO-8859-15"}, {54936, "GB18030"}, {950, "CP950"},
    {1361, "JOHAB"},       {20932, "EUC-JP"},      {51949, "EUC-KR"},  {10000, "MACINTOSH"},
};

static iconv_t open_codec(u32 cp, bool decode)
{
    const char *name = NULL;
    char made[16];

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].cp == cp)
            name = names[i].name;
    if (!name) {
        snprintf(made, sizeof(made), "CP%u", (unsigned)cp);
        name = made;
    }
    return decode ? iconv_open("UTF-16LE", name) : iconv_open(name, "UTF-16LE");
}

static bool is_codec(iconv_t codec)
{
    return codec != (iconv_t)-1;
}

u32 codepage_acp(void)
{
    return 1252;
}

bool codepage_known(u32 cp)
{
    iconv_t codec = open_codec(cp, true);

    if (!is_codec(codec))
        return false;
    iconv_close(codec);
    return true;
}

/* Converts into a buffer of its own, so that what does not fit is counted and what cannot be
 * converted is replaced. */
u32 codepage_decode(u32 cp, const char *from, size_t len, char16_t *to, size_t cap, size_t *need)
{
    char *in = (char *)from;
    size_t left = len;
    iconv_t codec;

    if (cp == CODEPAGE_UTF8) {
        *need = u16_from_utf8(to, cap, from, len, false);
        return ERROR_SUCCESS;
    }
    *need = 0;
    codec = open_codec(cp, true);
    if (!is_codec(codec))
        return ERROR_INVALID_PARAMETER;
    while (left) {
        char16_t piece[PIECE];
        char *out = (char *)piece;
        size_t room = sizeof(piece);

        if (iconv(codec, &in, &left, &out, &room) == (size_t)-1 && errno != E2BIG) {
            size_t got = (sizeof(piece) - room) / 2;

            if (got < ARRAY_LEN(piece))
                piece[got] = u'?';
            else
                got--;
            room = sizeof(piece) - (got + 1) * 2;
            in++;
            left--;
            iconv(codec, NULL, NULL, NULL, NULL);
        }
        for (size_t i = 0; i < (sizeof(piece) - room) / 2; i++, ++*need)
            if (*need < cap)
                to[*need] = piece[i];
    }
    iconv_close(codec);
    return ERROR_SUCCESS;
}

u32 codepage_encode(u32 cp, const char16_t *from, size_t len, char *to, size_t cap, size_t *need,
                    bool *lossy)
{
    iconv_t codec = open_codec(cp, false);
    char *in = (char *)from;
    size_t left = len * 2;

    *need = 0;
    if (lossy)
        *lossy = false;
    if (!is_codec(codec))
        return ERROR_INVALID_PARAMETER;
    while (left) {
        char piece[PIECE + 1];
        char *out = piece;
        size_t room = sizeof(piece) - 1;

        if (iconv(codec, &in, &left, &out, &room) == (size_t)-1 && errno != E2BIG) {
            *out = '?';
            room--;
            in += 2;
            left -= 2;
            if (lossy)
                *lossy = true;
            iconv(codec, NULL, NULL, NULL, NULL);
        }
        for (size_t i = 0; i < sizeof(piece) - 1 - room; i++, ++*need)
            if (*need < cap)
                to[*need] = piece[i];
    }
    iconv_close(codec);
    return ERROR_SUCCESS;
}

static bool is_lead(u32 cp, u8 c)
{
    switch (cp) {
    case 932:
        return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);
    case 936:
    case 949:
    case 950:
        return c >= 0x81 && c <= 0xfe;
    case 1361:
        return (c >= 0x84 && c <= 0xd3) || (c >= 0xd8 && c <= 0xf9);
    default:
        return false;
    }
}

size_t codepage_char_len(u32 cp, const char *s, size_t len)
{
    return len > 1 && is_lead(cp, (u8)s[0]) ? 2 : 1;
}
