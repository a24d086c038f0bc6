/*
 * Keys: opnums 5, 6, 7, 11, 15, 26 and 35.
 */
#include "method.h"

#include "classes.h"
#include "inside.h"
#include "reflect.h"

#define OPTION_VOLATILE  1u
#define OPTION_LINK      2u
#define OPTION_PRIVILEGE 4u
#define OPTION_OPEN_LINK 8u
#define OPTIONS          0x1fu

DWORD WINAPI BaseRegCloseKey(PRPC_HKEY hKey)
{
    struct call c;
    struct reg_row row;
    if (!hKey)
        return life_state() == LIFE_RUNNING ? ERROR_INVALID_HANDLE
               : life_state() == LIFE_NEW   ? ERROR_NOT_READY
                                            : ERROR_WRITE_PROTECT;
    u32 err = call_begin_any(&c, *hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = hnd_close(c.handle, &row);
    if (!err) {
        if (row.flags & ROW_UPDATECOPY)
            reflect_copy(&row);
        call_closed(c.handle, &row);
        *hKey = NULL;
    }
    call_end(&c, err);
    inside_reap();
    return err;
}

/* The path's part of the parameters. ERROR_INVALID_PARAMETER: rights that are none. */
static u32 path_of(struct call *c, struct text *name, DWORD options, REGSAM sam, struct nsp_path *p)
{
    *p = (struct nsp_path){.base = &c->row};
    u32 err = access_parse(sam, &p->wanted, &p->view);
    if (!err)
        err = call_text(c, name);
    p->path = name->s;
    p->len = name->len;
    p->open_link = (options & OPTION_OPEN_LINK) != 0;
    p->by_privilege = (options & OPTION_PRIVILEGE) != 0;
    if (!p->view && !c->row.mount && c->row.id == SPACE_CLASSES)
        p->view = c->row.access & ACCESS_VIEW_32;
    return err;
}

static u32 do_open(const struct call *c, const struct nsp_path *p, struct reg_row *row,
                   bool *dangling)
{
    *dangling = false;
    if (call_is_perf(c))
        return ERROR_INVALID_HANDLE;
    return c->row.flags & ROW_CLASSES ? classes_open(p, row) : nsp_open(p, row, dangling);
}

u32 inside_open(RPC_HKEY key, const char16_t *path, u32 len, u32 options, u32 sam, RPC_HKEY *out,
                bool *dangling)
{
    struct call c;
    struct reg_row row;
    struct nsp_path p;
    struct text name = {path, len};
    *out = NULL;
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = path_of(&c, &name, options, sam, &p);
    if (!err)
        err = do_open(&c, &p, &row, dangling);
    return call_end(&c, err ? err : call_give(&row, out));
}

DWORD WINAPI BaseRegOpenKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, DWORD dwOptions,
                            REGSAM samDesired, PRPC_HKEY phkResult)
{
    struct text name;
    bool dangling = false;
    u32 err = text_in(lpSubKey, &name);
    RPC_HKEY result;
    if (phkResult)
        *phkResult = NULL;
    if (err || !phkResult) {
        struct call c; /* the server's life and the handle come before the parameters */
        u32 first = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
        return first ? first : call_end(&c, ERROR_INVALID_PARAMETER);
    }
    err = inside_open(hKey, name.s, name.len, dwOptions, samDesired, &result, &dangling);
    if (!err)
        *phkResult = result;
    return err == ERROR_FILE_NOT_FOUND && dangling ? ERROR_INVALID_PARAMETER : err;
}

/* The client's class and descriptor, in memory of the call's. */
static u32 own_new(struct call *c, struct nsp_new *what)
{
    struct text kind = {what->class_name, what->class_size / 2};
    u32 err = kind.s ? call_text(c, &kind) : ERROR_SUCCESS;
    what->class_name = kind.len ? kind.s : NULL;
    what->class_size = kind.len * 2;
    if (!err && what->sd) {
        err = call_copy(c, &what->sd, what->sd_size);
        if (!err && !inside_descriptor_valid(what->sd, what->sd_size))
            err = ERROR_INVALID_PARAMETER;
    }
    return err;
}

static u32 new_of(const struct text *class_name, DWORD options,
                  const RPC_SECURITY_ATTRIBUTES *security, struct nsp_new *what)
{
    *what = (struct nsp_new){
        .class_name = class_name->len ? class_name->s : NULL,
        .class_size = class_name->len * 2,
        .is_volatile = (options & OPTION_VOLATILE) != 0,
        .is_link = (options & OPTION_LINK) != 0,
    };
    if (options & ~OPTIONS)
        return ERROR_INVALID_PARAMETER;
    if (security && security->RpcSecurityDescriptor.lpSecurityDescriptor) {
        const RPC_SECURITY_DESCRIPTOR *d = &security->RpcSecurityDescriptor;
        what->sd = d->lpSecurityDescriptor;
        what->sd_size = d->cbInSecurityDescriptor;
    }
    return ERROR_SUCCESS;
}

static u32 do_create(const struct call *c, const struct nsp_path *p, const struct nsp_new *what,
                     struct reg_row *row, bool *created)
{
    u32 err;
    if (call_is_perf(c))
        return ERROR_INVALID_HANDLE;
    err = c->row.flags & ROW_CLASSES ? classes_create(p, what, row, created)
                                     : nsp_create(p, what, row, created);
    if (!err && *created && reflect_on(row))
        row->flags |= ROW_UPDATECOPY;
    return err;
}

u32 inside_create(RPC_HKEY key, const char16_t *path, u32 len, const struct nsp_new *what,
                  u32 options, u32 sam, RPC_HKEY *out, bool *created)
{
    struct call c;
    struct reg_row row;
    struct nsp_path p;
    struct nsp_new own = *what;
    struct text name = {path, len};
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = own_new(&c, &own);
    if (!err)
        err = path_of(&c, &name, options, sam, &p);
    if (!err)
        err = do_create(&c, &p, &own, &row, created);
    return call_end(&c, err ? err : call_give(&row, out));
}

DWORD WINAPI BaseRegCreateKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                              PRRP_UNICODE_STRING lpClass, DWORD dwOptions, REGSAM samDesired,
                              PRPC_SECURITY_ATTRIBUTES lpSecurityAttributes, PRPC_HKEY phkResult,
                              LPDWORD lpdwDisposition)
{
    struct text name, class_name;
    struct nsp_new what;
    RPC_HKEY result;
    bool created;
    u32 err = text_in(lpSubKey, &name);
    if (!err)
        err = text_in(lpClass, &class_name);
    if (!err)
        err = new_of(&class_name, dwOptions, lpSecurityAttributes, &what);
    if (phkResult)
        *phkResult = NULL;
    if (err || !phkResult) {
        struct call c;
        u32 first = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
        return first ? first : call_end(&c, ERROR_INVALID_PARAMETER);
    }
    err = inside_create(hKey, name.s, name.len, &what, dwOptions, samDesired, &result, &created);
    if (err)
        return err;
    *phkResult = result;
    if (lpdwDisposition)
        *lpdwDisposition = created ? 1 : 2;
    return ERROR_SUCCESS;
}

/* The common part of both deletions. sam: the view's bits alone count. */
static DWORD delete_key(struct call *c, PRRP_UNICODE_STRING sub_key, REGSAM sam)
{
    struct text name;
    struct nsp_path p;
    u32 err = text_in(sub_key, &name);
    if (!err)
        err = path_of(c, &name, 0, (sam & 0x300u) | ACCESS_DELETE, &p);
    if (!err && call_is_perf(c))
        err = ERROR_INVALID_HANDLE;
    if (!err)
        err = c->row.flags & ROW_CLASSES ? classes_delete(&p) : nsp_delete(&p);
    return call_end(c, err);
}

DWORD WINAPI BaseRegDeleteKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey)
{
    struct call c;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_PARAMETER);
    return err ? err : delete_key(&c, lpSubKey, 0);
}

DWORD WINAPI BaseRegDeleteKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, REGSAM AccessMask,
                                DWORD Reserved)
{
    struct call c;
    UNUSED(Reserved);
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    return err ? err : delete_key(&c, lpSubKey, AccessMask);
}

struct flushing {
    enum space_key top;
    u32 err;
};

static void flush_mount(void *ctx, struct mount *m)
{
    struct flushing *f = ctx;
    if (m->top != f->top || m->flags & MOUNT_MEMORY)
        return;
    u32 err = hive_flush(m->hive);
    if (!f->err)
        f->err = err;
}

static u32 is_there(void *ctx, struct hview *v, u32 key)
{
    UNUSED(ctx), UNUSED(v), UNUSED(key);
    return ERROR_SUCCESS;
}

static u32 flush_row(struct reg_row *row);

/* What is merged in a key of HKEY_CLASSES_ROOT is in two hives. */
static u32 flush_classes(const struct reg_row *row)
{
    struct reg_row user, machine;
    u32 err = classes_both(row, &user, &machine);
    user.flags = machine.flags = 0;
    if (!err && user.mount)
        err = flush_row(&user);
    return !err && machine.mount ? flush_row(&machine) : err;
}

/* ERROR_KEY_DELETED, which the protocol does not mention here and Win32 answers. */
static u32 flush_row(struct reg_row *row)
{
    struct flushing f = {(enum space_key)row->id, ERROR_SUCCESS};
    struct hive *h;
    if (row->flags & ROW_CLASSES)
        return flush_classes(row);
    if (!row->mount) {
        space_each_open(flush_mount, &f);
        return f.err;
    }
    u32 err = nsp_read(row, is_there, NULL);
    if (!err)
        err = space_hive(row->mount, &h);
    return err || row->mount->flags & MOUNT_MEMORY ? err : hive_flush(h);
}

DWORD WINAPI BaseRegFlushKey(RPC_HKEY hKey)
{
    struct call c;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_need(&c, ACCESS_QUERY);
    if (!err) {
        err = flush_row(&c.row);
        if (err == ERROR_DISK_FULL || err == ERROR_WRITE_FAULT || err == ERROR_IO_DEVICE)
            err = ERROR_REGISTRY_IO_FAILED;
    }
    return call_end(&c, err);
}

DWORD WINAPI BaseRegGetVersion(RPC_HKEY hKey, LPDWORD lpdwVersion)
{
    struct call c;
    if (!lpdwVersion)
        return ERROR_NOACCESS;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    *lpdwVersion = 6;
    return call_end(&c, ERROR_SUCCESS);
}
