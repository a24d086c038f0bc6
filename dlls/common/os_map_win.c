/*
 * Shared views of files on Windows, and what a fault in one does (os_views.h).
 *
 * Windows lets nobody shorten a file that is mapped; below Wine a program of the host, or of
 * another prefix, does. A page cannot be replaced alone here: the whole view gives way. A thread
 * that looks meanwhile faults too, waits here for the lock, and goes on.
 */
#include <windows.h>

#include "os.h"
#include "os_views.h"

struct os_file {
    HANDLE handle;
};

static SRWLOCK mending = SRWLOCK_INIT;

static bool is_short(const struct os_view *v)
{
    LARGE_INTEGER size;

    return GetFileSizeEx((HANDLE)v->file, &size) && (u64)size.QuadPart < v->off + v->len;
}

static bool replace(struct os_view *v)
{
    if (v->own)
        return true;
    if (!is_short(v))
        return false;
    __atomic_store_n(v->lost, true, __ATOMIC_SEQ_CST);
    UnmapViewOfFile(v->base);
    /* Should another thread have got just this place, that is the fault it was. */
    v->own = VirtualAlloc(v->base, v->len, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != NULL;
    return v->own;
}

static LONG CALLBACK on_fault(EXCEPTION_POINTERS *p)
{
    const EXCEPTION_RECORD *e = p->ExceptionRecord;
    struct os_view *v;
    bool mended;

    if ((e->ExceptionCode != EXCEPTION_ACCESS_VIOLATION &&
         e->ExceptionCode != EXCEPTION_IN_PAGE_ERROR) ||
        e->NumberParameters < 2)
        return EXCEPTION_CONTINUE_SEARCH;
    v = os_views_find((const void *)e->ExceptionInformation[1]);
    if (!v)
        return EXCEPTION_CONTINUE_SEARCH;
    AcquireSRWLockExclusive(&mending);
    mended = replace(v);
    ReleaseSRWLockExclusive(&mending);
    return mended ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

void os_views_watch(void)
{
    static bool watched;

    if (!watched)
        watched = AddVectoredExceptionHandler(TRUE, on_fault) != NULL;
}

u32 os_map(struct os_file *f, u64 off, size_t len, bool writable, bool *lost, void **out)
{
    struct os_view v = {NULL, NULL, len, (intptr_t)f->handle, off, writable, false, lost};
    DWORD err = ERROR_SUCCESS;
    HANDLE section;
    u64 size = 0;

    /* A section longer than the file would make it as long as it was when somebody looked, plus
     * this: not as long as another prefix may just have made it. */
    if ((err = os_size(f, &size)) || size < off + len)
        return err ? err : ERROR_INVALID_PARAMETER;
    section =
        CreateFileMappingW(f->handle, NULL, writable ? PAGE_READWRITE : PAGE_READONLY, 0, 0, NULL);
    if (!section)
        return GetLastError();
    v.base = MapViewOfFile(section, writable ? FILE_MAP_WRITE : FILE_MAP_READ, (DWORD)(off >> 32),
                           (DWORD)off, len);
    if (!v.base)
        err = GetLastError();
    CloseHandle(section); /* the view keeps the section */
    if (err)
        return err;
    if (!os_views_add(&v)) {
        UnmapViewOfFile(v.base);
        return ERROR_OUTOFMEMORY;
    }
    *out = v.base;
    return ERROR_SUCCESS;
}

void os_unmap(void *view, size_t len)
{
    UNUSED(len);
    if (view && os_views_remove(view))
        VirtualFree(view, 0, MEM_RELEASE);
    else if (view)
        UnmapViewOfFile(view);
}
