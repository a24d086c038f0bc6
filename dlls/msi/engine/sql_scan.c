/*
 * The rows that FROM and WHERE give.
 */
#include "sql_scan.h"

#include <string.h>

#include "os.h"
#include "sql_eval.h"
#include "sql_sort.h"

struct sql_scan_level {
    const struct plan_level *plan;
    struct table *table;
    struct tbl_cursor cursor; /* PLAN_SCAN */
    u32 *rows;                /* PLAN_MATCH */
    u32 count, at, cap;
    u32 serial; /* of the column that is matched */
    u32 one;    /* PLAN_KEY: the row, until it has been given */
};

/* --- preparing ------------------------------------------------------------------------------ */

/* Takes the conditions that AND joins apart. */
static void collect_terms(struct sql_scan *s, const struct bound_expr *e)
{
    if (e->kind == AST_AND) {
        collect_terms(s, e->left);
        collect_terms(s, e->right);
    } else {
        s->term[s->terms++] = e;
    }
}

static void describe_term(const struct bound_expr *e, struct plan_term *out)
{
    memset(out, 0, sizeof(*out));
    out->mask = e->mask;
    if (e->kind != AST_COMPARE || e->op != AST_EQ || e->mixed || col_is_object(e->a.type))
        return;
    out->constant = e->constant != NULL;
    out->table = e->a.table;
    out->col = e->a.col;
    out->other_table = e->b.table;
    out->other_col = e->b.col;
    out->equality = out->constant || e->a.table != e->b.table;
}

static void make_plan(struct sql_scan *s)
{
    struct plan_table tables[SQL_BOUND_TABLES];
    struct plan_term terms[PLAN_TERMS];
    for (u32 i = 0; i < s->q->tables; i++) {
        tables[i].rows = tbl_rows(s->q->table[i]);
        tables[i].keys = tbl_keys(s->q->table[i]);
    }
    for (u32 i = 0; i < s->terms; i++)
        describe_term(s->term[i], &terms[i]);
    sql_plan(tables, s->q->tables, terms, s->terms, s->plan);
}

STATIC_ASSERT((u32)SQL_BOUND_TABLES == (u32)PLAN_TABLES);
STATIC_ASSERT((u32)SQL_MAX_COMPARISONS == (u32)PLAN_TERMS);

u32 sql_scan_prepare(struct sql_scan *s, struct sql_arena *arena, const struct bound_query *q)
{
    s->q = q;
    s->terms = 0;
    if (q->where)
        collect_terms(s, q->where);
    if (!s->plan) {
        s->plan = sql_arena_alloc(arena, plan_size(q->tables));
        s->level = sql_arena_array(arena, q->tables, sizeof(*s->level));
    }
    return s->plan && s->level ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

void sql_scan_start(struct sql_scan *s)
{
    make_plan(s);
    for (u32 i = 0; i < s->plan->levels; i++) {
        s->level[i].plan = &s->plan->level[i];
        s->level[i].table = s->q->table[s->plan->level[i].table];
        s->level[i].serial = tbl_column_serial(s->level[i].table, s->plan->level[i].col);
    }
    for (u32 i = 0; i < SQL_BOUND_TABLES; i++)
        s->row[i] = TBL_NONE;
    s->depth = 0;
    s->started = s->done = false;
    s->visits = 0;
}

void sql_scan_stop(struct sql_scan *s)
{
    for (u32 i = 0; s->level && i < s->q->tables; i++) {
        os_free(s->level[i].rows);
        s->level[i].rows = NULL;
        s->level[i].cap = 0;
    }
    s->done = true;
}

/* --- one level ------------------------------------------------------------------------------ */

/* The value that the term gives a column of the table. */
static u32 term_cell(const struct sql_scan *s, u32 term, u32 table)
{
    const struct bound_expr *e = s->term[term];
    if (e->constant)
        return e->cell;
    return sql_eval_cell(s->q, e->a.table == table ? &e->b : &e->a, s->row);
}

static u32 open_key(struct sql_scan *s, struct sql_scan_level *l)
{
    u32 key[PLAN_KEYS], keys = tbl_keys(l->table);
    l->one = TBL_NONE;
    for (u32 i = 0; i < keys; i++)
        key[i] = term_cell(s, l->plan->by[i], l->plan->table);
    return tbl_find_key(l->table, key, &l->one);
}

static bool add_row(struct sql_scan_level *l, u32 row)
{
    if (l->count == l->cap) {
        u32 cap = MAX(l->cap * 2, 16u);
        u32 *rows = os_realloc_array(l->rows, cap, sizeof(*rows));
        if (!rows)
            return false;
        l->rows = rows;
        l->cap = cap;
    }
    l->rows[l->count++] = row;
    return true;
}

static int table_order(const void *ctx, u32 a, u32 b)
{
    return tbl_compare_rows(ctx, a, b);
}

static u32 open_match(struct sql_scan *s, struct sql_scan_level *l)
{
    u32 cell = term_cell(s, l->plan->by[0], l->plan->table), row;
    l->count = l->at = 0;
    if (tbl_column_serial(l->table, l->plan->col) != l->serial) /* the column went meanwhile */
        return ERROR_SUCCESS;
    u32 code = tbl_match(l->table, l->plan->col, cell, &row);
    for (; !code && row != TBL_NONE; row = tbl_match_next(l->table, l->plan->col, row)) {
        if (!add_row(l, row))
            code = ERROR_OUTOFMEMORY;
    }
    return code || l->count < 2 ? code : sql_sort(l->rows, l->count, table_order, l->table);
}

static u32 open_level(struct sql_scan *s, struct sql_scan_level *l)
{
    switch (l->plan->access) {
    case PLAN_KEY:
        return open_key(s, l);
    case PLAN_MATCH:
        return open_match(s, l);
    default:
        tbl_start(&l->cursor);
        return ERROR_SUCCESS;
    }
}

static u32 next_row(struct sql_scan_level *l, u32 *row)
{
    switch (l->plan->access) {
    case PLAN_KEY:
        *row = l->one;
        l->one = TBL_NONE;
        return ERROR_SUCCESS;
    case PLAN_MATCH:
        while (l->at < l->count && !tbl_row_exists(l->table, l->rows[l->at]))
            l->at++;
        *row = l->at < l->count ? l->rows[l->at++] : TBL_NONE;
        return ERROR_SUCCESS;
    default:
        return tbl_next(l->table, &l->cursor, row);
    }
}

static bool passes(const struct sql_scan *s, u32 filters)
{
    for (u32 i = 0; filters; i++, filters >>= 1) {
        if ((filters & 1) && !sql_eval(s->q, s->term[i], s->row))
            return false;
    }
    return true;
}

/* Moves the level to its next row that passes; TBL_NONE after the last. */
static u32 advance(struct sql_scan *s, struct sql_scan_level *l)
{
    u32 *row = &s->row[l->plan->table];
    for (;;) {
        u32 code = next_row(l, row);
        if (code || *row == TBL_NONE)
            return code;
        s->visits++;
        if (passes(s, l->plan->filters))
            return ERROR_SUCCESS;
    }
}

/* --- all levels ------------------------------------------------------------------------------- */

u32 sql_scan_next(struct sql_scan *s)
{
    u32 code = ERROR_SUCCESS;
    if (!s->started && !s->done) {
        s->started = true;
        code = open_level(s, &s->level[0]);
    }
    while (!code && !s->done) {
        struct sql_scan_level *l = &s->level[s->depth];
        code = advance(s, l);
        if (code)
            break;
        if (s->row[l->plan->table] == TBL_NONE) {
            s->done = !s->depth;
            s->depth -= s->depth != 0;
        } else if (s->depth + 1 == s->plan->levels) {
            return ERROR_SUCCESS;
        } else {
            code = open_level(s, &s->level[++s->depth]);
        }
    }
    return code ? code : ERROR_NO_MORE_ITEMS;
}
