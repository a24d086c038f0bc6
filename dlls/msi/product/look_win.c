/*
 * Looking for files, on Windows.
 */
#include <windows.h>

#include "look.h"

bool look_exists(const char16_t *path)
{
    return GetFileAttributesW((const WCHAR *)path) != INVALID_FILE_ATTRIBUTES;
}
