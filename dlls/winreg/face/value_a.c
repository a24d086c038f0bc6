/*
 * The A functions of values: RegQueryValueExA, RegQueryValueA, RegSetValueExA, RegSetValueA,
 * RegSetKeyValueA, RegDeleteValueA, RegDeleteKeyValueA.
 */
#include "ansi.h"
#include "open.h"
#include "roots.h"
#include "wineparts.h"
#include "os.h"
#include "values.h"
#include "value_set.h"

#include <string.h>

/* Reads the value, or only measures it where neither its data is wanted nor a text's length. */
static u32 query_value(HKEY key, const WCHAR *name, DWORD *type, BYTE *data, DWORD *size)
{
    BYTE small[1024];
    DWORD read = 0;
    void *from = small;
    u32 err;
    if (!data) {
        err = value_query(key, name, type, NULL, &read);
        if (err || !size || !face_is_text(*type)) {
            if (!err && size)
                *size = read;
            return err;
        }
    }
    read = sizeof(small);
    err = value_read(key, name, small, &read, type, &from);
    if (err)
        return err;
    err = ansi_hand_out(*type, from, read, data, size);
    if (from != small)
        os_free(from);
    return err;
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                                LPDWORD size)
{
    DWORD found_type = 0, found_size = size && data ? *size : 0;
    struct wide_text w;
    u32 err;
    if (roots_is_performance(key))
        return (LSTATUS)WINE(QueryValueExA, key, name ? name : "", reserved, type, data, size);
    if ((data && !size) || reserved)
        return ERROR_INVALID_PARAMETER;
    err = wide_init(&w, name);
    if (err)
        return (LSTATUS)err;
    err = query_value(key, w.text, &found_type, data, size ? &found_size : NULL);
    if (type && key) /* 0 of a failure; the W function leaves it then */
        *type = found_type;
    if (size && (!err || err == ERROR_MORE_DATA))
        *size = found_size;
    else if (size && !data && key)
        *size = 0;
    FACE_TRACE("RegQueryValueExA(%p, %s) = %lu, type %lu, %lu bytes", (void *)key,
               face_text(w.text), (unsigned long)err, found_type, found_size);
    wide_free(&w);
    return (LSTATUS)err;
}

static u32 query_default(HKEY key, char *data, LONG *size)
{
    DWORD type, bytes = data && size ? (DWORD)*size : 0;
    u32 err;
    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    err = query_value(key, NULL, &type, (BYTE *)data, size ? &bytes : NULL);
    if (err == ERROR_FILE_NOT_FOUND) {
        if (data && *size > 0)
            *data = 0;
        bytes = 1;
        err = ERROR_SUCCESS;
    }
    if (size && (!err || err == ERROR_MORE_DATA))
        *size = (LONG)bytes;
    else if (size && !data)
        *size = 0;
    return err;
}

LSTATUS WINAPI RegQueryValueA(HKEY key, LPCSTR subkey, LPSTR data, PLONG size)
{
    struct wide_text w;
    HKEY opened;
    u32 err = wide_init(&w, subkey);
    if (err)
        return (LSTATUS)err;
    err = open_for(key, w.text, KEY_QUERY_VALUE, &opened);
    wide_free(&w);
    if (!err) {
        err = query_default(opened, data, size);
        close_for(key, opened);
    }
    FACE_TRACE("RegQueryValueA(%p) = %lu", (void *)key, (unsigned long)err);
    return (LSTATUS)err;
}

/* The caller's bytes, copied first: he may not have them all. A terminator right behind them is
 * taken in, as for the W function. */
static u32 text_of(const BYTE *data, DWORD *size, char **text)
{
    *text = os_alloc((size_t)*size + 1);
    if (!*text)
        return ERROR_OUTOFMEMORY;
    if (!os_copy(*text, data, *size)) {
        os_free(*text);
        return ERROR_NOACCESS;
    }
    if ((*text)[*size - 1] && value_readable(data + *size) && !data[*size])
        (*text)[(*size)++] = 0;
    return ERROR_SUCCESS;
}

static u32 set_text(HKEY key, const WCHAR *name, DWORD type, const BYTE *data, DWORD size)
{
    WCHAR *wide;
    char *text;
    u32 bytes, err = text_of(data, &size, &text);
    if (err)
        return err;
    err = wide_data(text, size, &wide, &bytes);
    os_free(text);
    if (err)
        return err;
    err = value_set(key, name, type, wide, bytes);
    os_free(wide);
    return err;
}

/* As RegSetValueExA, with the name converted. */
static u32 set_value(HKEY key, const WCHAR *name, DWORD type, const BYTE *data, DWORD size)
{
    if (size && !((uintptr_t)data >> 16))
        return ERROR_NOACCESS;
    if (!face_is_text(type) || !size)
        return value_set(key, name, type, data, size);
    return set_text(key, name, type, data, size);
}

LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data,
                              DWORD size)
{
    struct wide_text w;
    u32 err = wide_init(&w, name);
    UNUSED(reserved);
    if (err)
        return (LSTATUS)err;
    err = set_value(key, w.text, type, data, size);
    FACE_TRACE("RegSetValueExA(%p, %s, type %lu, %lu bytes) = %lu", (void *)key, face_text(w.text),
               type, size, (unsigned long)err);
    wide_free(&w);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegSetKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD type, LPCVOID data,
                               DWORD size)
{
    const struct create_how how = {.access = KEY_SET_VALUE};
    HKEY opened = key;
    u32 err = ERROR_SUCCESS;
    if (subkey && *subkey) {
        struct wide_text w;
        DWORD made;
        err = wide_init(&w, subkey);
        if (!err) {
            err = create_below(key, w.text, NULL, &how, &opened, &made);
            wide_free(&w);
        }
    }
    if (err)
        return (LSTATUS)err;
    err = (u32)RegSetValueExA(opened, name, 0, type, data, size);
    close_for(key, opened);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegSetValueA(HKEY key, LPCSTR subkey, DWORD type, LPCSTR data, DWORD size)
{
    UNUSED(size);
    if (type != REG_SZ || !data)
        return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueA(key, subkey, NULL, type, data, (DWORD)strlen(data) + 1);
}

LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    struct wide_text w;
    u32 err = wide_init(&w, name);
    if (err)
        return (LSTATUS)err;
    err = (u32)RegDeleteValueW(key, w.text);
    wide_free(&w);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegDeleteKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name)
{
    struct wide_text sub, value;
    u32 err = wide_init(&sub, subkey);
    if (err)
        return (LSTATUS)err;
    err = wide_init(&value, name);
    if (!err) {
        err = (u32)RegDeleteKeyValueW(key, sub.text, value.text);
        wide_free(&value);
    }
    wide_free(&sub);
    return (LSTATUS)err;
}
