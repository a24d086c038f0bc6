/*
 * RegGetKeySecurity, RegSetKeySecurity, and descriptors for those who create keys and files.
 */
#include "security.h"
#include "wineparts.h"
#include "os.h"

#include <winternl.h>

#include <string.h>

/* ntdll's, which winreg.dll may import where advapi32's it may not. */
NTSYSAPI NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR, PSECURITY_DESCRIPTOR, PULONG);
NTSYSAPI NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR,
                                                        PSECURITY_DESCRIPTOR_CONTROL, PULONG);
NTSYSAPI NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR, PSID *, PBOOLEAN);
NTSYSAPI NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR, PSID *, PBOOLEAN);
NTSYSAPI NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR, PBOOLEAN, PACL *,
                                                     PBOOLEAN);
NTSYSAPI NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR, PBOOLEAN, PACL *,
                                                     PBOOLEAN);

/* The same descriptor by pointers. RtlMakeSelfRelativeSD copies one that is self-relative by its
 * length, which does not count what lies between its parts. */
static bool look_at(PSECURITY_DESCRIPTOR sd, SECURITY_DESCRIPTOR *by_pointers)
{
    SECURITY_DESCRIPTOR *out = by_pointers;
    BOOLEAN there, defaulted;
    ULONG revision;
    memset(out, 0, sizeof(*out));
    if (RtlGetControlSecurityDescriptor(sd, &out->Control, &revision) < 0 ||
        RtlGetOwnerSecurityDescriptor(sd, &out->Owner, &defaulted) < 0 ||
        RtlGetGroupSecurityDescriptor(sd, &out->Group, &defaulted) < 0 ||
        RtlGetDaclSecurityDescriptor(sd, &there, &out->Dacl, &defaulted) < 0 ||
        RtlGetSaclSecurityDescriptor(sd, &there, &out->Sacl, &defaulted) < 0)
        return false;
    out->Dacl = out->Control & SE_DACL_PRESENT ? out->Dacl : NULL;
    out->Sacl = out->Control & SE_SACL_PRESENT ? out->Sacl : NULL;
    out->Control &= (SECURITY_DESCRIPTOR_CONTROL)~SE_SELF_RELATIVE;
    out->Revision = SECURITY_DESCRIPTOR_REVISION;
    return true;
}

u32 security_flatten(PSECURITY_DESCRIPTOR sd, void **copy, DWORD *size)
{
    SECURITY_DESCRIPTOR by_pointers;
    ULONG need = 0;
    void *out;
    if (((const SECURITY_DESCRIPTOR *)sd)->Revision != SECURITY_DESCRIPTOR_REVISION)
        return ERROR_UNKNOWN_REVISION;
    if (!look_at(sd, &by_pointers))
        return ERROR_INVALID_SECURITY_DESCR;
    RtlMakeSelfRelativeSD(&by_pointers, NULL, &need);
    if (!need)
        return ERROR_INVALID_SECURITY_DESCR;
    out = os_alloc(need);
    if (!out)
        return ERROR_OUTOFMEMORY;
    if (RtlMakeSelfRelativeSD(&by_pointers, out, &need) < 0) {
        os_free(out);
        return ERROR_INVALID_SECURITY_DESCR;
    }
    *copy = out;
    *size = need;
    return ERROR_SUCCESS;
}

u32 security_attributes(const SECURITY_ATTRIBUTES *sa, RPC_SECURITY_ATTRIBUTES *out)
{
    void *sd = NULL;
    DWORD size = 0;
    u32 err;
    memset(out, 0, sizeof(*out));
    out->nLength = sizeof(*out);
    if (!sa)
        return ERROR_SUCCESS;
    out->bInheritHandle = sa->bInheritHandle != FALSE;
    if (!sa->lpSecurityDescriptor)
        return ERROR_SUCCESS;
    err = security_flatten(sa->lpSecurityDescriptor, &sd, &size);
    if (err)
        return err;
    out->RpcSecurityDescriptor.lpSecurityDescriptor = sd;
    out->RpcSecurityDescriptor.cbInSecurityDescriptor = size;
    out->RpcSecurityDescriptor.cbOutSecurityDescriptor = size;
    return ERROR_SUCCESS;
}

void security_attributes_free(RPC_SECURITY_ATTRIBUTES *attributes)
{
    os_free(attributes->RpcSecurityDescriptor.lpSecurityDescriptor);
    attributes->RpcSecurityDescriptor.lpSecurityDescriptor = NULL;
}

static u32 get_security(struct face_key *k, SECURITY_INFORMATION what, void *sd, DWORD *size)
{
    RPC_SECURITY_DESCRIPTOR in = {.lpSecurityDescriptor = sd, .cbInSecurityDescriptor = *size};
    RPC_SECURITY_DESCRIPTOR out = in;
    u32 err;
    if (k->wine)
        return WINE(GetKeySecurity, k->wine, what, sd, size);
    err = face_handle_error(k->ours, BaseRegGetKeySecurity(k->ours, what, &in, &out));
    if (!err)
        *size = out.cbOutSecurityDescriptor;
    else if (err == ERROR_INSUFFICIENT_BUFFER)
        *size = out.cbInSecurityDescriptor;
    /* room that is said to be there, and is not */
    return err == ERROR_INSUFFICIENT_BUFFER && !sd && *size <= in.cbInSecurityDescriptor
               ? (u32)ERROR_NOACCESS
               : err;
}

LSTATUS WINAPI RegGetKeySecurity(HKEY key, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR sd,
                                 LPDWORD size)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (!err) {
        err = size ? get_security(&k, what, sd, size) : (u32)ERROR_INVALID_PARAMETER;
        face_end(&k);
    }
    FACE_TRACE("RegGetKeySecurity(%p, %lx) = %lu, %lu bytes", (void *)key, what, (unsigned long)err,
               size ? *size : 0);
    return (LSTATUS)err;
}

static u32 set_security(struct face_key *k, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR sd)
{
    RPC_SECURITY_DESCRIPTOR in = {.lpSecurityDescriptor = NULL};
    void *flat = NULL;
    DWORD size = 0;
    u32 err;
    if (k->wine)
        return WINE(SetKeySecurity, k->wine, what, sd);
    err = security_flatten(sd, &flat, &size);
    if (err)
        return err;
    in.lpSecurityDescriptor = flat;
    in.cbInSecurityDescriptor = in.cbOutSecurityDescriptor = size;
    err = face_handle_error(k->ours, BaseRegSetKeySecurity(k->ours, what, &in));
    os_free(flat);
    return err;
}

LSTATUS WINAPI RegSetKeySecurity(HKEY key, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR sd)
{
    const SECURITY_INFORMATION known = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
                                       DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION |
                                       LABEL_SECURITY_INFORMATION | ATTRIBUTE_SECURITY_INFORMATION |
                                       SCOPE_SECURITY_INFORMATION | BACKUP_SECURITY_INFORMATION;
    struct face_key k;
    u32 err;
    if (!(what & known) || !sd)
        err = ERROR_INVALID_PARAMETER;
    else
        err = face_begin(key, &k);
    if (!err) {
        err = set_security(&k, what, sd);
        face_end(&k);
    }
    FACE_TRACE("RegSetKeySecurity(%p, %lx) = %lu", (void *)key, what, (unsigned long)err);
    return (LSTATUS)err;
}
