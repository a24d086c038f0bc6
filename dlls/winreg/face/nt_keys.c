/*
 * What ntdll's functions that open, make, delete and rename keys do with one of ours.
 */
#include "interpose.h"
#include "inside.h"
#include "os.h"

#include <string.h>

#define OPEN_LINK_ATTRIBUTE 0x100u /* OBJ_OPENLINK */

NTSTATUS nt_status(u32 err)
{
    static const struct {
        u32 err;
        NTSTATUS status;
    } map[] = {
        {ERROR_SUCCESS, NT_SUCCESS_},
        {ERROR_FILE_NOT_FOUND, NT_NAME_NOT_FOUND},
        {ERROR_ACCESS_DENIED, NT_ACCESS_DENIED},
        {ERROR_INVALID_HANDLE, NT_INVALID_HANDLE},
        {ERROR_OUTOFMEMORY, NT_NO_MEMORY},
        {ERROR_NOT_SUPPORTED, NT_NOT_SUPPORTED},
        {ERROR_INVALID_PARAMETER, NT_INVALID_PARAMETER},
        {ERROR_INSUFFICIENT_BUFFER, NT_BUFFER_TOO_SMALL},
        {ERROR_ALREADY_EXISTS, NT_NAME_COLLISION},
        {ERROR_MORE_DATA, NT_OVERFLOW},
        {ERROR_NO_MORE_ITEMS, NT_NO_MORE_ENTRIES},
        {ERROR_KEY_DELETED, NT_KEY_DELETED},
        {ERROR_KEY_HAS_CHILDREN, NT_CANNOT_DELETE},
    };
    for (size_t i = 0; i < ARRAY_LEN(map); i++)
        if (map[i].err == err)
            return map[i].status;
    return NT_UNSUCCESSFUL;
}

NTSTATUS nt_text(const UNICODE_STRING *name, WCHAR **text)
{
    size_t len = name ? name->Length / sizeof(WCHAR) : 0;
    if (len && !name->Buffer)
        return NT_INVALID_PARAMETER;
    for (size_t i = 0; i < len; i++)
        if (!name->Buffer[i])
            return NT_INVALID_PARAMETER;
    *text = os_alloc((len + 1) * sizeof(WCHAR));
    if (!*text)
        return NT_NO_MEMORY;
    if (len)
        memcpy(*text, name->Buffer, len * sizeof(WCHAR));
    (*text)[len] = 0;
    return NT_SUCCESS_;
}

static bool is_wines(HANDLE key)
{
    return inside_kernel(key) < HND_OPEN;
}

/* What Wine's ntdll opened; the value may be one that was closed past the table. */
static NTSTATUS opened_by_wine(NTSTATUS status, HANDLE *out)
{
    if (!status && !is_wines(*out))
        inside_forget(*out);
    return status;
}

static bool below_ours(const OBJECT_ATTRIBUTES *attributes)
{
    return attributes && attributes->RootDirectory && !is_wines(attributes->RootDirectory);
}

static NTSTATUS open_ours(HANDLE *out, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                          ULONG options)
{
    WCHAR *path;
    HKEY opened;
    NTSTATUS status = nt_text(attributes->ObjectName, &path);
    if (status)
        return status;
    if (attributes->Attributes & OPEN_LINK_ATTRIBUTE)
        options |= REG_OPTION_OPEN_LINK;
    status = nt_status(
        (u32)RegOpenKeyExW((HKEY)attributes->RootDirectory, path, options, access, &opened));
    if (!status)
        *out = face_untagged(opened);
    os_free(path);
    return status;
}

NTSTATUS NTAPI nt_open_key(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes)
{
    if (below_ours(attributes))
        return open_ours(out, access, attributes, 0);
    return opened_by_wine(nt_real.OpenKey(out, access, attributes), out);
}

NTSTATUS NTAPI nt_open_key_ex(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                              ULONG options)
{
    if (below_ours(attributes))
        return open_ours(out, access, attributes, options);
    return opened_by_wine(nt_real.OpenKeyEx(out, access, attributes, options), out);
}

static NTSTATUS create_ours(HANDLE *out, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                            const UNICODE_STRING *class_name, ULONG options, ULONG *disposition)
{
    SECURITY_ATTRIBUTES sa = {sizeof(sa), attributes->SecurityDescriptor, FALSE};
    WCHAR *path, *class_text;
    HKEY opened;
    NTSTATUS status = nt_text(attributes->ObjectName, &path);
    if (status)
        return status;
    status = nt_text(class_name, &class_text);
    if (!status) {
        status = nt_status((u32)RegCreateKeyExW(
            (HKEY)attributes->RootDirectory, path, 0, *class_text ? class_text : NULL, options,
            access, sa.lpSecurityDescriptor ? &sa : NULL, &opened, disposition));
        os_free(class_text);
    }
    if (!status)
        *out = face_untagged(opened);
    os_free(path);
    return status;
}

NTSTATUS NTAPI nt_create_key(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                             ULONG title, UNICODE_STRING *class_name, ULONG options,
                             ULONG *disposition)
{
    if (below_ours(attributes))
        return create_ours(out, access, attributes, class_name, options, disposition);
    return opened_by_wine(
        nt_real.CreateKey(out, access, attributes, title, class_name, options, disposition), out);
}

NTSTATUS NTAPI nt_delete_key(HANDLE key)
{
    if (is_wines(key))
        return nt_real.DeleteKey(key);
    return nt_status((u32)RegDeleteKeyW((HKEY)key, L""));
}

NTSTATUS NTAPI nt_flush_key(HANDLE key)
{
    return is_wines(key) ? nt_real.FlushKey(key) : nt_status((u32)RegFlushKey((HKEY)key));
}

NTSTATUS NTAPI nt_rename_key(HANDLE key, UNICODE_STRING *name)
{
    WCHAR *text;
    NTSTATUS status;
    if (is_wines(key))
        return nt_real.RenameKey(key, name);
    status = nt_text(name, &text);
    if (status)
        return status;
    status = nt_status((u32)RegRenameKey((HKEY)key, NULL, text));
    os_free(text);
    return status;
}

NTSTATUS NTAPI nt_notify_change_key(HANDLE key, HANDLE event, apc_routine apc, void *apc_context,
                                    IO_STATUS_BLOCK *io, ULONG filter, BOOLEAN subtree, void *buf,
                                    ULONG size, BOOLEAN async)
{
    NTSTATUS status;
    if (is_wines(key))
        return nt_real.NotifyChangeKey(key, event, apc, apc_context, io, filter, subtree, buf, size,
                                       async);
    if (apc)
        return NT_NOT_SUPPORTED;
    status = nt_status(
        (u32)RegNotifyChangeKeyValue((HKEY)key, subtree, filter, async ? event : NULL, async));
    return !status && async ? (NTSTATUS)0x103 : status; /* STATUS_PENDING */
}
