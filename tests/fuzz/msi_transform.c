/*
 * Any bytes as the streams of a transform, applied to a small database under every condition:
 * refused, or done; the database stays whole either way.
 *
 * Input: six streams, each with its length before it (1 byte): _StringPool, _StringData, _Tables,
 * _Columns, T, and an object's. What is missing is empty.
 */
#include <stdlib.h>

#include "coltype.h"
#include "dbcore.h"
#include "namecodec.h"
#include "stg.h"
#include "table.h"
#include "transform.h"
#include "utf16.h"

static const char16_t *const names[] = {u"_StringPool", u"_StringData", u"_Tables",
                                        u"_Columns",    u"T",           u"T.a"};

static struct db_core *make_database(struct stg *stg)
{
    static const struct column_spec columns[] = {
        {u"K", 1, COL_STRING | COL_PLAIN | COL_KEY},
        {u"N", 1, COL_NULLABLE | 2},
        {u"D", 1, COL_STRING | COL_NULLABLE},
    };
    struct value row[3] = {{.kind = VALUE_TEXT, .text = u"a", .len = 1},
                           {.kind = VALUE_INT, .i = 1}};
    struct db_core *db;
    struct table *t;
    u32 n;

    if (db_core_create(stg, &db) ||
        db_core_create_table(db, u"T", 1, columns, 3, false, false, &t) ||
        db_core_insert(db, t, row, false, &n))
        abort();
    return db;
}

static void put_streams(struct stg *stg, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char16_t stored[NAME_STORED_MAX + 1];
        size_t len = size ? data[0] : 0;

        data += size != 0;
        size -= size != 0;
        if (len > size)
            len = size;
        if (name_encode(names[i], u16_len(names[i]), i < 5, stored) ||
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const u32 conditions[] = {XFORM_VIEW, 0, 0x3f};
    struct stg *file, *transform;
    struct db_core *db;

    if (stg_create_memory(&file) || stg_create_memory(&transform))
        abort();
    put_streams(transform, data, size);
    db = make_database(file);
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
        xform_apply(db, transform, conditions[i], NULL);
        check(db);
    }
    if (db_core_save(db))
        abort();
    check(db);
    db_core_free(db);
    stg_close(file);
    stg_close(transform);
    return 0;
}
