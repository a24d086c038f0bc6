#include <windows.h>

#include <io.h>
#include <stdio.h>

#include "os.h"
#include "seam.h"
#include "utf16.h"

bool stdout_is_terminal(void)
{
    return _isatty(_fileno(stdout));
}

bool stdin_is_terminal(void)
{
    return _isatty(_fileno(stdin));
}

bool stderr_is_terminal(void)
{
    static int terminal = -1;

    if (terminal < 0)
        terminal = _isatty(_fileno(stderr));
    return terminal;
}

u32 temp_folder(char16_t **out)
{
    WCHAR base[MAX_PATH - 14], path[MAX_PATH];
    DWORD n = GetTempPathW(ARRAY_LEN(base), base);

    if (!n || n >= ARRAY_LEN(base))
        return ERROR_PATH_NOT_FOUND;
    /* the file holds the name until the folder has it */
    for (int tries = 0; tries < 16; tries++) {
        if (!GetTempFileNameW(base, L"msi", 0, path))
            return GetLastError();
        DeleteFileW(path);
        if (CreateDirectoryW(path, NULL)) {
            *out = u16_dup((char16_t *)path, u16_len((char16_t *)path));
            return *out ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
        }
    }
    return ERROR_ACCESS_DENIED;
}

static void remove_tree(const WCHAR *path, int depth)
{
    size_t size = wcslen(path) + MAX_PATH + 2;
    WCHAR *name = os_alloc(size * sizeof(*name));
    WIN32_FIND_DATAW found;
    HANDLE find;

    if (!name)
        return;
    swprintf(name, size, L"%ls\\*", path);
    find = FindFirstFileW(name, &found);
    while (find != INVALID_HANDLE_VALUE) {
        swprintf(name, size, L"%ls\\%ls", path, found.cFileName);
        if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
            DeleteFileW(name);
        else if (depth && wcscmp(found.cFileName, L".") && wcscmp(found.cFileName, L".."))
            remove_tree(name, depth - 1);
        if (!FindNextFileW(find, &found)) {
            FindClose(find);
            break;
        }
    }
    RemoveDirectoryW(path);
    os_free(name);
}

void remove_folder(const char16_t *path)
{
    remove_tree((const WCHAR *)path, 2);
}

bool is_writable(const char16_t *path)
{
    DWORD attributes = GetFileAttributesW((const WCHAR *)path);

    return attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_READONLY);
}

bool is_special(const char16_t *path)
{
    DWORD attributes = GetFileAttributesW((const WCHAR *)path);
    HANDLE f;
    bool special;

    if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_REPARSE_POINT)
        return true;
    f = CreateFileW((const WCHAR *)path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, 0, NULL);
    if (f == INVALID_HANDLE_VALUE)
        return false;
    special = GetFileType(f) != FILE_TYPE_DISK;
    CloseHandle(f);
    return special;
}

FILE *open_special(const char16_t *path)
{
    return _wfopen((const WCHAR *)path, L"wb");
}
