/*
 * What a key holds: opnums 9, 10 and 16.
 */
#include "method.h"

#include "classes.h"
#include "os.h"
#include "utf16.h"

#include <string.h>

/* --- where enumerations are
 * ------------------------------------------------------------------------- */

/* A few of them, by handle; a thread that finds one taken does without. */
static struct {
    struct os_mutex lock;
    u32 handle;
    struct key_pos pos;
} places[64];

static struct key_pos *take_pos(u32 handle, u32 *slot)
{
    *slot = (handle >> 2) % ARRAY_LEN(places);
    if (!os_mutex_try(&places[*slot].lock))
        return NULL;
    if (places[*slot].handle != handle) {
        places[*slot].handle = handle;
        memset(&places[*slot].pos, 0, sizeof places[*slot].pos);
    }
    return &places[*slot].pos;
}

static void give_pos(struct key_pos *pos, u32 slot)
{
    if (pos)
        os_mutex_unlock(&places[slot].lock);
}

/* --- subkeys
 * ------------------------------------------------------------------------------------------ */

#define CLASS_MAX 0x10000u

struct sub_key {
    u32 index;
    struct key_pos *pos;
    char16_t name[KEY_NAME_MAX + 1];
    u32 name_len;
    bool want_class;
    char16_t *class_name; /* from os_alloc */
    u32 class_size;
    u64 last_write;
};

static u32 read_class(struct hview *v, u32 key, char16_t **text, u32 *size)
{
    u32 need, err = key_class(v, key, NULL, 0, &need);
    if (err || !need)
        return err;
    char16_t *buf = os_realloc(*text, MIN(need, CLASS_MAX) + 2);
    if (!buf)
        return ERROR_OUTOFMEMORY;
    *text = buf;
    err = key_class(v, key, buf, MIN(need, CLASS_MAX), size);
    *size = MIN(*size, MIN(need, CLASS_MAX));
    return err;
}

static u32 read_sub_key(struct sub_key *s, struct hview *v, u32 key)
{
    struct key_info info;
    s->class_size = 0;
    u32 err = key_query(v, key, &info);
    s->last_write = info.last_write;
    return !err && s->want_class ? read_class(v, key, &s->class_name, &s->class_size) : err;
}

static u32 enum_key(void *ctx, struct hview *v, u32 key)
{
    struct sub_key *s = ctx;
    u32 child, err = key_enum(v, key, s->index, s->pos, &child);
    if (!err)
        err = key_name(v, child, s->name, &s->name_len);
    return err ? err : read_sub_key(s, v, child);
}

/* A subkey named before; `key` is its parent. */
static u32 named_key(void *ctx, struct hview *v, u32 key)
{
    struct sub_key *s = ctx;
    u32 child, err = key_find(v, key, s->name, s->name_len, &child);
    return err ? err : read_sub_key(s, v, child);
}

static u32 root_key(void *ctx, struct hview *v, u32 key)
{
    return read_sub_key(ctx, v, key);
}

/* Below MACHINE and USER: the mounted hives. A hive is not opened only to be named. */
static u32 enum_mounts(struct sub_key *s, enum space_key top)
{
    struct mount *m = space_at(top, s->index);
    struct key_ref root;
    struct hive_read r = {.tries = 0};
    if (!m)
        return ERROR_NO_MORE_ITEMS;
    s->name_len = m->name_len;
    memcpy(s->name, m->name, m->name_len * 2);
    if (!__atomic_load_n(&m->hive, __ATOMIC_ACQUIRE))
        return ERROR_SUCCESS;
    u32 err;
    do {
        err = hive_read_begin(m->hive, &r);
        if (err)
            return err;
        err = key_root(&r.view, &root);
        if (!err)
            err = root_key(s, &r.view, root.cell);
    } while (!hive_read_end(m->hive, &r));
    return err;
}

static u32 find_sub_key(struct call *c, struct sub_key *s)
{
    struct reg_row from;
    u32 slot, err;
    if (c->row.flags & ROW_CLASSES) {
        err = classes_enum(&c->row, s->index, s->name, &s->name_len, &from);
        return err ? err : nsp_read(&from, named_key, s);
    }
    if (!c->row.mount)
        return enum_mounts(s, (enum space_key)c->row.id);
    s->pos = take_pos(c->handle, &slot);
    err = call_read(c, enum_key, s);
    give_pos(s->pos, slot);
    return err;
}

/* The class goes to the client's structure, to that of lpClassIn, or to a new one. */
static u32 class_out(const RRP_UNICODE_STRING *in, PRPC_UNICODE_STRING *out, struct sub_key *s)
{
    if (!in || !out)
        return ERROR_SUCCESS;
    if (!*out && in->Buffer)
        *out = (PRPC_UNICODE_STRING)(uintptr_t)in;
    if (!*out && !(*out = os_calloc(1, sizeof **out)))
        return ERROR_OUTOFMEMORY;
    return text_out_wanted(in, *out, s->class_name, s->class_size / 2);
}

static void time_out(u64 t, PFILETIME out)
{
    if (!out)
        return;
    out->dwLowDateTime = (DWORD)t;
    out->dwHighDateTime = (DWORD)(t >> 32);
}

DWORD WINAPI BaseRegEnumKey(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpNameIn,
                            PRRP_UNICODE_STRING lpNameOut, PRRP_UNICODE_STRING lpClassIn,
                            PRPC_UNICODE_STRING *lplpClassOut, PFILETIME lpftLastWriteTime)
{
    struct call c;
    struct sub_key s = {.index = dwIndex, .want_class = lpClassIn && lplpClassOut};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_PARAMETER);
    if (err)
        return err;
    if (!lpNameIn || !lpNameOut)
        return call_end(&c, ERROR_INVALID_PARAMETER);
    err = call_need(&c, ACCESS_ENUM);
    if (!err)
        err = find_sub_key(&c, &s);
    /* Where one of the two has no room, the other is not written either. */
    if (!err && (!lpNameIn->Buffer || (s.name_len + 1) * 2 <= lpNameIn->MaximumLength))
        err = class_out(lpClassIn, lplpClassOut, &s);
    if (!err)
        err = text_out(lpNameIn, lpNameOut, s.name, s.name_len);
    if (!err)
        time_out(s.last_write, lpftLastWriteTime);
    os_free(s.class_name);
    return call_end(&c, err);
}

static u32 query_key(void *ctx, struct hview *v, u32 key)
{
    return key_query(v, key, ctx);
}

/* --- values
 * ------------------------------------------------------------------------------------------- */

struct value {
    u32 index, type, size;
    u8 *data;
    u32 room;
    u32 name_room;  /* in bytes: data is not handed out under a name that has no room */
    char16_t *name; /* from os_alloc */
    u32 name_len;
};

static u32 enum_value(void *ctx, struct hview *v, u32 key)
{
    struct value *s = ctx;
    struct val_info info;
    u32 err = val_enum(v, key, s->index, &info);
    if (err)
        return err;
    if (info.name_len > VAL_NAME_MAX)
        return ERROR_REGISTRY_CORRUPT;
    char16_t *name = os_realloc(s->name, (info.name_len + 1) * 2);
    if (!name)
        return ERROR_OUTOFMEMORY;
    s->name = name;
    err = val_name(v, info.cell, name, info.name_len, &s->name_len);
    s->name_len = MIN(s->name_len, info.name_len);
    s->type = info.type;
    s->size = info.size;
    if (!err && s->data && info.size <= s->room && (s->name_len + 1) * 2 <= s->name_room)
        err = call_data(v, &info, s->data);
    return err;
}

static u32 has_value(void *ctx, struct hview *v, u32 key)
{
    const struct value *s = ctx;
    struct val_info info;
    return val_find(v, key, s->name, s->name_len, &info);
}

/* The user's values first, then those of the machine's that have names the user's have not. */
static u32 enum_classes_value(struct call *c, struct value *s)
{
    struct reg_row user, machine;
    struct key_info info = {0};
    u32 err = classes_both(&c->row, &user, &machine);
    if (!err && user.mount) {
        err = nsp_read(&user, enum_value, s);
        if (err != ERROR_NO_MORE_ITEMS || !machine.mount)
            return err;
        err = nsp_read(&user, query_key, &info);
    }
    u32 left = s->index - info.values;
    for (s->index = 0; !err; s->index++) {
        err = nsp_read(&machine, enum_value, s);
        if (!err && user.mount && !nsp_read(&user, has_value, s))
            continue;
        if (!err && !left--)
            break;
    }
    return err;
}

DWORD WINAPI BaseRegEnumValue(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpValueNameIn,
                              PRPC_UNICODE_STRING lpValueNameOut, LPDWORD lpType, LPBYTE lpData,
                              LPDWORD lpcbData, LPDWORD lpcbLen)
{
    struct call c;
    struct value s = {.index = dwIndex, .data = lpData, .room = lpcbData ? *lpcbData : 0};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_PARAMETER);
    if (err)
        return err;
    if (!lpValueNameIn || !lpValueNameOut || (lpData && (!lpcbData || !lpcbLen)))
        return call_end(&c, ERROR_INVALID_PARAMETER);
    s.name_room = lpValueNameIn->Buffer ? lpValueNameIn->MaximumLength : UINT32_MAX;
    if (call_is_perf(&c) || (!c.row.mount && !(c.row.flags & ROW_CLASSES)))
        err = ERROR_NO_MORE_ITEMS;
    else
        err = call_need(&c, ACCESS_QUERY);
    if (!err)
        err =
            c.row.flags & ROW_CLASSES ? enum_classes_value(&c, &s) : call_read(&c, enum_value, &s);
    if (!err)
        err = text_out(lpValueNameIn, lpValueNameOut, s.name, s.name_len);
    if (!err && lpType)
        *lpType = s.type;
    if (!err && lpcbData)
        *lpcbData = s.size;
    if (!err && lpData && s.size > s.room)
        err = ERROR_MORE_DATA;
    if (lpcbLen)
        *lpcbLen = err || !lpData ? 0 : s.size;
    os_free(s.name);
    return call_end(&c, err);
}

/* --- the key itself
 * ------------------------------------------------------------------------------------- */

struct info {
    struct key_info key;
    bool want_class;
    char16_t *class_name;
    u32 class_size;
};

static u32 query_info(void *ctx, struct hview *v, u32 key)
{
    struct info *s = ctx;
    s->class_size = 0;
    u32 err = key_query(v, key, &s->key);
    return !err && s->want_class ? read_class(v, key, &s->class_name, &s->class_size) : err;
}

static u32 query_mounts(struct info *s, enum space_key top)
{
    struct mount *m;
    for (u32 i = 0; (m = space_at(top, i)) != NULL; i++) {
        s->key.subkeys++;
        s->key.max_name = MAX(s->key.max_name, m->name_len * 2);
    }
    return ERROR_SUCCESS;
}

/* Adds the values of the machine's key that the user's has not, as enum_classes_value lists them.
 */
static u32 add_values(struct reg_row *user, struct reg_row *machine, struct key_info *sum)
{
    struct key_info info;
    struct value v = {.data = NULL};
    u32 err = nsp_read(machine, query_key, &info);
    if (err)
        return err == ERROR_KEY_DELETED ? ERROR_SUCCESS : err;
    sum->max_class = MAX(sum->max_class, info.max_class);
    sum->max_value_name = MAX(sum->max_value_name, info.max_value_name);
    sum->max_value_data = MAX(sum->max_value_data, info.max_value_data);
    for (; !err; v.index++) {
        err = nsp_read(machine, enum_value, &v);
        if (!err && nsp_read(user, has_value, &v))
            sum->values++;
    }
    os_free(v.name);
    return err == ERROR_NO_MORE_ITEMS || err == ERROR_KEY_DELETED ? ERROR_SUCCESS : err;
}

static u32 query_classes(struct call *c, struct info *s)
{
    struct reg_row user, machine;
    u32 count, longest, err = classes_both(&c->row, &user, &machine);
    if (!err)
        err = nsp_read(user.mount ? &user : &machine, query_info, s);
    if (!err && user.mount && machine.mount)
        err = add_values(&user, &machine, &s->key);
    if (!err)
        err = classes_count(&c->row, &count, &longest);
    if (!err) {
        s->key.subkeys = count;
        s->key.max_name = MAX(s->key.max_name, longest * 2);
    }
    return err;
}

static u32 query_row(struct call *c, struct info *s)
{
    if (call_is_perf(c))
        return ERROR_SUCCESS;
    u32 err = call_need(c, ACCESS_QUERY);
    if (err)
        return err;
    if (c->row.flags & ROW_CLASSES)
        return query_classes(c, s);
    return c->row.mount ? call_read(c, query_info, s) : query_mounts(s, (enum space_key)c->row.id);
}

DWORD WINAPI BaseRegQueryInfoKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpClassIn,
                                 PRPC_UNICODE_STRING lpClassOut, LPDWORD lpcSubKeys,
                                 LPDWORD lpcbMaxSubKeyLen, LPDWORD lpcbMaxClassLen,
                                 LPDWORD lpcValues, LPDWORD lpcbMaxValueNameLen,
                                 LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
                                 PFILETIME lpftLastWriteTime)
{
    struct call c;
    struct info s = {.want_class = lpClassIn && lpClassOut};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (!lpcSubKeys || !lpcbMaxSubKeyLen || !lpcValues || !lpcbMaxValueNameLen ||
        !lpcbMaxValueLen || !lpftLastWriteTime)
        return call_end(&c, ERROR_INVALID_PARAMETER);
    err = query_row(&c, &s);
    if (!err) {
        *lpcSubKeys = s.key.subkeys;
        *lpcbMaxSubKeyLen = s.key.max_name / 2;
        *lpcValues = s.key.values;
        *lpcbMaxValueNameLen = s.key.max_value_name / 2;
        *lpcbMaxValueLen = s.key.max_value_data;
        if (lpcbMaxClassLen)
            *lpcbMaxClassLen = s.key.max_class / 2;
        if (lpcbSecurityDescriptor)
            *lpcbSecurityDescriptor = c.row.access & ACCESS_READ_SD ? s.key.sd_size : 0;
        time_out(s.key.last_write, lpftLastWriteTime);
        err = text_out_wanted(lpClassIn, lpClassOut, s.class_name, s.class_size / 2);
    }
    os_free(s.class_name);
    return call_end(&c, err);
}
