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

START_TEST(reg_rrp_processes)
{
    RUN_ALONE(keys_values_deletions_and_waits_cross);
}
