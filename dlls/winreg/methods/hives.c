/*
 * Hives and files: opnums 13, 18, 19, 20, 23 and 31.
 */
#include "files.h"
#include "inside.h"
#include "os.h"
#include "space_loaded.h"
#include "transact.h"
#include "user.h"
#include "utf16.h"
#include "watcher.h"

#include <string.h>

#define FLAG_VOLATILE 1u
#define FLAG_REFRESH  2u
#define FLAG_FORCE    8u

static u32 need_privilege(enum user_privilege what)
{
    return user_has(what) ? ERROR_SUCCESS : ERROR_PRIVILEGE_NOT_HELD;
}

/* --- loading and unloading
 * ---------------------------------------------------------------------------- */

static bool is_top(const struct call *c)
{
    return !c->row.mount && (c->row.id == SPACE_MACHINE || c->row.id == SPACE_USER);
}

static u32 load(const struct call *c, const struct text *name, const char16_t *path)
{
    char16_t root[KEY_NAME_MAX];
    struct text sub = *name;
    u32 err = ERROR_SUCCESS;
    if (!sub.len) {
        err = files_root_name(path, root, &sub.len);
        sub.s = root;
    }
    for (u32 i = 0; i < sub.len && !err; i++)
        if (sub.s[i] == u'\\')
            err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = space_load((enum space_key)c->row.id, sub.s, sub.len, path);
    if (!err)
        watcher_wake(); /* for when another process unloads it */
    return err == ERROR_ALREADY_EXISTS ? ERROR_ACCESS_DENIED
           : err == ERROR_BADDB        ? ERROR_NOT_REGISTRY_FILE
                                       : err;
}

DWORD WINAPI BaseRegLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, PRRP_UNICODE_STRING lpFile)
{
    struct call c;
    struct text name = {u"", 0};
    char16_t *path = NULL;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (lpSubKey)
        err = call_text_in(&c, lpSubKey, &name);
    if (!err)
        err = text_path(lpFile, &path);
    if (!err && !is_top(&c))
        err = call_is_perf(&c) ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
    if (!err)
        err = need_privilege(USER_RESTORE);
    if (!err)
        err = load(&c, &name, path);
    os_free(path);
    return call_end(&c, err);
}

static bool not_in_mount(void *ctx, u32 handle, const struct reg_row *row)
{
    UNUSED(handle);
    return row->mount != ctx;
}

/* What lies deeper than MACHINE and USER is no hive: ERROR_FILE_NOT_FOUND where it is not there,
 * ERROR_ACCESS_DENIED. The key of a handle cannot be unloaded, the handle being open. */
static u32 check_unload(const struct call *c, const struct text *name)
{
    struct nsp_path p = {.base = &c->row, .path = name->s, .len = name->len};
    struct reg_row row;
    bool deep = !is_top(c);
    if (call_is_perf(c))
        return ERROR_INVALID_HANDLE;
    for (u32 i = 0; i + 1 < name->len; i++)
        deep |= i && name->s[i] == u'\\';
    if (name->len && !deep)
        return ERROR_SUCCESS;
    bool plain = !(c->row.flags & ROW_CLASSES) && !c->row.extra;
    u32 err = name->len && plain ? nsp_open(&p, &row, NULL) : ERROR_SUCCESS;
    return err ? err : ERROR_ACCESS_DENIED;
}

#define LET_GO_MS 1000u /* for other processes that have the hive open without a key of it */

/* With the door closed: nobody here opens or uses a handle meanwhile. *path is the hive's file. */
static u32 unload_alone(enum space_key top, const struct text *name, char16_t **path)
{
    struct mount *m = space_find(top, name->s, name->len);
    if (!m)
        return ERROR_FILE_NOT_FOUND;
    if (m->flags & MOUNT_FIXED || !hnd_each(not_in_mount, m) || txn_uses(m))
        return ERROR_ACCESS_DENIED;
    *path = u16_dup(m->path, u16_len(m->path));
    return space_unload(m);
}

/* The file is the caller's again when nobody has it open. One that does not run keeps it. */
static void wait_until_unused(const char16_t *path)
{
    u64 start = os_ticks();
    while (hive_is_used(path) && os_ticks() - start < LET_GO_MS)
        os_sleep(5);
}

static u32 unload(enum space_key top, const struct text *name)
{
    char16_t *path = NULL;
    u32 err = space_unload_begin();
    if (err)
        return err;
    err = life_close_door(LIFE_WAIT_MS);
    if (!err) {
        err = unload_alone(top, name, &path);
        life_open_door();
    }
    space_unload_end();
    if (!err && path)
        wait_until_unused(path);
    os_free(path);
    return err;
}

DWORD WINAPI BaseRegUnLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey)
{
    struct call c;
    struct text name = {u"", 0};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (lpSubKey)
        err = call_text_in(&c, lpSubKey, &name);
    if (!err)
        err = need_privilege(USER_RESTORE);
    if (!err)
        err = check_unload(&c, &name);
    if (!err && name.len > KEY_NAME_MAX) /* and the call's copy of a longer one ends with it */
        err = ERROR_FILE_NOT_FOUND;
    enum space_key top = (enum space_key)c.row.id;
    call_end(&c, err);
    return err ? err : unload(top, &name);
}

/* --- saving
 * ------------------------------------------------------------------------------------------- */

static bool attributes_valid(const RPC_SECURITY_ATTRIBUTES *a)
{
    const RPC_SECURITY_DESCRIPTOR *d = a ? &a->RpcSecurityDescriptor : NULL;
    return !d || !d->lpSecurityDescriptor ||
           inside_descriptor_valid(d->lpSecurityDescriptor, d->cbInSecurityDescriptor);
}

/* Without compression the whole hive is saved: the key has to be its root. */
static u32 check_root(void *ctx, struct hview *v, u32 key)
{
    struct key_ref root;
    UNUSED(ctx);
    u32 err = key_root(v, &root);
    return err || root.cell == key ? err : ERROR_INVALID_PARAMETER;
}

static u32 save(struct call *c, const char16_t *path, DWORD flags)
{
    u32 err = need_privilege(USER_BACKUP);
    if (!err && !c->row.mount)
        err = ERROR_ACCESS_DENIED;
    if (!err && flags == REG_NO_COMPRESSION)
        err = call_read(c, check_root, NULL);
    return err ? err : files_save(&c->row, path, flags == REG_STANDARD_FORMAT ? 3 : 5);
}

DWORD WINAPI BaseRegSaveKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                              PRPC_SECURITY_ATTRIBUTES pSecurityAttributes, DWORD Flags)
{
    struct call c;
    char16_t *path = NULL;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (call_is_perf(&c) || !attributes_valid(pSecurityAttributes) ||
        (Flags != REG_STANDARD_FORMAT && Flags != REG_LATEST_FORMAT && Flags != REG_NO_COMPRESSION))
        err = ERROR_INVALID_PARAMETER;
    else
        err = text_path(lpFile, &path);
    if (!err)
        err = save(&c, path, Flags);
    os_free(path);
    return call_end(&c, err);
}

DWORD WINAPI BaseRegSaveKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                            PRPC_SECURITY_ATTRIBUTES pSecurityAttributes)
{
    struct call c;
    char16_t *path = NULL;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    if (call_is_perf(&c))
        err = ERROR_INVALID_HANDLE;
    else if (!attributes_valid(pSecurityAttributes))
        err = ERROR_INVALID_PARAMETER;
    else
        err = text_path(lpFile, &path);
    if (!err)
        err = save(&c, path, REG_STANDARD_FORMAT);
    os_free(path);
    return call_end(&c, err);
}

/* A file to be read: ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND where its folder is not there. */
static u32 check_there(const char16_t *path)
{
    struct os_file *f;
    if (os_exists(path))
        return ERROR_SUCCESS;
    u32 err = os_open(path, OS_READ, &f);
    if (!err) /* it came meanwhile */
        os_close(f);
    return err && err != ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
}

/* --- restoring and replacing
 * ---------------------------------------------------------------------------- */

struct under {
    const struct reg_row *row;
    bool is_under;
};

static u32 check_under(void *ctx, struct hview *v, u32 key)
{
    struct under *u = ctx;
    struct key_ref ref = {u->row->cell, u->row->id};
    u->is_under = !key_check(v, &ref) && key_is_under(v, ref.cell, key);
    return ERROR_SUCCESS;
}

struct search {
    struct call *c;
    bool found;
};

/* Another handle at or below the call's key ends the search. */
static bool is_elsewhere(void *ctx, u32 handle, const struct reg_row *row)
{
    struct search *s = ctx;
    struct under u = {row, false};
    if (handle == s->c->handle || row->mount != s->c->row.mount)
        return true;
    if (!call_read(s->c, check_under, &u) && u.is_under)
        s->found = true;
    return !s->found;
}

static bool others_open(struct call *c)
{
    struct search s = {c, false};
    hnd_each(is_elsewhere, &s);
    return s.found;
}

DWORD WINAPI BaseRegRestoreKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile, DWORD Flags)
{
    struct call c;
    char16_t *path = NULL;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_need(&c, 0);
    if (!err)
        err = text_path(lpFile, &path);
    /* There is no hive here that is exempt from the lazy flush, which a refresh asks for. */
    if (!err && (Flags & ~0xfu || Flags & FLAG_REFRESH))
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = need_privilege(USER_RESTORE);
    if (!err && !c.row.mount)
        err = ERROR_ACCESS_DENIED;
    if (!err)
        err = check_there(path);
    if (!err && !(Flags & FLAG_FORCE) && others_open(&c))
        err = ERROR_ACCESS_DENIED;
    if (!err)
        err = files_restore(&c.row, path, (Flags & FLAG_VOLATILE) != 0);
    os_free(path);
    return call_end(&c, err);
}

/* The root of the hive that the key is in. */
static u32 hive_root(const struct call *c, const struct text *sub, struct reg_row *root)
{
    struct nsp_path p = {.base = &c->row, .path = sub->s, .len = sub->len};
    u32 err = nsp_open(&p, root, NULL);
    if (!err && !root->mount)
        err = ERROR_ACCESS_DENIED;
    if (err)
        return err;
    struct reg_row top = {.mount = root->mount};
    struct nsp_path whole = {.base = &top, .path = u""};
    return nsp_open(&whole, root, NULL);
}

static u32 replace(const struct call *c, const struct text *sub, const char16_t *new_file,
                   const char16_t *old_file)
{
    struct reg_row root;
    char16_t name[KEY_NAME_MAX];
    u32 len, err = need_privilege(USER_RESTORE);
    if (!err)
        err = check_there(new_file);
    if (!err && os_exists(old_file))
        err = ERROR_ALREADY_EXISTS;
    if (!err)
        err = hive_root(c, sub, &root);
    if (!err) /* what is no hive is found out before a backup is made */
        err = files_root_name(new_file, name, &len);
    if (!err)
        err = files_save(&root, old_file, 5);
    if (err)
        return err;
    err = files_restore(&root, new_file, false);
    if (err)
        os_remove(old_file);
    return err;
}

DWORD WINAPI BaseRegReplaceKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                               PRRP_UNICODE_STRING lpNewFile, PRRP_UNICODE_STRING lpOldFile)
{
    struct call c;
    struct text sub;
    char16_t *new_file = NULL, *old_file = NULL;
    u32 err = call_begin(&c, hKey, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    err = call_text_in(&c, lpSubKey, &sub);
    if (!err && !lpSubKey->Buffer)
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = text_path(lpNewFile, &new_file);
    if (!err)
        err = text_path(lpOldFile, &old_file);
    if (!err)
        err = call_need(&c, 0);
    if (!err)
        err = replace(&c, &sub, new_file, old_file);
    os_free(new_file);
    os_free(old_file);
    return call_end(&c, err);
}
