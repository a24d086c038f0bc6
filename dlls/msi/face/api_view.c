/*
 * MsiDatabaseOpenView and MsiView*.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "strio.h"
#include "utf16.h"
#include "use.h"

static u32 open_view(MSIHANDLE handle, const struct text_in *query, MSIHANDLE *out)
{
    struct hnd_use use;
    struct database *db;
    struct view *v;
    u32 err;

    if (!out)
        return ERROR_INVALID_PARAMETER;
    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    err = view_open(db, query->text ? query->text : u"", query->len, &v);
    if (!err)
        err = give_handle(view_object(v), out);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDatabaseOpenViewW(MSIHANDLE handle, const WCHAR *query, MSIHANDLE *out)
{
    struct text_in text;

    text_from_w(&text, query);
    return open_view(handle, &text, out);
}

UINT WINAPI MsiDatabaseOpenViewA(MSIHANDLE handle, const char *query, MSIHANDLE *out)
{
    struct text_in text;
    u32 err = text_from_a(&text, query);

    if (err)
        return err;
    err = open_view(handle, &text, out);
    text_done(&text);
    return err;
}

UINT WINAPI MsiViewExecute(MSIHANDLE handle, MSIHANDLE record)
{
    struct hnd_use use, use_rec = {0};
    struct record *r = NULL;
    struct view *v = use_view(handle, &use);
    u32 err;

    if (!v)
        return ERROR_INVALID_HANDLE;
    if (record && !(r = use_record(record, &use_rec))) {
        hnd_done(&use);
        return ERROR_INVALID_HANDLE;
    }
    err = view_execute(v, r);
    hnd_done(&use_rec);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiViewFetch(MSIHANDLE handle, MSIHANDLE *out)
{
    struct hnd_use use;
    struct record *r;
    struct view *v;
    u32 err;

    if (!out)
        return ERROR_INVALID_PARAMETER;
    *out = 0;
    v = use_view(handle, &use);
    if (!v)
        return ERROR_INVALID_HANDLE;
    err = view_fetch(v, &r);
    if (!err)
        err = give_handle(rec_object(r), out);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiViewClose(MSIHANDLE handle)
{
    struct hnd_use use;
    struct view *v = use_view(handle, &use);
    u32 err;

    if (!v)
        return ERROR_INVALID_HANDLE;
    err = view_close(v);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiViewGetColumnInfo(MSIHANDLE handle, MSICOLINFO info, MSIHANDLE *out)
{
    struct hnd_use use;
    struct record *r;
    struct view *v;
    u32 err;

    if (!out || (info != MSICOLINFO_NAMES && info != MSICOLINFO_TYPES))
        return ERROR_INVALID_PARAMETER;
    v = use_view(handle, &use);
    if (!v)
        return ERROR_INVALID_HANDLE;
    err = view_column_info(v, info == MSICOLINFO_NAMES, &r);
    if (!err)
        err = give_handle(rec_object(r), out);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiViewModify(MSIHANDLE handle, MSIMODIFY mode, MSIHANDLE record)
{
    struct hnd_use use, use_rec;
    struct view *v = use_view(handle, &use);
    struct record *r;
    u32 err;

    if (!v)
        return ERROR_INVALID_HANDLE;
    r = use_record(record, &use_rec);
    if (r) {
        err = view_modify(v, (int)mode, r);
        hnd_done(&use_rec);
    } else {
        err = ERROR_INVALID_HANDLE;
    }
    hnd_done(&use);
    return err;
}

static MSIDBERROR get_error(MSIHANDLE handle, struct text_out out)
{
    char16_t column[TBL_MAX_NAME + 1];
    struct hnd_use use;
    struct view *v;
    int error;

    if (!out.size)
        return MSIDBERROR_INVALIDARG;
    v = use_view(handle, &use);
    if (!v)
        return MSIDBERROR_INVALIDARG;
    error = view_next_error(v, column);
    /* The error has been told then too, as with Windows. */
    if (text_put(out, column, u16_len(column)) == ERROR_MORE_DATA)
        error = MSIDBERROR_MOREDATA;
    hnd_done(&use);
    return (MSIDBERROR)error;
}

MSIDBERROR WINAPI MsiViewGetErrorW(MSIHANDLE handle, WCHAR *buf, DWORD *size)
{
    return get_error(handle, out_w(buf, size));
}

MSIDBERROR WINAPI MsiViewGetErrorA(MSIHANDLE handle, char *buf, DWORD *size)
{
    return get_error(handle, out_a(buf, size));
}
