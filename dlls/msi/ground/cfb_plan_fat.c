/*
 * A commit's FAT. It is made anew from what is alive, so that sectors which damage or another
 * writer lost come back; of its pages only those that differ are written, to new places. Moving a
 * page changes other pages, until none differs any more.
 */
#include <string.h>

#include "cfb_plan.h"

static u32 page_words(const struct cfb *c)
{
    return cfb_sector_size(c) / 4;
}

/* --- the words -----------------------------------------------------------------------------------
 */

static u32 reserve(struct cfb_plan *p, u32 sector)
{
    u32 words = page_words(p->c);
    u32 len;
    u32 *fat;

    if (sector < p->fat_len)
        return ERROR_SUCCESS;
    len = ALIGN_UP(sector + 1 + p->fat_len / 8, words);
    if (len <= sector)
        return ERROR_FILE_TOO_LARGE;
    fat = os_realloc_array(p->fat, len, sizeof(*fat));
    if (!fat)
        return ERROR_OUTOFMEMORY;
    memset(fat + p->fat_len, 0xff, (size_t)(len - p->fat_len) * sizeof(*fat));
    p->fat = fat;
    p->fat_len = len;
    return ERROR_SUCCESS;
}

/* Gives a sector its one meaning. One that has a meaning already belongs to two owners. */
static u32 set_word(struct cfb_plan *p, u32 sector, u32 value)
{
    u32 err = reserve(p, sector);

    if (err)
        return err;
    if (p->fat[sector] != CFB_FREE)
        return ERROR_FILE_CORRUPT;
    p->fat[sector] = value;
    p->fat_used = MAX(p->fat_used, sector + 1);
    return ERROR_SUCCESS;
}

static u32 set_chain(struct cfb_plan *p, const struct cfb_runs *r)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < r->count && !err; i++) {
        u32 last = r->at[i].start + r->at[i].count - 1;

        for (u32 k = r->at[i].start; k < last && !err; k++)
            err = set_word(p, k, k + 1);
        if (!err)
            err = set_word(p, last, i + 1 < r->count ? r->at[i + 1].start : CFB_END);
    }
    return err;
}

static u32 set_streams(struct cfb_plan *p)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < p->live_count && !err; i++) {
        const struct cfb_content *k = p->live[i];

        if (k->planned.count && !k->planned_mini)
            err = set_chain(p, &k->planned);
        else if (k->place == CFB_IN_SECTORS)
            err = set_chain(p, &k->runs);
    }
    return err;
}

static u32 set_meta(struct cfb_plan *p)
{
    u32 err = set_chain(p, &p->dir);

    if (!err)
        err = set_chain(p, &p->minifat_runs);
    for (u32 b = 0; b < p->mini_blocks && !err; b++)
        err = set_word(p, p->mini_map[b], b + 1 < p->mini_blocks ? p->mini_map[b + 1] : CFB_END);
    return err;
}

/* --- the pages' places
 * ---------------------------------------------------------------------------- */

/* Pages beyond those that p->fat_pages counts have no place yet. */
static u32 grow_pages(struct cfb_plan *p, u32 pages)
{
    u32 *at = os_realloc_array(p->fat_at, pages, sizeof(*at));

    if (!at)
        return ERROR_OUTOFMEMORY;
    p->fat_at = at;
    while (p->fat_pages < pages)
        p->fat_at[p->fat_pages++] = CFB_NONE;
    return ERROR_SUCCESS;
}

/* The pages that the old FAT has too stay where they are, as long as they do not differ. */
static u32 keep_pages(struct cfb_plan *p)
{
    u32 pages = (p->fat_used + page_words(p->c) - 1) / page_words(p->c);
    u32 err;

    pages = MIN(pages, p->c->fat ? p->c->fat_pages : 0);
    err = pages ? grow_pages(p, pages) : ERROR_SUCCESS;
    for (u32 i = 0; i < pages && !err; i++) {
        if (p->c->fat_at[i] >= p->limit)
            continue;
        p->fat_at[i] = p->c->fat_at[i];
        err = set_word(p, p->fat_at[i], CFB_FAT_SECTOR);
    }
    return err;
}

static bool is_kept(const struct cfb_plan *p, u32 page)
{
    return page < p->c->fat_pages && p->fat_at[page] == p->c->fat_at[page];
}

static bool differs(const struct cfb_plan *p, u32 page)
{
    size_t off = (size_t)page * page_words(p->c);

    return memcmp(p->fat + off, p->c->fat + off, cfb_sector_size(p->c)) != 0;
}

/* Takes places for all pages that need one; *moved tells how many. */
static u32 move_pages(struct cfb_plan *p, u32 *moved)
{
    struct cfb_runs taken = {0};
    u32 count = 0;
    u32 err;

    for (u32 i = 0; i < p->fat_pages; i++) {
        if (is_kept(p, i) && differs(p, i)) {
            p->fat[p->fat_at[i]] = CFB_FREE;
            p->fat_at[i] = CFB_NONE;
        }
        count += p->fat_at[i] == CFB_NONE;
    }
    *moved = count;
    if (!count)
        return ERROR_SUCCESS;
    err = cfb_space_take(p->c, count, &taken);
    for (u32 i = 0, run = 0, k = 0; i < p->fat_pages && !err; i++) {
        if (p->fat_at[i] != CFB_NONE)
            continue;
        p->fat_at[i] = taken.at[run].start + k;
        err = set_word(p, p->fat_at[i], CFB_FAT_SECTOR);
        if (++k == taken.at[run].count) {
            run++;
            k = 0;
        }
    }
    cfb_runs_free(&taken);
    return err;
}

static u32 grow_difat(struct cfb_plan *p, u32 *grown)
{
    u32 per = page_words(p->c) - 1;
    u32 need = p->fat_pages > CFB_HEADER_FAT ? (p->fat_pages - CFB_HEADER_FAT + per - 1) / per : 0;
    struct cfb_runs taken = {0};
    u32 *at;
    u32 err;

    *grown = need > p->difat_count ? need - p->difat_count : 0;
    if (!*grown)
        return ERROR_SUCCESS;
    at = os_realloc_array(p->difat_at, need, sizeof(*at));
    if (!at)
        return ERROR_OUTOFMEMORY;
    p->difat_at = at;
    err = cfb_space_take(p->c, *grown, &taken);
    for (u32 i = 0; i < taken.count; i++) {
        for (u32 k = 0; k < taken.at[i].count && !err; k++) {
            p->difat_at[p->difat_count++] = taken.at[i].start + k;
            err = set_word(p, taken.at[i].start + k, CFB_DIFAT_SECTOR);
        }
    }
    cfb_runs_free(&taken);
    return err;
}

/* In a file over 2 GB the range locks' sector is marked as the end of a chain. */
static u32 reserve_lock_sector(struct cfb_plan *p)
{
    u32 sector = (0x7fffff00u >> p->c->shift) - 1;

    if (p->fat_used <= sector || p->fat[sector] != CFB_FREE)
        return ERROR_SUCCESS;
    return set_word(p, sector, CFB_END);
}

static u32 place_pages(struct cfb_plan *p)
{
    u32 err = keep_pages(p);

    for (;;) {
        u32 words = page_words(p->c);
        u32 pages, moved, grown;

        if (!err)
            err = reserve_lock_sector(p);
        if (err)
            return err;
        pages = (p->fat_used + words - 1) / words;
        if (pages > p->fat_pages)
            err = grow_pages(p, pages);
        if (!err)
            err = move_pages(p, &moved);
        if (!err)
            err = grow_difat(p, &grown);
        if (!err && !moved && !grown && pages == p->fat_pages)
            return ERROR_SUCCESS;
    }
}

/* --- writing
 * -------------------------------------------------------------------------------------- */

enum { PAGES_AT_ONCE = 64 };

/* How many pages from `first` on are to be written and lie one behind the other. */
static u32 pages_together(const struct cfb_plan *p, u32 first)
{
    u32 n = 1;

    while (n < PAGES_AT_ONCE && first + n < p->fat_pages && !is_kept(p, first + n) &&
           p->fat_at[first + n] == p->fat_at[first] + n)
        n++;
    return n;
}

static u32 write_pages(struct cfb_plan *p)
{
    u32 size = cfb_sector_size(p->c);
    u32 words = page_words(p->c);
    u8 *buf = os_alloc_array(PAGES_AT_ONCE, size);
    u32 err = buf ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u32 i = 0, n = 1; i < p->fat_pages && !err; i += n) {
        n = 1;
        if (is_kept(p, i))
            continue;
        n = pages_together(p, i);
        for (u32 k = 0; k < n * words; k++)
            put32(buf + 4 * (size_t)k, p->fat[(size_t)i * words + k]);
        err = cfb_write(p->c, cfb_offset(p->c, p->fat_at[i]), buf, n * size);
    }
    os_free(buf);
    return err;
}

static u32 write_difat(struct cfb_plan *p)
{
    u8 buf[1 << CFB_SHIFT_V4];
    u32 per = page_words(p->c) - 1;
    u32 next = CFB_HEADER_FAT;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < p->difat_count && !err; i++) {
        for (u32 k = 0; k < per; k++, next++)
            put32(buf + 4 * k, next < p->fat_pages ? p->fat_at[next] : CFB_FREE);
        put32(buf + 4 * per, i + 1 < p->difat_count ? p->difat_at[i + 1] : CFB_END);
        err = cfb_write(p->c, cfb_offset(p->c, p->difat_at[i]), buf, cfb_sector_size(p->c));
    }
    return err;
}

static void make_header(struct cfb_plan *p)
{
    static const u8 signature[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    u8 *h = p->header;
    bool v4 = p->c->shift == CFB_SHIFT_V4;
    u32 old = p->c->has_header ? get32(p->c->header + CFB_H_COMMITS) : 0;

    memset(h, 0, CFB_HEADER_SIZE);
    memcpy(h, signature, sizeof(signature));
    put16(h + CFB_H_MINOR, 0x3e);
    put16(h + CFB_H_MAJOR, v4 ? 4 : 3);
    put16(h + CFB_H_ORDER, 0xfffe);
    put16(h + CFB_H_SHIFT, (u16)p->c->shift);
    put16(h + CFB_H_MINI_SHIFT, CFB_MINI_SHIFT);
    put32(h + CFB_H_DIR_COUNT, v4 ? cfb_runs_total(&p->dir) : 0);
    put32(h + CFB_H_FAT_COUNT, p->fat_pages);
    put32(h + CFB_H_DIR, p->dir.at[0].start);
    put32(h + CFB_H_COMMITS, old + 1);
    put32(h + CFB_H_CUTOFF, CFB_CUTOFF);
    put32(h + CFB_H_MINIFAT, p->minifat_runs.count ? p->minifat_runs.at[0].start : CFB_END);
    put32(h + CFB_H_MINIFAT_COUNT, cfb_runs_total(&p->minifat_runs));
    put32(h + CFB_H_DIFAT, p->difat_count ? p->difat_at[0] : CFB_END);
    put32(h + CFB_H_DIFAT_COUNT, p->difat_count);
    for (u32 i = 0; i < CFB_HEADER_FAT; i++)
        put32(h + CFB_H_FAT + 4 * i, i < p->fat_pages ? p->fat_at[i] : CFB_FREE);
}

u32 cfb_plan_fat(struct cfb_plan *p)
{
    u32 err = set_streams(p);

    if (!err)
        err = set_meta(p);
    if (!err)
        err = place_pages(p);
    if (!err)
        err = write_pages(p);
    if (!err)
        err = write_difat(p);
    if (!err)
        make_header(p);
    return err;
}
