/*
 * Windows' clock.
 */
#include <windows.h>

#include "clock.h"

void clock_now(struct local_time *t)
{
    SYSTEMTIME now;

    GetLocalTime(&now);
    *t = (struct local_time){now.wYear,   now.wMonth,  now.wDay,         now.wHour,
                             now.wMinute, now.wSecond, now.wMilliseconds};
}

void clock_program(struct text_buf *out)
{
    WCHAR path[MAX_PATH];
    DWORD n = GetModuleFileNameW(NULL, path, ARRAY_LEN(path));

    if (n && n < ARRAY_LEN(path))
        tb_add(out, (char16_t *)path, n);
}
