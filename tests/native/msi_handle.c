/*
 * The handle table, on one thread: values, types, reuse, closing.
 */
#include "test.h"

#include "handle.h"
#include "os.h"
#include "record.h"

static u32 destroyed;

static void count_destroy(struct object *o)
{
    destroyed++;
    os_free(o);
}

static struct object *thing(u32 type)
{
    struct object *o = os_calloc(1, sizeof(*o));

    obj_init(o, type, count_destroy);
    return o;
}

static void a_handle_is_never_one_of_wines(void)
{
    u32 h = hnd_open(thing(OBJ_VIEW));

    ok(h >= 0x10000 && hnd_ours(h), "got %x\n", h);
    ok(!hnd_close(h), "close\n");
}

static void closing_ends_the_object_once(void)
{
    u32 h = hnd_open(thing(OBJ_VIEW));

    destroyed = 0;
    ok(hnd_close(h) == ERROR_SUCCESS, "close\n");
    ok(destroyed == 1, "destroyed %u\n", destroyed);
    ok(hnd_close(h) == ERROR_INVALID_HANDLE, "second close\n");
    ok(destroyed == 1, "destroyed %u\n", destroyed);
}

static void zero_closes_with_success(void)
{
    ok(hnd_close(0) == ERROR_SUCCESS, "close\n");
}

static void a_wrong_type_is_refused(void)
{
    struct hnd_use use;
    u32 h = hnd_open(thing(OBJ_VIEW));

    ok(hnd_use(h, OBJ_DATABASE, &use) == ERROR_INVALID_HANDLE, "used as a database\n");
    ok(hnd_use(h, OBJ_VIEW, &use) == ERROR_SUCCESS, "not used as a view\n");
    hnd_done(&use);
    ok(hnd_use(h, OBJ_ANY, &use) == ERROR_SUCCESS, "not used\n");
    hnd_done(&use);
    hnd_close(h);
}

static void what_was_never_open_is_refused(void)
{
    static const u32 bad[] = {1, 2, 0xffff, 0x3fffff, 0x400000, 0x7fffffff, 0x80000000, 0xffffffff};
    struct hnd_use use;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        ok(hnd_use(bad[i], OBJ_ANY, &use) == ERROR_INVALID_HANDLE, "%x used\n", bad[i]);
        ok(hnd_close(bad[i]) == ERROR_INVALID_HANDLE, "%x closed\n", bad[i]);
    }
}

static void a_value_does_not_come_back_soon(void)
{
    u32 first = hnd_open(thing(OBJ_VIEW)), seen = 0;

    hnd_close(first);
    for (u32 i = 0; i < 100000; i++) {
        u32 h = hnd_open(thing(OBJ_VIEW));

        seen += h == first;
        hnd_close(h);
    }
    ok(!seen, "the value came back %u times\n", seen);
}

static void close_all_tells_how_many(void)
{
    destroyed = 0;
    for (int i = 0; i < 5; i++)
        hnd_open(thing(OBJ_VIEW));
    ok(hnd_close_all() == 5, "first\n");
    ok(destroyed == 5, "destroyed %u\n", destroyed);
    ok(hnd_close_all() == 0, "second\n");
}

static void many_are_open_at_once(void)
{
    enum { MANY = 100000 };
    u32 *h = os_alloc(MANY * sizeof(*h)), bad = 0;
    struct hnd_use use;

    for (u32 i = 0; i < MANY; i++)
        h[i] = hnd_open(thing(OBJ_VIEW));
    ok(hnd_count() == MANY, "count %u\n", hnd_count());
    for (u32 i = 0; i < MANY; i++) {
        bad += hnd_use(h[i], OBJ_VIEW, &use) != ERROR_SUCCESS;
        hnd_done(&use);
    }
    for (u32 i = 0; i < MANY; i += 2)
        bad += hnd_close(h[i]) != ERROR_SUCCESS;
    for (u32 i = 0; i < MANY; i++)
        bad += (hnd_close(h[i]) == ERROR_SUCCESS) != (i & 1);
    ok(!bad, "%u wrong answers\n", bad);
    ok(!hnd_count(), "count %u\n", hnd_count());
    os_free(h);
}

static void want_of_memory_gives_no_handle_and_no_leak(void)
{
    u32 opened = 0;

    destroyed = 0;
    for (u32 i = 0; i < 3000; i++) {
        struct object *o = thing(OBJ_VIEW);
        u32 h;

        os_fault(OS_FAULT_ALLOC, 1, true);
        h = hnd_open(o);
        os_fault(OS_FAULT_ALLOC, 0, false);
        opened += h != 0;
    }
    ok(hnd_close_all() == opened, "open\n");
    ok(destroyed == 3000, "destroyed %u\n", destroyed);
}

/* The number of a thread that was killed comes back; its handles do not come along. */
static void a_killed_threads_handles_are_not_the_next_ones(void)
{
    u32 dead = hnd_open(rec_object(rec_create(1))), mine;
    struct hnd_use use;

    hnd_tls_set(NULL); /* as another thread of this number finds it */
    mine = hnd_open(rec_object(rec_create(1)));
    ok(hnd_close(dead) == ERROR_INVALID_HANDLE, "the dead one's\n");
    ok(!hnd_use(dead, OBJ_RECORD, &use), "is usable still\n");
    hnd_done(&use);
    ok(hnd_close_all() == 1, "mine alone\n");
    ok(hnd_close(mine) == ERROR_INVALID_HANDLE, "is closed\n");
}

START_TEST(msi_handle)
{
    hnd_tls_start();
    RUN(a_handle_is_never_one_of_wines);
    RUN(closing_ends_the_object_once);
    RUN(zero_closes_with_success);
    RUN(a_wrong_type_is_refused);
    RUN(what_was_never_open_is_refused);
    RUN(a_value_does_not_come_back_soon);
    RUN(close_all_tells_how_many);
    RUN(many_are_open_at_once);
    RUN(want_of_memory_gives_no_handle_and_no_leak);
    RUN(a_killed_threads_handles_are_not_the_next_ones);
    hnd_thread_end();
}
