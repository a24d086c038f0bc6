/*
 * Rows with the rules of a database: keys are unique, NULL only where it may be, streams move with
 * their rows. A change happens whole or not at all: everything that can fail comes first.
 */
#include "dbcore_impl.h"
#include "os.h"

/* The cells of a row to be, with a hold on their strings. */
struct cells {
    u32 cell[TBL_MAX_COLUMNS];
    u32 held; /* a bit for each string cell that is held */
};

static void release_cells(struct db_core *db, struct cells *c)
{
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++)
        if (c->held >> i & 1)
            sp_release(db->strings, c->cell[i], SP_TEMPORARY);
    c->held = 0;
}

static bool is_null(const struct value *v)
{
    return v->kind == VALUE_NULL || (v->kind == VALUE_TEXT && !v->len) ||
           (v->kind == VALUE_INT && !cell_from_int(v->i));
}

u32 db_core_value_fits(u32 type, const struct value *v)
{
    u32 cell;

    if (is_null(v))
        return type & COL_NULLABLE ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
    if (col_is_object(type))
        return v->kind == VALUE_STREAM ? ERROR_SUCCESS : ERROR_DATATYPE_MISMATCH;
    if (col_is_text(type))
        return v->kind == VALUE_TEXT ? ERROR_SUCCESS : ERROR_DATATYPE_MISMATCH;
    if (v->kind != VALUE_INT)
        return ERROR_DATATYPE_MISMATCH;
    cell = cell_from_int(v->i);
    return col_int_size(type) == 4 || cell_fits_i2(cell) ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
}

static u32 make_cell(struct db_core *db, u32 type, const struct value *v, u32 *cell)
{
    u32 err = db_core_value_fits(type, v);

    *cell = 0;
    if (err || is_null(v))
        return err;
    if (col_is_text(type))
        return sp_intern(db->strings, v->text, v->len, cell);
    *cell = col_is_object(type) ? 1 : cell_from_int(v->i);
    return ERROR_SUCCESS;
}

static u32 make_cells(struct db_core *db, const struct table *t, u32 mask,
                      const struct value *values, struct cells *c)
{
    for (u32 i = 0; i < t->columns; i++) {
        u32 err;

        if (!(mask >> i & 1))
            continue;
        err = make_cell(db, t->column[i].type, &values[i], &c->cell[i]);
        if (err)
            return err;
        if (col_is_text(t->column[i].type))
            c->held |= 1u << i;
    }
    return ERROR_SUCCESS;
}

static bool is_object_in(const struct table *t, u32 col, u32 mask)
{
    return mask >> col & 1 && col_is_object(t->column[col].type);
}

/* --- insert ----------------------------------------------------------------------------------- */

static u32 put_stream(struct db_core *db, struct table *t, const u32 *key, bool temporary,
                      const struct value *v)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg;
    u32 err = db_stored_stream_name(db, t, key, stored);

    if (!err)
        err = db_row_stg(db, temporary, &stg);
    return err ? err : db_put_stream(db, stg, stored, v->stream);
}

static void remove_stream(struct db_core *db, struct table *t, const u32 *key, bool temporary)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg;

    if (!db_stored_stream_name(db, t, key, stored) && !db_row_stg(db, temporary, &stg))
        db_remove_stream(db, stg, stored);
}

static u32 insert_with_streams(struct db_core *db, struct table *t, const struct value *values,
                               const u32 *cells, bool temporary, u32 *row)
{
    u32 err = ERROR_SUCCESS, put = 0;

    for (u32 i = 0; !err && i < t->columns; i++) {
        if (!cells[i] || !is_object_in(t, i, ~0u))
            continue;
        err = put_stream(db, t, cells, temporary, &values[i]);
        put |= !err;
    }
    if (!err)
        err = tbl_insert(t, cells, temporary, row);
    if (err && put)
        remove_stream(db, t, cells, temporary);
    return err;
}

u32 db_core_insert(struct db_core *db, struct table *t, const struct value *values, bool temporary,
                   u32 *row)
{
    struct cells c = {{0}, 0};
    u32 err, same;

    if (tbl_is_virtual(t))
        return vtab_insert(db, t, values, row);
    if (t->kind != TBL_USER || t->gone)
        return ERROR_FUNCTION_FAILED;
    err = make_cells(db, t, ~0u, values, &c);
    if (!err)
        err = tbl_find_key(t, c.cell, &same);
    if (!err && same != TBL_NONE)
        err = ERROR_FUNCTION_FAILED;
    if (!err)
        err = insert_with_streams(db, t, values, c.cell, temporary || t->temporary, row);
    release_cells(db, &c);
    return err;
}

/* --- update ----------------------------------------------------------------------------------- */

/* The key that the row will have, and whether that is another one. */
static bool new_key(const struct table *t, u32 row, u32 mask, const struct cells *c, u32 *key)
{
    bool changed = false;

    for (u32 i = 0; i < t->keys; i++) {
        u32 old = tbl_get(t, row, i);

        key[i] = mask >> i & 1 ? c->cell[i] : old;
        changed |= key[i] != old;
    }
    return changed;
}

static u32 rename_stream(struct db_core *db, struct table *t, u32 row, const u32 *key)
{
    char16_t from[NAME_STORED_MAX + 1], to[NAME_STORED_MAX + 1];
    u32 old[TBL_MAX_COLUMNS], err;
    bool any = false;
    struct stg *stg;

    for (u32 i = 0; i < t->columns; i++) {
        old[i] = tbl_get(t, row, i);
        any |= old[i] && is_object_in(t, i, ~0u);
    }
    if (!any)
        return ERROR_SUCCESS;
    err = db_stored_stream_name(db, t, key, to);
    if (err || db_stored_stream_name(db, t, old, from))
        return err;
    err = db_row_stg(db, tbl_row_temporary(t, row), &stg);
    return err ? err : db_rename_stream(db, stg, from, to);
}

static u32 update_streams(struct db_core *db, struct table *t, u32 row, u32 mask,
                          const struct value *values, const u32 *cells, const u32 *key)
{
    bool temporary = tbl_row_temporary(t, row);

    for (u32 i = 0; i < t->columns; i++) {
        u32 err;

        if (!is_object_in(t, i, mask))
            continue;
        if (!cells[i]) {
            remove_stream(db, t, key, temporary);
            continue;
        }
        err = put_stream(db, t, key, temporary, &values[i]);
        if (err)
            return err;
    }
    return ERROR_SUCCESS;
}

static u32 set_cells(struct table *t, u32 row, u32 mask, const u32 *cells)
{
    u32 err = ERROR_SUCCESS;

    /* what can fail is room for wider ids */
    for (u32 i = 0; !err && i < t->columns; i++)
        if (mask >> i & 1 && col_is_text(t->column[i].type) && cells[i] > 0xffff)
            err = tbl_widen(t, i, 3);
    for (u32 i = 0; !err && i < t->columns; i++)
        if (mask >> i & 1)
            err = tbl_set(t, row, i, cells[i]);
    return err;
}

static u32 update(struct db_core *db, struct table *t, u32 row, u32 mask,
                  const struct value *values, struct cells *c)
{
    u32 key[TBL_MAX_COLUMNS], same, err = make_cells(db, t, mask, values, c);

    if (err)
        return err;
    if (new_key(t, row, mask, c, key)) {
        err = tbl_find_key(t, key, &same);
        if (!err && same != TBL_NONE)
            err = ERROR_FUNCTION_FAILED;
        if (!err)
            err = rename_stream(db, t, row, key);
    }
    if (!err)
        err = update_streams(db, t, row, mask, values, c->cell, key);
    return err ? err : set_cells(t, row, mask, c->cell);
}

u32 db_core_update(struct db_core *db, struct table *t, u32 row, u32 mask,
                   const struct value *values)
{
    struct cells c = {{0}, 0};
    u32 err;

    if (!tbl_row_exists(t, row))
        return ERROR_FUNCTION_FAILED;
    if (tbl_is_virtual(t))
        return vtab_update(db, t, row, mask, values);
    if (t->kind != TBL_USER || t->gone)
        return ERROR_FUNCTION_FAILED;
    err = update(db, t, row, mask, values, &c);
    release_cells(db, &c);
    return err;
}

/* --- temporary rows --------------------------------------------------------------------------- */

struct moved_stream {
    struct stream_source source;
    struct stg_stream *st;
};

static u32 put_moved(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    return stg_set_stream(stg, name, CONTAINER_OF(s, struct moved_stream, source)->st);
}

static u32 move_stream(struct db_core *db, struct table *t, u32 row, u32 col)
{
    struct moved_stream from = {.source.put = put_moved};
    u32 key[TBL_MAX_COLUMNS], err = db_core_cell_stream(db, t, row, col, &from.st);
    struct value v = {.kind = VALUE_STREAM, .stream = &from.source};

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    for (u32 i = 0; i < t->keys; i++)
        key[i] = tbl_get(t, row, i);
    err = put_stream(db, t, key, false, &v);
    stg_stream_close(from.st);
    if (!err)
        remove_stream(db, t, key, true);
    return err;
}

u32 db_core_make_permanent(struct db_core *db, struct table *t, u32 row)
{
    u32 err = ERROR_SUCCESS;

    if (t->kind != TBL_USER || t->temporary || !tbl_row_temporary(t, row))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && i < t->columns; i++)
        if (is_object_in(t, i, ~0u) && tbl_get(t, row, i))
            err = move_stream(db, t, row, i);
    return err ? err : tbl_set_temporary(t, row, false);
}

/* --- delete and find -------------------------------------------------------------------------- */

u32 db_core_delete(struct db_core *db, struct table *t, u32 row)
{
    u32 err;

    if (!tbl_row_exists(t, row))
        return ERROR_SUCCESS;
    if (tbl_is_virtual(t))
        return vtab_delete(db, t, row);
    if (t->kind != TBL_USER || t->gone)
        return ERROR_FUNCTION_FAILED;
    err = db_remove_streams(db, t, row);
    return err ? err : tbl_delete(t, row);
}

u32 db_core_cell(struct db_core *db, const struct table *t, u32 col, const struct value *v,
                 u32 *cell, bool *none)
{
    u32 type = t->column[col].type;

    *cell = 0;
    *none = false;
    if (is_null(v))
        return ERROR_SUCCESS;
    if (col_is_text(type) && v->kind == VALUE_TEXT) {
        u32 err = sp_find(db->strings, v->text, v->len, cell);

        *none = !err && !*cell;
        return err;
    }
    if (!col_is_int(type) || v->kind != VALUE_INT)
        return ERROR_DATATYPE_MISMATCH;
    *cell = cell_from_int(v->i);
    *none = col_int_size(type) == 2 && !cell_fits_i2(*cell);
    return ERROR_SUCCESS;
}

u32 db_core_find(struct db_core *db, struct table *t, const struct value *key, u32 *row)
{
    u32 cells[TBL_MAX_COLUMNS], err = ERROR_SUCCESS;

    *row = TBL_NONE;
    for (u32 i = 0; !err && i < t->keys; i++) {
        bool none;

        err = db_core_cell(db, t, i, &key[i], &cells[i], &none);
        if (none || err)
            return err;
    }
    return tbl_find_key(t, cells, row);
}
