/*
 * RegCreateKey, RegCreateKeyEx.
 */
#include "open.h"
#include "roots.h"
#include "security.h"
#include "wineparts.h"

static u32 create_ours(const struct face_key *k, const WCHAR *subkey, const WCHAR *class_name,
                       const struct create_how *how, HKEY *out, DWORD *disposition)
{
    RRP_UNICODE_STRING path, class_text;
    RPC_SECURITY_ATTRIBUTES attributes;
    RPC_HKEY created = NULL;
    u32 err = face_path(k, &path, subkey);
    if (!err)
        err = face_string(&class_text, class_name);
    if (!err)
        err = security_attributes(how->sa, &attributes);
    if (err)
        return err;
    err =
        BaseRegCreateKey(k->ours, &path, &class_text, how->options, face_view(k->ours, how->access),
                         how->sa ? &attributes : NULL, &created, disposition);
    security_attributes_free(&attributes);
    *out = err ? NULL : face_hkey_below(k, created);
    if (!err && how->sa && how->sa->bInheritHandle)
        SetHandleInformation(*out, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    return err;
}

u32 create_below(HKEY key, const WCHAR *subkey, const WCHAR *class_name,
                 const struct create_how *how, HKEY *out, DWORD *disposition)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err) {
        if (key)
            *out = NULL;
        return err;
    }
    *out = NULL;
    err = open_path(&k, subkey);
    if (err)
        ;
    else if (k.wine)
        err = wine_create(k.wine, subkey, class_name, how, out, disposition);
    else if (!parts_create(key, &k, subkey, class_name, how, out, disposition, &err))
        err = create_ours(&k, subkey, class_name, how, out, disposition);
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR subkey, DWORD reserved, LPWSTR class_name,
                               DWORD options, REGSAM access, LPSECURITY_ATTRIBUTES sa, PHKEY result,
                               LPDWORD disposition)
{
    const struct create_how how = {.options = options, .access = access, .sa = sa};
    DWORD made = 0;
    u32 err;
    if (!result || reserved)
        err = ERROR_INVALID_PARAMETER;
    else if (!key)
        err = ERROR_INVALID_HANDLE;
    else /* NULL is not documented, and programs use it for the key itself */
        err = create_below(key, subkey ? subkey : L"", class_name, &how, result, &made);
    if (!err && disposition)
        *disposition = made;
    FACE_TRACE("RegCreateKeyEx(%p, %s, %s, %lx, %lx) = %lu, %p, %lu", (void *)key,
               face_text(subkey), face_text(class_name), options, access, (unsigned long)err,
               result ? (void *)*result : NULL, made);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR subkey, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    if (!subkey && roots_is_root(key)) {
        *result = key;
        return ERROR_SUCCESS;
    }
    return RegCreateKeyExW(key, subkey, 0, NULL, REG_OPTION_NON_VOLATILE, MAXIMUM_ALLOWED, NULL,
                           result, NULL);
}
