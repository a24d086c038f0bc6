/*
 * RegRenameKey, RegLoadAppKey.
 */
#include "face.h"
#include "inside.h"
#include "open.h"
#include "wineparts.h"

#include <winternl.h>

/* kernelbase has no renaming. */
NTSYSAPI NTSTATUS NTAPI NtRenameKey(HANDLE key, UNICODE_STRING *name);

static u32 rename_wine(HKEY key, const WCHAR *subkey, const WCHAR *name)
{
    UNICODE_STRING text;
    HKEY opened;
    u32 err = WINE(OpenKeyExW, key, subkey, 0, KEY_WRITE, &opened);
    if (err)
        return err;
    RtlInitUnicodeString(&text, name);
    err = name ? RtlNtStatusToDosError(NtRenameKey(opened, &text)) : (u32)ERROR_INVALID_PARAMETER;
    wine_close(opened);
    return err;
}

static u32 is_there(HKEY key, const WCHAR *subkey)
{
    HKEY opened;
    u32 err = (u32)RegOpenKeyExW(key, subkey, 0, MAXIMUM_ALLOWED, &opened);
    if (!err)
        RegCloseKey(opened);
    return err;
}

static u32 rename_ours(HKEY key, const struct face_key *k, const WCHAR *subkey, const WCHAR *name)
{
    RRP_UNICODE_STRING path;
    size_t len = name ? wcslen(name) : 0;
    u32 err = open_path(k, subkey);
    if (!err)
        err = face_path(k, &path, subkey);
    if (err)
        return err;
    if (!len || len > FACE_NAME_MAX) {
        err = inside_state(k->ours);
        if (!err && subkey) /* what is not there is told first */
            err = is_there(key, subkey);
        return err ? err : (u32)ERROR_INVALID_PARAMETER;
    }
    err = inside_rename(k->ours, (const char16_t *)subkey, face_out_len(&path),
                        (const char16_t *)name, (u32)len);
    /* A name in use is what cannot be replaced. */
    return err == ERROR_ALREADY_EXISTS ? (u32)ERROR_ACCESS_DENIED : err;
}

LSTATUS WINAPI RegRenameKey(HKEY key, LPCWSTR subkey, LPCWSTR name)
{
    struct face_key k;
    u32 err = key || subkey || name ? face_begin(key, &k) : (u32)ERROR_INVALID_PARAMETER;
    if (!err) {
        err = k.wine ? rename_wine(k.wine, subkey, name) : rename_ours(key, &k, subkey, name);
        face_end(&k);
    }
    FACE_TRACE("RegRenameKey(%p, %s, %s) = %lu", (void *)key, face_text(subkey), face_text(name),
               (unsigned long)err);
    return (LSTATUS)err;
}

static u32 load_app_key(const WCHAR *file, REGSAM access, DWORD options, HKEY *result)
{
    WCHAR *path = HeapAlloc(GetProcessHeap(), 0, FACE_TEXT_MAX * sizeof(WCHAR));
    RPC_HKEY opened = NULL;
    DWORD len, last_error = GetLastError(); /* opening files sets one */
    u32 err;
    if (!path)
        return ERROR_OUTOFMEMORY;
    len = GetFullPathNameW(file, FACE_TEXT_MAX, path, NULL);
    if (!len || len >= FACE_TEXT_MAX)
        err = ERROR_INVALID_PARAMETER;
    else
        err =
            inside_load_app((const char16_t *)path, access, options == REG_PROCESS_APPKEY, &opened);
    if (!err)
        *result = face_hkey(opened);
    HeapFree(GetProcessHeap(), 0, path);
    SetLastError(last_error);
    return err;
}

LSTATUS WINAPI RegLoadAppKeyW(LPCWSTR file, PHKEY result, REGSAM access, DWORD options,
                              DWORD reserved)
{
    u32 err;
    if (!file || !*file || !result || reserved || (options & ~(DWORD)REG_PROCESS_APPKEY))
        err = ERROR_INVALID_PARAMETER;
    else if (!(err = face_start()))
        err = load_app_key(file, access, options, result);
    FACE_TRACE("RegLoadAppKey(%s, %lx, %lx) = %lu", face_text(file), access, options,
               (unsigned long)err);
    return (LSTATUS)err;
}
