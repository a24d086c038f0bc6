/*
 * RegSetValueEx, RegSetValue, RegSetKeyValue, RegDeleteValue, RegDeleteKeyValue.
 */
#include "open.h"
#include "os.h"
#include "value_set.h"
#include "wineparts.h"

#include <string.h>
#include <wchar.h>

bool value_readable(const void *p)
{
    MEMORY_BASIC_INFORMATION info;
    if ((uintptr_t)p & 0xfff)
        return true;
    return VirtualQuery(p, &info, sizeof(info)) && info.State == MEM_COMMIT &&
           !(info.Protect & (PAGE_NOACCESS | PAGE_GUARD));
}

/* Callers often leave the terminator of a text out of its size. Where it stands right behind, it
 * is taken in, as Windows does. */
static DWORD with_terminator(DWORD type, const BYTE *data, DWORD size)
{
    WCHAR last, next;
    if (!face_is_text(type) || size < sizeof(WCHAR) || size % sizeof(WCHAR))
        return size;
    if (!os_copy(&last, data + size - sizeof(WCHAR), sizeof(last))) /* BaseRegSetValue tells */
        return size;
    if (!last || !value_readable(data + size))
        return size;
    memcpy(&next, data + size, sizeof(next));
    return next ? size : size + (DWORD)sizeof(WCHAR);
}

u32 value_set(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    RRP_UNICODE_STRING text;
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    err = k.wine ? (u32)ERROR_SUCCESS : face_string(&text, name);
    if (!err && !k.wine && text.Length > (FACE_VALUE_NAME_MAX + 1) * sizeof(WCHAR))
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = k.wine ? WINE(SetValueExW, k.wine, name, 0, type, data, size)
                     : BaseRegSetValue(k.ours, &text, type, (BYTE *)data, size);
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data,
                              DWORD size)
{
    u32 err;
    UNUSED(reserved);
    /* Nothing is mapped in the first 64 KB: what looks like a pointer there is a number. */
    if (size && !((uintptr_t)data >> 16))
        err = ERROR_NOACCESS;
    else
        err = value_set(key, name, type, data, size ? with_terminator(type, data, size) : 0);
    FACE_TRACE("RegSetValueEx(%p, %s, type %lu, %lu bytes) = %lu", (void *)key, face_text(name),
               type, size, (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegSetValueW(HKEY key, LPCWSTR subkey, DWORD type, LPCWSTR data, DWORD size)
{
    /* The size is not used: the text is terminated. */
    UNUSED(size);
    if (type != REG_SZ || !data)
        return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueW(key, subkey, NULL, type, data,
                           (DWORD)((wcslen(data) + 1) * sizeof(WCHAR)));
}

LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD type, LPCVOID data,
                               DWORD size)
{
    const struct create_how how = {.access = KEY_SET_VALUE};
    HKEY opened = key;
    DWORD made;
    u32 err;
    if (subkey && *subkey) {
        err = create_below(key, subkey, NULL, &how, &opened, &made);
        if (err)
            return (LSTATUS)err;
    }
    err = (u32)RegSetValueExW(opened, name, 0, type, data, size);
    close_for(key, opened);
    return (LSTATUS)err;
}

static u32 delete_value(HKEY key, const WCHAR *name)
{
    RRP_UNICODE_STRING text;
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    if (k.wine)
        err = WINE(DeleteValueW, k.wine, name);
    else if (face_string(&text, name))
        err = ERROR_FILE_NOT_FOUND;
    else
        err = BaseRegDeleteValue(k.ours, &text);
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    u32 err = delete_value(key, name);
    FACE_TRACE("RegDeleteValue(%p, %s) = %lu", (void *)key, face_text(name), (unsigned long)err);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDeleteKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name)
{
    HKEY opened;
    u32 err = open_for(key, subkey, KEY_SET_VALUE, &opened);
    if (err)
        return (LSTATUS)err;
    err = (u32)RegDeleteValueW(opened, name);
    close_for(key, opened);
    return (LSTATUS)err;
}
