/*
 * Threads of one process on one hive: what a reader saw at one moment belongs together, and two
 * opens of one file in one process exclude each other as two processes do. For ThreadSanitizer.
 */
#include <pthread.h>

#include "share_fixture.h"

#define WRITES  400u
#define WRITERS 2u
#define READERS 2u

static struct hive *shared;
static u32 stop;

static u32 torn, read_errors, reads, write_errors;

static void add(u32 *counter, u32 n)
{
    __atomic_add_fetch(counter, n, __ATOMIC_RELAXED);
}

/* The fixture's pieces, with a worker's number for each thread. */
static void *writer(void *arg)
{
    u32 i = (u32)(uintptr_t)arg;

    for (u64 n = 1; n <= WRITES; n++)
        add(&write_errors, share_work(shared, i, n) != 0);
    return NULL;
}

static void *reader(void *arg)
{
    u32 i = (u32)(uintptr_t)arg;

    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        struct verdict v;

        if (share_judge(shared, i, &v) || v.error)
            add(&read_errors, 1);
        else
            add(&torn, v.wrong != 0 || v.n != v.vol_n);
        add(&reads, 1);
    }
    return NULL;
}

static void run_threads(void)
{
    pthread_t w[WRITERS], r[READERS];

    stop = torn = read_errors = reads = write_errors = 0;
    for (u32 i = 0; i < WRITERS; i++)
        pthread_create(&w[i], NULL, writer, (void *)(uintptr_t)i);
    for (u32 i = 0; i < READERS; i++)
        pthread_create(&r[i], NULL, reader, (void *)(uintptr_t)(i % WRITERS));
    for (u32 i = 0; i < WRITERS; i++)
        pthread_join(w[i], NULL);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (u32 i = 0; i < READERS; i++)
        pthread_join(r[i], NULL);
    ok(!torn && !read_errors && !write_errors, "%u torn, %u read errors, %u write errors\n", torn,
       read_errors, write_errors);
    ok(reads > 0, "nothing was read\n");
}

static void readers_see_whole_writes(void)
{
    share_setup();
    ok(!hive_open(share_path, HIVE_CREATE, &shared), "open\n");
    run_threads();
    share_check(shared);
    hive_close(shared);
    share_clear();
}

static void readers_of_own_memory_do_too(void)
{
    share_setup();
    ok(!hive_open(NULL, HIVE_MEMORY, &shared), "open\n");
    run_threads();
    share_check(shared);
    hive_close(shared);
    share_clear();
}

/* Opening and closing in several threads, while a value is passed on. */
static void *opener(void *arg)
{
    u32 i = (u32)(uintptr_t)arg;

    for (u64 n = 1; n <= 40; n++) {
        struct hive *h;

        if (hive_open(share_path, HIVE_CREATE, &h)) {
            add(&read_errors, 1);
            continue;
        }
        add(&write_errors, share_work(h, i, n) != 0);
        hive_close(h);
    }
    return NULL;
}

static void opens_and_closes_do_not_meet(void)
{
    pthread_t t[4];
    struct verdict v;

    share_setup();
    read_errors = write_errors = 0;
    for (u32 i = 0; i < ARRAY_LEN(t); i++)
        pthread_create(&t[i], NULL, opener, (void *)(uintptr_t)i);
    for (u32 i = 0; i < ARRAY_LEN(t); i++)
        pthread_join(t[i], NULL);
    ok(!read_errors && !write_errors, "%u open errors, %u write errors\n", read_errors,
       write_errors);
    ok(!hive_open(share_path, 0, &shared), "open\n");
    for (u32 i = 0; i < ARRAY_LEN(t); i++)
        ok(!share_judge(shared, i, &v) && v.n == 40 && !v.wrong, "%u: %u\n", i, (u32)v.n);
    share_check(shared);
    hive_close(shared);
    share_clear();
}

static void *leaver(void *arg)
{
    struct hive_write *w = arg;
    struct key_ref root;
    u32 key;

    if (!hive_write_begin(shared, HIVE_WAIT, w) && !key_root(&w->view, &root))
        make_key(&w->view, root.cell, "left", 1, false, &key);
    return NULL;
}

/* A thread that ends with the lock in its hands leaves nothing, and holds nobody up. */
static void a_thread_that_is_gone_has_no_lock(void)
{
    struct hive_write w;
    struct verdict v;
    pthread_t t;
    u64 since;

    share_setup();
    ok(!hive_open(share_path, HIVE_CREATE, &shared), "open\n");
    ok(!share_work(shared, 0, 1), "work\n");
    pthread_create(&t, NULL, leaver, &w);
    pthread_join(t, NULL);
    since = os_ticks();
    ok(!share_work(shared, 0, 2), "work\n");
    ok(os_ticks() - since < 2000, "%u ms\n", (u32)(os_ticks() - since));
    ok(!share_judge(shared, 0, &v) && v.n == 2 && !v.wrong, "%u\n", (u32)v.n);
    share_check(shared);
    hive_close(shared);
    share_clear();
}

START_TEST(reg_share_threads)
{
    RUN(readers_see_whole_writes);
    RUN(readers_of_own_memory_do_too);
    RUN(a_thread_that_is_gone_has_no_lock);
    RUN(opens_and_closes_do_not_meet);
}
