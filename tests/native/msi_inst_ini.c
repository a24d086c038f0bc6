/*
 * Rows of INI files in a run: written together, undone exactly; and files of few bytes in use.
 */
#include "initext.h"
#include "run_fixture.h"
#include "target_host.h"

static void add_ini(struct buf *script, const char16_t *path, u32 key, const char16_t *value)
{
    char16_t name[] = {'k', (char16_t)('0' + key / 100), (char16_t)('0' + key / 10 % 10),
                       (char16_t)('0' + key % 10), 0};
    struct op op;

    op_begin(&op, OP_INI);
    op_text(&op, path);
    op_text(&op, u"s");
    op_text(&op, name);
    op_text(&op, value);
    op_number(&op, INI_SET);
    if (op_write(script, &op))
        abort();
}

static struct buf many_rows(void)
{
    struct buf s = {0};

    for (u32 i = 0; i < 500; i++) {
        add_op(&s, OP_DATA, u"row", NULL);
        add_ini(&s, u"C:\\app\\many.ini", i, u"v");
    }
    return s;
}

/* It is found out when it is being done, not when it is noted. */
static void add_failing(struct buf *script)
{
    add_op(script, OP_FILE_COPY, u"C:\\app\\missing.txt", u"C:\\app\\none.txt");
}

static void has(const char *part)
{
    char *files = target_show();

    ok(strstr(files, part) != NULL, "no %s in %s\n", part, files);
    free(files);
}

/* Each write of such a file is synced. */
static void rows_of_one_file_are_written_together(void)
{
    struct buf s = many_rows();

    before();
    target_file("drive_c/app/many.ini", "[s]\r\nold=1\r\n");
    os_fault(OS_FAULT_SYNC, 0x7fffffff, false);
    ok(!run_whole(&s), "run\n");
    ok(os_fault_count(OS_FAULT_SYNC) < 20, "%u syncs\n", os_fault_count(OS_FAULT_SYNC));
    os_fault(OS_FAULT_SYNC, 0, false);
    has("[s]..old=1..k000=v..k001=v");
    buf_free(&s);
}

/* What comes between sees what the rows before it made. */
static void another_operation_sees_them(void)
{
    struct buf s = {0};

    before();
    add_ini(&s, u"C:\\app\\a.ini", 1, u"one");
    add_ini(&s, u"C:\\app\\b.ini", 2, u"two");
    add_ini(&s, u"C:\\APP\\A.ini", 3, u"three");
    add_op(&s, OP_FILE_COPY, u"C:\\app\\a.ini", u"C:\\app\\copy.ini");
    add_ini(&s, u"C:\\app\\a.ini", 4, u"four");
    ok(!run_whole(&s), "run\n");
    has("copy.ini 100644  27 bytes");
    has("\"[s]..k001=one..k003=three..k004=four");
    buf_free(&s);
}

static void they_are_undone(void)
{
    struct buf s = many_rows();
    char *was;

    before();
    target_file("drive_c/app/many.ini", "[s]\r\nold=1\r\n");
    was = state();
    add_failing(&s);
    ok(run_whole(&s) == ERROR_FILE_NOT_FOUND, "it fails\n");
    ok(is_state(was), "undone\n");
    free(was);
    buf_free(&s);
}

static void those_in_use_wait_for_the_restart(void)
{
    struct buf s = {0};
    struct op op;

    before();
    target_file("drive_c/app/used.ini", "[s]\r\nold=1\r\n");
    add_ini(&s, u"C:\\app\\used.ini", 1, u"new");
    tgt_be_held("used.ini");
    ok(!run_whole(&s), "an INI file\n");
    has("used.ini 100644  12 bytes");
    has("\"[s]..old=1..k001=new");
    buf_free(&s);
    op_begin(&op, OP_LINK);
    op_text(&op, u"C:\\app\\kept.txt");
    op_bytes(&op, "a link", 6);
    ok(!op_write(&s, &op), "script\n");
    tgt_be_held("kept.txt");
    ok(!run_whole(&s), "a shortcut\n");
    has("nobody's business");
    has("a link");
    tgt_be_held("");
    buf_free(&s);
}

/* The first of them has noted the file and left it as it is. */
static void rows_behind_one_that_changed_nothing_are_undone(void)
{
    struct buf s = {0};
    char *was;

    before();
    target_file("drive_c/app/a.ini", "[s]\r\nk001=one\r\n");
    was = state();
    add_ini(&s, u"C:\\app\\a.ini", 1, u"one");
    add_op(&s, OP_FILE_COPY, u"C:\\app\\kept.txt", u"C:\\app\\copy.txt");
    add_ini(&s, u"C:\\app\\a.ini", 2, u"two");
    add_op(&s, OP_FILE_COPY, u"C:\\app\\kept.txt", u"C:\\app\\other.txt");
    add_ini(&s, u"C:\\app\\a.ini", 3, u"three");
    add_failing(&s);
    ok(run_whole(&s) == ERROR_FILE_NOT_FOUND, "it fails\n");
    ok(is_state(was), "undone\n");
    free(was);
    buf_free(&s);
}

/* What a row of another file comes between is written in two goes. */
static void those_in_use_have_all_rows(void)
{
    struct buf s = {0};

    before();
    target_file("drive_c/app/used.ini", "[s]\r\nold=1\r\n");
    add_ini(&s, u"C:\\app\\used.ini", 1, u"one");
    add_ini(&s, u"C:\\app\\other.ini", 1, u"one");
    add_ini(&s, u"C:\\app\\used.ini", 2, u"two");
    tgt_be_held("used.ini");
    ok(!run_whole(&s), "run\n");
    tgt_be_held("");
    has("\"[s]..old=1..k001=one..k002=two");
    buf_free(&s);
}

START_TEST(msi_inst_ini)
{
    rows_of_one_file_are_written_together();
    another_operation_sees_them();
    they_are_undone();
    rows_behind_one_that_changed_nothing_are_undone();
    those_in_use_wait_for_the_restart();
    those_in_use_have_all_rows();
    target_end();
}
