/*
 * RegOverridePredefKey, RegDisablePredefinedCache(Ex), RegConnectRegistry(Ex),
 * RegOpenCurrentUser, RegOpenUserClassesRoot, Reg{Disable,Enable,Query}ReflectionKey.
 */
#include "face.h"
#include "interpose.h"
#include "roots.h"
#include "wineparts.h"

#include <wchar.h>
#include <winternl.h>

NTSTATUS NTAPI NtQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS what, void *buf,
                                       ULONG size, ULONG *needed);

/* The override outlives the caller's handle, and gives no rights that this has not. */
static u32 duplicate(HKEY key, struct face_key *out)
{
    const HANDLE self = GetCurrentProcess();
    struct face_key k;
    HANDLE made = NULL;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    /* Wine has handles of other things too; a key that may not be asked is one. */
    if (k.wine && WINE(QueryInfoKeyW, k.wine, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                       NULL, NULL) == ERROR_INVALID_HANDLE)
        err = ERROR_INVALID_HANDLE;
    if (!err)
        err = RtlNtStatusToDosError(nt_duplicate_object(self, k.wine ? k.wine : (HANDLE)k.ours,
                                                        self, &made, 0, 0, DUPLICATE_SAME_ACCESS));
    if (err == ERROR_NOT_SUPPORTED) /* a transaction's handle is ours, and no key */
        err = ERROR_INVALID_HANDLE;
    if (!err && k.wine)
        *out = (struct face_key){.wine = (HKEY)made};
    else if (!err)
        *out = (struct face_key){.ours = (RPC_HKEY)made, .classes = k.classes};
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegOverridePredefKey(HKEY key, HKEY replacement)
{
    struct face_key k;
    u32 err = face_is_predefined(key) && !face_is_predefined(replacement)
                  ? face_start()
                  : (u32)ERROR_INVALID_HANDLE;
    if (!err && replacement)
        err = duplicate(replacement, &k);
    if (!err) {
        err = roots_override(key, replacement ? &k : NULL);
        if (err && replacement)
            RegCloseKey(k.wine ? k.wine : face_hkey(k.ours));
    }
    FACE_TRACE("RegOverridePredefKey(%p, %p) = %lu", (void *)key, (void *)replacement,
               (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDisablePredefinedCache(void)
{
    roots_no_cache(false);
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegDisablePredefinedCacheEx(void)
{
    roots_no_cache(true);
    return ERROR_SUCCESS;
}

/* Names of this machine: none at all, its NetBIOS or DNS name, with or without backslashes. */
static bool is_this_machine(const WCHAR *name)
{
    static const COMPUTER_NAME_FORMAT forms[] = {ComputerNameNetBIOS, ComputerNameDnsHostname,
                                                 ComputerNameDnsFullyQualified};
    if (!name || !*name)
        return true;
    if (name[0] == '\\' && name[1] == '\\')
        name += 2;
    if (!wcscmp(name, L".") || !_wcsicmp(name, L"localhost"))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        WCHAR own[256];
        DWORD len = ARRAY_LEN(own);
        if (GetComputerNameExW(forms[i], own, &len) && !_wcsicmp(name, own))
            return true;
    }
    return false;
}

/* Performance data has no key of ours: what its predefined key does is all there is. */
static u32 connect_here(HKEY key, HKEY *result)
{
    RPC_HKEY opened = NULL;
    DWORD last_error = GetLastError(); /* the first opening of a hive sets one */
    u32 err = face_start();
    if (!err && (roots_is_performance(key) || face_is_root(key, HKEY_PERFORMANCE_DATA)))
        *result = key;
    else if (!err && !(err = roots_open(key, MAXIMUM_ALLOWED, &opened)))
        *result = face_hkey(opened);
    SetLastError(last_error);
    return err;
}

LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, PHKEY result)
{
    u32 err;
    if (!result)
        err = ERROR_INVALID_PARAMETER;
    else
        err = is_this_machine(machine) ? connect_here(key, result) : (u32)ERROR_BAD_NETPATH;
    FACE_TRACE("RegConnectRegistry(%s, %p) = %lu", face_text(machine), (void *)key,
               (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegConnectRegistryExW(LPCWSTR machine, HKEY key, ULONG flags, PHKEY result)
{
    UNUSED(flags); /* how to talk to another machine */
    return RegConnectRegistryW(machine, key, result);
}

LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, PHKEY result)
{
    RPC_HKEY opened = NULL;
    u32 err = result ? face_start() : (u32)ERROR_INVALID_PARAMETER;
    if (!err)
        err = roots_open(HKEY_CURRENT_USER, access, &opened);
    if (!err)
        *result = face_hkey(opened);
    FACE_TRACE("RegOpenCurrentUser(%lx) = %lu", access, (unsigned long)err);
    return (LSTATUS)err;
}

/* It must be one that can be asked for its user. */
static u32 check_token(HANDLE token)
{
    static const NTSTATUS too_small = (NTSTATUS)0xc0000023;
    ULONG size;
    NTSTATUS status;
    if (!token)
        return ERROR_INVALID_HANDLE;
    status = NtQueryInformationToken(token, TokenUser, NULL, 0, &size);
    return status && status != too_small ? RtlNtStatusToDosError(status) : (u32)ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenUserClassesRoot(HANDLE token, DWORD options, REGSAM access, PHKEY result)
{
    const struct face_key classes = {.classes = true};
    RPC_HKEY opened = NULL;
    u32 err;
    if (options || !result)
        err = ERROR_INVALID_PARAMETER;
    else if (!(err = check_token(token)) && !(err = face_start()))
        err = parts_root(HKEY_CLASSES_ROOT) ? wine_open(HKEY_CLASSES_ROOT, NULL, 0, access, result)
                                            : roots_open(HKEY_CLASSES_ROOT, access, &opened);
    if (!err && opened)
        *result = face_hkey_below(&classes, opened);
    FACE_TRACE("RegOpenUserClassesRoot(%lx) = %lu", access, (unsigned long)err);
    return (LSTATUS)err;
}

/* From Windows 7 on there is no reflection, and these do nothing but look at the handle. */
static u32 valid_key(HKEY key)
{
    return (u32)RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                 NULL);
}

LSTATUS WINAPI RegDisableReflectionKey(HKEY key)
{
    return (LSTATUS)valid_key(key);
}

LSTATUS WINAPI RegEnableReflectionKey(HKEY key)
{
    return (LSTATUS)valid_key(key);
}

LSTATUS WINAPI RegQueryReflectionKey(HKEY key, BOOL *disabled)
{
    u32 err = disabled ? valid_key(key) : (u32)ERROR_INVALID_PARAMETER;
    if (!err)
        *disabled = TRUE;
    return (LSTATUS)err;
}
