/*
 * Staging what has changed in the storage.
 *
 * Only tables that changed are written, and the pool when anything did. Where the pool outgrows
 * 2-byte references every table is written, since all of them share one width.
 */
#include "dbcore_impl.h"
#include "os.h"
#include "strpool_io.h"
#include "table_io.h"

/* t may be NULL, where a table was dropped. */
static bool is_stored(const struct table *t)
{
    return t && !t->temporary && !t->gone;
}

bool db_core_dirty(const struct db_core *db)
{
    if (db->new_pool || db->saved_codepage != sp_codepage(db->strings))
        return true;
    if (db->sys[TBL_TABLES]->dirty || db->sys[TBL_COLUMNS]->dirty)
        return true;
    for (u32 i = 0; i < db->count; i++)
        if (is_stored(db->tables[i]) && db->tables[i]->dirty)
            return true;
    return false;
}

/* Calls `each` for every table that is stored. */
static u32 for_stored(struct db_core *db, u32 (*each)(struct db_core *, struct table *))
{
    u32 err = each(db, db->sys[TBL_TABLES]);

    if (!err)
        err = each(db, db->sys[TBL_COLUMNS]);
    for (u32 i = 0; !err && i < db->count; i++)
        if (is_stored(db->tables[i]))
            err = each(db, db->tables[i]);
    return err;
}

static u32 count_refs(struct db_core *db, struct table *t)
{
    UNUSED(db);
    tbl_count_refs(t);
    return ERROR_SUCCESS;
}

static u32 mark_dirty(struct db_core *db, struct table *t)
{
    UNUSED(db);
    t->dirty = true;
    return ERROR_SUCCESS;
}

/* A damaged table's references cannot be counted: then the pool keeps what it has. */
static u32 recount(struct db_core *db)
{
    u32 err;

    if (!sp_wants_recount(db->strings))
        return ERROR_SUCCESS;
    err = db_load_all(db);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    sp_recount_start(db->strings);
    for_stored(db, count_refs);
    sp_recount_finish(db->strings);
    return ERROR_SUCCESS;
}

static u32 widen(struct db_core *db)
{
    u32 err;

    if (db->ref_bytes == 3 || sp_stored_limit(db->strings) <= 0x10000)
        return ERROR_SUCCESS;
    err = db_load_all(db);
    if (err)
        return err;
    db->ref_bytes = 3;
    return for_stored(db, mark_dirty);
}

static u32 save_stream(struct db_core *db, const char16_t *stored, const struct buf *b)
{
    u32 err;

    if (b->len)
        return stg_set_bytes(db->stg, stored, b->data, b->len);
    err = stg_remove(db->stg, stored);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* Windows looks for a _Tables without rows, as for _StringData without texts. */
static bool must_be_there(const struct db_core *db, const struct table *t)
{
    return t == db->sys[TBL_TABLES] && !t->load_error;
}

static u32 save_table(struct db_core *db, struct table *t)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct buf b = {0};
    u32 err;

    if ((!t->dirty && !(db->new_pool && must_be_there(db, t))) || t->load_error)
        return ERROR_SUCCESS;
    err = db_table_stream_name(db, t->name, stored);
    if (!err)
        err = tbl_write(t, db->ref_bytes, &b);
    if (!err && must_be_there(db, t))
        err = stg_set_bytes(db->stg, stored, b.data, b.len);
    else if (!err)
        err = save_stream(db, stored, &b);
    buf_free(&b);
    return err;
}

static u32 save_pool(struct db_core *db)
{
    char16_t pool_name[NAME_STORED_MAX + 1], data_name[NAME_STORED_MAX + 1];
    struct buf pool = {0}, data = {0};
    u32 err = sp_write(db->strings, db->ref_bytes, &pool, &data);

    name_encode(u"_StringPool", 11, true, pool_name);
    name_encode(u"_StringData", 11, true, data_name);
    if (!err)
        err = save_stream(db, pool_name, &pool);
    if (!err) /* readers look for it even where it is empty */
        err = stg_set_bytes(db->stg, data_name, data.data, data.len);
    buf_free(&pool);
    buf_free(&data);
    return err;
}

static u32 finish(struct db_core *db, struct table *t)
{
    UNUSED(db);
    t->dirty = false;
    tbl_squeeze(t);
    return ERROR_SUCCESS;
}

u32 db_core_save(struct db_core *db)
{
    u32 err;

    if (!db_core_dirty(db))
        return ERROR_SUCCESS;
    err = recount(db);
    if (!err)
        err = widen(db);
    if (!err)
        err = for_stored(db, save_table);
    if (!err)
        err = save_pool(db);
    if (err)
        return err;
    db->new_pool = false;
    db->saved_codepage = sp_codepage(db->strings);
    return for_stored(db, finish);
}
