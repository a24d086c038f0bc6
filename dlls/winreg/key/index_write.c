/*
 * Changing lists of subkeys (index.h).
 *
 * A leaf that is full is split in the middle, or, where names arrive in order, left full and
 * followed by a new one. A leaf that is empty goes, and with the last one its index root.
 */
#include "index.h"

#define LEAF_FIRST 4u /* entries a new list has room for */
#define ROOT_MAX   0xffffu

/* The second word of an entry: the hash, or the first four characters. */
static u32 entry_hint(struct hview *h, const struct leaf *l, const struct fold_name *f, u32 child)
{
    return l->sig == SIG_LH ? f->hash : index_lf_hint(h, child);
}

static void put_entry(struct hview *h, const struct leaf *l, u32 i, const struct fold_name *f,
                      u32 child)
{
    hv_put_u32(h, leaf_entry(l, i), child);
    if (l->width == 8)
        hv_put_u32(h, leaf_entry(l, i) + 4, entry_hint(h, l, f, child));
}

/* A cell for a leaf; one that will not grow any more has its sectors for itself. */
static u32 leaf_cell(struct hview *h, enum hv_storage st, u32 bytes, u32 *cell)
{
    if (bytes + CELL_HEAD < LEAF_SMALL * 8)
        return cell_alloc(h, st, bytes, cell);
    return cell_alloc_sector(h, st, bytes, cell);
}

/* Entries that a leaf of the list has at most. */
static u32 leaf_max(const struct index_spot *spot)
{
    return spot->leaves < LEAVES_MANY ? LEAF_SMALL : LEAF_LARGE;
}

/* An empty leaf of that kind with room for `room` entries. */
static u32 leaf_make(struct hview *h, enum hv_storage st, u32 sig, u32 room, struct leaf *l)
{
    u32 err;

    l->sig = sig;
    l->width = sig == SIG_LI ? 4 : 8;
    l->count = 0;
    if ((err = leaf_cell(h, st, LIST_ENTRIES + room * l->width, &l->cell)))
        return err;
    cell_put_u16(h, l->cell, 0, (u16)sig);
    cell_put_u16(h, l->cell, LIST_COUNT, 0);
    return h->error;
}

/* Moves a leaf into a cell with room for `room` entries. */
static u32 leaf_grow(struct hview *h, struct leaf *l, u32 room)
{
    u32 had = l->cell, to;
    u32 err = leaf_cell(h, cell_storage(had), LIST_ENTRIES + room * l->width, &to);

    if (err)
        return err;
    hv_move(h, to + CELL_HEAD, had + CELL_HEAD, LIST_ENTRIES + l->count * l->width);
    l->cell = to;
    return cell_free(h, had);
}

/* Puts an entry at place i; the leaf has less than `max`. The leaf may move. */
static u32 leaf_put(struct hview *h, struct leaf *l, u32 i, const struct fold_name *f, u32 child,
                    u32 max)
{
    u32 room = (cell_room(h, l->cell) - LIST_ENTRIES) / l->width, err;

    if (l->count >= room && (err = leaf_grow(h, l, MAX(l->count + 1, MIN(l->count * 2, max)))))
        return err;
    hv_move(h, leaf_entry(l, i + 1), leaf_entry(l, i), (l->count - i) * l->width);
    put_entry(h, l, i, f, child);
    cell_put_u16(h, l->cell, LIST_COUNT, (u16)++l->count);
    return h->error;
}

/* Moves the entries from `at` on into a new leaf behind. */
static u32 leaf_split(struct hview *h, enum hv_storage st, struct leaf *l, u32 at, u32 max,
                      struct leaf *behind)
{
    u32 move = l->count - at, err;

    if ((err = leaf_make(h, st, l->sig, MAX(max, move + 1), behind)))
        return err;
    hv_move(h, leaf_entry(behind, 0), leaf_entry(l, at), move * l->width);
    behind->count = l->count - at;
    l->count = at;
    cell_put_u16(h, behind->cell, LIST_COUNT, (u16)behind->count);
    cell_put_u16(h, l->cell, LIST_COUNT, (u16)l->count);
    return h->error;
}

/* Puts an entry into a leaf that may be full; behind->cell is set where there is one more leaf. */
static u32 leaf_insert(struct hview *h, enum hv_storage st, struct leaf *l,
                       const struct index_spot *spot, const struct fold_name *f, u32 child,
                       struct leaf *behind)
{
    bool last = spot->root_pos + 1 >= spot->leaves;
    u32 i = spot->entry, max = leaf_max(spot), err;

    behind->cell = HV_NIL;
    if (l->count < max)
        return leaf_put(h, l, i, f, child, max);
    if ((err = leaf_split(h, st, l, last && i == l->count ? i : l->count / 2, max, behind)))
        return err;
    if (i >= l->count)
        return leaf_put(h, behind, i - l->count, f, child, max);
    return leaf_put(h, l, i, f, child, max);
}

static u32 root_make(struct hview *h, enum hv_storage st, u32 first, u32 second, u32 *cell)
{
    u32 err = cell_alloc(h, st, LIST_ENTRIES + 4 * LEAF_FIRST, cell);

    if (err)
        return err;
    cell_put_u16(h, *cell, 0, SIG_RI);
    cell_put_u16(h, *cell, LIST_COUNT, 2);
    hv_put_u32(h, root_entry(*cell, 0), first);
    hv_put_u32(h, root_entry(*cell, 1), second);
    return h->error;
}

static u32 root_put(struct hview *h, u32 *cell, u32 i, u32 leaf)
{
    u32 count = cell_u16(h, *cell, LIST_COUNT), err;
    u32 room = (cell_room(h, *cell) - LIST_ENTRIES) / 4;

    if (count >= ROOT_MAX)
        return hv_fail(h, ERROR_NO_SYSTEM_RESOURCES);
    if (count >= room) {
        u32 want = count + count / 2 + 2;
        if ((err = cell_resize(h, cell, LIST_ENTRIES + want * 4, LIST_ENTRIES + count * 4)))
            return err;
    }
    hv_move(h, root_entry(*cell, i + 1), root_entry(*cell, i), (count - i) * 4);
    hv_put_u32(h, root_entry(*cell, i), leaf);
    cell_put_u16(h, *cell, LIST_COUNT, (u16)(count + 1));
    return h->error;
}

static u32 insert_first(struct hview *h, enum hv_storage st, u32 *list, const struct fold_name *f,
                        u32 child)
{
    u32 sig = hv_u32(h, HM_MINOR) >= LH_MINOR ? SIG_LH : SIG_LF, err;
    struct leaf l;

    if ((err = leaf_make(h, st, sig, LEAF_FIRST, &l)) ||
        (err = leaf_put(h, &l, 0, f, child, LEAF_SMALL)))
        return err;
    *list = l.cell;
    return ERROR_SUCCESS;
}

u32 index_insert(struct hview *h, enum hv_storage st, u32 *list, const struct fold_name *f,
                 const struct index_spot *spot, u32 child)
{
    struct leaf l, behind;
    struct index_spot own;
    u32 err;

    if (*list == HV_NIL)
        return insert_first(h, st, list, f, child);
    if (!spot)
        index_seek(h, *list, f, &own), spot = &own;
    if (h->error || !leaf_open(h, spot->leaf, &l) || spot->entry > l.count)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = leaf_insert(h, st, &l, spot, f, child, &behind)))
        return err;
    if (!spot->leaves)
        *list = l.cell;
    else if (l.cell != spot->leaf)
        hv_put_u32(h, root_entry(*list, spot->root_pos), l.cell);
    if (behind.cell == HV_NIL)
        return h->error;
    return spot->leaves ? root_put(h, list, spot->root_pos + 1, behind.cell)
                        : root_make(h, st, l.cell, behind.cell, list);
}

/* The child's place in a leaf: by its name where the order is right, else one by one. */
static bool leaf_place(struct hview *h, const struct leaf *l, const struct fold_name *f, u32 child,
                       u32 *place)
{
    bool found;
    u32 i = leaf_search(h, l, f, &found);

    if (found && hv_u32(h, leaf_entry(l, i)) == child) {
        *place = i;
        return true;
    }
    for (i = 0; i < l->count; i++) {
        if (hv_u32(h, leaf_entry(l, i)) == child) {
            *place = i;
            return true;
        }
    }
    return false;
}

struct place {
    struct leaf l;
    u32 entry;    /* in the leaf */
    u32 root_pos; /* of the leaf in the index root */
    u32 leaves;   /* of the index root; 0: there is none */
};

static bool find_place(struct hview *h, u32 list, const struct fold_name *f, u32 child,
                       struct place *p)
{
    p->leaves = 0;
    if (list == HV_NIL)
        return false;
    if (leaf_open(h, list, &p->l))
        return leaf_place(h, &p->l, f, child, &p->entry);
    p->leaves = root_open(h, list);
    if (!p->leaves)
        return false;
    p->root_pos = root_search(h, list, p->leaves, f);
    if (leaf_open(h, hv_u32(h, root_entry(list, p->root_pos)), &p->l) &&
        leaf_place(h, &p->l, f, child, &p->entry))
        return true;
    for (p->root_pos = 0; p->root_pos < p->leaves && !h->error; p->root_pos++)
        if (leaf_open(h, hv_u32(h, root_entry(list, p->root_pos)), &p->l) &&
            leaf_place(h, &p->l, f, child, &p->entry))
            return true;
    return false;
}

static u32 root_drop(struct hview *h, u32 *list, u32 at, u32 count)
{
    u32 err;

    if (count > 1) {
        hv_move(h, root_entry(*list, at), root_entry(*list, at + 1), (count - at - 1) * 4);
        cell_put_u16(h, *list, LIST_COUNT, (u16)(count - 1));
        return h->error;
    }
    err = cell_free(h, *list);
    *list = HV_NIL;
    return err;
}

u32 index_remove(struct hview *h, u32 *list, const struct fold_name *f, u32 child)
{
    struct place p;
    u32 err;

    if (!find_place(h, *list, f, child, &p))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (p.l.count > 1) {
        hv_move(h, leaf_entry(&p.l, p.entry), leaf_entry(&p.l, p.entry + 1),
                (p.l.count - p.entry - 1) * p.l.width);
        cell_put_u16(h, p.l.cell, LIST_COUNT, (u16)(p.l.count - 1));
        return h->error;
    }
    if ((err = cell_free(h, p.l.cell)))
        return err;
    if (p.leaves)
        return root_drop(h, list, p.root_pos, p.leaves);
    *list = HV_NIL;
    return h->error;
}

u32 index_replace(struct hview *h, u32 list, const struct fold_name *f, u32 child, u32 with)
{
    struct place p;

    if (!find_place(h, list, f, child, &p))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    hv_put_u32(h, leaf_entry(&p.l, p.entry), with);
    return h->error;
}

u32 index_free(struct hview *h, u32 list)
{
    struct leaf l;
    u32 count, err;

    if (list == HV_NIL)
        return h->error;
    if (!leaf_open(h, list, &l)) {
        if (!(count = root_open(h, list)))
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        for (u32 i = 0; i < count; i++)
            if ((err = cell_free(h, hv_u32(h, root_entry(list, i)))))
                return err;
    }
    return cell_free(h, list);
}
