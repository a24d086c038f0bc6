/*
 * The A functions of hive files: RegLoadKeyA, RegUnLoadKeyA, RegSaveKeyA, RegSaveKeyExA,
 * RegRestoreKeyA, RegReplaceKeyA, RegLoadAppKeyA.
 */
#include "ansi.h"

LSTATUS WINAPI RegLoadKeyA(HKEY key, LPCSTR subkey, LPCSTR file)
{
    struct wide_text sub, path;
    LSTATUS err = (LSTATUS)wide_init(&sub, subkey);
    if (err)
        return err;
    err = (LSTATUS)wide_init(&path, file);
    if (!err) {
        err = RegLoadKeyW(key, sub.text, path.text);
        wide_free(&path);
    }
    wide_free(&sub);
    return err;
}

LSTATUS WINAPI RegUnLoadKeyA(HKEY key, LPCSTR subkey)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegUnLoadKeyW(key, w.text);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES sa)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, file);
    if (err)
        return err;
    err = RegSaveKeyW(key, w.text, sa);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES sa, DWORD flags)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, file);
    if (err)
        return err;
    err = RegSaveKeyExW(key, w.text, sa, flags);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR file, DWORD flags)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, file);
    if (err)
        return err;
    err = RegRestoreKeyW(key, w.text, flags);
    wide_free(&w);
    return err;
}

static LSTATUS replace_key(HKEY key, const WCHAR *subkey, const char *new_file,
                           const char *old_file)
{
    struct wide_text new_path, old_path;
    LSTATUS err = (LSTATUS)wide_init(&new_path, new_file);
    if (err)
        return err;
    err = (LSTATUS)wide_init(&old_path, old_file);
    if (!err) {
        err = RegReplaceKeyW(key, subkey, new_path.text, old_path.text);
        wide_free(&old_path);
    }
    wide_free(&new_path);
    return err;
}

LSTATUS WINAPI RegReplaceKeyA(HKEY key, LPCSTR subkey, LPCSTR new_file, LPCSTR old_file)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = replace_key(key, w.text, new_file, old_file);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegLoadAppKeyA(LPCSTR file, PHKEY result, REGSAM access, DWORD options,
                              DWORD reserved)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, file);
    if (err)
        return err;
    err = RegLoadAppKeyW(w.text, result, access, options, reserved);
    wide_free(&w);
    return err;
}
