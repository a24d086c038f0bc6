/*
 * Opening, lengthening and switching the logs.
 *
 * The two take turns: a checkpoint ends one and begins the other, so that the one with the entries
 * stays whole until the hive file is known to have them.
 */
#include <string.h>

#include "hive_build.h"
#include "hive_impl.h"
#include "hive_log.h"

/* What a log is lengthened by: as much as it is long, within these. Most processes write little,
 * and the first write is not to wait for a quarter of a megabyte. */
#define LOG_LEAST 0x4000u
#define LOG_STEP  0x40000u

/* Nothing but a log is emptied: the header of one, or none yet, and then what an entry or nothing
 * begins with. A hive file itself is no log either. */
static bool is_log(struct os_file *f)
{
    u8 head[BASE_SECTOR + 4];
    u32 got, word, type, any = 0;

    if (os_read_at(f, 0, head, sizeof(head), &got))
        return false;
    memset(head + got, 0, sizeof(head) - got);
    memcpy(&word, head, 4);
    memcpy(&type, head + offsetof(struct base_block, type), 4);
    if (word == BASE_MAGIC)
        return type == BASE_LOG_NEW || type == BASE_LOG_OLD || type == BASE_LOG_OLDER;
    for (u32 i = 0; i < BASE_SECTOR; i++)
        any |= head[i];
    memcpy(&word, head + LOG_FIRST, 4);
    return !any && (!word || word == LOG_MAGIC);
}

static u32 open_one(struct hive *h, u32 i, u32 create)
{
    char16_t *name;
    u32 err;

    if (h->log[i])
        return ERROR_SUCCESS;
    name = hbuild_name(h->place, i ? ".LOG2" : ".LOG1");
    if (!name)
        return ERROR_OUTOFMEMORY;
    err = os_open_beside(name, OS_READ | OS_WRITE | create, h->file, &h->log[i]);
    os_free(name);
    return err == ERROR_FILE_NOT_FOUND && !create ? ERROR_SUCCESS : err;
}

u32 hlog_open_files(struct hive *h)
{
    u32 err;

    if (h->log[0] && h->log[1])
        return ERROR_SUCCESS;
    err = open_one(h, 0, OS_CREATE);
    return err ? err : open_one(h, 1, OS_CREATE);
}

u32 hlog_open(struct hive *h)
{
    u32 err = ERROR_SUCCESS;

    if (h->log[0] && h->log[1])
        return ERROR_SUCCESS;
    if (!h->ctl->ours)
        err = hlog_take_over(h);
    return err ? err : hlog_open_files(h);
}

void hlog_close(struct hive *h)
{
    for (u32 i = 0; i < 2; i++) {
        os_close(h->log[i]);
        h->log[i] = NULL;
    }
}

u32 hlog_zeros(struct os_file *f, u64 off, u32 size)
{
    static u8 zeros[LOG_STEP]; /* never written; const would put them into the DLL's file */
    u32 err = ERROR_SUCCESS;

    for (u32 done = 0; done < size && !err; done += MIN(size - done, sizeof(zeros)))
        err = os_write_at(f, off + done, zeros, MIN(size - done, (u32)sizeof(zeros)));
    return err;
}

u32 hlog_reserve(struct hive *h, u32 size)
{
    u32 current = hlog_current(h), alloc, err;
    struct image_log *log = &h->ctl->logs[current];
    u64 need = (u64)log->end + size, want;

    alloc = log->alloc;
    if (hive_lost(h))
        return ERROR_REGISTRY_IO_FAILED;
    if (need > HLOG_MAX)
        return ERROR_NO_LOG_SPACE;
    if (need <= alloc)
        return ERROR_SUCCESS;
    want = MIN(ALIGN_UP(need + MIN(alloc, LOG_STEP), (u64)LOG_LEAST), (u64)HLOG_MAX);
    err = hlog_zeros(h->log[current], alloc, (u32)(want - alloc));
    os_step();
    if (!err)
        log->alloc = (u32)want;
    return err;
}

/* The first sector: what a base block that got lost can be had from. */
static u32 write_header(struct hive *h, u32 i, u32 seq)
{
    struct base_block b;

    memcpy(&b, h->base, sizeof(b));
    if (hive_lost(h))
        return ERROR_REGISTRY_IO_FAILED;
    b.type = BASE_LOG_NEW;
    b.seq1 = b.seq2 = seq;
    base_seal(&b);
    return os_write_at(h->log[i], 0, &b, BASE_SECTOR);
}

/* What stands where the first entry will be is from an earlier turn: its number is too low to
 * count. The header follows with the first entry. */
void hlog_switch(struct hive *h, u32 seq)
{
    u32 to = hlog_current(h) ^ 1;
    struct image_log *log = &h->ctl->logs[to];

    log->end = LOG_FIRST;
    log->next = log->first = seq;
    os_step();
    __atomic_store_n(&h->ctl->log, to, __ATOMIC_RELEASE);
}

/* What stands there is no log: a link, a pipe, somebody's file. */
static u32 lose_name(struct hive *h, u32 i)
{
    char16_t *name = hbuild_name(h->place, i ? ".LOG2" : ".LOG1");
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    os_close(h->log[i]);
    h->log[i] = NULL;
    if (!err)
        err = os_remove(name);
    if (!err)
        os_sync_folder(name);
    os_free(name);
    return err;
}

static u32 empty_one(struct hive *h, u32 i)
{
    u64 size = 0;
    u32 err = open_one(h, i, 0);

    if (!h->ctl->ours && (err == ERROR_ACCESS_DENIED || (!err && h->log[i] && !is_log(h->log[i]))))
        return lose_name(h, i);
    if (err || !h->log[i])
        return err;
    err = os_size(h->log[i], &size);
    if (!err && size)
        err = os_resize(h->log[i], 0);
    os_step();
    if (!err && size)
        err = os_sync(h->log[i]);
    h->ctl->logs[i].alloc = 0;
    return err;
}

u32 hlog_empty(struct hive *h)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < 2 && !err && h->ctl->ours; i++)
        err = empty_one(h, i);
    return err;
}

/* X.LOG1 becomes X.LOG1.kept, in the place of an earlier one. */
static u32 put_aside(struct hive *h, u32 i)
{
    char16_t *name = hbuild_name(h->place, i ? ".LOG2" : ".LOG1");
    char16_t *kept = hbuild_name(h->place, i ? ".LOG2.kept" : ".LOG1.kept");
    u32 err = name && kept ? os_rename(name, kept) : ERROR_OUTOFMEMORY;

    if (!err)
        err = os_sync_folder(name);
    os_free(name);
    os_free(kept);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

u32 hlog_take_over(struct hive *h)
{
    const u32 keep[2] = {h->ctl->keep[0], h->ctl->keep[1]};
    u32 err = hive_lost(h) ? ERROR_REGISTRY_IO_FAILED : ERROR_SUCCESS;

    if (err)
        return err;
    hlog_close(h);
    for (u32 i = 0; i < 2 && !err; i++)
        err = keep[i] ? put_aside(h, i) : empty_one(h, i);
    os_step();
    if (!err)
        h->ctl->ours = 1;
    return err;
}

/* The hive file: dirty, and the current log's first entry is the one it needs first. */
static u32 write_dirty(struct hive *h)
{
    u8 sector[BASE_SECTOR];
    u32 err;

    h->base->seq2 = h->ctl->logs[hlog_current(h)].first;
    h->base->seq1 = h->base->seq2 + 1;
    base_seal(h->base);
    os_step();
    memcpy(sector, h->base, sizeof(sector));
    err = hive_lost(h) ? (u32)ERROR_REGISTRY_IO_FAILED
                       : os_write_at(h->file, 0, sector, sizeof(sector));
    os_step();
    return err;
}

u32 hlog_mark(struct hive *h)
{
    struct image_ctl *c = h->ctl;
    u32 err = ERROR_SUCCESS;

    if (c->marked)
        return ERROR_SUCCESS;
    if (c->logs[hlog_current(h)].end == LOG_FIRST)
        err = write_header(h, hlog_current(h), c->logs[hlog_current(h)].first);
    if (!err)
        err = write_dirty(h);
    if (err)
        return err;
    c->dirty_since = os_time();
    __atomic_store_n(&c->marked, 1, __ATOMIC_RELEASE);
    return ERROR_SUCCESS;
}

u32 hlog_settle(struct hive *h)
{
    u32 err = h->ctl->behind ? write_dirty(h) : ERROR_SUCCESS;

    if (!err)
        __atomic_store_n(&h->ctl->behind, 0, __ATOMIC_RELEASE);
    return err;
}

u32 hlog_prepare(struct hive *h, const void *entry, u32 size, u32 seq)
{
    u32 to = hlog_current(h) ^ 1;
    u32 err = hive_lost(h) ? (u32)ERROR_REGISTRY_IO_FAILED
                           : os_write_at(h->log[to], LOG_FIRST, entry, size);

    os_step();
    if (!err)
        err = write_header(h, to, seq);
    os_step();
    if (!err)
        h->ctl->logs[to].alloc = MAX(h->ctl->logs[to].alloc, LOG_FIRST + size);
    return err;
}

void hlog_continue(struct hive *h, u32 size, u32 seq)
{
    struct image_ctl *c = h->ctl;
    struct image_log *log = &c->logs[hlog_current(h) ^ 1];

    __atomic_store_n(&c->behind, 1, __ATOMIC_RELEASE);
    os_step();
    log->end = LOG_FIRST + size;
    log->first = seq;
    log->next = seq + 1;
    os_step();
    __atomic_store_n(&c->log, hlog_current(h) ^ 1, __ATOMIC_RELEASE);
    os_step();
}
