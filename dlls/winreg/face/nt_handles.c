/*
 * What ntdll's functions on any handle do with one of ours.
 */
#include "interpose.h"
#include "inside.h"
#include "nt_lend.h"
#include "os.h"

enum { OBJECT_NAME = 1, OBJECT_TYPE = 2, OBJECT_HANDLE_FLAGS = 4 };

struct handle_flags {
    BOOLEAN inherit, protect;
};

NTSTATUS NTAPI nt_close(HANDLE handle)
{
    RPC_HKEY key = face_untagged((HKEY)handle);
    u32 err;
    switch (inside_kernel(handle)) {
    case HND_OPEN:
        err = BaseRegCloseKey(&key);
        FACE_TRACE("CloseHandle(%p): %lu", handle, (unsigned long)err);
        if (err == ERROR_INVALID_HANDLE && inside_kernel(handle) == HND_OPEN)
            return NT_HANDLE_NOT_CLOSABLE;
        return nt_status(err);
    case HND_RESTING:
        return NT_INVALID_HANDLE;
    case HND_OTHER:
        inside_other(handle, false);
        return nt_real.Close(handle);
    default:
        return nt_real.Close(handle);
    }
}

static bool is_own_process(HANDLE process)
{
    return process == GetCurrentProcess() || GetProcessId(process) == GetCurrentProcessId();
}

/* The duplicate is a handle of the same key. It is made by ntdll, as the kernel object's. */
static NTSTATUS duplicate(HANDLE handle, HANDLE to, HANDLE *out, ACCESS_MASK access,
                          ULONG attributes, ULONG options)
{
    HANDLE self = GetCurrentProcess(), made;
    NTSTATUS status = nt_real.DuplicateObject(self, handle, to, &made, access, attributes,
                                              options & ~(ULONG)DUPLICATE_CLOSE_SOURCE);
    u32 err;
    if (status)
        return status;
    if (is_own_process(to)) {
        u32 sam = options & DUPLICATE_SAME_ACCESS ? 0 : access ? access : SYNCHRONIZE;
        err = inside_lend(face_untagged((HKEY)handle), made, sam);
        if (err) {
            nt_real.Close(made);
            return nt_status(err);
        }
        if (attributes & OBJ_INHERIT)
            lend_out((HKEY)made);
    } else if (!lend_out((HKEY)handle)) {
        inside_flag(face_untagged((HKEY)handle), ROW_LENT, 0);
    }
    *out = made;
    return NT_SUCCESS_;
}

NTSTATUS NTAPI nt_duplicate_object(HANDLE from, HANDLE handle, HANDLE to, HANDLE *out,
                                   ACCESS_MASK access, ULONG attributes, ULONG options)
{
    enum hnd_state state = inside_kernel(handle);
    NTSTATUS status;
    HANDLE made = NULL;
    if (state < HND_OPEN || !is_own_process(from)) {
        status = nt_real.DuplicateObject(from, handle, to, out, access, attributes, options);
        /* The table had this value, and it is another handle's: it was closed past the table. */
        if (!status && out && to && is_own_process(to) && inside_kernel(*out) >= HND_OPEN)
            inside_forget(*out);
        return status;
    }
    if (state == HND_RESTING)
        return NT_INVALID_HANDLE;
    status = to ? duplicate(handle, to, &made, access, attributes, options)
             : options & DUPLICATE_CLOSE_SOURCE ? NT_SUCCESS_
                                                : NT_INVALID_HANDLE;
    if (!status && out)
        *out = made;
    else if (made)
        nt_close(made);
    FACE_TRACE("DuplicateHandle(%p) = %p, %lx", handle, made, (unsigned long)status);
    if (options & DUPLICATE_CLOSE_SOURCE)
        nt_close(handle);
    return status;
}

NTSTATUS NTAPI nt_set_information_object(HANDLE handle, ULONG what, void *buf, ULONG size)
{
    enum hnd_state state = inside_kernel(handle);
    NTSTATUS status = state == HND_RESTING ? NT_INVALID_HANDLE
                                           : nt_real.SetInformationObject(handle, what, buf, size);
    if (status || state != HND_OPEN || what != OBJECT_HANDLE_FLAGS)
        return status;
    /* The object is not used for another key then. */
    if (((const struct handle_flags *)buf)->inherit)
        lend_out((HKEY)handle);
    if (((const struct handle_flags *)buf)->protect)
        inside_flag(handle, ROW_LENT | ROW_PROTECTED, 0);
    else
        inside_flag(handle, ROW_LENT, ROW_PROTECTED);
    return NT_SUCCESS_;
}

/* The object's type reads Directory, which is longer. */
static void say_key(void *buf, ULONG size)
{
    static const WCHAR key[] = L"Key";
    UNICODE_STRING *type = buf;
    if (size < sizeof(*type) + sizeof(key) || !type->Buffer || type->Length < sizeof(key))
        return;
    memcpy(type->Buffer, key, sizeof(key));
    type->Length = sizeof(key) - sizeof(WCHAR);
}

static NTSTATUS query_name(HANDLE handle, void *buf, ULONG size, ULONG *needed)
{
    UNICODE_STRING *text = buf;
    WCHAR *name;
    ULONG bytes, whole;
    NTSTATUS status = nt_key_name(handle, &name, &bytes);
    if (status)
        return status;
    whole = sizeof(*text) + bytes + sizeof(WCHAR);
    if (needed)
        *needed = whole;
    if (size >= whole && bytes < 0xfffe) {
        text->Buffer = (WCHAR *)(text + 1);
        text->Length = (USHORT)bytes;
        text->MaximumLength = (USHORT)(bytes + sizeof(WCHAR));
        memcpy(text->Buffer, name, bytes + sizeof(WCHAR));
    } else {
        status = size < sizeof(*text) ? (NTSTATUS)0xc0000004 : NT_OVERFLOW;
    }
    os_free(name);
    return status;
}

NTSTATUS NTAPI nt_query_object(HANDLE handle, ULONG what, void *buf, ULONG size, ULONG *needed)
{
    enum hnd_state state = inside_kernel(handle);
    NTSTATUS status;
    if (state == HND_RESTING)
        return NT_INVALID_HANDLE;
    if (state == HND_OPEN && what == OBJECT_NAME)
        return query_name(handle, buf, size, needed);
    status = nt_real.QueryObject(handle, what, buf, size, needed);
    if (!status && state == HND_OPEN && what == OBJECT_TYPE)
        say_key(buf, size);
    return status;
}

NTSTATUS NTAPI nt_query_security_object(HANDLE handle, ULONG what, void *buf, ULONG size,
                                        ULONG *needed)
{
    DWORD room = size;
    u32 err;
    if (inside_kernel(handle) < HND_OPEN)
        return nt_real.QuerySecurityObject(handle, what, buf, size, needed);
    err = (u32)RegGetKeySecurity((HKEY)handle, what, buf, &room);
    if (needed && (!err || err == ERROR_INSUFFICIENT_BUFFER))
        *needed = room;
    return nt_status(err);
}

NTSTATUS NTAPI nt_set_security_object(HANDLE handle, ULONG what, void *sd)
{
    if (inside_kernel(handle) < HND_OPEN)
        return nt_real.SetSecurityObject(handle, what, sd);
    if (!what) /* nothing to set, as SetSecurityInfo asks it */
        return inside_kernel(handle) == HND_OPEN ? NT_SUCCESS_ : NT_INVALID_HANDLE;
    return nt_status((u32)RegSetKeySecurity((HKEY)handle, what, sd));
}
