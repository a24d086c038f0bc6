/*
 * A database in memory and queries on it in a line each.
 */
#ifndef TESTS_SQL_FIXTURE_H
#define TESTS_SQL_FIXTURE_H

#include <stdarg.h>

#include "os.h"
#include "sql.h"
#include "stg.h"
#include "test.h"
#include "utf16.h"

struct fixture {
    struct stg *stg;
    struct db_core *db;
    struct sql_error err;
};

TEST_UNUSED static struct fixture new_database(void)
{
    struct fixture f = {0};
    u32 code = stg_create_memory(&f.stg);
    if (!code)
        code = db_core_create(f.stg, &f.db);
    if (code) {
        printf("no database: %u\n", code);
        exit(1);
    }
    return f;
}

TEST_UNUSED static void drop_database(struct fixture *f)
{
    db_core_free(f->db);
    stg_close(f->stg);
}

/* --- parameters ------------------------------------------------------------------------------ */

TEST_UNUSED static struct value int_value(i32 i)
{
    return (struct value){.kind = VALUE_INT, .i = i};
}

TEST_UNUSED static struct value text_value(const char16_t *s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s, .len = u16_len(s)};
}

TEST_UNUSED static struct value null_value(void)
{
    return (struct value){.kind = VALUE_NULL};
}

/* A stream whose bytes are ASCII text. */
struct text_source {
    struct stream_source source;
    const char *text;
};

TEST_UNUSED static u32 put_text(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    const char *text = CONTAINER_OF(s, struct text_source, source)->text;
    return stg_set_bytes(stg, name, text, strlen(text));
}

TEST_UNUSED static struct value stream_value(struct text_source *s, const char *text)
{
    s->source.put = put_text;
    s->text = text;
    return (struct value){.kind = VALUE_STREAM, .stream = &s->source};
}

/* --- queries --------------------------------------------------------------------------------- */

TEST_UNUSED static u32 prepare(struct fixture *f, const char *text, struct sql_query **q)
{
    char16_t *wide = u16_dup_utf8(text);
    *q = NULL;
    u32 code = sql_prepare(f->db, wide, u16_len(wide), q, &f->err);
    os_free(wide);
    return code;
}

/* Prepares and executes; the first code that is not success. */
TEST_UNUSED static u32 run_with(struct fixture *f, const char *text, const struct value *params,
                                u32 n)
{
    struct sql_query *q;
    u32 code = prepare(f, text, &q);
    if (!code)
        code = sql_execute(q, params, n, &f->err);
    sql_free(q);
    return code;
}

TEST_UNUSED static u32 run(struct fixture *f, const char *text)
{
    return run_with(f, text, NULL, 0);
}

struct output {
    char *text;
    size_t len, cap;
};

TEST_UNUSED static void out_byte(struct output *o, char c)
{
    if (o->len + 1 >= o->cap) {
        o->cap = o->cap * 2 + 64;
        o->text = realloc(o->text, o->cap);
    }
    o->text[o->len++] = c;
    o->text[o->len] = 0;
}

TEST_UNUSED static void out_cell(struct output *o, struct fixture *f, const struct sql_cell *c)
{
    char buf[64];
    if (c->kind == VALUE_INT) {
        snprintf(buf, sizeof(buf), "%d", c->i);
        for (char *s = buf; *s; s++)
            out_byte(o, *s);
    } else if (c->kind == VALUE_TEXT) {
        char16_t wide[256];
        size_t n = c->str ? sp_text(db_core_strings(f->db), c->str, wide, ARRAY_LEN(wide)) : c->len;
        for (size_t i = 0; i < n; i++)
            out_byte(o, (char)(c->str ? wide[i] : c->text[i]));
    } else {
        out_byte(o, c->kind == VALUE_STREAM ? '#' : '-');
    }
}

/* The row that was fetched, as "a|b|c". */
TEST_UNUSED static void out_row(struct output *o, struct fixture *f, const struct sql_query *q)
{
    for (u32 i = 0; i < sql_columns(q); i++) {
        struct sql_cell c;
        sql_cell(q, i, &c);
        if (i)
            out_byte(o, '|');
        out_cell(o, f, &c);
    }
}

/* All rows that are left, as "1|one 2|-"; to be freed. */
TEST_UNUSED static char *fetch_all(struct fixture *f, struct sql_query *q)
{
    struct output o = {0};
    u32 code;
    out_byte(&o, ' ');
    while (!(code = sql_fetch(q, &f->err))) {
        if (o.len > 1)
            out_byte(&o, ' ');
        out_row(&o, f, q);
    }
    ok(code == ERROR_NO_MORE_ITEMS, "fetch: %u\n", code);
    memmove(o.text, o.text + 1, o.len);
    return o.text;
}

TEST_UNUSED static void check_rows(int line, struct fixture *f, const char *text,
                                   const char *expected, const struct value *params, u32 n)
{
    struct sql_query *q;
    u32 code = prepare(f, text, &q);
    ok(!code, "line %d: %s: prepare %u, number %u\n", line, text, code, f->err.number);
    if (code)
        return;
    code = sql_execute(q, params, n, &f->err);
    ok(!code, "line %d: %s: execute %u, number %u\n", line, text, code, f->err.number);
    if (!code) {
        char *got = fetch_all(f, q);
        ok(!strcmp(got, expected), "line %d: %s: got %s\n", line, text, got);
        free(got);
    }
    sql_free(q);
}
#define ROWS(f, text, expected) check_rows(__LINE__, f, text, expected, NULL, 0)
#define ROWS_WITH(f, text, expected, ...)                                     \
    do {                                                                      \
        struct value params_[] = {__VA_ARGS__};                               \
        check_rows(__LINE__, f, text, expected, params_, ARRAY_LEN(params_)); \
    } while (0)

TEST_UNUSED static void check_run(int line, struct fixture *f, const char *text)
{
    u32 code = run(f, text);
    ok(!code, "line %d: %s: %u, number %u\n", line, text, code, f->err.number);
}
#define DO(f, text) check_run(__LINE__, f, text)

/* It is refused when it is prepared. */
TEST_UNUSED static void check_bad(int line, struct fixture *f, const char *text, u32 code,
                                  u32 number)
{
    struct sql_query *q;
    u32 got = prepare(f, text, &q);
    ok(got == code, "line %d: %s: got %u\n", line, text, got);
    ok(got == f->err.code && f->err.number == number, "line %d: %s: number %u\n", line, text,
       f->err.number);
    sql_free(q);
}
#define BAD(f, text, number) check_bad(__LINE__, f, text, ERROR_BAD_QUERY_SYNTAX, number)

/* It is prepared, and fails when it is executed. */
TEST_UNUSED static void check_fails(int line, struct fixture *f, const char *text, u32 code,
                                    u32 number, const struct value *params, u32 n)
{
    struct sql_query *q;
    u32 got = prepare(f, text, &q);
    ok(!got, "line %d: %s: prepare %u, number %u\n", line, text, got, f->err.number);
    if (got)
        return;
    got = sql_execute(q, params, n, &f->err);
    ok(got == code, "line %d: %s: got %u\n", line, text, got);
    ok(got == f->err.code && f->err.number == number, "line %d: %s: number %u\n", line, text,
       f->err.number);
    ok(!sql_executed(q), "line %d: %s: counts as executed\n", line, text);
    sql_free(q);
}
#define FAILS(f, text, number) \
    check_fails(__LINE__, f, text, ERROR_FUNCTION_FAILED, number, NULL, 0)
#define FAILS_WITH(f, text, number, ...)                                       \
    do {                                                                       \
        struct value params_[] = {__VA_ARGS__};                                \
        check_fails(__LINE__, f, text, ERROR_FUNCTION_FAILED, number, params_, \
                    ARRAY_LEN(params_));                                       \
    } while (0)

/* T: A key, B text, C long, D text, E short. Row 5 is NULL wherever it may be. */
TEST_UNUSED static struct fixture table_t(void)
{
    struct fixture f = new_database();
    DO(&f, "CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72), `C` LONG, `D` LONGCHAR LOCALIZABLE,"
           " `E` INT PRIMARY KEY `A`)");
    DO(&f, "INSERT INTO `T` (`A`,`B`,`C`,`D`,`E`) VALUES (1, 'one', 10, 'x', 1)");
    DO(&f, "INSERT INTO `T` (`A`,`B`,`C`,`D`,`E`) VALUES (2, 'two', 20, 'y', 2)");
    DO(&f, "INSERT INTO `T` (`A`,`B`,`C`,`D`,`E`) VALUES (3, 'x', -5, 'x', 2)");
    DO(&f, "INSERT INTO `T` (`A`,`B`,`C`) VALUES (-4, 'one', 20)");
    DO(&f, "INSERT INTO `T` (`A`) VALUES (5)");
    return f;
}

#endif
