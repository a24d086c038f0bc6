/*
 * Many threads on one server: handles closed under each other, keys made and deleted, waits for
 * changes, a shutdown in the middle.
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

#include <pthread.h>

#define THREADS 8

static void run_threads(void *(*fn)(void *), void *arg)
{
    pthread_t t[THREADS];
    for (u32 i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, fn, arg);
    for (u32 i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
}

/* --- one handle, many closers
 * --------------------------------------------------------------------------- */

#define ROUNDS 500

struct closing {
    RPC_HKEY handles[ROUNDS];
    u32 closed[ROUNDS];
    u32 wrong;
};

static void *close_all(void *arg)
{
    struct closing *c = arg;
    for (u32 i = 0; i < ROUNDS; i++) {
        RPC_HKEY key = c->handles[i];
        DWORD err = BaseRegCloseKey(&key);
        if (!err && !key)
            __atomic_fetch_add(&c->closed[i], 1, __ATOMIC_RELAXED);
        else if (err != ERROR_INVALID_HANDLE || key != c->handles[i])
            __atomic_fetch_add(&c->wrong, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void of_many_that_close_one_handle_one_succeeds(void)
{
    static struct closing c;
    struct fixture f;
    u32 once = 0;
    fixture_start(&f);
    memset(&c, 0, sizeof c);
    for (u32 i = 0; i < ROUNDS; i++)
        ok(!OpenLocalMachine(NULL, KEY_READ, &c.handles[i]), "open\n");
    run_threads(close_all, &c);
    for (u32 i = 0; i < ROUNDS; i++)
        once += c.closed[i] == 1;
    ok(once == ROUNDS && !c.wrong, "%u of %u, %u wrong\n", once, ROUNDS, c.wrong);
    fixture_stop(&f);
}

/* --- use and close
 * ---------------------------------------------------------------------------------------- */

struct sharing {
    RPC_HKEY root;
    RPC_HKEY shared; /* of whoever is first to close it */
    u32 bad, turn;
};

static void *use_and_close(void *arg)
{
    struct sharing *s = arg;
    u32 who = __atomic_fetch_add(&s->turn, 1, __ATOMIC_RELAXED);
    for (u32 i = 0; i < 300; i++) {
        RPC_HKEY key = __atomic_load_n(&s->shared, __ATOMIC_RELAXED), fresh = NULL;
        DWORD type, n = 0, size = 4, len;
        DWORD err = query_value(key, u"v", &type, &n, &size, &len);
        if (err != ERROR_SUCCESS && err != ERROR_INVALID_HANDLE)
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
        if (!err && n != 7)
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
        if (i % THREADS != who % THREADS)
            continue;
        BaseRegCloseKey(&key);
        if (open_key(s->root, u"Software\\Shared", KEY_READ, &fresh))
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
        RPC_HKEY old = __atomic_exchange_n(&s->shared, fresh, __ATOMIC_RELAXED);
        if (old != key)
            BaseRegCloseKey(&old);
    }
    return NULL;
}

static void a_handle_may_be_closed_while_it_is_used(void)
{
    struct fixture f;
    struct sharing s = {0};
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &s.root), "root\n");
    put_number(s.root, u"Software\\Shared", 0, 7);
    ok(!open_key(s.root, u"Software\\Shared", KEY_READ, &s.shared), "open\n");
    run_threads(use_and_close, &s);
    ok(!s.bad, "%u wrong answers\n", s.bad);
    BaseRegCloseKey(&s.shared);
    close_key(s.root);
    fixture_stop(&f);
}

/* --- keys that come and go
 * -------------------------------------------------------------------------------- */

static void *make_and_delete(void *arg)
{
    struct sharing *s = arg;
    static const char16_t *const names[] = {u"Software\\G\\a", u"Software\\G\\b",
                                            u"Software\\G\\c"};
    for (u32 i = 0; i < 120; i++) {
        RPC_HKEY key;
        const char16_t *name = names[i % 3];
        RRP_UNICODE_STRING n = str(name);
        DWORD err = create_key(s->root, name, 0, KEY_ALL_ACCESS, &key);
        if (err) {
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
            continue;
        }
        err = set_value(key, u"v", REG_DWORD, &i, 4);
        if (err && err != ERROR_KEY_DELETED)
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
        err = BaseRegDeleteKey(s->root, &n);
        if (err && err != ERROR_FILE_NOT_FOUND && err != ERROR_KEY_DELETED)
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
        BaseRegCloseKey(&key);
    }
    return NULL;
}

static void keys_are_made_and_deleted_by_all(void)
{
    struct fixture f;
    struct sharing s = {0};
    fixture_start(&f);
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &s.root), "root\n");
    run_threads(make_and_delete, &s);
    ok(!s.bad, "%u wrong answers\n", s.bad);
    close_key(s.root);
    fixture_stop(&f);
}

/* --- a shutdown among calls
 * -------------------------------------------------------------------------------- */

static void *open_until_down(void *arg)
{
    struct sharing *s = arg;
    for (u32 i = 0; i < 100000; i++) {
        RPC_HKEY key;
        DWORD err = OpenCurrentUser(NULL, KEY_READ, &key);
        if (!err)
            err = BaseRegCloseKey(&key);
        if (err == ERROR_WRITE_PROTECT)
            return NULL;
        if (err && err != ERROR_INVALID_HANDLE)
            __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&s->bad, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void *shut_down(void *arg)
{
    u32 *err = arg;
    os_sleep(20);
    *err = WinregShutdown();
    return NULL;
}

static void a_shutdown_ends_everybodys_calls(void)
{
    struct fixture f;
    struct sharing s = {0};
    pthread_t t;
    u32 err = 1;
    fixture_start(&f);
    pthread_create(&t, NULL, shut_down, &err);
    run_threads(open_until_down, &s);
    pthread_join(t, NULL);
    ok(!err, "shutdown gave %u\n", err);
    ok(!s.bad, "%u wrong answers\n", s.bad);
    ok(!WinregStart(f.folder), "start\n");
    fixture_stop(&f);
}

/* --- waiting for changes
 * ------------------------------------------------------------------------------------ */

static u32 fired;

static void fire(void *ctx)
{
    __atomic_fetch_add((u32 *)ctx, 1, __ATOMIC_RELAXED);
}

static u32 fires(void)
{
    return __atomic_load_n(&fired, __ATOMIC_RELAXED);
}

static void a_wait_is_over_once(void)
{
    struct fixture f;
    RPC_HKEY key, other;
    struct notify_wait w = {fire, &fired, 0};
    fixture_start(&f);
    key = make_key(u"Software\\W");
    other = make_key(u"Software\\W\\below");
    fired = 0;
    ok(!watcher_add(key, false, 4, &w), "wait for values\n");
    ok(!set_value(other, u"v", 1, NULL, 0), "set below\n");
    ok(fires() == 0, "below is not asked for\n");
    ok(!set_value(key, u"v", 1, NULL, 0), "set\n");
    ok(fires() == 1, "%u\n", fires());
    ok(!watcher_add(key, false, 4, &w), "wait again\n");
    ok(fires() == 1, "nothing has happened: %u\n", fires());
    close_key(key);
    ok(fires() == 2, "closing ends the wait: %u\n", fires());
    key = make_key(u"Software\\W");
    ok(!watcher_add(key, true, 5, &w), "wait for all below\n");
    ok(!set_value(other, u"v", 2, NULL, 0), "set below\n");
    ok(fires() == 3, "%u\n", fires());
    ok(!set_value(other, u"v", 3, NULL, 0), "with nobody waiting\n");
    ok(!watcher_add(key, true, 5, &w), "what came meanwhile\n");
    ok(fires() == 4, "%u\n", fires());
    close_key(key);
    close_key(other);
    fixture_stop(&f);
}

static void a_wait_needs_the_right(void)
{
    struct fixture f;
    RPC_HKEY root, key;
    struct notify_wait w = {fire, &fired, 0};
    fixture_start(&f);
    close_key(make_key(u"Software\\W"));
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(!open_key(root, u"Software\\W", KEY_QUERY_VALUE, &key), "open\n");
    ok(watcher_add(key, false, 4, &w) == ERROR_ACCESS_DENIED, "wait\n");
    close_key(key);
    close_key(root);
    fixture_stop(&f);
}

/* --- loading and unloading
 * -------------------------------------------------------------------------------- */

struct loading {
    RPC_HKEY machine;
    char16_t file[96];
    u32 turn, wrong, loads;
};

/* One thread loads and unloads, the others open a key of the hive. */
static void *load_or_read(void *arg)
{
    struct loading *l = arg;
    RRP_UNICODE_STRING name = str(u"Loaded"), file = str(l->file);
    bool loads = __atomic_fetch_add(&l->turn, 1, __ATOMIC_RELAXED) == 0;
    for (u32 i = 0; i < 40; i++) {
        RPC_HKEY key;
        DWORD err = loads ? BaseRegLoadKey(l->machine, &name, &file)
                          : open_key(l->machine, u"Loaded", KEY_READ, &key);
        if (loads && !err)
            l->loads++;
        if (err && err != ERROR_FILE_NOT_FOUND && err != ERROR_ACCESS_DENIED)
            __atomic_fetch_add(&l->wrong, 1, __ATOMIC_RELAXED);
        if (!loads && !err)
            BaseRegCloseKey(&key);
        err = loads ? BaseRegUnLoadKey(l->machine, &name) : ERROR_SUCCESS;
        if (err && err != ERROR_ACCESS_DENIED)
            __atomic_fetch_add(&l->wrong, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void a_hive_is_loaded_and_unloaded_under_readers(void)
{
    struct loading l = {0};
    struct fixture f;
    fixture_start(&f);
    RRP_UNICODE_STRING name = str(u"Loaded");
    size_t n = u16_copy(l.file, 64, f.folder);
    u16_copy(l.file + n, 32, u"/threads.hiv");
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &l.machine), "machine\n");
    run_threads(load_or_read, &l);
    ok(!l.wrong && l.loads, "%u wrong answers, %u loads\n", l.wrong, l.loads);
    DWORD err = BaseRegUnLoadKey(l.machine, &name);
    ok(!err || err == ERROR_FILE_NOT_FOUND, "unload: %u\n", err);
    close_key(l.machine);
    fixture_stop(&f);
}

START_TEST(reg_rrp_threads)
{
    RUN(a_hive_is_loaded_and_unloaded_under_readers);
    RUN(of_many_that_close_one_handle_one_succeeds);
    RUN(a_handle_may_be_closed_while_it_is_used);
    RUN(keys_are_made_and_deleted_by_all);
    RUN(a_shutdown_ends_everybodys_calls);
    RUN(a_wait_is_over_once);
    RUN(a_wait_needs_the_right);
}
