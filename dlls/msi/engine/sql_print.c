/*
 * The tree of a query as text.
 */
#include "sql_print.h"

struct printer {
    char16_t *to;
    size_t cap, len;
};

static void put(struct printer *o, char16_t c)
{
    if (o->len < o->cap)
        o->to[o->len] = c;
    o->len++;
}

static void ascii(struct printer *o, const char *s)
{
    while (*s)
        put(o, (char16_t)*s++);
}

static void quoted(struct printer *o, const struct ast_name *n, char16_t quote)
{
    put(o, quote);
    for (u32 i = 0; i < n->len; i++)
        put(o, n->text[i]);
    put(o, quote);
}

static void digits(struct printer *o, u32 v)
{
    char buf[10];
    int n = 0;
    do {
        buf[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    while (n)
        put(o, (char16_t)buf[--n]);
}

static void integer(struct printer *o, i32 v)
{
    if (v < 0)
        put(o, '-');
    digits(o, v < 0 ? 0u - (u32)v : (u32)v);
}

static void operand(struct printer *o, const struct ast_operand *a)
{
    switch (a->kind) {
    case AST_COLUMN:
        if (a->qualified) {
            quoted(o, &a->table, '`');
            put(o, '.');
        }
        quoted(o, &a->name, '`');
        break;
    case AST_NULL:
        ascii(o, "NULL");
        break;
    case AST_INT:
        integer(o, a->value);
        break;
    case AST_STRING:
        quoted(o, &a->name, '\'');
        break;
    case AST_PARAM:
        put(o, '?');
        break;
    case AST_ALL:
        put(o, '*');
        break;
    }
}

static void items(struct printer *o, const struct ast_item *i)
{
    for (; i; i = i->next) {
        operand(o, &i->operand);
        if (i->next)
            ascii(o, ", ");
    }
}

static void tables(struct printer *o, const struct ast_table *t)
{
    for (; t; t = t->next) {
        quoted(o, &t->name, '`');
        if (t->next)
            ascii(o, ", ");
    }
}

static void expr(struct printer *o, const struct ast_expr *e)
{
    static const char *const operators[] = {" = ", " <> ", " < ", " > ", " <= ", " >= "};
    switch (e->kind) {
    case AST_COMPARE:
        operand(o, &e->a);
        ascii(o, operators[e->op]);
        operand(o, &e->b);
        break;
    case AST_IS_NULL:
        operand(o, &e->a);
        ascii(o, " IS NULL");
        break;
    case AST_IS_NOT_NULL:
        operand(o, &e->a);
        ascii(o, " IS NOT NULL");
        break;
    default: {
        /* AND binds tighter, and both lean to the left: parentheses where the tree is otherwise. */
        bool both = e->kind == AST_AND;
        bool left = both && e->left->kind == AST_OR;
        bool right = e->right->kind == e->kind || (both && e->right->kind == AST_OR);
        ascii(o, left ? "(" : "");
        expr(o, e->left);
        ascii(o, left ? ")" : "");
        ascii(o, both ? " AND " : " OR ");
        ascii(o, right ? "(" : "");
        expr(o, e->right);
        ascii(o, right ? ")" : "");
    }
    }
}

static void where(struct printer *o, const struct ast_query *q)
{
    if (!q->where)
        return;
    ascii(o, " WHERE ");
    expr(o, q->where);
}

static void select_statement(struct printer *o, const struct ast_query *q)
{
    ascii(o, q->distinct ? "SELECT DISTINCT " : "SELECT ");
    items(o, q->items);
    ascii(o, " FROM ");
    tables(o, q->tables);
    where(o, q);
    if (q->order) {
        ascii(o, " ORDER BY ");
        items(o, q->order);
    }
}

static void insert_statement(struct printer *o, const struct ast_query *q)
{
    ascii(o, "INSERT INTO ");
    tables(o, q->tables);
    ascii(o, " (");
    for (const struct ast_assignment *s = q->sets; s; s = s->next) {
        operand(o, &s->column);
        ascii(o, s->next ? ", " : ") VALUES (");
    }
    for (const struct ast_assignment *s = q->sets; s; s = s->next) {
        operand(o, &s->value);
        ascii(o, s->next ? ", " : ")");
    }
    ascii(o, q->temporary ? " TEMPORARY" : "");
}

static void update_statement(struct printer *o, const struct ast_query *q)
{
    ascii(o, "UPDATE ");
    tables(o, q->tables);
    ascii(o, " SET ");
    for (const struct ast_assignment *s = q->sets; s; s = s->next) {
        operand(o, &s->column);
        ascii(o, " = ");
        operand(o, &s->value);
        ascii(o, s->next ? ", " : "");
    }
    where(o, q);
}

static void column_def(struct printer *o, const struct ast_column_def *d)
{
    static const char *const types[] = {" CHAR", " LONGCHAR", " SHORT", " LONG", " OBJECT"};
    operand(o, &d->column);
    ascii(o, types[d->type]);
    if (d->size) {
        put(o, '(');
        digits(o, d->size);
        put(o, ')');
    }
    ascii(o, d->not_null ? " NOT NULL" : "");
    ascii(o, d->temporary ? " TEMPORARY" : "");
    ascii(o, d->localizable ? " LOCALIZABLE" : "");
}

static void create_statement(struct printer *o, const struct ast_query *q)
{
    ascii(o, "CREATE TABLE ");
    tables(o, q->tables);
    ascii(o, " (");
    for (const struct ast_column_def *d = q->defs; d; d = d->next) {
        column_def(o, d);
        ascii(o, d->next ? ", " : "");
    }
    ascii(o, " PRIMARY KEY ");
    items(o, q->keys);
    ascii(o, q->hold ? ") HOLD" : ")");
}

static void alter_statement(struct printer *o, const struct ast_query *q)
{
    ascii(o, "ALTER TABLE ");
    tables(o, q->tables);
    if (q->kind == AST_ADD) {
        ascii(o, " ADD ");
        column_def(o, q->defs);
    }
    ascii(o, q->kind == AST_FREE ? " FREE" : q->kind == AST_HOLD || q->hold ? " HOLD" : "");
}

size_t sql_print(const struct ast_query *q, char16_t *to, size_t cap)
{
    struct printer o = {to, cap, 0};
    switch (q->kind) {
    case AST_SELECT:
        select_statement(&o, q);
        break;
    case AST_INSERT:
        insert_statement(&o, q);
        break;
    case AST_UPDATE:
        update_statement(&o, q);
        break;
    case AST_DELETE:
        ascii(&o, "DELETE FROM ");
        tables(&o, q->tables);
        where(&o, q);
        break;
    case AST_CREATE:
        create_statement(&o, q);
        break;
    case AST_DROP:
        ascii(&o, "DROP TABLE ");
        tables(&o, q->tables);
        break;
    default:
        alter_statement(&o, q);
        break;
    }
    return o.len;
}
