/*
 * The planner.
 *
 * Two orders are priced: the natural one, whose result needs no sorting, and the one that always
 * takes the cheapest table next. The second must be much cheaper to be taken.
 */
#include "sql_plan.h"

#include <string.h>

enum {
    MATCH_SHARE = 16, /* a value is thought to be in one of so many rows, */
    MATCH_MOST = 10,  /* and in no more than these: what is joined is mostly nearly unique */
    SORT_PENALTY = 4, /* how much cheaper an order must be that needs sorting */
};

struct planner {
    const struct plan_table *tables;
    u32 n;
    const struct plan_term *terms;
    u32 n_terms;
};

/* The table's side of the term, and whether the other side is known once `placed` are. */
static bool gives(const struct plan_term *t, u32 table, u32 placed, u32 *col)
{
    if (!t->equality)
        return false;
    if (t->table == table && (t->constant || (placed >> t->other_table & 1))) {
        *col = t->col;
        return true;
    }
    if (!t->constant && t->other_table == table && (placed >> t->table & 1)) {
        *col = t->other_col;
        return true;
    }
    return false;
}

/* Whether terms give every key column; which, in by[]. */
static bool find_key(const struct planner *p, u32 table, u32 placed, u8 *by)
{
    u32 keys = p->tables[table].keys, known = 0, all = 0;
    if (!keys || keys > PLAN_KEYS)
        return false;
    for (u32 i = 0; i < keys; i++)
        all |= 1u << i;
    for (u32 i = 0; i < p->n_terms; i++) {
        u32 col;
        if (gives(&p->terms[i], table, placed, &col) && col < keys && !(known >> col & 1)) {
            known |= 1u << col;
            by[col] = (u8)i;
        }
    }
    return known == all;
}

/* The first term that gives a column, one of the key before others. */
static bool find_match(const struct planner *p, u32 table, u32 placed, struct plan_level *out)
{
    bool found = false;
    for (u32 i = 0; i < p->n_terms; i++) {
        u32 col;
        if (!gives(&p->terms[i], table, placed, &col))
            continue;
        if (!found || (out->col >= p->tables[table].keys && col < p->tables[table].keys)) {
            out->col = col;
            out->by[0] = (u8)i;
        }
        found = true;
    }
    return found;
}

/* How to find the rows of the table after those that are placed; the estimate of how many. */
static u64 choose(const struct planner *p, u32 table, u32 placed, struct plan_level *out)
{
    u64 rows = p->tables[table].rows;
    out->table = table;
    if (find_key(p, table, placed, out->by)) {
        out->access = PLAN_KEY;
        return 1;
    }
    if (find_match(p, table, placed, out)) {
        out->access = PLAN_MATCH;
        return MIN(rows / MATCH_SHARE + 1, (u64)MATCH_MOST);
    }
    out->access = PLAN_SCAN;
    return MAX(rows, 1u);
}

static u64 times(u64 a, u64 b)
{
    return b && a > UINT64_MAX / 4 / b ? UINT64_MAX / 4 : a * b;
}

/* Puts the table at the next level. */
static void place(const struct planner *p, struct plan *out, u32 table, u32 *placed, u64 *tuples)
{
    struct plan_level *level = &out->level[out->levels++];
    *tuples = times(*tuples, choose(p, table, *placed, level));
    out->cost = MIN(out->cost + *tuples, UINT64_MAX / 4);
    u32 before = *placed;
    *placed |= 1u << table;
    level->filters = 0;
    for (u32 i = 0; i < p->n_terms; i++) {
        u32 mask = p->terms[i].mask;
        if (!(mask & ~*placed) && (mask & ~before))
            level->filters |= 1u << i;
    }
    if (level->access == PLAN_KEY) {
        /* The row is looked up at once, so what found it holds. */
        for (u32 i = 0; i < p->tables[table].keys; i++)
            level->filters &= ~(1u << level->by[i]);
    }
}

static void start(struct plan *out)
{
    out->levels = 0;
    out->cost = 0;
    out->natural = true;
}

static void plan_natural(const struct planner *p, struct plan *out)
{
    u32 placed = 0;
    u64 tuples = 1;
    start(out);
    for (u32 t = p->n; t-- > 0;)
        place(p, out, t, &placed, &tuples);
}

/* The cheapest of those that are left; the one that is natural among equals. */
static u32 cheapest(const struct planner *p, u32 placed)
{
    u32 best = 0;
    u64 best_cost = UINT64_MAX;
    for (u32 t = p->n; t-- > 0;) {
        struct plan_level level;
        u64 cost = placed >> t & 1 ? UINT64_MAX : choose(p, t, placed, &level);
        /* A scan of a table that nothing ties to the others multiplies; it comes last. */
        if (cost < best_cost) {
            best_cost = cost;
            best = t;
        }
    }
    return best;
}

static void plan_greedy(const struct planner *p, struct plan *out)
{
    u32 placed = 0;
    u64 tuples = 1;
    start(out);
    for (u32 i = 0; i < p->n; i++) {
        u32 t = cheapest(p, placed);
        out->natural = out->natural && t == p->n - 1 - i;
        place(p, out, t, &placed, &tuples);
    }
}

void sql_plan(const struct plan_table *tables, u32 n, const struct plan_term *terms, u32 n_terms,
              struct plan *out)
{
    struct planner p = {tables, n, terms, n_terms};
    plan_natural(&p, out);
    if (n < 2)
        return;
    u64 natural = out->cost;
    plan_greedy(&p, out);
    if (!out->natural && out->cost > natural / SORT_PENALTY)
        plan_natural(&p, out);
}
