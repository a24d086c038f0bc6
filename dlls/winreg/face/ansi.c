#include "ansi.h"
#include "os.h"

#include <string.h>

LONG NTAPI RtlMultiByteToUnicodeN(WCHAR *to, ULONG to_size, ULONG *result, const char *from,
                                  ULONG size);

/* Copies while it is ASCII, which every ANSI code page agrees on; returns the characters copied,
 * and true in *whole when the terminator was among them. */
static size_t copy_ascii(WCHAR *to, size_t cap, const char *from, bool *whole)
{
    size_t i;
    for (i = 0; i < cap; i++) {
        unsigned char c = (unsigned char)from[i];
        if (c >= 0x80)
            break;
        to[i] = c;
        if (!c) {
            *whole = true;
            return i;
        }
    }
    *whole = false;
    return i;
}

u32 wide_init(struct wide_text *w, const char *from)
{
    bool whole;
    int need;
    w->text = NULL;
    if (!from)
        return ERROR_SUCCESS;
    w->text = w->small;
    copy_ascii(w->small, ARRAY_LEN(w->small), from, &whole);
    if (whole)
        return ERROR_SUCCESS;
    need = MultiByteToWideChar(CP_ACP, 0, from, -1, NULL, 0);
    if (need > (int)ARRAY_LEN(w->small)) {
        w->text = os_alloc((size_t)need * sizeof(WCHAR));
        if (!w->text)
            return ERROR_OUTOFMEMORY;
    }
    MultiByteToWideChar(CP_ACP, 0, from, -1, w->text, need);
    return ERROR_SUCCESS;
}

void wide_free(struct wide_text *w)
{
    if (w->text != w->small)
        os_free(w->text);
}

static bool is_ascii(const WCHAR *s, u32 len)
{
    WCHAR all = 0;
    for (u32 i = 0; i < len; i++)
        all |= s[i];
    return all < 0x80;
}

u32 ansi_size(const WCHAR *from, u32 len)
{
    if (is_ascii(from, len))
        return len;
    return (u32)WideCharToMultiByte(CP_ACP, 0, from, (int)len, NULL, 0, NULL, NULL);
}

bool ansi_put(const WCHAR *from, u32 len, char *to, u32 cap)
{
    if (!len)
        return true;
    if (is_ascii(from, len)) {
        if (len > cap)
            return false;
        for (u32 i = 0; i < len; i++)
            to[i] = (char)from[i];
        return true;
    }
    return cap && WideCharToMultiByte(CP_ACP, 0, from, (int)len, to, (int)cap, NULL, NULL);
}

/* ntdll's conversion takes any byte behind a lead byte for its second one, a terminator too, where
 * kernel32's leaves the lead byte alone. Names are kernel32's: ntdll makes a terminator of a lead
 * byte at the end, and the name would be cut off. */
u32 wide_data(const char *from, u32 size, WCHAR **to, u32 *to_size)
{
    ULONG bytes = 0;
    if (size > 0x3fffffffu)
        return ERROR_OUTOFMEMORY;
    *to = os_alloc(((size_t)size + 1) * sizeof(WCHAR));
    if (!*to)
        return ERROR_OUTOFMEMORY;
    RtlMultiByteToUnicodeN(*to, size * (ULONG)sizeof(WCHAR), &bytes, from, size);
    *to_size = bytes;
    return ERROR_SUCCESS;
}

static u32 hand_out_bytes(const void *from, u32 from_size, void *data, DWORD *size)
{
    DWORD room = data ? *size : 0;
    if (size)
        *size = from_size;
    if (!data)
        return ERROR_SUCCESS;
    if (from_size > room)
        return ERROR_MORE_DATA;
    memcpy(data, from, from_size);
    return ERROR_SUCCESS;
}

u32 ansi_hand_out(DWORD type, const void *from, u32 from_size, void *data, DWORD *size)
{
    const WCHAR *text = from;
    u32 len = from_size / sizeof(WCHAR), need;
    DWORD room = data ? *size : 0;
    if (!face_is_text(type))
        return hand_out_bytes(from, from_size, data, size);
    need = ansi_size(text, len);
    if (size)
        *size = need;
    if (!data)
        return ERROR_SUCCESS;
    /* Before anything is written: a buffer that is too small stays as it was. */
    if (need > room || !ansi_put(text, len, data, need))
        return ERROR_MORE_DATA;
    if (need && need < room && text[len - 1])
        ((char *)data)[need] = 0;
    return ERROR_SUCCESS;
}
