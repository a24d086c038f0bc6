/*
 * The server's one thread: who has it.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "notify.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"
#include "watch.h"
#include "watcher.h"

#include "other_fixture.h"

#include <dirent.h>

static u32 threads(void)
{
    DIR *d = opendir("/proc/self/task");
    u32 n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* A process that writes and ends at once is spared it. */
static void a_first_write_starts_no_thread(void)
{
    struct fixture f;
    fixture_start(&f);
    u32 before = threads();
    close_key(make_key(u"Software\\W"));
    close_key(make_key(u"Software\\W\\a"));
    ok(threads() == before, "%u threads, %u before\n", threads(), before);
    fixture_stop(&f);
}

static void a_write_is_not_left_without_one_for_long(void)
{
    struct fixture f;
    RPC_HKEY key;
    fixture_start(&f);
    u32 before = threads();
    key = make_key(u"Software\\W");
    os_sleep(1100);
    close_key(make_key(u"Software\\W")); /* which is there: opened, not written */
    ok(threads() == before + 1, "%u threads, %u before\n", threads(), before);
    close_key(key);
    fixture_stop(&f);
}

static void count_fired(void *ctx)
{
    __atomic_add_fetch((u32 *)ctx, 1, __ATOMIC_SEQ_CST);
}

/* Who waits for all hives of the machine listens to loaded ones too. */
static void a_wait_outlives_a_hive_that_is_unloaded(void)
{
    struct fixture f;
    RPC_HKEY m;
    char16_t file[128];
    char path[128];
    u32 fired = 0;
    const struct notify_wait wait = {count_fired, &fired, 0};
    fixture_start(&f);
    snprintf(path, sizeof path, "%s/loaded.dat", f.path);
    u16_from_utf8(file, ARRAY_LEN(file), path, strlen(path) + 1, false);
    RRP_UNICODE_STRING s = str(file), name = str(u"Loaded");
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    put_number(m, u"Software\\W", 0, 1);
    ok(!BaseRegLoadKey(m, &name, &s), "load\n");
    ok(!watcher_add(m, true, WATCH_NAME | WATCH_LAST_SET, &wait), "wait\n");
    ok(!BaseRegUnLoadKey(m, &name), "unload\n");
    u32 early = __atomic_load_n(&fired, __ATOMIC_SEQ_CST);
    ok(!watcher_add(m, true, WATCH_NAME | WATCH_LAST_SET, &wait), "wait again\n");
    put_number(m, u"Software\\W", 0, 2);
    u32 n = __atomic_load_n(&fired, __ATOMIC_SEQ_CST);
    ok(!early && n == 2, "%u early, %u\n", early, n);
    close_key(m);
    fixture_stop(&f);
}

START_TEST(reg_rrp_watcher)
{
    RUN_ALONE(a_wait_outlives_a_hive_that_is_unloaded);
    RUN_ALONE(a_first_write_starts_no_thread);
    RUN_ALONE(a_write_is_not_left_without_one_for_long);
}
