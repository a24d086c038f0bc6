/*
 * MsiViewModify: changing and validating through a record.
 */
#include "errorrec.h"
#include "recvalue.h"
#include "utf16.h"
#include "view_impl.h"

enum { VALIDATE = 8, VALIDATE_NEW = 9, VALIDATE_FIELD = 10, VALIDATE_DELETE = 11 };
enum { E_READ_ONLY = 2259 };

/* Whether the record came from this view (and a fetch, a seek or an insertion of it), and of which
 * row. A record may be in the hands of two views of two databases at once, so its own lock guards
 * what it knows. */
static bool row_of(struct view *v, struct record *r, struct sql_row *row)
{
    const struct view_mark *mark;
    bool mine;

    rec_lock(r);
    mark = rec_extra(r);
    mine = mark && mark->serial == v->serial;
    if (mine)
        *row = mark->row;
    rec_unlock(r);
    return mine;
}

static void keep_row(struct view *v, struct record *r, const struct sql_row *row)
{
    struct view_mark *mark = rec_attach(r, sizeof(*mark));

    if (!mark)
        return;
    rec_lock(r);
    mark->serial = v->serial;
    mark->row = *row;
    rec_unlock(r);
}

/* A query is bound anew where the schema changed, so that it may have others later. */
static u32 columns_of(struct view *v)
{
    u32 n;

    db_lock(v->db);
    n = sql_columns(v->query);
    db_unlock(v->db);
    return n;
}

static bool changes_permanently(int mode)
{
    return mode >= SQL_MODIFY_INSERT && mode <= SQL_MODIFY_DELETE;
}

/* A stream that was fetched with the row and not replaced since is left where it is. */
static void leave_stored_streams(struct rec_values *vals, struct record *r)
{
    for (u32 i = 0; i < vals->n; i++)
        if (vals->v[i].kind == VALUE_STREAM && rval_is_stored(r, i + 1))
            vals->v[i].stream = NULL;
}

/* A record that is assigned under another key takes its streams along. */
static bool keeps_streams(struct view *v, int mode, const struct rec_values *vals,
                          const struct sql_row *row)
{
    if (mode == SQL_MODIFY_ASSIGN || mode == SQL_MODIFY_MERGE)
        return sql_names_row(v->query, vals->v, vals->n, row);
    return mode == SQL_MODIFY_UPDATE || mode == SQL_MODIFY_REPLACE;
}

static u32 modify_locked(struct view *v, int mode, struct record *r, struct rec_values *vals,
                         struct sql_error *e)
{
    struct sql_row row = {0};
    u32 err;

    if (row_of(v, r, &row) && keeps_streams(v, mode, vals, &row))
        leave_stored_streams(vals, r);
    err = sql_modify(v->query, (enum sql_modify_mode)mode, vals->v, vals->n, &row, e);
    if (err)
        return err;
    keep_row(v, r, &row);
    return mode == SQL_MODIFY_SEEK || mode == SQL_MODIFY_REFRESH ? view_fill(v, r) : err;
}

static u32 modify(struct view *v, int mode, struct record *r)
{
    struct rec_values vals;
    struct sql_error e;
    u32 err;

    if (changes_permanently(mode) && !db_writable(v->db)) {
        const char16_t *texts[3] = {v->db->path, u"", u""};

        return err_set(ERROR_FUNCTION_FAILED, E_READ_ONLY, texts, 3);
    }
    err = rval_take(&vals, r, columns_of(v));
    if (err)
        return err;
    sql_error_clear(&e);
    db_lock(v->db);
    err = modify_locked(v, mode, r, &vals, &e);
    db_unlock(v->db);
    rval_done(&vals);
    return err ? view_failed(v, err, &e) : ERROR_SUCCESS;
}

/* --- validation ---------------------------------------------------------------------------------
 */

static u32 validate_locked(struct view *v, int mode, const struct rec_values *vals)
{
    struct db_core *core = v->db->core;
    u32 err = ERROR_SUCCESS;

    if (vals->n > sql_columns(v->query)) /* bound anew since they were taken */
        return ERROR_FUNCTION_FAILED;
    if (mode == VALIDATE_DELETE)
        return valid_delete(core, v->query, vals->v, vals->n, &v->errors);
    if (mode == VALIDATE_NEW)
        err = valid_new_key(core, v->query, vals->v, vals->n, &v->errors);
    if (!err && mode == VALIDATE_NEW && !valid_has_rules(core))
        return valid_required(v->query, vals->v, vals->n, &v->errors);
    if (!err)
        err = valid_row(core, v->query, vals->v, vals->n, mode == VALIDATE_FIELD, &v->errors);
    return err;
}

static u32 validate(struct view *v, int mode, struct record *r)
{
    struct rec_values vals;
    struct sql_row row;
    u32 err;

    if (sql_kind(v->query) != SQL_SELECT || sql_tables(v->query) != 1)
        return ERROR_FUNCTION_FAILED;
    if ((mode == VALIDATE || mode == VALIDATE_DELETE) && !row_of(v, r, &row))
        return ERROR_FUNCTION_FAILED;
    err = rval_take(&vals, r, columns_of(v));
    if (err)
        return err;
    db_lock(v->db);
    err = validate_locked(v, mode, &vals);
    if (!err && (v->errors.count || (mode == VALIDATE_NEW && valid_lacks_column(v->query))))
        err = ERROR_INVALID_DATA;
    db_unlock(v->db);
    rval_done(&vals);
    return err;
}

/* What MsiViewGetError tells is of the last call. */
static void forget_errors(struct view *v)
{
    db_lock(v->db);
    valid_errors_clear(&v->errors);
    v->next_error = 0;
    db_unlock(v->db);
}

u32 view_modify(struct view *v, int mode, struct record *r)
{
    u32 err;

    forget_errors(v);
    if (mode < SQL_MODIFY_SEEK || mode > VALIDATE_DELETE)
        return ERROR_INVALID_DATA;
    if (mode >= VALIDATE) {
        err = validate(v, mode, r);
        err_clear();
        return err;
    }
    /* What is sought goes into the record, so all of it must have a field. */
    if (mode == SQL_MODIFY_SEEK && rec_count(r) < columns_of(v))
        return ERROR_INVALID_DATA;
    err = modify(v, mode, r);
    if (!err)
        err_clear();
    return err;
}

int view_next_error(struct view *v, char16_t column[TBL_MAX_NAME + 1])
{
    struct sql_column col;
    int error = VALID_NOERROR;

    column[0] = 0;
    db_lock(v->db);
    if (v->next_error < v->errors.count) {
        const struct valid_finding *f = &v->errors.found[v->next_error++];

        error = f->error;
        /* executed since, the query may have fewer columns */
        if (f->column < sql_columns(v->query)) {
            sql_column(v->query, f->column, &col);
            u16_copy(column, TBL_MAX_NAME + 1, col.name);
        }
    }
    db_unlock(v->db);
    return error;
}
