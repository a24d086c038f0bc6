/*
 * A database's life: opening, loading tables when they are wanted, saving.
 */
#include <string.h>

#include "dbcore_impl.h"
#include "os.h"
#include "strpool_io.h"
#include "table_io.h"

/* The class of a storage says what is in it: {000C1084-...} a database, ...1082 a transform, which
 * has streams of the same names with other contents. */
static const u8 transform_class[16] = {0x82, 0x10, 0x0c, 0, 0, 0, 0, 0,
                                       0xc0, 0,    0,    0, 0, 0, 0, 0x46};

/* --- life ------------------------------------------------------------------------------------- */

void db_core_free(struct db_core *db)
{
    if (!db)
        return;
    for (u32 i = 0; i < db->count; i++) {
        if (!db->tables[i])
            continue;
        tbl_clear(db->tables[i], true);
        db->tables[i]->gone = true;
        tbl_release(db->tables[i]);
    }
    for (u32 i = 0; i < ARRAY_LEN(db->sys); i++)
        tbl_release(db->sys[i]);
    os_free(db->tables);
    hash_free(&db->by_name);
    sp_free(db->strings);
    stg_close(db->temp_stg);
    os_free(db);
}

static struct db_core *new_core(struct stg *stg)
{
    struct db_core *db = os_calloc(1, sizeof(*db));

    if (!db)
        return NULL;
    hash_init(&db->by_name);
    db->stg = stg;
    db->ref_bytes = 2;
    return db;
}

u32 db_core_create(struct stg *stg, struct db_core **out)
{
    struct db_core *db = new_core(stg);
    u32 err;

    if (!db)
        return ERROR_OUTOFMEMORY;
    db->new_pool = true;
    err = sp_create(0, &db->strings);
    if (!err)
        err = cat_make_system(db);
    if (err) {
        db_core_free(db);
        return err;
    }
    *out = db;
    return ERROR_SUCCESS;
}

/* Reads a stream of the engine's own; *data is NULL where there is none. */
static u32 read_stream(struct db_core *db, const char16_t *name, u8 **data, size_t *len)
{
    char16_t stored[NAME_STORED_MAX + 1];
    size_t n = 0;
    u32 err;

    *data = NULL;
    *len = 0;
    while (name[n])
        n++;
    err = name_encode(name, n, true, stored);
    if (!err)
        err = stg_read_all(db->stg, stored, data, len);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : db_read_error(err);
}

static u32 read_pool(struct db_core *db)
{
    u8 *pool = NULL, *data = NULL;
    size_t pool_len, data_len;
    u32 err = read_stream(db, u"_StringPool", &pool, &pool_len);

    if (!err)
        err = read_stream(db, u"_StringData", &data, &data_len);
    if (!err && !pool)
        err = ERROR_INSTALL_PACKAGE_INVALID;
    if (!err)
        err = sp_read(pool, pool_len, data, data_len, &db->ref_bytes, &db->strings);
    if (!err)
        db->saved_codepage = sp_codepage(db->strings);
    os_free(pool);
    os_free(data);
    return err;
}

u32 db_core_open(struct stg *stg, struct db_core **out)
{
    struct db_core *db = new_core(stg);
    u8 class[16];
    u32 err;

    if (!db)
        return ERROR_OUTOFMEMORY;
    err = read_pool(db);
    if (!err)
        err = cat_make_system(db);
    if (!err)
        err = stg_get_class(stg, class);
    if (!err && memcmp(class, transform_class, sizeof(class)))
        err = cat_read(db);
    if (err) {
        db_core_free(db);
        return err;
    }
    *out = db;
    return ERROR_SUCCESS;
}

struct str_pool *db_core_strings(struct db_core *db)
{
    return db->strings;
}

struct stg *db_core_stg(struct db_core *db)
{
    return db->stg;
}

/* --- tables ----------------------------------------------------------------------------------- */

u32 db_table_stream_name(struct db_core *db, u32 name, char16_t stored[NAME_STORED_MAX + 1])
{
    char16_t text[TBL_MAX_NAME];
    size_t len = sp_text(db->strings, name, text, TBL_MAX_NAME);

    if (len > TBL_MAX_NAME || name_encode(text, len, true, stored))
        return ERROR_INSTALL_PACKAGE_INVALID;
    return ERROR_SUCCESS;
}

static u32 load_stored(struct db_core *db, struct table *t)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u8 *data;
    size_t len;
    u32 err = db_table_stream_name(db, t->name, stored);

    if (!err)
        err = stg_read_all(db->stg, stored, &data, &len);
    if (err == ERROR_FILE_NOT_FOUND) /* a table without rows has no stream */
        return ERROR_SUCCESS;
    if (err)
        return db_read_error(err);
    err = tbl_read(t, data, len, db->ref_bytes);
    os_free(data);
    return err;
}

u32 db_load_rows(struct db_core *db, struct table *t)
{
    u32 err;

    if (t->loaded || t->temporary)
        return ERROR_SUCCESS;
    if (t->load_error)
        return t->load_error;
    err = load_stored(db, t);
    t->loaded = !err;
    if (err != ERROR_OUTOFMEMORY) /* damage stays; memory may come back */
        t->load_error = err;
    return err;
}

u32 db_load_all(struct db_core *db)
{
    u32 first = ERROR_SUCCESS;

    for (u32 i = 0; i < db->count; i++) {
        u32 err = db->tables[i] ? db_load_rows(db, db->tables[i]) : ERROR_SUCCESS;

        first = first ? first : err;
    }
    return first;
}

u32 db_core_table_id(struct db_core *db, u32 name, struct table **out)
{
    struct table *t = cat_find(db, name);
    u32 err;

    if (!t)
        return ERROR_INVALID_TABLE;
    if (t == db->fed)
        err = feed_refresh(db);
    else
        err = tbl_is_virtual(t) ? vtab_refresh(db, t) : db_load_rows(db, t);
    if (!err)
        *out = t;
    return err;
}

static u32 find_schema(struct db_core *db, const char16_t *name, size_t len, struct table **out)
{
    u32 id, err = sp_find(db->strings, name, len, &id);

    if (err)
        return err;
    *out = cat_find(db, id);
    return *out ? ERROR_SUCCESS : ERROR_INVALID_TABLE;
}

u32 db_core_schema(struct db_core *db, const char16_t *name, size_t len, struct table **out)
{
    u32 err = find_schema(db, name, len, out);

    return !err && (*out)->load_error ? (*out)->load_error : err;
}

u32 db_core_table(struct db_core *db, const char16_t *name, size_t len, struct table **out)
{
    struct table *t;
    u32 err = find_schema(db, name, len, &t);

    return err ? err : db_core_table_id(db, t->name, out);
}

enum tbl_presence db_core_presence(struct db_core *db, const char16_t *name, size_t len)
{
    struct table *t;

    if (find_schema(db, name, len, &t) || (t->kind != TBL_USER && t->kind != TBL_FED))
        return TBL_ABSENT;
    return t->temporary ? TBL_TEMPORARY : TBL_PERSISTENT;
}

struct table *db_core_next_table(struct db_core *db, u32 *at)
{
    while (*at < db->count)
        if (db->tables[(*at)++])
            return db->tables[*at - 1];
    return NULL;
}
