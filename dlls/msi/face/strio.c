/*
 * Text in and out: the conversion and the contract of sizes.
 */
#include "strio.h"

#include "codepage.h"
#include "os.h"
#include "textcopy.h"
#include "utf16.h"

static bool is_ascii(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] >= 0x80)
            return false;
    return true;
}

static u32 reserve(struct text_in *t, size_t len, char16_t **to)
{
    *to = t->small;
    if (len < ARRAY_LEN(t->small))
        return ERROR_SUCCESS;
    t->owned = os_alloc_array(len + 1, sizeof(char16_t));
    *to = t->owned;
    return t->owned ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 text_from_a(struct text_in *t, const char *s)
{
    size_t len = s ? strlen(s) : 0, need = len;
    bool ascii = s && is_ascii(s, len);
    char16_t *to;
    u32 err;

    t->text = NULL;
    t->owned = NULL;
    t->len = 0;
    if (!s)
        return ERROR_SUCCESS;
    if (!ascii && (err = codepage_decode(CODEPAGE_ACP, s, len, NULL, 0, &need)))
        return err;
    if ((err = reserve(t, need, &to)))
        return err;
    if (ascii)
        for (size_t i = 0; i < len; i++)
            to[i] = (unsigned char)s[i];
    else if ((err = codepage_decode(CODEPAGE_ACP, s, len, to, need, &need))) {
        text_done(t);
        return err;
    }
    to[need] = 0;
    t->text = to;
    t->len = need;
    return ERROR_SUCCESS;
}

u32 text_from_w(struct text_in *t, const WCHAR *s)
{
    t->text = w16(s);
    t->owned = NULL;
    t->len = s ? u16_len(w16(s)) : 0;
    return ERROR_SUCCESS;
}

void text_done(struct text_in *t)
{
    os_free(t->owned);
    t->owned = NULL;
}

static u32 put_wide(struct text_out out, const char16_t *s, size_t len)
{
    size_t room = *out.size;

    *out.size = (DWORD)len;
    if (!out.buf)
        return ERROR_SUCCESS;
    if (room) {
        size_t n = MIN(len, room - 1);

        text_copy(out.buf, s, n);
        ((char16_t *)out.buf)[n] = 0;
    }
    return len < room ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

static u32 put_bytes(struct text_out out, const char *s, size_t len)
{
    size_t room = *out.size;

    *out.size = (DWORD)len;
    if (!out.buf)
        return ERROR_SUCCESS;
    if (room) {
        size_t n = MIN(len, room - 1);

        memcpy(out.buf, s, n);
        ((char *)out.buf)[n] = 0;
    }
    return len < room ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

/* Narrows s where all of it is ASCII. */
static bool narrow(char *to, const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] >= 0x80)
            return false;
        to[i] = (char)s[i];
    }
    return true;
}

u32 text_put(struct text_out out, const char16_t *s, size_t len)
{
    char small[256], *bytes = small;
    size_t need = len;
    u32 err;

    if (!out.size)
        return out.buf ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    if (!out.ansi)
        return put_wide(out, s, len);
    if (len <= sizeof(small) && narrow(small, s, len))
        return put_bytes(out, small, len);
    if ((err = codepage_encode(CODEPAGE_ACP, s, len, NULL, 0, &need, NULL)))
        return err;
    bytes = os_alloc(need ? need : 1);
    if (!bytes)
        return ERROR_OUTOFMEMORY;
    err = codepage_encode(CODEPAGE_ACP, s, len, bytes, need, &need, NULL);
    if (!err)
        err = put_bytes(out, bytes, need);
    os_free(bytes);
    return err;
}
