/*
 * What a dead owner of the writers' lock left: its write is finished or dropped (commit.c has the
 * steps). Every word of the control page is memory that others write, and is copied and checked
 * before it is used.
 */
#include <string.h>

#include "hive_impl.h"
#include "hive_log.h"
#include "joint.h"

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

static bool side_holds(const struct image_log *log, const struct image_pending *p)
{
    if (!p->side)
        return p->side_size >= 8 && p->side_size <= IMAGE_SIDE_SIZE;
    return p->side == p->end && p->side_size >= 8 && p->side_size <= HLOG_MAX - p->end &&
           p->side + p->side_size <= log->alloc;
}

/* What is to be redone, copied out once; its places are inside the log and the image. */
static bool get_pending(const struct hive *h, struct image_pending *p)
{
    const struct image_log *log = hlog_state(h);

    memcpy(p, &h->ctl->pending, sizeof(*p));
    if (!can_hold(h, HV_STABLE_STORE, p->size[0]) || !can_hold(h, HV_VOLATILE_STORE, p->size[1]))
        return false;
    if (!h->shared)
        return true;
    return p->entry >= LOG_FIRST && p->entry <= HLOG_MAX && p->entry_size <= HLOG_MAX - p->entry &&
           p->entry + p->entry_size <= log->alloc &&
           (!p->entry_size || p->entry_size >= sizeof(struct log_entry)) &&
           p->end == p->entry + p->entry_size && side_holds(log, p);
}

static u32 redo_entry(struct hive *h, const struct image_pending *p, struct hview *now)
{
    const struct log_entry *e;
    u8 *buf;
    u32 err = read_log(h, p->entry, p->entry_size, &buf);

    if (err)
        return err;
    e = (const struct log_entry *)(void *)buf;
    err = log_entry_valid(buf, p->entry_size)
              ? redo_pieces(now, (const u8 *)e->refs, e->count, buf + p->entry_size)
              : ERROR_REGISTRY_IO_FAILED;
    os_free(buf);
    return err;
}

static u32 read_side(struct hive *h, const struct image_pending *p, u8 **out)
{
    if (p->side)
        return read_log(h, p->side, p->side_size, out);
    *out = os_alloc(p->side_size);
    if (!*out)
        return ERROR_OUTOFMEMORY;
    memcpy(*out, (const u8 *)h->ctl + IMAGE_SIDE, p->side_size);
    return ERROR_SUCCESS;
}

static u32 redo_side(struct hive *h, const struct image_pending *p, struct hview *now)
{
    u32 head[2];
    u8 *buf;
    u32 err = read_side(h, p, &buf);

    if (err)
        return err;
    memcpy(head, buf, sizeof(head));
    err = head[0] == SIDE_MAGIC ? redo_pieces(now, buf + 8, head[1], buf + p->side_size)
                                : ERROR_REGISTRY_IO_FAILED;
    os_free(buf);
    return err;
}

static u32 redo_logged(struct hive *h, const struct image_pending *p, struct hview *now)
{
    u32 err = p->entry_size ? redo_entry(h, p, now) : ERROR_SUCCESS;

    return err ? err : redo_side(h, p, now);
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
    commit_begin_change(h);
    if (h->shared)
        err = redo_logged(h, p, &now);
    else
        overlay_install(h->overlay, &now);
    if (!err)
        commit_end_change(h, p);
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
