/*
 * A folder of hives as the registry of what is installed: the methods of winreg's engine behind the
 * product layer's seam.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include <string.h>

#include "hives.h"
#include "os.h"
#include "reg_host.h"
#include "utf16.h"

struct reg_key {
    RPC_HKEY h;
};

/* The roots stay open: opened at the first use. */
static RPC_HKEY roots[4];

static u32 root_of(enum reg_root root, RPC_HKEY *out)
{
    static DWORD(WINAPI *const open[])(PREGISTRY_SERVER_NAME, REGSAM, PRPC_HKEY) = {
        OpenLocalMachine, OpenCurrentUser, OpenUsers, OpenClassesRoot};
    u32 err = ERROR_SUCCESS;

    if ((u32)root >= ARRAY_LEN(roots))
        return ERROR_INVALID_PARAMETER;
    if (!roots[root])
        err = open[root](NULL, MAXIMUM_ALLOWED, &roots[root]);
    *out = roots[root];
    return err;
}

/* Lengths there are bytes in 16 bits. */
static u32 text_of(const char16_t *s, RRP_UNICODE_STRING *out)
{
    size_t n = u16_len(s);

    if (n > 32766)
        return ERROR_INVALID_PARAMETER;
    out->Length = out->MaximumLength = (USHORT)(n * 2 + 2);
    out->Buffer = (PWCHAR)(uintptr_t)s;
    return ERROR_SUCCESS;
}

static REGSAM wow(enum reg_view view)
{
    return view == REG_VIEW_32 ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
}

static u32 give(RPC_HKEY h, struct reg_key **key)
{
    *key = os_alloc(sizeof(**key));
    if (!*key) {
        BaseRegCloseKey(&h);
        return ERROR_OUTOFMEMORY;
    }
    (*key)->h = h;
    return ERROR_SUCCESS;
}

static u32 open_handle(enum reg_root root, enum reg_view view, const char16_t *path, REGSAM rights,
                       RPC_HKEY *h)
{
    RRP_UNICODE_STRING name;
    RPC_HKEY top;
    u32 err = root_of(root, &top);

    if (!err)
        err = text_of(path, &name);
    return err ? err : BaseRegOpenKey(top, &name, 0, rights | wow(view), h);
}

static u32 hive_key_open(enum reg_root root, enum reg_view view, const char16_t *path,
                         struct reg_key **key)
{
    RPC_HKEY h;
    u32 err = open_handle(root, view, path, KEY_READ, &h);

    return err ? err : give(h, key);
}

static u32 hive_key_make(enum reg_root root, enum reg_view view, const char16_t *path,
                         struct reg_key **key)
{
    RRP_UNICODE_STRING name, none = {0, 0, NULL};
    RPC_HKEY top, h;
    u32 err = root_of(root, &top);

    if (!err)
        err = text_of(path, &name);
    if (!err)
        err = BaseRegCreateKey(top, &name, &none, 0, KEY_READ | KEY_WRITE | wow(view), NULL, &h,
                               NULL);
    return err ? err : give(h, key);
}

static void hive_key_close(struct reg_key *key)
{
    BaseRegCloseKey(&key->h);
    os_free(key);
}

static u32 hive_get(struct reg_key *key, const char16_t *name, struct reg_data *data)
{
    DWORD size = 256, len, type;
    RRP_UNICODE_STRING text;
    u8 *bytes = NULL, *more;
    u32 err = text_of(name, &text);

    if (err)
        return err;
    do {
        if (size > REG_DATA_MAX) {
            os_free(bytes);
            return ERROR_BAD_CONFIGURATION;
        }
        more = os_realloc(bytes, size + 4);
        if (!more) {
            os_free(bytes);
            return ERROR_OUTOFMEMORY;
        }
        bytes = more;
        len = size;
        err = BaseRegQueryValue(key->h, &text, &type, bytes, &size, &len);
    } while (err == ERROR_MORE_DATA);
    if (err) {
        os_free(bytes);
        return err;
    }
    memset(bytes + size, 0, 4);
    *data = (struct reg_data){type, size, bytes};
    return ERROR_SUCCESS;
}

static u32 hive_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes,
                    u32 size)
{
    RRP_UNICODE_STRING text;
    u32 err = text_of(name, &text);

    return err ? err
               : BaseRegSetValue(key->h, &text, type, (LPBYTE)(uintptr_t)(bytes ? bytes : ""),
                                 size);
}

static u32 hive_remove_value(struct reg_key *key, const char16_t *name)
{
    RRP_UNICODE_STRING text;
    u32 err = text_of(name, &text);

    return err ? err : BaseRegDeleteValue(key->h, &text);
}

/* The length that comes back counts the terminator. */
static u32 hive_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    RRP_UNICODE_STRING in = {0, REG_NAME_MAX * 2, name}, out = {0, 0, NULL};

    return BaseRegEnumKey(key->h, index, &in, &out, NULL, NULL, NULL);
}

static u32 hive_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    RRP_UNICODE_STRING in = {0, REG_NAME_MAX * 2, name}, out = {0, 0, NULL};

    return BaseRegEnumValue(key->h, index, &in, &out, NULL, NULL, NULL, NULL);
}

/* The key of that path itself, be it a link. */
static u32 open_itself(enum reg_root root, enum reg_view view, const char16_t *path, REGSAM rights,
                       RPC_HKEY *h)
{
    RRP_UNICODE_STRING name;
    RPC_HKEY top;
    u32 err = root_of(root, &top);

    if (!err)
        err = text_of(path, &name);
    return err ? err : BaseRegOpenKey(top, &name, REG_OPTION_OPEN_LINK, rights | wow(view), h);
}

static u32 delete_key(RPC_HKEY h)
{
    RRP_UNICODE_STRING none = {0, 0, NULL};

    return BaseRegDeleteKeyEx(h, &none, 0, 0);
}

static u32 hive_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path)
{
    char16_t name[REG_NAME_MAX];
    struct reg_key key;
    bool empty;
    u32 err = open_itself(root, view, path, KEY_READ | DELETE, &key.h);

    if (err)
        return err;
    empty = hive_value_at(&key, 0, name) == ERROR_NO_MORE_ITEMS &&
            hive_key_at(&key, 0, name) == ERROR_NO_MORE_ITEMS;
    err = empty ? delete_key(key.h) : ERROR_DIR_NOT_EMPTY;
    BaseRegCloseKey(&key.h);
    return err;
}

/* Of a value of that name: whether the key is a link. */
static u32 link_value(RPC_HKEY h, struct reg_data *d)
{
    struct reg_key key = {h};
    u32 err = hive_get(&key, u"SymbolicLinkValue", d);

    if (!err && d->type != REG_TYPE_LINK) {
        os_free(d->bytes);
        err = ERROR_FILE_NOT_FOUND;
    }
    return err;
}

static bool is_link(RPC_HKEY h)
{
    struct reg_data d;

    if (link_value(h, &d))
        return false;
    os_free(d.bytes);
    return true;
}

enum { DEPTH = 512, PATH_UNITS = 32767 };

/* path has room for all that is below it; it is as before when this returns. */
static u32 remove_tree(enum reg_root root, enum reg_view view, char16_t *path, u32 depth)
{
    size_t n = u16_len(path), more;
    char16_t name[REG_NAME_MAX];
    struct reg_key key;
    u32 err = open_itself(root, view, path, KEY_READ | DELETE, &key.h);

    if (err)
        return err;
    if (is_link(key.h))
        err = ERROR_NO_MORE_ITEMS; /* what it leads to is none of its */
    while (!err && !(err = hive_key_at(&key, 0, name))) {
        more = u16_len(name);
        if (depth >= DEPTH || n + more + 2 > PATH_UNITS) {
            err = ERROR_FILENAME_EXCED_RANGE;
            break;
        }
        path[n] = '\\';
        memcpy(path + n + 1, name, (more + 1) * sizeof(*name));
        err = remove_tree(root, view, path, depth + 1);
        path[n] = 0;
    }
    if (err == ERROR_NO_MORE_ITEMS)
        err = delete_key(key.h);
    BaseRegCloseKey(&key.h);
    return err;
}

static u32 hive_remove(enum reg_root root, enum reg_view view, const char16_t *path)
{
    size_t n = u16_len(path);
    char16_t *room;
    u32 err;

    if (n >= PATH_UNITS)
        return ERROR_INVALID_PARAMETER;
    room = os_alloc_array(PATH_UNITS + 1, sizeof(*room));
    if (!room)
        return ERROR_OUTOFMEMORY;
    memcpy(room, path, (n + 1) * sizeof(*room));
    err = remove_tree(root, view, room, 0);
    os_free(room);
    return err;
}

/* --- what a key has beside its values -----------------------------------------------------------
 */

enum { TEXT_BYTES = 65534, SECURITY_BYTES = 65536 };
#define SECURITY_PARTS \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION)

static u32 look_class(RPC_HKEY h, char16_t **class)
{
    char16_t *room = os_calloc(TEXT_BYTES + 2, 1);
    RRP_UNICODE_STRING in = {0, TEXT_BYTES, room}, out = {0, TEXT_BYTES, room};
    DWORD unused[7];
    FILETIME time;

    if (!room)
        return ERROR_OUTOFMEMORY;
    if (!BaseRegQueryInfoKey(h, &in, &out, unused, unused + 1, unused + 2, unused + 3, unused + 4,
                             unused + 5, unused + 6, &time) &&
        *room)
        *class = u16_dup(room, u16_len(room));
    os_free(room);
    return ERROR_SUCCESS;
}

static u32 look_security(RPC_HKEY h, struct reg_about *about)
{
    u8 *room = os_alloc(SECURITY_BYTES);
    RPC_SECURITY_DESCRIPTOR in = {room, SECURITY_BYTES, 0}, out = {room, SECURITY_BYTES, 0};

    if (!room)
        return ERROR_OUTOFMEMORY;
    if (!BaseRegGetKeySecurity(h, SECURITY_PARTS, &in, &out)) {
        about->security_size = out.cbOutSecurityDescriptor;
        about->security = os_alloc(about->security_size);
        if (about->security)
            memcpy(about->security, out.lpSecurityDescriptor, about->security_size);
    }
    os_free(room);
    return ERROR_SUCCESS;
}

static u32 hive_look(enum reg_root root, enum reg_view view, const char16_t *path,
                     struct reg_about *about)
{
    struct reg_data d;
    RPC_HKEY h;
    u32 err = open_itself(root, view, path, KEY_READ, &h);

    if (err)
        return err;
    err = look_class(h, &about->class);
    if (!err)
        err = look_security(h, about);
    if (!err && !link_value(h, &d)) {
        about->link = d.bytes;
        about->link_size = d.size;
    }
    BaseRegCloseKey(&h);
    return err;
}

/* An empty key in the place of a link is one that was being made. */
static u32 make_handle(enum reg_root root, enum reg_view view, const char16_t *path,
                       const struct reg_about *about, RPC_HKEY *h)
{
    RRP_UNICODE_STRING name, class = {0, 0, NULL}, value;
    RPC_HKEY top;
    u32 err = root_of(root, &top);

    if (!err)
        err = text_of(path, &name);
    if (!err && about->class)
        err = text_of(about->class, &class);
    if (!err)
        err = BaseRegCreateKey(top, &name, &class, about->link ? REG_OPTION_CREATE_LINK : 0,
                               KEY_READ | KEY_WRITE | WRITE_DAC | WRITE_OWNER | wow(view), NULL, h,
                               NULL);
    if (err || !about->link)
        return err;
    err = text_of(u"SymbolicLinkValue", &value);
    if (!err)
        err = BaseRegSetValue(*h, &value, REG_TYPE_LINK, about->link, about->link_size);
    if (err)
        BaseRegCloseKey(h);
    return err;
}

static u32 make_parent(enum reg_root root, enum reg_view view, const char16_t *path)
{
    size_t n = u16_len(path);
    struct reg_key *key;
    char16_t *above;
    u32 err;

    while (n && path[n - 1] != '\\')
        n--;
    if (!n)
        return ERROR_SUCCESS;
    above = u16_dup(path, n - 1);
    err = above ? hive_key_make(root, view, above, &key) : ERROR_OUTOFMEMORY;
    if (!err)
        hive_key_close(key);
    os_free(above);
    return err;
}

static u32 hive_make_as(enum reg_root root, enum reg_view view, const char16_t *path,
                        const struct reg_about *about)
{
    RPC_SECURITY_DESCRIPTOR sd = {about->security, about->security_size, about->security_size};
    RPC_HKEY h;
    u32 err = make_parent(root, view, path);

    if (!err && about->link) {
        err = hive_remove_empty(root, view, path);
        if (err == ERROR_DIR_NOT_EMPTY)
            return ERROR_SUCCESS;
        err = ERROR_SUCCESS;
    }
    if (!err)
        err = make_handle(root, view, path, about, &h);
    if (err)
        return err;
    if (about->security)
        err = BaseRegSetKeySecurity(h, SECURITY_PARTS, &sd);
    BaseRegCloseKey(&h);
    return err;
}

/* What was never opened has nothing to be written. */
static u32 hive_flush(void)
{
    static const char16_t *const keys[] = {u"Software", u"System"};
    u32 err = ERROR_SUCCESS;
    RPC_HKEY h;

    for (size_t i = 0; !err && i < ARRAY_LEN(keys); i++)
        if (!open_handle(REG_MACHINE, REG_VIEW_64, keys[i], KEY_READ, &h)) {
            err = BaseRegFlushKey(h);
            BaseRegCloseKey(&h);
        }
    if (!err && roots[REG_USER])
        err = BaseRegFlushKey(roots[REG_USER]);
    return err;
}

/* The user that the registry's engine has on a host. */
static bool hive_sid(char16_t *sid, size_t cap)
{
    u16_copy(sid, cap, u"S-1-5-21-0-0-0-1000");
    return true;
}

u32 hives_start(const char16_t *folder)
{
    static const struct reg_host host = {
        .open = hive_key_open,
        .make = hive_key_make,
        .close = hive_key_close,
        .get = hive_get,
        .set = hive_set,
        .remove_value = hive_remove_value,
        .remove = hive_remove,
        .remove_empty = hive_remove_empty,
        .look = hive_look,
        .make_as = hive_make_as,
        .flush = hive_flush,
        .key_at = hive_key_at,
        .value_at = hive_value_at,
        .user_sid = hive_sid,
    };
    u32 err = WinregStart(folder);

    if (!err)
        reg_use(&host);
    return err;
}

u32 hives_stop(void)
{
    for (size_t i = 0; i < ARRAY_LEN(roots); i++)
        if (roots[i])
            BaseRegCloseKey(&roots[i]);
    reg_use(NULL);
    return WinregShutdown();
}
