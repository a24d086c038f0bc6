/*
 * The parser: the words that every statement shares, and SELECT, INSERT, UPDATE and DELETE.
 *
 * Recursive descent; what may stand within itself is only parentheses, which are counted.
 */
#include "sql_parse.h"
#include "sql_parser.h"

/* --- steps -------------------------------------------------------------------------------- */

void sql_parser_next(struct sql_parser *p)
{
    sql_lex_next(&p->lexer, &p->tok);
}

bool sql_parser_accept(struct sql_parser *p, enum sql_token_kind kind)
{
    if (p->tok.kind != kind)
        return false;
    sql_parser_next(p);
    return true;
}

bool sql_parser_fail(struct sql_parser *p, u32 number)
{
    if (p->code)
        return false;
    const char16_t *text = p->lexer.text + p->tok.pos;
    p->code = sql_error_set(p->err, ERROR_BAD_QUERY_SYNTAX, number, text, p->tok.len, p->tok.pos);
    return false;
}

bool sql_parser_unexpected(struct sql_parser *p)
{
    return sql_parser_fail(p, 2232);
}

bool sql_parser_expect(struct sql_parser *p, enum sql_token_kind kind)
{
    if (sql_parser_accept(p, kind))
        return true;
    return kind == TOK_CLOSE ? sql_parser_fail(p, 2231) : sql_parser_unexpected(p);
}

void *sql_parser_new(struct sql_parser *p, size_t size)
{
    void *mem = sql_arena_alloc(p->arena, size);
    if (!mem && !p->code)
        p->code = sql_error_set(p->err, ERROR_OUTOFMEMORY, 2202, NULL, 0, p->tok.pos);
    return mem;
}

/* --- names and constants -------------------------------------------------------------------- */

bool sql_parser_name(struct sql_parser *p, struct ast_name *out)
{
    if (p->tok.kind != TOK_NAME)
        return p->tok.kind == TOK_STRING || p->tok.kind >= KW_ADD ? sql_parser_fail(p, 2227)
                                                                  : sql_parser_unexpected(p);
    out->text = p->tok.text;
    out->len = p->tok.len;
    out->pos = p->tok.pos;
    sql_parser_next(p);
    return true;
}

bool sql_parser_column(struct sql_parser *p, struct ast_operand *out)
{
    out->kind = AST_COLUMN;
    out->pos = p->tok.pos;
    if (!sql_parser_name(p, &out->name))
        return false;
    if (!sql_parser_accept(p, TOK_DOT))
        return true;
    out->qualified = true;
    out->table = out->name;
    return sql_parser_name(p, &out->name);
}

bool sql_parser_table(struct sql_parser *p)
{
    struct ast_table *t = sql_parser_new(p, sizeof(*t));
    struct ast_table **end = &p->query->tables;
    while (*end)
        end = &(*end)->next;
    *end = t;
    return t && sql_parser_name(p, &t->name);
}

bool sql_parser_at_constant(const struct sql_parser *p)
{
    switch (p->tok.kind) {
    case TOK_STRING:
    case TOK_NUMBER:
    case TOK_MINUS:
    case TOK_PARAM:
    case KW_NULL:
        return true;
    default:
        return false;
    }
}

static bool integer(struct sql_parser *p, struct ast_operand *out, bool negative)
{
    u32 v = p->tok.value;
    if (p->tok.kind != TOK_NUMBER || (!negative && v > 0x7fffffffu))
        return sql_parser_unexpected(p);
    out->kind = AST_INT;
    out->value = (i32)(negative ? 0u - v : v);
    sql_parser_next(p);
    return true;
}

bool sql_parser_constant(struct sql_parser *p, struct ast_operand *out)
{
    out->pos = p->tok.pos;
    switch (p->tok.kind) {
    case TOK_MINUS:
        sql_parser_next(p);
        return integer(p, out, true);
    case TOK_NUMBER:
        return integer(p, out, false);
    case TOK_STRING:
        out->kind = AST_STRING;
        out->name = (struct ast_name){p->tok.text, p->tok.len, p->tok.pos};
        break;
    case TOK_PARAM:
        out->kind = AST_PARAM;
        out->param = p->query->params++;
        break;
    case KW_NULL:
        out->kind = AST_NULL;
        break;
    default:
        return sql_parser_unexpected(p);
    }
    sql_parser_next(p);
    return true;
}

/* --- lists ---------------------------------------------------------------------------------- */

struct ast_item *sql_parser_columns(struct sql_parser *p, u32 none)
{
    struct ast_item *first = NULL, **end = &first;
    if (p->tok.kind == TOK_END || p->tok.kind == TOK_CLOSE) {
        sql_parser_fail(p, none);
        return NULL;
    }
    for (u32 n = 0;; n++) {
        struct ast_item *item = sql_parser_new(p, sizeof(*item));
        if (!item || n == SQL_MAX_LIST || !sql_parser_column(p, &item->operand)) {
            sql_parser_unexpected(p);
            return NULL;
        }
        *end = item;
        end = &item->next;
        if (!sql_parser_accept(p, TOK_COMMA))
            return first;
    }
}

/* One item of SELECT: a column, a constant, or the asterisk. */
static bool selected(struct sql_parser *p, struct ast_operand *out)
{
    if (p->tok.kind == TOK_STAR) {
        out->kind = AST_ALL;
        out->pos = p->tok.pos;
        sql_parser_next(p);
        return true;
    }
    return sql_parser_at_constant(p) ? sql_parser_constant(p, out) : sql_parser_column(p, out);
}

static bool select_list(struct sql_parser *p)
{
    struct ast_item **end = &p->query->items;
    if (p->tok.kind == KW_FROM || p->tok.kind == TOK_END)
        return sql_parser_fail(p, 2233);
    for (u32 n = 0;; n++) {
        struct ast_item *item = sql_parser_new(p, sizeof(*item));
        if (!item || n == SQL_MAX_LIST || !selected(p, &item->operand))
            return sql_parser_unexpected(p);
        *end = item;
        end = &item->next;
        if (!sql_parser_accept(p, TOK_COMMA))
            return true;
    }
}

static bool table_list(struct sql_parser *p)
{
    u32 n = 0;
    do {
        if (n++ == SQL_MAX_LIST)
            return sql_parser_unexpected(p);
        if (!sql_parser_table(p))
            return false;
    } while (sql_parser_accept(p, TOK_COMMA));
    return true;
}

static bool where_clause(struct sql_parser *p)
{
    if (!sql_parser_accept(p, KW_WHERE))
        return true;
    p->query->where = sql_parser_where(p);
    return p->query->where != NULL;
}

/* --- statements ------------------------------------------------------------------------------ */

static bool select_statement(struct sql_parser *p)
{
    p->query->kind = AST_SELECT;
    p->query->distinct = sql_parser_accept(p, KW_DISTINCT);
    if (!select_list(p))
        return false;
    if (!sql_parser_accept(p, KW_FROM))
        return p->tok.kind == TOK_END ? sql_parser_fail(p, 2238) : sql_parser_unexpected(p);
    if (!table_list(p) || !where_clause(p))
        return false;
    if (!sql_parser_accept(p, KW_ORDER))
        return true;
    if (!sql_parser_expect(p, KW_BY))
        return false;
    p->query->order = sql_parser_columns(p, 2234);
    return p->query->order != NULL;
}

static bool insert_columns(struct sql_parser *p, struct ast_assignment **end)
{
    if (!sql_parser_expect(p, TOK_OPEN))
        return false;
    if (p->tok.kind == TOK_CLOSE)
        return sql_parser_fail(p, 2241);
    u32 n = 0;
    do {
        struct ast_assignment *set = sql_parser_new(p, sizeof(*set));
        if (!set || n++ == SQL_MAX_LIST || !sql_parser_column(p, &set->column))
            return sql_parser_unexpected(p);
        *end = set;
        end = &set->next;
    } while (sql_parser_accept(p, TOK_COMMA));
    return sql_parser_expect(p, TOK_CLOSE);
}

static bool insert_values(struct sql_parser *p)
{
    struct ast_assignment *set = p->query->sets;
    if (!sql_parser_expect(p, TOK_OPEN))
        return false;
    for (; set; set = set->next) {
        if (p->tok.kind == TOK_CLOSE)
            return sql_parser_fail(p, 2239);
        if (!sql_parser_constant(p, &set->value))
            return false;
        if (set->next && !sql_parser_accept(p, TOK_COMMA))
            return p->tok.kind == TOK_CLOSE ? sql_parser_fail(p, 2239) : sql_parser_unexpected(p);
    }
    return sql_parser_expect(p, TOK_CLOSE);
}

static bool insert_statement(struct sql_parser *p)
{
    p->query->kind = AST_INSERT;
    if (!sql_parser_expect(p, KW_INTO) || !sql_parser_table(p))
        return false;
    if (p->tok.kind == KW_VALUES)
        return sql_parser_fail(p, 2241);
    if (!insert_columns(p, &p->query->sets) || !sql_parser_expect(p, KW_VALUES) ||
        !insert_values(p))
        return false;
    p->query->temporary = sql_parser_accept(p, KW_TEMPORARY);
    return true;
}

static bool update_statement(struct sql_parser *p)
{
    struct ast_assignment **end = &p->query->sets;
    p->query->kind = AST_UPDATE;
    if (!table_list(p) || !sql_parser_expect(p, KW_SET))
        return false;
    if (p->tok.kind == TOK_END || p->tok.kind == KW_WHERE)
        return sql_parser_fail(p, 2240);
    u32 n = 0;
    do {
        struct ast_assignment *set = sql_parser_new(p, sizeof(*set));
        if (!set || n++ == SQL_MAX_LIST || !sql_parser_column(p, &set->column) ||
            !sql_parser_expect(p, TOK_EQ) || !sql_parser_constant(p, &set->value))
            return sql_parser_unexpected(p);
        *end = set;
        end = &set->next;
    } while (sql_parser_accept(p, TOK_COMMA));
    return where_clause(p);
}

static bool delete_statement(struct sql_parser *p)
{
    p->query->kind = AST_DELETE;
    if (!sql_parser_accept(p, KW_FROM))
        return p->tok.kind == TOK_END ? sql_parser_fail(p, 2238) : sql_parser_unexpected(p);
    return sql_parser_table(p) && where_clause(p);
}

static bool statement(struct sql_parser *p)
{
    enum sql_token_kind kind = p->tok.kind;
    sql_parser_next(p);
    switch (kind) {
    case KW_SELECT:
        return select_statement(p);
    case KW_INSERT:
        return insert_statement(p);
    case KW_UPDATE:
        return update_statement(p);
    case KW_DELETE:
        return delete_statement(p);
    case KW_CREATE:
        return sql_parser_create(p);
    case KW_ALTER:
        return sql_parser_alter(p);
    case KW_DROP:
        return sql_parser_drop(p);
    default:
        sql_lex_start(&p->lexer, p->lexer.text, p->lexer.len);
        sql_parser_next(p);
        return sql_parser_fail(p, 2237);
    }
}

u32 sql_parse(struct sql_arena *arena, const char16_t *text, size_t len, struct ast_query **out,
              struct sql_error *err)
{
    struct sql_parser p = {.arena = arena, .err = err};
    if (len > SQL_MAX_LENGTH)
        return sql_error_set(err, ERROR_BAD_QUERY_SYNTAX, 2237, NULL, 0, SQL_MAX_LENGTH);
    sql_lex_start(&p.lexer, text, (u32)len);
    sql_parser_next(&p);
    p.query = sql_parser_new(&p, sizeof(*p.query));
    if (p.query && statement(&p) && p.tok.kind != TOK_END)
        sql_parser_unexpected(&p);
    if (!p.code)
        *out = p.query;
    return p.code;
}
