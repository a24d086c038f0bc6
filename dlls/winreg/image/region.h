/*
 * A stretch of memory that grows without moving under those who use it: a mapping of the tail of a
 * file, shared with other processes, or memory of this process's own.
 *
 * When it has to be longer than what is mapped, it is mapped anew with at least double the size;
 * the old views stay until the region is closed, since readers may be in them and are not counted
 * (they add up to no more than the last one's size).
 */
#ifndef DECANTER_REGION_H
#define DECANTER_REGION_H

#include "base.h"
#include "os.h"

struct region_view {
    u8 *base;
    u32 size;
    struct region_view *older;
};

struct region {
    struct region_view *view; /* the newest; published with release */
    struct os_file *file;     /* NULL: own memory. Not the region's to close */
    u64 off;                  /* where it begins in the file, a multiple of 64 KB */
    u32 least;                /* size of the first view */
    bool read_only;           /* the file is mapped for reading */
    bool *lost;               /* what os_map() tells of a file that became shorter; its owner's */
    struct os_mutex lock;     /* who maps anew */
};

void region_init(struct region *r, struct os_file *file, u64 off, u32 least);
void region_close(struct region *r);
/* For region_at. NULL: no memory or no address space. */
u8 *region_more(struct region *r, u32 size);

/* Makes the file long enough for region_at to map more than size bytes at once; by a hole, which is
 * no use by itself. For whoever alone makes the file longer. */
void region_lengthen(struct region *r, u32 size);

/* The bytes, at least size of them; 64 KB of alignment (own memory: 16). Of a file only what it has
 * is mapped. Own memory: what is new is zeros, and only one thread at a time may ask for more. */
static inline u8 *region_at(struct region *r, u32 size)
{
    struct region_view *v = __atomic_load_n(&r->view, __ATOMIC_ACQUIRE);

    return v && size <= v->size ? v->base : region_more(r, size);
}

#endif
