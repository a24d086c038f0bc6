/*
 * Libraries register themselves by the system's regsvr32.
 */
#include "selfreg.h"

#include <windows.h>

#include "textbuf.h"
#include "utf16.h"

enum { WAIT_MS = 300000 };

/* The folder of the system's own programs of that width, as this process sees it. */
static bool system_folder(bool wide, WCHAR *to, UINT cap)
{
    BOOL emulated = FALSE;
    UINT n;

    if (sizeof(void *) == 8 || !IsWow64Process(GetCurrentProcess(), &emulated))
        emulated = FALSE;
    if (!wide && sizeof(void *) == 8) {
        n = GetSystemWow64DirectoryW(to, cap);
        if (n && n < cap)
            return true;
    }
    if (wide && emulated) {
        n = GetWindowsDirectoryW(to, cap);
        if (!n || n + 10 >= cap)
            return false;
        u16_copy((char16_t *)to + n, cap - n, u"\\sysnative");
        return true;
    }
    n = GetSystemDirectoryW(to, cap);
    return n && n < cap;
}

static u32 run(WCHAR *line)
{
    STARTUPINFOW start = {.cb = sizeof(start)};
    PROCESS_INFORMATION process;
    DWORD code = 1;

    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &start,
                        &process))
        return GetLastError();
    if (WaitForSingleObject(process.hProcess, WAIT_MS) != WAIT_OBJECT_0 ||
        !GetExitCodeProcess(process.hProcess, &code))
        code = 1;
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code ? ERROR_INSTALL_FAILURE : ERROR_SUCCESS;
}

u32 selfreg_run(const char16_t *path, bool wide, bool registers)
{
    WCHAR folder[MAX_PATH];
    struct text_buf line;
    u32 err;

    if (!system_folder(wide, folder, ARRAY_LEN(folder)))
        return ERROR_PATH_NOT_FOUND;
    tb_init(&line);
    tb_char(&line, '"');
    tb_add(&line, (const char16_t *)folder, u16_len((const char16_t *)folder));
    tb_ascii(&line, registers ? "\\regsvr32.exe\" /s \"" : "\\regsvr32.exe\" /s /u \"");
    tb_add(&line, path, u16_len(path));
    tb_char(&line, '"');
    err = line.failed ? ERROR_OUTOFMEMORY : run((WCHAR *)line.s);
    tb_free(&line);
    return err;
}
