#include "coltype.h"
#include "utf16.h"

static char16_t letter(u32 type)
{
    if (type & COL_TEMPORARY)
        return col_is_text(type) ? u'g' : col_is_int(type) ? u'j' : u'o';
    if (col_is_object(type))
        return u'v';
    if (col_is_int(type))
        return u'i';
    return type & COL_LOCALIZABLE ? u'l' : u's';
}

void col_type_text(u32 type, char16_t *out)
{
    u32 n = type & COL_SIZE_MASK;
    char16_t digits[4], c = letter(type);
    u32 count = 0;

    if (col_is_object(type))
        n = 0;
    *out++ = type & COL_NULLABLE ? (char16_t)(c - 32) : c;
    do
        digits[count++] = (char16_t)(u'0' + n % 10);
    while (n /= 10);
    while (count)
        *out++ = digits[--count];
    *out = 0;
}

u32 col_type_parse(const char16_t *text, size_t len, u16 *type)
{
    char16_t c = len ? text[0] : 0;
    u32 bits = c >= u'A' && c <= u'Z' ? COL_NULLABLE : 0, n;

    if (len < 2 || !u16_to_u32(text + 1, len - 1, &n))
        return ERROR_DATATYPE_MISMATCH;
    switch (c | 32) {
    case 'l':
        bits |= COL_LOCALIZABLE;
        /* fall through */
    case 's':
        bits |= COL_STRING | COL_PLAIN | (n > COL_SIZE_MASK ? 0 : n);
        break;
    case 'i':
        if (n > 2 && n != 4)
            return ERROR_DATATYPE_MISMATCH;
        bits |= n;
        break;
    case 'v':
        bits |= COL_STRING;
        break;
    default:
        return ERROR_DATATYPE_MISMATCH;
    }
    *type = col_type_complete(bits);
    return ERROR_SUCCESS;
}

u16 col_type_complete(u32 type)
{
    type |= COL_VALID;
    if (col_is_int(type))
        type = col_int_size(type) == 2 ? type | COL_PLAIN : type & ~(u32)COL_PLAIN;
    return (u16)type;
}
