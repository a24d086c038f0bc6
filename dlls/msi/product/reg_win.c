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
    LSTATUS(WINAPI *flush)(HKEY);
    LSTATUS(WINAPI *keys)(HKEY, DWORD, WCHAR *, DWORD *, DWORD *, WCHAR *, DWORD *, FILETIME *);
    LSTATUS(WINAPI *values)(HKEY, DWORD, WCHAR *, DWORD *, DWORD *, DWORD *, BYTE *, DWORD *);
    LSTATUS(WINAPI *info)
    (HKEY, WCHAR *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *,
     FILETIME *);
    LSTATUS(WINAPI *security)(HKEY, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, DWORD *);
    LSTATUS(WINAPI *set_security)(HKEY, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR);
    DWORD(WINAPI *security_size)(PSECURITY_DESCRIPTOR);
    BOOL(WINAPI *open_token)(HANDLE, DWORD, HANDLE *);
    BOOL(WINAPI *token_info)(HANDLE, TOKEN_INFORMATION_CLASS, void *, DWORD, DWORD *);
    BOOL(WINAPI *sid_text)(PSID, WCHAR **);
} api;
/* Deletes what the handle stands for, which the functions by name do not: they follow a link. */
static LONG(NTAPI *delete_handle)(HANDLE);
static ULONG(NTAPI *as_error)(LONG);
static bool ready;

static BOOL CALLBACK load(INIT_ONCE *once, void *arg, void **out)
{
    static const char *const names[] = {"RegOpenKeyExW",
                                        "RegCreateKeyExW",
                                        "RegCloseKey",
                                        "RegQueryValueExW",
                                        "RegSetValueExW",
                                        "RegDeleteValueW",
                                        "RegFlushKey",
                                        "RegEnumKeyExW",
                                        "RegEnumValueW",
                                        "RegQueryInfoKeyW",
                                        "RegGetKeySecurity",
                                        "RegSetKeySecurity",
                                        "GetSecurityDescriptorLength",
                                        "OpenProcessToken",
                                        "GetTokenInformation",
                                        "ConvertSidToStringSidW"};
    HMODULE nt = GetModuleHandleW(L"ntdll.dll");
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
    if (nt) {
        *(FARPROC *)&delete_handle = GetProcAddress(nt, "NtDeleteKey");
        *(FARPROC *)&as_error = GetProcAddress(nt, "RtlNtStatusToDosError");
    }
    ready = delete_handle && as_error;
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

/* --- removing -----------------------------------------------------------------------------------
 */

/* The key of that name, be it a link. */
static u32 open_itself(HKEY above, const WCHAR *name, enum reg_view view, REGSAM access, HKEY *key)
{
    return (u32)api.open(above, name, REG_OPTION_OPEN_LINK, access | wow(view), key);
}

static u32 delete_key(HKEY key)
{
    LONG status = delete_handle(key);

    return status < 0 ? (u32)as_error(status) : ERROR_SUCCESS;
}

enum { DEPTH = 512 };

static bool is_link(HKEY key)
{
    DWORD type;

    return !api.query(key, L"SymbolicLinkValue", NULL, &type, NULL, NULL) && type == REG_LINK;
}

/* Below a link nothing is. A name that has been seen to stay is an error, so this ends. */
static u32 delete_tree(HKEY key, enum reg_view view, u32 depth)
{
    WCHAR name[REG_NAME_MAX];
    u32 err = is_link(key) ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
    HKEY child;

    if (depth > DEPTH)
        return ERROR_FILENAME_EXCED_RANGE;
    while (!err && !(err = reg_key_at((struct reg_key *)key, 0, (char16_t *)name))) {
        err = open_itself(key, name, view, KEY_READ | DELETE, &child);
        if (err)
            break;
        err = delete_tree(child, view, depth + 1);
        api.close(child);
    }
    return err == ERROR_NO_MORE_ITEMS ? delete_key(key) : err;
}

u32 reg_remove_view(enum reg_root root, enum reg_view view, const char16_t *path)
{
    HKEY k;
    u32 err;

    if (!is_ready())
        return ERROR_FILE_NOT_FOUND;
    err = open_itself(root_key(root), (const WCHAR *)path, view, KEY_READ | KEY_WRITE | DELETE, &k);
    if (err)
        return err;
    err = delete_tree(k, view, 0);
    api.close(k);
    return err;
}

/* A key with keys in it is refused by the system; one with values is not. */
u32 reg_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t name[REG_NAME_MAX];
    HKEY k;
    u32 err;

    if (!is_ready())
        return ERROR_FILE_NOT_FOUND;
    err = open_itself(root_key(root), (const WCHAR *)path, view, KEY_READ | DELETE, &k);
    if (err)
        return err;
    if (reg_value_at((struct reg_key *)k, 0, name) != ERROR_NO_MORE_ITEMS ||
        reg_key_at((struct reg_key *)k, 0, name) != ERROR_NO_MORE_ITEMS)
        err = ERROR_DIR_NOT_EMPTY;
    else
        err = delete_key(k);
    api.close(k);
    return err;
}

/* --- what a key has beside its values -----------------------------------------------------------
 */

enum { TRIES = 4, FIRST_SIZE = 256, SECURITY_MAX = 1 << 16 };
#define SECURITY_PARTS \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION)

static u32 look_class(HKEY key, struct reg_about *about)
{
    DWORD len = 0;
    u32 err = (u32)api.info(key, NULL, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

    if ((err && err != ERROR_MORE_DATA) || !len)
        return ERROR_SUCCESS;
    len++;
    about->class = os_calloc(len, sizeof(WCHAR));
    if (!about->class)
        return ERROR_OUTOFMEMORY;
    err = (u32)api.info(key, (WCHAR *)about->class, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        NULL, NULL);
    if (err) {
        os_free(about->class);
        about->class = NULL;
    }
    return ERROR_SUCCESS;
}

/* Without the right to read it there is none. */
static u32 look_security(HKEY key, u8 **security, u32 *size)
{
    DWORD room = FIRST_SIZE;
    u32 err = ERROR_SUCCESS;

    *security = NULL;
    for (int i = 0; i < TRIES && room <= SECURITY_MAX; i++) {
        DWORD need = room;
        u8 *bytes = os_calloc(1, room);

        if (!bytes)
            return ERROR_OUTOFMEMORY;
        err = (u32)api.security(key, SECURITY_PARTS, bytes, &need);
        if (!err) {
            *security = bytes;
            *size = api.security_size(bytes);
            return ERROR_SUCCESS;
        }
        os_free(bytes);
        if (err != ERROR_INSUFFICIENT_BUFFER)
            break;
        room = MAX(need, room + 1);
    }
    return ERROR_SUCCESS;
}

static u32 look_link(HKEY key, struct reg_about *about)
{
    struct reg_data d;
    u32 err = is_link(key) ? reg_get((struct reg_key *)key, u"SymbolicLinkValue", &d) : 0;

    if (err || !is_link(key))
        return err;
    about->link = d.bytes;
    about->link_size = d.size;
    return ERROR_SUCCESS;
}

u32 reg_look(enum reg_root root, enum reg_view view, const char16_t *path, struct reg_about *about)
{
    HKEY k;
    u32 err;

    *about = (struct reg_about){0};
    if (!is_ready())
        return ERROR_FILE_NOT_FOUND;
    err = open_itself(root_key(root), (const WCHAR *)path, view, KEY_READ, &k);
    if (err)
        return err;
    err = look_class(k, about);
    if (!err)
        err = look_security(k, &about->security, &about->security_size);
    if (!err)
        err = look_link(k, about);
    api.close(k);
    if (err)
        reg_about_free(about);
    return err;
}

static bool has_security(HKEY key, const struct reg_about *about)
{
    u8 *now;
    u32 size = 0;
    bool has = !look_security(key, &now, &size) && now && size == about->security_size &&
               !memcmp(now, about->security, size);

    os_free(now);
    return has;
}

/* To give a key to somebody else may be refused where the rest is not. */
static u32 set_security(HKEY root, const WCHAR *path, enum reg_view view,
                        const struct reg_about *about)
{
    static const struct {
        REGSAM access;
        SECURITY_INFORMATION parts;
    } ways[] = {{WRITE_DAC | WRITE_OWNER, SECURITY_PARTS}, {WRITE_DAC, DACL_SECURITY_INFORMATION}};
    HKEY k;
    u32 err = open_itself(root, path, view, READ_CONTROL, &k);

    if (err)
        return err;
    if (has_security(k, about)) {
        api.close(k);
        return ERROR_SUCCESS;
    }
    api.close(k);
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        err = open_itself(root, path, view, ways[i].access, &k);
        if (err)
            continue;
        err = (u32)api.set_security(k, ways[i].parts, about->security);
        api.close(k);
        if (!err)
            break;
    }
    return err;
}

static u32 make_parent(enum reg_root root, enum reg_view view, const char16_t *path)
{
    size_t n = u16_len(path);
    struct reg_key *key;
    char16_t *above;
    u32 err;

    while (n && path[n - 1] != '\\')
        n--;
    if (!n)
        return ERROR_SUCCESS;
    above = u16_dup(path, n - 1);
    err = above ? reg_make_view(root, view, above, &key) : ERROR_OUTOFMEMORY;
    if (!err)
        reg_close(key);
    os_free(above);
    return err;
}

/* An empty key in its place is one that was being made. */
static u32 make_link(enum reg_root root, enum reg_view view, const char16_t *path,
                     const struct reg_about *about)
{
    DWORD made;
    HKEY k;
    u32 err = reg_remove_empty(root, view, path);

    if (err == ERROR_DIR_NOT_EMPTY)
        return ERROR_SUCCESS;
    err = (u32)api.create(root_key(root), (const WCHAR *)path, 0, NULL, REG_OPTION_CREATE_LINK,
                          KEY_WRITE | KEY_CREATE_LINK | wow(view), NULL, &k, &made);
    if (err)
        return err;
    err = (u32)api.set(k, L"SymbolicLinkValue", 0, REG_LINK, about->link, about->link_size);
    api.close(k);
    return err;
}

static u32 make_key(enum reg_root root, enum reg_view view, const char16_t *path,
                    const struct reg_about *about)
{
    HKEY k;
    u32 err = (u32)api.create(root_key(root), (const WCHAR *)path, 0, (WCHAR *)about->class, 0,
                              KEY_READ | wow(view), NULL, &k, NULL);

    if (!err)
        api.close(k);
    return err;
}

u32 reg_make_as(enum reg_root root, enum reg_view view, const char16_t *path,
                const struct reg_about *about)
{
    u32 err;

    if (!is_ready())
        return ERROR_CALL_NOT_IMPLEMENTED;
    err = make_parent(root, view, path);
    if (!err)
        err = about->link ? make_link(root, view, path, about) : make_key(root, view, path, about);
    if (err || !about->security)
        return err;
    return set_security(root_key(root), (const WCHAR *)path, view, about);
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

u32 reg_written(struct reg_key *key, u64 *when)
{
    FILETIME t;
    u32 err =
        (u32)api.info(hkey(key), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &t);

    if (!err)
        *when = (u64)t.dwHighDateTime << 32 | t.dwLowDateTime;
    return err;
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

enum { SID_TEXT = 190 };
static WCHAR own_sid[SID_TEXT];

static BOOL CALLBACK read_own_sid(INIT_ONCE *once, void *arg, void **out)
{
    HANDLE token;
    bool got;

    UNUSED(once);
    UNUSED(arg);
    UNUSED(out);
    if (!is_ready() || !api.open_token(GetCurrentProcess(), TOKEN_QUERY, &token))
        return FALSE;
    got = token_sid(token, (char16_t *)own_sid, SID_TEXT);
    CloseHandle(token);
    return got;
}

/* A process's user stays what it is; on Wine each question for it is three to the server. */
bool reg_user_sid(char16_t *sid, size_t cap)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    size_t n;

    if (!InitOnceExecuteOnce(&once, read_own_sid, NULL, NULL))
        return false;
    n = wcslen(own_sid);
    if (n >= cap)
        return false;
    memcpy(sid, own_sid, (n + 1) * sizeof(*sid));
    return true;
}
