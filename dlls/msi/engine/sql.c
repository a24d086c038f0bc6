/*
 * A query's life: prepare, execute, fetch, reset.
 */
#include "sql.h"

#include <string.h>

#include "os.h"
#include "sql_bind.h"
#include "sql_eval.h"
#include "sql_parse.h"
#include "sql_query.h"
#include "utf16.h"

STATIC_ASSERT((u32)SQL_MAX_TABLES == (u32)SQL_BOUND_TABLES);

/* --- errors --------------------------------------------------------------------------------- */

u32 sql_query_fail(struct sql_error *err, u32 number, const char16_t *text, size_t len)
{
    return sql_error_set(err, ERROR_FUNCTION_FAILED, number, text, len, 0);
}

static u32 fail_named(const struct sql_query *q, struct sql_error *err, u32 number, u32 name)
{
    char16_t text[TBL_MAX_NAME];
    size_t len = sp_text(db_core_strings(q->db), name, text, TBL_MAX_NAME);
    return sql_query_fail(err, number, text, MIN(len, (size_t)TBL_MAX_NAME));
}

u32 sql_query_fail_table(const struct sql_query *q, struct sql_error *err, u32 number,
                         const struct table *t)
{
    return fail_named(q, err, number, tbl_name(t));
}

u32 sql_query_fail_column(const struct sql_query *q, struct sql_error *err, u32 number,
                          const struct table *t, u32 col)
{
    return fail_named(q, err, number, tbl_column(t, col)->name);
}

u32 sql_query_changed(u32 code, struct sql_error *err)
{
    if (!code)
        return code;
    if (code == ERROR_DATATYPE_MISMATCH)
        code = ERROR_FUNCTION_FAILED;
    return sql_error_set(err, code, code == ERROR_OUTOFMEMORY ? 2202 : 2259, NULL, 0, 0);
}

/* --- preparing ------------------------------------------------------------------------------ */

static u32 prepare(struct sql_query *q, const char16_t *text, size_t len, struct sql_error *err)
{
    q->text = sql_arena_text(&q->arena, text, len);
    if (!q->text)
        return sql_error_set(err, ERROR_OUTOFMEMORY, 2202, NULL, 0, 0);
    u32 code = sql_parse(&q->arena, q->text, len, &q->ast, err);
    if (!code)
        code = sql_bind(&q->arena, q->db, q->ast, &q->bound, err);
    if (code || q->ast->kind == AST_CREATE)
        return code;
    code = sql_scan_prepare(&q->scan, &q->arena, &q->bound);
    return code ? sql_error_set(err, code, 2202, NULL, 0, 0) : code;
}

u32 sql_prepare(struct db_core *db, const char16_t *text, size_t len, struct sql_query **out,
                struct sql_error *err)
{
    sql_error_clear(err);
    if (len > SQL_MAX_LENGTH)
        return sql_error_set(err, ERROR_BAD_QUERY_SYNTAX, 2237, NULL, 0, SQL_MAX_LENGTH);
    struct sql_query *q = os_alloc(sizeof(*q));
    if (!q)
        return sql_error_set(err, ERROR_OUTOFMEMORY, 2202, NULL, 0, 0);
    memset(q, 0, offsetof(struct sql_query, first));
    q->db = db;
    q->len = len;
    sql_arena_init(&q->arena, q->first, sizeof(q->first));
    u32 code = prepare(q, text, len, err);
    if (code) {
        sql_free(q);
        return code;
    }
    *out = q;
    return ERROR_SUCCESS;
}

void sql_free(struct sql_query *q)
{
    if (!q)
        return;
    sql_reset(q);
    sql_unbind(&q->bound);
    sql_arena_free(&q->arena);
    os_free(q);
}

/* --- what it is ------------------------------------------------------------------------------- */

enum sql_kind sql_kind(const struct sql_query *q)
{
    static const u8 kinds[] = {
        [AST_SELECT] = SQL_SELECT, [AST_INSERT] = SQL_INSERT, [AST_UPDATE] = SQL_UPDATE,
        [AST_DELETE] = SQL_DELETE, [AST_CREATE] = SQL_CREATE, [AST_DROP] = SQL_DROP,
        [AST_ADD] = SQL_ALTER,     [AST_HOLD] = SQL_ALTER,    [AST_FREE] = SQL_ALTER,
    };
    return kinds[q->ast->kind];
}

const char16_t *sql_text(const struct sql_query *q)
{
    return q->text;
}

u32 sql_params(const struct sql_query *q)
{
    return q->ast->params;
}

static bool all_temporary(const struct sql_query *q)
{
    for (u32 t = 0; t < q->bound.tables; t++) {
        if (!tbl_is_temporary(q->bound.table[t]))
            return false;
    }
    return true;
}

bool sql_writes(const struct sql_query *q)
{
    switch (q->ast->kind) {
    case AST_SELECT:
    case AST_HOLD:
    case AST_FREE:
        return false;
    case AST_INSERT:
        return !q->ast->temporary && !all_temporary(q);
    case AST_CREATE:
        return !q->bound.temporary;
    case AST_ADD:
        return !(q->bound.specs->type & COL_TEMPORARY) && !all_temporary(q);
    default:
        return !all_temporary(q);
    }
}

bool sql_executed(const struct sql_query *q)
{
    return q->executed;
}

u32 sql_tables(const struct sql_query *q)
{
    return q->bound.tables;
}

struct table *sql_table(const struct sql_query *q, u32 i)
{
    return q->bound.table[i];
}

u32 sql_columns(const struct sql_query *q)
{
    if (q->ast->kind == AST_CREATE)
        return q->executed ? q->bound.spec_count : 0;
    return q->ast->kind == AST_SELECT ? q->bound.column_count : q->bound.set_count;
}

static const struct bound_column *column_at(const struct sql_query *q, u32 i)
{
    return q->ast->kind == AST_SELECT ? &q->bound.columns[i] : &q->bound.sets[i].column;
}

static void made_column(const struct column_spec *spec, struct sql_column *out)
{
    size_t len = MIN(spec->len, (size_t)TBL_MAX_NAME);
    out->type_bits = spec->type;
    col_type_text(spec->type, out->type);
    memcpy(out->name, spec->name, len * sizeof(*out->name));
}

void sql_column(const struct sql_query *q, u32 i, struct sql_column *out)
{
    memset(out, 0, sizeof(*out));
    if (q->ast->kind == AST_CREATE) {
        made_column(&q->bound.specs[i], out);
        return;
    }
    const struct bound_column *c = column_at(q, i);
    if (c->table == SQL_NO_TABLE) {
        u16_copy(out->type, COL_TYPE_TEXT_MAX, u"f0");
        return;
    }
    out->table = q->bound.table[c->table];
    out->table_col = c->col;
    out->type_bits = c->type;
    col_type_text(c->type, out->type);
    if (sql_column_is_there(&q->bound, c))
        sp_text(db_core_strings(q->db), tbl_column(out->table, c->col)->name, out->name,
                TBL_MAX_NAME);
}

/* --- executing -------------------------------------------------------------------------------- */

static void stand_nowhere(struct sql_query *q)
{
    for (u32 t = 0; t < SQL_BOUND_TABLES; t++)
        q->row[t] = TBL_NONE;
}

/* The hold that a statement without HOLD has on what it made. */
static void let_go(struct sql_query *q)
{
    struct table *t = q->held;
    q->held = NULL;
    if (t && !tbl_is_gone(t))
        db_core_unhold(q->db, t);
    tbl_release(t);
}

static void stop(struct sql_query *q)
{
    if (!q->running)
        return;
    q->running = false;
    sql_scan_stop(&q->scan);
    sql_rows_free(&q->rows);
    sql_eval_stop(&q->bound, q->db);
    for (u32 t = 0; t < q->bound.tables; t++)
        tbl_unpin(q->bound.table[t]);
    stand_nowhere(q);
}

void sql_reset(struct sql_query *q)
{
    q->executed = false;
    stop(q);
    let_go(q);
}

void sql_start_over(struct sql_query *q)
{
    if (q->materialized)
        q->rows.at = 0;
    else
        sql_scan_start(&q->scan);
    q->again = true;
}

/* The schema may have changed since the query was prepared, and a table be dropped; what system
 * tables show may change at any time. */
static u32 look_again(struct sql_query *q, struct sql_error *err)
{
    bool changed = false;
    for (u32 t = 0; t < q->bound.tables; t++) {
        struct table *table = q->bound.table[t];
        if (tbl_is_gone(table))
            return sql_query_fail_table(q, err, 2205, table);
        u32 code = tbl_is_system(table) ? db_core_table_id(q->db, tbl_name(table), &table) : 0;
        if (code)
            return sql_error_set(err, code, 2229, NULL, 0, 0);
        changed |= q->bound.schema[t] != tbl_schema(table);
    }
    if (!changed)
        return ERROR_SUCCESS;
    u32 code = sql_bind_again(&q->arena, q->db, q->ast, &q->bound, err);
    if (!code)
        code = sql_scan_prepare(&q->scan, &q->arena, &q->bound);
    return code;
}

static u32 select(struct sql_query *q, struct sql_error *err)
{
    sql_scan_start(&q->scan);
    q->materialized = q->ast->distinct || q->bound.order_count || !q->scan.plan->natural;
    if (!q->materialized)
        return ERROR_SUCCESS;
    u32 code = sql_rows_collect(&q->rows, &q->scan, q->ast->distinct);
    return code ? sql_error_set(err, code, 2202, NULL, 0, 0) : code;
}

static u32 run(struct sql_query *q, const struct value *params, struct sql_error *err)
{
    switch (q->ast->kind) {
    case AST_SELECT:
        return select(q, err);
    case AST_INSERT:
        return sql_insert(q, params, err);
    case AST_UPDATE:
        return sql_update(q, params, err);
    case AST_DELETE:
        return sql_delete(q, err);
    default:
        return sql_define(q, err);
    }
}

/* Rows that are there now are those that a walk which starts over meets. */
static void note_limits(struct sql_query *q)
{
    for (u32 t = 0; t < q->bound.tables; t++)
        q->limit[t] = tbl_row_limit(q->bound.table[t]);
}

u32 sql_execute(struct sql_query *q, const struct value *params, u32 n, struct sql_error *err)
{
    sql_error_clear(err);
    sql_reset(q);
    if (n < q->ast->params)
        return sql_query_fail(err, 2208, NULL, 0);
    u32 code = look_again(q, err);
    if (!code)
        code = sql_eval_start(&q->bound, q->db, params, err);
    if (code)
        return code;
    for (u32 t = 0; t < q->bound.tables; t++)
        tbl_pin(q->bound.table[t]);
    stand_nowhere(q);
    q->running = true;
    q->run++;
    code = run(q, params, err);
    if (code || q->ast->kind != AST_SELECT)
        stop(q); /* there is nothing to walk */
    note_limits(q);
    q->again = false;
    q->executed = !code;
    return code;
}

/* --- fetching --------------------------------------------------------------------------------- */

static bool exists(const struct sql_query *q, const u32 *rows)
{
    for (u32 t = 0; t < q->bound.tables; t++) {
        if (!tbl_row_exists(q->bound.table[t], rows[t]))
            return false;
    }
    return true;
}

/* Whether the tuple of the scan is one of those that came after the first walk's end. */
static bool is_late(const struct sql_query *q)
{
    for (u32 t = 0; q->again && t < q->bound.tables; t++) {
        if (q->scan.row[t] >= q->limit[t])
            return true;
    }
    return false;
}

static u32 next(struct sql_query *q)
{
    if (!q->materialized) {
        u32 code;
        do
            code = sql_scan_next(&q->scan);
        while (!code && is_late(q));
        for (u32 t = 0; !code && t < q->bound.tables; t++)
            q->row[t] = q->scan.row[t];
        return code;
    }
    const u32 *rows;
    while ((rows = sql_rows_next(&q->rows))) {
        if (!exists(q, rows))
            continue;
        memcpy(q->row, rows, q->bound.tables * sizeof(*rows));
        return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

u32 sql_fetch(struct sql_query *q, struct sql_error *err)
{
    sql_error_clear(err);
    if (!q->executed || q->ast->kind != AST_SELECT)
        return sql_query_fail(err, 2209, NULL, 0);
    u32 code = next(q);
    if (code == ERROR_NO_MORE_ITEMS && !q->again)
        note_limits(q); /* what the first walk met */
    if (code == ERROR_NO_MORE_ITEMS)
        stand_nowhere(q);
    else if (code)
        sql_error_set(err, code, 2202, NULL, 0, 0);
    return code;
}

static void constant_cell(const struct ast_operand *a, struct sql_cell *out)
{
    out->kind = !a ? VALUE_NULL : a->kind == AST_INT ? VALUE_INT : VALUE_TEXT;
    if (a && a->kind == AST_INT) {
        out->i = a->value;
    } else if (a) {
        out->str = 0;
        out->text = a->name.text;
        out->len = a->name.len;
    }
}

void sql_cell(const struct sql_query *q, u32 i, struct sql_cell *out)
{
    const struct bound_column *c = &q->bound.columns[i];
    if (c->table == SQL_NO_TABLE) {
        constant_cell(c->constant, out);
        return;
    }
    u32 cell = sql_eval_cell(&q->bound, c, q->row);
    out->i = 0;
    out->str = 0;
    out->table = NULL;
    if (!cell) {
        out->kind = VALUE_NULL;
    } else if (col_is_int(c->type)) {
        out->kind = VALUE_INT;
        out->i = cell_to_int(cell);
    } else if (col_is_text(c->type)) {
        out->kind = VALUE_TEXT;
        out->str = cell;
    } else {
        out->kind = VALUE_STREAM;
        out->table = q->bound.table[c->table];
        out->row = q->row[c->table];
        out->col = c->col;
    }
}

void sql_row(const struct sql_query *q, struct sql_row *out)
{
    out->run = q->run;
    memcpy(out->rows, q->row, sizeof(out->rows));
}
