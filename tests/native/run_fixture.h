/*
 * A script that does everything once, and what is there before it: for tests of running, undoing
 * and recovering.
 */
#ifndef TEST_RUN_FIXTURE_H
#define TEST_RUN_FIXTURE_H

#include "op_undo.h"
#include "regmem_fixture.h"
#include "run.h"
#include "target.h"
#include "target_fixture.h"

/* --- before ----------------------------------------------------------------------------------- */

static void before_value(const char16_t *key, const char16_t *name, u32 type, const char *bytes)
{
    struct reg_key *k = NULL;

    ok(!reg_make(REG_MACHINE, key, &k), "key\n");
    if (!k)
        return;
    ok(!reg_set(k, name, type, bytes, (u32)strlen(bytes)), "value\n");
    reg_close(k);
}

/* Nothing can be set aside by a rename: what is made anew has the mode of new ones. */
static bool all_apart;

static void before(void)
{
    struct reg_key *link = NULL;

    regmem_start();
    target_start("run");
    target_folder("drive_c/app");
    target_folder("drive_c/app/Empty");
    target_folder("drive_c/app/full");
    if (!all_apart) {
        ok(!chmod(target_path("drive_c/app/Empty"), 0700), "chmod\n");
        ok(!chmod(target_path("drive_c/app/full"), 0711), "chmod\n");
    }
    target_file("drive_c/app/Replaced.txt", "old bytes");
    target_file("drive_c/app/readonly.txt", "read only");
    target_file("drive_c/app/removed.txt", "to be removed");
    target_file("drive_c/app/moved.txt", "to be moved");
    target_file("drive_c/app/target.txt", "in the way of the move");
    target_file("drive_c/app/kept.txt", "nobody's business");
    target_file("drive_c/app/full/inside.txt", "the only one");
    ok(!chmod(target_path("drive_c/app/readonly.txt"), 0444), "chmod\n");
    target_age();
    before_value(u"Software\\Microsoft\\Windows\\CurrentVersion", u"v", 1, "v");
    before_value(u"Software\\Old", u"changed", 1, "one");
    before_value(u"Software\\Old", u"removed", 4, "four");
    before_value(u"Software\\Old", u"last", 1, "five");
    before_value(u"Software\\Tree\\a\\b", u"deep", 3, "bytes");
    before_value(u"Software\\Tree\\a", u"", 7, "list");
    before_value(u"Software\\Tree\\c", u"c", 1, "c");
    before_value(u"Software\\Tree\\a", u"last", 1, "l");
    before_value(u"Software\\Lone\\Value", u"v", 1, "v");
    ok(!reg_make(REG_MACHINE, u"Software\\Tree\\leads", &link), "link\n");
    reg_close(link);
    regmem_about(u"Software\\Tree\\leads", NULL, 5, u"\\elsewhere");
    regmem_about(u"Software\\Tree", u"kind", 1, NULL);
    regmem_about(u"Software\\Tree\\a", NULL, 2, NULL);
    regmem_about(u"Software\\Tree\\c", u"other", 0, NULL);
    regmem_about(u"Software\\Lone", u"lone", 3, NULL);
    regmem_about(u"Software\\Lone\\Value", u"value", 4, NULL);
}

/* --- the script ------------------------------------------------------------------------------- */

/* Each file to be put is made when it is asked for: those of even places where they go, as single
 * files are, the others elsewhere, as those of cabinets. */
struct media {
    struct run *run;
};

static u32 make_file(const char16_t *path, u32 place, u32 attributes)
{
    u64 made = 132000000000000000;
    struct tgt_file *f;
    char text[40];
    u32 err = tgt_create(path, &f);

    if (err)
        return err;
    os_step();
    snprintf(text, sizeof(text), "new file %u", place);
    err = tgt_write(f, text, (u32)strlen(text));
    if (err) {
        tgt_close(f);
        return err;
    }
    os_step();
    return tgt_close_at(f, path, attributes, made, made + place * 10000000);
}

static u32 has_file(struct media *m, u32 place)
{
    UNUSED(m);
    UNUSED(place);
    return ERROR_SUCCESS;
}

static u32 put_file(struct media *m, u32 place, const char16_t *to, u32 attributes)
{
    char16_t *name;
    u32 err;

    if (place % 2 == 0)
        return make_file(to, place, attributes);
    err = run_temp_name(m->run, u"C:\\x", "tmp", &name);
    if (!err)
        err = make_file(name, place, 0);
    if (!err)
        err = put_in_place(name, to);
    os_step();
    return err ? err : tgt_set_attributes(to, attributes);
}

static void media_done(struct media *m)
{
    os_free(m);
}

static void add_op(struct buf *script, u32 kind, const char16_t *a, const char16_t *b)
{
    struct op op;

    op_begin(&op, kind);
    op_text(&op, a);
    if (b)
        op_text(&op, b);
    if (op_write(script, &op))
        abort();
}

static void add_put(struct buf *script, const char16_t *path, u32 attributes, u32 place)
{
    struct op op;

    op_begin(&op, OP_FILE_PUT);
    op_text(&op, path);
    op_number(&op, attributes);
    op_number(&op, 10);
    op_number(&op, place);
    if (op_write(script, &op))
        abort();
}

static void add_reg(struct buf *script, u32 kind, const char16_t *key, const char16_t *name,
                    const char *bytes)
{
    struct op op;

    op_begin(&op, kind);
    op_number(&op, REG_MACHINE);
    op_number(&op, 0);
    op_text(&op, key);
    if (kind == OP_REG_REMOVE_EMPTY)
        op_number(&op, 8);
    else
        op_text(&op, name);
    if (bytes) {
        op_number(&op, 1);
        op_bytes(&op, bytes, strlen(bytes));
    }
    if (op_write(script, &op))
        abort();
}

/* Everything, some things twice and in odd orders. */
TEST_UNUSED static struct buf whole_script(void)
{
    struct buf s = {0};

    add_op(&s, OP_ACTION, u"One", NULL);
    add_op(&s, OP_FOLDER_MAKE, u"C:\\app\\new\\deep\\", NULL);
    add_put(&s, u"C:\\app\\new\\deep\\fresh.txt", TGT_HIDDEN, 1);
    add_put(&s, u"C:\\App\\replaced.TXT", 0, 2);
    add_put(&s, u"C:\\app\\new\\another.txt", 0, 7);
    add_put(&s, u"C:\\app\\readonly.txt", TGT_READONLY, 3);
    add_put(&s, u"C:\\app\\readonly.txt", 0, 4);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\removed.txt", NULL);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\missing.txt", NULL);
    add_op(&s, OP_FILE_COPY, u"C:\\app\\kept.txt", u"C:\\app\\copy.txt");
    add_op(&s, OP_FILE_MOVE, u"C:\\app\\moved.txt", u"C:\\app\\target.txt");
    add_put(&s, u"C:\\app\\removed.txt", 0, 5);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\target.txt", NULL);
    add_op(&s, OP_FOLDER_REMOVE, u"C:\\app\\empty", NULL);
    add_op(&s, OP_FOLDER_REMOVE, u"C:\\app", NULL);
    add_op(&s, OP_FILE_REMOVE, u"C:\\app\\full\\inside.txt", NULL);
    add_op(&s, OP_FOLDER_REMOVE, u"C:\\app\\full", NULL);
    add_op(&s, OP_FOLDER_MAKE, u"C:\\app\\full\\again", NULL);
    add_op(&s, OP_DATA, u"x", NULL);
    add_reg(&s, OP_REG_SET, u"Software\\Old", u"changed", "two");
    add_reg(&s, OP_REG_SET, u"Software\\Old", u"changed", "three");
    add_reg(&s, OP_REG_SET, u"Software\\New\\a", u"v", "1");
    add_reg(&s, OP_REG_SET, u"Software\\New\\b", u"v", "2");
    add_reg(&s, OP_REG_REMOVE_VALUE, u"Software\\Old", u"removed", NULL);
    add_reg(&s, OP_REG_REMOVE_VALUE, u"Software\\None", u"removed", NULL);
    add_reg(&s, OP_REG_SET, u"Software\\Tree\\a", u"more", "m");
    add_reg(&s, OP_REG_REMOVE_KEY, u"Software\\Tree", NULL, NULL);
    add_reg(&s, OP_REG_SET, u"Software\\Tree\\a", u"deep", "other");
    add_reg(&s, OP_REG_REMOVE_VALUE, u"Software\\Lone\\Value", u"v", NULL);
    add_reg(&s, OP_REG_REMOVE_EMPTY, u"Software\\Lone\\Value", NULL, NULL);
    add_reg(&s, OP_REG_MAKE_KEY, u"Software\\Made\\key", NULL, NULL);
    return s;
}

/* --- running ---------------------------------------------------------------------------------- */

static u32 start_run(struct run **out)
{
    static const struct media_ways ways = {.ready = has_file, .put = put_file, .done = media_done};
    u32 err = run_begin(NULL, true, out);
    struct media *m;

    if (err)
        return err;
    m = os_alloc(sizeof(*m));
    if (!m) {
        run_end(*out);
        return ERROR_OUTOFMEMORY;
    }
    m->run = *out;
    run_set_media(*out, m, &ways);
    return ERROR_SUCCESS;
}

static char *state(void)
{
    char *files = target_show(), *reg = regmem_show();
    char *all = calloc(1, strlen(files) + strlen(reg) + 1);

    sprintf(all, "%s%s", files, reg);
    free(files);
    free(reg);
    return all;
}

static char *state_before, *state_after;

TEST_UNUSED static bool is_state(const char *want)
{
    char *now = state();
    bool is = !strcmp(now, want);

    free(now);
    return is;
}

TEST_UNUSED static void state_differs(int line, const char *when)
{
    char *now = state();

    ok(0, "line %d: %s:\n%s-- before:\n%s-- after:\n%s", line, when, now, state_before,
       state_after);
    free(now);
}
#define EXPECT(want, when)                 \
    do {                                   \
        if (!is_state(want))               \
            state_differs(__LINE__, when); \
        else                               \
            ok(1, "%s\n", when);           \
    } while (0)

/* Runs it to its end. */
TEST_UNUSED static u32 run_whole(const struct buf *script)
{
    struct run *r;
    u32 err = start_run(&r);

    if (err)
        return err;
    err = run_script(r, script->data, script->len);
    if (!err)
        err = run_commit(r);
    if (err)
        run_undo(r);
    run_end(r);
    return err;
}

/* Learns both states. */
TEST_UNUSED static void learn_states(const struct buf *script)
{
    before();
    state_before = state();
    ok(!run_whole(script), "the script\n");
    state_after = state();
    ok(strcmp(state_before, state_after) != 0, "it changes something\n");
}

#endif
