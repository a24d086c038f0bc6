/*
 * Writes of two hives: killed at each single step of one, or with each of its system calls failing,
 * both hives have it or none, whoever opens which of them first.
 */
#include "joint.h"
#include "share_fixture.h"

#define PIECES 1u

/* Two hives, in one folder or in two. */
static char16_t paths[2][300];

static void use_paths(bool apart)
{
    static const char *const names[2][2] = {{"one", "two"}, {"one", "apart/two"}};
    char text[400];

    for (u32 i = 0; i < 2; i++) {
        snprintf(text, sizeof(text), "%s/%s", share_folder, names[apart][i]);
        paths[i][u16_from_utf8(paths[i], 299, text, strlen(text), false)] = 0;
    }
    snprintf(text, sizeof(text), "%s/apart", share_folder);
    if (apart)
        mkdir(text, 0700);
}

static void clear(void)
{
    static const char *const more[] = {"", ".LOG1", ".LOG2", ".image", ".volatile"};
    char text[400];

    for (u32 i = 0; i < ARRAY_LEN(more); i++) {
        snprintf(text, sizeof(text), "%s/apart/two%s", share_folder, more[i]);
        unlink(text);
    }
    snprintf(text, sizeof(text), "%s/apart", share_folder);
    rmdir(text);
    share_clear();
}

static void open_both(struct hive *h[2], bool second_first)
{
    for (u32 i = 0; i < 2; i++) {
        u32 n = i ^ second_first, err = hive_open(paths[n], HIVE_CREATE, &h[n]);

        ok(!err, "open %u: %u\n", n, err);
        if (err)
            abort();
    }
}

static void close_both(struct hive *h[2])
{
    hive_close(h[0]);
    hive_close(h[1]);
}

/* --- killed ------------------------------------------------------------------------------------
 */

static void work(u32 step)
{
    struct progress *p = &progress[0];
    struct hive *h[2];

    open_both(h, false);
    p->error = share_work_in_both(h, 0, 1);
    p->begun = p->done = 1;
    os_fault(OS_FAULT_STEP, step, false);
    for (u64 n = 2; n < 2 + PIECES && !p->error; n++) {
        p->begun = n;
        p->error = share_work_in_both(h, 0, n);
        p->done = p->error ? p->done : n;
    }
    close_both(h);
    p->opened = os_fault_count(OS_FAULT_STEP);
    exit(0);
}

static u64 piece_of(struct hive *h, u32 step)
{
    struct verdict v;
    u32 err = share_judge(h, 0, &v);

    ok(!err && !v.error && !v.wrong, "step %u: judge: %u %u, %u wrong\n", step, err, v.error,
       v.wrong);
    share_check(h);
    return v.n;
}

static void judge(struct hive *h[2], u32 step)
{
    struct progress *p = &progress[0];
    u64 one = piece_of(h[0], step), two = piece_of(h[1], step);
    u32 err;

    ok(one == two, "step %u: %u in one, %u in the other\n", step, (u32)one, (u32)two);
    ok(one >= p->done && one <= p->begun, "step %u: has %u, done %u, begun %u\n", step, (u32)one,
       (u32)p->done, (u32)p->begun);
    ok(!p->error, "step %u: error %u\n", step, p->error);
    err = share_work_in_both(h, 0, one + 1);
    ok(!err, "step %u: goes on: %u\n", step, err);
}

/* Who has which hive open while the child is killed, and which is opened first. */
enum who { NOBODY, NOBODY_TWO_FIRST, BOTH, ONE, TWO, WHOS };

/* A successor meets a hive of a dead owner when it writes. */
static void visit(struct hive *h, u32 step)
{
    u32 err = share_work(h, 1, 1);

    ok(!err, "step %u: a write of its own: %u\n", step, err);
}

/* True while there are more steps. */
static bool one_step(u32 step, enum who who, bool apart)
{
    struct hive *h[2], *held[2] = {NULL, NULL};
    bool died;

    share_setup();
    use_paths(apart);
    for (u32 i = 0; i < 2; i++)
        if (who == BOTH || who == (i ? TWO : ONE))
            ok(!hive_open(paths[i], HIVE_CREATE, &held[i]), "hold\n");
    share_wait(share_spawn(apart ? "apart" : "work", 0, step));
    died = !progress[0].opened;
    for (u32 i = 2; i--;)
        if (held[i])
            visit(held[i], step);
    open_both(h, who == NOBODY_TWO_FIRST);
    judge(h, step);
    close_both(h);
    close_both(held);
    clear();
    return died;
}

static void all_steps(bool apart)
{
    for (enum who who = NOBODY; who < WHOS; who++) {
        u32 step = 1;

        while (one_step(step, who, apart) && step < 2000)
            step++;
        ok(step > 30, "only %u steps\n", step);
    }
}

static void killed_at_each_step(void)
{
    all_steps(false);
}

static void in_two_folders(void)
{
    all_steps(true);
}

/* What the logs say of the folder is no longer true then. */
static void the_folder_may_be_moved_meanwhile(void)
{
    bool died = true;

    for (u32 step = 1; died && step < 2000; step++) {
        char old[256], moved[300];
        struct hive *h[2];

        share_setup();
        use_paths(false);
        share_wait(share_spawn("work", 0, step));
        died = !progress[0].opened;
        snprintf(old, sizeof(old), "%s", share_folder);
        snprintf(moved, sizeof(moved), "%s-moved", old);
        ok(!rename(old, moved), "rename\n");
        share_use(moved);
        use_paths(false);
        open_both(h, true);
        judge(h, step);
        close_both(h);
        clear();
    }
    ok(!died, "never came through\n");
}

/* --- failures ----------------------------------------------------------------------------------
 */

static void each_fails(enum os_fault_kind kind)
{
    u32 failed = 0;
    bool more = true;

    for (u32 n = 1; more; n++) {
        struct hive *h[2];
        u64 one;
        u32 err;

        share_setup();
        use_paths(false);
        open_both(h, false);
        os_fault(kind, n, false);
        err = share_work_in_both(h, 0, 1);
        more = os_fault_count(kind) >= n;
        os_fault(kind, 0, false);
        failed += err != 0;
        one = piece_of(h[0], n);
        ok(one == (err ? 0 : 1), "call %u: error %u, but piece %u\n", n, err, (u32)one);
        ok(piece_of(h[1], n) == one, "call %u: not in the other\n", n);
        err = share_work_in_both(h, 0, one + 1);
        ok(!err, "call %u: goes on: %u\n", n, err);
        close_both(h);
        open_both(h, true);
        ok(piece_of(h[0], n) == one + 1 && piece_of(h[1], n) == one + 1, "call %u: later\n", n);
        close_both(h);
        clear();
    }
    ok(failed > 2, "kind %d: only %u failures\n", (int)kind, failed);
}

static void allocations_fail(void)
{
    each_fails(OS_FAULT_ALLOC);
}

static void writes_fail(void)
{
    each_fails(OS_FAULT_WRITE);
}

static void syncs_fail(void)
{
    each_fails(OS_FAULT_SYNC);
}

/* --- the file ----------------------------------------------------------------------------------
 */

static u32 taken(void)
{
    u64 places[JOINT_PLACES + 1] = {0};
    char text[400];
    u32 n = 0;
    int fd;

    snprintf(text, sizeof(text), "%s/COMMITTED", share_folder);
    fd = open(text, O_RDONLY);
    ok(fd >= 0 && read(fd, places, sizeof(places)) == JOINT_PLACES * 8, "the file\n");
    close(fd);
    for (u32 i = 0; i < JOINT_PLACES; i++)
        n += places[i] != 0;
    return n;
}

static void places_are_given_back(void)
{
    struct hive *h[2];

    share_setup();
    use_paths(false);
    open_both(h, false);
    for (u64 n = 1; n < 10; n++)
        ok(!share_work_in_both(h, 0, n), "work\n");
    ok(!taken(), "%u taken\n", taken());
    close_both(h);
    clear();
}

static void without_a_place_nothing_is_written(void)
{
    struct hive *h[2];
    char text[400];
    u8 full[JOINT_PLACES * 8];
    int fd;

    share_setup();
    use_paths(false);
    open_both(h, false);
    ok(!share_work_in_both(h, 0, 1), "work\n");
    snprintf(text, sizeof(text), "%s/COMMITTED", share_folder);
    memset(full, 0x55, sizeof(full));
    fd = open(text, O_WRONLY);
    ok(write(fd, full, sizeof(full)) == sizeof(full), "fill\n");
    close(fd);
    ok(share_work_in_both(h, 0, 2) == ERROR_NO_LOG_SPACE, "full\n");
    ok(piece_of(h[0], 0) == 1 && piece_of(h[1], 0) == 1, "changed\n");
    ok(!share_work(h[0], 0, 2), "one alone\n");
    close_both(h);
    clear();
}

static void hives_in_memory_need_no_file(void)
{
    struct hive *h[2];

    share_setup();
    use_paths(false);
    ok(!hive_open(NULL, HIVE_MEMORY, &h[0]), "memory\n");
    ok(!hive_open(paths[1], HIVE_CREATE, &h[1]), "file\n");
    ok(!share_work_in_both(h, 0, 1), "work\n");
    ok(piece_of(h[0], 0) == 1 && piece_of(h[1], 0) == 1, "not there\n");
    close_both(h);
    clear();
}

START_TEST(reg_joint)
{
    if (test_child()) {
        share_use(test_argv[2]);
        use_paths(!strcmp(test_argv[3], "apart"));
        work((u32)atoi(test_argv[5]));
    }
    RUN(killed_at_each_step);
    RUN(in_two_folders);
    RUN(the_folder_may_be_moved_meanwhile);
    RUN(allocations_fail);
    RUN(writes_fail);
    RUN(syncs_fail);
    RUN(places_are_given_back);
    RUN(without_a_place_nothing_is_written);
    RUN(hives_in_memory_need_no_file);
}
