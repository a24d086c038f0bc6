/*
 * The operating system's seam on Windows: kernel32 alone, so that any DLL may load us early.
 */
#include <windows.h>

#include "mem_size.h"
#include "os.h"

struct os_file {
    HANDLE handle;
};

/* --- memory -------------------------------------------------------------------------------- */

void *os_alloc(u64 size)
{
    if (size > PTRDIFF_MAX)
        return NULL;
    return HeapAlloc(GetProcessHeap(), 0, size ? (size_t)size : 1);
}

void *os_calloc(u64 count, u64 size)
{
    u64 bytes = mem_product(count, size);

    if (bytes > PTRDIFF_MAX)
        return NULL;
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, bytes ? (size_t)bytes : 1);
}

void *os_realloc(void *p, u64 size)
{
    if (!p || size > PTRDIFF_MAX)
        return p ? NULL : os_alloc(size);
    return HeapReAlloc(GetProcessHeap(), 0, p, size ? (size_t)size : 1);
}

void os_free(void *p)
{
    if (p)
        HeapFree(GetProcessHeap(), 0, p);
}

/* --- files --------------------------------------------------------------------------------- */

static DWORD disposition(u32 flags)
{
    if (!(flags & OS_CREATE))
        return flags & OS_TRUNCATE ? TRUNCATE_EXISTING : OPEN_EXISTING;
    if (flags & OS_EXCLUSIVE)
        return CREATE_NEW;
    return flags & OS_TRUNCATE ? CREATE_ALWAYS : OPEN_ALWAYS;
}

u32 os_open(const char16_t *path, u32 flags, struct os_file **out)
{
    DWORD access = GENERIC_READ | (flags & OS_WRITE ? GENERIC_WRITE : 0);
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    struct os_file *f;

    if (flags & OS_DENY_WRITE)
        share &= ~(DWORD)FILE_SHARE_WRITE;
    if (flags & OS_DENY_READ)
        share &= ~(DWORD)FILE_SHARE_READ;
    if (flags & OS_DENY_DELETE)
        share &= ~(DWORD)FILE_SHARE_DELETE;
    f = os_alloc(sizeof(*f));
    if (!f)
        return ERROR_OUTOFMEMORY;
    f->handle = CreateFileW((const WCHAR *)path, access, share, NULL, disposition(flags),
                            FILE_ATTRIBUTE_NORMAL, NULL);
    if (f->handle == INVALID_HANDLE_VALUE) {
        u32 err = GetLastError();
        os_free(f);
        return err;
    }
    *out = f;
    return ERROR_SUCCESS;
}

void os_close(struct os_file *f)
{
    if (!f)
        return;
    CloseHandle(f->handle);
    os_free(f);
}

/* Reading and writing go to ntdll: through kernel32 an offset is an OVERLAPPED, and Wine tells its
 * server of the end of each of these, which takes ten times as long as the rest. */
struct io_status {
    union {
        LONG status;
        void *unused;
    };
    ULONG_PTR done;
};

typedef LONG(WINAPI *io_function)(HANDLE file, HANDLE event, void *apc, void *context,
                                  struct io_status *status, void *buf, ULONG n, LARGE_INTEGER *off,
                                  ULONG *key);

#define IO_END_OF_FILE ((LONG)0xc0000011)
#define IO_PENDING     ((LONG)0x103)

static FARPROC of_ntdll(const char *name)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
}

static io_function io_of(io_function *found, const char *name)
{
    io_function fn = __atomic_load_n(found, __ATOMIC_RELAXED);

    if (!fn) {
        fn = (io_function)(void *)of_ntdll(name);
        __atomic_store_n(found, fn, __ATOMIC_RELAXED);
    }
    return fn;
}

static u32 io_error(LONG status)
{
    ULONG(WINAPI * to_win32)
    (LONG) = (ULONG(WINAPI *)(LONG))(void *)of_ntdll("RtlNtStatusToDosError");

    return to_win32 ? to_win32(status) : (u32)ERROR_IO_DEVICE;
}

/* What came of it, on a handle that need not wait itself (os_beside_win.c). The handle is signalled
 * by whichever of several ends first, so the status is what counts. */
static LONG io_outcome(struct os_file *f, LONG status, struct io_status *io)
{
    if (status != IO_PENDING)
        return status;
    while ((status = __atomic_load_n(&io->status, __ATOMIC_ACQUIRE)) == IO_PENDING)
        WaitForSingleObject(f->handle, 1);
    return status;
}

u32 os_read_at(struct os_file *f, u64 off, void *buf, u32 n, u32 *got)
{
    static io_function found;
    io_function read = io_of(&found, "NtReadFile");
    u32 done = 0;

    while (done < n) {
        LARGE_INTEGER at = {.QuadPart = (LONGLONG)(off + done)};
        struct io_status io = {.status = IO_PENDING};
        LONG status =
            read(f->handle, NULL, NULL, NULL, &io, (char *)buf + done, n - done, &at, NULL);

        status = io_outcome(f, status, &io);
        if (status < 0 && status != IO_END_OF_FILE)
            return io_error(status);
        if (status < 0 || !io.done)
            break;
        done += (u32)io.done;
    }
    *got = done;
    return ERROR_SUCCESS;
}

u32 os_write_at(struct os_file *f, u64 off, const void *buf, u32 n)
{
    static io_function found;
    io_function write = io_of(&found, "NtWriteFile");
    u32 done = 0;

    while (done < n) {
        LARGE_INTEGER at = {.QuadPart = (LONGLONG)(off + done)};
        struct io_status io = {.status = IO_PENDING};
        LONG status = write(f->handle, NULL, NULL, NULL, &io, (char *)(uintptr_t)buf + done,
                            n - done, &at, NULL);

        status = io_outcome(f, status, &io);
        if (status < 0)
            return io_error(status);
        if (!io.done)
            return ERROR_WRITE_FAULT;
        done += (u32)io.done;
    }
    return ERROR_SUCCESS;
}

u32 os_size(struct os_file *f, u64 *size)
{
    LARGE_INTEGER value;

    if (!GetFileSizeEx(f->handle, &value))
        return GetLastError();
    *size = (u64)value.QuadPart;
    return ERROR_SUCCESS;
}

u32 os_resize(struct os_file *f, u64 size)
{
    FILE_END_OF_FILE_INFO end;

    end.EndOfFile.QuadPart = (LONGLONG)size;
    if (!SetFileInformationByHandle(f->handle, FileEndOfFileInfo, &end, sizeof(end)))
        return GetLastError();
    return ERROR_SUCCESS;
}

u32 os_sync(struct os_file *f)
{
    return FlushFileBuffers(f->handle) ? ERROR_SUCCESS : GetLastError();
}

u32 os_rename(const char16_t *from, const char16_t *to)
{
    if (!MoveFileExW((const WCHAR *)from, (const WCHAR *)to, MOVEFILE_REPLACE_EXISTING))
        return GetLastError();
    return ERROR_SUCCESS;
}

/* NTFS journals names itself, and Windows has no call for it; MOVEFILE_WRITE_THROUGH is the
 * nearest, and Wine does not act on it. */
u32 os_sync_folder(const char16_t *path)
{
    UNUSED(path);
    return ERROR_SUCCESS;
}

u32 os_remove(const char16_t *path)
{
    return DeleteFileW((const WCHAR *)path) ? ERROR_SUCCESS : GetLastError();
}

bool os_exists(const char16_t *path)
{
    return GetFileAttributesW((const WCHAR *)path) != INVALID_FILE_ATTRIBUTES;
}

u32 os_make_folder(const char16_t *path)
{
    return CreateDirectoryW((const WCHAR *)path, NULL) ? ERROR_SUCCESS : GetLastError();
}

/* --- byte-range locks ----------------------------------------------------------------------- */

static OVERLAPPED at_offset(u64 off)
{
    OVERLAPPED at = {0};

    at.Offset = (DWORD)off;
    at.OffsetHigh = (DWORD)(off >> 32);
    return at;
}

/* Polls instead of waiting inside LockFileEx, whose wait has no limit on a synchronous handle. */
u32 os_lock(struct os_file *f, u64 off, u64 len, bool exclusive, u32 timeout_ms)
{
    u64 end = os_ticks() + timeout_ms;
    DWORD flags = LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0);

    for (;;) {
        OVERLAPPED at = at_offset(off);
        u32 err;

        if (LockFileEx(f->handle, flags, 0, (DWORD)len, (DWORD)(len >> 32), &at))
            return ERROR_SUCCESS;
        err = GetLastError();
        if (err != ERROR_LOCK_VIOLATION && err != ERROR_IO_PENDING)
            return err;
        if (os_ticks() >= end)
            return ERROR_LOCK_VIOLATION;
        Sleep(1);
    }
}

void os_unlock(struct os_file *f, u64 off, u64 len)
{
    OVERLAPPED at = at_offset(off);

    UnlockFileEx(f->handle, 0, (DWORD)len, (DWORD)(len >> 32), &at);
}

bool os_locked(struct os_file *f, u64 off, u64 len)
{
    if (os_lock(f, off, len, true, 0))
        return true;
    os_unlock(f, off, len);
    return false;
}

/* --- time, identity, chance --------------------------------------------------------------------
 */

u64 os_time(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return ((u64)now.dwHighDateTime << 32) | now.dwLowDateTime;
}

u64 os_ticks(void)
{
    return GetTickCount64();
}

u32 os_pid(void)
{
    return GetCurrentProcessId();
}

u32 os_tid(void)
{
    return GetCurrentThreadId();
}

bool os_thread_alive(u32 pid, u32 tid)
{
    HANDLE thread = OpenThread(SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION, FALSE, tid);
    bool alive;

    if (!thread)
        return GetLastError() != ERROR_INVALID_PARAMETER;
    /* Numbers are used again, by other processes too. */
    alive = GetProcessIdOfThread(thread) == pid && WaitForSingleObject(thread, 0) != WAIT_OBJECT_0;
    CloseHandle(thread);
    return alive;
}

/* Threads have one number where objects have one name: a chance number is kept in a named one, as
 * long as any process has it. */
u32 os_domain(void)
{
    static u32 domain; /* the view and the section stay until the process ends */
    HANDLE section;
    u32 *shared, none = 0, id;

    if (__atomic_load_n(&domain, __ATOMIC_RELAXED))
        return domain;
    section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096,
                                 L"Local\\decanter-threads");
    shared = section ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 4096) : NULL;
    if (!shared)
        return 0;
    os_random(&id, sizeof(id));
    __atomic_compare_exchange_n(shared, &none, id | 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    __atomic_store_n(&domain, *shared, __ATOMIC_RELAXED);
    return domain;
}

struct thread_start {
    void (*run)(void *arg);
    void *arg;
};

static DWORD WINAPI run_thread(void *p)
{
    struct thread_start start = *(struct thread_start *)p;

    os_free(p);
    start.run(start.arg);
    return 0;
}

u32 os_thread_start(void (*run)(void *arg), void *arg)
{
    struct thread_start *start = os_alloc(sizeof *start);
    HMODULE self;
    HANDLE thread = NULL;

    if (!start)
        return ERROR_OUTOFMEMORY;
    start->run = run;
    start->arg = arg;
    if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                           (const WCHAR *)(const void *)&run_thread, &self))
        thread = CreateThread(NULL, 0, run_thread, start, 0, NULL);
    if (!thread) {
        os_free(start);
        return ERROR_NO_SYSTEM_RESOURCES;
    }
    CloseHandle(thread);
    return ERROR_SUCCESS;
}

void os_sleep(u32 ms)
{
    Sleep(ms);
}

void os_yield(void)
{
    SwitchToThread();
}

bool os_env(const char *name, char16_t *buf, size_t cap)
{
    WCHAR wide[64];
    size_t i;
    DWORD n;

    for (i = 0; name[i] && i + 1 < ARRAY_LEN(wide); i++)
        wide[i] = (WCHAR)name[i];
    wide[i] = 0;
    SetLastError(ERROR_SUCCESS);
    n = GetEnvironmentVariableW(wide, (WCHAR *)buf, (DWORD)cap);
    return n < cap && (n || GetLastError() == ERROR_SUCCESS);
}

/* --- locks between threads -------------------------------------------------------------------- */

STATIC_ASSERT(sizeof(struct os_mutex) == sizeof(SRWLOCK));
STATIC_ASSERT(sizeof(struct os_rwlock) == sizeof(SRWLOCK));

void os_mutex_lock(struct os_mutex *m)
{
    AcquireSRWLockExclusive((SRWLOCK *)m);
}

bool os_mutex_try(struct os_mutex *m)
{
    return TryAcquireSRWLockExclusive((SRWLOCK *)m);
}

void os_mutex_unlock(struct os_mutex *m)
{
    ReleaseSRWLockExclusive((SRWLOCK *)m);
}

void os_mutex_done(struct os_mutex *m)
{
    m->state = NULL;
}

void os_read_lock(struct os_rwlock *l)
{
    AcquireSRWLockShared((SRWLOCK *)l);
}

void os_read_unlock(struct os_rwlock *l)
{
    ReleaseSRWLockShared((SRWLOCK *)l);
}

void os_write_lock(struct os_rwlock *l)
{
    AcquireSRWLockExclusive((SRWLOCK *)l);
}

void os_write_unlock(struct os_rwlock *l)
{
    ReleaseSRWLockExclusive((SRWLOCK *)l);
}

void os_rwlock_done(struct os_rwlock *l)
{
    l->state = NULL;
}
