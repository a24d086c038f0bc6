/*
 * What the files of the binder share.
 */
#ifndef MSI_SQL_BINDER_H
#define MSI_SQL_BINDER_H

#include "sql_bind.h"

struct sql_binder {
    struct sql_arena *arena;
    struct db_core *db;
    const struct ast_query *ast;
    struct bound_query *q;
    struct sql_error *err;
};

/* ERROR_BAD_QUERY_SYNTAX with that number and name. */
u32 sql_binder_fail(const struct sql_binder *b, u32 number, const struct ast_name *name);
u32 sql_binder_no_memory(const struct sql_binder *b);
/* The column of that name among the query's tables; numbers 2228 and 2235. */
u32 sql_binder_column(struct sql_binder *b, const struct ast_operand *a, struct bound_column *out);

/* sql_bind_where.c */
u32 sql_binder_where(struct sql_binder *b);
/* sql_bind_ddl.c */
u32 sql_binder_create(struct sql_binder *b);
u32 sql_binder_add(struct sql_binder *b);

#endif
