/*
 * A commit under way: the state that the file shall have. Until the header is written nothing of it
 * is true, and giving it up costs only the sectors that were taken.
 */
#ifndef DECANTER_CFB_PLAN_H
#define DECANTER_CFB_PLAN_H

#include "cfb.h"

struct cfb_plan {
    struct cfb *c;
    u64 *saved_busy; /* busy as it was before */
    u32 saved_words;
    u32 limit; /* what lies in sectors from here on is moved down; CFB_NONE: nothing is */

    struct cfb_content **live; /* the contents of all streams, with their runs */
    u32 live_count;

    u32 *mini_map;
    u32 mini_blocks;
    u64 mini_size;
    u32 *minifat;
    u32 minifat_len;
    struct cfb_runs minifat_runs;

    struct cfb_runs dir;

    u32 *fat;
    u32 fat_len;  /* words with a place */
    u32 fat_used; /* sectors of the file */
    u32 *fat_at;
    u32 fat_pages;
    u32 *difat_at;
    u32 difat_count;

    u8 header[CFB_HEADER_SIZE];
};

/* Whether the content is to be written by this commit. */
static inline bool cfb_is_pending(const struct cfb_content *k)
{
    return k->size && (k->place == CFB_IN_MEMORY || k->place == CFB_IN_SCRATCH);
}

/* Whether a chain is to be moved down. */
static inline bool cfb_is_high(const struct cfb_plan *p, const struct cfb_runs *r)
{
    for (u32 i = 0; i < r->count; i++)
        if (r->at[i].start + r->at[i].count > p->limit)
            return true;
    return false;
}

/* cfb_plan_long.c, cfb_plan_small.c: long streams, directory; small streams with mini stream and
 * mini FAT. Each takes sectors and writes them. */
u32 cfb_plan_long(struct cfb_plan *p);
u32 cfb_plan_dir(struct cfb_plan *p);
u32 cfb_plan_small(struct cfb_plan *p);
/* cfb_plan_fat.c: FAT, DIFAT and the bytes of the header; all but the header is written. */
u32 cfb_plan_fat(struct cfb_plan *p);

#endif
