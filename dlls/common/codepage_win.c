/*
 * Code pages by kernel32.
 */
#include <windows.h>

#include "codepage.h"

bool codepage_known(u32 cp)
{
    return IsValidCodePage(cp == CODEPAGE_ACP ? GetACP() : cp);
}

u32 codepage_acp(void)
{
    return GetACP();
}

u32 codepage_decode(u32 cp, const char *from, size_t len, char16_t *to, size_t cap, size_t *need)
{
    int n;

    *need = 0;
    if (!len)
        return codepage_known(cp) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    if (len > INT_MAX)
        return ERROR_INVALID_PARAMETER;
    n = MultiByteToWideChar(cp, 0, from, (int)len, NULL, 0);
    if (n <= 0)
        return GetLastError();
    *need = (size_t)n;
    if (!cap)
        return ERROR_SUCCESS;
    if (cap >= (size_t)n) {
        MultiByteToWideChar(cp, 0, from, (int)len, (WCHAR *)to, n);
        return ERROR_SUCCESS;
    }
    {
        /* kernel32 converts whole or fails, so a part goes through a copy */
        WCHAR *whole = HeapAlloc(GetProcessHeap(), 0, (size_t)n * sizeof(WCHAR));

        if (!whole)
            return ERROR_NOT_ENOUGH_MEMORY;
        MultiByteToWideChar(cp, 0, from, (int)len, whole, n);
        CopyMemory(to, whole, cap * sizeof(WCHAR));
        HeapFree(GetProcessHeap(), 0, whole);
    }
    return ERROR_SUCCESS;
}

/* kernel32 takes no "used the default" pointer for the Unicode encodings. */
static bool is_unicode(u32 cp)
{
    return cp == CP_UTF8 || cp == CP_UTF7 || cp == 54936;
}

u32 codepage_encode(u32 cp, const char16_t *from, size_t len, char *to, size_t cap, size_t *need,
                    bool *lossy)
{
    BOOL defaulted = FALSE;
    BOOL *tell = is_unicode(cp) ? NULL : &defaulted;
    const WCHAR *text = (const WCHAR *)from;
    int n;

    *need = 0;
    if (lossy)
        *lossy = false;
    if (!len)
        return codepage_known(cp) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    if (len > INT_MAX / 4)
        return ERROR_INVALID_PARAMETER;
    n = WideCharToMultiByte(cp, 0, text, (int)len, NULL, 0, NULL, tell);
    if (n <= 0)
        return GetLastError();
    *need = (size_t)n;
    if (lossy)
        *lossy = defaulted;
    if (!cap)
        return ERROR_SUCCESS;
    if (cap >= (size_t)n) {
        WideCharToMultiByte(cp, 0, text, (int)len, to, n, NULL, NULL);
        return ERROR_SUCCESS;
    }
    {
        char *whole = HeapAlloc(GetProcessHeap(), 0, (size_t)n);

        if (!whole)
            return ERROR_NOT_ENOUGH_MEMORY;
        WideCharToMultiByte(cp, 0, text, (int)len, whole, n, NULL, NULL);
        CopyMemory(to, whole, cap);
        HeapFree(GetProcessHeap(), 0, whole);
    }
    return ERROR_SUCCESS;
}

size_t codepage_char_len(u32 cp, const char *s, size_t len)
{
    return len > 1 && IsDBCSLeadByteEx(cp, (BYTE)s[0]) ? 2 : 1;
}
