/*
 * Making and judging base blocks; baseblock.h has the layout.
 */
#include <string.h>

#include "baseblock.h"
#include "os.h"
#include "pathname.h"
#include "utf16.h"

u32 base_checksum(const struct base_block *b)
{
    u32 sum = 0, word;

    for (size_t i = 0; i < 508; i += 4) {
        memcpy(&word, (const u8 *)b + i, 4);
        sum ^= word;
    }
    if (sum == 0)
        return 1;
    return sum == 0xffffffff ? 0xfffffffe : sum;
}

void base_seal(struct base_block *b)
{
    b->checksum = base_checksum(b);
}

u64 base_written(const struct base_block *b)
{
    return (u64)b->written_high << 32 | b->written_low;
}

void base_set_written(struct base_block *b, u64 time)
{
    b->written_low = (u32)time;
    b->written_high = (u32)(time >> 32);
}

/* The field holds the end of the path, as much as there is room for. */
static void set_name(struct base_block *b, const char16_t *path)
{
    size_t len = u16_len(path), max = ARRAY_LEN(b->name) - 1, i;

    i = path_name(path, len);
    path += i;
    len -= i;
    if (len > max) {
        path += len - max;
        len = max;
    }
    for (i = 0; i < len; i++)
        b->name[i] = path[i];
}

void base_make(struct base_block *b, const char16_t *path, u32 root, u32 size, u32 minor)
{
    memset(b, 0, sizeof(*b));
    b->magic = BASE_MAGIC;
    b->seq1 = b->seq2 = 1;
    base_set_written(b, os_time());
    b->major = 1;
    b->minor = minor;
    b->type = BASE_HIVE;
    b->format = 1;
    b->root = root;
    b->size = size;
    b->cluster = 1;
    if (path)
        set_name(b, path);
    base_seal(b);
}

bool base_valid(const struct base_block *b, enum base_type type)
{
    return b->magic == BASE_MAGIC && b->checksum == base_checksum(b) && b->type == (u32)type;
}

u32 base_faults(const struct base_block *b)
{
    u32 faults = 0;

    if (b->magic != BASE_MAGIC)
        faults |= BASE_BAD_MAGIC;
    if (b->checksum != base_checksum(b))
        faults |= BASE_BAD_CHECKSUM;
    if (b->type != BASE_HIVE)
        faults |= BASE_BAD_TYPE;
    if (b->major != 1 || b->minor > 6 || b->format != 1)
        faults |= BASE_BAD_VERSION;
    if (!b->size || b->size % 4096 || b->size > 0x7ffff000u)
        faults |= BASE_BAD_SIZE;
    return faults;
}

u32 base_check(const struct base_block *b)
{
    u32 faults = base_faults(b);

    if (faults & BASE_BAD_MAGIC)
        return ERROR_NOT_REGISTRY_FILE;
    return faults ? ERROR_BADDB : ERROR_SUCCESS;
}
