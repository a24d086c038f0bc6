/*
 * The tree of a query as text: what sql_parse makes of it is the same tree again.
 */
#ifndef MSI_SQL_PRINT_H
#define MSI_SQL_PRINT_H

#include "sql_ast.h"

/* Writes at most cap units, no terminator; returns what the whole text needs. */
size_t sql_print(const struct ast_query *q, char16_t *to, size_t cap);

#endif
