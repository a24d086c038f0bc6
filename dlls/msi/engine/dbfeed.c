/*
 * The table that is fed from above.
 */
#include "dbfeed.h"

#include "dbcore_impl.h"
#include "utf16.h"

enum { KEY, VALUE };

u32 db_core_feed(struct db_core *db, const char16_t *name, const char16_t *key,
                 const char16_t *value, const struct db_feed *feed)
{
    const struct column_spec columns[] = {
        {key, u16_len(key), COL_VALID | COL_PLAIN | COL_STRING | COL_KEY | COL_TEMPORARY | 72},
        {value, u16_len(value), COL_VALID | COL_PLAIN | COL_STRING | COL_NULLABLE | COL_TEMPORARY}};
    struct table *t;
    u32 err;

    if (db->fed)
        return ERROR_BAD_QUERY_SYNTAX;
    err =
        db_core_create_table(db, name, u16_len(name), columns, ARRAY_LEN(columns), true, true, &t);
    if (err)
        return err;
    t->kind = TBL_FED;
    t->undo = NULL; /* its rows are nobody's changes */
    db->fed = t;
    db->feed = *feed;
    db->feed_shown = false;
    return ERROR_SUCCESS;
}

void db_core_unfeed(struct db_core *db, void *ctx)
{
    struct table *t = db->fed;

    if (!t || db->feed.ctx != ctx)
        return;
    db->fed = NULL;
    t->kind = TBL_USER;
    t->undo = &db->undo;
    db_core_drop_table(db, t); /* a temporary one without streams: at most its notes want memory */
}

/* --- rows ---------------------------------------------------------------------------------------
 */

struct filling {
    struct db_core *db;
    struct table *t;
};

static u32 add_row(void *to, const char16_t *key, size_t key_len, const char16_t *value,
                   size_t value_len)
{
    struct filling *f = to;
    u32 cells[2] = {0, 0}, row, err = sp_intern(f->db->strings, key, key_len, &cells[KEY]);

    if (!err && value_len)
        err = sp_intern(f->db->strings, value, value_len, &cells[VALUE]);
    if (!err)
        err = tbl_insert(f->t, cells, true, &row);
    if (cells[KEY])
        sp_release(f->db->strings, cells[KEY], SP_TEMPORARY);
    if (cells[VALUE])
        sp_release(f->db->strings, cells[VALUE], SP_TEMPORARY);
    return err;
}

u32 feed_refresh(struct db_core *db)
{
    struct filling f = {db, db->fed};
    u32 version = db->feed.version(db->feed.ctx), err = ERROR_SUCCESS;

    if (db->feed_shown && db->feed_version == version)
        return ERROR_SUCCESS;
    db->feed_shown = false;
    for (u32 row = 0; !err && row < f.t->slots; row++)
        if (!row_gone(f.t, row))
            err = tbl_delete(f.t, row);
    if (!err)
        err = db->feed.rows(db->feed.ctx, add_row, &f);
    db->feed_shown = !err;
    db->feed_version = version;
    return err;
}

void db_core_hide_storage(struct db_core *db)
{
    for (u32 kind = TBL_STREAMS; kind <= TBL_STORAGES; kind++) {
        tbl_release(db->sys[kind]);
        db->sys[kind] = NULL;
    }
}
