#include "inside.h"

#include "classes.h"
#include "files.h"
#include "notify.h"
#include "os.h"
#include "reflect.h"
#include "space_loaded.h"
#include "transact.h"
#include "utf16.h"

#include <string.h>

bool inside_is_handle(RPC_HKEY key)
{
    u32 handle;
    struct reg_row row;
    return hnd_value(key, &handle) && !hnd_get(handle, &row);
}

static u32 is_there(void *ctx, struct hview *v, u32 key)
{
    UNUSED(ctx), UNUSED(v), UNUSED(key);
    return ERROR_SUCCESS;
}

u32 inside_state(RPC_HKEY key)
{
    struct call c;
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    return call_end(&c, c.row.mount ? call_read(&c, is_there, NULL) : ERROR_SUCCESS);
}

u32 inside_access(RPC_HKEY key)
{
    u32 handle;
    struct reg_row row;
    return hnd_value(key, &handle) && !hnd_get(handle, &row)
               ? row.access & ~(ACCESS_VIEW_32 | ACCESS_VIEW_64)
               : 0;
}

u32 inside_view(RPC_HKEY key)
{
    u32 handle;
    struct reg_row row;
    return hnd_value(key, &handle) && !hnd_get(handle, &row)
               ? row.access & (ACCESS_VIEW_32 | ACCESS_VIEW_64)
               : 0;
}

bool inside_is_app(RPC_HKEY key)
{
    u32 handle;
    struct reg_row row;
    return hnd_value(key, &handle) && !hnd_get(handle, &row) && row.mount &&
           row.mount->flags & MOUNT_APP;
}

void inside_reflection(bool on)
{
    reflect_set(on);
}

/* --- app hives
 * ---------------------------------------------------------------------------------------- */

/* Set when an app hive may have lost its last handle; inside_reap() looks. */
static u32 reap_due;

void call_closed(u32 handle, const struct reg_row *row)
{
    notify_closed(handle);
    if (row->extra) {
        if (row->mount || row->id != SPACE_TRANSACTION)
            txn_row_closed(row);
        else
            txn_close(row->extra);
        __atomic_store_n(&reap_due, 1, __ATOMIC_RELEASE);
    }
    space_release(row->mount);
    if (row->mount && row->mount->flags & MOUNT_APP &&
        !__atomic_load_n(&row->mount->users, __ATOMIC_ACQUIRE))
        __atomic_store_n(&reap_due, 1, __ATOMIC_RELEASE);
}

static void find_unused(void *ctx, struct mount *m)
{
    if (m->flags & MOUNT_APP && !__atomic_load_n(&m->users, __ATOMIC_ACQUIRE))
        *(struct mount **)ctx = m;
}

void inside_reap(void)
{
    u32 due = 1;
    struct mount *m;
    if (!space_reap_due() && (!__atomic_load_n(&reap_due, __ATOMIC_ACQUIRE) ||
                              !__atomic_compare_exchange_n(&reap_due, &due, 0, false,
                                                           __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)))
        return;
    if (life_close_door(LIFE_WAIT_MS)) {
        __atomic_store_n(&reap_due, 1, __ATOMIC_RELEASE); /* at the next close */
        return;
    }
    do {
        m = NULL;
        space_each_open(find_unused, &m);
        if (m)
            space_remove(m);
    } while (m);
    space_reap();
    txn_reap();
    life_open_door();
}

struct app_search {
    const char16_t *path;
    struct mount *found;
};

static void find_app(void *ctx, struct mount *m)
{
    struct app_search *s = ctx;
    if (m->flags & MOUNT_APP && u16_equal_fold(m->path, s->path))
        s->found = m;
}

static u32 app_mount(const char16_t *path, bool private, struct mount **m)
{
    struct app_search s = {path, NULL};
    space_each_open(find_app, &s);
    if (s.found && (private || s.found->flags & MOUNT_PRIVATE))
        return ERROR_SHARING_VIOLATION;
    *m = s.found;
    struct space_new what = {SPACE_NONE, u"", 0, path, MOUNT_APP | (private ? MOUNT_PRIVATE : 0),
                             0,          0};
    return *m ? ERROR_SUCCESS : space_add(&what, m);
}

/* "All keys inside the hive must have the same security descriptor, otherwise the function will
 * fail." */
static u32 check_security(void *ctx, struct hview *v, u32 key)
{
    UNUSED(ctx);
    UNUSED(key);
    return key_one_security(v) ? ERROR_SUCCESS : ERROR_BADDB;
}

u32 inside_load_app(const char16_t *path, u32 sam, bool private, RPC_HKEY *out)
{
    struct call c;
    struct mount *m;
    struct reg_row root = {0}, row;
    struct nsp_path p = {.base = &root, .path = u""};
    u32 err = call_begin_open(&c);
    if (err)
        return err;
    *out = NULL;
    err = access_parse(sam, &p.wanted, &p.view);
    if (!err)
        err = app_mount(path, private, &m);
    if (!err) {
        root.mount = m;
        err = nsp_open(&p, &row, NULL);
        if (!err)
            err = nsp_read(&row, check_security, NULL);
        if (err && !m->users)
            __atomic_store_n(&reap_due, 1, __ATOMIC_RELEASE);
    }
    if (!err)
        err = call_give(&row, out);
    call_end(&c, err);
    inside_reap();
    return err;
}

/* --- names
 * ---------------------------------------------------------------------------------------------- */

/* A name made from its end. */
struct name {
    char16_t text[KEY_NAME_MAX * 8 + 1024];
    u32 at;
};

static bool put_before(struct name *n, const char16_t *s, u32 len)
{
    if (n->at < len + 1)
        return false;
    n->at -= len;
    memcpy(n->text + n->at, s, len * 2);
    n->text[--n->at] = u'\\';
    return true;
}

static u32 read_names(void *ctx, struct hview *v, u32 key)
{
    struct name *n = ctx;
    char16_t name[KEY_NAME_MAX];
    u32 len, parent, err;
    n->at = ARRAY_LEN(n->text);
    for (;;) {
        err = key_parent(v, key, &parent);
        if (err || parent == HV_NIL)
            return err;
        err = key_name(v, key, name, &len);
        if (err)
            return err;
        if (!put_before(n, name, len))
            return ERROR_FILENAME_EXCED_RANGE;
        key = parent;
    }
}

static u32 whole_name(struct call *c, struct name *n)
{
    enum space_key top = c->row.mount ? c->row.mount->top : (enum space_key)c->row.id;
    const char16_t *top_name = space_key_name(top);
    u32 err = c->row.mount ? call_read(c, read_names, n) : ERROR_SUCCESS;
    bool fits = true;
    if (err)
        return err;
    if (c->row.mount && c->row.mount->name_len)
        fits = put_before(n, c->row.mount->name, c->row.mount->name_len);
    if (fits && *top_name)
        fits = put_before(n, top_name, (u32)u16_len(top_name));
    return fits && put_before(n, u"REGISTRY", 8) ? ERROR_SUCCESS : ERROR_FILENAME_EXCED_RANGE;
}

u32 inside_name(RPC_HKEY key, char16_t *buf, u32 cap, u32 *need)
{
    struct call c;
    u32 err = call_begin(&c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    struct name *n = os_alloc(sizeof *n);
    if (!n)
        return call_end(&c, ERROR_OUTOFMEMORY);
    n->at = ARRAY_LEN(n->text);
    err = whole_name(&c, n);
    if (!err) {
        u32 len = (u32)ARRAY_LEN(n->text) - n->at;
        *need = len + 1;
        if (len < cap) {
            memcpy(buf, n->text + n->at, len * 2);
            buf[len] = 0;
        } else {
            err = ERROR_MORE_DATA;
        }
    }
    os_free(n);
    return call_end(&c, err);
}

/* --- trees
 * ---------------------------------------------------------------------------------------------- */

/* A path below a handle, to be opened with what `sam` asks. Without a path no key is opened: it is
 * the handle that must be good for it, whatever the descriptor says by now. */
static u32 path_begin(struct call *c, RPC_HKEY key, const char16_t *path, u32 len, u32 sam,
                      struct nsp_path *p)
{
    u32 err = call_begin(c, key, ERROR_INVALID_HANDLE);
    if (err)
        return err;
    struct text name = {path, len};
    err = call_text(c, &name);
    *p = (struct nsp_path){.base = &c->row, .path = name.s, .len = name.len};
    if (!err)
        err = access_parse(sam, &p->wanted, &p->view);
    if (!err && call_is_perf(c))
        err = ERROR_INVALID_HANDLE;
    if (!err && !len) {
        err = call_need(c, p->wanted);
        p->wanted = 0;
    }
    return err ? call_end(c, err) : ERROR_SUCCESS;
}

/* Without a path the key itself stays, so DELETE on it is not asked for. */
u32 inside_delete_tree(RPC_HKEY key, const char16_t *path, u32 len, u32 sam, bool keep)
{
    struct call c;
    struct nsp_path p;
    u32 err = path_begin(&c, key, path, len,
                         sam | ACCESS_ENUM | ACCESS_QUERY | (len ? ACCESS_DELETE : 0), &p);
    return err ? err : call_end(&c, nsp_delete_tree(&p, keep));
}

/* The key that p is below HKEY_CLASSES_ROOT, as one outside of it. */
static u32 find_class(struct nsp_path *p, struct reg_row *row)
{
    u32 err = classes_open(p, row);
    row->flags &= ~(u32)ROW_CLASSES;
    p->base = row;
    p->path = u"";
    p->len = 0;
    return err || row->mount ? err : ERROR_ACCESS_DENIED;
}

u32 inside_rename(RPC_HKEY key, const char16_t *path, u32 len, const char16_t *name, u32 name_len)
{
    struct call c;
    struct nsp_path p;
    struct reg_row row;
    struct text to = {name, name_len};
    u32 err = path_begin(&c, key, path, len, ACCESS_SET | ACCESS_CREATE, &p);
    if (err)
        return err;
    if (c.row.flags & ROW_CLASSES)
        err = find_class(&p, &row);
    if (!err)
        err = call_text(&c, &to);
    return call_end(&c, err ? err : nsp_rename(&p, to.s, to.len));
}

struct source {
    struct mount *mount;
    struct key_info info;
};

static u32 read_source(void *ctx, struct hview *v, u32 key)
{
    struct source *s = ctx;
    u32 err = key_query(v, key, &s->info);
    return err ? err : access_check_below(s->mount, v, key, ACCESS_READ);
}

/* Values are set through the handle; keys are made where the key's own descriptor lets the caller,
 * as by RegCreateKeyEx. */
static u32 check_target(const struct source *s, const struct reg_row *to)
{
    struct nsp_path p = {.base = to, .path = u"", .wanted = ACCESS_CREATE};
    struct reg_row row;
    if (s->info.values && !(to->access & ACCESS_SET))
        return ERROR_ACCESS_DENIED;
    return s->info.subkeys ? nsp_open(&p, &row, NULL) : ERROR_SUCCESS;
}

u32 inside_copy_tree(RPC_HKEY from, const char16_t *path, u32 len, RPC_HKEY to)
{
    struct call c;
    struct nsp_path p;
    struct source s;
    struct reg_row source, target;
    u32 handle,
        err = path_begin(&c, from, path, len, len ? ACCESS_READ : ACCESS_QUERY | ACCESS_ENUM, &p);
    if (err)
        return err;
    if (!hnd_value(to, &handle) || hnd_get(handle, &target))
        err = ERROR_INVALID_HANDLE;
    if (!err)
        err = nsp_open(&p, &source, NULL);
    if (!err && (!source.mount || !target.mount))
        err = ERROR_ACCESS_DENIED;
    if (!err) {
        s.mount = source.mount;
        err = nsp_read(&source, read_source, &s);
    }
    if (!err)
        err = check_target(&s, &target);
    return call_end(&c, err ? err : files_copy(&source, &target));
}
