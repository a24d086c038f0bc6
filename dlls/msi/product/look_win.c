/*
 * Looking for files, on Windows.
 */
#include <windows.h>

#include "look.h"
#include "utf16.h"

bool look_exists(const char16_t *path)
{
    return GetFileAttributesW((const WCHAR *)path) != INVALID_FILE_ATTRIBUTES;
}

bool look_os_path(const char16_t *path, char16_t *out)
{
    return u16_copy(out, LOOK_PATH, path) < LOOK_PATH && look_exists(path);
}

void look_windows(char16_t out[LOOK_WINDOWS])
{
    UINT n = GetSystemWindowsDirectoryW((WCHAR *)out, LOOK_WINDOWS - 1);

    if (!n || n >= LOOK_WINDOWS - 1)
        n = (UINT)u16_copy(out, LOOK_WINDOWS, u"C:\\windows");
    if (out[n - 1] != '\\')
        u16_copy(out + n, 2, u"\\");
}
