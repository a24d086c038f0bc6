/*
 * A commit: write all that is new beside what the file's header reaches, make that durable, then
 * write the header, 512 bytes in one write. Before it the file has the old state, after it the new
 * one, and nothing that either needs is touched in between. Only then sectors are given free.
 */
#include <string.h>

#include "cfb_plan.h"

enum { COMPACT_MIN = 128 * 1024 };

/* --- beginning and giving up
 * ---------------------------------------------------------------------- */

static u32 save_busy(struct cfb_plan *p)
{
    size_t n = (size_t)p->c->busy_words * sizeof(*p->c->busy);

    p->saved_busy = os_alloc(n);
    if (!p->saved_busy)
        return ERROR_OUTOFMEMORY;
    p->saved_words = p->c->busy_words;
    memcpy(p->saved_busy, p->c->busy, n);
    return ERROR_SUCCESS;
}

static u32 collect_live(struct cfb_plan *p)
{
    struct cfb_tree *t = &p->c->tree;

    p->live = os_alloc_array(t->count, sizeof(*p->live));
    if (!p->live)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 1; i < t->count; i++) {
        struct cfb_content *k;
        u32 err;

        if (t->nodes[i].type != CFB_STREAM)
            continue;
        err = cfb_content_of(p->c, i, &k);
        if (!err)
            err = cfb_content_resolve(p->c, k);
        if (err)
            return err;
        p->live[p->live_count++] = k;
    }
    return ERROR_SUCCESS;
}

static void free_plan(struct cfb_plan *p)
{
    os_free(p->saved_busy);
    os_free(p->live);
    os_free(p->mini_map);
    os_free(p->minifat);
    cfb_runs_free(&p->minifat_runs);
    cfb_runs_free(&p->dir);
    os_free(p->fat);
    os_free(p->fat_at);
    os_free(p->difat_at);
}

static void give_up(struct cfb_plan *p)
{
    struct cfb *c = p->c;

    if (p->saved_busy) {
        memcpy(c->busy, p->saved_busy, (size_t)p->saved_words * sizeof(*c->busy));
        memset(c->busy + p->saved_words, 0,
               (size_t)(c->busy_words - p->saved_words) * sizeof(*c->busy));
    }
    for (u32 i = 0; i < p->live_count; i++) {
        cfb_runs_free(&p->live[i]->planned);
        p->live[i]->planned_mini = false;
    }
    free_plan(p);
}

/* --- the header
 * -------------------------------------------------------------------------------------- */

/* The old header again, after a write of the new one that may or may not have reached the disk. */
static u32 restore_header(struct cfb *c)
{
    u32 err = os_write_at(c->file, 0, c->header, CFB_HEADER_SIZE);

    if (!err)
        err = os_sync(c->file);
    c->doubtful = err != ERROR_SUCCESS;
    return err;
}

static u32 write_header(struct cfb_plan *p)
{
    struct cfb *c = p->c;
    u32 err = os_sync(c->file);

    if (err)
        return err;
    err = cfb_write(c, 0, p->header, CFB_HEADER_SIZE);
    if (!err)
        err = os_sync(c->file);
    if (err)
        restore_header(c);
    return err;
}

/* --- the new state
 * --------------------------------------------------------------------------------- */

static void take_content(struct cfb *c, struct cfb_content *k)
{
    if (!k->planned.count) {
        if (k->place == CFB_IN_MEMORY)
            k->place = CFB_IN_MINI; /* an empty stream */
        k->resolved = true;
        return;
    }
    k->place = k->planned_mini ? CFB_IN_MINI : CFB_IN_SECTORS;
    cfb_runs_free(&k->runs);
    k->runs = k->planned;
    k->resolved = true;
    k->shift = (u8)c->shift;
    k->seek_run = 0;
    k->seek_base = 0;
    memset(&k->planned, 0, sizeof(k->planned));
    k->planned_mini = false;
    os_free(k->data);
    k->data = NULL;
}

#define TAKE(field)          \
    do {                     \
        os_free(c->field);   \
        c->field = p->field; \
        p->field = NULL;     \
    } while (0)

static void take_state(struct cfb_plan *p)
{
    struct cfb *c = p->c;

    for (u32 i = 0; i < p->live_count; i++)
        take_content(c, p->live[i]);
    TAKE(mini_map);
    TAKE(minifat);
    TAKE(fat);
    TAKE(fat_at);
    TAKE(difat_at);
    c->mini_blocks = p->mini_blocks;
    c->mini_size = p->mini_size;
    c->mini_loaded = true;
    c->minifat_len = p->minifat_len;
    c->fat_len = p->fat_len;
    c->fat_pages = p->fat_pages;
    c->difat_count = p->difat_count;
    cfb_runs_free(&c->minifat_runs);
    c->minifat_runs = p->minifat_runs;
    memset(&p->minifat_runs, 0, sizeof(p->minifat_runs));
    cfb_runs_free(&c->dir);
    c->dir = p->dir;
    memset(&p->dir, 0, sizeof(p->dir));
    memcpy(c->header, p->header, CFB_HEADER_SIZE);
    c->has_header = true;
    c->upgraded = false;
    c->changed = false;
    c->made = false;
}

/* The rest of a version 4 header is zeros. The bytes may be those of a file that was replaced, or
 * of a stream that is open still: then they stay, and no reader minds. */
static void clear_header_rest(struct cfb *c)
{
    static const u8 zeros[(1 << CFB_SHIFT_V4) - CFB_HEADER_SIZE];

    for (struct cfb_content *k = c->contents; k; k = k->next)
        if (k->place == CFB_IN_SECTORS && k->shift != c->shift)
            return;
    cfb_write(c, CFB_HEADER_SIZE, zeros, sizeof(zeros));
}

/* Cuts what nothing uses any more off the end. The file is whole with or without it. */
static void cut_file(struct cfb *c)
{
    u64 end = cfb_offset(c, cfb_space_end(c));

    if (end < c->size && !os_resize(c->file, end)) {
        c->size = end;
        c->window_len = 0;
    }
    c->kept = c->size;
}

/* --- the commit
 * -------------------------------------------------------------------------------------- */

static u32 run_plan(struct cfb_plan *p)
{
    u32 err = save_busy(p);

    if (!err)
        err = p->c->has_header ? cfb_mini_load(p->c) : ERROR_SUCCESS;
    if (!err)
        err = collect_live(p);
    if (!err)
        err = cfb_plan_long(p);
    if (!err)
        err = cfb_plan_small(p);
    if (!err)
        err = cfb_plan_dir(p);
    if (!err)
        err = cfb_plan_fat(p);
    if (!err)
        err = write_header(p);
    return err;
}

static u32 commit_once(struct cfb *c, u32 limit)
{
    struct cfb_plan p = {.c = c, .limit = limit};
    bool first = !c->has_header;
    bool made = c->made;
    u32 err = c->doubtful ? restore_header(c) : ERROR_SUCCESS;

    if (!err)
        err = cfb_space_load(c);
    if (!err)
        err = run_plan(&p);
    if (err) {
        give_up(&p);
        return err;
    }
    take_state(&p);
    free_plan(&p);
    if (made)
        os_sync_folder(
            c->path); /* the file's name; where it fails the name is there all the same */
    if (first && c->shift == CFB_SHIFT_V4)
        clear_header_rest(c);
    cfb_space_rebuild(c);
    cut_file(c);
    return ERROR_SUCCESS;
}

/* Where most of the file is free, one more commit moves what lies behind into the holes, and the
 * rest is cut off. The copying costs less than what it frees. A file that was just made, or made
 * anew, is a product to be shipped: in it an eighth is too much. */
static bool is_worth_it(const struct cfb *c, bool first)
{
    u32 end = cfb_space_end(c);
    u32 spare = end - MIN(cfb_space_used(c), end);

    return (u64)spare << c->shift >= COMPACT_MIN && spare >= (first ? end / 8 : end / 2);
}

/* The holes that a pass makes are for the next one. Failure leaves the file as it was before. */
static void compact(struct cfb *c, bool first)
{
    for (u32 pass = 0; pass < 3 && is_worth_it(c, first); pass++) {
        u32 used = cfb_space_used(c);

        if (commit_once(c, used + used / 16))
            return;
    }
}

u32 cfb_commit(struct cfb *c)
{
    bool first = !c->has_header;
    u32 err;

    if (!c->file) {
        c->changed = false;
        return c->writable ? ERROR_SUCCESS : ERROR_WRITE_PROTECT;
    }
    if (!c->writable)
        return ERROR_WRITE_PROTECT;
    if (!c->changed && c->has_header && !c->doubtful)
        return ERROR_SUCCESS;
    err = commit_once(c, CFB_NONE);
    if (err == ERROR_FILE_TOO_LARGE && c->shift == CFB_SHIFT_V3) {
        err = cfb_upgrade(c);
        first = true;
        if (!err)
            err = commit_once(c, CFB_NONE);
    }
    if (!err)
        compact(c, first);
    return err;
}
