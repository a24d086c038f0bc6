/*
 * Paths that other processes understand, and the machine's start, for the DLLs. Under Wine the
 * host's path is what prefixes have in common; kernel32 there has two functions for it.
 */
#include <windows.h>

#include "hash.h"
#include "os.h"
#include "utf16.h"

typedef char *(__cdecl *unix_name_of)(const WCHAR *dos);
typedef WCHAR *(__cdecl *dos_name_of)(const char *unix_name);

static FARPROC wine_function(const char *name)
{
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");

    return kernel ? GetProcAddress(kernel, name) : NULL;
}

/* What tells a file from all others; false where it cannot be opened. */
static bool identity(const char16_t *path, BY_HANDLE_FILE_INFORMATION *info)
{
    HANDLE file = CreateFileW((const WCHAR *)path, FILE_READ_ATTRIBUTES,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    bool got = file != INVALID_HANDLE_VALUE && GetFileInformationByHandle(file, info);

    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return got;
}

static bool same_file(const char16_t *path, const char16_t *unix_name)
{
    BY_HANDLE_FILE_INFORMATION a, b;
    char16_t local[MAX_PATH * 4];

    return os_path_local(unix_name, local, ARRAY_LEN(local)) && identity(path, &a) &&
           identity(local, &b) && a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
           a.nFileIndexHigh == b.nFileIndexHigh && a.nFileIndexLow == b.nFileIndexLow;
}

/* Where "/dosdevices/x:/" stands in the text; NULL. */
static char16_t *find_drive(char16_t *s)
{
    static const char16_t mark[] = u"/dosdevices/";
    const size_t n = ARRAY_LEN(mark) - 1;

    for (; *s; s++)
        if (!u16_compare(s, u16_nlen(s, n), mark, n) && s[n] && s[n + 1] == u':' &&
            s[n + 2] == u'/')
            return s;
    return NULL;
}

/* Wine names a file of drive C by the prefix's link to it, through which no other prefix finds the
 * file: the folder that the link leads to is named instead, where it is the usual one. */
static void without_link(const char16_t *path, char16_t *buf, size_t cap)
{
    static const char16_t folder[] = u"/drive_";
    char16_t plain[MAX_PATH * 4], *at = find_drive(buf), *drive;
    size_t n;

    if (!at || u16_len(buf) >= ARRAY_LEN(plain))
        return;
    drive = at + u16_len(u"/dosdevices/");
    n = (size_t)(at - buf);
    u16_copy(plain, n + 1, buf);
    n += u16_copy(plain + n, ARRAY_LEN(plain) - n, folder);
    plain[n++] = *drive;
    u16_copy(plain + n, ARRAY_LEN(plain) - n, drive + 2);
    if (u16_len(plain) < cap && same_file(path, plain))
        u16_copy(buf, cap, plain);
}

bool os_path_shared(const char16_t *path, char16_t *buf, size_t cap)
{
    unix_name_of unix_name = (unix_name_of)(void *)wine_function("wine_get_unix_file_name");
    char *name;
    size_t n;

    if (!unix_name) {
        n = GetFullPathNameW((const WCHAR *)path, (DWORD)cap, (WCHAR *)buf, NULL);
        return n && n < cap;
    }
    name = unix_name((const WCHAR *)path);
    if (!name)
        return false;
    n = u16_from_utf8(buf, cap - 1, name, strlen(name), true);
    HeapFree(GetProcessHeap(), 0, name);
    if (n >= cap)
        return false;
    buf[n] = 0;
    without_link(path, buf, cap);
    return true;
}

bool os_path_local(const char16_t *shared, char16_t *buf, size_t cap)
{
    dos_name_of dos_name = (dos_name_of)(void *)wine_function("wine_get_dos_file_name");
    char *name;
    WCHAR *dos;
    bool fits;

    if (*shared != u'/' || !dos_name) {
        u16_copy(buf, cap, shared);
        return *shared != u'/' && u16_len(shared) < cap;
    }
    name = u16_dup_to_utf8(shared);
    dos = name ? dos_name(name) : NULL;
    os_free(name);
    if (!dos)
        return false;
    fits = u16_len((const char16_t *)dos) < cap;
    u16_copy(buf, cap, (const char16_t *)dos);
    HeapFree(GetProcessHeap(), 0, dos);
    return fits;
}

u32 os_boot(void)
{
    char text[64];
    struct os_file *f;
    u32 n = 0;

    if (os_open(u"\\\\?\\unix\\proc\\sys\\kernel\\random\\boot_id", OS_READ, &f))
        return 0;
    if (os_read_at(f, 0, text, sizeof(text), &n))
        n = 0;
    os_close(f);
    return n ? hash_shared(text, n) : 0;
}

u32 os_find_name(char16_t *path)
{
    UNUSED(path);
    return 1;
}
