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

#include "other_fixture.h"

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

static u32 fired;

/* --- a writer that does not come to an end --------------------------------------------------- */

/* In the middle of a write, with the hive's lock, for ever. */
static u32 sleep_inside(void *ctx, struct hview *v, u32 key)
{
    (void)v, (void)key;
    if (write(*(int *)ctx, "x", 1) == 1)
        pause();
    return ERROR_SUCCESS;
}

struct stuck {
    pid_t pid;
    int tell[2], told[2];
};

/* Made before this process has a server; takes the lock when it is told to. */
static void stuck_make(struct stuck *w, const struct fixture *f)
{
    char x;
    ok(!pipe(w->tell) && !pipe(w->told), "pipes\n");
    w->pid = fork();
    if (w->pid || read(w->tell[0], &x, 1) != 1)
        return;
    WinregStart(f->folder);
    struct reg_row row = {.mount = space_find(SPACE_MACHINE, u"SOFTWARE", 8)};
    nsp_write_root(&row, sleep_inside, &w->told[1]);
    _exit(1);
}

static void stuck_begin(struct stuck *w)
{
    char x = 0;
    ok(write(w->tell[1], "x", 1) == 1, "tell\n");
    ok(read(w->told[0], &x, 1) == 1 && x == 'x', "the writer\n");
}

static void stuck_end(struct stuck *w)
{
    kill(w->pid, SIGKILL);
    waitpid(w->pid, NULL, 0);
    for (int i = 0; i < 2; i++) {
        close(w->tell[i]);
        close(w->told[i]);
    }
}

static void reads_go_on(RPC_HKEY m)
{
    u64 begun = os_ticks();
    ok(number_at(m, u"Software\\s", 0) == 1, "read\n");
    ok(os_ticks() - begun < 500, "a reader waited %u ms\n", (u32)(os_ticks() - begun));
}

/* The lock's owner is killed: the next writer goes on at once. It is stopped: the others get
 * ERROR_BUSY in the set time, read on, and go on when it is gone. */
static void a_stuck_writer_holds_nobody_up_for_ever(void)
{
    struct fixture f;
    struct stuck killed, stopped;
    RPC_HKEY m, key;
    u32 n = 2;
    snprintf(f.path, sizeof f.path, "/tmp/rrp.XXXXXX");
    ok(mkdtemp(f.path) != NULL, "no folder\n");
    u16_from_utf8(f.folder, ARRAY_LEN(f.folder), f.path, strlen(f.path) + 1, false);
    stuck_make(&killed, &f);
    stuck_make(&stopped, &f);
    stuck_begin(&killed);
    ok(!WinregStart(f.folder), "start\n");
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    stuck_end(&killed);
    u64 begun = os_ticks();
    put_number(m, u"Software\\s", 0, 1);
    ok(os_ticks() - begun < 2000, "after a kill %u ms\n", (u32)(os_ticks() - begun));
    stuck_begin(&stopped);
    kill(stopped.pid, SIGSTOP);
    reads_go_on(m);
    ok(!open_key(m, u"Software\\s", KEY_ALL_ACCESS, &key), "open\n");
    begun = os_ticks();
    DWORD err = set_value(key, u"v", REG_DWORD, &n, 4);
    u32 took = (u32)(os_ticks() - begun);
    ok(err == ERROR_BUSY, "a stopped owner: %u\n", err);
    ok(took >= 9000 && took < 13000, "waited %u ms\n", took);
    reads_go_on(m);
    stuck_end(&stopped);
    begun = os_ticks();
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "afterwards\n");
    ok(os_ticks() - begun < 2000, "afterwards %u ms\n", (u32)(os_ticks() - begun));
    close_key(key);
    close_key(m);
    fixture_stop(&f);
}

/* --- notifications --------------------------------------------------------------------------- */

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
    other_start(&o, &f, other_does);
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

/* What the other process does, as REG_NOTIFY_CHANGE_* has it: 'N', 'A', 'L', 'S' to the key itself
 * where it counts, 'n', 'l' below it. */
static void other_changes(RPC_HKEY root, char what)
{
    static u32 times; /* a value set to what it holds would be no change */
    RPC_HKEY key = NULL;
    const char16_t *path = what == 'l' || what == 'n' ? u"Software\\F\\sub" : u"Software\\F";
    ok(!open_key(root, path, KEY_ALL_ACCESS, &key), "open\n");
    if (what == 'N' || what == 'n') {
        RPC_HKEY made;
        RRP_UNICODE_STRING name = str(u"made");
        ok(!create_key(key, u"made", 0, KEY_READ, &made), "make\n");
        close_key(made);
        ok(!BaseRegDeleteKey(key, &name), "delete\n");
    }
    if (what == 'L' || what == 'l')
        ok(!set_value(key, u"v", REG_DWORD, &times, 4), "set\n");
    times++;
    if (what == 'S') {
        u8 buf[1024];
        RPC_SECURITY_DESCRIPTOR in = {buf, sizeof buf, 0}, out = {0};
        ok(!BaseRegGetKeySecurity(key, 4, &in, &out), "get\n");
        out.cbInSecurityDescriptor = out.cbOutSecurityDescriptor;
        ok(!BaseRegSetKeySecurity(key, 4, &out), "set\n");
    }
    close_key(key);
}

struct watched {
    u32 filter;
    bool subtree;
    const char *wakes, *leaves;
};

static void watch_one(struct other *o, const struct watched *w)
{
    RPC_HKEY key = make_key(u"Software\\F");
    struct notify_wait wait = {fire, &fired, 0};
    fired = 0;
    ok(!watcher_add(key, w->subtree, w->filter, &wait), "wait\n");
    for (const char *c = w->leaves; *c; c++)
        other_do(o, *c);
    os_sleep(100);
    ok(!__atomic_load_n(&fired, __ATOMIC_RELAXED), "filter %u %d: woken by %s\n", w->filter,
       w->subtree, w->leaves);
    other_do(o, w->wakes[0]);
    ok(fired_soon(), "filter %u %d: not woken by %s\n", w->filter, w->subtree, w->wakes);
    close_key(key);
}

static void each_filter_hears_its_own_across_processes(void)
{
    static const struct watched all[] = {
        {1, false, "N", "LlnS"}, {1, true, "n", "LlS"},   {4, false, "L", "lNnS"},
        {4, true, "l", "NnS"},   {8, false, "S", "LlNn"}, {8, true, "S", "LlNn"},
    };
    struct fixture f;
    struct other o;
    other_start(&o, &f, other_changes);
    close_key(make_key(u"Software\\F\\sub"));
    for (u32 i = 0; i < ARRAY_LEN(all); i++)
        watch_one(&o, &all[i]);
    other_stop(&o, &f);
}

/* 'c': the user gets the class too; 'v': a value of it. */
static void other_makes_class(RPC_HKEY root, char what)
{
    RPC_HKEY key;
    if (what == 'v')
        put_number(root, u"Software\\Classes\\.c", 0, 5);
    else if (!create_key(root, u"Software\\Classes\\.c", 0, KEY_ALL_ACCESS, &key))
        close_key(key);
}

static void wait_for_class(RPC_HKEY key, struct other *o, char what)
{
    struct notify_wait w = {fire, &fired, 0};
    fired = 0;
    ok(!watcher_add(key, false, 4, &w), "wait\n");
    os_sleep(50);
    ok(!__atomic_load_n(&fired, __ATOMIC_RELAXED), "%c: fired at once\n", what);
    other_do(o, what);
    ok(fired_soon(), "%c: no news from the other process\n", what);
}

static void a_class_gets_its_counterpart_from_another_process(void)
{
    struct fixture f;
    struct other o;
    RPC_HKEY machine, top, key;
    other_start(&o, &f, other_makes_class);
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &machine), "machine\n");
    ok(!create_key(machine, u"Software\\Classes\\.c", 0, KEY_ALL_ACCESS, &key), "class\n");
    close_key(key);
    ok(!OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &top), "classes\n");
    ok(!open_key(top, u".c", KEY_READ, &key), "open\n");
    wait_for_class(key, &o, 'c');
    wait_for_class(key, &o, 'v');
    close_key(key);
    close_key(top);
    close_key(machine);
    other_stop(&o, &f);
}

START_TEST(reg_rrp_processes)
{
    RUN_ALONE(a_class_gets_its_counterpart_from_another_process);
    RUN_ALONE(a_stuck_writer_holds_nobody_up_for_ever);
    RUN_ALONE(each_filter_hears_its_own_across_processes);
    RUN_ALONE(keys_values_deletions_and_waits_cross);
}
