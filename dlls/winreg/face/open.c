/*
 * RegOpenKey, RegOpenKeyEx, RegCloseKey.
 */
#include "open.h"
#include "inside.h"
#include "roots.h"
#include "wineparts.h"

u32 open_path(const struct face_key *k, const WCHAR *subkey)
{
    u32 err;
    if (k->wine || !subkey || *subkey != '\\')
        return ERROR_SUCCESS;
    err = inside_state(k->ours);
    return err ? err : (u32)ERROR_BAD_PATHNAME;
}

/* HKEY_CLASSES_ROOT is lenient when something is opened below it: one leading backslash is none. */
static const WCHAR *forgive(HKEY key, const WCHAR *subkey)
{
    return subkey && *subkey == '\\' && face_is_root(key, HKEY_CLASSES_ROOT) ? subkey + 1 : subkey;
}

static u32 open_ours(const struct face_key *k, const WCHAR *subkey, DWORD options, REGSAM access,
                     HKEY *out)
{
    RRP_UNICODE_STRING path;
    RPC_HKEY opened = NULL;
    bool dangling;
    u32 err = face_path(k, &path, subkey);
    if (!err)
        err = inside_open(k->ours, (const char16_t *)subkey, face_out_len(&path), options,
                          face_view(k->ours, access), &opened, &dangling);
    *out = err ? NULL : face_hkey_below(k, opened);
    return err;
}

u32 open_below(HKEY key, const WCHAR *subkey, DWORD options, REGSAM access, HKEY *out)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err) {
        if (key)
            *out = NULL;
        return err;
    }
    if (!k.wine) /* Wine does that itself */
        subkey = forgive(key, subkey);
    err = open_path(&k, subkey);
    if (err)
        *out = NULL;
    else if (k.wine)
        err = wine_open(k.wine, subkey, options, access, out);
    else if (!parts_open(key, &k, subkey, options, access, out, &err))
        err = open_ours(&k, subkey, options, access, out);
    face_end(&k);
    return err;
}

u32 open_for(HKEY key, const WCHAR *subkey, REGSAM access, HKEY *out)
{
    if (subkey && *subkey)
        return open_below(key, subkey, 0, access, out);
    *out = key;
    return key ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

void close_for(HKEY key, HKEY opened)
{
    if (opened != key)
        RegCloseKey(opened);
}

/* Whether the function answers with the very handle it was given, as its documentation says: for a
 * predefined key, with NULL or an empty text. (Older pages, and that of RegOpenKeyTransacted, tell
 * the two apart.) */
static bool answers_same(HKEY key, const WCHAR *subkey)
{
    return roots_is_root(key) && (!subkey || !*subkey);
}

LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR subkey, DWORD options, REGSAM access, PHKEY result)
{
    u32 err;
    if (!result)
        err = ERROR_INVALID_PARAMETER;
    else if (!key) {
        *result = NULL;
        err = ERROR_INVALID_HANDLE;
    } else if (answers_same(key, subkey)) {
        *result = key;
        err = ERROR_SUCCESS;
    } else {
        err = open_below(key, subkey, options, access, result);
    }
    FACE_TRACE("RegOpenKeyEx(%p, %s, %lx, %lx) = %lu, %p", (void *)key, face_text(subkey), options,
               access, (unsigned long)err, result ? (void *)*result : NULL);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR subkey, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    if (subkey && *subkey)
        return RegOpenKeyExW(key, subkey, 0, MAXIMUM_ALLOWED, result);
    *result = key; /* whatever it is */
    return ERROR_SUCCESS;
}

static u32 close_key(HKEY key)
{
    RPC_HKEY ours = face_untagged(key);
    u32 err;
    if (!key)
        return ERROR_INVALID_HANDLE;
    if (face_is_predefined(key))
        return ERROR_SUCCESS;
    err = face_start();
    if (err)
        return err;
    switch (inside_kernel(key)) {
    case HND_OPEN:
        return BaseRegCloseKey(&ours);
    case HND_RESTING:
        return ERROR_INVALID_HANDLE;
    default:
        if ((uintptr_t)key & 3)
            return ERROR_INVALID_HANDLE;
        inside_other(key, false);
        return WINE(CloseKey, key);
    }
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    u32 err = close_key(key);
    FACE_TRACE("RegCloseKey(%p) = %lu", (void *)key, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegFlushKey(HKEY key)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (!err) {
        err = k.wine ? WINE(FlushKey, k.wine) : BaseRegFlushKey(k.ours);
        face_end(&k);
    }
    FACE_TRACE("RegFlushKey(%p) = %lu", (void *)key, (unsigned long)err);
    return (LSTATUS)err;
}
