/*
 * The parser: the conditions of WHERE.
 *
 *   or:         and { OR and }
 *   and:        primary { AND primary }
 *   primary:    ( or )  |  column IS [NOT] NULL  |  column operator operand
 *   operand:    column  |  constant  |  ?
 *
 * At most 32 comparisons, as documented, so the tree of AND and OR is shallow whatever its form.
 */
#include "sql_parser.h"

static struct ast_expr *alternatives(struct sql_parser *p);

static struct ast_expr *node(struct sql_parser *p, enum ast_expr_kind kind, struct ast_expr *left,
                             struct ast_expr *right)
{
    struct ast_expr *e = left && right ? sql_parser_new(p, sizeof(*e)) : NULL;
    if (e) {
        e->kind = kind;
        e->left = left;
        e->right = right;
    }
    return e;
}

static bool operator_of(struct sql_parser *p, enum ast_operator *out)
{
    switch (p->tok.kind) {
    case TOK_EQ:
        *out = AST_EQ;
        break;
    case TOK_NE:
        *out = AST_NE;
        break;
    case TOK_LT:
        *out = AST_LT;
        break;
    case TOK_GT:
        *out = AST_GT;
        break;
    case TOK_LE:
        *out = AST_LE;
        break;
    case TOK_GE:
        *out = AST_GE;
        break;
    default:
        return p->tok.kind == TOK_END ? sql_parser_unexpected(p) : sql_parser_fail(p, 2236);
    }
    sql_parser_next(p);
    return true;
}

static bool operand(struct sql_parser *p, struct ast_operand *out)
{
    return sql_parser_at_constant(p) ? sql_parser_constant(p, out) : sql_parser_column(p, out);
}

static bool is_null(struct sql_parser *p, struct ast_expr *e)
{
    e->kind = sql_parser_accept(p, KW_NOT) ? AST_IS_NOT_NULL : AST_IS_NULL;
    return sql_parser_expect(p, KW_NULL);
}

static bool comparison(struct sql_parser *p, struct ast_expr *e)
{
    if (!sql_parser_column(p, &e->a))
        return false;
    if (sql_parser_accept(p, KW_IS))
        return is_null(p, e);
    e->kind = AST_COMPARE;
    return operator_of(p, &e->op) && operand(p, &e->b);
}

static struct ast_expr *primary(struct sql_parser *p)
{
    if (p->tok.kind == TOK_OPEN) {
        if (p->depth == SQL_MAX_DEPTH) {
            sql_parser_unexpected(p);
            return NULL;
        }
        p->depth++;
        sql_parser_next(p);
        struct ast_expr *inner = alternatives(p);
        p->depth--;
        return inner && sql_parser_expect(p, TOK_CLOSE) ? inner : NULL;
    }
    if (p->query->comparisons == SQL_MAX_COMPARISONS) {
        sql_parser_fail(p, 2278);
        return NULL;
    }
    p->query->comparisons++;
    struct ast_expr *e = sql_parser_new(p, sizeof(*e));
    return e && comparison(p, e) ? e : NULL;
}

static struct ast_expr *conditions(struct sql_parser *p)
{
    struct ast_expr *e = primary(p);
    while (e && sql_parser_accept(p, KW_AND))
        e = node(p, AST_AND, e, primary(p));
    return e;
}

static struct ast_expr *alternatives(struct sql_parser *p)
{
    struct ast_expr *e = conditions(p);
    while (e && sql_parser_accept(p, KW_OR))
        e = node(p, AST_OR, e, conditions(p));
    return e;
}

struct ast_expr *sql_parser_where(struct sql_parser *p)
{
    return alternatives(p);
}
