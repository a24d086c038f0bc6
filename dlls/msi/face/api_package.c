/*
 * MsiOpenPackage, MsiVerifyPackage, MsiOpenProduct, MsiGetActiveDatabase.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <shlwapi.h>

#include "errorrec.h"
#include "fullpath.h"
#include "guid.h"
#include "notice.h"
#include "os.h"
#include "pkgopen.h"
#include "prodpackage.h"
#include "strio.h"
#include "trace.h"
#include "use.h"
#include "utf16.h"

/* --- MsiOpenPackage -----------------------------------------------------------------------------
 */

static u32 open_session(struct database *db, const struct session_options *options, MSIHANDLE *out)
{
    struct session *s;
    u32 err = session_open(db, options, &s);

    return err ? err : give_handle(session_object(s), out);
}

static u32 open_path(const char16_t *path, const struct session_options *options, MSIHANDLE *out)
{
    struct session *s;
    u32 err = package_open(path, options, &s);

    return err ? err : give_handle(session_object(s), out);
}

/* "#123": the number of a database handle, and what stands behind it is of no account. */
static u32 open_handle(const char16_t *number, const struct session_options *options,
                       MSIHANDLE *out)
{
    size_t n = 0, digits;
    struct database *db;
    struct hnd_use use;
    u32 handle, err;

    while (number[n] == ' ')
        n++;
    for (digits = n; number[digits] >= '0' && number[digits] <= '9';)
        digits++;
    if (!u16_to_u32(number + n, digits - n, &handle))
        return ERROR_INVALID_HANDLE;
    db = use_database(handle, &use);
    if (!db)
        return ERROR_INVALID_HANDLE;
    err = open_session(db, options, out);
    hnd_done(&use);
    return err;
}

static u32 open_empty(MSIHANDLE *out)
{
    struct session *s;
    u32 err = session_open_empty(&s);

    return err ? err : give_handle(session_object(s), out);
}

/* With the transforms that it was installed with. */
static u32 open_found(const struct product *p, const struct session_options *options,
                      MSIHANDLE *out)
{
    char16_t *path, *source, *transforms = NULL;
    u32 err = product_package(p, &path, &source);

    if (err)
        return err;
    err = product_property(p, u"Transforms", &transforms);
    if (!err || err == ERROR_UNKNOWN_PROPERTY) {
        struct session_options how = *options;

        how.original = source;
        how.transforms = transforms;
        how.product = p->code;
        err = open_path(path, &how, out);
    }
    os_free(path);
    os_free(source);
    os_free(transforms);
    return err;
}

/* A product may be named by its code too. */
static bool is_product(const char16_t *path, struct product *p)
{
    return guid_is(path) && !os_exists(path) && product_find(path, p);
}

static u32 open_package(const char16_t *path, DWORD options, MSIHANDLE *out)
{
    const struct session_options how = {
        .restricted = options & MSIOPENPACKAGEFLAGS_IGNOREMACHINESTATE, .asks = true};
    struct product p;
    u32 err;

    if (!path || !out)
        return ERROR_INVALID_PARAMETER;
    if (!path[0])
        err = open_empty(out);
    else if (path[0] == '#')
        err = open_handle(path + 1, &how, out);
    else if (is_product(path, &p))
        err = open_found(&p, &how, out);
    else
        err = open_path(path, &how, out);
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

static u32 open_product(const char16_t *code, MSIHANDLE *out)
{
    static const struct session_options how = {.asks = true, .kept = true};
    struct product p;
    u32 err;

    if (!code || !out || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    err = product_find(code, &p) ? open_found(&p, &how, out) : ERROR_UNKNOWN_PRODUCT;
    TRACE(TRACE_MSI, "MsiOpenProduct(%s) = %u", trace_text(code, -1), err);
    return err;
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
    struct session *s = use_whole_session(install, &use);
    MSIHANDLE h;

    if (!s)
        return 0;
    h = hnd_open(db_object(session_database(s)));
    hnd_done(&use);
    return h;
}
