/*
 * INSERT, UPDATE and DELETE.
 *
 * The rows to change are found first, then changed, so that no change meets its own result.
 */
#include <string.h>

#include "sql_eval.h"
#include "sql_query.h"
#include "sql_value.h"

/* The values for the columns of one table, with room for the digits of integers. */
struct row_values {
    struct value value[TBL_MAX_COLUMNS];
    char16_t digits[TBL_MAX_COLUMNS][SQL_VALUE_TEXT];
    u32 mask;
};

static u32 set_value(const struct sql_query *q, const struct bound_set *set,
                     const struct value *params, struct row_values *v, struct sql_error *err)
{
    u32 col = set->column.col;
    v->value[col] = sql_value_of(set->value, params);
    v->mask |= 1u << col;
    if (sql_value_fit(&v->value[col], set->column.type, v->digits[col]))
        return sql_query_fail_column(q, err, 2210, q->bound.table[set->column.table], col);
    return ERROR_SUCCESS;
}

static u32 values_for(const struct sql_query *q, u32 table, const struct value *params,
                      struct row_values *v, struct sql_error *err)
{
    u32 code = ERROR_SUCCESS;
    memset(v->value, 0, sizeof(v->value));
    v->mask = 0;
    for (u32 i = 0; !code && i < q->bound.set_count; i++) {
        if (q->bound.sets[i].column.table == table)
            code = set_value(q, &q->bound.sets[i], params, v, err);
    }
    return code;
}

u32 sql_insert(struct sql_query *q, const struct value *params, struct sql_error *err)
{
    struct row_values v;
    u32 row, code = values_for(q, 0, params, &v, err);
    if (code)
        return code;
    code = db_core_insert(q->db, q->bound.table[0], v.value, q->ast->temporary, &row);
    return sql_query_changed(code, err);
}

/* Finds the rows; for several tables a row may come more than once. */
static u32 find_rows(struct sql_query *q, struct sql_error *err)
{
    sql_scan_start(&q->scan);
    u32 code = sql_rows_collect(&q->rows, &q->scan, false);
    return code ? sql_error_set(err, code, 2202, NULL, 0, 0) : code;
}

static u32 key_mask(const struct table *t)
{
    return (u32)((1ull << tbl_keys(t)) - 1);
}

/* Whether the values for key columns are those that the row has. */
static bool key_stays(struct sql_query *q, struct table *t, u32 row, const struct row_values *v)
{
    for (u32 col = 0; col < tbl_keys(t); col++) {
        u32 cell;
        bool none;

        if (!(v->mask >> col & 1))
            continue;
        if (db_core_cell(q->db, t, col, &v->value[col], &cell, &none) || none ||
            cell != tbl_get(t, row, col))
            return false;
    }
    return true;
}

/* A key is not changed; a statement that would, if a row met it, is none. */
static u32 check_keys(struct sql_query *q, u32 table, const struct value *params,
                      struct sql_error *err)
{
    struct table *t = q->bound.table[table];
    struct row_values v;
    const u32 *rows;
    u32 code = values_for(q, table, params, &v, err);

    if (code || !(v.mask & key_mask(t)))
        return code;
    q->rows.at = 0;
    while (!code && (rows = sql_rows_next(&q->rows)))
        if (!key_stays(q, t, rows[table], &v))
            code = sql_query_fail(err, 2259, NULL, 0);
    return code;
}

/* A stream from a parameter can be put once. */
static bool one_stream_many_rows(const struct sql_query *q, const struct row_values *v)
{
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++) {
        if ((v->mask >> i & 1) && v->value[i].kind == VALUE_STREAM && q->rows.shown > 1)
            return true;
    }
    return false;
}

static u32 update_table(struct sql_query *q, u32 table, const struct value *params,
                        struct sql_error *err)
{
    struct row_values v;
    const u32 *rows;
    u32 code = values_for(q, table, params, &v, err);

    v.mask &= ~key_mask(q->bound.table[table]);
    if (code || !v.mask)
        return code;
    if (one_stream_many_rows(q, &v))
        return sql_query_fail(err, 2259, NULL, 0);
    q->rows.at = 0;
    while (!code && (rows = sql_rows_next(&q->rows)))
        code = db_core_update(q->db, q->bound.table[table], rows[table], v.mask, v.value);
    return sql_query_changed(code, err);
}

u32 sql_update(struct sql_query *q, const struct value *params, struct sql_error *err)
{
    u32 code = find_rows(q, err);
    for (u32 t = 0; !code && t < q->bound.tables; t++)
        code = check_keys(q, t, params, err);
    for (u32 t = 0; !code && t < q->bound.tables; t++)
        code = update_table(q, t, params, err);
    sql_rows_free(&q->rows);
    return code;
}

u32 sql_delete(struct sql_query *q, struct sql_error *err)
{
    const u32 *rows;
    u32 code = find_rows(q, err);
    if (code)
        return code;
    while (!code && (rows = sql_rows_next(&q->rows)))
        code = db_core_delete(q->db, q->bound.table[0], rows[0]);
    sql_rows_free(&q->rows);
    return sql_query_changed(code, err);
}
