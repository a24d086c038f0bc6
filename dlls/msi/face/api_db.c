/*
 * MsiOpenDatabase and the functions on a database handle.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "errorrec.h"
#include "fullpath.h"
#include "strio.h"
#include "trace.h"
#include "use.h"

/* --- opening ------------------------------------------------------------------------------------
 */

enum { PATCHFILE = 32 };

static u32 open_mode(const char16_t *path, ULONG_PTR persist, struct database **out)
{
    ULONG_PTR mode = persist & ~(ULONG_PTR)PATCHFILE;
    char16_t *full;
    u32 err;

    if (mode > DB_CREATEDIRECT)
        return ERROR_INVALID_PARAMETER;
    err = full_path(path, &full);
    if (err)
        return mode >= DB_CREATE ? ERROR_CREATE_FAILED : ERROR_OPEN_FAILED;
    err = db_open(full, (enum db_mode)mode, persist & PATCHFILE, out);
    os_free(full);
    return err;
}

static u32 open_output(const char16_t *path, const char16_t *output, struct database **out)
{
    char16_t *from = NULL, *to = NULL;
    u32 err = full_path(path, &from);

    if (!err)
        err = full_path(output, &to);
    err = err ? ERROR_OPEN_FAILED : db_open_output(from, to, false, out);
    os_free(from);
    os_free(to);
    return err;
}

/* persist: a mode, or where `output` is not NULL unused. */
static u32 open_database(const char16_t *path, ULONG_PTR persist, const char16_t *output,
                         MSIHANDLE *out)
{
    struct database *db;
    u32 err;

    if (!path || !out)
        return ERROR_INVALID_PARAMETER;
    err = output ? open_output(path, output, &db) : open_mode(path, persist, &db);
    if (!err)
        err = give_handle(db_object(db), out);
    TRACE(TRACE_MSI, "MsiOpenDatabase(%s) = %u", trace_text(path, -1), err);
    return err;
}

static bool is_mode(const void *persist)
{
    return (ULONG_PTR)persist <= 0xffff;
}

UINT WINAPI MsiOpenDatabaseW(const WCHAR *path, const WCHAR *persist, MSIHANDLE *out)
{
    return open_database(w16(path), (ULONG_PTR)persist, is_mode(persist) ? NULL : w16(persist),
                         out);
}

UINT WINAPI MsiOpenDatabaseA(const char *path, const char *persist, MSIHANDLE *out)
{
    struct text_in p, o;
    u32 err = text_from_a(&p, path);

    if (err)
        return err;
    err = text_from_a(&o, is_mode(persist) ? NULL : persist);
    if (!err) {
        err = open_database(p.text, (ULONG_PTR)persist, o.text, out);
        text_done(&o);
    }
    text_done(&p);
    return err;
}

/* --- state --------------------------------------------------------------------------------------
 */

MSIDBSTATE WINAPI MsiGetDatabaseState(MSIHANDLE handle)
{
    struct hnd_use use;
    struct database *db = use_database(handle, &use);
    MSIDBSTATE state;

    if (!db)
        return MSIDBSTATE_ERROR;
    state = db_writable(db) ? MSIDBSTATE_WRITE : MSIDBSTATE_READ;
    hnd_done(&use);
    return state;
}

UINT WINAPI MsiDatabaseCommit(MSIHANDLE handle)
{
    struct hnd_use use;
    struct database *db = use_database(handle, &use);
    u32 err;

    if (!db)
        return ERROR_INVALID_HANDLE;
    err = db_commit(db);
    hnd_done(&use);
    return err;
}

/* --- tables -------------------------------------------------------------------------------------
 */

static u32 get_keys(MSIHANDLE handle, const struct text_in *table, MSIHANDLE *out)
{
    struct hnd_use use;
    struct database *db;
    struct record *r = NULL;
    u32 err = ERROR_INVALID_PARAMETER;

    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    if (table->text && out)
        err = db_primary_keys(db, table->text, table->len, &r);
    if (!err)
        err = give_handle(rec_object(r), out);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDatabaseGetPrimaryKeysW(MSIHANDLE handle, const WCHAR *table, MSIHANDLE *out)
{
    struct text_in text;

    text_from_w(&text, table);
    return get_keys(handle, &text, out);
}

UINT WINAPI MsiDatabaseGetPrimaryKeysA(MSIHANDLE handle, const char *table, MSIHANDLE *out)
{
    struct text_in text;
    u32 err = text_from_a(&text, table);

    if (err)
        return err;
    err = get_keys(handle, &text, out);
    text_done(&text);
    return err;
}

static MSICONDITION is_persistent(MSIHANDLE handle, const struct text_in *table)
{
    struct hnd_use use;
    struct database *db;
    int condition;

    if (!table->text)
        return MSICONDITION_ERROR;
    db = use_database(handle, &use);
    if (!db)
        return MSICONDITION_ERROR;
    condition = db_is_table_persistent(db, table->text, table->len);
    hnd_done(&use);
    return (MSICONDITION)condition;
}

MSICONDITION WINAPI MsiDatabaseIsTablePersistentW(MSIHANDLE handle, const WCHAR *table)
{
    struct text_in text;

    text_from_w(&text, table);
    return is_persistent(handle, &text);
}

MSICONDITION WINAPI MsiDatabaseIsTablePersistentA(MSIHANDLE handle, const char *table)
{
    struct text_in text;
    MSICONDITION condition;

    if (text_from_a(&text, table))
        return MSICONDITION_ERROR;
    condition = is_persistent(handle, &text);
    text_done(&text);
    return condition;
}

MSIHANDLE WINAPI MsiGetLastErrorRecord(void);

MSIHANDLE WINAPI MsiGetLastErrorRecord(void)
{
    struct record *r = err_take();

    return r ? open_object(rec_object(r)) : 0;
}
