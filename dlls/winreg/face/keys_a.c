/*
 * The A functions that open, create, delete and connect: their texts converted, then the W ones.
 */
#include "ansi.h"

typedef LSTATUS(WINAPI *key_text)(HKEY, LPCWSTR);

/* Functions of a key and one text. */
static LSTATUS with_text(key_text call, HKEY key, const char *text)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, text);
    if (err)
        return err;
    err = call(key, w.text);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR subkey, DWORD options, REGSAM access, PHKEY result)
{
    struct wide_text w;
    LSTATUS err;
    /* Here the result stays as it is; the W function clears it. */
    if (!key)
        return result ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
    err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegOpenKeyExW(key, w.text, options, access, result);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR subkey, PHKEY result)
{
    struct wide_text w;
    LSTATUS err;
    if (!key && subkey && *subkey)
        return result ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
    err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegOpenKeyW(key, w.text, result);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR subkey, DWORD reserved, LPSTR class_name,
                               DWORD options, REGSAM access, LPSECURITY_ATTRIBUTES sa, PHKEY result,
                               LPDWORD disposition)
{
    struct wide_text sub, cls;
    LSTATUS err = (LSTATUS)wide_init(&sub, subkey);
    if (err)
        return err;
    err = (LSTATUS)wide_init(&cls, class_name);
    if (!err) {
        err = RegCreateKeyExW(key, sub.text, reserved, cls.text, options, access, sa, result,
                              disposition);
        wide_free(&cls);
    }
    wide_free(&sub);
    return err;
}

LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR subkey, PHKEY result)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegCreateKeyW(key, w.text, result);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegDeleteKeyExA(HKEY key, LPCSTR subkey, REGSAM access, DWORD reserved)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegDeleteKeyExW(key, w.text, access, reserved);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR subkey)
{
    return with_text(RegDeleteKeyW, key, subkey);
}

LSTATUS WINAPI RegDeleteTreeA(HKEY key, LPCSTR subkey)
{
    return with_text(RegDeleteTreeW, key, subkey);
}

LSTATUS WINAPI RegCopyTreeA(HKEY from, LPCSTR subkey, HKEY to)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, subkey);
    if (err)
        return err;
    err = RegCopyTreeW(from, w.text, to);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegConnectRegistryA(LPCSTR machine, HKEY key, PHKEY result)
{
    struct wide_text w;
    LSTATUS err = (LSTATUS)wide_init(&w, machine);
    if (err)
        return err;
    err = RegConnectRegistryW(w.text, key, result);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegConnectRegistryExA(LPCSTR machine, HKEY key, ULONG flags, PHKEY result)
{
    UNUSED(flags);
    return RegConnectRegistryA(machine, key, result);
}
