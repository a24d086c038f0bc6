/*
 * MsiCreateAndVerifyInstallerDirectory: the installer's folder is there and as it should be, and no
 * installation that was killed has left anything.
 */
#include <windows.h>
#include <msi.h>

#include "execmutex.h"
#include "install.h"
#include "run.h"
#include "runaction.h"
#include "trace.h"

UINT WINAPI
MsiCreateAndVerifyInstallerDirectory(DWORD reserved); /* no header of mingw-w64 has it */

static u32 make_folder(void)
{
    static const WCHAR name[] = L"\\Installer";
    WCHAR path[MAX_PATH + ARRAY_LEN(name)];
    UINT n = GetWindowsDirectoryW(path, MAX_PATH);
    DWORD there;

    if (!n || n >= MAX_PATH)
        return ERROR_FUNCTION_FAILED;
    memcpy(path + n, name, sizeof(name));
    if (CreateDirectoryW(path, NULL))
        return SetFileAttributesW(path, FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM)
                   ? ERROR_SUCCESS
                   : GetLastError();
    there = GetFileAttributesW(path);
    return there != INVALID_FILE_ATTRIBUTES && there & FILE_ATTRIBUTE_DIRECTORY
               ? ERROR_SUCCESS
               : ERROR_FUNCTION_FAILED;
}

UINT WINAPI MsiCreateAndVerifyInstallerDirectory(DWORD reserved)
{
    HANDLE mutex;
    u32 err;

    if (reserved)
        return ERROR_INVALID_PARAMETER;
    err = make_folder();
    if (err)
        return err;
    err = exec_mutex_take(&mutex);
    if (err)
        return err;
    run_actions(); /* rollback actions are among what is undone */
    err = run_recover();
    exec_mutex_give(mutex);
    TRACE(TRACE_MSI, "recovery: %u", err);
    return err;
}
