/*
 * A registry whose server is killed forgets what came since its files were written: in the end
 * everything is as before, or as after, all the same.
 *
 * The server is one with the fixture's memory, whose files are a copy of it, made now and then.
 */
#include <sys/wait.h>

#include "ledger.h"
#include "run_fixture.h"

/* --- the server ------------------------------------------------------------------------------- */

static struct server {
    u64 life, mark, file;
    u64 saved_mark, last_mark;
    u32 save_at, steps; /* its files are written at that step */
    struct mem_registry saved;
} * server;

/* Not in the folder that the states are of. */
static const char *ledger_path(void)
{
    static char path[sizeof(target_root) + 10];

    snprintf(path, sizeof(path), "%s.ledger", target_root);
    return path;
}

static u32 file_of(char16_t *out, size_t cap)
{
    size_t n = u16_from_utf8(out, cap - 1, ledger_path(), strlen(ledger_path()), false);

    out[n] = 0;
    return ERROR_SUCCESS;
}

/* The keys of one name are kept at once, as those of our hives are. */
static bool has(enum reg_root root, enum reg_view view, const char16_t *path)
{
    UNUSED(root);
    UNUSED(view);
    return u16_compare_fold(path, MIN(u16_len(path), 12), u"Software\\Old", 12) != 0;
}

static void moment(struct behind_moment *m)
{
    m->server = server->life;
    for (u32 i = 0; i < BEHIND_FILES; i++) {
        m->marks[i] = server->mark;
        m->files[i] = server->file;
    }
}

static u32 new_mark(void)
{
    server->mark = ++server->last_mark;
    return ERROR_SUCCESS;
}

static void save(void)
{
    server->saved = *regmem;
    server->saved_mark = server->mark;
    server->file++;
}

/* What is kept at once is not forgotten. */
static void forget(void)
{
    static struct mem_registry now;
    u32 n = 0;

    now = *regmem;
    *regmem = server->saved;
    server->mark = server->saved_mark;
    server->life++;
    for (u32 i = 0; i < MEM_ENTRIES; i++)
        if (regmem->all[i].there && !has(REG_MACHINE, 0, regmem->all[i].path + 2))
            regmem->all[i].there = 0;
    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        if (!now.all[i].there || has(REG_MACHINE, 0, now.all[i].path + 2))
            continue;
        while (regmem->all[n].there)
            n++;
        regmem->all[n] = now.all[i];
    }
    regmem->last = MAX(regmem->last, now.last);
}

static const struct reg_behind behind = {file_of, has, moment, new_mark};

static void maybe_save(void)
{
    if (++server->steps == server->save_at)
        save();
}

static void begin(void)
{
    regmem_behind(&behind);
    before();
    unlink(ledger_path());
    memset(server, 0, sizeof(*server));
    server->life = 1;
    save();
}

static bool ledger_is_there(void)
{
    return !access(ledger_path(), F_OK);
}

/* --- processes -------------------------------------------------------------------------------- */

static struct buf script;

static bool child(u32 (*work)(void), u32 kill_at, u32 save_at)
{
    pid_t pid;
    int status = 0;

    server->save_at = save_at;
    server->steps = 0;
    pid = fork();
    if (!pid) {
        tgt_use(target_root);
        os_fault(OS_FAULT_STEP, kill_at, false);
        os_at_step = maybe_save;
        _exit(work() ? 1 : 0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

static u32 install(void)
{
    return run_whole(&script);
}

static u32 undo(void)
{
    struct run *r;
    u32 err = start_run(&r);

    if (!err && !run_script(r, script.data, script.len))
        err = run_undo(r);
    run_end(r);
    return err;
}

static u32 recover(void)
{
    return run_recover();
}

/* --- tests ------------------------------------------------------------------------------------ */

static void what_was_done_is_told_again(void)
{
    begin();
    ok(!child(install, 0, 0), "done\n");
    EXPECT(state_after, "done");
    forget();
    ok(!is_state(state_after), "forgotten\n");
    ledger_check();
    EXPECT(state_after, "told again");
    forget();
    ledger_check();
    EXPECT(state_after, "and again");
}

static void what_is_in_the_files_is_kept_no_longer(void)
{
    begin();
    ok(!child(install, 0, 0), "done\n");
    ledger_check();
    ok(ledger_is_there(), "it may still be forgotten\n");
    save();
    ledger_check();
    ok(!ledger_is_there(), "it may not\n");
    forget();
    ledger_check();
    EXPECT(state_after, "nothing is forgotten");
}

/* Also by a server that has ended in order meanwhile. */
static void what_others_changed_later_stays(void)
{
    begin();
    ok(!child(install, 0, 0), "done\n");
    before_value(u"Software\\New\\a", u"v", 1, "of another");
    save();
    forget();
    ledger_check();
    ok(!is_state(state_after), "not told again\n");
    ok(!ledger_is_there(), "in the files\n");
}

static void what_was_undone_stays_undone(void)
{
    u32 n, kept = 0;

    for (n = 0; n < 90; n += 3) {
        begin();
        ok(!child(undo, 0, n), "undone\n");
        EXPECT(state_before, "undone");
        kept += ledger_is_there();
        forget();
        ok(!child(recover, 0, 0), "recover\n");
        EXPECT(state_before, "forgotten");
    }
    ok(kept > 5 && kept < 30, "%u kept\n", kept);
}

static void several_are_told_in_their_order(void)
{
    struct buf more = {0};
    char *last;

    begin();
    ok(!child(install, 0, 0), "done\n");
    save();
    add_reg(&more, OP_REG_REMOVE_KEY, u"Software\\Tree", NULL, NULL);
    add_reg(&more, OP_REG_SET, u"Software\\Tree\\z", u"v", "z");
    ok(!run_whole(&more), "the second\n");
    more.len = 0;
    add_reg(&more, OP_REG_SET, u"Software\\Tree\\z", u"v", "third");
    add_reg(&more, OP_REG_REMOVE_KEY, u"Software\\New", NULL, NULL);
    ok(!run_whole(&more), "the third\n");
    last = state();
    forget();
    ledger_check();
    EXPECT(last, "as after the last");
    save();
    ledger_check();
    ok(!ledger_is_there(), "kept no longer\n");
    free(last);
    buf_free(&more);
}

/* The files are written while the second is being undone, by a server that has forgotten the
 * first. */
static void one_that_was_cut_short_behind_one_that_was_done(void)
{
    struct buf more = {0};

    for (u32 at = 3; at < 24; at += 3) {
        struct run *r;

        begin();
        ok(!child(install, 0, 0), "done\n");
        more.len = 0;
        add_reg(&more, OP_REG_REMOVE_KEY, u"Software\\Tree", NULL, NULL);
        add_reg(&more, OP_REG_SET, u"Software\\New\\a", u"v", "z");
        ok(!start_run(&r) && !run_script(r, more.data, more.len), "the second\n");
        run_end(r);
        forget();
        ok(!child(recover, 0, at), "recover\n");
        EXPECT(state_after, "as after the first");
        forget();
        ok(!child(recover, 0, 0), "recover again\n");
        EXPECT(state_after, "and again");
    }
    buf_free(&more);
}

/* Killed at one step, while the files were written at another, by a server that is killed too. */
static void killed_with_the_server(void)
{
    u32 befores = 0, afters = 0, steps = 0;

    begin();
    child(install, 0, 0);
    steps = server->steps;
    ok(steps > 60, "%u steps\n", steps);
    for (u32 at = 1; at <= steps; at += 2) {
        for (u32 saved = at % 7; saved <= at; saved += 1 + steps / 2) {
            bool is_before;

            begin();
            ok(child(install, at, saved), "killed at step %u of %u\n", at, steps);
            forget();
            if (at % 3 == 0) {
                child(recover, 1 + at % 40, at % 11);
                forget();
            }
            ok(!child(recover, 0, 0), "recover\n");
            if (at % 4 == 1) {
                forget();
                ok(!child(recover, 0, 0), "recover again\n");
            }
            is_before = is_state(state_before);
            befores += is_before;
            afters += !is_before;
            if (!is_before)
                EXPECT(state_after, "killed with the server");
            save();
            ledger_check();
            ok(!ledger_is_there(), "killed at %u, written at %u: something is kept\n", at, saved);
        }
    }
    ok(befores > 40 && afters > 2, "%u before, %u after\n", befores, afters);
}

static void a_torn_ledger_is_begun_anew(void)
{
    FILE *f;

    begin();
    f = fopen(ledger_path(), "wb");
    ok(f && fputs("DcntrLgr and then something else that is no note of it", f) >= 0, "file\n");
    if (f)
        fclose(f);
    ok(!child(install, 0, 0), "done\n");
    forget();
    ledger_check();
    EXPECT(state_after, "told again");
}

/* Whether the journal is one of the registry's cannot be told: it is not left behind what is done
 * next. */
static void without_an_answer_nothing_goes_on(void)
{
    struct stat st;

    begin();
    ok(child(install, 40, 0), "killed\n");
    forget();
    ok(!stat(ledger_path(), &st), "ledger\n");
    ok(!truncate(ledger_path(), (off_t)1 << 31), "too large\n");
    ok(run_recover() == ERROR_FILE_CORRUPT, "not recovered\n");
    ok(!truncate(ledger_path(), st.st_size), "as it was\n");
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "undone");
}

/* As where the prefix's folder is not the caller's to write. */
static void who_may_not_keep_it_installs_all_the_same(void)
{
    begin();
    ok(!mkdir(ledger_path(), 0700), "folder\n");
    ok(!child(install, 0, 0), "done\n");
    EXPECT(state_after, "installed");
    forget();
    ledger_check();
    ok(!rmdir(ledger_path()), "folder\n");
}

static void each_failure_is_one(enum os_fault_kind kind)
{
    u32 total;

    begin();
    os_fault(kind, 0x7fffffff, false);
    ok(!run_whole(&script), "counting\n");
    total = os_fault_count(kind);
    os_fault(kind, 0, false);
    for (u32 n = 1; n <= total; n += kind == OS_FAULT_ALLOC ? 5 : 1) {
        u32 err;

        begin();
        os_fault(kind, n, false);
        err = run_whole(&script);
        os_fault(kind, 0, false);
        forget();
        ok(!run_recover(), "recover\n");
        EXPECT(err ? state_before : state_after, "after a failure");
    }
}

START_TEST(msi_inst_forgets)
{
    server = mmap(NULL, sizeof(*server), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    script = whole_script();
    learn_states(&script);
    what_was_done_is_told_again();
    what_is_in_the_files_is_kept_no_longer();
    what_others_changed_later_stays();
    what_was_undone_stays_undone();
    several_are_told_in_their_order();
    one_that_was_cut_short_behind_one_that_was_done();
    killed_with_the_server();
    a_torn_ledger_is_begun_anew();
    without_an_answer_nothing_goes_on();
    who_may_not_keep_it_installs_all_the_same();
    each_failure_is_one(OS_FAULT_ALLOC);
    each_failure_is_one(OS_FAULT_WRITE);
    each_failure_is_one(OS_FAULT_SYNC);
    buf_free(&script);
    unlink(ledger_path());
    target_end();
    free(state_before);
    free(state_after);
}
