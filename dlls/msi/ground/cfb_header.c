/*
 * The header of a compound file, and the list of the FAT's sectors that begins in it.
 */
#include <string.h>

#include "cfb.h"

static const u8 signature[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

/* The minimum is the header and one sector; a shorter file is damaged only if it begins like one.
 */
static u32 check_header(const u8 *h)
{
    u16 major = get16(h + CFB_H_MAJOR);
    u16 shift = get16(h + CFB_H_SHIFT);

    if (memcmp(h, signature, sizeof(signature)) != 0)
        return ERROR_INVALID_DATA;
    if (get16(h + CFB_H_ORDER) != 0xfffe || get16(h + CFB_H_MINI_SHIFT) != CFB_MINI_SHIFT)
        return ERROR_FILE_CORRUPT;
    if (get32(h + CFB_H_CUTOFF) != CFB_CUTOFF)
        return ERROR_FILE_CORRUPT;
    if ((major == 3 && shift == CFB_SHIFT_V3) || (major == 4 && shift == CFB_SHIFT_V4))
        return ERROR_SUCCESS;
    return ERROR_FILE_CORRUPT;
}

u32 cfb_header_read(struct cfb *c)
{
    u32 err;

    c->shift = CFB_SHIFT_V3;
    if (c->size < CFB_HEADER_SIZE)
        return ERROR_INVALID_DATA;
    err = cfb_read(c, 0, c->header, CFB_HEADER_SIZE);
    if (!err)
        err = check_header(c->header);
    if (err)
        return err;
    c->shift = get16(c->header + CFB_H_SHIFT);
    c->has_header = true;
    return ERROR_SUCCESS;
}

/* One DIFAT sector: up to per_sector FAT sectors, and the next one. */
static u32 read_difat_sector(struct cfb *c, u8 *buf, u32 sector, u32 *have)
{
    u32 per_sector = cfb_sector_size(c) / 4 - 1;
    u32 err;

    if (sector >= cfb_sectors(c))
        return ERROR_FILE_CORRUPT;
    err = cfb_read(c, cfb_offset(c, sector), buf, cfb_sector_size(c));
    if (err)
        return err;
    for (u32 i = 0; i < per_sector && *have < c->fat_pages; i++)
        c->fat_at[(*have)++] = get32(buf + 4 * i);
    return ERROR_SUCCESS;
}

static u32 read_difat_chain(struct cfb *c)
{
    u8 buf[1 << CFB_SHIFT_V4];
    u32 per_sector = cfb_sector_size(c) / 4 - 1;
    u32 have = MIN(c->fat_pages, CFB_HEADER_FAT);
    u32 count = (c->fat_pages - have + per_sector - 1) / per_sector;
    u32 sector = get32(c->header + CFB_H_DIFAT);

    if (!count)
        return ERROR_SUCCESS;
    c->difat_at = os_alloc_array(count, sizeof(*c->difat_at));
    if (!c->difat_at)
        return ERROR_OUTOFMEMORY;
    for (; c->difat_count < count; c->difat_count++) {
        u32 err = read_difat_sector(c, buf, sector, &have);

        if (err)
            return err;
        c->difat_at[c->difat_count] = sector;
        sector = get32(buf + 4 * per_sector);
    }
    return ERROR_SUCCESS;
}

/* What the file's sectors need, and as much again for writers that make room beforehand. A count
 * that one sector serves many times over costs memory and nothing on disk. */
static u32 most_pages(const struct cfb *c)
{
    enum { SLACK = 256 };

    return cfb_sectors(c) / (cfb_sector_size(c) / 4) * 2 + SLACK;
}

u32 cfb_difat_read(struct cfb *c)
{
    u32 pages = get32(c->header + CFB_H_FAT_COUNT);
    u32 err;

    if (!pages || pages > cfb_sectors(c) || pages > most_pages(c))
        return ERROR_FILE_CORRUPT;
    c->fat_at = os_alloc_array(pages, sizeof(*c->fat_at));
    c->fat_page = os_calloc(pages, sizeof(*c->fat_page));
    if (!c->fat_at || !c->fat_page)
        return ERROR_OUTOFMEMORY;
    c->fat_pages = pages;
    for (u32 i = 0; i < MIN(pages, CFB_HEADER_FAT); i++)
        c->fat_at[i] = get32(c->header + CFB_H_FAT + 4 * i);
    err = read_difat_chain(c);
    for (u32 i = 0; i < pages && !err; i++)
        if (c->fat_at[i] >= cfb_sectors(c))
            err = ERROR_FILE_CORRUPT;
    return err;
}
