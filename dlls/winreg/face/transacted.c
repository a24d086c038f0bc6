/*
 * RegCreateKeyTransacted, RegOpenKeyTransacted, RegDeleteKeyTransacted.
 */
#include "ansi.h"

/* No transaction but ours can be taken part in. */
static u32 transaction_check(HANDLE transaction, const void *extended)
{
    if (extended)
        return ERROR_INVALID_PARAMETER;
    if (!transaction || transaction == INVALID_HANDLE_VALUE)
        return ERROR_INVALID_HANDLE;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

LSTATUS WINAPI RegCreateKeyTransactedW(HKEY key, LPCWSTR subkey, DWORD reserved, LPWSTR class_name,
                                       DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES sa,
                                       PHKEY result, LPDWORD disposition, HANDLE transaction,
                                       PVOID extended)
{
    u32 err;
    UNUSED(class_name), UNUSED(options), UNUSED(sa), UNUSED(disposition);
    if (!result || reserved || !subkey)
        err = ERROR_INVALID_PARAMETER;
    else
        err = transaction_check(transaction, extended);
    FACE_TRACE("RegCreateKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegOpenKeyTransactedW(HKEY key, LPCWSTR subkey, DWORD options, REGSAM access,
                                     PHKEY result, HANDLE transaction, PVOID extended)
{
    u32 err = result ? transaction_check(transaction, extended) : (u32)ERROR_INVALID_PARAMETER;
    UNUSED(options);
    FACE_TRACE("RegOpenKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDeleteKeyTransactedW(HKEY key, LPCWSTR subkey, REGSAM access, DWORD reserved,
                                       HANDLE transaction, PVOID extended)
{
    u32 err = subkey ? transaction_check(transaction, extended) : (u32)ERROR_INVALID_PARAMETER;
    UNUSED(reserved);
    FACE_TRACE("RegDeleteKeyTransacted(%p, %s, %lx, %p) = %lu", (void *)key, face_text(subkey),
               access, transaction, (unsigned long)err);
    return (LSTATUS)err;
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
