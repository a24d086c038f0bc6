/* SPDX-License-Identifier: MIT */
/*
 * Wine's own msiexec, where it is kept beside ours: Wine starts msiexec with switches of its own.
 * As the server of custom actions it has to be the very process that was started, whose handles are
 * taken from it; so a prefix keeps Wine's under the name, and this serves the rest.
 */
#include "msiexec.h"

#include <stdio.h>
#include <wchar.h>

/* msiexec_wine.exe in this program's folder. */
static bool find(WCHAR path[MAX_PATH])
{
    DWORD n = GetModuleFileNameW(NULL, path, MAX_PATH);
    WCHAR *name = n && n < MAX_PATH ? wcsrchr(path, '\\') : NULL;

    if (!name || name + 1 - path + ARRAY_LEN(L"msiexec_wine.exe") > MAX_PATH)
        return false;
    wcscpy(name + 1, L"msiexec_wine.exe");
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

UINT run_wines(const WCHAR *arguments)
{
    STARTUPINFOW start = {.cb = sizeof(start)};
    WCHAR path[MAX_PATH], *line;
    PROCESS_INFORMATION process;
    size_t room = MAX_PATH + wcslen(arguments) + 8;
    DWORD code = ERROR_INSTALL_SERVICE_FAILURE;

    if (!find(path))
        return ERROR_INSTALL_SERVICE_FAILURE;
    line = HeapAlloc(GetProcessHeap(), 0, room * sizeof(*line));
    if (!line)
        return ERROR_OUTOFMEMORY;
    swprintf(line, room, L"\"%ls\" %ls", path, arguments);
    GetStartupInfoW(&start);
    if (!CreateProcessW(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return GetLastError();
    CloseHandle(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    HeapFree(GetProcessHeap(), 0, line);
    return code;
}
