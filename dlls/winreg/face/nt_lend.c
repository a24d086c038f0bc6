/*
 * A handle's kernel object is a directory of the object manager (handle/kernel_win.c), and in it
 * stands, from the moment the handle goes out, a symbolic link that leads nowhere:
 *
 *   name    "Key"
 *   target  rights of the handle as 8 hexadecimal digits, a space, the key's whole name
 *
 * Whoever has a handle of the directory can read it. The link is permanent, so that it lasts as
 * long as the directory, also when the process that made it ends.
 */
#include "nt_lend.h"
#include "inside.h"
#include "interpose.h"
#include "os.h"

#include <string.h>
#include <wchar.h>

NTSYSAPI NTSTATUS NTAPI NtCreateSymbolicLinkObject(HANDLE *handle, ACCESS_MASK access,
                                                   OBJECT_ATTRIBUTES *attributes,
                                                   UNICODE_STRING *target);
NTSYSAPI NTSTATUS NTAPI NtOpenSymbolicLinkObject(HANDLE *handle, ACCESS_MASK access,
                                                 OBJECT_ATTRIBUTES *attributes);
NTSYSAPI NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE handle, UNICODE_STRING *target,
                                                  ULONG *needed);

#define LINK_PERMANENT 0x10u /* OBJ_PERMANENT */
#define LINK_QUERY     1u

enum { RIGHTS_CHARS = 9, TARGET_CHARS = 16384 };

static void link_attributes(OBJECT_ATTRIBUTES *attributes, UNICODE_STRING *name, HKEY directory,
                            ULONG flags)
{
    RtlInitUnicodeString(name, L"Key");
    InitializeObjectAttributes(attributes, name, flags, (HANDLE)directory, NULL);
}

u32 lend_out(HKEY key)
{
    RPC_HKEY ours = face_untagged(key);
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name, target;
    HANDLE link;
    WCHAR *path, *text;
    ULONG bytes;
    NTSTATUS status = nt_key_name((HANDLE)ours, &path, &bytes);
    if (status)
        return RtlNtStatusToDosError(status);
    text = os_alloc(bytes + (RIGHTS_CHARS + 1) * sizeof(WCHAR));
    if (text) {
        u32 rights = inside_access(ours) | inside_view(ours);
        for (int i = 0; i < RIGHTS_CHARS - 1; i++)
            text[i] = L"0123456789abcdef"[rights >> (28 - 4 * i) & 15];
        text[RIGHTS_CHARS - 1] = ' ';
        memcpy(text + RIGHTS_CHARS, path, bytes + sizeof(WCHAR));
        RtlInitUnicodeString(&target, text);
        link_attributes(&attributes, &name, (HKEY)ours, LINK_PERMANENT);
        status = NtCreateSymbolicLinkObject(&link, LINK_QUERY, &attributes, &target);
        if (!status)
            nt_real.Close(link);
    }
    os_free(path);
    os_free(text);
    /* There already: the handle went out before. */
    return !text                                    ? (u32)ERROR_OUTOFMEMORY
           : !status || status == NT_NAME_COLLISION ? (u32)ERROR_SUCCESS
                                                    : (u32)ERROR_NO_SYSTEM_RESOURCES;
}

/* Opens "\REGISTRY\MACHINE\..." or "\REGISTRY\USER\...". */
static u32 open_whole_name(const WCHAR *name, u32 rights, HKEY *out)
{
    static const struct {
        const WCHAR *prefix;
        HKEY root;
    } roots[] = {{L"\\REGISTRY\\MACHINE", HKEY_LOCAL_MACHINE}, {L"\\REGISTRY\\USER", HKEY_USERS}};
    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        size_t len = wcslen(roots[i].prefix);
        if (_wcsnicmp(name, roots[i].prefix, len) || (name[len] && name[len] != '\\'))
            continue;
        return (u32)RegOpenKeyExW(roots[i].root, name[len] ? name + len + 1 : L"", 0, rights, out);
    }
    return ERROR_INVALID_HANDLE;
}

static u32 read_target(HKEY key, WCHAR *text)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name, target = {0, (TARGET_CHARS - 1) * sizeof(WCHAR), text};
    HANDLE link;
    NTSTATUS status;
    link_attributes(&attributes, &name, key, 0);
    if (NtOpenSymbolicLinkObject(&link, LINK_QUERY, &attributes))
        return ERROR_INVALID_HANDLE;
    status = NtQuerySymbolicLinkObject(link, &target, NULL);
    nt_real.Close(link);
    text[status ? 0 : target.Length / sizeof(WCHAR)] = 0;
    return wcslen(text) > RIGHTS_CHARS ? (u32)ERROR_SUCCESS : (u32)ERROR_INVALID_HANDLE;
}

u32 lend_in(HKEY key)
{
    WCHAR *text = os_alloc(TARGET_CHARS * sizeof(WCHAR));
    HKEY opened;
    u32 err = text ? read_target(key, text) : (u32)ERROR_OUTOFMEMORY;
    if (!err)
        err = open_whole_name(text + RIGHTS_CHARS, (u32)wcstoul(text, NULL, 16), &opened);
    os_free(text);
    if (err)
        return err;
    err = inside_lend(face_untagged(opened), key, 0);
    RegCloseKey(opened);
    FACE_TRACE("%p came from another process: %lu", (void *)key, (unsigned long)err);
    return err;
}
