/*
 * The Installer object's members about features, components and what leads to them.
 */
#include "automation.h"

/* --- features -----------------------------------------------------------------------------------
 */

struct named {
    const WCHAR *code, *name;
    int mode;
};

static HRESULT two_texts(struct auto_call *c, struct named *n)
{
    HRESULT hr = auto_text(c, 0, &n->code);

    return FAILED(hr) ? hr : auto_text(c, 1, &n->name);
}

static HRESULT with_mode(struct auto_call *c, struct named *n)
{
    HRESULT hr = two_texts(c, n);

    return FAILED(hr) ? hr : auto_int(c, 2, 0, &n->mode);
}

static HRESULT give_strings(struct auto_call *c, struct auto_list *l, UINT err)
{
    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_object(c, auto_list_object_of(l));
    auto_release(auto_list_object_of(l));
    return auto_failed(err);
}

static HRESULT features(struct auto_call *c)
{
    WCHAR feature[MAX_FEATURE_CHARS + 1], parent[MAX_FEATURE_CHARS + 1];
    struct auto_list *l;
    const WCHAR *code;
    HRESULT hr = auto_text(c, 0, &code);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    if (!(l = auto_string_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        err = MsiEnumFeaturesW(code, i, feature, parent);
        if (!err && !auto_list_text(l, feature))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

static HRESULT feature_parent(struct auto_call *c)
{
    WCHAR feature[MAX_FEATURE_CHARS + 1], parent[MAX_FEATURE_CHARS + 1];
    struct named n;
    HRESULT hr = two_texts(c, &n);
    UINT err;

    if (FAILED(hr))
        return hr;
    for (DWORD i = 0; !(err = MsiEnumFeaturesW(n.code, i, feature, parent)); i++)
        if (n.name && !lstrcmpW(feature, n.name))
            return auto_put_text(c, parent);
    return E_FAIL;
}

static HRESULT feature_state(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_put_int(c, MsiQueryFeatureStateW(n.code, n.name));
}

static HRESULT use_feature(struct auto_call *c)
{
    struct named n;
    HRESULT hr = with_mode(c, &n);

    return FAILED(hr) ? hr : auto_put_int(c, MsiUseFeatureExW(n.code, n.name, (DWORD)n.mode, 0));
}

static HRESULT usage(struct auto_call *c, DWORD *count, WORD *date)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    *count = 0;
    *date = 0;
    return FAILED(hr) ? hr : auto_failed(MsiGetFeatureUsageW(n.code, n.name, count, date));
}

static HRESULT usage_count(struct auto_call *c)
{
    DWORD count;
    WORD date;
    HRESULT hr = usage(c, &count, &date);

    return FAILED(hr) ? hr : auto_put_int(c, (int)count);
}

static HRESULT usage_date(struct auto_call *c)
{
    DWORD count;
    WORD date;
    DATE value;
    HRESULT hr = usage(c, &count, &date);

    if (FAILED(hr))
        return hr;
    if (!date || !DosDateTimeToVariantTime(date, 0, &value))
        value = 0;
    V_VT(c->result) = VT_DATE;
    V_DATE(c->result) = value;
    return S_OK;
}

static HRESULT configure_feature(struct auto_call *c)
{
    struct named n;
    HRESULT hr = with_mode(c, &n);

    return FAILED(hr) ? hr
                      : auto_failed(MsiConfigureFeatureW(n.code, n.name, (INSTALLSTATE)n.mode));
}

static HRESULT reinstall_feature(struct auto_call *c)
{
    struct named n;
    HRESULT hr = with_mode(c, &n);

    return FAILED(hr) ? hr : auto_failed(MsiReinstallFeatureW(n.code, n.name, (DWORD)n.mode));
}

/* --- components ---------------------------------------------------------------------------------
 */

static HRESULT components(struct auto_call *c)
{
    struct auto_list *l = auto_string_list();
    WCHAR component[39];
    UINT err = ERROR_SUCCESS;

    if (!l)
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        err = MsiEnumComponentsW(i, component);
        if (!err && !auto_list_text(l, component))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

static HRESULT component_clients(struct auto_call *c)
{
    struct auto_list *l;
    const WCHAR *component;
    WCHAR code[39];
    HRESULT hr = auto_text(c, 0, &component);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    if (!(l = auto_string_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        err = MsiEnumClientsW(component, i, code);
        if (!err && !auto_list_text(l, code))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

/* A state with a path is one; what is not there has none. */
static UINT ask_path(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    switch (MsiGetComponentPathW(n->code, n->name, buf, size)) {
    case INSTALLSTATE_MOREDATA:
        return ERROR_MORE_DATA;
    case INSTALLSTATE_INVALIDARG:
        return ERROR_INVALID_PARAMETER;
    case INSTALLSTATE_LOCAL:
    case INSTALLSTATE_SOURCE:
        return ERROR_SUCCESS;
    default:
        buf[0] = 0;
        return ERROR_SUCCESS;
    }
}

static HRESULT component_path(struct auto_call *c)
{
    struct named n;
    HRESULT hr = two_texts(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_path, &n);
}

struct provision {
    const WCHAR *code, *feature, *component;
    int mode;
};

static UINT ask_provide(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct provision *p = ctx;

    return MsiProvideComponentW(p->code, p->feature, p->component, (DWORD)p->mode, buf, size);
}

static HRESULT provide_component(struct auto_call *c)
{
    struct provision p;
    HRESULT hr = auto_text(c, 0, &p.code);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &p.feature)) ||
        FAILED(hr = auto_text(c, 2, &p.component)) || FAILED(hr = auto_int(c, 3, 0, &p.mode)))
        return hr;
    return auto_ask_text(c, ask_provide, &p);
}

static UINT ask_qualified(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiProvideQualifiedComponentW(n->code, n->name, (DWORD)n->mode, buf, size);
}

static HRESULT provide_qualified(struct auto_call *c)
{
    struct named n;
    HRESULT hr = with_mode(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_qualified, &n);
}

/* --- qualifiers ---------------------------------------------------------------------------------
 */

enum { QUALIFIER_MAX = 1024 };

static HRESULT qualifiers(struct auto_call *c)
{
    WCHAR qualifier[QUALIFIER_MAX];
    struct auto_list *l;
    const WCHAR *category;
    HRESULT hr = auto_text(c, 0, &category);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    if (!(l = auto_string_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = QUALIFIER_MAX;

        err = MsiEnumComponentQualifiersW(category, i, qualifier, &size, NULL, NULL);
        if (!err && !auto_list_text(l, qualifier))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

static HRESULT qualifier_description(struct auto_call *c)
{
    WCHAR qualifier[QUALIFIER_MAX], description[QUALIFIER_MAX];
    struct named n;
    HRESULT hr = two_texts(c, &n);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    for (DWORD i = 0; !err; i++) {
        DWORD a = QUALIFIER_MAX, b = QUALIFIER_MAX;

        err = MsiEnumComponentQualifiersW(n.code, i, qualifier, &a, description, &b);
        if (!err && n.name && !lstrcmpiW(qualifier, n.name))
            return auto_put_text(c, description);
    }
    return E_FAIL;
}

/* --- assemblies, shortcuts ----------------------------------------------------------------------
 */

struct assembly {
    const WCHAR *name, *app;
    int mode, info;
};

static UINT ask_assembly(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct assembly *a = ctx;

    return MsiProvideAssemblyW(a->name, a->app, (DWORD)a->mode, (DWORD)a->info, buf, size);
}

static HRESULT provide_assembly(struct auto_call *c)
{
    struct assembly a;
    HRESULT hr = auto_text(c, 0, &a.name);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &a.app)) ||
        FAILED(hr = auto_int(c, 2, 0, &a.mode)) || FAILED(hr = auto_int(c, 3, 0, &a.info)))
        return hr;
    return auto_ask_text(c, ask_assembly, &a);
}

/* A record of the product, the feature and the component. */
static HRESULT shortcut_target(struct auto_call *c)
{
    WCHAR texts[3][MAX_FEATURE_CHARS + 1] = {{0}};
    const WCHAR *path;
    MSIHANDLE h;
    HRESULT hr = auto_text(c, 0, &path);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiGetShortcutTargetW(path, texts[0], texts[1], texts[2]);
    if (err)
        return auto_failed(err);
    if (!(h = MsiCreateRecord(3)))
        return E_OUTOFMEMORY;
    for (UINT i = 0; i < 3; i++)
        MsiRecordSetStringW(h, i + 1, texts[i]);
    return auto_put_object(c, auto_new_record(h));
}

/* --- all users and contexts ---------------------------------------------------------------------
 */

/* mingw-w64's msi.h has no prototypes of these. */
UINT WINAPI MsiEnumComponentsExW(const WCHAR *, DWORD, DWORD, WCHAR *, MSIINSTALLCONTEXT *, WCHAR *,
                                 DWORD *);
UINT WINAPI MsiEnumClientsExW(const WCHAR *, const WCHAR *, DWORD, DWORD, WCHAR *,
                              MSIINSTALLCONTEXT *, WCHAR *, DWORD *);
INSTALLSTATE WINAPI MsiGetComponentPathExW(const WCHAR *, const WCHAR *, const WCHAR *,
                                           MSIINSTALLCONTEXT, WCHAR *, DWORD *);

static const WCHAR *or_null(const WCHAR *s)
{
    return s && s[0] ? s : NULL;
}

static HRESULT components_ex(struct auto_call *c)
{
    WCHAR component[39], sid[200];
    MSIINSTALLCONTEXT context;
    struct auto_list *l;
    const WCHAR *user;
    int contexts;
    HRESULT hr = auto_text(c, 0, &user);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, MSIINSTALLCONTEXT_ALL, &contexts)))
        return hr;
    if (!(l = auto_record_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = ARRAY_LEN(sid);

        err = MsiEnumComponentsExW(or_null(user), (DWORD)contexts, i, component, &context, sid,
                                   &size);
        if (!err && !auto_list_object(l, auto_new_component(component, or_null(sid), context)))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

static HRESULT clients_ex(struct auto_call *c)
{
    WCHAR code[39], sid[200];
    MSIINSTALLCONTEXT context;
    struct auto_list *l;
    struct named n;
    HRESULT hr = two_texts(c, &n);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 2, MSIINSTALLCONTEXT_ALL, &n.mode)))
        return hr;
    if (!(l = auto_record_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = ARRAY_LEN(sid);

        err = MsiEnumClientsExW(n.code, or_null(n.name), (DWORD)n.mode, i, code, &context, sid,
                                &size);
        if (!err && !auto_list_object(l, auto_new_client(code, n.code, or_null(sid), context)))
            err = ERROR_OUTOFMEMORY;
    }
    return give_strings(c, l, err);
}

static HRESULT component_path_ex(struct auto_call *c)
{
    WCHAR path[4 * MAX_PATH] = L"";
    DWORD size = ARRAY_LEN(path);
    const WCHAR *user;
    struct named n;
    HRESULT hr = two_texts(c, &n);
    int state;

    if (FAILED(hr) || FAILED(hr = auto_text(c, 2, &user)) ||
        FAILED(hr = auto_int(c, 3, MSIINSTALLCONTEXT_MACHINE, &n.mode)))
        return hr;
    state = MsiGetComponentPathExW(n.code, n.name, or_null(user), (MSIINSTALLCONTEXT)n.mode, path,
                                   &size);
    if (state == INSTALLSTATE_INVALIDARG || state == INSTALLSTATE_MOREDATA)
        return E_FAIL;
    return auto_put_object(c, auto_new_component_info(n.name, path, state));
}

const struct auto_member auto_feature_members[] = {
    {23, AUTO_GET, 2, L"FeatureParent,Product,Feature", feature_parent},
    {24, AUTO_GET, 2, L"FeatureState,Product,Feature", feature_state},
    {25, AUTO_METHOD, 2, L"UseFeature,Product,Feature,InstallMode", use_feature},
    {26, AUTO_GET, 2, L"FeatureUsageCount,Product,Feature", usage_count},
    {27, AUTO_GET, 2, L"FeatureUsageDate,Product,Feature", usage_date},
    {28, AUTO_METHOD, 3, L"ConfigureFeature,Product,Feature,InstallState", configure_feature},
    {29, AUTO_METHOD, 3, L"ReinstallFeature,Product,Feature,ReinstallMode", reinstall_feature},
    {30, AUTO_METHOD, 4, L"ProvideComponent,Product,Feature,Component,InstallMode",
     provide_component},
    {31, AUTO_GET, 2, L"ComponentPath,Product,Component", component_path},
    {32, AUTO_METHOD, 3, L"ProvideQualifiedComponent,Category,Qualifier,InstallMode",
     provide_qualified},
    {33, AUTO_GET, 2, L"QualifierDescription,Category,Qualifier", qualifier_description},
    {34, AUTO_GET, 1, L"ComponentQualifiers,Category", qualifiers},
    {36, AUTO_GET, 1, L"Features,Product", features},
    {37, AUTO_GET, 0, L"Components", components},
    {38, AUTO_GET, 1, L"ComponentClients,Component", component_clients},
    {46, AUTO_GET, 1, L"ShortcutTarget,ShortcutPath", shortcut_target},
    {60, AUTO_METHOD, 4, L"ProvideAssembly,Assembly,AppContext,InstallMode,AssemblyInfo",
     provide_assembly},
    {66, AUTO_GET, 0, L"ComponentsEx,UserSid,Contexts", components_ex},
    {67, AUTO_GET, 1, L"ClientsEx,Component,UserSid,Contexts", clients_ex},
    {68, AUTO_GET, 2, L"ComponentPathEx,Product,Component,UserSid,Context", component_path_ex}};
const u32 auto_feature_member_count = ARRAY_LEN(auto_feature_members);
