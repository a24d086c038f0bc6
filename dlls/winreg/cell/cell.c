/*
 * Allocation of cells (cell.h).
 *
 * Free cell in the image: 0 size (positive)  4 next  8 previous free cell of the same list, -1 at
 * the ends. In the hive file the links mean nothing (meta_build() makes them anew), and are not
 * logged: freeing a cell would log others all over the hive. Free cells of 8 bytes, which hives
 * from elsewhere have, are in no list; they come back when a neighbour is freed.
 *
 * Lists: one for each multiple of 8 from 16 to 256 (0 to 30); from there on four for each
 * doubling (31 to 122). A bit for each list tells whether it has any cell.
 */
#include "cell.h"
#include "overlay.h"

#define FREE_NEXT 4u
#define FREE_PREV 8u
#define CLASSES   128u
#define EXACT_MAX 256u
#define EXACT     31u
#define LOOK_AT   16u /* cells of a list with mixed sizes that are tried */
#define LONG_FREE (2 * REGF_BIN)
#define WALK_MAX  2048u /* cells of a bin that are gone through for a free cell's neighbour */

u32 cell_class(u32 size)
{
    u32 log;

    if (size <= EXACT_MAX)
        return size / 8 - 2;
    log = 31 - (u32)__builtin_clz(size);
    return EXACT + (log - 8) * 4 + (size >> (log - 2) & 3);
}

u32 cell_list_head(u32 cls, enum hv_storage st)
{
    return HM_FREE_HEADS + (st * CLASSES + cls) * 4;
}

static u32 bits_at(u32 cls, enum hv_storage st)
{
    return HM_FREE_BITS + st * (CLASSES / 8) + cls / 32 * 4;
}

u32 cell_room_slow(struct hview *h, u32 cell)
{
    u32 rel = cell & ~HV_VOLATILE, total;

    if (!cell_aligned(cell))
        return 0;
    total = h->size[cell_storage(cell)];
    if (rel < BIN_HEAD || rel >= total)
        return 0;
    return cell_room_of(hv_u32(h, cell), total - rel);
}

/* --- the lists -----------------------------------------------------------------------------------
 */

void cell_link_free(struct hview *h, u32 cell, u32 size)
{
    enum hv_storage st = cell_storage(cell);
    u32 cls, head, first;

    hv_put_u32(h, cell, size);
    hv_log_all(h, cell, CELL_HEAD);
    if (size < CELL_MIN)
        return;
    cls = cell_class(size);
    head = cell_list_head(cls, st);
    first = hv_u32(h, head);
    hv_put_aside(h, cell + FREE_NEXT, first);
    hv_put_aside(h, cell + FREE_PREV, HV_NIL);
    hv_put_u32(h, head, cell);
    if (first != HV_NIL)
        hv_put_aside(h, first + FREE_PREV, cell);
    else
        hv_put_u32(h, bits_at(cls, st), hv_u32(h, bits_at(cls, st)) | 1u << cls % 32);
}

/* Whether the cell is free, has that size, and may be written as such. */
static bool is_free(struct hview *h, u32 cell, enum hv_storage st)
{
    u32 size;

    if (!cell_aligned(cell) || cell_storage(cell) != st)
        return false;
    size = hv_u32(h, cell);
    return size < 0x80000000u && size >= CELL_MIN && !(size & 7) &&
           size <= h->size[st] - (cell & ~HV_VOLATILE) && !h->error;
}

u32 cell_unlink_free(struct hview *h, u32 cell, u32 size)
{
    enum hv_storage st = cell_storage(cell);
    u32 cls, head, next, prev;

    if (size < CELL_MIN)
        return h->error;
    cls = cell_class(size);
    head = cell_list_head(cls, st);
    next = hv_u32(h, cell + FREE_NEXT);
    prev = hv_u32(h, cell + FREE_PREV);
    if (prev != HV_NIL && !(is_free(h, prev, st) && hv_u32(h, prev + FREE_NEXT) == cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (prev == HV_NIL && hv_u32(h, head) != cell)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (next != HV_NIL && !(is_free(h, next, st) && hv_u32(h, next + FREE_PREV) == cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    hv_put_aside(h, prev == HV_NIL ? head : prev + FREE_NEXT, next);
    if (next != HV_NIL)
        hv_put_aside(h, next + FREE_PREV, prev);
    else if (prev == HV_NIL)
        hv_put_u32(h, bits_at(cls, st), hv_u32(h, bits_at(cls, st)) & ~(1u << cls % 32));
    return h->error;
}

/* A cell of at least `size` in a list where some may be smaller. */
static u32 look_in(struct hview *h, enum hv_storage st, u32 cls, u32 size)
{
    u32 cell = hv_u32(h, cell_list_head(cls, st));

    for (u32 i = 0; i < LOOK_AT && cell != HV_NIL && is_free(h, cell, st); i++) {
        if (hv_u32(h, cell) >= size)
            return cell;
        cell = hv_u32(h, cell + FREE_NEXT);
    }
    return HV_NIL;
}

/* The first list from cls on that is not empty; CLASSES where there is none. */
static u32 next_class(struct hview *h, enum hv_storage st, u32 cls)
{
    for (u32 i = cls; i < CLASSES; i = (i | 31) + 1) {
        u32 bits = hv_u32(h, bits_at(i, st)) >> i % 32;
        if (bits)
            return i + (u32)__builtin_ctz(bits);
    }
    return CLASSES;
}

static u32 find_free(struct hview *h, enum hv_storage st, u32 size)
{
    u32 cls = cell_class(size), cell = look_in(h, st, cls, size);

    if (cell != HV_NIL)
        return cell;
    cls = next_class(h, st, cls + 1);
    return cls < CLASSES ? look_in(h, st, cls, size) : HV_NIL;
}

/* --- allocation --------------------------------------------------------------------------------
 */

/* What stays free of a long piece that a small cell was taken from becomes a bin of its own from
 * the next page on: who frees one of the cells to come goes through those before it in its bin, and
 * a bin that once held a long list would have thousands. Returns what is left before that bin. */
static u32 split_rest(struct hview *h, u32 rest, u32 size)
{
    u32 bin = ALIGN_UP(rest, REGF_BIN);

    if (bin != rest && bin - rest < CELL_MIN)
        bin += REGF_BIN;
    if (bin_split(h, bin))
        return size;
    cell_link_free(h, bin + BIN_HEAD, size - (bin - rest) - BIN_HEAD);
    return bin - rest;
}

/* Makes the first `size` bytes of a piece an allocated cell, and of the rest a free one. The first
 * `kept` were allocated before. */
static u32 carve(struct hview *h, u32 cell, u32 kept, u32 has, u32 size, u32 used)
{
    u32 left = has - size;

    if (left >= LONG_FREE && size < REGF_BIN)
        left = split_rest(h, cell + size, left);
    if (left >= CELL_MIN)
        cell_link_free(h, cell + size, left);
    else
        size += left;
    hv_put_u32(h, cell, 0u - size);
    hv_log_all(h, cell + kept, size - kept);
    hv_fill(h, cell + CELL_HEAD + used, 0, size - CELL_HEAD - used);
    return h->error;
}

static u32 size_for(u32 n)
{
    return MAX(CELL_MIN, ALIGN_UP(n + CELL_HEAD, 8));
}

u32 cell_alloc(struct hview *h, enum hv_storage st, u32 n, u32 *cell)
{
    u32 size, has, at, err;

    if (n > CELL_MAX)
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    size = size_for(n);
    at = find_free(h, st, size);
    if (at != HV_NIL) {
        has = hv_u32(h, at);
        err = cell_unlink_free(h, at, has);
    } else {
        err = bin_add(h, st, size, &at, &has);
    }
    if (!err)
        err = carve(h, at, 0, has, size, n);
    if (!err)
        *cell = at;
    return err;
}

u32 cell_alloc_pair(struct hview *h, enum hv_storage st, u32 n, u32 m, u32 *first, u32 *second)
{
    u32 size, has, at, err;

    if (n > CELL_MAX || m > CELL_MAX)
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    size = size_for(n);
    at = find_free(h, st, size + size_for(m));
    if (at == HV_NIL) {
        err = cell_alloc(h, st, n, first);
        return err ? err : cell_alloc(h, st, m, second);
    }
    has = hv_u32(h, at);
    err = cell_unlink_free(h, at, has);
    if (!err)
        err = carve(h, at + size, 0, has - size, size_for(m), m);
    if (err)
        return err;
    hv_put_u32(h, at, 0u - size);
    hv_log_all(h, at, size);
    hv_fill(h, at + CELL_HEAD + n, 0, size - CELL_HEAD - n);
    *first = at;
    *second = at + size;
    return h->error;
}

/* From a piece at `at`: what stays free before the first sector a cell may begin with. */
static u32 gap_before(u32 at)
{
    u32 gap = (0u - at) & (OV_SECTOR - 1);

    return gap && gap < CELL_MIN ? gap + OV_SECTOR : gap;
}

u32 cell_alloc_sector(struct hview *h, enum hv_storage st, u32 n, u32 *cell)
{
    u32 size = size_for(n), has, at, gap, err;
    u32 want = size + OV_SECTOR + CELL_MIN;

    if (n > CELL_MAX)
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    at = find_free(h, st, want);
    has = at != HV_NIL ? hv_u32(h, at) : 0;
    err = has ? cell_unlink_free(h, at, has) : bin_add(h, st, want, &at, &has);
    if (err)
        return err;
    gap = gap_before(at);
    if (gap)
        cell_link_free(h, at, gap);
    err = carve(h, at + gap, 0, has - gap, size, n);
    if (!err)
        *cell = at + gap;
    return err;
}

/* The cell before `cell` in its bin, if that is free: its offset, else HV_NIL. It can only be found
 * from the bin's start on; behind many others (in bins that others made) it is not, and two free
 * cells stand side by side. */
static u32 free_before(struct hview *h, u32 cell, u32 start)
{
    u32 at = start + BIN_HEAD, last = HV_NIL;

    for (u32 i = 0; at < cell; i++) {
        u32 word = hv_u32(h, at);
        u32 size = word < 0x80000000u ? word : 0u - word;
        if (i == WALK_MAX)
            return HV_NIL;
        if (!size || (size & 7) || size > cell - at) {
            hv_fail(h, ERROR_REGISTRY_CORRUPT);
            return HV_NIL;
        }
        last = word < 0x80000000u ? at : HV_NIL;
        at += size;
    }
    return last;
}

u32 cell_free(struct hview *h, u32 cell)
{
    u32 room = cell_room(h, cell), size = room + CELL_HEAD, start, end, at, err;

    if (!room)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (h->late)
        return cell_late_free(h, cell, size);
    if ((err = bin_around(h, cell, &start, &end)))
        return err;
    if (size > end - cell || cell < start + BIN_HEAD)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    at = cell + size;
    if (at < end && hv_u32(h, at) < 0x80000000u) {
        u32 more = hv_u32(h, at);
        if (!more || (more & 7) || more > end - at)
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        if ((err = cell_unlink_free(h, at, more)))
            return err;
        size += more;
    }
    at = free_before(h, cell, start);
    if (at != HV_NIL) {
        if ((err = cell_unlink_free(h, at, cell - at)))
            return err;
        size += cell - at;
        cell = at;
    }
    cell_link_free(h, cell, size);
    return h->error;
}

u32 cell_free_pair(struct hview *h, u32 cell, u32 other)
{
    u32 room = cell_room(h, cell), next = cell_room(h, other), err;

    if (!room || !next)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (other == cell + CELL_HEAD + room) {
        hv_put_u32(h, cell, 0u - (room + next + 2 * CELL_HEAD));
        return cell_free(h, cell);
    }
    if (cell == other + CELL_HEAD + next)
        return cell_free_pair(h, other, cell);
    err = cell_free(h, cell);
    return err ? err : cell_free(h, other);
}

/* Takes what is missing from a free cell behind; false where that is not there. */
static bool extend(struct hview *h, u32 cell, u32 has, u32 size, u32 used)
{
    u32 start, end, more, at = cell + has;

    if (bin_around(h, cell, &start, &end) || at >= end)
        return false;
    more = hv_u32(h, at);
    if (more >= 0x80000000u || more > end - at || has + more < size)
        return false;
    return !cell_unlink_free(h, at, more) && !carve(h, cell, has, has + more, size, used);
}

u32 cell_resize(struct hview *h, u32 *cell, u32 n, u32 keep)
{
    u32 room = cell_room(h, *cell), to, err;
    u8 buf[512];

    if (!room || keep > room || keep > n || n > CELL_MAX)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (n <= room || extend(h, *cell, room + CELL_HEAD, ALIGN_UP(n + CELL_HEAD, 8), n))
        return h->error;
    if (h->error)
        return h->error;
    if ((err = cell_alloc(h, cell_storage(*cell), n, &to)))
        return err;
    for (u32 at = 0; at < keep; at += sizeof(buf)) {
        u32 part = MIN(keep - at, (u32)sizeof(buf));
        hv_copy(h, *cell + CELL_HEAD + at, buf, part);
        hv_write(h, to + CELL_HEAD + at, buf, part);
    }
    err = cell_free(h, *cell);
    *cell = to;
    return err;
}
