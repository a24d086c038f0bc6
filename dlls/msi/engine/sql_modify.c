/*
 * Changing rows through a view: MsiViewModify on a SELECT.
 *
 * A view over several tables can refresh and update only. For the modes that work on a key (ASSIGN,
 * MERGE) the record is a whole row, in which what the query does not select is NULL: in the key
 * that is looked for, in a new row and in one that is there. UPDATE and REPLACE leave it as it is
 * in the row that was fetched.
 */
#include <string.h>

#include "sql_eval.h"
#include "sql_move.h"
#include "sql_query.h"
#include "sql_value.h"

/* A record's fields as values for the columns of one table. */
struct fields {
    struct value value[TBL_MAX_COLUMNS];
    char16_t digits[TBL_MAX_COLUMNS][SQL_VALUE_TEXT];
    u32 mask; /* columns that the query selects, without streams that stay as they are */
    u32 kept; /* those */
};

struct modify {
    struct sql_query *q;
    const struct value *from;
    u32 n;
    struct sql_row *row;
    struct sql_error *err;
};

static u32 refuse(const struct modify *m)
{
    return sql_query_fail(m->err, 2209, NULL, 0);
}

static u32 take_field(const struct modify *m, u32 i, struct fields *f)
{
    const struct bound_column *c = &m->q->bound.columns[i];
    struct value v = {.kind = VALUE_NULL};
    if (!sql_column_is_there(&m->q->bound, c))
        return refuse(m);
    if (i < m->n)
        v = m->from[i];
    if (v.kind == VALUE_STREAM && !v.stream) {
        f->kept |= 1u << c->col;
        return ERROR_SUCCESS;
    }
    f->value[c->col] = v;
    f->mask |= 1u << c->col;
    if (sql_value_fit(&f->value[c->col], c->type, f->digits[c->col]))
        return sql_query_fail_column(m->q, m->err, 2210, m->q->bound.table[c->table], c->col);
    return ERROR_SUCCESS;
}

static u32 take_fields(const struct modify *m, u32 table, struct fields *f)
{
    u32 code = ERROR_SUCCESS;
    memset(f->value, 0, sizeof(f->value));
    f->mask = f->kept = 0;
    for (u32 i = 0; !code && i < m->q->bound.column_count; i++) {
        if (m->q->bound.columns[i].table == table)
            code = take_field(m, i, f);
    }
    return code;
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool row_is_there(const struct modify *m)
{
    const struct bound_query *b = &m->q->bound;
    if (m->row->run != m->q->run)
        return false;
    for (u32 t = 0; t < b->tables; t++) {
        if (!tbl_row_exists(b->table[t], m->row->rows[t]))
            return false;
    }
    return true;
}

/* The record is now that row, and sql_cell reads it. */
static void stand_on(const struct modify *m, u32 row)
{
    m->q->row[0] = row;
    sql_row(m->q, m->row);
}

/* Whether all key columns are selected. */
static bool names_row(const struct modify *m, const struct fields *f)
{
    u32 keys = (u32)((1ull << tbl_keys(m->q->bound.table[0])) - 1);
    return (f->mask & keys) == keys;
}

static u32 find(const struct modify *m, const struct fields *f, u32 *row)
{
    struct table *t = m->q->bound.table[0];
    return sql_query_changed(db_core_find(m->q->db, t, f->value, row), m->err);
}

/* The columns of `among` whose cells would change. */
static u32 differing(const struct modify *m, u32 table, u32 row, const struct fields *f, u32 among,
                     u32 *mask)
{
    struct table *t = m->q->bound.table[table];
    *mask = 0;
    for (u32 i = 0; i < tbl_columns(t); i++) {
        u32 cell = 0, code = ERROR_SUCCESS;
        bool none = true;
        if (!(among >> i & 1))
            continue;
        if (f->value[i].kind != VALUE_STREAM)
            code = db_core_cell(m->q->db, t, i, &f->value[i], &cell, &none);
        if (code)
            return sql_query_changed(code, m->err);
        if (none || cell != tbl_get(t, row, i))
            *mask |= 1u << i;
    }
    return ERROR_SUCCESS;
}

/* --- modes ----------------------------------------------------------------------------------- */

static u32 insert(const struct modify *m, const struct fields *f, bool temporary)
{
    u32 row;
    if (f->kept)
        return sql_query_fail(m->err, 2259, NULL, 0);
    u32 code = db_core_insert(m->q->db, m->q->bound.table[0], f->value, temporary, &row);
    if (code)
        return sql_query_changed(code, m->err);
    stand_on(m, row);
    return ERROR_SUCCESS;
}

static bool is_nothing(const struct value *v)
{
    return v->kind == VALUE_NULL || (v->kind == VALUE_TEXT && !v->len);
}

/* Whether a column that must not be NULL would be. */
static bool lacks_value(const struct modify *m, const struct fields *f)
{
    const struct table *t = m->q->bound.table[0];
    for (u32 i = 0; i < tbl_columns(t); i++) {
        if (!(tbl_column(t, i)->type & COL_NULLABLE) && !(f->kept >> i & 1) &&
            is_nothing(&f->value[i]))
            return true;
    }
    return false;
}

/* A row that a record is to make must have all that it needs. */
static u32 insert_whole(const struct modify *m, const struct fields *f, bool temporary)
{
    if (lacks_value(m, f))
        return sql_error_set(m->err, ERROR_INVALID_DATA, 2259, NULL, 0, 0);
    return insert(m, f, temporary);
}

static bool changes_key(const struct table *t, u32 mask)
{
    return mask & (u32)((1ull << tbl_keys(t)) - 1);
}

static u32 update(const struct modify *m, u32 table, u32 row, const struct fields *f, u32 among)
{
    struct table *t = m->q->bound.table[table];
    u32 mask, code = differing(m, table, row, f, among, &mask);
    if (code || !mask)
        return code;
    if (changes_key(t, mask))
        return sql_query_fail(m->err, 2259, NULL, 0);
    return sql_query_changed(db_core_update(m->q->db, t, row, mask, f->value), m->err);
}

/* The row that was fetched, in each of the tables. */
static u32 update_fetched(const struct modify *m)
{
    struct fields f;
    u32 code = row_is_there(m) ? ERROR_SUCCESS : refuse(m);
    for (u32 t = 0; !code && t < m->q->bound.tables; t++) {
        code = take_fields(m, t, &f);
        if (!code)
            code = update(m, t, m->row->rows[t], &f, f.mask);
    }
    return code;
}

static u32 replace_fetched(const struct modify *m)
{
    struct table *t = m->q->bound.table[0];
    struct fields f;
    u32 mask, moved, row = m->row->rows[0], code;
    if (!row_is_there(m))
        return refuse(m);
    code = take_fields(m, 0, &f);
    if (!code)
        code = differing(m, 0, row, &f, f.mask, &mask);
    if (code)
        return code;
    if (!changes_key(t, mask))
        return mask ? sql_query_changed(db_core_update(m->q->db, t, row, mask, f.value), m->err)
                    : ERROR_SUCCESS;
    code = sql_move_row(m->q->db, t, row, f.mask, f.value, &moved);
    if (code)
        return sql_query_changed(code, m->err);
    stand_on(m, moved);
    return ERROR_SUCCESS;
}

static u32 assign(const struct modify *m, const struct fields *f)
{
    u32 row, code = find(m, f, &row);
    if (code)
        return code;
    if (row == TBL_NONE)
        return insert(m, f, false);
    code = update(m, 0, row, f, ~f->kept);
    if (!code)
        stand_on(m, row);
    return code;
}

/* A row with the key must be the record in all columns. */
static u32 merge(const struct modify *m, const struct fields *f)
{
    u32 row, mask, code = find(m, f, &row);
    if (code)
        return code;
    if (row == TBL_NONE)
        return insert_whole(m, f, false);
    code = differing(m, 0, row, f, ~f->kept, &mask);
    if (!code && mask)
        code = sql_query_fail(m->err, 2259, NULL, 0);
    if (!code)
        stand_on(m, row);
    return code;
}

static u32 seek(const struct modify *m, const struct fields *f)
{
    u32 row, code;
    if (!names_row(m, f))
        return sql_query_fail(m->err, 2259, NULL, 0);
    code = find(m, f, &row);
    if (code)
        return code;
    if (row == TBL_NONE)
        return refuse(m);
    stand_on(m, row);
    return ERROR_SUCCESS;
}

static u32 refresh(const struct modify *m)
{
    if (!row_is_there(m))
        return refuse(m);
    memcpy(m->q->row, m->row->rows, sizeof(m->q->row));
    return ERROR_SUCCESS;
}

static u32 delete_fetched(const struct modify *m)
{
    if (!row_is_there(m))
        return refuse(m);
    u32 code = db_core_delete(m->q->db, m->q->bound.table[0], m->row->rows[0]);
    return sql_query_changed(code, m->err);
}

/* The modes that work on the record's key, which only one table has. */
static u32 by_key(const struct modify *m, enum sql_modify_mode mode)
{
    struct fields f;
    if (mode == SQL_MODIFY_SEEK && m->n < m->q->bound.column_count)
        return sql_error_set(m->err, ERROR_INVALID_DATA, 0, NULL, 0, 0);
    u32 code = take_fields(m, 0, &f);
    if (code)
        return code;
    switch (mode) {
    case SQL_MODIFY_SEEK:
        return seek(m, &f);
    case SQL_MODIFY_INSERT:
        return insert_whole(m, &f, false);
    case SQL_MODIFY_INSERT_TEMPORARY:
        return insert_whole(m, &f, true);
    case SQL_MODIFY_ASSIGN:
        return assign(m, &f);
    case SQL_MODIFY_MERGE:
        return merge(m, &f);
    default:
        return refuse(m);
    }
}

bool sql_names_row(struct sql_query *q, const struct value *fields, u32 n,
                   const struct sql_row *row)
{
    struct sql_row same = *row;
    struct modify m = {q, fields, n, &same, NULL};
    struct fields f;
    u32 found;
    return q->ast->kind == AST_SELECT && q->bound.tables == 1 && row_is_there(&m) &&
           !take_fields(&m, 0, &f) && !find(&m, &f, &found) && found == row->rows[0];
}

/* Whether the mode works with the record alone, and so without an execution. */
static bool needs_no_row(enum sql_modify_mode mode)
{
    return mode == SQL_MODIFY_INSERT || mode == SQL_MODIFY_INSERT_TEMPORARY ||
           mode == SQL_MODIFY_ASSIGN || mode == SQL_MODIFY_MERGE;
}

u32 sql_modify(struct sql_query *q, enum sql_modify_mode mode, const struct value *fields, u32 n,
               struct sql_row *row, struct sql_error *err)
{
    struct modify m = {q, fields, n, row, err};
    sql_error_clear(err);
    if (q->ast->kind != AST_SELECT || (!q->executed && !needs_no_row(mode)))
        return refuse(&m);
    if (mode == SQL_MODIFY_REFRESH)
        return refresh(&m);
    if (mode == SQL_MODIFY_UPDATE)
        return update_fetched(&m);
    if (q->bound.tables > 1)
        return sql_query_fail(err, 2275, NULL, 0);
    if (mode == SQL_MODIFY_REPLACE)
        return replace_fetched(&m);
    if (mode == SQL_MODIFY_DELETE)
        return delete_fetched(&m);
    return by_key(&m, mode);
}
