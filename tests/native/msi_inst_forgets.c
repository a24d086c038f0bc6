/*
 * A registry whose server is killed forgets what came since its files were written: in the end
 * everything is as before, or as after, all the same.
 *
 * The server is one with the fixture's memory, whose files are a copy of it, made now and then.
 */
#include <sys/wait.h>

#include "ledger.h"
#include "ledger_file.h"
#include "run_fixture.h"

/* --- the server ------------------------------------------------------------------------------- */

static struct server {
    u64 life, last_mark;
    u32 save_at, steps; /* its files are written at that step */
    u32 began;          /* the last number of the registry when this life began */
    struct {
        u64 mark, saved_mark, file;
        struct mem_registry saved;
    } files[BEHIND_FILES]; /* the machine's, and the user's */
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
        m->marks[i] = server->files[i].mark;
        m->files[i] = server->files[i].file;
    }
}

static u32 new_mark(void)
{
    server->last_mark++;
    for (u32 i = 0; i < BEHIND_FILES; i++)
        server->files[i].mark = server->last_mark;
    return ERROR_SUCCESS;
}

static bool wrote(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t full[MEM_PATH];
    bool is_new = false;

    ok(!mem_path(root, view, path, full), "path\n");
    for (u32 i = 0; i < MEM_ENTRIES; i++)
        is_new |= regmem->all[i].there > server->began && u16_equal_fold(regmem->all[i].path, full);
    return is_new;
}

static void save_file(u32 i)
{
    server->files[i].saved = *regmem;
    server->files[i].saved_mark = server->files[i].mark;
    server->files[i].file++;
}

static void save(void)
{
    save_file(0);
    save_file(1);
}

static bool is_of_file(const struct mem_entry *e, u32 file)
{
    return e->there && (e->path[0] == '0' + REG_USER) == (file == 1);
}

/* Puts those of one registry that are wanted into ours. */
static void take_from(const struct mem_registry *from,
                      bool (*wanted)(const struct mem_entry *e, u32 file), u32 file)
{
    u32 n = 0;

    for (u32 i = 0; i < MEM_ENTRIES; i++) {
        if (!wanted(&from->all[i], file))
            continue;
        while (regmem->all[n].there)
            n++;
        regmem->all[n] = from->all[i];
        regmem->about[n] = from->about[i];
    }
}

static bool is_forgotten(const struct mem_entry *e, u32 file)
{
    return is_of_file(e, file) && has(REG_MACHINE, 0, e->path + 2);
}

static bool is_kept(const struct mem_entry *e, u32 file)
{
    UNUSED(file);
    return e->there && !has(REG_MACHINE, 0, e->path + 2);
}

/* What is kept at once is not forgotten. */
static void forget(void)
{
    static struct mem_registry now;

    now = *regmem;
    for (u32 i = 0; i < MEM_ENTRIES; i++)
        regmem->all[i].there = 0;
    for (u32 i = 0; i < BEHIND_FILES; i++) {
        take_from(&server->files[i].saved, is_forgotten, i);
        server->files[i].mark = server->files[i].saved_mark;
    }
    take_from(&now, is_kept, 0);
    server->life++;
    server->began = regmem->last;
}

static const struct reg_behind behind = {file_of, has, moment, new_mark, wrote};

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

static bool is_value(enum reg_root root, const char16_t *key, const char16_t *name,
                     const char *expected)
{
    struct reg_data d = {0};
    struct reg_key *k = NULL;
    bool is;

    if (reg_open(root, key, &k))
        return false;
    is = !reg_get(k, name, &d) && d.size == strlen(expected) && !memcmp(d.bytes, expected, d.size);
    reg_close(k);
    os_free(d.bytes);
    return is;
}

/* By a program that ran before anybody asked for products. */
static void what_others_wrote_first_in_a_new_life_stays(void)
{
    begin();
    ok(!child(install, 0, 0), "done\n");
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "1"), "installed\n");
    forget();
    before_value(u"Software\\New\\a", u"v", 1, "of another");
    before_value(u"Software\\New\\b", u"w", 1, "beside it");
    ledger_check();
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "of another"), "overwritten\n");
    ok(is_value(REG_MACHINE, u"Software\\New\\b", u"v", "2"), "not told again\n");
    save();
    ledger_check();
    ok(!ledger_is_there(), "kept no longer\n");
}

/* A key that another has written, as the system does with that of the environment at each start,
 * says nothing of a value that is as it was before. */
static void what_is_as_it_was_before_is_told_again(void)
{
    begin();
    ok(!child(install, 0, 0), "done\n");
    forget();
    before_value(u"Software\\Lone", u"w", 1, "beside");
    before_value(u"Software\\Tree", u"w", 1, "beside");
    ledger_check();
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "1"), "not told again\n");
}

/* Whoever installs is killed, at any step behind the commit, while its server goes on and ends in
 * order. */
static void what_others_changed_after_a_kill_stays(void)
{
    u32 steps, after = 0;

    begin();
    child(install, 0, 0);
    steps = server->steps;
    for (u32 at = steps > 24 ? steps - 24 : 1; at <= steps; at++) {
        bool done;

        begin();
        ok(child(install, at, 0), "killed\n");
        before_value(u"Software\\New\\a", u"v", 1, "of another");
        save();
        forget();
        ok(!child(recover, 0, 0), "recover\n");
        done = is_value(REG_MACHINE, u"Software\\New\\b", u"v", "2");
        after += done;
        ok(!done || is_value(REG_MACHINE, u"Software\\New\\a", u"v", "of another"),
           "told again, killed at %u of %u\n", at, steps);
    }
    ok(after > 4, "%u done\n", after);
}

static void add_set(struct buf *more, const char16_t *name, const char *bytes)
{
    add_reg(more, OP_REG_SET, u"Software\\New\\a", name, bytes);
}

/* By others in the life that was forgotten: between two installations, and before one that writes
 * other values of the key first. */
static void what_others_wrote_in_the_forgotten_life_does_not_count(void)
{
    struct buf more = {0};

    begin();
    before_value(u"Software\\New\\a", u"v", 1, "long ago");
    save();
    add_set(&more, u"u", "1");
    add_set(&more, u"v", "1");
    before_value(u"Software\\New\\a", u"v", 1, "of another");
    ok(!run_whole(&more), "done\n");
    forget();
    ledger_check();
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"u", "1"), "its first\n");
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "1"), "its second\n");
    save();
    ledger_check();
    save();
    before_value(u"Software\\New\\a", u"v", 1, "of another");
    more.len = 0;
    add_set(&more, u"v", "2");
    ok(!run_whole(&more), "the second\n");
    before_value(u"Software\\New\\a", u"v", 1, "and again");
    more.len = 0;
    add_set(&more, u"v", "3");
    ok(!run_whole(&more), "the third\n");
    forget();
    ledger_check();
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "3"), "as behind the last\n");
    buf_free(&more);
}

static void user_value(const char *bytes)
{
    struct reg_key *k = NULL;

    ok(!reg_make(REG_USER, u"Software\\Own", &k), "key\n");
    ok(!reg_set(k, u"v", 1, bytes, (u32)strlen(bytes)), "value\n");
    reg_close(k);
}

/* The machine's file was written behind the installation, and the user's was not. */
static void only_what_its_file_lacks_is_told_again(void)
{
    struct buf more = {0};
    struct op op;

    begin();
    user_value("before");
    save();
    add_reg(&more, OP_REG_SET, u"Software\\New\\a", u"v", "1");
    op_begin(&op, OP_REG_SET);
    op_number(&op, REG_USER);
    op_number(&op, 0);
    op_text(&op, u"Software\\Own");
    op_text(&op, u"v");
    op_number(&op, 1);
    op_bytes(&op, "after", 5);
    ok(!op_write(&more, &op), "script\n");
    ok(!run_whole(&more), "done\n");
    before_value(u"Software\\New\\a", u"v", 1, "of another");
    save_file(0);
    forget();
    ok(is_value(REG_USER, u"Software\\Own", u"v", "before"), "forgotten\n");
    ledger_check();
    ok(is_value(REG_USER, u"Software\\Own", u"v", "after"), "told again\n");
    ok(is_value(REG_MACHINE, u"Software\\New\\a", u"v", "of another"), "in its file\n");
    save();
    ledger_check();
    ok(!ledger_is_there(), "kept no longer\n");
    buf_free(&more);
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
    char aside[sizeof(target_root) + 20];

    begin();
    ok(child(install, 40, 0), "killed\n");
    forget();
    snprintf(aside, sizeof(aside), "%s.aside", ledger_path());
    ok(!rename(ledger_path(), aside) && !symlink(ledger_path(), ledger_path()),
       "leads to itself\n");
    ok(run_recover() != ERROR_SUCCESS, "not recovered\n");
    ok(!unlink(ledger_path()) && !rename(aside, ledger_path()), "as it was\n");
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "undone");
}

/* What stands in it is believed; what is behind that is not, however much it is. */
static void one_of_gigabytes_is_in_nobodys_way(void)
{
    struct stat st;

    begin();
    ok(child(install, 40, 0), "killed\n");
    forget();
    ok(!truncate(ledger_path(), (off_t)5 << 30), "too large\n");
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "undone");
    ok(!child(install, 0, 0), "done\n");
    ok(!stat(ledger_path(), &st) && st.st_size < 1 << 20, "small again\n");
    forget();
    ledger_check();
    EXPECT(state_after, "told again");
}

/* So many that to compare each with all others takes minutes. */
static void many_are_read_at_once(void)
{
    enum { MANY = 60000 };
    char16_t name[60] = u"C:\\Config.Msi\\";
    struct ledger l;
    struct op op;

    begin();
    ok(!child(install, 0, 0), "done\n");
    ok(!ledger_open(&l, 0), "open\n");
    for (u32 i = 0; i < MANY; i++) {
        for (u32 k = 0; k < 8; k++)
            name[14 + k] = (char16_t)('a' + (i >> (k * 4)) % 16);
        ok(!ledger_add_text(&l, LEDGER_JOURNAL, name), "journal\n");
        op_begin(&op, LEDGER_BLOCK);
        op_text(&op, name);
        ok(!notes_add(&l.notes, &op), "block\n");
        op_begin(&op, LEDGER_BLOCK_END);
        ok(!notes_add(&l.notes, &op) && !ledger_add_text(&l, LEDGER_SETTLED, name), "its end\n");
    }
    ok(!notes_write(&l.notes, false), "write\n");
    ledger_close(&l);
    forget();
    ledger_check();
    EXPECT(state_after, "told again");
    save();
    ledger_check();
    ok(!ledger_is_there(), "kept no longer\n");
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
    what_others_wrote_first_in_a_new_life_stays();
    what_is_as_it_was_before_is_told_again();
    what_others_wrote_in_the_forgotten_life_does_not_count();
    what_others_changed_after_a_kill_stays();
    only_what_its_file_lacks_is_told_again();
    what_was_undone_stays_undone();
    several_are_told_in_their_order();
    one_that_was_cut_short_behind_one_that_was_done();
    killed_with_the_server();
    a_torn_ledger_is_begun_anew();
    without_an_answer_nothing_goes_on();
    one_of_gigabytes_is_in_nobodys_way();
    many_are_read_at_once();
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
