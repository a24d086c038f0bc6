/*
 * Whether a condition holds for rows.
 *
 * NULL is a value like others: equal to itself and to '', different from all others, and below
 * every integer.
 */
#ifndef MSI_SQL_EVAL_H
#define MSI_SQL_EVAL_H

#include "sql_bound.h"
#include "sql_error.h"

/* Works out the cells of the constants for one execution. Strings get a reference in the pool,
 * so that an id stays the text's own while the query runs. ERROR_FUNCTION_FAILED (2258) for a
 * parameter of the wrong type. */
u32 sql_eval_start(struct bound_query *q, struct db_core *db, const struct value *params,
                   struct sql_error *err);
void sql_eval_stop(struct bound_query *q, struct db_core *db);

/* Whether the column is still there, and not another in its place. */
static inline bool sql_column_is_there(const struct bound_query *q, const struct bound_column *c)
{
    return tbl_column_serial(q->table[c->table], c->col) == c->serial;
}

/* The cell of the column where the tables stand on those rows; 0 where the row or the column is
 * gone. */
static inline u32 sql_eval_cell(const struct bound_query *q, const struct bound_column *c,
                                const u32 *rows)
{
    const struct table *t = q->table[c->table];
    return sql_column_is_there(q, c) ? tbl_get(t, rows[c->table], c->col) : 0;
}
bool sql_eval(const struct bound_query *q, const struct bound_expr *e, const u32 *rows);

#endif
