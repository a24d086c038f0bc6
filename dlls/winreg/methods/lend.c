/*
 * Kernel handles that are keys of ours: duplicates, and values that turn out to be somebody else's.
 */
#include "access.h"
#include "inside.h"
#include "space.h"

u32 inside_lend(RPC_HKEY key, HANDLE duplicate, u32 sam)
{
    struct call c;
    u32 handle, wanted, view, err = call_begin_any(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (!c.row.mount && c.row.id == SPACE_TRANSACTION)
        err = ERROR_NOT_SUPPORTED; /* its end is that of its one handle */
    else if (!hnd_value(duplicate, &handle))
        err = ERROR_NO_SYSTEM_RESOURCES;
    else if (sam && !(err = access_parse(sam & ~(u32)SYNCHRONIZE, &wanted, &view)) &&
             !(wanted & ACCESS_MAXIMUM))
        c.row.access &= wanted | ACCESS_VIEW_32 | ACCESS_VIEW_64;
    c.row.flags &= ~(u32)(ROW_LENT | ROW_PROTECTED);
    return call_end(&c, err ? err : call_lend(&c.row, handle));
}

bool inside_flag(RPC_HKEY key, u32 set, u32 clear)
{
    u32 handle;
    return hnd_value(key, &handle) && hnd_flag(handle, set, clear);
}

enum hnd_state inside_kernel(const void *value)
{
    u32 handle;
    return hnd_value(value, &handle) ? hnd_state(handle) : HND_NONE;
}

void inside_other(const void *value, bool is_other)
{
    u32 handle;
    if (hnd_value(value, &handle))
        hnd_other(handle, is_other);
}

void inside_forget(const void *value)
{
    struct call c;
    u32 handle;
    if (!hnd_value(value, &handle) || hnd_state(handle) < HND_OPEN || call_begin_open(&c))
        return;
    TRACE(TRACE_WINREG, "%p is somebody else's now: it was closed as a kernel handle", value);
    hnd_forget(handle);
    call_end(&c, ERROR_SUCCESS);
}
