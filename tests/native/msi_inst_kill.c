/*
 * A process that installs is killed, and so may be the one that recovers: in the end everything is
 * as before, or as after.
 *
 *     msi_inst_kill            every step once, some random instants, some losses of power
 *     DECANTER_KILLS=N         that many random instants and losses
 *
 * When power is lost, what was written to a file since its last sync is gone, and of what happened
 * to names since the drives were synced either everything is there or nothing.
 */
#include <signal.h>
#include <sys/wait.h>

#include "run_fixture.h"

static struct buf script;
static u32 rng = 12345;

static u32 chance(u32 n)
{
    rng = rng * 1664525 + 1013904223;
    return (rng >> 8) % n;
}

/* True: it was killed. */
static bool child(void (*work)(u32 arg), u32 arg)
{
    pid_t pid = fork();
    int status = 0;

    if (!pid) {
        tgt_use(target_root); /* with nothing remembered of what others changed */
        work(arg);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

static void install(u32 step)
{
    os_fault(OS_FAULT_STEP, step, false);
    run_whole(&script);
}

static void recover(u32 step)
{
    os_fault(OS_FAULT_STEP, step, false);
    if (run_recover())
        abort();
}

static u32 befores, afters;

static void must_be_one_of_two(const char *when, u32 n)
{
    bool is_before = is_state(state_before);

    befores += is_before;
    afters += !is_before;
    if (!is_before && !is_state(state_after)) {
        char *now = state();

        ok(0, "%s %u: %s", when, n, now);
        free(now);
    } else {
        ok(1, "%s %u\n", when, n);
    }
}

static void every_step(void)
{
    u32 n = 1;

    for (before(); child(install, n); before(), n++) {
        for (u32 i = chance(3); i > 0; i--)
            child(recover, 1 + chance(40));
        ok(!child(recover, 0), "recover\n");
        must_be_one_of_two("killed at step", n);
    }
    ok(n > 60, "only %u steps\n", n);
    EXPECT(state_after, "not killed");
    ok(befores > 40 && afters > 3, "%u before, %u after\n", befores, afters);
}

static void recovery_is_killed_at_every_step(void)
{
    for (u32 at = 10; at <= 70; at += 20) {
        u32 n = 0;

        do {
            before();
            ok(child(install, at), "killed at step %u\n", at);
            n++;
            child(recover, n);
            ok(!child(recover, 0), "recovered\n");
            EXPECT(state_before, "after a recovery that was killed");
        } while (n < 30);
    }
}

static void at_random_instants(u32 times)
{
    for (u32 i = 0; i < times; i++) {
        pid_t pid;
        int status;

        before();
        pid = fork();
        if (!pid) {
            tgt_use(target_root);
            run_whole(&script);
            _exit(0);
        }
        usleep(chance(12000));
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        if (chance(2))
            child(recover, 1 + chance(60));
        ok(!child(recover, 0), "recover\n");
        must_be_one_of_two("killed at random", i);
    }
}

/* --- power -------------------------------------------------------------------------------------
 */

enum { DIRTY = 256 };

/* Files by inode: how much of each is on the medium. */
static struct dirty {
    ino_t inode;
    off_t synced;
    bool is_dirty;
} * dirty;

static char durable[320];

static void copy_tree(const char *from, const char *to)
{
    char command[1400];

    snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", to, from, to);
    if (system(command))
        abort();
}

static void watch(int fd, bool synced)
{
    struct stat st;

    if (fstat(fd, &st))
        return;
    if (S_ISDIR(st.st_mode)) {
        struct stat top;

        if (synced && !stat(target_root, &top) && top.st_ino == st.st_ino) {
            for (u32 i = 0; i < DIRTY; i++)
                dirty[i].is_dirty = false;
            copy_tree(target_root, durable);
        }
        return;
    }
    for (u32 i = 0; i < DIRTY; i++)
        if (!dirty[i].inode || dirty[i].inode == st.st_ino) {
            dirty[i].inode = st.st_ino;
            dirty[i].is_dirty = !synced;
            if (synced)
                dirty[i].synced = st.st_size;
            return;
        }
}

/* What was not synced is gone. */
static void drop_unsynced(const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *e;

    while (stream && (e = readdir(stream))) {
        char path[1400];
        struct stat st;

        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (lstat(path, &st))
            continue;
        if (S_ISDIR(st.st_mode)) {
            drop_unsynced(path);
            continue; /* its number may be that of a file which was removed */
        }
        for (u32 i = 0; i < DIRTY; i++)
            if (dirty[i].is_dirty && dirty[i].inode == st.st_ino && truncate(path, dirty[i].synced))
                abort();
    }
    if (stream)
        closedir(stream);
}

static void install_watched(u32 step)
{
    os_watch = watch;
    install(step);
}

/* The names are as they were when the drives were synced last; but journals are synced by
 * themselves. */
static void forget_names(void)
{
    char command[1400];

    snprintf(command, sizeof(command),
             "mkdir -p '%s/drive_c/Config.Msi' && cp -a '%s'/drive_c/Config.Msi/*.rbs "
             "'%s/drive_c/Config.Msi/' 2>/dev/null",
             durable, target_root, durable);
    if (system(command) < 0)
        abort();
    copy_tree(durable, target_root);
}

static void power_is_lost(u32 times)
{
    snprintf(durable, sizeof(durable), "%s-durable", target_root);
    dirty = mmap(NULL, DIRTY * sizeof(*dirty), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                 -1, 0);
    for (u32 i = 0; i < times; i++) {
        before();
        memset(dirty, 0, DIRTY * sizeof(*dirty));
        copy_tree(target_root, durable);
        if (!child(install_watched, 1 + chance(130)))
            continue;
        drop_unsynced(target_root);
        if (chance(2))
            forget_names();
        ok(!child(recover, 0), "recover\n");
        must_be_one_of_two("power lost", i);
    }
    target_empty(durable);
    rmdir(durable);
    munmap(dirty, DIRTY * sizeof(*dirty));
}

/* Where backups cannot be made by renaming. */
static void on_two_devices(u32 times)
{
    tgt_be_apart(all_apart = true);
    learn_states(&script);
    for (u32 n = 1; n < 200; n += 3) {
        before();
        if (!child(install, n))
            break;
        child(recover, 1 + chance(40));
        ok(!child(recover, 0), "recover\n");
        must_be_one_of_two("killed on two devices", n);
    }
    power_is_lost(times / 2);
    tgt_be_apart(all_apart = false);
    free(state_before);
    free(state_after);
}

START_TEST(msi_inst_kill)
{
    const char *given = getenv("DECANTER_KILLS");
    u32 times = given ? (u32)atoi(given) : 30;

    script = whole_script();
    learn_states(&script);
    every_step();
    recovery_is_killed_at_every_step();
    at_random_instants(times);
    power_is_lost(times);
    free(state_before);
    free(state_after);
    on_two_devices(times);
    target_end();
    buf_free(&script);
}
