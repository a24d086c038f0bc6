/*
 * RegEnumKeyExA, RegEnumKeyA, RegEnumValueA, RegQueryInfoKeyA.
 */
#include "ansi.h"
#include "os.h"

#include <string.h>

/* Writes a name with its terminator and tells its length. ERROR_MORE_DATA leaves both alone. */
static u32 put_name(const WCHAR *from, u32 from_len, char *to, DWORD *len)
{
    u32 need = ansi_size(from, from_len);
    if (need >= *len)
        return ERROR_MORE_DATA;
    ansi_put(from, from_len, to, need);
    to[need] = 0;
    *len = need;
    return ERROR_SUCCESS;
}

/* Room for any class, for the few that are long. */
static WCHAR *big_class(DWORD *len)
{
    *len = FACE_TEXT_MAX + 1;
    return os_alloc((FACE_TEXT_MAX + 1) * sizeof(WCHAR));
}

struct key_entry {
    WCHAR name[FACE_NAME_MAX + 1], small[128], *class_name;
    DWORD name_len, class_len;
};

static u32 read_key(HKEY key, DWORD index, bool with_class, struct key_entry *e, FILETIME *time)
{
    u32 err;
    e->class_name = e->small;
    e->name_len = ARRAY_LEN(e->name);
    e->class_len = ARRAY_LEN(e->small);
    err = (u32)RegEnumKeyExW(key, index, e->name, &e->name_len, NULL,
                             with_class ? e->class_name : NULL, with_class ? &e->class_len : NULL,
                             time);
    if (err != ERROR_MORE_DATA || !with_class)
        return err;
    e->class_name = big_class(&e->class_len);
    if (!e->class_name)
        return ERROR_OUTOFMEMORY;
    e->name_len = ARRAY_LEN(e->name);
    return (u32)RegEnumKeyExW(key, index, e->name, &e->name_len, NULL, e->class_name, &e->class_len,
                              time);
}

static u32 put_key(const struct key_entry *e, char *name, DWORD *name_len, char *class_name,
                   DWORD *class_len)
{
    u32 class_need = class_len ? ansi_size(e->class_name, e->class_len) : 0;
    u32 err;
    if (class_name && class_need >= *class_len)
        return ERROR_MORE_DATA;
    err = put_name(e->name, e->name_len, name, name_len);
    if (err || !class_len)
        return err;
    if (class_name)
        return put_name(e->class_name, e->class_len, class_name, class_len);
    *class_len = class_need;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD name_len, LPDWORD reserved,
                             LPSTR class_name, LPDWORD class_len, PFILETIME time)
{
    struct key_entry e;
    u32 err;
    if (reserved || (class_name && !class_len))
        return ERROR_INVALID_PARAMETER;
    err = read_key(key, index, class_len != NULL, &e, time);
    if (!err)
        err = name && name_len ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    if (!err)
        err = put_key(&e, name, name_len, class_name, class_len);
    if (e.class_name != e.small)
        os_free(e.class_name);
    return (LSTATUS)err;
}

LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR name, DWORD cap)
{
    return RegEnumKeyExA(key, index, name, &cap, NULL, NULL, NULL, NULL);
}

/* One value of an enumeration, whole. */
struct value_entry {
    WCHAR small_name[FACE_NAME_MAX + 1], *name;
    BYTE small[1024], *data;
    DWORD name_len, type, size;
};

static void free_value(struct value_entry *e)
{
    if (e->name != e->small_name)
        os_free(e->name);
    if (e->data != e->small)
        os_free(e->data);
}

static u32 grow_value(struct value_entry *e, DWORD *name_room, DWORD *room)
{
    /* The name's need is not told; there is a longest one. */
    if (e->name == e->small_name) {
        *name_room = FACE_VALUE_NAME_MAX + 1;
        e->name = os_alloc(*name_room * sizeof(WCHAR));
    }
    if (e->size > *room) {
        if (e->data != e->small)
            os_free(e->data);
        *room = e->size;
        e->data = os_alloc(*room);
    }
    return e->name && e->data ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* A failure leaves e for free_value, as success does. */
static u32 read_value(HKEY key, DWORD index, bool with_data, struct value_entry *e)
{
    DWORD name_room = ARRAY_LEN(e->small_name), room = sizeof(e->small);
    u32 err;
    e->name = e->small_name;
    e->data = e->small;
    for (;;) {
        e->name_len = name_room;
        e->size = room;
        err = (u32)RegEnumValueW(key, index, e->name, &e->name_len, NULL, &e->type,
                                 with_data ? e->data : NULL, with_data ? &e->size : NULL);
        if (err != ERROR_MORE_DATA)
            return err;
        if (!with_data)
            e->size = 0;
        err = grow_value(e, &name_room, &room);
        if (err)
            return err;
    }
}

static u32 put_value(const struct value_entry *e, char *name, DWORD *name_len, DWORD *type,
                     BYTE *data, DWORD *size)
{
    u32 err = ERROR_SUCCESS;
    if (type)
        *type = e->type;
    if (size)
        err = ansi_hand_out(e->type, e->data, e->size, data, size);
    return err ? err : put_name(e->name, e->name_len, name, name_len);
}

LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD name_len, LPDWORD reserved,
                             LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct value_entry e;
    u32 err;
    if (reserved || !name || !name_len || (data && !size))
        return ERROR_INVALID_PARAMETER;
    err = read_value(key, index, size != NULL, &e);
    if (!err)
        err = put_value(&e, name, name_len, type, data, size);
    free_value(&e);
    return (LSTATUS)err;
}

/* A class that does not fit is cut off, with its terminator, and its length told so. */
static u32 put_class(const WCHAR *from, u32 from_len, char *to, DWORD *len)
{
    u32 need = ansi_size(from, from_len), cap = *len;
    if (!to || !cap) {
        *len = need;
        return ERROR_SUCCESS;
    }
    if (!put_name(from, from_len, to, len))
        return ERROR_SUCCESS;
    while (from_len && ansi_size(from, from_len) >= cap)
        from_len--;
    put_name(from, from_len, to, len);
    return ERROR_MORE_DATA;
}

LSTATUS WINAPI RegQueryInfoKeyA(HKEY key, LPSTR class_name, LPDWORD class_len, LPDWORD reserved,
                                LPDWORD subkeys, LPDWORD max_subkey, LPDWORD max_class,
                                LPDWORD values, LPDWORD max_name, LPDWORD max_data, LPDWORD sd_size,
                                PFILETIME time)
{
    WCHAR small[128], *wide = small;
    DWORD len = ARRAY_LEN(small);
    u32 err;
    if (class_name && !class_len)
        return ERROR_INVALID_PARAMETER;
    err = (u32)RegQueryInfoKeyW(key, wide, &len, reserved, subkeys, max_subkey, max_class, values,
                                max_name, max_data, sd_size, time);
    if (err == ERROR_INSUFFICIENT_BUFFER) {
        wide = big_class(&len);
        if (!wide)
            return ERROR_OUTOFMEMORY;
        err = (u32)RegQueryInfoKeyW(key, wide, &len, reserved, subkeys, max_subkey, max_class,
                                    values, max_name, max_data, sd_size, time);
    }
    if (!err && class_len)
        err = put_class(wide, len, class_name, class_len);
    if (wide != small)
        os_free(wide);
    return (LSTATUS)err;
}
