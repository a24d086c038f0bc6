/*
 * MsiDecomposeDescriptor: what the values of advertised shortcuts and classes are made of.
 *
 * A descriptor is a product code, a feature's name, and either '<' or '>' and a component code; a
 * code is four numbers of five digits to the base of 85, the lowest digit first. What follows are
 * the arguments of a command line.
 */
#include <windows.h>
#include <msi.h>

#include "guid.h"
#include "strio.h"
#include "utf16.h"

enum { CODE_CHARS = 20, FEATURE_CHARS = 38, DIGITS = 5 };

static const char digits[] = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                             "abcdefghijklmnopqrstuvwxyz{}~";

static bool read_number(const char16_t *s, u32 *value)
{
    const char *at;

    *value = 0;
    for (size_t i = DIGITS; i-- > 0;) {
        at = s[i] && s[i] < 0x80 ? strchr(digits, (char)s[i]) : NULL;
        if (!at)
            return false;
        *value = *value * (sizeof(digits) - 1) + (u32)(at - digits);
    }
    return true;
}

/* s is terminated text. */
static bool read_code(const char16_t *s, char16_t *guid)
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

struct parts {
    char16_t product[GUID_CHARS + 1], feature[FEATURE_CHARS + 1], component[GUID_CHARS + 1];
    size_t used;
};

static bool decompose(const char16_t *s, struct parts *p)
{
    size_t n = 0;

    memset(p, 0, sizeof(*p));
    if (!read_code(s, p->product))
        return false;
    for (s += CODE_CHARS; s[n] && s[n] != '<' && s[n] != '>'; n++) {
        if (n == FEATURE_CHARS)
            return false;
        p->feature[n] = s[n];
    }
    p->used = CODE_CHARS + n + 1;
    if (s[n] != '>')
        return s[n] == '<';
    p->used += CODE_CHARS;
    return read_code(s + n + 1, p->component);
}

/* Each buffer has room for what the document says. */
static void put(void *buf, const char16_t *text, size_t cap, bool ansi)
{
    DWORD room = (DWORD)cap;

    if (buf)
        text_put(ansi ? out_a(buf, &room) : out_w(buf, &room), text, u16_len(text));
}

static u32 answer(const char16_t *descriptor, void *product, void *feature, void *component,
                  DWORD *offset, bool ansi)
{
    struct parts p;

    if (!descriptor || !decompose(descriptor, &p))
        return ERROR_INVALID_PARAMETER;
    put(product, p.product, ARRAY_LEN(p.product), ansi);
    put(feature, p.feature, ARRAY_LEN(p.feature), ansi);
    put(component, p.component, ARRAY_LEN(p.component), ansi);
    if (offset)
        *offset = (DWORD)p.used;
    return ERROR_SUCCESS;
}

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset);
UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset);

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset)
{
    return answer(w16(descriptor), product, feature, component, offset, false);
}

UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = answer(text.text, product, feature, component, offset, true);
    text_done(&text);
    return err;
}
