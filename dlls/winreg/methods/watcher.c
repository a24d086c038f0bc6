/*
 * Invariant: whoever gives the thread something to do counts `wakes` up, and then looks whether it
 * runs; the thread says that it ends, and then looks whether wakes were counted. So one of the two
 * sees the other.
 */
#include "watcher.h"

#include "inside.h"
#include "os.h"
#include "space_loaded.h"

#define LOOK_MS  10u   /* between two looks for changes, while somebody waits */
#define IDLE_MS  200u  /* otherwise */
#define STAY_MS  8000u /* with nothing to do; longer than FLUSH_MS */
#define YOUNG_MS 1000u /* from a first write on, before the thread is started for it */
#define FLUSH_MS 5000u /* what was committed that long ago goes to the hive file */

static struct os_mutex lock; /* of starting */
static u32 running, wakes;
static u64 deferred; /* since when a write waits for the thread to be started; 0: none does */

static void flush_mount(void *ctx, struct mount *m)
{
    UNUSED(ctx);
    if (!(m->flags & MOUNT_MEMORY))
        hive_flush_lazy(m->hive, FLUSH_MS);
}

/* *waiting: somebody does; *keep: there will be something to look for. False when the server is
 * down. */
static bool look(bool flush, bool *waiting, bool *keep)
{
    struct call c;
    *waiting = *keep = false;
    if (call_begin_open(&c))
        return false;
    *waiting = notify_poll();
    if (flush)
        space_each_open(flush_mount, NULL);
    *keep = *waiting || space_loaded_open();
    if (*keep)
        space_sync();
    call_end(&c, ERROR_SUCCESS);
    inside_reap();
    return true;
}

static bool may_end(u32 seen)
{
    __atomic_store_n(&running, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&wakes, __ATOMIC_SEQ_CST) == seen)
        return true;
    os_mutex_lock(&lock);
    /* Another thread may have been started in the meantime. */
    bool taken = __atomic_exchange_n(&running, 1, __ATOMIC_SEQ_CST) != 0;
    os_mutex_unlock(&lock);
    return taken;
}

static void watch(void *arg)
{
    u64 idle_since = os_ticks(), flushed = os_ticks();
    u32 seen = __atomic_load_n(&wakes, __ATOMIC_SEQ_CST);
    bool waiting, keep;
    UNUSED(arg);
    for (;;) {
        u32 now = __atomic_load_n(&wakes, __ATOMIC_SEQ_CST);
        bool flush = os_ticks() - flushed > 1000;
        bool up = look(flush, &waiting, &keep);
        if (flush)
            flushed = os_ticks();
        if (keep || now != seen)
            idle_since = os_ticks();
        seen = now;
        if ((!up || os_ticks() - idle_since > STAY_MS) && may_end(seen))
            return;
        os_sleep(waiting ? LOOK_MS : IDLE_MS);
    }
}

u32 watcher_wake(void)
{
    u32 err = ERROR_SUCCESS;
    __atomic_fetch_add(&wakes, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&running, __ATOMIC_SEQ_CST))
        return ERROR_SUCCESS;
    os_mutex_lock(&lock);
    if (!__atomic_load_n(&running, __ATOMIC_SEQ_CST)) {
        err = os_thread_start(watch, NULL);
        if (!err)
            __atomic_store_n(&running, 1, __ATOMIC_SEQ_CST);
    }
    os_mutex_unlock(&lock);
    return err;
}

void watcher_due(void)
{
    u64 since = __atomic_load_n(&deferred, __ATOMIC_RELAXED);
    if (!since || os_ticks() - since < YOUNG_MS)
        return;
    __atomic_store_n(&deferred, 0, __ATOMIC_RELAXED);
    watcher_wake();
}

/* Without a thread what was committed stays in the log until the hive is closed. Many programs
 * write and end at once: they are spared it, for on Wine 8 a thread that begins while its process
 * ends can crash both. */
static void committed(struct mount *m)
{
    u64 now = os_ticks();
    notify_committed(m);
    if (m->flags & MOUNT_MEMORY)
        return;
    if (__atomic_load_n(&running, __ATOMIC_SEQ_CST))
        watcher_wake();
    else if (!__atomic_load_n(&deferred, __ATOMIC_RELAXED))
        __atomic_store_n(&deferred, MAX(now, 1u), __ATOMIC_RELAXED);
    else
        watcher_due();
}

void watcher_init(void)
{
    nsp_on_commit(committed);
    space_on_remove(notify_unmounted);
}

u32 watcher_add(RPC_HKEY key, bool subtree, u32 filter, const struct notify_wait *wait)
{
    struct call c;
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_need(&c, ACCESS_NOTIFY);
    if (!err)
        err = notify_add(c.handle, &c.row, filter & 0xfu, subtree, wait);
    call_end(&c, err);
    return err ? err : watcher_wake();
}
