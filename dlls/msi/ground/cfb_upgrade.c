/*
 * From version 3 to version 4: sectors of 4096 bytes instead of 512, for files over 2 GB.
 *
 * Long streams stay where they are, known by sectors of the old size; the next commit copies them.
 * Small ones come to memory, because the mini stream is made anew. Until that commit all of the old
 * file counts as in use.
 */
#include "cfb.h"

static u32 to_memory(struct cfb *c, struct cfb_content *k)
{
    u8 *data = os_alloc(k->size);
    u32 err = data ? cfb_content_read(c, k, 0, data, (u32)k->size) : ERROR_OUTOFMEMORY;

    if (err) {
        os_free(data);
        return err;
    }
    cfb_runs_free(&k->runs);
    k->data = data;
    k->place = CFB_IN_MEMORY;
    return ERROR_SUCCESS;
}

/* Those of the tree and those that somebody has saved to put them back. */
static u32 detach_streams(struct cfb *c)
{
    struct cfb_content *k;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 1; i < c->tree.count && !err; i++)
        if (c->tree.nodes[i].type == CFB_STREAM)
            err = cfb_content_of(c, i, &k);
    for (k = c->contents; k && !err; k = k->next) {
        err = cfb_content_resolve(c, k);
        if (!err && k->place == CFB_IN_MINI)
            err = to_memory(c, k);
    }
    return err;
}

void cfb_drop_meta(struct cfb *c)
{
    for (u32 i = 0; c->fat_page && i < c->fat_pages; i++)
        os_free(c->fat_page[i]);
    os_free(c->fat_page);
    os_free(c->fat);
    os_free(c->fat_at);
    os_free(c->difat_at);
    os_free(c->minifat);
    os_free(c->mini_map);
    cfb_runs_free(&c->dir);
    cfb_runs_free(&c->minifat_runs);
    c->fat_page = NULL;
    c->fat = c->fat_at = c->difat_at = c->minifat = c->mini_map = NULL;
    c->fat_pages = c->fat_len = c->difat_count = c->minifat_len = c->mini_blocks = 0;
    c->mini_size = 0;
}

u32 cfb_upgrade(struct cfb *c)
{
    u64 end = MAX(c->size, cfb_offset(c, cfb_space_end(c)));
    u32 err = detach_streams(c);

    if (err)
        return err;
    c->shift = CFB_SHIFT_V4;
    err = cfb_space_fill(c, end);
    if (err) {
        c->shift = CFB_SHIFT_V3;
        return err;
    }
    cfb_drop_meta(c);
    c->mini_loaded = true;
    c->has_header = false;
    c->upgraded = true;
    c->changed = true;
    return ERROR_SUCCESS;
}
