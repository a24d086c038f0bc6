/*
 * Rows of a table: cells, insert, change, delete. table_impl.h has the invariants.
 */
#include <string.h>

#include "os.h"
#include "table_impl.h"
#include "undo.h"

enum { MAX_ROWS = 0x7ffffff0 };

/* --- cells ------------------------------------------------------------------------------------ */

u32 tbl_raw(const struct column_data *d, u32 row)
{
    const u8 *at = d->cells + (size_t)row * d->width;

    if (d->width == 2)
        return le16(at);
    return d->width == 3 ? le24(at) : le32(at);
}

void tbl_put_raw(struct column_data *d, u32 row, u32 stored)
{
    u8 *at = d->cells + (size_t)row * d->width;

    if (d->width == 2)
        put_le16(at, stored);
    else if (d->width == 3)
        put_le24(at, stored);
    else
        put_le32(at, stored);
}

/* A 2-byte integer is stored with 0x8000 added, a 4-byte one with 0x80000000. */
u32 tbl_decode(u32 type, u32 stored)
{
    if (col_is_int(type) && col_int_size(type) == 2 && stored)
        return stored + 0x7fff8000u;
    return stored;
}

u32 tbl_encode(u32 type, u32 cell)
{
    if (col_is_int(type) && col_int_size(type) == 2 && cell)
        return cell - 0x7fff8000u;
    return cell;
}

u32 tbl_get(const struct table *t, u32 row, u32 col)
{
    if (row_gone(t, row))
        return 0;
    return tbl_decode(t->column[col].type, tbl_raw(&t->data[col], row));
}

bool tbl_row_exists(const struct table *t, u32 row)
{
    return !row_gone(t, row);
}

u32 tbl_row_limit(const struct table *t)
{
    return t->slots;
}

bool tbl_row_temporary(const struct table *t, u32 row)
{
    return row < t->slots && (t->temporary || (t->flags && t->flags[row] & ROW_TEMPORARY));
}

/* --- room ------------------------------------------------------------------------------------- */

u32 tbl_reserve(struct table *t, u32 rows)
{
    u32 cap = MAX(rows, t->cap + t->cap / 2 + 4);
    u8 *grown;

    if (rows <= t->cap)
        return ERROR_SUCCESS;
    if (rows > MAX_ROWS)
        return ERROR_OUTOFMEMORY;
    if (!t->cap)
        cap = rows;
    for (u32 i = 0; i < t->columns; i++) {
        grown = os_realloc_array(t->data[i].cells, cap, t->data[i].width);
        if (!grown)
            return ERROR_OUTOFMEMORY;
        t->data[i].cells = grown;
    }
    if (t->flags) {
        grown = os_realloc(t->flags, cap);
        if (!grown)
            return ERROR_OUTOFMEMORY;
        t->flags = grown;
    }
    t->cap = cap;
    return ERROR_SUCCESS;
}

u32 tbl_widen(struct table *t, u32 col, u32 width)
{
    struct column_data wide = {NULL, width}, *d = &t->data[col];

    if (d->width >= width)
        return ERROR_SUCCESS;
    if (t->cap) {
        wide.cells = os_alloc_array(t->cap, width);
        if (!wide.cells)
            return ERROR_OUTOFMEMORY;
    }
    for (u32 row = 0; row < t->slots; row++)
        tbl_put_raw(&wide, row, tbl_raw(d, row));
    os_free(d->cells);
    *d = wide;
    return ERROR_SUCCESS;
}

/* Width for the cell, for text alone; a cell that does not fit an integer column is refused. */
static u32 make_fit(struct table *t, u32 col, u32 cell)
{
    u32 type = t->column[col].type;

    if (col_is_int(type))
        return col_int_size(type) == 2 && !cell_fits_i2(cell) ? ERROR_DATATYPE_MISMATCH
                                                              : ERROR_SUCCESS;
    return cell > 0xffff ? tbl_widen(t, col, 3) : ERROR_SUCCESS;
}

static u32 need_flags(struct table *t)
{
    if (t->flags)
        return ERROR_SUCCESS;
    t->flags = os_calloc(MAX(t->cap, 1), 1);
    return t->flags ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- references ------------------------------------------------------------------------------- */

static enum sp_ref ref_kind(const struct table *t, u32 row, u32 col)
{
    bool temporary = tbl_row_temporary(t, row) || t->column[col].type & COL_TEMPORARY;

    return temporary ? SP_TEMPORARY : SP_PERSISTENT;
}

static void ref_cell(struct table *t, u32 row, u32 col)
{
    if (col_is_text(t->column[col].type))
        sp_add_ref(t->pool, tbl_raw(&t->data[col], row), ref_kind(t, row, col));
}

void tbl_unref_cell(struct table *t, u32 row, u32 col)
{
    if (col_is_text(t->column[col].type))
        sp_release(t->pool, tbl_raw(&t->data[col], row), ref_kind(t, row, col));
}

static void touch(struct table *t)
{
    t->version++;
    t->dirty = true;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* A row behind all others needs no sorting in. */
static void extend_order(struct table *t, u32 row)
{
    if (t->keep_order && t->kind == TBL_USER) {
        t->keep_order = t->sorted = false;
        return;
    }
    if (t->order || t->ordered != row || !t->sorted)
        return;
    if (!row || tbl_compare_rows(t, row - 1, row) < 0)
        t->ordered++;
}

u32 tbl_insert(struct table *t, const u32 *cells, bool temporary, u32 *out)
{
    u32 row;
    u32 err = undo_touch(t);

    if (!err && ((temporary && !t->temporary) || undo_is_on(t)))
        err = need_flags(t);
    if (t->slots == t->cap && t->slots / 2 > t->live)
        tbl_squeeze(t);
    for (u32 i = 0; !err && i < t->columns; i++)
        err = make_fit(t, i, cells[i]);
    if (!err)
        err = tbl_reserve(t, t->slots + 1);
    if (!err)
        err = undo_note_insert(t, t->slots);
    if (err)
        return err;
    row = t->slots++;
    t->live++;
    if (t->flags)
        t->flags[row] = temporary && !t->temporary ? ROW_TEMPORARY : 0;
    for (u32 i = 0; i < t->columns; i++) {
        tbl_put_raw(&t->data[i], row, tbl_encode(t->column[i].type, cells[i]));
        ref_cell(t, row, i);
    }
    extend_order(t, row);
    tbl_index_add(t, row, ~0u);
    touch(t);
    *out = row;
    return ERROR_SUCCESS;
}

u32 tbl_set(struct table *t, u32 row, u32 col, u32 cell)
{
    u32 err;

    if (row_gone(t, row))
        return ERROR_FUNCTION_FAILED;
    if (tbl_get(t, row, col) == cell)
        return ERROR_SUCCESS;
    err = make_fit(t, col, cell);
    if (!err)
        err = undo_note_set(t, row, col, ref_kind(t, row, col));
    if (err)
        return err;
    if (col_is_text(t->column[col].type)) /* before the old one goes: it may be the same text */
        sp_add_ref(t->pool, cell, ref_kind(t, row, col));
    tbl_index_remove(t, row, 1u << col);
    if (!undo_is_on(t))
        tbl_unref_cell(t, row, col);
    tbl_put_raw(&t->data[col], row, tbl_encode(t->column[col].type, cell));
    tbl_index_add(t, row, 1u << col);
    if (col < t->keys)
        t->sorted = false;
    touch(t);
    return ERROR_SUCCESS;
}

u32 tbl_delete(struct table *t, u32 row)
{
    if (row_gone(t, row))
        return ERROR_SUCCESS;
    if (need_flags(t) || undo_note_delete(t, row))
        return ERROR_OUTOFMEMORY;
    tbl_index_remove(t, row, ~0u);
    for (u32 i = 0; !undo_is_on(t) && i < t->columns; i++)
        tbl_unref_cell(t, row, i);
    t->flags[row] |= ROW_GONE;
    t->live--;
    touch(t);
    return ERROR_SUCCESS;
}

u32 tbl_set_temporary(struct table *t, u32 row, bool temporary)
{
    if (row_gone(t, row) || t->temporary || tbl_row_temporary(t, row) == temporary)
        return ERROR_SUCCESS;
    if (need_flags(t) || undo_note_temporary(t, row))
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < t->columns; i++) {
        u32 id = col_is_text(t->column[i].type) ? tbl_raw(&t->data[i], row) : 0;

        if (t->column[i].type & COL_TEMPORARY)
            continue;
        sp_add_ref(t->pool, id, temporary ? SP_TEMPORARY : SP_PERSISTENT);
        sp_release(t->pool, id, temporary ? SP_PERSISTENT : SP_TEMPORARY);
    }
    t->flags[row] = temporary ? ROW_TEMPORARY : 0;
    touch(t);
    return ERROR_SUCCESS;
}

static void free_rows(struct table *t)
{
    tbl_index_drop_all(t);
    for (u32 i = 0; i < t->columns; i++) {
        os_free(t->data[i].cells);
        t->data[i].cells = NULL;
    }
    os_free(t->flags);
    os_free(t->order);
    t->flags = NULL;
    t->order = NULL;
    t->slots = t->cap = t->live = t->ordered = 0;
    t->sorted = true;
}

void tbl_clear(struct table *t, bool forget)
{
    for (u32 row = 0; !forget && row < t->slots; row++)
        for (u32 i = 0; !row_gone(t, row) && i < t->columns; i++)
            tbl_unref_cell(t, row, i);
    free_rows(t);
    t->order_version++;
    touch(t);
}

/* --- the table -------------------------------------------------------------------------------- */

struct table *tbl_new(struct str_pool *pool, u32 name, enum tbl_kind kind)
{
    struct table *t = os_calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    t->refs = 1;
    t->pool = pool;
    t->name = name;
    t->kind = kind;
    t->sorted = true;
    return t;
}

struct table *tbl_retain(struct table *t)
{
    t->refs++;
    return t;
}

static void release_names(struct table *t)
{
    sp_release(t->pool, t->name, SP_TEMPORARY);
    for (u32 col = 0; col < t->columns; col++)
        sp_release(t->pool, t->column[col].name, SP_TEMPORARY);
}

void tbl_release(struct table *t)
{
    if (!t || --t->refs)
        return;
    if (t->holds_names)
        release_names(t);
    free_rows(t);
    os_free(t);
}

void tbl_make_gone(struct table *t)
{
    if (undo_is_on(t))
        undo_stash(t);
    else
        tbl_clear(t, false);
    sp_add_ref(t->pool, t->name, SP_TEMPORARY);
    for (u32 col = 0; col < t->columns; col++)
        sp_add_ref(t->pool, t->column[col].name, SP_TEMPORARY);
    t->holds_names = true;
    t->gone = true;
    t->dirty = false;
    t->version++;
    t->schema++;
}

void tbl_not_gone(struct table *t)
{
    release_names(t);
    t->holds_names = false;
    t->gone = false;
    t->version++;
    t->schema++;
}

u32 tbl_add_column(struct table *t, struct column c)
{
    struct column_data *d = &t->data[t->columns];

    if (t->columns == TBL_MAX_COLUMNS)
        return ERROR_BAD_QUERY_SYNTAX;
    d->width = tbl_width(c.type);
    d->cells = NULL;
    if (t->cap) {
        d->cells = os_calloc(t->cap, d->width);
        if (!d->cells)
            return ERROR_OUTOFMEMORY;
    }
    if (undo_note_column(t)) {
        os_free(d->cells);
        d->cells = NULL;
        return ERROR_OUTOFMEMORY;
    }
    t->serial[t->columns] = ++t->schema;
    t->column[t->columns++] = c;
    if (c.type & COL_KEY)
        t->keys = t->columns;
    t->version++;
    return ERROR_SUCCESS;
}

void tbl_remove_last_column(struct table *t)
{
    u32 col = t->columns - 1;

    undo_forget_column(t);
    tbl_index_drop_all(t);
    for (u32 row = 0; row < t->slots; row++)
        if (!row_gone(t, row))
            tbl_unref_cell(t, row, col);
    os_free(t->data[col].cells);
    t->data[col].cells = NULL;
    t->columns--;
    t->keys = MIN(t->keys, t->columns);
    t->version++;
    t->schema++;
}

u32 tbl_name(const struct table *t)
{
    return t->name;
}

u32 tbl_columns(const struct table *t)
{
    return t->columns;
}

u32 tbl_keys(const struct table *t)
{
    return t->keys;
}

const struct column *tbl_column(const struct table *t, u32 col)
{
    return &t->column[col];
}

u32 tbl_column_find(const struct table *t, u32 name)
{
    for (u32 i = 0; name && i < t->columns; i++)
        if (t->column[i].name == name)
            return i;
    return TBL_NONE;
}

bool tbl_is_temporary(const struct table *t)
{
    return t->temporary;
}

bool tbl_is_system(const struct table *t)
{
    return t->kind != TBL_USER;
}

bool tbl_is_schema(const struct table *t)
{
    return t->kind == TBL_TABLES || t->kind == TBL_COLUMNS;
}

bool tbl_is_gone(const struct table *t)
{
    return t->gone;
}

u32 tbl_rows(const struct table *t)
{
    return t->live;
}

u32 tbl_version(const struct table *t)
{
    return t->version;
}

void tbl_pin(struct table *t)
{
    t->pins++;
}

void tbl_unpin(struct table *t)
{
    t->pins--;
}

u32 tbl_schema(const struct table *t)
{
    return t->schema;
}

u32 tbl_column_serial(const struct table *t, u32 col)
{
    return col < t->columns ? t->serial[col] + 1 : 0;
}

size_t tbl_memory(const struct table *t)
{
    size_t n = sizeof(*t) + (t->flags ? t->cap : 0) + (t->order ? t->ordered * sizeof(u32) : 0);

    for (u32 i = 0; i < t->columns; i++)
        n += (size_t)t->cap * t->data[i].width;
    return n + tbl_index_memory(t);
}
