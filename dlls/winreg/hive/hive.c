/*
 * Reading, writing and flushing an open hive.
 *
 * A reader notes seq, reads, and looks at seq again: the same and even means that all it read is of
 * one moment. It writes nothing that another processor reads. While seq is odd a writer copies its
 * pages into the image, some microseconds; a reader waits for that, and when it does not come to
 * an end, takes the writers' lock, which settles what a dead writer left (hive_lock.c).
 */
#include <string.h>

#include "hive_impl.h"
#include "hive_log.h"

#define READ_TRIES 4u
#define ODD_SPINS  2000u

static bool odd_seq(struct hive *h, u64 *seq)
{
    for (u32 i = 0; i < ODD_SPINS; i++) {
        *seq = __atomic_load_n(&h->ctl->seq, __ATOMIC_ACQUIRE);
        if (!(*seq & 1))
            return false;
        if (i > ODD_SPINS / 2)
            os_yield();
    }
    return true;
}

u32 hive_read_begin(struct hive *h, struct hive_read *r)
{
    u32 err;

    if (hive_lost(h))
        return ERROR_REGISTRY_IO_FAILED;
    r->locked = r->tries >= READ_TRIES || odd_seq(h, &r->seq);
    if (r->locked) {
        err = hlock_take(h, HIVE_WAIT);
        if (err)
            return err;
        r->seq = h->ctl->seq;
    }
    r->tries++;
    err = hive_view(h, &r->view);
    r->view.seq = r->locked ? NULL : &h->ctl->seq;
    r->view.stamp = r->seq;
    if (err && r->locked)
        hlock_drop(h);
    return err;
}

bool hive_read_end(struct hive *h, struct hive_read *r)
{
    if (r->locked) {
        hlock_drop(h);
        return !hive_lost(h);
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&h->ctl->seq, __ATOMIC_RELAXED) == r->seq && !hive_lost(h);
}

static u32 refusal(const struct hive *h)
{
    if (h->refuse)
        return h->refuse;
    if (hive_lost(h) || (h->ctl->flags & IMAGE_BROKEN))
        return ERROR_REGISTRY_IO_FAILED;
    return h->ctl->flags & IMAGE_DAMAGED ? ERROR_REGISTRY_CORRUPT : ERROR_SUCCESS;
}

u32 hive_write_begin(struct hive *h, u32 timeout_ms, struct hive_write *w)
{
    u32 err = refusal(h);

    if (!err)
        err = hlock_take(h, timeout_ms);
    if (err)
        return err;
    err = refusal(h);
    if (!err)
        err = hive_view(h, &w->view);
    if (err) {
        hlock_drop(h);
        return err;
    }
    overlay_attach(&w->view, h->overlay);
    return ERROR_SUCCESS;
}

u32 hive_write_prepare(struct hive *h, struct hive_write *w)
{
    return w->view.error ? w->view.error : commit_prepare(h, &w->view);
}

void hive_write_end(struct hive *h, u32 err)
{
    overlay_reset(h->overlay);
    if (!err && h->shared && h->ctl->txn == h->ctl->done)
        checkpoint_if_due(h);
    hlock_drop(h);
}

u32 hive_write_commit(struct hive *h, struct hive_write *w)
{
    u32 err = hive_write_prepare(h, w);

    if (!err) {
        err = commit_seal(h);
        if (err)
            commit_forget(h);
        else
            commit_install(h);
    }
    hive_write_end(h, err);
    return err;
}

void hive_write_abort(struct hive *h, struct hive_write *w)
{
    UNUSED(w);
    overlay_reset(h->overlay);
    hlock_drop(h);
}

u32 hive_flush(struct hive *h)
{
    u32 err;

    if (!h->shared || h->flags & HIVE_FRESH)
        return ERROR_SUCCESS;
    err = hlock_take(h, HIVE_WAIT);
    if (err)
        return err;
    err = checkpoint(h);
    hlock_drop(h);
    return err;
}

u32 hive_flush_lazy(struct hive *h, u32 min_ms)
{
    const struct image_ctl *c = h->ctl;

    if (!h->shared || !__atomic_load_n(&c->marked, __ATOMIC_RELAXED) ||
        os_time() - c->dirty_since < (u64)min_ms * 10000)
        return ERROR_SUCCESS;
    return hive_flush(h);
}

u64 hive_change_seq(struct hive *h)
{
    return __atomic_load_n(&h->ctl->done, __ATOMIC_ACQUIRE);
}

u32 hive_wait_change(struct hive *h, u64 seq, u32 timeout_ms)
{
    u64 end = os_ticks() + timeout_ms;
    u32 step = 1;

    while (hive_change_seq(h) == seq) {
        u64 now = os_ticks();

        if (now >= end)
            return WAIT_TIMEOUT;
        os_sleep((u32)MIN(step, end - now));
        step = MIN(step * 2, 20u);
    }
    return ERROR_SUCCESS;
}

void hive_recovery(struct hive *h, struct hive_recovery *r)
{
    *r = h->recovery;
}

void hive_info(struct hive *h, struct hive_info *info)
{
    struct image_ctl *c = h->ctl;

    memset(info, 0, sizeof(*info));
    info->minor = h->base->minor;
    info->stable_size = __atomic_load_n(&c->size[0], __ATOMIC_RELAXED);
    info->volatile_size = __atomic_load_n(&c->size[1], __ATOMIC_RELAXED);
    info->written = base_written(h->base);
    info->read_only = refusal(h) != ERROR_SUCCESS;
    info->shared = h->shared && !(h->flags & HIVE_PRIVATE);
    info->dirty = h->shared && __atomic_load_n(&c->marked, __ATOMIC_RELAXED);
    info->recovered = h->recovered;
    info->damaged = (c->flags & IMAGE_DAMAGED) != 0;
    info->faults = h->faults;
    info->seq1 = h->base->seq1;
    info->seq2 = h->base->seq2;
}

u32 hive_slot(struct hive *h)
{
    return h->slot + 1;
}

bool hive_slot_alive(struct hive *h, u32 slot)
{
    return slot && hlock_slot_alive(h, slot - 1);
}

const char16_t *hive_path(const struct hive *h)
{
    return h->path;
}

u32 hive_flags(const struct hive *h)
{
    return h->flags;
}

/* --- a copy of the stable storage as a file of its own ---------------------------------------- */

static u32 write_copy(struct os_file *f, struct hview *view, struct base_block *b)
{
    u32 size = view->size[HV_STABLE_STORE], err = ERROR_SUCCESS;

    for (u32 off = 0; off < size && !err; off += 0x100000)
        err = os_write_at(f, BASE_SIZE + (u64)off, view->base[HV_STABLE_STORE] + off,
                          MIN(size - off, 0x100000u));
    if (!err)
        err = os_sync(f);
    if (!err)
        err = os_write_at(f, 0, b, BASE_SIZE);
    return err ? err : os_sync(f);
}

static u32 save_to(struct hive *h, const char16_t *path, struct os_file *f, u32 minor)
{
    struct base_block b;
    struct hview view;
    u32 err = hlock_take(h, HIVE_WAIT);
    if (!err) {
        err = hive_view(h, &view);
        base_make(&b, path, h->base->root, view.size[HV_STABLE_STORE],
                  minor ? minor : h->base->minor);
        if (!err)
            err = write_copy(f, &view, &b);
        if (!err && hive_lost(h))
            err = ERROR_REGISTRY_IO_FAILED;
        hlock_drop(h);
    }
    os_close(f);
    if (err)
        os_remove(path);
    else
        os_sync_folder(path);
    return err;
}

u32 hive_save(struct hive *h, const char16_t *path, u32 minor)
{
    struct os_file *f;
    u32 err = os_open(path, OS_READ | OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &f);

    return err ? err : save_to(h, path, f, minor);
}

u32 hive_save_beside(struct hive *h, const char16_t *path, struct hive *of)
{
    struct os_file *f;
    u32 err =
        of->file ? os_open_beside(path, OS_READ | OS_WRITE | OS_CREATE | OS_EXCLUSIVE, of->file, &f)
                 : (u32)ERROR_INVALID_PARAMETER;

    return err ? err : save_to(h, path, f, 0);
}
