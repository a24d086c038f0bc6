/*
 * A folder of the host's as the machine that is installed on.
 *
 * Hidden and system stand in the attribute user.DOSATTRIB, as Wine writes them; read-only is that
 * the owner may not write. The time of creation is the file system's own, which nobody can set;
 * what is asked for otherwise stands in user.decanter.created, where it decides whether the file
 * was written since. Without either it is that of writing.
 */
#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "os.h"
#include "target_host.h"
#include "tgt_dirs_posix.h"
#include "utf16.h"

static const char dos_attribute[] = "user.DOSATTRIB";
static const char created_attribute[] = "user.decanter.created"; /* FILETIME, hexadecimal */
enum { IN_XATTR = TGT_HIDDEN | TGT_SYSTEM };

/* --- a path's state -----------------------------------------------------------------------------
 */

static const u64 epoch = 116444736000000000; /* of 1970, in FILETIME */

static u64 filetime(const struct timespec *t)
{
    return epoch + (u64)t->tv_sec * 10000000 + (u64)t->tv_nsec / 100;
}

/* By way of /proc, as there is no such call below a folder. */
static void proc_name(const struct td_place *p, char *out, size_t cap)
{
    snprintf(out, cap, "/proc/self/fd/%d/%s", p->fd, p->name);
}

/* A hexadecimal number; 0 where there is none. */
static u64 number_in(const struct td_place *p, const char *attribute)
{
    char path[TD_NAME + 40], text[32];
    ssize_t n;

    proc_name(p, path, sizeof(path));
    n = lgetxattr(path, attribute, text, sizeof(text) - 1);
    if (n <= 0)
        return 0;
    text[n] = 0;
    return strtoull(text, NULL, 16);
}

static u32 dos_attributes(const struct td_place *p)
{
    return (u32)number_in(p, dos_attribute) & IN_XATTR;
}

static u32 attributes_of(const struct td_place *p, const struct stat *st)
{
    u32 a = st->st_mode & S_IWUSR ? 0 : TGT_READONLY;

    if (S_ISLNK(st->st_mode))
        return TGT_LINK;
    if (S_ISDIR(st->st_mode))
        return TGT_FOLDER | dos_attributes(p);
    return a | TGT_ARCHIVE | dos_attributes(p);
}

/* To what is there, with the lock, which is held where it succeeds. */
static u32 find_there(const char16_t *path, struct td_place *p)
{
    u32 err;

    td_lock();
    err = td_find(path, p);
    if (!err && !p->there)
        err = ERROR_FILE_NOT_FOUND;
    if (err)
        td_unlock();
    return err;
}

/* The file system's; 0 where it has none. */
static u64 born(const struct td_place *p)
{
    struct statx sx;
    struct timespec t;

    if (statx(p->fd, p->name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &sx) ||
        !(sx.stx_mask & STATX_BTIME))
        return 0;
    t.tv_sec = (time_t)sx.stx_btime.tv_sec;
    t.tv_nsec = (long)sx.stx_btime.tv_nsec;
    return filetime(&t);
}

static u64 created_at(const struct td_place *p, const struct stat *st)
{
    u64 t = S_ISREG(st->st_mode) ? number_in(p, created_attribute) : 0;

    if (!t)
        t = born(p);
    return t ? t : filetime(&st->st_mtim);
}

u32 tgt_stat(const char16_t *path, struct tgt_stat *out)
{
    struct td_place p;
    struct stat st;
    u32 err = find_there(path, &p);

    if (err)
        return err;
    if (fstatat(p.fd, p.name, &st, AT_SYMLINK_NOFOLLOW)) {
        err = td_error(errno);
    } else {
        out->size = S_ISREG(st.st_mode) ? (u64)st.st_size : 0;
        out->created = created_at(&p, &st);
        out->written = filetime(&st.st_mtim);
        out->attributes = attributes_of(&p, &st);
        out->volume = (u64)st.st_dev;
    }
    td_unlock();
    return err;
}

u32 tgt_glance(const char16_t *path, struct tgt_stat *out)
{
    return tgt_stat(path, out);
}

u32 tgt_real_name(const char16_t *path, char16_t *name, size_t cap)
{
    struct td_place p;
    u32 err = find_there(path, &p);
    size_t n;

    if (err)
        return err;
    n = u16_from_utf8(name, cap - 1, p.name, strlen(p.name), true);
    if (n < cap)
        name[n] = 0;
    td_unlock();
    return n < cap ? ERROR_SUCCESS : ERROR_BUFFER_OVERFLOW;
}

/* 0 takes it away. A file system without such attributes keeps none. */
static u32 write_number(const struct td_place *p, const char *attribute, u64 number)
{
    char path[TD_NAME + 40], text[32];
    int n, failed;

    if (number_in(p, attribute) == number)
        return ERROR_SUCCESS;
    proc_name(p, path, sizeof(path));
    n = snprintf(text, sizeof(text), "0x%llx", (unsigned long long)number);
    failed =
        number ? lsetxattr(path, attribute, text, (size_t)n, 0) : lremovexattr(path, attribute);
    return failed && errno != ENOTSUP && errno != ENODATA ? td_error(errno) : ERROR_SUCCESS;
}

static u32 write_dos_attributes(const struct td_place *p, u32 wanted)
{
    return write_number(p, dos_attribute, wanted & IN_XATTR);
}

/* Only where the file would count as written since it was made, or not, and should not, or should.
 */
static u32 write_created(const struct td_place *p, u64 created)
{
    struct stat st;
    u64 written, there;

    if (fstatat(p->fd, p->name, &st, AT_SYMLINK_NOFOLLOW))
        return td_error(errno);
    if (!S_ISREG(st.st_mode))
        return ERROR_SUCCESS;
    written = filetime(&st.st_mtim);
    there = created_at(p, &st);
    return (written <= there) == (written <= created) ? ERROR_SUCCESS
                                                      : write_number(p, created_attribute, created);
}

/* Who may read it may write it again. */
static mode_t with_mode(mode_t mode, bool readonly)
{
    if (readonly)
        return mode & ~(mode_t)0222;
    return mode & 0200 ? mode : mode | 0200;
}

static u32 set_attributes(const struct td_place *p, u32 attributes)
{
    bool readonly = attributes & TGT_READONLY;
    struct stat st;
    mode_t mode;
    u32 err;

    if (fstatat(p->fd, p->name, &st, AT_SYMLINK_NOFOLLOW))
        return td_error(errno);
    if (S_ISLNK(st.st_mode))
        return ERROR_ACCESS_DENIED;
    mode = S_ISDIR(st.st_mode) ? st.st_mode : with_mode(st.st_mode, readonly);
    if (!readonly && mode != st.st_mode && fchmodat(p->fd, p->name, mode & 07777, 0))
        return td_error(errno);
    err = write_dos_attributes(p, attributes);
    if (!err && readonly && mode != st.st_mode && fchmodat(p->fd, p->name, mode & 07777, 0))
        err = td_error(errno);
    return err;
}

u32 tgt_set_attributes(const char16_t *path, u32 attributes)
{
    struct td_place p;
    u32 err = find_there(path, &p);

    if (err)
        return err;
    err = os_fault_now(OS_FAULT_WRITE) ? ERROR_WRITE_FAULT : set_attributes(&p, attributes);
    td_unlock();
    return err;
}

u32 tgt_set_times(const char16_t *path, u64 created, u64 written)
{
    struct timespec t[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
    struct td_place p;
    u32 err = find_there(path, &p);

    if (err)
        return err;
    if (written) {
        t[1].tv_sec = (time_t)(written / 10000000) - (time_t)(epoch / 10000000);
        t[1].tv_nsec = (long)(written % 10000000) * 100;
    }
    if (os_fault_now(OS_FAULT_WRITE))
        err = ERROR_WRITE_FAULT;
    else if (utimensat(p.fd, p.name, t, AT_SYMLINK_NOFOLLOW))
        err = td_error(errno);
    else if (created)
        err = write_created(&p, created);
    td_unlock();
    return err;
}

/* --- folders ------------------------------------------------------------------------------------
 */

/* For what is to be made: held, and not there. */
static u32 find_new(const char16_t *path, struct td_place *p)
{
    u32 err;

    td_lock();
    err = td_find(path, p);
    if (!err && p->there)
        err = ERROR_FILE_EXISTS;
    if (!err && os_fault_now(OS_FAULT_WRITE))
        err = ERROR_WRITE_FAULT;
    if (err)
        td_unlock();
    return err;
}

u32 tgt_make_folder(const char16_t *path)
{
    struct td_place p;
    u32 err = find_new(path, &p);
    struct tgt_stat st;

    if (err == ERROR_FILE_EXISTS) {
        err = tgt_stat(path, &st);
        return err ? err : st.attributes & TGT_FOLDER ? ERROR_ALREADY_EXISTS : ERROR_DIRECTORY;
    }
    if (err)
        return err;
    if (mkdirat(p.fd, p.name, 0777))
        err = td_error(errno);
    else
        td_made(&p);
    td_unlock();
    return err;
}

static const char *held = "";

void tgt_be_held(const char *name)
{
    held = name;
}

static u32 unlink_it(const char16_t *path, int flags)
{
    struct td_place p;
    u32 err = find_there(path, &p);

    if (err)
        return err;
    if (!strcmp(p.name, held))
        err = ERROR_SHARING_VIOLATION;
    else if (os_fault_now(OS_FAULT_WRITE))
        err = ERROR_WRITE_FAULT;
    else if (unlinkat(p.fd, p.name, flags))
        err = errno == EEXIST ? ERROR_DIR_NOT_EMPTY : td_error(errno);
    if (!err)
        td_gone(path, p.name);
    if (!err && flags)
        td_forget(path);
    td_unlock();
    return err;
}

u32 tgt_remove_folder(const char16_t *path)
{
    u32 err = unlink_it(path, AT_REMOVEDIR);

    return err == ERROR_PATH_NOT_FOUND ? ERROR_DIRECTORY : err;
}

u32 tgt_remove(const char16_t *path)
{
    return unlink_it(path, 0);
}

static u32 each_name(int fd, const char *host,
                     u32 (*each)(void *ctx, const char16_t *name, u32 attributes), void *ctx)
{
    struct td_place p = {.fd = fd};
    char16_t name[TD_NAME];
    struct stat st;
    size_t n;

    if (!strcmp(host, ".") || !strcmp(host, "..") || strlen(host) >= TD_NAME)
        return ERROR_SUCCESS;
    memcpy(p.name, host, strlen(host) + 1);
    if (fstatat(fd, host, &st, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT ? ERROR_SUCCESS : td_error(errno);
    n = u16_from_utf8(name, TD_NAME - 1, host, strlen(host), true);
    name[n] = 0;
    return each(ctx, name, attributes_of(&p, &st));
}

/* Without the lock while each is called: it may ask for more. */
u32 tgt_each(const char16_t *folder, u32 (*each)(void *ctx, const char16_t *name, u32 attributes),
             void *ctx)
{
    struct dirent *e;
    DIR *stream;
    int fd = -1;
    u32 err;

    td_lock();
    err = td_open(folder, &fd);
    td_unlock();
    if (err)
        return err;
    stream = fdopendir(fd);
    if (!stream) {
        close(fd);
        return ERROR_OUTOFMEMORY;
    }
    while (!err && (e = readdir(stream)))
        err = each_name(fd, e->d_name, each, ctx);
    closedir(stream);
    return err;
}

/* --- files --------------------------------------------------------------------------------------
 */

struct tgt_file {
    int fd;
};

static u32 file_of(int fd, struct tgt_file **out)
{
    struct tgt_file *f;

    if (fd < 0)
        return td_error(errno);
    f = os_alloc(sizeof(*f));
    if (!f) {
        close(fd);
        return ERROR_OUTOFMEMORY;
    }
    f->fd = fd;
    *out = f;
    return ERROR_SUCCESS;
}

u32 tgt_create(const char16_t *path, struct tgt_file **out)
{
    struct td_place p;
    u32 err = find_new(path, &p);
    int fd;

    if (err)
        return err;
    fd = openat(p.fd, p.name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    err = file_of(fd, out);
    if (fd >= 0)
        td_made(&p); /* also where there is no memory for more */
    td_unlock();
    return err;
}

u32 tgt_open(const char16_t *path, struct tgt_file **out)
{
    struct td_place p;
    struct stat st;
    u32 err = find_there(path, &p);

    if (err)
        return err;
    if (fstatat(p.fd, p.name, &st, AT_SYMLINK_NOFOLLOW))
        err = td_error(errno);
    else if (!S_ISREG(st.st_mode))
        err = ERROR_ACCESS_DENIED; /* a pipe would wait */
    else
        err = file_of(openat(p.fd, p.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), out);
    td_unlock();
    return err;
}

u32 tgt_read(struct tgt_file *f, void *buf, u32 n, u32 *got)
{
    u8 *to = buf;

    for (*got = 0; *got < n;) {
        ssize_t r = read(f->fd, to + *got, n - *got);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return td_error(errno);
        if (!r)
            break;
        *got += (u32)r;
    }
    return ERROR_SUCCESS;
}

u32 tgt_write(struct tgt_file *f, const void *buf, u32 n)
{
    const u8 *from = buf;
    u32 done = 0;

    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_WRITE_FAULT;
    while (done < n) {
        ssize_t r = write(f->fd, from + done, n - done);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return td_error(errno);
        done += (u32)r;
    }
    if (os_watch)
        os_watch(f->fd, false);
    return ERROR_SUCCESS;
}

static u32 sync_fd(int fd, int (*sync)(int fd))
{
    if (os_fault_now(OS_FAULT_SYNC) || sync(fd))
        return ERROR_IO_DEVICE;
    if (os_watch)
        os_watch(fd, true);
    return ERROR_SUCCESS;
}

u32 tgt_sync(struct tgt_file *f)
{
    return sync_fd(f->fd, fdatasync);
}

void tgt_close(struct tgt_file *f)
{
    close(f->fd);
    os_free(f);
}

u32 tgt_close_at(struct tgt_file *f, const char16_t *path, u32 attributes, u64 created, u64 written)
{
    u32 err;

    tgt_close(f);
    err = tgt_set_times(path, created, written);
    return err || !attributes ? err : tgt_set_attributes(path, attributes);
}

static bool are_apart;

void tgt_be_apart(bool apart)
{
    are_apart = apart;
}

static bool is_apart(int a, int b)
{
    struct stat x, y;

    return are_apart && !fstat(a, &x) && !fstat(b, &y) && x.st_ino != y.st_ino;
}

/* Within td_lock no second place may be looked for while the first one's folder is in use, so that
 * one is kept open. */
static u32 rename_to(int from_fd, const char *from, const char16_t *to)
{
    struct td_place p;
    u32 err = td_find(to, &p);

    if (!err && p.there)
        err = ERROR_FILE_EXISTS;
    if (!err && os_fault_now(OS_FAULT_RENAME))
        err = ERROR_ACCESS_DENIED;
    if (!err && is_apart(from_fd, p.fd))
        err = ERROR_NOT_SAME_DEVICE;
    if (!err && renameat2(from_fd, from, p.fd, p.name, RENAME_NOREPLACE) &&
        (errno != EINVAL || renameat(from_fd, from, p.fd, p.name)))
        err = td_error(errno);
    if (!err)
        td_made(&p);
    return err;
}

static bool is_link(const struct td_place *p)
{
    struct stat st;

    return !fstatat(p->fd, p->name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode);
}

static u32 rename_from(const char16_t *from, const char16_t *to, bool file)
{
    struct td_place p;
    u32 err = find_there(from, &p);
    int fd;

    if (err)
        return err;
    if (!strcmp(p.name, held))
        err = ERROR_SHARING_VIOLATION;
    else if (file && is_link(&p))
        err = ERROR_ACCESS_DENIED;
    if (err) {
        td_unlock();
        return err;
    }
    fd = fcntl(p.fd, F_DUPFD_CLOEXEC, 0);
    err = fd < 0 ? td_error(errno) : rename_to(fd, p.name, to);
    if (fd >= 0)
        close(fd);
    if (!err) {
        td_gone(from, p.name);
        td_forget(from); /* it may have been a folder */
    }
    td_unlock();
    return err;
}

u32 tgt_rename(const char16_t *from, const char16_t *to)
{
    return rename_from(from, to, false);
}

u32 tgt_rename_file(const char16_t *from, const char16_t *to)
{
    return rename_from(from, to, true);
}

u32 tgt_rename_folder(const char16_t *from, const char16_t *to)
{
    return rename_from(from, to, true);
}

u32 tgt_sync_folder(const char16_t *folder)
{
    int fd = -1;
    u32 err;

    td_lock();
    err = td_open(folder, &fd);
    td_unlock();
    if (err)
        return err;
    err = sync_fd(fd, fsync);
    close(fd);
    return err;
}

/* --- drives -------------------------------------------------------------------------------------
 */

u32 tgt_space(const char16_t *path, u64 *available, u32 *cluster)
{
    const char16_t drive[] = {path[0], path[0] ? path[1] : 0, 0};
    struct statvfs st;
    int fd = -1;
    u32 err;

    td_lock();
    err = td_open(drive, &fd);
    td_unlock();
    if (err)
        return err;
    if (fstatvfs(fd, &st)) {
        err = td_error(errno);
    } else {
        *available = (u64)st.f_bavail * st.f_frsize;
        *cluster = (u32)st.f_bsize;
    }
    close(fd);
    return err;
}

void tgt_forget(void)
{
    td_lock();
    td_forget_all();
    td_unlock();
}

void tgt_system_drive(char16_t out[3])
{
    out[0] = 'C';
    out[1] = ':';
    out[2] = 0;
}

u32 tgt_host_path(const char16_t *path, char16_t *out, size_t cap)
{
    char proc[64], real[4096];
    struct td_place p;
    ssize_t n;
    size_t len;
    u32 err;

    td_lock();
    err = td_find(path, &p);
    if (!err) {
        snprintf(proc, sizeof(proc), "/proc/self/fd/%d", p.fd);
        n = readlink(proc, real, sizeof(real) - 1);
        if (n <= 0 || (size_t)n + strlen(p.name) + 2 > sizeof(real)) {
            err = ERROR_BUFFER_OVERFLOW;
        } else {
            snprintf(real + n, sizeof(real) - (size_t)n, "/%s", p.name);
            len = u16_from_utf8(out, cap - 1, real, strlen(real), true);
            out[MIN(len, cap - 1)] = 0;
            err = len < cap ? ERROR_SUCCESS : ERROR_BUFFER_OVERFLOW;
        }
    }
    td_unlock();
    return err;
}

u32 tgt_sync_drives(void)
{
    return td_root() < 0 ? ERROR_PATH_NOT_FOUND : sync_fd(td_root(), syncfs);
}
