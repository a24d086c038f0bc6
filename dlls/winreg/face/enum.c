/*
 * RegEnumKeyEx, RegEnumKey, RegEnumValue.
 */
#include "face.h"
#include "values.h"
#include "wineparts.h"

/* The class where only its length is asked for: the method then gives memory. */
static u32 enum_measure_class(RPC_HKEY key, DWORD index, RRP_UNICODE_STRING *name_in,
                              RRP_UNICODE_STRING *name_out, DWORD *class_len, FILETIME *time)
{
    RRP_UNICODE_STRING in = {.MaximumLength = (FACE_TEXT_MAX + 1) * sizeof(WCHAR)}, out = in;
    RRP_UNICODE_STRING *ptr = &out;
    u32 err = BaseRegEnumKey(key, index, name_in, name_out, &in, &ptr, time);
    if (err)
        return err;
    *class_len = face_out_len(ptr);
    WinregFree(ptr->Buffer);
    return ERROR_SUCCESS;
}

static u32 enum_ours(RPC_HKEY key, DWORD index, WCHAR *name, DWORD *name_len, WCHAR *class_name,
                     DWORD *class_len, FILETIME *time)
{
    RRP_UNICODE_STRING name_in, name_out, class_in, class_out, *class_ptr = &class_out;
    u32 err;
    face_room(&name_in, name, *name_len);
    name_out = name_in;
    if (!class_name) {
        err = class_len ? enum_measure_class(key, index, &name_in, &name_out, class_len, time)
                        : BaseRegEnumKey(key, index, &name_in, &name_out, NULL, NULL, time);
    } else {
        face_room(&class_in, class_name, *class_len);
        class_out = class_in;
        err = BaseRegEnumKey(key, index, &name_in, &name_out, &class_in, &class_ptr, time);
        /* Not even the terminator of an empty class has room. */
        if (!err && !*class_len)
            err = ERROR_MORE_DATA;
        if (!err)
            *class_len = face_out_len(class_ptr);
    }
    if (!err)
        *name_len = face_out_len(&name_out);
    return face_handle_error(key, err);
}

LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD name_len, LPDWORD reserved,
                             LPWSTR class_name, LPDWORD class_len, PFILETIME time)
{
    const struct enum_room to = {name, name_len, class_name, class_len, time};
    struct face_key k;
    u32 err;
    if (reserved || (class_name && !class_len))
        err = ERROR_INVALID_PARAMETER;
    else
        err = face_begin(key, &k);
    if (!err) {
        if (!name || !name_len)
            err = ERROR_INVALID_PARAMETER;
        else if (k.wine)
            err =
                WINE(EnumKeyExW, k.wine, index, name, name_len, NULL, class_name, class_len, time);
        else
            err = enum_ours(k.ours, index, name, name_len, class_name, class_len, time);
        if (err == ERROR_NO_MORE_ITEMS && k.ours)
            err = parts_enum(key, &k, index, &to);
        face_end(&k);
    }
    FACE_TRACE("RegEnumKeyEx(%p, %lu) = %lu, %s", (void *)key, index, (unsigned long)err,
               err ? "" : face_text(name));
    return (LSTATUS)err;
}

LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD cap)
{
    return RegEnumKeyExW(key, index, name, &cap, NULL, NULL, NULL, NULL);
}

/* What is told of a value whose name has no room: its type and size. */
static u32 enum_measure_value(RPC_HKEY key, DWORD index, DWORD *type, DWORD *size)
{
    RRP_UNICODE_STRING in = {.MaximumLength = (FACE_VALUE_NAME_MAX + 1) * sizeof(WCHAR)}, out = in;
    DWORD len = 0;
    u32 err = BaseRegEnumValue(key, index, &in, &out, type, NULL, size, size ? &len : NULL);
    if (!err)
        WinregFree(out.Buffer);
    return err ? err : (u32)ERROR_MORE_DATA;
}

static u32 enum_value_ours(RPC_HKEY key, DWORD index, WCHAR *name, DWORD *name_len, DWORD *type,
                           void *data, DWORD *size)
{
    RRP_UNICODE_STRING in, out;
    DWORD found_type = 0, found = size ? *size : 0, len = data ? found : 0;
    bool fits;
    u32 err;
    face_room(&in, name, *name_len);
    out = in;
    err = BaseRegEnumValue(key, index, &in, &out, &found_type, data, size ? &found : NULL,
                           size ? &len : NULL);
    fits = out.Length && out.Length <= in.MaximumLength;
    if (err == ERROR_MORE_DATA && !fits)
        err = enum_measure_value(key, index, &found_type, size ? &found : NULL);
    if (err && err != ERROR_MORE_DATA)
        return face_handle_error(key, err);
    if (!err && data)
        value_terminate(found_type, data, found, *size);
    if (type)
        *type = found_type;
    if (size)
        *size = found;
    if (fits)
        *name_len = face_out_len(&out);
    return err;
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD name_len, LPDWORD reserved,
                             LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct face_key k;
    u32 err;
    if (reserved || !name || !name_len || (data && !size))
        err = ERROR_INVALID_PARAMETER;
    else
        err = face_begin(key, &k);
    if (!err) {
        if (k.wine)
            err = WINE(EnumValueW, k.wine, index, name, name_len, NULL, type, data, size);
        else
            err = enum_value_ours(k.ours, index, name, name_len, type, data, size);
        face_end(&k);
    }
    FACE_TRACE("RegEnumValue(%p, %lu) = %lu, %s", (void *)key, index, (unsigned long)err,
               err ? "" : face_text(name));
    return (LSTATUS)err;
}
