/*
 * RegLoadKey, RegUnLoadKey, RegSaveKey, RegSaveKeyEx, RegRestoreKey, RegReplaceKey.
 */
#include "face.h"
#include "open.h"
#include "security.h"
#include "wine_hives.h"
#include "wineparts.h"

/* Methods know no current directory: a path becomes a full one here. */
static u32 full_path(const WCHAR *file, WCHAR *buf, RRP_UNICODE_STRING *out)
{
    DWORD len;
    if (!file || !*file)
        return ERROR_INVALID_PARAMETER;
    len = GetFullPathNameW(file, FACE_TEXT_MAX, buf, NULL);
    if (!len || len >= FACE_TEXT_MAX)
        return ERROR_INVALID_PARAMETER;
    return face_string(out, buf);
}

/* Room for the longest path, from the heap: 64 KB are too much for a thread's stack. */
static WCHAR *path_room(void)
{
    return HeapAlloc(GetProcessHeap(), 0, (FACE_TEXT_MAX + 1) * sizeof(WCHAR));
}

static void path_free(WCHAR *buf)
{
    HeapFree(GetProcessHeap(), 0, buf);
}

static u32 load_key(const struct face_key *k, const WCHAR *subkey, const WCHAR *file)
{
    RRP_UNICODE_STRING path, file_text;
    WCHAR *buf;
    u32 err = face_string(&path, subkey);
    if (err)
        return err;
    if (!(buf = path_room()))
        return ERROR_OUTOFMEMORY;
    err = full_path(file, buf, &file_text);
    if (!err)
        err = BaseRegLoadKey(k->ours, &path, &file_text);
    path_free(buf);
    return err;
}

LSTATUS WINAPI RegLoadKeyW(HKEY key, LPCWSTR subkey, LPCWSTR file)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (!err) {
        if (!subkey || !*subkey || !file)
            err = ERROR_INVALID_PARAMETER;
        else
            err = k.wine ? WINE(LoadKeyW, k.wine, subkey, file) : load_key(&k, subkey, file);
        face_end(&k);
    }
    FACE_TRACE("RegLoadKey(%p, %s, %s) = %lu", (void *)key, face_text(subkey), face_text(file),
               (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegUnLoadKeyW(HKEY key, LPCWSTR subkey)
{
    RRP_UNICODE_STRING path;
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (!err) {
        if (k.wine)
            err = WINE(UnLoadKeyW, k.wine, subkey);
        else if (!(err = face_string(&path, subkey)))
            err = BaseRegUnLoadKey(k.ours, &path);
        face_end(&k);
    }
    FACE_TRACE("RegUnLoadKey(%p, %s) = %lu", (void *)key, face_text(subkey), (unsigned long)err);
    return (LSTATUS)err;
}

static u32 save_key(const struct face_key *k, const WCHAR *file, const SECURITY_ATTRIBUTES *sa,
                    DWORD flags)
{
    RPC_SECURITY_ATTRIBUTES attributes;
    RRP_UNICODE_STRING file_text;
    WCHAR *buf = path_room();
    u32 err;
    if (!buf)
        return ERROR_OUTOFMEMORY;
    err = full_path(file, buf, &file_text);
    if (!err && k->wine) {
        err = wine_hive_save(k->wine, buf, flags);
        path_free(buf);
        return err;
    }
    if (!err)
        err = security_attributes(sa, &attributes);
    if (!err) {
        err = flags ? BaseRegSaveKeyEx(k->ours, &file_text, sa ? &attributes : NULL, flags)
                    : BaseRegSaveKey(k->ours, &file_text, sa ? &attributes : NULL);
        security_attributes_free(&attributes);
    }
    path_free(buf);
    return err;
}

static bool is_format(DWORD flags)
{
    return flags == REG_STANDARD_FORMAT || flags == REG_LATEST_FORMAT ||
           flags == REG_NO_COMPRESSION;
}

/* without_format: RegSaveKey, which has none to say */
static u32 save(HKEY key, const WCHAR *file, SECURITY_ATTRIBUTES *sa, DWORD flags,
                bool without_format)
{
    struct face_key k;
    u32 err = file ? face_begin(key, &k) : (u32)ERROR_INVALID_PARAMETER;
    if (!err) {
        err = without_format || is_format(flags) ? save_key(&k, file, sa, flags)
                                                 : (u32)ERROR_INVALID_PARAMETER;
        face_end(&k);
    }
    FACE_TRACE("RegSaveKey(%p, %s, %lx) = %lu", (void *)key, face_text(file), flags,
               (unsigned long)err);
    return err;
}

LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES sa)
{
    return (LSTATUS)save(key, file, sa, 0, true);
}

LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES sa, DWORD flags)
{
    return (LSTATUS)save(key, file, sa, flags, false);
}

static u32 restore_key(const struct face_key *k, const WCHAR *file, DWORD flags)
{
    RRP_UNICODE_STRING file_text;
    WCHAR *buf = path_room();
    u32 err;
    if (!buf)
        return ERROR_OUTOFMEMORY;
    err = full_path(file, buf, &file_text);
    if (!err)
        err = k->wine ? wine_hive_restore(k->wine, buf, flags)
                      : BaseRegRestoreKey(k->ours, &file_text, flags);
    path_free(buf);
    return err;
}

LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR file, DWORD flags)
{
    struct face_key k;
    u32 err = file ? face_begin(key, &k) : (u32)ERROR_INVALID_PARAMETER;
    if (!err) {
        err = restore_key(&k, file, flags);
        face_end(&k);
    }
    FACE_TRACE("RegRestoreKey(%p, %s, %lx) = %lu", (void *)key, face_text(file), flags,
               (unsigned long)err);
    return (LSTATUS)err;
}

static u32 replace_key(const struct face_key *k, const WCHAR *subkey, const WCHAR *new_file,
                       const WCHAR *old_file)
{
    RRP_UNICODE_STRING path, new_text, old_text;
    WCHAR *new_buf = path_room(), *old_buf = path_room();
    /* The method wants a string; here NULL is the key itself. */
    u32 err =
        new_buf && old_buf ? face_string(&path, subkey ? subkey : L"") : (u32)ERROR_OUTOFMEMORY;
    if (!err)
        err = full_path(new_file, new_buf, &new_text);
    if (!err)
        err = full_path(old_file, old_buf, &old_text);
    if (!err)
        err = BaseRegReplaceKey(k->ours, &path, &new_text, &old_text);
    path_free(new_buf);
    path_free(old_buf);
    return err;
}

LSTATUS WINAPI RegReplaceKeyW(HKEY key, LPCWSTR subkey, LPCWSTR new_file, LPCWSTR old_file)
{
    struct face_key k;
    u32 err = new_file && old_file ? face_begin(key, &k) : (u32)ERROR_INVALID_PARAMETER;
    if (!err) {
        /* kernelbase has none for Wine's keys, and Wine's own advapi32 does nothing. */
        err =
            k.wine ? (u32)ERROR_CALL_NOT_IMPLEMENTED : replace_key(&k, subkey, new_file, old_file);
        face_end(&k);
    }
    FACE_TRACE("RegReplaceKey(%p, %s, %s, %s) = %lu", (void *)key, face_text(subkey),
               face_text(new_file), face_text(old_file), (unsigned long)err);
    return (LSTATUS)err;
}
