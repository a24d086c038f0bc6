/*
 * From names to tables and columns, with every check that needs no rows.
 */
#ifndef MSI_SQL_BIND_H
#define MSI_SQL_BIND_H

#include "sql_arena.h"
#include "sql_bound.h"
#include "sql_error.h"

/* Binds the query; the tables are loaded and retained. ERROR_BAD_QUERY_SYNTAX with number and
 * place; ERROR_FUNCTION_FAILED for a persistent table with a temporary key; ERROR_OUTOFMEMORY; the
 * error of a table that cannot be loaded. On failure nothing is retained. */
u32 sql_bind(struct sql_arena *arena, struct db_core *db, const struct ast_query *ast,
             struct bound_query *out, struct sql_error *err);
/* Binds the columns again after a change of the schema, with the same tables. */
u32 sql_bind_again(struct sql_arena *arena, struct db_core *db, const struct ast_query *ast,
                   struct bound_query *q, struct sql_error *err);
/* Gives the tables back. */
void sql_unbind(struct bound_query *q);

#endif
