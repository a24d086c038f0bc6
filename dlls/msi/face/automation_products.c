/*
 * The Installer object's members about products, their patches and sources.
 */
#include "automation.h"

#include "os.h"

/* --- lists by index -----------------------------------------------------------------------------
 */

/* What an enumeration is of, and up to three texts that it is asked with. */
struct listing {
    const WCHAR *a;
    UINT (*next)(const struct listing *q, DWORD i, WCHAR code[39]);
};

static HRESULT put_listing(struct auto_call *c, const struct listing *q)
{
    struct auto_list *l = auto_string_list();
    WCHAR code[39];
    UINT err = ERROR_SUCCESS;

    if (!l)
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        err = q->next(q, i, code);
        if (!err && !auto_list_text(l, code))
            err = ERROR_OUTOFMEMORY;
    }
    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_object(c, auto_list_object_of(l));
    auto_release(auto_list_object_of(l));
    return auto_failed(err);
}

static UINT next_product(const struct listing *q, DWORD i, WCHAR code[39])
{
    UNUSED(q);
    return MsiEnumProductsW(i, code);
}

static HRESULT products(struct auto_call *c)
{
    return put_listing(c, &(struct listing){NULL, next_product});
}

static UINT next_related(const struct listing *q, DWORD i, WCHAR code[39])
{
    return MsiEnumRelatedProductsW(q->a, 0, i, code);
}

static HRESULT related_products(struct auto_call *c)
{
    struct listing q = {NULL, next_related};
    HRESULT hr = auto_text(c, 0, &q.a);

    return FAILED(hr) ? hr : put_listing(c, &q);
}

static UINT next_patch(const struct listing *q, DWORD i, WCHAR code[39])
{
    WCHAR transforms[1];
    DWORD size = ARRAY_LEN(transforms);
    UINT err = MsiEnumPatchesW(q->a, i, code, transforms, &size);

    return err == ERROR_MORE_DATA ? ERROR_SUCCESS : err;
}

static HRESULT patches(struct auto_call *c)
{
    struct listing q = {NULL, next_patch};
    HRESULT hr = auto_text(c, 0, &q.a);

    return FAILED(hr) ? hr : put_listing(c, &q);
}

/* --- products -----------------------------------------------------------------------------------
 */

struct named {
    const WCHAR *code, *name;
};

static HRESULT two_texts(struct auto_call *c, struct named *n)
{
    HRESULT hr = auto_text(c, 0, &n->code);

    return FAILED(hr) ? hr : auto_text(c, 1, &n->name);
}

static HRESULT product_state(struct auto_call *c)
{
    const WCHAR *code;
    HRESULT hr = auto_text(c, 0, &code);

    return FAILED(hr) ? hr : auto_put_int(c, MsiQueryProductStateW(code));
}

static UINT ask_info(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetProductInfoW(n->code, n->name, buf, size);
}

static HRESULT product_info(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_info, &n);
}

static HRESULT product_elevated(struct auto_call *c)
{
    const WCHAR *code;
    BOOL elevated = FALSE;
    HRESULT hr = auto_text(c, 0, &code);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiIsProductElevatedW(code, &elevated);
    return err ? auto_failed(err) : auto_put_bool(c, elevated);
}

static HRESULT install_product(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_failed(MsiInstallProductW(n.code, n.name));
}

static HRESULT configure_product(struct auto_call *c)
{
    const WCHAR *code;
    int level, state;
    HRESULT hr = auto_text(c, 0, &code);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &level)) ||
        FAILED(hr = auto_int(c, 2, INSTALLSTATE_DEFAULT, &state)))
        return hr;
    return auto_failed(MsiConfigureProductW(code, level, (INSTALLSTATE)state));
}

static HRESULT reinstall_product(struct auto_call *c)
{
    const WCHAR *code;
    int mode;
    HRESULT hr = auto_text(c, 0, &code);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &mode)))
        return hr;
    return auto_failed(MsiReinstallProductW(code, (DWORD)mode));
}

static HRESULT collect_user_info(struct auto_call *c)
{
    const WCHAR *code;
    HRESULT hr = auto_text(c, 0, &code);

    return FAILED(hr) ? hr : auto_failed(MsiCollectUserInfoW(code));
}

/* --- all users and contexts ---------------------------------------------------------------------
 */

static const WCHAR *or_null(const WCHAR *s)
{
    return s && s[0] ? s : NULL;
}

struct scope {
    const WCHAR *code, *sid;
    int context;
};

/* Code, SID and context at `first` and on; what is left out means all of the caller's. */
static HRESULT scope_of(struct auto_call *c, u32 first, int otherwise, struct scope *s)
{
    HRESULT hr = auto_text(c, first, &s->code);

    if (FAILED(hr) || FAILED(hr = auto_text(c, first + 1, &s->sid)))
        return hr;
    s->code = or_null(s->code);
    s->sid = or_null(s->sid);
    return auto_int(c, first + 2, otherwise, &s->context);
}

static HRESULT give_list(struct auto_call *c, struct auto_list *l, UINT err)
{
    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_object(c, auto_list_object_of(l));
    auto_release(auto_list_object_of(l));
    return auto_failed(err);
}

static HRESULT products_ex(struct auto_call *c)
{
    WCHAR code[39], sid[200];
    MSIINSTALLCONTEXT context;
    struct auto_list *l;
    struct scope s;
    HRESULT hr = scope_of(c, 0, MSIINSTALLCONTEXT_ALL, &s);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    if (!(l = auto_record_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = ARRAY_LEN(sid);

        err = MsiEnumProductsExW(s.code, s.sid, (DWORD)s.context, i, code, &context, sid, &size);
        if (!err && !auto_list_object(l, auto_new_product(code, or_null(sid), context)))
            err = ERROR_OUTOFMEMORY;
    }
    return give_list(c, l, err);
}

static HRESULT patches_ex(struct auto_call *c)
{
    WCHAR patch[39], code[39], sid[200];
    MSIINSTALLCONTEXT context;
    struct auto_list *l;
    struct scope s;
    int filter;
    HRESULT hr = scope_of(c, 0, MSIINSTALLCONTEXT_ALL, &s);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 3, MSIPATCHSTATE_ALL, &filter)))
        return hr;
    if (!(l = auto_record_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = ARRAY_LEN(sid);

        err = MsiEnumPatchesExW(s.code, s.sid, (DWORD)s.context, (DWORD)filter, i, patch, code,
                                &context, sid, &size);
        if (!err && !auto_list_object(l, auto_new_patch(patch, code, or_null(sid), context)))
            err = ERROR_OUTOFMEMORY;
    }
    return give_list(c, l, err);
}

static HRESULT product(struct auto_call *c)
{
    struct scope s;
    HRESULT hr = scope_of(c, 0, 0, &s);

    return FAILED(hr) ? hr : auto_put_object(c, auto_new_product(s.code, s.sid, s.context));
}

static HRESULT patch(struct auto_call *c)
{
    const WCHAR *code;
    struct scope s;
    HRESULT hr = auto_text(c, 0, &code);

    if (FAILED(hr) || FAILED(hr = scope_of(c, 1, 0, &s)))
        return hr;
    return auto_put_object(c, auto_new_patch(code, s.code, s.sid, s.context));
}

/* --- patches ------------------------------------------------------------------------------------
 */

static UINT ask_patch_info(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetPatchInfoW(n->code, n->name, buf, size);
}

static HRESULT patch_info(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_patch_info, &n);
}

/* Of the patch with that code among the product's. */
static UINT ask_transforms(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;
    DWORD room = *size;
    WCHAR code[39];
    UINT err = ERROR_SUCCESS;

    for (DWORD i = 0; !err || err == ERROR_MORE_DATA; i++) {
        *size = room;
        err = MsiEnumPatchesW(n->code, i, code, buf, size);
        if ((!err || err == ERROR_MORE_DATA) && n->name && !lstrcmpiW(code, n->name))
            return err;
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_UNKNOWN_PATCH : err;
}

static HRESULT patch_transforms(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_transforms, &n);
}

static UINT ask_xml(const void *ctx, WCHAR *buf, DWORD *size)
{
    return MsiExtractPatchXMLDataW(ctx, 0, buf, size);
}

static HRESULT extract_xml(struct auto_call *c)
{
    const WCHAR *path;
    HRESULT hr = auto_text(c, 0, &path);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_xml, path);
}

static UINT ask_field(const void *ctx, WCHAR *buf, DWORD *size)
{
    return MsiRecordGetStringW(*(const MSIHANDLE *)ctx, 0, buf, size);
}

/* Adds field 0 of the record. */
static HRESULT add_field(struct auto_call *c, struct auto_list *l, MSIHANDLE record)
{
    HRESULT hr = auto_ask_text(c, ask_field, &record);

    if (SUCCEEDED(hr) && !auto_list_text(l, V_BSTR(c->result)))
        hr = E_OUTOFMEMORY;
    VariantClear(c->result);
    return hr;
}

static HRESULT patch_files(struct auto_call *c)
{
    MSIHANDLE *records = NULL;
    struct auto_list *l;
    struct named n;
    DWORD count = 0;
    HRESULT hr = two_texts(c, &n);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiGetPatchFileListW(n.code, n.name, &count, &records);
    if (err)
        return auto_failed(err);
    l = auto_string_list();
    hr = l ? S_OK : E_OUTOFMEMORY;
    for (DWORD i = 0; i < count; i++) {
        if (SUCCEEDED(hr))
            hr = add_field(c, l, records[i]);
        MsiCloseHandle(records[i]);
    }
    LocalFree(records);
    if (SUCCEEDED(hr))
        return auto_put_object(c, auto_list_object_of(l));
    if (l)
        auto_release(auto_list_object_of(l));
    return hr;
}

static HRESULT apply_patch(struct auto_call *c)
{
    const WCHAR *line;
    struct named n;
    int type;
    HRESULT hr = two_texts(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 2, INSTALLTYPE_DEFAULT, &type)) ||
        FAILED(hr = auto_text(c, 3, &line)))
        return hr;
    return auto_failed(MsiApplyPatchW(n.code, n.name, (INSTALLTYPE)type, line));
}

static HRESULT apply_patches(struct auto_call *c)
{
    const WCHAR *properties;
    struct named n;
    HRESULT hr = two_texts(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 2, &properties)))
        return hr;
    return auto_failed(MsiApplyMultiplePatchesW(n.code, or_null(n.name), properties));
}

static HRESULT remove_patches(struct auto_call *c)
{
    const WCHAR *properties;
    struct named n;
    int type;
    HRESULT hr = two_texts(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 2, INSTALLTYPE_SINGLE_INSTANCE, &type)) ||
        FAILED(hr = auto_text(c, 3, &properties)))
        return hr;
    return auto_failed(MsiRemovePatchesW(n.code, n.name, (INSTALLTYPE)type, properties));
}

/* --- sources ------------------------------------------------------------------------------------
 */

static HRESULT add_source(struct auto_call *c)
{
    const WCHAR *source;
    struct named n;
    HRESULT hr = two_texts(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 2, &source)))
        return hr;
    return auto_failed(MsiSourceListAddSourceW(n.code, or_null(n.name), 0, source));
}

static HRESULT clear_sources(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_failed(MsiSourceListClearAllW(n.code, or_null(n.name), 0));
}

static HRESULT force_resolution(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_failed(MsiSourceListForceResolutionW(n.code, or_null(n.name), 0));
}

/* --- advertising --------------------------------------------------------------------------------
 */

static HRESULT advertise_product(struct auto_call *c)
{
    const WCHAR *package, *transforms;
    int context, language, options;
    HRESULT hr = auto_text(c, 0, &package);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &context)) ||
        FAILED(hr = auto_text(c, 2, &transforms)) || FAILED(hr = auto_int(c, 3, 0, &language)) ||
        FAILED(hr = auto_int(c, 4, 0, &options)))
        return hr;
    return auto_failed(MsiAdvertiseProductExW(package, (const WCHAR *)(ULONG_PTR)(UINT)context,
                                              transforms, (LANGID)language, 0, (DWORD)options));
}

static HRESULT create_script(struct auto_call *c)
{
    const WCHAR *transforms;
    struct named n;
    int language, platform, options;
    HRESULT hr = two_texts(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 2, &transforms)) ||
        FAILED(hr = auto_int(c, 3, 0, &language)) || FAILED(hr = auto_int(c, 4, 0, &platform)) ||
        FAILED(hr = auto_int(c, 5, 0, &options)))
        return hr;
    return auto_failed(MsiAdvertiseProductExW(n.code, n.name, transforms, (LANGID)language,
                                              (DWORD)platform, (DWORD)options));
}

static HRESULT advertise_script(struct auto_call *c)
{
    const WCHAR *script;
    int flags;
    bool remove;
    HRESULT hr = auto_text(c, 0, &script);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &flags)) ||
        FAILED(hr = auto_bool(c, 2, false, &remove)))
        return hr;
    return auto_failed(MsiAdvertiseScriptW(script, (DWORD)flags, NULL, remove));
}

static HRESULT info_from_script(struct auto_call *c)
{
    WCHAR code[39], name[256], package[256];
    DWORD a = ARRAY_LEN(name), b = ARRAY_LEN(package), version = 0;
    const WCHAR *script;
    LANGID language = 0;
    MSIHANDLE h;
    HRESULT hr = auto_text(c, 0, &script);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiGetProductInfoFromScriptW(script, code, &language, &version, name, &a, package, &b);
    if (err)
        return auto_failed(err);
    if (!(h = MsiCreateRecord(5)))
        return E_OUTOFMEMORY;
    MsiRecordSetStringW(h, 1, code);
    MsiRecordSetInteger(h, 2, language);
    MsiRecordSetInteger(h, 3, (int)version);
    MsiRecordSetStringW(h, 4, name);
    MsiRecordSetStringW(h, 5, package);
    return auto_put_object(c, auto_new_record(h));
}

const struct auto_member auto_product_members[] = {
    {8, AUTO_METHOD, 1, L"InstallProduct,PackagePath,PropertyValues", install_product},
    {17, AUTO_GET, 1, L"ProductState,Product", product_state},
    {18, AUTO_GET, 2, L"ProductInfo,Product,Attribute", product_info},
    {19, AUTO_METHOD, 3, L"ConfigureProduct,Product,InstallLevel,InstallState", configure_product},
    {20, AUTO_METHOD, 2, L"ReinstallProduct,Product,ReinstallMode", reinstall_product},
    {21, AUTO_METHOD, 1, L"CollectUserInfo,Product", collect_user_info},
    {22, AUTO_METHOD, 4, L"ApplyPatch,PatchPackage,InstallPackage,InstallType,CommandLine",
     apply_patch},
    {35, AUTO_GET, 0, L"Products", products},
    {39, AUTO_GET, 1, L"Patches,Product", patches},
    {40, AUTO_GET, 1, L"RelatedProducts,UpgradeCode", related_products},
    {41, AUTO_GET, 2, L"PatchInfo,Patch,Attribute", patch_info},
    {42, AUTO_GET, 2, L"PatchTransforms,Product,Patch", patch_transforms},
    {43, AUTO_METHOD, 3, L"AddSource,Product,User,Source", add_source},
    {44, AUTO_METHOD, 2, L"ClearSourceList,Product,User", clear_sources},
    {45, AUTO_METHOD, 2, L"ForceSourceListResolution,Product,User", force_resolution},
    {49, AUTO_METHOD, 2, L"RemovePatches,PatchList,Product,UninstallType,PropertyList",
     remove_patches},
    {51, AUTO_METHOD, 1, L"ApplyMultiplePatches,PatchPackage,Product,PropertiesList",
     apply_patches},
    {52, AUTO_GET, 0, L"ProductsEx,Product,UserSid,Contexts", products_ex},
    {53, AUTO_GET, 3, L"Product,Product,UserSid,Context", product},
    {55, AUTO_GET, 0, L"PatchesEx,Product,UserSid,Contexts,Filter", patches_ex},
    {56, AUTO_GET, 4, L"Patch,PatchCode,ProductCode,UserSid,Context", patch},
    {57, AUTO_METHOD, 1, L"ExtractPatchXMLData,PatchPath", extract_xml},
    {59, AUTO_GET, 1, L"ProductElevated,Product", product_elevated},
    {61, AUTO_GET | AUTO_METHOD, 1, L"ProductInfoFromScript,ScriptFile", info_from_script},
    {62, AUTO_METHOD, 1, L"AdvertiseProduct,PackagePath,Context,Transforms,Language,Options",
     advertise_product},
    {63, AUTO_METHOD, 2,
     L"CreateAdvertiseScript,PackagePath,ScriptFilePath,Transforms,Language,Platform,Options",
     create_script},
    {64, AUTO_METHOD, 1, L"AdvertiseScript,ScriptPath,ScriptFlags,RemoveItems", advertise_script},
    {65, AUTO_GET, 2, L"PatchFiles,Product,PatchPackages", patch_files}};
const u32 auto_product_member_count = ARRAY_LEN(auto_product_members);
