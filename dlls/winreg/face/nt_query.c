/*
 * What ntdll's functions that ask for keys and values do with a key of ours.
 *
 * Each kind of answer is a structure of Windows' with texts or data behind it: KEY_*_INFORMATION
 * and KEY_VALUE_*_INFORMATION of wdm.h.
 */
#include "interpose.h"
#include "inside.h"
#include "os.h"
#include "value_set.h"
#include "values.h"

#include <string.h>

enum key_kind { KEY_BASIC, KEY_NODE, KEY_FULL, KEY_NAME, KEY_CACHED, KEY_TAGS = 7 };
enum value_kind { VALUE_BASIC, VALUE_FULL, VALUE_PARTIAL };
enum { NAME_CHARS = FACE_VALUE_NAME_MAX + 1 };

NTSTATUS nt_give(const struct nt_answer *a, void *buf, ULONG size, ULONG *needed)
{
    ULONG whole = a->size[0] + a->size[1] + a->size[2], at = 0;
    if (needed)
        *needed = whole;
    if (size < a->size[0])
        return NT_BUFFER_TOO_SMALL;
    for (int i = 0; i < 3; i++) {
        ULONG n = MIN(a->size[i], size - at);
        if (n)
            memcpy((BYTE *)buf + at, a->part[i], n);
        at += n;
    }
    return at < whole ? NT_OVERFLOW : NT_SUCCESS_;
}

NTSTATUS nt_key_name(HANDLE key, WCHAR **name, ULONG *bytes)
{
    u32 need = 512, err;
    for (;;) {
        *name = os_alloc(need * sizeof(WCHAR));
        if (!*name)
            return NT_NO_MEMORY;
        u32 cap = need;
        err = inside_name(face_untagged((HKEY)key), (char16_t *)*name, cap, &need);
        if (!err) {
            *bytes = (need - 1) * sizeof(WCHAR);
            return NT_SUCCESS_;
        }
        os_free(*name);
        if (err != ERROR_MORE_DATA || need <= cap)
            return nt_status(err);
    }
}

struct key_facts {
    FILETIME time;
    DWORD class_len, subkeys, max_name, max_class, values, max_value_name, max_data;
    WCHAR class_name[FACE_NAME_MAX + 1];
};

static u32 ask_facts(HKEY key, struct key_facts *f)
{
    f->class_len = ARRAY_LEN(f->class_name);
    return (u32)RegQueryInfoKeyW(key, f->class_name, &f->class_len, NULL, &f->subkeys, &f->max_name,
                                 &f->max_class, &f->values, &f->max_value_name, &f->max_data, NULL,
                                 &f->time);
}

static NTSTATUS give_key(const struct key_facts *f, const WCHAR *name, ULONG bytes, ULONG what,
                         void *buf, ULONG size, ULONG *needed)
{
    ULONG low = f->time.dwLowDateTime, high = f->time.dwHighDateTime;
    ULONG class_bytes = f->class_len * (ULONG)sizeof(WCHAR);
    const ULONG basic[] = {low, high, 0, bytes};
    const ULONG node[] = {low, high, 0, class_bytes ? 24 + bytes : ~(ULONG)0, class_bytes, bytes};
    const ULONG full[] = {low,
                          high,
                          0,
                          class_bytes ? 44 : ~(ULONG)0,
                          class_bytes,
                          f->subkeys,
                          f->max_name * (ULONG)sizeof(WCHAR),
                          f->max_class * (ULONG)sizeof(WCHAR),
                          f->values,
                          f->max_value_name * (ULONG)sizeof(WCHAR),
                          f->max_data};
    const ULONG cached[] = {low,
                            high,
                            0,
                            f->subkeys,
                            f->max_name * (ULONG)sizeof(WCHAR),
                            f->values,
                            f->max_value_name * (ULONG)sizeof(WCHAR),
                            f->max_data,
                            bytes,
                            0};
    struct nt_answer a = {{basic, name}, {sizeof(basic), bytes}};
    switch (what) {
    case KEY_BASIC:
        break;
    case KEY_NODE:
        a = (struct nt_answer){{node, name, f->class_name}, {sizeof(node), bytes, class_bytes}};
        break;
    case KEY_FULL:
        a = (struct nt_answer){{full, f->class_name}, {sizeof(full), class_bytes}};
        break;
    case KEY_CACHED:
        a = (struct nt_answer){{cached}, {sizeof(cached)}};
        break;
    default:
        return NT_INVALID_PARAMETER;
    }
    return nt_give(&a, buf, size, needed);
}

static NTSTATUS query_ours(HANDLE key, ULONG what, void *buf, ULONG size, ULONG *needed)
{
    struct key_facts f;
    WCHAR *name, *last;
    ULONG bytes;
    NTSTATUS status;
    if (what == KEY_TAGS) {
        const ULONG none = 0;
        return nt_give(&(struct nt_answer){{&none}, {sizeof(none)}}, buf, size, needed);
    }
    status = nt_key_name(key, &name, &bytes);
    if (status)
        return status;
    last = wcsrchr(name, '\\');
    last = last ? last + 1 : name;
    if (what == KEY_NAME)
        status =
            nt_give(&(struct nt_answer){{&bytes, name}, {sizeof(bytes), bytes}}, buf, size, needed);
    else if (!(status = nt_status(ask_facts((HKEY)key, &f))))
        status = give_key(&f, last, (ULONG)(wcslen(last) * sizeof(WCHAR)), what, buf, size, needed);
    os_free(name);
    return status;
}

NTSTATUS NTAPI nt_query_key(HANDLE key, ULONG what, void *buf, ULONG size, ULONG *needed)
{
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.QueryKey(key, what, buf, size, needed);
    return query_ours(key, what, buf, size, needed);
}

NTSTATUS NTAPI nt_enumerate_key(HANDLE key, ULONG index, ULONG what, void *buf, ULONG size,
                                ULONG *needed)
{
    WCHAR name[FACE_NAME_MAX + 2];
    DWORD len = ARRAY_LEN(name);
    struct key_facts f = {.class_len = ARRAY_LEN(f.class_name)};
    HKEY sub;
    u32 err;
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.EnumerateKey(key, index, what, buf, size, needed);
    err =
        (u32)RegEnumKeyExW((HKEY)key, index, name, &len, NULL, f.class_name, &f.class_len, &f.time);
    if (err)
        return nt_status(err);
    if (what != KEY_FULL && what != KEY_CACHED)
        return give_key(&f, name, len * (ULONG)sizeof(WCHAR), what, buf, size, needed);
    err = (u32)RegOpenKeyExW((HKEY)key, name, 0, KEY_QUERY_VALUE, &sub);
    if (!err) {
        err = ask_facts(sub, &f);
        RegCloseKey(sub);
    }
    return err ? nt_status(err)
               : give_key(&f, name, len * (ULONG)sizeof(WCHAR), what, buf, size, needed);
}

/* --- values -------------------------------------------------------------------------------------
 */

struct value_facts {
    const WCHAR *name;
    ULONG name_bytes, type, data_size;
    void *data;
};

static NTSTATUS give_value(const struct value_facts *v, ULONG what, void *buf, ULONG size,
                           ULONG *needed)
{
    const ULONG basic[] = {0, v->type, v->name_bytes};
    const ULONG full[] = {0, v->type, 20 + v->name_bytes, v->data_size, v->name_bytes};
    const ULONG partial[] = {0, v->type, v->data_size};
    struct nt_answer a = {{basic, v->name}, {sizeof(basic), v->name_bytes}};
    if (what == VALUE_FULL)
        a = (struct nt_answer){{full, v->name, v->data},
                               {sizeof(full), v->name_bytes, v->data_size}};
    else if (what == VALUE_PARTIAL)
        a = (struct nt_answer){{partial, v->data}, {sizeof(partial), v->data_size}};
    else if (what != VALUE_BASIC)
        return NT_INVALID_PARAMETER;
    return nt_give(&a, buf, size, needed);
}

static NTSTATUS query_value(HKEY key, const WCHAR *name, ULONG what, void *buf, ULONG size,
                            ULONG *needed)
{
    BYTE small[256];
    DWORD room = sizeof(small), type;
    struct value_facts v = {.name = name, .name_bytes = (ULONG)(wcslen(name) * sizeof(WCHAR))};
    u32 err = value_read(key, name, small, &room, &type, &v.data);
    NTSTATUS status;
    if (err)
        return nt_status(err);
    v.type = type;
    v.data_size = room;
    status = give_value(&v, what, buf, size, needed);
    if (v.data != small)
        os_free(v.data);
    return status;
}

NTSTATUS NTAPI nt_query_value_key(HANDLE key, UNICODE_STRING *name, ULONG what, void *buf,
                                  ULONG size, ULONG *needed)
{
    WCHAR *text;
    NTSTATUS status;
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.QueryValueKey(key, name, what, buf, size, needed);
    status = nt_text(name, &text);
    if (status)
        return status;
    status = query_value((HKEY)key, text, what, buf, size, needed);
    os_free(text);
    return status;
}

NTSTATUS NTAPI nt_enumerate_value_key(HANDLE key, ULONG index, ULONG what, void *buf, ULONG size,
                                      ULONG *needed)
{
    DWORD len = NAME_CHARS;
    WCHAR *name;
    NTSTATUS status;
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.EnumerateValueKey(key, index, what, buf, size, needed);
    name = os_alloc(NAME_CHARS * sizeof(WCHAR));
    if (!name)
        return NT_NO_MEMORY;
    status = nt_status((u32)RegEnumValueW((HKEY)key, index, name, &len, NULL, NULL, NULL, NULL));
    if (!status)
        status = query_value((HKEY)key, name, what, buf, size, needed);
    os_free(name);
    return status;
}

NTSTATUS NTAPI nt_delete_value_key(HANDLE key, UNICODE_STRING *name)
{
    WCHAR *text;
    NTSTATUS status;
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.DeleteValueKey(key, name);
    status = nt_text(name, &text);
    if (status)
        return status;
    status = nt_status((u32)RegDeleteValueW((HKEY)key, text));
    os_free(text);
    return status;
}

NTSTATUS NTAPI nt_set_value_key(HANDLE key, UNICODE_STRING *name, ULONG title, ULONG type,
                                const void *data, ULONG size)
{
    WCHAR *text;
    NTSTATUS status;
    if (inside_kernel(key) < HND_OPEN)
        return nt_real.SetValueKey(key, name, title, type, data, size);
    status = nt_text(name, &text);
    if (status)
        return status;
    status = nt_status(value_set((HKEY)key, text, type, data, size));
    os_free(text);
    return status;
}
