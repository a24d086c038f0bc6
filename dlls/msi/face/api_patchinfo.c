/*
 * The patches of products, as the registry tells of them.
 */
#include <windows.h>
#include <msi.h>

#include "os.h"
#include "patches.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* --- MsiEnumPatches -----------------------------------------------------------------------------
 */

static u32 enum_patches(const char16_t *code, DWORD index, struct guid_out patch,
                        struct text_out transforms)
{
    struct listing_row row;
    struct product p;
    char16_t *text;
    u32 err;

    if (!code || !guid_is(code) || !patch.buf || !transforms.buf || !transforms.size)
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = patch_at(code, product_sid(&p), p.context, PATCH_APPLIED | PATCH_SUPERSEDED, index, &row);
    if (!err)
        err = patch_transforms(&p, row.guid, &text);
    if (err == ERROR_FILE_NOT_FOUND) {
        text = u16_dup(u"", 0);
        err = text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    if (!err)
        err = text_give(transforms, text, SHORT_CUT, false);
    if (!err || err == ERROR_MORE_DATA)
        guid_put(patch, row.guid);
    return err;
}

UINT WINAPI MsiEnumPatchesW(const WCHAR *product, DWORD index, WCHAR *patch, WCHAR *transforms,
                            DWORD *size)
{
    return enum_patches(w16(product), index, (struct guid_out){patch, false},
                        out_w(transforms, size));
}

UINT WINAPI MsiEnumPatchesA(const char *product, DWORD index, char *patch, char *transforms,
                            DWORD *size)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = enum_patches(text.text, index, (struct guid_out){patch, true}, out_a(transforms, size));
    text_done(&text);
    return err;
}

/* --- MsiEnumPatchesEx ---------------------------------------------------------------------------
 */

static u32 enum_patches_ex(const char16_t *code, const char16_t *sid, DWORD contexts, DWORD filter,
                           DWORD index, struct row_out out, struct guid_out product)
{
    struct listing_row row;
    u32 err;

    if ((code && !guid_is(code)) || !context_some(sid, contexts) || !filter ||
        filter > MSIPATCHSTATE_ALL || (out.sid.buf && !out.sid.size))
        return ERROR_INVALID_PARAMETER;
    if (sid && u16_equal_fold(sid, LAYOUT_MACHINE_SID))
        return ERROR_INVALID_PARAMETER;
    err = patch_at(code, user_of(sid), contexts, filter, index, &row);
    if (!err)
        err = row_put(&row, out);
    if (!err)
        guid_put(product, row.other);
    return err;
}

UINT WINAPI MsiEnumPatchesExW(const WCHAR *product, const WCHAR *user, DWORD contexts, DWORD filter,
                              DWORD index, WCHAR patch[GUID_CHARS + 1],
                              WCHAR target[GUID_CHARS + 1], MSIINSTALLCONTEXT *context, WCHAR *sid,
                              DWORD *size)
{
    return enum_patches_ex(w16(product), w16(user), contexts, filter, index,
                           (struct row_out){{patch, false}, context, out_w(sid, size)},
                           (struct guid_out){target, false});
}

UINT WINAPI MsiEnumPatchesExA(const char *product, const char *user, DWORD contexts, DWORD filter,
                              DWORD index, char patch[GUID_CHARS + 1], char target[GUID_CHARS + 1],
                              MSIINSTALLCONTEXT *context, char *sid, DWORD *size)
{
    const char *in[] = {product, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = enum_patches_ex(t.at[0].text, t.at[1].text, contexts, filter, index,
                          (struct row_out){{patch, true}, context, out_a(sid, size)},
                          (struct guid_out){target, true});
    texts_done(&t);
    return err;
}

/* --- MsiGetPatchInfo, MsiGetPatchInfoEx ---------------------------------------------------------
 */

static u32 get_patch_info(const char16_t *patch, const char16_t *property, struct text_out out)
{
    char16_t *text;
    u32 err;

    if (!patch || !property || (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    if (!u16_is(property, u16_len(property), "LocalPackage"))
        return ERROR_UNKNOWN_PROPERTY;
    if (!guid_is(patch))
        return ERROR_INVALID_PARAMETER;
    err = patch_package(patch, &text);
    return err ? err : text_give(out, text, SHORT_CUT, false);
}

UINT WINAPI MsiGetPatchInfoW(const WCHAR *patch, const WCHAR *property, WCHAR *buf, DWORD *size)
{
    return get_patch_info(w16(patch), w16(property), out_w(buf, size));
}

UINT WINAPI MsiGetPatchInfoA(const char *patch, const char *property, char *buf, DWORD *size)
{
    const char *in[] = {patch, property};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_patch_info(t.at[0].text, t.at[1].text, out_a(buf, size));
    texts_done(&t);
    return err;
}

static u32 get_patch_info_ex(const char16_t *patch, const char16_t *code, const char16_t *sid,
                             DWORD context, const char16_t *property, struct text_out out)
{
    struct product p;
    char16_t *text;
    u32 err;

    if (!patch || !code || !property || !guid_is(patch) || !guid_is(code) ||
        !context_one(sid, context) || (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    if (sid && u16_equal_fold(sid, LAYOUT_MACHINE_SID))
        return ERROR_INVALID_PARAMETER;
    product_in(code, user_of(sid), context, &p);
    err = patch_property(&p, patch, property, &text);
    return err ? err : text_give(out, text, SHORT_CUT, true);
}

UINT WINAPI MsiGetPatchInfoExW(const WCHAR *patch, const WCHAR *product, const WCHAR *user,
                               MSIINSTALLCONTEXT context, const WCHAR *property, WCHAR *buf,
                               DWORD *size)
{
    return get_patch_info_ex(w16(patch), w16(product), w16(user), context, w16(property),
                             out_w(buf, size));
}

UINT WINAPI MsiGetPatchInfoExA(const char *patch, const char *product, const char *user,
                               MSIINSTALLCONTEXT context, const char *property, char *buf,
                               DWORD *size)
{
    const char *in[] = {patch, product, user, property};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_patch_info_ex(t.at[0].text, t.at[1].text, t.at[2].text, context, t.at[3].text,
                            out_a(buf, size));
    texts_done(&t);
    return err;
}
