#include <windows.h>

#include "tgt_plain_win.h"

#include "buf.h"
#include "hash.h"
#include "os.h"
#include "tgt_links_win.h"

enum {
    FOLDERS = 8,             /* that are remembered */
    BYTES_MAX = 4 << 20,     /* of the names of each */
    SETTLED_TIME = 25 << 20, /* 2.6 s in 100 ns: no file system's times are coarser than 2 s */
};

struct seen {
    WCHAR *path;      /* of the folder, without a separator at its end */
    u64 written;      /* its time when its first name was looked at */
    u64 used;         /* the number of the last use */
    struct buf names; /* WCHAR, each terminated */
    struct hash_map by_name;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct seen folders[FOLDERS];
static u64 uses;

static const WCHAR *name_at(const struct seen *f, u32 place)
{
    return (const WCHAR *)(const void *)f->names.data + place;
}

static bool is_name(const void *ctx, u32 value, const void *item)
{
    return !wcscmp(name_at(ctx, value), item);
}

static u32 hash_of(const WCHAR *name)
{
    return hash_bytes(name, wcslen(name) * sizeof(*name));
}

static void forget_names(struct seen *f)
{
    hash_free(&f->by_name);
    buf_free(&f->names);
    hash_init(&f->by_name);
}

static void forget_folder(struct seen *f)
{
    forget_names(f);
    os_free(f->path);
    ZeroMemory(f, sizeof(*f));
}

static struct seen *find_folder(const WCHAR *path, u64 written)
{
    for (size_t i = 0; i < FOLDERS; i++)
        if (folders[i].path && !wcscmp(folders[i].path, path)) {
            if (folders[i].written == written)
                return &folders[i];
            forget_folder(&folders[i]);
        }
    return NULL;
}

/* In the place of the one that was not asked for longest. */
static struct seen *add_folder(const WCHAR *path, u64 written)
{
    size_t n = wcslen(path) + 1;
    WCHAR *copy = os_alloc_array(n, sizeof(*copy));
    struct seen *f = &folders[0];

    if (!copy)
        return NULL;
    for (size_t i = 1; i < FOLDERS; i++)
        if (folders[i].used < f->used)
            f = &folders[i];
    forget_folder(f);
    memcpy(copy, path, n * sizeof(*copy));
    f->path = copy;
    f->written = written;
    hash_init(&f->by_name);
    return f;
}

static bool is_plain(const WCHAR *folder, const WCHAR *name, u64 written)
{
    struct seen *f;
    bool plain;

    AcquireSRWLockExclusive(&lock);
    f = find_folder(folder, written);
    plain = f && hash_find(&f->by_name, hash_of(name), is_name, f, name) != HASH_NONE;
    if (plain)
        f->used = ++uses;
    ReleaseSRWLockExclusive(&lock);
    return plain;
}

static void add_plain(const WCHAR *folder, const WCHAR *name, u64 written)
{
    struct seen *f;
    size_t start;

    AcquireSRWLockExclusive(&lock);
    f = find_folder(folder, written);
    if (!f)
        f = add_folder(folder, written);
    if (f) {
        if (f->names.len > BYTES_MAX)
            forget_names(f);
        f->used = ++uses;
        start = f->names.len / sizeof(*name);
        if (buf_add(&f->names, name, (wcslen(name) + 1) * sizeof(*name)) ||
            hash_add(&f->by_name, hash_of(name), (u32)start))
            forget_names(f);
    }
    ReleaseSRWLockExclusive(&lock);
}

static u64 joined(FILETIME t)
{
    return (u64)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

/* 0: it cannot be told, or something may yet be made in the folder within the same time. */
static u64 settled_time(const WCHAR *folder)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    FILETIME now;
    u64 written;

    if (!GetFileAttributesExW(folder, GetFileExInfoStandard, &data))
        return 0;
    GetSystemTimeAsFileTime(&now);
    written = joined(data.ftLastWriteTime);
    return written < joined(now) && joined(now) - written > SETTLED_TIME ? written : 0;
}

bool plain_is_hidden_link(WCHAR *path)
{
    WCHAR *slash = wcsrchr(path, '\\');
    u64 written = 0;
    bool hidden;

    /* a drive's root may be asked for with its separator only */
    if (slash && slash > path && slash[-1] != ':') {
        *slash = 0;
        written = settled_time(path);
        hidden = !written || !is_plain(path, slash + 1, written);
        *slash = '\\';
        if (!hidden)
            return false;
    }
    hidden = link_is_hidden(path);
    if (!hidden && written) {
        *slash = 0;
        add_plain(path, slash + 1, written);
        *slash = '\\';
    }
    return hidden;
}

void plain_forget(void)
{
    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < FOLDERS; i++)
        forget_folder(&folders[i]);
    ReleaseSRWLockExclusive(&lock);
}
