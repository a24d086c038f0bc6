/*
 * Changing rows through a fetched one: every mode, and what it refuses.
 */
#include "sql_fixture.h"

struct view {
    struct fixture f;
    struct sql_query *q;
    struct sql_row row; /* of the record */
};

static struct view open_view(const char *query)
{
    struct view v = {.f = new_database()};
    DO(&v.f, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(20), `C` CHAR(20) NOT NULL "
             "PRIMARY KEY `A`)");
    DO(&v.f, "CREATE TABLE `U` (`K` SHORT NOT NULL, `V` CHAR(20) PRIMARY KEY `K`)");
    DO(&v.f, "INSERT INTO `T` (`A`,`B`,`C`) VALUES (1,'b1','c1')");
    DO(&v.f, "INSERT INTO `T` (`A`,`B`,`C`) VALUES (2,'b2','c2')");
    DO(&v.f, "INSERT INTO `T` (`A`,`B`,`C`) VALUES (3,'b3','c3')");
    DO(&v.f, "INSERT INTO `U` (`K`,`V`) VALUES (1,'v1')");
    u32 code = prepare(&v.f, query, &v.q);
    if (!code)
        code = sql_execute(v.q, NULL, 0, &v.f.err);
    ok(!code, "%s: %u\n", query, code);
    return v;
}

static void close_view(struct view *v)
{
    sql_free(v->q);
    drop_database(&v->f);
}

static void fetch(struct view *v)
{
    u32 code = sql_fetch(v->q, &v->f.err);
    ok(!code, "fetch: %u\n", code);
    sql_row(v->q, &v->row);
}

static u32 modify(struct view *v, enum sql_modify_mode mode, i32 a, const char16_t *b,
                  const char16_t *c)
{
    struct value fields[] = {int_value(a), text_value(b), text_value(c)};
    return sql_modify(v->q, mode, fields, 3, &v->row, &v->f.err);
}

/* Refused with that number, and nothing has changed. */
static void check_refused(int line, struct view *v, enum sql_modify_mode mode, i32 a,
                          const char16_t *b, const char16_t *c, u32 number)
{
    u32 code = modify(v, mode, a, b, c);
    ok(code == ERROR_FUNCTION_FAILED, "line %d: mode %d: %u\n", line, mode, code);
    ok(v->f.err.number == number, "line %d: mode %d: number %u\n", line, mode, v->f.err.number);
    ROWS(&v->f, "SELECT * FROM `T`", "1|b1|c1 2|b2|c2 3|b3|c3");
}
#define REFUSED(v, mode, a, b, c, number) check_refused(__LINE__, v, mode, a, b, c, number)

static void check_row(int line, struct view *v, const char *expected)
{
    struct output o = {0};
    out_row(&o, &v->f, v->q);
    ok(!strcmp(o.text, expected), "line %d: %s\n", line, o.text);
    free(o.text);
}
#define ROW(v, expected) check_row(__LINE__, v, expected)

/* --- modes that need a fetched row
 * ----------------------------------------------------------------- */

static void update_changes_the_fetched_row(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    fetch(&v);
    ok(!modify(&v, SQL_MODIFY_UPDATE, 1, u"new", u"c1"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T`", "1|new|c1 2|b2|c2 3|b3|c3");
    fetch(&v);
    ROW(&v, "2|b2|c2");
    close_view(&v);
}

static void update_keeps_keys_and_rules(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    REFUSED(&v, SQL_MODIFY_UPDATE, 1, u"new", u"c1", 2209);
    fetch(&v);
    REFUSED(&v, SQL_MODIFY_UPDATE, 7, u"b1", u"c1", 2259);
    REFUSED(&v, SQL_MODIFY_UPDATE, 1, u"b1", u"", 2259);
    close_view(&v);
}

static void update_works_on_joins(void)
{
    struct view v = open_view("SELECT `B`,`V` FROM `T`,`U` WHERE `A` = `K`");
    struct value fields[] = {text_value(u"newb"), text_value(u"newv")};
    fetch(&v);
    ok(!sql_modify(v.q, SQL_MODIFY_UPDATE, fields, 2, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT `B` FROM `T`", "newb b2 b3");
    ROWS(&v.f, "SELECT `V` FROM `U`", "newv");
    close_view(&v);
}

static void joins_take_no_other_mode(void)
{
    struct view v = open_view("SELECT `A`,`B`,`C` FROM `T`,`U` WHERE `A` = `K`");
    fetch(&v);
    REFUSED(&v, SQL_MODIFY_SEEK, 1, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_INSERT, 9, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_ASSIGN, 9, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_REPLACE, 9, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_MERGE, 9, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_DELETE, 1, u"b1", u"c1", 2275);
    REFUSED(&v, SQL_MODIFY_INSERT_TEMPORARY, 9, u"b1", u"c1", 2275);
    ok(!modify(&v, SQL_MODIFY_REFRESH, 0, u"", u""), "refresh: %u\n", v.f.err.number);
    ROW(&v, "1|b1|c1");
    close_view(&v);
}

static void replace_updates_or_moves_the_row(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    REFUSED(&v, SQL_MODIFY_REPLACE, 1, u"b1", u"c1", 2209);
    fetch(&v);
    REFUSED(&v, SQL_MODIFY_REPLACE, 2, u"b1", u"c1", 2259);
    ok(!modify(&v, SQL_MODIFY_REPLACE, 1, u"new", u"c1"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T`", "1|new|c1 2|b2|c2 3|b3|c3");
    ok(!modify(&v, SQL_MODIFY_REPLACE, 8, u"moved", u"c1"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T`", "2|b2|c2 3|b3|c3 8|moved|c1");
    ok(!modify(&v, SQL_MODIFY_UPDATE, 8, u"again", u"c1"), "number %u\n", v.f.err.number);
    fetch(&v);
    ROW(&v, "2|b2|c2");
    ROWS(&v.f, "SELECT * FROM `T`", "2|b2|c2 3|b3|c3 8|again|c1");
    close_view(&v);
}

static void delete_removes_the_fetched_row(void)
{
    struct view v = open_view("SELECT * FROM `T` ORDER BY `A`");
    REFUSED(&v, SQL_MODIFY_DELETE, 1, u"b1", u"c1", 2209);
    fetch(&v);
    ok(!modify(&v, SQL_MODIFY_DELETE, 9, u"what", u"ever"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT `A` FROM `T`", "2 3");
    ok(modify(&v, SQL_MODIFY_DELETE, 1, u"", u"") == ERROR_FUNCTION_FAILED, "deleted twice\n");
    ok(modify(&v, SQL_MODIFY_REFRESH, 1, u"", u"") == ERROR_FUNCTION_FAILED, "refreshed\n");
    ok(modify(&v, SQL_MODIFY_UPDATE, 1, u"", u"x") == ERROR_FUNCTION_FAILED, "updated\n");
    fetch(&v);
    ROW(&v, "2|b2|c2");
    close_view(&v);
}

static void refresh_reads_what_others_wrote(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    struct sql_row first;
    fetch(&v);
    first = v.row;
    fetch(&v);
    DO(&v.f, "UPDATE `T` SET `B` = 'other' WHERE `A` = 1");
    v.row = first;
    ok(!modify(&v, SQL_MODIFY_REFRESH, 0, u"", u""), "number %u\n", v.f.err.number);
    ROW(&v, "1|other|c1");
    fetch(&v);
    ROW(&v, "3|b3|c3");
    close_view(&v);
}

static void a_row_is_of_its_execution(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    fetch(&v);
    ok(!sql_execute(v.q, NULL, 0, &v.f.err), "execute\n");
    REFUSED(&v, SQL_MODIFY_UPDATE, 1, u"new", u"c1", 2209);
    sql_reset(v.q);
    REFUSED(&v, SQL_MODIFY_UPDATE, 1, u"new", u"c1", 2209);
    close_view(&v);
}

static void a_record_alone_goes_into_a_view_without_rows(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    sql_reset(v.q);
    ok(!modify(&v, SQL_MODIFY_INSERT, 9, u"b", u"c"), "insert\n");
    ok(!modify(&v, SQL_MODIFY_ASSIGN, 9, u"bb", u"c"), "assign\n");
    ok(!modify(&v, SQL_MODIFY_MERGE, 9, u"bb", u"c"), "merge\n");
    ok(!modify(&v, SQL_MODIFY_INSERT_TEMPORARY, 10, u"b", u"c"), "insert temporary\n");
    ok(modify(&v, SQL_MODIFY_DELETE, 9, u"bb", u"c") == ERROR_FUNCTION_FAILED, "delete\n");
    ROWS(&v.f, "SELECT * FROM `T`", "1|b1|c1 2|b2|c2 3|b3|c3 9|bb|c 10|b|c");
    close_view(&v);
}

/* --- modes that name a row by its key
 * ---------------------------------------------------------------- */

static void insert_adds_a_row_that_can_be_changed(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    REFUSED(&v, SQL_MODIFY_INSERT, 2, u"b", u"c", 2259);
    ok(modify(&v, SQL_MODIFY_INSERT, 9, u"b", u"") == ERROR_INVALID_DATA, "no C\n");
    ok(!modify(&v, SQL_MODIFY_INSERT, 9, u"b9", u"c9"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T` WHERE `A` > 3", "9|b9|c9");
    ok(!modify(&v, SQL_MODIFY_UPDATE, 9, u"more", u"c9"), "number %u\n", v.f.err.number);
    ok(!modify(&v, SQL_MODIFY_INSERT_TEMPORARY, 10, u"t", u"t"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T` WHERE `A` > 3", "9|more|c9 10|t|t");
    ok(!modify(&v, SQL_MODIFY_DELETE, 10, u"t", u"t"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T` WHERE `A` > 3", "9|more|c9");
    fetch(&v);
    ROW(&v, "1|b1|c1");
    close_view(&v);
}

static void insert_leaves_null_what_is_not_selected(void)
{
    struct view v = open_view("SELECT `C`,`A` FROM `T`");
    struct value fields[] = {text_value(u"c"), int_value(9)};
    ok(!sql_modify(v.q, SQL_MODIFY_INSERT, fields, 2, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T` WHERE `A` = 9", "9|-|c");
    ok(sql_modify(v.q, SQL_MODIFY_INSERT, fields, 1, &v.row, &v.f.err) == ERROR_INVALID_DATA,
       "a short record\n");
    close_view(&v);
}

static void assign_inserts_or_updates(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    ok(!modify(&v, SQL_MODIFY_ASSIGN, 2, u"new", u"c2"), "number %u\n", v.f.err.number);
    ok(!modify(&v, SQL_MODIFY_ASSIGN, 9, u"b9", u"c9"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T`", "1|b1|c1 2|new|c2 3|b3|c3 9|b9|c9");
    close_view(&v);
}

static void merge_inserts_or_compares(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    ok(!modify(&v, SQL_MODIFY_MERGE, 2, u"b2", u"c2"), "number %u\n", v.f.err.number);
    REFUSED(&v, SQL_MODIFY_MERGE, 2, u"other", u"c2", 2259);
    ok(!modify(&v, SQL_MODIFY_MERGE, 9, u"b9", u"c9"), "number %u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `T`", "1|b1|c1 2|b2|c2 3|b3|c3 9|b9|c9");
    close_view(&v);
}

static void seek_finds_a_row_by_its_key(void)
{
    struct view v = open_view("SELECT `B`,`A` FROM `T`");
    struct value fields[] = {text_value(u"ignored"), int_value(3)};
    ok(!sql_modify(v.q, SQL_MODIFY_SEEK, fields, 2, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROW(&v, "b3|3");
    fields[0] = text_value(u"new");
    ok(!sql_modify(v.q, SQL_MODIFY_UPDATE, fields, 2, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT `B` FROM `T`", "b1 b2 new");
    fields[1] = int_value(4);
    ok(sql_modify(v.q, SQL_MODIFY_SEEK, fields, 2, &v.row, &v.f.err) == ERROR_FUNCTION_FAILED,
       "found\n");
    ok(sql_modify(v.q, SQL_MODIFY_SEEK, fields, 1, &v.row, &v.f.err) == ERROR_INVALID_DATA,
       "a short record\n");
    fetch(&v);
    ROW(&v, "b1|1");
    close_view(&v);
}

static void the_key_must_be_selected(void)
{
    struct view v = open_view("SELECT `B`,`C` FROM `T`");
    struct value fields[] = {text_value(u"b"), text_value(u"c")};
    static const enum sql_modify_mode modes[] = {SQL_MODIFY_SEEK, SQL_MODIFY_ASSIGN,
                                                 SQL_MODIFY_MERGE, SQL_MODIFY_INSERT};
    for (u32 i = 0; i < ARRAY_LEN(modes); i++) {
        u32 code = sql_modify(v.q, modes[i], fields, 2, &v.row, &v.f.err);
        ok(code == (i < 2 ? ERROR_FUNCTION_FAILED : ERROR_INVALID_DATA), "mode %d: %u\n", modes[i],
           code);
    }
    close_view(&v);
}

static void streams_stay_unless_given(void)
{
    struct view v = open_view("SELECT * FROM `T`");
    struct text_source source;
    struct sql_cell cell;
    struct value fields[] = {text_value(u"s"), stream_value(&source, "bytes"), text_value(u"x")};
    DO(&v.f, "CREATE TABLE `S` (`N` CHAR(20) NOT NULL, `D` OBJECT, `M` CHAR(9) PRIMARY KEY `N`)");
    sql_free(v.q);
    ok(!prepare(&v.f, "SELECT * FROM `S`", &v.q), "prepare\n");
    ok(!sql_execute(v.q, NULL, 0, &v.f.err), "execute\n");
    ok(!sql_modify(v.q, SQL_MODIFY_INSERT, fields, 3, &v.row, &v.f.err), "%u\n", v.f.err.number);
    fields[1].stream = NULL;
    fields[2] = text_value(u"y");
    ok(!sql_modify(v.q, SQL_MODIFY_UPDATE, fields, 3, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `S`", "s|#|y");
    sql_cell(v.q, 1, &cell);
    ok(cell.kind == VALUE_STREAM && cell.col == 1, "kind %d\n", cell.kind);
    struct stg_stream *st;
    char bytes[9];
    u32 got, code = db_core_cell_stream(v.f.db, cell.table, cell.row, cell.col, &st);
    ok(!code, "stream: %u\n", code);
    if (!code) {
        ok(!stg_stream_read(st, 0, bytes, sizeof(bytes), &got) && got == 5, "read\n");
        stg_stream_close(st);
    }
    fields[0] = text_value(u"moved");
    ok(!sql_modify(v.q, SQL_MODIFY_REPLACE, fields, 3, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `S`", "moved|#|y");
    ROWS(&v.f, "SELECT `Name` FROM `_Streams`", "S.moved");
    fields[1] = null_value();
    ok(!sql_modify(v.q, SQL_MODIFY_UPDATE, fields, 3, &v.row, &v.f.err), "%u\n", v.f.err.number);
    ROWS(&v.f, "SELECT * FROM `S`", "moved|-|y");
    close_view(&v);
}

START_TEST(msi_sql_modify)
{
    RUN(update_changes_the_fetched_row);
    RUN(update_keeps_keys_and_rules);
    RUN(update_works_on_joins);
    RUN(joins_take_no_other_mode);
    RUN(replace_updates_or_moves_the_row);
    RUN(delete_removes_the_fetched_row);
    RUN(refresh_reads_what_others_wrote);
    RUN(a_row_is_of_its_execution);
    RUN(a_record_alone_goes_into_a_view_without_rows);
    RUN(insert_adds_a_row_that_can_be_changed);
    RUN(insert_leaves_null_what_is_not_selected);
    RUN(assign_inserts_or_updates);
    RUN(merge_inserts_or_compares);
    RUN(seek_finds_a_row_by_its_key);
    RUN(the_key_must_be_selected);
    RUN(streams_stay_unless_given);
}
