/*
 * Names and checksums in cabinets.
 */
#include "cabinet.h"

#include <string.h>

#include "buf.h"
#include "codepage.h"
#include "utf16.h"

enum { WESTERN = 1252 };

static bool is_utf8(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == 0xfffd)
            return false;
    return true;
}

void cab_name(const char *bytes, char16_t *out, size_t cap)
{
    size_t len = strlen(bytes), n = u16_from_utf8(out, cap - 1, bytes, len, false);

    if (!is_utf8(out, MIN(n, cap - 1)) && codepage_decode(WESTERN, bytes, len, out, cap - 1, &n))
        n = 0;
    out[MIN(n, cap - 1)] = 0;
}

/* Words of four bytes, two at a time, and what is left over from the high byte on. */
u32 cab_checksum(const u8 *bytes, u32 n, u32 seed)
{
    u64 wide = 0;
    u32 sum = seed, last = 0;

    for (; n >= 8; n -= 8, bytes += 8) {
        u64 word;

        memcpy(&word, bytes, sizeof(word));
        wide ^= word;
    }
    sum ^= (u32)wide ^ (u32)(wide >> 32);
    if (n >= 4) {
        sum ^= le32(bytes);
        bytes += 4;
        n -= 4;
    }
    for (u32 i = 0; i < n; i++)
        last |= (u32)bytes[i] << 8 * (n - 1 - i);
    return sum ^ last;
}
