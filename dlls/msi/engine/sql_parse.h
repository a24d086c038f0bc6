/*
 * From the text of a query to its tree. Knows no database.
 */
#ifndef MSI_SQL_PARSE_H
#define MSI_SQL_PARSE_H

#include "sql_arena.h"
#include "sql_ast.h"
#include "sql_error.h"

/* The tree is in the arena and points into text. ERROR_BAD_QUERY_SYNTAX with the number and place
 * in *err, ERROR_OUTOFMEMORY. */
u32 sql_parse(struct sql_arena *arena, const char16_t *text, size_t len, struct ast_query **out,
              struct sql_error *err);

#endif
