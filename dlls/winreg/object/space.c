/*
 * Invariants
 *   (1) mounts[0..mount_count) are in the order in which they came; a mount leaves with the door of
 *       the server's life closed, so who runs inside may keep pointers.
 *   (2) A mount's hive goes from NULL to open once, under a lock of opening, and back with the door
 * closed.
 */
#include "space.h"

#include "fresh.h"
#include "home.h"
#include "os.h"
#include "trace.h"
#include "place.h"
#include "user.h"
#include "utf16.h"

#define MOUNTS_MAX 512u

static struct mount *mounts[MOUNTS_MAX];
static u32 mount_count;
static struct os_mutex mounts_lock;   /* of adding and removing */
static struct os_mutex open_locks[8]; /* of opening hives, by mount */
static struct mount *user_mount, *user_classes_mount;

const char16_t *space_key_name(enum space_key key)
{
    return key == SPACE_MACHINE ? u"MACHINE" : key == SPACE_USER ? u"USER" : u"";
}

static u32 count_now(void)
{
    return __atomic_load_n(&mount_count, __ATOMIC_ACQUIRE);
}

struct mount *space_find(enum space_key top, const char16_t *name, u32 len)
{
    u32 n = count_now();
    for (u32 i = 0; i < n; i++) {
        struct mount *m = mounts[i];
        if (m->top == top && m->name_len == len && !u16_compare_fold(m->name, len, name, len))
            return m;
    }
    /* The system's own account is the default user. */
    return top == SPACE_USER && len == 8 && !u16_compare_fold(name, len, u"S-1-5-18", 8)
               ? space_find(top, u".DEFAULT", 8)
               : NULL;
}

/* The smallest name above `after` (NULL: of all). */
static struct mount *next_name(enum space_key top, const struct mount *after)
{
    struct mount *best = NULL;
    u32 n = count_now();
    for (u32 i = 0; i < n; i++) {
        struct mount *m = mounts[i];
        if (m->top != top ||
            (after && u16_compare_fold(m->name, m->name_len, after->name, after->name_len) <= 0))
            continue;
        if (!best || u16_compare_fold(m->name, m->name_len, best->name, best->name_len) < 0)
            best = m;
    }
    return best;
}

struct mount *space_at(enum space_key top, u32 index)
{
    struct mount *m = next_name(top, NULL);
    while (m && index--)
        m = next_name(top, m);
    return m;
}

struct mount *space_user(void)
{
    return user_mount;
}

struct mount *space_user_classes(void)
{
    return user_classes_mount;
}

static u32 open_hive(struct mount *m)
{
    struct hive *h;
    u32 flags = m->flags & MOUNT_MEMORY ? HIVE_MEMORY : 0;
    if (!(m->flags & (MOUNT_MEMORY | MOUNT_MUST_EXIST)))
        flags |= HIVE_CREATE;
    if (m->flags & MOUNT_READ_ONLY)
        flags |= HIVE_READ_ONLY;
    if (m->flags & MOUNT_PRIVATE)
        flags |= HIVE_PRIVATE;
    bool is_new = !m->path || !os_exists(m->path);
    u32 err = hive_open(m->path, flags, &h);
    if (err) {
        TRACE(TRACE_WINREG, "the hive %s cannot be opened: %u",
              m->path ? trace_text(m->path, -1) : "in memory", (unsigned)err);
        return err;
    }
    err = fresh_hive(m, h, is_new);
    if (err)
        hive_close(h);
    else
        __atomic_store_n(&m->hive, h, __ATOMIC_RELEASE);
    return err;
}

u32 space_hive(struct mount *m, struct hive **hive)
{
    u32 err = ERROR_SUCCESS;
    *hive = __atomic_load_n(&m->hive, __ATOMIC_ACQUIRE);
    if (*hive)
        return ERROR_SUCCESS;
    struct os_mutex *lock = &open_locks[(uintptr_t)m / 64 % ARRAY_LEN(open_locks)];
    os_mutex_lock(lock);
    if (!m->hive)
        err = open_hive(m);
    *hive = m->hive;
    os_mutex_unlock(lock);
    return err;
}

static void free_mount(struct mount *m)
{
    hive_close(m->hive);
    os_free(m->path);
    os_free(m);
}

static u32 make_mount(enum space_key top, const char16_t *name, u32 len, const char16_t *path,
                      u32 flags, struct mount **out)
{
    struct mount *m = os_calloc(1, sizeof *m);
    if (!m)
        return ERROR_OUTOFMEMORY;
    m->top = top;
    m->flags = flags;
    m->name_len = len;
    for (u32 i = 0; i < len; i++)
        m->name[i] = name[i];
    if (path) {
        m->path = u16_dup(path, u16_len(path));
        if (!m->path) {
            os_free(m);
            return ERROR_OUTOFMEMORY;
        }
    }
    *out = m;
    return ERROR_SUCCESS;
}

/* Under mounts_lock. */
static u32 list_mount(struct mount *m)
{
    if (!(m->flags & MOUNT_APP) && space_find(m->top, m->name, m->name_len))
        return ERROR_ALREADY_EXISTS;
    if (mount_count == MOUNTS_MAX)
        return ERROR_NO_SYSTEM_RESOURCES;
    mounts[mount_count] = m;
    __atomic_store_n(&mount_count, mount_count + 1, __ATOMIC_RELEASE);
    return ERROR_SUCCESS;
}

/* One file is one hive, at one place. */
static bool file_is_mounted(const char16_t *path)
{
    u32 n = count_now();
    for (u32 i = 0; i < n; i++)
        if (mounts[i]->path && u16_equal_fold(mounts[i]->path, path))
            return true;
    return false;
}

u32 space_add(enum space_key top, const char16_t *name, u32 len, const char16_t *path, u32 flags,
              struct mount **out)
{
    struct mount *m;
    struct hive *h;
    if (len > KEY_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    u32 err = make_mount(top, name, len, path, flags, &m);
    if (err)
        return err;
    if (!(flags & MOUNT_APP) && space_find(top, name, len))
        err = ERROR_ALREADY_EXISTS;
    else if (path && file_is_mounted(path))
        err = ERROR_SHARING_VIOLATION;
    if (!err)
        err = space_hive(m, &h);
    if (!err) {
        os_mutex_lock(&mounts_lock);
        err = list_mount(m);
        os_mutex_unlock(&mounts_lock);
    }
    if (err)
        free_mount(m);
    else
        *out = m;
    return err;
}

void space_remove(struct mount *m)
{
    os_mutex_lock(&mounts_lock);
    u32 i = 0;
    while (i < mount_count && mounts[i] != m)
        i++;
    if (i < mount_count) {
        for (; i + 1 < mount_count; i++)
            mounts[i] = mounts[i + 1];
        __atomic_store_n(&mount_count, mount_count - 1, __ATOMIC_RELEASE);
    }
    os_mutex_unlock(&mounts_lock);
    free_mount(m);
}

void space_each_open(void (*visit)(void *ctx, struct mount *m), void *ctx)
{
    u32 n = count_now();
    for (u32 i = 0; i < n; i++)
        if (__atomic_load_n(&mounts[i]->hive, __ATOMIC_ACQUIRE))
            visit(ctx, mounts[i]);
}

/* --- the server's own hives ---------------------------------------------------------------------
 */

static u32 add_fixed(const char16_t *folder, enum space_key top, const char16_t *name,
                     const char16_t *suffix, const char16_t *file, struct mount **out)
{
    char16_t full[KEY_NAME_MAX + 1], path[HOME_MAX + 32];
    size_t n = u16_copy(full, ARRAY_LEN(full), name);
    n += u16_copy(full + n, ARRAY_LEN(full) - n, suffix);
    size_t at = u16_copy(path, HOME_MAX, folder);
    if (at && path[at - 1] != home_separator && path[at - 1] != u'/')
        path[at++] = home_separator;
    u16_copy(path + at, ARRAY_LEN(path) - at, file ? file : u"");
    u32 err = make_mount(top, full, (u32)n, file ? path : NULL,
                         MOUNT_FIXED | (file ? 0 : MOUNT_MEMORY), out);
    if (!err) {
        err = list_mount(*out);
        if (err)
            free_mount(*out);
    }
    return err;
}

static u32 add_all(const char16_t *folder)
{
    static const struct {
        enum space_key top;
        const char16_t *name, *file;
        u32 place;
    } fixed[] = {
        {SPACE_MACHINE, u"SYSTEM", u"SYSTEM", PLACE_NONE},
        {SPACE_MACHINE, u"SOFTWARE", u"SOFTWARE", PLACE_SOFTWARE},
        {SPACE_MACHINE, u"SAM", u"SAM", PLACE_NONE},
        {SPACE_MACHINE, u"SECURITY", u"SECURITY", PLACE_NONE},
        {SPACE_MACHINE, u"HARDWARE", NULL, PLACE_NONE},
        {SPACE_USER, u".DEFAULT", u"DEFAULT", PLACE_NONE},
    };
    struct mount *m;
    u32 err = ERROR_SUCCESS;
    for (u32 i = 0; i < ARRAY_LEN(fixed) && !err; i++) {
        err = add_fixed(folder, fixed[i].top, fixed[i].name, u"", fixed[i].file, &m);
        if (!err)
            m->place = fixed[i].place;
    }
    if (!err)
        err = add_fixed(folder, SPACE_USER, user_name(), u"", u"NTUSER.DAT", &user_mount);
    if (!err)
        err = add_fixed(folder, SPACE_USER, user_name(), u"_Classes", u"UsrClass.dat",
                        &user_classes_mount);
    if (!err)
        user_classes_mount->place = PLACE_USER_CLASSES;
    return err;
}

/* Makes the folder, and those it is in. */
static u32 make_folders(const char16_t *folder)
{
    char16_t part[HOME_MAX];
    u32 err = os_exists(folder) ? ERROR_ALREADY_EXISTS : os_make_folder(folder);
    if (err == ERROR_PATH_NOT_FOUND || err == ERROR_FILE_NOT_FOUND) {
        for (u32 i = 0; folder[i] && i + 1 < HOME_MAX; i++) {
            part[i] = folder[i];
            part[i + 1] = 0;
            if (i && (folder[i + 1] == u'\\' || folder[i + 1] == u'/') && !os_exists(part))
                os_make_folder(part);
        }
        err = os_make_folder(folder);
    }
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

u32 space_start(const char16_t *folder)
{
    if (u16_len(folder) >= HOME_MAX)
        return ERROR_FILENAME_EXCED_RANGE;
    u32 err = make_folders(folder);
    place_start();
    if (!err)
        err = add_all(folder);
    if (err)
        space_stop();
    return err;
}

u32 space_stop(void)
{
    u32 first = ERROR_SUCCESS;
    for (u32 i = 0; i < mount_count; i++) {
        u32 err = mounts[i]->hive && mounts[i]->path ? hive_flush(mounts[i]->hive) : 0;
        if (!first && err != ERROR_ACCESS_DENIED)
            first = err;
        free_mount(mounts[i]);
    }
    __atomic_store_n(&mount_count, 0, __ATOMIC_RELEASE);
    user_mount = user_classes_mount = NULL;
    return first;
}
