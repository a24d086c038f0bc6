/*
 * Reading the registry through advapi32.dll, loaded late.
 */
#include "regread.h"

#include "record.h"
#include "utf16.h"

static struct {
    LSTATUS(WINAPI *open)(HKEY, const WCHAR *, DWORD, REGSAM, HKEY *);
    LSTATUS(WINAPI *close)(HKEY);
    LSTATUS(WINAPI *query)(HKEY, const WCHAR *, DWORD *, DWORD *, BYTE *, DWORD *);
    LSTATUS(WINAPI *keys)(HKEY, DWORD, WCHAR *, DWORD *, DWORD *, WCHAR *, DWORD *, FILETIME *);
    BOOL(WINAPI *open_token)(HANDLE, DWORD, HANDLE *);
    BOOL(WINAPI *token_info)(HANDLE, TOKEN_INFORMATION_CLASS, void *, DWORD, DWORD *);
    BOOL(WINAPI *sid_text)(PSID, WCHAR **);
    bool ready;
} api;

static BOOL CALLBACK load(INIT_ONCE *once, void *arg, void **out)
{
    HMODULE dll = LoadLibraryW(L"advapi32.dll");

    UNUSED(once);
    UNUSED(arg);
    UNUSED(out);
    if (!dll)
        return TRUE;
    api.open = (void *)GetProcAddress(dll, "RegOpenKeyExW");
    api.close = (void *)GetProcAddress(dll, "RegCloseKey");
    api.query = (void *)GetProcAddress(dll, "RegQueryValueExW");
    api.keys = (void *)GetProcAddress(dll, "RegEnumKeyExW");
    api.open_token = (void *)GetProcAddress(dll, "OpenProcessToken");
    api.token_info = (void *)GetProcAddress(dll, "GetTokenInformation");
    api.sid_text = (void *)GetProcAddress(dll, "ConvertSidToStringSidW");
    api.ready = api.open && api.close && api.query && api.keys && api.open_token &&
                api.token_info && api.sid_text;
    return TRUE;
}

static bool is_ready(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    InitOnceExecuteOnce(&once, load, NULL, NULL);
    return api.ready;
}

static bool open_key(HKEY root, const WCHAR *path, HKEY *key)
{
    return is_ready() && !api.open(root, path, 0, KEY_READ | KEY_WOW64_64KEY, key);
}

bool reg_has(HKEY root, const WCHAR *path)
{
    HKEY key;

    if (!open_key(root, path, &key))
        return false;
    api.close(key);
    return true;
}

bool reg_subkey(HKEY root, const WCHAR *path, DWORD index, WCHAR *name, DWORD cap)
{
    bool found;
    HKEY key;

    if (!open_key(root, path, &key))
        return false;
    found = !api.keys(key, index, name, &cap, NULL, NULL, NULL, NULL);
    api.close(key);
    return found;
}

/* bytes of a value of that type are in text already, with room for a terminator. */
static u32 as_text(DWORD type, DWORD bytes, WCHAR *text)
{
    DWORD number;

    if (type == REG_DWORD && bytes == sizeof(number)) {
        memcpy(&number, text, sizeof(number));
        rec_format_int((int)number, (char16_t *)text);
        return ERROR_SUCCESS;
    }
    text[bytes / sizeof(WCHAR)] = 0;
    return type == REG_SZ || type == REG_EXPAND_SZ ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

u32 reg_text(HKEY root, const WCHAR *path, const WCHAR *name, WCHAR *text, DWORD cap)
{
    DWORD type, bytes = (cap - 1) * sizeof(WCHAR);
    HKEY key;
    u32 err;

    if (!open_key(root, path, &key))
        return ERROR_FILE_NOT_FOUND;
    err = (u32)api.query(key, name, NULL, &type, (BYTE *)text, &bytes);
    api.close(key);
    return err ? err : as_text(type, bytes, text);
}

static bool token_sid(HANDLE token, WCHAR *sid, DWORD cap)
{
    union {
        TOKEN_USER user;
        BYTE room[256];
    } info;
    DWORD size;
    WCHAR *text;

    if (!api.token_info(token, TokenUser, &info, sizeof(info), &size) ||
        !api.sid_text(info.user.User.Sid, &text))
        return false;
    u16_copy((char16_t *)sid, cap, (char16_t *)text);
    LocalFree(text);
    return true;
}

bool reg_user_sid(WCHAR *sid, DWORD cap)
{
    HANDLE token;
    bool got;

    if (!is_ready() || !api.open_token(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    got = token_sid(token, sid, cap);
    CloseHandle(token);
    return got;
}
