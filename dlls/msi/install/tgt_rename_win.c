#include <windows.h>

#include "tgt_rename_win.h"

#include "os.h"
#include "tgt_links_win.h"

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static u32 rename_to(HANDLE f, const WCHAR *to)
{
    size_t bytes = wcslen(to) * sizeof(*to);
    FILE_RENAME_INFO *info = os_calloc(1, sizeof(*info) + bytes);
    u32 err = ERROR_SUCCESS;

    if (!info)
        return ERROR_OUTOFMEMORY;
    info->FileNameLength = (DWORD)bytes;
    memcpy(info->FileName, to, bytes);
    if (!SetFileInformationByHandle(f, FileRenameInfo, info, (DWORD)(sizeof(*info) + bytes)))
        err = GetLastError();
    os_free(info);
    return err;
}

static bool is_link(HANDLE f, const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);

    if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_REPARSE_POINT)
        return link_is_tag(link_tag(path));
    return link_is_hidden_at(f, (WCHAR *)path);
}

u32 rename_opened(const WCHAR *from, const WCHAR *to, bool file)
{
    HANDLE f = CreateFileW(from, DELETE | SYNCHRONIZE, SHARE_ALL, NULL, OPEN_EXISTING,
                           FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    u32 err;

    if (f == INVALID_HANDLE_VALUE)
        return GetLastError();
    err = file && is_link(f, from) ? (u32)ERROR_ACCESS_DENIED : rename_to(f, to);
    CloseHandle(f);
    return err;
}
