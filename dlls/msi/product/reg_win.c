/*
 * The registry through advapi32.dll, loaded late. A struct reg_key is an HKEY by another name.
 */
#include <windows.h>

#include "reg.h"

#include "os.h"
#include "utf16.h"

static struct {
    LSTATUS(WINAPI *open)(HKEY, const WCHAR *, DWORD, REGSAM, HKEY *);
    LSTATUS(WINAPI *create)
    (HKEY, const WCHAR *, DWORD, WCHAR *, DWORD, REGSAM, SECURITY_ATTRIBUTES *, HKEY *, DWORD *);
    LSTATUS(WINAPI *close)(HKEY);
    LSTATUS(WINAPI *query)(HKEY, const WCHAR *, DWORD *, DWORD *, BYTE *, DWORD *);
    LSTATUS(WINAPI *set)(HKEY, const WCHAR *, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *delete_value)(HKEY, const WCHAR *);
    LSTATUS(WINAPI *delete_tree)(HKEY, const WCHAR *);
    LSTATUS(WINAPI *delete_key)(HKEY, const WCHAR *, REGSAM, DWORD);
    LSTATUS(WINAPI *flush)(HKEY);
    LSTATUS(WINAPI *keys)(HKEY, DWORD, WCHAR *, DWORD *, DWORD *, WCHAR *, DWORD *, FILETIME *);
    LSTATUS(WINAPI *values)(HKEY, DWORD, WCHAR *, DWORD *, DWORD *, DWORD *, BYTE *, DWORD *);
    BOOL(WINAPI *open_token)(HANDLE, DWORD, HANDLE *);
    BOOL(WINAPI *token_info)(HANDLE, TOKEN_INFORMATION_CLASS, void *, DWORD, DWORD *);
    BOOL(WINAPI *sid_text)(PSID, WCHAR **);
} api;
static bool ready;

static BOOL CALLBACK load(INIT_ONCE *once, void *arg, void **out)
{
    static const char *const names[] = {
        "RegOpenKeyExW",       "RegCreateKeyExW",       "RegCloseKey",    "RegQueryValueExW",
        "RegSetValueExW",      "RegDeleteValueW",       "RegDeleteTreeW", "RegDeleteKeyExW",
        "RegFlushKey",         "RegEnumKeyExW",         "RegEnumValueW",  "OpenProcessToken",
        "GetTokenInformation", "ConvertSidToStringSidW"};
    HMODULE dll = LoadLibraryW(L"advapi32.dll");
    void *found[ARRAY_LEN(names)];

    UNUSED(once);
    UNUSED(arg);
    UNUSED(out);
    STATIC_ASSERT(sizeof(found) == sizeof(api));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        found[i] = dll ? (void *)GetProcAddress(dll, names[i]) : NULL;
        if (!found[i])
            return TRUE;
    }
    memcpy(&api, found, sizeof(api));
    ready = true;
    return TRUE;
}

static bool is_ready(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    InitOnceExecuteOnce(&once, load, NULL, NULL);
    return ready;
}

static HKEY root_key(enum reg_root root)
{
    return root == REG_MACHINE ? HKEY_LOCAL_MACHINE
           : root == REG_USER  ? HKEY_CURRENT_USER
           : root == REG_USERS ? HKEY_USERS
                               : HKEY_CLASSES_ROOT;
}

static HKEY hkey(struct reg_key *key)
{
    return (HKEY)key;
}

static REGSAM wow(enum reg_view view)
{
    return view == REG_VIEW_32 ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
}

u32 reg_open_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key)
{
    HKEY k;
    u32 err;

    if (!is_ready())
        return ERROR_FILE_NOT_FOUND;
    err = (u32)api.open(root_key(root), (const WCHAR *)path, 0, KEY_READ | wow(view), &k);
    if (!err)
        *key = (struct reg_key *)k;
    return err;
}

u32 reg_make_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key)
{
    HKEY k;
    u32 err;

    if (!is_ready())
        return ERROR_CALL_NOT_IMPLEMENTED;
    err = (u32)api.create(root_key(root), (const WCHAR *)path, 0, NULL, 0,
                          KEY_READ | KEY_WRITE | wow(view), NULL, &k, NULL);
    if (!err)
        *key = (struct reg_key *)k;
    return err;
}

void reg_close(struct reg_key *key)
{
    if (key)
        api.close(hkey(key));
}

u32 reg_get(struct reg_key *key, const char16_t *name, struct reg_data *data)
{
    DWORD size = 256, type;
    u8 *bytes = NULL, *more;
    u32 err;

    /* It may grow from one question to the next. */
    do {
        if (size > REG_DATA_MAX) {
            os_free(bytes);
            return ERROR_BAD_CONFIGURATION;
        }
        more = os_realloc(bytes, size + 4);
        if (!more) {
            os_free(bytes);
            return ERROR_OUTOFMEMORY;
        }
        bytes = more;
        err = (u32)api.query(hkey(key), (const WCHAR *)name, NULL, &type, bytes, &size);
    } while (err == ERROR_MORE_DATA);
    if (err) {
        os_free(bytes);
        return err;
    }
    memset(bytes + size, 0, 4);
    /* half a character is none */
    if (size % 2 && type != REG_TYPE_BINARY)
        bytes[size - 1] = 0;
    *data = (struct reg_data){type, size, bytes};
    return ERROR_SUCCESS;
}

bool reg_has_value(struct reg_key *key, const char16_t *name)
{
    return !api.query(hkey(key), (const WCHAR *)name, NULL, NULL, NULL, NULL);
}

u32 reg_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes, u32 size)
{
    return (u32)api.set(hkey(key), (const WCHAR *)name, 0, type, bytes, size);
}

u32 reg_remove_value(struct reg_key *key, const char16_t *name)
{
    return (u32)api.delete_value(hkey(key), (const WCHAR *)name);
}

u32 reg_remove_view(enum reg_root root, enum reg_view view, const char16_t *path)
{
    HKEY k;
    u32 err;

    if (!is_ready())
        return ERROR_FILE_NOT_FOUND;
    err = (u32)api.open(root_key(root), (const WCHAR *)path, 0,
                        KEY_READ | KEY_WRITE | DELETE | wow(view), &k);
    if (err)
        return err;
    err = (u32)api.delete_tree(k, NULL);
    api.close(k);
    return err ? err : (u32)api.delete_key(root_key(root), (const WCHAR *)path, wow(view), 0);
}

/* A key with keys in it is refused by the system; one with values is not. */
u32 reg_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t name[REG_NAME_MAX];
    struct reg_key *key;
    bool empty;
    u32 err = reg_open_view(root, view, path, &key);

    if (err)
        return err;
    empty = reg_value_at(key, 0, name) == ERROR_NO_MORE_ITEMS &&
            reg_key_at(key, 0, name) == ERROR_NO_MORE_ITEMS;
    reg_close(key);
    if (!empty)
        return ERROR_DIR_NOT_EMPTY;
    return (u32)api.delete_key(root_key(root), (const WCHAR *)path, wow(view), 0);
}

/* The hives of winreg.dll and Wine's registry outlive the process as they are; a key of each is
 * flushed for the case that power is lost. */
u32 reg_flush(void)
{
    static const HKEY roots[] = {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER};
    u32 err = ERROR_SUCCESS;
    HKEY k;

    for (size_t i = 0; is_ready() && !err && i < ARRAY_LEN(roots); i++) {
        if (api.open(roots[i], L"Software", 0, KEY_READ, &k))
            continue;
        err = (u32)api.flush(k);
        api.close(k);
    }
    return err;
}

u32 reg_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    DWORD cap = REG_NAME_MAX;

    return (u32)api.keys(hkey(key), index, (WCHAR *)name, &cap, NULL, NULL, NULL, NULL);
}

u32 reg_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    DWORD cap = REG_NAME_MAX;

    return (u32)api.values(hkey(key), index, (WCHAR *)name, &cap, NULL, NULL, NULL, NULL);
}

static bool token_sid(HANDLE token, char16_t *sid, size_t cap)
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
    u16_copy(sid, cap, (char16_t *)text);
    LocalFree(text);
    return true;
}

bool reg_user_sid(char16_t *sid, size_t cap)
{
    HANDLE token;
    bool got;

    if (!is_ready() || !api.open_token(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    got = token_sid(token, sid, cap);
    CloseHandle(token);
    return got;
}
