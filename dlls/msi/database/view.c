/*
 * View objects: open, execute, fetch, close, column information.
 */
#include "errorrec.h"
#include "recvalue.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"
#include "view_impl.h"

enum { E_READ_ONLY = 2259 };

static void destroy(struct object *o)
{
    struct view *v = view_from(o);

    db_lock(v->db);
    sql_free(v->query);
    db_unlock(v->db);
    valid_errors_free(&v->errors);
    obj_unref(db_object(v->db));
    os_free(v);
}

static struct view *view_new(struct database *db)
{
    static atomic_uint serials;
    struct view *v = os_calloc(1, sizeof(*v));

    if (!v)
        return NULL;
    obj_init(&v->object, OBJ_VIEW, destroy);
    obj_ref(db_object(db));
    v->db = db;
    v->serial = atomic_fetch_add(&serials, 1) + 1;
    return v;
}

u32 view_failed(struct view *v, u32 err, const struct sql_error *e)
{
    if (e->code == err)
        return err_set_sql(e, v->db->path, v->query ? sql_text(v->query) : NULL);
    err_clear();
    return err;
}

u32 view_open(struct database *db, const char16_t *query, size_t len, struct view **out)
{
    struct view *v = view_new(db);
    struct sql_error e;
    u32 err;

    if (!v)
        return ERROR_OUTOFMEMORY;
    sql_error_clear(&e);
    db_lock(db);
    err = sql_prepare(db->core, query, len, &v->query, &e);
    db_unlock(db);
    TRACE(TRACE_MSI, "query %s = %u", trace_text(query, (int)MIN(len, 4000)), err);
    if (err) {
        char16_t *text = u16_dup(query, len);

        if (e.code == err)
            err_set_sql(&e, db->path, text);
        else
            err_clear();
        os_free(text);
        obj_unref(&v->object);
        return err;
    }
    err_clear();
    *out = v;
    return ERROR_SUCCESS;
}

/* --- executing ----------------------------------------------------------------------------------
 */

/* The record's values, taken before the lock: a record may read files. */
static u32 take_params(const struct view *v, struct record *params, struct rec_values *vals)
{
    u32 n = sql_params(v->query);

    /* Too few parameters are the query's error, so they are not padded. */
    if (n > (params ? rec_count(params) : 0))
        n = params ? rec_count(params) : 0;
    return rval_take(vals, params, n);
}

static u32 run_locked(struct view *v, const struct rec_values *vals, struct sql_error *e)
{
    sql_error_clear(e);
    v->at_end = false;
    return sql_execute(v->query, vals->v, vals->n, e);
}

static u32 run(struct view *v, struct record *params)
{
    struct rec_values vals;
    struct sql_error e;
    u32 err = take_params(v, params, &vals);

    if (err)
        return err;
    db_lock(v->db);
    err = run_locked(v, &vals, &e);
    db_unlock(v->db);
    rval_done(&vals);
    return err ? view_failed(v, err, &e) : ERROR_SUCCESS;
}

u32 view_execute(struct view *v, struct record *params)
{
    bool writes;
    u32 err;

    db_lock(v->db); /* a query is bound anew where the schema changed */
    writes = sql_writes(v->query);
    db_unlock(v->db);
    if (writes && !db_writable(v->db)) {
        const char16_t *texts[3] = {v->db->path, u"", u""};

        return err_set(ERROR_FUNCTION_FAILED, E_READ_ONLY, texts, 3);
    }
    err = run(v, params);
    if (!err)
        err_clear();
    return err;
}

u32 view_close(struct view *v)
{
    db_lock(v->db);
    sql_reset(v->query);
    v->at_end = false;
    db_unlock(v->db);
    return ERROR_SUCCESS;
}

/* --- fetching -----------------------------------------------------------------------------------
 */

static u32 fill_text(struct view *v, struct record *r, u32 field, const struct sql_cell *cell)
{
    const struct str_pool *pool = db_core_strings(v->db->core);
    size_t len = sp_len(pool, cell->str);
    char16_t *to;

    if (!cell->str)
        return rec_set_text(r, field, cell->text, cell->len);

    if (!len)
        return rec_fresh_int(r, field, REC_NULL_INT);
    to = rec_fresh_text(r, field, len);
    if (!to)
        return ERROR_OUTOFMEMORY;
    sp_text(pool, cell->str, to, len);
    return ERROR_SUCCESS;
}

static u32 fill_stream(struct view *v, struct record *r, u32 field, const struct sql_cell *cell)
{
    struct stg_stream *st;
    u32 err = db_core_cell_stream(v->db->core, cell->table, cell->row, cell->col, &st);

    if (err == ERROR_FILE_NOT_FOUND) { /* a cell that says there is a stream, and none is */
        TRACE(TRACE_MSI, "%s: a stream is missing", trace_text(v->db->path, -1));
        return rec_set_text(r, field, NULL, 0);
    }
    if (err == ERROR_INVALID_DATA)
        return rval_set_storage(r, field);
    return err ? err : rval_set_stream(r, field, st);
}

static u32 fill_cell(struct view *v, struct record *r, u32 i)
{
    struct sql_cell cell;

    sql_cell(v->query, i, &cell);
    switch (cell.kind) {
    case VALUE_NULL:
        return rec_fresh_int(r, i + 1, REC_NULL_INT);
    case VALUE_INT:
        return rec_fresh_int(r, i + 1, cell.i);
    case VALUE_TEXT:
        return fill_text(v, r, i + 1, &cell);
    case VALUE_STREAM:
        break;
    }
    return fill_stream(v, r, i + 1, &cell);
}

static u32 fill_fresh(struct view *v, struct record *r)
{
    u32 n = sql_columns(v->query), err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < n; i++)
        err = fill_cell(v, r, i);
    return err;
}

u32 view_fill(struct view *v, struct record *r)
{
    u32 n = MIN(sql_columns(v->query), rec_count(r)), err;
    struct record *fresh = rec_create(sql_columns(v->query));

    if (!fresh)
        return ERROR_OUTOFMEMORY;
    err = fill_fresh(v, fresh);
    for (u32 i = 1; !err && i <= n; i++)
        err = rec_copy_field(r, i, fresh, i);
    obj_unref(rec_object(fresh));
    return err;
}

static u32 fetch_locked(struct view *v, struct record **out, struct sql_error *e)
{
    struct view_mark *mark;
    struct record *r;
    u32 err = sql_fetch(v->query, e);

    v->at_end = err == ERROR_NO_MORE_ITEMS;
    if (err)
        return err;
    r = rec_create_with(sql_columns(v->query), sizeof(*mark));
    if (!r)
        return ERROR_OUTOFMEMORY;
    mark = rec_extra(r);
    mark->serial = v->serial;
    rec_set_row(r);
    sql_row(v->query, &mark->row);
    err = fill_fresh(v, r);
    if (err)
        obj_unref(rec_object(r));
    else
        *out = r;
    return err;
}

u32 view_fetch(struct view *v, struct record **out)
{
    struct sql_error e;
    u32 err;

    sql_error_clear(&e);
    db_lock(v->db);
    if (v->at_end) /* Windows starts over after it has said that there are no more rows */
        sql_start_over(v->query);
    err = fetch_locked(v, out, &e);
    db_unlock(v->db);
    return err && err != ERROR_NO_MORE_ITEMS ? view_failed(v, err, &e) : err;
}

/* --- columns ------------------------------------------------------------------------------------
 */

u32 view_column_info(struct view *v, bool names, struct record **out)
{
    struct sql_column col;
    struct record *r;
    u32 n, err = ERROR_SUCCESS;

    db_lock(v->db);
    n = sql_columns(v->query);
    r = n ? rec_create(n) : NULL;
    for (u32 i = 0; r && !err && i < n; i++) {
        const char16_t *text;

        sql_column(v->query, i, &col);
        text = names ? col.name : col.type;
        err = rec_set_text(r, i + 1, text, u16_len(text));
    }
    db_unlock(v->db);
    if (!n)
        return ERROR_FUNCTION_FAILED;
    if (!r)
        return ERROR_OUTOFMEMORY;
    if (err)
        obj_unref(rec_object(r));
    else
        *out = r;
    return err;
}
