/*
 * Views and summary information below the exported functions: want of memory at every place, and
 * objects that outlive one another.
 */
#include "test.h"

#include "database.h"
#include "errorrec.h"
#include "os.h"
#include "record.h"
#include "suminfo.h"
#include "utf16.h"
#include "view.h"
#include "want_fixture.h"

static u32 run(struct database *db, const char16_t *query, struct record *params)
{
    struct view *v;
    u32 err = view_open(db, query, u16_len(query), &v);

    if (err)
        return err;
    err = view_execute(v, params);
    obj_unref(view_object(v));
    return err;
}

static const char16_t *const tables[] = {
    u"CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72), `O` OBJECT PRIMARY KEY `A`)",
    u"INSERT INTO `T` (`A`, `B`) VALUES (1, 'one')",
    u"INSERT INTO `T` (`A`, `B`) VALUES (2, 'a text that does not stand inside a field')",
    u"CREATE TABLE `_Validation` (`Table` CHAR(32) NOT NULL, `Column` CHAR(32) NOT NULL, "
    u"`Nullable` CHAR(4) NOT NULL, `MinValue` LONG, `MaxValue` LONG, `KeyTable` CHAR(255), "
    u"`KeyColumn` SHORT, `Category` CHAR(32), `Set` CHAR(255), `Description` CHAR(255) PRIMARY "
    u"KEY `Table`, `Column`)",
    u"INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `MaxValue`) VALUES ('T', 'A', "
    u"'N', 100)",
    u"INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `Category`) VALUES ('T', 'B', "
    u"'Y', 'Identifier')",
    u"INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `Category`) VALUES ('T', 'O', "
    u"'Y', 'Binary')",
};

static struct database *database(void)
{
    struct database *db = NULL;

    ok(!db_open_memory(&db), "database\n");
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        ok(!run(db, tables[i], NULL), "table %u\n", (unsigned)i);
    return db;
}

/* Fetches, changes, validates and puts back; the first error. */
static u32 work(struct view *v)
{
    char16_t column[TBL_MAX_NAME + 1];
    struct record *row, *info;
    u32 err = view_execute(v, NULL);

    if (!err)
        err = view_fetch(v, &row);
    if (err)
        return err;
    err = rec_set_text(row, 2, u"another text that is too long for a field", 41);
    if (!err)
        err = view_modify(v, 2, row); /* update */
    if (!err)
        err = view_modify(v, 0, row); /* refresh */
    if (!err)
        err = view_modify(v, 8, row) == ERROR_INVALID_DATA ? 0 : ERROR_OUTOFMEMORY; /* validate */
    if (!err && view_next_error(v, column) != 11)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = rec_set_text(row, 2, u"one", 3);
    if (!err)
        err = view_modify(v, 2, row);
    obj_unref(rec_object(row));
    if (!err && !(err = view_column_info(v, true, &info)))
        obj_unref(rec_object(info));
    return err;
}

static u32 whole_life(struct database *db)
{
    static const char16_t query[] = u"SELECT `A`, `B`, `O` FROM `T` ORDER BY `A`";
    struct sum_value title = {.type = 30, .text = (char16_t *)u"title", .len = 5}, back;
    struct suminfo *sum;
    struct view *v;
    u32 err = view_open(db, query, u16_len(query), &v);

    if (err)
        return err;
    err = work(v);
    obj_unref(view_object(v));
    if (err || (err = suminfo_open(db, 5, &sum)))
        return err;
    err = suminfo_set(sum, 2, &title);
    if (!err)
        err = suminfo_get(sum, 2, &back);
    if (!err) {
        os_free(back.text);
        err = suminfo_persist(sum);
    }
    obj_unref(suminfo_object(sum));
    return err;
}

/* What a validation found may be of a column that the query has no more. */
static void errors_of_columns_that_went(void)
{
    static const char16_t query[] = u"SELECT * FROM `T`";
    struct database *db = database();
    char16_t column[TBL_MAX_NAME + 1];
    struct record *row;
    struct view *v;

    ok(!run(db, u"ALTER TABLE `T` ADD `C` CHAR(20) TEMPORARY HOLD", NULL), "add\n");
    ok(!run(db, u"UPDATE `T` SET `C` = 'no identifier'", NULL), "update\n");
    ok(!run(db,
            u"INSERT INTO `_Validation` (`Table`, `Column`, `Nullable`, `Category`) VALUES ('T', "
            u"'C', 'Y', 'Identifier')",
            NULL),
       "rule\n");
    ok(!view_open(db, query, u16_len(query), &v), "open\n");
    ok(!view_execute(v, NULL), "execute\n");
    ok(!view_fetch(v, &row), "fetch\n");
    ok(view_modify(v, 8, row) == ERROR_INVALID_DATA, "validate\n");
    obj_unref(rec_object(row));
    ok(!view_close(v) && !run(db, u"ALTER TABLE `T` FREE", NULL), "free\n");
    ok(!view_execute(v, NULL), "execute\n");
    for (int i = 0; i < 3; i++)
        view_next_error(v, column);
    ok(!column[0], "no name\n");
    obj_unref(view_object(v));
    obj_unref(db_object(db));
}

static void memory_may_fail_anywhere(void)
{
    struct database *db = database();

    each_allocation_fails(whole_life, db, 10);
    obj_unref(db_object(db));
}

static void children_outlive_their_parents(void)
{
    struct database *db = database();
    struct record *params = rec_create(1), *row = NULL;
    struct rec_stream *s;
    struct view *v;
    char buf[16];
    u32 n = sizeof(buf);

    ok(!rstream_from_bytes("some bytes", 10, &s), "stream\n");
    rec_set_stream(params, 1, s);
    rstream_release(s);
    ok(!run(db, u"INSERT INTO `T` (`A`, `O`) VALUES (3, ?)", params), "insert\n");
    ok(!view_open(db, u"SELECT `O` FROM `T` WHERE `A` = 3", 33, &v), "open\n");
    obj_unref(db_object(db));
    ok(!view_execute(v, NULL), "execute\n");
    ok(!view_fetch(v, &row), "fetch\n");
    obj_unref(view_object(v));
    obj_unref(rec_object(params));
    ok(row && !rec_read_stream(row, 1, buf, &n) && n == 10 && !memcmp(buf, "some bytes", 10),
       "bytes\n");
    if (row)
        obj_unref(rec_object(row));
}

static void a_fetched_stream_can_be_put_into_another_row(void)
{
    struct database *db = database();
    struct record *params = rec_create(1), *row = NULL;
    struct rec_stream *s;
    struct view *v;

    ok(!rstream_from_bytes("some bytes", 10, &s), "stream\n");
    rec_set_stream(params, 1, s);
    rstream_release(s);
    ok(!run(db, u"INSERT INTO `T` (`A`, `O`) VALUES (3, ?)", params), "insert\n");
    ok(!view_open(db, u"SELECT `A`, `O` FROM `T` WHERE `A` = 3", 38, &v), "open\n");
    ok(!view_execute(v, NULL), "execute\n");
    ok(!view_fetch(v, &row), "fetch\n");
    rec_set_int(row, 1, 4);
    ok(!view_modify(v, 1, row), "insert the row again\n");
    obj_unref(rec_object(row));
    obj_unref(view_object(v));
    row = NULL;
    ok(!view_open(db, u"SELECT `O` FROM `T` WHERE `A` = 4", 33, &v), "open\n");
    ok(!view_execute(v, NULL), "execute\n");
    ok(!view_fetch(v, &row), "fetch\n");
    ok(row && rec_data_size(row, 1) == 10, "size\n");
    obj_unref(rec_object(row));
    obj_unref(view_object(v));
    obj_unref(rec_object(params));
    obj_unref(db_object(db));
}

START_TEST(msi_view)
{
    RUN(errors_of_columns_that_went);
    RUN(memory_may_fail_anywhere);
    RUN(children_outlive_their_parents);
    RUN(a_fetched_stream_can_be_put_into_another_row);
    err_clear();
}
