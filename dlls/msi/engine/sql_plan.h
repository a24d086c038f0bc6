/*
 * In which order the tables of a query are walked, and how the rows of each are found.
 *
 * The planner sees numbers only: how many rows and key columns each table has, and the terms that
 * AND joins in WHERE. The result of a join has a natural order: the table that FROM names last is
 * the outermost. A plan that walks the tables in another order says so, and the rows are sorted.
 */
#ifndef MSI_SQL_PLAN_H
#define MSI_SQL_PLAN_H

#include "base.h"

enum { PLAN_TABLES = 16, PLAN_TERMS = 32, PLAN_KEYS = 32 };

struct plan_table {
    u32 rows;
    u32 keys; /* the key is the first that many columns */
};

/* One of the conditions that must all hold. */
struct plan_term {
    u32 mask;      /* the tables that it reads */
    bool equality; /* table.col = constant, or = other_table.other_col; no object columns */
    bool constant;
    u32 table, col;
    u32 other_table, other_col;
};

enum plan_access {
    PLAN_SCAN,  /* all rows */
    PLAN_KEY,   /* the one row with a key: key[] are the terms that give its columns */
    PLAN_MATCH, /* the rows that have a value in one column: by[0] is the term */
};

struct plan_level {
    u32 table;
    enum plan_access access;
    u32 col;          /* PLAN_MATCH */
    u8 by[PLAN_KEYS]; /* numbers of terms: PLAN_KEY one for each key column, PLAN_MATCH one */
    u32 filters;      /* bits: the terms to check here */
};

struct plan {
    u32 levels; /* as many as tables, outermost first */
    bool natural;
    u64 cost; /* an estimate of the rows visited */
    struct plan_level level[];
};

static inline size_t plan_size(u32 tables)
{
    return sizeof(struct plan) + tables * sizeof(struct plan_level);
}

/* Fills in *out, which has plan_size(tables) bytes. At most PLAN_TABLES and PLAN_TERMS. */
void sql_plan(const struct plan_table *tables, u32 n, const struct plan_term *terms, u32 n_terms,
              struct plan *out);

#endif
