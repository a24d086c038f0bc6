/*
 * sql: one query, a script, or a prompt. Everything is one change: it is committed at the end, and
 * only if every query worked. A person at the prompt may go on after a mistake, and what worked is
 * committed; lines from a pipe end with the first mistake.
 */
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

static bool is_select(const WCHAR *query)
{
    while (*query == ' ' || *query == '\t' || *query == '\r' || *query == '\n')
        query++;
    return !_wcsnicmp(query, L"SELECT", 6);
}

static UINT run_one(MSIHANDLE db, const WCHAR *query, bool *changed)
{
    struct rows r;
    UINT err;

    if (!is_select(query)) {
        err = run_query(db, query, 0);
        if (!err)
            *changed = true;
        return err;
    }
    err = rows_query(db, query, 0, &r);
    if (err)
        return err;
    out_rows(&r, NULL);
    rows_free(&r);
    return ERROR_SUCCESS;
}

/* --- a script: queries that end with ';' outside of quotes --- */

static WCHAR *read_text(const WCHAR *path)
{
    FILE *file = wcscmp(path, L"-") ? _wfopen(path, L"rb") : stdin;
    size_t size = 0, room = 4096;
    char *bytes = must_alloc(room);
    WCHAR *text;
    int n;

    if (!file)
        return NULL;
    for (size_t got; (got = fread(bytes + size, 1, room - size, file)) > 0;) {
        size += got;
        if (size == room)
            bytes = must_realloc(bytes, room *= 2);
    }
    if (file != stdin)
        fclose(file);
    if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        memmove(bytes, bytes + 3, size -= 3);
    n = MultiByteToWideChar(CP_UTF8, 0, bytes, (int)size, NULL, 0);
    text = must_alloc(((size_t)n + 1) * sizeof(*text));
    MultiByteToWideChar(CP_UTF8, 0, bytes, (int)size, text, n);
    text[n] = 0;
    free(bytes);
    return text;
}

/* The end of the query that starts at s: its ';' or the end of the text. */
static WCHAR *query_end(WCHAR *s)
{
    WCHAR quote = 0;

    for (; *s; s++) {
        if (quote)
            quote = *s == quote ? 0 : quote;
        else if (*s == '\'' || *s == '`')
            quote = *s;
        else if (*s == ';')
            break;
    }
    return s;
}

static bool is_blank(const WCHAR *s)
{
    return s[wcsspn(s, L" \t\r\n")] == 0;
}

static UINT run_script(MSIHANDLE db, const WCHAR *path, bool *changed)
{
    WCHAR *text = read_text(path), *next;
    UINT err = ERROR_SUCCESS;

    if (!text)
        return complain(path, ERROR_FILE_NOT_FOUND);
    for (WCHAR *s = text; *s && !err; s = next) {
        next = query_end(s);
        if (*next)
            *next++ = 0;
        if (!is_blank(s))
            err = run_one(db, s, changed);
    }
    free(text);
    return err;
}

static UINT prompt(MSIHANDLE db, bool *changed)
{
    bool person = _isatty(_fileno(stdin));
    UINT err = ERROR_SUCCESS;
    char line[8192];
    WCHAR query[8192];

    while (person || !err) {
        size_t n;

        if (person)
            fputs("msiq> ", stderr);
        if (!fgets(line, sizeof(line), stdin))
            break;
        n = strcspn(line, "\r\n");
        while (n && (line[n - 1] == ';' || line[n - 1] == ' '))
            n--;
        line[n] = 0;
        if (!strcmp(line, "quit") || !strcmp(line, "exit"))
            break;
        MultiByteToWideChar(CP_UTF8, 0, line, -1, query, ARRAYSIZE(query));
        if (!is_blank(query))
            err = run_one(db, query, changed);
        out_flush();
    }
    return person ? ERROR_SUCCESS : err;
}

/* A file that may not be written can still be asked. */
static UINT open_for_queries(const WCHAR *path, bool only_select, MSIHANDLE *db)
{
    DWORD attributes = GetFileAttributesW(path);
    bool reading = only_select || (attributes != INVALID_FILE_ATTRIBUTES &&
                                   (attributes & FILE_ATTRIBUTE_READONLY));

    return db_open(path, reading ? MSIDBOPEN_READONLY : MSIDBOPEN_TRANSACT, db);
}

int cmd_sql(int argc, WCHAR **argv)
{
    bool script = argc == 3 && !wcscmp(argv[1], L"-f");
    bool changed = false;
    UINT err = ERROR_SUCCESS;
    MSIHANDLE db;

    if (argc == 3 && !script)
        return EXIT_USAGE;
    if (open_for_queries(argv[0], argc == 2 && is_select(argv[1]), &db))
        return EXIT_FAILED;
    if (script)
        err = run_script(db, argv[2], &changed);
    else if (argc == 2)
        err = run_one(db, argv[1], &changed);
    else
        err = prompt(db, &changed);
    if (!err && changed) {
        err = MsiDatabaseCommit(db);
        if (err)
            complain(L"commit", err);
    }
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}
