/*
 * Placing files on Windows. Each folder on the way is looked at: one that is a link or a mounted
 * volume is not gone into.
 */
#include <windows.h>

#include <stdio.h>

#include "cabinet.h"
#include "os.h"
#include "place.h"
#include "utf16.h"

struct place {
    WCHAR *root;
    u32 serial;
};

struct place_file {
    HANDLE file;
    WCHAR *path, *temporary;
};

static WCHAR *join_path(const WCHAR *a, const WCHAR *b)
{
    size_t n = wcslen(a) + wcslen(b) + 2;
    WCHAR *path = os_alloc(n * sizeof(*path));

    if (path)
        swprintf(path, n, L"%ls\\%ls", a, b);
    for (WCHAR *s = path; s && *s; s++)
        if (*s == '/')
            *s = '\\';
    return path;
}

u32 place_open(const char16_t *folder, struct place **out)
{
    const WCHAR *path = (const WCHAR *)folder;
    DWORD n = GetFullPathNameW(path, 0, NULL, NULL);
    struct place *p = os_calloc(1, sizeof(*p));

    if (p && n)
        p->root = os_alloc(n * sizeof(WCHAR));
    if (!p || !p->root) {
        os_free(p);
        return n ? ERROR_OUTOFMEMORY : ERROR_INVALID_NAME;
    }
    GetFullPathNameW(path, n, p->root, NULL);
    if (!CreateDirectoryW(p->root, NULL) && GetLastError() != ERROR_ALREADY_EXISTS) {
        u32 err = GetLastError();

        place_close(p);
        return err;
    }
    *out = p;
    return ERROR_SUCCESS;
}

void place_close(struct place *p)
{
    if (!p)
        return;
    os_free(p->root);
    os_free(p);
}

static u32 make_one(const WCHAR *path)
{
    DWORD attributes;

    if (!CreateDirectoryW(path, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
        return GetLastError();
    attributes = GetFileAttributesW(path);
    return attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY) ||
                   attributes & FILE_ATTRIBUTE_REPARSE_POINT
               ? ERROR_DIRECTORY
               : ERROR_SUCCESS;
}

/* Every folder between the root, of len characters, and the last name. */
static u32 make_folders(WCHAR *path, size_t len)
{
    u32 err = ERROR_SUCCESS;

    for (WCHAR *s = path + len + 1; *s && !err; s++) {
        if (*s != '\\')
            continue;
        *s = 0;
        err = make_one(path);
        *s = '\\';
    }
    return err;
}

static u32 start_file(struct place *p, struct place_file *f)
{
    size_t n = wcslen(f->path) + 32;
    DWORD attributes = GetFileAttributesW(f->path);

    if (attributes != INVALID_FILE_ATTRIBUTES &&
        attributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT))
        return ERROR_FILE_EXISTS;
    f->temporary = os_alloc(n * sizeof(WCHAR));
    if (!f->temporary)
        return ERROR_OUTOFMEMORY;
    swprintf(f->temporary, n, L"%ls.%lu-%u.new", f->path, GetCurrentProcessId(), p->serial++);
    f->file = CreateFileW(f->temporary, GENERIC_WRITE | FILE_WRITE_ATTRIBUTES, 0, NULL, CREATE_NEW,
                          FILE_ATTRIBUTE_NORMAL, NULL);
    return f->file == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
}

static void end_file(struct place_file *f)
{
    os_free(f->path);
    os_free(f->temporary);
    os_free(f);
}

u32 place_begin(struct place *p, const char16_t *path, struct place_file **out)
{
    struct place_file *f = os_calloc(1, sizeof(*f));
    u32 err;

    if (!f)
        return ERROR_OUTOFMEMORY;
    f->path = join_path(p->root, (const WCHAR *)path);
    err = f->path ? make_folders(f->path, wcslen(p->root)) : ERROR_OUTOFMEMORY;
    if (!err)
        err = start_file(p, f);
    if (err)
        end_file(f);
    else
        *out = f;
    return err;
}

u32 place_write(struct place_file *f, const void *data, u32 n)
{
    DWORD done;

    return WriteFile(f->file, data, n, &done, NULL) && done == n ? ERROR_SUCCESS : GetLastError();
}

static void set_time(HANDLE file, u32 date, u32 time)
{
    FILETIME local, utc;

    if (date && DosDateTimeToFileTime((WORD)date, (WORD)time, &local) &&
        LocalFileTimeToFileTime(&local, &utc))
        SetFileTime(file, NULL, NULL, &utc);
}

u32 place_finish(struct place_file *f, u32 date, u32 time, u32 attributes)
{
    DWORD bits = attributes & (CAB_READONLY | CAB_HIDDEN | CAB_SYSTEM | CAB_ARCHIVE);
    DWORD old = GetFileAttributesW(f->path);
    u32 err = ERROR_SUCCESS;

    set_time(f->file, date, time);
    CloseHandle(f->file);
    if (old != INVALID_FILE_ATTRIBUTES && old & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(f->path, FILE_ATTRIBUTE_NORMAL);
    if (!MoveFileExW(f->temporary, f->path, MOVEFILE_REPLACE_EXISTING)) {
        err = GetLastError();
        DeleteFileW(f->temporary);
    } else if (bits) {
        SetFileAttributesW(f->path, bits);
    }
    end_file(f);
    return err;
}

void place_abandon(struct place_file *f)
{
    if (!f)
        return;
    CloseHandle(f->file);
    DeleteFileW(f->temporary);
    end_file(f);
}

char16_t *place_find(const char16_t *folder, const char16_t *name)
{
    WCHAR *path = join_path(*folder ? (const WCHAR *)folder : L".", (const WCHAR *)name);

    if (path && GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) {
        os_free(path);
        path = NULL;
    }
    return (char16_t *)path;
}

void place_times(const char16_t *path, u32 *date, u32 *time)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    FILETIME local;
    WORD d, t;

    *date = *time = 0;
    if (!GetFileAttributesExW((const WCHAR *)path, GetFileExInfoStandard, &data) ||
        !FileTimeToLocalFileTime(&data.ftLastWriteTime, &local) ||
        !FileTimeToDosDateTime(&local, &d, &t))
        return;
    *date = d;
    *time = t;
}
