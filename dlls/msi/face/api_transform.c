/*
 * MsiDatabaseGenerateTransform, MsiDatabaseApplyTransform and MsiCreateTransformSummaryInfo.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "dbtransform.h"
#include "fullpath.h"
#include "os.h"
#include "pair.h"
#include "strio.h"

/* --- two databases ------------------------------------------------------------------------------
 */

static u32 call_generate(struct database *db, struct database *other, const struct pair_call *c)
{
    return db_generate_transform(db, other, c->text);
}

static u32 call_summary(struct database *db, struct database *other, const struct pair_call *c)
{
    return db_transform_summary(db, other, c->text, c->conditions, c->validation);
}

/* With the path from the root; NULL stays NULL. */
static u32 with_path(MSIHANDLE handle, MSIHANDLE base, const char16_t *path, struct pair_call c)
{
    char16_t *full = NULL;
    u32 err = path ? full_path(path, &full) : ERROR_SUCCESS;

    if (err)
        return err;
    c.text = full;
    err = with_both(handle, base, &c);
    os_free(full);
    return err;
}

UINT WINAPI MsiDatabaseGenerateTransformW(MSIHANDLE handle, MSIHANDLE base, const WCHAR *path,
                                          int reserved1, int reserved2)
{
    UNUSED(reserved1);
    UNUSED(reserved2);
    return with_path(handle, base, w16(path), (struct pair_call){.call = call_generate});
}

UINT WINAPI MsiDatabaseGenerateTransformA(MSIHANDLE handle, MSIHANDLE base, const char *path,
                                          int reserved1, int reserved2)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    UNUSED(reserved1);
    UNUSED(reserved2);
    if (err)
        return err;
    err = with_path(handle, base, text.text, (struct pair_call){.call = call_generate});
    text_done(&text);
    return err;
}

static u32 summary(MSIHANDLE handle, MSIHANDLE base, const char16_t *path, int conditions,
                   int validation)
{
    struct pair_call c = {
        .call = call_summary, .conditions = (u32)conditions, .validation = (u32)validation};

    return path ? with_path(handle, base, path, c) : ERROR_INVALID_PARAMETER;
}

UINT WINAPI MsiCreateTransformSummaryInfoW(MSIHANDLE handle, MSIHANDLE base, const WCHAR *path,
                                           int conditions, int validation)
{
    return summary(handle, base, w16(path), conditions, validation);
}

UINT WINAPI MsiCreateTransformSummaryInfoA(MSIHANDLE handle, MSIHANDLE base, const char *path,
                                           int conditions, int validation)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = summary(handle, base, text.text, conditions, validation);
    text_done(&text);
    return err;
}

/* --- applying -----------------------------------------------------------------------------------
 */

/* A path, or ':' and the name of a storage in the database. */
static u32 apply_path(struct database *db, const char16_t *path, u32 conditions)
{
    char16_t *full;
    u32 err;

    if (path[0] == u':')
        return db_apply_transform(db, path, conditions);
    err = full_path(path, &full);
    if (err)
        return err;
    err = db_apply_transform(db, full, conditions);
    os_free(full);
    return err;
}

static u32 apply(MSIHANDLE handle, const char16_t *path, int conditions)
{
    struct hnd_use use;
    struct database *db = use_database(handle, &use);
    u32 err;

    if (!db)
        return ERROR_INVALID_HANDLE;
    err = path ? apply_path(db, path, (u32)conditions) : ERROR_INVALID_PARAMETER;
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDatabaseApplyTransformW(MSIHANDLE handle, const WCHAR *path, int conditions)
{
    return apply(handle, w16(path), conditions);
}

UINT WINAPI MsiDatabaseApplyTransformA(MSIHANDLE handle, const char *path, int conditions)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = apply(handle, text.text, conditions);
    text_done(&text);
    return err;
}
