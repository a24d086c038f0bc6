/*
 * Opening a package by its path.
 */
#include "pkgopen.h"

#include <windows.h>
#include <shlwapi.h>

#include "dbopen.h"
#include "errorrec.h"
#include "fullpath.h"
#include "notice.h"
#include "os.h"
#include "strio.h"
#include "trace.h"
#include "utf16.h"

/* Of the database's error: the file cannot be had, or it is no package. */
u32 package_error(u32 err)
{
    struct record *r = err_take();
    bool format = r && rec_get_int(r, 1) == 2219;

    if (r)
        obj_unref(rec_object(r));
    if (err != ERROR_OPEN_FAILED)
        return err;
    return format ? ERROR_INSTALL_PACKAGE_INVALID : ERROR_INSTALL_PACKAGE_OPEN_FAILED;
}

/* An opening that failed before there was a session. */
static u32 told_in_vain(const struct session_options *options, u32 err)
{
    if (!options->silent) {
        notice_bare(NULL, NOTICE_INITIALIZE);
        notice_bare(NULL, NOTICE_TERMINATE);
    }
    return err;
}

static u32 open_full(const char16_t *full, const struct session_options *options,
                     struct session **out)
{
    struct database *db;
    u32 err = options->silent || options->kept ? db_open_package(full, &db)
                                               : db_open(full, DB_READONLY, false, &db);

    if (err)
        return told_in_vain(options, package_error(err));
    db->internal = true;
    err = session_open(db, options, out);
    obj_unref(db_object(db));
    return err;
}

static u32 open_file(const char16_t *path, const struct session_options *options,
                     struct session **out)
{
    char16_t *full;
    u32 err;

    if (!os_exists(path))
        return told_in_vain(options, ERROR_FILE_NOT_FOUND);
    err = full_path(path, &full);
    if (err)
        return err;
    err = open_full(full, options, out);
    os_free(full);
    return err;
}

/* A URL of a file: its path. */
static u32 open_url(const char16_t *url, const struct session_options *options,
                    struct session **out)
{
    WCHAR path[2048];
    DWORD size = ARRAY_LEN(path);

    if (PathCreateFromUrlW((const WCHAR *)url, path, &size, 0) != S_OK)
        return told_in_vain(options, ERROR_FILE_NOT_FOUND);
    return open_file(w16(path), options, out);
}

static bool begins(const char16_t *path, const char *scheme)
{
    while (*scheme && u16_upper(*path) == (unsigned char)*scheme) {
        path++;
        scheme++;
    }
    return !*scheme;
}

/* A package on a server: a copy in the user's cache of such files. urlmon.dll is wanted by nothing
 * else here and is a large one. */
static u32 open_remote(const char16_t *url, const struct session_options *options,
                       struct session **out)
{
    typedef HRESULT(WINAPI * fetch_fn)(void *, const WCHAR *, WCHAR *, DWORD, DWORD, void *);
    struct session_options copied = *options;
    HMODULE urlmon = LoadLibraryW(L"urlmon.dll");
    fetch_fn fetch;
    WCHAR path[MAX_PATH];
    HRESULT got = E_NOTIMPL;
    u32 err;

    fetch = urlmon ? (fetch_fn)(void *)GetProcAddress(urlmon, "URLDownloadToCacheFileW") : NULL;
    if (fetch)
        got = fetch(NULL, (const WCHAR *)url, path, ARRAY_LEN(path), 0, NULL);
    TRACE(TRACE_MSI, "fetching %s: %x", trace_text(url, -1), (unsigned)got);
    copied.original = url;
    err = got == S_OK ? open_file(w16(path), &copied, out)
                      : told_in_vain(options, ERROR_INSTALL_PACKAGE_OPEN_FAILED);
    if (urlmon)
        FreeLibrary(urlmon);
    return err;
}

u32 package_open(const char16_t *path, const struct session_options *options, struct session **out)
{
    if (begins(path, "FILE:"))
        return open_url(path, options, out);
    if (begins(path, "HTTP:") || begins(path, "HTTPS:") || begins(path, "FTP:"))
        return open_remote(path, options, out);
    return open_file(path, options, out);
}
