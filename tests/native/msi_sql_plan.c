/*
 * The planner, on numbers: no database, no file, no query.
 */
#include "os.h"
#include "sql_plan.h"
#include "sql_sort.h"
#include "test.h"

/* --- helpers ------------------------------------------------------------------------------ */

static struct plan_term equal_constant(u32 table, u32 col)
{
    return (struct plan_term){
        .mask = 1u << table, .equality = true, .constant = true, .table = table, .col = col};
}

static struct plan_term equal_columns(u32 table, u32 col, u32 other, u32 other_col)
{
    return (struct plan_term){.mask = 1u << table | 1u << other,
                              .equality = true,
                              .table = table,
                              .col = col,
                              .other_table = other,
                              .other_col = other_col};
}

static struct plan_term other_condition(u32 mask)
{
    return (struct plan_term){.mask = mask};
}

static struct plan *make(const struct plan_table *tables, u32 n, const struct plan_term *terms,
                         u32 n_terms)
{
    struct plan *p = malloc(plan_size(n));
    memset(p, 0xee, plan_size(n));
    sql_plan(tables, n, terms, n_terms, p);
    return p;
}

/* --- one table ------------------------------------------------------------------------------ */

static void without_conditions_a_table_is_scanned(void)
{
    struct plan_table t[] = {{1000, 1}};
    struct plan *p = make(t, 1, NULL, 0);
    ok(p->levels == 1 && p->natural, "%u levels\n", p->levels);
    ok(p->level[0].access == PLAN_SCAN && !p->level[0].filters, "access %d\n", p->level[0].access);
    free(p);
}

static void a_whole_key_finds_one_row(void)
{
    struct plan_table t[] = {{1000, 2}};
    struct plan_term terms[] = {equal_constant(0, 1), other_condition(1), equal_constant(0, 0)};
    struct plan *p = make(t, 1, terms, 3);
    ok(p->level[0].access == PLAN_KEY, "access %d\n", p->level[0].access);
    ok(p->level[0].by[0] == 2 && p->level[0].by[1] == 0, "by %u\n", p->level[0].by[0]);
    ok(p->level[0].filters == 2, "filters %x\n", p->level[0].filters);
    free(p);
}

static void the_same_column_twice_is_checked(void)
{
    struct plan_table t[] = {{1000, 1}};
    struct plan_term terms[] = {equal_constant(0, 0), equal_constant(0, 0)};
    struct plan *p = make(t, 1, terms, 2);
    ok(p->level[0].access == PLAN_KEY && p->level[0].filters == 2, "filters %x\n",
       p->level[0].filters);
    free(p);
}

static void a_part_of_the_key_or_another_column_matches(void)
{
    struct plan_table t[] = {{1000, 2}};
    struct plan_term terms[] = {equal_constant(0, 5), equal_constant(0, 1)};
    struct plan *p = make(t, 1, terms, 1);
    ok(p->level[0].access == PLAN_MATCH && p->level[0].col == 5, "col %u\n", p->level[0].col);
    free(p);
    p = make(t, 1, terms, 2);
    ok(p->level[0].access == PLAN_MATCH && p->level[0].col == 1, "col %u\n", p->level[0].col);
    ok(p->level[0].by[0] == 1 && p->level[0].filters == 3, "filters %x\n", p->level[0].filters);
    free(p);
}

/* --- joins ------------------------------------------------------------------------------------ */

static void the_last_table_is_outermost(void)
{
    struct plan_table t[] = {{1000, 1}, {1000, 1}};
    struct plan_term terms[] = {equal_columns(0, 0, 1, 3)};
    struct plan *p = make(t, 2, terms, 1);
    ok(p->natural && p->level[0].table == 1 && p->level[1].table == 0, "order\n");
    ok(p->level[0].access == PLAN_SCAN && p->level[1].access == PLAN_KEY, "access\n");
    ok(p->cost == 2000, "cost %u\n", (u32)p->cost);
    free(p);
}

static void a_constant_may_turn_the_order(void)
{
    struct plan_table t[] = {{1000, 1}, {100000, 1}};
    struct plan_term terms[] = {equal_columns(0, 0, 1, 3), equal_constant(0, 0)};
    struct plan *p = make(t, 2, terms, 2);
    ok(!p->natural && p->level[0].table == 0, "order\n");
    ok(p->level[0].access == PLAN_KEY && p->level[1].access == PLAN_MATCH, "access\n");
    ok(p->level[1].col == 3 && p->cost < 100, "cost %u\n", (u32)p->cost);
    free(p);
}

static void tables_that_are_tied_together_follow_each_other(void)
{
    /* A ties B to C; in natural order A and C come first and multiply. */
    struct plan_table t[] = {{20000, 1}, {20000, 1}, {20000, 1}};
    struct plan_term terms[] = {equal_columns(0, 1, 1, 0), equal_columns(0, 2, 2, 0)};
    struct plan *p = make(t, 3, terms, 2);
    ok(p->level[0].access == PLAN_SCAN, "access\n");
    ok(p->level[1].access != PLAN_SCAN && p->level[2].access != PLAN_SCAN, "access\n");
    ok(p->cost <= 3 * 20000 * 11, "cost %u\n", (u32)p->cost);
    free(p);
}

static void a_chain_of_sixteen_tables_does_not_multiply(void)
{
    struct plan_table t[PLAN_TABLES];
    struct plan_term terms[PLAN_TABLES];
    for (u32 i = 0; i < PLAN_TABLES; i++) {
        t[i] = (struct plan_table){1000, 1};
        terms[i] = equal_columns(i, 0, (i + 1) % PLAN_TABLES, 1);
    }
    struct plan *p = make(t, PLAN_TABLES, terms, PLAN_TABLES - 1);
    ok(p->levels == PLAN_TABLES && p->cost == 16000, "cost %u\n", (u32)p->cost);
    free(p);
}

static void every_condition_is_checked_once_its_tables_are_there(void)
{
    struct plan_table t[] = {{10, 1}, {20, 1}, {30, 1}};
    struct plan_term terms[] = {other_condition(1), other_condition(3), other_condition(7),
                                other_condition(4)};
    struct plan *p = make(t, 3, terms, 4);
    u32 placed = 0, seen = 0;
    for (u32 i = 0; i < p->levels; i++) {
        placed |= 1u << p->level[i].table;
        for (u32 k = 0; k < 4; k++) {
            if (p->level[i].filters >> k & 1)
                ok(!(terms[k].mask & ~placed), "condition %u at level %u\n", k, i);
        }
        ok(!(seen & p->level[i].filters), "checked twice\n");
        seen |= p->level[i].filters;
    }
    ok(seen == 15, "checked %x\n", seen);
    free(p);
}

static void numbers_do_not_overflow(void)
{
    struct plan_table t[PLAN_TABLES];
    for (u32 i = 0; i < PLAN_TABLES; i++)
        t[i] = (struct plan_table){0xffffffffu, 1};
    struct plan *p = make(t, PLAN_TABLES, NULL, 0);
    ok(p->natural && p->cost > 1ull << 60, "cost\n");
    free(p);
}

/* --- sorting ------------------------------------------------------------------------------------
 */

static int by_tens(const void *ctx, u32 a, u32 b)
{
    ++*(u32 *)(size_t)ctx;
    return a / 10 < b / 10 ? -1 : a / 10 > b / 10;
}

static void the_sort_is_stable_and_n_log_n(void)
{
    static u32 items[5000], rest[5000];
    for (u32 n = 0; n < ARRAY_LEN(items); n = n * 3 / 2 + 1) {
        u32 seed = n, compares = 0;
        for (u32 i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            items[i] = seed >> 20;
            rest[i] = items[i];
        }
        ok(!sql_sort(items, n, by_tens, &compares), "sort\n");
        for (u32 i = 1; i < n; i++)
            ok(items[i - 1] / 10 <= items[i] / 10, "%u: at %u\n", n, i);
        ok(compares <= n * 16 + 1, "%u compares for %u\n", compares, n);
        /* Equal ones stand as they came. */
        for (u32 i = 0, k = 0; i < n && n < 200; i++) {
            if (!i || items[i] / 10 != items[i - 1] / 10)
                k = 0;
            while (k < n && rest[k] / 10 != items[i] / 10)
                k++;
            ok(k < n && rest[k] == items[i], "%u: not stable at %u\n", n, i);
            k++;
        }
    }
}

START_TEST(msi_sql_plan)
{
    RUN(without_conditions_a_table_is_scanned);
    RUN(a_whole_key_finds_one_row);
    RUN(the_same_column_twice_is_checked);
    RUN(a_part_of_the_key_or_another_column_matches);
    RUN(the_last_table_is_outermost);
    RUN(a_constant_may_turn_the_order);
    RUN(tables_that_are_tied_together_follow_each_other);
    RUN(a_chain_of_sixteen_tables_does_not_multiply);
    RUN(every_condition_is_checked_once_its_tables_are_there);
    RUN(numbers_do_not_overflow);
    RUN(the_sort_is_stable_and_n_log_n);
}
