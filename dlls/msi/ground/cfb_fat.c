/*
 * The FAT and the chains in it. Pages of the FAT are read when a chain leads there, so that opening
 * a package of gigabytes costs what its directory costs.
 */
#include <string.h>

#include "cfb.h"

static u32 page_words(const struct cfb *c)
{
    return cfb_sector_size(c) / 4;
}

static void to_words(u32 *words, u32 n)
{
    const u8 *bytes = (const u8 *)words;

    for (u32 i = 0; i < n; i++)
        words[i] = get32(bytes + 4 * (size_t)i);
}

static u32 load_page(struct cfb *c, u32 page)
{
    u32 *words = os_alloc(cfb_sector_size(c));
    u32 err;

    if (!words)
        return ERROR_OUTOFMEMORY;
    err = cfb_read(c, cfb_offset(c, c->fat_at[page]), words, cfb_sector_size(c));
    if (err) {
        os_free(words);
        return err;
    }
    to_words(words, page_words(c));
    c->fat_page[page] = words;
    return ERROR_SUCCESS;
}

u32 cfb_fat_get(struct cfb *c, u32 sector, u32 *next)
{
    u32 words = page_words(c);
    u32 page = sector / words;
    u32 err;

    if (c->fat) {
        if (sector >= c->fat_len)
            return ERROR_FILE_CORRUPT;
        *next = c->fat[sector];
        return ERROR_SUCCESS;
    }
    if (page >= c->fat_pages)
        return ERROR_FILE_CORRUPT;
    if (!c->fat_page[page]) {
        err = load_page(c, page);
        if (err)
            return err;
    }
    *next = c->fat_page[page][sector % words];
    return ERROR_SUCCESS;
}

static void drop_pages(struct cfb *c)
{
    for (u32 i = 0; c->fat_page && i < c->fat_pages; i++)
        os_free(c->fat_page[i]);
    os_free(c->fat_page);
    c->fat_page = NULL;
}

/* Pages that follow each other in the file come in one read. */
static u32 read_pages(struct cfb *c, u32 *fat)
{
    u32 size = cfb_sector_size(c);

    for (u32 i = 0; i < c->fat_pages;) {
        u32 n = 1;
        u32 err;

        while (i + n < c->fat_pages && c->fat_at[i + n] == c->fat_at[i] + n && n < 1024)
            n++;
        err = cfb_read(c, cfb_offset(c, c->fat_at[i]), fat + (size_t)i * page_words(c), n * size);
        if (err)
            return err;
        i += n;
    }
    to_words(fat, c->fat_pages * page_words(c));
    return ERROR_SUCCESS;
}

u32 cfb_fat_all(struct cfb *c)
{
    u32 *fat;
    u32 err;

    if (c->fat)
        return ERROR_SUCCESS;
    if (c->fat_pages > CFB_MAX_SECTOR / page_words(c))
        return ERROR_FILE_CORRUPT;
    fat = os_alloc_array(c->fat_pages, cfb_sector_size(c));
    if (!fat)
        return ERROR_OUTOFMEMORY;
    err = read_pages(c, fat);
    if (err) {
        os_free(fat);
        return err;
    }
    c->fat = fat;
    c->fat_len = c->fat_pages * page_words(c);
    drop_pages(c);
    return ERROR_SUCCESS;
}

/* After an error *out has what was reached. */
static u32 follow(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 sectors = cfb_sectors(c);
    u32 limit = count == CFB_NONE ? sectors : count;
    u32 at = start;
    u32 n = 0;
    u32 err = ERROR_SUCCESS;

    if (count != CFB_NONE && count > sectors)
        return ERROR_FILE_CORRUPT;
    while (n < limit && at < sectors && !err) {
        err = cfb_runs_add(out, at, 1);
        if (!err)
            err = cfb_fat_get(c, at, &at);
        n++;
    }
    if (!err && (count == CFB_NONE ? at != CFB_END : n != count))
        err = ERROR_FILE_CORRUPT;
    /* a chain may be longer than its stream, but no sector of it may count as free */
    if (!err && n && at != CFB_END && at >= sectors)
        err = ERROR_FILE_CORRUPT;
    return err;
}

u32 cfb_chain(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 err = follow(c, start, count, out);

    if (err)
        cfb_runs_free(out);
    return err;
}

u32 cfb_chain_prefix(struct cfb *c, u32 start, u32 count, struct cfb_runs *out)
{
    u32 err = follow(c, start, MIN(count, cfb_sectors(c)), out);

    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
}
