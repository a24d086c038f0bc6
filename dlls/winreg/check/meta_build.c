/*
 * Making the meta storage (meta.h): once for each image, before anybody else sees it.
 *
 * All bins and cells are walked, then all keys. Counts that can be derived are corrected. Whatever
 * else is found wrong makes the hive read-only, so that nothing is ever written into a damaged
 * hive; reading goes on as far as it gets. Counts and lists of volatile subkeys that came with the
 * file are cleared, as Windows does on loading.
 */
#include <string.h>

#include "check.h"
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
    hv_put_u32(h, HM_MAGIC, META_MAGIC);
    hv_put_u32(h, HM_VERSION, META_VERSION);
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
            flag(h, META_READ_ONLY);
            break;
        }
        if ((err = bin_note(h, off)))
            return err;
        if (!scan_cells(h, off + BIN_HEAD, off + size))
            flag(h, META_READ_ONLY);
    }
    return h->error;
}

/* --- the keys ------------------------------------------------------------------------------------
 */

struct level {
    u32 key, next, count;
    struct key_pos pos;
};

static void enter(struct hview *h, struct level *l, u32 key)
{
    if (cell_u32(h, key, NK_COUNT + 4) || cell_u32(h, key, NK_LIST + 4) != HV_NIL) {
        cell_put_u32(h, key, NK_COUNT + 4, 0);
        cell_put_u32(h, key, NK_LIST + 4, HV_NIL);
    }
    *l = (struct level){.key = key, .count = cell_u32(h, key, NK_COUNT)};
}

static bool next_child(struct hview *h, struct level *l, u32 *child)
{
    *child = index_at(h, node_list(h, l->key, HV_STABLE_STORE), l->next++, &l->pos);
    return node_is(h, *child) && cell_u32(h, *child, NK_PARENT) == l->key;
}

/* Clears what keys say of volatile subkeys. Ends at the first damaged key: the check after this
 * finds it too, and nobody will write here. */
static void walk_keys(struct hview *h, struct level *stack, u32 root)
{
    /* A key takes a cell of 80 bytes at least. */
    u32 depth = 0, keys = 0, limit = h->size[HV_STABLE_STORE] / 80 + 1, child;

    enter(h, &stack[0], root);
    while (!h->error && ++keys <= limit) {
        while (stack[depth].next >= stack[depth].count)
            if (!depth--)
                return;
        if (!next_child(h, &stack[depth], &child) || depth == KEY_DEPTH_MAX)
            return;
        enter(h, &stack[++depth], child);
    }
}

static bool judge(void *ctx, enum check_code code, u32 off)
{
    static const u32 flags[] = {0, META_MENDED, META_UNSORTED, META_READ_ONLY};

    UNUSED(off);
    *(u32 *)ctx |= flags[check_severity(code)];
    return true;
}

static u32 scan_keys(struct hview *h, u32 root, meta_mended mended, void *ctx)
{
    struct level *stack = os_alloc((KEY_DEPTH_MAX + 1) * sizeof(*stack));
    struct check_totals totals;
    u32 flags = 0, err;

    if (!stack)
        return hv_fail(h, ERROR_OUTOFMEMORY);
    walk_keys(h, stack, root);
    os_free(stack);
    if (h->error == ERROR_REGISTRY_CORRUPT) {
        h->error = ERROR_SUCCESS;
        flags = META_READ_ONLY;
    }
    if (h->error)
        return h->error;
    if ((err = check_hive(h, root, judge, &flags, &totals)))
        return hv_fail(h, err);
    if (!mended || (flags & META_READ_ONLY))
        flags &= ~META_MENDED;
    if ((flags & META_MENDED) && (err = check_mend(h, root, mended, ctx)))
        return hv_fail(h, err);
    flag(h, flags);
    hv_put_u32(h, HM_KEYS, totals.keys);
    return h->error;
}

u32 meta_room(u32 stable_size)
{
    /* The bin map, while it doubles, is there in all its sizes; and bins of whole pages. */
    return 0x10000 + ALIGN_UP(stable_size / REGF_BIN / 8, REGF_BIN) * 6;
}

u32 meta_build(struct hview *h, u32 root, u32 minor, meta_mended mended, void *ctx)
{
    u32 err;

    clear(h, root, minor);
    if (h->error || !node_is(h, root))
        return hv_fail(h, ERROR_REGISTRY_CORRUPT);
    if ((err = scan_bins(h)))
        return err;
    return scan_keys(h, root, mended, ctx);
}

u32 meta_create(struct hview *h, const char16_t *root_name, size_t name_len, const void *sd,
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
