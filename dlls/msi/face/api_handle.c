/*
 * MsiCloseHandle and MsiCloseAllHandles.
 */
#include <windows.h>
#include <msi.h>

#include "door.h"
#include "handle.h"
#include "trace.h"

UINT WINAPI MsiCloseHandle(MSIHANDLE handle)
{
    u32 err = hnd_close(handle);

    TRACE(TRACE_MSI, "MsiCloseHandle(%lu) = %u", handle, err);
    return err;
}

UINT WINAPI MsiCloseAllHandles(void);

UINT WINAPI MsiCloseAllHandles(void)
{
    u32 n = hnd_close_all();

    TRACE(TRACE_MSI, "MsiCloseAllHandles() = %u", n);
    return n;
}
