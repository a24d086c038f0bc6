/*
 * Values of keys (value.h). A key has a list of the cells of its values, with room to spare; the
 * number in the key counts.
 *
 * Looking for a name goes through the list. Two things make that short in keys with many values:
 * hints where a name was found last (believed only when it is there), which need no lock, and for
 * what was not found yet, or is not there, an index of all names (value_index.c).
 */
#include "hive_cache.h"
#include "node.h"
#include "value.h"
#include "value_data.h"
#include "value_index.h"
#include "watch.h"

#include <string.h>

#define HINT_FROM  8u /* values from which on places are remembered */
#define HINT_PLACE 4u /* what hint it is: cells are multiples of 8 */
#define HINT_CELL  2u
#define HASH_BEGIN 0x811c9dc5u

/* Values up to which a deleted one's place is closed by moving all behind it. In longer lists the
 * last takes the place, so that a deletion changes, and logs, as little there as anywhere. */
#define ORDERED_MAX 512u

struct value_list {
    u32 cell;
    u32 count;
};

/* The key's list; a list without the room for what the key says is damage. */
static u32 list_open(struct hview *h, u32 key, struct value_list *l)
{
    l->count = 0;
    l->cell = HV_NIL;
    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (cell_u16(h, key, NK_FLAGS) & KEYF_PREDEF) /* the fields are a handle's number there */
        return h->error;
    l->count = cell_u32(h, key, NK_VALUES);
    if (!l->count)
        return h->error;
    l->cell = cell_u32(h, key, NK_VALUE_LIST);
    if (cell_room(h, l->cell) / 4 < l->count)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return h->error;
}

bool val_is(struct hview *h, u32 cell)
{
    u32 room = cell_room(h, cell);

    return room >= VK_NAME && cell_u16(h, cell, 0) == SIG_VK &&
           cell_u16(h, cell, VK_NAME_LEN) <= room - VK_NAME;
}

static void vk_words(struct hview *h, u32 cell, struct data_words *w)
{
    w->size = cell_u32(h, cell, VK_SIZE);
    w->data = cell_u32(h, cell, VK_DATA);
}

static bool vk_compressed(struct hview *h, u32 cell)
{
    return cell_u16(h, cell, VK_FLAGS) & VK_COMP_NAME;
}

/* Whether the Latin-1 bytes there are that name. */
static bool narrow_is(struct hview *h, u32 off, const char16_t *name, u32 n)
{
    u8 raw[128];

    while (n) {
        u32 part = MIN(n, (u32)sizeof(raw));
        hv_copy(h, off, raw, part);
        for (u32 i = 0; i < part; i++)
            if (raw[i] != name[i] && upper(raw[i]) != upper(name[i]))
                return false;
        off += part;
        name += part;
        n -= part;
    }
    return true;
}

bool val_is_named(struct hview *h, u32 cell, const char16_t *name, u32 len)
{
    char16_t buf[128];
    bool compressed;

    if (!val_is(h, cell)) /* first: the cell may be a hint that points nowhere */
        return false;
    compressed = vk_compressed(h, cell);
    if (name_chars(cell_u16(h, cell, VK_NAME_LEN), compressed) != len)
        return false;
    if (compressed)
        return narrow_is(h, cell + CELL_HEAD + VK_NAME, name, len);
    for (u32 at = 0; at < len; at += (u32)ARRAY_LEN(buf)) {
        u32 part = MIN(len - at, (u32)ARRAY_LEN(buf));
        hv_copy(h, cell + CELL_HEAD + VK_NAME + at * 2, buf, part * 2);
        for (u32 i = 0; i < part; i++)
            if (buf[i] != name[at + i] && upper(buf[i]) != upper(name[at + i]))
                return false;
    }
    return true;
}

/* Of a cell that has just been seen to hold a value. */
static u32 open_seen(struct hview *h, u32 cell, struct val_info *info)
{
    struct data_words w;

    vk_words(h, cell, &w);
    info->cell = cell;
    info->data = w.data;
    info->raw_size = w.size;
    info->type = cell_u32(h, cell, VK_TYPE);
    info->size = data_size(&w);
    info->name_len = name_chars(cell_u16(h, cell, VK_NAME_LEN), vk_compressed(h, cell));
    return h->error;
}

u32 val_open(struct hview *h, u32 cell, struct val_info *info)
{
    if (!val_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return open_seen(h, cell, info);
}

static u32 hash_on(u32 hash, const char16_t *name, u32 len)
{
    for (u32 i = 0; i < len; i++)
        hash = (hash ^ upper(name[i])) * 0x01000193;
    return hash;
}

u32 val_name_hash(const char16_t *name, u32 len)
{
    return hash_on(HASH_BEGIN, name, len);
}

/* The same of the name of a value that is there. */
static u32 vk_name_hash(struct hview *h, u32 cell)
{
    bool compressed = vk_compressed(h, cell);
    u32 len = name_chars(cell_u16(h, cell, VK_NAME_LEN), compressed), hash = HASH_BEGIN;
    u32 off = cell + CELL_HEAD + VK_NAME;
    char16_t part[64];

    for (u32 at = 0, n; at < len; at += n) {
        n = MIN(len - at, (u32)ARRAY_LEN(part));
        name_get(h, off + (compressed ? at : at * 2), compressed, part, n);
        hash = hash_on(hash, part, n);
    }
    return hash;
}

/* One by one. */
static u32 search(struct hview *h, const struct value_list *l, const char16_t *name, u32 len)
{
    u32 i = 0;

    while (i < l->count && !val_is_named(h, cell_u32(h, l->cell, i * 4), name, len))
        i++;
    return i;
}

/* Where in the first `end` entries of the list a cell is, from the last one on: l->count where it
 * is not. */
static u32 place_before(struct hview *h, const struct value_list *l, u32 end, u32 cell)
{
    u32 words[128];

    while (end) {
        u32 part = MIN(end, (u32)ARRAY_LEN(words)), from = end - part;
        hv_copy(h, l->cell + CELL_HEAD + from * 4, words, part * 4);
        for (u32 k = part; k-- > 0;)
            if (words[k] == cell)
                return from + k;
        end = from;
    }
    return l->count;
}

/* The same of a cell that was at that place: values before it may have been deleted since, so it is
 * there or not far before. */
static u32 place_near(struct hview *h, const struct value_list *l, u32 place, u32 cell)
{
    u32 i = place_before(h, l, place < l->count ? place + 1 : l->count, cell);

    return i < l->count ? i : place_before(h, l, l->count, cell);
}

static void put_hints(struct hview *h, u32 key, u32 hash, u32 i, u32 cell)
{
    hcache_put(h->cache, key ^ HINT_PLACE, hash, i + 1);
    hcache_put(h->cache, key ^ HINT_CELL, hash, cell);
}

/* What the hints say: a place in the list, or else, in short lists, (values before it were deleted)
 * the cell. In a long one the index knows the place of a cell, and a hint may be the only one left
 * of the two: to go through the list would take as long as it is. */
static u32 hinted_place(struct hview *h, u32 key, const struct value_list *l, u32 hash,
                        const char16_t *name, u32 len)
{
    u32 i = hcache_get(h->cache, key ^ HINT_PLACE, hash) - 1, cell;

    if (i < l->count && val_is_named(h, cell_u32(h, l->cell, i * 4), name, len))
        return i;
    if (l->count > ORDERED_MAX)
        return l->count;
    cell = hcache_get(h->cache, key ^ HINT_CELL, hash);
    if (!cell || !val_is_named(h, cell, name, len))
        return l->count;
    i = place_near(h, l, i, cell);
    if (i < l->count)
        put_hints(h, key, hash, i, cell);
    return i;
}

/* In a long list whose index is out of date. */
static u32 place_of_hint(struct hview *h, u32 key, const struct value_list *l, const char16_t *name,
                         u32 len)
{
    u32 cell = hcache_get(h->cache, key ^ HINT_CELL, val_name_hash(name, len));

    return cell && val_is_named(h, cell, name, len) ? place_before(h, l, l->count, cell) : l->count;
}

/* Where no hint is. */
static u32 unhinted_place(struct hview *h, u32 key, const struct value_list *l,
                          const char16_t *name, u32 len)
{
    struct value_spot spot;
    u32 i = l->count;

    switch (value_index_find(h, key, l->cell, l->count, name, len, &spot)) {
    case VALUE_KNOWN:
        i = place_near(h, l, spot.place, spot.cell);
        break;
    case VALUE_ABSENT:
        return l->count;
    case VALUE_UNKNOWN:
        i = place_of_hint(h, key, l, name, len);
        break;
    }
    return i < l->count ? i : search(h, l, name, len);
}

/* The place in the list; l->count where the name is not there. */
static u32 find_place(struct hview *h, u32 key, const struct value_list *l, const char16_t *name,
                      u32 len)
{
    u32 hash, i;

    if (l->count < HINT_FROM || !h->cache)
        return search(h, l, name, len);
    hash = val_name_hash(name, len);
    i = hinted_place(h, key, l, hash, name, len);
    if (i < l->count)
        return i;
    i = unhinted_place(h, key, l, name, len);
    if (i < l->count)
        put_hints(h, key, hash, i, cell_u32(h, l->cell, i * 4));
    return i;
}

u32 val_find(struct hview *h, u32 key, const char16_t *name, u32 len, struct val_info *info)
{
    struct value_list l;
    u32 i, err = list_open(h, key, &l);

    if (err)
        return err;
    i = find_place(h, key, &l, name, len);
    if (h->error)
        return h->error;
    if (i == l.count)
        return ERROR_FILE_NOT_FOUND;
    return open_seen(h, cell_u32(h, l.cell, i * 4), info);
}

u32 val_enum(struct hview *h, u32 key, u32 index, struct val_info *info)
{
    struct value_list l;
    u32 err = list_open(h, key, &l);

    if (err)
        return err;
    if (index >= l.count)
        return ERROR_NO_MORE_ITEMS;
    return val_open(h, cell_u32(h, l.cell, index * 4), info);
}

u32 val_name(struct hview *h, u32 cell, char16_t *buf, u32 cap, u32 *len)
{
    bool compressed = vk_compressed(h, cell);

    if (!val_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *len = name_chars(cell_u16(h, cell, VK_NAME_LEN), compressed);
    name_get(h, cell + CELL_HEAD + VK_NAME, compressed, buf, MIN(*len, cap));
    return h->error;
}

u32 val_data(struct hview *h, const struct val_info *info, u32 off, void *buf, u32 n)
{
    struct data_words w = {info->raw_size, info->data};

    return data_read(h, &w, off, buf, n);
}

/* --- writing -------------------------------------------------------------------------------------
 */

static void put_words(struct hview *h, u32 cell, const struct data_words *w, u32 type)
{
    cell_put_u32(h, cell, VK_SIZE, w->size);
    cell_put_u32(h, cell, VK_DATA, w->data);
    cell_put_u32(h, cell, VK_TYPE, type);
}

/* A value with its data, which is in no list yet. */
static u32 make_vk(struct hview *h, enum hv_storage st, const char16_t *name, u32 len, u32 type,
                   const void *data, u32 size, u32 *cell)
{
    bool compressed = len && name_is_latin1(name, len);
    u32 bytes = compressed ? len : len * 2, err;
    struct data_words w;

    if ((err = data_store_with(h, st, VK_NAME + bytes, data, size, cell, &w)))
        return err;
    cell_put_u16(h, *cell, 0, SIG_VK);
    cell_put_u16(h, *cell, VK_NAME_LEN, (u16)bytes);
    put_words(h, *cell, &w, type);
    cell_put_u32(h, *cell, VK_FLAGS, compressed ? VK_COMP_NAME : 0);
    name_put(h, *cell + CELL_HEAD + VK_NAME, compressed, name, len);
    return h->error;
}

static u32 append(struct hview *h, u32 key, const struct value_list *l, u32 cell)
{
    u32 list = l->cell, err;

    if (!l->count) {
        if ((err = cell_alloc(h, cell_storage(key), 4, &list)))
            return err;
    } else if (cell_room(h, list) / 4 <= l->count) {
        u32 want = l->count + l->count / 4 + 2;
        if ((err = cell_resize(h, &list, want * 4, l->count * 4)))
            return err;
    }
    cell_put_u32(h, list, l->count * 4, cell);
    if (list != l->cell)
        cell_put_u32(h, key, NK_VALUE_LIST, list);
    cell_put_u32(h, key, NK_VALUES, l->count + 1);
    return h->error;
}

static u32 add(struct hview *h, u32 key, const struct value_list *l, const char16_t *name, u32 len,
               u32 type, const void *data, u32 size)
{
    u32 hash = val_name_hash(name, len), before = key_value_gen(h, key), cell, err;

    if ((err = make_vk(h, cell_storage(key), name, len, type, data, size, &cell)) ||
        (err = append(h, key, l, cell)))
        return err;
    node_raise(h, key, NK_MAX_VALUE_NAME, len * 2);
    value_index_added(h, key, name, len, &(struct value_spot){cell, l->count}, before,
                      gen_renew(h, gen_at(HM_VALUE_GEN, key)));
    if (l->count + 1 >= HINT_FROM)
        put_hints(h, key, hash, l->count, cell);
    return h->error;
}

/* Whether the value in that cell is just this. */
static bool holds(struct hview *h, u32 cell, u32 type, const void *data, u32 size)
{
    struct val_info info;
    u8 part[512];

    if (val_open(h, cell, &info) || info.type != type || info.size != size)
        return false;
    for (u32 at = 0, n; at < size; at += n) {
        n = MIN(size - at, (u32)sizeof part);
        if (val_data(h, &info, at, part, n) || memcmp(part, (const u8 *)data + at, n))
            return false;
    }
    return true;
}

static u32 replace(struct hview *h, u32 key, u32 cell, u32 type, const void *data, u32 size)
{
    struct data_words w;
    u32 err;

    if (!val_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    vk_words(h, cell, &w);
    if ((err = data_replace(h, cell_storage(key), data, size, &w)))
        return err;
    put_words(h, cell, &w, type);
    return h->error;
}

u32 val_set(struct hview *h, u32 key, const char16_t *name, u32 len, u32 type, const void *data,
            u32 size)
{
    struct value_list l;
    u32 i, err = write_ok(h);

    if (err)
        return err;
    if (len > VAL_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    if ((err = list_open(h, key, &l)))
        return err;
    if (cell_u16(h, key, NK_FLAGS) & KEYF_PREDEF)
        return ERROR_ACCESS_DENIED;
    i = find_place(h, key, &l, name, len);
    if (h->error)
        return h->error;
    /* What a value holds already is no change, to those who wait for one either. */
    if (i < l.count && holds(h, cell_u32(h, l.cell, i * 4), type, data, size))
        return h->error;
    if (i < l.count)
        err = replace(h, key, cell_u32(h, l.cell, i * 4), type, data, size);
    else
        err = add(h, key, &l, name, len, type, data, size);
    if (err)
        return err;
    node_raise(h, key, NK_MAX_VALUE_DATA, size);
    node_touch(h, key);
    watch_changed(h, key, WATCH_LAST_SET);
    return h->error;
}

static u32 free_vk(struct hview *h, u32 cell)
{
    struct data_words w;

    if (!val_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    vk_words(h, cell, &w);
    cell_put_u16(h, cell, 0, 0);
    return data_free_with(h, &w, cell);
}

/* The last value's entry takes the place of the i-th. */
static u32 move_last(struct hview *h, u32 key, const struct value_list *l, u32 i)
{
    u32 cell = cell_u32(h, l->cell, (l->count - 1) * 4);

    if (i == l->count - 1)
        return h->error;
    if (!val_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    cell_put_u32(h, l->cell, i * 4, cell);
    put_hints(h, key, vk_name_hash(h, cell), i, cell);
    value_index_moved(h, key, &(struct value_spot){cell, i});
    return h->error;
}

/* The list without its i-th entry; without entries it goes. */
static u32 drop_entry(struct hview *h, u32 key, const struct value_list *l, u32 i)
{
    u32 at = l->cell + CELL_HEAD + i * 4, err;

    cell_put_u32(h, key, NK_VALUES, l->count - 1);
    if (l->count > ORDERED_MAX)
        return move_last(h, key, l, i);
    if (l->count > 1) {
        hv_move(h, at, at + 4, (l->count - i - 1) * 4);
        return h->error;
    }
    if ((err = cell_free(h, l->cell)))
        return err;
    cell_put_u32(h, key, NK_VALUE_LIST, HV_NIL);
    cell_put_u32(h, key, NK_MAX_VALUE_NAME, 0);
    cell_put_u32(h, key, NK_MAX_VALUE_DATA, 0);
    return h->error;
}

u32 val_delete(struct hview *h, u32 key, const char16_t *name, u32 len)
{
    struct value_list l;
    u32 i, before, cell, err = write_ok(h);

    if (err || (err = list_open(h, key, &l)))
        return err;
    before = key_value_gen(h, key);
    i = find_place(h, key, &l, name, len);
    if (h->error)
        return h->error;
    if (i == l.count)
        return ERROR_FILE_NOT_FOUND;
    cell = cell_u32(h, l.cell, i * 4);
    if ((err = free_vk(h, cell)) || (err = drop_entry(h, key, &l, i)))
        return err;
    value_index_removed(h, key, name, len, cell, before, gen_renew(h, gen_at(HM_VALUE_GEN, key)));
    node_touch(h, key);
    watch_changed(h, key, WATCH_LAST_SET);
    return h->error;
}

u32 val_free_all(struct hview *h, u32 key)
{
    struct value_list l;
    u32 err = list_open(h, key, &l);

    if (err || !l.count)
        return err;
    for (u32 i = 0; i < l.count; i++)
        if ((err = free_vk(h, cell_u32(h, l.cell, i * 4))))
            return err;
    cell_put_u32(h, key, NK_VALUES, 0);
    cell_put_u32(h, key, NK_VALUE_LIST, HV_NIL);
    cell_put_u32(h, key, NK_MAX_VALUE_NAME, 0);
    cell_put_u32(h, key, NK_MAX_VALUE_DATA, 0);
    gen_renew(h, gen_at(HM_VALUE_GEN, key));
    return cell_free(h, l.cell);
}
