/*
 * The database below SQL, on a storage in memory: schema, rows and their rules, streams, saving
 * and reading again, and each failure of memory on the way.
 */
#include "coltype.h"
#include "dbcore.h"
#include "dbcore_impl.h"
#include "os.h"
#include "stg.h"
#include "strpool_io.h"
#include "table_io.h"
#include "test.h"
#include "utf16.h"

/* --- helpers ------------------------------------------------------------------------------ */

struct fixture {
    struct stg *stg;
    struct db_core *db;
};

static struct fixture setup(void)
{
    struct fixture f = {0};

    ok(!stg_create_memory(&f.stg), "storage\n");
    ok(!db_core_create(f.stg, &f.db), "create\n");
    return f;
}

static void teardown(struct fixture *f)
{
    db_core_free(f->db);
    stg_close(f->stg);
}

static void reopen(struct fixture *f)
{
    u32 err = db_core_save(f->db);

    ok(!err, "save gives %u\n", err);
    db_core_free(f->db);
    f->db = NULL;
    err = db_core_open(f->stg, &f->db);
    ok(!err, "open gives %u\n", err);
}

#define T(s) (s), (ARRAY_LEN(s) - 1)

static const struct column_spec columns[] = {
    {T(u"Key"), COL_STRING | COL_PLAIN | COL_KEY | 20},
    {T(u"Text"), COL_STRING | COL_PLAIN | COL_NULLABLE | COL_LOCALIZABLE},
    {T(u"Short"), COL_NULLABLE | 2},
    {T(u"Long"), COL_NULLABLE | 4},
    {T(u"Data"), COL_STRING | COL_NULLABLE},
};

static struct table *make_table(struct fixture *f, const char16_t *name)
{
    struct table *t = NULL;
    u32 err = db_core_create_table(f->db, name, u16_len(name), columns, ARRAY_LEN(columns), false,
                                   false, &t);

    ok(!err, "create gives %u\n", err);
    return t;
}

static struct table *get_table(struct fixture *f, const char16_t *name)
{
    struct table *t = NULL;
    u32 err = db_core_table(f->db, name, u16_len(name), &t);

    ok(!err, "table gives %u\n", err);
    return t;
}

static struct value text(const char16_t *s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s, .len = u16_len(s)};
}

static struct value number(i32 i)
{
    return (struct value){.kind = VALUE_INT, .i = i};
}

struct bytes_source {
    struct stream_source source;
    const char *bytes;
};

static u32 put_bytes(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    const char *bytes = CONTAINER_OF(s, struct bytes_source, source)->bytes;

    return stg_set_bytes(stg, name, bytes, strlen(bytes));
}

static u32 insert(struct fixture *f, struct table *t, const char16_t *key, const char16_t *txt,
                  i32 n, const char *bytes, u32 *row)
{
    struct bytes_source source = {{put_bytes}, bytes};
    struct value values[5] = {text(key), text(txt), number(n), number(n * 10000)};

    if (bytes) {
        values[4].kind = VALUE_STREAM;
        values[4].stream = &source.source;
    }
    return db_core_insert(f->db, t, values, false, row);
}

static u32 find(struct fixture *f, struct table *t, const char16_t *key)
{
    struct value v = text(key);
    u32 row = TBL_NONE;

    ok(!db_core_find(f->db, t, &v, &row), "find\n");
    return row;
}

static void check(struct fixture *f)
{
    struct table *t;

    ok(!sp_check(db_core_strings(f->db)), "pool invariant %d\n", sp_check(db_core_strings(f->db)));
    for (u32 at = 0; (t = db_core_next_table(f->db, &at));)
        ok(!tbl_check(t), "table invariant %d\n", tbl_check(t));
}

/* The bytes of the row's stream are those. */
static bool stream_is(struct fixture *f, struct table *t, u32 row, u32 col, const char *bytes)
{
    struct stg_stream *st = NULL;
    char got[64];
    u32 n = 0;

    if (db_core_cell_stream(f->db, t, row, col, &st))
        return false;
    stg_stream_read(st, 0, got, sizeof(got), &n);
    stg_stream_close(st);
    return n == strlen(bytes) && !memcmp(got, bytes, n);
}

/* --- schema ---------------------------------------------------------------------------------- */

static void a_table_is_there_after_saving(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    char16_t type[COL_TYPE_TEXT_MAX];

    ok(tbl_columns(t) == 5 && tbl_keys(t) == 1, "%u columns\n", tbl_columns(t));
    reopen(&f);
    t = get_table(&f, u"Things");
    ok(tbl_columns(t) == 5 && tbl_keys(t) == 1, "%u columns\n", tbl_columns(t));
    col_type_text(tbl_column(t, 1)->type, type);
    ok(u16_equal(type, u"L0"), "another type\n");
    ok(db_core_presence(f.db, T(u"Things")) == TBL_PERSISTENT, "not persistent\n");
    ok(db_core_presence(f.db, T(u"Nothing")) == TBL_ABSENT, "not absent\n");
    ok(db_core_presence(f.db, T(u"_Tables")) == TBL_ABSENT, "a system table counts\n");
    check(&f);
    teardown(&f);
}

static void the_schema_is_rows_too(void)
{
    struct fixture f = setup();
    struct table *names, *cols;
    struct value row[4] = {text(u"x")};
    u32 n;

    make_table(&f, u"Things");
    names = get_table(&f, u"_Tables");
    cols = get_table(&f, u"_Columns");
    ok(tbl_rows(names) == 1 && tbl_rows(cols) == 5, "%u and %u\n", tbl_rows(names), tbl_rows(cols));
    ok(db_core_insert(f.db, names, row, false, &n) == ERROR_FUNCTION_FAILED, "written to\n");
    ok(db_core_delete(f.db, names, 0) == ERROR_FUNCTION_FAILED, "deleted from\n");
    ok(db_core_drop_table(f.db, names) == ERROR_BAD_QUERY_SYNTAX, "dropped\n");
    teardown(&f);
}

static void a_wrong_table_is_refused(void)
{
    static const struct column_spec no_key[] = {{T(u"A"), 2}};
    static const struct column_spec late_key[] = {
        {T(u"A"), COL_KEY | 2}, {T(u"B"), 2}, {T(u"C"), COL_KEY | 2}};
    static const struct column_spec twice[] = {{T(u"A"), COL_KEY | 2}, {T(u"A"), 2}};
    struct column_spec many[33];
    static char16_t names[33][3];
    struct fixture f = setup();
    struct table *t;

    for (u32 i = 0; i < 33; i++) {
        names[i][0] = u'C';
        names[i][1] = (char16_t)(u'0' + i);
        many[i] = (struct column_spec){names[i], 2, i ? 2 : COL_KEY | 2};
    }
    ok(db_core_create_table(f.db, T(u"T"), no_key, 1, false, false, &t), "no key\n");
    ok(db_core_create_table(f.db, T(u"T"), late_key, 3, false, false, &t), "a late key\n");
    ok(db_core_create_table(f.db, T(u"T"), twice, 2, false, false, &t), "a name twice\n");
    ok(db_core_create_table(f.db, T(u"T"), many, 33, false, false, &t), "33 columns\n");
    ok(!db_core_create_table(f.db, T(u"T"), many, 32, false, false, &t), "32 columns\n");
    ok(db_core_create_table(f.db, T(u"T"), many, 1, false, false, &t), "a taken name\n");
    ok(db_core_create_table(f.db, T(u"_Streams"), many, 1, false, false, &t), "a system name\n");
    check(&f);
    teardown(&f);
}

static void a_dropped_table_is_gone(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things"), *other;
    u32 row, strings;

    make_table(&f, u"Other");
    strings = sp_count(db_core_strings(f.db));
    insert(&f, t, u"a", u"text", 1, "bytes", &row);
    tbl_retain(t);
    ok(!db_core_drop_table(f.db, t), "drop\n");
    ok(tbl_is_gone(t) && !tbl_rows(t), "rows are left\n");
    tbl_release(t);
    ok(db_core_table(f.db, T(u"Things"), &other) == ERROR_INVALID_TABLE, "still there\n");
    ok(sp_count(db_core_strings(f.db)) < strings, "its strings are left\n");
    ok(tbl_rows(get_table(&f, u"_Streams")) == 0, "its stream is left\n");
    make_table(&f, u"Things");
    reopen(&f);
    ok(tbl_rows(get_table(&f, u"Things")) == 0, "old rows in the new table\n");
    check(&f);
    teardown(&f);
}

static void columns_are_added(void)
{
    static const struct column_spec more = {T(u"More"), COL_STRING | COL_PLAIN | COL_NULLABLE | 10};
    static const struct column_spec temp = {T(u"Temp"), COL_NULLABLE | COL_TEMPORARY | 4};
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    struct value values[7] = {0};
    u32 row;

    insert(&f, t, u"a", u"text", 1, NULL, &row);
    reopen(&f);
    t = get_table(&f, u"Things");
    ok(!db_core_add_column(f.db, t, &more, false), "add\n");
    ok(!db_core_add_column(f.db, t, &temp, true), "add\n");
    ok(db_core_add_column(f.db, t, &more, false) == ERROR_BAD_QUERY_SYNTAX, "twice\n");
    values[5] = text(u"news");
    values[6] = number(99);
    ok(!db_core_update(f.db, t, 0, 3u << 5, values), "update\n");
    reopen(&f);
    t = get_table(&f, u"Things");
    ok(tbl_columns(t) == 6, "%u columns\n", tbl_columns(t));
    ok(sp_equal(db_core_strings(f.db), tbl_get(t, 0, 5), u"news", 4), "the new cell\n");
    check(&f);
    teardown(&f);
}

static void temporary_things_end_with_the_last_free(void)
{
    static const struct column_spec temp = {T(u"Temp"), COL_NULLABLE | COL_TEMPORARY | 4};
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things"), *gone;

    ok(!db_core_add_column(f.db, t, &temp, true), "add\n");
    ok(!db_core_hold(f.db, t), "hold\n");
    ok(!db_core_unhold(f.db, t) && tbl_columns(t) == 6, "gone too early\n");
    ok(!db_core_unhold(f.db, t) && tbl_columns(t) == 5, "still there\n");
    ok(!db_core_create_table(f.db, T(u"Temp"), columns, 5, true, true, &t), "create\n");
    ok(db_core_presence(f.db, T(u"Temp")) == TBL_TEMPORARY, "not temporary\n");
    ok(tbl_rows(get_table(&f, u"_Columns")) == 5, "in _Columns\n");
    ok(!db_core_unhold(f.db, t), "free\n");
    ok(db_core_table(f.db, T(u"Temp"), &gone) == ERROR_INVALID_TABLE, "still there\n");
    check(&f);
    teardown(&f);
}

/* --- rows ------------------------------------------------------------------------------------- */

static void rows_come_back(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    u32 row;

    ok(!insert(&f, t, u"one", u"first", 1, NULL, &row), "insert\n");
    ok(!insert(&f, t, u"two", u"", -2, "some bytes", &row), "insert\n");
    reopen(&f);
    t = get_table(&f, u"Things");
    row = find(&f, t, u"two");
    ok(tbl_get(t, row, 1) == 0, "empty text is not NULL\n");
    ok(cell_to_int(tbl_get(t, row, 3)) == -20000, "%d\n", cell_to_int(tbl_get(t, row, 3)));
    ok(stream_is(&f, t, row, 4, "some bytes"), "another stream\n");
    ok(!stream_is(&f, t, find(&f, t, u"one"), 4, ""), "a stream for NULL\n");
    ok(find(&f, t, u"three") == TBL_NONE, "a row that is not there\n");
    teardown(&f);
}

static void a_wrong_row_is_refused(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    struct value values[5] = {text(u"k"), number(1)};
    u32 row, strings;

    ok(!insert(&f, t, u"one", u"first", 1, NULL, &row), "insert\n");
    strings = sp_limit(db_core_strings(f.db));
    ok(insert(&f, t, u"one", u"again", 1, "x", &row) == ERROR_FUNCTION_FAILED, "a key twice\n");
    ok(insert(&f, t, u"", u"again", 1, NULL, &row) == ERROR_FUNCTION_FAILED, "a NULL key\n");
    ok(insert(&f, t, u"x", u"", 40000, NULL, &row) == ERROR_FUNCTION_FAILED, "too big\n");
    ok(db_core_insert(f.db, t, values, false, &row) == ERROR_DATATYPE_MISMATCH,
       "a number as text\n");
    ok(insert(&f, t, u"a key that is longer than the sixty-two characters that a stream may have",
              u"", 1, "x", &row) == ERROR_FUNCTION_FAILED,
       "a stream name that does not fit\n");
    ok(tbl_rows(t) == 1, "%u rows\n", tbl_rows(t));
    ok(sp_limit(db_core_strings(f.db)) == strings, "strings are left\n");
    ok(tbl_rows(get_table(&f, u"_Streams")) == 0, "a stream is left\n");
    check(&f);
    teardown(&f);
}

static void updates_move_streams(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    struct value values[5] = {text(u"new")};
    u32 row, other;

    insert(&f, t, u"old", u"x", 1, "bytes", &row);
    insert(&f, t, u"other", u"x", 1, NULL, &other);
    ok(!db_core_update(f.db, t, row, 1, values), "update\n");
    ok(stream_is(&f, t, row, 4, "bytes"), "the stream did not come along\n");
    ok(find(&f, t, u"new") == row && find(&f, t, u"old") == TBL_NONE, "the key\n");
    values[0] = text(u"other");
    ok(db_core_update(f.db, t, row, 1, values) == ERROR_FUNCTION_FAILED, "a key twice\n");
    ok(!db_core_update(f.db, t, row, 1u << 4, values), "no stream\n");
    ok(tbl_rows(get_table(&f, u"_Streams")) == 0, "the stream is left\n");
    ok(!db_core_delete(f.db, t, row) && tbl_rows(t) == 1, "delete\n");
    check(&f);
    teardown(&f);
}

static void temporary_rows_are_not_saved(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    struct bytes_source source = {{put_bytes}, "temporary"};
    struct value values[5] = {text(u"temp"), text(u"secret")};
    u32 row;

    values[4] = (struct value){.kind = VALUE_STREAM, .stream = &source.source};
    insert(&f, t, u"stays", u"x", 1, NULL, &row);
    ok(!db_core_insert(f.db, t, values, true, &row), "insert\n");
    ok(stream_is(&f, t, row, 4, "temporary"), "its stream\n");
    reopen(&f);
    t = get_table(&f, u"Things");
    ok(tbl_rows(t) == 1, "%u rows\n", tbl_rows(t));
    ok(tbl_rows(get_table(&f, u"_Streams")) == 0, "its stream was saved\n");
    teardown(&f);
}

/* --- the pool --------------------------------------------------------------------------------- */

static void strings_of_deleted_rows_leave_the_file(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    u32 row, before;

    insert(&f, t, u"a", u"shared", 1, NULL, &row);
    reopen(&f);
    before = sp_count(db_core_strings(f.db));
    for (u32 i = 0; i < 20; i++) {
        t = get_table(&f, u"Things");
        insert(&f, t, u"b", u"shared", 1, NULL, &row);
        reopen(&f);
        t = get_table(&f, u"Things");
        ok(!db_core_delete(f.db, t, find(&f, t, u"b")), "delete\n");
        reopen(&f);
    }
    ok(sp_count(db_core_strings(f.db)) == before, "%u strings, then %u\n", before,
       sp_count(db_core_strings(f.db)));
    t = get_table(&f, u"Things");
    ok(sp_equal(db_core_strings(f.db), tbl_get(t, 0, 1), u"shared", 6), "a text is lost\n");
    teardown(&f);
}

static u32 next_random(u32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Every count in the pool is the number of cells that are saved. */
static void check_counts(struct fixture *f)
{
    struct str_pool *p = db_core_strings(f->db);
    struct table *t;
    u32 limit = sp_limit(p), *counts = os_calloc(limit, sizeof(*counts));

    ok(!db_load_all(f->db), "load\n");
    for (u32 id = 1; id < limit; id++)
        counts[id] = sp_refs(p, id, SP_PERSISTENT);
    sp_recount_start(p);
    tbl_count_refs(f->db->sys[TBL_TABLES]);
    tbl_count_refs(f->db->sys[TBL_COLUMNS]);
    for (u32 at = 0; (t = db_core_next_table(f->db, &at));)
        tbl_count_refs(t);
    for (u32 id = 1; id < limit; id++)
        ok(counts[id] == sp_refs(p, id, SP_PERSISTENT), "string %u: %u, not %u\n", id, counts[id],
           sp_refs(p, id, SP_PERSISTENT));
    sp_recount_finish(p);
    os_free(counts);
}

static void random_edit(struct fixture *f, struct table *t, u32 *state)
{
    static const char16_t *const texts[] = {u"a", u"b", u"c", u"d", u"e\u00e4", u"f", u"g", u"h"};
    const char16_t *key = texts[next_random(state) % 8], *text_ = texts[next_random(state) % 8];
    struct value values[5] = {text(key), text(text_), number(1)};
    u32 row = find(f, t, key);

    if (row == TBL_NONE)
        db_core_insert(f->db, t, values, next_random(state) % 3 == 0, &row);
    else if (next_random(state) % 2)
        db_core_update(f->db, t, row, next_random(state) % 8, values);
    else
        db_core_delete(f->db, t, row);
}

static void any_edits_keep_the_counts_right(void)
{
    struct fixture f = setup();
    u32 state = 7;

    make_table(&f, u"A");
    make_table(&f, u"B");
    for (u32 step = 0; step < 600; step++) {
        const char16_t *name = next_random(&state) % 2 ? u"A" : u"B";
        struct table *t = get_table(&f, name);

        if (next_random(&state) % 40 == 0) {
            ok(!db_core_drop_table(f.db, t), "drop\n");
            make_table(&f, name);
        } else {
            random_edit(&f, t, &state);
        }
        if (step % 25 == 0)
            reopen(&f);
        if (step % 10 == 0)
            check_counts(&f);
    }
    check(&f);
    teardown(&f);
}

static void many_strings_take_three_bytes(void)
{
    static const struct column_spec two[] = {{T(u"K"), COL_KEY | 4},
                                             {T(u"V"), COL_STRING | COL_PLAIN | COL_NULLABLE}};
    struct fixture f = setup();
    struct table *t, *small = make_table(&f, u"Small");
    struct value values[2];
    char16_t name[8] = u"v";
    u32 row;

    insert(&f, small, u"first", u"text", 1, NULL, &row);
    ok(!db_core_create_table(f.db, T(u"Big"), two, 2, false, false, &t), "create\n");
    for (i32 i = 0; i < 70000; i++) {
        for (u32 k = 0; k < 5; k++)
            name[1 + k] = (char16_t)(u'a' + (i >> (4 * k) & 15));
        values[0] = number(i);
        values[1] = (struct value){.kind = VALUE_TEXT, .text = name, .len = 6};
        if (db_core_insert(f.db, t, values, false, &row))
            ok(0, "insert %d\n", i);
    }
    reopen(&f);
    ok(f.db->ref_bytes == 3, "%u bytes\n", f.db->ref_bytes);
    t = get_table(&f, u"Big");
    ok(tbl_rows(t) == 70000, "%u rows\n", tbl_rows(t));
    ok(sp_equal(db_core_strings(f.db), tbl_get(t, 69999, 1), name, 6), "another text\n");
    small = get_table(&f, u"Small");
    ok(find(&f, small, u"first") == 0, "the table that nobody touched\n");
    teardown(&f);
}

/* --- damage ------------------------------------------------------------------------------------
 */

static void damage_is_an_error(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things"), *other = make_table(&f, u"Other");
    char16_t stored[NAME_STORED_MAX + 1];
    u32 row;

    insert(&f, t, u"a", u"x", 1, NULL, &row);
    insert(&f, other, u"a", u"x", 1, NULL, &row);
    reopen(&f);
    name_encode(T(u"Things"), true, stored);
    stg_set_bytes(f.stg, stored, "odd", 3);
    ok(db_core_table(f.db, T(u"Things"), &t) == ERROR_INSTALL_PACKAGE_INVALID, "not an error\n");
    ok(db_core_table(f.db, T(u"Things"), &t) == ERROR_INSTALL_PACKAGE_INVALID, "an error once\n");
    other = get_table(&f, u"Other");
    ok(!db_core_delete(f.db, other, 0), "the other table\n");
    ok(!db_core_save(f.db), "save\n");
    {
        u64 size = 0;

        ok(!stg_stream_length(f.stg, stored, &size) && size == 3, "the damaged one was written\n");
    }
    teardown(&f);
}

/* The rows of a table that cannot be read may refer to any string of the file. */
static void strings_of_a_damaged_table_stay(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things"), *other = make_table(&f, u"Other");
    char16_t stored[NAME_STORED_MAX + 1];
    u8 *bytes;
    size_t len;
    u32 row;

    insert(&f, t, u"a", u"mine", 1, NULL, &row);
    insert(&f, other, u"a", u"mine", 1, NULL, &row);
    reopen(&f);
    name_encode(T(u"Things"), true, stored);
    ok(!stg_read_all(f.stg, stored, &bytes, &len), "read\n");
    stg_set_bytes(f.stg, stored, "odd", 3);
    /* the counts of the file are 2; to this pool there is one row, which goes */
    for (u32 i = 0; i < 2; i++) {
        other = get_table(&f, u"Other");
        db_core_delete(f.db, other, find(&f, other, u"a"));
        insert(&f, other, u"b", u"c", 1, NULL, &row);
        db_core_delete(f.db, other, row);
        reopen(&f);
    }
    stg_set_bytes(f.stg, stored, bytes, len);
    db_core_free(f.db);
    ok(!db_core_open(f.stg, &f.db), "open\n");
    t = get_table(&f, u"Things");
    ok(sp_equal(db_core_strings(f.db), tbl_get(t, 0, 1), u"mine", 4), "its text is lost\n");
    os_free(bytes);
    teardown(&f);
}

/* An id that stood for nothing in the file stands for nothing when it has been given away. */
static void a_new_string_repairs_no_table(void)
{
    struct fixture f = setup();
    struct table *t = make_table(&f, u"Things");
    char16_t stored[NAME_STORED_MAX + 1], text_[2] = u"A";
    u8 *bytes;
    size_t len;
    u32 row, id;

    insert(&f, t, u"a", u"mine", 1, NULL, &row);
    reopen(&f);
    name_encode(T(u"Things"), true, stored);
    ok(!stg_read_all(f.stg, stored, &bytes, &len), "read\n");
    put_le16(bytes, sp_limit(db_core_strings(f.db)) + 3);
    stg_set_bytes(f.stg, stored, bytes, len);
    for (; text_[0] < u'Z'; text_[0]++)
        sp_intern(db_core_strings(f.db), text_, 1, &id);
    ok(db_core_table(f.db, T(u"Things"), &t) == ERROR_INSTALL_PACKAGE_INVALID, "taken\n");
    os_free(bytes);
    teardown(&f);
}

static void what_is_no_database(void)
{
    struct stg *stg;
    struct db_core *db = NULL;

    stg_create_memory(&stg);
    ok(db_core_open(stg, &db) == ERROR_INSTALL_PACKAGE_INVALID, "an empty storage\n");
    ok(!db, "a database came out\n");
    stg_close(stg);
}

/* --- _Streams and _Storages --------------------------------------------------------------------
 */

static void streams_are_rows(void)
{
    struct fixture f = setup();
    struct table *t = get_table(&f, u"_Streams");
    struct bytes_source source = {{put_bytes}, "cabinet"};
    struct value values[2] = {text(u"disk1.cab"), {.kind = VALUE_STREAM, .stream = &source.source}};
    u32 row;

    ok(!db_core_insert(f.db, t, values, false, &row), "insert\n");
    ok(db_core_insert(f.db, t, values, false, &row) == ERROR_FUNCTION_FAILED, "twice\n");
    reopen(&f);
    t = get_table(&f, u"_Streams");
    ok(tbl_rows(t) == 1, "%u rows\n", tbl_rows(t));
    row = find(&f, t, u"disk1.cab");
    ok(stream_is(&f, t, row, 1, "cabinet"), "other bytes\n");
    values[0] = text(u"disk2.cab");
    source.bytes = "another";
    ok(!db_core_update(f.db, t, row, 3, values), "update\n");
    ok(stream_is(&f, t, row, 1, "another"), "other bytes\n");
    ok(!db_core_delete(f.db, t, row), "delete\n");
    ok(tbl_rows(get_table(&f, u"_Streams")) == 0, "still there\n");
    teardown(&f);
}

/* --- memory -------------------------------------------------------------------------------------
 */

/* A life of a database; the first error ends it. */
static u32 life(struct stg *stg)
{
    struct fixture f = {stg, NULL};
    struct table *t;
    u32 row, err = db_core_create(stg, &f.db);

    if (!err)
        err = db_core_create_table(f.db, T(u"Things"), columns, 5, false, false, &t);
    if (!err)
        err = insert(&f, t, u"a", u"x\u00e4", 1, "bytes", &row);
    if (!err)
        err = insert(&f, t, u"b", u"y", 2, NULL, &row);
    if (!err)
        err = db_core_save(f.db);
    if (!err)
        err = db_core_delete(f.db, t, row);
    if (!err)
        err = db_core_save(f.db);
    if (f.db)
        check(&f);
    db_core_free(f.db);
    f.db = NULL;
    if (!err)
        err = db_core_open(stg, &f.db);
    if (!err)
        err = db_core_table(f.db, T(u"Things"), &t);
    if (!err && tbl_rows(t) != 1)
        ok(0, "%u rows\n", tbl_rows(t));
    if (!err)
        err = db_core_drop_table(f.db, t);
    db_core_free(f.db);
    return err;
}

static void without_memory_at_any_moment(void)
{
    for (u32 n = 1; n < 2000; n++) {
        struct stg *stg;
        u32 err, calls;

        stg_create_memory(&stg);
        os_fault(OS_FAULT_ALLOC, n, false);
        err = life(stg);
        calls = os_fault_count(OS_FAULT_ALLOC);
        os_fault(OS_FAULT_ALLOC, 0, false);
        stg_close(stg);
        ok(!err || err == ERROR_OUTOFMEMORY || err == ERROR_NOT_ENOUGH_MEMORY,
           "fault %u gives %u\n", n, err);
        if (calls < n)
            return;
    }
    ok(0, "never came through\n");
}

START_TEST(dbcore)
{
    RUN(a_table_is_there_after_saving);
    RUN(the_schema_is_rows_too);
    RUN(a_wrong_table_is_refused);
    RUN(a_dropped_table_is_gone);
    RUN(columns_are_added);
    RUN(temporary_things_end_with_the_last_free);
    RUN(rows_come_back);
    RUN(a_wrong_row_is_refused);
    RUN(updates_move_streams);
    RUN(temporary_rows_are_not_saved);
    RUN(strings_of_deleted_rows_leave_the_file);
    RUN(any_edits_keep_the_counts_right);
    RUN(many_strings_take_three_bytes);
    RUN(damage_is_an_error);
    RUN(strings_of_a_damaged_table_stay);
    RUN(a_new_string_repairs_no_table);
    RUN(what_is_no_database);
    RUN(streams_are_rows);
    RUN(without_memory_at_any_moment);
}
