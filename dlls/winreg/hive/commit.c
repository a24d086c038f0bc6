/*
 * A write becomes part of the hive.
 *
 * The steps of the thread that has the lock, and what a successor makes of it when it is killed
 * right after each:
 *
 *   1. real blocks for what grows, and for the log            nothing happened
 *   2. hive file marked dirty (hive_log.c)                        nothing happened
 *   3. the side entry                                         nothing happened
 *   4. pending says where both are                            nothing happened
 *   5. the entry, or a part of it                             it counts when it is whole: on to 6
 *   6. txn: it counts, in this image too                      redone from the log
 *   7. seq odd, image changed, sizes, seq even                redone from the log
 *   8. the log's end, done                                    done
 *
 * Step 5 alone makes the write count when every process is killed and the hive is built from its
 * logs; a successor that finds a whole entry therefore must let it count too. Every step after
 * it may be done again from its start. What can fail, for want of memory or disk, is over after 5;
 * a store into a mapping fails before 4, where the file system gives a written page a new block.
 * An entry is whole when its hashes are right, so it needs no order among its bytes. It is written
 * and not stored into a mapping: there each page that is new costs a fault, which takes longer than
 * all the rest, and its want of a block is a signal.
 *
 * The part of a write of several hives (commit_all.c) is written without its magic before 4, and
 * the magic is step 5. It counts without that from when the whole does: a successor asks joint.h,
 * and then does step 5 first.
 *
 * Side entry, for volatile and meta storage, and for sectors of stable storage in which nothing
 * changed but hv_put_aside()'s words, all of which live as long as the image and no longer: it
 * stands in the image, at IMAGE_SIDE, until the next write; one that is too long for that place
 * stands in the log behind the entry, where the next entry will overwrite it, and is none itself:
 *
 *   offset  size  what
 *   0          4  "side"
 *   4          4  number of pieces
 *   8        8*n  offset (as hive_view.h addresses) and size of each
 *   ...           the pieces one after another
 */
#include <string.h>

#include "hive_impl.h"
#include "hive_log.h"
#include "joint.h"

#define ENTRY_KEPT 0x10000u

/* Joined with the last one, where they touch and both are of the same entry: `first` is the number
 * of its first. */
static u32 add_run(struct hive *h, u32 first, u32 off, u32 len, const u8 *bytes)
{
    struct commit_run *last = h->run_count > first ? &h->runs[h->run_count - 1] : NULL;

    if (last && last->off + last->len == off && last->bytes + last->len == bytes) {
        last->len += len;
        return ERROR_SUCCESS;
    }
    if (h->run_count == h->run_cap) {
        u32 cap = h->run_cap ? h->run_cap * 2 : 32;
        struct commit_run *runs = os_realloc(h->runs, cap * sizeof(*runs));

        if (!runs)
            return ERROR_OUTOFMEMORY;
        h->runs = runs;
        h->run_cap = cap;
    }
    h->runs[h->run_count++] = (struct commit_run){off, len, bytes};
    return ERROR_SUCCESS;
}

/* By words: the system's memcmp may go byte by byte. */
static bool same_sector(const u8 *a, const u8 *b)
{
    u64 x, y, differ = 0;

    for (u32 i = 0; i < OV_SECTOR && !differ; i += 32)
        for (u32 k = i; k < i + 32; k += 8) {
            memcpy(&x, a + k, 8);
            memcpy(&y, b + k, 8);
            differ |= x ^ y;
        }
    return !differ;
}

/* Of stable storage only the sectors that differ from the image, or from what the log makes of it,
 * are worth writing down. */
static u32 add_changed(struct hive *h, u32 first, const u8 *image, const struct overlay_run *run)
{
    u32 err = ERROR_SUCCESS, have = h->ctl->size[HV_STABLE_STORE];

    for (u32 i = 0; i < run->len && !err; i += OV_SECTOR) {
        u32 off = run->off + i;

        if (off >= have || (run->sure >> i / OV_SECTOR & 1) ||
            !same_sector(image + off, run->bytes + i))
            err = add_run(h, first, off, OV_SECTOR, run->bytes + i);
    }
    return err;
}

/* The runs of the entry (`logged`), or those of the side entry. */
static u32 collect_some(struct hive *h, const u8 *image, bool logged)
{
    struct overlay_run run;
    u32 first = h->run_count, cursor = 0, err = ERROR_SUCCESS;

    while (!err && overlay_next(h->overlay, &cursor, &run)) {
        if (run.off >= HV_VOLATILE && logged)
            break;
        if (run.off >= HV_VOLATILE)
            err = add_run(h, first, run.off, run.len, run.bytes);
        else if (run.logged == logged)
            err = add_changed(h, first, image, &run);
    }
    return err;
}

/* The runs in order: those of the entry first, *stable of them. */
static u32 collect(struct hive *h, const u8 *image, u32 *stable)
{
    u32 err = overlay_sort(h->overlay);

    h->run_count = *stable = 0;
    if (!err)
        err = collect_some(h, image, true);
    *stable = h->run_count;
    return err ? err : collect_some(h, image, false);
}

static u64 run_bytes(const struct commit_run *runs, u32 count)
{
    u64 bytes = 0;

    for (u32 i = 0; i < count; i++)
        bytes += runs[i].len;
    return bytes;
}

/* The refs of the runs and then their bytes, from `to` on; returns the end. */
static u8 *put_runs(u8 *to, const struct commit_run *runs, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        struct log_ref ref = {runs[i].off, runs[i].len};

        memcpy(to, &ref, sizeof(ref));
        to += sizeof(ref);
    }
    for (u32 i = 0; i < count; i++) {
        memcpy(to, runs[i].bytes, runs[i].len);
        to += runs[i].len;
    }
    return to;
}

static void put_side(u8 *to, const struct commit_run *runs, u32 count)
{
    u32 head[2] = {SIDE_MAGIC, count};

    memcpy(to, head, sizeof(head));
    put_runs(to + sizeof(head), runs, count);
}

/* A file that somebody made shorter is not made longer again: who has not yet looked at what is
 * gone would find zeros there, and not be told. */
u32 commit_find_cut(struct hive *h, const struct region *r, u32 alloc)
{
    u64 have = 0;
    u32 err = os_size(r->file, &have);

    if (!err && have < r->off + alloc)
        __atomic_store_n(&h->lost, true, __ATOMIC_SEQ_CST);
    return !err && hive_lost(h) ? (u32)ERROR_REGISTRY_IO_FAILED : err;
}

u32 commit_reserve(struct hive *h, u32 storage, u32 size)
{
    struct region *r = storage == HV_STABLE_STORE ? &h->stable : &h->vol;
    u32 *alloc = &h->ctl->alloc[storage], step = storage == HV_STABLE_STORE ? 0x40000 : 0x10000;
    u32 want = (u32)MIN((u64)size + step, 0x7fff0000u), had = *alloc, err;

    err = h->shared ? commit_find_cut(h, r, had) : ERROR_SUCCESS;
    if (err)
        return err;
    if (h->shared && size > had) {
        err = hlog_zeros(r->file, r->off + had, MAX(want, size) - had);
        if (err)
            return err;
        *alloc = MAX(want, size);
        os_step();
    }
    if (h->shared)
        region_lengthen(r, size);
    return !size || region_at(r, size) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 hive_view(struct hive *h, struct hview *view)
{
    u32 stable_size = __atomic_load_n(&h->ctl->size[HV_STABLE_STORE], __ATOMIC_RELAXED);
    u32 vol_size = __atomic_load_n(&h->ctl->size[HV_VOLATILE_STORE], __ATOMIC_RELAXED);
    u8 *stable = region_at(&h->stable, stable_size), *vol = region_at(&h->vol, vol_size);

    if ((stable_size && !stable) || (vol_size && !vol))
        return ERROR_OUTOFMEMORY;
    hv_renew(view, &h->blank, stable, stable_size, vol, vol_size);
    return ERROR_SUCCESS;
}

static void set_sizes(struct hive *h, const u32 size[2])
{
    __atomic_store_n(&h->ctl->size[0], size[0], __ATOMIC_RELAXED);
    __atomic_store_n(&h->ctl->size[1], size[1], __ATOMIC_RELAXED);
}

void commit_begin_change(struct hive *h)
{
    os_step();
    __atomic_store_n(&h->ctl->seq, h->ctl->seq | 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    os_step();
}

/* The lists of what is free in the log count as soon as done does. */
void commit_end_change(struct hive *h, const struct image_pending *p)
{
    struct image_ctl *c = h->ctl;

    os_step();
    set_sizes(h, p->size);
    os_step();
    __atomic_store_n(&c->seq, (c->seq | 1) + 1, __ATOMIC_RELEASE);
    os_step();
    hlog_state(h)->end = p->end;
    os_step();
    hlog_state(h)->next = p->next;
    os_step();
    __atomic_store_n(&c->done, c->txn, __ATOMIC_RELEASE);
}

/* Steps 6 to 8 of a live writer. */
static void install(struct hive *h)
{
    struct hview now;
    struct image_pending p = h->ctl->pending;
    const u32 *size = h->plan.size;
    u8 *stable = region_at(&h->stable, size[0]), *vol = region_at(&h->vol, size[1]);

    __atomic_store_n(&h->ctl->txn, h->ctl->pending.txn, __ATOMIC_RELEASE);
    hv_init(&now, stable, size[0], vol, size[1], h->meta);
    commit_begin_change(h);
    overlay_install(h->overlay, &now);
    memcpy(p.size, size, sizeof(p.size));
    commit_end_change(h, &p);
}

void commit_direct(struct hive *h, const u32 size[2])
{
    struct hview now;

    hv_init(&now, region_at(&h->stable, size[0]), size[0], region_at(&h->vol, size[1]), size[1],
            h->meta);
    overlay_install(h->overlay, &now);
    set_sizes(h, size);
}

/* --- logging --------------------------------------------------------------------------------- */

/* The side entry's place where it is not in the image. */
static u32 side_at(const struct commit_plan *p)
{
    return p->side_size > IMAGE_SIDE_SIZE ? p->at + p->entry_size : 0;
}

static void set_pending(struct hive *h, const struct commit_plan *plan)
{
    struct image_pending *p = &h->ctl->pending;

    p->entry = plan->at;
    p->entry_size = plan->entry_size;
    p->side = side_at(plan);
    p->side_size = plan->side_size;
    p->size[0] = plan->size[0];
    p->size[1] = plan->size[1];
    p->end = plan->at + plan->entry_size;
    p->next = hlog_state(h)->next + (plan->entry_size ? 1 : 0);
    __atomic_store_n(&p->txn, h->ctl->done + 1, __ATOMIC_RELEASE);
}

static void make_entry(struct hive *h, u8 *at, const struct commit_plan *p)
{
    struct log_entry *e = (struct log_entry *)(void *)at;

    put_runs((u8 *)e->refs, h->runs, p->stable);
    if (p->joint)
        log_joint_put(at + p->used, p->entry_size - p->used, p->joint);
    log_entry_fill(e, p->entry_size, h->base->flags, hlog_state(h)->next, p->size[0], p->stable,
                   p->joint ? p->entry_size : p->used);
}

/* h->entry with room for so many bytes; that of a large write is not kept for the next. */
static u32 entry_room(struct hive *h, u32 size)
{
    u8 *room;

    if (size <= h->entry_cap && (h->entry_cap <= ENTRY_KEPT || size > ENTRY_KEPT))
        return ERROR_SUCCESS;
    size = MAX(size, ENTRY_KEPT);
    room = os_alloc(size);
    if (!room)
        return ERROR_OUTOFMEMORY;
    os_free(h->entry);
    h->entry = room;
    h->entry_cap = size;
    return ERROR_SUCCESS;
}

static u32 long_side(struct hive *h, const struct commit_plan *p)
{
    u8 *buf = os_alloc(p->side_size);
    u32 err;

    if (!buf)
        return ERROR_OUTOFMEMORY;
    put_side(buf, h->runs + p->stable, h->run_count - p->stable);
    err = os_write_at(h->log[p->log], side_at(p), buf, p->side_size);
    os_free(buf);
    return err;
}

static u32 log_side(struct hive *h, const struct commit_plan *p)
{
    if (p->side_size > IMAGE_SIDE_SIZE)
        return long_side(h, p);
    put_side((u8 *)h->ctl + IMAGE_SIDE, h->runs + p->stable, h->run_count - p->stable);
    return ERROR_SUCCESS;
}

/* Step 3, and the entry made ready for step 5. */
static u32 log_both(struct hive *h, struct commit_plan *p)
{
    u32 err;

    p->log = hlog_current(h);
    p->at = h->ctl->logs[p->log].end;
    os_step();
    err = hive_lost(h) ? (u32)ERROR_REGISTRY_IO_FAILED : log_side(h, p);
    os_step();
    if (!err && p->entry_size) {
        err = entry_room(h, p->entry_size);
        if (!err)
            make_entry(h, h->entry, p);
        p->magic_alone = p->joint != NULL;
        if (!err && p->joint)
            err = os_write_at(h->log[p->log], p->at, h->entry, p->entry_size);
    }
    os_step();
    if (!err)
        set_pending(h, p);
    os_step();
    return err;
}

static u32 make_plan(struct hive *h, const struct hview *view, struct commit_plan *p)
{
    u64 bytes, entry, side;
    u32 joint = p->joint ? log_joint_size(p->joint) : 0;

    p->size[0] = view->size[0];
    p->size[1] = view->size[1];
    bytes = run_bytes(h->runs, p->stable);
    entry = log_entry_size(p->stable, bytes + joint);
    if (!joint && !p->stable && p->size[0] == h->ctl->size[0])
        entry = 0;
    side = 8 + (u64)(h->run_count - p->stable) * sizeof(struct log_ref) +
           (h->run_count ? run_bytes(h->runs + p->stable, h->run_count - p->stable) : 0);
    side = ALIGN_UP(side, 8ull);
    if (entry + side > 0x40000000)
        return ERROR_NO_LOG_SPACE;
    p->entry_size = (u32)entry;
    p->side_size = (u32)side;
    p->used = (u32)(sizeof(struct log_entry) + p->stable * sizeof(struct log_ref) + bytes);
    return ERROR_SUCCESS;
}

static u32 reserve_sizes(struct hive *h, const u32 size[2])
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < 2 && !err; i++)
        if (size[i] > h->ctl->size[i])
            err = commit_reserve(h, i, size[i]);
    return err;
}

static u32 log_it(struct hive *h, struct commit_plan *p)
{
    u32 err = hlog_open(h);

    if (!err)
        err = hlog_reserve(h, p->entry_size + (p->side_size > IMAGE_SIDE_SIZE ? p->side_size : 0));
    if (!err && p->entry_size)
        err = hlog_mark(h);
    if (err)
        return err;
    for (u32 i = 0; i < p->stable; i++)
        dirty_add(h->dirty, h->runs[i].off, h->runs[i].len);
    return log_both(h, p);
}

static bool changes_nothing(const struct hive *h, const struct hview *view)
{
    return !h->run_count && view->size[0] == h->ctl->size[0] && view->size[1] == h->ctl->size[1];
}

/* The image's pages that the write will change are stored to, as they are: a file system that has
 * to find them new blocks says so now, and not after the write counts. */
static void touch_pages(struct hive *h, const struct hview *view)
{
    for (u32 i = 0; i < h->run_count; i++) {
        const struct commit_run *r = &h->runs[i];
        u32 store = r->off < HV_VOLATILE ? HV_STABLE_STORE
                    : r->off < HV_META   ? HV_VOLATILE_STORE
                                         : HV_META_STORE;
        u32 rel = store == HV_META_STORE ? r->off & 0xffffu : r->off & 0x7fffffffu;

        for (u32 at = 0; at < r->len && (store == HV_META_STORE || rel + at < h->ctl->size[store]);
             at += 4096)
            HV_STORE(view->base[store] + rel + at, HV_LOAD(view->base[store] + rel + at));
    }
}

static u32 prepare(struct hive *h, struct hview *view)
{
    struct commit_plan *p = &h->plan;
    u32 err = collect(h, view->base[HV_STABLE_STORE], &p->stable);

    if (err || changes_nothing(h, view))
        return err;
    err = make_plan(h, view, p);
    if (err)
        return err;
    err = reserve_sizes(h, p->size);
    if (!err && h->shared)
        touch_pages(h, view);
    p->ready = true;
    if (!err && h->shared)
        err = log_it(h, p);
    else if (!err)
        set_pending(h, p);
    return err;
}

struct preparing {
    struct hive *h;
    struct hview *view;
    u32 err;
};

static void try_prepare(void *ctx)
{
    struct preparing *p = ctx;

    p->err = prepare(p->h, p->view);
}

u32 commit_prepare(struct hive *h, struct hview *view)
{
    struct preparing p = {h, view, ERROR_SUCCESS};

    h->plan.ready = false;
    h->plan.entry_size = h->plan.at = 0;
    h->plan.joint = h->shared ? h->plan.joint : NULL;
    if (!os_guard(try_prepare, &p))
        p.err = ERROR_DISK_FULL;
    if (hive_lost(h))
        p.err = ERROR_REGISTRY_IO_FAILED;
    if (p.err)
        commit_forget(h);
    return p.err;
}

static bool in_log(const struct hive *h)
{
    return h->shared && h->plan.entry_size;
}

u32 commit_seal(struct hive *h)
{
    struct log_entry *e = (struct log_entry *)(void *)h->entry;
    u32 err;

    if (!h->plan.ready || !in_log(h))
        return ERROR_SUCCESS;
    log_entry_seal(e);
    err = os_write_at(h->log[h->plan.log], h->plan.at, e,
                      h->plan.magic_alone ? (u32)sizeof(e->magic) : h->plan.entry_size);
    os_step();
    return err;
}

static void try_install(void *ctx)
{
    install(ctx);
}

/* It counts already: where a page of the image finds no block after all, the next taker of the lock
 * installs it from the log, or cannot either as long as the disk is full. */
void commit_install(struct hive *h)
{
    if (h->plan.ready)
        os_guard(try_install, h);
    h->plan.ready = false;
}

void commit_forget(struct hive *h)
{
    if (h->plan.ready)
        h->ctl->pending.txn = h->ctl->done;
    h->plan.ready = false;
}

u32 commit_sync(struct hive *h)
{
    os_step();
    return in_log(h) ? os_sync(h->log[h->plan.log]) : ERROR_SUCCESS;
}

u32 commit_sync_mark(struct hive *h)
{
    os_step();
    return in_log(h) ? os_sync(h->file) : ERROR_SUCCESS;
}
