/*
 * Two threads in one view, record, database, session or summary: every pair of calls.
 */
#include "test.h"

#include <pthread.h>

#include "database.h"
#include "dbmove.h"
#include "errorrec.h"
#include "os.h"
#include "record.h"
#include "session.h"
#include "suminfo.h"
#include "textbuf.h"
#include "utf16.h"
#include "view.h"

enum { TIMES = 12 };

static struct database *db, *other;
static struct view *view;
static struct record *rec, *row;
static struct session *session;
static struct suminfo *sum;

static void query(struct database *d, const char16_t *text)
{
    struct view *v;

    if (view_open(d, text, u16_len(text), &v))
        return;
    view_execute(v, NULL);
    obj_unref(view_object(v));
}

/* --- what may be called ------------------------------------------------------------------------
 */

static void v_execute(void)
{
    view_execute(view, rec);
}

static void v_fetch(void)
{
    struct record *r;

    if (!view_fetch(view, &r))
        obj_unref(rec_object(r));
}

static void v_close(void)
{
    view_close(view);
}

static void v_info(void)
{
    struct record *r;

    if (!view_column_info(view, true, &r))
        obj_unref(rec_object(r));
}

static void v_refresh(void)
{
    view_modify(view, 0, row);
}

static void v_update(void)
{
    view_modify(view, 2, row);
}

static void v_assign(void)
{
    view_modify(view, 3, row);
}

static void v_validate(void)
{
    char16_t column[TBL_MAX_NAME + 1];

    view_modify(view, 8, row);
    view_next_error(view, column);
}

static void r_set(void)
{
    rec_set_text(row, 2, u"a text that is too long for a field", 35);
    rec_set_int(rec, 1, 1);
}

static void r_get(void)
{
    size_t len;

    os_free(rec_dup_text(row, 2, &len));
    rec_get_int(rec, 1);
    rec_data_size(row, 2);
}

static void r_clone(void)
{
    struct record *r = rec_clone(row);

    if (r)
        obj_unref(rec_object(r));
}

static void r_clear(void)
{
    rec_clear(rec);
}

static void d_columns(void)
{
    query(db, u"ALTER TABLE `T` ADD `C` CHAR(20) TEMPORARY HOLD");
    query(db, u"UPDATE `T` SET `C` = 'x'");
    query(db, u"ALTER TABLE `T` FREE");
}

static void d_rows(void)
{
    query(db, u"INSERT INTO `T` (`A`, `B`) VALUES (7, 'seven')");
    query(db, u"DELETE FROM `T` WHERE `A` = 7");
}

static void d_keys(void)
{
    struct record *r;

    if (!db_primary_keys(db, u"T", 1, &r))
        obj_unref(rec_object(r));
    db_is_table_persistent(db, u"T", 1);
}

static void d_commit(void)
{
    db_commit(db);
}

static void d_merge(void)
{
    db_merge(db, other, NULL);
}

static void s_set(void)
{
    session_set_property(session, u"P", 1, u"value", 5);
}

static void s_get(void)
{
    struct text_buf text;

    tb_init(&text);
    session_get_property(session, u"P", 1, &text);
    session_product_property(session, u"P", 1, &text);
    session_language(session);
    tb_free(&text);
}

static void s_condition(void)
{
    session_condition(session, u"P = \"value\"", 11);
    session_mode(session, 1);
    session_set_mode(session, 1, true);
}

static void s_format(void)
{
    struct text_buf text;

    tb_init(&text);
    session_format(session, row, &text);
    tb_free(&text);
}

static void s_costing(void)
{
    session_do_action(session, u"CostInitialize", 14);
    session_do_action(session, u"CostFinalize", 12);
    session_set_install_level(session, 2);
}

static void s_states(void)
{
    int a, b;

    session_feature_state(session, u"F", 1, &a, &b);
    session_set_feature_state(session, u"F", 1, 3);
}

static void i_set(void)
{
    struct sum_value title = {.type = 30, .text = (char16_t *)u"title", .len = 5};

    suminfo_set(sum, 2, &title);
}

static void i_get(void)
{
    struct sum_value v = {0};

    if (!suminfo_get(sum, 2, &v))
        os_free(v.text);
    suminfo_count(sum);
}

static void i_persist(void)
{
    suminfo_persist(sum);
}

static void (*const calls[])(void) = {
    v_execute, v_fetch,     v_close,  v_info,    v_refresh, v_update, v_assign, v_validate, r_set,
    r_get,     r_clone,     r_clear,  d_columns, d_rows,    d_keys,   d_commit, d_merge,    s_set,
    s_get,     s_condition, s_format, s_costing, s_states,  i_set,    i_get,    i_persist,
};

/* --- pairs -------------------------------------------------------------------------------------
 */

static void *call(void *arg)
{
    for (int i = 0; i < TIMES; i++)
        calls[(size_t)arg]();
    err_clear();
    return NULL;
}

static void set_text(u32 id, const char16_t *text)
{
    struct sum_value v = {.type = 30, .text = (char16_t *)text, .len = u16_len(text)};

    ok(!suminfo_set(sum, id, &v), "summary property %u\n", id);
}

static void setup(void)
{
    const struct sum_value schema = {.type = 3, .num = 200};

    ok(!db_open_memory(&db) && !db_open_memory(&other), "databases\n");
    for (int i = 0; i < 2; i++) {
        struct database *d = i ? other : db;

        query(d, u"CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(40) PRIMARY KEY `A`)");
        query(d, u"INSERT INTO `T` (`A`, `B`) VALUES (1, 'one')");
        query(d, u"CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) "
                 u"PRIMARY KEY `Property`)");
        query(d,
              u"CREATE TABLE `Feature` (`Feature` CHAR(38) NOT NULL, `Feature_Parent` CHAR(38), "
              u"`Title` CHAR(64), `Description` CHAR(255), `Display` SHORT, `Level` SHORT NOT "
              u"NULL, `Directory_` CHAR(72), `Attributes` SHORT NOT NULL PRIMARY KEY `Feature`)");
        query(d, u"INSERT INTO `Feature` (`Feature`, `Level`, `Attributes`) VALUES ('F', 1, 0)");
    }
    rec = rec_create(1);
    rec_set_int(rec, 1, 1);
    ok(!view_open(db, u"SELECT * FROM `T` WHERE `A` = ?", 31, &view), "view\n");
    ok(!view_execute(view, rec) && !view_fetch(view, &row), "row\n");
    ok(!suminfo_open(db, 5, &sum), "summary\n");
    set_text(7, u"Intel;1033");
    set_text(9, u"{12345678-1234-1234-1234-123456789012}");
    ok(!suminfo_set(sum, 14, &schema), "schema\n");
    ok(!suminfo_persist(sum), "persist\n");
    ok(!session_open(db, NULL, &session), "session\n");
}

static void teardown(void)
{
    obj_unref(suminfo_object(sum));
    obj_unref(session_object(session));
    obj_unref(rec_object(row));
    obj_unref(rec_object(rec));
    obj_unref(view_object(view));
    obj_unref(db_object(other));
    obj_unref(db_object(db));
    err_clear();
}

/* What is wrong here the sanitizers say. */
static void every_pair_of_calls(void)
{
    setup();
    for (size_t a = 0; a < ARRAY_LEN(calls); a++) {
        for (size_t b = a; b < ARRAY_LEN(calls); b++) {
            pthread_t t[2];

            pthread_create(&t[0], NULL, call, (void *)a);
            pthread_create(&t[1], NULL, call, (void *)b);
            pthread_join(t[0], NULL);
            pthread_join(t[1], NULL);
        }
    }
    ok(rec_count(row) == 2, "the row is there\n");
    teardown();
}

START_TEST(msi_pairs_threads)
{
    RUN(every_pair_of_calls);
}
