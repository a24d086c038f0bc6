/*
 * Making a transform: what turns the reference into the database, in the form that xform.h tells.
 *
 * A table whose columns are not those of the reference with new ones at the end is dropped and made
 * anew: a transform has no other way to change columns.
 */
#include <string.h>

#include "fault.h"
#include "namecodec.h"
#include "os.h"
#include "rowcopy.h"
#include "stg.h"
#include "strpool_io.h"
#include "utf16.h"
#include "xform_write.h"

/* --- rows ------------------------------------------------------------------------------------- */

/* The stream of the object goes along under the same name. */
static u32 write_stream(struct xform_writer *w, const struct row_ref *r, u32 col)
{
    char16_t name[NAME_MAX_UNITS + 2], stored[NAME_STORED_MAX + 1];
    struct stg_stream *st;
    u32 err;

    if (!w->stg)
        return ERROR_SUCCESS;
    err = db_core_stream_name(r->db, r->t, r->row, name, ARRAY_LEN(name));
    if (!err && name_encode(name, u16_len(name), false, stored))
        err = ERROR_FUNCTION_FAILED;
    if (!err)
        err = db_core_cell_stream(r->db, r->t, r->row, col, &st);
    if (err)
        return err;
    err = stg_set_stream(w->stg, stored, st);
    stg_stream_close(st);
    return err;
}

static u32 write_cells(struct xform_writer *w, struct id_map *map, const struct row_ref *r,
                       u32 mask)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < tbl_columns(r->t); i++) {
        u32 type = tbl_column(r->t, i)->type, cell = tbl_get(r->t, r->row, i);

        if (!(mask >> i & 1))
            continue;
        if (cell && col_is_object(type))
            err = write_stream(w, r, i);
        if (!err && col_is_text(type))
            err = id_map_add(map, cell, &cell);
        if (!err)
            err = xform_put_cell(w, &w->rows, type, cell);
    }
    return err;
}

static u32 low_bits(u32 n)
{
    return n >= 32 ? ~0u : (1u << n) - 1;
}

static u32 write_insert(struct xform_writer *w, const struct row_ref *r)
{
    u32 n = persistent_columns(r->t), err = buf_add16(&w->rows, 1 | n << 8);

    return err ? err : write_cells(w, &w->from_db, r, low_bits(n));
}

static u32 write_delete(struct xform_writer *w, struct id_map *map, const struct row_ref *r)
{
    u32 err = buf_add16(&w->rows, 0);

    return err ? err : write_cells(w, map, r, low_bits(tbl_keys(r->t)));
}

/* A column that a mask of 16 bits cannot tell is changed by a new row in place of the old one:
 * readers do not agree on longer masks. */
static u32 write_update(struct xform_writer *w, const struct row_ref *r, u32 mask)
{
    u32 err;

    if (mask > 0xffff) {
        err = write_delete(w, &w->from_db, r);
        return err ? err : write_insert(w, r);
    }
    err = buf_add16(&w->rows, mask);
    return err ? err : write_cells(w, &w->from_db, r, mask | low_bits(tbl_keys(r->t)));
}

/* New columns are given where they hold something. */
static u32 new_cells(const struct row_ref *r, u32 from)
{
    u32 mask = 0;

    for (u32 i = from; i < persistent_columns(r->t); i++)
        mask |= (u32)(tbl_get(r->t, r->row, i) != 0) << i;
    return mask;
}

static u32 compare_row(struct xform_writer *w, const struct row_ref *r, struct table *ref)
{
    struct row_ref twin = {w->ref, ref, TBL_NONE};
    u32 common = persistent_columns(ref), mask, err;

    err = row_find_twin(&w->to_ref, r->t, r->row, ref, &twin.row);
    if (err)
        return err;
    /* a temporary row of the reference is none of its file */
    if (twin.row == TBL_NONE || tbl_row_temporary(ref, twin.row))
        return write_insert(w, r);
    err = row_difference(&w->to_ref, r, &twin, common, &mask);
    mask |= new_cells(r, common);
    return err || !mask ? err : write_update(w, r, mask);
}

/* ref is NULL where all rows are new. */
static u32 write_new_rows(struct xform_writer *w, struct table *t, struct table *ref)
{
    struct tbl_cursor c;
    u32 row, err;

    tbl_start(&c);
    while (!(err = tbl_next(t, &c, &row)) && row != TBL_NONE) {
        struct row_ref r = {w->db, t, row};

        if (tbl_row_temporary(t, row))
            continue;
        err = ref ? compare_row(w, &r, ref) : write_insert(w, &r);
        if (err)
            break;
    }
    return err;
}

static u32 write_lost_rows(struct xform_writer *w, struct table *t, struct table *ref)
{
    struct tbl_cursor c;
    u32 row, twin, err;

    tbl_start(&c);
    while (!(err = tbl_next(ref, &c, &row)) && row != TBL_NONE) {
        struct row_ref r = {w->ref, ref, row};

        if (tbl_row_temporary(ref, row))
            continue;
        err = row_find_twin(&w->to_db, ref, row, t, &twin);
        if (!err && (twin == TBL_NONE || tbl_row_temporary(t, twin)))
            err = write_delete(w, &w->from_ref, &r);
        if (err)
            break;
    }
    return err;
}

/* --- schema ----------------------------------------------------------------------------------- */

/* The place of a new table's column follows from the order, and is not told. */
static u32 write_column(struct xform_writer *w, const struct table *t, u32 col, bool new_table)
{
    u32 table, name, err = id_map_add(&w->from_db, tbl_name(t), &table);

    if (!err)
        err = id_map_add(&w->from_db, tbl_column(t, col)->name, &name);
    if (!err)
        err = buf_add16(&w->columns, 1 | 4 << 8);
    if (!err)
        err = xform_put_id(w, &w->columns, table);
    if (!err)
        err = buf_add16(&w->columns, new_table ? 0 : col + 1 + 0x8000);
    if (!err)
        err = xform_put_id(w, &w->columns, name);
    return err ? err : buf_add16(&w->columns, tbl_column(t, col)->type + 0x8000u);
}

static u32 write_columns(struct xform_writer *w, const struct table *t, u32 from)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = from; !err && i < persistent_columns(t); i++)
        err = write_column(w, t, i, !from);
    return err;
}

static u32 write_table_name(struct xform_writer *w, struct id_map *map, u32 name, bool insert)
{
    u32 id, err = id_map_add(map, name, &id);

    if (!err)
        err = buf_add16(&w->tables, insert ? 1 | 1 << 8 : 0);
    return err ? err : xform_put_id(w, &w->tables, id);
}

/* Whether the reference's columns are the first ones of the table. */
static u32 same_columns(struct xform_writer *w, const struct table *t, const struct table *ref,
                        bool *same)
{
    u32 n = persistent_columns(ref);

    *same = n <= persistent_columns(t) && tbl_keys(t) == tbl_keys(ref);
    for (u32 i = 0; *same && i < n; i++) {
        const struct column *a = tbl_column(t, i), *b = tbl_column(ref, i);
        u32 name, err = id_map_find(&w->to_ref, a->name, &name);

        if (err)
            return err;
        *same = name == b->name && a->type == b->type;
    }
    return ERROR_SUCCESS;
}

/* --- tables ----------------------------------------------------------------------------------- */

static u32 create_table(struct xform_writer *w, struct table *t)
{
    u32 err = write_table_name(w, &w->from_db, tbl_name(t), true);

    if (!err)
        err = write_columns(w, t, 0);
    return err ? err : write_new_rows(w, t, NULL);
}

static u32 compare_tables(struct xform_writer *w, struct table *t, struct table *ref)
{
    bool same = false;
    u32 err = same_columns(w, t, ref, &same);

    if (!err && !same) {
        err = write_table_name(w, &w->from_ref, tbl_name(ref), false);
        return err ? err : create_table(w, t);
    }
    if (!err)
        err = write_columns(w, t, persistent_columns(ref));
    if (!err)
        err = write_lost_rows(w, t, ref);
    return err ? err : write_new_rows(w, t, ref);
}

/* The saved table of that name in another database, NULL where there is none. */
static u32 other_table(struct id_map *map, u32 name, struct db_core *db, struct table **other)
{
    u32 id, err = id_map_find(map, name, &id);

    *other = NULL;
    if (err || id == ID_NONE)
        return err;
    err = db_core_table_id(db, id, other);
    if (!err && tbl_is_temporary(*other))
        *other = NULL;
    return err == ERROR_INVALID_TABLE ? ERROR_SUCCESS : err;
}

static u32 write_table(struct xform_writer *w, struct table *t)
{
    struct table *ref;
    u32 err;

    if (tbl_is_temporary(t))
        return ERROR_SUCCESS;
    err = db_core_table_id(w->db, tbl_name(t), &t);
    if (!err)
        err = other_table(&w->to_ref, tbl_name(t), w->ref, &ref);
    if (!err)
        err = ref ? compare_tables(w, t, ref) : create_table(w, t);
    return err ? err : xform_end_table(w, db_core_strings(w->db), tbl_name(t));
}

static u32 write_dropped(struct xform_writer *w, struct table *ref)
{
    struct table *t;
    u32 err;

    if (tbl_is_temporary(ref))
        return ERROR_SUCCESS;
    err = other_table(&w->to_db, tbl_name(ref), w->db, &t);
    return err || t ? err : write_table_name(w, &w->from_ref, tbl_name(ref), false);
}

static u32 write_tables(struct xform_writer *w)
{
    struct table *t;
    u32 err = ERROR_SUCCESS;

    for (u32 at = 0; !err && (t = db_core_next_table(w->ref, &at));)
        err = write_dropped(w, t);
    for (u32 at = 0; !err && (t = db_core_next_table(w->db, &at));)
        err = write_table(w, t);
    return err;
}

/* --- the whole -------------------------------------------------------------------------------- */

static u32 generate(struct xform_writer *w)
{
    u32 err = xform_begin(w);

    if (!err)
        err = write_tables(w);
    return err ? err : xform_finish(w);
}

u32 xform_generate(struct db_core *db, struct db_core *reference, const char16_t *path,
                   struct fault *fault)
{
    struct xform_writer w = {.db = db, .ref = reference, .ref_bytes = 2};
    u32 err = ERROR_SUCCESS;

    if (path && (err = stg_create(path, 0, &w.stg))) {
        fault_set(fault, FAULT_TRANSFORM_STREAM, path);
        return err == ERROR_OUTOFMEMORY ? err : ERROR_CREATE_FAILED;
    }
    err = generate(&w);
    if (!err && w.ref_bytes == 2 && sp_stored_limit(w.strings) > 0x10000) {
        w.ref_bytes = 3; /* more strings than two bytes can tell: the same again */
        err = generate(&w);
    }
    if (!err && !w.different) {
        fault_set(fault, FAULT_SAME, NULL);
        err = ERROR_NO_DATA;
    }
    if (!err && w.stg)
        err = stg_commit(w.stg);
    if (err)
        fault_set(fault, FAULT_TRANSFORM, NULL);
    xform_writer_free(&w);
    stg_close(w.stg);
    return err;
}
