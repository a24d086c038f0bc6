/*
 * Values of the Registry table.
 */
#include "regvalue.h"

#include <string.h>

#include "utf16.h"

static int hex_digit(char16_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

/* Of an odd number of digits the first stands alone. What is no digit counts as 0. */
static u32 binary(const char16_t *s, size_t len, struct buf *b)
{
    size_t i = 0;
    u32 err = ERROR_SUCCESS;

    while (!err && i < len) {
        u8 byte = (u8)hex_digit(s[i++]);

        if ((len - i) % 2)
            byte = (u8)(byte << 4 | hex_digit(s[i++]));
        err = buf_add(b, &byte, 1);
    }
    return err;
}

/* Modulo 2^32, up to what is no digit. */
static u32 number(const char16_t *s, size_t len)
{
    bool minus = len && s[0] == '-';
    u32 n = 0;

    for (size_t i = minus || (len && s[0] == '+'); i < len && s[i] >= '0' && s[i] <= '9'; i++)
        n = n * 10 + (u32)(s[i] - '0');
    return minus ? 0u - n : n;
}

static u32 text_value(const char16_t *s, size_t len, u32 type, struct reg_value *out)
{
    u32 err = buf_add(&out->bytes, s, len * sizeof(*s));

    out->type = type;
    return err ? err : buf_add16(&out->bytes, 0);
}

static bool is_list(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!s[i])
            return true;
    return false;
}

static u32 list_value(const char16_t *s, size_t len, struct reg_value *out)
{
    bool front = !s[0], back = !s[len - 1];
    u32 err;

    if (front) {
        s++;
        len--;
    }
    if (back && len)
        len--;
    out->type = REG_TYPE_MULTI;
    out->items = s;
    out->items_len = len;
    if (front != back)
        out->how = front ? LIST_APPEND : LIST_PREPEND;
    err = buf_add(&out->bytes, s, len * sizeof(*s));
    if (!err && len)
        err = buf_add16(&out->bytes, 0);
    return err ? err : buf_add16(&out->bytes, 0);
}

u32 reg_value_of(const char16_t *text, size_t len, struct reg_value *out)
{
    memset(out, 0, sizeof(*out));
    if (len < 1 || text[0] != '#')
        return is_list(text, len) ? list_value(text, len, out)
                                  : text_value(text, len, REG_TYPE_SZ, out);
    if (len > 1 && text[1] == '#')
        return is_list(text + 1, len - 1) ? list_value(text + 1, len - 1, out)
                                          : text_value(text + 1, len - 1, REG_TYPE_SZ, out);
    if (len > 1 && text[1] == 'x') {
        out->type = REG_TYPE_BINARY;
        return binary(text + 2, len - 2, &out->bytes);
    }
    if (len > 1 && text[1] == '%')
        return is_list(text + 2, len - 2) ? list_value(text + 2, len - 2, out)
                                          : text_value(text + 2, len - 2, REG_TYPE_EXPAND, out);
    out->type = REG_TYPE_DWORD;
    return buf_add32(&out->bytes, number(text + 1, len - 1));
}
