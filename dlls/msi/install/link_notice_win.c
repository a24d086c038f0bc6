/*
 * Telling the system that a shell link has come.
 *
 * Wine's own programs put a link into the desktop's menu by a program that they start when they
 * save one; it is started here as they do.
 */
#include <windows.h>

#include "link_notice.h"

#include "utf16.h"

static bool is_wine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    return ntdll && GetProcAddress(ntdll, "wine_get_version");
}

void link_notice(const char16_t *path)
{
    static const WCHAR program[] = L"\\winemenubuilder.exe";
    WCHAR line[MAX_PATH * 3], exe[MAX_PATH];
    STARTUPINFOW start = {.cb = sizeof(start)};
    PROCESS_INFORMATION made;
    UINT n = GetSystemDirectoryW(exe, MAX_PATH - (UINT)ARRAY_LEN(program));
    char16_t *to = (char16_t *)line;
    size_t at = 0;

    if (!is_wine() || !n || u16_len(path) > MAX_PATH)
        return;
    u16_copy((char16_t *)exe + n, ARRAY_LEN(program), (const char16_t *)program);
    if (GetFileAttributesW(exe) == INVALID_FILE_ATTRIBUTES)
        return;
    at += u16_copy(to, ARRAY_LEN(line), u"winemenubuilder.exe -w \"");
    at += u16_copy(to + at, ARRAY_LEN(line) - at, path);
    u16_copy(to + at, ARRAY_LEN(line) - at, u"\"");
    if (!CreateProcessW(exe, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &start, &made))
        return;
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

bool link_notice_wait(u32 *waited)
{
    enum { PIECE = 50, ENOUGH = 5000 };

    if (*waited >= ENOUGH)
        return false;
    Sleep(PIECE);
    *waited += PIECE;
    return true;
}
