/*
 * Any bytes as the streams of a transform, applied to a small database under every condition:
 * refused, or done; the database stays whole either way.
 *
 * Input: six streams (streams.h): _StringPool, _StringData, _Tables, _Columns, T, and an object's.
 */
#include <stdio.h>
#include <unistd.h>

#include "coltype.h"
#include "dbcore.h"
#include "streams.h"
#include "table.h"
#include "transform.h"

static const struct stream_name names[] = {{u"_StringPool", true}, {u"_StringData", true},
                                           {u"_Tables", true},     {u"_Columns", true},
                                           {u"T", true},           {u"T.a", false}};

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

static void check(struct db_core *db)
{
    struct table *t;

    if (sp_check(db_core_strings(db)))
        abort();
    for (u32 at = 0; (t = db_core_next_table(db, &at));)
        if (tbl_check(t))
            abort();
}

/* The database with a column and rows more, a row changed, a new table. */
static void change(struct db_core *db)
{
    static const struct column_spec column = {u"M", 1, COL_NULLABLE | 4},
                                    keys = {u"A", 1, COL_STRING | COL_PLAIN | COL_KEY | 8};
    struct value row[4] = {{.kind = VALUE_TEXT, .text = u"a", .len = 1},
                           {.kind = VALUE_INT, .i = 2},
                           {.kind = VALUE_NULL},
                           {.kind = VALUE_INT, .i = 70000}};
    struct table *t, *added;
    u32 n;

    if (db_core_table(db, u"T", 1, &t) || db_core_add_column(db, t, &column, false) ||
        db_core_find(db, t, row, &n) || db_core_update(db, t, n, 10, row))
        abort();
    row[0].text = u"b";
    if (db_core_insert(db, t, row, false, &n) ||
        db_core_create_table(db, u"Added", 5, &keys, 1, false, false, &added) ||
        db_core_insert(db, added, row, false, &n))
        abort();
}

/* A transform that the engine has made. */
static size_t whole_input(uint8_t *out, size_t max)
{
    struct db_core *base, *db;
    struct stg *files[2], *transform;
    char path[64];
    char16_t *wide;
    size_t size;

    snprintf(path, sizeof(path), "/tmp/decanter-fuzz-%d.mst", (int)getpid());
    wide = u16_dup_utf8(path);
    if (!wide || stg_create_memory(&files[0]) || stg_create_memory(&files[1]))
        abort();
    base = make_database(files[0]);
    db = make_database(files[1]);
    change(db);
    if (xform_generate(db, base, wide, NULL) || stg_open(wide, STG_READ, &transform))
        abort();
    size = streams_take(transform, names, ARRAY_LEN(names), out, max);
    stg_close(transform);
    unlink(path);
    os_free(wide);
    db_core_free(base);
    db_core_free(db);
    stg_close(files[0]);
    stg_close(files[1]);
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
    static const u32 conditions[] = {XFORM_VIEW, 0, 0x3f};
    struct stg *file, *transform;
    struct db_core *db;

    if (stg_create_memory(&file) || stg_create_memory(&transform))
        abort();
    streams_put(transform, names, ARRAY_LEN(names), data, size);
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
