/*
 * Deleting and renaming keys (key.h).
 *
 * A deleted node loses its signature and its number, so that a handle or a hint that still has its
 * cell sees that it is gone even while the bytes lie in a free cell.
 */
#include "index.h"
#include "os.h"
#include "sk.h"
#include "value.h"
#include "watch.h"

#define MOVE_ENTRY 12u

static void wipe(struct hview *h, u32 key)
{
    cell_put_u32(h, key, 0, 0);
    cell_put_u32(h, key, NK_WORK, 0);
}

/* Frees a node with its values, class and security; its subkeys are gone already. */
static u32 free_node(struct hview *h, u32 key)
{
    u32 sk = cell_u32(h, key, NK_SK), class_cell = cell_u32(h, key, NK_CLASS), err;

    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = val_free_all(h, key)))
        return err;
    if (class_cell != HV_NIL && cell_u16(h, key, NK_CLASS_LEN) && (err = cell_free(h, class_cell)))
        return err;
    if (sk != HV_NIL && (err = sk_drop(h, sk)))
        return err;
    watch_deleted(h, key);
    wipe(h, key);
    hv_put_u32(h, HM_KEYS, hv_u32(h, HM_KEYS) - 1);
    return cell_free(h, key);
}

static u32 may_delete(struct hview *h, u32 key)
{
    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if (key == hv_u32(h, HM_ROOT) || (cell_u16(h, key, NK_FLAGS) & KEYF_NO_DELETE))
        return ERROR_ACCESS_DENIED;
    return h->error;
}

/* Takes the key out of its parent's list and frees it. */
static u32 remove_key(struct hview *h, u32 key)
{
    struct fold_name f;
    u32 parent, err;

    if ((err = key_parent(h, key, &parent)))
        return err;
    if (!node_fold(h, key, &f))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = node_unlink(h, parent, &f, key)) || (err = free_node(h, key)))
        return err;
    gen_renew(h, HM_STRUCT_GEN);
    watch_changed(h, parent, WATCH_NAME);
    return h->error;
}

u32 key_delete(struct hview *h, u32 key)
{
    u32 err = write_ok(h);

    if (err || (err = may_delete(h, key)))
        return err;
    if (cell_u32(h, key, NK_COUNT) || cell_u32(h, key, NK_COUNT + 4))
        return ERROR_KEY_HAS_CHILDREN;
    return remove_key(h, key);
}

/* --- trees
 * ----------------------------------------------------------------------------------------
 *
 * Below the top, nothing is taken out of lists: a list goes as a whole when the keys in it are
 * gone. So deleting n keys costs n frees, in whatever order.
 */

struct level {
    u32 key;
    u32 next; /* the child to go into, of the stable list and then the volatile one */
    u32 stable, all;
    struct key_pos pos;
};

static u32 enter(struct hview *h, struct level *l, u32 key)
{
    if (!node_is(h, key))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    *l = (struct level){.key = key};
    l->stable = cell_u32(h, key, NK_COUNT);
    l->all = l->stable + cell_u32(h, key, NK_COUNT + 4);
    return h->error;
}

static u32 next_child(struct hview *h, struct level *l, u32 *child)
{
    enum hv_storage st = l->next < l->stable ? HV_STABLE_STORE : HV_VOLATILE_STORE;
    u32 index = st == HV_STABLE_STORE ? l->next : l->next - l->stable;

    if (l->next == l->stable)
        l->pos = (struct key_pos){0};
    l->next++;
    *child = index_at(h, node_list(h, l->key, st), index, &l->pos);
    if (*child == HV_NIL || !node_is(h, *child) || cell_u32(h, *child, NK_PARENT) != l->key)
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    return cell_u16(h, *child, NK_FLAGS) & KEYF_NO_DELETE ? ERROR_ACCESS_DENIED : h->error;
}

static u32 free_lists(struct hview *h, u32 key)
{
    u32 err = index_free(h, node_list(h, key, HV_STABLE_STORE));

    if (!err)
        err = index_free(h, node_list(h, key, HV_VOLATILE_STORE));
    for (u32 st = 0; st < 2; st++) {
        cell_put_u32(h, key, NK_COUNT + 4 * st, 0);
        cell_put_u32(h, key, NK_LIST + 4 * st, HV_NIL);
    }
    return err;
}

/* Frees everything below key. */
static u32 free_below(struct hview *h, u32 key, struct level *stack)
{
    u32 depth = 0, child, err = enter(h, &stack[0], key);

    while (!err) {
        struct level *l = &stack[depth];
        if (l->next < l->all) {
            if ((err = next_child(h, l, &child)))
                break;
            if (depth == KEY_DEPTH_MAX)
                return hv_fail(h, ERROR_REGISTRY_CORRUPT);
            err = enter(h, &stack[++depth], child);
            continue;
        }
        if ((err = free_lists(h, l->key)) || !depth)
            break;
        err = free_node(h, l->key);
        depth--;
    }
    return err;
}

u32 key_delete_tree(struct hview *h, u32 key, bool keep)
{
    u32 err = write_ok(h);
    struct level *stack;

    if (err || (!keep && (err = may_delete(h, key))))
        return err;
    if (!(stack = os_alloc((KEY_DEPTH_MAX + 1) * sizeof(*stack))))
        return hv_fail(h, ERROR_OUTOFMEMORY);
    if (!(err = cell_late_begin(h))) {
        u32 end;
        err = free_below(h, key, stack);
        end = cell_late_end(h);
        err = err ? err : end;
    }
    os_free(stack);
    if (err) /* half of it is gone: this write must not be committed */
        return hv_fail(h, err);
    if (!keep)
        return remove_key(h, key);
    cell_put_u16(h, key, NK_MAX_NAME, 0);
    cell_put_u32(h, key, NK_MAX_CLASS, 0);
    node_touch(h, key);
    gen_renew(h, gen_at(HM_LIST_GEN, key));
    gen_renew(h, HM_STRUCT_GEN);
    watch_changed(h, key, WATCH_NAME);
    return h->error;
}

/* --- renaming
 * ------------------------------------------------------------------------------------- */

static void note_move(struct hview *h, u32 from, u32 id, u32 to)
{
    u32 moves = hv_u32(h, HM_MOVES);
    u32 at = HM_MOVE_RING + moves % HM_MOVE_SLOTS * MOVE_ENTRY;

    hv_put_u32(h, at, from);
    hv_put_u32(h, at + 4, id);
    hv_put_u32(h, at + 8, to);
    hv_put_u32(h, HM_MOVES, moves + 1);
    watch_moved(h, from, to);
}

static u32 tell_children(struct hview *h, u32 key, u32 to)
{
    for (u32 st = 0; st < 2; st++) {
        u32 list = node_list(h, key, st), count = cell_u32(h, key, NK_COUNT + 4 * st);
        struct key_pos pos = {0};
        for (u32 i = 0; i < count && list != HV_NIL; i++) {
            u32 child = index_at(h, list, i, &pos);
            if (!node_is(h, child))
                return hv_fail(h, ERROR_REGISTRY_CORRUPT);
            cell_put_u32(h, child, NK_PARENT, to);
        }
    }
    return h->error;
}

/* A node with room for the longer name; the number stays, so that handles find it. */
static u32 move_node(struct hview *h, u32 *key, u32 name_bytes)
{
    u8 record[NK_NAME];
    u32 to, err;

    if ((err = cell_alloc(h, cell_storage(*key), NK_NAME + name_bytes, &to)))
        return err;
    hv_copy(h, *key + CELL_HEAD, record, NK_NAME);
    hv_write(h, to + CELL_HEAD, record, NK_NAME);
    if ((err = tell_children(h, *key, to)))
        return err;
    note_move(h, *key, cell_u32(h, *key, NK_WORK), to);
    /* what is remembered of the cell's last key is not this one's */
    gen_renew(h, gen_at(HM_LIST_GEN, to));
    gen_renew(h, gen_at(HM_VALUE_GEN, to));
    wipe(h, *key);
    if ((err = cell_free(h, *key)))
        return err;
    *key = to;
    return h->error;
}

static u32 put_name(struct hview *h, u32 *key, const char16_t *name, u32 len)
{
    bool compressed = name_is_latin1(name, len);
    u32 bytes = compressed ? len : len * 2, flags, err;

    if (cell_room(h, *key) < NK_NAME + bytes && (err = move_node(h, key, bytes)))
        return err;
    flags = cell_u16(h, *key, NK_FLAGS) & ~(u32)KEYF_COMP_NAME;
    cell_put_u16(h, *key, NK_FLAGS, (u16)(flags | (compressed ? KEYF_COMP_NAME : 0u)));
    cell_put_u16(h, *key, NK_NAME_LEN, (u16)bytes);
    name_put(h, *key + CELL_HEAD + NK_NAME, compressed, name, len);
    return h->error;
}

/* Whether another child of the parent has the new name. */
static u32 name_is_free(struct hview *h, u32 parent, const struct fold_name *f, u32 key)
{
    u32 other, err = node_find(h, parent, f, &other);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    return other == key ? ERROR_SUCCESS : ERROR_ALREADY_EXISTS;
}

u32 key_rename(struct hview *h, u32 key, const char16_t *name, u32 len, u32 *new_cell)
{
    struct fold_name from, to;
    u32 parent, err = write_ok(h);

    if (err)
        return err;
    if (!fold_make(&to, name, len))
        return ERROR_INVALID_PARAMETER;
    if (key == hv_u32(h, HM_ROOT))
        return ERROR_ACCESS_DENIED;
    if ((err = key_parent(h, key, &parent)) || (err = name_is_free(h, parent, &to, key)))
        return err;
    if (!node_fold(h, key, &from))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = node_unlink(h, parent, &from, key)) || (err = put_name(h, &key, name, len)) ||
        (err = node_link(h, parent, &to, NULL, key)))
        return err;
    node_touch(h, key);
    gen_renew(h, HM_STRUCT_GEN);
    watch_changed(h, parent, WATCH_NAME);
    *new_cell = key;
    return h->error;
}

u32 key_name_root(struct hview *h, const char16_t *name, u32 len)
{
    u32 root = hv_u32(h, HM_ROOT), bytes = name_is_latin1(name, len) ? len : len * 2;
    u32 err = write_ok(h);

    if (err)
        return err;
    if (!len || len > KEY_NAME_MAX || cell_room(h, root) < NK_NAME + bytes)
        return ERROR_INVALID_PARAMETER;
    return put_name(h, &root, name, len);
}
