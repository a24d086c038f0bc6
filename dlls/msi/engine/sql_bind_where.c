/*
 * Binding: the conditions of WHERE, and which comparisons there are.
 *
 * Integers compare with integers in every way, text with text for = and <> only, objects with
 * nothing but NULL. What a question mark stands for is checked when the query is executed.
 */
#include "sql_binder.h"

static u32 bind_expr(struct sql_binder *b, const struct ast_expr *from, struct bound_expr **out);

static enum ast_operator mirrored(enum ast_operator op)
{
    switch (op) {
    case AST_LT:
        return AST_GT;
    case AST_GT:
        return AST_LT;
    case AST_LE:
        return AST_GE;
    case AST_GE:
        return AST_LE;
    default:
        return op;
    }
}

static u32 fail_operator(struct sql_binder *b, const struct ast_expr *from)
{
    static const char16_t *const names[] = {u"=", u"<>", u"<", u">", u"<=", u">="};
    const char16_t *name = names[from->op];
    return sql_error_set(b->err, ERROR_BAD_QUERY_SYNTAX, 2236, name, name[1] ? 2 : 1, from->b.pos);
}

static bool takes_constant(u32 type, enum ast_operand_kind kind)
{
    switch (kind) {
    case AST_INT:
        return col_is_int(type);
    case AST_STRING:
        return col_is_text(type);
    default:
        return true;
    }
}

/* An empty string is NULL, which any column may be compared with. */
static bool is_null_constant(const struct ast_operand *a)
{
    return a->kind == AST_NULL || (a->kind == AST_STRING && !a->name.len);
}

static bool comparable(const struct bound_expr *e)
{
    bool order = e->op != AST_EQ && e->op != AST_NE;
    if (e->constant && is_null_constant(e->constant))
        return !order || col_is_int(e->a.type);
    if (col_is_object(e->a.type) || (order && !col_is_int(e->a.type)))
        return false;
    if (e->constant)
        return takes_constant(e->a.type, e->constant->kind);
    return !col_is_object(e->b.type) && col_is_int(e->a.type) == col_is_int(e->b.type);
}

static u32 bind_comparison(struct sql_binder *b, const struct ast_expr *from, struct bound_expr *e)
{
    bool swap = from->a.kind != AST_COLUMN;
    const struct ast_operand *first = swap ? &from->b : &from->a;
    const struct ast_operand *second = swap ? &from->a : &from->b;
    u32 code = sql_binder_column(b, first, &e->a);
    if (code)
        return code;
    e->op = swap ? mirrored(from->op) : from->op;
    e->mask = 1u << e->a.table;
    if (second->kind == AST_COLUMN) {
        code = sql_binder_column(b, second, &e->b);
        if (code)
            return code;
        e->mask |= 1u << e->b.table;
    } else {
        e->constant = second;
        e->next_constant = b->q->constants;
        b->q->constants = e;
    }
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
