/*
 * Checking the values of a key (check.h).
 */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "os.h"
#include "value.h"
#include "value_data.h"
#include "value_index.h"

#define NAME_ROOM 0x10000u /* characters: more than a vk can claim */

static bool check_big(struct check *c, u32 vk, const struct data_words *w)
{
    u32 size = data_size(w), count, list;
    enum hv_storage st = cell_storage(vk);

    if (!data_is_big(c->h, w, &count, &list) || !check_claim(c, list, st, count * 4, w->data))
        return check_damage(c, CHECK_VALUE_BIG, vk);
    for (u32 i = 0; i < count && !c->err; i++) {
        u32 part = MIN(size - i * DB_SEGMENT, DB_SEGMENT);
        if (!check_claim(c, cell_u32(c->h, list, i * 4), st, part, list))
            return check_damage(c, CHECK_VALUE_BIG, vk);
    }
    return true;
}

static bool check_data(struct check *c, u32 vk)
{
    struct data_words w = {cell_u32(c->h, vk, VK_SIZE), cell_u32(c->h, vk, VK_DATA)};
    u32 size = data_size(&w);

    if (w.size & VK_INLINE)
        return (w.size & ~VK_INLINE) <= 4 || check_damage(c, CHECK_VALUE_DATA, vk);
    if (!size)
        return true;
    if (!check_claim(c, w.data, cell_storage(vk), 4, vk))
        return check_damage(c, CHECK_VALUE_DATA, vk);
    if (cell_room(c->h, w.data) >= size)
        return true;
    if (size > DB_SEGMENT)
        return check_big(c, vk, &w);
    return check_damage(c, CHECK_VALUE_DATA, vk);
}

/* A value's record and data; false where its name cannot be read. */
static bool check_value(struct check *c, u32 key, u32 vk, u32 from)
{
    struct hview *h = c->h;
    u32 name, room;

    if (!check_claim(c, vk, cell_storage(key), VK_NAME, from))
        return false;
    if (cell_u16(h, vk, 0) != SIG_VK)
        return check_damage(c, CHECK_VALUE_SIGNATURE, vk);
    c->totals.values++;
    check_data(c, vk);
    room = cell_room(h, vk);
    name = cell_u16(h, vk, VK_NAME_LEN);
    if (name > room - VK_NAME)
        return check_damage(c, CHECK_VALUE_NAME, vk);
    return true;
}

/* --- names ---------------------------------------------------------------------------------------
 */

struct names {
    char16_t *a, *b;
    u64 *hashes; /* hash and cell, to be sorted */
    u32 count;
};

static int compare_u64(const void *a, const void *b)
{
    u64 x = *(const u64 *)a, y = *(const u64 *)b;

    return x < y ? -1 : x > y;
}

static void note_name(struct check *c, struct names *n, u32 vk)
{
    u32 len = 0;

    if (!val_name(c->h, vk, n->a, NAME_ROOM, &len))
        n->hashes[n->count++] = (u64)val_name_hash(n->a, len) << 32 | vk;
}

static void check_names(struct check *c, struct names *n)
{
    u32 la = 0, lb = 0;

    qsort(n->hashes, n->count, sizeof(*n->hashes), compare_u64);
    for (u32 i = 1; i < n->count; i++) {
        u32 x = (u32)n->hashes[i - 1], y = (u32)n->hashes[i];
        if (n->hashes[i - 1] >> 32 != n->hashes[i] >> 32)
            continue;
        val_name(c->h, x, n->a, NAME_ROOM, &la);
        val_name(c->h, y, n->b, NAME_ROOM, &lb);
        if (!u16_compare_fold(n->a, la, n->b, lb))
            check_damage(c, CHECK_VALUE_TWICE, y);
    }
}

static void check_all(struct check *c, u32 key, u32 list, u32 count, struct names *n)
{
    struct hview *h = c->h;
    u32 longest_name = 0, longest_data = 0;

    for (u32 i = 0; i < count && !c->err; i++) {
        u32 vk = cell_u32(h, list, i * 4);
        struct val_info info;
        if (!check_value(c, key, vk, list) || val_enum(h, key, i, &info))
            continue;
        note_name(c, n, vk);
        longest_name = MAX(longest_name, info.name_len * 2);
        longest_data = MAX(longest_data, info.size);
    }
    check_names(c, n);
    if (cell_u32(h, key, NK_MAX_VALUE_NAME) < longest_name)
        check_derived(c, CHECK_KEY_MAX, key, NK_MAX_VALUE_NAME, 4, longest_name);
    if (cell_u32(h, key, NK_MAX_VALUE_DATA) < longest_data)
        check_derived(c, CHECK_KEY_MAX, key, NK_MAX_VALUE_DATA, 4, longest_data);
}

void check_values(struct check *c, u32 key)
{
    u32 count = cell_u32(c->h, key, NK_VALUES), list = cell_u32(c->h, key, NK_VALUE_LIST);
    struct names n = {0};

    if (!count || (cell_u16(c->h, key, NK_FLAGS) & KEYF_PREDEF))
        return;
    if (!check_claim(c, list, cell_storage(key), 4, key) || cell_room(c->h, list) / 4 < count) {
        check_damage(c, CHECK_VALUES_LIST, key);
        return;
    }
    if (!c->names)
        c->names = os_alloc(NAME_ROOM * 2 * sizeof(*c->names));
    n.hashes = os_alloc(count * sizeof(*n.hashes));
    if (c->names && n.hashes) {
        n.a = c->names;
        n.b = n.a + NAME_ROOM;
        check_all(c, key, list, count, &n);
    } else {
        c->err = ERROR_OUTOFMEMORY;
    }
    os_free(n.hashes);
}
