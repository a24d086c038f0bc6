/*
 * The rows that FROM and WHERE give, one tuple after the other, as the plan says.
 *
 * A level of the plan walks one table: a live cursor, one row found by its key, or the rows that
 * match a value, which are collected and sorted. Rows that are deleted meanwhile are left out.
 */
#ifndef MSI_SQL_SCAN_H
#define MSI_SQL_SCAN_H

#include "sql_arena.h"
#include "sql_bound.h"
#include "sql_plan.h"

struct sql_scan_level;

struct sql_scan {
    const struct bound_query *q;
    struct plan *plan;
    const struct bound_expr *term[PLAN_TERMS]; /* what AND joins */
    u32 terms;
    struct sql_scan_level *level;
    u32 depth; /* the level that is walked now */
    bool started, done;
    u32 row[SQL_BOUND_TABLES]; /* by table: where it stands */
    u64 visits;                /* rows looked at, for tests of growth */
};

/* Plans the query; everything in the arena. ERROR_OUTOFMEMORY. */
u32 sql_scan_prepare(struct sql_scan *s, struct sql_arena *arena, const struct bound_query *q);
/* Back before the first tuple. */
void sql_scan_start(struct sql_scan *s);
/* The next tuple, in row[]. ERROR_NO_MORE_ITEMS, ERROR_OUTOFMEMORY. */
u32 sql_scan_next(struct sql_scan *s);
/* Frees what it collected; sql_scan_start may follow. */
void sql_scan_stop(struct sql_scan *s);

#endif
