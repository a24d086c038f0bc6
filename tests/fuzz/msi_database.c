/*
 * Any bytes as the streams of a database: refused, or a schema and tables that are whole, that can
 * be changed, saved and read again.
 *
 * Input: five streams (streams.h): _StringPool, _StringData, _Tables, _Columns, and the rows of
 * table T.
 */
#include "coltype.h"
#include "dbcore.h"
#include "streams.h"
#include "table.h"

static const struct stream_name names[] = {{u"_StringPool", true},
                                           {u"_StringData", true},
                                           {u"_Tables", true},
                                           {u"_Columns", true},
                                           {u"T", true}};

static void check(struct db_core *db)
{
    struct table *t;

    if (sp_check(db_core_strings(db)))
        abort();
    for (u32 at = 0; (t = db_core_next_table(db, &at));)
        if (tbl_check(t))
            abort();
}

/* Every table read; the number of rows in all. *damaged is set where one cannot be read. */
static u32 load(struct db_core *db, bool *damaged)
{
    struct table *t;
    u32 rows = 0;

    for (u32 at = 0; (t = db_core_next_table(db, &at));) {
        if (!db_core_table_id(db, tbl_name(t), &t))
            rows += tbl_rows(t);
        else
            *damaged = true;
    }
    return rows;
}

/* What statements do: a new table, a new column, rows deleted, a table dropped. */
static void change(struct db_core *db)
{
    static const struct column_spec columns[] = {{u"K", 1, COL_STRING | COL_PLAIN | COL_KEY},
                                                 {u"N", 1, COL_NULLABLE | 2}};
    struct value row[2] = {{.kind = VALUE_TEXT, .text = u"a", .len = 1}, {.kind = VALUE_NULL}};
    u32 n, at = 0;
    struct table *t = db_core_next_table(db, &at), *added;

    if (t && !db_core_table_id(db, tbl_name(t), &t)) {
        db_core_add_column(db, t, &columns[1], false);
        for (u32 i = 0; i < 3; i++)
            db_core_delete(db, t, i);
    }
    if (!db_core_create_table(db, u"Added", 5, columns, 2, false, false, &added) &&
        db_core_insert(db, added, row, false, &n))
        abort();
    check(db);
    at = 0;
    if (db_core_next_table(db, &at))
        t = db_core_next_table(db, &at);
    else
        t = NULL;
    if (t)
        db_core_drop_table(db, t);
    check(db);
}

/* A database that the engine has written. */
static size_t whole_input(uint8_t *out, size_t max)
{
    static const struct column_spec columns[] = {{u"K", 1, COL_STRING | COL_PLAIN | COL_KEY | 8},
                                                 {u"N", 1, COL_NULLABLE | 2},
                                                 {u"L", 1, COL_NULLABLE | 4},
                                                 {u"D", 1, COL_STRING | COL_NULLABLE}};
    struct value row[4] = {{.kind = VALUE_TEXT, .text = u"abc", .len = 1},
                           {.kind = VALUE_INT, .i = 7},
                           {.kind = VALUE_INT, .i = 70000},
                           {.kind = VALUE_NULL}};
    struct db_core *db;
    struct stg *stg;
    struct table *t;
    size_t size;
    u32 n;

    if (stg_create_memory(&stg) || db_core_create(stg, &db) ||
        db_core_create_table(db, u"T", 1, columns, 4, false, false, &t))
        abort();
    for (row[0].len = 1; row[0].len <= 3; row[0].len++)
        if (db_core_insert(db, t, row, false, &n))
            abort();
    if (db_core_save(db))
        abort();
    size = streams_take(stg, names, ARRAY_LEN(names), out, max);
    db_core_free(db);
    stg_close(stg);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t whole = size < 16 || seed % 512 == 0 ? whole_input(data, max) : 0;

    return whole ? whole : streams_mutate(data, size, max, seed, ARRAY_LEN(names));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stg *stg;
    struct db_core *db;
    bool damaged = false;
    u32 rows;

    if (stg_create_memory(&stg))
        abort();
    streams_put(stg, names, ARRAY_LEN(names), data, size);
    if (!db_core_open(stg, &db)) {
        load(db, &damaged);
        check(db);
        change(db);
        rows = load(db, &damaged);
        if (db_core_save(db))
            abort();
        db_core_free(db);
        if (db_core_open(stg, &db))
            abort();
        /* an id that stood for nothing may stand for a new string now */
        if (load(db, &damaged) != rows && !damaged)
            abort();
        check(db);
        db_core_free(db);
    }
    stg_close(stg);
    return 0;
}
