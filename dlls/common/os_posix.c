/*
 * The operating system's seam on the host, for sanitizers, fuzzers and native tools (Linux).
 *
 * Byte-range locks are open file description locks: they belong to one open, as on Windows, and
 * exclude those that Wine takes for a Windows program. An open that denies sharing takes such a
 * lock on bytes far beyond any content, so that it works between native programs.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mem_size.h"
#include "os.h"
#include "os_views.h"
#include "utf16.h"

struct os_file {
    int fd;
};

static u32 watched(struct os_file *f, bool synced, u32 err)
{
    if (os_watch && !err)
        os_watch(f->fd, synced);
    return err;
}

/* --- memory -------------------------------------------------------------------------------- */

void *os_alloc(u64 size)
{
    if (size > PTRDIFF_MAX || os_fault_now(OS_FAULT_ALLOC))
        return NULL;
    return malloc(size ? (size_t)size : 1);
}

void *os_calloc(u64 count, u64 size)
{
    u64 bytes = mem_product(count, size);

    if (bytes > PTRDIFF_MAX || os_fault_now(OS_FAULT_ALLOC))
        return NULL;
    return calloc(bytes ? (size_t)bytes : 1, 1);
}

void *os_realloc(void *p, u64 size)
{
    if (size > PTRDIFF_MAX || os_fault_now(OS_FAULT_ALLOC))
        return NULL;
    return realloc(p, size ? (size_t)size : 1);
}

void os_free(void *p)
{
    free(p);
}

/* --- files --------------------------------------------------------------------------------- */

static u32 error_of(int e)
{
    switch (e) {
    case ENOENT:
        return ERROR_FILE_NOT_FOUND;
    case ENOTDIR:
        return ERROR_PATH_NOT_FOUND;
    case EEXIST:
        return ERROR_FILE_EXISTS;
    case EACCES:
    case EPERM:
    case EISDIR:
    case EROFS:
        return ERROR_ACCESS_DENIED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERROR_DISK_FULL;
    case EMFILE:
    case ENFILE:
        return ERROR_TOO_MANY_OPEN_FILES;
    case ENOMEM:
        return ERROR_NOT_ENOUGH_MEMORY;
    case EINVAL:
        return ERROR_INVALID_PARAMETER;
    case ENAMETOOLONG:
        return ERROR_FILENAME_EXCED_RANGE;
    default:
        return ERROR_IO_DEVICE;
    }
}

static bool host_path(const char16_t *path, char out[PATH_MAX])
{
    size_t n = u16_to_utf8(out, PATH_MAX - 1, path, u16_len(path), true);

    if (n >= PATH_MAX)
        return false;
    out[n] = 0;
    return true;
}

static bool range_lock(int fd, short type, u64 off, u64 len)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET};

    l.l_start = (off_t)off;
    l.l_len = (off_t)len;
    return fcntl(fd, F_OFD_SETLK, &l) == 0;
}

/* One byte stands for "may be read", one for "may be written": who denies holds it exclusively,
 * who uses it holds it shared. */
enum { DENY_READ_BYTE = 0, DENY_WRITE_BYTE = 1 };
static const u64 deny_base = 0x7ffffffffffffff0;

static bool take_share(int fd, u64 byte, bool deny, bool use)
{
    if (deny && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
        return range_lock(fd, F_WRLCK, deny_base + byte, 1);
    return !(use || deny) || range_lock(fd, F_RDLCK, deny_base + byte, 1);
}

static u32 open_flags(u32 flags)
{
    /* A pipe that somebody put there is not waited for. */
    u32 mode = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (flags & OS_WRITE ? O_RDWR : O_RDONLY);

    if (flags & OS_CREATE)
        mode |= O_CREAT | (flags & OS_EXCLUSIVE ? O_EXCL : 0);
    return mode;
}

u32 os_open(const char16_t *path, u32 flags, struct os_file **out)
{
    char name[PATH_MAX];
    struct os_file *f;
    u32 err = ERROR_SUCCESS;

    if (!host_path(path, name))
        return ERROR_FILENAME_EXCED_RANGE;
    f = os_alloc(sizeof(*f));
    if (!f)
        return ERROR_OUTOFMEMORY;
    f->fd = open(name, (int)open_flags(flags), 0666);
    if (f->fd < 0) {
        err = error_of(errno);
        os_free(f);
        return err;
    }
    if (!take_share(f->fd, DENY_READ_BYTE, flags & OS_DENY_READ, true) ||
        !take_share(f->fd, DENY_WRITE_BYTE, flags & OS_DENY_WRITE, flags & OS_WRITE))
        err = ERROR_SHARING_VIOLATION;
    else if ((flags & OS_TRUNCATE) && ftruncate(f->fd, 0))
        err = error_of(errno);
    if (err) {
        os_close(f);
        return err;
    }
    *out = f;
    return ERROR_SUCCESS;
}

/* Not through a link, and without waiting for whoever writes into a pipe. */
static u32 settle_beside(int fd, bool made, const struct stat *of)
{
    struct stat st;

    if (fstat(fd, &st))
        return error_of(errno);
    if (!S_ISREG(st.st_mode) || st.st_nlink > 1)
        return ERROR_ACCESS_DENIED;
    if (!made)
        return ERROR_SUCCESS;
    /* Who may not give it to the hive's owner keeps it, and the mode stays as narrow. */
    if ((st.st_uid != of->st_uid || st.st_gid != of->st_gid) &&
        fchown(fd, of->st_uid, of->st_gid) && fchown(fd, (uid_t)-1, of->st_gid))
        errno = 0;
    return fchmod(fd, of->st_mode & 0666) ? error_of(errno) : ERROR_SUCCESS;
}

static u32 open_beside(const char *name, u32 flags, const struct stat *of, int *fd)
{
    int mode = (int)(open_flags(flags & ~(u32)(OS_CREATE | OS_EXCLUSIVE)) | O_NOFOLLOW);
    bool made = false;
    u32 err;

    *fd = flags & OS_EXCLUSIVE ? -1 : open(name, mode);
    if (*fd < 0 && (flags & OS_CREATE) && ((flags & OS_EXCLUSIVE) || errno == ENOENT)) {
        *fd = open(name, mode | O_CREAT | O_EXCL, 0600);
        made = *fd >= 0;
    }
    if (*fd < 0)
        return errno == ELOOP ? ERROR_ACCESS_DENIED : error_of(errno);
    err = settle_beside(*fd, made, of);
    if (err)
        close(*fd);
    return err;
}

u32 os_open_beside(const char16_t *path, u32 flags, struct os_file *of, struct os_file **out)
{
    char name[PATH_MAX];
    struct os_file *f;
    struct stat st;
    u32 err;

    if (!host_path(path, name))
        return ERROR_FILENAME_EXCED_RANGE;
    if (fstat(of->fd, &st))
        return error_of(errno);
    f = os_alloc(sizeof(*f));
    if (!f)
        return ERROR_OUTOFMEMORY;
    err = open_beside(name, flags, &st, &f->fd);
    if (err)
        os_free(f);
    else
        *out = f;
    return err;
}

bool os_is_named(struct os_file *f, const char16_t *path)
{
    char name[PATH_MAX];
    struct stat a, b;

    if (!host_path(path, name) || fstat(f->fd, &a))
        return true;
    if (stat(name, &b))
        return errno != ENOENT;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

u32 os_names(struct os_file *f)
{
    struct stat st;

    return fstat(f->fd, &st) ? 1 : (u32)st.st_nlink;
}

void os_close(struct os_file *f)
{
    if (!f)
        return;
    close(f->fd);
    os_free(f);
}

u32 os_read_at(struct os_file *f, u64 off, void *buf, u32 n, u32 *got)
{
    u32 done = 0;

    while (done < n) {
        ssize_t part = pread(f->fd, (char *)buf + done, n - done, (off_t)(off + done));

        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return error_of(errno);
        if (!part)
            break;
        done += (u32)part;
    }
    *got = done;
    return ERROR_SUCCESS;
}

/* Where processes are killed at steps, one may be killed in the middle of a write too. */
static u32 part_of(u32 done, u32 n)
{
    if (!os_fault_on(OS_FAULT_STEP) || n < 1024)
        return n - done;
    if (done)
        os_step();
    return done ? n - done : n / 2;
}

u32 os_write_at(struct os_file *f, u64 off, const void *buf, u32 n)
{
    u32 done = 0;

    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_DISK_FULL;
    while (done < n) {
        ssize_t part =
            pwrite(f->fd, (const char *)buf + done, part_of(done, n), (off_t)(off + done));

        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return error_of(errno);
        done += (u32)part;
    }
    return watched(f, false, ERROR_SUCCESS);
}

u32 os_size(struct os_file *f, u64 *size)
{
    struct stat st;

    if (fstat(f->fd, &st))
        return error_of(errno);
    *size = (u64)st.st_size;
    return ERROR_SUCCESS;
}

u32 os_resize(struct os_file *f, u64 size)
{
    if (os_fault_now(OS_FAULT_WRITE))
        return ERROR_DISK_FULL;
    return watched(f, false, ftruncate(f->fd, (off_t)size) ? error_of(errno) : ERROR_SUCCESS);
}

u32 os_sync(struct os_file *f)
{
    if (os_fault_now(OS_FAULT_SYNC))
        return ERROR_WRITE_FAULT;
    return watched(f, true, fsync(f->fd) ? error_of(errno) : ERROR_SUCCESS);
}

u32 os_rename(const char16_t *from, const char16_t *to)
{
    char a[PATH_MAX], b[PATH_MAX];

    if (os_fault_now(OS_FAULT_RENAME))
        return ERROR_ACCESS_DENIED;
    if (!host_path(from, a) || !host_path(to, b))
        return ERROR_FILENAME_EXCED_RANGE;
    return rename(a, b) ? error_of(errno) : ERROR_SUCCESS;
}

u32 os_sync_folder(const char16_t *path)
{
    char name[PATH_MAX];
    char *slash;
    u32 err = ERROR_SUCCESS;
    int fd;

    if (!host_path(path, name))
        return ERROR_FILENAME_EXCED_RANGE;
    slash = strrchr(name, '/');
    if (slash)
        slash[slash == name] = 0;
    fd = open(slash ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_of(errno);
    if (os_fault_now(OS_FAULT_SYNC))
        err = ERROR_WRITE_FAULT;
    else if (fsync(fd))
        err = error_of(errno);
    close(fd);
    return err;
}

u32 os_remove(const char16_t *path)
{
    char name[PATH_MAX];

    if (!host_path(path, name))
        return ERROR_FILENAME_EXCED_RANGE;
    return unlink(name) ? error_of(errno) : ERROR_SUCCESS;
}

bool os_exists(const char16_t *path)
{
    char name[PATH_MAX];

    return host_path(path, name) && access(name, F_OK) == 0;
}

u32 os_make_folder(const char16_t *path)
{
    char name[PATH_MAX];

    if (!host_path(path, name))
        return ERROR_FILENAME_EXCED_RANGE;
    if (!mkdir(name, 0777))
        return ERROR_SUCCESS;
    if (errno == EEXIST)
        return ERROR_ALREADY_EXISTS;
    return errno == ENOENT ? ERROR_PATH_NOT_FOUND : error_of(errno);
}

/* --- byte-range locks ----------------------------------------------------------------------- */

u32 os_lock(struct os_file *f, u64 off, u64 len, bool exclusive, u32 timeout_ms)
{
    u64 end = os_ticks() + timeout_ms;

    while (!range_lock(f->fd, exclusive ? F_WRLCK : F_RDLCK, off, len)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return error_of(errno);
        if (os_ticks() >= end)
            return ERROR_LOCK_VIOLATION;
        os_sleep(1);
    }
    return ERROR_SUCCESS;
}

void os_unlock(struct os_file *f, u64 off, u64 len)
{
    range_lock(f->fd, F_UNLCK, off, len);
}

bool os_locked(struct os_file *f, u64 off, u64 len)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    l.l_start = (off_t)off;
    l.l_len = (off_t)len;
    return !fcntl(f->fd, F_OFD_GETLK, &l) && l.l_type != F_UNLCK;
}

/* --- shared views ---------------------------------------------------------------------------- */

u32 os_map(struct os_file *f, u64 off, size_t len, bool writable, bool *lost, void **out)
{
    struct os_view v = {NULL, NULL, len, f->fd, off, writable, false, lost};
    struct stat st;
    void *view;

    if (fstat(f->fd, &st))
        return error_of(errno);
    if ((u64)st.st_size < off + len)
        return ERROR_INVALID_PARAMETER;
    view = mmap(NULL, len, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, f->fd,
                (off_t)off);
    if (view == MAP_FAILED)
        return error_of(errno);
    v.base = view;
    if (!os_views_add(&v)) {
        munmap(view, len);
        return ERROR_OUTOFMEMORY;
    }
    *out = view;
    return ERROR_SUCCESS;
}

void os_unmap(void *view, size_t len)
{
    if (!view)
        return;
    os_views_remove(view);
    munmap(view, len);
}

/* --- time, identity, chance --------------------------------------------------------------------
 */

u64 os_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    /* 11644473600 s lie between 1601 and 1970 */
    return ((u64)now.tv_sec + 11644473600u) * 10000000u + (u64)now.tv_nsec / 100;
}

u64 os_ticks(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

u32 os_pid(void)
{
    return (u32)getpid();
}

static __thread u32 own_tid;

/* The child's only thread has a number of its own, which others ask the system for. */
static void forked(void)
{
    own_tid = 0;
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, forked);
}

u32 os_tid(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (!own_tid) {
        pthread_once(&once, watch_forks);
        own_tid = (u32)syscall(SYS_gettid);
    }
    return own_tid;
}

bool os_thread_alive(u32 pid, u32 tid)
{
    return syscall(SYS_tgkill, (pid_t)pid, (pid_t)tid, 0) == 0 || errno != ESRCH;
}

u32 os_domain(void)
{
    struct stat st;

    if (stat("/proc/self/ns/pid", &st))
        return 0;
    return (os_boot() ^ (u32)st.st_ino * 0x9e3779b1u) | 1;
}

struct thread_start {
    void (*run)(void *arg);
    void *arg;
};

static void *run_thread(void *p)
{
    struct thread_start start = *(struct thread_start *)p;

    os_free(p);
    start.run(start.arg);
    return NULL;
}

u32 os_thread_start(void (*run)(void *arg), void *arg)
{
    struct thread_start *start = os_alloc(sizeof *start);
    pthread_t thread;

    if (!start)
        return ERROR_OUTOFMEMORY;
    start->run = run;
    start->arg = arg;
    if (pthread_create(&thread, NULL, run_thread, start)) {
        os_free(start);
        return ERROR_NO_SYSTEM_RESOURCES;
    }
    pthread_detach(thread);
    return ERROR_SUCCESS;
}

void os_random(void *buf, size_t n)
{
    u8 *p = buf;

    while (n) {
        ssize_t got = getrandom(p, MIN(n, 256), 0);

        if (got > 0) {
            p += got;
            n -= (size_t)got;
        }
    }
}

void os_sleep(u32 ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

void os_yield(void)
{
    sched_yield();
}

bool os_env(const char *name, char16_t *buf, size_t cap)
{
    const char *value = getenv(name);
    size_t n;

    if (!value || !cap)
        return false;
    n = u16_from_utf8(buf, cap - 1, value, strlen(value), true);
    if (n > cap - 1)
        return false;
    buf[n] = 0;
    return true;
}

/* --- locks between threads -------------------------------------------------------------------- */

/* A word that is 0 when free, as on Windows; pthread's own objects are larger than a pointer, so
 * each lock gets one on first use. */
static void *lock_object(void **state, size_t size, void (*start)(void *))
{
    void *object = __atomic_load_n(state, __ATOMIC_ACQUIRE);
    void *none = NULL;

    if (object)
        return object;
    object = malloc(size);
    if (!object)
        abort(); /* a lock cannot fail, and the host build is for tests */
    start(object);
    if (__atomic_compare_exchange_n(state, &none, object, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return object;
    free(object);
    return none;
}

static void start_mutex(void *object)
{
    pthread_mutex_init(object, NULL);
}

static void start_rwlock(void *object)
{
    pthread_rwlock_init(object, NULL);
}

static pthread_mutex_t *mutex_of(struct os_mutex *m)
{
    return lock_object(&m->state, sizeof(pthread_mutex_t), start_mutex);
}

static pthread_rwlock_t *rwlock_of(struct os_rwlock *l)
{
    return lock_object(&l->state, sizeof(pthread_rwlock_t), start_rwlock);
}

void os_mutex_lock(struct os_mutex *m)
{
    pthread_mutex_lock(mutex_of(m));
}

bool os_mutex_try(struct os_mutex *m)
{
    return pthread_mutex_trylock(mutex_of(m)) == 0;
}

void os_mutex_unlock(struct os_mutex *m)
{
    pthread_mutex_unlock(mutex_of(m));
}

void os_mutex_done(struct os_mutex *m)
{
    free(m->state);
    m->state = NULL;
}

void os_read_lock(struct os_rwlock *l)
{
    pthread_rwlock_rdlock(rwlock_of(l));
}

void os_read_unlock(struct os_rwlock *l)
{
    pthread_rwlock_unlock(rwlock_of(l));
}

void os_write_lock(struct os_rwlock *l)
{
    pthread_rwlock_wrlock(rwlock_of(l));
}

void os_write_unlock(struct os_rwlock *l)
{
    pthread_rwlock_unlock(rwlock_of(l));
}

void os_rwlock_done(struct os_rwlock *l)
{
    free(l->state);
    l->state = NULL;
}
