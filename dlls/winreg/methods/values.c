/*
 * Values: opnums 8, 17, 22, 29 and 34.
 */
#include "method.h"

#include "classes.h"
#include "inside.h"
#include "os.h"
#include "reflect.h"
#include "utf16.h"

#include <string.h>

#define DATA_MAX 0x70000000u

struct query {
    struct text name;
    u32 type, size;
    u8 *data; /* NULL: size alone is wanted */
    u32 room;
};

static u32 query_value(void *ctx, struct hview *v, u32 key)
{
    struct query *q = ctx;
    struct val_info info;
    u32 err = val_find(v, key, q->name.s, q->name.len, &info);
    if (err)
        return err;
    q->type = info.type;
    q->size = info.size;
    if (!q->data)
        return ERROR_SUCCESS;
    return info.size > q->room ? ERROR_MORE_DATA : call_data(v, &info, q->data);
}

/* Of the merged classes: the user's value, else the machine's. */
static u32 query_classes(struct call *c, struct query *q)
{
    struct reg_row user, machine;
    u32 err = classes_both(&c->row, &user, &machine);
    if (err)
        return err;
    err = user.mount ? nsp_read(&user, query_value, q) : ERROR_FILE_NOT_FOUND;
    return err == ERROR_FILE_NOT_FOUND && machine.mount ? nsp_read(&machine, query_value, q) : err;
}

static u32 query_row(struct call *c, struct query *q)
{
    if (c->row.flags & ROW_CLASSES)
        return query_classes(c, q);
    if (!c->row.mount)
        return ERROR_FILE_NOT_FOUND;
    return call_read(c, query_value, q);
}

/* The performance keys are read without a right of their own. */
static u32 need_query(const struct call *c)
{
    return call_is_perf(c) ? ERROR_SUCCESS : call_need(c, ACCESS_QUERY);
}

DWORD WINAPI BaseRegQueryValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, LPDWORD lpType,
                               LPBYTE lpData, LPDWORD lpcbData, LPDWORD lpcbLen)
{
    struct call c;
    struct query q = {.data = lpData, .room = lpcbData ? *lpcbData : 0};
    if (lpcbLen)
        *lpcbLen = 0; /* whatever the failure */
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = text_in(lpValueName, &q.name);
    if (err || !lpType || !lpcbData || !lpcbLen)
        return call_end(&c, ERROR_INVALID_PARAMETER);
    err = call_text(&c, &q.name);
    if (!err)
        err = need_query(&c);
    if (!err)
        err = query_row(&c, &q);
    if (!err || err == ERROR_MORE_DATA) {
        *lpType = q.type;
        *lpcbData = q.size;
    } else if (err == ERROR_FILE_NOT_FOUND) {
        *lpType = 0;
    }
    *lpcbLen = err || !lpData ? 0 : q.size;
    return call_end(&c, err);
}

/* --- setting
 * ------------------------------------------------------------------------------------------ */

struct setting {
    struct text name;
    u32 type;
    const u8 *data;
    u32 size;
};

/* A link's source holds its target and nothing else. */
static bool fits_link(const struct setting *s)
{
    return s->type == REG_LINK &&
           !u16_compare_fold(s->name.s, s->name.len, u"SymbolicLinkValue", 17);
}

static u32 set_value(void *ctx, struct hview *v, u32 key)
{
    const struct setting *s = ctx;
    if (key_flags(v, key) & KEYF_SYM_LINK && !fits_link(s))
        return ERROR_ACCESS_DENIED;
    return val_set(v, key, s->name.s, s->name.len, s->type, s->data, s->size);
}

/* The row that a change of the call's key goes to. */
static u32 target_of(const struct call *c, struct reg_row *row)
{
    *row = c->row;
    if (c->row.flags & ROW_CLASSES)
        return classes_writable(&c->row, row);
    return row->mount ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
}

/* One block: the structure, the name, the data. */
static u32 keep_setting(const void *ctx, void **copy)
{
    const struct setting *s = ctx;
    u32 name = s->name.len * 2;
    struct setting *k = s->size < 0x70000000u ? os_alloc(sizeof *k + name + s->size) : NULL;
    if (!k)
        return ERROR_OUTOFMEMORY;
    *k = *s;
    k->name.s = (char16_t *)(k + 1);
    k->data = (u8 *)(k + 1) + name;
    memcpy(k + 1, s->name.s, name);
    if (s->size)
        memcpy((u8 *)(k + 1) + name, s->data, s->size);
    *copy = k;
    return ERROR_SUCCESS;
}

static u32 change(struct call *c, nsp_writer fn, struct setting *s)
{
    struct reg_row row;
    struct nsp_op op = {fn, s, keep_setting};
    u32 err = target_of(c, &row);
    if (!err)
        err = nsp_change(&row, &op);
    if (!err && reflect_on(&row))
        hnd_flag(c->handle, ROW_UPDATECOPY, 0);
    return err;
}

static u32 own_data(struct call *c, struct setting *s)
{
    const void *data = s->data;
    u32 err = s->size > DATA_MAX ? (u32)ERROR_NO_SYSTEM_RESOURCES : call_copy(c, &data, s->size);
    s->data = data;
    return err;
}

DWORD WINAPI BaseRegSetValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, DWORD dwType,
                             LPBYTE lpData, DWORD cbData)
{
    struct call c;
    struct setting s = {.type = dwType, .data = lpData, .size = cbData};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = text_in(lpValueName, &s.name);
    if (!err && cbData && !lpData)
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = call_need(&c, ACCESS_SET);
    if (!err)
        err = call_text(&c, &s.name);
    if (!err && cbData)
        err = own_data(&c, &s);
    if (!err)
        err = change(&c, set_value, &s);
    return call_end(&c, err);
}

static u32 delete_value(void *ctx, struct hview *v, u32 key)
{
    const struct setting *s = ctx;
    return val_delete(v, key, s->name.s, s->name.len);
}

DWORD WINAPI BaseRegDeleteValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName)
{
    struct call c;
    struct setting s = {0};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_text_in(&c, lpValueName, &s.name);
    if (!err)
        err = call_need(&c, ACCESS_SET);
    if (!err && !c.row.mount && !(c.row.flags & ROW_CLASSES) && !call_is_perf(&c))
        err = ERROR_FILE_NOT_FOUND; /* a key in no hive has no values */
    if (!err)
        err = change(&c, delete_value, &s);
    return call_end(&c, err);
}

u32 inside_delete_class_value(RPC_HKEY key, const char16_t *name, u32 len)
{
    struct call c;
    struct reg_row user, machine;
    struct setting s = {.name = {name, len}};
    struct nsp_op op = {delete_value, &s, keep_setting};
    u32 mine = ERROR_FILE_NOT_FOUND, all = ERROR_FILE_NOT_FOUND;
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_need(&c, ACCESS_SET);
    if (!err)
        err = call_text(&c, &s.name);
    if (!err)
        err = classes_both(&c.row, &user, &machine);
    if (!err && user.mount)
        mine = nsp_change(&user, &op);
    if (!err && machine.mount)
        all = nsp_change(&machine, &op);
    if (!err)
        err = mine && mine != ERROR_FILE_NOT_FOUND ? mine
              : all && all != ERROR_FILE_NOT_FOUND ? all
                                                   : MIN(mine, all);
    return call_end(&c, err);
}

/* --- several at once
 * ------------------------------------------------------------------------------------ */

struct one {
    struct text name;
    u32 type, size, at;
};

struct several {
    struct call *c;
    PRVALENT in, out;
    u32 count;
    u8 *buf;
    u32 room;
    u64 need;         /* with each value's data on a multiple of 4 */
    u32 at;           /* the value that is read */
    u64 before;       /* what those before it need */
    struct one *ones; /* what is asked for, and what was found */
};

static u32 one_of_several(void *ctx, struct hview *v, u32 key)
{
    struct several *s = ctx;
    struct one *one = &s->ones[s->at];
    struct val_info info;
    u32 err = val_find(v, key, one->name.s, one->name.len, &info);
    if (err)
        return err;
    one->at = (u32)ALIGN_UP(s->before, 4u);
    one->type = info.type;
    one->size = info.size;
    s->need = (u64)one->at + info.size;
    if (s->need > 0xffffffffu)
        return ERROR_INVALID_PARAMETER;
    return s->need <= s->room && s->buf ? call_data(v, &info, s->buf + one->at) : ERROR_SUCCESS;
}

/* The names, out of the client's memory. */
static u32 take_names(struct several *s)
{
    u32 err = ERROR_SUCCESS;
    s->ones = s->count < 0x1000000 ? call_room(s->c, s->count * sizeof *s->ones) : NULL;
    if (!s->ones)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < s->count && !err; i++) {
        RVALENT in;
        err = os_copy(&in, &s->in[i], sizeof in)
                  ? call_text_in(s->c, in.ve_valuename, &s->ones[i].name)
                  : (u32)ERROR_NOACCESS;
    }
    return err;
}

static void give_list(void *ctx)
{
    const struct several *s = ctx;
    for (u32 i = 0; i < s->count; i++) {
        s->out[i].ve_valuename = s->in[i].ve_valuename;
        s->out[i].ve_type = s->ones[i].type;
        s->out[i].ve_valuelen = s->ones[i].size;
        s->out[i].ve_valueptr = (LPDWORD)(uintptr_t)s->ones[i].at;
    }
}

static u32 read_several(void *ctx, struct hview *v, u32 key)
{
    struct several *s = ctx;
    u32 err = ERROR_SUCCESS;
    s->need = 0;
    for (s->at = 0; s->at < s->count && !err; s->at++) {
        s->before = s->need;
        err = one_of_several(s, v, key);
    }
    return err;
}

/* Of the merged classes: each value the user's, else the machine's. */
static u32 several_classes(struct several *s)
{
    struct reg_row user, machine;
    u32 err = classes_both(&s->c->row, &user, &machine);
    s->need = 0;
    for (s->at = 0; s->at < s->count && !err; s->at++) {
        s->before = s->need;
        err = user.mount ? nsp_read(&user, one_of_several, s) : ERROR_FILE_NOT_FOUND;
        if (err == ERROR_FILE_NOT_FOUND && machine.mount)
            err = nsp_read(&machine, one_of_several, s);
    }
    return err;
}

/* A list of values as the protocol has it; *need: bytes used or needed. */
static u32 query_several(struct several *s)
{
    u32 err = call_need(s->c, ACCESS_QUERY);
    if (!err)
        err = take_names(s);
    if (err)
        return err;
    if (s->c->row.flags & ROW_CLASSES)
        err = several_classes(s);
    else
        err = s->c->row.mount ? call_read(s->c, read_several, s) : (u32)ERROR_FILE_NOT_FOUND;
    if (!err && !os_guard(give_list, s))
        err = ERROR_NOACCESS;
    return !err && (s->need > s->room || (s->need && !s->buf)) ? ERROR_MORE_DATA : err;
}

DWORD WINAPI BaseRegQueryMultipleValues(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                        DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize)
{
    struct call c;
    struct several s = {&c, val_listIn, val_listOut, num_vals, (u8 *)lpvalueBuf, 0, 0, 0, 0, NULL};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (!ldwTotsize || !val_listOut || (num_vals && !val_listIn))
        return call_end(&c, ERROR_INVALID_PARAMETER);
    s.room = *ldwTotsize;
    err = query_several(&s);
    if (!err || err == ERROR_MORE_DATA)
        *ldwTotsize = (u32)s.need;
    return call_end(&c, err);
}

DWORD WINAPI BaseRegQueryMultipleValues2(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                         DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize,
                                         LPDWORD ldwRequiredSize)
{
    struct call c;
    struct several s = {&c, val_listIn, val_listOut, num_vals, (u8 *)lpvalueBuf, 0, 0, 0, 0, NULL};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (!ldwTotsize || !ldwRequiredSize || !val_listOut || (num_vals && !val_listIn))
        return call_end(&c, ERROR_INVALID_PARAMETER);
    s.room = *ldwTotsize;
    err = query_several(&s);
    if (!err || err == ERROR_MORE_DATA)
        *ldwRequiredSize = (u32)s.need;
    return call_end(&c, err);
}
