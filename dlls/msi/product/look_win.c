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
