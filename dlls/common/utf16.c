/*
 * UTF-16 text, and the table of simple upper case.
 *
 * The table holds runs {first, last, step, delta}: every step-th code unit from first to last
 * folds to itself plus delta. It was read off RtlUpcaseUnicodeChar and is expanded once into
 * pages of 256 for a look-up without a search.
 */
#include <string.h>

#include "os.h"
#include "utf16.h"

static const struct upper_run {
    u16 first, last, step, delta;
} upper_runs[] = {
    {0x0061, 0x007a, 1, 0xffe0}, {0x00e0, 0x00f6, 1, 0xffe0}, {0x00f8, 0x00fe, 1, 0xffe0},
    {0x00ff, 0x00ff, 1, 0x0079}, {0x0101, 0x012f, 2, 0xffff}, {0x0133, 0x0137, 2, 0xffff},
    {0x013a, 0x0148, 2, 0xffff}, {0x014b, 0x0177, 2, 0xffff}, {0x017a, 0x017e, 2, 0xffff},
    {0x0180, 0x0180, 1, 0x00c3}, {0x0183, 0x0185, 2, 0xffff}, {0x0188, 0x0188, 1, 0xffff},
    {0x018c, 0x018c, 1, 0xffff}, {0x0192, 0x0192, 1, 0xffff}, {0x0195, 0x0195, 1, 0x0061},
    {0x0199, 0x0199, 1, 0xffff}, {0x019a, 0x019a, 1, 0x00a3}, {0x019e, 0x019e, 1, 0x0082},
    {0x01a1, 0x01a5, 2, 0xffff}, {0x01a8, 0x01a8, 1, 0xffff}, {0x01ad, 0x01ad, 1, 0xffff},
    {0x01b0, 0x01b0, 1, 0xffff}, {0x01b4, 0x01b6, 2, 0xffff}, {0x01b9, 0x01b9, 1, 0xffff},
    {0x01bd, 0x01bd, 1, 0xffff}, {0x01bf, 0x01bf, 1, 0x0038}, {0x01c6, 0x01c6, 1, 0xfffe},
    {0x01c9, 0x01c9, 1, 0xfffe}, {0x01cc, 0x01cc, 1, 0xfffe}, {0x01ce, 0x01dc, 2, 0xffff},
    {0x01dd, 0x01dd, 1, 0xffb1}, {0x01df, 0x01ef, 2, 0xffff}, {0x01f3, 0x01f3, 1, 0xfffe},
    {0x01f5, 0x01f5, 1, 0xffff}, {0x01f9, 0x021f, 2, 0xffff}, {0x0223, 0x0233, 2, 0xffff},
    {0x023c, 0x023c, 1, 0xffff}, {0x023f, 0x0240, 1, 0x2a3f}, {0x0242, 0x0242, 1, 0xffff},
    {0x0247, 0x024f, 2, 0xffff}, {0x0250, 0x0250, 1, 0x2a1f}, {0x0251, 0x0251, 1, 0x2a1c},
    {0x0252, 0x0252, 1, 0x2a1e}, {0x0253, 0x0253, 1, 0xff2e}, {0x0254, 0x0254, 1, 0xff32},
    {0x0256, 0x0257, 1, 0xff33}, {0x0259, 0x0259, 1, 0xff36}, {0x025b, 0x025b, 1, 0xff35},
    {0x025c, 0x025c, 1, 0xa54f}, {0x0260, 0x0260, 1, 0xff33}, {0x0261, 0x0261, 1, 0xa54b},
    {0x0263, 0x0263, 1, 0xff31}, {0x0265, 0x0265, 1, 0xa528}, {0x0266, 0x0266, 1, 0xa544},
    {0x0268, 0x0268, 1, 0xff2f}, {0x0269, 0x0269, 1, 0xff2d}, {0x026a, 0x026a, 1, 0xa544},
    {0x026b, 0x026b, 1, 0x29f7}, {0x026c, 0x026c, 1, 0xa541}, {0x026f, 0x026f, 1, 0xff2d},
    {0x0271, 0x0271, 1, 0x29fd}, {0x0272, 0x0272, 1, 0xff2b}, {0x0275, 0x0275, 1, 0xff2a},
    {0x027d, 0x027d, 1, 0x29e7}, {0x0280, 0x0280, 1, 0xff26}, {0x0282, 0x0282, 1, 0xa543},
    {0x0283, 0x0283, 1, 0xff26}, {0x0287, 0x0287, 1, 0xa52a}, {0x0288, 0x0288, 1, 0xff26},
    {0x0289, 0x0289, 1, 0xffbb}, {0x028a, 0x028b, 1, 0xff27}, {0x028c, 0x028c, 1, 0xffb9},
    {0x0292, 0x0292, 1, 0xff25}, {0x029d, 0x029d, 1, 0xa515}, {0x029e, 0x029e, 1, 0xa512},
    {0x0371, 0x0373, 2, 0xffff}, {0x0377, 0x0377, 1, 0xffff}, {0x037b, 0x037d, 1, 0x0082},
    {0x03ac, 0x03ac, 1, 0xffda}, {0x03ad, 0x03af, 1, 0xffdb}, {0x03b1, 0x03c1, 1, 0xffe0},
    {0x03c3, 0x03cb, 1, 0xffe0}, {0x03cc, 0x03cc, 1, 0xffc0}, {0x03cd, 0x03ce, 1, 0xffc1},
    {0x03d7, 0x03d7, 1, 0xfff8}, {0x03d9, 0x03ef, 2, 0xffff}, {0x03f2, 0x03f2, 1, 0x0007},
    {0x03f3, 0x03f3, 1, 0xff8c}, {0x03f8, 0x03f8, 1, 0xffff}, {0x03fb, 0x03fb, 1, 0xffff},
    {0x0430, 0x044f, 1, 0xffe0}, {0x0450, 0x045f, 1, 0xffb0}, {0x0461, 0x0481, 2, 0xffff},
    {0x048b, 0x04bf, 2, 0xffff}, {0x04c2, 0x04ce, 2, 0xffff}, {0x04cf, 0x04cf, 1, 0xfff1},
    {0x04d1, 0x052f, 2, 0xffff}, {0x0561, 0x0586, 1, 0xffd0}, {0x10d0, 0x10fa, 1, 0x0bc0},
    {0x10fd, 0x10ff, 1, 0x0bc0}, {0x13f8, 0x13fd, 1, 0xfff8}, {0x1d79, 0x1d79, 1, 0x8a04},
    {0x1d7d, 0x1d7d, 1, 0x0ee6}, {0x1d8e, 0x1d8e, 1, 0x8a38}, {0x1e01, 0x1e95, 2, 0xffff},
    {0x1ea1, 0x1eff, 2, 0xffff}, {0x1f00, 0x1f07, 1, 0x0008}, {0x1f10, 0x1f15, 1, 0x0008},
    {0x1f20, 0x1f27, 1, 0x0008}, {0x1f30, 0x1f37, 1, 0x0008}, {0x1f40, 0x1f45, 1, 0x0008},
    {0x1f51, 0x1f57, 2, 0x0008}, {0x1f60, 0x1f67, 1, 0x0008}, {0x1f70, 0x1f71, 1, 0x004a},
    {0x1f72, 0x1f75, 1, 0x0056}, {0x1f76, 0x1f77, 1, 0x0064}, {0x1f78, 0x1f79, 1, 0x0080},
    {0x1f7a, 0x1f7b, 1, 0x0070}, {0x1f7c, 0x1f7d, 1, 0x007e}, {0x1f80, 0x1f87, 1, 0x0008},
    {0x1f90, 0x1f97, 1, 0x0008}, {0x1fa0, 0x1fa7, 1, 0x0008}, {0x1fb0, 0x1fb1, 1, 0x0008},
    {0x1fb3, 0x1fb3, 1, 0x0009}, {0x1fc3, 0x1fc3, 1, 0x0009}, {0x1fd0, 0x1fd1, 1, 0x0008},
    {0x1fe0, 0x1fe1, 1, 0x0008}, {0x1fe5, 0x1fe5, 1, 0x0007}, {0x1ff3, 0x1ff3, 1, 0x0009},
    {0x214e, 0x214e, 1, 0xffe4}, {0x2170, 0x217f, 1, 0xfff0}, {0x2184, 0x2184, 1, 0xffff},
    {0x24d0, 0x24e9, 1, 0xffe6}, {0x2c30, 0x2c5f, 1, 0xffd0}, {0x2c61, 0x2c61, 1, 0xffff},
    {0x2c65, 0x2c65, 1, 0xd5d5}, {0x2c66, 0x2c66, 1, 0xd5d8}, {0x2c68, 0x2c6c, 2, 0xffff},
    {0x2c73, 0x2c73, 1, 0xffff}, {0x2c76, 0x2c76, 1, 0xffff}, {0x2c81, 0x2ce3, 2, 0xffff},
    {0x2cec, 0x2cee, 2, 0xffff}, {0x2cf3, 0x2cf3, 1, 0xffff}, {0x2d00, 0x2d25, 1, 0xe3a0},
    {0x2d27, 0x2d27, 1, 0xe3a0}, {0x2d2d, 0x2d2d, 1, 0xe3a0}, {0xa641, 0xa66d, 2, 0xffff},
    {0xa681, 0xa69b, 2, 0xffff}, {0xa723, 0xa72f, 2, 0xffff}, {0xa733, 0xa76f, 2, 0xffff},
    {0xa77a, 0xa77c, 2, 0xffff}, {0xa77f, 0xa787, 2, 0xffff}, {0xa78c, 0xa78c, 1, 0xffff},
    {0xa791, 0xa793, 2, 0xffff}, {0xa794, 0xa794, 1, 0x0030}, {0xa797, 0xa7a9, 2, 0xffff},
    {0xa7b5, 0xa7c3, 2, 0xffff}, {0xa7c8, 0xa7ca, 2, 0xffff}, {0xa7d1, 0xa7d1, 1, 0xffff},
    {0xa7d7, 0xa7d9, 2, 0xffff}, {0xa7f6, 0xa7f6, 1, 0xffff}, {0xab53, 0xab53, 1, 0xfc60},
    {0xab70, 0xabbf, 1, 0x6830}, {0xff41, 0xff5a, 1, 0xffe0},
};

/* The code unit's difference to its upper case. Filled before anybody can ask: by the loader's
 * constructor call, which on Windows runs in DllMain's place, one thread at a time. */
static u16 upper_delta[0x10000];

__attribute__((constructor)) static void fill_upper(void)
{
    for (size_t i = 0; i < ARRAY_LEN(upper_runs); i++)
        for (u32 c = upper_runs[i].first; c <= upper_runs[i].last; c += upper_runs[i].step)
            upper_delta[c] = upper_runs[i].delta;
}

size_t u16_len(const char16_t *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

size_t u16_nlen(const char16_t *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n])
        n++;
    return n;
}

char16_t u16_upper(char16_t c)
{
    return (char16_t)(c + upper_delta[c]);
}

static int compare_lengths(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

int u16_compare(const char16_t *a, size_t a_len, const char16_t *b, size_t b_len)
{
    size_t n = MIN(a_len, b_len);

    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return (int)a[i] - (int)b[i];
    return compare_lengths(a_len, b_len);
}

int u16_compare_fold(const char16_t *a, size_t a_len, const char16_t *b, size_t b_len)
{
    size_t n = MIN(a_len, b_len);

    for (size_t i = 0; i < n; i++) {
        if (a[i] != b[i]) {
            int d = (int)u16_upper(a[i]) - (int)u16_upper(b[i]);
            if (d)
                return d;
        }
    }
    return compare_lengths(a_len, b_len);
}

bool u16_equal(const char16_t *a, const char16_t *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

bool u16_equal_fold(const char16_t *a, const char16_t *b)
{
    return !u16_compare_fold(a, u16_len(a), b, u16_len(b));
}

char16_t *u16_dup(const char16_t *s, size_t len)
{
    char16_t *copy;

    if (len >= SIZE_MAX / sizeof(*copy) - 1)
        return NULL;
    copy = os_alloc_array(len + 1, sizeof(*copy));
    if (copy) {
        memcpy(copy, s, len * sizeof(*copy));
        copy[len] = 0;
    }
    return copy;
}

size_t u16_copy(char16_t *to, size_t cap, const char16_t *from)
{
    size_t n = u16_nlen(from, cap - 1);

    memcpy(to, from, n * sizeof(*to));
    to[n] = 0;
    return n;
}

bool u16_is(const char16_t *s, size_t len, const char *ascii)
{
    size_t i;

    for (i = 0; i < len && ascii[i]; i++)
        if (s[i] != (u8)ascii[i])
            return false;
    return i == len && !ascii[i];
}

bool u16_to_u32(const char16_t *s, size_t len, u32 *value)
{
    u64 v = 0;

    if (!len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (u64)(s[i] - '0');
        if (v > UINT32_MAX)
            return false;
    }
    *value = (u32)v;
    return true;
}

/* --- UTF-8 ----------------------------------------------------------------------------------- */

static bool is_surrogate(u32 c)
{
    return c >= 0xd800 && c < 0xe000;
}

/* How many bytes a sequence has by its first byte, and the bits that byte gives. */
static size_t sequence_len(u8 first, u32 *bits)
{
    if (first < 0x80) {
        *bits = first;
        return 1;
    }
    if (first >= 0xc2 && first < 0xe0) {
        *bits = first & 0x1fu;
        return 2;
    }
    if (first >= 0xe0 && first < 0xf0) {
        *bits = first & 0x0fu;
        return 3;
    }
    if (first >= 0xf0 && first < 0xf5) {
        *bits = first & 0x07u;
        return 4;
    }
    return 0;
}

/* Decodes one character; a malformed one gives U+FFFD and takes one byte. */
static size_t next_char(const u8 *s, size_t len, bool lone, u32 *c)
{
    static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
    u32 v = 0;
    size_t n = sequence_len(s[0], &v);
    bool good = n && n <= len;

    for (size_t i = 1; good && i < n; i++) {
        good = (s[i] & 0xc0) == 0x80;
        v = (v << 6) | (s[i] & 0x3fu);
    }
    if (!good || v < least[n] || v > 0x10ffff || (is_surrogate(v) && !lone)) {
        *c = 0xfffd;
        return 1;
    }
    *c = v;
    return n;
}

size_t u16_from_utf8(char16_t *to, size_t cap, const char *from, size_t len, bool lone)
{
    size_t need = 0;

    for (size_t i = 0; i < len;) {
        u32 c;

        i += next_char((const u8 *)from + i, len - i, lone, &c);
        if (c >= 0x10000) {
            c -= 0x10000;
            if (need < cap)
                to[need] = (char16_t)(0xd800 + (c >> 10));
            need++;
            c = 0xdc00 + (c & 0x3ff);
        }
        if (need < cap)
            to[need] = (char16_t)c;
        need++;
    }
    return need;
}

/* The code point at s; pairs join, an unpaired surrogate stays itself or becomes U+FFFD. */
static size_t next_point(const char16_t *s, size_t len, bool lone, u32 *c)
{
    *c = s[0];
    if (!is_surrogate(*c))
        return 1;
    if (*c < 0xdc00 && len > 1 && s[1] >= 0xdc00 && s[1] < 0xe000) {
        *c = 0x10000 + ((*c - 0xd800) << 10) + (u32)(s[1] - 0xdc00);
        return 2;
    }
    if (!lone)
        *c = 0xfffd;
    return 1;
}

static size_t encode_point(u32 c, u8 out[4])
{
    if (c < 0x80) {
        out[0] = (u8)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (u8)(0xc0 | (c >> 6));
        out[1] = (u8)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (u8)(0xe0 | (c >> 12));
        out[1] = (u8)(0x80 | ((c >> 6) & 0x3f));
        out[2] = (u8)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (u8)(0xf0 | (c >> 18));
    out[1] = (u8)(0x80 | ((c >> 12) & 0x3f));
    out[2] = (u8)(0x80 | ((c >> 6) & 0x3f));
    out[3] = (u8)(0x80 | (c & 0x3f));
    return 4;
}

size_t u16_to_utf8(char *to, size_t cap, const char16_t *from, size_t len, bool lone)
{
    size_t need = 0;

    for (size_t i = 0; i < len;) {
        u8 bytes[4];
        u32 c;
        size_t n;

        i += next_point(from + i, len - i, lone, &c);
        n = encode_point(c, bytes);
        if (need + n <= cap)
            memcpy(to + need, bytes, n);
        else
            cap = MIN(cap, need); /* no half characters, and nothing after the first cut */
        need += n;
    }
    return need;
}

char16_t *u16_dup_utf8(const char *s)
{
    size_t len = strlen(s);
    size_t n = u16_from_utf8(NULL, 0, s, len, true);
    char16_t *out = os_alloc_array(n + 1, sizeof(*out));

    if (out) {
        u16_from_utf8(out, n, s, len, true);
        out[n] = 0;
    }
    return out;
}

char *u16_dup_to_utf8(const char16_t *s)
{
    size_t len = u16_len(s);
    size_t n = u16_to_utf8(NULL, 0, s, len, true);
    char *out = os_alloc(n + 1);

    if (out) {
        u16_to_utf8(out, n, s, len, true);
        out[n] = 0;
    }
    return out;
}
