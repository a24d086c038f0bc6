/*
 * Reading lists of subkeys (index.h). Every loop is bounded by a 16-bit count, whatever the bytes.
 */
#include "hive_cache.h"
#include "index.h"

bool leaf_open(struct hview *h, u32 cell, struct leaf *l)
{
    u32 room = cell_room(h, cell);

    if (room < LIST_ENTRIES)
        return false;
    l->cell = cell;
    l->sig = cell_u16(h, cell, 0);
    l->count = cell_u16(h, cell, LIST_COUNT);
    l->width = l->sig == SIG_LI ? 4 : 8;
    if (l->sig != SIG_LI && l->sig != SIG_LF && l->sig != SIG_LH)
        return false;
    return l->count <= (room - LIST_ENTRIES) / l->width;
}

u32 root_open(struct hview *h, u32 cell)
{
    u32 room = cell_room(h, cell), count;

    if (room < LIST_ENTRIES || cell_u16(h, cell, 0) != SIG_RI)
        return 0;
    count = cell_u16(h, cell, LIST_COUNT);
    return count <= (room - LIST_ENTRIES) / 4 ? count : 0;
}

u32 leaf_search(struct hview *h, const struct leaf *l, const struct fold_name *f, bool *found)
{
    u32 low = 0, high = l->count;

    *found = false;
    while (low < high && !h->error) {
        u32 mid = (low + high) / 2;
        int d = node_compare(h, f, hv_u32(h, leaf_entry(l, mid)));
        if (!d) {
            *found = true;
            return mid;
        }
        if (d < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* Whether f is before all of the i-th leaf. */
static bool before_leaf(struct hview *h, u32 cell, u32 i, const struct fold_name *f)
{
    struct leaf l;

    if (leaf_open(h, hv_u32(h, root_entry(cell, i)), &l) && l.count)
        return node_compare(h, f, hv_u32(h, leaf_entry(&l, 0))) < 0;
    hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return false;
}

u32 root_search(struct hview *h, u32 cell, u32 count, const struct fold_name *f)
{
    u32 low = 0, high = count;

    while (high - low > 1 && !h->error) {
        u32 mid = (low + high) / 2;
        if (before_leaf(h, cell, mid, f))
            high = mid;
        else
            low = mid;
    }
    return low;
}

/* The same for who has just found the name missing. */
static u32 root_search_again(struct hview *h, u32 cell, u32 count, const struct fold_name *f)
{
    u32 i = hcache_last_missed(h->cache, cell);

    if (i && i < count && !before_leaf(h, cell, i, f) &&
        (i + 1 == count || before_leaf(h, cell, i + 1, f)))
        return i;
    return root_search(h, cell, count, f);
}

/* Through the hashes: one pass over neighbouring words instead of a jump for each step. */
static u32 find_by_hash(struct hview *h, const struct leaf *l, const struct fold_name *f)
{
    struct {
        u32 child, hash;
    } part[64];

    for (u32 i = 0; i < l->count; i += (u32)ARRAY_LEN(part)) {
        u32 n = MIN(l->count - i, (u32)ARRAY_LEN(part));
        hv_copy(h, leaf_entry(l, i), part, n * 8);
        for (u32 k = 0; k < n; k++)
            if (part[k].hash == f->hash && node_named(h, f, part[k].child))
                return part[k].child;
    }
    return HV_NIL;
}

static u32 find_by_name(struct hview *h, const struct leaf *l, const struct fold_name *f)
{
    bool found;
    u32 i = leaf_search(h, l, f, &found);

    return found ? hv_u32(h, leaf_entry(l, i)) : HV_NIL;
}

static u32 find_in_leaf(struct hview *h, const struct leaf *l, const struct fold_name *f)
{
    return l->sig == SIG_LH ? find_by_hash(h, l, f) : find_by_name(h, l, f);
}

/* Where lists are not in order. */
static u32 find_one_by_one(struct hview *h, u32 list, const struct fold_name *f)
{
    u32 limit = (h->size[HV_STABLE_STORE] + h->size[HV_VOLATILE_STORE]) / NK_NAME, child;
    struct key_pos pos = {0};

    for (u32 i = 0; i < limit && (child = index_at(h, list, i, &pos)) != HV_NIL; i++)
        if (node_named(h, f, child))
            return child;
    return HV_NIL;
}

bool index_ordered(struct hview *h)
{
    return !h->size[HV_META_STORE] || !(hv_u32(h, HM_FLAGS) & META_UNSORTED);
}

u32 index_find(struct hview *h, u32 list, const struct fold_name *f)
{
    struct leaf l;
    u32 count, at, cell;

    if (list == HV_NIL)
        return HV_NIL;
    if (!index_ordered(h))
        return find_one_by_one(h, list, f);
    if (leaf_open(h, list, &l))
        return find_in_leaf(h, &l, f);
    if (!(count = root_open(h, list))) {
        hv_fail(h, ERROR_REGISTRY_CORRUPT);
        return HV_NIL;
    }
    at = root_search(h, list, count, f);
    if (!leaf_open(h, hv_u32(h, root_entry(list, at)), &l)) {
        hv_fail(h, ERROR_REGISTRY_CORRUPT);
        return HV_NIL;
    }
    cell = find_in_leaf(h, &l, f);
    if (cell == HV_NIL)
        hcache_missed(h->cache, list, at);
    return cell;
}

u32 index_seek(struct hview *h, u32 list, const struct fold_name *f, struct index_spot *spot)
{
    struct leaf l;

    *spot = (struct index_spot){.leaf = list};
    if (list == HV_NIL)
        return HV_NIL;
    if (!leaf_open(h, list, &l)) {
        spot->leaves = root_open(h, list);
        spot->root_pos = root_search_again(h, list, spot->leaves, f);
        if (!spot->leaves || !leaf_open(h, hv_u32(h, root_entry(list, spot->root_pos)), &l)) {
            hv_fail(h, ERROR_REGISTRY_CORRUPT);
            return HV_NIL;
        }
        spot->leaf = l.cell;
    }
    spot->entry = leaf_search(h, &l, f, &spot->found);
    return spot->found ? hv_u32(h, leaf_entry(&l, spot->entry)) : HV_NIL;
}

/* Looks for the leaf with the index-th entry, from where pos is or from the start. */
static bool seek_leaf(struct hview *h, u32 list, u32 index, struct key_pos *pos, struct leaf *l)
{
    u32 count, i = 0, first = 0;

    if (leaf_open(h, list, l)) {
        pos->first = 0;
        pos->root_pos = 0;
        return index < l->count;
    }
    count = root_open(h, list);
    if (pos->leaf && index >= pos->first) {
        i = pos->root_pos;
        first = pos->first;
    }
    for (; i < count; i++) {
        if (!leaf_open(h, hv_u32(h, root_entry(list, i)), l))
            break;
        if (index - first < l->count) {
            pos->first = first;
            pos->root_pos = i;
            return true;
        }
        first += l->count;
    }
    if (i < count || !count)
        hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return false;
}

/* The i-th entry of a leaf; who enumerates will ask for the node after it, whose two lines of
 * memory are on their way by then. */
static u32 take_entry(struct hview *h, const struct leaf *l, u32 i)
{
    if (i + 1 < l->count) {
        u32 next = hv_u32(h, leaf_entry(l, i + 1));
        hv_prefetch(h, next);
        hv_prefetch(h, next + CELL_HEAD + NK_NAME);
    }
    return hv_u32(h, leaf_entry(l, i));
}

u32 index_at(struct hview *h, u32 list, u32 index, struct key_pos *pos)
{
    struct key_pos none = {0};
    struct leaf l;

    if (!pos)
        pos = &none;
    if (list == HV_NIL)
        return HV_NIL;
    if (pos->leaf && index - pos->first < pos->count && leaf_open(h, pos->leaf, &l) &&
        index - pos->first < l.count)
        return take_entry(h, &l, index - pos->first);
    if (!seek_leaf(h, list, index, pos, &l)) {
        pos->leaf = 0;
        return HV_NIL;
    }
    pos->leaf = l.cell;
    pos->count = l.count;
    return take_entry(h, &l, index - pos->first);
}

u32 index_count(struct hview *h, u32 list)
{
    struct leaf l;
    u32 count, sum = 0;

    if (list == HV_NIL)
        return 0;
    if (leaf_open(h, list, &l))
        return l.count;
    count = root_open(h, list);
    for (u32 i = 0; i < count; i++)
        if (leaf_open(h, hv_u32(h, root_entry(list, i)), &l))
            sum += l.count;
    return sum;
}

u32 index_lf_hint(struct hview *h, u32 child)
{
    char16_t name[KEY_NAME_MAX];
    u32 len = 0, hint = 0;

    if (key_name(h, child, name, &len))
        return 0;
    for (u32 i = 0; i < len && i < 4; i++) {
        if (name[i] > 0xff)
            return 0;
        hint |= (u32)name[i] << 8 * i;
    }
    return hint;
}
