/*
 * Files beside another, for the DLLs (os_open_beside), and which file a handle is.
 *
 * Wine does not tell a symbolic link from the file it leads to; there a link is kept from harm by
 * what is looked at before such a file is changed, and by making new ones under names that are
 * free.
 */
#include <windows.h>
#include <winternl.h>

#include "os.h"
#include "utf16.h"

/* As os_win.c has it. */
struct os_file {
    HANDLE handle;
};

typedef NTSTATUS(NTAPI *query_security)(HANDLE handle, SECURITY_INFORMATION what,
                                        PSECURITY_DESCRIPTOR sd, ULONG size, PULONG need);

/* The DACL of a file, from os_alloc; NULL: as every new file has it. advapi32 is none of ours to
 * import. */
static void *descriptor_of(HANDLE file)
{
    FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySecurityObject");
    query_security query = (query_security)(void (*)(void))found;
    ULONG need = 0;
    void *sd;

    if (!query)
        return NULL;
    query(file, DACL_SECURITY_INFORMATION, NULL, 0, &need);
    sd = need && need < 0x10000 ? os_alloc(need) : NULL;
    if (sd && query(file, DACL_SECURITY_INFORMATION, sd, need, &need) < 0) {
        os_free(sd);
        sd = NULL;
    }
    return sd;
}

/* A synchronous handle has a position, which Wine moves with another system call after each reading
 * and writing; nothing here goes by it. Below 64 bits how such a one is completed differs between
 * Wine's builds. */
#define NO_POSITION (sizeof(void *) == 8 ? FILE_FLAG_OVERLAPPED : 0)

static HANDLE open_file(const char16_t *path, u32 flags, DWORD how, void *sd)
{
    DWORD access = GENERIC_READ | (flags & OS_WRITE ? GENERIC_WRITE : 0);
    DWORD more = FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT | NO_POSITION;
    SECURITY_ATTRIBUTES attributes = {sizeof(attributes), sd, FALSE};

    return CreateFileW((const WCHAR *)path, access,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       sd ? &attributes : NULL, how, more, NULL);
}

static HANDLE make_file(const char16_t *path, u32 flags, HANDLE of)
{
    void *sd = descriptor_of(of);
    HANDLE file = open_file(path, flags, CREATE_NEW, sd);
    DWORD err = GetLastError();

    if (file == INVALID_HANDLE_VALUE && sd && err != ERROR_FILE_EXISTS) {
        file = open_file(path, flags, CREATE_NEW, NULL);
        err = GetLastError();
    }
    os_free(sd);
    SetLastError(err);
    return file;
}

static bool is_plain(HANDLE file)
{
    BY_HANDLE_FILE_INFORMATION info;

    if (GetFileType(file) != FILE_TYPE_DISK)
        return false;
    return !GetFileInformationByHandle(file, &info) ||
           (!(info.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) &&
            info.nNumberOfLinks <= 1);
}

u32 os_open_beside(const char16_t *path, u32 flags, struct os_file *of, struct os_file **out)
{
    struct os_file *f = os_alloc(sizeof(*f));
    HANDLE file = INVALID_HANDLE_VALUE;
    u32 err = ERROR_FILE_NOT_FOUND;

    if (!f)
        return ERROR_OUTOFMEMORY;
    if (!(flags & OS_EXCLUSIVE)) {
        file = open_file(path, flags, OPEN_EXISTING, NULL);
        err = GetLastError();
    }
    if (file == INVALID_HANDLE_VALUE && (flags & OS_CREATE) && err == ERROR_FILE_NOT_FOUND) {
        file = make_file(path, flags, of->handle);
        err = GetLastError();
    }
    if (file != INVALID_HANDLE_VALUE && !is_plain(file)) {
        CloseHandle(file);
        file = INVALID_HANDLE_VALUE;
        err = ERROR_ACCESS_DENIED;
    }
    if (file == INVALID_HANDLE_VALUE) {
        os_free(f);
        return err;
    }
    f->handle = file;
    *out = f;
    return ERROR_SUCCESS;
}

bool os_is_named(struct os_file *f, const char16_t *path)
{
    BY_HANDLE_FILE_INFORMATION a, b;
    HANDLE file = CreateFileW((const WCHAR *)path, FILE_READ_ATTRIBUTES,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    bool got;

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError() != ERROR_FILE_NOT_FOUND;
    got = GetFileInformationByHandle(file, &b) && GetFileInformationByHandle(f->handle, &a);
    CloseHandle(file);
    return !got || (a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
                    a.nFileIndexHigh == b.nFileIndexHigh && a.nFileIndexLow == b.nFileIndexLow);
}

u32 os_names(struct os_file *f)
{
    BY_HANDLE_FILE_INFORMATION info;

    return GetFileInformationByHandle(f->handle, &info) ? MAX(info.nNumberOfLinks, 1u) : 1;
}

char16_t *os_resolve(const char16_t *path)
{
    return u16_dup(path, u16_len(path));
}
