/*
 * RegQueryValueEx, RegQueryValue.
 */
#include "values.h"
#include "open.h"
#include "roots.h"
#include "wineparts.h"
#include "os.h"

#include <string.h>

void value_terminate(DWORD type, void *data, DWORD size, DWORD room)
{
    WCHAR last = 1; /* half a character ends no text */
    if (!face_is_text(type) || !size || room - size < sizeof(WCHAR))
        return;
    if (size >= sizeof(WCHAR))
        memcpy(&last, (BYTE *)data + (size & ~1u) - sizeof(WCHAR), sizeof(last));
    if (last)
        memset((BYTE *)data + size, 0, sizeof(WCHAR));
}

static u32 query_ours(RPC_HKEY key, const WCHAR *name, DWORD *type, void *data, DWORD *size)
{
    RRP_UNICODE_STRING text;
    DWORD room = *size, len = data ? room : 0;
    u32 err = face_string(&text, name);
    if (err)
        return ERROR_FILE_NOT_FOUND; /* no value has such a long name */
    err = BaseRegQueryValue(key, &text, type, data, size, &len);
    if (!err && data)
        value_terminate(*type, data, *size, room);
    return err;
}

/* The default value by its empty name: Wine's performance data is asked with no NULL. */
static const WCHAR *wine_name(const WCHAR *name)
{
    return name ? name : L"";
}

u32 value_query(HKEY key, const WCHAR *name, DWORD *type, void *data, DWORD *size)
{
    struct face_key k;
    u32 err = face_begin(key, &k);
    if (err)
        return err;
    err = k.wine ? WINE(QueryValueExW, k.wine, wine_name(name), NULL, type, data, size)
                 : query_ours(k.ours, name, type, data, size);
    face_end(&k);
    return err;
}

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                                LPDWORD size)
{
    DWORD found_type = 0, found_size = size && data ? *size : 0;
    u32 err;
    if (roots_is_performance(key))
        return (LSTATUS)WINE(QueryValueExW, key, wine_name(name), reserved, type, data, size);
    if ((data && !size) || reserved)
        err = ERROR_INVALID_PARAMETER;
    else
        err = value_query(key, name, &found_type, data, &found_size);
    /* type and size may be one variable; the size is then what counts. */
    if ((!err || err == ERROR_MORE_DATA) && type)
        *type = found_type;
    if (size && (!err || err == ERROR_MORE_DATA))
        *size = found_size;
    else if (size && !data && key && err != ERROR_INVALID_PARAMETER)
        *size = 0;
    FACE_TRACE("RegQueryValueEx(%p, %s) = %lu, type %lu, %lu bytes", (void *)key, face_text(name),
               (unsigned long)err, found_type, found_size);
    return (LSTATUS)err;
}

u32 value_read(HKEY key, const WCHAR *name, void *buf, DWORD *size, DWORD *type, void **data)
{
    DWORD room = *size - 2, need = room;
    void *mem = buf;
    u32 err;
    /* The value may grow between two looks. */
    while ((err = value_query(key, name, type, mem, &need)) == ERROR_MORE_DATA) {
        if (mem != buf)
            os_free(mem);
        if (need > 0x3ffffff0u || room > 0x3ffffff0u)
            return ERROR_OUTOFMEMORY;
        /* Performance data has no size that could be told: twice the room then. */
        room = need = need > room ? need : room * 2;
        mem = os_alloc((size_t)room + 2);
        if (!mem)
            return ERROR_OUTOFMEMORY;
    }
    if (err) {
        if (mem != buf)
            os_free(mem);
        return err;
    }
    memset((BYTE *)mem + need, 0, 2);
    *size = need;
    *data = mem;
    return ERROR_SUCCESS;
}

/* The default value as text; a key without one has an empty text. */
static u32 query_default(HKEY key, WCHAR *data, LONG *size)
{
    DWORD type = 0, need = data && size ? (DWORD)*size : 0;
    u32 err;
    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    err = value_query(key, NULL, &type, data, &need);
    if (err == ERROR_FILE_NOT_FOUND) {
        if (data && *size >= (LONG)sizeof(WCHAR))
            *data = 0;
        need = sizeof(WCHAR);
        err = ERROR_SUCCESS;
    }
    if (size && (!err || err == ERROR_MORE_DATA))
        *size = (LONG)need;
    else if (size && !data)
        *size = 0;
    return err;
}

LSTATUS WINAPI RegQueryValueW(HKEY key, LPCWSTR subkey, LPWSTR data, PLONG size)
{
    HKEY opened;
    u32 err = open_for(key, subkey, KEY_QUERY_VALUE, &opened);
    if (!err) {
        err = query_default(opened, data, size);
        close_for(key, opened);
    }
    FACE_TRACE("RegQueryValue(%p, %s) = %lu", (void *)key, face_text(subkey), (unsigned long)err);
    return (LSTATUS)err;
}
