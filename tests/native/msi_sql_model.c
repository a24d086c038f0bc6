/*
 * Random queries against the simplest thing that could answer them: all combinations of rows, in
 * nested loops, with the conditions worked out from the tree. And how the work grows.
 */
#include "sql_fixture.h"
#include "sql_parse.h"
#include "sql_query.h"

/* --- the model: three tables of small integers and texts ------------------------------------- */

enum { TABLES = 3, COLUMNS = 4, MAX_ROWS = 12 };

/* Cells: 0 is NULL, texts and integers are 1..5. Columns: key int, int, text, text. */
struct model {
    u32 rows[TABLES];
    u32 cell[TABLES][MAX_ROWS][COLUMNS];
};

static u32 seed;

static u32 pick(u32 n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % n;
}

static void fill(struct fixture *f, struct model *m)
{
    for (u32 t = 0; t < TABLES; t++) {
        char text[200];
        snprintf(text, sizeof(text),
                 "CREATE TABLE `T%u` (`K%u` INT NOT NULL, `I%u` LONG, `S%u` CHAR(9), `X%u` CHAR(9) "
                 "PRIMARY KEY `K%u`)",
                 t, t, t, t, t, t);
        DO(f, text);
        m->rows[t] = pick(MAX_ROWS + 1);
        for (u32 r = 0; r < m->rows[t]; r++) {
            u32 *c = m->cell[t][r];
            c[0] = r + 1;
            for (u32 i = 1; i < COLUMNS; i++)
                c[i] = pick(5);
            snprintf(
                text, sizeof(text),
                c[1] ? "INSERT INTO `T%u` (`K%u`,`S%u`,`X%u`,`I%u`) VALUES (%u,'%.*s','%.*s',%u)"
                     : "INSERT INTO `T%u` (`K%u`,`S%u`,`X%u`,`I%u`) VALUES (%u,'%.*s','%.*s','')",
                t, t, t, t, t, c[0], c[2] != 0, &"?abcde"[c[2]], c[3] != 0, &"?abcde"[c[3]], c[1]);
            DO(f, text);
        }
    }
}

/* --- random queries ------------------------------------------------------------------------------
 */

static bool is_text(u32 col)
{
    return col >= 2;
}

static void add_column(char *q, u32 table, u32 col)
{
    sprintf(q + strlen(q), "`%c%u`", "KISX"[col], table);
}

static void add_comparison(char *q, const u32 *from, u32 n)
{
    static const char *const operators[] = {" = ", " = ", " = ", " <> ", " < ", " >= "};
    u32 table = from[pick(n)], col = pick(COLUMNS);
    u32 op = pick(is_text(col) ? 4 : 6), what = pick(8);
    if (what == 0) {
        add_column(q, table, col);
        strcat(q, pick(2) ? " IS NULL" : " IS NOT NULL");
        return;
    }
    add_column(q, table, col);
    strcat(q, operators[op]);
    if (what < 4) {
        u32 other = from[pick(n)];
        add_column(q, other, is_text(col) ? 2 + pick(2) : pick(2));
    } else if (is_text(col)) {
        sprintf(q + strlen(q), "'%c'", "abcdez"[pick(6)]);
    } else {
        sprintf(q + strlen(q), "%u", pick(7));
    }
}

static void add_conditions(char *q, const u32 *from, u32 n, u32 depth)
{
    u32 count = 1 + pick(3);
    for (u32 i = 0; i < count; i++) {
        if (i)
            strcat(q, pick(4) ? " AND " : " OR ");
        if (depth && !pick(4)) {
            strcat(q, "(");
            add_conditions(q, from, n, depth - 1);
            strcat(q, ")");
        } else {
            add_comparison(q, from, n);
        }
    }
}

static void random_query(char *q)
{
    u32 from[TABLES] = {0, 1, 2}, n = 1 + pick(TABLES);
    for (u32 i = 0; i < TABLES; i++) {
        u32 k = pick(TABLES), swap = from[i];
        from[i] = from[k];
        from[k] = swap;
    }
    strcpy(q, pick(4) ? "SELECT " : "SELECT DISTINCT ");
    u32 columns = 1 + pick(3);
    for (u32 i = 0; i < columns; i++) {
        strcat(q, i ? ", " : "");
        add_column(q, from[pick(n)], pick(COLUMNS));
    }
    strcat(q, " FROM ");
    for (u32 i = 0; i < n; i++)
        sprintf(q + strlen(q), "%s`T%u`", i ? ", " : "", from[i]);
    if (pick(8)) {
        strcat(q, " WHERE ");
        add_conditions(q, from, n, 2);
    }
    if (!pick(3)) {
        strcat(q, " ORDER BY ");
        add_column(q, from[pick(n)], pick(2)); /* integers: what text sorts by is the pool's */
    }
}

/* --- the naive answer
 * ------------------------------------------------------------------------------ */

struct naive {
    const struct model *m;
    const struct ast_query *q;
    u32 from[TABLES], n;
    u32 row[TABLES]; /* by table */
    struct output out;
    struct answer {
        u32 order, at;
        char text[64];
    } answers[MAX_ROWS * MAX_ROWS * MAX_ROWS];
    u32 count;
};

static u32 value(const struct naive *v, const struct ast_operand *a)
{
    u32 col = 0, table;
    switch (a->kind) {
    case AST_COLUMN:
        table = a->name.text[1] - '0';
        while ("KISX"[col] != (char)a->name.text[0])
            col++;
        return v->m->cell[table][v->row[table]][col];
    case AST_INT:
        return (u32)a->value + 100; /* so that 0 is a value, not NULL */
    case AST_STRING:
        return a->name.text[0] == 'z' ? 26 : (u32)a->name.text[0] - 'a' + 1;
    default:
        return 0;
    }
}

static u32 comparable(const struct naive *v, const struct ast_operand *a,
                      const struct ast_operand *b)
{
    u32 x = value(v, a);
    return a->kind == AST_COLUMN && b->kind == AST_INT && x ? x + 100 : x;
}

static bool holds(const struct naive *v, const struct ast_expr *e)
{
    if (e->kind == AST_AND)
        return holds(v, e->left) && holds(v, e->right);
    if (e->kind == AST_OR)
        return holds(v, e->left) || holds(v, e->right);
    u32 a = comparable(v, &e->a, &e->b);
    if (e->kind != AST_COMPARE)
        return (value(v, &e->a) != 0) == (e->kind == AST_IS_NOT_NULL);
    u32 b = comparable(v, &e->b, &e->a);
    return e->op == AST_EQ ? a == b : e->op == AST_NE ? a != b : e->op == AST_LT ? a < b : a >= b;
}

static void answer(struct naive *v)
{
    struct answer *a = &v->answers[v->count];
    a->at = v->count;
    a->order = v->q->order ? value(v, &v->q->order->operand) : 0;
    a->text[0] = 0;
    for (const struct ast_item *i = v->q->items; i; i = i->next) {
        u32 x = value(v, &i->operand);
        char kind = (char)i->operand.name.text[0];
        if (!x)
            strcat(a->text, "-");
        else if (kind == 'K' || kind == 'I')
            sprintf(a->text + strlen(a->text), "%u", x);
        else
            sprintf(a->text + strlen(a->text), "%c", 'a' + x - 1);
        strcat(a->text, i->next ? "|" : "");
    }
    v->count++;
}

/* The table named last is the outermost loop. */
static void loops(struct naive *v, u32 left)
{
    if (!left) {
        if (!v->q->where || holds(v, v->q->where))
            answer(v);
        return;
    }
    u32 table = v->from[left - 1];
    for (u32 r = 0; r < v->m->rows[table]; r++) {
        v->row[table] = r;
        loops(v, left - 1);
    }
}

static int by_order(const void *x, const void *y)
{
    const struct answer *a = x, *b = y;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static bool is_new(const struct naive *v, u32 i)
{
    for (u32 k = 0; k < i; k++) {
        if (!strcmp(v->answers[k].text, v->answers[i].text))
            return false;
    }
    return true;
}

static char *naive_answer(struct naive *v)
{
    v->n = v->count = 0;
    memset(&v->out, 0, sizeof(v->out));
    for (const struct ast_table *t = v->q->tables; t; t = t->next)
        v->from[v->n++] = t->name.text[1] - '0';
    loops(v, v->n);
    if (v->q->order)
        qsort(v->answers, v->count, sizeof(*v->answers), by_order);
    out_byte(&v->out, ' ');
    for (u32 i = 0; i < v->count; i++) {
        if (v->q->distinct && !is_new(v, i))
            continue;
        for (const char *s = v->answers[i].text; *s; s++)
            out_byte(&v->out, *s);
        out_byte(&v->out, ' ');
    }
    v->out.text[v->out.len - (v->count != 0)] = 0;
    memmove(v->out.text, v->out.text + 1, v->out.len);
    return v->out.text;
}

static void check_query(struct fixture *f, const struct model *m, const char *text)
{
    static struct naive v;
    struct sql_query *q;
    u32 code = prepare(f, text, &q);
    ok(!code, "%s: prepare %u, number %u\n", text, code, f->err.number);
    if (code)
        return;
    code = sql_execute(q, NULL, 0, &f->err);
    ok(!code, "%s: execute %u\n", text, code);
    char *got = fetch_all(f, q);
    v.m = m;
    v.q = q->ast;
    char *expected = naive_answer(&v);
    ok(!strcmp(got, expected), "%s:\n got      %s\n expected %s\n", text, got, expected);
    free(got);
    free(expected);
    sql_free(q);
}

static void random_queries_give_what_nested_loops_give(void)
{
    for (u32 round = 0; round < 60; round++) {
        struct fixture f = new_database();
        struct model m;
        seed = round * 7919 + 1;
        fill(&f, &m);
        for (u32 i = 0; i < 60; i++) {
            char text[1024];
            random_query(text);
            check_query(&f, &m, text);
        }
        drop_database(&f);
    }
}

/* --- growth
 * ------------------------------------------------------------------------------------------ */

static struct fixture parents_and_children(u32 n)
{
    struct fixture f = new_database();
    DO(&f, "CREATE TABLE `P` (`K` LONG NOT NULL, `V` CHAR(20) PRIMARY KEY `K`)");
    DO(&f, "CREATE TABLE `C` (`CK` LONG NOT NULL, `PK` LONG, `W` CHAR(20) PRIMARY KEY `CK`)");
    struct sql_query *p, *c;
    ok(!prepare(&f, "INSERT INTO `P` (`K`,`V`) VALUES (?,?)", &p), "prepare\n");
    ok(!prepare(&f, "INSERT INTO `C` (`CK`,`PK`,`W`) VALUES (?,?,?)", &c), "prepare\n");
    for (u32 i = 0; i < n; i++) {
        char16_t name[] = {u'v', (char16_t)('a' + i % 7), (char16_t)('a' + i / 7 % 26), 0};
        struct value v[] = {int_value((i32)i), text_value(name)};
        struct value w[] = {int_value((i32)i), int_value((i32)(i * 17 % n)), text_value(name)};
        ok(!sql_execute(p, v, 2, &f.err) && !sql_execute(c, w, 3, &f.err), "insert\n");
    }
    sql_free(p);
    sql_free(c);
    return f;
}

/* The rows that the query looks at. */
static u64 visits(struct fixture *f, const char *text)
{
    struct sql_query *q;
    struct value v = int_value(5);
    u32 code = prepare(f, text, &q);
    if (!code)
        code = sql_execute(q, &v, 1, &f->err);
    ok(!code, "%s: %u, number %u\n", text, code, f->err.number);
    while (!code)
        code = sql_fetch(q, &f->err);
    u64 n = q->scan.visits;
    sql_free(q);
    return n;
}

static void a_look_up_by_key_visits_one_row(void)
{
    struct fixture f = parents_and_children(2000);
    ok(visits(&f, "SELECT `V` FROM `P` WHERE `K` = ?") == 1, "by key\n");
    ok(visits(&f, "SELECT `V` FROM `P` WHERE `V` <> 'x' AND `K` = ?") == 1, "by key\n");
    ok(visits(&f, "SELECT `W` FROM `C` WHERE `PK` = ?") == 1, "by another column\n");
    ok(visits(&f, "UPDATE `P` SET `V` = 'x' WHERE `K` = 7") == 1, "update\n");
    ok(visits(&f, "DELETE FROM `P` WHERE `K` = 8") == 1, "delete\n");
    drop_database(&f);
}

static void joins_grow_with_their_rows(void)
{
    static const char *const queries[] = {
        "SELECT `V`,`W` FROM `P`,`C` WHERE `K` = `PK`",
        "SELECT `V`,`W` FROM `C`,`P` WHERE `K` = `PK`",
        "SELECT `V`,`W` FROM `C`,`P` WHERE `K` = `CK` AND `K` > 10 ORDER BY `PK`",
        "SELECT DISTINCT `V` FROM `C`,`P` WHERE `PK` = `K`",
    };
    u32 sizes[] = {500, 4000};
    u64 seen[ARRAY_LEN(sizes)][ARRAY_LEN(queries)];
    for (u32 s = 0; s < ARRAY_LEN(sizes); s++) {
        struct fixture f = parents_and_children(sizes[s]);
        for (u32 i = 0; i < ARRAY_LEN(queries); i++)
            seen[s][i] = visits(&f, queries[i]);
        drop_database(&f);
    }
    for (u32 i = 0; i < ARRAY_LEN(queries); i++) {
        ok(seen[0][i] <= 2u * sizes[0], "%s: %u\n", queries[i], (u32)seen[0][i]);
        ok(seen[1][i] <= 2u * sizes[1], "%s: %u\n", queries[i], (u32)seen[1][i]);
    }
}

static void a_constant_on_one_side_bounds_the_other(void)
{
    struct fixture f = parents_and_children(4000);
    ok(visits(&f, "SELECT `W` FROM `P`,`C` WHERE `K` = `PK` AND `K` = 5") < 10, "parent\n");
    ok(visits(&f, "SELECT `W` FROM `C`,`P` WHERE `K` = `PK` AND `CK` = 5") < 10, "child\n");
    drop_database(&f);
}

/* --- memory that runs out
 * ------------------------------------------------------------------------------ */

/* Every allocation of the query fails once: an error, and the database is as before. */
static void sweep(const char *text, const char *check, const char *before)
{
    bool done = false;
    for (u32 n = 1; !done && n < 500; n++) {
        struct fixture f = parents_and_children(30);
        struct sql_query *q = NULL;
        struct value v = int_value(5);
        char16_t *wide = u16_dup_utf8(text);
        os_fault(OS_FAULT_ALLOC, n, false);
        u32 code = sql_prepare(f.db, wide, u16_len(wide), &q, &f.err);
        if (!code)
            code = sql_execute(q, &v, 1, &f.err);
        while (!code && sql_kind(q) == SQL_SELECT)
            code = sql_fetch(q, &f.err);
        done = os_fault_count(OS_FAULT_ALLOC) < n;
        os_fault(OS_FAULT_ALLOC, 0, false);
        if (!done)
            ok(code == ERROR_OUTOFMEMORY || !code || code == ERROR_NO_MORE_ITEMS,
               "%s: allocation %u: %u\n", text, n, code);
        sql_free(q);
        if (code == ERROR_OUTOFMEMORY)
            ROWS(&f, check, before);
        ok(!sp_check(db_core_strings(f.db)), "%s: allocation %u: string pool\n", text, n);
        drop_database(&f);
        os_free(wide);
    }
    ok(done, "%s: never done\n", text);
}

static void every_failed_allocation_is_an_error(void)
{
    const char *count = "SELECT `K` FROM `P` WHERE `K` < 3";
    sweep("SELECT DISTINCT `V`,`W` FROM `P`,`C` WHERE `K` = `PK` AND `V` <> 'x' ORDER BY `PK`",
          count, "0 1 2");
    sweep("SELECT `V` FROM `P` WHERE `V` = 'vaa'", count, "0 1 2");
    sweep("SELECT `W` FROM `P`,`C` WHERE `K` = `PK` AND `K` = ?", count, "0 1 2");
    sweep("INSERT INTO `P` (`K`,`V`) VALUES (-1, 'quite new')", count, "0 1 2");
    sweep("DELETE FROM `P` WHERE `K` = 1", count, "0 1 2");
    sweep("UPDATE `P` SET `V` = 'quite new' WHERE `K` = 1",
          "SELECT `K` FROM `P` WHERE `V` = 'quite new'", "");
    sweep("CREATE TABLE `N` (`A` INT, `B` CHAR(5) PRIMARY KEY `A`)",
          "SELECT * FROM `_Tables` WHERE `Name` = 'N'", "");
    sweep("ALTER TABLE `P` ADD `N` INT", "SELECT `Name` FROM `_Columns` WHERE `Table` = 'P'",
          "K V");
    sweep("DROP TABLE `P`", count, "0 1 2");
}

START_TEST(msi_sql_model)
{
    RUN(random_queries_give_what_nested_loops_give);
    RUN(a_look_up_by_key_visits_one_row);
    RUN(joins_grow_with_their_rows);
    RUN(a_constant_on_one_side_bounds_the_other);
    RUN(every_failed_allocation_is_an_error);
}
