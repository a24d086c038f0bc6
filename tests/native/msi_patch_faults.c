/*
 * Failures while a patch is applied or removed, and kills at every step: afterwards everything is
 * as it was, or all is done.
 */
#include <signal.h>
#include <sys/wait.h>

#include "patch_product_fixture.h"

static const char *const ways[][2] = {{"PATCH", "one.msp;two.msp"}, {"MSIPATCHREMOVE", "two.msp"}};

/* The product, and where patches are to be removed those. */
static void start(u32 way)
{
    patched_machine("patchfaults");
    ok(!patched_run(NULL, "", ""), "install\n");
    if (way)
        ok(!patched_run("PATCH", "one.msp;two.msp", ""), "patch\n");
}

/* What tells the two states apart. */
static void is_done(u32 way)
{
    HAS(APP "two.txt", way ? "two" : "TWO-TWO");
    HAS(APP "three.txt", way ? NULL : "three");
    HAS(APP "one.txt", "ONE!");
}

static u32 one_failure(u32 way, enum os_fault_kind kind, u32 n, u32 *total)
{
    struct session *s = NULL;
    char *before, *after;
    u32 err;

    start(way);
    before = patched_state();
    err = patched_open(ways[way][0], ways[way][1], "", &s);
    ok(!err, "open: %u\n", err);
    os_fault(kind, n, false);
    err = session_do_action(s, u"INSTALL", 7);
    *total = os_fault_count(kind);
    os_fault(kind, 0, false);
    inst_close(s);
    ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
    after = patched_state();
    if (err)
        ok(!strcmp(before, after), "kind %u, failure %u:\n%s-- after\n%s", kind, n, before, after);
    else
        is_done(way);
    free(before);
    free(after);
    target_end();
    return err;
}

static void sweep(u32 way, enum os_fault_kind kind, u32 most)
{
    u32 total, unused, step, failed = 0, tried = 0;

    one_failure(way, kind, 0x7fffffff, &total);
    ok(total > 0, "kind %u: %u calls\n", kind, total);
    step = MAX(total / most, 1u);
    for (u32 n = 1; n <= total; n += step) {
        failed += one_failure(way, kind, n, &unused) != 0;
        tried++;
    }
    ok(failed > tried / 4, "kind %u: %u of %u failed\n", kind, failed, tried);
}

static void failures(u32 way)
{
    sweep(way, OS_FAULT_WRITE, 30);
    sweep(way, OS_FAULT_RENAME, 20);
    sweep(way, OS_FAULT_SYNC, 10);
    sweep(way, OS_FAULT_ALLOC, 30);
}

static void failures_of_applying(void)
{
    failures(0);
}

static void failures_of_removing(void)
{
    failures(1);
}

/* --- opening without memory ---------------------------------------------------------------------
 */

static void no_memory_for_opening(void)
{
    struct session *s = NULL;
    u32 total, failed = 0;

    start(1);
    os_fault(OS_FAULT_ALLOC, 0x7fffffff, false);
    ok(!patched_open("MSIPATCHREMOVE", "two.msp", "", &s), "open\n");
    total = os_fault_count(OS_FAULT_ALLOC);
    os_fault(OS_FAULT_ALLOC, 0, false);
    inst_close(s);
    for (u32 n = 40; n <= total; n += MAX(total / 100, 1u)) {
        struct session_options how = {.command_line = u"MSIPATCHREMOVE=" TWO};
        struct database *db = NULL;
        u32 err;

        ok(!db_open(text16(package_path("package.msi")), DB_READONLY, false, &db), "open\n");
        os_fault(OS_FAULT_ALLOC, n, false);
        err = session_open(db, &how, &s);
        os_fault(OS_FAULT_ALLOC, 0, false);
        obj_unref(db_object(db));
        failed += err != 0;
        if (!err)
            inst_close(s);
    }
    ok(failed > 50, "%u failed\n", failed);
    target_end();
}

/* --- kills --------------------------------------------------------------------------------------
 */

/* True: it was killed. */
static bool child(struct session *s, u32 step)
{
    pid_t pid = fork();
    int status = 0;

    if (!pid) {
        tgt_use(target_root);
        os_fault(OS_FAULT_STEP, step, false);
        if (s)
            session_do_action(s, u"INSTALL", 7);
        else if (run_recover())
            abort();
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

static void kills(u32 way)
{
    u32 befores = 0, afters = 0, n = 1;
    bool killed;

    do {
        struct session *s = NULL;
        char *before, *after;

        start(way);
        before = patched_state();
        ok(!patched_open(ways[way][0], ways[way][1], "", &s), "open\n");
        killed = child(s, n);
        inst_close(s);
        if (n % 3 == 1)
            child(NULL, 1 + n % 17);
        ok(!child(NULL, 0), "recover\n");
        after = patched_state();
        if (strcmp(before, after)) {
            is_done(way);
            afters++;
        } else {
            befores++;
        }
        free(before);
        free(after);
        target_end();
        n += n < 8 ? 1 : 7;
    } while (killed);
    ok(befores > 5 && afters > 1, "%u before, %u after\n", befores, afters);
}

static void kills_while_applying(void)
{
    kills(0);
}

static void kills_while_removing(void)
{
    kills(1);
}

START_TEST(msi_patch_faults)
{
    patched_make("patchfaults");
    RUN(failures_of_applying);
    RUN(failures_of_removing);
    RUN(no_memory_for_opening);
    RUN(kills_while_applying);
    RUN(kills_while_removing);
    package_end(NULL);
}
