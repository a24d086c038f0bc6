/*
 * MsiApplyPatch, MsiApplyMultiplePatches. What can be told of the arguments is told here: a patch
 * that is not there, or is none. Applying them is Wine's msi.dll's.
 */
#include <windows.h>
#include <msi.h>

#include "door.h"
#include "fullpath.h"
#include "guid.h"
#include "os.h"
#include "patchdata.h"
#include "products.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* ERROR_PATCH_PACKAGE_OPEN_FAILED, ERROR_PATCH_PACKAGE_INVALID. */
static u32 check_patch(const char16_t *path, size_t len)
{
    struct patch_data d;
    char16_t *name = u16_dup(path, len), *full = NULL;
    u32 err = name ? full_path(name, &full) : ERROR_OUTOFMEMORY;

    if (!err)
        err = patch_read_file(full, &d);
    if (!err)
        patch_data_free(&d);
    os_free(full);
    os_free(name);
    return err;
}

/* Of patches with semicolons between; one that stands as its code is known to the machine. */
static u32 check_patches(const char16_t *list)
{
    u32 err = ERROR_SUCCESS;

    while (!err && *list) {
        size_t n = 0;

        while (list[n] && list[n] != ';')
            n++;
        if (n && list[0] != '{')
            err = check_patch(list, n);
        list += n + (list[n] == ';');
    }
    return err;
}

static u32 apply_patch(const char16_t *patch, const char16_t *package, INSTALLTYPE type,
                       const char16_t *line)
{
    static struct door_entry wine = {"MsiApplyPatchW", NULL};
    u32 err;

    if (!patch || !patch[0])
        return ERROR_INVALID_PARAMETER;
    err = check_patches(patch);
    if (err)
        return err;
    if (!door_available() || !door_find(&wine))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return ((UINT(WINAPI *)(const char16_t *, const char16_t *, INSTALLTYPE,
                            const char16_t *))wine.target)(patch, package, type, line);
}

UINT WINAPI MsiApplyPatchW(const WCHAR *patch, const WCHAR *package, INSTALLTYPE type,
                           const WCHAR *line)
{
    return apply_patch(w16(patch), w16(package), type, w16(line));
}

UINT WINAPI MsiApplyPatchA(const char *patch, const char *package, INSTALLTYPE type,
                           const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 3, (const char *const[]){patch, package, line});

    if (err)
        return err;
    err = apply_patch(t.at[0].text, t.at[1].text, type, t.at[2].text);
    texts_done(&t);
    return err;
}

static u32 apply_patches(const char16_t *patches, const char16_t *product, const char16_t *line)
{
    static struct door_entry wine = {"MsiApplyMultiplePatchesW", NULL};
    struct product p;
    u32 err;

    if (!patches || !patches[0] || (product && !guid_is(product)))
        return ERROR_INVALID_PARAMETER;
    if (product && !product_find(product, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = check_patches(patches);
    if (err)
        return err;
    if (!door_available() || !door_find(&wine))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return ((UINT(WINAPI *)(const char16_t *, const char16_t *, const char16_t *))wine.target)(
        patches, product, line);
}

UINT WINAPI MsiApplyMultiplePatchesW(const WCHAR *patches, const WCHAR *product, const WCHAR *line)
{
    return apply_patches(w16(patches), w16(product), w16(line));
}

UINT WINAPI MsiApplyMultiplePatchesA(const char *patches, const char *product, const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 3, (const char *const[]){patches, product, line});

    if (err)
        return err;
    err = apply_patches(t.at[0].text, t.at[1].text, t.at[2].text);
    texts_done(&t);
    return err;
}
