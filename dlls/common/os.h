/*
 * The seam to the operating system: everything the engines ask of one.
 *
 * os_win.c implements it for the DLLs, os_posix.c for the host build (sanitizers, fuzzers, native
 * tools). Paths are UTF-16 and terminated. Every function that can fail returns a Win32 error code
 * and sets its out parameters only on success. Sizes are in bytes.
 */
#ifndef DECANTER_OS_H
#define DECANTER_OS_H

#include "base.h"
#include "error.h"

/* --- memory -------------------------------------------------------------------------------- */

/* Sizes are 64 bits wide also where addresses are not, and so is the product of a count and a size:
 * what does not fit an address space is no memory. So nothing is cast to size_t on its way here,
 * and no product is made by the caller. NULL when there is none, or when a test asked for a failure
 * (os_fault). Contents undefined, but for os_calloc, which zeroes. */
void *os_alloc(u64 size);
void *os_calloc(u64 count, u64 size);
void *os_alloc_array(u64 count, u64 size);
/* Room for something of `head` bytes with count things of `size` bytes behind it. */
void *os_alloc_behind(u64 head, u64 count, u64 size);
/* p may be NULL. On failure p is untouched and NULL is returned. */
void *os_realloc(void *p, u64 size);
void *os_realloc_array(void *p, u64 count, u64 size);
/* p may be NULL. */
void os_free(void *p);

/* --- memory that may not be there ------------------------------------------------------------ */

/* Runs fn(ctx). False: it touched memory that is not there or may not be touched so, a bad pointer
 * of a caller's or a mapping of a file with no block behind it, and has ended where it did. So what
 * it does by then must be of no harm, and no lock be taken in it. */
bool os_guard(void (*fn)(void *ctx), void *ctx);
/* memcpy of or to memory that a caller names. False: some of it is not there; any part of the rest
 * was copied. */
bool os_copy(void *to, const void *from, size_t n);

/* --- files --------------------------------------------------------------------------------- */

struct os_file;

enum os_open_flags {
    OS_READ = 1,
    OS_WRITE = 2,         /* read and write */
    OS_CREATE = 4,        /* make it where it does not exist */
    OS_EXCLUSIVE = 8,     /* with OS_CREATE: ERROR_FILE_EXISTS where it does */
    OS_TRUNCATE = 16,     /* length 0 at the start */
    OS_DENY_WRITE = 32,   /* nobody else may open it for writing: ERROR_SHARING_VIOLATION */
    OS_DENY_READ = 64,    /* nobody else may open it for reading */
    OS_DENY_DELETE = 128, /* nobody may delete or rename it, where the system knows such a thing */
};

/* ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ... */
u32 os_open(const char16_t *path, u32 flags, struct os_file **out);
/* What stands beside the file `of` and holds what that holds: it is made with `of`'s permissions,
 * and ERROR_ACCESS_DENIED where a link, a folder, or anything but a file with one name stands
 * there. */
u32 os_open_beside(const char16_t *path, u32 flags, struct os_file *of, struct os_file **out);
/* Whether f, open, is what path names; true where it cannot be told. */
bool os_is_named(struct os_file *f, const char16_t *path);
/* How many names the file has; 1 where it cannot be told. */
u32 os_names(struct os_file *f);
void os_close(struct os_file *f); /* f may be NULL */
/* Reads up to n bytes; *got is less only at the end of the file. */
u32 os_read_at(struct os_file *f, u64 off, void *buf, u32 n, u32 *got);
/* Writes all n bytes or fails (ERROR_DISK_FULL, ...), having written any part of them. */
u32 os_write_at(struct os_file *f, u64 off, const void *buf, u32 n);
u32 os_size(struct os_file *f, u64 *size);
/* Cuts or extends; an extension reads as zeros and may be a hole on disk. */
u32 os_resize(struct os_file *f, u64 size);
/* When it returns, what was written is on the medium. */
u32 os_sync(struct os_file *f);

/* Replaces `to` atomically: another process sees the old file or the new one. */
u32 os_rename(const char16_t *from, const char16_t *to);
/* Makes a rename or a removal in path's folder durable. */
u32 os_sync_folder(const char16_t *path);
u32 os_remove(const char16_t *path);
bool os_exists(const char16_t *path);
/* Where names are told apart by case, which Windows' are not: the file that is meant by path. Where
 * there is none of that name, but others that differ in the case of the last part alone, path
 * becomes the first of them. How many such there are, path's own included. On Windows nothing
 * happens, and it is 1. */
u32 os_find_name(char16_t *path);
/* Makes the folder; ERROR_ALREADY_EXISTS where it is there. */
u32 os_make_folder(const char16_t *path);

/* A file's path as every process of the machine knows it, whatever prefix it runs in: the host's
 * absolute path, which begins with a slash, or on Windows itself the path as it is. Both ways
 * false: it cannot be told, or takes more than cap-1 characters. */
bool os_path_shared(const char16_t *path, char16_t *buf, size_t cap);
bool os_path_local(const char16_t *shared, char16_t *buf, size_t cap);
/* The path without links in it, from os_alloc; as it is where that cannot be told or it names
 * nothing. NULL: no memory. */
char16_t *os_resolve(const char16_t *path);
/* Another number after each start of the machine; 0 where it cannot be told. */
u32 os_boot(void);

/* --- byte-range locks, between processes ---------------------------------------------------- */

/* Waits at most timeout_ms (0: does not wait); ERROR_LOCK_VIOLATION when it was not to be had.
 * The range may lie beyond the end. Locks belong to f: two opens of one file, in one process or
 * in two, exclude each other; a process that dies loses its own. */
u32 os_lock(struct os_file *f, u64 off, u64 len, bool exclusive, u32 timeout_ms);
void os_unlock(struct os_file *f, u64 off, u64 len);
/* Whether somebody else holds a lock there, of either kind. f may be open for reading alone, and
 * then false may be wrong under Wine where it is a process of another prefix. */
bool os_locked(struct os_file *f, u64 off, u64 len);

/* --- shared views of a file ----------------------------------------------------------------- */

/* Maps [off, off+len); off is a multiple of 64 KB. ERROR_INVALID_PARAMETER where the file is
 * shorter: it is never changed by this. Processes that map one file share one memory. f stays open
 * as long as the view. Should somebody make the file shorter, what is gone reads as zeros in this
 * process from the first look at it on, what is stored there goes nowhere, and *lost is set, before
 * any of that is seen. */
u32 os_map(struct os_file *f, u64 off, size_t len, bool writable, bool *lost, void **out);
void os_unmap(void *view, size_t len);

/* --- time, identity, chance ------------------------------------------------------------------ */

u64 os_time(void);  /* FILETIME: 100 ns units since 1601, UTC */
u64 os_ticks(void); /* milliseconds, monotonic */
u32 os_pid(void);
u32 os_tid(void);
/* Whether that process still has that thread; true where it cannot be told. Both numbers are of the
 * caller's domain. */
bool os_thread_alive(u32 pid, u32 tid);
/* A number that is the same for processes whose numbers mean the same to each other: native
 * programs of one machine, the programs of one Wine prefix. 0: it cannot be told. */
u32 os_domain(void);
/* A thread of its own that nobody waits for; the DLL stays loaded from then on.
 * ERROR_NO_SYSTEM_RESOURCES. */
u32 os_thread_start(void (*run)(void *arg), void *arg);
void os_random(void *buf, size_t n);
void os_sleep(u32 ms);
void os_yield(void);
/* Copies the variable's value, terminated; false where it is not set or longer than cap-1. */
bool os_env(const char *name, char16_t *buf, size_t cap);

/* --- locks between threads -------------------------------------------------------------------- */

/* Zeroed memory is an unlocked lock of either kind; neither may be taken twice by one thread.
 * os_mutex_done and os_rwlock_done free what the host keeps behind one in memory to be freed. */
struct os_mutex {
    void *state;
};
void os_mutex_lock(struct os_mutex *m);
bool os_mutex_try(struct os_mutex *m);
void os_mutex_unlock(struct os_mutex *m);
void os_mutex_done(struct os_mutex *m);

struct os_rwlock {
    void *state;
};
void os_read_lock(struct os_rwlock *l);
void os_read_unlock(struct os_rwlock *l);
void os_write_lock(struct os_rwlock *l);
void os_write_unlock(struct os_rwlock *l);
void os_rwlock_done(struct os_rwlock *l);

/* --- failures on demand, for tests ------------------------------------------------------------ */

enum os_fault_kind {
    OS_FAULT_ALLOC,
    OS_FAULT_WRITE,
    OS_FAULT_SYNC,
    OS_FAULT_RENAME,
    OS_FAULT_STEP, /* os_step() kills the process */
    OS_FAULT_KINDS
};

/* The n-th (1: the next) call of that kind fails, and with `forever` every later one too;
 * n = 0 switches it off. Counts are per process; a build of the DLLs has no such function. */
void os_fault(enum os_fault_kind kind, u32 n, bool forever);
/* How many calls of that kind there were since os_fault(kind, ...). */
u32 os_fault_count(enum os_fault_kind kind);

/* Stands where a killed process would leave others the most work: tests kill it there. Nothing in
 * the DLLs. */
#ifdef _WIN32
#define os_step() ((void)0)
#else
void os_step(void);
/* Called at each step. */
extern void (*os_at_step)(void);
/* Called after each write, cut or lengthening of a file (synced false) and after each sync. */
extern void (*os_watch)(int fd, bool synced);
/* For another seam of the host's, at each call of its own of that kind; true: it has to fail. */
bool os_fault_now(enum os_fault_kind kind);
/* Whether calls of that kind are to fail, now or later. */
bool os_fault_on(enum os_fault_kind kind);
#endif

#endif
