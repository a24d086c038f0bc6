/*
 * Moving and dropping what is kept of a user.
 */
#include "userdata.h"

#include "layout.h"
#include "os.h"
#include "utf16.h"

enum { DEPTH_MAX = 64 };

#define INSTALLER u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"
static const char16_t *const rooms[] = {INSTALLER u"UserData\\", INSTALLER u"Managed\\"};

/* "S-1-" and numbers: nothing that would lead elsewhere in the registry. */
bool userdata_sid(const char16_t *sid)
{
    size_t n = u16_len(sid);

    if (n < 5 || n >= LAYOUT_SID || !u16_is(sid, 4, "S-1-") || sid[n - 1] == '-')
        return false;
    for (size_t i = 4; i < n; i++)
        if (sid[i] == '-' ? sid[i - 1] == '-' : sid[i] < '0' || sid[i] > '9')
            return false;
    return !u16_equal(sid, LAYOUT_MACHINE_SID) && !u16_equal(sid, LAYOUT_EVERYONE);
}

static void room_path(struct layout_path *p, size_t room, const char16_t *sid)
{
    size_t n = u16_copy(p->path, LAYOUT_PATH, rooms[room]);

    p->root = REG_MACHINE;
    u16_copy(p->path + n, LAYOUT_PATH - n, sid);
}

/* --- copying ------------------------------------------------------------------------------------
 */

static u32 copy_values(struct reg_key *from, struct reg_key *to)
{
    char16_t name[REG_NAME_MAX];
    struct reg_data d;
    u32 err;

    for (u32 i = 0; !(err = reg_value_at(from, i, name)); i++) {
        err = reg_get(from, name, &d);
        if (!err) {
            err = reg_set(to, name, d.type, d.bytes, d.size);
            os_free(d.bytes);
        }
        if (err)
            return err;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* Adds "\name"; false where there is no room. */
static bool go_down(struct layout_path *p, const char16_t *name)
{
    size_t n = u16_len(p->path);

    if (n + 1 + u16_len(name) >= LAYOUT_PATH)
        return false;
    p->path[n++] = '\\';
    u16_copy(p->path + n, LAYOUT_PATH - n, name);
    return true;
}

static u32 copy_tree(struct layout_path *from, struct layout_path *to, u32 depth);

static u32 copy_keys(struct reg_key *key, struct layout_path *from, struct layout_path *to,
                     u32 depth)
{
    size_t n = u16_len(from->path), m = u16_len(to->path);
    char16_t name[REG_NAME_MAX];
    u32 err;

    for (u32 i = 0; !(err = reg_key_at(key, i, name)); i++) {
        err = go_down(from, name) && go_down(to, name) ? copy_tree(from, to, depth + 1)
                                                       : ERROR_FUNCTION_FAILED;
        from->path[n] = to->path[m] = 0;
        if (err)
            return err;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 copy_tree(struct layout_path *from, struct layout_path *to, u32 depth)
{
    struct reg_key *a, *b;
    u32 err = depth > DEPTH_MAX ? ERROR_FUNCTION_FAILED : layout_open(from, &a);

    if (err)
        return err;
    err = reg_make(to->root, to->path, &b);
    if (!err) {
        err = copy_values(a, b);
        reg_close(b);
    }
    if (!err)
        err = copy_keys(a, from, to, depth);
    reg_close(a);
    return err;
}

/* --- users --------------------------------------------------------------------------------------
 */

static u32 rename_room(size_t room, const char16_t *from, const char16_t *to)
{
    struct layout_path a, b;
    bool there;
    u32 err;

    room_path(&a, room, from);
    room_path(&b, room, to);
    if (!layout_has(&a))
        return ERROR_SUCCESS;
    there = layout_has(&b);
    err = copy_tree(&a, &b, 0);
    if (!err)
        return reg_remove(a.root, a.path);
    /* what the new one had before is his own */
    if (!there)
        reg_remove(b.root, b.path);
    return err;
}

u32 userdata_rename(const char16_t *from, const char16_t *to)
{
    u32 err = ERROR_SUCCESS;

    if (u16_equal_fold(from, to))
        return ERROR_SUCCESS;
    for (size_t i = 0; !err && i < ARRAY_LEN(rooms); i++)
        err = rename_room(i, from, to);
    return err;
}

u32 userdata_delete(const char16_t *sid)
{
    struct layout_path p;
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(rooms); i++) {
        room_path(&p, i, sid);
        if (layout_has(&p))
            err = reg_remove(p.root, p.path);
    }
    return err;
}
