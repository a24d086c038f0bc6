/*
 * The file COMMITTED; joint.h has its layout.
 */
#include <string.h>

#include "hive_log.h"
#include "joint.h"
#include "os.h"
#include "pathname.h"
#include "utf16.h"

#define FILE_SIZE (JOINT_PLACES * 8)
#define MAKE_LOCK 0x4000000000ull /* by whoever makes the places real blocks */
#define MAKE_WAIT 10000u          /* ms */

static const char16_t file_name[] = u"COMMITTED";

/* The path of COMMITTED beside that of a hive, from os_alloc; NULL: no memory. */
static char16_t *beside(const char16_t *hive_path)
{
    size_t len = u16_len(hive_path);
    char16_t *path = os_alloc((len + ARRAY_LEN(file_name)) * sizeof(*path));

    if (!path)
        return NULL;
    len = path_name(hive_path, len);
    memcpy(path, hive_path, len * sizeof(*path));
    memcpy(path + len, file_name, sizeof(file_name));
    return path;
}

/* --- deciding --------------------------------------------------------------------------------- */

static u32 set_record(struct joint *j, const char16_t *path)
{
    size_t len = u16_len(path);

    if (!os_path_shared(path, j->path, ARRAY_LEN(j->path))) {
        if (len >= ARRAY_LEN(j->path))
            return ERROR_FILENAME_EXCED_RANGE;
        memcpy(j->path, path, (len + 1) * sizeof(*path));
    }
    j->record.path = j->path;
    j->record.len = (u32)u16_len(j->path);
    do
        os_random(&j->record.id, sizeof(j->record.id));
    while (!j->record.id);
    return ERROR_SUCCESS;
}

/* A full disk is an error here, not a fault in the mapping. */
static u32 make_places(struct joint *j, const char16_t *path)
{
    u64 size;
    u32 err = os_lock(j->file, MAKE_LOCK, 1, true, MAKE_WAIT);

    if (err)
        return ERROR_BUSY;
    err = os_size(j->file, &size);
    if (!err && size < FILE_SIZE)
        err = hlog_zeros(j->file, size, FILE_SIZE - (u32)size);
    if (!err && size < FILE_SIZE)
        err = os_sync_folder(path);
    os_unlock(j->file, MAKE_LOCK, 1);
    return err;
}

u32 joint_open(struct joint *j, const char16_t *hive_path)
{
    char16_t *path = beside(hive_path);
    void *places;
    u32 err;

    memset(j, 0, sizeof(*j));
    if (!path)
        return ERROR_OUTOFMEMORY;
    err = set_record(j, path);
    if (!err)
        err = os_open(path, OS_READ | OS_WRITE | OS_CREATE, &j->file);
    os_step();
    if (!err)
        err = make_places(j, path);
    os_step();
    if (!err)
        err = os_map(j->file, 0, FILE_SIZE, true, &j->lost, &places);
    if (!err)
        j->places = places;
    os_free(path);
    return err;
}

static u64 *take_place(struct joint *j)
{
    for (u32 i = 0; i < JOINT_PLACES; i++) {
        u64 none = 0;

        if (__atomic_compare_exchange_n(&j->places[i], &none, j->record.id, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
            return &j->places[i];
    }
    return NULL;
}

static void give_back(struct joint *j)
{
    __atomic_store_n(j->mine, 0, __ATOMIC_RELEASE);
    j->mine = NULL;
}

/* What was stored is in the file; were that shorter by now, it would be in this process alone. */
static u32 look_at_mine(const struct joint *j)
{
    u64 there = 0, off = (u64)(j->mine - j->places) * sizeof(there);
    u32 got = 0, err = os_read_at(j->file, off, &there, sizeof(there), &got);

    if (!err && (got < sizeof(there) || there != j->record.id))
        err = ERROR_REGISTRY_IO_FAILED;
    return err;
}

u32 joint_decide(struct joint *j)
{
    u32 err;

    os_step();
    j->mine = take_place(j);
    os_step();
    if (!j->mine)
        return ERROR_NO_LOG_SPACE;
    err = os_sync(j->file);
    if (!err)
        err = look_at_mine(j);
    os_step();
    if (err)
        give_back(j);
    return err;
}

void joint_close(struct joint *j, bool sealed)
{
    os_step();
    if (j->mine && sealed)
        give_back(j);
    os_step();
    if (j->places)
        os_unmap(j->places, FILE_SIZE);
    os_close(j->file);
}

/* --- what was decided ---------------------------------------------------------------------------
 */

static u32 look(const char16_t *path, u64 id, bool *yes)
{
    u64 places[JOINT_PLACES];
    struct os_file *f;
    u32 got = 0, err = os_open(path, OS_READ, &f);

    if (err)
        return err;
    err = os_read_at(f, 0, places, sizeof(places), &got);
    os_close(f);
    for (u32 i = 0; !err && i < got / 8; i++)
        *yes |= id && places[i] == id;
    return err;
}

/* Of the place that a log names, which may be anything: only what may be otherwise in a moment
 * keeps the hive from being opened. */
static bool says_later(u32 err)
{
    return err == ERROR_OUTOFMEMORY || err == ERROR_NOT_ENOUGH_MEMORY ||
           err == ERROR_SHARING_VIOLATION || err == ERROR_LOCK_VIOLATION ||
           err == ERROR_TOO_MANY_OPEN_FILES;
}

static bool says_no(u32 err)
{
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND ||
           err == ERROR_ACCESS_DENIED || err == ERROR_INVALID_NAME || err == ERROR_BAD_PATHNAME ||
           err == ERROR_FILENAME_EXCED_RANGE || err == ERROR_DIRECTORY;
}

static u32 look_beside(u64 id, const char16_t *hive_path, bool *yes)
{
    char16_t *path = beside(hive_path);
    u32 err = path ? look(path, id, yes) : (u32)ERROR_OUTOFMEMORY;

    os_free(path);
    return says_no(err) ? ERROR_SUCCESS : err;
}

/* A log may say anything: no name but ours, and no other machine, is opened for it. */
static bool plausible(const char16_t *path)
{
    size_t len = u16_len(path), name = ARRAY_LEN(file_name) - 1;
    bool local = path[0] == '/' ? path[1] != '/' && path[1] != '\\'
                                : path[0] && path[1] == ':' && (path[2] == '\\' || path[2] == '/');

    return local && len > name && u16_equal(path + len - name, file_name) &&
           (path[len - name - 1] == '/' || path[len - name - 1] == '\\');
}

static u32 look_where_told(const struct log_joint *record, bool *yes)
{
    char16_t path[JOINT_PATH], local[JOINT_PATH];
    u32 err;

    if (record->len >= ARRAY_LEN(path))
        return ERROR_SUCCESS;
    memcpy(path, record->path, record->len * sizeof(*path));
    path[record->len] = 0;
    if (!plausible(path))
        return ERROR_SUCCESS;
    err = look(os_path_local(path, local, ARRAY_LEN(local)) ? local : path, record->id, yes);
    return says_later(err) ? err : ERROR_SUCCESS;
}

/* First beside the hive: the folder may have been moved since. */
u32 joint_decided(const struct log_joint *record, const char16_t *hive_path, bool *yes)
{
    u32 err;

    *yes = false;
    err = look_beside(record->id, hive_path, yes);
    if (err || *yes)
        return err;
    return look_where_told(record, yes);
}
