#include "home.h"

#include "os.h"
#include "utf16.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

const char16_t home_separator = u'\\';

/* Something in this DLL, to find its file by. */
static const char here;

/* The folder of this DLL's file with its last backslash; its length, 0 for an error. */
static DWORD own_folder(char16_t *buf)
{
    HMODULE self;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const WCHAR *)&here, &self))
        return 0;
    DWORD n = GetModuleFileNameW(self, (WCHAR *)buf, HOME_MAX);
    if (n >= HOME_MAX)
        return 0;
    while (n && buf[n - 1] != u'\\')
        n--;
    buf[n] = 0;
    return n;
}

/* A 32-bit process sees another system32 than the 64-bit ones it shares the hives with; theirs it
 * reaches as sysnative. */
static DWORD system_folder(char16_t *buf, DWORD n)
{
    char16_t dir[HOME_MAX];
    BOOL wow = FALSE;
    if (!IsWow64Process(GetCurrentProcess(), &wow) || !wow)
        return n;
    buf[n - 1] = 0;
    UINT len = GetSystemDirectoryW((WCHAR *)dir, HOME_MAX);
    bool inside = len && len < HOME_MAX && u16_equal_fold(buf, dir);
    if (!inside) {
        len = GetSystemWow64DirectoryW((WCHAR *)dir, HOME_MAX);
        inside = len && len < HOME_MAX && u16_equal_fold(buf, dir);
    }
    buf[n - 1] = u'\\';
    len = inside ? GetWindowsDirectoryW((WCHAR *)dir, HOME_MAX) : 0;
    if (!len || len + 12 > HOME_MAX)
        return n;
    u16_copy(buf, HOME_MAX, dir);
    u16_copy(buf + len, HOME_MAX - len, u"\\sysnative\\");
    return len + 11;
}

u32 home_folder(char16_t buf[HOME_MAX])
{
    if (os_env("DECANTER_HIVES", buf, HOME_MAX))
        return ERROR_SUCCESS;
    DWORD n = own_folder(buf);
    if (n)
        n = system_folder(buf, n);
    if (!n || n + 7 > HOME_MAX)
        return ERROR_FILENAME_EXCED_RANGE;
    u16_copy(buf + n, HOME_MAX - n, u"config");
    return ERROR_SUCCESS;
}
