/*
 * What the files of the parser share: the place in the text and the steps from word to word.
 *
 * A step that fails leaves its code in p->code and returns false or NULL; the first one counts.
 */
#ifndef MSI_SQL_PARSER_H
#define MSI_SQL_PARSER_H

#include "sql_arena.h"
#include "sql_ast.h"
#include "sql_error.h"
#include "sql_lex.h"

struct sql_parser {
    struct sql_lexer lexer;
    struct sql_token tok; /* the word that comes next */
    struct sql_arena *arena;
    struct ast_query *query;
    struct sql_error *err;
    u32 code;
    u32 depth;
};

void sql_parser_next(struct sql_parser *p);
/* Steps over the word where it is of that kind. */
bool sql_parser_accept(struct sql_parser *p, enum sql_token_kind kind);
/* The same, or the error "unexpected token". */
bool sql_parser_expect(struct sql_parser *p, enum sql_token_kind kind);
/* ERROR_BAD_QUERY_SYNTAX with that number and the next word. */
bool sql_parser_fail(struct sql_parser *p, u32 number);
/* "Unexpected token", whichever number that has for the next word. */
bool sql_parser_unexpected(struct sql_parser *p);
void *sql_parser_new(struct sql_parser *p, size_t size);

bool sql_parser_name(struct sql_parser *p, struct ast_name *out);
/* name, or table.name */
bool sql_parser_column(struct sql_parser *p, struct ast_operand *out);
bool sql_parser_table(struct sql_parser *p);
/* A string, an integer, NULL or a question mark. */
bool sql_parser_constant(struct sql_parser *p, struct ast_operand *out);
bool sql_parser_at_constant(const struct sql_parser *p);
/* Columns with commas between them; `none` is the error number for an empty list. */
struct ast_item *sql_parser_columns(struct sql_parser *p, u32 none);

/* sql_parse_where.c: after WHERE */
struct ast_expr *sql_parser_where(struct sql_parser *p);
/* sql_parse_ddl.c: after CREATE, ALTER and DROP */
bool sql_parser_create(struct sql_parser *p);
bool sql_parser_alter(struct sql_parser *p);
bool sql_parser_drop(struct sql_parser *p);

#endif
