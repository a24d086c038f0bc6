/*
 * CREATE TABLE, DROP TABLE and ALTER TABLE.
 */
#include "sql_query.h"

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
                                q->ast->hold, &t);
    if (code)
        return sql_error_set(err, code, 2211, name->text, name->len, name->pos);
    /* A temporary table lives as long as it is held, which here is not at all. */
    return b->temporary && !q->ast->hold ? db_core_drop_table(q->db, t) : ERROR_SUCCESS;
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
    bool one_too_many = col_is_object(spec->type) && has_object(t);
    if (!one_too_many)
        code = db_core_add_column(q->db, t, spec, q->ast->hold);
    return code ? sql_error_set(err, code, 2280, spec->name, spec->len, q->ast->defs->column.pos)
                : code;
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
