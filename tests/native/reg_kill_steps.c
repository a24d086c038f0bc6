/*
 * A process killed at each single step of its work on a hive, one run for each: opening, writing
 * (with growth, volatile and large data), flushing, closing. Its successor finds everything that
 * was acknowledged, whether it had the hive open all the time or comes later.
 */
#include "share_fixture.h"

#define PIECES 12u

/* What PIECES pieces are: the fixture's, from where 97 divides one of them (large data). */
#define FROM 90u

static void work(u32 step)
{
    struct progress *p = &progress[0];
    struct hive *h;

    if (p->flushed) /* every checkpoint merges its log */
        hive_merge_gain = INT64_MIN;
    os_fault(OS_FAULT_STEP, step, false);
    p->error = hive_open(share_path, HIVE_CREATE, &h);
    for (u64 n = FROM; n < FROM + PIECES && !p->error; n++) {
        p->begun = n;
        p->error = share_work(h, 0, n);
        p->done = p->error ? p->done : n;
        if (!p->error && n % 4 == 0)
            p->error = hive_flush(h);
    }
    hive_close(h);
    p->opened = os_fault_count(OS_FAULT_STEP);
    exit(0);
}

/* From FROM on: what the fixture's judge expects of earlier pieces is not there. */
static u32 before[PIECES + 1];

static void judge(struct hive *h, u32 step, bool shared)
{
    struct progress *p = &progress[0];
    struct verdict v;
    u32 err = share_judge(h, 0, &v);

    ok(!err && !v.error, "step %u: judge: %u %u\n", step, err, v.error);
    ok(v.n >= p->done && v.n <= p->begun, "step %u: has %u, done %u, begun %u\n", step, (u32)v.n,
       (u32)p->done, (u32)p->begun);
    if (v.n)
        ok(v.wrong == before[v.n - FROM], "step %u: %u wrong instead of %u after %u\n", step,
           v.wrong, before[v.n - FROM], (u32)v.n);
    if (shared)
        ok(v.n == v.vol_n, "step %u: %u, volatile %u\n", step, (u32)v.n, (u32)v.vol_n);
    ok(!p->error, "step %u: error %u\n", step, p->error);
    share_check(h);
    /* and it can be gone on with */
    err = share_work(h, 0, v.n + 1);
    ok(!err, "step %u: work: %u\n", step, err);
    err = hive_flush(h);
    ok(!err, "step %u: flush: %u\n", step, err);
}

/* True while there are more steps. */
static bool one(u32 step, bool shared, bool merging)
{
    struct hive *h = NULL;
    bool died;
    u32 err = ERROR_SUCCESS;

    share_setup();
    progress[0].flushed = merging;
    if (shared)
        err = hive_open(share_path, HIVE_CREATE, &h);
    share_wait(share_spawn("work", 0, step));
    died = !progress[0].opened;
    if (!shared)
        err = hive_open(share_path, HIVE_CREATE, &h);
    ok(!err, "step %u: open: %u\n", step, err);
    if (!err) {
        judge(h, step, shared);
        hive_close(h);
    }
    share_clear();
    return died;
}

static void learn(void)
{
    struct hive *h;
    struct verdict v;

    ok(!hive_open(NULL, HIVE_MEMORY, &h), "open\n");
    for (u32 i = 0; i < PIECES; i++) {
        ok(!share_work(h, 0, FROM + i), "work\n");
        ok(!share_judge(h, 0, &v), "judge\n");
        before[i] = v.wrong;
    }
    hive_close(h);
}

static u32 all_steps(bool shared, bool merging)
{
    u32 step = 1;

    while (one(step, shared, merging) && step < 5000)
        step++;
    ok(step > 50, "only %u steps\n", step);
    printf("%u steps %s%s\n", step - 1, shared ? "shared" : "alone", merging ? ", merging" : "");
    return step;
}

static void shared_steps(void)
{
    u32 steps = all_steps(true, false);

    ok(all_steps(true, true) > steps, "no log was merged\n");
}

static void lonely_steps(void)
{
    u32 steps = all_steps(false, false);

    ok(all_steps(false, true) > steps, "no log was merged\n");
}

START_TEST(reg_kill_steps)
{
    if (test_child()) {
        share_use(test_argv[2]);
        work((u32)atoi(test_argv[5]));
    }
    learn();
    RUN(shared_steps);
    RUN(lonely_steps);
}
