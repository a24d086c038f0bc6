/*
 * Full paths.
 */
#include <windows.h>

#include "fullpath.h"

#include "error.h"
#include "os.h"

u32 full_path(const char16_t *path, char16_t **full)
{
    DWORD need, got;

    need = path[0] ? GetFullPathNameW((const WCHAR *)path, 0, NULL, NULL) : 0;
    if (!need)
        return ERROR_INVALID_NAME;
    *full = os_alloc_array(need, sizeof(char16_t));
    if (!*full)
        return ERROR_OUTOFMEMORY;
    got = GetFullPathNameW((const WCHAR *)path, need, (WCHAR *)*full, NULL);
    if (got && got < need)
        return ERROR_SUCCESS;
    os_free(*full);
    *full = NULL;
    return ERROR_INVALID_NAME;
}
