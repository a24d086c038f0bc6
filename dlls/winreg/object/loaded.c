/*
 * Invariant: `list` goes from NULL to the mapped file once, under open_lock, and back with the
 * life's door closed; `file` is open whenever `list` is set.
 */
#include "loaded.h"

#include "home.h"
#include "os.h"
#include "utf16.h"

#include <string.h>

#define MAGIC   0x64616f6cu /* "load" */
#define VERSION 1u
#define RECORDS 0x1000u
#define RECORD  0x1000u
#define SIZE    (RECORDS + LOADED_MAX * RECORD)

/* To look for a file that is not there takes on Wine as long as fifty look-ups of keys: who has
 * looked that often makes the list. */
#define LOOKS_MAX 16u

#define LOCK_CHANGE  0x4000000000ull
#define LOCK_ENTRIES 0x4000000100ull

struct list_head {
    u32 magic, version, boot, last_id;
    u8 pad[0x1f0];
    u32 ids[LOADED_MAX];
    u8 rest[0x1000 - 0x200 - 4 * LOADED_MAX];
};
STATIC_ASSERT(sizeof(struct list_head) == RECORDS);

struct loaded_record {
    u32 top, name_len, path_len, pad;
    char16_t name[KEY_NAME_MAX]; /* not terminated */
    char16_t path[LOADED_PATH_MAX];
};
STATIC_ASSERT(sizeof(struct loaded_record) <= RECORD);

static char16_t *file_name;
static struct os_mutex open_lock, change_lock;
static struct os_file *file;
static struct list_head *list;
static bool can_write;
static bool lost; /* the list was made shorter by somebody, and is zeros here: nothing is loaded */
static u32 boot, looks;

u32 loaded_start(const char16_t *folder)
{
    size_t n = u16_len(folder);
    char16_t *name = os_alloc((n + 16) * sizeof *name);
    if (!name)
        return ERROR_OUTOFMEMORY;
    u16_copy(name, n + 1, folder);
    if (n && name[n - 1] != home_separator && name[n - 1] != u'/')
        name[n++] = home_separator;
    u16_copy(name + n, 8, u"LOADED");
    file_name = name;
    return ERROR_SUCCESS;
}

static void close_list(void)
{
    os_unmap(list, SIZE);
    os_close(file);
    list = NULL;
    file = NULL;
}

void loaded_stop(void)
{
    close_list();
    looks = 0;
    os_free(file_name);
    file_name = NULL;
}

/* --- opening
 * ---------------------------------------------------------------------------------------------- */

static u32 open_file(bool create)
{
    u32 err = os_open(file_name, OS_READ | OS_WRITE | (create ? OS_CREATE : 0), &file);
    can_write = !err;
    boot = os_boot(); /* not before there is a list: most processes never see one */
    if (err == ERROR_ACCESS_DENIED && !create)
        err = os_open(file_name, OS_READ, &file);
    return err;
}

static bool is_whole(void)
{
    u32 head[2] = {0, 0}, got;
    u64 size;
    return !os_size(file, &size) && size >= SIZE && !os_read_at(file, 0, head, 8, &got) &&
           got == 8 && head[0] == MAGIC && head[1] == VERSION;
}

/* An empty list; with the lock of changing. */
static u32 make_list(void)
{
    struct list_head *head = os_calloc(1, sizeof *head);
    u32 err;
    if (!head)
        return ERROR_OUTOFMEMORY;
    err = os_write_at(file, 0, head, sizeof *head);
    if (!err)
        err = os_resize(file, SIZE);
    head->magic = MAGIC;
    head->version = VERSION;
    head->boot = boot;
    if (!err)
        err = os_write_at(file, 0, head, 16);
    os_free(head);
    return err;
}

static u32 map_list(void)
{
    void *view;
    u32 err = os_map(file, 0, SIZE, can_write, &lost, &view);
    if (!err)
        __atomic_store_n(&lost, false, __ATOMIC_RELEASE);
    if (!err)
        __atomic_store_n(&list, view, __ATOMIC_RELEASE);
    return err;
}

static bool open_list(void)
{
    u32 err;
    os_mutex_lock(&open_lock);
    if (!list && file_name && os_exists(file_name)) {
        err = open_file(false);
        if (!err && !is_whole())
            err = ERROR_FILE_NOT_FOUND;
        if (!err)
            err = map_list();
        if (err)
            close_list();
    }
    bool is_open = list != NULL;
    os_mutex_unlock(&open_lock);
    return is_open;
}

bool loaded_open(void)
{
    if (__atomic_load_n(&list, __ATOMIC_ACQUIRE) || open_list())
        return true;
    if (__atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED) != LOOKS_MAX || loaded_lock(0))
        return false;
    loaded_unlock();
    return true;
}

/* --- reading
 * ---------------------------------------------------------------------------------------------- */

u32 loaded_id(u32 slot)
{
    struct list_head *l = __atomic_load_n(&list, __ATOMIC_ACQUIRE);
    return __atomic_load_n(&l->boot, __ATOMIC_RELAXED) == boot
               ? __atomic_load_n(&l->ids[slot], __ATOMIC_ACQUIRE)
               : 0;
}

static bool is_entry(const struct loaded_record *r)
{
    return r->name_len && r->name_len <= KEY_NAME_MAX && r->path_len &&
           r->path_len < LOADED_PATH_MAX;
}

bool loaded_read(u32 slot, struct loaded *e)
{
    struct loaded_record *r;
    u32 got;
    e->slot = slot;
    e->id = loaded_id(slot);
    r = e->id ? os_alloc(sizeof *r) : NULL;
    if (!r)
        return false;
    bool good = !os_read_at(file, RECORDS + slot * RECORD, r, sizeof *r, &got) &&
                got == sizeof *r && is_entry(r) && loaded_id(slot) == e->id;
    if (good) {
        e->top = r->top;
        e->name_len = r->name_len;
        memcpy(e->name, r->name, r->name_len * 2);
        memcpy(e->path, r->path, r->path_len * 2);
        e->path[r->path_len] = 0;
    }
    os_free(r);
    return good;
}

/* --- changing
 * --------------------------------------------------------------------------------------------- */

static bool lock_threads(u32 timeout_ms)
{
    u64 start = os_ticks();
    while (!os_mutex_try(&change_lock)) {
        if (os_ticks() - start >= timeout_ms)
            return false;
        os_sleep(1);
    }
    return true;
}

/* A list of another start of the machine becomes an empty one of this. */
static void renew(void)
{
    if (list->boot == boot)
        return;
    for (u32 i = 0; i < LOADED_MAX; i++)
        __atomic_store_n(&list->ids[i], 0, __ATOMIC_RELAXED);
    __atomic_store_n(&list->boot, boot, __ATOMIC_RELEASE);
}

static u32 lock_file(u32 timeout_ms)
{
    u32 err = file ? ERROR_SUCCESS : open_file(true);
    bool anew;
    if (!err && !can_write)
        err = ERROR_ACCESS_DENIED;
    if (!err && os_lock(file, LOCK_CHANGE, 1, true, timeout_ms))
        err = ERROR_BUSY;
    if (err) {
        if (!list)
            close_list();
        return err;
    }
    /* Who reads the old view may go on doing so: it stays. */
    anew = !list || __atomic_load_n(&lost, __ATOMIC_ACQUIRE);
    if (anew && !is_whole())
        err = make_list();
    if (!err && anew)
        err = map_list();
    if (!err) {
        renew();
        return ERROR_SUCCESS;
    }
    os_unlock(file, LOCK_CHANGE, 1);
    if (!list)
        close_list();
    return err;
}

u32 loaded_lock(u32 timeout_ms)
{
    if (!lock_threads(timeout_ms))
        return WAIT_TIMEOUT;
    loaded_open();
    os_mutex_lock(&open_lock);
    u32 err = lock_file(timeout_ms);
    os_mutex_unlock(&open_lock);
    if (err)
        os_mutex_unlock(&change_lock);
    return err;
}

void loaded_unlock(void)
{
    os_unlock(file, LOCK_CHANGE, 1);
    os_mutex_unlock(&change_lock);
}

/* Ids are 31 bits and not 0. */
static u32 next_id(void)
{
    list->last_id = (list->last_id & 0x7fffffff) + 1;
    return list->last_id;
}

u32 loaded_add(struct loaded *e)
{
    struct loaded_record *r;
    u32 slot = 0, err;
    while (slot < LOADED_MAX && list->ids[slot])
        slot++;
    if (slot == LOADED_MAX)
        return ERROR_NO_SYSTEM_RESOURCES;
    r = os_calloc(1, sizeof *r);
    if (!r)
        return ERROR_OUTOFMEMORY;
    r->top = e->top;
    r->name_len = e->name_len;
    r->path_len = (u32)u16_len(e->path);
    memcpy(r->name, e->name, e->name_len * 2);
    memcpy(r->path, e->path, r->path_len * 2);
    err = os_write_at(file, RECORDS + slot * RECORD, r, sizeof *r);
    os_free(r);
    if (err)
        return err;
    e->slot = slot;
    e->id = next_id();
    __atomic_store_n(&list->ids[slot], e->id, __ATOMIC_RELEASE);
    return __atomic_load_n(&lost, __ATOMIC_ACQUIRE) ? ERROR_REGISTRY_IO_FAILED : ERROR_SUCCESS;
}

void loaded_remove(u32 slot)
{
    __atomic_store_n(&list->ids[slot], 0, __ATOMIC_RELEASE);
}

/* --- who has it open
 * -------------------------------------------------------------------------------------- */

u32 loaded_hold(u32 slot, u32 timeout_ms)
{
    return os_lock(file, LOCK_ENTRIES + slot, 1, false, timeout_ms) ? ERROR_BUSY : ERROR_SUCCESS;
}

u32 loaded_claim(u32 slot)
{
    return os_lock(file, LOCK_ENTRIES + slot, 1, true, 0) ? ERROR_BUSY : ERROR_SUCCESS;
}

void loaded_release(u32 slot)
{
    os_unlock(file, LOCK_ENTRIES + slot, 1);
}
