/*
 * Invariants
 *   (1) seen[slot] is the id of the entry that the mounts show; it changes under sync_lock.
 *   (2) A mount with users > 0 has its entry's lock, shared: its entry stays.
 *   (3) The list's lock is taken before sync_lock, and the door is closed with the former taken.
 */
#include "space_loaded.h"

#include "loaded.h"
#include "trace.h"
#include "utf16.h"

#include <string.h>

#define LIST_WAIT 10000u /* ms for another process that loads or unloads */
#define HOLD_WAIT 2000u  /* ms for another process that unloads this hive */

static u32 seen[LOADED_MAX];
static struct os_mutex sync_lock;
static u32 gone_count;
static bool list_is_locked; /* by whoever unloads; it changes with the list's lock */

/* --- from the list to the mounts
 * ------------------------------------------------------------------------ */

static void leave_if(void *ctx, struct mount *m)
{
    const struct loaded *e = ctx;
    if (!(m->flags & MOUNT_LOADED) || m->slot != e->slot || m->id != e->id || m->gone)
        return;
    __atomic_store_n(&m->gone, 1, __ATOMIC_RELEASE);
    __atomic_fetch_add(&gone_count, 1, __ATOMIC_RELEASE);
}

static void leave_entry(u32 slot, u32 id)
{
    struct loaded e = {.slot = slot, .id = id};
    space_each(leave_if, &e);
}

static void mount_entry(u32 slot)
{
    struct loaded e;
    char16_t path[LOADED_PATH_MAX];
    if (!loaded_read(slot, &e) || (e.top != SPACE_MACHINE && e.top != SPACE_USER))
        return;
    if (!os_path_local(e.path, path, LOADED_PATH_MAX)) {
        TRACE(TRACE_WINREG, "the loaded hive %s cannot be reached", trace_text(e.path, -1));
        return;
    }
    struct space_new what = {(enum space_key)e.top,           e.name, e.name_len, path,
                             MOUNT_LOADED | MOUNT_MUST_EXIST, slot,   e.id};
    u32 err = space_add_late(&what);
    TRACE(TRACE_WINREG, "loaded by another process: %s: %u", trace_text(path, -1), err);
}

static void sync_slot(u32 slot)
{
    u32 id = loaded_id(slot);
    if (id == seen[slot])
        return;
    if (seen[slot])
        leave_entry(slot, seen[slot]);
    if (id)
        mount_entry(slot);
    __atomic_store_n(&seen[slot], id, __ATOMIC_RELAXED);
}

static bool changed(void)
{
    for (u32 i = 0; i < LOADED_MAX; i++)
        if (loaded_id(i) != __atomic_load_n(&seen[i], __ATOMIC_RELAXED))
            return true;
    return false;
}

void space_sync(void)
{
    if (!loaded_open() || !changed())
        return;
    os_mutex_lock(&sync_lock);
    for (u32 i = 0; i < LOADED_MAX; i++)
        sync_slot(i);
    os_mutex_unlock(&sync_lock);
}

void space_forget(void)
{
    memset(seen, 0, sizeof seen);
    __atomic_store_n(&gone_count, 0, __ATOMIC_RELAXED);
}

/* --- loading
 * --------------------------------------------------------------------------------------------- */

/* An entry whose file is gone is no hive any more. */
static void drop_lost(struct mount *m)
{
    if (!m || !(m->flags & MOUNT_LOADED) || m->hive || os_exists(m->path))
        return;
    loaded_remove(m->slot);
    space_sync();
}

/* To the list and to the mounts, as one for the other threads of this process. */
static u32 add_both(struct loaded *e, struct space_new *what)
{
    struct mount *m;
    u32 err;
    os_mutex_lock(&sync_lock);
    err = loaded_add(e);
    if (!err) {
        what->slot = e->slot;
        what->id = e->id;
        err = space_add(what, &m);
        if (err)
            loaded_remove(e->slot);
        else
            __atomic_store_n(&seen[e->slot], e->id, __ATOMIC_RELAXED);
    }
    os_mutex_unlock(&sync_lock);
    return err;
}

static u32 load_listed(struct space_new *what)
{
    struct loaded e = {.top = what->top, .name_len = what->name_len};
    struct hive *h;
    space_sync();
    drop_lost(space_find_known(what->top, what->name, what->name_len));
    if (space_find_known(what->top, what->name, what->name_len))
        return ERROR_ALREADY_EXISTS;
    memcpy(e.name, what->name, what->name_len * 2);
    /* What is no hive is found out before anybody hears of it. */
    u32 err = hive_open(what->path, HIVE_CREATE, &h);
    if (err)
        return err;
    if (!os_path_shared(what->path, e.path, LOADED_PATH_MAX))
        err = ERROR_FILENAME_EXCED_RANGE;
    if (!err)
        err = add_both(&e, what);
    hive_close(h);
    return err;
}

static bool is_refusal(u32 err)
{
    return err == ERROR_ACCESS_DENIED || err == ERROR_WRITE_PROTECT;
}

u32 space_load(enum space_key top, const char16_t *name, u32 len, const char16_t *path)
{
    struct space_new what = {top, name, len, path, 0, 0, 0};
    struct mount *m;
    if (len > KEY_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    u32 err = loaded_lock(LIST_WAIT);
    if (is_refusal(err))
        return space_add(&what, &m);
    if (err)
        return err;
    what.flags = MOUNT_LOADED;
    err = load_listed(&what);
    loaded_unlock();
    return err;
}

/* --- unloading
 * ------------------------------------------------------------------------------------------- */

u32 space_unload_begin(void)
{
    u32 err = loaded_lock(LIST_WAIT);
    if (!err)
        list_is_locked = true;
    return is_refusal(err) ? ERROR_SUCCESS : err;
}

void space_unload_end(void)
{
    if (!list_is_locked)
        return;
    list_is_locked = false;
    loaded_unlock();
}

/* A hive that cannot be opened has nothing to be flushed. */
static u32 flush(struct mount *m)
{
    struct hive *h;
    struct hive_info info;
    if (space_hive(m, &h))
        return ERROR_SUCCESS;
    hive_info(h, &info);
    return info.read_only ? ERROR_SUCCESS : hive_flush(h);
}

u32 space_unload(struct mount *m)
{
    u32 err;
    if (!(m->flags & MOUNT_LOADED)) {
        space_remove(m);
        return ERROR_SUCCESS;
    }
    if (!list_is_locked || loaded_claim(m->slot))
        return ERROR_ACCESS_DENIED;
    u32 slot = m->slot;
    err = flush(m);
    if (!err) {
        os_mutex_lock(&sync_lock);
        loaded_remove(slot);
        __atomic_store_n(&seen[slot], 0, __ATOMIC_RELAXED);
        os_mutex_unlock(&sync_lock);
        space_remove(m);
    }
    loaded_release(slot);
    return err;
}

/* --- open keys
 * ------------------------------------------------------------------------------------------- */

static u32 hold_first(struct mount *m)
{
    u32 err = loaded_hold(m->slot, HOLD_WAIT);
    if (err)
        return err;
    if (loaded_id(m->slot) == m->id)
        return ERROR_SUCCESS;
    loaded_release(m->slot);
    return ERROR_FILE_NOT_FOUND;
}

u32 space_hold(struct mount *m)
{
    u32 err = ERROR_SUCCESS;
    if (!m || !(m->flags & (MOUNT_APP | MOUNT_LOADED)))
        return ERROR_SUCCESS;
    if (m->flags & MOUNT_APP) {
        __atomic_fetch_add(&m->users, 1, __ATOMIC_ACQ_REL);
        return ERROR_SUCCESS;
    }
    os_mutex_lock(&m->lock);
    if (!m->users)
        err = hold_first(m);
    if (!err)
        __atomic_fetch_add(&m->users, 1, __ATOMIC_ACQ_REL);
    os_mutex_unlock(&m->lock);
    return err;
}

void space_release(struct mount *m)
{
    if (!m || !(m->flags & (MOUNT_APP | MOUNT_LOADED)))
        return;
    if (m->flags & MOUNT_APP) {
        __atomic_sub_fetch(&m->users, 1, __ATOMIC_ACQ_REL);
        return;
    }
    os_mutex_lock(&m->lock);
    if (!__atomic_sub_fetch(&m->users, 1, __ATOMIC_ACQ_REL))
        loaded_release(m->slot);
    os_mutex_unlock(&m->lock);
}

/* --- letting go
 * ------------------------------------------------------------------------------------------ */

static void find_gone(void *ctx, struct mount *m)
{
    if (m->gone && !m->users)
        *(struct mount **)ctx = m;
}

bool space_reap_due(void)
{
    return __atomic_load_n(&gone_count, __ATOMIC_ACQUIRE) != 0;
}

void space_reap(void)
{
    struct mount *m;
    do {
        m = NULL;
        space_each(find_gone, &m);
        if (m) {
            space_remove(m);
            __atomic_fetch_sub(&gone_count, 1, __ATOMIC_RELEASE);
        }
    } while (m);
}

static void find_loaded(void *ctx, struct mount *m)
{
    if (m->flags & MOUNT_LOADED)
        *(bool *)ctx = true;
}

bool space_loaded_open(void)
{
    bool found = false;
    space_each_open(find_loaded, &found);
    return found;
}
