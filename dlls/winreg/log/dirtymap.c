/*
 * Bits in words; the runs of set ones.
 */
#include <string.h>

#include "dirtymap.h"

void dirty_add(u64 *map, u32 off, u32 size)
{
    u32 last = (u32)(((u64)off + size - 1) / DIRTY_UNIT);

    if (!size)
        return;
    for (u32 i = off / DIRTY_UNIT; i <= last && i / 64 < DIRTY_WORDS; i++)
        map[i / 64] |= 1ull << i % 64;
}

void dirty_clear(u64 *map)
{
    memset(map, 0, DIRTY_BYTES);
}

static bool is_set(const u64 *map, u32 i)
{
    return i / 64 < DIRTY_WORDS && (map[i / 64] >> i % 64 & 1);
}

bool dirty_next(const u64 *map, u32 *off, u32 *size, u32 max)
{
    u32 i = *off / DIRTY_UNIT, end;

    while (i / 64 < DIRTY_WORDS && !is_set(map, i))
        i = map[i / 64] >> i % 64 ? i + 1 : (i / 64 + 1) * 64;
    if (i / 64 >= DIRTY_WORDS)
        return false;
    for (end = i; is_set(map, end) && end - i < max / DIRTY_UNIT;)
        end++;
    *off = i * DIRTY_UNIT;
    *size = (end - i) * DIRTY_UNIT;
    return true;
}
