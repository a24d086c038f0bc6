/*
 * Binding: tables, columns, lists.
 */
#include "sql_bind.h"

#include <string.h>

#include "sql_binder.h"
#include "utf16.h"

u32 sql_binder_fail(const struct sql_binder *b, u32 number, const struct ast_name *name)
{
    return sql_error_set(b->err, ERROR_BAD_QUERY_SYNTAX, number, name->text, name->len, name->pos);
}

u32 sql_binder_no_memory(const struct sql_binder *b)
{
    return sql_error_set(b->err, ERROR_OUTOFMEMORY, 2202, NULL, 0, 0);
}

/* --- tables --------------------------------------------------------------------------------- */

static bool same_name(const struct ast_name *a, const struct ast_name *b)
{
    return !u16_compare(a->text, a->len, b->text, b->len);
}

static u32 bind_table(struct sql_binder *b, const struct ast_name *name)
{
    struct bound_query *q = b->q;
    struct table *t;
    if (q->tables == SQL_BOUND_TABLES)
        return sql_binder_fail(b, 2232, name);
    for (const struct ast_table *o = b->ast->tables; &o->name != name; o = o->next) {
        if (same_name(&o->name, name))
            return sql_binder_fail(b, 2230, name);
    }
    u32 code = db_core_schema(b->db, name->text, name->len, &t);
    if (!code && !tbl_is_system(t)) /* what those show is looked up by each execution */
        code = db_core_table(b->db, name->text, name->len, &t);
    if (code == ERROR_INVALID_TABLE)
        return sql_binder_fail(b, 2228, name);
    if (code)
        return sql_error_set(b->err, code, 2229, name->text, name->len, name->pos);
    q->table[q->tables++] = tbl_retain(t);
    return ERROR_SUCCESS;
}

static u32 bind_tables(struct sql_binder *b)
{
    u32 code = ERROR_SUCCESS;
    if (b->ast->kind == AST_CREATE)
        return code;
    for (const struct ast_table *t = b->ast->tables; !code && t; t = t->next)
        code = bind_table(b, &t->name);
    return code;
}

/* --- columns -------------------------------------------------------------------------------- */

static u32 named_table(struct sql_binder *b, const struct ast_name *name)
{
    u32 i = 0;
    for (const struct ast_table *t = b->ast->tables; t; t = t->next, i++) {
        if (same_name(&t->name, name))
            return i;
    }
    return SQL_NO_TABLE;
}

static struct bound_column bound_to(const struct sql_binder *b, u32 table, u32 col)
{
    const struct table *t = b->q->table[table];
    return (struct bound_column){table, col, tbl_column(t, col)->type, tbl_column_serial(t, col),
                                 NULL};
}

static bool try_table(const struct sql_binder *b, u32 table, u32 name, struct bound_column *out)
{
    u32 col = tbl_column_find(b->q->table[table], name);
    if (col == TBL_NONE)
        return false;
    *out = bound_to(b, table, col);
    return true;
}

u32 sql_binder_column(struct sql_binder *b, const struct ast_operand *a, struct bound_column *out)
{
    u32 name = SP_NULL, found = 0;
    u32 code = sp_find(db_core_strings(b->db), a->name.text, a->name.len, &name);
    if (code)
        return sql_binder_no_memory(b);
    if (a->qualified) {
        u32 t = named_table(b, &a->table);
        if (t == SQL_NO_TABLE)
            return sql_binder_fail(b, 2228, &a->table);
        found = try_table(b, t, name, out);
    } else {
        for (u32 t = 0; t < b->q->tables; t++)
            found += try_table(b, t, name, out);
    }
    return found == 1 ? ERROR_SUCCESS : sql_binder_fail(b, 2235, &a->name);
}

/* --- lists ---------------------------------------------------------------------------------- */

static u32 all_columns(const struct bound_query *q)
{
    u32 n = 0;
    for (u32 t = 0; t < q->tables; t++)
        n += tbl_columns(q->table[t]);
    return n;
}

static u32 expand(struct sql_binder *b, struct bound_column *out)
{
    u32 n = 0;
    for (u32 t = 0; t < b->q->tables; t++) {
        struct table *table = b->q->table[t];
        for (u32 c = 0; c < tbl_columns(table); c++)
            out[n++] = bound_to(b, t, c);
    }
    return n;
}

/* A name of no characters stands for the empty string, too. */
static bool is_empty_constant(const struct ast_operand *a)
{
    return (a->kind == AST_STRING || (a->kind == AST_COLUMN && !a->qualified)) && !a->name.len;
}

static bool is_constant(const struct ast_operand *a)
{
    return a->kind == AST_INT || a->kind == AST_STRING;
}

/* A text in quotes that is a column's name selects the column, as it does with Wine's. */
static u32 select_one(struct sql_binder *b, const struct ast_operand *a, struct bound_column *out)
{
    const struct bound_column constant = {SQL_NO_TABLE, 0, 0, 0, a};
    if (is_empty_constant(a)) {
        *out = (struct bound_column){SQL_NO_TABLE, 0, 0, 0, NULL};
        return ERROR_SUCCESS;
    }
    if (a->kind == AST_COLUMN)
        return sql_binder_column(b, a, out);
    if (!is_constant(a))
        return sql_error_set(b->err, ERROR_BAD_QUERY_SYNTAX, 2235, a->name.text, a->name.len,
                             a->pos);
    u32 code = a->kind == AST_STRING ? sql_binder_column(b, a, out) : ERROR_BAD_QUERY_SYNTAX;
    if (code != ERROR_BAD_QUERY_SYNTAX)
        return code;
    sql_error_clear(b->err);
    *out = constant;
    return ERROR_SUCCESS;
}

static u32 selected(struct sql_binder *b, const struct ast_operand *a, struct bound_column *out,
                    u32 *n)
{
    if (a->kind == AST_ALL) {
        *n += expand(b, out);
        return ERROR_SUCCESS;
    }
    u32 code = select_one(b, a, out);
    *n += !code;
    return code;
}

static u32 bind_select_list(struct sql_binder *b)
{
    u32 most = 0, code = ERROR_SUCCESS;
    for (const struct ast_item *i = b->ast->items; i; i = i->next)
        most += i->operand.kind == AST_ALL ? all_columns(b->q) : 1;
    struct bound_column *cols = sql_arena_array(b->arena, most, sizeof(*cols));
    if (!cols)
        return sql_binder_no_memory(b);
    u32 n = 0;
    for (const struct ast_item *i = b->ast->items; !code && i; i = i->next)
        code = selected(b, &i->operand, cols + n, &n);
    b->q->columns = cols;
    b->q->column_count = n;
    return code;
}

static u32 bind_order(struct sql_binder *b)
{
    u32 n = 0, code = ERROR_SUCCESS;
    for (const struct ast_item *i = b->ast->order; i; i = i->next)
        n++;
    if (!n)
        return ERROR_SUCCESS;
    b->q->orders = sql_arena_array(b->arena, n, sizeof(*b->q->orders));
    if (!b->q->orders)
        return sql_binder_no_memory(b);
    n = 0;
    for (const struct ast_item *i = b->ast->order; !code && i; i = i->next)
        code = sql_binder_column(b, &i->operand, &b->q->orders[n++]);
    b->q->order_count = n;
    return code;
}

static bool is_set(const struct bound_query *q, const struct bound_column *c)
{
    for (u32 i = 0; i < q->set_count; i++) {
        if (q->sets[i].column.table == c->table && q->sets[i].column.col == c->col)
            return true;
    }
    return false;
}

static u32 bind_sets(struct sql_binder *b)
{
    struct bound_query *q = b->q;
    u32 n = 0;
    for (const struct ast_assignment *s = b->ast->sets; s; s = s->next)
        n++;
    q->sets = sql_arena_array(b->arena, n, sizeof(*q->sets));
    if (!q->sets)
        return sql_binder_no_memory(b);
    q->set_count = 0;
    for (const struct ast_assignment *s = b->ast->sets; s; s = s->next) {
        struct bound_set set = {.value = &s->value};
        u32 code = sql_binder_column(b, &s->column, &set.column);
        if (code)
            return code;
        if (is_set(q, &set.column))
            return sql_binder_fail(b, 2242, &s->column.name);
        q->sets[q->set_count++] = set;
    }
    return ERROR_SUCCESS;
}

/* --- statements ------------------------------------------------------------------------------ */

static u32 bind_select(struct sql_binder *b)
{
    u32 code = bind_select_list(b);
    if (!code)
        code = sql_binder_where(b);
    return code ? code : bind_order(b);
}

static u32 bind_statement(struct sql_binder *b)
{
    u32 code;
    for (u32 t = 0; t < b->q->tables; t++)
        b->q->schema[t] = tbl_schema(b->q->table[t]);
    switch (b->ast->kind) {
    case AST_SELECT:
        return bind_select(b);
    case AST_INSERT:
        return bind_sets(b);
    case AST_UPDATE:
        code = bind_sets(b);
        return code ? code : sql_binder_where(b);
    case AST_DELETE:
        return sql_binder_where(b);
    case AST_CREATE:
        return sql_binder_create(b);
    case AST_ADD:
        return sql_binder_add(b);
    default:
        return ERROR_SUCCESS;
    }
}

u32 sql_bind(struct sql_arena *arena, struct db_core *db, const struct ast_query *ast,
             struct bound_query *out, struct sql_error *err)
{
    struct sql_binder b = {arena, db, ast, out, err};
    u32 code = bind_tables(&b);
    if (!code)
        code = bind_statement(&b);
    if (code)
        sql_unbind(out);
    return code;
}

u32 sql_bind_again(struct sql_arena *arena, struct db_core *db, const struct ast_query *ast,
                   struct bound_query *q, struct sql_error *err)
{
    struct sql_binder b = {arena, db, ast, q, err};
    q->constants = NULL;
    return bind_statement(&b);
}

void sql_unbind(struct bound_query *q)
{
    while (q->tables)
        tbl_release(q->table[--q->tables]);
}
