/*
 * Whether a condition holds for rows.
 */
#include "sql_eval.h"

#include "sql_value.h"

static u32 mismatch(const struct ast_operand *a, struct sql_error *err)
{
    u32 n = a->param + 1;
    char16_t text[2] = {(char16_t)('0' + n / 10 % 10), (char16_t)('0' + n % 10)};
    bool two = n > 9;
    return sql_error_set(err, ERROR_FUNCTION_FAILED, 2258, two ? text : text + 1, two ? 2 : 1,
                         a->pos);
}

static u32 constant_cell(struct bound_expr *e, struct db_core *db, const struct value *params,
                         struct sql_error *err)
{
    char16_t digits[SQL_VALUE_TEXT];
    struct value v = sql_value_of(e->constant, params);
    u32 code;
    e->cell = 0;
    if (e->mixed)
        return ERROR_SUCCESS;
    if (v.kind == VALUE_STREAM || sql_value_fit(&v, e->a.type, digits))
        return mismatch(e->constant, err);
    if (v.kind == VALUE_INT)
        e->cell = cell_from_int(v.i);
    if (v.kind != VALUE_TEXT)
        return ERROR_SUCCESS;
    code = sp_intern(db_core_strings(db), v.text, v.len, &e->cell);
    e->held = !code;
    return code ? sql_error_set(err, code, 2202, NULL, 0, 0) : code;
}

u32 sql_eval_start(struct bound_query *q, struct db_core *db, const struct value *params,
                   struct sql_error *err)
{
    u32 code = ERROR_SUCCESS;
    for (struct bound_expr *e = q->constants; !code && e; e = e->next_constant)
        code = constant_cell(e, db, params, err);
    if (code)
        sql_eval_stop(q, db);
    return code;
}

void sql_eval_stop(struct bound_query *q, struct db_core *db)
{
    for (struct bound_expr *e = q->constants; e; e = e->next_constant) {
        if (e->held)
            sp_release(db_core_strings(db), e->cell, SP_TEMPORARY);
        e->held = false;
    }
}

static bool compare(const struct bound_query *q, const struct bound_expr *e, const u32 *rows)
{
    if (e->mixed)
        return e->op == AST_NE;
    u32 a = sql_eval_cell(q, &e->a, rows);
    u32 b = e->constant ? e->cell : sql_eval_cell(q, &e->b, rows);
    switch (e->op) {
    case AST_EQ:
        return a == b;
    case AST_NE:
        return a != b;
    case AST_LT:
        return a < b;
    case AST_GT:
        return a > b;
    case AST_LE:
        return a <= b;
    default:
        return a >= b;
    }
}

bool sql_eval(const struct bound_query *q, const struct bound_expr *e, const u32 *rows)
{
    switch (e->kind) {
    case AST_AND:
        return sql_eval(q, e->left, rows) && sql_eval(q, e->right, rows);
    case AST_OR:
        return sql_eval(q, e->left, rows) || sql_eval(q, e->right, rows);
    case AST_COMPARE:
        return compare(q, e, rows);
    case AST_IS_NULL:
        return !sql_eval_cell(q, &e->a, rows);
    default:
        return sql_eval_cell(q, &e->a, rows) != 0;
    }
}
