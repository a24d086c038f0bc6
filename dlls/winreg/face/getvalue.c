/*
 * RegGetValue.
 */
#include "getvalue.h"
#include "open.h"
#include "values.h"
#include "os.h"

#include <string.h>
#include <wchar.h>

#ifndef RRF_SUBKEY_WOW6464KEY
#define RRF_SUBKEY_WOW6464KEY 0x00010000u
#define RRF_SUBKEY_WOW6432KEY 0x00020000u
#define RRF_WOW64_MASK        0x00030000u
#endif

u32 getvalue_check(DWORD flags, const void *data, const DWORD *size)
{
    DWORD types = flags & RRF_RT_ANY;
    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    if ((flags & RRF_WOW64_MASK) == RRF_WOW64_MASK)
        return ERROR_INVALID_PARAMETER;
    /* A text that gets expanded is no REG_EXPAND_SZ any more when it is handed out. */
    if ((types & RRF_RT_REG_EXPAND_SZ) && !(flags & RRF_NOEXPAND) && types != RRF_RT_ANY)
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

static DWORD flag_of(DWORD type)
{
    switch (type) {
    case REG_NONE:
        return RRF_RT_REG_NONE;
    case REG_SZ:
        return RRF_RT_REG_SZ;
    case REG_EXPAND_SZ:
        return RRF_RT_REG_EXPAND_SZ;
    case REG_BINARY:
        return RRF_RT_REG_BINARY;
    case REG_DWORD:
        return RRF_RT_REG_DWORD;
    case REG_MULTI_SZ:
        return RRF_RT_REG_MULTI_SZ;
    case REG_QWORD:
        return RRF_RT_REG_QWORD;
    default:
        return 0;
    }
}

u32 getvalue_restrict(DWORD flags, DWORD type, DWORD size)
{
    DWORD types = flags & RRF_RT_ANY;
    DWORD wanted_size = 0;
    if (types == RRF_RT_ANY)
        return ERROR_SUCCESS;
    if (!(types & flag_of(type)))
        return ERROR_UNSUPPORTED_TYPE;
    if (types == RRF_RT_DWORD)
        wanted_size = sizeof(u32);
    else if (types == RRF_RT_QWORD)
        wanted_size = sizeof(u64);
    return type == REG_BINARY && wanted_size && size != wanted_size ? ERROR_DATATYPE_MISMATCH
                                                                    : ERROR_SUCCESS;
}

/* Replaces the data by other memory of os_alloc. */
static void take(struct got_value *v, void *data, DWORD size)
{
    getvalue_free(v);
    v->data = data;
    v->size = size;
}

static u32 expand(struct got_value *v)
{
    DWORD last_error = GetLastError(); /* measuring sets one */
    DWORD len = ExpandEnvironmentStringsW(v->data, NULL, 0);
    WCHAR *out = len ? os_alloc((size_t)len * sizeof(WCHAR)) : NULL;
    if (!out)
        return ERROR_OUTOFMEMORY;
    len = ExpandEnvironmentStringsW(v->data, out, len);
    SetLastError(last_error);
    take(v, out, len * (DWORD)sizeof(WCHAR));
    v->type = REG_SZ;
    return ERROR_SUCCESS;
}

/* Whether text of whole characters ends as its type wants: one terminator, or two for a list. */
static DWORD missing_terminators(const struct got_value *v)
{
    const WCHAR *text = v->data;
    DWORD len = v->size / sizeof(WCHAR), want = v->type == REG_MULTI_SZ ? 2 : 1, have = 0;
    while (have < want && have < len && !text[len - 1 - have])
        have++;
    /* An empty list may be one terminator alone. */
    if (v->type == REG_MULTI_SZ && len == 1 && have == 1)
        return 0;
    return want - have;
}

static u32 terminate(struct got_value *v)
{
    DWORD more = missing_terminators(v) * (DWORD)sizeof(WCHAR);
    DWORD whole = v->size & ~1u;
    BYTE *out;
    if (!more)
        return ERROR_SUCCESS;
    out = os_calloc(1, (size_t)whole + more + sizeof(WCHAR));
    if (!out)
        return ERROR_OUTOFMEMORY;
    memcpy(out, v->data, whole);
    take(v, out, whole + more);
    return ERROR_SUCCESS;
}

static u32 read_value(HKEY key, const WCHAR *name, DWORD flags, struct got_value *v)
{
    u32 err;
    v->size = sizeof(v->small);
    err = value_read(key, name, v->small, &v->size, &v->type, &v->data);
    if (err) {
        v->data = v->small;
        v->size = 0;
        v->type = REG_NONE;
        return err;
    }
    if (face_is_text(v->type) && (err = terminate(v)))
        return err;
    if (v->type == REG_EXPAND_SZ && !(flags & RRF_NOEXPAND) && (err = expand(v)))
        return err;
    return getvalue_restrict(flags, v->type, v->size);
}

u32 getvalue_read(HKEY key, const WCHAR *subkey, const WCHAR *name, DWORD flags,
                  struct got_value *v)
{
    REGSAM access = KEY_QUERY_VALUE;
    HKEY opened;
    u32 err;
    v->data = v->small;
    v->size = 0;
    v->type = REG_NONE;
    v->asked = !subkey || !*subkey;
    if (flags & RRF_SUBKEY_WOW6464KEY)
        access |= KEY_WOW64_64KEY;
    if (flags & RRF_SUBKEY_WOW6432KEY)
        access |= KEY_WOW64_32KEY;
    err = open_for(key, subkey, access, &opened);
    if (err)
        return err;
    v->asked = true;
    err = read_value(opened, name, flags, v);
    close_for(key, opened);
    return err;
}

bool getvalue_tells_size(const struct got_value *v, u32 err, const void *data)
{
    return err == ERROR_UNSUPPORTED_TYPE || err == ERROR_DATATYPE_MISMATCH || (v->asked && !data);
}

void getvalue_free(struct got_value *v)
{
    if (v->data != v->small)
        os_free(v->data);
    v->data = v->small;
}

static u32 hand_out(const struct got_value *v, void *data, DWORD *size)
{
    DWORD room = data ? *size : 0;
    if (size)
        *size = v->size;
    if (!data)
        return ERROR_SUCCESS;
    if (v->size > room)
        return ERROR_MORE_DATA;
    memcpy(data, v->data, v->size);
    return ERROR_SUCCESS;
}

/* Of a value whose type or size the caller does not want: as on Windows it is handed out all the
 * same where there is room, unless the caller wants zeros. */
static void hand_out_refused(const struct got_value *v, DWORD flags, void *data, DWORD *size)
{
    DWORD room = data ? *size : 0;
    *size = v->size;
    if (v->size <= room && !(flags & RRF_ZEROONFAILURE))
        memcpy(data, v->data, v->size);
}

LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD flags, LPDWORD type,
                            PVOID data, LPDWORD size)
{
    DWORD room = data && size ? *size : 0;
    struct got_value v;
    u32 err = getvalue_check(flags, data, size);
    if (err)
        return (LSTATUS)err;
    err = getvalue_read(key, subkey, name, flags, &v);
    if (!err)
        err = hand_out(&v, data, size);
    else if (size && getvalue_tells_size(&v, err, data))
        hand_out_refused(&v, flags, data, size);
    if (type && v.asked)
        *type = v.type;
    getvalue_free(&v);
    if (err && data && (flags & RRF_ZEROONFAILURE))
        memset(data, 0, room);
    FACE_TRACE("RegGetValue(%p, %s, %s, %lx) = %lu", (void *)key, face_text(subkey),
               face_text(name), flags, (unsigned long)err);
    return (LSTATUS)err;
}
