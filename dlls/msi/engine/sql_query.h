/*
 * A prepared query, for the files that execute it.
 */
#ifndef MSI_SQL_QUERY_H
#define MSI_SQL_QUERY_H

#include "sql.h"
#include "sql_arena.h"
#include "sql_bound.h"
#include "sql_rows.h"
#include "sql_scan.h"

enum { SQL_FIRST_BLOCK = 2560 };

struct sql_query {
    struct db_core *db;
    struct sql_arena arena;
    const char16_t *text;
    size_t len;
    struct ast_query *ast;
    struct bound_query bound;
    struct sql_scan scan;
    struct sql_rows rows;
    bool materialized; /* the result is in rows, not to be scanned */
    bool running;      /* the tables are pinned, the constants held */
    bool executed;
    bool again;                     /* fetching started over */
    u32 limit[SQL_BOUND_TABLES];    /* the rows of each table that were there when it ran */
    struct table *held;             /* what CREATE or ALTER holds until the query is reset */
    u32 run;                        /* counts executions */
    u32 row[SQL_BOUND_TABLES];      /* the row that sql_cell reads */
    u64 first[SQL_FIRST_BLOCK / 8]; /* the arena's */
};

/* What was wrong while executing, where the number says more than the code. */
u32 sql_query_fail(struct sql_error *err, u32 number, const char16_t *text, size_t len);
/* The same with the name of the table, or of one of its columns. */
u32 sql_query_fail_table(const struct sql_query *q, struct sql_error *err, u32 number,
                         const struct table *t);
u32 sql_query_fail_column(const struct sql_query *q, struct sql_error *err, u32 number,
                          const struct table *t, u32 col);
/* Gives a failed change of a row its number. */
u32 sql_query_changed(u32 code, struct sql_error *err);

/* sql_dml.c */
u32 sql_insert(struct sql_query *q, const struct value *params, struct sql_error *err);
u32 sql_update(struct sql_query *q, const struct value *params, struct sql_error *err);
u32 sql_delete(struct sql_query *q, struct sql_error *err);
/* sql_ddl.c */
u32 sql_define(struct sql_query *q, struct sql_error *err);

#endif
