/*
 * _TransformView: what a transform would do, as rows.
 *
 *   Table   Column   Row    Data    Current
 *   name    column   key    value   present value     a cell
 *   name    INSERT   key                              a row, whose cells are rows of their own
 *   name    DELETE   key
 *   name    column          type    number            a new column
 *   name    CREATE
 *   name    DROP
 * A key is the texts of its cells with tabs between, a space for NULL.
 */
#include "archive_text.h"
#include "os.h"
#include "utf16.h"
#include "xform.h"

struct viewer {
    struct db_core *db;
    const struct xform *x;
    struct table *view;
    struct buf table, column, key, data, current; /* char16_t */
};

static const struct column_spec view_columns[] = {
    {u"Table", 5, COL_STRING | COL_PLAIN | COL_KEY | COL_TEMPORARY},
    {u"Column", 6, COL_STRING | COL_PLAIN | COL_KEY | COL_TEMPORARY},
    {u"Row", 3, COL_STRING | COL_PLAIN | COL_KEY | COL_NULLABLE | COL_TEMPORARY},
    {u"Data", 4, COL_STRING | COL_PLAIN | COL_NULLABLE | COL_TEMPORARY},
    {u"Current", 7, COL_STRING | COL_PLAIN | COL_NULLABLE | COL_TEMPORARY},
};

static u32 open_view(struct viewer *w)
{
    static const char16_t name[] = u"_TransformView";
    u32 err = db_core_table(w->db, name, ARRAY_LEN(name) - 1, &w->view);

    if (err == ERROR_INVALID_TABLE)
        err = db_core_create_table(w->db, name, ARRAY_LEN(name) - 1, view_columns,
                                   ARRAY_LEN(view_columns), true, true, &w->view);
    if (!err && tbl_columns(w->view) != ARRAY_LEN(view_columns))
        err = ERROR_FUNCTION_FAILED;
    return err;
}

/* --- texts ------------------------------------------------------------------------------------ */

static u32 set_string(struct buf *b, const struct str_pool *p, u32 id, bool append)
{
    size_t len = sp_len(p, id);
    u32 err;

    if (!append)
        b->len = 0;
    err = buf_add(b, NULL, len * sizeof(char16_t));
    if (!err && len)
        sp_text(p, id, (char16_t *)(void *)(b->data + b->len - len * sizeof(char16_t)), len);
    return err;
}

static u32 set_word(struct buf *b, const char16_t *word)
{
    b->len = 0;
    return archive_add(b, word, u16_len(word));
}

static u32 set_number(struct buf *b, i32 n)
{
    b->len = 0;
    return archive_add_number(b, n);
}

/* Appends the text of a cell of that pool; an object is "Table.key". */
static u32 add_cell(struct viewer *w, struct buf *b, const struct str_pool *p, u32 type, u32 cell)
{
    const char16_t *key = (const char16_t *)(const void *)w->key.data;
    size_t len = w->key.len / sizeof(*key);
    u32 err;

    if (!cell)
        return ERROR_SUCCESS;
    if (col_is_text(type))
        return set_string(b, p, cell, true);
    if (col_is_int(type))
        return archive_add_number(b, cell_to_int(cell));
    err = buf_add(b, w->table.data, w->table.len);
    if (!err)
        err = archive_add(b, u".", 1);
    for (size_t i = 0; !err && i < len; i++)
        err = archive_add(b, key[i] == u'\t' ? u"." : &key[i], 1);
    return err;
}

static u32 set_key(struct viewer *w, const struct xform_layout *l, const u32 *cells)
{
    u32 err = ERROR_SUCCESS;

    w->key.len = 0;
    for (u32 i = 0; !err && i < l->keys; i++) {
        if (i)
            err = archive_add(&w->key, u"\t", 1);
        if (!err && !cells[i])
            err = archive_add(&w->key, u" ", 1);
        else if (!err)
            err = add_cell(w, &w->key, w->x->strings, l->types[i], cells[i]);
    }
    return err;
}

/* --- rows of the view ------------------------------------------------------------------------- */

static struct value text_of(const struct buf *b)
{
    return (struct value){.kind = VALUE_TEXT,
                          .text = (const char16_t *)(const void *)b->data,
                          .len = b->len / sizeof(char16_t)};
}

/* A later transform's word on the same cell replaces an earlier one's. */
static u32 add_row(struct viewer *w)
{
    struct value values[5] = {text_of(&w->table), text_of(&w->column), text_of(&w->key),
                              text_of(&w->data), text_of(&w->current)};
    u32 row, err = db_core_find(w->db, w->view, values, &row);

    if (err)
        return err;
    if (row != TBL_NONE)
        return db_core_update(w->db, w->view, row, 3u << 3, values);
    return db_core_insert(w->db, w->view, values, true, &row);
}

static u32 add_word(struct viewer *w, const char16_t *word)
{
    u32 err = set_word(&w->column, word);

    w->data.len = w->current.len = 0;
    return err ? err : add_row(w);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* The name of column i: the database's, or one that the transform adds. */
static u32 set_column(struct viewer *w, const struct xform_table *xt, const struct table *t, u32 i)
{
    u32 own = t ? persistent_columns(t) : 0;

    if (i < own)
        return set_string(&w->column, db_core_strings(w->db), tbl_column(t, i)->name, false);
    return set_string(&w->column, w->x->strings, xt->added[i - own].name, false);
}

static u32 view_cell(struct viewer *w, const struct xform_table *xt, const struct xform_layout *l,
                     struct table *t, u32 row, u32 i, u32 cell)
{
    u32 err = set_column(w, xt, t, i);

    w->data.len = w->current.len = 0;
    if (!err)
        err = add_cell(w, &w->data, w->x->strings, l->types[i], cell);
    if (!err && t && row != TBL_NONE && i < persistent_columns(t))
        err = add_cell(w, &w->current, db_core_strings(w->db), l->types[i], tbl_get(t, row, i));
    return err ? err : add_row(w);
}

static u32 view_change(struct viewer *w, const struct xform_table *xt, const struct xform_layout *l,
                       struct table *t, const struct xform_change *c, struct xform_values *v)
{
    u32 row = TBL_NONE, err = set_key(w, l, c->cells);

    if (!err && c->kind == XFORM_DELETE)
        return add_word(w, u"DELETE");
    if (!err)
        err = xform_values_take(v, w->x, xt, l, c);
    if (!err && t)
        err = db_core_find(w->db, t, v->v, &row);
    for (u32 i = l->keys; !err && i < l->columns; i++)
        if (c->mask >> i & 1)
            err = view_cell(w, xt, l, t, row, i, c->cells[i]);
    if (!err && c->kind == XFORM_INSERT)
        err = add_word(w, u"INSERT");
    return err;
}

static u32 view_rows(struct viewer *w, struct xform_table *xt, struct table *t)
{
    struct xform_values values = {0};
    struct xform_layout l;
    struct xform_change c;
    size_t at = 0;
    u32 err = xform_layout_of(w->x, xt, t, &l);

    while (!err && !(err = xform_next(w->x, xt, &l, &at, &c)))
        err = view_change(w, xt, &l, t, &c, &values);
    xform_values_free(&values);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 view_columns_of(struct viewer *w, const struct xform_table *xt, const struct table *t)
{
    u32 own = t ? persistent_columns(t) : 0, err = ERROR_SUCCESS;

    w->key.len = 0;
    for (u32 i = 0; !err && i < xt->added_count; i++) {
        err = set_column(w, xt, t, own + i);
        if (!err)
            err = set_number(&w->data, xt->added[i].type);
        if (!err)
            err = set_number(&w->current, (i32)(own + i + 1));
        if (!err)
            err = add_row(w);
    }
    return err;
}

static u32 view_table(struct viewer *w, struct xform_table *xt)
{
    struct table *t;
    u32 err = xform_find_table(w->x, xt, w->db, &t);

    if (!err)
        err = set_string(&w->table, w->x->strings, xt->name, false);
    w->key.len = 0;
    if (!err && (xt->fate == XFORM_DROPPED || xt->fate == XFORM_REPLACED))
        err = add_word(w, u"DROP");
    if (err || xt->fate == XFORM_DROPPED)
        return err;
    if (xt->fate != XFORM_CHANGED) {
        t = NULL;
        err = add_word(w, u"CREATE");
    } else if (!t) {
        return ERROR_SUCCESS;
    }
    if (!err)
        err = view_columns_of(w, xt, t);
    return err ? err : view_rows(w, xt, t);
}

u32 xform_view(struct db_core *db, const struct xform *x)
{
    struct viewer w = {.db = db, .x = x};
    u32 err = open_view(&w);

    for (u32 i = 0; !err && i < x->count; i++)
        err = view_table(&w, &x->tables[i]);
    buf_free(&w.table);
    buf_free(&w.column);
    buf_free(&w.key);
    buf_free(&w.data);
    buf_free(&w.current);
    return err;
}
