/*
 * Inside of the overlay, for overlay.c and hive_view.c alone: reads of a writer go through here
 * often.
 *
 * Pages are an array. For each storage a directory has for each of its pages the index in that
 * array plus one, or 0. The memory of a page stays with its place in the array from one write to
 * the next.
 */
#ifndef DECANTER_OVERLAY_PRIV_H
#define DECANTER_OVERLAY_PRIV_H

#include "overlay.h"

struct ov_page {
    u32 off;    /* of its first byte, as hive_view.h addresses */
    u32 number; /* in its storage */
    u8 store;   /* enum hv_storage */
    u8 mask;    /* private sectors, a bit each */
    u8 logged;  /* those of them that belong into the log */
    u8 sure;    /* and of those, that do so whatever the image has */
    u8 *bytes;
};

struct overlay {
    struct ov_page *pages;
    u32 count;  /* in use */
    u32 filled; /* with memory, at least count */
    u32 cap;
    u32 *dir[HV_STORES];
    u32 dir_size[HV_STORES];
    u32 *order; /* indexes by offset, made by overlay_sort */
    u32 order_cap;
    u32 image[HV_STORES]; /* sizes of the image: beyond there are zeros */
};

extern const u8 overlay_zeros[OV_SECTOR];

static inline struct ov_page *overlay_page(struct overlay *ov, u32 number, enum hv_storage st)
{
    u32 i = number < ov->dir_size[st] ? ov->dir[st][number] : 0;

    return i ? &ov->pages[i - 1] : NULL;
}

/* The byte in its private copy; NULL while its sector has none. */
static inline u8 *overlay_private(struct overlay *ov, u32 rel, enum hv_storage st)
{
    const struct ov_page *p = overlay_page(ov, rel / OV_PAGE, st);

    return p && (p->mask >> rel % OV_PAGE / OV_SECTOR & 1) ? p->bytes + rel % OV_PAGE : NULL;
}

/* The same; NULL also where nothing of the sector belongs into the log yet. */
static inline u8 *overlay_logged(struct overlay *ov, u32 rel, enum hv_storage st)
{
    const struct ov_page *p = overlay_page(ov, rel / OV_PAGE, st);

    return p && (p->logged >> rel % OV_PAGE / OV_SECTOR & 1) ? p->bytes + rel % OV_PAGE : NULL;
}

/* Where a writer has to read that byte, and those up to the end of its sector: in the private copy,
 * in zeros beyond the image, NULL for the image itself. */
static inline const u8 *overlay_read(struct overlay *ov, u32 rel, enum hv_storage st)
{
    const u8 *private = overlay_private(ov, rel, st);

    if (private)
        return private;
    return rel >= ov->image[st] ? overlay_zeros + rel % OV_SECTOR : NULL;
}

/* The private copy of off's sector, made where missing, and to be logged if `log`; rel is off's
 * offset in its storage. NULL (and h->error set) when there is no memory. */
u8 *overlay_dirty(struct hview *h, u32 off, u32 rel, enum hv_storage st, bool log);
/* For hv_log_all(): that of off in stable storage. False: no memory. */
bool overlay_sure(struct hview *h, u32 off);

#endif
