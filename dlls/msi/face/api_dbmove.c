/*
 * MsiDatabaseExport, MsiDatabaseImport and MsiDatabaseMerge.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "dbmove.h"
#include "pair.h"
#include "strio.h"

/* --- text archives ------------------------------------------------------------------------------
 */

static u32 export_table(MSIHANDLE handle, const struct text_in *table, const struct text_in *folder,
                        const struct text_in *file)
{
    struct database *db;
    struct hnd_use use;
    u32 err;

    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    if (!table->text || !folder->text || !file->text)
        err = ERROR_INVALID_PARAMETER;
    else
        err = db_export(db, table->text, table->len, folder->text, file->text);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDatabaseExportW(MSIHANDLE handle, const WCHAR *table, const WCHAR *folder,
                               const WCHAR *file)
{
    struct text_in t, d, f;

    text_from_w(&t, table);
    text_from_w(&d, folder);
    text_from_w(&f, file);
    return export_table(handle, &t, &d, &f);
}

UINT WINAPI MsiDatabaseExportA(MSIHANDLE handle, const char *table, const char *folder,
                               const char *file)
{
    struct text_in t = {0}, d = {0}, f = {0};
    u32 err = text_from_a(&t, table);

    if (!err)
        err = text_from_a(&d, folder);
    if (!err)
        err = text_from_a(&f, file);
    if (!err)
        err = export_table(handle, &t, &d, &f);
    text_done(&t);
    text_done(&d);
    text_done(&f);
    return err;
}

static u32 import_file(MSIHANDLE handle, const struct text_in *folder, const struct text_in *file)
{
    struct database *db;
    struct hnd_use use;
    u32 err;

    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    if (!folder->text || !file->text)
        err = ERROR_INVALID_PARAMETER;
    else
        err = db_import(db, folder->text, file->text);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDatabaseImportW(MSIHANDLE handle, const WCHAR *folder, const WCHAR *file)
{
    struct text_in d, f;

    text_from_w(&d, folder);
    text_from_w(&f, file);
    return import_file(handle, &d, &f);
}

UINT WINAPI MsiDatabaseImportA(MSIHANDLE handle, const char *folder, const char *file)
{
    struct text_in d = {0}, f = {0};
    u32 err = text_from_a(&d, folder);

    if (!err)
        err = text_from_a(&f, file);
    if (!err)
        err = import_file(handle, &d, &f);
    text_done(&d);
    text_done(&f);
    return err;
}

/* --- merge --------------------------------------------------------------------------------------
 */

static u32 call_merge(struct database *db, struct database *from, const struct pair_call *c)
{
    return db_merge(db, from, c->text);
}

UINT WINAPI MsiDatabaseMergeW(MSIHANDLE handle, MSIHANDLE from, const WCHAR *table)
{
    struct pair_call c = {.call = call_merge, .text = w16(table)};

    return with_both(handle, from, &c);
}

UINT WINAPI MsiDatabaseMergeA(MSIHANDLE handle, MSIHANDLE from, const char *table)
{
    struct pair_call c = {.call = call_merge};
    struct text_in text;
    u32 err = text_from_a(&text, table);

    if (err)
        return err;
    c.text = text.text;
    err = with_both(handle, from, &c);
    text_done(&text);
    return err;
}
