/*
 * What a writer has changed and not yet committed: private copies of 512-byte sectors.
 *
 * One overlay serves a hive's writers one after another (they hold the hive's lock); its memory
 * is kept from one write to the next. Sectors are in 4 KB pages;
 * of a page only the sectors written are private, and exactly those are dirty. A sector is copied
 * from the image on the first write into it; beyond the image (hv_grow) it starts as zeros. A
 * sector in which there was nothing but hv_put_aside() is dirty, and not to be logged.
 */
#ifndef DECANTER_OVERLAY_H
#define DECANTER_OVERLAY_H

#include "hive_view.h"

#define OV_PAGE   4096u
#define OV_SECTOR 512u

struct overlay;

/* ERROR_OUTOFMEMORY. */
u32 overlay_create(struct overlay **out);
void overlay_destroy(struct overlay *ov); /* may be NULL */

/* Makes h, just set up by hv_init, a writer's view over an empty overlay. */
void overlay_attach(struct hview *h, struct overlay *ov);
/* Drops every private sector and gives back memory beyond a few hundred pages. */
void overlay_reset(struct overlay *ov);

/* Dirty sectors that lie side by side in one page, all to be logged or none. */
struct overlay_run {
    u32 off; /* as hive_view.h addresses; a multiple of 512 */
    u32 len; /* a multiple of 512, at most 4096 */
    const u8 *bytes;
    bool logged;
    u8 sure; /* a bit for each sector: to be logged also where it equals the image (hv_log_all) */
};

/* Orders the pages by offset; to be called before the first overlay_next. ERROR_OUTOFMEMORY. */
u32 overlay_sort(struct overlay *ov);
/* The runs in the order of their offsets; *cursor starts at 0. False at the end. */
bool overlay_next(struct overlay *ov, u32 *cursor, struct overlay_run *run);
/* The bytes to be logged of one storage: what a log entry has to hold. */
u32 overlay_dirty_bytes(struct overlay *ov, enum hv_storage storage);
/* Copies every run into the image the three base pointers stand for (h's, already large enough),
 * with relaxed stores. The caller has made the sequence number odd. */
void overlay_install(struct overlay *ov, struct hview *h);

#endif
