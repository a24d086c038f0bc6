/*
 * Wine's registry. Its files hold of each key when it was last written: the marks are those times
 * of two keys that are in every prefix and that nothing else writes, one in each file; a key
 * without values would not stand there itself. The machine's keys are in system.reg, the user's in
 * user.reg, which the server writes last. It began when Windows, as it is told, was started.
 */
#include <windows.h>

#include "regbehind.h"

#include "os.h"
#include "utf16.h"

static const struct {
    enum reg_root root;
    const char16_t *key, *file;
} files[BEHIND_FILES] = {{REG_MACHINE, u"System\\Select", u"\\system.reg"},
                         {REG_USER, u"Control Panel\\Accessibility\\Blind Access", u"\\user.reg"}};

static const char16_t value[] = u"Decanter";

enum { SYSTEM_TIME_OF_DAY = 3 };

/* NULL: there is no such function. */
static void *exported(const WCHAR *dll, const char *name)
{
    HMODULE module = GetModuleHandleW(dll);

    return module ? (void *)GetProcAddress(module, name) : NULL;
}

/* "\??\Z:\home\prefix", or "\??\unix\home\prefix": as a path of Win32. Returns its length; 0: this
 * is not Wine. */
static size_t prefix_folder(char16_t *out, size_t cap)
{
    DWORD n;

    if (!exported(L"ntdll.dll", "wine_get_version"))
        return 0;
    n = GetEnvironmentVariableW(L"WINECONFIGDIR", (WCHAR *)out, (DWORD)cap);
    if (n < 5 || n >= cap || u16_compare_fold(out, 4, u"\\??\\", 4))
        return 0;
    out[1] = '\\';
    return n;
}

static bool path_of(const char16_t *name, char16_t *out, size_t cap)
{
    size_t n = prefix_folder(out, cap);

    if (!n || u16_len(name) >= cap - n)
        return false;
    u16_copy(out + n, cap - n, name);
    return true;
}

bool behind_has(enum reg_root root, enum reg_view view, const char16_t *path)
{
    DWORD(WINAPI * holds)(HKEY);
    void *found = exported(L"winreg.dll", "WinregHolds");
    size_t n = u16_len(path);
    struct reg_key *key;
    char16_t *part;
    bool has = true;

    memcpy(&holds, &found, sizeof(holds));
    part = found ? u16_dup(path, n) : NULL;
    while (part && n) {
        part[n] = 0;
        if (!reg_open_view(root, view, part, &key)) {
            has = !holds((HKEY)key);
            reg_close(key);
            break;
        }
        while (n && part[n] != '\\')
            n--;
    }
    os_free(part);
    return has;
}

u32 behind_file(char16_t *out, size_t cap)
{
    return path_of(u"\\.decanter-installs", out, cap) &&
                   behind_has(files[0].root, REG_VIEW_64, files[0].key)
               ? ERROR_SUCCESS
               : ERROR_FILE_NOT_FOUND;
}

static u64 server_start(void)
{
    struct {
        LARGE_INTEGER boot, now, bias;
        ULONG zone, reserved;
        ULONGLONG boot_bias, sleep_bias;
    } times = {0};
    LONG(WINAPI * query)(int, void *, ULONG, ULONG *);
    void *found = exported(L"ntdll.dll", "NtQuerySystemInformation");
    ULONG got;

    memcpy(&query, &found, sizeof(query));
    return !query || query(SYSTEM_TIME_OF_DAY, &times, sizeof(times), &got)
               ? 0
               : (u64)times.boot.QuadPart;
}

static u64 file_time(const FILETIME *t)
{
    return (u64)t->dwHighDateTime << 32 | t->dwLowDateTime;
}

void behind_now(struct behind_moment *m)
{
    char16_t path[BEHIND_PATH];
    WIN32_FILE_ATTRIBUTE_DATA data;
    struct reg_key *key;

    memset(m, 0, sizeof(*m));
    m->server = server_start();
    for (size_t i = 0; i < BEHIND_FILES; i++) {
        if (!reg_open(files[i].root, files[i].key, &key)) {
            reg_written(key, &m->marks[i]);
            reg_close(key);
        }
        if (path_of(files[i].file, path, BEHIND_PATH) &&
            GetFileAttributesExW((const WCHAR *)path, GetFileExInfoStandard, &data))
            m->files[i] = file_time(&data.ftLastWriteTime);
    }
}

bool behind_wrote(enum reg_root root, enum reg_view view, const char16_t *path)
{
    struct reg_key *key;
    u64 when = 0;

    if (reg_open_view(root, view, path, &key))
        return false;
    reg_written(key, &when);
    reg_close(key);
    return when && when >= server_start();
}

/* To set a value and to remove it is to write the key, whose values are as before; where it had
 * none, that one stays. */
u32 behind_mark(void)
{
    char16_t name[REG_NAME_MAX];
    struct reg_key *key;
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < BEHIND_FILES; i++) {
        err = reg_make(files[i].root, files[i].key, &key);
        if (err)
            break;
        err = reg_set_text(key, value, REG_TYPE_SZ, u"");
        if (!err && (reg_value_at(key, 0, name) || !u16_equal_fold(name, value) ||
                     !reg_value_at(key, 1, name)))
            err = reg_remove_value(key, value);
        reg_close(key);
    }
    return err;
}
