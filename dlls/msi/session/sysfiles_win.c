/*
 * Files, drives and INI files of Windows.
 */
#include <windows.h>

#include "sysfiles.h"

#include "os.h"
#include "utf16.h"

enum { PATH_ROOM = 1024, TEXT_ROOM = 32768 };

enum sys_kind sys_path_kind(const char16_t *path)
{
    DWORD attributes = GetFileAttributesW((const WCHAR *)path);

    if (attributes == INVALID_FILE_ATTRIBUTES)
        return SYS_NOTHING;
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? SYS_FOLDER : SYS_FILE;
}

static void read_languages(const void *info, struct sys_version *v)
{
    struct {
        WORD language, codepage;
    } * list;
    UINT size;

    v->language_count = 0;
    if (!VerQueryValueW(info, L"\\VarFileInfo\\Translation", (void **)&list, &size))
        return;
    for (UINT i = 0; i < size / sizeof(*list) && i < SYS_LANGUAGES; i++)
        v->languages[v->language_count++] = list[i].language;
}

bool sys_file_version(const char16_t *path, struct sys_version *version)
{
    DWORD unused, size = GetFileVersionInfoSizeW((const WCHAR *)path, &unused);
    void *info = size ? os_alloc(size) : NULL;
    VS_FIXEDFILEINFO *fixed;
    UINT length;
    bool got = info && GetFileVersionInfoW((const WCHAR *)path, 0, size, info) &&
               VerQueryValueW(info, L"\\", (void **)&fixed, &length) && length >= sizeof(*fixed);

    if (got) {
        version->number = (u64)fixed->dwFileVersionMS << 32 | fixed->dwFileVersionLS;
        read_languages(info, version);
    }
    os_free(info);
    return got;
}

static bool dos_time(const FILETIME *time, u32 *out)
{
    FILETIME local;
    WORD day, second;

    if (!FileTimeToLocalFileTime(time, &local) || !FileTimeToDosDateTime(&local, &day, &second))
        return false;
    *out = (u32)day << 16 | second;
    return true;
}

bool sys_file_facts(const char16_t *path, struct sys_file *file)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW((const WCHAR *)path, GetFileExInfoStandard, &data))
        return false;
    file->size = (u64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    return dos_time(&data.ftCreationTime, &file->created) &&
           dos_time(&data.ftLastWriteTime, &file->written);
}

bool sys_each_name(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                   void *ctx)
{
    WCHAR pattern[PATH_ROOM];
    size_t n = u16_copy((char16_t *)pattern, PATH_ROOM - 2, folder);
    WIN32_FIND_DATAW data;
    HANDLE find;
    bool stop = false;

    pattern[n] = '*';
    pattern[n + 1] = 0;
    find = FindFirstFileW(pattern, &data);
    if (find == INVALID_HANDLE_VALUE)
        return false;
    do {
        if (wcscmp(data.cFileName, L".") && wcscmp(data.cFileName, L".."))
            stop = fn(ctx, (char16_t *)data.cFileName,
                      (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0);
    } while (!stop && FindNextFileW(find, &data));
    FindClose(find);
    return stop;
}

void sys_fixed_drives(char16_t letters[27])
{
    DWORD drives = GetLogicalDrives();
    WCHAR root[] = L"A:\\";
    size_t n = 0;

    for (; root[0] <= 'Z'; root[0]++)
        if ((drives >> (root[0] - 'A') & 1) && GetDriveTypeW(root) == DRIVE_FIXED)
            letters[n++] = root[0];
    letters[n] = 0;
}

void sys_expand(const char16_t *text, struct text_buf *out)
{
    char16_t *room = os_alloc(TEXT_ROOM * sizeof(*room));
    DWORD n = room ? ExpandEnvironmentStringsW((const WCHAR *)text, (WCHAR *)room, TEXT_ROOM) : 0;

    if (n && n <= TEXT_ROOM)
        tb_add(out, room, n - 1);
    else
        tb_add(out, text, u16_len(text));
    os_free(room);
}

void sys_ini_value(const char16_t *file, const char16_t *section, const char16_t *key,
                   struct text_buf *out)
{
    char16_t *room = os_alloc(TEXT_ROOM * sizeof(*room));
    DWORD n = room ? GetPrivateProfileStringW((const WCHAR *)section, (const WCHAR *)key, L"",
                                              (WCHAR *)room, TEXT_ROOM, (const WCHAR *)file)
                   : 0;

    if (n)
        tb_add(out, room, n);
    os_free(room);
}
