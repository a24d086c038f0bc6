/*
 * Functions of ntdll that are put before ntdll's own in the modules of this process, so that an
 * HKEY of ours is what it is on Windows wherever a program or a DLL of Wine's takes it: CloseHandle
 * and DuplicateHandle come through NtClose and NtDuplicateObject, setupapi deletes keys by
 * NtDeleteKey, programs ask NtQueryKey for a key's path. Each looks whether the handle is ours and
 * else passes the call on.
 *
 * Nothing of Wine's code is changed: the import tables of the modules in memory are, each where it
 * names one of these functions, and what GetProcAddress answers. Functions that are reached by
 * other ways see a kernel object that is no key, and answer STATUS_OBJECT_TYPE_MISMATCH.
 *
 * Where advapi32 is ours, the Reg* functions that a module takes from kernel32 or from an API set,
 * which Wine's loader resolves to kernelbase, are ours as well.
 */
#ifndef DECANTER_INTERPOSE_H
#define DECANTER_INTERPOSE_H

#include "face.h"

#include <winternl.h>

/* For DllMain, when the DLL is attached. */
void interpose_start(HMODULE self);
/* GetProcAddress that nothing stands before. */
void *interpose_real(HMODULE module, const char *name);

typedef void *apc_routine;

/* ntdll's own, in the order of the table in interpose.c; NULL where this ntdll has none. */
struct nt_functions {
    NTSTATUS(NTAPI *Close)(HANDLE);
    NTSTATUS(NTAPI *CreateKey)
    (HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG, UNICODE_STRING *, ULONG, ULONG *);
    NTSTATUS(NTAPI *DeleteKey)(HANDLE);
    NTSTATUS(NTAPI *DeleteValueKey)(HANDLE, UNICODE_STRING *);
    NTSTATUS(NTAPI *DuplicateObject)
    (HANDLE, HANDLE, HANDLE, HANDLE *, ACCESS_MASK, ULONG, ULONG);
    NTSTATUS(NTAPI *EnumerateKey)(HANDLE, ULONG, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *EnumerateValueKey)(HANDLE, ULONG, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *FlushKey)(HANDLE);
    NTSTATUS(NTAPI *GetProcedureAddress)(HMODULE, ANSI_STRING *, ULONG, void **);
    NTSTATUS(NTAPI *NotifyChangeKey)
    (HANDLE, HANDLE, apc_routine, void *, IO_STATUS_BLOCK *, ULONG, BOOLEAN, void *, ULONG,
     BOOLEAN);
    NTSTATUS(NTAPI *OpenKey)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *);
    NTSTATUS(NTAPI *OpenKeyEx)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG);
    NTSTATUS(NTAPI *QueryKey)(HANDLE, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *QueryObject)(HANDLE, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *QuerySecurityObject)(HANDLE, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *QueryValueKey)(HANDLE, UNICODE_STRING *, ULONG, void *, ULONG, ULONG *);
    NTSTATUS(NTAPI *RenameKey)(HANDLE, UNICODE_STRING *);
    NTSTATUS(NTAPI *SetInformationObject)(HANDLE, ULONG, void *, ULONG);
    NTSTATUS(NTAPI *SetSecurityObject)(HANDLE, ULONG, void *);
    NTSTATUS(NTAPI *SetValueKey)(HANDLE, UNICODE_STRING *, ULONG, ULONG, const void *, ULONG);
};
extern struct nt_functions nt_real;

#define NT_SUCCESS_            ((NTSTATUS)0)
#define NT_OVERFLOW            ((NTSTATUS)0x80000005)
#define NT_NO_MORE_ENTRIES     ((NTSTATUS)0x8000001a)
#define NT_UNSUCCESSFUL        ((NTSTATUS)0xc0000001)
#define NT_INVALID_HANDLE      ((NTSTATUS)0xc0000008)
#define NT_INVALID_PARAMETER   ((NTSTATUS)0xc000000d)
#define NT_NO_MEMORY           ((NTSTATUS)0xc0000017)
#define NT_ACCESS_DENIED       ((NTSTATUS)0xc0000022)
#define NT_BUFFER_TOO_SMALL    ((NTSTATUS)0xc0000023)
#define NT_TYPE_MISMATCH       ((NTSTATUS)0xc0000024)
#define NT_NAME_NOT_FOUND      ((NTSTATUS)0xc0000034)
#define NT_NAME_COLLISION      ((NTSTATUS)0xc0000035)
#define NT_NOT_SUPPORTED       ((NTSTATUS)0xc00000bb)
#define NT_CANNOT_DELETE       ((NTSTATUS)0xc0000121)
#define NT_KEY_DELETED         ((NTSTATUS)0xc000017c)
#define NT_HANDLE_NOT_CLOSABLE ((NTSTATUS)0xc0000235)

NTSTATUS nt_status(u32 err);

/* What stands before ntdll's (nt_handles.c, nt_keys.c, nt_values.c, nt_query.c). */
NTSTATUS NTAPI nt_close(HANDLE handle);
NTSTATUS NTAPI nt_duplicate_object(HANDLE from, HANDLE handle, HANDLE to, HANDLE *out,
                                   ACCESS_MASK access, ULONG attributes, ULONG options);
NTSTATUS NTAPI nt_query_object(HANDLE handle, ULONG what, void *buf, ULONG size, ULONG *needed);
NTSTATUS NTAPI nt_set_information_object(HANDLE handle, ULONG what, void *buf, ULONG size);
NTSTATUS NTAPI nt_query_security_object(HANDLE handle, ULONG what, void *buf, ULONG size,
                                        ULONG *needed);
NTSTATUS NTAPI nt_set_security_object(HANDLE handle, ULONG what, void *sd);
NTSTATUS NTAPI nt_create_key(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                             ULONG title, UNICODE_STRING *class_name, ULONG options,
                             ULONG *disposition);
NTSTATUS NTAPI nt_open_key(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI nt_open_key_ex(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                              ULONG options);
NTSTATUS NTAPI nt_delete_key(HANDLE key);
NTSTATUS NTAPI nt_flush_key(HANDLE key);
NTSTATUS NTAPI nt_rename_key(HANDLE key, UNICODE_STRING *name);
NTSTATUS NTAPI nt_notify_change_key(HANDLE key, HANDLE event, apc_routine apc, void *apc_context,
                                    IO_STATUS_BLOCK *io, ULONG filter, BOOLEAN subtree, void *buf,
                                    ULONG size, BOOLEAN async);
NTSTATUS NTAPI nt_query_key(HANDLE key, ULONG what, void *buf, ULONG size, ULONG *needed);
NTSTATUS NTAPI nt_enumerate_key(HANDLE key, ULONG index, ULONG what, void *buf, ULONG size,
                                ULONG *needed);
NTSTATUS NTAPI nt_delete_value_key(HANDLE key, UNICODE_STRING *name);
NTSTATUS NTAPI nt_set_value_key(HANDLE key, UNICODE_STRING *name, ULONG title, ULONG type,
                                const void *data, ULONG size);
NTSTATUS NTAPI nt_query_value_key(HANDLE key, UNICODE_STRING *name, ULONG what, void *buf,
                                  ULONG size, ULONG *needed);
NTSTATUS NTAPI nt_enumerate_value_key(HANDLE key, ULONG index, ULONG what, void *buf, ULONG size,
                                      ULONG *needed);

/* An answer of a fixed part and two tails, as ntdll gives it: *needed is the whole size.
 * NT_BUFFER_TOO_SMALL where not even the fixed part fits, NT_OVERFLOW where it was cut. */
struct nt_answer {
    const void *part[3];
    ULONG size[3];
};
NTSTATUS nt_give(const struct nt_answer *answer, void *buf, ULONG size, ULONG *needed);
/* A counted name as a terminated one, from os_alloc. NT_INVALID_PARAMETER for one with a NUL in
 * it, NT_NO_MEMORY. */
NTSTATUS nt_text(const UNICODE_STRING *name, WCHAR **text);
/* The whole name of a key of ours, from os_alloc; *bytes without the terminator. */
NTSTATUS nt_key_name(HANDLE key, WCHAR **name, ULONG *bytes);

#endif
