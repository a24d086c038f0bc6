/*
 * Copying a hive that others may be writing.
 *
 * Where somebody has it open, its image is what it holds: that is read as every reader reads it.
 * Meanwhile IMAGE_LOCK_OPEN is held shared, so that nobody opens or closes the hive, and the image
 * stays what it is. Who may write the hive file gets a slot for that time and can wait for the
 * writers' lock; who may not reads again until no writer came between.
 *
 * Where nobody has it open, or the image is of no use, the files are read: base block and logs,
 * then the bins, then base block and logs once more. While neither has changed, every page written
 * meanwhile is one that the logs have, and the replay mends it.
 *
 * Nothing on disk is changed by any of it.
 */
#include <string.h>

#include "hash.h"
#include "hive_build.h"
#include "hive_copy.h"
#include "hive_impl.h"
#include "hive_log.h"

#define WAIT_MS 10000u
#define TRIES   200u
#define PIECE   0x100000u

/* --- from the image ----------------------------------------------------------------------------
 */

/* What the view shows, into h. */
static u32 take(struct hive *h, const struct hview *view, const struct hive *from)
{
    u32 size = view->size[HV_STABLE_STORE];
    u8 *to = region_at(&h->stable, size);

    if (!size || !to)
        return size ? ERROR_OUTOFMEMORY : ERROR_REGISTRY_CORRUPT;
    hv_load_bytes(to, view->base[HV_STABLE_STORE], size);
    hv_load_bytes(h->base, from->base, BASE_SIZE);
    h->base->size = size;
    h->base->seq1 = h->base->seq2 = hlog_state(from)->next;
    h->ctl->size[HV_STABLE_STORE] = size;
    h->recovered = from->ctl->marked != 0;
    return ERROR_SUCCESS;
}

static u32 take_locked(struct hive *h, struct hive *from)
{
    struct hive_read r = {.tries = 0};
    u32 err;

    do {
        err = hive_read_begin(from, &r);
        if (err)
            return err;
        err = take(h, &r.view, from);
    } while (!hive_read_end(from, &r));
    return err;
}

static u32 take_between(struct hive *h, struct hive *from)
{
    u64 start = os_ticks();

    do {
        u64 seq = __atomic_load_n(&from->ctl->seq, __ATOMIC_ACQUIRE);
        struct hview view;
        u32 err = seq & 1 ? ERROR_BUSY : hive_view(from, &view);

        if (!err)
            err = take(h, &view, from);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (err != ERROR_BUSY && __atomic_load_n(&from->ctl->seq, __ATOMIC_RELAXED) == seq)
            return err;
        os_yield();
    } while (os_ticks() - start < WAIT_MS);
    return ERROR_BUSY;
}

/* ERROR_SHARING_VIOLATION: the image is of no use. */
static u32 from_image(struct hive *h, struct os_file *f, bool can_write)
{
    struct hive *from;
    u32 err = hopen_guest(h->place, f, can_write, &from);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SHARING_VIOLATION;
    err = can_write ? take_locked(h, from) : take_between(h, from);
    hopen_guest_leave(from);
    return err ? err : hbuild_meta(h);
}

/* --- from the files ----------------------------------------------------------------------------
 */

static u32 add_file(struct os_file *f, u64 limit, u32 *stamp)
{
    u8 *buf = os_alloc(PIECE);
    u32 got = PIECE, err = buf ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u64 at = 0; !err && at < limit && got == PIECE; at += got) {
        err = os_read_at(f, at, buf, (u32)MIN(limit - at, PIECE), &got);
        if (!err)
            *stamp = *stamp * 31 + hash_bytes(buf, got);
    }
    os_free(buf);
    return err;
}

/* Base block and logs in one number; of a clean hive the logs do not matter. A log is what
 * hbuild_image() takes for one: no link, and no longer than any. */
static u32 stamp_of(struct hive *h, struct os_file *f, u32 *stamp)
{
    static const char *const suffix[] = {".LOG1", ".LOG2"};
    u32 seq[3] = {0}, got, err = add_file(f, BASE_SECTOR, stamp);

    if (!err)
        err = os_read_at(f, 0, seq, sizeof(seq), &got);
    if (err || seq[1] == seq[2])
        return err;

    for (u32 i = 0; i < ARRAY_LEN(suffix) && !err; i++) {
        char16_t *name = hbuild_name(h->place, suffix[i]);
        struct os_file *log = NULL;

        if (!name)
            return ERROR_OUTOFMEMORY;
        if (!os_open_beside(name, OS_READ, f, &log))
            err = add_file(log, HLOG_MAX, stamp);
        os_close(log);
        os_free(name);
    }
    return err;
}

/* still: nobody writes it meanwhile. */
static u32 from_files(struct hive *h, struct os_file *f, bool still)
{
    u32 before = 0, after = 0, stamped, err;

    if (still)
        return hbuild_image(h, f, &h->recovery);
    for (u32 i = 0; i < TRIES; i++) {
        stamped = stamp_of(h, f, &before);
        err = hbuild_image(h, f, &h->recovery);
        if (!stamped)
            stamped = stamp_of(h, f, &after);
        if (stamped)
            return stamped;
        if (before == after)
            return err;
        before = after = 0;
        err = hopen_renew(h);
        if (err)
            return err;
        os_sleep(1);
    }
    return ERROR_BUSY;
}

/* --- both --------------------------------------------------------------------------------------
 */

static u32 open_file(const char16_t *path, bool *can_write, struct os_file **f)
{
    *can_write = !os_open(path, OS_READ | OS_WRITE, f);
    return *can_write ? ERROR_SUCCESS : os_open(path, OS_READ, f);
}

u32 hcopy_fill(struct hive *h)
{
    bool can_write, calm, used;
    struct os_file *f;
    u32 err = open_file(h->place, &can_write, &f);

    if (err)
        return err;
    calm = !os_lock(f, IMAGE_LOCK_OPEN, 1, false, WAIT_MS);
    used = os_locked(f, IMAGE_LOCK_USERS, 1);
    err = hopen_renew(h);
    if (!err)
        err = calm && used ? from_image(h, f, can_write) : (u32)ERROR_SHARING_VIOLATION;
    if (err == ERROR_SHARING_VIOLATION) {
        err = hopen_renew(h);
        if (!err)
            err = from_files(h, f, calm && !used && can_write);
    }
    if (calm)
        os_unlock(f, IMAGE_LOCK_OPEN, 1);
    os_close(f);
    return err;
}
