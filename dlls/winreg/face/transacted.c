/*
 * RegCreateKeyTransacted, RegOpenKeyTransacted, RegDeleteKeyTransacted, and the functions of
 * ktmw32.dll that make and end transactions, for programs that link winreg.dll before that one.
 *
 * A transaction's handle is of our table (WinregCreateTransaction). One that another DLL made is
 * no handle here: Wine's ktmw32 makes none that could be taken part in.
 */
#include "ansi.h"
#include "inside.h"
#include "open.h"
#include "security.h"

#include <ktmw32.h>

static u32 check(HANDLE transaction, const void *extended)
{
    if (extended)
        return ERROR_INVALID_PARAMETER;
    return transaction && transaction != INVALID_HANDLE_VALUE ? (u32)ERROR_SUCCESS
                                                              : (u32)ERROR_INVALID_HANDLE;
}

/* The key as one of ours, and the path below it; ends with face_end on success. */
static u32 begin(HKEY key, const WCHAR *subkey, struct face_key *k, RRP_UNICODE_STRING *path)
{
    u32 err = face_begin(key, k);
    if (err)
        return err;
    err = k->wine ? (u32)ERROR_NOT_SUPPORTED : open_path(k, subkey);
    if (!err)
        err = face_path(k, path, subkey);
    if (err)
        face_end(k);
    return err;
}

static u32 create_key(HKEY key, const WCHAR *subkey, const WCHAR *class_name,
                      const struct create_how *how, HANDLE transaction, HKEY *result, bool *created)
{
    RPC_SECURITY_ATTRIBUTES attributes;
    RRP_UNICODE_STRING path;
    struct face_key k;
    RPC_HKEY opened = NULL;
    u32 err = begin(key, subkey, &k, &path);
    if (err)
        return err;
    err = security_attributes(how->sa, &attributes);
    if (!err) {
        const struct nsp_new what = {
            .class_name = class_name,
            .class_size = class_name ? (u32)(wcslen(class_name) * sizeof(WCHAR)) : 0,
            .is_volatile = (how->options & REG_OPTION_VOLATILE) != 0,
            .sd = attributes.RpcSecurityDescriptor.lpSecurityDescriptor,
            .sd_size = attributes.RpcSecurityDescriptor.cbInSecurityDescriptor,
        };
        err = inside_txn_create((RPC_HKEY)transaction, k.ours, (const char16_t *)subkey,
                                face_out_len(&path), &what, face_view(k.ours, how->access), &opened,
                                created);
        security_attributes_free(&attributes);
    }
    face_end(&k);
    *result = err ? NULL : face_hkey(opened);
    return err;
}

LSTATUS WINAPI RegCreateKeyTransactedW(HKEY key, LPCWSTR subkey, DWORD reserved, LPWSTR class_name,
                                       DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES sa,
                                       PHKEY result, LPDWORD disposition, HANDLE transaction,
                                       PVOID extended)
{
    const struct create_how how = {.options = options, .access = access, .sa = sa};
    bool created = false;
    u32 err;
    if (!result || reserved || !subkey || (options & ~(DWORD)REG_OPTION_VOLATILE))
        err = ERROR_INVALID_PARAMETER;
    else if (!(err = check(transaction, extended)))
        err = create_key(key, subkey, class_name, &how, transaction, result, &created);
    if (!err && disposition)
        *disposition = created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    FACE_TRACE("RegCreateKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegOpenKeyTransactedW(HKEY key, LPCWSTR subkey, DWORD options, REGSAM access,
                                     PHKEY result, HANDLE transaction, PVOID extended)
{
    RRP_UNICODE_STRING path;
    struct face_key k;
    RPC_HKEY opened = NULL;
    u32 err = result && !options ? check(transaction, extended) : (u32)ERROR_INVALID_PARAMETER;
    if (!err)
        err = begin(key, subkey, &k, &path);
    if (!err) {
        err = inside_txn_open((RPC_HKEY)transaction, k.ours, (const char16_t *)subkey,
                              face_out_len(&path), face_view(k.ours, access), &opened);
        face_end(&k);
        *result = err ? NULL : face_hkey(opened);
    }
    FACE_TRACE("RegOpenKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDeleteKeyTransactedW(HKEY key, LPCWSTR subkey, REGSAM access, DWORD reserved,
                                       HANDLE transaction, PVOID extended)
{
    RRP_UNICODE_STRING path;
    struct face_key k;
    u32 err = subkey && !reserved ? check(transaction, extended) : (u32)ERROR_INVALID_PARAMETER;
    if (!err)
        err = begin(key, subkey, &k, &path);
    if (!err) {
        err = inside_txn_delete((RPC_HKEY)transaction, k.ours, (const char16_t *)subkey,
                                face_out_len(&path), face_view(k.ours, access));
        face_end(&k);
    }
    FACE_TRACE("RegDeleteKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
}

/* --- ktmw32's --------------------------------------------------------------------------------- */

HANDLE WINAPI CreateTransaction(LPSECURITY_ATTRIBUTES sa, LPGUID unit_of_work, DWORD options,
                                DWORD isolation, DWORD isolation_flags, DWORD timeout,
                                LPWSTR description)
{
    RPC_HKEY handle = NULL;
    u32 err;
    UNUSED(sa), UNUSED(timeout), UNUSED(description);
    if (unit_of_work || isolation || isolation_flags || (options & ~1u))
        err = ERROR_INVALID_PARAMETER; /* documented as reserved; 1 is DO_NOT_PROMOTE */
    else if (!(err = face_start()))
        err = WinregCreateTransaction(&handle);
    FACE_TRACE("CreateTransaction() = %p, %lu", (void *)handle, (unsigned long)err);
    if (!err)
        return (HANDLE)handle;
    SetLastError(err);
    return INVALID_HANDLE_VALUE;
}

static BOOL answer(u32 err)
{
    if (err)
        SetLastError(err);
    return !err;
}

BOOL WINAPI CommitTransaction(HANDLE transaction)
{
    u32 err = WinregCommitTransaction((RPC_HKEY)transaction);
    FACE_TRACE("CommitTransaction(%p) = %lu", transaction, (unsigned long)err);
    return answer(err);
}

BOOL WINAPI RollbackTransaction(HANDLE transaction)
{
    u32 err = WinregRollbackTransaction((RPC_HKEY)transaction);
    FACE_TRACE("RollbackTransaction(%p) = %lu", transaction, (unsigned long)err);
    return answer(err);
}

LSTATUS WINAPI RegCreateKeyTransactedA(HKEY key, LPCSTR subkey, DWORD reserved, LPSTR class_name,
                                       DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES sa,
                                       PHKEY result, LPDWORD disposition, HANDLE transaction,
                                       PVOID extended)
{
    struct wide_text sub, cls;
    LSTATUS err = (LSTATUS)wide_init(&sub, subkey);
    if (err)
        return err;
    err = (LSTATUS)wide_init(&cls, class_name);
    if (!err) {
        err = RegCreateKeyTransactedW(key, sub.text, reserved, cls.text, options, access, sa,
                                      result, disposition, transaction, extended);
        wide_free(&cls);
    }
    wide_free(&sub);
    return err;
}

LSTATUS WINAPI RegOpenKeyTransactedA(HKEY key, LPCSTR subkey, DWORD options, REGSAM access,
                                     PHKEY result, HANDLE transaction, PVOID extended)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegOpenKeyTransactedW(key, w.text, options, access, result, transaction, extended);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegDeleteKeyTransactedA(HKEY key, LPCSTR subkey, REGSAM access, DWORD reserved,
                                       HANDLE transaction, PVOID extended)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegDeleteKeyTransactedW(key, w.text, access, reserved, transaction, extended);
    wide_free(&w);
    return err;
}
