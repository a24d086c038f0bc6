#include <windows.h>

#include "tgt_names_win.h"

#include "buf.h"
#include "hash.h"
#include "os.h"
#include "target.h"
#include "utf16.h"

enum {
    FOLDERS = 32,    /* that are remembered */
    OFTEN = 4,       /* a folder is read when it is asked for that many times */
    BELIEVED = 2000, /* ms; or so many times the time that reading took: */
    READING_TIMES = 50,
    MISSING_LEVELS = 16, /* of a path that is not there */
};

struct folder {
    WCHAR *path; /* without a separator at its end */
    size_t len;
    WCHAR *host; /* with one */
    u32 asked;
    bool read;
    bool missing;     /* it is not there: read, and nothing is in it */
    ULONGLONG until;  /* what was read is believed */
    ULONGLONG used;   /* the number of the last use */
    struct buf names; /* char16_t, each terminated */
    struct hash_map by_name;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct folder folders[FOLDERS];
static ULONGLONG uses;

/* --- names --------------------------------------------------------------------------------------
 */

/* Of the name in whatever case. */
static u32 hash_of(const WCHAR *name)
{
    u32 hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ u16_upper((char16_t)*name)) * 16777619u;
    return hash_u32(hash);
}

static const WCHAR *name_at(const struct folder *f, u32 place)
{
    return (const WCHAR *)(const void *)f->names.data + place;
}

static bool is_name(const void *ctx, u32 value, const void *item)
{
    return u16_equal_fold((const char16_t *)name_at(ctx, value), (const char16_t *)item);
}

static u32 find_name(const struct folder *f, const WCHAR *name)
{
    return hash_find(&f->by_name, hash_of(name), is_name, f, name);
}

static bool add_name(struct folder *f, const WCHAR *name)
{
    size_t start = f->names.len;

    if (start / sizeof(*name) > 0x7fffffff ||
        buf_add(&f->names, name, (wcslen(name) + 1) * sizeof(*name)))
        return false;
    return !hash_add(&f->by_name, hash_of(name), (u32)(start / sizeof(*name)));
}

static void forget_names(struct folder *f)
{
    hash_free(&f->by_name);
    buf_free(&f->names);
    f->read = f->missing = false;
}

/* --- folders ------------------------------------------------------------------------------------
 */

/* As many as the host's path has too. */
static size_t plain_len(const char *name)
{
    size_t n = 0;

    while (name[n] >= ' ' && name[n] != '\\' && name[n] != 127)
        n++;
    return n;
}

/* From os_alloc: prefix, the host's name, and `more` with the host's separators, one at the end. */
static WCHAR *host_path(const char *name, const WCHAR *more)
{
    static const WCHAR prefix[] = L"\\\\?\\unix";
    size_t n = strlen(name), m = ARRAY_LEN(prefix) - 1, k = wcslen(more);
    WCHAR *out = os_alloc_array(m + n + k + 2, sizeof(*out));

    if (!out)
        return NULL;
    memcpy(out, prefix, sizeof(prefix));
    for (size_t i = 0; i < n; i++)
        out[m + i] = (WCHAR)name[i];
    for (size_t i = 0; i < k; i++)
        out[m + n + i] = more[i] == '\\' ? '/' : more[i];
    out[m + n + k] = '/';
    out[m + n + k + 1] = 0;
    return out;
}

static bool is_ascii(const WCHAR *s)
{
    while (*s >= ' ' && *s < 127)
        s++;
    return !*s;
}

/* From os_alloc: what Wine calls the folder outside, as a path for Wine; NULL where there is no
 * Wine, or it has letters that the two might read differently. Wine knows the name of what is not
 * there where the folder that it goes to is; what is below it is called as it is written. */
static WCHAR *host_name(const WCHAR *path, size_t len)
{
    char *(CDECL * ask)(const WCHAR *) =
        (void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_unix_file_name");
    WCHAR *cut = ask ? os_alloc_array(len + 1, sizeof(*cut)) : NULL, *out = NULL;
    char *name = NULL;
    size_t at = len;

    if (!cut)
        return NULL;
    memcpy(cut, path, (len + 1) * sizeof(*cut));
    for (int levels = 0; !(name = ask(cut)) && levels < MISSING_LEVELS; levels++) {
        while (at && path[at] != '\\')
            at--;
        if (at < 7) /* \\?\X:\ */
            break;
        cut[at--] = 0;
    }
    os_free(cut);
    if (!name)
        return NULL;
    if (at < len)
        at++;
    if (name[0] == '/' && !name[plain_len(name)] && is_ascii(path + at))
        out = host_path(name, path + at);
    HeapFree(GetProcessHeap(), 0, name);
    return out;
}

static bool read_found(struct folder *f, HANDLE find, WIN32_FIND_DATAW *data)
{
    bool good = true;

    do
        good = add_name(f, data->cFileName);
    while (good && FindNextFileW(find, data));
    good = good && GetLastError() == ERROR_NO_MORE_FILES;
    FindClose(find);
    return good;
}

static void read_names(struct folder *f)
{
    size_t n = wcslen(f->path);
    WCHAR *all = os_alloc_array(n + 3, sizeof(*all));
    ULONGLONG start = GetTickCount64(), now;
    WIN32_FIND_DATAW data;
    HANDLE find;

    if (!all)
        return;
    memcpy(all, f->path, n * sizeof(*all));
    memcpy(all + n, L"\\*", sizeof(L"\\*"));
    find = FindFirstFileExW(all, FindExInfoBasic, &data, FindExSearchNameMatch, NULL,
                            FIND_FIRST_EX_LARGE_FETCH);
    os_free(all);
    forget_names(f);
    hash_init(&f->by_name);
    f->missing = find == INVALID_HANDLE_VALUE && GetLastError() == ERROR_PATH_NOT_FOUND;
    f->read = f->missing || (find != INVALID_HANDLE_VALUE && read_found(f, find, &data));
    now = GetTickCount64();
    f->until = now + MAX((ULONGLONG)BELIEVED, (now - start) * READING_TIMES);
    if (!f->read)
        forget_names(f);
}

static void forget_folder(struct folder *f)
{
    forget_names(f);
    os_free(f->path);
    os_free(f->host);
    ZeroMemory(f, sizeof(*f));
}

static bool is_folder(const struct folder *f, const WCHAR *path, size_t len)
{
    return f->path && f->len == len &&
           CompareStringOrdinal(f->path, (int)len, path, (int)len, TRUE) == CSTR_EQUAL;
}

static struct folder *remembered(const WCHAR *path, size_t len)
{
    for (size_t i = 0; i < FOLDERS; i++)
        if (is_folder(&folders[i], path, len))
            return &folders[i];
    return NULL;
}

/* In the place of the one that was not asked for longest. */
static struct folder *remember(const WCHAR *path, size_t len)
{
    struct folder *f = &folders[0];
    WCHAR *copy = os_alloc_array(len + 1, sizeof(*copy));

    if (!copy)
        return NULL;
    for (size_t i = 1; i < FOLDERS; i++)
        if (folders[i].used < f->used)
            f = &folders[i];
    forget_folder(f);
    memcpy(copy, path, len * sizeof(*copy));
    copy[len] = 0;
    f->path = copy;
    f->len = len;
    return f;
}

/* The length of what stands before the last part of a path below a drive; 0: of no such path. */
static size_t folder_len(const WCHAR *path)
{
    const WCHAR *slash = wcsrchr(path, '\\');

    if (path[0] != '\\' || path[1] != '\\' || path[2] != '?' || path[3] != '\\' || !path[4] ||
        path[5] != ':' || !slash || slash < path + 6 || !slash[1])
        return 0;
    return (size_t)(slash - path);
}

/* Read, and believed; NULL: nothing is known of it. */
static struct folder *known(const WCHAR *path, size_t len)
{
    struct folder *f = remembered(path, len);

    if (!f)
        f = remember(path, len);
    if (!f)
        return NULL;
    f->used = ++uses;
    if (f->asked < OFTEN) {
        f->asked++;
        return NULL;
    }
    if (!f->host && !(f->host = host_name(f->path, f->len))) {
        f->asked = 0;
        return NULL;
    }
    if (!f->read || GetTickCount64() > f->until)
        read_names(f);
    if (!f->read)
        f->asked = 0;
    return f->read ? f : NULL;
}

/* --- what is asked ------------------------------------------------------------------------------
 */

static WCHAR *joined(const WCHAR *folder, size_t len, const WCHAR *name)
{
    size_t n = wcslen(name);
    WCHAR *out = os_alloc_array(len + n + 1, sizeof(*out));

    if (out) {
        memcpy(out, folder, len * sizeof(*out));
        memcpy(out + len, name, (n + 1) * sizeof(*out));
    }
    return out;
}

static bool answer(const struct folder *f, const WCHAR *path, size_t len, struct tgt_name *out)
{
    u32 place = find_name(f, path + len + 1);
    const WCHAR *name = place == HASH_NONE ? path + len + 1 : name_at(f, place);

    out->there = place != HASH_NONE;
    out->folder_missing = f->missing;
    out->path = joined(path, len + 1, name);
    out->host = joined(f->host, wcslen(f->host), path + len + 1);
    if (out->path && out->host)
        return true;
    tgt_name_free(out);
    return false;
}

bool tgt_name_find(const WCHAR *path, struct tgt_name *out)
{
    size_t len = folder_len(path);
    struct folder *f;
    bool found;

    if (!len)
        return false;
    AcquireSRWLockExclusive(&lock);
    f = known(path, len);
    found = f && answer(f, path, len, out);
    ReleaseSRWLockExclusive(&lock);
    return found;
}

void tgt_name_free(struct tgt_name *n)
{
    os_free(n->path);
    os_free(n->host);
}

void tgt_name_changed(const WCHAR *path, bool there)
{
    size_t len = folder_len(path);
    struct folder *f;
    u32 place;

    if (!len)
        return;
    AcquireSRWLockExclusive(&lock);
    f = there ? remembered(path, wcslen(path)) : NULL;
    if (f && f->missing)
        forget_folder(f);
    f = remembered(path, len);
    if (f && f->missing && there) {
        forget_folder(f);
    } else if (f && f->read) {
        place = find_name(f, path + len + 1);
        if (there && place == HASH_NONE) {
            if (!add_name(f, path + len + 1))
                forget_names(f);
        } else if (!there && place != HASH_NONE) {
            hash_remove(&f->by_name, hash_of(path + len + 1), place);
        }
    }
    ReleaseSRWLockExclusive(&lock);
}

void tgt_names_forget(void)
{
    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < FOLDERS; i++)
        forget_folder(&folders[i]);
    ReleaseSRWLockExclusive(&lock);
}
