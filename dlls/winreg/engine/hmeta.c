/*
 * Making the meta storage (hmeta.h): once for each image, before anybody else sees it.
 *
 * All bins and cells are walked, then all keys. What is found wrong makes the hive read-only, so
 * that nothing is ever written into a damaged hive; reading goes on as far as it gets. Counts and
 * lists of volatile subkeys that came with the file are cleared, as Windows does on loading.
 */
#include <string.h>

#include "index.h"
#include "os.h"
#include "sk.h"

/* Revision 1, DACL present, self-relative; owner and group Administrators; one entry that allows
 * KEY_ALL_ACCESS to Everyone, inherited by subkeys. */
static const u8 open_descriptor[] = {
    1, 0, 0x04, 0x80, 20, 0, 0, 0, 36, 0, 0,  0, 0,    0, 0,    0, 52, 0, 0, 0, /* header */
    1, 2, 0,    0,    0,  0, 0, 5, 32, 0, 0,  0, 0x20, 2, 0,    0,              /* S-1-5-32-544 */
    1, 2, 0,    0,    0,  0, 0, 5, 32, 0, 0,  0, 0x20, 2, 0,    0,              /* S-1-5-32-544 */
    2, 0, 28,   0,    1,  0, 0, 0, 0,  2, 20, 0, 0x3f, 0, 0x0f, 0, 1,  1, 0, 0,
    0, 0, 0,    1, /* ACL, ACE */
    0, 0, 0,    0,
};

static void clear(struct hview *h, u32 root, u32 minor)
{
    u32 id;

    hv_fill(h, HV_META, 0, HM_SHARED - HV_META);
    hv_fill(h, HM_WATCH, 0, HV_META_SIZE - (HM_WATCH - HV_META));
    hv_put_u32(h, HM_MAGIC, HMETA_MAGIC);
    hv_put_u32(h, HM_VERSION, HMETA_VERSION);
    hv_put_u32(h, HM_ROOT, root);
    hv_put_u32(h, HM_MINOR, minor);
    hv_put_u32(h, HM_VOL_SK, HV_NIL);
    hv_put_u32(h, HM_BINMAP, HV_NIL);
    os_random(&id, sizeof(id));
    hv_put_u32(h, HM_NEXT_ID, id | 1);
    hv_fill(h, HM_FREE_HEADS, 0xff, 1024);
}

static void flag(struct hview *h, u32 flags)
{
    hv_put_u32(h, HM_FLAGS, hv_u32(h, HM_FLAGS) | flags);
}

/* Puts the free cells of a bin into lists. False where a cell makes no sense. */
static bool scan_cells(struct hview *h, u32 at, u32 end)
{
    while (at < end) {
        u32 word = hv_u32(h, at), size = word < 0x80000000u ? word : 0u - word;
        if (!size || (size & 7) || size > end - at)
            return false;
        if (word < 0x80000000u)
            cell_link_free(h, at, size);
        at += size;
    }
    return true;
}

static u32 scan_bins(struct hview *h)
{
    u32 size, err;

    for (u32 off = 0; off < h->size[HV_STABLE_STORE]; off += size) {
        if (!bin_valid(h, off, &size)) {
            flag(h, HMETA_READ_ONLY);
            break;
        }
        if ((err = bin_note(h, off)))
            return err;
        if (!scan_cells(h, off + BIN_HEAD, off + size))
            flag(h, HMETA_READ_ONLY);
    }
    return h->error;
}

/* --- the keys ------------------------------------------------------------------------------------
 */

struct level {
    u32 key, next, count;
    struct key_pos pos;
    struct fold_name last; /* the child before, for the order */
};

struct walk {
    struct level *stack;
    u32 depth;
    u32 keys, limit;
};

static bool enter(struct hview *h, struct walk *w, u32 key)
{
    struct level *l = &w->stack[w->depth];

    if (++w->keys > w->limit)
        return false;
    if (cell_u32(h, key, NK_COUNT + 4)) {
        cell_put_u32(h, key, NK_COUNT + 4, 0);
        cell_put_u32(h, key, NK_LIST + 4, HV_NIL);
    }
    l->key = key;
    l->next = 0;
    l->count = cell_u32(h, key, NK_COUNT);
    l->pos = (struct key_pos){0};
    l->last.len = 0;
    return index_count(h, node_list(h, key, HV_STABLE_STORE)) == l->count;
}

/* Whether an lh leaf has for the entry at pos the hash of its name. */
static bool hash_fits(struct hview *h, const struct key_pos *pos, u32 index,
                      const struct fold_name *f)
{
    struct leaf l;

    if (!leaf_open(h, pos->leaf, &l) || l.sig != SIG_LH)
        return true;
    return hv_u32(h, leaf_entry(&l, index - pos->first) + 4) == f->hash;
}

static bool next_child(struct hview *h, struct level *l, u32 *child)
{
    u32 list = node_list(h, l->key, HV_STABLE_STORE);
    struct fold_name f;

    *child = index_at(h, list, l->next, &l->pos);
    if (!node_is(h, *child) || cell_u32(h, *child, NK_PARENT) != l->key ||
        !node_fold(h, *child, &f))
        return false;
    if (l->last.len && node_compare(h, &l->last, *child) >= 0)
        flag(h, HMETA_UNSORTED);
    if (!hash_fits(h, &l->pos, l->next, &f))
        flag(h, HMETA_UNSORTED);
    l->last = f;
    l->next++;
    return true;
}

/* False where any key is damaged: what comes behind it is not looked at. */
static bool walk_keys(struct hview *h, struct walk *w, u32 root)
{
    bool sound = enter(h, w, root);

    for (;;) {
        struct level *l = &w->stack[w->depth];
        u32 child;
        if (!sound || h->error)
            return false;
        if (l->next == l->count) {
            if (!w->depth--)
                return true;
            continue;
        }
        sound = next_child(h, l, &child) && ++w->depth <= KEY_DEPTH_MAX && enter(h, w, child);
    }
}

static u32 scan_keys(struct hview *h, u32 root)
{
    /* A key takes a cell of 80 bytes at least. */
    struct walk w = {.limit = h->size[HV_STABLE_STORE] / 80 + 1};

    w.stack = os_alloc((KEY_DEPTH_MAX + 2) * sizeof(*w.stack));
    if (!w.stack)
        return hv_fail(h, ERROR_OUTOFMEMORY);
    if (!walk_keys(h, &w, root)) {
        if (h->error == ERROR_REGISTRY_CORRUPT)
            h->error = ERROR_SUCCESS;
        flag(h, HMETA_READ_ONLY);
    }
    os_free(w.stack);
    hv_put_u32(h, HM_KEYS, w.keys);
    return h->error;
}

u32 hmeta_build(struct hview *h, u32 root, u32 minor)
{
    u32 err;

    clear(h, root, minor);
    if (h->error || !node_is(h, root))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = scan_bins(h)))
        return err;
    return scan_keys(h, root);
}

u32 hmeta_create(struct hview *h, const char16_t *root_name, size_t name_len, const void *sd,
                 u32 sd_size, u32 *root)
{
    struct key_new what = {.name = root_name, .name_len = (u32)name_len};
    u32 key, err;

    clear(h, HV_NIL, LH_MINOR);
    if (!name_len || name_len > KEY_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    what.sd = sd ? sd : open_descriptor;
    what.sd_size = sd ? sd_size : (u32)sizeof(open_descriptor);
    if ((err = node_make_root(h, &what, &key)))
        return err;
    hv_put_u32(h, HM_ROOT, key);
    hv_put_u32(h, HM_KEYS, 1);
    *root = key;
    return h->error;
}
