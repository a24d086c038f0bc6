/*
 * Making keys and changing what they are (key.h).
 */
#include <string.h>

#include "hive_cache.h"
#include "index.h"
#include "sk.h"
#include "value.h"
#include "watch.h"

#define CLASS_MAX 0xfffeu /* bytes */

static u32 depth_of(struct hview *h, u32 key)
{
    u32 depth = 0;

    while (key != HV_NIL && depth <= KEY_DEPTH_MAX && !key_parent(h, key, &key))
        depth++;
    return depth;
}

static u32 may_create(struct hview *h, u32 parent, const struct key_new *what)
{
    if (!node_is(h, parent))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (cell_storage(parent) == HV_VOLATILE_STORE && !what->is_volatile)
        return ERROR_CHILD_MUST_BE_VOLATILE;
    if (what->class_size > CLASS_MAX || (what->class_size & 1) || what->sd_size > SK_SIZE_MAX)
        return ERROR_INVALID_PARAMETER;
    if (depth_of(h, parent) >= KEY_DEPTH_MAX)
        return h->error ? h->error : ERROR_NO_SYSTEM_RESOURCES;
    return h->error;
}

static void put16(u8 *record, u32 at, u32 v)
{
    u16 w = (u16)v;

    memcpy(record + at, &w, 2);
}

static void put32(u8 *record, u32 at, u32 v)
{
    memcpy(record + at, &v, 4);
}

/* A node without subkeys and values; the number it gets tells it from others in its cell. */
static u32 make_node(struct hview *h, enum hv_storage st, u32 parent, const struct key_new *what,
                     u32 *key)
{
    bool compressed = name_is_latin1(what->name, what->name_len);
    u32 bytes = compressed ? what->name_len : what->name_len * 2, id, err;
    u8 record[NK_NAME] = {0};
    u64 now = hv_now(h);

    if ((err = cell_alloc(h, st, NK_NAME + bytes, key)))
        return err;
    id = hv_u32(h, HM_NEXT_ID);
    hv_put_u32(h, HM_NEXT_ID, id + 1 ? id + 1 : 1);
    put16(record, 0, SIG_NK);
    put16(record, NK_FLAGS,
          (compressed ? KEYF_COMP_NAME : 0u) | (st == HV_VOLATILE_STORE ? KEYF_VOLATILE : 0u) |
              (what->is_link ? KEYF_SYM_LINK : 0u));
    memcpy(record + NK_TIME, &now, 8);
    put32(record, NK_PARENT, parent);
    put32(record, NK_LIST, HV_NIL);
    put32(record, NK_LIST + 4, HV_NIL);
    put32(record, NK_VALUE_LIST, HV_NIL);
    put32(record, NK_SK, HV_NIL);
    put32(record, NK_CLASS, HV_NIL);
    put32(record, NK_WORK, id);
    put16(record, NK_NAME_LEN, bytes);
    hv_write(h, *key + CELL_HEAD, record, NK_NAME);
    name_put(h, *key + CELL_HEAD + NK_NAME, compressed, what->name, what->name_len);
    return h->error;
}

/* The new class is there before the old one goes: a failure leaves the old. */
u32 key_set_class(struct hview *h, u32 key, const void *class_name, u32 size)
{
    u32 old = cell_u32(h, key, NK_CLASS), old_size = cell_u16(h, key, NK_CLASS_LEN);
    u32 cell = HV_NIL, parent, err = ERROR_SUCCESS;

    if (size > CLASS_MAX || (size & 1))
        return ERROR_INVALID_PARAMETER;
    if (size && (err = cell_alloc(h, cell_storage(key), size, &cell)))
        return err;
    if (size)
        hv_write(h, cell + CELL_HEAD, class_name, size);
    cell_put_u32(h, key, NK_CLASS, cell);
    cell_put_u16(h, key, NK_CLASS_LEN, (u16)size);
    if (!key_parent(h, key, &parent) && parent != HV_NIL)
        node_raise(h, parent, NK_MAX_CLASS, size);
    return old_size && old != HV_NIL ? cell_free(h, old) : h->error;
}

static u32 give_class(struct hview *h, u32 key, const struct key_new *what)
{
    u32 cell, err;

    if (!what->class_name || !what->class_size)
        return h->error;
    if ((err = cell_alloc(h, cell_storage(key), what->class_size, &cell)))
        return err;
    hv_write(h, cell + CELL_HEAD, what->class_name, what->class_size);
    cell_put_u32(h, key, NK_CLASS, cell);
    cell_put_u16(h, key, NK_CLASS_LEN, (u16)what->class_size);
    return h->error;
}

static u32 give_security(struct hview *h, u32 key, u32 parent, const struct key_new *what)
{
    u32 sk, err;

    if (what->sd)
        err = sk_take(h, cell_storage(key), what->sd, what->sd_size, &sk);
    else
        err = sk_take_same(h, cell_storage(key), cell_u32(h, parent, NK_SK), &sk);
    if (err)
        return err;
    cell_put_u32(h, key, NK_SK, sk);
    return h->error;
}

u32 node_link(struct hview *h, u32 parent, const struct fold_name *f, const struct index_spot *spot,
              u32 key)
{
    enum hv_storage st = cell_storage(key);
    u32 list = node_list(h, parent, st), had = list, err;

    if ((err = index_insert(h, st, &list, f, spot, key)))
        return err;
    if (list != had)
        cell_put_u32(h, parent, NK_LIST + 4 * st, list);
    cell_put_u32(h, parent, NK_COUNT + 4 * st, cell_u32(h, parent, NK_COUNT + 4 * st) + 1);
    node_raise(h, parent, NK_MAX_NAME, f->len * 2);
    node_raise(h, parent, NK_MAX_CLASS, cell_u16(h, key, NK_CLASS_LEN));
    node_touch(h, parent);
    gen_renew(h, gen_at(HM_LIST_GEN, parent));
    return h->error;
}

u32 node_unlink(struct hview *h, u32 parent, const struct fold_name *f, u32 key)
{
    enum hv_storage st = cell_storage(key);
    u32 list = node_list(h, parent, st), had = list, err;

    if ((err = index_remove(h, &list, f, key)))
        return err;
    if (list != had)
        cell_put_u32(h, parent, NK_LIST + 4 * st, list);
    cell_put_u32(h, parent, NK_COUNT + 4 * st, cell_u32(h, parent, NK_COUNT + 4 * st) - 1);
    if (!cell_u32(h, parent, NK_COUNT) && !cell_u32(h, parent, NK_COUNT + 4)) {
        cell_put_u16(h, parent, NK_MAX_NAME, 0);
        cell_put_u32(h, parent, NK_MAX_CLASS, 0);
    }
    node_touch(h, parent);
    gen_renew(h, gen_at(HM_LIST_GEN, parent));
    return h->error;
}

u32 node_make_root(struct hview *h, const struct key_new *what, u32 *root)
{
    u32 err = make_node(h, HV_STABLE_STORE, HV_NIL, what, root);

    if (err || (err = give_class(h, *root, what)) || (err = give_security(h, *root, HV_NIL, what)))
        return err;
    cell_put_u16(h, *root, NK_FLAGS,
                 (u16)(cell_u16(h, *root, NK_FLAGS) | KEYF_HIVE_ENTRY | KEYF_NO_DELETE));
    return h->error;
}

u32 key_create(struct hview *h, u32 parent, const struct key_new *what, u32 *child)
{
    enum hv_storage st = what->is_volatile ? HV_VOLATILE_STORE : HV_STABLE_STORE;
    struct index_spot there, *spot = index_ordered(h) ? &there : NULL;
    struct fold_name f;
    u32 key, err = write_ok(h);

    if (err)
        return err;
    if (!(what->any_name ? fold_any : fold_make)(&f, what->name, what->name_len))
        return ERROR_INVALID_PARAMETER;
    err = spot ? node_seek(h, parent, st, &f, child, spot) : node_find(h, parent, &f, child);
    if (err != ERROR_FILE_NOT_FOUND)
        return err ? err : ERROR_ALREADY_EXISTS;
    if ((err = may_create(h, parent, what)) || (err = make_node(h, st, parent, what, &key)) ||
        (err = give_class(h, key, what)) || (err = give_security(h, key, parent, what)) ||
        (err = node_link(h, parent, &f, spot, key)))
        return err;
    meta_bump(h, HM_KEYS);
    watch_changed(h, parent, WATCH_NAME);
    hcache_put(h->cache, parent, f.hash, key);
    *child = key;
    return h->error;
}

u32 key_set_time(struct hview *h, u32 key, u64 last_write)
{
    u32 err = write_ok(h);

    if (err)
        return err;
    hv_put_u64(h, key + CELL_HEAD + NK_TIME, last_write);
    return h->error;
}

u32 key_set_flags(struct hview *h, u32 key, u32 set, u32 clear)
{
    u32 err = write_ok(h);

    if (err)
        return err;
    cell_put_u16(h, key, NK_FLAGS, (u16)((cell_u16(h, key, NK_FLAGS) & ~clear) | set));
    node_touch(h, key);
    watch_changed(h, key, WATCH_ATTRIBUTES);
    return h->error;
}

u32 key_set_security(struct hview *h, u32 key, const void *sd, u32 size)
{
    u32 old = cell_u32(h, key, NK_SK), sk, err = write_ok(h);

    if (err)
        return err;
    if ((err = sk_take(h, cell_storage(key), sd, size, &sk)))
        return err;
    cell_put_u32(h, key, NK_SK, sk);
    if (old != HV_NIL && (err = sk_drop(h, old)))
        return err;
    node_touch(h, key);
    gen_renew(h, HM_STRUCT_GEN);
    watch_changed(h, key, WATCH_ATTRIBUTES | WATCH_SECURITY);
    return h->error;
}
