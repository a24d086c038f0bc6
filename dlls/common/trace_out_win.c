#include <windows.h>

#include "trace_out.h"

void trace_out(const char *line, u32 len)
{
    DWORD error = GetLastError(); /* a trace changes nothing for the caller */
    DWORD done;

    WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, len, &done, NULL);
    SetLastError(error);
}
