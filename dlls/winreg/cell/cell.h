/*
 * Cells: allocated pieces of a hive, and the bins they lie in.
 *
 * Free cells hang in lists by size whose heads are in the meta storage, so that any process can
 * allocate without looking around. A cell is named by the offset of its size word; its data begins
 * four bytes later.
 */
#ifndef DECANTER_CELL_H
#define DECANTER_CELL_H

#include "meta.h"
#include "regf.h"

#define CELL_HEAD 4u
#define CELL_MIN  16u /* the smallest we make: a free one has to hold its links */

/* The largest data one cell can have here. */
#define CELL_MAX 0x40000000u

static inline bool cell_aligned(u32 cell)
{
    return cell < HV_META && !(cell & 7);
}

static inline enum hv_storage cell_storage(u32 cell)
{
    return cell & HV_VOLATILE ? HV_VOLATILE_STORE : HV_STABLE_STORE;
}

/* Bytes of data an allocated cell has room for; 0 where none begins at that offset (which is no
 * error of the view: the caller knows what it looked for). */
u32 cell_room_slow(struct hview *h, u32 cell);

/* What the size word in use says, with `left` bytes to the end of the storage. */
static inline u32 cell_room_of(u32 word, u32 left)
{
    u32 size = 0u - word;

    return word < 0x80000000u || (size & 7) || size > left ? 0 : size - CELL_HEAD;
}

static inline u32 cell_room(struct hview *h, u32 cell)
{
    if (cell < h->fast && !(cell & 7) && cell >= BIN_HEAD)
        return cell_room_of(hv_u32(h, cell), h->fast - cell);
    return cell_room_slow(h, cell);
}

/* Words of a cell's data. */
static inline u16 cell_u16(struct hview *h, u32 cell, u32 at)
{
    return hv_u16(h, cell + CELL_HEAD + at);
}

static inline u32 cell_u32(struct hview *h, u32 cell, u32 at)
{
    return hv_u32(h, cell + CELL_HEAD + at);
}

static inline void cell_put_u16(struct hview *h, u32 cell, u32 at, u16 v)
{
    hv_put_u16(h, cell + CELL_HEAD + at, v);
}

static inline void cell_put_u32(struct hview *h, u32 cell, u32 at, u32 v)
{
    hv_put_u32(h, cell + CELL_HEAD + at, v);
}

/* A cell with room for n bytes, which are undefined; what the cell has beyond them is zeroed.
 * ERROR_NO_SYSTEM_RESOURCES, ERROR_OUTOFMEMORY, ERROR_REGISTRY_CORRUPT. */
u32 cell_alloc(struct hview *h, enum hv_storage st, u32 n, u32 *cell);
/* Two cells, of n and m bytes, one behind the other where there is room for that: what is used
 * together is changed, and logged, together. */
u32 cell_alloc_pair(struct hview *h, enum hv_storage st, u32 n, u32 m, u32 *first, u32 *second);
/* As cell_alloc, but the cell begins with a sector of the log, so that what fills a sector is
 * logged as one. */
u32 cell_alloc_sector(struct hview *h, enum hv_storage st, u32 n, u32 *cell);
/* Merges it with free neighbours. ERROR_REGISTRY_CORRUPT where no allocated cell begins. */
u32 cell_free(struct hview *h, u32 cell);
/* Both of them, as one where they are neighbours. */
u32 cell_free_pair(struct hview *h, u32 cell, u32 other);
/* Room for n bytes, keeping the first `keep`; the cell may move. */
u32 cell_resize(struct hview *h, u32 *cell, u32 n, u32 keep);

/*
 * For freeing many cells at once: between the two, cell_free only marks cells, and no cell may be
 * allocated or resized. The end merges and lists what was freed, bin by bin; it has to be called
 * whatever went wrong. ERROR_OUTOFMEMORY.
 */
u32 cell_late_begin(struct hview *h);
u32 cell_late_end(struct hview *h);

/* For cell_late.c: notes and marks one; takes a listed free cell out of its list. */
u32 cell_late_free(struct hview *h, u32 cell, u32 size);
u32 cell_unlink_free(struct hview *h, u32 cell, u32 size);

/* For meta_build.c, check.c: into the list of its size; size as the cell's size word says. */
void cell_link_free(struct hview *h, u32 cell, u32 size);
/* The list a free cell of that size belongs into. */
u32 cell_class(u32 size);
/* The cell of a list's head. */
u32 cell_list_head(u32 cls, enum hv_storage st);

/* --- bins (bin.c) ----------------------------------------------------------------------------- */

/* Adds a bin with one free cell of at least `size` bytes (with its head) and returns it, in no
 * list. */
u32 bin_add(struct hview *h, enum hv_storage st, u32 size, u32 *cell, u32 *cell_size);
/* A page of a bin's inside becomes the start of another: BIN_HEAD bytes there are in no cell, and
 * what is before and behind is made cells by the caller. ERROR_REGISTRY_CORRUPT. */
u32 bin_split(struct hview *h, u32 off);
/* The start of the bin that off lies in, and its end. ERROR_REGISTRY_CORRUPT. */
u32 bin_around(struct hview *h, u32 off, u32 *start, u32 *end);
/* Notes in the bin map that a bin begins there. */
u32 bin_note(struct hview *h, u32 off);
bool bin_begins(struct hview *h, u32 off);
/* Checks the header of the bin at off; *size. False where it is none that can be used. */
bool bin_valid(struct hview *h, u32 off, u32 *size);

#endif
