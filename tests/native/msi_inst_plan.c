/*
 * Operations as bytes and as text, and planning them in a session.
 */
#include "install_fixture.h"

static void op_shows(const struct op *op, const char *want)
{
    struct text_buf text;

    tb_init(&text);
    op_show(op, &text);
    ok(text.s && u16_is(text.s, text.len, want), "shows %s\n", want);
    tb_free(&text);
}

static struct op sample(void)
{
    struct op op;

    op_begin(&op, OP_REG_SET);
    op_number(&op, -5);
    op_text(&op, NULL);
    op_text(&op, u"odd");
    op_text(&op, u"");
    op_bytes(&op, "\x01\x02\xff", 3);
    op_number(&op, INT64_MIN);
    return op;
}

static void operations_come_back_from_bytes(void)
{
    struct buf b = {0};
    struct op op = sample(), got;
    size_t at = 0;

    ok(!op_write(&b, &op) && !op_write(&b, &op), "written\n");
    ok(!op_read(b.data, b.len, &at, &got), "read\n");
    ok(at * 2 == b.len, "at %u\n", (unsigned)at);
    op_shows(&got, "RegAddValue(-5,,odd,,<0102ff>,-9223372036854775808)");
    ok(got.f[1].kind == OP_NULL && got.f[3].kind == OP_TEXT, "nothing is not an empty text\n");
    ok(!op_read(b.data, b.len, &at, &got) && at == b.len, "the second\n");
    ok(op_read(b.data, b.len, &at, &got) == ERROR_FILE_CORRUPT, "behind the end\n");
    buf_free(&b);
}

/* Each byte is changed to each of a few others: what is read stays within its bytes (which the
 * sanitizers see to) or is refused. */
static void damaged_bytes_do_no_harm(void)
{
    static const u8 others[] = {0, 1, 4, 0x7f, 0x80, 0xff};
    struct buf b = {0};
    struct op op = sample(), got;

    ok(!op_write(&b, &op), "written\n");
    for (size_t i = 0; i < b.len; i++)
        for (size_t k = 0; k < ARRAY_LEN(others); k++) {
            u8 *copy = os_alloc(b.len);
            size_t at = 0;

            memcpy(copy, b.data, b.len);
            copy[i] = others[k];
            if (!op_read(copy, b.len, &at, &got))
                for (u32 f = 0; f < got.count; f++)
                    ok(got.f[f].len <= b.len, "field %u\n", f);
            os_free(copy);
        }
    for (size_t len = 0; len < b.len; len++) {
        size_t at = 0;

        ok(op_read(b.data, len, &at, &got) == ERROR_FILE_CORRUPT, "cut to %u\n", (unsigned)len);
    }
    buf_free(&b);
}

static void too_many_fields_are_refused(void)
{
    struct buf b = {0};
    struct op op;

    op_begin(&op, OP_DATA);
    for (u32 i = 0; i <= OP_FIELDS; i++)
        op_number(&op, i);
    ok(op_write(&b, &op) == ERROR_INVALID_PARAMETER && !b.len, "refused\n");
    buf_free(&b);
}

/* --- sessions ----------------------------------------------------------------------------------
 */

static void an_unknown_action_is_nobodys(void)
{
    struct session *s = inst_open(inst_package());

    ok(inst_act(s, "NoSuchAction") == ERROR_FUNCTION_NOT_CALLED, "not called\n");
    inst_close(s);
}

static void initialize_wants_costing(void)
{
    struct session *s = inst_open(inst_package());

    ok(inst_act(s, "InstallInitialize") == ERROR_INSTALL_FAILURE, "refused\n");
    inst_cost(s);
    PLANS(s, "");
    inst_close(s);
}

static u32 plan_two(struct session *s, const char16_t *action)
{
    struct install *in;
    struct op op;
    u32 err;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    in->action = action;
    in->action_len = u16_len(action);
    in->action_written = false;
    op_begin(&op, OP_FOLDER_MAKE);
    op_text(&op, u"C:\\x");
    err = plan_data(in, 2, (const char16_t *const[]){u"one", NULL});
    if (!err)
        err = plan(in, &op);
    if (!err)
        err = plan(in, &op);
    os_mutex_unlock(&s->lock);
    return err;
}

static void the_first_operation_names_its_action(void)
{
    struct database *db = inst_package();
    struct session *s;

    INST_TABLE(db, "ActionText;Action s72 k;Description L64;Template L128",
               "CreateFolders;Creating folders;Folder: [1]");
    s = inst_open(db);
    inst_cost(s);
    ok(!plan_two(s, u"CreateFolders"), "planned\n");
    PLANS(s, "ActionStart(CreateFolders,Creating folders,Folder: [1])\nActionData(one,)\n"
             "FolderCreate(C:\\x)\nFolderCreate(C:\\x)\n");
    inst_close(s);
}

static void nothing_is_planned_before_initialize(void)
{
    struct session *s = inst_open(inst_package());

    ok(plan_two(s, u"CreateFolders") == ERROR_INSTALL_FAILURE, "refused\n");
    PLANS(s, "");
    inst_close(s);
}

START_TEST(msi_inst_plan)
{
    operations_come_back_from_bytes();
    damaged_bytes_do_no_harm();
    too_many_fields_are_refused();
    an_unknown_action_is_nobodys();
    initialize_wants_costing();
    the_first_operation_names_its_action();
    nothing_is_planned_before_initialize();
}
