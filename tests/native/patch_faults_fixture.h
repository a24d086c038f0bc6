/*
 * Failures and kills at every step while patches of the product come or go: afterwards everything
 * is as it was, or all is done.
 */
#ifndef TEST_PATCH_FAULTS_FIXTURE_H
#define TEST_PATCH_FAULTS_FIXTURE_H

#include <signal.h>
#include <sys/wait.h>

#include "delta_fixture.h"

static const char *const ways[][2] = {{"PATCH", "one.msp;two.msp"},
                                      {"MSIPATCHREMOVE", "two.msp"},
                                      {"PATCH", "delta1.msp;delta2.msp"}};

static const char *faults_folder;

enum { APPLYING, REMOVING, CHANGING };

/* The product, and where patches are to be removed those. */
static void start(u32 way)
{
    patched_machine(faults_folder);
    ok(!patched_run(NULL, "", ""), "install\n");
    if (way == REMOVING)
        ok(!patched_run("PATCH", "one.msp;two.msp", ""), "patch\n");
}

/* What tells the two states apart. */
static void is_done(u32 way)
{
    HAS(APP "two.txt", way ? "two" : "TWO-TWO");
    HAS(APP "three.txt", way ? NULL : "three");
    HAS(APP "one.txt", way == CHANGING ? "one-2" : "ONE!");
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

/* tries: of each kind, at most about so many. */
TEST_UNUSED static void failures(u32 way, u32 tries)
{
    sweep(way, OS_FAULT_WRITE, tries);
    sweep(way, OS_FAULT_RENAME, tries * 2 / 3);
    sweep(way, OS_FAULT_SYNC, tries / 3);
    sweep(way, OS_FAULT_ALLOC, tries);
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

TEST_UNUSED static void kills(u32 way, u32 step)
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
        n += n < 8 ? 1 : step;
    } while (killed);
    ok(befores > 5 && afters > 1, "%u before, %u after\n", befores, afters);
}

#endif
