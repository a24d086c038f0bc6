/*
 * The server's one thread: who has it.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

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

START_TEST(reg_rrp_watcher)
{
    RUN_ALONE(a_first_write_starts_no_thread);
    RUN_ALONE(a_write_is_not_left_without_one_for_long);
}
