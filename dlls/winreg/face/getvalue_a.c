/*
 * RegGetValueA, RegQueryMultipleValuesA, RegLoadMUIStringA.
 */
#include "ansi.h"
#include "getvalue.h"
#include "multi.h"
#include "os.h"

#include <string.h>

static u32 get_value(HKEY key, const WCHAR *subkey, const char *name, DWORD flags,
                     struct got_value *v)
{
    struct wide_text w;
    u32 err = wide_init(&w, name);
    if (err)
        return err;
    err = getvalue_read(key, subkey, w.text, flags, v);
    wide_free(&w);
    return err;
}

LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD flags, LPDWORD type,
                            PVOID data, LPDWORD size)
{
    DWORD room = data && size ? *size : 0;
    struct got_value v = {.data = v.small};
    struct wide_text w;
    u32 err = getvalue_check(flags, data, size);
    if (!err)
        err = wide_init(&w, subkey);
    if (err)
        return (LSTATUS)err;
    err = get_value(key, w.text, name, flags, &v);
    wide_free(&w);
    if (!err)
        err = ansi_hand_out(v.type, v.data, v.size, data, size);
    else if (size && getvalue_tells_size(&v, err, data))
        ansi_hand_out(v.type, v.data, v.size, flags & RRF_ZEROONFAILURE ? NULL : data, size);
    if (type && v.asked)
        *type = v.type;
    getvalue_free(&v);
    if (err && data && (flags & RRF_ZEROONFAILURE))
        memset(data, 0, room);
    return (LSTATUS)err;
}

/* The list with its names converted, and a buffer of UTF-16 that all the values fit in. */
struct wide_list {
    VALENTW *list;
    struct wide_text *names;
    BYTE *buf;
    DWORD count; /* of names converted */
};

static void free_list(struct wide_list *l)
{
    for (DWORD i = 0; i < l->count; i++)
        wide_free(&l->names[i]);
    os_free(l->list);
    os_free(l->names);
    os_free(l->buf);
}

static u32 convert_names(struct wide_list *l, const VALENTA *list, DWORD count)
{
    l->list = os_calloc(count + 1, sizeof(*l->list));
    l->names = os_calloc(count + 1, sizeof(*l->names));
    if (!l->list || !l->names)
        return ERROR_OUTOFMEMORY;
    for (; l->count < count; l->count++) {
        u32 err = wide_init(&l->names[l->count], list[l->count].ve_valuename);
        if (err)
            return err;
        l->list[l->count].ve_valuename = l->names[l->count].text;
    }
    return ERROR_SUCCESS;
}

static u32 query_all(HKEY key, struct wide_list *l)
{
    DWORD room = 0, used = 0;
    u32 err;
    while ((err = multi_query(key, l->list, l->count, l->buf, &used)) == ERROR_MORE_DATA) {
        os_free(l->buf);
        room = used;
        l->buf = os_alloc((size_t)room + 1);
        if (!l->buf)
            return ERROR_OUTOFMEMORY;
    }
    return err;
}

static u32 put_all(const struct wide_list *l, VALENTA *list, char *buf, DWORD *size)
{
    DWORD room = buf ? *size : 0, used = 0;
    u32 result = ERROR_SUCCESS;
    for (DWORD i = 0; i < l->count; i++) {
        const VALENTW *v = &l->list[i];
        DWORD at = ALIGN_UP(used, 4u), len = buf && at < room ? room - at : 0;
        u32 err = ansi_hand_out(v->ve_type, (void *)v->ve_valueptr, v->ve_valuelen,
                                len ? buf + at : NULL, &len);
        if (err || (len && (!buf || at + len > room)))
            result = ERROR_MORE_DATA;
        list[i].ve_valuelen = len;
        list[i].ve_valueptr = (DWORD_PTR)(buf + at);
        list[i].ve_type = v->ve_type;
        used = at + len;
    }
    *size = used;
    return result;
}

LSTATUS WINAPI RegQueryMultipleValuesA(HKEY key, PVALENTA list, DWORD count, LPSTR buf,
                                       LPDWORD size)
{
    struct wide_list l = {.list = NULL};
    u32 err;
    if (!size || (count && !list) || count > 0xffffu)
        return ERROR_INVALID_PARAMETER;
    err = convert_names(&l, list, count);
    if (!err)
        err = query_all(key, &l);
    if (!err)
        err = put_all(&l, list, buf, size);
    free_list(&l);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegLoadMUIStringA(HKEY key, LPCSTR name, LPSTR buf, DWORD room, LPDWORD need,
                                 DWORD flags, LPCSTR directory)
{
    /* "The ANSI version of this function returns ERROR_CALL_NOT_IMPLEMENTED." */
    UNUSED(key), UNUSED(name), UNUSED(buf), UNUSED(room), UNUSED(need), UNUSED(flags);
    UNUSED(directory);
    return ERROR_CALL_NOT_IMPLEMENTED;
}
