/*
 * MSZIP.
 *
 * Bits come lowest first, into a word of 64 that is filled whole bytes at a time. A code of at most
 * FAST bits is one look-up; a longer one, which is rare, is found length by length.
 */
#include "mszip.h"

#include <string.h>

enum { FAST = 10, LONGEST = 15, LITERALS = 288, DISTANCES = 32, END = 256 };

struct code {
    u16 fast[1 << FAST];    /* symbol << 4 | length; 0: a longer code, or none */
    u16 count[LONGEST + 1]; /* codes of each length */
    u16 symbol[LITERALS];   /* in the order of the codes */
};

struct bits {
    const u8 *data;
    u64 at, len; /* at: bytes that went into the word; beyond len they are zeros */
    u64 word;
    u32 count; /* bits in the word */
};

struct inflate {
    struct bits b;
    u8 *out, *begin, *start, *end; /* where next; what may be referred to; the block */
    struct code literals, distances;
};

/* --- bits ---------------------------------------------------------------------------------------
 */

/* At least 56 bits, of no meaning behind the end. */
static inline void fill(struct bits *b)
{
    if (b->at <= b->len) {
        u64 next;

        memcpy(&next, b->data + b->at, sizeof(next));
        b->word |= next << b->count;
    }
    b->at += (63 - b->count) >> 3;
    b->count |= 56;
}

static inline u32 peek(const struct bits *b, u32 n)
{
    return (u32)(b->word & ((1ull << n) - 1));
}

static inline void drop(struct bits *b, u32 n)
{
    b->word >>= n;
    b->count -= n;
}

static inline u32 take(struct bits *b, u32 n)
{
    u32 value = peek(b, n);

    drop(b, n);
    return value;
}

/* Whether more was taken than there is. */
static bool is_over(const struct bits *b)
{
    return b->at - b->count / 8 > b->len;
}

/* --- codes --------------------------------------------------------------------------------------
 */

static u32 reverse(u32 code, u32 len)
{
    u32 out = 0;

    for (u32 i = 0; i < len; i++)
        out |= (code >> i & 1) << (len - 1 - i);
    return out;
}

/* False for more codes than their lengths have room for. A code that is not complete is taken: what
 * it does not name is an error where it comes. */
static bool count_codes(struct code *c, const u8 *len, u32 n)
{
    i32 left = 1;

    memset(c->count, 0, sizeof(c->count));
    for (u32 i = 0; i < n; i++)
        c->count[len[i]]++;
    c->count[0] = 0;
    for (u32 l = 1; l <= LONGEST; l++) {
        left = left * 2 - c->count[l];
        if (left < 0)
            return false;
    }
    return true;
}

static bool make_code(struct code *c, const u8 *len, u32 n)
{
    u16 offset[LONGEST + 2] = {0}, next[LONGEST + 1];
    u32 first = 0;

    if (!count_codes(c, len, n))
        return false;
    for (u32 l = 1; l <= LONGEST; l++) {
        first = (first + c->count[l - 1]) << 1;
        next[l] = (u16)first;
        offset[l + 1] = (u16)(offset[l] + c->count[l]);
    }
    memset(c->fast, 0, sizeof(c->fast));
    for (u32 i = 0; i < n; i++) {
        u32 l = len[i], code;

        if (!l)
            continue;
        c->symbol[offset[l]++] = (u16)i;
        code = next[l]++;
        for (u32 k = l <= FAST ? reverse(code, l) : 1u << FAST; k < 1u << FAST; k += 1u << l)
            c->fast[k] = (u16)(i << 4 | l);
    }
    return true;
}

/* The symbol of a code longer than FAST bits, or -1. */
static int slow_symbol(struct bits *b, const struct code *c)
{
    i32 code = 0, first = 0, index = 0;

    for (u32 l = 1; l <= LONGEST; l++) {
        code |= (i32)(b->word >> (l - 1) & 1);
        if (code - c->count[l] < first) {
            drop(b, l);
            return c->symbol[index + (code - first)];
        }
        index += c->count[l];
        first = (first + c->count[l]) << 1;
        code <<= 1;
    }
    return -1;
}

static inline int symbol(struct bits *b, const struct code *c)
{
    u32 entry = c->fast[peek(b, FAST)];

    if (!entry)
        return slow_symbol(b, c);
    drop(b, entry & 15);
    return (int)(entry >> 4);
}

/* --- blocks of deflate --------------------------------------------------------------------------
 */

static bool stored(struct inflate *f)
{
    struct bits *b = &f->b;
    const u8 *head;
    u64 at;
    u32 len;

    drop(b, b->count & 7);
    at = b->at - b->count / 8;
    if (is_over(b) || b->len - at < 4)
        return false;
    head = b->data + at;
    len = (u32)head[0] | (u32)head[1] << 8;
    if ((len ^ 0xffff) != ((u32)head[2] | (u32)head[3] << 8) || b->len - at - 4 < len ||
        f->end - f->out < (i64)len)
        return false;
    memcpy(f->out, head + 4, len);
    f->out += len;
    b->at = at + 4 + len;
    b->word = b->count = 0;
    return true;
}

static inline void copy(u8 *to, const u8 *from, u32 n)
{
    for (; to - from >= 8 && n >= 8; n -= 8, to += 8, from += 8)
        memcpy(to, from, 8);
    while (n--)
        *to++ = *from++;
}

static bool match(struct inflate *f, u32 sym)
{
    static const u16 len_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                   31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const u8 len_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const u16 dist_base[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    static const u8 dist_bits[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                   6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
    u32 len, dist;
    int d;

    if (sym >= ARRAY_LEN(len_base))
        return false;
    len = len_base[sym] + take(&f->b, len_bits[sym]);
    d = symbol(&f->b, &f->distances);
    if (d < 0 || d >= (int)ARRAY_LEN(dist_base))
        return false;
    dist = dist_base[d] + take(&f->b, dist_bits[d]);
    if (dist > (u64)(f->out - f->begin) || len > (u64)(f->end - f->out))
        return false;
    copy(f->out, f->out - dist, len);
    f->out += len;
    return true;
}

/* One filling has the bits of a length and a distance: 15 + 5 + 15 + 13. */
static bool symbols(struct inflate *f)
{
    for (;;) {
        int sym;

        fill(&f->b);
        sym = symbol(&f->b, &f->literals);
        if (sym < 0 || is_over(&f->b))
            return false;
        if (sym < END) {
            if (f->out == f->end)
                return false;
            *f->out++ = (u8)sym;
        } else if (sym == END) {
            return true;
        } else if (!match(f, (u32)sym - END - 1)) {
            return false;
        }
    }
}

static bool fixed_codes(struct inflate *f)
{
    u8 len[LITERALS];

    for (u32 i = 0; i < LITERALS; i++)
        len[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    if (!make_code(&f->literals, len, LITERALS))
        return false;
    memset(len, 5, DISTANCES);
    return make_code(&f->distances, len, DISTANCES);
}

/* The lengths of all codes, themselves coded: 16 repeats the last, 17 and 18 are zeros. */
static bool read_lengths(struct inflate *f, u8 *len, u32 n)
{
    for (u32 i = 0; i < n;) {
        u32 repeat;
        u8 value = 0;
        int sym;

        fill(&f->b);
        sym = symbol(&f->b, &f->distances);
        if (sym < 0 || is_over(&f->b))
            return false;
        if (sym < 16) {
            len[i++] = (u8)sym;
            continue;
        }
        if (sym == 16 && !i)
            return false;
        if (sym == 16)
            value = len[i - 1];
        repeat = sym == 16   ? 3 + take(&f->b, 2)
                 : sym == 17 ? 3 + take(&f->b, 3)
                             : 11 + take(&f->b, 7);
        if (repeat > n - i)
            return false;
        memset(len + i, value, repeat);
        i += repeat;
    }
    return true;
}

static bool dynamic_codes(struct inflate *f)
{
    static const u8 order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    u8 len[LITERALS + DISTANCES], small[19] = {0};
    u32 literals, distances, codes;

    fill(&f->b);
    literals = 257 + take(&f->b, 5);
    distances = 1 + take(&f->b, 5);
    codes = 4 + take(&f->b, 4);
    if (literals > 286 || distances > 30)
        return false;
    for (u32 i = 0; i < codes; i++) {
        fill(&f->b);
        small[order[i]] = (u8)take(&f->b, 3);
    }
    if (!make_code(&f->distances, small, 19) || !read_lengths(f, len, literals + distances))
        return false;
    return make_code(&f->literals, len, literals) &&
           make_code(&f->distances, len + literals, distances);
}

static bool inflate(struct inflate *f)
{
    bool last = false;

    while (!last) {
        u32 type;

        fill(&f->b);
        last = take(&f->b, 1);
        type = take(&f->b, 2);
        if (is_over(&f->b))
            return false;
        if (type == 0
                ? !stored(f)
                : type == 3 || !(type == 1 ? fixed_codes(f) : dynamic_codes(f)) || !symbols(f))
            return false;
    }
    return f->out == f->end;
}

/* --- blocks of MSZIP ----------------------------------------------------------------------------
 */

void mszip_start(struct mszip *z)
{
    z->history = z->last = 0;
}

u32 mszip_block(struct mszip *z, const u8 *in, u32 in_len, u32 out_len, const u8 **out)
{
    struct inflate f;

    if (in_len < 2 || in[0] != 'C' || in[1] != 'K' || out_len > MSZIP_BLOCK)
        return ERROR_FILE_CORRUPT;
    memmove(z->window, z->window + z->last, MSZIP_BLOCK);
    z->history = MIN(z->history + z->last, (u32)MSZIP_BLOCK);
    z->last = 0;
    f.b = (struct bits){.data = in + 2, .len = in_len - 2};
    f.start = f.out = z->window + MSZIP_BLOCK;
    f.end = f.start + out_len;
    f.begin = f.start - z->history;
    if (!inflate(&f))
        return ERROR_FILE_CORRUPT;
    z->last = out_len;
    *out = f.start;
    return ERROR_SUCCESS;
}
