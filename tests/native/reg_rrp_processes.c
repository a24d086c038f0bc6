/*
 * Two processes on the same hives: what one does, the other sees at once.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"
#include "watcher.h"

#include "rrp_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

/* The other process: does one thing each time it is told to. Made before this one has a thread. */
struct other {
    int tell[2], told[2];
    pid_t pid;
};

static void other_does(RPC_HKEY root, char what)
{
    RRP_UNICODE_STRING a = str(u"Software\\Two\\a");
    if (what == 'd')
        ok(!BaseRegDeleteKey(root, &a), "the other's delete\n");
    if (what == 'c')
        put_number(root, u"Software\\Two\\a", 0, 77);
    if (what == 's')
        put_number(root, u"Software\\Two", 0, 5);
}

static void other_runs(struct other *o, const struct fixture *f)
{
    char what = 0;
    RPC_HKEY root = NULL;
    while (read(o->tell[0], &what, 1) == 1 && what != 'q') {
        if (!root) {
            ok(!WinregStart(f->folder), "the other's start\n");
            ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "the other's root\n");
        }
        other_does(root, what);
        if (write(o->told[1], &what, 1) != 1)
            break;
    }
    if (root)
        close_key(root);
    WinregShutdown();
    _exit(test_failures ? 1 : 0);
}

static void other_start(struct other *o, struct fixture *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/rrp.XXXXXX");
    ok(mkdtemp(f->path) != NULL, "no folder\n");
    u16_from_utf8(f->folder, ARRAY_LEN(f->folder), f->path, strlen(f->path) + 1, false);
    ok(!pipe(o->tell) && !pipe(o->told), "pipes\n");
    o->pid = fork();
    if (!o->pid)
        other_runs(o, f);
    ok(!WinregStart(f->folder), "start\n");
}

static void other_do(struct other *o, char what)
{
    char answer = 0;
    ok(write(o->tell[1], &what, 1) == 1, "tell\n");
    ok(read(o->told[0], &answer, 1) == 1 && answer == what, "the other is gone\n");
}

static void other_stop(struct other *o, struct fixture *f)
{
    int status = 1;
    ok(write(o->tell[1], "q", 1) == 1, "tell\n");
    ok(waitpid(o->pid, &status, 0) == o->pid && status == 0, "status %d\n", status);
    for (int i = 0; i < 2; i++) {
        close(o->tell[i]);
        close(o->told[i]);
    }
    fixture_stop(f);
}

static u32 fired;

static void fire(void *ctx)
{
    __atomic_fetch_add((u32 *)ctx, 1, __ATOMIC_RELAXED);
}

static bool fired_soon(void)
{
    for (int i = 0; i < 200 && !__atomic_load_n(&fired, __ATOMIC_RELAXED); i++)
        os_sleep(10);
    return __atomic_load_n(&fired, __ATOMIC_RELAXED) == 1;
}

static void keys_values_deletions_and_waits_cross(void)
{
    struct fixture f;
    struct other o;
    DWORD type, size = 4, len, n;
    struct notify_wait w = {fire, &fired, 0};
    other_start(&o, &f);
    RPC_HKEY root, key, two = make_key(u"Software\\Two");
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    other_do(&o, 'c');
    ok(number_at(root, u"Software\\Two\\a", 0) == 77, "what the other made\n");
    ok(!open_key(two, u"a", KEY_ALL_ACCESS, &key), "open\n");
    other_do(&o, 'd');
    ok(query_value(key, u"v", &type, &n, &size, &len) == ERROR_KEY_DELETED, "deleted there\n");
    other_do(&o, 'c');
    ok(query_value(key, u"v", &type, &n, &size, &len) == ERROR_KEY_DELETED, "another key now\n");
    ok(number_at(two, u"a", 0) == 77, "the new one\n");
    close_key(key);
    ok(!watcher_add(two, false, 4, &w), "wait\n");
    other_do(&o, 's');
    ok(fired_soon(), "no news from the other process\n");
    close_key(two);
    close_key(root);
    other_stop(&o, &f);
}

START_TEST(reg_rrp_processes)
{
    RUN(keys_values_deletions_and_waits_cross);
}
