/*
 * A second process on the same folder of hives, natively.
 */
#ifndef DECANTER_OTHER_FIXTURE_H
#define DECANTER_OTHER_FIXTURE_H

#include "rrp_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* The other process: does one thing each time it is told to. Made before this one has a thread, so
 * a test program makes all it needs before its first server starts. */
struct other {
    int tell[2], told[2];
    pid_t pid;
    void (*does)(RPC_HKEY user, char what);
};

static inline void other_runs(struct other *o, const struct fixture *f)
{
    char what = 0;
    RPC_HKEY root = NULL;
    while (read(o->tell[0], &what, 1) == 1 && what != 'q') {
        if (!root) {
            ok(!WinregStart(f->folder), "the other's start\n");
            ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "the other's root\n");
        }
        o->does(root, what);
        if (write(o->told[1], &what, 1) != 1)
            break;
    }
    if (root)
        close_key(root);
    WinregShutdown();
    _exit(test_failures ? 1 : 0);
}

static inline void other_start(struct other *o, struct fixture *f,
                               void (*does)(RPC_HKEY user, char what))
{
    snprintf(f->path, sizeof f->path, "/tmp/rrp.XXXXXX");
    ok(mkdtemp(f->path) != NULL, "no folder\n");
    u16_from_utf8(f->folder, ARRAY_LEN(f->folder), f->path, strlen(f->path) + 1, false);
    ok(!pipe(o->tell) && !pipe(o->told), "pipes\n");
    o->does = does;
    o->pid = fork();
    if (!o->pid)
        other_runs(o, f);
    ok(!WinregStart(f->folder), "start\n");
}

static inline void other_do(struct other *o, char what)
{
    char answer = 0;
    ok(write(o->tell[1], &what, 1) == 1, "tell\n");
    ok(read(o->told[0], &answer, 1) == 1 && answer == what, "the other is gone\n");
}

static inline void other_close_pipes(struct other *o)
{
    for (int i = 0; i < 2; i++) {
        close(o->tell[i]);
        close(o->told[i]);
    }
}

/* Kills it in the middle of whatever it does. */
static inline void other_kill(struct other *o)
{
    int status = 0;
    kill(o->pid, SIGKILL);
    ok(waitpid(o->pid, &status, 0) == o->pid && WIFSIGNALED(status), "status %d\n", status);
    other_close_pipes(o);
}

static inline void other_end(struct other *o)
{
    int status = 1;
    ok(write(o->tell[1], "q", 1) == 1, "tell\n");
    ok(waitpid(o->pid, &status, 0) == o->pid && status == 0, "status %d\n", status);
    other_close_pipes(o);
}

static inline void other_stop(struct other *o, struct fixture *f)
{
    other_end(o);
    fixture_stop(f);
}

/* Runs a test in a process of its own, in which no server ever started: a fork takes over no
 * threads, and has to come before them. */
static inline void alone(const char *name, void (*test)(void))
{
    int status = 1;
    fflush(stdout);
    pid_t pid = fork();
    if (!pid) {
        test_failures = 0;
        test();
        fflush(stdout);
        _exit(test_failures ? 1 : 0);
    }
    ok(waitpid(pid, &status, 0) == pid && status == 0, "%s: status %d\n", name, status);
}
#define RUN_ALONE(test) alone(#test, test)

#endif
