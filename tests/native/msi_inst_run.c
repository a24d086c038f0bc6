/*
 * Scripts are done, or undone: after a failure of each allocation, write, sync and rename, also of
 * undoing itself.
 */
#include <dirent.h>

#include "reglist.h"
#include "run_fixture.h"

static void a_script_is_done(void)
{
    struct buf s = whole_script();

    learn_states(&s);
    ok(strstr(state_after, "/drive_c/app/copy.txt 100644 ") != NULL, "copied\n");
    ok(strstr(state_after, "nobody's business") != NULL, "kept\n");
    ok(strstr(state_after, "/deep/fresh.txt 100644 0x2 10 bytes") != NULL, "put\n%s", state_after);
    ok(strstr(state_after, "/drive_c/app/Replaced.txt") == NULL, "replaced by another case\n");
    ok(strstr(state_after, "\"new file 2\"") != NULL, "replaced\n");
    ok(strstr(state_after, "\"new file 4\"") != NULL, "the second is there\n");
    ok(strstr(state_after, "Config.Msi") == NULL, "nothing is left behind\n");
    ok(strstr(state_after, "0:Software\\Tree\\a|deep=1:") != NULL, "set in a new tree\n");
    ok(strstr(state_after, "0:Software\\Tree\\a\\b") == NULL, "the old tree is gone\n");
    ok(strstr(state_after, "0:Software\\Lone") == NULL, "empty keys go\n");
    ok(strstr(state_after, "0:Software\\Old|removed") == NULL, "removed\n");
    ok(strstr(state_after, "0:Software\\Made\\key\n") != NULL, "made\n");
    buf_free(&s);
}

static void a_script_is_undone(void)
{
    struct buf s = whole_script();
    struct run *r;

    before();
    ok(!start_run(&r), "start\n");
    ok(!run_script(r, s.data, s.len), "run\n");
    ok(!run_undo(r), "undo\n");
    run_end(r);
    EXPECT(state_before, "undone");
    buf_free(&s);
}

/* What was to be removed and is not there is made behind that. */
static void what_takes_the_place_of_nothing_is_undone(void)
{
    struct buf s = {0};

    before();
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\missing.txt", NULL);
    add_put(&s, u"C:\\app\\missing.txt", 0, 1);
    add_put(&s, u"C:\\app\\Missing.txt", 0, 2);
    add_op(&s, OP_FILE_COPY, u"C:\\app\\none.txt", u"C:\\app\\copy.txt");
    ok(run_whole(&s) == ERROR_FILE_NOT_FOUND, "it fails when it is being done\n");
    EXPECT(state_before, "undone");
    buf_free(&s);
}

static void two_scripts_are_undone_as_one(void)
{
    struct buf s = whole_script(), more = {0};
    struct run *r;

    before();
    add_put(&more, u"C:\\app\\moved.txt", 0, 6);
    add_put(&more, u"C:\\app\\replaced.txt", 0, 7);
    add_op(&more, OP_FOLDER_MAKE, u"C:\\app\\EMPTY\\more", NULL);
    add_op(&more, OP_FILE_REMOVE, u"C:\\app\\new\\deep\\fresh.txt", NULL);
    add_op(&more, OP_FOLDER_REMOVE, u"C:\\app\\new\\deep", NULL);
    add_reg(&more, OP_REG_REMOVE_KEY, u"Software\\Old", NULL, NULL);
    add_reg(&more, OP_REG_REMOVE_KEY, u"Software\\Tree", NULL, NULL);
    ok(!start_run(&r), "start\n");
    ok(!run_script(r, s.data, s.len), "run\n");
    ok(!run_script(r, more.data, more.len), "run again\n");
    ok(!run_undo(r), "undo\n");
    run_end(r);
    EXPECT(state_before, "undone");
    buf_free(&s);
    buf_free(&more);
}

static void what_fails_in_the_middle_is_undone(void)
{
    struct buf s = whole_script();

    before();
    add_op(&s, OP_FILE_COPY, u"C:\\app\\none.txt", u"C:\\app\\never.txt");
    ok(run_whole(&s) == ERROR_FILE_NOT_FOUND, "it fails behind the others\n");
    EXPECT(state_before, "undone");
    add_op(&s, OP_FILE_REMOVE, u"C:\\app", NULL);
    ok(run_whole(&s) == ERROR_DIRECTORY, "a folder is no file, which is seen before the others\n");
    EXPECT(state_before, "undone");
    buf_free(&s);
}

static void paths_that_leave_the_drives_are_refused(void)
{
    static const char16_t *const paths[] = {
        u"C:\\app\\..\\..\\x", u"C:x",        u"\\x",   u"x",       u"", u"C:\\a:b", u"C:\\con",
        u"C:\\app\\link\\x",   u"C:\\a\\\\b", u"1:\\x", u"C:/app/x"};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct buf s = {0};
        u32 err;

        before();
        ok(!symlink("/tmp", target_path("drive_c/app/link")), "link\n");
        add_put(&s, paths[i], 0, 1);
        err = run_whole(&s);
        ok(err == ERROR_BAD_PATHNAME || err == ERROR_PATH_NOT_FOUND, "path %u: %u\n", (unsigned)i,
           err);
        buf_free(&s);
    }
}

static void a_link_is_not_written_through(void)
{
    struct buf s = {0};

    before();
    target_file("outside.txt", "not ours");
    ok(!symlink("../../outside.txt", target_path("drive_c/app/link.txt")), "link\n");
    add_put(&s, u"C:\\app\\link.txt", 0, 1);
    ok(run_whole(&s) == ERROR_ACCESS_DENIED, "refused\n");
    buf_free(&s);
}

static void without_rollback_it_is_done_all_the_same(void)
{
    struct buf s = whole_script();
    static const struct media_ways ways = {.ready = has_file, .put = put_file, .done = media_done};
    struct media *m = os_alloc(sizeof(*m));
    struct run *r;

    before();
    ok(!run_begin(NULL, false, &r), "begin\n");
    m->run = r;
    run_set_media(r, m, &ways);
    ok(!run_script(r, s.data, s.len) && !run_commit(r), "run\n");
    run_end(r);
    EXPECT(state_after, "done");
    buf_free(&s);
}

/* Nothing of the sweep is timed; each failure is one run. */
static void each_failure_is_undone(enum os_fault_kind kind, u32 least)
{
    struct buf s = whole_script();
    u32 total, failed = 0;

    before();
    os_fault(kind, 0x7fffffff, false);
    ok(!run_whole(&s), "counting\n");
    total = os_fault_count(kind);
    os_fault(kind, 0, false);
    ok(total >= least, "kind %u: %u calls\n", kind, total);
    for (u32 n = 1; n <= total; n++) {
        struct run *r;
        u32 err;

        before();
        os_fault(kind, n, false);
        err = start_run(&r);
        if (!err) {
            err = run_script(r, s.data, s.len);
            if (!err)
                err = run_commit(r);
            os_fault(kind, 0, false);
            if (err)
                ok(!run_undo(r), "kind %u, failure %u: undo\n", kind, n);
            run_end(r);
        }
        os_fault(kind, 0, false);
        failed += err != 0;
        ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
        EXPECT(err ? state_before : state_after, "after a failure");
    }
    ok(failed >= least, "kind %u: %u of %u failed\n", kind, failed, total);
    buf_free(&s);
}

/* A run that fails at its end, and then one failure of undoing: what is left is undone later. */
static void each_failure_of_undo_is_made_up_for(enum os_fault_kind kind)
{
    struct buf s = whole_script();
    u32 total = 1;

    add_op(&s, OP_FILE_REMOVE, u"C:\\app", NULL);
    for (u32 n = 1; n <= total; n++) {
        struct run *r;

        before();
        ok(!start_run(&r), "start\n");
        ok(run_script(r, s.data, s.len) == ERROR_DIRECTORY, "fails\n");
        os_fault(kind, n, false);
        run_undo(r);
        total = MAX(total, os_fault_count(kind));
        os_fault(kind, 0, false);
        run_end(r);
        ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
        EXPECT(state_before, "undone in the end");
    }
    buf_free(&s);
}

static void what_is_in_use_is_undone_later(void)
{
    struct buf s = whole_script();
    struct run *r, *other;

    before();
    ok(!start_run(&r), "start\n");
    ok(!run_script(r, s.data, s.len), "run\n");
    ok(run_recover() == ERROR_INSTALL_ALREADY_RUNNING, "its owner lives\n");
    ok(!start_run(&other), "start another\n");
    ok(!run_undo(other), "nothing to undo\n");
    run_end(other);
    run_end(r); /* as if it had been killed */
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "undone");
    buf_free(&s);
}

#define SCRIPTS u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Rollback\\Scripts"

/* The only value there; moved to another name, or back. */
static void rename_listed(char16_t name[REG_NAME_MAX], bool away)
{
    static const u32 zero;
    struct reg_key *k = NULL;

    ok(!reg_make(REG_MACHINE, SCRIPTS, &k), "the list\n");
    if (away)
        ok(!reg_value_at(k, 0, name) && !reg_remove_value(k, name), "listed\n");
    else
        ok(!reg_set(k, name, REG_TYPE_DWORD, &zero, sizeof(zero)), "listed again\n");
    reg_close(k);
}

/* Config.Msi is seen by programs with a registry of their own. */
static void only_who_has_its_registry_undoes_it(void)
{
    struct buf s = whole_script();
    char16_t name[REG_NAME_MAX];
    char *left, *then;
    struct run *r;

    before();
    ok(!start_run(&r), "start\n");
    ok(!run_script(r, s.data, s.len), "run\n");
    run_end(r); /* as if it had been killed */
    rename_listed(name, true);
    left = target_show();
    ok(!run_recover(), "nothing of this registry\n");
    then = target_show();
    ok(!strcmp(left, then), "the files are touched\n");
    free(left);
    free(then);
    rename_listed(name, false);
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "undone");
    buf_free(&s);
}

static void lists_lose_what_is_gone(void)
{
    char16_t name[REG_NAME_MAX] = u"C:\\Config.Msi\\00000000.rbs";

    before();
    rename_listed(name, false);
    ok(!run_recover(), "recover\n");
    EXPECT(state_before, "nothing is left");
}

static void damaged_journals_do_no_harm(void)
{
    static const char *const bad[] = {"", "x", "DcntrJnl"};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        before();
        target_folder("drive_c/Config.Msi");
        target_file("drive_c/Config.Msi/12345678.rbs", bad[i]);
        target_file("drive_c/Config.Msi/other.txt", "not ours");
        ok(!run_recover(), "recover\n");
        ok(access(target_path("drive_c/Config.Msi/12345678.rbs"), F_OK) != 0, "it is gone\n");
        ok(!access(target_path("drive_c/Config.Msi/other.txt"), F_OK), "the other is there\n");
    }
}

static void what_is_no_journal_stays(void)
{
    before();
    target_folder("drive_c/Config.Msi");
    target_file("drive_c/Config.Msi/12345678.rbs", "another installer's own script");
    ok(!run_recover(), "recover\n");
    ok(!access(target_path("drive_c/Config.Msi/12345678.rbs"), F_OK), "it is there\n");
}

/* --- what stays in the folder of backups --------------------------------------------------------
 */

/* Something that is no file of the run's: it does not go. */
static void plant(void)
{
    char command[1400];

    snprintf(command, sizeof(command),
             "for d in '%s'/drive_c/Config.Msi/*/; do mkdir -p \"$d/x/y\"; "
             "done",
             target_root);
    if (access(target_path("drive_c/Config.Msi"), F_OK) || system(command))
        return;
    os_at_step = NULL;
}

static void what_cannot_be_cleaned_up_is_in_nobodys_way(void)
{
    struct buf s = {0};
    char *left;

    before();
    add_put(&s, u"C:\\app\\removed.txt", 0, 1);
    add_put(&s, u"C:\\app\\moved.txt", 0, 1);
    add_put(&s, u"C:\\app\\kept.txt", 0, 1);
    os_at_step = plant;
    ok(!run_whole(&s), "the first\n");
    ok(!os_at_step, "planted\n");
    os_at_step = NULL;
    left = target_show();
    ok(strstr(left, "/x/y ") && !strstr(left, ".rbf"), "that alone is left:\n%s", left);
    free(left);
    ok(!run_recover(), "it is committed\n");
    ok(!run_whole(&s), "the second\n");
    target_empty(target_path("drive_c/Config.Msi"));
    buf_free(&s);
}

/* The system is told of it all the same. */
static void a_link_in_the_place_of_what_was_noted(void)
{
    const struct op_family *f = family_of(OP_LINK);
    struct run *r = NULL;
    struct op op, undo;

    before();
    ok(!run_begin(NULL, true, &r), "begin\n");
    op_begin(&op, OP_LINK);
    op_text(&op, u"C:\\app\\x.lnk");
    op_bytes(&op, "link", 4);
    for (u32 i = 0; i < 2; i++) {
        op_begin(&undo, OP_NONE);
        ok(!f->note(r, &op, &undo), "note\n");
        ok(undo.kind == OP_LINK, "note %u: kind %u\n", i, undo.kind);
        ok(u16_equal(op_text_at(&undo, 0), u"C:\\app\\x.lnk"), "note %u: path\n", i);
        ok(undo.count == 2 - i, "note %u: %u fields\n", i, undo.count);
    }
    ok(!run_undo(r), "undo\n");
    run_end(r);
}

static void add_list(struct buf *script, const char16_t *name, u32 how, const char16_t *text)
{
    struct op op;

    op_begin(&op, OP_REG_LIST);
    op_number(&op, REG_MACHINE);
    op_number(&op, 0);
    op_text(&op, u"Software\\Old");
    op_text(&op, name);
    op_number(&op, how);
    op_text(&op, text);
    ok(!op_write(script, &op), "script\n");
}

/* How large the journals are that stand there. */
static u64 journal_bytes(void)
{
    char path[sizeof(target_root) + 300];
    const char *folder = target_path("drive_c/Config.Msi");
    DIR *d = opendir(folder);
    struct dirent *e;
    struct stat st;
    u64 sum = 0;

    while (d && (e = readdir(d))) {
        snprintf(path, sizeof(path), "%s/%.250s", target_path("drive_c/Config.Msi"), e->d_name);
        if (!stat(path, &st) && S_ISREG(st.st_mode))
            sum += (u64)st.st_size;
    }
    if (d)
        closedir(d);
    return sum;
}

/* Each of them noted what the value was, and wrote it: thousands of a large one filled the disk. */
static void rows_of_one_value_are_noted_and_written_once(void)
{
    enum { ROWS = 400 };
    char large[512] = "";
    struct buf s = {0};
    char *was, *is;
    struct run *r;
    u32 writes;

    before();
    memset(large, 'x', sizeof(large) - 1);
    before_value(u"Software\\Old", u"large", REG_TYPE_SZ, large);
    was = state();
    for (u32 i = 0; i < ROWS; i++)
        add_list(&s, u"large", i % 2 ? VAR_APPEND : VAR_LEAVE_END, u";y");
    for (u32 i = 0; i < ROWS; i++)
        add_list(&s, i % 100 < 50 ? u"count" : u"Count", COUNT_UP, u"");
    os_fault(OS_FAULT_WRITE, 0x7fffffff, false);
    ok(!start_run(&r) && !run_script(r, s.data, s.len), "run\n");
    writes = os_fault_count(OS_FAULT_WRITE);
    os_fault(OS_FAULT_WRITE, 0, false);
    ok(writes < 40, "%u writes\n", writes);
    ok(journal_bytes() > 500 && journal_bytes() < 20000, "%llu bytes\n",
       (unsigned long long)journal_bytes());
    is = state();
    ok(strstr(is, "count") != NULL, "no count:\n%s", is);
    free(is);
    ok(!run_undo(r), "undo\n");
    run_end(r);
    is = state();
    ok(!strcmp(was, is), "undone:\n%s--\n%s", was, is);
    free(was);
    free(is);
    buf_free(&s);
}

START_TEST(msi_inst_run)
{
    a_script_is_done();
    a_script_is_undone();
    what_takes_the_place_of_nothing_is_undone();
    two_scripts_are_undone_as_one();
    rows_of_one_value_are_noted_and_written_once();
    what_fails_in_the_middle_is_undone();
    paths_that_leave_the_drives_are_refused();
    a_link_is_not_written_through();
    without_rollback_it_is_done_all_the_same();
    each_failure_is_undone(OS_FAULT_ALLOC, 100);
    each_failure_is_undone(OS_FAULT_WRITE, 40);
    each_failure_is_undone(OS_FAULT_SYNC, 3);
    each_failure_is_undone(OS_FAULT_RENAME, 10);
    each_failure_of_undo_is_made_up_for(OS_FAULT_ALLOC);
    each_failure_of_undo_is_made_up_for(OS_FAULT_WRITE);
    each_failure_of_undo_is_made_up_for(OS_FAULT_SYNC);
    each_failure_of_undo_is_made_up_for(OS_FAULT_RENAME);
    what_is_in_use_is_undone_later();
    only_who_has_its_registry_undoes_it();
    lists_lose_what_is_gone();
    damaged_journals_do_no_harm();
    what_is_no_journal_stays();
    what_cannot_be_cleaned_up_is_in_nobodys_way();
    a_link_in_the_place_of_what_was_noted();
    target_end();
    free(state_before);
    free(state_after);
}
