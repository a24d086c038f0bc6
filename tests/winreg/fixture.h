/*
 * A server of the program's own, on a folder below the temporary one.
 */
#ifndef DECANTER_TEST_WINREG_FIXTURE_H
#define DECANTER_TEST_WINREG_FIXTURE_H

#include "rrp.h"

static WCHAR fixture_folder[MAX_PATH];

static inline void fixture_start(void)
{
    WCHAR temp[MAX_PATH];
    static LONG count;
    GetTempPathW(MAX_PATH, temp);
    swprintf(fixture_folder, MAX_PATH, L"%lsrrp%lu_%ld", temp, GetCurrentProcessId(),
             InterlockedIncrement(&count));
    DWORD err = WinregStart(fixture_folder);
    ok(!err, "WinregStart gave %lu\n", err);
}

static inline void fixture_stop(void)
{
    WCHAR pattern[MAX_PATH + 2], file[2 * MAX_PATH];
    WIN32_FIND_DATAW found;
    DWORD err = WinregShutdown();
    ok(!err, "WinregShutdown gave %lu\n", err);
    swprintf(pattern, MAX_PATH + 2, L"%ls\\*", fixture_folder);
    HANDLE h = FindFirstFileW(pattern, &found);
    if (h != INVALID_HANDLE_VALUE) {
        do {
            swprintf(file, 2 * MAX_PATH, L"%ls\\%ls", fixture_folder, found.cFileName);
            DeleteFileW(file);
        } while (FindNextFileW(h, &found));
        FindClose(h);
    }
    ok(RemoveDirectoryW(fixture_folder), "the folder is in use: %lu\n", GetLastError());
}

static inline RRP_UNICODE_STRING str(const WCHAR *s)
{
    USHORT n = (USHORT)(wcslen(s) * 2 + 2);
    return (RRP_UNICODE_STRING){n, n, (PWCHAR)(UINT_PTR)s};
}

static inline RPC_HKEY current_user(void)
{
    RPC_HKEY key = NULL;
    DWORD err = OpenCurrentUser(NULL, KEY_ALL_ACCESS, &key);
    ok(!err, "OpenCurrentUser gave %lu\n", err);
    return key;
}

static inline RPC_HKEY make_key(const WCHAR *path)
{
    RPC_HKEY root = current_user(), key = NULL;
    RRP_UNICODE_STRING s = str(path), none = {0, 0, NULL};
    DWORD err = BaseRegCreateKey(root, &s, &none, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    ok(!err, "BaseRegCreateKey gave %lu\n", err);
    BaseRegCloseKey(&root);
    return key;
}

static inline void close_key(RPC_HKEY key)
{
    DWORD err = BaseRegCloseKey(&key);
    ok(!err && !key, "BaseRegCloseKey gave %lu\n", err);
}

#endif
