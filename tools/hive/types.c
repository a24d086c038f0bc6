/*
 * Types and data, as people read and write them.
 */
#include <stdio.h>
#include <string.h>

#include "hivetool.h"
#include "utf16.h"

enum {
    SZ = 1,
    EXPAND_SZ = 2,
    BINARY = 3,
    DWORD_LE = 4,
    DWORD_BE = 5,
    LINK = 6,
    MULTI_SZ = 7,
    QWORD = 11
};

static const char *const names[] = {
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
};

const char *type_name(u32 type, char buffer[16])
{
    if (type < ARRAY_LEN(names))
        return names[type];
    snprintf(buffer, 16, "0x%x", (unsigned)type);
    return buffer;
}

/* Hexadecimal with or without 0x, or decimal where base is 10. */
static bool parse_number(const char16_t *s, size_t len, u64 *value)
{
    u64 base = 10, v = 0;

    if (len > 2 && s[0] == '0' && (s[1] | 0x20) == 'x') {
        base = 16;
        s += 2;
        len -= 2;
    }
    if (!len)
        return false;
    for (size_t i = 0; i < len; i++) {
        u32 c = s[i] | 0x20;
        u64 digit = c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= '0' && c <= '9' ? c - '0' : 99;

        if (digit >= base || v > (UINT64_MAX - digit) / base)
            return false;
        v = v * base + digit;
    }
    *value = v;
    return true;
}

bool type_parse(const char16_t *name, u32 *type)
{
    size_t len = u16_len(name);
    u64 number;

    for (u32 i = 0; i < ARRAY_LEN(names); i++) {
        char16_t wide[40];

        u16_from_utf8(wide, ARRAY_LEN(wide), names[i], strlen(names[i]) + 1, false);
        if (u16_equal_fold(name, wide) || u16_equal_fold(name, wide + 4)) {
            *type = i;
            return true;
        }
    }
    if (u16_equal_fold(name, u"hex")) {
        *type = BINARY;
        return true;
    }
    if (!parse_number(name, len, &number) || number > UINT32_MAX)
        return false;
    *type = (u32)number;
    return true;
}

/* --- data from text ----------------------------------------------------------------------------
 */

static u32 parse_integer(const char16_t *text, u32 size, bool big_endian, struct buf *out)
{
    u64 value;
    u8 bytes[8];

    if (!parse_number(text, u16_len(text), &value) || (size == 4 && value > UINT32_MAX))
        return ERROR_INVALID_DATA;
    for (u32 i = 0; i < size; i++)
        bytes[big_endian ? size - 1 - i : i] = (u8)(value >> (8 * i));
    return buf_add(out, bytes, size);
}

static u32 parse_bytes(const char16_t *s, struct buf *out)
{
    while (*s) {
        char16_t digits[] = {'0', 'x', s[0], 0};
        u64 value;
        u8 byte;
        u32 err;

        if (*s == ' ' || *s == ',' || *s == ':') {
            s++;
            continue;
        }
        digits[3] = s[1];
        if (!s[1] || !parse_number(digits, ARRAY_LEN(digits), &value))
            return ERROR_INVALID_DATA;
        byte = (u8)value;
        err = buf_add(out, &byte, 1);
        if (err)
            return err;
        s += 2;
    }
    return ERROR_SUCCESS;
}

static u32 parse_strings(const char16_t *s, struct buf *out)
{
    static const char16_t ends[2];
    u32 err = ERROR_SUCCESS;

    for (; *s && !err; s++) {
        if (s[0] == '\\' && s[1] == '0') {
            err = buf_add(out, ends, sizeof(*ends));
            s++;
        } else {
            err = buf_add(out, s, sizeof(*s));
        }
    }
    return err ? err : buf_add(out, ends, sizeof(ends));
}

u32 data_parse(u32 type, const char16_t *text, struct buf *out)
{
    switch (type) {
    case SZ:
    case EXPAND_SZ:
        return buf_add(out, text, (u16_len(text) + 1) * sizeof(*text));
    case LINK:
        return buf_add(out, text, u16_len(text) * sizeof(*text));
    case MULTI_SZ:
        return parse_strings(text, out);
    case DWORD_LE:
    case DWORD_BE:
        return parse_integer(text, 4, type == DWORD_BE, out);
    case QWORD:
        return parse_integer(text, 8, false, out);
    default:
        return parse_bytes(text, out);
    }
}

/* --- data to text ------------------------------------------------------------------------------
 */

static void print_bytes(const u8 *data, u32 size)
{
    for (u32 i = 0; i < size; i++)
        out_format(i ? " %02x" : "%02x", data[i]);
}

/* Terminators at the end are left out. */
static void print_text(u32 type, const u8 *data, u32 size)
{
    u32 len = size / 2;
    u32 ends = type == MULTI_SZ ? 2 : 1;

    while (len && ends-- && !le16(data + 2 * (len - 1)))
        len--;
    for (u32 i = 0; i < len;) {
        char16_t piece[256];
        u32 n = 0;

        for (; n < ARRAY_LEN(piece) && i < len; n++, i++)
            piece[n] = (char16_t)le16(data + 2 * i);
        if (i < len && piece[n - 1] >= 0xd800 && piece[n - 1] < 0xdc00 && n > 1) {
            n--; /* a pair is not cut in two */
            i--;
        }
        out_visible(piece, n);
    }
}

void data_print(u32 type, const u8 *data, u32 size)
{
    if ((type == SZ || type == EXPAND_SZ || type == MULTI_SZ || type == LINK) && !(size % 2))
        print_text(type, data, size);
    else if (type == DWORD_LE && size == 4)
        out_format("0x%08x (%u)", (unsigned)le32(data), (unsigned)le32(data));
    else if (type == DWORD_BE && size == 4)
        out_format("0x%02x%02x%02x%02x", data[0], data[1], data[2], data[3]);
    else if (type == QWORD && size == 8)
        out_format("0x%08x%08x", (unsigned)le32(data + 4), (unsigned)le32(data));
    else
        print_bytes(data, size);
}
