/*
 * MsiOpenPackage, MsiVerifyPackage, MsiOpenProduct, MsiGetActiveDatabase.
 *
 * Where Wine's msi.dll stands beside ours it opens the sessions, because it can install; a session
 * on a database handle of ours is always ours.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "door.h"
#include "errorrec.h"
#include "fullpath.h"
#include "guid.h"
#include "notice.h"
#include "os.h"
#include "strio.h"
#include "trace.h"
#include "use.h"
#include "utf16.h"

/* --- MsiOpenPackage -----------------------------------------------------------------------------
 */

static u32 open_session(struct database *db, MSIHANDLE *out)
{
    struct session *s;
    u32 err = session_open(db, &s);

    return err ? err : give_handle(session_object(s), out);
}

/* "#123": the number of a database handle. */
static u32 open_handle(const char16_t *number, MSIHANDLE *out)
{
    struct database *db;
    struct hnd_use use;
    u32 handle, err;

    if (!u16_to_u32(number, u16_len(number), &handle))
        return ERROR_INVALID_HANDLE;
    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    err = open_session(db, out);
    hnd_done(&use);
    return err;
}

/* Of the database's error: the file cannot be had, or it is no package. */
static u32 package_error(u32 err)
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
static u32 told_in_vain(u32 err)
{
    notice_bare(NULL, NOTICE_INITIALIZE);
    notice_bare(NULL, NOTICE_TERMINATE);
    return err;
}

static u32 open_file(const char16_t *path, MSIHANDLE *out)
{
    struct database *db;
    char16_t *full;
    u32 err;

    if (!os_exists(path))
        return told_in_vain(ERROR_FILE_NOT_FOUND);
    err = full_path(path, &full);
    if (err)
        return err;
    err = db_open(full, DB_READONLY, false, &db);
    os_free(full);
    if (err)
        return told_in_vain(package_error(err));
    db->internal = true;
    err = open_session(db, out);
    obj_unref(db_object(db));
    return err;
}

/* Whether Wine shall open it; *err is what it returned. */
static bool open_by_wine(const char16_t *path, DWORD options, MSIHANDLE *out, u32 *err)
{
    static struct door_entry wine = {"MsiOpenPackageExW", NULL};
    u32 handle;
    bool ours =
        path[0] == '#' && u16_to_u32(path + 1, u16_len(path + 1), &handle) && hnd_ours(handle);

    if (ours || !door_available() || !door_find(&wine))
        return false;
    *err = ((UINT(WINAPI *)(const WCHAR *, DWORD, MSIHANDLE *))wine.target)((const WCHAR *)path,
                                                                            options, out);
    return true;
}

static u32 open_package(const char16_t *path, DWORD options, MSIHANDLE *out)
{
    u32 err;

    if (!path || !out)
        return ERROR_INVALID_PARAMETER;
    if (!path[0])
        return ERROR_FUNCTION_FAILED;
    if (open_by_wine(path, options, out, &err))
        return err;
    err = path[0] == '#' ? open_handle(path + 1, out) : open_file(path, out);
    TRACE(TRACE_MSI, "MsiOpenPackage(%s) = %u", trace_text(path, -1), err);
    return err;
}

UINT WINAPI MsiOpenPackageExW(const WCHAR *path, DWORD options, MSIHANDLE *out)
{
    return open_package(w16(path), options, out);
}

UINT WINAPI MsiOpenPackageExA(const char *path, DWORD options, MSIHANDLE *out)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = open_package(text.text, options, out);
    text_done(&text);
    return err;
}

UINT WINAPI MsiOpenPackageW(const WCHAR *path, MSIHANDLE *out)
{
    return MsiOpenPackageExW(path, 0, out);
}

UINT WINAPI MsiOpenPackageA(const char *path, MSIHANDLE *out)
{
    return MsiOpenPackageExA(path, 0, out);
}

/* --- MsiVerifyPackage ---------------------------------------------------------------------------
 */

static u32 verify_package(const char16_t *path)
{
    struct database *db;
    char16_t *full;
    u32 err;

    if (!path || !path[0])
        return ERROR_INVALID_PARAMETER;
    err = full_path(path, &full);
    if (err)
        return err;
    err = os_exists(full) ? db_open(full, DB_READONLY, false, &db) : ERROR_FILE_NOT_FOUND;
    os_free(full);
    if (err == ERROR_FILE_NOT_FOUND)
        return ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    if (err)
        return package_error(err);
    obj_unref(db_object(db));
    return ERROR_SUCCESS;
}

UINT WINAPI MsiVerifyPackageW(const WCHAR *path)
{
    return verify_package(w16(path));
}

UINT WINAPI MsiVerifyPackageA(const char *path)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = verify_package(text.text);
    text_done(&text);
    return err;
}

/* --- MsiOpenProduct -----------------------------------------------------------------------------
 */

/* Which products are installed only the installer knows. */
static u32 open_product(const char16_t *product, MSIHANDLE *out)
{
    static struct door_entry wine = {"MsiOpenProductW", NULL};

    if (!product || !out || !guid_is(product))
        return ERROR_INVALID_PARAMETER;
    if (door_available() && door_find(&wine))
        return ((UINT(WINAPI *)(const WCHAR *, MSIHANDLE *))wine.target)((const WCHAR *)product,
                                                                         out);
    return ERROR_UNKNOWN_PRODUCT;
}

UINT WINAPI MsiOpenProductW(const WCHAR *product, MSIHANDLE *out)
{
    return open_product(w16(product), out);
}

UINT WINAPI MsiOpenProductA(const char *product, MSIHANDLE *out)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = open_product(text.text, out);
    text_done(&text);
    return err;
}

MSIHANDLE WINAPI MsiGetActiveDatabase(MSIHANDLE install)
{
    struct hnd_use use;
    struct session *s = use_session(install, &use);
    MSIHANDLE h;

    if (!s)
        return 0;
    h = hnd_open(db_object(session_database(s)));
    hnd_done(&use);
    return h;
}
