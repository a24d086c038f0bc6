/*
 * Invariants
 *   (1) groups and what they hold are under `lock`; a write of a hive is never begun under it, for
 *       its commit comes back here.
 *   (2) A group's slots in the hives live as long as the group.
 */
#include "notify.h"

#include "classes.h"
#include "nsp.h"
#include "os.h"
#include "watch.h"

#define WAITS_MAX 4096u

/* A watch in one hive. */
struct ear {
    struct mount *mount;
    u32 slot, gen;
};

struct group {
    u32 handle;
    struct ear *ears;
    u32 ear_count;
    struct notify_wait *waits;
    u32 wait_count;
    bool heard; /* a change came with nobody waiting */
    struct group *next;
};

static struct os_mutex lock;
static struct group *groups;
static u32 group_count; /* read without the lock */

static u32 group_total(void)
{
    return __atomic_load_n(&group_count, __ATOMIC_ACQUIRE);
}

static struct group *find_group(u32 handle)
{
    struct group *g = groups;
    while (g && g->handle != handle)
        g = g->next;
    return g;
}

static void fire_all(struct group *g)
{
    for (u32 i = 0; i < g->wait_count; i++)
        g->waits[i].fire(g->waits[i].ctx);
    g->wait_count = 0;
}

/* --- hearing
 * ------------------------------------------------------------------------------------------ */

static bool ear_heard(struct ear *e)
{
    struct hive *h;
    struct hive_read r = {.tries = 0};
    struct watch_state s = {0};
    u32 err = space_hive(e->mount, &h);
    if (err)
        return false;
    do {
        if (hive_read_begin(h, &r))
            return false;
        err = watch_look(&r.view, e->slot, &s);
    } while (!hive_read_end(h, &r));
    bool heard = err || s.gen != e->gen || s.deleted;
    e->gen = s.gen;
    return heard;
}

static void listen(struct group *g, const struct mount *only)
{
    for (u32 i = 0; i < g->ear_count; i++)
        if ((!only || g->ears[i].mount == only) && ear_heard(&g->ears[i]))
            g->heard = true;
    if (g->heard && g->wait_count) {
        g->heard = false;
        fire_all(g);
    }
}

void notify_committed(struct mount *m)
{
    if (!group_total())
        return;
    os_mutex_lock(&lock);
    for (struct group *g = groups; g; g = g->next)
        listen(g, m);
    os_mutex_unlock(&lock);
}

/* Waits whose thread has ended are over. */
static void end_with_threads(struct group *g)
{
    for (u32 i = 0; i < g->wait_count;) {
        struct notify_wait w = g->waits[i];
        if (!w.thread || os_thread_alive(w.thread)) {
            i++;
            continue;
        }
        g->waits[i] = g->waits[--g->wait_count];
        w.fire(w.ctx);
    }
}

bool notify_poll(void)
{
    static u64 threads_at;
    bool waiting = false;
    os_mutex_lock(&lock);
    bool look = os_ticks() - threads_at > 200;
    if (look)
        threads_at = os_ticks();
    for (struct group *g = groups; g; g = g->next) {
        if (g->wait_count && look)
            end_with_threads(g);
        if (g->wait_count)
            listen(g, NULL);
        waiting |= g->wait_count != 0;
    }
    os_mutex_unlock(&lock);
    return waiting;
}

/* --- beginning
 * ------------------------------------------------------------------------------------------ */

struct adding {
    u32 what;
    bool subtree;
    struct ear *ear;
};

static u32 add_watch(void *ctx, struct hview *v, u32 key)
{
    struct adding *a = ctx;
    struct watch_state s = {0};
    u32 err = watch_add(v, key, a->what, a->subtree, os_pid(), &a->ear->slot);
    if (!err)
        err = watch_look(v, a->ear->slot, &s);
    a->ear->gen = s.gen;
    return err;
}

static u32 remove_watch(void *ctx, struct hview *v, u32 key)
{
    const struct ear *e = ctx;
    UNUSED(key);
    watch_remove(v, e->slot);
    return ERROR_SUCCESS;
}

static void root_row(struct reg_row *row, struct mount *m)
{
    *row = (struct reg_row){.mount = m};
}

static void drop_ear(struct ear *e)
{
    struct reg_row root;
    root_row(&root, e->mount);
    nsp_write_root(&root, remove_watch, e);
}

static void free_group(struct group *g)
{
    for (u32 i = 0; i < g->ear_count; i++)
        drop_ear(&g->ears[i]);
    os_free(g->ears);
    os_free(g->waits);
    os_free(g);
}

/* MACHINE and USER: every hive below is listened to. */
static u32 add_top(struct group *g, enum space_key top, struct adding *a)
{
    struct mount *m;
    struct reg_row root;
    u32 n = 0, err = ERROR_SUCCESS;
    while (space_at(top, n))
        n++;
    g->ears = os_calloc(n + 1, sizeof *g->ears);
    if (!g->ears)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; a->subtree && i < n && !err && (m = space_at(top, i)) != NULL; i++) {
        root_row(&root, m);
        a->ear = &g->ears[g->ear_count];
        a->ear->mount = m;
        err = nsp_write_root(&root, add_watch, a);
        if (err == ERROR_ACCESS_DENIED)
            err = ERROR_SUCCESS; /* a hive that cannot change */
        else if (!err)
            g->ear_count++;
    }
    return err;
}

/* Listens to one key as well. */
static u32 add_key(struct group *g, const struct reg_row *row, struct adding *a)
{
    a->ear = &g->ears[g->ear_count];
    a->ear->mount = row->mount;
    u32 err = nsp_write(row, add_watch, a);
    g->ear_count += !err;
    return err;
}

/* What is merged in HKEY_CLASSES_ROOT changes in either key; one of them may be in a hive that
 * cannot change. */
static u32 add_classes(struct group *g, const struct reg_row *row, struct adding *a)
{
    struct reg_row user, machine;
    u32 err = classes_both(row, &user, &machine);
    if (err)
        return err;
    g->ears = os_calloc(2, sizeof *g->ears);
    if (!g->ears)
        return ERROR_OUTOFMEMORY;
    if (user.mount)
        err = add_key(g, &user, a);
    if (machine.mount && (!err || err == ERROR_ACCESS_DENIED))
        err = add_key(g, &machine, a);
    return g->ear_count && err == ERROR_ACCESS_DENIED ? (u32)ERROR_SUCCESS : err;
}

static u32 make_group(u32 handle, const struct reg_row *row, u32 what, bool subtree,
                      struct group **out)
{
    struct adding a = {what, subtree, NULL};
    u32 err;
    struct group *g = os_calloc(1, sizeof *g);
    if (!g)
        return ERROR_OUTOFMEMORY;
    g->handle = handle;
    if (row->flags & ROW_CLASSES) {
        err = add_classes(g, row, &a);
    } else if (!row->mount) {
        err = row->id == SPACE_MACHINE || row->id == SPACE_USER
                  ? add_top(g, (enum space_key)row->id, &a)
                  : (u32)ERROR_INVALID_HANDLE;
    } else {
        g->ears = os_calloc(1, sizeof *g->ears);
        err = g->ears ? add_key(g, row, &a) : (u32)ERROR_OUTOFMEMORY;
    }
    if (err)
        free_group(g);
    else
        *out = g;
    return err;
}

static u32 is_there(void *ctx, struct hview *v, u32 key)
{
    UNUSED(ctx), UNUSED(v), UNUSED(key);
    return ERROR_SUCCESS;
}

/* What is listened to already may have been deleted since. */
static u32 check_key(const struct reg_row *row)
{
    struct reg_row user, machine, copy = *row;
    if (row->flags & ROW_CLASSES)
        return classes_both(row, &user, &machine);
    return row->mount ? nsp_read(&copy, is_there, NULL) : (u32)ERROR_SUCCESS;
}

/* Under the lock. */
static u32 put_wait(struct group *g, const struct notify_wait *wait)
{
    if (g->wait_count == WAITS_MAX)
        return ERROR_NO_SYSTEM_RESOURCES;
    struct notify_wait *w = os_realloc(g->waits, (g->wait_count + 1) * sizeof *w);
    if (!w)
        return ERROR_OUTOFMEMORY;
    w[g->wait_count++] = *wait;
    g->waits = w;
    listen(g, NULL);
    return ERROR_SUCCESS;
}

u32 notify_add(u32 handle, const struct reg_row *row, u32 what, bool subtree,
               const struct notify_wait *wait)
{
    struct group *g, *made = NULL;
    u32 err;
    os_mutex_lock(&lock);
    g = find_group(handle);
    os_mutex_unlock(&lock);
    err = g ? check_key(row) : make_group(handle, row, what, subtree, &made);
    if (err)
        return err;
    os_mutex_lock(&lock);
    g = find_group(handle);
    if (!g && made) {
        g = made;
        g->next = groups;
        groups = g;
        made = NULL;
        __atomic_store_n(&group_count, group_count + 1, __ATOMIC_RELEASE);
    }
    err = g ? put_wait(g, wait) : (u32)ERROR_INVALID_HANDLE;
    os_mutex_unlock(&lock);
    if (made) /* another thread was first */
        free_group(made);
    return err;
}

/* --- ending
 * --------------------------------------------------------------------------------------------- */

/* Takes a group out of the list; NULL where there is none. handle 0: the first. */
static struct group *unlink_group(u32 handle)
{
    struct group **at = &groups, *g;
    while (*at && handle && (*at)->handle != handle)
        at = &(*at)->next;
    g = *at;
    if (g) {
        *at = g->next;
        __atomic_store_n(&group_count, group_count - 1, __ATOMIC_RELEASE);
        fire_all(g);
    }
    return g;
}

void notify_closed(u32 handle)
{
    if (!group_total())
        return;
    os_mutex_lock(&lock);
    struct group *g = unlink_group(handle);
    os_mutex_unlock(&lock);
    if (g)
        free_group(g);
}

bool notify_take_back(u32 handle, const void *ctx)
{
    bool found = false;
    os_mutex_lock(&lock);
    struct group *g = find_group(handle);
    for (u32 i = 0; g && i < g->wait_count && !found; i++) {
        found = g->waits[i].ctx == ctx;
        if (found)
            g->waits[i] = g->waits[--g->wait_count];
    }
    os_mutex_unlock(&lock);
    return found;
}

void notify_stop(void)
{
    struct group *g;
    do {
        os_mutex_lock(&lock);
        g = unlink_group(0);
        os_mutex_unlock(&lock);
        if (g)
            free_group(g);
    } while (g);
}
