/*
 * Database objects: their life, the lock, commit, and questions about tables.
 */
#include "database.h"

#include <string.h>

#include "dbopen.h"
#include "errorrec.h"
#include "record.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"

enum {
    E_SAVE = 2213,   /* the tables could not be staged */
    E_COMMIT = 2265, /* the storage could not be committed */
};

void db_lock(struct database *db)
{
    os_mutex_lock(&db->lock);
}

void db_unlock(struct database *db)
{
    os_mutex_unlock(&db->lock);
}

bool db_writable(const struct database *db)
{
    return db->mode != DB_READONLY && !db->internal;
}

static void destroy(struct object *o)
{
    struct database *db = db_from(o);

    /* What was not committed is gone, in direct mode too (MsiDatabaseCommit, Remarks). */
    db_core_free(db->core);
    stg_close(db->stg);
    os_mutex_done(&db->lock);
    os_free(db->path);
    os_free(db);
}

struct database *db_new(const char16_t *path, enum db_mode mode, bool patch)
{
    struct database *db = os_calloc(1, sizeof(*db));

    if (!db)
        return NULL;
    obj_init(&db->object, OBJ_DATABASE, destroy);
    db->mode = mode;
    db->patch = patch;
    db->path = u16_dup(path, u16_len(path));
    if (db->path)
        return db;
    os_free(db);
    return NULL;
}

/* What failed is told by the error record; ERROR_FUNCTION_FAILED is all that a caller knows to
 * expect. */
static u32 commit_locked(struct database *db)
{
    const char16_t *texts[2] = {db->path};
    char16_t number[12];
    u32 err = db_core_save(db->core);

    if (err)
        return err_set(err == ERROR_OUTOFMEMORY ? err : ERROR_FUNCTION_FAILED, E_SAVE, texts, 1);
    err = stg_commit(db->stg);
    if (!err)
        return ERROR_SUCCESS;
    TRACE(TRACE_MSI, "commit of %s: system error %u", trace_text(db->path, -1), err);
    rec_format_int((i32)err, number);
    texts[1] = number;
    return err_set(err == ERROR_OUTOFMEMORY ? err : ERROR_FUNCTION_FAILED, E_COMMIT, texts, 2);
}

u32 db_commit(struct database *db)
{
    u32 err;

    if (db->mode == DB_READONLY) {
        err_clear();
        return ERROR_SUCCESS;
    }
    db_lock(db);
    err = commit_locked(db);
    db_unlock(db);
    TRACE(TRACE_MSI, "commit of %s = %u", trace_text(db->path, -1), err);
    if (!err)
        err_clear();
    return err;
}

/* --- questions about tables ----------------------------------------------------------------------
 */

static u32 set_pool_text(struct record *r, u32 field, const struct str_pool *pool, u32 id)
{
    size_t len = sp_len(pool, id);
    char16_t *to;

    if (!len)
        return ERROR_SUCCESS;
    to = rec_fresh_text(r, field, len);
    if (!to)
        return ERROR_OUTOFMEMORY;
    sp_text(pool, id, to, len);
    return ERROR_SUCCESS;
}

static u32 fill_keys(struct database *db, const struct table *t, struct record *r)
{
    const struct str_pool *pool = db_core_strings(db->core);
    u32 err = set_pool_text(r, 0, pool, tbl_name(t));

    for (u32 i = 0; !err && i < tbl_keys(t); i++)
        err = set_pool_text(r, i + 1, pool, tbl_column(t, i)->name);
    return err;
}

static u32 keys_locked(struct database *db, const char16_t *table, size_t len, struct record **out)
{
    struct table *t;
    struct record *r;
    u32 err = db_core_schema(db->core, table, len, &t);

    if (err)
        return err;
    if (tbl_is_schema(t))
        return ERROR_INVALID_TABLE;
    r = rec_create(tbl_keys(t));
    if (!r)
        return ERROR_OUTOFMEMORY;
    err = fill_keys(db, t, r);
    if (err)
        obj_unref(rec_object(r));
    else
        *out = r;
    return err;
}

u32 db_primary_keys(struct database *db, const char16_t *table, size_t len, struct record **out)
{
    u32 err;

    db_lock(db);
    err = keys_locked(db, table, len, out);
    db_unlock(db);
    return err;
}

int db_is_table_persistent(struct database *db, const char16_t *table, size_t len)
{
    enum tbl_presence p;
    struct table *t;
    bool system;

    if (!len)
        return 2;
    db_lock(db);
    p = db_core_presence(db->core, table, len);
    system = p == TBL_PERSISTENT && !db_core_schema(db->core, table, len, &t) && tbl_is_system(t);
    db_unlock(db);
    /* _Tables and the like are no tables of the database in this sense. */
    return p == TBL_ABSENT || system ? 2 : p == TBL_PERSISTENT ? 1 : 0;
}
