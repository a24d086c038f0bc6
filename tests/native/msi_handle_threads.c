/*
 * The handle table under threads: wrong-thread closes are refused, uses race with closes.
 */
#include "test.h"

#include <pthread.h>

#include "handle.h"
#include "os.h"
#include "record.h"

enum { THREADS = 8, ROUNDS = 2000, SHARED = 64 };

static atomic_uint shared[SHARED];
static atomic_uint wrong_closes, bad_values, failed_owner_closes, stop;

static u32 chance(u32 *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Each thread owns some of the shared places: it replaces their records, and uses and tries to
 * close those of all others. */
static void *worker(void *arg)
{
    u32 me = (u32)(size_t)arg, seed = me * 7919 + 1;
    struct hnd_use use;

    for (u32 round = 0; round < ROUNDS; round++) {
        u32 mine = (chance(&seed) % (SHARED / THREADS)) * THREADS + me;
        u32 other = chance(&seed) % SHARED;
        struct record *r = rec_create(2);
        u32 old, h;

        rec_set_int(r, 1, (i32)mine);
        h = hnd_open(rec_object(r));
        old = atomic_exchange(&shared[mine], h);
        if (old && hnd_close(old))
            atomic_fetch_add(&failed_owner_closes, 1);
        h = atomic_load(&shared[other]);
        if (!h)
            continue;
        if (!hnd_use(h, OBJ_RECORD, &use)) {
            if (rec_get_int(rec_from(use.obj), 1) != (i32)other)
                atomic_fetch_add(&bad_values, 1);
            hnd_done(&use);
        }
        if (other % THREADS != me && hnd_close(h) == ERROR_SUCCESS)
            atomic_fetch_add(&wrong_closes, 1);
    }
    for (u32 i = me; i < SHARED; i += THREADS) {
        u32 h = atomic_exchange(&shared[i], 0);

        if (h && hnd_close(h))
            atomic_fetch_add(&failed_owner_closes, 1);
    }
    return NULL;
}

static void only_owners_close_while_all_use(void)
{
    pthread_t t[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, worker, (void *)i);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    ok(!wrong_closes, "%u closes by the wrong thread succeeded\n", wrong_closes);
    ok(!failed_owner_closes, "%u closes by the owner failed\n", failed_owner_closes);
    ok(!bad_values, "%u records were not the handle's\n", bad_values);
}

static void *leaver(void *arg)
{
    *(u32 *)arg = hnd_open(rec_object(rec_create(1)));
    return NULL;
}

static void what_an_ended_thread_left_can_be_used_and_not_closed(void)
{
    struct hnd_use use;
    pthread_t t;
    u32 h = 0;

    pthread_create(&t, NULL, leaver, &h);
    pthread_join(t, NULL);
    ok(h, "no handle\n");
    ok(hnd_use(h, OBJ_RECORD, &use) == ERROR_SUCCESS, "not usable\n");
    hnd_done(&use);
    ok(hnd_close(h) == ERROR_INVALID_HANDLE, "closed\n");
    ok(hnd_use(h, OBJ_RECORD, &use) == ERROR_SUCCESS, "not usable after\n");
    hnd_done(&use);
}

static void *setter(void *arg)
{
    struct record *r = arg;

    for (u32 i = 0; !atomic_load(&stop); i++) {
        if (i & 1)
            rec_set_text(r, 1, u"a text that is not short", 24);
        else
            rec_set_int(r, 1, 5);
    }
    return NULL;
}

static void one_record_under_two_threads_is_always_whole(void)
{
    struct record *r = rec_create(1);
    u32 bad = 0;
    pthread_t t;

    rec_set_int(r, 1, 5);
    pthread_create(&t, NULL, setter, r);
    for (u32 i = 0; i < 20000; i++) {
        struct rec_view v;

        rec_lock(r);
        rec_view(r, 1, &v);
        bad += !(v.len == 24 && v.text[23] == 't') && !(v.len == 1 && v.text[0] == '5');
        rec_unlock(r);
    }
    atomic_store(&stop, 1);
    pthread_join(t, NULL);
    ok(!bad, "%u torn fields\n", bad);
    obj_unref(rec_object(r));
}

START_TEST(msi_handle_threads)
{
    hnd_tls_start();
    RUN(only_owners_close_while_all_use);
    RUN(what_an_ended_thread_left_can_be_used_and_not_closed);
    RUN(one_record_under_two_threads_is_always_whole);
}
