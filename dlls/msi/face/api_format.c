/*
 * MsiFormatRecord.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "format.h"
#include "strio.h"
#include "use.h"

static u32 format_record(MSIHANDLE install, MSIHANDLE record, struct text_out out)
{
    struct text_buf text;
    struct hnd_use use, use_install = {0};
    struct record *r = use_record(record, &use);
    struct session *s;
    u32 err;

    if (!r)
        return ERROR_INVALID_HANDLE;
    if (out.buf && !out.size) {
        hnd_done(&use);
        return ERROR_INVALID_PARAMETER;
    }
    /* What is no session is taken for none. */
    s = use_session(install, &use_install);
    tb_init(&text);
    err = s ? session_format(s, r, &text) : fmt_record(r, NULL, NULL, &text);
    if (!err)
        err = text_put(out, text.s ? text.s : u"", text.len);
    tb_free(&text);
    if (s)
        hnd_done(&use_install);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiFormatRecordW(MSIHANDLE install, MSIHANDLE record, WCHAR *buf, DWORD *size)
{
    return format_record(install, record, out_w(buf, size));
}

UINT WINAPI MsiFormatRecordA(MSIHANDLE install, MSIHANDLE record, char *buf, DWORD *size)
{
    return format_record(install, record, out_a(buf, size));
}
