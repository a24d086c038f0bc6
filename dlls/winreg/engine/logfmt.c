/*
 * Building and judging HvLE entries; logfmt.h has the layout.
 */
#include <string.h>

#include "logfmt.h"
#include "marvin.h"

u64 log_entry_size(u32 count, u64 bytes)
{
    return ALIGN_UP(sizeof(struct log_entry) + (u64)count * sizeof(struct log_ref) + bytes,
                    (u64)LOG_SECTOR);
}

void log_entry_fill(struct log_entry *at, u32 size, u32 flags, u32 seq, u32 bins_size, u32 count,
                    u32 used)
{
    struct log_entry sealed;

    memset((u8 *)at + used, 0, size - used);
    at->magic = 0;
    at->size = size;
    at->flags = flags;
    at->seq = seq;
    at->bins_size = bins_size;
    at->count = count;
    at->hash1 = marvin32(MARVIN_LOG_SEED, at->refs, size - sizeof(*at));
    memcpy(&sealed, at, sizeof(sealed));
    sealed.magic = LOG_MAGIC;
    at->hash2 = marvin32(MARVIN_LOG_SEED, &sealed, 32);
}

void log_entry_seal(struct log_entry *at)
{
    __atomic_store_n(&at->magic, LOG_MAGIC, __ATOMIC_RELEASE);
}

const u8 *log_entry_pages(const struct log_entry *e)
{
    return (const u8 *)(e->refs + e->count);
}

/* The pages' sizes fit into the entry. */
static bool pages_fit(const struct log_entry *e)
{
    u64 room = e->size - sizeof(*e), used = (u64)e->count * sizeof(struct log_ref);

    if (used > room)
        return false;
    for (u32 i = 0; i < e->count && used <= room; i++)
        used += e->refs[i].size;
    return used <= room;
}

bool log_entry_valid(const u8 *at, u64 left)
{
    const struct log_entry *e = (const struct log_entry *)(const void *)at;

    if (left < sizeof(*e) || e->magic != LOG_MAGIC)
        return false;
    if (e->size < sizeof(*e) || e->size > left || e->size % LOG_SECTOR)
        return false;
    if (!e->bins_size || e->bins_size % 4096 || e->bins_size > 0x7ffff000u)
        return false;
    if (e->hash2 != marvin32(MARVIN_LOG_SEED, at, 32) ||
        e->hash1 != marvin32(MARVIN_LOG_SEED, e->refs, e->size - sizeof(*e)))
        return false;
    return pages_fit(e);
}

bool log_entry_inside(const struct log_entry *e)
{
    for (u32 i = 0; i < e->count; i++)
        if (e->refs[i].off > e->bins_size || e->refs[i].size > e->bins_size - e->refs[i].off)
            return false;
    return true;
}
