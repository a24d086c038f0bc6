/*
 * Sources on Windows.
 */
#include <windows.h>

#include "media.h"

void media_host_path(char16_t *path)
{
    UNUSED(path);
}

static u64 number_of(const FILETIME *ft)
{
    return (u64)ft->dwHighDateTime << 32 | ft->dwLowDateTime;
}

u64 media_time(u32 date, u32 time)
{
    FILETIME local, utc;

    if (!DosDateTimeToFileTime((WORD)date, (WORD)time, &local) ||
        !LocalFileTimeToFileTime(&local, &utc))
        return 0;
    return number_of(&utc);
}

bool media_written(const char16_t *path, u64 *written)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW((const WCHAR *)path, GetFileExInfoStandard, &data))
        return false;
    *written = number_of(&data.ftLastWriteTime);
    return true;
}
