/*
 * RegLoadMUIString: the string resource that a value's "@path\file.dll,-id" names.
 */
#include "face.h"
#include "values.h"
#include "os.h"

#include <string.h>
#include <wchar.h>

#ifndef REG_MUI_STRING_TRUNCATE
#define REG_MUI_STRING_TRUNCATE 1u
#endif

/* A text value, terminated, its variables expanded whatever the type; free with os_free. */
static u32 read_text(HKEY key, const WCHAR *name, WCHAR **out)
{
    BYTE small[256];
    DWORD type, size = sizeof(small), len;
    void *data;
    u32 err = value_read(key, name, small, &size, &type, &data);
    if (err)
        return err;
    len = ExpandEnvironmentStringsW(data, NULL, 0);
    if ((type != REG_SZ && type != REG_EXPAND_SZ) || !size)
        err = ERROR_FILE_NOT_FOUND;
    else if (!(*out = os_alloc((size_t)len * sizeof(WCHAR))))
        err = ERROR_OUTOFMEMORY;
    else
        ExpandEnvironmentStringsW(data, *out, len);
    if (data != small)
        os_free(data);
    return err;
}

/* Splits "@file,-id"; what follows the number is not looked at. *file becomes terminated in place.
 */
static bool split_reference(WCHAR *text, WCHAR **file, UINT *id)
{
    WCHAR *comma = wcsrchr(text, ','), *end;
    if (*text != '@' || !comma || comma[1] != '-')
        return false;
    *id = wcstoul(comma + 2, &end, 10);
    if (end == comma + 2)
        return false;
    *comma = 0;
    *file = text + 1;
    return true;
}

/* Without a folder the name is a path as any other, from the current folder on; the loader would
 * look through its own folders too. */
static HMODULE load_from_here(const WCHAR *file)
{
    DWORD need = GetFullPathNameW(file, 0, NULL, NULL);
    WCHAR *path = need ? os_alloc(need * sizeof(WCHAR)) : NULL;
    HMODULE module = NULL;
    if (path && GetFullPathNameW(file, need, path, NULL))
        module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
    os_free(path);
    return module;
}

static HMODULE load_module(const WCHAR *directory, const WCHAR *file)
{
    static const WCHAR slash[] = L"\\";
    size_t dir_len, file_len = wcslen(file);
    HMODULE module;
    WCHAR *path;
    if (!directory || !*directory)
        return load_from_here(file);
    dir_len = wcslen(directory);
    path = os_alloc((dir_len + file_len + 2) * sizeof(WCHAR));
    if (!path)
        return NULL;
    memcpy(path, directory, dir_len * sizeof(WCHAR));
    if (dir_len && directory[dir_len - 1] != '\\')
        path[dir_len++] = slash[0];
    memcpy(path + dir_len, file, (file_len + 1) * sizeof(WCHAR));
    module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
    os_free(path);
    return module;
}

/* Copies the text out; need counts its terminator, in bytes. */
static u32 hand_out(const WCHAR *text, size_t len, WCHAR *buf, DWORD room, DWORD *need, DWORD flags)
{
    size_t bytes = (len + 1) * sizeof(WCHAR);
    if (need)
        *need = (DWORD)bytes;
    if (bytes > room) {
        if (!(flags & REG_MUI_STRING_TRUNCATE))
            return ERROR_MORE_DATA;
        len = room ? room / sizeof(WCHAR) - 1 : 0;
    }
    if (buf && room) {
        memcpy(buf, text, len * sizeof(WCHAR));
        buf[len] = 0;
    }
    return ERROR_SUCCESS;
}

/* user32's LoadString, which winreg.dll cannot import: user32 imports advapi32. Strings stand in
 * blocks of 16, each as its length and its characters. */
static const WCHAR *find_string(HMODULE module, UINT id, size_t *len)
{
    HRSRC block = FindResourceW(module, MAKEINTRESOURCEW((id >> 4) + 1), MAKEINTRESOURCEW(6));
    HGLOBAL loaded = block ? LoadResource(module, block) : NULL;
    const WCHAR *p = loaded ? LockResource(loaded) : NULL;
    const WCHAR *end = p ? p + SizeofResource(module, block) / sizeof(WCHAR) : NULL;
    for (UINT i = 0; p && i < (id & 15); i++)
        p = p < end && *p < end - p ? p + 1 + *p : NULL;
    if (!p || p >= end || !*p || *p >= end - p)
        return NULL;
    *len = *p;
    return p + 1;
}

static u32 load_resource(WCHAR *text, const WCHAR *directory, WCHAR *buf, DWORD room, DWORD *need,
                         DWORD flags)
{
    const WCHAR *string;
    HMODULE module;
    size_t len = 0;
    WCHAR *file;
    UINT id;
    u32 err;
    if (!split_reference(text, &file, &id))
        return ERROR_INVALID_DATA;
    module = load_module(directory, file);
    if (!module)
        return ERROR_FILE_NOT_FOUND;
    string = find_string(module, id & 0xffff, &len);
    err =
        string ? hand_out(string, len, buf, room, need, flags) : (u32)ERROR_RESOURCE_NAME_NOT_FOUND;
    FreeLibrary(module);
    return err;
}

LSTATUS WINAPI RegLoadMUIStringW(HKEY key, LPCWSTR name, LPWSTR buf, DWORD room, LPDWORD need,
                                 DWORD flags, LPCWSTR directory)
{
    WCHAR *text = NULL;
    u32 err;
    if (!key || (room && !buf) || room % sizeof(WCHAR) ||
        (need && (flags & REG_MUI_STRING_TRUNCATE)) || (flags & ~REG_MUI_STRING_TRUNCATE))
        err = ERROR_INVALID_PARAMETER;
    else if (!(err = read_text(key, name, &text))) {
        err = load_resource(text, directory, buf, room, need, flags);
        os_free(text);
    }
    FACE_TRACE("RegLoadMUIString(%p, %s) = %lu", (void *)key, face_text(name), (unsigned long)err);
    return (LSTATUS)err;
}
