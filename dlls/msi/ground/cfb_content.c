/*
 * The bytes of one stream, wherever they are at the moment.
 */
#include <string.h>

#include "cfb.h"

u32 cfb_content_new(struct cfb *c, struct cfb_content **out)
{
    struct cfb_content *k = os_calloc(1, sizeof(*k));

    if (!k)
        return ERROR_OUTOFMEMORY;
    k->refs = 1;
    k->start = CFB_END;
    k->next = c->contents;
    if (k->next)
        k->next->prev = k;
    c->contents = k;
    *out = k;
    return ERROR_SUCCESS;
}

void cfb_content_drop(struct cfb *c, struct cfb_content *k)
{
    if (!k || --k->refs)
        return;
    if (k->place == CFB_IN_SECTORS && k->shift == c->shift)
        cfb_space_give(c, &k->runs);
    if (k->prev)
        k->prev->next = k->next;
    else
        c->contents = k->next;
    if (k->next)
        k->next->prev = k->prev;
    cfb_runs_free(&k->runs);
    os_free(k->data);
    os_free(k);
}

u32 cfb_content_of(struct cfb *c, u32 node, struct cfb_content **out)
{
    struct cfb_node *n = &c->tree.nodes[node];
    struct cfb_content *k;
    u32 err;

    if (n->content) {
        *out = n->content;
        return ERROR_SUCCESS;
    }
    err = cfb_content_new(c, &k);
    if (err)
        return err;
    k->place = n->size < CFB_CUTOFF ? CFB_IN_MINI : CFB_IN_SECTORS;
    k->start = n->start;
    k->shift = (u8)c->shift;
    k->size = n->size;
    n->content = k;
    *out = k;
    return ERROR_SUCCESS;
}

u32 cfb_content_resolve(struct cfb *c, struct cfb_content *k)
{
    u32 shift = k->place == CFB_IN_MINI ? CFB_MINI_SHIFT : c->shift;
    u64 count = (k->size + (1u << shift) - 1) >> shift;
    u32 err = ERROR_SUCCESS;

    if (k->resolved || (k->place != CFB_IN_MINI && k->place != CFB_IN_SECTORS))
        return ERROR_SUCCESS;
    if (count > CFB_MAX_SECTOR)
        return ERROR_FILE_CORRUPT;
    if (k->place == CFB_IN_MINI && count)
        err = cfb_mini_chain(c, k->start, (u32)count, &k->runs);
    else if (count)
        err = cfb_chain(c, k->start, (u32)count, &k->runs);
    k->resolved = !err;
    return err;
}

u32 cfb_content_prefix(struct cfb *c, const struct cfb_content *k, struct cfb_content *part)
{
    bool mini = k->place == CFB_IN_MINI;
    u32 shift = mini ? CFB_MINI_SHIFT : c->shift;
    u32 count = (u32)MIN((k->size + (1u << shift) - 1) >> shift, CFB_MAX_SECTOR);

    part->place = k->place;
    part->shift = k->shift;
    part->resolved = true;
    return mini ? cfb_mini_chain_prefix(c, k->start, count, &part->runs)
                : cfb_chain_prefix(c, k->start, count, &part->runs);
}

u32 cfb_content_start(const struct cfb_content *k)
{
    if (k->planned.count)
        return k->planned.at[0].start;
    return k->runs.count ? k->runs.at[0].start : CFB_END;
}

static u32 read_mini(struct cfb *c, const struct cfb_content *k, u64 off, u8 *buf, u32 n)
{
    u64 base = 0;

    for (u32 i = 0; i < k->runs.count && n; i++) {
        u64 len = (u64)k->runs.at[i].count << CFB_MINI_SHIFT;
        u32 part;
        u32 err;

        if (off < base + len) {
            u64 start = (u64)k->runs.at[i].start << CFB_MINI_SHIFT;

            part = (u32)MIN(base + len - off, n);
            err = cfb_mini_read(c, start + (off - base), buf, part);
            if (err)
                return err;
            off += part;
            buf += part;
            n -= part;
        }
        base += len;
    }
    return n ? ERROR_FILE_CORRUPT : ERROR_SUCCESS;
}

static u32 read_scratch(struct cfb *c, const struct cfb_content *k, u64 off, u8 *buf, u32 n)
{
    u32 got;
    u32 err = os_read_at(c->scratch, k->scratch + off, buf, n, &got);

    if (!err && got != n)
        err = ERROR_READ_FAULT;
    return err;
}

u32 cfb_content_read(struct cfb *c, struct cfb_content *k, u64 off, u8 *buf, u32 n)
{
    u32 err = cfb_content_resolve(c, k);

    if (err || !n)
        return err;
    switch (k->place) {
    case CFB_IN_MEMORY:
        memcpy(buf, k->data + off, n);
        return ERROR_SUCCESS;
    case CFB_IN_SECTORS:
        return cfb_read_runs(c, k->shift, &k->runs, &k->seek_run, &k->seek_base, off, buf, n);
    case CFB_IN_MINI:
        return read_mini(c, k, off, buf, n);
    default:
        return read_scratch(c, k, off, buf, n);
    }
}
