/*
 * CREATE TABLE, DROP TABLE and ALTER TABLE.
 */
#include "sql_query.h"

/* What is temporary and made without HOLD lives until the query that made it is reset. */
static void hold_until_reset(struct sql_query *q, struct table *t, bool temporary)
{
    if (temporary && !q->ast->hold)
        q->held = tbl_retain(t);
}

static u32 create(struct sql_query *q, struct sql_error *err)
{
    const struct ast_name *name = &q->ast->tables->name;
    const struct bound_query *b = &q->bound;
    struct table *t;
    u32 code = db_core_schema(q->db, name->text, name->len, &t);
    if (code != ERROR_INVALID_TABLE)
        return sql_error_set(err, code ? code : ERROR_BAD_QUERY_SYNTAX, 2204, name->text, name->len,
                             name->pos);
    code = db_core_create_table(q->db, name->text, name->len, b->specs, b->spec_count, b->temporary,
                                b->temporary || q->ast->hold, &t);
    if (code)
        return sql_error_set(err, code, 2211, name->text, name->len, name->pos);
    hold_until_reset(q, t, b->temporary);
    return ERROR_SUCCESS;
}

static u32 drop(struct sql_query *q, struct sql_error *err)
{
    struct table *t = q->bound.table[0];
    if (tbl_is_system(t))
        return sql_query_fail_table(q, err, 2206, t);
    u32 code = db_core_drop_table(q->db, t);
    return code ? sql_error_set(err, code, 2206, NULL, 0, 0) : code;
}

static bool has_object(const struct table *t)
{
    for (u32 i = 0; i < tbl_columns(t); i++) {
        if (col_is_object(tbl_column(t, i)->type))
            return true;
    }
    return false;
}

static u32 add(struct sql_query *q, struct sql_error *err)
{
    const struct column_spec *spec = q->bound.specs;
    struct table *t = q->bound.table[0];
    u32 code = ERROR_BAD_QUERY_SYNTAX;
    bool temporary = spec->type & COL_TEMPORARY;
    bool one_too_many = col_is_object(spec->type) && has_object(t);
    if (!one_too_many)
        code = db_core_add_column(q->db, t, spec, temporary || q->ast->hold);
    if (code)
        return sql_error_set(err, code, 2280, spec->name, spec->len, q->ast->defs->column.pos);
    hold_until_reset(q, t, temporary);
    return ERROR_SUCCESS;
}

u32 sql_define(struct sql_query *q, struct sql_error *err)
{
    u32 code;
    switch (q->ast->kind) {
    case AST_CREATE:
        return create(q, err);
    case AST_DROP:
        return drop(q, err);
    case AST_ADD:
        return add(q, err);
    case AST_HOLD:
        code = db_core_hold(q->db, q->bound.table[0]);
        break;
    default:
        code = db_core_unhold(q->db, q->bound.table[0]);
        break;
    }
    return code ? sql_query_fail_table(q, err, 2205, q->bound.table[0]) : code;
}
