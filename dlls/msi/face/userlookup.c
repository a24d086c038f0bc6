/*
 * Users by name, through advapi32.dll, loaded late (reg.h says why).
 */
#include <windows.h>

#include "userlookup.h"

#include "utf16.h"

#ifndef ERROR_BAD_USERNAME
#define ERROR_BAD_USERNAME 2202
#endif

typedef BOOL(WINAPI *lookup_fn)(const WCHAR *, const WCHAR *, PSID, DWORD *, WCHAR *, DWORD *,
                                SID_NAME_USE *);
typedef BOOL(WINAPI *text_fn)(PSID, WCHAR **);

static bool lookup(const WCHAR *name, char16_t *text)
{
    HMODULE dll = LoadLibraryW(L"advapi32.dll");
    lookup_fn find = dll ? (lookup_fn)(void *)GetProcAddress(dll, "LookupAccountNameW") : NULL;
    text_fn to_text = dll ? (text_fn)(void *)GetProcAddress(dll, "ConvertSidToStringSidW") : NULL;
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD sid_size = sizeof(sid), domain_size = 256;
    SID_NAME_USE use;
    WCHAR domain[256], *string;

    if (!find || !to_text || !find(NULL, name, sid, &sid_size, domain, &domain_size, &use) ||
        !to_text(sid, &string))
        return false;
    u16_copy(text, LAYOUT_SID, (char16_t *)string);
    LocalFree(string);
    return true;
}

u32 user_lookup(const char16_t *name, struct user_sid *sid)
{
    char16_t own[LAYOUT_SID];

    if (!lookup((const WCHAR *)name, sid->text))
        return ERROR_BAD_USERNAME;
    sid->own = reg_user_sid(own, LAYOUT_SID) && u16_equal_fold(own, sid->text);
    return ERROR_SUCCESS;
}
