/*
 * Tables alone: rows, their order, look-up, their stored form, and what happens without memory.
 */
#include "os.h"
#include "table_impl.h"
#include "table_io.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------ */

enum { TEXT_KEY = 0x2d48, TEXT = 0x1d48, SHORT = 0x1502, LONG = 0x1104, SHORT_KEY = 0x2502 };

struct fixture {
    struct str_pool *pool;
    struct table *t;
};

/* Columns: key text, text, short, long. */
static struct fixture setup(void)
{
    static const u16 types[] = {TEXT_KEY, TEXT, SHORT, LONG};
    struct fixture f = {0};

    ok(!sp_create(0, &f.pool), "pool\n");
    f.t = tbl_new(f.pool, 0, TBL_USER);
    for (u32 i = 0; i < 4; i++)
        ok(!tbl_add_column(f.t, (struct column){i + 1, types[i]}), "column\n");
    return f;
}

static void teardown(struct fixture *f)
{
    tbl_clear(f->t, true);
    tbl_release(f->t);
    sp_free(f->pool);
}

static u32 id_of(struct fixture *f, u32 n)
{
    char16_t text[8];
    u32 len = 0, id = 0;

    for (; n || !len; n /= 10)
        text[len++] = (char16_t)(u'0' + n % 10);
    sp_intern(f->pool, text, len, &id);
    return id;
}

static u32 insert(struct fixture *f, u32 key, i32 value, bool temporary)
{
    u32 cells[4] = {id_of(f, key), id_of(f, key / 3), cell_from_int(value),
                    cell_from_int(value * 1000)};
    u32 row = TBL_NONE, err = tbl_insert(f->t, cells, temporary, &row);

    ok(!err, "insert gives %u\n", err);
    sp_release(f->pool, cells[0], SP_TEMPORARY);
    sp_release(f->pool, cells[1], SP_TEMPORARY);
    return row;
}

static u32 find(struct fixture *f, u32 key)
{
    u32 id = id_of(f, key), row = TBL_NONE;

    ok(!tbl_find_key(f->t, &id, &row), "find\n");
    sp_release(f->pool, id, SP_TEMPORARY);
    return row;
}

static void check(struct fixture *f)
{
    int broken = tbl_check(f->t), pool = sp_check(f->pool);

    ok(!broken, "table invariant %d\n", broken);
    ok(!pool, "pool invariant %d\n", pool);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void cells_come_back(void)
{
    struct fixture f = setup();
    u32 row = insert(&f, 7, -5, false);

    ok(sp_equal(f.pool, tbl_get(f.t, row, 0), u"7", 1), "the key\n");
    ok(cell_to_int(tbl_get(f.t, row, 2)) == -5, "%d\n", cell_to_int(tbl_get(f.t, row, 2)));
    ok(cell_to_int(tbl_get(f.t, row, 3)) == -5000, "%d\n", cell_to_int(tbl_get(f.t, row, 3)));
    ok(tbl_rows(f.t) == 1, "%u rows\n", tbl_rows(f.t));
    check(&f);
    teardown(&f);
}

static void the_bounds_of_integers(void)
{
    static const i32 shorts[] = {-32767, -1, 0, 1, 32767},
                     longs[] = {-0x7fffffff, -1, 0, 1, 0x7fffffff};
    struct fixture f = setup();
    u32 row = insert(&f, 1, 0, false);

    for (u32 i = 0; i < 5; i++) {
        ok(!tbl_set(f.t, row, 2, cell_from_int(shorts[i])), "set\n");
        ok(!tbl_set(f.t, row, 3, cell_from_int(longs[i])), "set\n");
        ok(cell_to_int(tbl_get(f.t, row, 2)) == shorts[i], "%d\n", shorts[i]);
        ok(cell_to_int(tbl_get(f.t, row, 3)) == longs[i], "%d\n", longs[i]);
    }
    ok(tbl_set(f.t, row, 2, cell_from_int(32768)) == ERROR_DATATYPE_MISMATCH, "32768\n");
    ok(tbl_set(f.t, row, 2, cell_from_int(-32768)) == ERROR_DATATYPE_MISMATCH, "-32768\n");
    ok(!tbl_set(f.t, row, 2, 0) && tbl_get(f.t, row, 2) == 0, "NULL\n");
    teardown(&f);
}

static void strings_are_held_by_their_rows(void)
{
    struct fixture f = setup();
    u32 row = insert(&f, 30, 1, false), key = tbl_get(f.t, row, 0), text = tbl_get(f.t, row, 1);

    ok(sp_refs(f.pool, key, SP_PERSISTENT) == 1, "%u\n", sp_refs(f.pool, key, SP_PERSISTENT));
    ok(!tbl_set_temporary(f.t, row, true), "temporary\n");
    ok(sp_refs(f.pool, key, SP_PERSISTENT) == 0 && sp_refs(f.pool, key, SP_TEMPORARY) == 1,
       "the count did not move\n");
    ok(!tbl_set(f.t, row, 1, 0), "set\n");
    ok(!sp_valid(f.pool, text), "an overwritten text stays\n");
    ok(!tbl_delete(f.t, row), "delete\n");
    ok(!sp_valid(f.pool, key), "a deleted row's text stays\n");
    teardown(&f);
}

static void rows_keep_their_numbers_while_pinned(void)
{
    struct fixture f = setup();
    u32 rows[100];

    tbl_pin(f.t);
    for (u32 i = 0; i < 100; i++)
        rows[i] = insert(&f, 1000 - i, (i32)i, false);
    for (u32 i = 0; i < 100; i += 2)
        tbl_delete(f.t, rows[i]);
    tbl_squeeze(f.t);
    for (u32 i = 1; i < 100; i += 2)
        ok(cell_to_int(tbl_get(f.t, rows[i], 2)) == (i32)i, "row %u moved\n", i);
    ok(!tbl_row_exists(f.t, rows[0]) && !tbl_get(f.t, rows[0], 0), "a deleted row reads\n");
    tbl_unpin(f.t);
    tbl_squeeze(f.t);
    ok(f.t->slots == 50 && tbl_rows(f.t) == 50, "%u slots\n", f.t->slots);
    check(&f);
    teardown(&f);
}

/* --- order ------------------------------------------------------------------------------------ */

static u32 count_in_order(struct fixture *f)
{
    struct tbl_cursor c;
    u32 row, last = TBL_NONE, n = 0;

    for (tbl_start(&c); !tbl_next(f->t, &c, &row) && row != TBL_NONE; n++) {
        ok(last == TBL_NONE || tbl_compare_rows(f->t, last, row) < 0, "row %u comes too late\n",
           row);
        last = row;
    }
    return n;
}

static void a_walk_goes_by_key(void)
{
    struct fixture f = setup();

    for (u32 i = 0; i < 500; i++)
        insert(&f, i * 7919 % 1000, 0, false);
    ok(count_in_order(&f) == tbl_rows(f.t), "rows are missing\n");
    for (u32 i = 1000; i < 1200; i++)
        insert(&f, i, 0, i & 1);
    ok(count_in_order(&f) == tbl_rows(f.t), "rows are missing\n");
    check(&f);
    teardown(&f);
}

/* Integer keys, so that the order is known. */
static struct fixture numbers(void)
{
    struct fixture f = {0};

    sp_create(0, &f.pool);
    f.t = tbl_new(f.pool, 0, TBL_USER);
    tbl_add_column(f.t, (struct column){1, SHORT_KEY});
    return f;
}

static u32 add_number(struct fixture *f, i32 n)
{
    u32 cell = cell_from_int(n), row;

    ok(!tbl_insert(f->t, &cell, false, &row), "insert\n");
    return row;
}

static i32 next_number(struct fixture *f, struct tbl_cursor *c)
{
    u32 row;

    ok(!tbl_next(f->t, c, &row), "next\n");
    return row == TBL_NONE ? -1 : cell_to_int(tbl_get(f->t, row, 0));
}

static void a_walk_meets_what_is_inserted_ahead(void)
{
    struct fixture f = numbers();
    struct tbl_cursor c;

    tbl_pin(f.t);
    for (i32 i = 10; i <= 50; i += 10)
        add_number(&f, i);
    tbl_start(&c);
    ok(next_number(&f, &c) == 10, "first\n");
    ok(next_number(&f, &c) == 20, "second\n");
    add_number(&f, 5);
    add_number(&f, 25);
    ok(next_number(&f, &c) == 25, "the one ahead\n");
    tbl_delete(f.t, c.row);
    tbl_delete(f.t, 2);
    add_number(&f, 26);
    ok(next_number(&f, &c) == 26, "from a deleted place\n");
    ok(next_number(&f, &c) == 40, "a deleted row is met\n");
    ok(next_number(&f, &c) == 50, "last\n");
    ok(next_number(&f, &c) == -1, "the end\n");
    add_number(&f, 60);
    ok(next_number(&f, &c) == 60, "after the end\n");
    tbl_unpin(f.t);
    check(&f);
    teardown(&f);
}

/* --- look-up ---------------------------------------------------------------------------------- */

static void keys_are_found(void)
{
    struct fixture f = setup();

    for (u32 i = 0; i < 300; i++)
        insert(&f, i, (i32)i, false);
    for (u32 i = 0; i < 300; i++)
        ok(cell_to_int(tbl_get(f.t, find(&f, i), 2)) == (i32)i, "key %u\n", i);
    ok(find(&f, 300) == TBL_NONE, "found what is not there\n");
    tbl_delete(f.t, find(&f, 77));
    ok(find(&f, 77) == TBL_NONE, "found what was deleted\n");
    insert(&f, 77, 1077, false);
    ok(cell_to_int(tbl_get(f.t, find(&f, 77), 2)) == 1077, "the new one\n");
    check(&f);
    teardown(&f);
}

static u32 count_matches(struct fixture *f, u32 col, u32 cell)
{
    u32 row, n = 0;

    ok(!tbl_match(f->t, col, cell, &row), "match\n");
    for (; row != TBL_NONE; row = tbl_match_next(f->t, col, row)) {
        ok(tbl_get(f->t, row, col) == cell, "row %u does not match\n", row);
        n++;
    }
    return n;
}

static void cells_are_matched(void)
{
    struct fixture f = setup();
    u32 rows[300];

    for (u32 i = 0; i < 300; i++)
        rows[i] = insert(&f, i, (i32)(i % 10), false);
    ok(count_matches(&f, 2, cell_from_int(4)) == 30, "30 rows\n");
    ok(count_matches(&f, 2, cell_from_int(40000)) == 0, "what cannot be there\n");
    tbl_delete(f.t, rows[4]);
    tbl_set(f.t, rows[14], 2, cell_from_int(5));
    insert(&f, 1000, 4, false);
    ok(count_matches(&f, 2, cell_from_int(4)) == 29, "29 rows\n");
    ok(count_matches(&f, 2, cell_from_int(5)) == 31, "31 rows\n");
    ok(count_matches(&f, 1, tbl_get(f.t, rows[200], 1)) == 3, "3 rows\n");
    check(&f);
    teardown(&f);
}

/* --- a model -----------------------------------------------------------------------------------
 */

static u32 next_random(u32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Random changes against an array by key. */
static void any_changes_in_any_order(void)
{
    struct fixture f = setup();
    struct {
        u32 row;
        i32 value;
    } model[64];
    u32 state = 12345;

    tbl_pin(f.t);
    for (u32 i = 0; i < 64; i++)
        model[i].row = TBL_NONE;
    for (u32 step = 0; step < 3000; step++) {
        u32 key = next_random(&state) % 64;
        i32 value = (i32)(next_random(&state) % 2000) - 1000;

        if (model[key].row == TBL_NONE) {
            model[key].row = insert(&f, key, value, step & 1);
            model[key].value = value;
        } else if (step % 3) {
            ok(!tbl_delete(f.t, model[key].row), "delete\n");
            model[key].row = TBL_NONE;
        } else {
            ok(!tbl_set(f.t, model[key].row, 2, cell_from_int(value)), "set\n");
            model[key].value = value;
        }
        key = next_random(&state) % 64;
        ok(find(&f, key) == model[key].row, "key %u\n", key);
        if (step % 50 == 0) {
            u32 row = 0;

            tbl_match(f.t, 2, cell_from_int(value), &row);
            count_in_order(&f);
            check(&f);
        }
    }
    tbl_unpin(f.t);
    check(&f);
    teardown(&f);
}

/* --- the stored form ----------------------------------------------------------------------------
 */

static void the_stored_form_is_column_after_column(void)
{
    static const u8 expected[] = {3, 0,    1, 0, 0, 0,    0, 0, 0xff, 0x7f,
                                  2, 0x80, 0, 0, 0, 0x80, 1, 0, 0,    0x80};
    struct fixture f = setup();
    struct buf b = {0};
    u32 a = id_of(&f, 1), one[4] = {a, 0, cell_from_int(2), cell_from_int(1)}, row;
    u32 c, two[4] = {0, 0, cell_from_int(-1), cell_from_int(0)};

    id_of(&f, 2);
    c = id_of(&f, 3);
    two[0] = c;
    tbl_insert(f.t, two, false, &row);
    tbl_insert(f.t, one, false, &row);
    one[0] = id_of(&f, 4);
    tbl_insert(f.t, one, true, &row);
    ok(!tbl_write(f.t, 2, &b), "write\n");
    ok(b.len == sizeof(expected), "%u bytes\n", (unsigned)b.len);
    /* sorted by id: row 1 comes first */
    ok(b.data[0] == 1 && b.data[2] == 3, "order %u %u\n", b.data[0], b.data[2]);
    ok(b.data[8] == 2 && b.data[9] == 0x80 && b.data[10] == 0xff && b.data[11] == 0x7f, "shorts\n");
    ok(b.data[12] == 1 && b.data[15] == 0x80 && b.data[16] == 0 && b.data[19] == 0x80, "longs\n");
    buf_free(&b);
    teardown(&f);
}

static void both_widths_come_back(void)
{
    for (u32 width = 2; width <= 3; width++) {
        struct fixture f = setup();
        struct table *again;
        struct buf b = {0};

        for (u32 i = 0; i < 200; i++)
            insert(&f, i * 37 % 211, (i32)i, false);
        ok(!tbl_write(f.t, width, &b), "write\n");
        again = tbl_new(f.pool, 0, TBL_USER);
        for (u32 i = 0; i < 4; i++)
            tbl_add_column(again, f.t->column[i]);
        ok(!tbl_read(again, b.data, b.len, width), "read\n");
        ok(tbl_rows(again) == 200, "%u rows\n", tbl_rows(again));
        tbl_squeeze(f.t);
        for (u32 row = 0; row < 200; row++)
            for (u32 col = 0; col < 4; col++)
                ok(tbl_get(again, row, col) == tbl_get(f.t, row, col), "cell %u.%u\n", row, col);
        ok(!again->keep_order, "read as unsorted\n");
        tbl_release(again);
        buf_free(&b);
        teardown(&f);
    }
}

static void damaged_tables_are_refused(void)
{
    static const u8 bytes[] = {9, 0, 0, 0, 1, 0x80, 1, 0, 0, 0x80};
    struct fixture f = setup();

    ok(tbl_read(f.t, bytes, 9, 2) == ERROR_INSTALL_PACKAGE_INVALID, "half a row\n");
    ok(tbl_read(f.t, bytes, 10, 2) == ERROR_INSTALL_PACKAGE_INVALID, "an id of nothing\n");
    ok(!tbl_rows(f.t), "rows came out\n");
    ok(!tbl_read(f.t, bytes, 0, 2), "no rows\n");
    teardown(&f);
}

static void rows_out_of_order_stay_as_stored(void)
{
    static const u8 bytes[] = {3, 0x80, 1, 0x80, 2, 0x80};
    struct fixture f = numbers();
    struct tbl_cursor c;

    ok(!tbl_read(f.t, bytes, sizeof(bytes), 2), "read\n");
    tbl_start(&c);
    ok(next_number(&f, &c) == 3 && next_number(&f, &c) == 1 && next_number(&f, &c) == 2, "order\n");
    add_number(&f, 0);
    tbl_start(&c);
    ok(next_number(&f, &c) == 0 && next_number(&f, &c) == 1, "not sorted after an insert\n");
    check(&f);
    teardown(&f);
}

/* --- memory -------------------------------------------------------------------------------------
 */

static void a_table_needs_little_more_than_its_stored_form(void)
{
    static const u16 types[] = {TEXT_KEY, TEXT, TEXT, SHORT, TEXT};
    enum { ROWS = 100000 };
    struct str_pool *pool;
    struct table *t;
    u8 *bytes = os_calloc(ROWS, 10);
    u32 id, row;

    sp_create(0, &pool);
    sp_intern(pool, u"x", 1, &id);
    for (u32 i = 0; i < ROWS; i++)
        put_le16(bytes + 2 * i, id);
    t = tbl_new(pool, 0, TBL_USER);
    for (u32 i = 0; i < 5; i++)
        tbl_add_column(t, (struct column){i + 1, types[i]});
    ok(!tbl_read(t, bytes, ROWS * 10, 2), "read\n");
    ok(tbl_memory(t) < 11 * ROWS, "%u bytes\n", (unsigned)tbl_memory(t));
    ok(!tbl_match(t, 3, cell_from_int(1), &row), "match\n");
    tbl_index_drop_all(t);
    tbl_release(t);
    sp_free(pool);
    os_free(bytes);
}

static void without_memory_nothing_is_inserted(void)
{
    for (u32 n = 1; n < 300; n++) {
        struct fixture f = setup();
        u32 err = 0, row, rows = 0, ids[60];

        for (u32 i = 0; i < 60; i++)
            ids[i] = id_of(&f, i * 11 % 60);
        insert(&f, 5, 1, false);
        find(&f, 5);
        tbl_match(f.t, 2, cell_from_int(1), &row);
        os_fault(OS_FAULT_ALLOC, n, false);
        for (u32 i = 0; !err && i < 60; i++) {
            u32 cells[4] = {ids[i], 0, cell_from_int((i32)i), 0};

            err = tbl_insert(f.t, cells, i & 1, &row);
            rows += !err;
            if (i == 30)
                err = err ? err : tbl_make_order(f.t);
        }
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "fault %u gives %u\n", n, err);
        ok(tbl_rows(f.t) == rows + 1, "fault %u: %u rows\n", n, tbl_rows(f.t));
        check(&f);
        teardown(&f);
        if (n > 40 && !err)
            return;
    }
    ok(0, "never came through\n");
}

START_TEST(table)
{
    RUN(cells_come_back);
    RUN(the_bounds_of_integers);
    RUN(strings_are_held_by_their_rows);
    RUN(rows_keep_their_numbers_while_pinned);
    RUN(a_walk_goes_by_key);
    RUN(a_walk_meets_what_is_inserted_ahead);
    RUN(keys_are_found);
    RUN(cells_are_matched);
    RUN(any_changes_in_any_order);
    RUN(the_stored_form_is_column_after_column);
    RUN(both_widths_come_back);
    RUN(damaged_tables_are_refused);
    RUN(rows_out_of_order_stay_as_stored);
    RUN(a_table_needs_little_more_than_its_stored_form);
    RUN(without_memory_nothing_is_inserted);
}
