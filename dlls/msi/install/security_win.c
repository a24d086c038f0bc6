/*
 * Security by advapi32, whose functions are looked up at their first use: msi.dll imports nothing
 * from it.
 */
#include <windows.h>
#include <sddl.h>

#include "security.h"

#include "os.h"
#include "reg.h"
#include "utf16.h"

#define FUNCTIONS(F)                                        \
    F(ConvertStringSecurityDescriptorToSecurityDescriptorW) \
    F(ConvertSidToStringSidW)                               \
    F(LookupAccountNameW)                                   \
    F(GetSecurityDescriptorLength)                          \
    F(IsValidSecurityDescriptor)                            \
    F(GetFileSecurityW)                                     \
    F(SetFileSecurityW)                                     \
    F(RegOpenKeyExW)                                        \
    F(RegCloseKey)                                          \
    F(RegGetKeySecurity)                                    \
    F(RegSetKeySecurity)                                    \
    F(OpenSCManagerW)                                       \
    F(OpenServiceW)                                         \
    F(CloseServiceHandle)                                   \
    F(QueryServiceObjectSecurity)                           \
    F(SetServiceObjectSecurity)

#define DECLARE(name) __typeof__(&name) p##name;
static struct {
    FUNCTIONS(DECLARE)
    bool all;
} api;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

enum { TRIES = 4, FIRST_SIZE = 512, SIZE_MAX_OF = 1 << 16 };

static BOOL CALLBACK look_up(INIT_ONCE *o, void *arg, void **out)
{
    HMODULE dll = LoadLibraryW(L"advapi32.dll");

    UNUSED(o);
    UNUSED(arg);
    UNUSED(out);
    api.all = dll != NULL;
#define LOOK_UP(name)                                                                 \
    api.p##name = dll ? (__typeof__(&name))(void *)GetProcAddress(dll, #name) : NULL; \
    api.all = api.all && api.p##name;
    FUNCTIONS(LOOK_UP)
    return TRUE;
}

bool security_here(void)
{
    InitOnceExecuteOnce(&once, look_up, NULL, NULL);
    return api.all;
}

static u32 failed(BOOL done)
{
    return done ? ERROR_SUCCESS : GetLastError();
}

/* --- accounts and texts -------------------------------------------------------------------------
 */

static bool look_up_account(const WCHAR *name, char16_t sid[SECURITY_SID])
{
    BYTE bytes[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(bytes), domain_size = 256;
    WCHAR domain[256], *text;
    SID_NAME_USE use;
    bool fits;

    if (!api.pLookupAccountNameW(NULL, name, bytes, &size, domain, &domain_size, &use) ||
        !api.pConvertSidToStringSidW(bytes, &text))
        return false;
    fits = wcslen(text) < SECURITY_SID;
    if (fits)
        u16_copy(sid, SECURITY_SID, (const char16_t *)text);
    LocalFree(text);
    return fits;
}

bool security_account(const char16_t *domain, const char16_t *user, char16_t sid[SECURITY_SID])
{
    char16_t name[600];
    size_t n;

    if (!security_here() || u16_len(domain) + u16_len(user) + 2 > ARRAY_LEN(name))
        return false;
    /* these two in English everywhere */
    if (u16_equal_fold(user, u"Everyone"))
        return u16_copy(sid, SECURITY_SID, u"S-1-1-0");
    if (u16_equal_fold(user, u"Administrators"))
        return u16_copy(sid, SECURITY_SID, u"S-1-5-32-544");
    n = u16_copy(name, ARRAY_LEN(name), domain);
    if (n)
        name[n++] = '\\';
    u16_copy(name + n, ARRAY_LEN(name) - n, user);
    return look_up_account((const WCHAR *)name, sid);
}

u32 security_parse(const char16_t *text, u8 **descriptor, u32 *size)
{
    PSECURITY_DESCRIPTOR sd;
    ULONG len;

    if (!security_here())
        return ERROR_CALL_NOT_IMPLEMENTED;
    if (!api.pConvertStringSecurityDescriptorToSecurityDescriptorW((const WCHAR *)text,
                                                                   SDDL_REVISION_1, &sd, &len))
        return ERROR_INVALID_DATA;
    *descriptor = os_alloc(len);
    if (*descriptor) {
        memcpy(*descriptor, sd, len);
        *size = len;
    }
    LocalFree(sd);
    return *descriptor ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- objects ------------------------------------------------------------------------------------
 */

static HKEY root_of(u32 root)
{
    static HKEY const roots[] = {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER, HKEY_USERS,
                                 HKEY_CLASSES_ROOT};

    return root < ARRAY_LEN(roots) ? roots[root] : NULL;
}

static u32 open_key(const struct security_object *o, DWORD access, HKEY *key)
{
    return (u32)api.pRegOpenKeyExW(
        root_of(o->root), (const WCHAR *)o->name, 0,
        access | (o->view == REG_VIEW_32 ? KEY_WOW64_32KEY : KEY_WOW64_64KEY), key);
}

static u32 key_security(const struct security_object *o, u8 *to, DWORD *size, const u8 *from)
{
    HKEY key;
    u32 err = open_key(o, from ? WRITE_DAC | READ_CONTROL : READ_CONTROL, &key);

    if (err)
        return err;
    err = (u32)(from ? api.pRegSetKeySecurity(key, DACL_SECURITY_INFORMATION,
                                              (PSECURITY_DESCRIPTOR)from)
                     : api.pRegGetKeySecurity(key, DACL_SECURITY_INFORMATION, to, size));
    api.pRegCloseKey(key);
    return err;
}

static u32 service_security(const struct security_object *o, u8 *to, DWORD *size, const u8 *from)
{
    SC_HANDLE manager = api.pOpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service;
    u32 err = failed(manager != NULL);

    if (err)
        return err;
    service = api.pOpenServiceW(manager, (const WCHAR *)o->name,
                                from ? WRITE_DAC | READ_CONTROL : READ_CONTROL);
    err = failed(service != NULL);
    if (!err)
        err = failed(from ? api.pSetServiceObjectSecurity(service, DACL_SECURITY_INFORMATION,
                                                          (PSECURITY_DESCRIPTOR)from)
                          : api.pQueryServiceObjectSecurity(service, DACL_SECURITY_INFORMATION, to,
                                                            *size, size));
    if (service)
        api.pCloseServiceHandle(service);
    api.pCloseServiceHandle(manager);
    return err == ERROR_SERVICE_DOES_NOT_EXIST ? ERROR_FILE_NOT_FOUND : err;
}

static u32 file_security(const struct security_object *o, u8 *to, DWORD *size, const u8 *from)
{
    const WCHAR *path = (const WCHAR *)o->name;
    u32 err = failed(
        from ? api.pSetFileSecurityW(path, DACL_SECURITY_INFORMATION, (PSECURITY_DESCRIPTOR)from)
             : api.pGetFileSecurityW(path, DACL_SECURITY_INFORMATION, to, *size, size));

    return err == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
}

/* Reads, or where `from` is not NULL writes. */
static u32 do_security(const struct security_object *o, u8 *to, DWORD *size, const u8 *from)
{
    switch (o->kind) {
    case SECURITY_FILE:
        return file_security(o, to, size, from);
    case SECURITY_KEY:
        return key_security(o, to, size, from);
    case SECURITY_SERVICE:
        return service_security(o, to, size, from);
    }
    return ERROR_INVALID_PARAMETER;
}

u32 security_get(const struct security_object *o, u8 **descriptor, u32 *size)
{
    DWORD room = FIRST_SIZE, need;
    u32 err = ERROR_CALL_NOT_IMPLEMENTED;

    if (!security_here())
        return err;
    for (int i = 0; i < TRIES && room <= SIZE_MAX_OF; i++) {
        u8 *bytes = os_calloc(1, room);

        if (!bytes)
            return ERROR_OUTOFMEMORY;
        need = room;
        err = do_security(o, bytes, &need, NULL);
        if (!err) {
            *descriptor = bytes;
            *size = api.pGetSecurityDescriptorLength(bytes);
            return ERROR_SUCCESS;
        }
        os_free(bytes);
        if (err != ERROR_INSUFFICIENT_BUFFER)
            break;
        room = need > room ? need : room * 2;
    }
    return err;
}

/* A note of a journal is anybody's: what is no descriptor of that length is not given away. */
u32 security_set(const struct security_object *o, const u8 *descriptor, u32 size)
{
    PSECURITY_DESCRIPTOR sd = (PSECURITY_DESCRIPTOR)descriptor;

    if (!security_here())
        return ERROR_CALL_NOT_IMPLEMENTED;
    if (!security_is_descriptor(descriptor, size) || !api.pIsValidSecurityDescriptor(sd) ||
        api.pGetSecurityDescriptorLength(sd) > size)
        return ERROR_INVALID_DATA;
    return do_security(o, NULL, NULL, descriptor);
}
