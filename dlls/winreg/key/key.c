/*
 * Reading keys (key.h).
 */
#include "hive_cache.h"
#include "index.h"
#include "sk.h"

#define MOVE_ENTRY 12u /* old cell, number, new cell */

u32 key_root(struct hview *h, struct key_ref *root)
{
    u32 cell = hv_u32(h, HM_ROOT);

    if (!node_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *root = key_ref_of(h, cell);
    return ERROR_SUCCESS;
}

struct key_ref key_ref_of(struct hview *h, u32 key)
{
    return (struct key_ref){key, cell_u32(h, key, NK_WORK)};
}

/* Where a rename moved the key; HV_NIL where the ring does not know it. */
static u32 moved_to(struct hview *h, const struct key_ref *ref)
{
    u32 moves = hv_u32(h, HM_MOVES), n = MIN(moves, HM_MOVE_SLOTS);

    for (u32 i = 1; i <= n; i++) {
        u32 at = HM_MOVE_RING + (moves - i) % HM_MOVE_SLOTS * MOVE_ENTRY;
        if (hv_u32(h, at) == ref->cell && hv_u32(h, at + 4) == ref->id)
            return hv_u32(h, at + 8);
    }
    return HV_NIL;
}

u32 key_check(struct hview *h, struct key_ref *ref)
{
    struct key_ref at = *ref;

    for (u32 hops = 0; hops < HM_MOVE_SLOTS; hops++) {
        if (node_is(h, at.cell) && cell_u32(h, at.cell, NK_WORK) == at.id) {
            *ref = at;
            return ERROR_SUCCESS;
        }
        at.cell = moved_to(h, &at);
        if (at.cell == HV_NIL)
            break;
    }
    return ERROR_KEY_DELETED;
}

/* What the hint says, if it is true. */
static bool hinted(struct hview *h, u32 key, const struct fold_name *f, u32 *child)
{
    u32 cell = hcache_get(h->cache, key, f->hash);

    if (!cell)
        return false;
    /* Both lines of memory are asked for before the first is waited for. */
    hv_prefetch(h, cell);
    hv_prefetch(h, cell + CELL_HEAD + NK_NAME);
    if (!node_named(h, f, cell) || cell_u32(h, cell, NK_PARENT) != key)
        return false;
    *child = cell;
    return true;
}

u32 node_find(struct hview *h, u32 key, const struct fold_name *f, u32 *child)
{
    u32 cell;

    if (hinted(h, key, f, child))
        return ERROR_SUCCESS;
    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    cell = index_find(h, node_list(h, key, HV_STABLE_STORE), f);
    if (cell == HV_NIL)
        cell = index_find(h, node_list(h, key, HV_VOLATILE_STORE), f);
    if (h->error)
        return h->error;
    if (cell == HV_NIL)
        return ERROR_FILE_NOT_FOUND;
    hcache_put(h->cache, key, f->hash, cell);
    *child = cell;
    return ERROR_SUCCESS;
}

u32 node_seek(struct hview *h, u32 key, enum hv_storage st, const struct fold_name *f, u32 *child,
              struct index_spot *spot)
{
    enum hv_storage other = st == HV_STABLE_STORE ? HV_VOLATILE_STORE : HV_STABLE_STORE;

    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *child = index_seek(h, node_list(h, key, st), f, spot);
    if (*child == HV_NIL)
        *child = index_find(h, node_list(h, key, other), f);
    if (h->error)
        return h->error;
    return *child == HV_NIL ? ERROR_FILE_NOT_FOUND : ERROR_SUCCESS;
}

u32 key_find(struct hview *h, u32 key, const char16_t *name, u32 len, u32 *child)
{
    struct fold_name f;

    if (!fold_make(&f, name, len))
        return ERROR_FILE_NOT_FOUND;
    return node_find(h, key, &f, child);
}

u32 key_enum(struct hview *h, u32 key, u32 index, struct key_pos *pos, u32 *child)
{
    struct key_pos none = {0};
    u32 stable = cell_u32(h, key, NK_COUNT), gen = key_list_gen(h, key), list, cell;
    enum hv_storage st = index < stable ? HV_STABLE_STORE : HV_VOLATILE_STORE;

    if (!pos)
        pos = &none;
    if (pos->key != key || pos->gen != gen || (pos->leaf && cell_storage(pos->leaf) != st))
        *pos = (struct key_pos){.key = key, .gen = gen};
    if (index >= stable)
        index -= stable;
    list = node_list(h, key, st);
    if (list == HV_NIL || index >= cell_u32(h, key, NK_COUNT + 4 * st))
        return node_is(h, key) ? ERROR_NO_MORE_ITEMS : hv_fail(h, ERROR_REGISTRY_CORRUPT);
    cell = index_at(h, list, index, pos);
    if (cell == HV_NIL || !node_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *child = cell;
    return h->error;
}

u32 key_name(struct hview *h, u32 key, char16_t *buf, u32 *len)
{
    bool compressed = cell_u16(h, key, NK_FLAGS) & KEYF_COMP_NAME;
    u32 n = name_chars(cell_u16(h, key, NK_NAME_LEN), compressed);

    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    n = MIN(n, KEY_NAME_MAX);
    name_get(h, key + CELL_HEAD + NK_NAME, compressed, buf, n);
    *len = n;
    return h->error;
}

u32 key_class(struct hview *h, u32 key, void *buf, u32 cap, u32 *size)
{
    u32 cell = cell_u32(h, key, NK_CLASS), n = cell_u16(h, key, NK_CLASS_LEN);

    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (cell == HV_NIL)
        n = 0;
    if (n) {
        if (cell_room(h, cell) < n)
            return hv_fail(h, ERROR_REGISTRY_CORRUPT);
        hv_copy(h, cell + CELL_HEAD, buf, MIN(cap, n));
    }
    *size = n;
    return h->error;
}

u32 key_query(struct hview *h, u32 key, struct key_info *info)
{
    u32 flags = cell_u16(h, key, NK_FLAGS), size = 0;

    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    info->subkeys = cell_u32(h, key, NK_COUNT) + cell_u32(h, key, NK_COUNT + 4);
    info->max_name = cell_u16(h, key, NK_MAX_NAME);
    info->max_class = cell_u32(h, key, NK_MAX_CLASS);
    info->values = flags & KEYF_PREDEF ? 0 : cell_u32(h, key, NK_VALUES);
    info->max_value_name = cell_u32(h, key, NK_MAX_VALUE_NAME);
    info->max_value_data = cell_u32(h, key, NK_MAX_VALUE_DATA);
    info->last_write = hv_u64(h, key + CELL_HEAD + NK_TIME);
    info->name_len = 2 * name_chars(cell_u16(h, key, NK_NAME_LEN), flags & KEYF_COMP_NAME);
    info->class_len = cell_u32(h, key, NK_CLASS) == HV_NIL ? 0 : cell_u16(h, key, NK_CLASS_LEN);
    info->flags = flags;
    info->user_flags = hv_u8(h, key + CELL_HEAD + NK_USER_FLAGS) & 0xf;
    info->sd_size = sk_open(h, cell_u32(h, key, NK_SK), &size) ? size : 0;
    return h->error;
}

u32 key_parent(struct hview *h, u32 key, u32 *parent)
{
    u32 cell;

    if (key == hv_u32(h, HM_ROOT)) {
        *parent = HV_NIL;
        return ERROR_SUCCESS;
    }
    cell = cell_u32(h, key, NK_PARENT);
    if (!node_is(h, cell))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *parent = cell;
    return ERROR_SUCCESS;
}

u32 key_flags(struct hview *h, u32 key)
{
    return node_is(h, key) ? cell_u16(h, key, NK_FLAGS) : 0;
}

bool key_is_under(struct hview *h, u32 key, u32 above)
{
    for (u32 i = 0; i <= KEY_DEPTH_MAX && key != HV_NIL; i++) {
        if (key == above)
            return true;
        if (key_parent(h, key, &key))
            return false;
    }
    return false;
}

u32 key_get_security(struct hview *h, u32 key, void *buf, u32 cap, u32 *size)
{
    u32 sk = cell_u32(h, key, NK_SK), n;

    if (!sk_open(h, sk, &n))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    hv_copy(h, sk + CELL_HEAD + SK_BYTES, buf, MIN(cap, n));
    *size = n;
    return h->error;
}

u32 key_security_id(struct hview *h, u32 key)
{
    return cell_u32(h, key, NK_SK);
}

bool key_one_security(struct hview *h)
{
    struct key_ref root;

    return !key_root(h, &root) && sk_alike(h, key_security_id(h, root.cell));
}

u32 key_bound(const struct hview *h)
{
    return (h->size[HV_STABLE_STORE] + h->size[HV_VOLATILE_STORE]) / (CELL_HEAD + NK_NAME) + 1;
}

u32 key_struct_gen(struct hview *h)
{
    return hv_u32(h, HM_STRUCT_GEN);
}

u32 key_list_gen(struct hview *h, u32 key)
{
    return h->size[HV_META_STORE] ? hv_u32(h, gen_at(HM_LIST_GEN, key)) : 0;
}

u32 key_value_gen(struct hview *h, u32 key)
{
    return h->size[HV_META_STORE] ? hv_u32(h, gen_at(HM_VALUE_GEN, key)) : 0;
}
