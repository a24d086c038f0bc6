/*
 * Drives and versions, and what installations need of the machine besides its files, on Windows and
 * Wine.
 */
#include <windows.h>

#include "target.h"

#include "os.h"
#include "tgt_path_win.h"
#include "tgt_version_win.h"
#include "utf16.h"

/* --- drives, versions ---------------------------------------------------------------------------
 */

/* Cuts the path to its drive or its server's share, with a separator at the end. */
static void cut_to_root(WCHAR *path)
{
    WCHAR *s = path + 4;
    int parts = s[1] == ':' ? 1 : 3;

    while (*s && (*s != '\\' || --parts))
        s++;
    if (*s)
        s[1] = 0;
}

u32 tgt_space(const char16_t *path, u64 *free, u32 *cluster)
{
    DWORD sectors, bytes, unused;
    ULARGE_INTEGER room;
    WCHAR *at = NULL;
    size_t len;
    u32 err = tgt_long_path(path, 1, &at, &len);

    if (err)
        return err;
    if (at[len - 1] != '\\') {
        at[len] = '\\';
        at[len + 1] = 0;
    }
    cut_to_root(at);
    if (!GetDiskFreeSpaceExW(at, &room, NULL, NULL) ||
        !GetDiskFreeSpaceW(at, &sectors, &bytes, &unused, &unused)) {
        err = GetLastError();
    } else {
        *free = room.QuadPart;
        *cluster = sectors && bytes ? sectors * bytes : 4096;
    }
    os_free(at);
    return err;
}

bool tgt_version(const char16_t *path, u32 version[4], u32 *language)
{
    WCHAR *at = NULL;
    size_t len;
    bool found = !tgt_long_path(path, 0, &at, &len) && version_of(at, version, language);

    os_free(at);
    return found;
}

/* --- the system --------------------------------------------------------------------------------
 */

void tgt_system_drive(char16_t out[3])
{
    WCHAR windows[MAX_PATH];

    if (!GetSystemWindowsDirectoryW(windows, MAX_PATH))
        windows[0] = 'C';
    out[0] = windows[0];
    out[1] = ':';
    out[2] = 0;
}

u32 tgt_host_path(const char16_t *path, char16_t *out, size_t cap)
{
    u16_copy(out, cap, path);
    return u16_len(path) < cap ? ERROR_SUCCESS : ERROR_BUFFER_OVERFLOW;
}

/* There is no such function for those who are no administrators; what has to be durable before
 * something else is, is synced file by file. */
u32 tgt_sync_drives(void)
{
    return ERROR_SUCCESS;
}
