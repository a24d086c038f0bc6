/*
 * A checkpoint: the hive file gets everything, and the logs begin anew.
 *
 *   0. a log that is much longer than what it changed gives way to a short one (merge.c)
 *   1. sync the log, and then the base block that says dirty   (else a torn page could not be
 * mended)
 *   2. write what the dirty map names, from the image
 *   3. sync
 *   4. write the base block: clean, the next entry's number; sync
 *   5. the other log is the current one
 *
 * Until 4 the base block in the file is dirty and the log has everything since it was clean, so
 * that replaying it mends any mixture of old and new pages; from 4 on the log is not needed. The
 * process may be killed anywhere: who comes next finds `marked` clear and an unfinished log, marks
 * the file dirty with the log's first number again (hive_log.c), and nothing is lost, since that
 * log is still whole. The writers' lock is held throughout; readers are not disturbed.
 */
#include <string.h>

#include "hive_impl.h"
#include "hive_log.h"

#define PIECE       0x100000u
#define OLD_SECONDS 30u

/* One piece, which was the image's when it was read and the image was whole afterwards. */
static u32 write_piece(struct hive *h, const u8 *stable, u32 off, u32 n, u8 *piece)
{
    u32 err;

    memcpy(piece, stable + off, n);
    err = commit_find_cut(h, &h->stable, h->ctl->size[HV_STABLE_STORE]);
    return err ? err : os_write_at(h->file, BASE_SIZE + (u64)off, piece, n);
}

/* The log has no more than what was changed of a piece: what else is in it must not become zeros.
 */
static u32 write_pages(struct hive *h)
{
    u32 size = h->ctl->size[HV_STABLE_STORE], off = 0, n, err = ERROR_SUCCESS;
    const u8 *stable = region_at(&h->stable, size);
    u8 *piece = stable ? os_alloc(PIECE) : NULL;

    if (!piece)
        return ERROR_OUTOFMEMORY;
    for (; !err && dirty_next(h->dirty, &off, &n, PIECE) && off < size; off += n)
        err = write_piece(h, stable, off, MIN(n, size - off), piece);
    os_free(piece);
    return err;
}

static u32 write_clean(struct hive *h, u32 seq)
{
    struct base_block *b = h->base, copy;
    u32 err;

    __atomic_store_n(&h->ctl->marked, 0, __ATOMIC_RELEASE);
    os_step();
    b->seq1 = b->seq2 = seq;
    b->size = h->ctl->size[HV_STABLE_STORE];
    base_set_written(b, os_time());
    base_seal(b);
    memcpy(&copy, b, BASE_SIZE);
    err = commit_find_cut(h, &h->stable, h->ctl->size[HV_STABLE_STORE]);
    if (!err)
        err = os_write_at(h->file, 0, &copy, BASE_SIZE);
    os_step();
    return err ? err : os_sync(h->file);
}

static bool nothing_to_do(const struct hive *h)
{
    const struct image_ctl *c = h->ctl;

    return !h->shared || (!c->marked && hlog_state(h)->end == LOG_FIRST);
}

static u32 write_all(struct hive *h)
{
    struct image_ctl *c = h->ctl;
    u32 next, err = hlog_open(h);

    if (!err)
        err = hlog_mark(h);
    if (!err)
        merge_log(h);
    if (!err)
        err = os_sync(h->log[hlog_current(h)]);
    if (!err)
        err = hlog_settle(h);
    if (!err)
        err = os_sync(h->file);
    if (!err)
        err = write_pages(h);
    os_step();
    if (!err)
        err = os_sync(h->file);
    os_step();
    next = hlog_state(h)->next;
    if (!err)
        err = write_clean(h, next);
    if (err)
        return err;
    os_step();
    hlog_switch(h, next);
    os_step();
    dirty_clear(h->dirty);
    c->retry_end = 0;
    return ERROR_SUCCESS;
}

struct checkpointing {
    struct hive *h;
    u32 err;
};

static void try_all(void *ctx)
{
    struct checkpointing *p = ctx;

    p->err = write_all(p->h);
}

u32 checkpoint(struct hive *h)
{
    struct checkpointing p = {h, ERROR_SUCCESS};

    /* first: what says that there is nothing to do may be wrong too, and then the logs have it */
    if (h->shared && (hive_lost(h) || (h->ctl->flags & IMAGE_BROKEN)))
        return ERROR_REGISTRY_IO_FAILED;
    if (nothing_to_do(h))
        return ERROR_SUCCESS;
    return os_guard(try_all, &p) ? p.err : (u32)ERROR_DISK_FULL;
}

/* Writes of many seconds are not to be in the logs alone. The clock is asked seldom: it costs as
 * much as a small write's share of the log. */
static bool is_old(const struct image_ctl *c)
{
    return c->txn % 64 == 0 && c->marked && os_time() - c->dirty_since > OLD_SECONDS * 10000000ull;
}

void checkpoint_if_due(struct hive *h)
{
    u32 end = hlog_state(h)->end;

    if (end < h->ctl->retry_end || (end <= HLOG_LIMIT && !is_old(h->ctl)))
        return;
    if (checkpoint(h))
        h->ctl->retry_end = hlog_state(h)->end + HLOG_LIMIT / 8;
}
