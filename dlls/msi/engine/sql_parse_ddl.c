/*
 * The parser: CREATE TABLE, ALTER TABLE and DROP TABLE.
 */
#include "sql_parser.h"

/* CHAR and CHARACTER may have a size; without one the text has no limit. */
static bool char_size(struct sql_parser *p, u32 *size)
{
    if (!sql_parser_accept(p, TOK_OPEN))
        return true;
    if (p->tok.kind != TOK_NUMBER)
        return sql_parser_unexpected(p);
    if (p->tok.value > SQL_MAX_CHAR_SIZE)
        return sql_parser_fail(p, 2244);
    *size = p->tok.value;
    sql_parser_next(p);
    return sql_parser_expect(p, TOK_CLOSE);
}

static bool type_name(struct sql_parser *p, struct ast_column_def *def)
{
    enum sql_token_kind kind = p->tok.kind;
    switch (kind) {
    case KW_CHAR:
    case KW_CHARACTER:
        def->type = AST_CHAR;
        break;
    case KW_LONGCHAR:
        def->type = AST_LONGCHAR;
        break;
    case KW_SHORT:
    case KW_INT:
    case KW_INTEGER:
        def->type = AST_SHORT;
        break;
    case KW_LONG:
        def->type = AST_LONG;
        break;
    case KW_OBJECT:
        def->type = AST_OBJECT;
        break;
    default:
        return sql_parser_fail(p, 2244);
    }
    sql_parser_next(p);
    return def->type != AST_CHAR || char_size(p, &def->size);
}

static bool column_def(struct sql_parser *p, struct ast_column_def *def)
{
    if (!sql_parser_column(p, &def->column) || !type_name(p, def))
        return false;
    if (sql_parser_accept(p, KW_NOT)) {
        if (!sql_parser_expect(p, KW_NULL))
            return false;
        def->not_null = true;
    }
    def->temporary = sql_parser_accept(p, KW_TEMPORARY);
    def->localizable = sql_parser_accept(p, KW_LOCALIZABLE);
    return true;
}

static bool column_defs(struct sql_parser *p)
{
    struct ast_column_def **end = &p->query->defs;
    u32 n = 0;
    do {
        struct ast_column_def *def = sql_parser_new(p, sizeof(*def));
        if (!def || n++ == SQL_MAX_LIST || !column_def(p, def))
            return sql_parser_unexpected(p);
        *end = def;
        end = &def->next;
    } while (sql_parser_accept(p, TOK_COMMA));
    return true;
}

bool sql_parser_create(struct sql_parser *p)
{
    p->query->kind = AST_CREATE;
    if (!sql_parser_expect(p, KW_TABLE) || !sql_parser_table(p) ||
        !sql_parser_expect(p, TOK_OPEN) || !column_defs(p))
        return false;
    if (p->tok.kind == TOK_CLOSE)
        return sql_parser_fail(p, 2243);
    if (!sql_parser_expect(p, KW_PRIMARY) || !sql_parser_expect(p, KW_KEY))
        return false;
    p->query->keys = sql_parser_columns(p, 2243);
    if (!p->query->keys || !sql_parser_expect(p, TOK_CLOSE))
        return false;
    p->query->hold = sql_parser_accept(p, KW_HOLD);
    return true;
}

static bool add_column(struct sql_parser *p)
{
    struct ast_column_def *def = sql_parser_new(p, sizeof(*def));
    p->query->kind = AST_ADD;
    p->query->defs = def;
    if (!def || !column_def(p, def))
        return false;
    p->query->hold = sql_parser_accept(p, KW_HOLD);
    return true;
}

bool sql_parser_alter(struct sql_parser *p)
{
    if (!sql_parser_expect(p, KW_TABLE) || !sql_parser_table(p))
        return false;
    if (sql_parser_accept(p, KW_ADD))
        return add_column(p);
    if (sql_parser_accept(p, KW_HOLD)) {
        p->query->kind = AST_HOLD;
        return true;
    }
    p->query->kind = AST_FREE;
    return sql_parser_expect(p, KW_FREE);
}

bool sql_parser_drop(struct sql_parser *p)
{
    p->query->kind = AST_DROP;
    return sql_parser_expect(p, KW_TABLE) && sql_parser_table(p);
}
