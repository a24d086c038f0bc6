/*
 * Binding: the conditions of WHERE, and which comparisons there are.
 *
 * Integers compare with integers in every way, text and NULL for = and <> only, objects with
 * nothing but NULL. An integer and a text may be asked whether they are equal, and are not. What a
 * question mark stands for is checked when the query is executed.
 */
#include "sql_binder.h"

static u32 bind_expr(struct sql_binder *b, const struct ast_expr *from, struct bound_expr **out);

static u32 fail_operator(struct sql_binder *b, const struct ast_expr *from)
{
    static const char16_t *const names[] = {u"=", u"<>", u"<", u">", u"<=", u">="};
    const char16_t *name = names[from->op];
    return sql_error_set(b->err, ERROR_BAD_QUERY_SYNTAX, 2236, name, name[1] ? 2 : 1, from->b.pos);
}

/* An empty string is NULL, which any column may be compared with. */
static bool is_null_constant(const struct ast_operand *a)
{
    return a->kind == AST_NULL || (a->kind == AST_STRING && !a->name.len);
}

static bool is_mixed(const struct bound_expr *e)
{
    if (!e->constant)
        return col_is_int(e->a.type) != col_is_int(e->b.type);
    if (e->constant->kind == AST_INT)
        return !col_is_int(e->a.type);
    return e->constant->kind == AST_STRING && e->constant->name.len && col_is_int(e->a.type);
}

static bool comparable(const struct bound_expr *e)
{
    bool order = e->op != AST_EQ && e->op != AST_NE;
    bool null = e->constant && is_null_constant(e->constant);
    if (order && (null || e->mixed || !col_is_int(e->a.type)))
        return false;
    return null || !(col_is_object(e->a.type) || (!e->constant && col_is_object(e->b.type)));
}

static u32 bind_comparison(struct sql_binder *b, const struct ast_expr *from, struct bound_expr *e)
{
    u32 code = sql_binder_column(b, &from->a, &e->a);
    if (code)
        return code;
    e->op = from->op;
    e->mask = 1u << e->a.table;
    if (from->b.kind == AST_COLUMN) {
        code = sql_binder_column(b, &from->b, &e->b);
        if (code)
            return code;
        e->mask |= 1u << e->b.table;
    } else {
        e->constant = &from->b;
        e->next_constant = b->q->constants;
        b->q->constants = e;
    }
    e->mixed = is_mixed(e);
    return comparable(e) ? ERROR_SUCCESS : fail_operator(b, from);
}

static u32 bind_both(struct sql_binder *b, const struct ast_expr *from, struct bound_expr *e)
{
    u32 code = bind_expr(b, from->left, &e->left);
    if (!code)
        code = bind_expr(b, from->right, &e->right);
    if (!code)
        e->mask = e->left->mask | e->right->mask;
    return code;
}

/* The depth is that of the tree, which has at most SQL_MAX_COMPARISONS leaves. */
static u32 bind_expr(struct sql_binder *b, const struct ast_expr *from, struct bound_expr **out)
{
    struct bound_expr *e = sql_arena_alloc(b->arena, sizeof(*e));
    u32 code;
    if (!e)
        return sql_binder_no_memory(b);
    *out = e;
    e->kind = from->kind;
    switch (from->kind) {
    case AST_AND:
    case AST_OR:
        return bind_both(b, from, e);
    case AST_COMPARE:
        return bind_comparison(b, from, e);
    default:
        code = sql_binder_column(b, &from->a, &e->a);
        if (!code)
            e->mask = 1u << e->a.table;
        return code;
    }
}

u32 sql_binder_where(struct sql_binder *b)
{
    b->q->where = NULL;
    return b->ast->where ? bind_expr(b, b->ast->where, &b->q->where) : ERROR_SUCCESS;
}
