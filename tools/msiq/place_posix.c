/*
 * Placing files on the host: each folder is opened from the one above it, without following links.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cabinet.h"
#include "os.h"
#include "place.h"
#include "utf16.h"

struct place {
    int root, last; /* last: the folder of the file before, -1 for none */
    char *last_path;
    mode_t mask;
    u32 serial; /* of the names that files have until they are whole */
};

struct place_file {
    struct place *place;
    int fd, dir; /* dir is the place's */
    char *name;
    char temporary[32];
};

static u32 error_of(int e)
{
    switch (e) {
    case ENOENT:
        return ERROR_PATH_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return ERROR_ACCESS_DENIED;
    case ENOTDIR:
    case ELOOP:
        return ERROR_DIRECTORY;
    case EEXIST:
    case EISDIR:
        return ERROR_FILE_EXISTS;
    case ENAMETOOLONG:
        return ERROR_FILENAME_EXCED_RANGE;
    case ENOMEM:
        return ERROR_OUTOFMEMORY;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERROR_DISK_FULL;
    case EMFILE:
    case ENFILE:
        return ERROR_TOO_MANY_OPEN_FILES;
    default:
        return ERROR_WRITE_FAULT;
    }
}

u32 place_open(const char16_t *folder, struct place **out)
{
    char *path = u16_dup_to_utf8(folder);
    struct place *p = os_calloc(1, sizeof(*p));
    u32 err = ERROR_SUCCESS;

    if (!path || !p) {
        os_free(path);
        os_free(p);
        return ERROR_OUTOFMEMORY;
    }
    p->last = -1;
    p->mask = umask(0);
    umask(p->mask);
    p->root =
        mkdir(path, 0777) && errno != EEXIST ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->root < 0) {
        err = error_of(errno);
        os_free(p);
    } else {
        *out = p;
    }
    os_free(path);
    return err;
}

static void forget_last(struct place *p)
{
    if (p->last >= 0 && p->last != p->root)
        close(p->last);
    os_free(p->last_path);
    p->last = -1;
    p->last_path = NULL;
}

void place_close(struct place *p)
{
    if (!p)
        return;
    forget_last(p);
    close(p->root);
    os_free(p);
}

/* --- folders -----------------------------------------------------------------------------------
 */

static int open_folder(int dir, const char *name)
{
    int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (sub >= 0 || errno != ENOENT)
        return sub;
    if (mkdirat(dir, name, 0777) && errno != EEXIST)
        return -1;
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The folder of path's n first bytes; path is changed and put back. */
static u32 walk(struct place *p, char *path, size_t n)
{
    int dir = p->root;

    forget_last(p);
    for (size_t at = 0; at < n;) {
        size_t len = 0;
        char kept;
        int sub;

        while (at + len < n && path[at + len] != '/')
            len++;
        kept = path[at + len];
        path[at + len] = 0;
        sub = open_folder(dir, path + at);
        path[at + len] = kept;
        if (dir != p->root)
            close(dir);
        if (sub < 0)
            return error_of(errno);
        dir = sub;
        at += len + 1;
    }
    p->last = dir;
    p->last_path = os_alloc(n + 1);
    if (!p->last_path)
        return ERROR_OUTOFMEMORY;
    memcpy(p->last_path, path, n);
    p->last_path[n] = 0;
    return ERROR_SUCCESS;
}

static u32 folder_of(struct place *p, char *path, size_t n)
{
    if (p->last >= 0 && p->last_path && strlen(p->last_path) == n && !memcmp(p->last_path, path, n))
        return ERROR_SUCCESS;
    return walk(p, path, n);
}

/* --- files --------------------------------------------------------------------------------------
 */

static u32 start_file(struct place_file *f, char *path)
{
    char *slash = strrchr(path, '/');
    u32 err = folder_of(f->place, path, slash ? (size_t)(slash - path) : 0);

    if (err)
        return err;
    f->dir = f->place->last;
    f->name = os_alloc(strlen(slash ? slash + 1 : path) + 1);
    if (!f->name)
        return ERROR_OUTOFMEMORY;
    memcpy(f->name, slash ? slash + 1 : path, strlen(slash ? slash + 1 : path) + 1);
    for (u32 tries = 0; tries < 100; tries++) {
        snprintf(f->temporary, sizeof(f->temporary), ".msiq-%u-%u.new", (unsigned)getpid(),
                 (unsigned)f->place->serial++);
        f->fd = openat(f->dir, f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                       0666);
        if (f->fd >= 0 || errno != EEXIST)
            break;
    }
    return f->fd < 0 ? error_of(errno) : ERROR_SUCCESS;
}

u32 place_begin(struct place *p, const char16_t *path, struct place_file **out)
{
    char *name = u16_dup_to_utf8(path);
    struct place_file *f = os_calloc(1, sizeof(*f));
    u32 err = name && f ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err) {
        f->place = p;
        f->fd = -1;
        err = start_file(f, name);
    }
    os_free(name);
    if (err) {
        if (f)
            os_free(f->name);
        os_free(f);
        return err;
    }
    *out = f;
    return ERROR_SUCCESS;
}

u32 place_write(struct place_file *f, const void *data, u32 n)
{
    const char *at = data;

    while (n) {
        ssize_t done = write(f->fd, at, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return error_of(errno);
        at += done;
        n -= (u32)done;
    }
    return ERROR_SUCCESS;
}

static void set_time(int fd, u32 date, u32 time)
{
    struct tm tm = {.tm_year = (int)(date >> 9) + 80,
                    .tm_mon = (int)(date >> 5 & 15) - 1,
                    .tm_mday = (int)(date & 31),
                    .tm_hour = (int)(time >> 11),
                    .tm_min = (int)(time >> 5 & 63),
                    .tm_sec = (int)(time & 31) * 2,
                    .tm_isdst = -1};
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = mktime(&tm)}};

    if (date && times[1].tv_sec != (time_t)-1)
        futimens(fd, times);
}

static void set_mode(struct place_file *f, u32 attributes)
{
    mode_t mode = 0666;

    if (attributes & CAB_EXECUTE)
        mode |= 0111;
    if (attributes & CAB_READONLY)
        mode &= ~(mode_t)0222;
    if (mode != 0666)
        fchmod(f->fd, mode & ~f->place->mask);
}

/* A plain file is replaced; what is none stays. */
static u32 take_name(struct place_file *f)
{
    struct stat st;

    if (!renameat2(f->dir, f->temporary, f->dir, f->name, RENAME_NOREPLACE))
        return ERROR_SUCCESS;
    if (!fstatat(f->dir, f->name, &st, AT_SYMLINK_NOFOLLOW) && !S_ISREG(st.st_mode))
        return ERROR_FILE_EXISTS;
    return renameat(f->dir, f->temporary, f->dir, f->name) ? error_of(errno) : ERROR_SUCCESS;
}

static void end_file(struct place_file *f, bool whole)
{
    if (!whole)
        unlinkat(f->dir, f->temporary, 0);
    os_free(f->name);
    os_free(f);
}

u32 place_finish(struct place_file *f, u32 date, u32 time, u32 attributes)
{
    u32 err;

    set_time(f->fd, date, time);
    set_mode(f, attributes);
    err = close(f->fd) ? error_of(errno) : take_name(f);
    end_file(f, !err);
    return err;
}

void place_abandon(struct place_file *f)
{
    if (!f)
        return;
    close(f->fd);
    end_file(f, false);
}

/* --- looking ------------------------------------------------------------------------------------
 */

static char *find_name(const char *folder, const char16_t *name)
{
    DIR *d = opendir(*folder ? folder : ".");
    struct dirent *e;
    char *found = NULL;

    while (d && !found && (e = readdir(d))) {
        char16_t *wide = u16_dup_utf8(e->d_name);

        if (wide && u16_equal_fold(wide, name))
            found = strdup(e->d_name);
        os_free(wide);
    }
    if (d)
        closedir(d);
    return found;
}

char16_t *place_find(const char16_t *folder, const char16_t *name)
{
    char *in = u16_dup_to_utf8(folder), *exact = u16_dup_to_utf8(name), *path = NULL;
    char16_t *out = NULL;

    if (in && exact && asprintf(&path, "%s%s%s", in, *in ? "/" : "", exact) > 0 &&
        access(path, F_OK)) {
        char *other = find_name(in, name);

        free(path);
        path = NULL;
        if (other && asprintf(&path, "%s%s%s", in, *in ? "/" : "", other) < 0)
            path = NULL;
        free(other);
    }
    if (path)
        out = u16_dup_utf8(path);
    free(path);
    os_free(in);
    os_free(exact);
    return out;
}

void place_times(const char16_t *path, u32 *date, u32 *time)
{
    char *name = u16_dup_to_utf8(path);
    struct stat st;
    struct tm tm;

    *date = *time = 0;
    if (name && !stat(name, &st) && localtime_r(&st.st_mtime, &tm) && tm.tm_year >= 80 &&
        tm.tm_year < 208) {
        *date = (u32)(tm.tm_year - 80) << 9 | (u32)(tm.tm_mon + 1) << 5 | (u32)tm.tm_mday;
        *time = (u32)tm.tm_hour << 11 | (u32)tm.tm_min << 5 | (u32)tm.tm_sec / 2;
    }
    os_free(name);
}
