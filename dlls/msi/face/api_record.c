/*
 * MsiCreateRecord and MsiRecord*.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "errorrec.h"
#include "strio.h"
#include "trace.h"
#include "use.h"

MSIHANDLE WINAPI MsiCreateRecord(UINT count)
{
    struct record *r = rec_create(count);
    MSIHANDLE h = r ? hnd_open(rec_object(r)) : 0;

    TRACE(TRACE_MSI, "MsiCreateRecord(%u) = %lu", count, h);
    return h;
}

UINT WINAPI MsiRecordGetFieldCount(MSIHANDLE handle)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    UINT count;

    if (!r)
        return (UINT)-1;
    count = rec_count(r);
    hnd_done(&use);
    return count;
}

BOOL WINAPI MsiRecordIsNull(MSIHANDLE handle, UINT field)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    BOOL null;

    if (!r)
        return FALSE;
    null = rec_is_null(r, field);
    hnd_done(&use);
    return null;
}

UINT WINAPI MsiRecordDataSize(MSIHANDLE handle, UINT field)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    UINT size;

    if (!r)
        return 0;
    size = rec_data_size(r, field);
    hnd_done(&use);
    return size;
}

UINT WINAPI MsiRecordClearData(MSIHANDLE handle)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);

    if (!r)
        return ERROR_INVALID_HANDLE;
    rec_clear(r);
    hnd_done(&use);
    return ERROR_SUCCESS;
}

/* --- integers -----------------------------------------------------------------------------------
 */

UINT WINAPI MsiRecordSetInteger(MSIHANDLE handle, UINT field, int value)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    u32 err;

    if (!r)
        return ERROR_INVALID_HANDLE;
    err = rec_set_int(r, field, value);
    hnd_done(&use);
    return err;
}

int WINAPI MsiRecordGetInteger(MSIHANDLE handle, UINT field)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    int value;

    if (!r)
        return MSI_NULL_INTEGER;
    value = rec_get_int(r, field);
    hnd_done(&use);
    return value;
}

/* --- texts --------------------------------------------------------------------------------------
 */

static u32 set_text(MSIHANDLE handle, UINT field, const struct text_in *text)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    u32 err;

    if (!r)
        return ERROR_INVALID_HANDLE;
    err = rec_set_text(r, field, text->text, text->len);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiRecordSetStringW(MSIHANDLE handle, UINT field, const WCHAR *value)
{
    struct text_in text;

    text_from_w(&text, value);
    return set_text(handle, field, &text);
}

UINT WINAPI MsiRecordSetStringA(MSIHANDLE handle, UINT field, const char *value)
{
    struct text_in text;
    u32 err = text_from_a(&text, value);

    if (err)
        return err;
    err = set_text(handle, field, &text);
    text_done(&text);
    return err;
}

static u32 get_text(MSIHANDLE handle, UINT field, struct text_out out)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    struct rec_view view;
    u32 err;

    if (!r)
        return ERROR_INVALID_HANDLE;
    rec_lock(r);
    err = rec_view(r, field, &view);
    if (!err)
        err = text_put(out, view.text, view.len);
    else if (out.size)
        *out.size = 0;
    if (err == ERROR_MORE_DATA && field > rec_count(r)) /* what is not there needs no room */
        err = ERROR_SUCCESS;
    rec_unlock(r);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiRecordGetStringW(MSIHANDLE handle, UINT field, WCHAR *buf, DWORD *size)
{
    return get_text(handle, field, out_w(buf, size));
}

UINT WINAPI MsiRecordGetStringA(MSIHANDLE handle, UINT field, char *buf, DWORD *size)
{
    return get_text(handle, field, out_a(buf, size));
}

/* --- streams ------------------------------------------------------------------------------------
 */

static u32 set_stream_file(struct record *r, UINT field, const char16_t *path)
{
    struct rec_stream *s;
    u32 err;

    if (!field || field > rec_count(r))
        return ERROR_INVALID_PARAMETER;
    err = rstream_from_file(path, &s);
    if (err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND || err == ERROR_INVALID_NAME)
        return ERROR_BAD_PATHNAME;
    if (err)
        return err;
    err = rec_set_stream(r, field, s);
    rstream_release(s);
    return err;
}

static u32 set_stream(MSIHANDLE handle, UINT field, const char16_t *path)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    u32 err;

    if (!r)
        return ERROR_INVALID_HANDLE;
    err = path ? set_stream_file(r, field, path) : rec_rewind(r, field);
    hnd_done(&use);
    err_clear(); /* no message is about this */
    return err;
}

UINT WINAPI MsiRecordSetStreamW(MSIHANDLE handle, UINT field, const WCHAR *path)
{
    return set_stream(handle, field, w16(path));
}

UINT WINAPI MsiRecordSetStreamA(MSIHANDLE handle, UINT field, const char *path)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = set_stream(handle, field, text.text);
    text_done(&text);
    return err;
}

UINT WINAPI MsiRecordReadStream(MSIHANDLE handle, UINT field, char *buf, DWORD *size)
{
    struct hnd_use use;
    struct record *r = use_record(handle, &use);
    u32 err, n;

    if (!r)
        return ERROR_INVALID_HANDLE;
    if (!size) {
        hnd_done(&use);
        return ERROR_INVALID_PARAMETER;
    }
    n = *size;
    err = rec_read_stream(r, field, buf, &n);
    if (!err || err == ERROR_INVALID_DATA)
        *size = n;
    hnd_done(&use);
    return err;
}
