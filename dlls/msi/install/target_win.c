/*
 * The machine's files on Windows and Wine.
 *
 * Paths go in as \\?\C:\... and \\?\UNC\server\share\..., so that they may be long and their names
 * are taken as they are; names that would mean something else without the prefix (devices, dots and
 * blanks at the end, streams) are refused instead.
 *
 * Links (tgt_links_win.h) in the middle of a path are the user's (in a prefix the desktop is one)
 * and are followed.
 */
#include <windows.h>

#include "target.h"

#include "os.h"
#include "tgt_links_win.h"
#include "tgt_names_win.h"
#include "tgt_path_win.h"
#include "tgt_plain_win.h"
#include "tgt_rename_win.h"
#include "utf16.h"

struct tgt_file {
    HANDLE handle;
};

enum {
    SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
    KEPT = TGT_READONLY | TGT_HIDDEN | TGT_SYSTEM | TGT_ARCHIVE,
    AS_IT_IS = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS,
};

/* --- paths --------------------------------------------------------------------------------------
 */

static u32 win32_error(u32 err)
{
    switch (err) {
    case ERROR_ALREADY_EXISTS:
        return ERROR_FILE_EXISTS;
    case ERROR_HANDLE_DISK_FULL:
        return ERROR_DISK_FULL;
    case ERROR_INVALID_NAME:
        return ERROR_BAD_PATHNAME;
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE:
        return ERROR_SHARING_VIOLATION;
    }
    return err;
}

static u32 failed(BOOL done)
{
    return win32_error(done ? ERROR_SUCCESS : GetLastError());
}

/* Calls act with the path as Windows is to see it. */
static u32 with_path(const char16_t *path, u32 (*act)(const WCHAR *path, void *ctx), void *ctx)
{
    WCHAR *at = NULL;
    size_t len;
    u32 err = tgt_long_path(path, 0, &at, &len);

    if (!err)
        err = act(at, ctx);
    os_free(at);
    return err;
}

/* ERROR_SUCCESS: something may be there. A path that the names of its folder do not have is looked
 * for as it is written. */
static u32 absence(const struct tgt_name *n)
{
    DWORD err = !n->there && GetFileAttributesW(n->host) == INVALID_FILE_ATTRIBUTES ? GetLastError()
                                                                                    : ERROR_SUCCESS;

    if (n->folder_missing && (err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND))
        return ERROR_PATH_NOT_FOUND;
    return err == ERROR_FILE_NOT_FOUND ? err : ERROR_SUCCESS;
}

struct deed {
    u32 (*act)(const WCHAR *path, void *ctx);
    void *ctx;
};

static u32 do_there(const WCHAR *path, void *ctx)
{
    const struct deed *d = ctx;
    struct tgt_name n;
    u32 err;

    if (!tgt_name_find(path, &n))
        return d->act(path, d->ctx);
    err = absence(&n);
    if (!err)
        err = d->act(n.path, d->ctx);
    tgt_name_free(&n);
    return err;
}

/* The same for what must be there. */
static u32 with_there(const char16_t *path, u32 (*act)(const WCHAR *path, void *ctx), void *ctx)
{
    struct deed d = {act, ctx};

    return with_path(path, do_there, &d);
}

/* --- links --------------------------------------------------------------------------------------
 */

static u32 seen(DWORD attributes, DWORD tag)
{
    u32 mine = attributes & (KEPT | TGT_FOLDER);

    if (attributes & FILE_ATTRIBUTE_REPARSE_POINT && link_is_tag(tag))
        mine |= TGT_LINK;
    return mine;
}

/* ERROR_ACCESS_DENIED for a link. */
static u32 refuse_link(const WCHAR *path, u32 *attributes_there)
{
    DWORD attributes = GetFileAttributesW(path);

    *attributes_there = attributes;
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return failed(FALSE);
    if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT) || !link_is_tag(link_tag(path)))
        return ERROR_SUCCESS;
    return ERROR_ACCESS_DENIED;
}

/* --- what is there ------------------------------------------------------------------------------
 */

static u64 joined(DWORD high, DWORD low)
{
    return (u64)high << 32 | low;
}

static u64 time_of(FILETIME t)
{
    return joined(t.dwHighDateTime, t.dwLowDateTime);
}

/* Of a path that begins with its drive or its server's share. */
static u64 volume_of(const WCHAR *path)
{
    const WCHAR *s = path + 4; /* behind \\?\ */
    u64 hash = 14695981039346656037u;
    int parts = s[1] == ':' ? 1 : 3;

    for (; *s && (*s != '\\' || --parts); s++)
        hash = (hash ^ u16_upper(*s)) * 1099511628211u;
    return hash;
}

static u32 glance_at(const WCHAR *path, void *ctx)
{
    struct tgt_stat *out = ctx;
    WIN32_FILE_ATTRIBUTE_DATA data;
    bool reparse;

    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data))
        return failed(FALSE);
    reparse = data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT;
    out->attributes = seen(data.dwFileAttributes, reparse ? link_tag(path) : 1);
    out->size = out->attributes & TGT_FOLDER ? 0 : joined(data.nFileSizeHigh, data.nFileSizeLow);
    out->created = time_of(data.ftCreationTime);
    out->written = time_of(data.ftLastWriteTime);
    out->volume = volume_of(path);
    return ERROR_SUCCESS;
}

static u32 stat_at(const WCHAR *path, void *ctx)
{
    struct tgt_stat *out = ctx;
    u32 err = glance_at(path, ctx);

    if (!err && !(out->attributes & (TGT_FOLDER | TGT_LINK)) && plain_is_hidden_link((WCHAR *)path))
        out->attributes |= TGT_LINK;
    return err;
}

u32 tgt_stat(const char16_t *path, struct tgt_stat *out)
{
    return with_there(path, stat_at, out);
}

u32 tgt_glance(const char16_t *path, struct tgt_stat *out)
{
    return with_there(path, glance_at, out);
}

struct real_name {
    char16_t *name;
    size_t cap;
};

static u32 give_name(struct real_name *r, const WCHAR *name)
{
    if (wcslen(name) >= r->cap)
        return ERROR_BUFFER_OVERFLOW;
    u16_copy(r->name, r->cap, (const char16_t *)name);
    return ERROR_SUCCESS;
}

static u32 real_name_at(const WCHAR *path, void *ctx)
{
    struct real_name *r = ctx;
    WIN32_FIND_DATAW found;
    struct tgt_name n;
    HANDLE f;

    if (tgt_name_find(path, &n)) {
        bool there = n.there && GetFileAttributesW(n.path) != INVALID_FILE_ATTRIBUTES;
        u32 err = there ? give_name(r, wcsrchr(n.path, '\\') + 1) : ERROR_FILE_NOT_FOUND;

        tgt_name_free(&n);
        if (there)
            return err;
    }
    f = FindFirstFileW(path, &found);
    if (f == INVALID_HANDLE_VALUE)
        return failed(FALSE);
    FindClose(f);
    return give_name(r, found.cFileName);
}

u32 tgt_real_name(const char16_t *path, char16_t *name, size_t cap)
{
    struct real_name r = {name, cap};

    return with_path(path, real_name_at, &r);
}

static u32 set_attributes_at(const WCHAR *path, void *ctx)
{
    u32 attributes = *(u32 *)ctx & KEPT, now, err = refuse_link(path, &now);

    /* a file that nobody has saved yet is to be saved */
    if (err || attributes == (now & KEPT) || (attributes | TGT_ARCHIVE) == (now & KEPT))
        return err;
    return failed(SetFileAttributesW(path, attributes ? attributes : FILE_ATTRIBUTE_NORMAL));
}

u32 tgt_set_attributes(const char16_t *path, u32 attributes)
{
    return with_there(path, set_attributes_at, &attributes);
}

/* A time of 0 stays. Without attributes named Wine 10 takes away those that are there. */
static u32 set_basic(HANDLE f, DWORD attributes, const u64 *times)
{
    FILE_BASIC_INFO info = {.FileAttributes = attributes};

    info.CreationTime.QuadPart = (LONGLONG)times[0];
    info.LastWriteTime.QuadPart = (LONGLONG)times[1];
    return failed(SetFileInformationByHandle(f, FileBasicInfo, &info, sizeof(info)));
}

static u32 set_times_of(HANDLE f, const u64 *times)
{
    FILE_BASIC_INFO now;

    if (!GetFileInformationByHandleEx(f, FileBasicInfo, &now, sizeof(now)))
        return failed(FALSE);
    return set_basic(f, now.FileAttributes, times);
}

static u32 set_times_at(const WCHAR *path, void *ctx)
{
    u32 attributes, err = refuse_link(path, &attributes);
    HANDLE f;

    if (err)
        return err;
    f = CreateFileW(path, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, SHARE_ALL, NULL,
                    OPEN_EXISTING, AS_IT_IS, NULL);
    if (f == INVALID_HANDLE_VALUE)
        return failed(FALSE);
    err = set_times_of(f, ctx);
    CloseHandle(f);
    return err;
}

u32 tgt_set_times(const char16_t *path, u64 created, u64 written)
{
    u64 times[] = {created, written};

    return with_there(path, set_times_at, times);
}

/* --- folders ------------------------------------------------------------------------------------
 */

static u32 make_folder_at(const WCHAR *path, void *ctx)
{
    DWORD there;
    u32 err;

    UNUSED(ctx);
    err = failed(CreateDirectoryW(path, NULL));
    /* Wine says of a drive's root that access is denied. */
    if (err != ERROR_FILE_EXISTS && err != ERROR_ACCESS_DENIED)
        return err;
    there = GetFileAttributesW(path);
    if (there == INVALID_FILE_ATTRIBUTES)
        return err == ERROR_FILE_EXISTS ? ERROR_DIRECTORY : err;
    return there & FILE_ATTRIBUTE_DIRECTORY ? ERROR_ALREADY_EXISTS : ERROR_DIRECTORY;
}

static u32 make_folder_named(const WCHAR *path, void *ctx)
{
    u32 err = make_folder_at(path, ctx);

    if (!err)
        tgt_name_changed(path, true);
    return err;
}

u32 tgt_make_folder(const char16_t *path)
{
    return with_path(path, make_folder_named, NULL);
}

/* Windows does not remove a folder that is read-only. */
static u32 remove_folder_at(const WCHAR *path, void *ctx)
{
    DWORD attributes = GetFileAttributesW(path);
    u32 err;

    UNUSED(ctx);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return failed(FALSE);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return ERROR_DIRECTORY;
    if (attributes & FILE_ATTRIBUTE_REPARSE_POINT && link_is_tag(link_tag(path)))
        return ERROR_ACCESS_DENIED; /* somebody's link, which was no folder of ours */
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    err = failed(RemoveDirectoryW(path));
    if (err && attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes);
    if (!err)
        tgt_names_forget(); /* those that were in it too */
    return err;
}

u32 tgt_remove_folder(const char16_t *path)
{
    return with_path(path, remove_folder_at, NULL);
}

static u32 each_found(HANDLE find, WIN32_FIND_DATAW *data,
                      u32 (*each)(void *ctx, const char16_t *name, u32 attributes), void *ctx)
{
    u32 err = ERROR_SUCCESS;

    do {
        if (wcscmp(data->cFileName, L".") && wcscmp(data->cFileName, L".."))
            err = each(ctx, (const char16_t *)data->cFileName,
                       seen(data->dwFileAttributes, data->dwReserved0));
    } while (!err && FindNextFileW(find, data));
    if (!err && GetLastError() != ERROR_NO_MORE_FILES)
        err = failed(FALSE);
    return err;
}

u32 tgt_each(const char16_t *folder, u32 (*each)(void *ctx, const char16_t *name, u32 attributes),
             void *ctx)
{
    WIN32_FIND_DATAW data;
    HANDLE find;
    WCHAR *path = NULL;
    size_t len;
    u32 err = tgt_long_path(folder, 2, &path, &len);

    if (err)
        return err;
    if (path[len - 1] != '\\')
        path[len++] = '\\';
    path[len++] = '*';
    path[len] = 0;
    find = FindFirstFileExW(path, FindExInfoBasic, &data, FindExSearchNameMatch, NULL,
                            FIND_FIRST_EX_LARGE_FETCH);
    if (find != INVALID_HANDLE_VALUE) {
        err = each_found(find, &data, each, ctx);
        FindClose(find);
    } else if ((err = failed(FALSE)) == ERROR_FILE_NOT_FOUND && len == 9) {
        err = ERROR_SUCCESS; /* an empty drive has no "." either */
    }
    os_free(path);
    return err;
}

/* --- files --------------------------------------------------------------------------------------
 */

struct opening {
    DWORD access, share, disposition, flags;
    struct tgt_file *file;
};

static u32 open_at(const WCHAR *path, void *ctx)
{
    struct opening *o = ctx;
    struct tgt_file *f = os_alloc(sizeof(*f));
    BY_HANDLE_FILE_INFORMATION info;

    if (!f)
        return ERROR_OUTOFMEMORY;
    f->handle = CreateFileW(path, o->access, o->share, NULL, o->disposition, o->flags, NULL);
    if (f->handle == INVALID_HANDLE_VALUE) {
        os_free(f);
        return failed(FALSE);
    }
    if (o->disposition == OPEN_EXISTING && GetFileInformationByHandle(f->handle, &info) &&
        info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT && link_is_tag(link_tag(path))) {
        tgt_close(f);
        return ERROR_ACCESS_DENIED;
    }
    o->file = f;
    return ERROR_SUCCESS;
}

static u32 create_at(const WCHAR *path, void *ctx)
{
    struct tgt_name n;
    u32 err;

    if (!tgt_name_find(path, &n))
        return open_at(path, ctx);
    err = open_at(n.there ? n.path : n.host, ctx);
    tgt_name_free(&n);
    if (!err)
        tgt_name_changed(path, true);
    return err;
}

u32 tgt_create(const char16_t *path, struct tgt_file **out)
{
    struct opening o = {GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE,
                        CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL};
    u32 err = with_path(path, create_at, &o);

    if (!err)
        *out = o.file;
    return err;
}

u32 tgt_open(const char16_t *path, struct tgt_file **out)
{
    struct opening o = {GENERIC_READ, SHARE_ALL, OPEN_EXISTING,
                        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_SEQUENTIAL_SCAN, NULL};
    u32 err = with_there(path, open_at, &o);

    if (!err)
        *out = o.file;
    return err;
}

u32 tgt_read(struct tgt_file *f, void *buf, u32 n, u32 *got)
{
    DWORD part;
    u32 err = failed(ReadFile(f->handle, buf, n, &part, NULL));

    if (!err)
        *got = part;
    return err;
}

u32 tgt_write(struct tgt_file *f, const void *buf, u32 n)
{
    while (n) {
        DWORD part = 0;
        u32 err = failed(WriteFile(f->handle, buf, n, &part, NULL));

        if (err)
            return err;
        if (!part)
            return ERROR_WRITE_FAULT;
        buf = (const char *)buf + part;
        n -= part;
    }
    return ERROR_SUCCESS;
}

u32 tgt_sync(struct tgt_file *f)
{
    return failed(FlushFileBuffers(f->handle));
}

void tgt_close(struct tgt_file *f)
{
    if (!f)
        return;
    CloseHandle(f->handle);
    os_free(f);
}

/* By the handle, which saves opening it again. */
u32 tgt_close_at(struct tgt_file *f, const char16_t *path, u32 attributes, u64 created, u64 written)
{
    u64 times[] = {created, written};
    u32 err = set_basic(f->handle, (attributes & KEPT) | FILE_ATTRIBUTE_ARCHIVE, times);

    UNUSED(path);
    tgt_close(f);
    return err;
}

/* Wine puts a file in the place of an empty folder without being told to replace anything. */
static bool is_free(const WCHAR *to, const WCHAR *from)
{
    return GetFileAttributesW(to) == INVALID_FILE_ATTRIBUTES || link_same_name(to, from);
}

struct renaming {
    const WCHAR *from;
    bool file;
};

static u32 rename_to(const WCHAR *to, void *ctx)
{
    const struct renaming *r = ctx;
    struct tgt_name n;
    bool known = tgt_name_find(to, &n);
    u32 err = ERROR_FILE_EXISTS;

    if (is_free(!known ? to : n.there ? n.path : n.host, r->from))
        err = win32_error(rename_opened(r->from, known ? n.host : to, r->file));
    if (known)
        tgt_name_free(&n);
    if (!err) {
        tgt_name_changed(r->from, false);
        tgt_name_changed(to, true);
    }
    return err;
}

static u32 rename_from(const WCHAR *from, void *to)
{
    struct renaming r = {from, false};

    return with_path(to, rename_to, &r);
}

u32 tgt_rename(const char16_t *from, const char16_t *to)
{
    return with_there(from, rename_from, (void *)to);
}

static u32 rename_file_from(const WCHAR *from, void *to)
{
    struct renaming r = {from, true};

    return with_path(to, rename_to, &r);
}

u32 tgt_rename_file(const char16_t *from, const char16_t *to)
{
    return with_there(from, rename_file_from, (void *)to);
}

u32 tgt_rename_folder(const char16_t *from, const char16_t *to)
{
    u32 err = tgt_rename_file(from, to);

    tgt_names_forget(); /* those that are in it too */
    return err;
}

static u32 remove_at(const WCHAR *path, void *ctx)
{
    DWORD attributes = GetFileAttributesW(path);
    u32 err;

    UNUSED(ctx);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return failed(FALSE);
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    err = failed(DeleteFileW(path));
    if (err && attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes);
    if (!err)
        tgt_name_changed(path, false);
    return err;
}

u32 tgt_remove(const char16_t *path)
{
    return with_there(path, remove_at, NULL);
}

/* The file system journals names itself, and there is no call for it. */
u32 tgt_sync_folder(const char16_t *folder)
{
    UNUSED(folder);
    return ERROR_SUCCESS;
}

/* --- what installations need besides ------------------------------------------------------------
 */

void tgt_forget(void)
{
    tgt_names_forget();
    plain_forget();
}
