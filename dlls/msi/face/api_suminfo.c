/*
 * MsiGetSummaryInformation and MsiSummaryInfo*.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "fullpath.h"
#include "os.h"
#include "strio.h"
#include "use.h"

static u32 open_file(const char16_t *path, UINT updates, struct suminfo **out)
{
    char16_t *full;
    u32 err = full_path(path, &full);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_INVALID;
    err = suminfo_open_file(full, updates, out);
    os_free(full);
    return err;
}

/* A path that is not empty wins over the database. */
static u32 get_summary(MSIHANDLE handle, const char16_t *path, UINT updates, MSIHANDLE *out)
{
    struct suminfo *s;
    struct hnd_use use;
    struct database *db;
    u32 err;

    if (!out)
        return ERROR_INVALID_PARAMETER;
    if (path && path[0]) {
        err = open_file(path, updates, &s);
        return err ? err : give_handle(suminfo_object(s), out);
    }
    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    err = suminfo_open(db, updates, &s);
    if (!err)
        err = give_handle(suminfo_object(s), out);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiGetSummaryInformationW(MSIHANDLE handle, const WCHAR *path, UINT updates,
                                      MSIHANDLE *out)
{
    return get_summary(handle, w16(path), updates, out);
}

UINT WINAPI MsiGetSummaryInformationA(MSIHANDLE handle, const char *path, UINT updates,
                                      MSIHANDLE *out)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = get_summary(handle, text.text, updates, out);
    text_done(&text);
    return err;
}

UINT WINAPI MsiSummaryInfoGetPropertyCount(MSIHANDLE handle, UINT *count)
{
    struct hnd_use use;
    struct suminfo *s = use_suminfo(handle, &use);

    if (!s)
        return ERROR_INVALID_HANDLE;
    if (count)
        *count = suminfo_count(s);
    hnd_done(&use);
    return ERROR_SUCCESS;
}

/* Without a buffer the size alone is looked at. */
static u32 put_text(struct text_out out, const struct sum_value *v)
{
    DWORD room = out.size ? *out.size : 0;
    u32 err;

    if (!out.size)
        return ERROR_SUCCESS;
    err = text_put(out, v->text, v->len);
    return err || out.buf || *out.size < room ? err : ERROR_MORE_DATA;
}

static u32 get_property(MSIHANDLE handle, UINT id, UINT *type, INT *num, FILETIME *time,
                        struct text_out out)
{
    struct hnd_use use;
    struct suminfo *s = use_suminfo(handle, &use);
    struct sum_value v;
    u32 err;

    if (id > SUM_MAX_PROPERTY) {
        if (s)
            hnd_done(&use);
        if (type)
            *type = VT_EMPTY;
        return ERROR_UNKNOWN_PROPERTY;
    }
    if (!s)
        return ERROR_INVALID_HANDLE;
    err = suminfo_get(s, id, &v);
    hnd_done(&use);
    if (err)
        return err;
    if (type)
        *type = v.type;
    if (num && (v.type == VT_I2 || v.type == VT_I4))
        *num = v.num;
    if (time && v.type == VT_FILETIME) {
        time->dwLowDateTime = (DWORD)v.time;
        time->dwHighDateTime = (DWORD)(v.time >> 32);
    }
    if (v.type == VT_LPSTR)
        err = put_text(out, &v);
    os_free(v.text);
    return err;
}

UINT WINAPI MsiSummaryInfoGetPropertyW(MSIHANDLE handle, UINT id, UINT *type, INT *num,
                                       FILETIME *time, WCHAR *buf, DWORD *size)
{
    return get_property(handle, id, type, num, time, out_w(buf, size));
}

UINT WINAPI MsiSummaryInfoGetPropertyA(MSIHANDLE handle, UINT id, UINT *type, INT *num,
                                       FILETIME *time, char *buf, DWORD *size)
{
    return get_property(handle, id, type, num, time, out_a(buf, size));
}

static u32 set_property(MSIHANDLE handle, UINT id, UINT type, INT num, const FILETIME *time,
                        const struct text_in *text)
{
    struct sum_value v = {.type = type, .num = num};
    struct hnd_use use;
    struct suminfo *s = use_suminfo(handle, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    v.text = (char16_t *)text->text;
    v.len = text->len;
    if (time)
        v.time = (u64)time->dwHighDateTime << 32 | time->dwLowDateTime;
    v.missing = (type == VT_LPSTR && !text->text) || (type == VT_FILETIME && !time);
    err = suminfo_set(s, id, &v);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiSummaryInfoSetPropertyW(MSIHANDLE handle, UINT id, UINT type, INT num,
                                       FILETIME *time, const WCHAR *value)
{
    struct text_in text;

    text_from_w(&text, type == VT_LPSTR ? value : NULL);
    return set_property(handle, id, type, num, time, &text);
}

UINT WINAPI MsiSummaryInfoSetPropertyA(MSIHANDLE handle, UINT id, UINT type, INT num,
                                       FILETIME *time, const char *value)
{
    struct text_in text;
    u32 err = text_from_a(&text, type == VT_LPSTR ? value : NULL);

    if (err)
        return err;
    err = set_property(handle, id, type, num, time, &text);
    text_done(&text);
    return err;
}

UINT WINAPI MsiSummaryInfoPersist(MSIHANDLE handle)
{
    struct hnd_use use;
    struct suminfo *s = use_suminfo(handle, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = suminfo_persist(s);
    hnd_done(&use);
    return err;
}
