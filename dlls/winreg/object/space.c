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
#include "loaded.h"
#include "os.h"
#include "place.h"
#include "space_loaded.h"
#include "trace.h"
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

static bool is_gone(const struct mount *m)
{
    return __atomic_load_n(&m->gone, __ATOMIC_ACQUIRE) != 0;
}

struct mount *space_find_known(enum space_key top, const char16_t *name, u32 len)
{
    u32 n = count_now();
    for (u32 i = 0; i < n; i++) {
        struct mount *m = mounts[i];
        if (m->top == top && m->name_len == len && !is_gone(m) &&
            !u16_compare_fold(m->name, len, name, len))
            return m;
    }
    /* The system's own account is the default user. */
    return top == SPACE_USER && len == 8 && !u16_compare_fold(name, len, u"S-1-5-18", 8)
               ? space_find_known(top, u".DEFAULT", 8)
               : NULL;
}

/* The server's own hives are always known, and nothing is loaded over them. */
struct mount *space_find(enum space_key top, const char16_t *name, u32 len)
{
    struct mount *m = space_find_known(top, name, len);
    if (m && !(m->flags & MOUNT_LOADED))
        return m;
    space_sync();
    return space_find_known(top, name, len);
}

/* The smallest name above `after` (NULL: of all). */
static struct mount *next_name(enum space_key top, const struct mount *after)
{
    struct mount *best = NULL;
    u32 n = count_now();
    for (u32 i = 0; i < n; i++) {
        struct mount *m = mounts[i];
        if (m->top != top || is_gone(m) ||
            (after && u16_compare_fold(m->name, m->name_len, after->name, after->name_len) <= 0))
            continue;
        if (!best || u16_compare_fold(m->name, m->name_len, best->name, best->name_len) < 0)
            best = m;
    }
    return best;
}

struct mount *space_at(enum space_key top, u32 index)
{
    space_sync();
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

static u32 hive_flags_of(const struct mount *m)
{
    u32 flags = m->flags & MOUNT_MEMORY ? HIVE_MEMORY : 0;
    if (!(m->flags & (MOUNT_MEMORY | MOUNT_MUST_EXIST)))
        flags |= HIVE_CREATE;
    if (m->flags & MOUNT_READ_ONLY)
        flags |= HIVE_READ_ONLY;
    if (m->flags & MOUNT_PRIVATE)
        flags |= HIVE_PRIVATE;
    if (m->flags & MOUNT_FRESH)
        flags |= HIVE_FRESH;
    return flags;
}

static u32 open_hive(struct mount *m)
{
    struct hive *h;
    bool is_new = !m->path || m->flags & MOUNT_FRESH || !os_exists(m->path);
    u32 err = hive_open(m->path, hive_flags_of(m), &h);
    /* What nobody keeps needs no folder that can be written. */
    if (m->flags & MOUNT_FRESH && (err == ERROR_ACCESS_DENIED || err == ERROR_WRITE_PROTECT ||
                                   err == ERROR_DISK_FULL || err == ERROR_HANDLE_DISK_FULL))
        err = hive_open(NULL, HIVE_MEMORY, &h);
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
    os_mutex_done(&m->lock);
    os_free(m->path);
    os_free(m);
}

static u32 make_mount(const struct space_new *what, struct mount **out)
{
    struct mount *m;
    if (what->name_len > KEY_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    m = os_calloc(1, sizeof *m);
    if (!m)
        return ERROR_OUTOFMEMORY;
    m->top = what->top;
    m->flags = what->flags;
    m->slot = what->slot;
    m->id = what->id;
    m->name_len = what->name_len;
    for (u32 i = 0; i < what->name_len; i++)
        m->name[i] = what->name[i];
    if (what->path) {
        m->path = u16_dup(what->path, u16_len(what->path));
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
    if (!(m->flags & MOUNT_APP) && space_find_known(m->top, m->name, m->name_len))
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
        if (mounts[i]->path && !is_gone(mounts[i]) && u16_equal_fold(mounts[i]->path, path))
            return true;
    return false;
}

static u32 add(const struct space_new *what, struct mount *m)
{
    struct hive *h;
    if (!(what->flags & MOUNT_APP) && space_find_known(what->top, what->name, what->name_len))
        return ERROR_ALREADY_EXISTS;
    if (what->path && file_is_mounted(what->path))
        return ERROR_SHARING_VIOLATION;
    return space_hive(m, &h);
}

static u32 list_or_free(struct mount *m, u32 err)
{
    if (!err) {
        os_mutex_lock(&mounts_lock);
        err = list_mount(m);
        os_mutex_unlock(&mounts_lock);
    }
    if (err)
        free_mount(m);
    return err;
}

u32 space_add(const struct space_new *what, struct mount **out)
{
    struct mount *m;
    u32 err = make_mount(what, &m);
    if (!err)
        err = list_or_free(m, add(what, m));
    if (!err)
        *out = m;
    return err;
}

u32 space_add_late(const struct space_new *what)
{
    struct mount *m;
    u32 err = make_mount(what, &m);
    return err ? err : list_or_free(m, ERROR_SUCCESS);
}

static void (*remove_told)(const struct mount *m);

void space_on_remove(void (*told)(const struct mount *m))
{
    __atomic_store_n(&remove_told, told, __ATOMIC_RELEASE);
}

void space_remove(struct mount *m)
{
    void (*told)(const struct mount *) = __atomic_load_n(&remove_told, __ATOMIC_ACQUIRE);
    if (told)
        told(m);
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

void space_each(void (*visit)(void *ctx, struct mount *m), void *ctx)
{
    u32 n = count_now();
    for (u32 i = 0; i < n; i++)
        visit(ctx, mounts[i]);
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

static u32 add_fixed(const char16_t *folder, struct space_new what, const char16_t *suffix,
                     struct mount **out)
{
    char16_t full[KEY_NAME_MAX + 1], path[HOME_MAX + 32];
    size_t n = u16_copy(full, ARRAY_LEN(full), what.name);
    n += u16_copy(full + n, ARRAY_LEN(full) - n, suffix);
    size_t at = u16_copy(path, HOME_MAX, folder);
    if (at && path[at - 1] != home_separator && path[at - 1] != u'/')
        path[at++] = home_separator;
    u16_copy(path + at, ARRAY_LEN(path) - at, what.path);
    what.name = full;
    what.name_len = (u32)n;
    what.path = path;
    what.flags |= MOUNT_FIXED;
    u32 err = make_mount(&what, out);
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
        u32 place, flags;
    } fixed[] = {
        {SPACE_MACHINE, u"SYSTEM", u"SYSTEM", PLACE_NONE, 0},
        {SPACE_MACHINE, u"SOFTWARE", u"SOFTWARE", PLACE_SOFTWARE, 0},
        {SPACE_MACHINE, u"SAM", u"SAM", PLACE_NONE, 0},
        {SPACE_MACHINE, u"SECURITY", u"SECURITY", PLACE_NONE, 0},
        {SPACE_MACHINE, u"HARDWARE", u"HARDWARE", PLACE_NONE, MOUNT_FRESH},
        {SPACE_USER, u".DEFAULT", u"DEFAULT", PLACE_NONE, 0},
    };
    struct space_new user = {.top = SPACE_USER, .name = user_name()};
    struct mount *m;
    u32 err = ERROR_SUCCESS;
    for (u32 i = 0; i < ARRAY_LEN(fixed) && !err; i++) {
        struct space_new what = {
            fixed[i].top, fixed[i].name, 0, fixed[i].file, fixed[i].flags, 0, 0};
        err = add_fixed(folder, what, u"", &m);
        if (!err)
            m->place = fixed[i].place;
    }
    user.path = u"NTUSER.DAT";
    if (!err)
        err = add_fixed(folder, user, u"", &user_mount);
    user.path = u"UsrClass.dat";
    if (!err)
        err = add_fixed(folder, user, u"_Classes", &user_classes_mount);
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
        err = loaded_start(folder);
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
    space_forget();
    loaded_stop();
    user_mount = user_classes_mount = NULL;
    return first;
}
