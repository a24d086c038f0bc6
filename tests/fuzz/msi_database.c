/*
 * Any bytes as the streams of a database: refused, or a schema and tables that are whole, that can
 * be changed, saved and read again.
 *
 * Input: five streams, each with its length before it (1 byte): _StringPool, _StringData, _Tables,
 * _Columns, and the rows of table T. What is missing is empty.
 */
#include <stdlib.h>

#include "dbcore.h"
#include "namecodec.h"
#include "stg.h"
#include "table.h"
#include "utf16.h"

static const char16_t *const names[] = {u"_StringPool", u"_StringData", u"_Tables", u"_Columns",
                                        u"T"};

static void put_streams(struct stg *stg, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char16_t stored[NAME_STORED_MAX + 1];
        size_t len = size ? data[0] : 0;

        data += size != 0;
        size -= size != 0;
        if (len > size)
            len = size;
        if (name_encode(names[i], u16_len(names[i]), true, stored) ||
            stg_set_bytes(stg, stored, data, len))
            abort();
        data += len;
        size -= len;
    }
}

static void check(struct db_core *db)
{
    if (sp_check(db_core_strings(db)))
        abort();
    for (u32 i = 0; db_core_table_at(db, i); i++)
        if (tbl_check(db_core_table_at(db, i)))
            abort();
}

/* Every table read; the number of rows in all. *damaged is set where one cannot be read. */
static u32 load(struct db_core *db, bool *damaged)
{
    u32 rows = 0;

    for (u32 i = 0; db_core_table_at(db, i); i++) {
        struct table *t;

        if (!db_core_table_id(db, tbl_name(db_core_table_at(db, i)), &t))
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
    struct table *t = db_core_table_at(db, 0), *added;
    u32 n;

    if (t && !db_core_table_id(db, tbl_name(t), &t)) {
        db_core_add_column(db, t, &columns[1], false);
        for (u32 i = 0; i < 3; i++)
            db_core_delete(db, t, i);
    }
    if (!db_core_create_table(db, u"Added", 5, columns, 2, false, false, &added) &&
        db_core_insert(db, added, row, false, &n))
        abort();
    check(db);
    t = db_core_table_at(db, 1);
    if (t)
        db_core_drop_table(db, t);
    check(db);
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
    put_streams(stg, data, size);
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
