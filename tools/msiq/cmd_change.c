/*
 * merge and validate.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

/* --- merge --- */

static void show_conflicts(MSIHANDLE db)
{
    struct rows r;

    if (rows_table(db, L"_MergeErrors", &r))
        return;
    out_rows(&r, L"Conflicts");
    rows_free(&r);
}

int cmd_merge(int argc, WCHAR **argv)
{
    MSIHANDLE db = 0, other = 0;
    UINT err;

    UNREFERENCED_PARAMETER(argc);
    err = db_open(argv[0], MSIDBOPEN_TRANSACT, &db);
    if (!err)
        err = db_open(argv[1], MSIDBOPEN_READONLY, &other);
    if (!err) {
        err = MsiDatabaseMergeW(db, other, L"_MergeErrors");
        if (err)
            complain(argv[1], err);
        if (err == ERROR_FUNCTION_FAILED)
            show_conflicts(db);
        if (!err && (err = MsiDatabaseCommit(db)))
            complain(L"commit", err);
    }
    MsiCloseHandle(other);
    MsiCloseHandle(db);
    return !err ? EXIT_GOOD : err == ERROR_FUNCTION_FAILED ? EXIT_DIFFERENT : EXIT_FAILED;
}

/* --- validate --- */

static const char *error_text(MSIDBERROR error)
{
    static const struct {
        MSIDBERROR error;
        const char *text;
    } texts[] = {
        {MSIDBERROR_DUPLICATEKEY, "a key that is there already"},
        {MSIDBERROR_REQUIRED, "a value is needed"},
        {MSIDBERROR_BADLINK, "a key of another table that is not there"},
        {MSIDBERROR_OVERFLOW, "over the largest value"},
        {MSIDBERROR_UNDERFLOW, "under the smallest value"},
        {MSIDBERROR_NOTINSET, "not in the set of values"},
        {MSIDBERROR_BADVERSION, "not a version"},
        {MSIDBERROR_BADCASE, "wrong case"},
        {MSIDBERROR_BADGUID, "not a GUID"},
        {MSIDBERROR_BADWILDCARD, "wrong wildcard"},
        {MSIDBERROR_BADIDENTIFIER, "not an identifier"},
        {MSIDBERROR_BADLANGUAGE, "not a language"},
        {MSIDBERROR_BADFILENAME, "not a file name"},
        {MSIDBERROR_BADPATH, "not a path"},
        {MSIDBERROR_BADCONDITION, "not a condition"},
        {MSIDBERROR_BADFORMATTED, "wrong formatted text"},
        {MSIDBERROR_BADTEMPLATE, "wrong template"},
        {MSIDBERROR_BADDEFAULTDIR, "wrong DefaultDir"},
        {MSIDBERROR_BADREGPATH, "not a registry path"},
        {MSIDBERROR_BADCUSTOMSOURCE, "wrong CustomSource"},
        {MSIDBERROR_BADPROPERTY, "not a property"},
        {MSIDBERROR_MISSINGDATA, "no row for it in _Validation"},
        {MSIDBERROR_BADCATEGORY, "an unknown category"},
        {MSIDBERROR_BADKEYTABLE, "an unknown key table"},
        {MSIDBERROR_BADMAXMINVALUES, "wrong limits in _Validation"},
        {MSIDBERROR_BADCABINET, "not a cabinet"},
        {MSIDBERROR_BADSHORTCUT, "not a shortcut"},
        {MSIDBERROR_STRINGOVERFLOW, "longer than the column"},
        {MSIDBERROR_BADLOCALIZEATTRIB, "wrong localizable attribute"},
    };

    for (size_t i = 0; i < ARRAYSIZE(texts); i++)
        if (texts[i].error == error)
            return texts[i].text;
    return "wrong";
}

static void show_violation(MSIHANDLE view, MSIHANDLE rec, const WCHAR *table, unsigned *found)
{
    MSIDBERROR error;
    WCHAR column[72];
    WCHAR *key = record_text(rec, 1);

    for (;;) {
        DWORD n = ARRAYSIZE(column);

        error = MsiViewGetErrorW(view, column, &n);
        if (error <= MSIDBERROR_NOERROR)
            break;
        out_text(table);
        out_format(".");
        out_text(column);
        out_format(" [");
        out_text(key);
        out_format("]: %s\n", error_text(error));
        ++*found;
    }
    free(key);
}

static UINT validate_table(MSIHANDLE db, const WCHAR *table, unsigned *found)
{
    MSIHANDLE view = 0, rec;
    WCHAR query[128];
    UINT err;

    swprintf(query, ARRAYSIZE(query), L"SELECT * FROM `%.64ls`", table);
    err = MsiDatabaseOpenViewW(db, query, &view);
    if (!err)
        err = MsiViewExecute(view, 0);
    while (!err && !(err = MsiViewFetch(view, &rec))) {
        if (MsiViewModify(view, MSIMODIFY_VALIDATE, rec) == ERROR_INVALID_DATA)
            show_violation(view, rec, table, found);
        MsiCloseHandle(rec);
    }
    MsiCloseHandle(view);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : complain(table, err);
}

int cmd_validate(int argc, WCHAR **argv)
{
    struct rows tables;
    unsigned found = 0;
    MSIHANDLE db;
    UINT err;

    UNREFERENCED_PARAMETER(argc);
    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    err = rows_tables(db, &tables);
    for (unsigned i = 0; !err && i < tables.count; i++) {
        /* the usual rows of _Validation break the rules that they give for themselves, such as
         * KeyTable's lists of tables where an identifier should be */
        if (!wcscmp(tables.row[i].cells[0], L"_Validation"))
            continue;
        progress("validating table", i, tables.count);
        err = validate_table(db, tables.row[i].cells[0], &found);
    }
    progress("validating table", 1, 1);
    if (!err)
        out_format("%u violation%s\n", found, found == 1 ? "" : "s");
    rows_free(&tables);
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : found ? EXIT_DIFFERENT : EXIT_GOOD;
}
