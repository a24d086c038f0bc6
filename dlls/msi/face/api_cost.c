/*
 * MsiEnumComponentCosts and MsiVerifyDiskSpace.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "strio.h"
#include "use.h"

/* The one drive that a component's files go to, with their size in units of 512 bytes. */
static u32 component_cost(MSIHANDLE install, const struct text_in *component, DWORD index,
                          struct text_buf *drive, INT *cost)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = session_component_cost(s, component->text ? component->text : u"", component->len, drive,
                                 cost);
    if (!err && index)
        err = ERROR_NO_MORE_ITEMS;
    hnd_done(&use);
    return err;
}

static u32 enum_costs(MSIHANDLE install, const struct text_in *component, DWORD index,
                      struct text_out out, INT *cost, INT *temp)
{
    struct text_buf drive;
    INT found = 0;
    u32 err;

    if (!out.buf || !out.size || !cost || !temp)
        return ERROR_INVALID_PARAMETER;
    tb_init(&drive);
    err = component_cost(install, component, index, &drive, &found);
    if (!err) {
        *cost = found;
        *temp = 0;
        err = text_put(out, drive.s ? drive.s : u"", drive.len);
    }
    tb_free(&drive);
    return err;
}

UINT WINAPI MsiEnumComponentCostsW(MSIHANDLE install, const WCHAR *component, DWORD index,
                                   INSTALLSTATE state, WCHAR *drive, DWORD *size, INT *cost,
                                   INT *temp)
{
    struct text_in text;

    (void)state;
    text_from_w(&text, component);
    return enum_costs(install, &text, index, out_w(drive, size), cost, temp);
}

UINT WINAPI MsiEnumComponentCostsA(MSIHANDLE install, const char *component, DWORD index,
                                   INSTALLSTATE state, char *drive, DWORD *size, INT *cost,
                                   INT *temp)
{
    struct text_in text;
    u32 err = text_from_a(&text, component);

    (void)state;
    if (err)
        return err;
    err = enum_costs(install, &text, index, out_a(drive, size), cost, temp);
    text_done(&text);
    return err;
}

UINT WINAPI MsiVerifyDiskSpace(MSIHANDLE install)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = session_verify_space(s);
    hnd_done(&use);
    return err;
}
