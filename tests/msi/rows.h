/*
 * Databases for tests of what works on whole tables: made by SQL, shown as text.
 */
#ifndef TEST_MSI_ROWS_H
#define TEST_MSI_ROWS_H

#include <windows.h>

#include <msi.h>
#include <msiquery.h>

#include "test.h"

TEST_UNUSED static MSIHANDLE make_database(const char *path)
{
    MSIHANDLE db = 0;
    UINT r;

    DeleteFileA(path);
    r = MsiOpenDatabaseA(path, (LPCSTR)MSIDBOPEN_CREATE, &db);
    ok(!r, "create %s: %u\n", path, r);
    return db;
}

TEST_UNUSED static MSIHANDLE open_database(const char *path, LPCSTR mode)
{
    MSIHANDLE db = 0;
    UINT r = MsiOpenDatabaseA(path, mode, &db);

    ok(!r, "open %s: %u\n", path, r);
    return db;
}

TEST_UNUSED static UINT run_query(MSIHANDLE db, const char *query)
{
    MSIHANDLE view = 0;
    UINT r = MsiDatabaseOpenViewA(db, query, &view);

    if (r)
        return r;
    r = MsiViewExecute(view, 0);
    MsiViewClose(view);
    MsiCloseHandle(view);
    return r;
}

#define RUN_SQL(db, query)                  \
    do {                                    \
        UINT run_ = run_query(db, query);   \
        ok(!run_, "%s: %u\n", query, run_); \
    } while (0)

static int by_line(const void *a, const void *b)
{
    return strcmp((const char *)a, (const char *)b);
}

/* The rows of a query as "a|b;c|d" in alphabetical order, NULL as "-". */
TEST_UNUSED static const char *rows_of(MSIHANDLE db, const char *query)
{
    static char out[4096], lines[100][200];
    MSIHANDLE view = 0, rec;
    UINT n = 0, r = MsiDatabaseOpenViewA(db, query, &view);

    if (!r)
        r = MsiViewExecute(view, 0);
    if (r) {
        MsiCloseHandle(view);
        snprintf(out, sizeof(out), "error %u", r);
        return out;
    }
    while (n < 100 && !MsiViewFetch(view, &rec)) {
        lines[n][0] = 0;
        for (UINT i = 1; i <= MsiRecordGetFieldCount(rec); i++) {
            char field[100];
            DWORD size = sizeof(field);

            if (MsiRecordIsNull(rec, i) || MsiRecordGetStringA(rec, i, field, &size))
                snprintf(field, sizeof(field), "-");
            if (i > 1)
                strcat(lines[n], "|");
            strcat(lines[n], field);
        }
        n++;
        MsiCloseHandle(rec);
    }
    MsiViewClose(view);
    MsiCloseHandle(view);
    qsort(lines, n, sizeof(lines[0]), by_line);
    out[0] = 0;
    for (UINT i = 0; i < n; i++)
        snprintf(out + strlen(out), sizeof(out) - strlen(out), i ? ";%s" : "%s", lines[i]);
    return out;
}

#define ROWS(db, query, text)                               \
    do {                                                    \
        const char *rows_ = rows_of(db, query);             \
        ok(!strcmp(rows_, text), "%s: %s\n", query, rows_); \
    } while (0)

/* The names or types of a table's columns. */
TEST_UNUSED static const char *columns_of(MSIHANDLE db, const char *table, MSICOLINFO what)
{
    static char out[1024];
    char query[200];
    MSIHANDLE view = 0, rec = 0;

    out[0] = 0;
    snprintf(query, sizeof(query), "SELECT * FROM `%s`", table);
    if (MsiDatabaseOpenViewA(db, query, &view))
        return "no table";
    if (!MsiViewGetColumnInfo(view, what, &rec)) {
        for (UINT i = 1; i <= MsiRecordGetFieldCount(rec); i++) {
            char field[100];
            DWORD size = sizeof(field);

            MsiRecordGetStringA(rec, i, field, &size);
            strcat(out, i > 1 ? " " : "");
            strcat(out, field);
        }
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(view);
    return out;
}

TEST_UNUSED static void put_file(const char *name, const char *text, DWORD len)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written = 0;

    WriteFile(file, text, len, &written, NULL);
    CloseHandle(file);
    ok(written == len, "%s: %lu bytes written\n", name, (unsigned long)written);
}

/* The whole file as text; empty where there is none. */
TEST_UNUSED static const char *file_text(const char *name)
{
    static char text[4096];
    HANDLE file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD len = 0;

    if (file != INVALID_HANDLE_VALUE) {
        ReadFile(file, text, sizeof(text) - 1, &len, NULL);
        CloseHandle(file);
    }
    text[len] = 0;
    return text;
}

/* The number in the last error record, 0 for none. */
TEST_UNUSED static int last_error_number(void)
{
    MSIHANDLE rec = MsiGetLastErrorRecord();
    int n = rec ? MsiRecordGetInteger(rec, 1) : 0;

    MsiCloseHandle(rec);
    return n;
}

#endif
