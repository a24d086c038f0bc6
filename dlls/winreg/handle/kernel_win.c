/*
 * The object is a directory of the object manager: to make one is one call, and it can neither be
 * waited for nor, without a name, be found by anybody. Every function of ntdll on keys answers
 * STATUS_OBJECT_TYPE_MISMATCH for it.
 */
#include "kernel.h"

#include <windows.h>
#include <winternl.h>

NTSYSAPI NTSTATUS NTAPI NtCreateDirectoryObject(HANDLE *handle, ACCESS_MASK access,
                                                OBJECT_ATTRIBUTES *attributes);

/* The rights of a key with all of them, for those who ask the kernel what a handle may do; with
 * SYNCHRONIZE a wait fails for its type and not for its rights, as on Windows. */
#define OBJECT_RIGHTS (KEY_ALL_ACCESS | SYNCHRONIZE)

u32 kernel_make(u32 *handle)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE made;
    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    if (NtCreateDirectoryObject(&made, OBJECT_RIGHTS, &attributes))
        return ERROR_NO_SYSTEM_RESOURCES;
    *handle = (u32)(uintptr_t)made;
    if ((uintptr_t)made == *handle)
        return ERROR_SUCCESS;
    NtClose(made);
    return ERROR_NO_SYSTEM_RESOURCES;
}

void kernel_close(u32 handle)
{
    NtClose((HANDLE)(uintptr_t)handle);
}
