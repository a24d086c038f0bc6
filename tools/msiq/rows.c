/*
 * Rows read whole into memory.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "msiq.h"
#include "seam.h"

u32 open_pkg(const char16_t *path, enum pkg_mode mode, struct pkg **db)
{
    u32 err;

    *db = NULL;
    if (file_kind(path) == KIND_TRANSFORM && mode != PKG_NEW) {
        warn_about(path, "this is a transform and no package: 'msiq transform show' shows it, "
                         "'msiq transform apply' applies it to a package");
        return ERROR_INSTALL_PACKAGE_INVALID;
    }
    if (mode == PKG_CHANGE && os_exists(path) && !is_writable(path)) {
        warn_about(path, "the file may not be written: its attributes or permissions forbid it");
        return ERROR_ACCESS_DENIED;
    }
    err = pkg_open(path, mode, db);
    return err ? complain(path, err) : ERROR_SUCCESS;
}

u32 commit(struct pkg *db)
{
    u32 err = pkg_commit(db);

    return err ? complain(u"the changes are not saved", err) : ERROR_SUCCESS;
}

static char16_t **row_texts(struct pkg_row *rec, u32 count)
{
    char16_t **texts = must_alloc(count * sizeof(*texts));

    for (u32 i = 0; i < count; i++)
        texts[i] = must(row_text(rec, i + 1));
    return texts;
}

static u32 column_info(struct pkg_query *q, bool names, char16_t ***texts, u32 *count)
{
    struct pkg_row *rec;
    u32 err = pkg_columns(q, names, &rec);

    if (err)
        return err;
    *count = row_count(rec);
    *texts = row_texts(rec, *count);
    row_free(rec);
    return ERROR_SUCCESS;
}

bool is_stream(const struct rows *r, u32 column)
{
    return r->types[column][0] == u'v' || r->types[column][0] == u'V' ||
           r->types[column][0] == u'O';
}

static char16_t **new_row(struct rows *r)
{
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 16;
        r->row = must_realloc(r->row, r->room * sizeof(*r->row));
    }
    return r->row[r->count++].cells = must_alloc(r->columns * sizeof(char16_t *));
}

static void add_row(struct rows *r, struct pkg_row *rec)
{
    char16_t **cells = new_row(r);

    for (u32 i = 0; i < r->columns; i++) {
        if (is_stream(r, i))
            cells[i] = must_dup(row_is_null(rec, i + 1) ? u"" : u"[Binary Data]");
        else
            cells[i] = must(row_text(rec, i + 1));
    }
}

static u32 fetch_rows(struct pkg_query *q, struct rows *out)
{
    struct pkg_row *rec;
    u32 err = column_info(q, true, &out->names, &out->columns);

    if (!err)
        err = column_info(q, false, &out->types, &out->columns);
    while (!err && !(err = pkg_fetch(q, &rec))) {
        add_row(out, rec);
        row_free(rec);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

u32 rows_query(struct pkg *db, const char16_t *query, struct pkg_row *params, struct rows *out)
{
    struct pkg_query *q;
    u32 err = pkg_run(db, query, params, &q);

    memset(out, 0, sizeof(*out));
    if (!err)
        err = fetch_rows(q, out);
    pkg_query_close(q);
    if (err) {
        complain(query, err);
        rows_free(out);
    }
    return err;
}

u32 rows_table(struct pkg *db, const char16_t *table, struct rows *out)
{
    char16_t *query = join(u"SELECT * FROM `", table, u"`", NULL);
    u32 err = rows_query(db, query, NULL, out);

    os_free(query);
    return err;
}

static int compare_first(const void *a, const void *b)
{
    return compare(((const struct cells *)a)->cells[0], ((const struct cells *)b)->cells[0]);
}

u32 rows_tables(struct pkg *db, struct rows *out)
{
    u32 err = rows_query(db, u"SELECT `Name` FROM `_Tables`", NULL, out);

    if (!err && out->count)
        qsort(out->row, out->count, sizeof(*out->row), compare_first);
    return err;
}

void rows_make(struct rows *r, ...)
{
    const char16_t *s;
    va_list args;

    memset(r, 0, sizeof(*r));
    va_start(args, r);
    while ((s = va_arg(args, const char16_t *))) {
        size_t n = 0;

        while (s[n] != u':')
            n++;
        r->names = must_realloc(r->names, (r->columns + 1) * sizeof(*r->names));
        r->types = must_realloc(r->types, (r->columns + 1) * sizeof(*r->types));
        r->names[r->columns] = must(u16_dup(s, n));
        r->types[r->columns++] = must_dup(s + n + 1);
    }
    va_end(args);
}

void rows_add(struct rows *r, ...)
{
    char16_t **cells = new_row(r);
    va_list args;

    va_start(args, r);
    for (u32 i = 0; i < r->columns; i++)
        cells[i] = va_arg(args, char16_t *);
    va_end(args);
}

static void free_texts(char16_t **texts, u32 count)
{
    for (u32 i = 0; texts && i < count; i++)
        os_free(texts[i]);
    os_free(texts);
}

void rows_free(struct rows *r)
{
    for (u32 i = 0; i < r->count; i++)
        free_texts(r->row[i].cells, r->columns);
    os_free(r->row);
    free_texts(r->names, r->columns);
    free_texts(r->types, r->columns);
    memset(r, 0, sizeof(*r));
}

u32 run_query(struct pkg *db, const char16_t *query, struct pkg_row *params)
{
    struct pkg_query *q;
    u32 err = pkg_run(db, query, params, &q);

    pkg_query_close(q);
    return err ? complain(query, err) : ERROR_SUCCESS;
}
