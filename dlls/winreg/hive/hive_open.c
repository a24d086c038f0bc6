/*
 * Opening and closing: the process's list of hives, the files of one, and who is alone with it.
 */
#include <string.h>

#include "hive_build.h"
#include "hive_copy.h"
#include "hive_impl.h"
#include "hive_log.h"
#include "utf16.h"
#include "watch.h"

#define OPEN_WAIT  10000u /* ms for another process that opens or closes */
#define CLOSE_WAIT 2000u

static struct os_mutex list_lock;
static struct hive *list;

/* --- one struct hive ---------------------------------------------------------------------------
 */

static struct hive *new_hive(const char16_t *path, u32 flags)
{
    struct hive *h = os_calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->refs = 1;
    h->flags = flags;
    h->path = u16_dup(path, u16_len(path));
    h->place = os_resolve(path);
    if (!h->path || !h->place || overlay_create(&h->overlay)) {
        os_free(h->path);
        os_free(h->place);
        os_free(h);
        return NULL;
    }
    h->cache = hcache_create();
    return h;
}

static void point_into(struct hive *h, void *control)
{
    h->ctl = control;
    h->base = (struct base_block *)(void *)((u8 *)control + IMAGE_BASE);
    h->dirty = (u64 *)(void *)((u8 *)control + IMAGE_DIRTY);
    h->meta = (u8 *)control + IMAGE_META;
    hv_init(&h->blank, NULL, 0, NULL, 0, h->meta);
    h->blank.cache = h->cache;
}

/* Unmaps and closes the image; the hive file stays open. */
static void drop_image(struct hive *h)
{
    region_close(&h->stable);
    region_close(&h->vol);
    hlog_close(h);
    if (h->shared && h->ctl)
        os_unmap(h->ctl, IMAGE_STABLE);
    else
        os_free(h->ctl);
    os_close(h->image);
    os_close(h->vol_file);
    h->image = h->vol_file = NULL;
    h->ctl = NULL;
    h->lost = false;
}

static void free_hive(struct hive *h)
{
    drop_image(h);
    os_close(h->file);
    overlay_destroy(h->overlay);
    hcache_destroy(h->cache);
    os_free(h->runs);
    os_free(h->entry);
    os_free(h->path);
    os_free(h->place);
    os_free(h);
}

/* --- hives in this process's memory ------------------------------------------------------------
 */

static u32 own_image(struct hive *h)
{
    void *control = os_calloc(1, IMAGE_STABLE);

    if (!control)
        return ERROR_OUTOFMEMORY;
    point_into(h, control);
    region_init(&h->stable, NULL, 0, 0x10000);
    region_init(&h->vol, NULL, 0, 0x10000);
    return ERROR_SUCCESS;
}

u32 hopen_renew(struct hive *h)
{
    drop_image(h);
    h->faults = 0;
    return own_image(h);
}

static u32 open_memory(struct hive *h)
{
    u32 err = own_image(h);

    return err ? err : hbuild_empty(h);
}

/* --- the shared image ----------------------------------------------------------------------------
 */

static u32 open_beside(struct hive *h, const char *suffix, bool anew, struct os_file **out)
{
    char16_t *name = hbuild_name(h->place, suffix);
    u32 err;

    if (!name)
        return ERROR_OUTOFMEMORY;
    if (anew)
        os_remove(name);
    err = os_open_beside(
        name, OS_READ | (h->look_only ? 0 : OS_WRITE) | (anew ? OS_CREATE | OS_EXCLUSIVE : 0),
        h->file, out);
    os_free(name);
    return err;
}

static void remove_beside(struct hive *h, const char *suffix)
{
    char16_t *name = hbuild_name(h->place, suffix);

    if (name)
        os_remove(name);
    os_free(name);
}

static u32 map_image(struct hive *h, bool anew)
{
    void *control;
    u32 err = open_beside(h, ".image", anew, &h->image);

    if (!err)
        err = open_beside(h, ".volatile", anew, &h->vol_file);
    if (!err && anew)
        err = hlog_zeros(h->image, 0, IMAGE_STABLE);
    if (!err)
        err = os_map(h->image, 0, IMAGE_STABLE, !h->look_only, &h->lost, &control);
    if (err)
        return err;
    point_into(h, control);
    region_init(&h->stable, h->image, IMAGE_STABLE, 0x100000);
    region_init(&h->vol, h->vol_file, 0, 0x40000);
    h->stable.read_only = h->vol.read_only = h->look_only;
    h->stable.lost = h->vol.lost = &h->lost;
    return ERROR_SUCCESS;
}

static u32 make_image(struct hive *h, struct hive_recovery *recovery)
{
    u32 err = map_image(h, true);

    if (err)
        return err;
    os_random(&h->ctl->id, sizeof(h->ctl->id));
    err = hbuild_image(h, h->file, recovery);
    if (err)
        return err;
    h->ctl->magic = IMAGE_MAGIC;
    h->ctl->version = IMAGE_VERSION;
    h->ctl->recovered = h->recovered;
    os_step();
    __atomic_store_n(&h->ctl->ready, 1, __ATOMIC_RELEASE);
    return ERROR_SUCCESS;
}

static u32 join_image(struct hive *h)
{
    u32 err = map_image(h, false);

    if (err)
        return err;
    if (h->ctl->magic != IMAGE_MAGIC || h->ctl->version != IMAGE_VERSION || !h->ctl->ready)
        return ERROR_SHARING_VIOLATION;
    return ERROR_SUCCESS;
}

static u32 take_slot(struct hive *h)
{
    u32 start = __atomic_fetch_add(&h->ctl->next_slot, 1, __ATOMIC_RELAXED);

    for (u32 i = 0; i < IMAGE_SLOTS; i++) {
        h->slot = (start + i) % IMAGE_SLOTS;
        if (!os_lock(h->file, IMAGE_LOCK_SLOTS + h->slot, 1, true, 0))
            return ERROR_SUCCESS;
    }
    return ERROR_TOO_MANY_OPEN_FILES;
}

/* A file that is empty, or half made, becomes an empty hive. With IMAGE_LOCK_OPEN. */
static u32 create_file(struct hive *h)
{
    struct hive *blank = new_hive(h->place, HIVE_MEMORY);
    u32 err;

    if (!blank)
        return ERROR_OUTOFMEMORY;
    err = open_memory(blank);
    if (!err)
        err = hbuild_create(h->file, blank);
    if (!err)
        os_sync_folder(h->place);
    free_hive(blank);
    return err;
}

/* By whoever is alone with it. */
static void remove_image(struct hive *h)
{
    drop_image(h);
    os_step();
    remove_beside(h, ".image");
    os_step();
    remove_beside(h, ".volatile");
}

/* What others had in a hive that is empty for who comes first. */
static u32 forget_content(struct hive *h)
{
    remove_beside(h, ".LOG1");
    remove_beside(h, ".LOG2");
    return os_resize(h->file, 0);
}

/* The name is another file's since this one was opened. Where it always seems to be, the file
 * system does not say which file is which. */
#define ERROR_REPLACED 0xfffffffbu
#define REPLACED_TRIES 100u

static u32 open_alone(struct hive *h, struct hive_recovery *recovery)
{
    u32 err = ERROR_SUCCESS;

    if (!os_is_named(h->file, h->place))
        return ERROR_REPLACED;
    if (h->flags & HIVE_FRESH)
        err = forget_content(h);
    if (!err && (h->flags & HIVE_CREATE) && hbuild_is_blank(h->file))
        err = create_file(h);
    if (!err)
        err = make_image(h, recovery);
    if (err) /* what is refused keeps nothing beside it */
        remove_image(h);
    if (err || (h->flags & HIVE_PRIVATE))
        return err;
    os_unlock(h->file, IMAGE_LOCK_USERS, 1);
    return os_lock(h->file, IMAGE_LOCK_USERS, 1, false, OPEN_WAIT);
}

static u32 open_joining(struct hive *h)
{
    if ((h->flags & HIVE_PRIVATE) || os_lock(h->file, IMAGE_LOCK_USERS, 1, false, 0))
        return ERROR_SHARING_VIOLATION;
    return join_image(h);
}

u32 hopen_guest(const char16_t *path, struct os_file *f, bool can_write, struct hive **out)
{
    struct hive *h = new_hive(path, 0);
    u32 err;

    if (!h)
        return ERROR_OUTOFMEMORY;
    h->file = f;
    h->shared = true;
    h->look_only = !can_write;
    err = join_image(h);
    if (!err && can_write)
        err = take_slot(h);
    if (!err && can_write)
        hlock_inherit(h);
    if (err) {
        h->file = NULL;
        free_hive(h);
    } else {
        *out = h;
    }
    return err;
}

void hopen_guest_leave(struct hive *guest)
{
    if (!guest->look_only)
        os_unlock(guest->file, IMAGE_LOCK_SLOTS + guest->slot, 1);
    guest->file = NULL;
    free_hive(guest);
}

/* With the hive file open. */
static u32 open_image(struct hive *h, struct hive_recovery *recovery)
{
    u32 err;

    h->shared = true;
    if (os_lock(h->file, IMAGE_LOCK_OPEN, 1, true, OPEN_WAIT))
        return ERROR_BUSY;
    if (!os_lock(h->file, IMAGE_LOCK_USERS, 1, true, 0))
        err = open_alone(h, recovery);
    else
        err = open_joining(h);
    if (!err)
        err = take_slot(h);
    os_unlock(h->file, IMAGE_LOCK_OPEN, 1);
    if (!err)
        hlock_inherit(h);
    return err;
}

/* What writes get where err kept the image from being made, 0 where the hive cannot be read either.
 */
static u32 refusal_of(u32 err)
{
    if (err == ERROR_ACCESS_DENIED || err == ERROR_WRITE_PROTECT)
        return ERROR_WRITE_PROTECT;
    if (err == ERROR_DISK_FULL || err == ERROR_HANDLE_DISK_FULL ||
        err == ERROR_TOO_MANY_OPEN_FILES || err == ERROR_WRITE_FAULT || err == ERROR_FILE_EXISTS)
        return err;
    return ERROR_SUCCESS;
}

/* What cannot be written is at least read. */
static u32 open_read_only(struct hive *h, u32 refuse)
{
    drop_image(h);
    os_close(h->file);
    h->file = NULL;
    h->shared = false;
    h->refuse = refuse;
    return hcopy_fill(h);
}

static bool not_own(void *ctx, u32 owner)
{
    return owner != hive_slot(ctx);
}

/* The watches of whoever had this slot before, or has it no longer. */
static void forget_watches(struct hive *h)
{
    struct hive_read r = {.tries = 0};
    struct hive_write w;
    bool any;

    if (!h->shared)
        return;
    do {
        if (hive_read_begin(h, &r))
            return;
        any = watch_owned(&r.view, hive_slot(h));
    } while (!hive_read_end(h, &r));
    if (!any || hive_write_begin(h, CLOSE_WAIT, &w))
        return;
    watch_sweep(&w.view, not_own, h);
    hive_write_commit(h, &w);
}

static u32 open_shared(struct hive *h, struct hive_recovery *recovery)
{
    u32 create = h->flags & HIVE_CREATE ? OS_CREATE : 0;
    /* Whoever deletes the file under us would lose what is written from then on. */
    u32 deny = h->flags & HIVE_REPLACED ? 0 : OS_DENY_DELETE, tries = 0, err;

    do {
        os_close(h->file);
        h->file = NULL;
        err = os_open(h->place, OS_READ | OS_WRITE | deny | create, &h->file);
        if (!err && os_names(h->file) > 1) /* under another name its logs would be others */
            err = ERROR_WRITE_PROTECT;
        if (!err)
            err = open_image(h, recovery);
    } while (err == ERROR_REPLACED && ++tries < REPLACED_TRIES);
    if (err == ERROR_REPLACED)
        err = ERROR_SHARING_VIOLATION;
    if (!err)
        forget_watches(h);
    if (refusal_of(err) && !(h->flags & HIVE_FRESH) && !open_read_only(h, refusal_of(err)))
        return ERROR_SUCCESS;
    return err;
}

/* --- the list ------------------------------------------------------------------------------------
 */

static struct hive *find(const char16_t *path)
{
    struct hive *h = list;

    while (h && !u16_equal(h->path, path))
        h = h->next;
    return h;
}

static u32 open_listed(const char16_t *path, u32 flags, struct hive_recovery *recovery,
                       struct hive **out)
{
    struct hive *h = find(path);
    u32 err;

    if (h && ((h->flags | flags) & HIVE_PRIVATE))
        return ERROR_SHARING_VIOLATION;
    if (h) {
        h->refs++;
        if (!(flags & HIVE_READ_ONLY) && h->refuse == ERROR_ACCESS_DENIED)
            h->refuse = ERROR_SUCCESS;
        *out = h;
        return ERROR_SUCCESS;
    }
    h = new_hive(path, flags);
    if (!h)
        return ERROR_OUTOFMEMORY;
    if (flags & HIVE_READ_ONLY)
        h->refuse = ERROR_ACCESS_DENIED;
    err = open_shared(h, recovery);
    if (err) {
        free_hive(h);
        return err;
    }
    h->next = list;
    list = h;
    *out = h;
    return ERROR_SUCCESS;
}

static u32 open_own(const char16_t *path, u32 flags, struct hive **out)
{
    struct hive *h = new_hive(flags & HIVE_MEMORY ? u"" : path, flags);
    u32 err;

    if (!h)
        return ERROR_OUTOFMEMORY;
    if (flags & HIVE_READ_ONLY)
        h->refuse = ERROR_ACCESS_DENIED;
    err = flags & HIVE_MEMORY ? open_memory(h) : hcopy_fill(h);
    if (err)
        free_hive(h);
    else
        *out = h;
    return err;
}

u32 hive_open(const char16_t *path, u32 flags, struct hive **out)
{
    struct hive_recovery ignored;
    u32 err;

    if (flags & (HIVE_MEMORY | HIVE_COPY))
        return open_own(path, flags, out);
    if (flags & HIVE_DAMAGED)
        return ERROR_INVALID_PARAMETER;
    os_mutex_lock(&list_lock);
    err = open_listed(path, flags, &ignored, out);
    os_mutex_unlock(&list_lock);
    return err;
}

struct hive *hive_ref(struct hive *h)
{
    os_mutex_lock(&list_lock);
    h->refs++;
    os_mutex_unlock(&list_lock);
    return h;
}

bool hive_is_used(const char16_t *path)
{
    struct os_file *f;
    bool alone = false;

    if (os_open(path, OS_READ | OS_WRITE, &f))
        return os_exists(path);
    if (!os_lock(f, IMAGE_LOCK_OPEN, 1, true, CLOSE_WAIT)) {
        alone = !os_lock(f, IMAGE_LOCK_USERS, 1, true, 0);
        if (alone)
            os_unlock(f, IMAGE_LOCK_USERS, 1);
        os_unlock(f, IMAGE_LOCK_OPEN, 1);
    }
    os_close(f);
    return !alone;
}

/* --- closing -------------------------------------------------------------------------------------
 */

/* The last one: the hive file gets everything. Where that fails, the logs keep it; a damaged hive
 * keeps its logs too. */
static void close_alone(struct hive *h)
{
    bool fresh = h->flags & HIVE_FRESH;

    if (!fresh && !hlock_take(h, CLOSE_WAIT)) {
        os_step();
        if (!checkpoint(h))
            hlog_empty(h);
        hlock_drop(h);
    }
    if (fresh)
        forget_content(h);
    remove_image(h);
}

static void close_shared(struct hive *h)
{
    forget_watches(h);
    if (os_lock(h->file, IMAGE_LOCK_OPEN, 1, true, CLOSE_WAIT))
        return;
    os_unlock(h->file, IMAGE_LOCK_USERS, 1);
    if (!os_lock(h->file, IMAGE_LOCK_USERS, 1, true, 0))
        close_alone(h);
}

static void unlist(struct hive *h)
{
    struct hive **at = &list;

    while (*at && *at != h)
        at = &(*at)->next;
    if (*at)
        *at = h->next;
}

void hive_close(struct hive *h)
{
    if (!h)
        return;
    os_mutex_lock(&list_lock);
    if (!--h->refs) {
        unlist(h);
        if (h->shared)
            close_shared(h);
        free_hive(h);
    }
    os_mutex_unlock(&list_lock);
}

/* --- another file in its place ---------------------------------------------------------------- */

u32 hive_replace(struct hive *h, const char16_t *with)
{
    u32 err = h->refuse;

    if (!(h->flags & HIVE_REPLACED))
        return ERROR_INVALID_PARAMETER;
    if (!err)
        err = hlock_take(h, HIVE_WAIT);
    if (err)
        return err;
    err = checkpoint(h);
    if (!err && h->ctl->marked) /* a damaged hive that needs its logs */
        err = ERROR_REGISTRY_CORRUPT;
    if (!err)
        err = h->ctl->ours ? hlog_empty(h) : hlog_take_over(h);
    hlock_drop(h);
    if (err)
        return err;
    /* The locks are on the file that goes; whoever opens the new one finds nothing beside it. */
    remove_image(h);
    h->shared = false;
    err = os_rename(with, h->place);
    if (!err)
        os_sync_folder(h->place);
    return err;
}

/* --- recovery alone ------------------------------------------------------------------------------
 */

static u32 write_mended(struct hive *h)
{
    u32 err = h->ctl->flags & IMAGE_DAMAGED ? ERROR_REGISTRY_CORRUPT : hlock_take(h, HIVE_WAIT);

    if (err)
        return err;
    err = hbuild_write_mended(h);
    hlock_drop(h);
    return err;
}

u32 hive_recover(const char16_t *path, struct hive_recovery *r)
{
    struct hive_recovery recovery = {.dirty = false};
    struct hive *h;
    u32 err;

    os_mutex_lock(&list_lock);
    err = open_listed(path, HIVE_PRIVATE, &recovery, &h);
    os_mutex_unlock(&list_lock);
    if (err)
        return err;
    err = h->refuse;
    if (!err && recovery.dirty && (h->ctl->flags & IMAGE_DAMAGED))
        err = ERROR_REGISTRY_CORRUPT;
    if (!err && recovery.mended)
        err = write_mended(h);
    hive_close(h);
    if (!err && r)
        *r = recovery;
    return err;
}
