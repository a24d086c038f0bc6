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

#define JOINT_MAGIC 0x6e696f6au /* "join" */

struct joint_tail {
    u64 id;
    u32 len, magic;
};
STATIC_ASSERT(sizeof(struct joint_tail) == 16);

u32 log_joint_size(const struct log_joint *j)
{
    return (u32)sizeof(struct joint_tail) + j->len * (u32)sizeof(char16_t);
}

void log_joint_put(u8 *room, u32 size, const struct log_joint *j)
{
    struct joint_tail tail = {j->id, j->len, JOINT_MAGIC};
    u8 *to = room + size - log_joint_size(j);

    memset(room, 0, size);
    memcpy(to, j->path, j->len * sizeof(char16_t));
    memcpy(room + size - sizeof(tail), &tail, sizeof(tail));
}

/* Where the pages end, or more than the entry's size. */
static u64 used_bytes(const struct log_entry *e)
{
    u64 used = sizeof(*e) + (u64)e->count * sizeof(struct log_ref);

    for (u32 i = 0; i < e->count && used <= e->size; i++)
        used += e->refs[i].size;
    return used;
}

bool log_joint_get(const struct log_entry *e, struct log_joint *j)
{
    const u8 *end = (const u8 *)e + e->size;
    struct joint_tail tail;
    u64 room = e->size - used_bytes(e);

    if (room < sizeof(tail))
        return false;
    memcpy(&tail, end - sizeof(tail), sizeof(tail));
    if (tail.magic != JOINT_MAGIC || tail.len > (room - sizeof(tail)) / sizeof(char16_t))
        return false;
    j->id = tail.id;
    j->len = tail.len;
    j->path = (const char16_t *)(const void *)(end - sizeof(tail) - tail.len * sizeof(char16_t));
    return true;
}

/* The second hash, with the magic that the entry has or will have. */
static u64 hash_of_head(const struct log_entry *e)
{
    struct log_entry sealed;

    memcpy(&sealed, e, sizeof(sealed));
    sealed.magic = LOG_MAGIC;
    return marvin32(MARVIN_LOG_SEED, &sealed, 32);
}

void log_entry_fill(struct log_entry *at, u32 size, u32 flags, u32 seq, u32 bins_size, u32 count,
                    u32 used)
{
    memset((u8 *)at + used, 0, size - used);
    at->magic = 0;
    at->size = size;
    at->flags = flags;
    at->seq = seq;
    at->bins_size = bins_size;
    at->count = count;
    at->hash1 = marvin32(MARVIN_LOG_SEED, at->refs, size - sizeof(*at));
    at->hash2 = hash_of_head(at);
}

void log_entry_seal(struct log_entry *at)
{
    __atomic_store_n(&at->magic, LOG_MAGIC, __ATOMIC_RELEASE);
}

const u8 *log_entry_pages(const struct log_entry *e)
{
    return (const u8 *)(e->refs + e->count);
}

static bool right_but_for_magic(const struct log_entry *e, u64 left)
{
    if (e->size < sizeof(*e) || e->size > left || e->size % LOG_SECTOR)
        return false;
    if (!e->bins_size || e->bins_size % 4096 || e->bins_size > 0x7ffff000u)
        return false;
    if (e->hash2 != hash_of_head(e) ||
        e->hash1 != marvin32(MARVIN_LOG_SEED, e->refs, e->size - sizeof(*e)))
        return false;
    return used_bytes(e) <= e->size;
}

static bool has_magic(const u8 *at, u64 left, u32 magic)
{
    const struct log_entry *e = (const struct log_entry *)(const void *)at;

    return left >= sizeof(*e) && e->magic == magic && right_but_for_magic(e, left);
}

bool log_entry_valid(const u8 *at, u64 left)
{
    return has_magic(at, left, LOG_MAGIC);
}

bool log_entry_prepared(const u8 *at, u64 left)
{
    return has_magic(at, left, 0);
}

bool log_entry_inside(const struct log_entry *e)
{
    for (u32 i = 0; i < e->count; i++)
        if (e->refs[i].off > e->bins_size || e->refs[i].size > e->bins_size - e->refs[i].off)
            return false;
    return true;
}
