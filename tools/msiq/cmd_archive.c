/*
 * export and import of text archives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

/* --- export --- */

static UINT copy_to_output(const WCHAR *path)
{
    FILE *file = _wfopen(path, L"rb");
    char buffer[8192];
    size_t n;

    if (!file)
        return ERROR_FILE_NOT_FOUND;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        fwrite(buffer, 1, n, stdout);
    fclose(file);
    return ERROR_SUCCESS;
}

static void temporary_name(const WCHAR *table, WCHAR *name, size_t cap)
{
    swprintf(name, cap, L"msiq-%lu-%.40ls.idt", GetCurrentProcessId(), table);
}

/* Through a file, for that is what MsiDatabaseExport writes to. */
static UINT export_to_output(MSIHANDLE db, const WCHAR *table)
{
    WCHAR folder[MAX_PATH], name[80], path[MAX_PATH + 80];
    UINT err;

    GetTempPathW(ARRAYSIZE(folder), folder);
    temporary_name(table, name, ARRAYSIZE(name));
    swprintf(path, ARRAYSIZE(path), L"%ls%ls", folder, name);
    err = MsiDatabaseExportW(db, table, folder, name);
    if (!err)
        err = copy_to_output(path);
    DeleteFileW(path);
    return err;
}

/* Those that hold a table's place in an archive are always there. */
static bool has_table(MSIHANDLE db, const WCHAR *table)
{
    return table[0] == '_' || MsiDatabaseIsTablePersistentW(db, table) != MSICONDITION_NONE;
}

static UINT export_one(MSIHANDLE db, const WCHAR *table)
{
    WCHAR name[80];
    UINT err;

    if (!has_table(db, table))
        return complain(table, ERROR_INVALID_TABLE);
    if (!options.out) {
        err = export_to_output(db, table);
    } else {
        swprintf(name, ARRAYSIZE(name), L"%.64ls.idt", table);
        err = MsiDatabaseExportW(db, table, options.out, name);
    }
    return err ? complain(table, err) : ERROR_SUCCESS;
}

static UINT export_all(MSIHANDLE db)
{
    struct rows tables;
    UINT err = rows_tables(db, &tables);

    for (unsigned i = 0; !err && i < tables.count; i++) {
        progress("exporting table", i, tables.count);
        err = export_one(db, tables.row[i].cells[0]);
    }
    if (!err)
        err = export_one(db, L"_SummaryInformation");
    if (!err)
        err = export_one(db, L"_ForceCodepage");
    progress("exporting table", 1, 1);
    rows_free(&tables);
    return err;
}

int cmd_export(int argc, WCHAR **argv)
{
    UINT err = ERROR_SUCCESS;
    MSIHANDLE db;

    if (db_open(argv[0], MSIDBOPEN_READONLY, &db))
        return EXIT_FAILED;
    if (options.out && !CreateDirectoryW(options.out, NULL) &&
        GetLastError() != ERROR_ALREADY_EXISTS)
        err = complain(options.out, GetLastError());
    if (!err && argc == 1)
        err = export_all(db);
    for (int i = 1; i < argc && !err; i++)
        err = export_one(db, argv[i]);
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

/* --- import --- */

static UINT import_one(MSIHANDLE db, WCHAR *path)
{
    WCHAR full[MAX_PATH], *name = NULL;
    UINT err;

    if (!GetFullPathNameW(path, ARRAYSIZE(full), full, &name) || !name)
        return complain(path, ERROR_PATH_NOT_FOUND);
    name[-1] = 0;
    err = MsiDatabaseImportW(db, full, name);
    return err ? complain(path, err) : ERROR_SUCCESS;
}

int cmd_import(int argc, WCHAR **argv)
{
    bool there = GetFileAttributesW(argv[0]) != INVALID_FILE_ATTRIBUTES;
    UINT err = ERROR_SUCCESS;
    MSIHANDLE db;

    if (db_open(argv[0], there ? MSIDBOPEN_TRANSACT : MSIDBOPEN_CREATE, &db))
        return EXIT_FAILED;
    for (int i = 1; i < argc && !err; i++) {
        progress("importing", (unsigned)i - 1, (unsigned)argc - 1);
        err = import_one(db, argv[i]);
    }
    progress("importing", 1, 1);
    if (!err) {
        err = MsiDatabaseCommit(db);
        if (err)
            complain(L"commit", err);
    }
    MsiCloseHandle(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}
