/*
 * info, tables, schema and show: a package as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

static const struct {
    UINT id;
    const WCHAR *name;
} summary_names[] = {
    {PID_CODEPAGE, L"Codepage"},    {PID_TITLE, L"Title"},
    {PID_SUBJECT, L"Subject"},      {PID_AUTHOR, L"Author"},
    {PID_KEYWORDS, L"Keywords"},    {PID_COMMENTS, L"Comments"},
    {PID_TEMPLATE, L"Template"},    {PID_LASTAUTHOR, L"Last author"},
    {PID_REVNUMBER, L"Revision"},   {PID_LASTPRINTED, L"Last printed"},
    {PID_CREATE_DTM, L"Created"},   {PID_LASTSAVE_DTM, L"Last saved"},
    {PID_PAGECOUNT, L"Version"},    {PID_WORDCOUNT, L"Source"},
    {PID_CHARCOUNT, L"Characters"}, {PID_APPNAME, L"Application"},
    {PID_SECURITY, L"Security"},
};

static WCHAR *time_text(const FILETIME *time)
{
    WCHAR text[64];
    SYSTEMTIME t;

    if (!FileTimeToSystemTime(time, &t))
        return must_dup(L"(not a time)");
    swprintf(text, ARRAYSIZE(text), L"%04u-%02u-%02u %02u:%02u:%02u UTC", t.wYear, t.wMonth, t.wDay,
             t.wHour, t.wMinute, t.wSecond);
    return must_dup(text);
}

WCHAR *summary_text(MSIHANDLE info, UINT id)
{
    WCHAR number[16], probe[1], *text;
    FILETIME time;
    DWORD n = 0;
    UINT type, err;
    INT value;

    err = MsiSummaryInfoGetPropertyW(info, id, &type, &value, &time, probe, &n);
    if ((err && err != ERROR_MORE_DATA) || type == VT_EMPTY)
        return NULL;
    if (type == VT_FILETIME)
        return time_text(&time);
    if (type != VT_LPSTR && type != VT_LPWSTR) {
        swprintf(number, ARRAYSIZE(number), L"%d", value);
        return must_dup(number);
    }
    text = must_alloc(((size_t)++n) * sizeof(*text));
    text[0] = 0;
    MsiSummaryInfoGetPropertyW(info, id, &type, &value, &time, text, &n);
    return text;
}

unsigned summary_pairs(MSIHANDLE db, struct pair pairs[SUMMARY_PAIRS])
{
    unsigned count = 0;
    MSIHANDLE info;
    UINT err = MsiGetSummaryInformationW(db, NULL, 0, &info);

    if (err) {
        complain(L"the summary information", err);
        return 0;
    }
    for (size_t i = 0; i < ARRAYSIZE(summary_names); i++) {
        WCHAR *text = summary_text(info, summary_names[i].id);

        if (text)
            pairs[count++] = (struct pair){summary_names[i].name, text};
    }
    MsiCloseHandle(info);
    return count;
}

void free_pairs(struct pair *pairs, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        free(pairs[i].value);
}

int cmd_info(int argc, WCHAR **argv)
{
    struct pair pairs[SUMMARY_PAIRS];
    unsigned count;
    MSIHANDLE db;

    UNREFERENCED_PARAMETER(argc);
    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    count = summary_pairs(db, pairs);
    out_pairs(pairs, count, NULL);
    free_pairs(pairs, count);
    MsiCloseHandle(db);
    return count ? EXIT_GOOD : EXIT_FAILED;
}

static int count_rows(MSIHANDLE db, struct rows *tables)
{
    tables->columns = 3;
    tables->names = must_realloc(tables->names, 3 * sizeof(*tables->names));
    tables->types = must_realloc(tables->types, 3 * sizeof(*tables->types));
    free(tables->names[0]);
    tables->names[0] = must_dup(L"Table");
    tables->names[1] = must_dup(L"Rows");
    tables->names[2] = must_dup(L"Columns");
    tables->types[1] = must_dup(L"i4");
    tables->types[2] = must_dup(L"i4");
    for (unsigned i = 0; i < tables->count; i++) {
        struct row *row = &tables->row[i];
        unsigned columns = 0, count = 0;
        struct rows all;
        WCHAR number[16];

        row->cells = must_realloc(row->cells, 3 * sizeof(*row->cells));
        row->cells[1] = row->cells[2] = NULL;
        progress("reading table", i, tables->count);
        if (!rows_table(db, row->cells[0], &all)) {
            columns = all.columns;
            count = all.count;
            rows_free(&all);
        } else {
            return EXIT_FAILED;
        }
        swprintf(number, ARRAYSIZE(number), L"%u", count);
        row->cells[1] = must_dup(number);
        swprintf(number, ARRAYSIZE(number), L"%u", columns);
        row->cells[2] = must_dup(number);
    }
    progress("reading table", tables->count, tables->count);
    return EXIT_GOOD;
}

int cmd_tables(int argc, WCHAR **argv)
{
    struct rows tables;
    int code = EXIT_FAILED;
    MSIHANDLE db;

    UNREFERENCED_PARAMETER(argc);
    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    if (!rows_tables(db, &tables)) {
        code = count_rows(db, &tables);
        if (code == EXIT_GOOD)
            out_rows(&tables, NULL);
        rows_free(&tables);
    }
    MsiCloseHandle(db);
    return code;
}

/* --- schema --- */

static UINT show_schema(MSIHANDLE db, const WCHAR *table)
{
    struct rows r;
    WCHAR query[160];
    unsigned keys = key_columns(db, table);
    UINT err;

    swprintf(query, ARRAYSIZE(query), L"SELECT * FROM `%.64ls`", table);
    err = rows_query(db, query, 0, &r);
    if (err)
        return err;
    out_text(table);
    out_format("\n");
    for (unsigned i = 0; i < r.columns; i++) {
        out_format("  ");
        out_text(r.names[i]);
        out_format("%*s", (int)(24 - MIN(wcslen(r.names[i]), 23)), "");
        out_text(r.types[i]);
        out_format("%s\n", i < keys ? "  key" : "");
    }
    rows_free(&r);
    return ERROR_SUCCESS;
}

/* --- every table, or those named --- */

static UINT show_rows(MSIHANDLE db, const WCHAR *table)
{
    struct rows r;
    UINT err = rows_table(db, table, &r);

    if (err)
        return err;
    out_rows(&r, table);
    rows_free(&r);
    return ERROR_SUCCESS;
}

static int each_table(int argc, WCHAR **argv, UINT (*show)(MSIHANDLE, const WCHAR *))
{
    struct rows tables = {0};
    UINT err = ERROR_SUCCESS;
    MSIHANDLE db;

    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    if (argc == 1)
        err = rows_tables(db, &tables);
    out_begin_many();
    for (int i = 1; i < argc && !err; i++) {
        out_between();
        err = show(db, argv[i]);
    }
    for (unsigned i = 0; i < tables.count && !err; i++) {
        out_between();
        err = show(db, tables.row[i].cells[0]);
    }
    out_end_many();
    rows_free(&tables);
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

int cmd_schema(int argc, WCHAR **argv)
{
    options.form = OUT_TEXT;
    return each_table(argc, argv, show_schema);
}

int cmd_show(int argc, WCHAR **argv)
{
    return each_table(argc, argv, show_rows);
}
