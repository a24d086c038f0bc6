/*
 * MD5 (RFC 1321).
 */
#include "md5.h"

#include <string.h>

#include "buf.h"

static const u32 sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
static const u8 turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static u32 mix(u32 round, u32 b, u32 c, u32 d)
{
    switch (round) {
    case 0:
        return (b & c) | (~b & d);
    case 1:
        return (d & b) | (~d & c);
    case 2:
        return b ^ c ^ d;
    default:
        return c ^ (b | ~d);
    }
}

static u32 word_of(u32 round, u32 i)
{
    static const u8 step[4] = {1, 5, 3, 7}, start[4] = {0, 1, 5, 0};

    return (step[round] * i + start[round]) % 16;
}

static void transform(u32 s[4], const u8 *block)
{
    u32 a = s[0], b = s[1], c = s[2], d = s[3];

    for (u32 i = 0; i < 64; i++) {
        u32 round = i / 16, turn = turns[round][i % 4], next;
        u32 sum = a + mix(round, b, c, d) + sines[i] + le32(block + 4 * word_of(round, i));

        next = b + (sum << turn | sum >> (32 - turn));
        a = d;
        d = c;
        c = b;
        b = next;
    }
    s[0] += a;
    s[1] += b;
    s[2] += c;
    s[3] += d;
}

void md5_init(struct md5 *m)
{
    m->state[0] = 0x67452301;
    m->state[1] = 0xefcdab89;
    m->state[2] = 0x98badcfe;
    m->state[3] = 0x10325476;
    m->len = 0;
}

void md5_add(struct md5 *m, const void *data, size_t len)
{
    const u8 *p = data;
    size_t used = m->len % 64;

    m->len += len;
    while (used + len >= 64) {
        size_t n = 64 - used;

        memcpy(m->block + used, p, n);
        transform(m->state, m->block);
        p += n;
        len -= n;
        used = 0;
    }
    memcpy(m->block + used, p, len);
}

void md5_done(struct md5 *m, u32 digest[4])
{
    static const u8 padding[64] = {0x80};
    u64 bits = m->len * 8;
    u8 length[8];

    md5_add(m, padding, (m->len % 64 < 56 ? 56 : 120) - m->len % 64);
    put_le32(length, (u32)bits);
    put_le32(length + 4, (u32)(bits >> 32));
    md5_add(m, length, 8);
    memcpy(digest, m->state, sizeof(m->state));
}
