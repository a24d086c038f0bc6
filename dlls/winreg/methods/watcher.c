#include "watcher.h"

#include "os.h"

#define LOOK_MS 10u
/* The thread stays that long when nobody waits, so that waits one after another share it. */
#define STAY_MS 2000u

static struct os_mutex lock;
static bool running; /* under lock */

static bool look(void)
{
    struct call c;
    if (call_begin_open(&c))
        return false;
    bool waiting = notify_poll();
    call_end(&c, ERROR_SUCCESS);
    return waiting;
}

/* Whether the thread may end; decided under the lock, so that no wait is added without a thread. */
static bool may_end(void)
{
    os_mutex_lock(&lock);
    bool end = !look();
    if (end)
        running = false;
    os_mutex_unlock(&lock);
    return end;
}

static void watch(void *arg)
{
    u64 quiet_since = os_ticks();
    UNUSED(arg);
    for (;;) {
        if (look())
            quiet_since = os_ticks();
        else if (os_ticks() - quiet_since > STAY_MS && may_end())
            return;
        os_sleep(LOOK_MS);
    }
}

static u32 start(void)
{
    u32 err = ERROR_SUCCESS;
    os_mutex_lock(&lock);
    if (!running) {
        err = os_thread_start(watch, NULL);
        running = !err;
    }
    os_mutex_unlock(&lock);
    return err;
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
    return err ? err : start();
}
