/*
 * Processes killed at any moment while they write to one hive: nothing that returned success is
 * lost, the others go on, the hive stays whole.
 *
 *     reg_kill           some hundreds of kills
 *     reg_kill kills=N   N of them
 */
#include "share_fixture.h"

#define FLUSH_EVERY 61u
#define LIVE_MS     2000u

static u32 kills = 300;

/* --- a worker -------------------------------------------------------------------------------- */

/* From the piece after the last one there. COUNT pieces, then a proper close and another start. */
static void work(u32 i, u32 count)
{
    struct progress *p = &progress[i];
    struct verdict v;
    struct hive *h;

    if (i % 2) /* every checkpoint of this one merges its log */
        hive_merge_gain = INT64_MIN;
    p->error = hive_open(share_path, HIVE_CREATE, &h);
    if (!p->error)
        p->error = share_judge(h, i, &v);
    if (p->error)
        exit(1);
    p->opened++;
    for (u64 n = v.n + 1; n <= v.n + count; n++) {
        __atomic_store_n(&p->begun, n, __ATOMIC_SEQ_CST);
        p->error = share_work(h, i, n);
        if (p->error)
            exit(1);
        __atomic_store_n(&p->done, n, __ATOMIC_SEQ_CST);
        if (n % FLUSH_EVERY == 0)
            hive_flush(h);
    }
    hive_close(h);
    exit(0);
}

/* --- the parent ------------------------------------------------------------------------------ */

static pid_t pids[WORKERS];
static u32 rounds;

static void start(u32 i)
{
    pids[i] = share_spawn("work", i, 100 + (u32)rand() % 2000);
}

static void stop(u32 i)
{
    kill(pids[i], SIGKILL);
    share_wait(pids[i]);
}

static void judge(struct hive *h, u32 i, bool with_volatile)
{
    struct verdict v;
    u64 done = __atomic_load_n(&progress[i].done, __ATOMIC_SEQ_CST);
    u64 begun = __atomic_load_n(&progress[i].begun, __ATOMIC_SEQ_CST);
    u32 err = share_judge(h, i, &v);

    ok(!err && !v.error, "round %u worker %u: %u %u\n", rounds, i, err, v.error);
    ok(v.n >= done && v.n <= begun, "round %u worker %u: has %u, done %u, begun %u\n", rounds, i,
       (u32)v.n, (u32)done, (u32)begun);
    ok(!v.wrong, "round %u worker %u: %u wrong after %u\n", rounds, i, v.wrong, (u32)v.n);
    if (with_volatile)
        ok(v.vol_n == v.n, "round %u worker %u: volatile %u, stable %u\n", rounds, i, (u32)v.vol_n,
           (u32)v.n);
    ok(!progress[i].error, "worker %u: %u\n", i, progress[i].error);
}

static void pause_us(u32 us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000};

    nanosleep(&t, NULL);
}

/* Worker i gets a piece done. */
static u64 longest;
static void must_live(u32 i)
{
    u64 since = share_ms(), was = __atomic_load_n(&progress[i].done, __ATOMIC_SEQ_CST);
    int status;

    while (__atomic_load_n(&progress[i].done, __ATOMIC_SEQ_CST) == was &&
           share_ms() - since < 4 * LIVE_MS) {
        if (waitpid(pids[i], &status, WNOHANG) == pids[i])
            start(i);
        pause_us(100);
    }
    longest = MAX(longest, share_ms() - since);
    ok(share_ms() - since < LIVE_MS, "worker %u stood still for %u ms\n", i,
       (u32)(share_ms() - since));
}

/* Some workers die, the others and this process go on. */
static void one_dies(u32 workers, u32 count)
{
    struct hive *h;
    u32 err = hive_open(share_path, HIVE_CREATE, &h);

    ok(!err, "open: %u\n", err);
    if (err)
        return;
    for (u32 i = 0; i < workers; i++)
        start(i);
    for (u32 k = 0; k < count; k++, rounds++) {
        u32 i = (u32)rand() % workers;

        pause_us((u32)rand() % 4000);
        stop(i);
        judge(h, i, true);
        start(i);
        if (k % 16 == 0)
            must_live((i + 1) % workers);
        if (k % 64 == 0)
            share_check(h);
    }
    for (u32 i = 0; i < workers; i++)
        stop(i);
    for (u32 i = 0; i < workers; i++)
        judge(h, i, true);
    share_check(h);
    hive_close(h);
}

/* All die; what the next one finds comes from the hive file and the logs. */
static void all_die(u32 workers, u32 count)
{
    struct hive *h;

    for (u32 k = 0; k < count; k += workers, rounds++) {
        u32 err;

        for (u32 i = 0; i < workers; i++)
            start(i);
        pause_us(2000 + (u32)rand() % 12000);
        for (u32 i = 0; i < workers; i++)
            kill(pids[i], SIGKILL);
        for (u32 i = 0; i < workers; i++)
            share_wait(pids[i]);
        err = hive_open(share_path, HIVE_CREATE, &h);
        ok(!err, "round %u: open: %u\n", rounds, err);
        if (err)
            return;
        for (u32 i = 0; i < workers; i++)
            judge(h, i, false);
        if (k % 32 == 0)
            share_check(h);
        hive_close(h);
    }
}

static u64 pieces, opens;
static void count_work(void)
{
    for (u32 i = 0; i < WORKERS; i++) {
        pieces += progress[i].done;
        opens += progress[i].opened;
    }
}

static void run(void)
{
    u32 seed = (u32)time(NULL);

    srand(seed);
    share_setup();
    one_dies(4, kills * 2 / 3);
    count_work();
    share_clear();
    share_setup();
    all_die(3, kills / 3);
    count_work();
    share_clear();
    ok(pieces > kills, "%u pieces of work in all\n", (u32)pieces);
    printf("seed %u: %u kills survived, %u writes, %u opens, longest stand-still %u ms\n", seed,
           kills, (u32)pieces, (u32)opens, (u32)longest);
}

START_TEST(reg_kill)
{
    if (test_child()) {
        share_use(test_argv[2]);
        work((u32)atoi(test_argv[4]), (u32)atoi(test_argv[5]));
    }
    for (int i = 1; i < test_argc; i++)
        if (!strncmp(test_argv[i], "kills=", 6))
            kills = (u32)atoi(test_argv[i] + 6);
    run();
}
