#include "tgt_dirs_posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "filename.h"
#include "hash.h"
#include "os.h"
#include "target_host.h"
#include "utf16.h"

enum { DIRS = 64, SCRATCH = 1024 };

/* The names of a folder: a hash of them folded, and their places in `text`. */
struct td_dir {
    char16_t *path; /* as it was asked for, without a backslash at the end; compared folded */
    size_t len;
    int fd;
    u64 used; /* when: the one unused for longest makes room */
    bool listed;
    struct hash_map map;
    struct buf text, starts;
};

static struct td_dir dirs[DIRS];
static u64 now;
static int root = -1;
static struct os_mutex mutex;

void td_lock(void)
{
    os_mutex_lock(&mutex);
}

void td_unlock(void)
{
    os_mutex_unlock(&mutex);
}

u32 td_error(int number)
{
    static const struct {
        int number;
        u32 code;
    } all[] = {{ENOENT, ERROR_FILE_NOT_FOUND},
               {ENOTDIR, ERROR_PATH_NOT_FOUND},
               {EEXIST, ERROR_FILE_EXISTS},
               {ENOTEMPTY, ERROR_DIR_NOT_EMPTY},
               {EACCES, ERROR_ACCESS_DENIED},
               {EPERM, ERROR_ACCESS_DENIED},
               {EROFS, ERROR_WRITE_PROTECT},
               {ENOSPC, ERROR_DISK_FULL},
               {EDQUOT, ERROR_DISK_FULL},
               {EXDEV, ERROR_NOT_SAME_DEVICE},
               {ELOOP, ERROR_BAD_PATHNAME},
               {EISDIR, ERROR_DIRECTORY},
               {ENOMEM, ERROR_OUTOFMEMORY},
               {EMFILE, ERROR_TOO_MANY_OPEN_FILES},
               {EBUSY, ERROR_BUSY},
               {ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE},
               {EIO, ERROR_IO_DEVICE},
               {ETXTBSY, ERROR_SHARING_VIOLATION}};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i].number == number)
            return all[i].code;
    return ERROR_GEN_FAILURE;
}

/* --- names of a folder --------------------------------------------------------------------------
 */

static void unlist(struct td_dir *d)
{
    d->listed = false;
    hash_clear(&d->map);
    d->text.len = d->starts.len = 0;
}

static void drop(struct td_dir *d)
{
    if (!d->path)
        return;
    os_free(d->path);
    close(d->fd);
    hash_free(&d->map);
    buf_free(&d->text);
    buf_free(&d->starts);
    memset(d, 0, sizeof(*d));
}

static const char *name_at(const struct td_dir *d, u32 i)
{
    return (const char *)d->text.data + le32(d->starts.data + 4 * (size_t)i);
}

struct name {
    const char16_t *s;
    size_t len;
};

static size_t widen(const char *host, char16_t out[SCRATCH])
{
    return MIN(u16_from_utf8(out, SCRATCH, host, strlen(host), true), (size_t)SCRATCH);
}

static bool is_name(const void *ctx, u32 value, const void *item)
{
    const struct name *n = item;
    char16_t wide[SCRATCH];

    return !u16_compare_fold(wide, widen(name_at(ctx, value), wide), n->s, n->len);
}

static u32 add_name(struct td_dir *d, const char *host)
{
    char16_t wide[SCRATCH];
    size_t len = widen(host, wide), start = d->text.len;
    u32 err = buf_add(&d->text, host, strlen(host) + 1);

    if (!err)
        err = buf_add32(&d->starts, (u32)start);
    if (!err)
        err = hash_add(&d->map, hash_name(wide, len), (u32)(d->starts.len / 4 - 1));
    return err;
}

static u32 list(struct td_dir *d)
{
    int fd = openat(d->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    u32 err = ERROR_SUCCESS;
    struct dirent *e;

    if (!stream) {
        err = td_error(errno);
        if (fd >= 0)
            close(fd);
        return err;
    }
    unlist(d);
    while (!err && (e = readdir(stream)))
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            err = add_name(d, e->d_name);
    closedir(stream);
    d->listed = !err;
    return err;
}

static bool is_there(int fd, const char *name)
{
    struct stat st;

    return !fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* Puts the name in out: the one that is there, be it in another case, else the one asked for. */
static u32 look_up(struct td_dir *d, const char16_t *name, size_t len, char out[TD_NAME],
                   bool *there)
{
    struct name wanted = {name, len};
    size_t n = u16_to_utf8(out, TD_NAME - 1, name, len, true);
    u32 err = ERROR_SUCCESS, i;

    if (n >= TD_NAME)
        return ERROR_FILENAME_EXCED_RANGE;
    out[n] = 0;
    *there = is_there(d->fd, out);
    for (int turn = 0; !err && !*there && turn < 2; turn++) {
        if (!d->listed)
            err = list(d);
        i = err ? HASH_NONE : hash_find(&d->map, hash_name(name, len), is_name, d, &wanted);
        if (i == HASH_NONE)
            break;
        if (is_there(d->fd, name_at(d, i))) {
            memcpy(out, name_at(d, i), strlen(name_at(d, i)) + 1);
            *there = true;
        } else {
            unlist(d); /* what it says is old */
        }
    }
    return err;
}

/* --- folders ------------------------------------------------------------------------------------
 */

static struct td_dir *cached(const char16_t *path, size_t len)
{
    for (u32 i = 0; i < DIRS; i++)
        if (dirs[i].path && dirs[i].len == len && !u16_compare_fold(dirs[i].path, len, path, len)) {
            dirs[i].used = ++now;
            return &dirs[i];
        }
    return NULL;
}

/* Takes fd, which it closes where it fails. */
static u32 keep(const char16_t *path, size_t len, int fd, struct td_dir **out)
{
    struct td_dir *d = &dirs[0];

    for (u32 i = 1; i < DIRS; i++)
        if (dirs[i].used < d->used)
            d = &dirs[i];
    drop(d);
    d->path = u16_dup(path, len);
    if (!d->path) {
        close(fd);
        return ERROR_OUTOFMEMORY;
    }
    d->len = len;
    d->fd = fd;
    d->used = ++now;
    hash_init(&d->map);
    *out = d;
    return ERROR_SUCCESS;
}

/* A link fails with ENOTDIR too, so the two are told apart. */
static u32 open_error(int fd, const char *name)
{
    int number = errno;
    struct stat st;

    if (number == ENOTDIR && !fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode))
        return ERROR_BAD_PATHNAME;
    return number == ENOENT ? ERROR_PATH_NOT_FOUND : td_error(number);
}

static size_t last_part(const char16_t *path, size_t len)
{
    while (len && path[len - 1] != '\\')
        len--;
    return len;
}

/* The folder of the first len characters, which do not end in a backslash; none: the root. */
static u32 open_dir(const char16_t *path, size_t len, struct td_dir **out)
{
    struct td_dir *up;
    struct td_place p;
    size_t start;
    int fd;
    u32 err;

    *out = cached(path, len);
    if (*out)
        return ERROR_SUCCESS;
    if (!len) {
        fd = fcntl(root, F_DUPFD_CLOEXEC, 0);
        return fd < 0 ? ERROR_PATH_NOT_FOUND : keep(path, 0, fd, out);
    }
    start = last_part(path, len);
    err = open_dir(path, start ? start - 1 : 0, &up);
    if (err)
        return err;
    if (start) {
        err = look_up(up, path + start, len - start, p.name, &p.there);
    } else {
        memcpy(p.name, "drive_?", 8);
        p.name[6] = (char)(path[0] | 0x20);
        p.there = is_there(up->fd, p.name);
    }
    if (err || !p.there)
        return err ? err : ERROR_PATH_NOT_FOUND;
    fd = openat(up->fd, p.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? open_error(up->fd, p.name) : keep(path, len, fd, out);
}

/* "X:" and then parts that are plain names, each with a backslash before it; one at the end of all
 * is left out of *len. */
static bool is_path(const char16_t *path, size_t *len)
{
    size_t n = u16_nlen(path, TGT_PATH), at = 2;

    if (n < 2 || n >= TGT_PATH || path[1] != ':' || (path[0] | 0x20) < 'a' ||
        (path[0] | 0x20) > 'z')
        return false;
    if (path[n - 1] == '\\')
        n--;
    while (at < n) {
        size_t start = ++at;

        if (path[start - 1] != '\\')
            return false;
        while (at < n && path[at] != '\\')
            at++;
        if (!file_name_is_plain(path + start, at - start))
            return false;
    }
    *len = n;
    return true;
}

u32 td_find(const char16_t *path, struct td_place *out)
{
    size_t len, start;
    u32 err;

    if (!is_path(path, &len))
        return ERROR_BAD_PATHNAME;
    if (root < 0)
        return ERROR_PATH_NOT_FOUND;
    start = last_part(path, len);
    err = open_dir(path, start ? start - 1 : 0, &out->dir);
    if (err)
        return err;
    out->fd = out->dir->fd;
    if (start)
        return look_up(out->dir, path + start, len - start, out->name, &out->there);
    memcpy(out->name, "drive_?", 8);
    out->name[6] = (char)(path[0] | 0x20);
    out->there = is_there(out->fd, out->name);
    return ERROR_SUCCESS;
}

void td_made(struct td_place *p)
{
    if (p->dir->listed && add_name(p->dir, p->name))
        unlist(p->dir); /* it is read again when it is asked for */
}

static bool is_host_name(const void *ctx, u32 value, const void *item)
{
    return !strcmp(name_at(ctx, value), item);
}

void td_gone(const char16_t *path, const char *name)
{
    struct td_dir *d = NULL;
    char16_t wide[SCRATCH];
    size_t len, start;
    u32 hash, i;

    if (is_path(path, &len) && (start = last_part(path, len)))
        d = cached(path, start - 1);
    if (!d || !d->listed)
        return;
    hash = hash_name(wide, widen(name, wide));
    i = hash_find(&d->map, hash, is_host_name, d, name);
    if (i != HASH_NONE)
        hash_remove(&d->map, hash, i);
}

void td_forget(const char16_t *path)
{
    size_t len;

    if (!is_path(path, &len))
        return;
    for (u32 i = 0; i < DIRS; i++)
        if (dirs[i].path && dirs[i].len >= len && !u16_compare_fold(dirs[i].path, len, path, len) &&
            (dirs[i].len == len || dirs[i].path[len] == '\\'))
            drop(&dirs[i]);
}

u32 td_open(const char16_t *path, int *fd)
{
    struct td_dir *d;
    size_t len;
    u32 err;

    if (!is_path(path, &len))
        return ERROR_BAD_PATHNAME;
    if (root < 0)
        return ERROR_PATH_NOT_FOUND;
    err = open_dir(path, len, &d);
    if (err)
        return err;
    *fd = openat(d->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd < 0 ? td_error(errno) : ERROR_SUCCESS;
}

int td_root(void)
{
    return root;
}

u32 tgt_use(const char *folder)
{
    u32 err = ERROR_SUCCESS;

    td_lock();
    for (u32 i = 0; i < DIRS; i++)
        drop(&dirs[i]);
    if (root >= 0)
        close(root);
    root = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder && root < 0)
        err = errno == ENOENT ? ERROR_PATH_NOT_FOUND : td_error(errno);
    td_unlock();
    td_tell(folder && !err);
    return err;
}

void td_forget_all(void)
{
    for (u32 i = 0; i < DIRS; i++)
        if (dirs[i].path)
            drop(&dirs[i]);
}
