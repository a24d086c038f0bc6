/*
 * A write becomes part of the hive.
 *
 * The steps of the thread that has the lock, and what a successor makes of it when it is killed
 * right after each:
 *
 *   1. real blocks for what grows, and for the log            nothing happened
 *   2. hive file marked dirty (hive_log.c)                        nothing happened
 *   3. the entry without its magic, side entry behind it      nothing happened
 *   4. pending says where both are                            nothing happened
 *   5. the entry's magic                                      it counts: on to 6
 *   6. txn: it counts, in this image too                      redone from the log
 *   7. seq odd, image changed, sizes, seq even                redone from the log
 *   8. the log's end, done                                    done
 *
 * Step 5 alone makes the write count when every process is killed and the hive is built from its
 * logs; a successor that finds a sealed entry therefore must let it count too. Every step after
 * it may be done again from its start. What can fail, for want of memory or disk, is over after 4;
 * a store into a mapping fails there too, where the file system gives a written page a new block.
 * The part of a write of several hives (commit_all.c) counts without the magic from when the whole
 * does: a successor asks joint.h, and then does step 5 first.
 *
 * Side entry, for volatile and meta storage, which live as long as the image and no longer: it
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

#define SIDE_MAGIC 0x65646973u

static u32 add_run(struct hive *h, u32 off, u32 len, const u8 *bytes)
{
    struct commit_run *last = h->run_count ? &h->runs[h->run_count - 1] : NULL;

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

/* Of stable storage only the sectors that differ from the image are worth logging. */
static u32 add_changed(struct hive *h, const u8 *image, const struct overlay_run *run)
{
    u32 err = ERROR_SUCCESS, have = h->ctl->size[HV_STABLE_STORE];

    for (u32 i = 0; i < run->len && !err; i += OV_SECTOR) {
        u32 off = run->off + i;

        if (off >= have || !same_sector(image + off, run->bytes + i))
            err = add_run(h, off, OV_SECTOR, run->bytes + i);
    }
    return err;
}

/* The runs in order: those of stable storage first, *stable of them. */
static u32 collect(struct hive *h, const u8 *image, u32 *stable)
{
    struct overlay_run run;
    u32 cursor = 0;
    u32 err = overlay_sort(h->overlay);

    h->run_count = *stable = 0;
    while (!err && overlay_next(h->overlay, &cursor, &run)) {
        if (run.off < HV_VOLATILE)
            err = add_changed(h, image, &run);
        else
            err = add_run(h, run.off, run.len, run.bytes);
        if (run.off < HV_VOLATILE)
            *stable = h->run_count;
    }
    return err;
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

u32 commit_reserve(struct hive *h, u32 storage, u32 size)
{
    struct region *r = storage == HV_STABLE_STORE ? &h->stable : &h->vol;
    u32 *alloc = &h->ctl->alloc[storage], step = storage == HV_STABLE_STORE ? 0x40000 : 0x10000;
    u32 want = (u32)MIN((u64)size + step, 0x7fff0000u), err;

    if (h->shared && size > *alloc) {
        err = hlog_zeros(r->file, r->off + *alloc, MAX(want, size) - *alloc);
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

static void begin_change(struct hive *h)
{
    os_step();
    __atomic_store_n(&h->ctl->seq, h->ctl->seq | 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    os_step();
}

/* Steps 7 (its end) and 8. The lists of what is free in the log count as soon as done does. */
static void end_change(struct hive *h, const struct image_pending *p)
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
    begin_change(h);
    overlay_install(h->overlay, &now);
    memcpy(p.size, size, sizeof(p.size));
    end_change(h, &p);
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

/* `at`: where in the log it stands. */
static void set_pending(struct hive *h, const struct commit_plan *plan, u32 at)
{
    struct image_pending *p = &h->ctl->pending;

    p->entry = at;
    p->entry_size = plan->entry_size;
    p->side = at + plan->entry_size;
    p->side_size = plan->side_size;
    p->size[0] = plan->size[0];
    p->size[1] = plan->size[1];
    p->end = at + plan->entry_size;
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

/* Straight into the mapped log. */
static u32 log_mapped(struct hive *h, struct commit_plan *p)
{
    u32 end = hlog_state(h)->end;
    u8 *at = hlog_at(h, end, p->entry_size + p->side_size);

    if (!at)
        return ERROR_OUTOFMEMORY;
    os_step();
    memset(at, 0, MIN(p->entry_size, sizeof(struct log_entry)));
    __atomic_thread_fence(__ATOMIC_RELEASE);
    put_side(at + p->entry_size, h->runs + p->stable, h->run_count - p->stable);
    if (p->entry_size)
        make_entry(h, at, p);
    os_step();
    set_pending(h, p, end);
    os_step();
    p->entry = p->entry_size ? (struct log_entry *)(void *)at : NULL;
    return ERROR_SUCCESS;
}

/* What would need too much address space is written; its head is mapped, to be sealed. */
static u32 log_written(struct hive *h, struct commit_plan *p)
{
    u32 end = hlog_state(h)->end, size = p->entry_size + p->side_size, err;
    u8 *buf = os_alloc(size);

    if (!buf)
        return ERROR_OUTOFMEMORY;
    put_side(buf + p->entry_size, h->runs + p->stable, h->run_count - p->stable);
    if (p->entry_size)
        make_entry(h, buf, p);
    err = os_write_at(h->log[hlog_current(h)], end, buf, size);
    os_step();
    if (!err && p->entry_size) {
        p->entry = (struct log_entry *)(void *)hlog_at(h, end, sizeof(struct log_entry));
        err = p->entry ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    if (!err)
        set_pending(h, p, end);
    os_step();
    os_free(buf);
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
    side = ALIGN_UP(side, (u64)LOG_SECTOR);
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
        err = hlog_reserve(h, p->entry_size + p->side_size);
    if (!err && p->entry_size)
        err = hlog_mark(h);
    if (err)
        return err;
    for (u32 i = 0; i < p->stable; i++)
        dirty_add(h->dirty, h->runs[i].off, h->runs[i].len);
    if (p->entry_size + p->side_size <= HLOG_MAPPED_ENTRY)
        return log_mapped(h, p);
    return log_written(h, p);
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
        set_pending(h, p, 0);
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
    h->plan.entry = NULL;
    h->plan.joint = h->shared ? h->plan.joint : NULL;
    if (!os_guard(try_prepare, &p))
        p.err = ERROR_DISK_FULL;
    if (p.err)
        commit_forget(h);
    return p.err;
}

static void try_seal(void *entry)
{
    log_entry_seal(entry);
}

bool commit_seal(struct hive *h)
{
    bool sealed = !h->plan.ready || !h->plan.entry || os_guard(try_seal, h->plan.entry);

    os_step();
    return sealed;
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
    return h->plan.entry ? os_sync(h->log[hlog_current(h)]) : ERROR_SUCCESS;
}

u32 commit_sync_mark(struct hive *h)
{
    os_step();
    return h->plan.entry ? os_sync(h->file) : ERROR_SUCCESS;
}

/* --- after a dead owner ------------------------------------------------------------------------
 */

static u32 read_log(struct hive *h, u32 off, u32 size, u8 **out)
{
    u8 *buf = os_alloc(size);
    u32 got = 0, err;

    if (!buf)
        return ERROR_OUTOFMEMORY;
    err = os_read_at(h->log[hlog_current(h)], off, buf, size, &got);
    if (!err && got < size)
        err = ERROR_REGISTRY_IO_FAILED;
    if (err)
        os_free(buf);
    else
        *out = buf;
    return err;
}

/* Pieces from an entry or a side entry into the image; refs behind one another, then the bytes. */
static u32 redo_pieces(struct hview *now, const u8 *refs, u32 count, const u8 *end)
{
    const u8 *bytes = refs + (u64)count * sizeof(struct log_ref);

    if (count > (u64)(end - refs) / sizeof(struct log_ref))
        return ERROR_REGISTRY_IO_FAILED;
    for (u32 i = 0; i < count; i++) {
        struct log_ref ref;
        u32 store;

        memcpy(&ref, refs + i * sizeof(ref), sizeof(ref));
        if (ref.size > (u64)(end - bytes) || !hv_inside(now, ref.off, ref.size))
            return ERROR_REGISTRY_IO_FAILED;
        store = ref.off < HV_VOLATILE ? HV_STABLE_STORE
                : ref.off < HV_META   ? HV_VOLATILE_STORE
                                      : HV_META_STORE;
        hv_store_bytes(now->base[store] +
                           (ref.off & (store == HV_META_STORE ? 0xffffu : 0x7fffffffu)),
                       bytes, ref.size);
        bytes += ref.size;
    }
    return ERROR_SUCCESS;
}

static bool can_hold(const struct hive *h, u32 storage, u32 size)
{
    return !h->shared || (size % 4096 == 0 && size <= HV_META && size <= h->ctl->alloc[storage]);
}

bool commit_words_hold(const struct hive *h)
{
    const struct image_ctl *c = h->ctl;
    const struct image_log *log = hlog_state(h);

    if (!h->shared)
        return true;
    return c->log < 2 && log->end >= LOG_FIRST && log->end <= HLOG_MAX && log->alloc <= HLOG_MAX &&
           can_hold(h, HV_STABLE_STORE, c->size[0]) && can_hold(h, HV_VOLATILE_STORE, c->size[1]);
}

/* What is to be redone, copied out once; its places are inside the log and the image. */
static bool get_pending(const struct hive *h, struct image_pending *p)
{
    const struct image_log *log = hlog_state(h);
    u64 size;

    memcpy(p, &h->ctl->pending, sizeof(*p));
    size = (u64)p->entry_size + p->side_size;
    if (!can_hold(h, HV_STABLE_STORE, p->size[0]) || !can_hold(h, HV_VOLATILE_STORE, p->size[1]))
        return false;
    if (!h->shared)
        return true;
    return p->entry >= LOG_FIRST && p->entry <= HLOG_MAX && size <= HLOG_MAX - p->entry &&
           p->entry + size <= log->alloc && p->side_size >= 8 &&
           (!p->entry_size || p->entry_size >= sizeof(struct log_entry)) &&
           p->end == p->entry + p->entry_size;
}

static u32 redo_logged(struct hive *h, const struct image_pending *p, struct hview *now)
{
    u32 size = p->entry_size + p->side_size;
    const struct log_entry *e;
    u32 head[2];
    u8 *buf;
    u32 err = read_log(h, p->entry, size, &buf);

    if (err)
        return err;
    e = (const struct log_entry *)(void *)buf;
    if (p->entry_size)
        err = log_entry_valid(buf, p->entry_size)
                  ? redo_pieces(now, (const u8 *)e->refs, e->count, buf + p->entry_size)
                  : ERROR_REGISTRY_IO_FAILED;
    memcpy(head, buf + p->entry_size, sizeof(head));
    if (!err)
        err = head[0] == SIDE_MAGIC ? redo_pieces(now, buf + p->entry_size + 8, head[1], buf + size)
                                    : ERROR_REGISTRY_IO_FAILED;
    os_free(buf);
    return err;
}

/* Seals a part of a write of several hives that counts. */
static u32 join(struct hive *h, const struct image_pending *p, const u8 *entry, bool *yes)
{
    static const u32 magic = LOG_MAGIC;
    struct log_joint j;
    u32 err;

    if (!log_entry_prepared(entry, p->entry_size) ||
        !log_joint_get((const struct log_entry *)(const void *)entry, &j))
        return ERROR_SUCCESS;
    err = joint_decided(&j, h->place, yes);
    if (!err && *yes)
        err = os_write_at(h->log[hlog_current(h)], p->entry, &magic, sizeof(magic));
    os_step();
    return err;
}

/* Whether the write that pending tells of counts. */
static u32 counts(struct hive *h, const struct image_pending *p, bool *yes)
{
    u8 *buf;
    u32 err;

    *yes = h->ctl->txn == p->txn;
    if (*yes || !h->shared || !p->entry_size)
        return ERROR_SUCCESS;
    err = read_log(h, p->entry, p->entry_size, &buf);
    if (err)
        return err;
    if (((struct log_entry *)(void *)buf)->seq == hlog_state(h)->next) {
        *yes = log_entry_valid(buf, p->entry_size);
        if (!*yes)
            err = join(h, p, buf, yes);
    }
    os_free(buf);
    return err;
}

static u32 redo(struct hive *h, const struct image_pending *p)
{
    struct hview now;
    u8 *stable = region_at(&h->stable, p->size[0]), *vol = region_at(&h->vol, p->size[1]);
    u32 err = ERROR_SUCCESS;

    if ((p->size[0] && !stable) || (p->size[1] && !vol))
        return ERROR_OUTOFMEMORY;
    __atomic_store_n(&h->ctl->txn, p->txn, __ATOMIC_RELEASE);
    hv_init(&now, stable, p->size[0], vol, p->size[1], h->meta);
    begin_change(h);
    if (h->shared)
        err = redo_logged(h, p, &now);
    else
        overlay_install(h->overlay, &now);
    if (!err)
        end_change(h, p);
    return err;
}

u32 commit_repair(struct hive *h)
{
    struct image_pending p;
    bool yes = false;
    u32 err = h->shared ? hlog_open(h) : ERROR_SUCCESS;

    if (!err && !get_pending(h, &p))
        err = ERROR_REGISTRY_IO_FAILED;
    if (!err)
        err = counts(h, &p, &yes);
    if (!err && yes)
        err = redo(h, &p);
    if (!err && !yes)
        h->ctl->pending.txn = h->ctl->done;
    if (err != ERROR_REGISTRY_IO_FAILED)
        return err;
    h->ctl->flags |= IMAGE_BROKEN;
    h->ctl->txn = h->ctl->pending.txn = h->ctl->done;
    __atomic_store_n(&h->ctl->seq, (h->ctl->seq | 1) + 1, __ATOMIC_RELEASE);
    return ERROR_SUCCESS;
}
