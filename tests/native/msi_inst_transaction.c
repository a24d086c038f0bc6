/*
 * A transaction of three scripts, of which the second fails and is undone: alone, in another
 * process, killed at every step; and of sessions.
 *
 *     DECANTER_KILLS=N         that many instants at random
 */
#include <signal.h>
#include <sys/wait.h>

#include "install_fixture.h"
#include "journal.h"
#include "run_fixture.h"
#include "transaction.h"

static struct buf first, failing, last;

/* Touches what the first script touched, and then cannot go on. */
static struct buf failing_script(void)
{
    struct buf s = {0};

    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\Replaced.txt", NULL);
    add_put(&s, u"C:\\app\\new\\deep\\fresh.txt", 0, 11);
    add_put(&s, u"C:\\app\\second\\new.txt", 0, 12);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\kept.txt", NULL);
    add_reg(&s, OP_REG_SET, u"Software\\Old", u"changed", "five");
    add_reg(&s, OP_REG_REMOVE_KEY, u"Software\\New", NULL, NULL);
    add_op(&s, OP_FILE_COPY, u"C:\\app\\nothing.txt", u"C:\\app\\copied.txt");
    return s;
}

/* Files that the first and the failing one touched, once more. */
static struct buf last_script(void)
{
    struct buf s = {0};

    add_put(&s, u"C:\\app\\Replaced.txt", 0, 21);
    add_put(&s, u"C:\\app\\kept.txt", 0, 22);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\new\\deep\\fresh.txt", NULL);
    add_reg(&s, OP_REG_SET, u"Software\\Old", u"changed", "six");
    add_reg(&s, OP_REG_SET, u"Software\\New\\a", u"more", "7");
    return s;
}

/* --- runs ---------------------------------------------------------------------------------------
 */

static void give_media(struct run *r)
{
    static const struct media_ways ways = {.ready = has_file, .put = put_file, .done = media_done};
    struct media *m = os_alloc(sizeof(*m));

    if (!m)
        abort();
    m->run = r;
    run_set_media(r, m, &ways);
}

static u32 run_part(struct run *r, const struct buf *script)
{
    u32 place, err = run_mark(r, &place);

    give_media(r);
    if (!err)
        err = run_script(r, script->data, script->len);
    run_set_media(r, NULL, NULL);
    if (err)
        return run_undo_from(r, place) ? ERROR_INSTALL_FAILURE : ERROR_SUCCESS;
    return ERROR_SUCCESS;
}

static u32 three_parts(bool commit)
{
    struct run *r = NULL;
    u32 err = run_begin(NULL, true, &r);

    if (!err)
        err = run_part(r, &first);
    if (!err)
        err = run_part(r, &failing);
    if (!err)
        err = run_part(r, &last);
    if (!err && commit)
        err = run_commit(r);
    if (!err && !commit)
        err = run_undo(r);
    run_end(r);
    return err;
}

static void what_failed_is_undone_alone(void)
{
    struct run *r = NULL;
    char *after_first, *now;

    before();
    state_before = state();
    ok(!run_begin(NULL, true, &r), "begin\n");
    ok(!run_part(r, &first), "the first\n");
    give_media(r);
    ok(run_script(r, failing.data, failing.len) != 0, "the second fails\n");
    run_undo(r);
    run_end(r);
    EXPECT(state_before, "all undone after a failure that was not undone alone");

    ok(!run_begin(NULL, true, &r), "begin\n");
    ok(!run_part(r, &first), "the first\n");
    after_first = state();
    ok(!run_part(r, &failing), "the second, undone\n");
    now = state();
    /* but for what is kept in Config.Msi until the end */
    ok(!strcmp(strstr(now, "/drive_c/app "), strstr(after_first, "/drive_c/app ")),
       "undone alone:\n%s-- before it:\n%s", now, after_first);
    free(now);
    ok(!run_undo(r), "undo\n");
    run_end(r);
    free(after_first);
    EXPECT(state_before, "undone");

    ok(!three_parts(true), "commit\n");
    state_after = state();
    ok(strcmp(state_before, state_after) != 0, "something changes\n");
    before();
    ok(!three_parts(false), "undone\n");
    EXPECT(state_before, "all three undone");
}

/* --- killed -------------------------------------------------------------------------------------
 */

static u32 rng = 4711;

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
        tgt_use(target_root);
        work(arg);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

static void recover(u32 step)
{
    os_fault(OS_FAULT_STEP, step, false);
    if (run_recover())
        abort();
}

static void parts_to_commit(u32 step)
{
    os_fault(OS_FAULT_STEP, step, false);
    three_parts(true);
}

static void parts_to_undo(u32 step)
{
    os_fault(OS_FAULT_STEP, step, false);
    three_parts(false);
}

static void killed_at_every_step(void)
{
    u32 n = 1, befores = 0, afters = 0;

    for (before(); child(parts_to_commit, n); before(), n++) {
        bool is_before;

        for (u32 i = chance(2); i > 0; i--)
            child(recover, 1 + chance(60));
        ok(!child(recover, 0), "recover\n");
        is_before = is_state(state_before);
        befores += is_before;
        afters += !is_before;
        if (!is_before)
            EXPECT(state_after, "killed at a step");
    }
    EXPECT(state_after, "not killed");
    ok(n > 100 && befores > 80 && afters > 3, "%u steps, %u before, %u after\n", n, befores,
       afters);
    for (before(), n = 1; child(parts_to_undo, n); before(), n += 3) {
        ok(!child(recover, 0), "recover\n");
        EXPECT(state_before, "killed while it is undone");
    }
    EXPECT(state_before, "undone");
}

/* --- from process to process --------------------------------------------------------------------
 */

static int to_parent[2], to_child[2];

static void tell(int *pipe_ends)
{
    if (write(pipe_ends[1], "x", 1) != 1)
        abort();
}

static void hear(int *pipe_ends)
{
    char c;

    if (read(pipe_ends[0], &c, 1) != 1)
        _exit(3);
}

static u32 is_waiting(void *ctx)
{
    UNUSED(ctx);
    tell(to_parent);
    return ERROR_SUCCESS;
}

/* Takes the run over when it is told to, does the rest, and ends it. */
static void heir(u32 step, bool commit)
{
    char16_t name[RUN_NAME];
    struct run *r = NULL;
    u32 word = 0, err;

    tgt_use(target_root);
    if (read(to_child[0], name, sizeof(name)) != sizeof(name))
        _exit(3);
    err = run_take(name, 10000, is_waiting, NULL, &r, &word);
    if (err || word != 77)
        _exit(1);
    os_fault(OS_FAULT_STEP, step, false);
    if (run_part(r, &failing) || run_part(r, &last) || (commit ? run_commit(r) : run_undo(r)))
        _exit(2);
    run_end(r);
    _exit(0);
}

/* How the second process ended. */
static int in_two_processes(u32 step, bool commit)
{
    char16_t name[RUN_NAME];
    struct run *r = NULL;
    int status = 0;
    pid_t pid;

    before();
    tgt_use(target_root);
    if (pipe(to_parent) || pipe(to_child))
        abort();
    pid = fork(); /* before there is a journal, whose lock it would share */
    if (!pid)
        heir(step, commit);
    ok(!run_begin(NULL, true, &r) && !run_show(r, name), "begin\n");
    ok(!run_part(r, &first), "the first\n");
    ok(run_recover() == ERROR_INSTALL_ALREADY_RUNNING, "it is somebody's\n");
    if (write(to_child[1], name, sizeof(name)) != sizeof(name))
        abort();
    hear(to_parent);
    ok(run_recover() == ERROR_INSTALL_ALREADY_RUNNING, "it is somebody's\n");
    ok(!run_give(r, 77), "give\n");
    waitpid(pid, &status, 0);
    for (int i = 0; i < 2; i++) {
        close(to_parent[i]);
        close(to_child[i]);
    }
    return status;
}

static void another_process_goes_on(void)
{
    u32 n;

    ok(!in_two_processes(0, true), "to its end\n");
    tgt_use(target_root);
    EXPECT(state_after, "committed by another process");
    ok(!in_two_processes(0, false), "undone\n");
    tgt_use(target_root);
    EXPECT(state_before, "undone by another process");
    for (n = 1; WIFSIGNALED(in_two_processes(n, true)); n += 7) {
        ok(!child(recover, 0), "recover\n");
        tgt_use(target_root);
        if (!is_state(state_before))
            EXPECT(state_after, "the second was killed");
    }
    ok(n > 30, "only %u steps\n", n);
}

/* A journal whose owner was killed goes to nobody. */
static void leave_it(u32 step)
{
    struct run *r = NULL;

    UNUSED(step);
    if (run_begin(NULL, true, &r) || run_part(r, &first))
        abort();
    kill(getpid(), SIGKILL);
}

static char16_t left[RUN_NAME];

static u32 note_name(void *ctx, const char16_t *file)
{
    UNUSED(ctx);
    u16_copy(left, RUN_NAME, file);
    return ERROR_SUCCESS;
}

static void what_was_left_goes_to_nobody(void)
{
    struct run *r = NULL;
    u32 word;

    before();
    ok(child(leave_it, 0), "killed\n");
    tgt_use(target_root);
    journal_each(note_name, NULL);
    ok(left[0] != 0, "no journal\n");
    ok(run_take(left, 0, NULL, NULL, &r, &word) == ERROR_FILE_NOT_FOUND, "taken\n");
    ok(run_take(u"01234567.rbs", 0, NULL, NULL, &r, &word) == ERROR_FILE_NOT_FOUND, "none\n");
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "recovered");
}

/* --- sessions -----------------------------------------------------------------------------------
 */

static struct session *package(const char *value)
{
    struct database *db = inst_package();
    char row[100];

    snprintf(row, sizeof(row), "r;2;Software\\Packages;%s;there;c", value);
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               row);
    return inst_open(db);
}

/* One package as a whole; fails before its end where it is to. */
static u32 install(const char *value, bool fails)
{
    struct session *s = package(value);
    u32 err = transaction_enter(s);

    if (!err) {
        inst_cost(s);
        err = inst_act(s, "WriteRegistryValues");
        if (!err)
            err = inst_act(s, "InstallFinalize");
        err = transaction_leave(s, fails ? ERROR_INSTALL_FAILURE : err);
    }
    inst_close(s);
    return err;
}

static bool has(const char16_t *value)
{
    struct reg_key *k = NULL;
    u32 err;
    char16_t *text = NULL;

    if (reg_open_32(REG_MACHINE, u"Software\\Packages", &k))
        return false;
    err = reg_get_text(k, value, &text);
    os_free(text);
    reg_close(k);
    return !err;
}

static void sessions_share_a_transaction(void)
{
    char16_t name[RUN_NAME];

    before();
    ok(transaction_end(true) == ERROR_ACCESS_DENIED, "there is none\n");
    ok(!transaction_begin(name), "begin\n");
    ok(transaction_begin(name) == ERROR_INSTALL_ALREADY_RUNNING, "one at a time\n");
    ok(!install("one", false) && !install("two", false), "install\n");
    ok(has(u"one") && has(u"two"), "they are there\n");
    ok(!transaction_end(true), "commit\n");
    ok(has(u"one") && has(u"two"), "they stay\n");

    before();
    ok(!transaction_begin(name), "begin\n");
    ok(!install("one", false) && !install("two", false), "install\n");
    ok(!transaction_end(false), "undo\n");
    EXPECT(state_before, "undone");
}

static void a_failing_one_spoils_it(void)
{
    char16_t name[RUN_NAME];

    before();
    ok(!transaction_begin(name), "begin\n");
    ok(!install("one", false), "install\n");
    ok(install("two", true) == ERROR_INSTALL_FAILURE, "fails\n");
    ok(has(u"one") && !has(u"two"), "it alone is undone\n");
    ok(transaction_end(true) == ERROR_INSTALL_FAILURE, "no commit\n");
    EXPECT(state_before, "all undone");

    ok(!transaction_begin(name), "begin\n");
    ok(!install("one", false), "install\n");
    ok(transaction_excludes_others(), "there is one\n");
    ok(transaction_end(true) == ERROR_INSTALL_FAILURE, "no commit\n");
    EXPECT(state_before, "all undone");
}

static void a_restart_is_no_matter_of_a_transaction(void)
{
    char16_t name[RUN_NAME];
    struct session *s;

    before();
    ok(!transaction_begin(name), "begin\n");
    ok(!install("one", false), "install\n");
    s = package("two");
    ok(!transaction_enter(s), "enter\n");
    inst_cost(s);
    ok(!inst_act(s, "WriteRegistryValues") && !inst_act(s, "ScheduleReboot") &&
           !inst_act(s, "InstallFinalize"),
       "install\n");
    ok(transaction_leave(s, ERROR_SUCCESS_REBOOT_REQUIRED) == ERROR_INSTALL_FAILURE, "refused\n");
    inst_close(s);
    ok(!transaction_end(true), "the others are done\n");
    ok(has(u"one") && !has(u"two"), "all but that one\n");
}

static void without_rollback(void)
{
    char16_t name[RUN_NAME];
    struct session *s;

    before();
    ok(!transaction_begin(name), "begin\n");
    ok(!install("one", false), "install\n");
    s = package("two");
    ok(!transaction_enter(s), "enter\n");
    inst_set(s, "DISABLEROLLBACK", "1");
    inst_cost(s);
    ok(!inst_act(s, "WriteRegistryValues") && !inst_act(s, "InstallFinalize"), "install\n");
    ok(transaction_end(false) == ERROR_INSTALL_ALREADY_RUNNING, "it is not done yet\n");
    ok(transaction_give() == ERROR_INSTALL_ALREADY_RUNNING, "it is not done yet\n");
    ok(!transaction_leave(s, ERROR_SUCCESS), "leave\n");
    inst_close(s);
    ok(transaction_end(false) == ERROR_ROLLBACK_DISABLED, "it is told\n");
    ok(!has(u"one"), "what can be undone is\n");
}

START_TEST(msi_inst_transaction)
{
    first = whole_script();
    failing = failing_script();
    last = last_script();
    what_failed_is_undone_alone();
    killed_at_every_step();
    another_process_goes_on();
    what_was_left_goes_to_nobody();
    sessions_share_a_transaction();
    a_failing_one_spoils_it();
    a_restart_is_no_matter_of_a_transaction();
    without_rollback();
    target_end();
    buf_free(&first);
    buf_free(&failing);
    buf_free(&last);
    free(state_before);
    free(state_after);
}
