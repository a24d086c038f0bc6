#include "fresh.h"

#include "home.h"
#include "os.h"
#include "sdmake.h"
#include "secdesc.h"
#include "user.h"
#include "utf16.h"
#include "value.h"

#include <string.h>

#define REG_DWORD 4u
#define REG_LINK  6u

/* A key to be there: path from the root; a link's target, terminated. */
struct seed {
    const char16_t *path, *target;
    bool is_volatile;
};

static const struct seed software_seeds[] = {
    {u"Classes", NULL, false},
    {u"Classes\\Wow6432Node", NULL, false},
    {u"Classes\\AppID", NULL, false},
    {u"Classes\\PROTOCOLS", NULL, false},
    {u"Classes\\TypeLib", NULL, false},
    {u"Classes\\Wow6432Node\\AppID", u"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\AppID", false},
    {u"Classes\\Wow6432Node\\PROTOCOLS", u"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\PROTOCOLS",
     false},
    {u"Classes\\Wow6432Node\\TypeLib", u"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\TypeLib", false},
    {u"Wow6432Node", NULL, false},
    {u"Wow6432Node\\Classes", u"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\Wow6432Node", false},
};

static const struct seed system_seeds[] = {
    {u"ControlSet001", NULL, false},
    {u"ControlSet001\\Control", NULL, false},
    {u"ControlSet001\\Services", NULL, false},
    {u"ControlSet001\\Hardware Profiles", NULL, false},
    {u"ControlSet001\\Hardware Profiles\\0001", NULL, false},
    {u"ControlSet001\\Hardware Profiles\\0001\\Software", NULL, false},
    {u"ControlSet001\\Hardware Profiles\\0001\\System", NULL, false},
    {u"ControlSet001\\Hardware Profiles\\Current",
     u"\\REGISTRY\\MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\0001", false},
    {u"Select", NULL, false},
};

static const struct seed user_seeds[] = {{u"Environment", NULL, false}, {u"Software", NULL, false}};

/* Makes the last key of the path where it is missing; the one above it has to be there. */
static u32 plant(struct hview *v, u32 root, const struct seed *s, u32 *key)
{
    const char16_t *name = s->path;
    *key = root;
    for (;;) {
        u32 len = 0, err, child;
        while (name[len] && name[len] != u'\\')
            len++;
        struct key_new what = {.name = name, .name_len = len};
        what.is_link = s->target && !name[len];
        what.is_volatile = s->is_volatile && !name[len];
        err = key_find(v, *key, name, len, &child);
        if (err == ERROR_FILE_NOT_FOUND)
            err = key_create(v, *key, &what, &child);
        if (err)
            return err;
        *key = child;
        if (!name[len])
            return ERROR_SUCCESS;
        name += len + 1;
    }
}

static u32 plant_all(struct hview *v, u32 root, const struct seed *seeds, u32 n)
{
    u32 err = ERROR_SUCCESS, key;
    for (u32 i = 0; i < n && !err; i++) {
        err = plant(v, root, &seeds[i], &key);
        if (!err && seeds[i].target)
            err = val_set(v, key, u"SymbolicLinkValue", 17, REG_LINK, seeds[i].target,
                          (u32)u16_len(seeds[i].target) * 2);
    }
    return err;
}

static u32 plant_select(struct hview *v, u32 root)
{
    static const char16_t *const names[] = {u"Current", u"Default", u"Failed", u"LastKnownGood"};
    static const u8 data[2][4] = {{1}, {0}};
    u32 key, err = key_find(v, root, u"Select", 6, &key);
    for (u32 i = 0; i < ARRAY_LEN(names) && !err; i++)
        err = val_set(v, key, names[i], (u32)u16_len(names[i]), REG_DWORD, data[i == 2], 4);
    return err;
}

static bool is_hive(const struct mount *m, const char16_t *name)
{
    return m->flags & MOUNT_FIXED && m->top == SPACE_MACHINE && u16_equal_fold(m->name, name);
}

/* --- default security ---------------------------------------------------------------------------
 */

enum { FULL = 0xf003f, READ = 0x20019, INHERITED = 2 /* CONTAINER_INHERIT_ACE */ };

static const struct sdmake_ace software_aces[] = {
    {SDMAKE_ADMINS, FULL, INHERITED},
    {SDMAKE_SYSTEM, FULL, INHERITED},
    {SDMAKE_CREATOR, FULL, INHERITED | 8 /* INHERIT_ONLY_ACE */},
    {SDMAKE_USERS, READ, INHERITED},
};
static const struct sdmake_ace user_aces[] = {
    {SDMAKE_SELF, FULL, INHERITED},
    {SDMAKE_SYSTEM, FULL, INHERITED},
    {SDMAKE_ADMINS, FULL, INHERITED},
    {SDMAKE_RESTRICTED, READ, INHERITED},
};
static const struct sdmake_ace closed_aces[] = {
    {SDMAKE_SYSTEM, FULL, INHERITED},
    {SDMAKE_ADMINS, FULL, INHERITED},
};
static const struct sdmake_ace top_aces[] = {
    {SDMAKE_EVERYONE, READ, 0},
    {SDMAKE_SYSTEM, FULL, 0},
    {SDMAKE_ADMINS, FULL, 0},
    {SDMAKE_RESTRICTED, READ, 0},
};

static u32 default_security(const struct mount *m, u8 *buf)
{
    if (m == space_user() || m == space_user_classes() || m->top == SPACE_NONE)
        return sdmake(user_aces, ARRAY_LEN(user_aces), buf);
    if (is_hive(m, u"SAM") || is_hive(m, u"SECURITY"))
        return sdmake(closed_aces, ARRAY_LEN(closed_aces), buf);
    return sdmake(software_aces, ARRAY_LEN(software_aces), buf);
}

const void *fresh_top_security(u32 *size)
{
    static u8 sd[SDMAKE_MAX];
    static u32 made;
    static struct os_mutex lock;
    os_mutex_lock(&lock);
    if (!made)
        made = sdmake(top_aces, ARRAY_LEN(top_aces), sd);
    *size = made;
    os_mutex_unlock(&lock);
    return sd;
}

/* --- putting it in
 * -------------------------------------------------------------------------------- */

static u32 fill(const struct mount *m, struct hview *v)
{
    u8 sd[SDMAKE_MAX];
    struct key_ref root;
    struct key_info info;
    u32 err = key_root(v, &root);
    if (!err)
        err = key_query(v, root.cell, &info);
    /* Another process may have been first. */
    if (err || info.subkeys || info.values)
        return err;
    u32 n = default_security(m, sd);
    err = n ? key_set_security(v, root.cell, sd, n) : ERROR_SUCCESS;
    if (!err && is_hive(m, u"SOFTWARE"))
        err = plant_all(v, root.cell, software_seeds, ARRAY_LEN(software_seeds));
    if (!err && is_hive(m, u"SYSTEM"))
        err = plant_all(v, root.cell, system_seeds, ARRAY_LEN(system_seeds));
    if (!err && is_hive(m, u"SYSTEM"))
        err = plant_select(v, root.cell);
    if (!err && m == space_user())
        err = plant_all(v, root.cell, user_seeds, ARRAY_LEN(user_seeds));
    return err;
}

/* \...\ControlSet00n for what Select\Current says. */
static void current_set(struct hview *v, u32 root, char16_t *target, size_t cap)
{
    struct val_info info;
    u8 n[4] = {1, 0, 0, 0};
    u32 key;
    size_t at = u16_copy(target, cap, u"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001");
    if (!key_find(v, root, u"Select", 6, &key) && !val_find(v, key, u"Current", 7, &info) &&
        info.size == 4 && val_data(v, &info, 0, n, 4))
        return;
    if (n[0] >= 1 && n[0] <= 9)
        target[at - 1] = (char16_t)(u'0' + n[0]);
}

/* The link every opening has to find; false where this mount has none, or it is there. */
static bool needed_link(const struct mount *m, struct hview *v, struct seed *s, char16_t *target,
                        size_t cap)
{
    struct key_ref root;
    u32 key, parent;
    if (key_root(v, &root))
        return false;
    s->is_volatile = true;
    s->target = target;
    if (is_hive(m, u"SYSTEM")) {
        s->path = u"CurrentControlSet";
        current_set(v, root.cell, target, cap);
        return key_find(v, root.cell, s->path, 17, &key) == ERROR_FILE_NOT_FOUND;
    }
    if (m != space_user())
        return false;
    s->path = u"Software\\Classes";
    size_t at = u16_copy(target, cap, u"\\REGISTRY\\USER\\");
    at += u16_copy(target + at, cap - at, user_name());
    u16_copy(target + at, cap - at, u"_Classes");
    return !key_find(v, root.cell, u"Software", 8, &parent) &&
           key_find(v, parent, u"Classes", 7, &key) == ERROR_FILE_NOT_FOUND;
}

static u32 put_in(struct mount *m, struct hive *h, bool is_new)
{
    struct hive_write w;
    struct key_ref root;
    struct seed link;
    char16_t target[300];
    u32 err = hive_write_begin(h, HIVE_WAIT, &w);
    if (err)
        return err;
    if (is_new)
        err = fill(m, &w.view);
    if (!err)
        err = key_root(&w.view, &root);
    if (!err && needed_link(m, &w.view, &link, target, ARRAY_LEN(target)))
        err = plant_all(&w.view, root.cell, &link, 1);
    if (!err)
        return hive_write_commit(h, &w);
    hive_write_abort(h, &w);
    return err;
}

u32 fresh_hive(struct mount *m, struct hive *h, bool is_new)
{
    struct hive_read r = {.tries = 0};
    struct seed link;
    char16_t target[300];
    bool needed;
    u32 err;
    if (!is_new) {
        do {
            err = hive_read_begin(h, &r);
            if (err)
                return err;
            needed = needed_link(m, &r.view, &link, target, ARRAY_LEN(target));
        } while (!hive_read_end(h, &r));
        if (!needed)
            return ERROR_SUCCESS;
    }
    err = put_in(m, h, is_new);
    /* A hive that nobody may write, or that found no room for its image, is served as it is. */
    struct hive_info info;
    hive_info(h, &info);
    return err && (info.read_only || err == ERROR_ACCESS_DENIED) ? ERROR_SUCCESS : err;
}
