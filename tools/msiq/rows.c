/*
 * Rows read through the API into memory.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

UINT db_open(const WCHAR *path, const WCHAR *mode, MSIHANDLE *db)
{
    UINT err = MsiOpenDatabaseW(path, mode, db);

    return err ? complain(path, err) : ERROR_SUCCESS;
}

WCHAR *record_text(MSIHANDLE rec, unsigned field)
{
    WCHAR probe[1];
    DWORD n = 0;
    WCHAR *text;

    if (MsiRecordGetStringW(rec, field, probe, &n) != ERROR_MORE_DATA)
        n = 0;
    text = must_alloc(((size_t)n + 1) * sizeof(*text));
    text[0] = 0;
    n++;
    if (MsiRecordGetStringW(rec, field, text, &n))
        text[0] = 0;
    return text;
}

static WCHAR **record_texts(MSIHANDLE rec, unsigned count)
{
    WCHAR **texts = must_alloc(count * sizeof(*texts));

    for (unsigned i = 0; i < count; i++)
        texts[i] = record_text(rec, i + 1);
    return texts;
}

static UINT column_info(MSIHANDLE view, MSICOLINFO what, WCHAR ***texts, unsigned *count)
{
    MSIHANDLE rec;
    UINT err = MsiViewGetColumnInfo(view, what, &rec);

    if (err)
        return err;
    *count = MsiRecordGetFieldCount(rec);
    *texts = record_texts(rec, *count);
    MsiCloseHandle(rec);
    return ERROR_SUCCESS;
}

bool is_stream(const struct rows *r, unsigned column)
{
    return r->types[column][0] == 'v' || r->types[column][0] == 'V';
}

static void add_row(struct rows *r, MSIHANDLE rec)
{
    WCHAR **cells = must_alloc(r->columns * sizeof(*cells));

    for (unsigned i = 0; i < r->columns; i++) {
        if (is_stream(r, i))
            cells[i] = must_dup(MsiRecordIsNull(rec, i + 1) ? L"" : L"[Binary Data]");
        else
            cells[i] = record_text(rec, i + 1);
    }
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 16;
        r->row = must_realloc(r->row, r->room * sizeof(*r->row));
    }
    r->row[r->count++].cells = cells;
}

static UINT fetch_rows(MSIHANDLE view, struct rows *out)
{
    MSIHANDLE rec;
    UINT err = column_info(view, MSICOLINFO_NAMES, &out->names, &out->columns);

    if (!err)
        err = column_info(view, MSICOLINFO_TYPES, &out->types, &out->columns);
    while (!err && !(err = MsiViewFetch(view, &rec))) {
        add_row(out, rec);
        MsiCloseHandle(rec);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

UINT rows_query(MSIHANDLE db, const WCHAR *query, MSIHANDLE params, struct rows *out)
{
    MSIHANDLE view = 0;
    UINT err = MsiDatabaseOpenViewW(db, query, &view);

    memset(out, 0, sizeof(*out));
    if (!err)
        err = MsiViewExecute(view, params);
    if (!err)
        err = fetch_rows(view, out);
    MsiCloseHandle(view);
    if (err) {
        complain(query, err);
        rows_free(out);
    }
    return err;
}

UINT rows_table(MSIHANDLE db, const WCHAR *table, struct rows *out)
{
    WCHAR query[128];

    swprintf(query, ARRAYSIZE(query), L"SELECT * FROM `%.64ls`", table);
    return rows_query(db, query, 0, out);
}

static int compare_first(const void *a, const void *b)
{
    return wcscmp(((const struct row *)a)->cells[0], ((const struct row *)b)->cells[0]);
}

UINT rows_tables(MSIHANDLE db, struct rows *out)
{
    UINT err = rows_query(db, L"SELECT `Name` FROM `_Tables`", 0, out);

    if (!err && out->count)
        qsort(out->row, out->count, sizeof(*out->row), compare_first);
    return err;
}

static void free_texts(WCHAR **texts, unsigned count)
{
    for (unsigned i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

void rows_free(struct rows *r)
{
    for (unsigned i = 0; i < r->count; i++)
        free_texts(r->row[i].cells, r->columns);
    free(r->row);
    free_texts(r->names, r->columns);
    free_texts(r->types, r->columns);
    memset(r, 0, sizeof(*r));
}

UINT run_query(MSIHANDLE db, const WCHAR *query, MSIHANDLE params)
{
    MSIHANDLE view = 0;
    UINT err = MsiDatabaseOpenViewW(db, query, &view);

    if (!err)
        err = MsiViewExecute(view, params);
    MsiCloseHandle(view);
    return err ? complain(query, err) : ERROR_SUCCESS;
}

unsigned key_columns(MSIHANDLE db, const WCHAR *table)
{
    MSIHANDLE rec;
    unsigned count;

    if (MsiDatabaseGetPrimaryKeysW(db, table, &rec))
        return 0;
    count = MsiRecordGetFieldCount(rec);
    MsiCloseHandle(rec);
    return count;
}
