/*
 * Walking a compound file in the order of its signature; stg_digest.h says what is visited.
 */
#include "stg_digest.h"

#include <string.h>

#include "stg_root.h"
#include "utf16.h"

enum { MAX_DEPTH = 64, PIECE = 64 * 1024 };

struct walk {
    struct cfb *c;
    stg_digest_add add;
    void *ctx;
    u8 *piece;
    u32 depth;
};

/* By the bytes of the names as they are stored, and then by their length. */
static int name_order(const struct cfb_node *a, const struct cfb_node *b)
{
    u32 n = MIN(a->name_len, b->name_len);

    for (u32 i = 0; i < n; i++) {
        u32 x = (u32)(a->name[i] & 0xff) << 8 | a->name[i] >> 8;
        u32 y = (u32)(b->name[i] & 0xff) << 8 | b->name[i] >> 8;

        if (x != y)
            return x < y ? -1 : 1;
    }
    return (int)a->name_len - (int)b->name_len;
}

/* Heap sort, since names may be chosen to make another one slow. */
static void sift(const struct cfb_tree *t, u32 *ids, u32 at, u32 count)
{
    for (u32 child; (child = 2 * at + 1) < count; at = child) {
        u32 id = ids[at];

        if (child + 1 < count && name_order(&t->nodes[ids[child]], &t->nodes[ids[child + 1]]) < 0)
            child++;
        if (name_order(&t->nodes[id], &t->nodes[ids[child]]) >= 0)
            return;
        ids[at] = ids[child];
        ids[child] = id;
    }
}

static u32 children(const struct cfb_tree *t, u32 parent, u32 **ids, u32 *count)
{
    u32 err = cfb_sorted_children(t, parent, ids, count);

    for (u32 i = err ? 0 : *count / 2; i--;)
        sift(t, *ids, i, *count);
    for (u32 n = err ? 0 : *count; n-- > 1;) {
        u32 last = (*ids)[n];

        (*ids)[n] = (*ids)[0];
        (*ids)[0] = last;
        sift(t, *ids, 0, n);
    }
    return err;
}

/* The streams of the signature. */
static bool is_signature(const struct cfb_node *n)
{
    return !n->parent && (u16_is(n->name, n->name_len, "\005DigitalSignature") ||
                          u16_is(n->name, n->name_len, "\005MsiDigitalSignatureEx"));
}

static u32 add_le(struct walk *w, u64 value, u32 bytes)
{
    u8 le[8];

    for (u32 i = 0; i < bytes; i++)
        le[i] = (u8)(value >> 8 * i);
    return w->add(w->ctx, le, bytes);
}

/* Calls `each` for what is in the storage, without the signature. */
static u32 for_children(struct walk *w, u32 parent, u32 (*each)(struct walk *, u32 node))
{
    u32 *ids, count, err;

    if (w->depth == MAX_DEPTH)
        return ERROR_FILE_CORRUPT;
    err = children(&w->c->tree, parent, &ids, &count);
    if (err)
        return err;
    w->depth++;
    for (u32 i = 0; !err && i < count; i++)
        if (!is_signature(&w->c->tree.nodes[ids[i]]))
            err = each(w, ids[i]);
    w->depth--;
    os_free(ids);
    return err;
}

/* --- contents -----------------------------------------------------------------------------------
 */

static u32 stream_bytes(struct walk *w, u32 node)
{
    struct cfb_content *k;
    u32 err = cfb_content_of(w->c, node, &k);

    for (u64 off = 0; !err && off < k->size;) {
        u32 part = (u32)MIN(k->size - off, PIECE);

        err = cfb_content_read(w->c, k, off, w->piece, part);
        if (!err)
            err = w->add(w->ctx, w->piece, part);
        off += part;
    }
    return err;
}

static u32 contents(struct walk *w, u32 node)
{
    u32 err;

    if (w->c->tree.nodes[node].type == CFB_STREAM)
        return stream_bytes(w, node);
    err = for_children(w, node, contents);
    return err ? err : w->add(w->ctx, w->c->tree.nodes[node].clsid, 16);
}

/* --- entries ------------------------------------------------------------------------------------
 */

static u32 entry(struct walk *w, u32 node)
{
    const struct cfb_node *n = &w->c->tree.nodes[node];
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && node && i < n->name_len; i++)
        err = add_le(w, n->name[i], 2);
    if (!err)
        err = n->type == CFB_STREAM ? add_le(w, n->content ? n->content->size : n->size, 4)
                                    : w->add(w->ctx, n->clsid, 16);
    if (!err)
        err = add_le(w, n->state, 4);
    if (!err && node)
        err = add_le(w, n->created, 8);
    if (!err && node)
        err = add_le(w, n->modified, 8);
    return err || n->type == CFB_STREAM ? err : for_children(w, node, entry);
}

static u32 walk_root(struct stg *root, stg_digest_add add, void *ctx,
                     u32 (*start)(struct walk *, u32 node))
{
    struct walk w = {.c = root->c, .add = add, .ctx = ctx, .piece = os_alloc(PIECE)};
    u32 err = w.piece ? stg_enter(root) : ERROR_OUTOFMEMORY;

    if (!err) {
        err = start(&w, 0);
        stg_leave(root);
    }
    os_free(w.piece);
    return err;
}

u32 stg_digest_contents(struct stg *root, stg_digest_add add, void *ctx)
{
    return walk_root(root, add, ctx, contents);
}

u32 stg_digest_entries(struct stg *root, stg_digest_add add, void *ctx)
{
    return walk_root(root, add, ctx, entry);
}
