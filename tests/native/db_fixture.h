/*
 * Databases in memory for tests: written as short text, compared cell for cell.
 *
 *     build(&d, u"T;Key s72 k;Text L0;Number I4;Data V0", "a;text;1;bytes", "b;;;", NULL);
 * The first argument is the table: name, columns (type as in text archives, k for a key); then a
 * row each. An empty field is NULL.
 */
#ifndef TEST_DB_FIXTURE_H
#define TEST_DB_FIXTURE_H

#include <stdarg.h>

#include "coltype.h"
#include "dbcore.h"
#include "os.h"
#include "stg.h"
#include "test.h"
#include "utf16.h"

struct mem_db {
    struct stg *stg;
    struct db_core *core;
};

TEST_UNUSED static struct mem_db mem_db(void)
{
    struct mem_db d = {0};

    ok(!stg_create_memory(&d.stg), "storage\n");
    ok(!db_core_create(d.stg, &d.core), "create\n");
    return d;
}

TEST_UNUSED static void mem_db_free(struct mem_db *d)
{
    db_core_free(d->core);
    stg_close(d->stg);
    memset(d, 0, sizeof(*d));
}

static const char16_t *text16(const char *s)
{
    static char16_t ring[64][300];
    static unsigned at;
    char16_t *to = ring[at++ % 64];

    to[u16_from_utf8(to, 299, s, strlen(s), true)] = 0;
    return to;
}

struct text_source {
    struct stream_source source;
    char bytes[300];
};

static u32 put_text_source(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    const char *bytes = CONTAINER_OF(s, struct text_source, source)->bytes;

    return stg_set_bytes(stg, name, bytes, strlen(bytes));
}

/* Takes the part up to the separator off *rest. */
static char *part(char **rest, char separator)
{
    char *start = *rest, *end;

    if (!start)
        return NULL;
    end = strchr(start, separator);
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = 0;
    return start;
}

static struct table *add_table(struct mem_db *d, const char *schema)
{
    struct column_spec columns[TBL_MAX_COLUMNS];
    char copy[2000], *rest = copy, *name, *column;
    struct table *t = NULL;
    u32 n = 0, err;

    snprintf(copy, sizeof(copy), "%s", schema);
    name = part(&rest, ';');
    while ((column = part(&rest, ';')) && n < TBL_MAX_COLUMNS) {
        char *word = column, *title = part(&word, ' '), *type = part(&word, ' ');

        columns[n].name = text16(title);
        columns[n].len = strlen(title);
        ok(!col_type_parse(text16(type), strlen(type), &columns[n].type), "type %s\n", type);
        if (word)
            columns[n].type |= COL_KEY;
        n++;
    }
    err = db_core_create_table(d->core, text16(name), strlen(name), columns, n, false, false, &t);
    ok(!err, "create %s gives %u\n", name, err);
    return t;
}

/* -1 where it was refused, which the caller looks at. */
static u32 add_row(struct mem_db *d, struct table *t, const char *fields)
{
    static struct text_source sources[TBL_MAX_COLUMNS];
    struct value values[TBL_MAX_COLUMNS] = {{0}};
    char copy[2000], *rest = copy, *field;
    u32 row;

    snprintf(copy, sizeof(copy), "%s", fields);
    for (u32 i = 0; (field = part(&rest, ';')) && i < tbl_columns(t); i++) {
        u32 type = tbl_column(t, i)->type;

        if (!*field)
            continue;
        if (col_is_int(type)) {
            values[i] = (struct value){.kind = VALUE_INT, .i = atoi(field)};
        } else if (col_is_text(type)) {
            values[i] = (struct value){.kind = VALUE_TEXT, .text = text16(field)};
            values[i].len = u16_len(values[i].text);
        } else {
            sources[i].source.put = put_text_source;
            snprintf(sources[i].bytes, sizeof(sources[i].bytes), "%s", field);
            values[i] = (struct value){.kind = VALUE_STREAM, .stream = &sources[i].source};
        }
    }
    return db_core_insert(d->core, t, values, false, &row);
}

TEST_UNUSED static struct table *build(struct mem_db *d, const char *schema, ...)
{
    struct table *t = add_table(d, schema);
    const char *row;
    va_list args;

    va_start(args, schema);
    while ((row = va_arg(args, const char *))) {
        u32 err = add_row(d, t, row);

        ok(!err, "row %s gives %u\n", row, err);
    }
    va_end(args);
    return t;
}

/* --- looking ---------------------------------------------------------------------------------- */

static size_t cell_text(struct mem_db *d, struct table *t, u32 row, u32 col, char *out, size_t cap)
{
    u32 cell = tbl_get(t, row, col), type = tbl_column(t, col)->type, got = 0;
    char16_t wide[300];
    struct stg_stream *st = NULL;

    out[0] = 0;
    if (!cell)
        return 0;
    if (col_is_int(type))
        return (size_t)snprintf(out, cap, "%d", cell_to_int(cell));
    if (col_is_text(type)) {
        size_t n = sp_text(db_core_strings(d->core), cell, wide, 300);

        n = u16_to_utf8(out, cap - 1, wide, n, true);
        out[n] = 0;
        return n;
    }
    if (db_core_cell_stream(d->core, t, row, col, &st))
        return (size_t)snprintf(out, cap, "<no stream>");
    stg_stream_read(st, 0, out, (u32)cap - 1, &got);
    out[got] = 0;
    stg_stream_close(st);
    return got;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The rows of a table as lines in alphabetical order, columns before. */
static void show_table(struct mem_db *d, struct table *t, char *out, size_t cap)
{
    char **lines = calloc(tbl_rows(t) + 1, sizeof(*lines));
    struct tbl_cursor c;
    size_t at = 0;
    u32 row, n = 0;

    for (u32 i = 0; i < tbl_columns(t); i++) {
        char16_t type[COL_TYPE_TEXT_MAX], name[80];
        size_t len = sp_text(db_core_strings(d->core), tbl_column(t, i)->name, name, 79);

        name[len] = 0;
        col_type_text(tbl_column(t, i)->type, type);
        for (u32 k = 0; k < len; k++)
            out[at++] = (char)name[k];
        out[at++] = ' ';
        for (u32 k = 0; type[k]; k++)
            out[at++] = (char)type[k];
        out[at++] = i < tbl_keys(t) ? '!' : ';';
    }
    for (tbl_start(&c); !tbl_next(t, &c, &row) && row != TBL_NONE;) {
        char *line = lines[n++] = calloc(1, 4000);

        for (u32 i = 0; i < tbl_columns(t); i++) {
            if (i)
                strcat(line, ";");
            cell_text(d, t, row, i, line + strlen(line), 1000);
        }
    }
    qsort(lines, n, sizeof(*lines), by_text);
    for (u32 i = 0; i < n; i++) {
        at += (size_t)snprintf(out + at, at < cap ? cap - at : 0, "\n%s", lines[i]);
        free(lines[i]);
    }
    if (!n)
        out[at] = 0;
    free(lines);
}

/* The whole database, tables in alphabetical order; free() it. */
TEST_UNUSED static char *show(struct mem_db *d)
{
    enum { EACH = 1 << 18, MOST = 200 };
    char *tables[MOST], *all;
    u32 n = 0, place = 0;
    size_t at = 0;
    struct table *t;

    for (; n < MOST && (t = db_core_next_table(d->core, &place)); n++) {
        char16_t name[80];
        size_t len = sp_text(db_core_strings(d->core), tbl_name(t), name, 79);
        u32 err = db_core_table_id(d->core, tbl_name(t), &t);

        tables[n] = calloc(1, EACH);
        ok(!err, "table gives %u\n", err);
        tables[n][u16_to_utf8(tables[n], 200, name, len, true)] = 0;
        strcat(tables[n], ": ");
        if (!err)
            show_table(d, t, tables[n] + strlen(tables[n]), EACH - 300);
    }
    qsort(tables, n, sizeof(*tables), by_text);
    for (u32 i = 0; i < n; i++)
        at += strlen(tables[i]) + 1;
    all = calloc(1, at + 1);
    at = 0;
    for (u32 i = 0; i < n; i++) {
        at += (size_t)sprintf(all + at, "%s\n", tables[i]);
        free(tables[i]);
    }
    return all;
}

/* The table shows as that text: columns, then a line for each row. */
TEST_UNUSED static void shows(int line, struct mem_db *d, const char *name, const char *text)
{
    static char got[1 << 16];
    struct table *t;
    u32 err = db_core_table(d->core, text16(name), strlen(name), &t);

    ok(!err, "line %d: table gives %u\n", line, err);
    if (err)
        return;
    show_table(d, t, got, sizeof(got));
    ok(!strcmp(got, text), "line %d: got %s\n", line, got);
}
#define SHOWS(d, name, text) shows(__LINE__, d, name, text)

TEST_UNUSED static bool has_table(struct mem_db *d, const char *name)
{
    return db_core_presence(d->core, text16(name), strlen(name)) != TBL_ABSENT;
}

#endif
