/*
 * Invariants
 *   (1) groups and what they hold are under `lock`; a write of a hive is never begun under it, for
 *       its commit comes back here.
 *   (2) A group's slots in the hives live as long as the group, or until it is renewed or the hive
 *       is unloaded: a mount goes while no method runs, so what is not in a group yet has none.
 *   (3) A group of a merged class that is in one hive only has a scout in the other: a watch of new
 *       keys anywhere in those Classes. When it hears of some, the class is looked for there, and
 *       the lock is not held. Found, it is a change, and the next wait listens to it too.
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
    bool scout;
    bool gone; /* what it listened to was deleted, which was told */
};

struct group {
    u32 handle;
    struct reg_row row;
    u32 what;
    bool subtree;
    struct ear *ears;
    u32 ear_count;
    struct notify_wait *waits;
    u32 wait_count;
    bool heard; /* a change came with nobody waiting */
    bool alarm; /* a scout heard something */
    bool stale; /* the keys behind a merged class are others than those listened to */
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

/* False where the hive cannot be read. */
static bool ear_look(const struct ear *e, struct watch_state *s, u32 *err)
{
    struct hive *h;
    struct hive_read r = {.tries = 0};
    if (space_hive(e->mount, &h))
        return false;
    do {
        if (hive_read_begin(h, &r))
            return false;
        *err = watch_look(&r.view, e->slot, s);
    } while (!hive_read_end(h, &r));
    return true;
}

static void ear_listen(struct group *g, struct ear *e)
{
    struct watch_state s = {0};
    u32 err;
    if (e->gone || !ear_look(e, &s, &err))
        return;
    if (err || s.gen != e->gen || s.deleted)
        *(e->scout ? &g->alarm : &g->heard) = true;
    e->gen = s.gen;
    e->gone = s.deleted;
    g->stale |= s.deleted;
}

static void tell(struct group *g)
{
    if (g->heard && g->wait_count) {
        g->heard = false;
        fire_all(g);
    }
}

static void listen(struct group *g, const struct mount *only)
{
    for (u32 i = 0; i < g->ear_count; i++)
        if (!only || g->ears[i].mount == only)
            ear_listen(g, &g->ears[i]);
    tell(g);
}

/* One group that a scout has something to tell of. */
static bool next_alarm(u32 *handle, struct reg_row *row)
{
    os_mutex_lock(&lock);
    struct group *g = groups;
    while (g && !g->alarm)
        g = g->next;
    if (g) {
        *handle = g->handle;
        *row = g->row;
        g->alarm = false;
    }
    os_mutex_unlock(&lock);
    return g != NULL;
}

static void found_both(u32 handle)
{
    os_mutex_lock(&lock);
    struct group *g = find_group(handle);
    if (g) {
        g->stale = g->heard = true;
        tell(g);
    }
    os_mutex_unlock(&lock);
}

static void follow_scouts(void)
{
    struct reg_row row, user, machine;
    u32 handle;
    while (next_alarm(&handle, &row))
        if (!classes_both(&row, &user, &machine) && user.mount && machine.mount)
            found_both(handle);
}

void notify_committed(struct mount *m)
{
    if (!group_total())
        return;
    os_mutex_lock(&lock);
    for (struct group *g = groups; g; g = g->next)
        listen(g, m);
    os_mutex_unlock(&lock);
    follow_scouts();
}

/* Waits whose thread has ended are over. */
static void end_with_threads(struct group *g)
{
    for (u32 i = 0; i < g->wait_count;) {
        struct notify_wait w = g->waits[i];
        if (!w.thread || os_thread_alive(os_pid(), w.thread)) {
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
    follow_scouts();
    return waiting;
}

/* --- beginning
 * ------------------------------------------------------------------------------------------ */

struct adding {
    u32 what;
    bool subtree;
    struct ear *ear;
};

static bool owner_alive(void *ctx, u32 owner)
{
    return hive_slot_alive(ctx, owner);
}

/* Programs that ended leave theirs: they go when they are many. */
#define SWEEP_EVERY 64u

static u32 add_watch(void *ctx, struct hview *v, u32 key)
{
    struct adding *a = ctx;
    struct watch_state s = {0};
    struct hive *h = a->ear->mount->hive;
    u32 owner = hive_slot(h);
    u32 err = watch_add(v, key, a->what, a->subtree, owner, &a->ear->slot);
    if (err == ERROR_NO_SYSTEM_RESOURCES && watch_sweep(v, owner_alive, h))
        err = watch_add(v, key, a->what, a->subtree, owner, &a->ear->slot);
    else if (!err && a->ear->slot % SWEEP_EVERY == SWEEP_EVERY - 1)
        watch_sweep(v, owner_alive, h);
    if (!err)
        err = watch_look(v, a->ear->slot, &s);
    a->ear->gen = s.gen;
    return err;
}

static u32 remove_watch(void *ctx, struct hview *v, u32 key)
{
    const struct ear *e = ctx;
    UNUSED(key);
    watch_remove(v, e->slot, hive_slot(e->mount->hive));
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

/* Listens for the key that is missing in one of the two hives, which may be one that cannot change.
 */
static u32 add_scout(struct group *g, bool users)
{
    struct ear *e = &g->ears[g->ear_count];
    struct adding a = {WATCH_NAME, true, e};
    struct reg_row top;
    u32 err = classes_top(users, &top);
    if (!err) {
        e->mount = top.mount;
        e->scout = true;
        err = nsp_write(&top, add_watch, &a);
        g->ear_count += !err;
    }
    return err == ERROR_NO_SYSTEM_RESOURCES || err == ERROR_OUTOFMEMORY ? err : (u32)ERROR_SUCCESS;
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
    if (g->ear_count && err == ERROR_ACCESS_DENIED)
        err = ERROR_SUCCESS;
    if (!err && !(user.mount && machine.mount))
        err = add_scout(g, !user.mount);
    return err;
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
    g->row = *row;
    g->what = what;
    g->subtree = subtree;
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

/* Whether there is a group already, and what it listens to, which the first wait decided. */
static bool known_group(u32 handle, u32 *what, bool *subtree, bool *stale)
{
    os_mutex_lock(&lock);
    struct group *g = find_group(handle);
    if (g) {
        *what = g->what;
        *subtree = g->subtree;
        *stale = g->stale;
    }
    os_mutex_unlock(&lock);
    return g != NULL;
}

/* Under the lock. */
static void link_group(struct group *g)
{
    g->next = groups;
    groups = g;
    __atomic_store_n(&group_count, group_count + 1, __ATOMIC_RELEASE);
}

/* Under the lock: g gets the ears that were made anew, and `made` the old ones. */
static void renew_group(struct group *g, struct group *made)
{
    struct group old = *g;
    listen(g, NULL);
    g->ears = made->ears;
    g->ear_count = made->ear_count;
    made->ears = old.ears;
    made->ear_count = old.ear_count;
    g->stale = false;
}

u32 notify_add(u32 handle, const struct reg_row *row, u32 what, bool subtree,
               const struct notify_wait *wait)
{
    struct group *g, *made = NULL;
    bool stale = false, known = known_group(handle, &what, &subtree, &stale);
    u32 err = known ? check_key(row) : (u32)ERROR_SUCCESS;
    if (!err && (!known || stale))
        err = make_group(handle, row, what, subtree, &made);
    if (err)
        return err;
    os_mutex_lock(&lock);
    g = find_group(handle);
    if (!g && made) {
        link_group(made);
        g = made;
        made = NULL;
    } else if (g && made && g->stale) {
        renew_group(g, made);
    }
    err = g ? put_wait(g, wait) : (u32)ERROR_INVALID_HANDLE;
    os_mutex_unlock(&lock);
    if (made) /* the old ears, or another thread was first */
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

/* Its slots go with the hive. */
void notify_unmounted(const struct mount *m)
{
    if (!group_total())
        return;
    os_mutex_lock(&lock);
    for (struct group *g = groups; g; g = g->next)
        for (u32 i = g->ear_count; i--;)
            if (g->ears[i].mount == m)
                g->ears[i] = g->ears[--g->ear_count];
    os_mutex_unlock(&lock);
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
