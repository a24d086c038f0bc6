/*
 * Failures and kills at every step of an installation: afterwards everything is as it was, or all
 * is done.
 *
 *     static const struct sweep_case upgrade = {start, open, NULL, is_done, NULL};
 *     sweep_failures(&upgrade, 15);       about so many tries of each kind of failure
 *     sweep_kills(&upgrade, 7);           the first steps, and then each seventh
 */
#ifndef TEST_SWEEP_FIXTURE_H
#define TEST_SWEEP_FIXTURE_H

#include <signal.h>
#include <sys/wait.h>

#include "package_fixture.h"

#include "run.h"

struct sweep_case {
    void (*start)(void);            /* the machine as it is before */
    struct session *(*open)(void);  /* what installs; not part of what fails. NULL: deed opens */
    u32 (*deed)(struct session *s); /* NULL: the action INSTALL */
    bool (*is_done)(void);          /* whether the machine is as it is afterwards */
    bool (*is_between)(void);       /* NULL; or whether it is as it may be left by a failure, too */
};

/* For is_done: whether a file of the machine has that text; NULL: there is none. */
TEST_UNUSED static bool sweep_has(const char *name, const char *text)
{
    FILE *f = fopen(target_path(name), "rb");
    char got[300];
    size_t n = f ? fread(got, 1, sizeof(got) - 1, f) : 0;

    got[n] = 0;
    if (f)
        fclose(f);
    return text ? f && !strcmp(got, text) : !f;
}

/* The number of files in a folder whose names end so. */
TEST_UNUSED static u32 sweep_count(const char *folder, const char *ending)
{
    DIR *d = opendir(target_path(folder));
    size_t len = strlen(ending);
    struct dirent *e;
    u32 n = 0;

    while (d && (e = readdir(d)))
        n += strlen(e->d_name) > len && !strcmp(e->d_name + strlen(e->d_name) - len, ending);
    if (d)
        closedir(d);
    return n;
}

static u32 sweep_do(const struct sweep_case *c, struct session *s)
{
    return c->deed ? c->deed(s) : session_do_action(s, u"INSTALL", 7);
}

static struct session *sweep_open(const struct sweep_case *c)
{
    return c->open ? c->open() : NULL;
}

static void sweep_close(struct session *s)
{
    if (s)
        inst_close(s);
}

/* --- failures -----------------------------------------------------------------------------------
 */

static u32 sweep_failure(const struct sweep_case *c, enum os_fault_kind kind, u32 n, u32 *total)
{
    struct session *s;
    char *before, *after;
    u32 err;

    c->start();
    before = machine_state();
    s = sweep_open(c);
    os_fault(kind, n, false);
    err = sweep_do(c, s);
    *total = os_fault_count(kind);
    os_fault(kind, 0, false);
    sweep_close(s);
    ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
    after = machine_state();
    if (err)
        ok(!strcmp(before, after) || (c->is_between && c->is_between()),
           "kind %u, failure %u: %u:\n%s-- after\n%s", kind, n, err, before, after);
    else
        ok(c->is_done(), "kind %u, failure %u: done:\n%s", kind, n, after);
    free(before);
    free(after);
    target_end();
    return err;
}

static u32 sweep_tried, sweep_failed;

/* Some ways rename nothing. */
static void sweep_kind(const struct sweep_case *c, enum os_fault_kind kind, u32 most)
{
    u32 total, unused, step;

    sweep_failure(c, kind, 0x7fffffff, &total);
    ok(total > 0 || kind == OS_FAULT_RENAME, "kind %u: %u calls\n", kind, total);
    step = MAX(total / most, 1u);
    for (u32 n = 1; n <= total; n += step) {
        sweep_failed += sweep_failure(c, kind, n, &unused) != 0;
        sweep_tried++;
    }
}

/* tries: of each kind, at most about so many. */
TEST_UNUSED static void sweep_failures(const struct sweep_case *c, u32 tries)
{
    sweep_tried = sweep_failed = 0;
    sweep_kind(c, OS_FAULT_WRITE, tries);
    sweep_kind(c, OS_FAULT_RENAME, MAX(tries * 2 / 3, 1u));
    sweep_kind(c, OS_FAULT_SYNC, MAX(tries / 3, 1u));
    sweep_kind(c, OS_FAULT_ALLOC, tries);
    ok(sweep_failed > sweep_tried / 4, "%u of %u failed\n", sweep_failed, sweep_tried);
}

/* --- kills --------------------------------------------------------------------------------------
 */

/* c NULL: it recovers. True: it was killed. */
static bool sweep_child(const struct sweep_case *c, struct session *s, u32 step)
{
    pid_t pid = fork();
    int status = 0;

    if (!pid) {
        tgt_use(target_root); /* with nothing remembered of what others changed */
        os_fault(OS_FAULT_STEP, step, false);
        if (c)
            sweep_do(c, s);
        else if (run_recover())
            abort();
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

TEST_UNUSED static void sweep_kills(const struct sweep_case *c, u32 step)
{
    u32 befores = 0, afters = 0, n = 1;
    bool killed;

    do {
        struct session *s;
        char *before, *after;

        c->start();
        before = machine_state();
        s = sweep_open(c);
        killed = sweep_child(c, s, n);
        sweep_close(s);
        if (n % 3 == 1)
            sweep_child(NULL, NULL, 1 + n % 17);
        ok(!sweep_child(NULL, NULL, 0), "recover\n");
        after = machine_state();
        if (strcmp(before, after)) {
            bool whole = c->is_done() || (killed && c->is_between && c->is_between());

            ok(whole, "killed at step %u:\n%s-- after\n%s", n, before, after);
            afters++;
        } else {
            ok(killed, "it is done\n");
            befores++;
        }
        free(before);
        free(after);
        target_end();
        n += n < 8 ? 1 : step;
    } while (killed);
    ok(befores > 2 && afters > 0, "%u before, %u after\n", befores, afters);
}

#endif
