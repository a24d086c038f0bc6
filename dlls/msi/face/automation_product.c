/*
 * The Product and Patch objects, and Component, Client and ComponentInfo, which only tell.
 */
#include "automation.h"

#include "os.h"

enum { CODE = 39, SID_CHARS = 200, PATH = 4 * MAX_PATH };

/* A product, or a patch where `patch` is one: whose source list it is, and whose properties. */
struct instance {
    struct auto_object object;
    WCHAR patch[CODE], code[CODE], sid[SID_CHARS];
    int context;
};

static const struct instance *of(const struct auto_call *c)
{
    return (const struct instance *)c->self;
}

static const WCHAR *user_of(const struct instance *p)
{
    return p->sid[0] ? p->sid : NULL;
}

static const WCHAR *owner_of(const struct instance *p)
{
    return p->patch[0] ? p->patch : p->code;
}

static DWORD options_of(const struct instance *p, int type)
{
    return (DWORD)type | (p->patch[0] ? MSICODE_PATCH : MSICODE_PRODUCT);
}

/* --- what it is ---------------------------------------------------------------------------------
 */

static HRESULT get_patch(struct auto_call *c)
{
    return auto_put_text(c, of(c)->patch);
}

static HRESULT get_code(struct auto_call *c)
{
    return auto_put_text(c, of(c)->code);
}

static HRESULT get_sid(struct auto_call *c)
{
    return auto_put_text(c, of(c)->sid);
}

static HRESULT get_context(struct auto_call *c)
{
    return auto_put_int(c, of(c)->context);
}

/* --- properties and states ----------------------------------------------------------------------
 */

struct property {
    const struct instance *p;
    const WCHAR *name;
};

static UINT ask_property(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct property *q = ctx;
    const struct instance *p = q->p;

    return p->patch[0] ? MsiGetPatchInfoExW(p->patch, p->code, user_of(p),
                                            (MSIINSTALLCONTEXT)p->context, q->name, buf, size)
                       : MsiGetProductInfoExW(p->code, user_of(p), (MSIINSTALLCONTEXT)p->context,
                                              q->name, buf, size);
}

static HRESULT get_property(struct auto_call *c)
{
    struct property q = {of(c), NULL};
    HRESULT hr = auto_text(c, 0, &q.name);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_property, &q);
}

/* The property State, as a number. */
static HRESULT get_state(struct auto_call *c)
{
    struct property q = {of(c), L"State"};
    WCHAR text[32];
    DWORD size = ARRAY_LEN(text);
    UINT err = ask_property(&q, text, &size);

    if (err)
        return auto_failed(err);
    return auto_put_int(c, _wtoi(text));
}

static HRESULT component_state(struct auto_call *c)
{
    const struct instance *p = of(c);
    const WCHAR *component;
    INSTALLSTATE state;
    HRESULT hr = auto_text(c, 0, &component);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiQueryComponentStateW(p->code, user_of(p), (MSIINSTALLCONTEXT)p->context, component,
                                  &state);
    return err ? auto_failed(err) : auto_put_int(c, state);
}

static HRESULT feature_state(struct auto_call *c)
{
    const struct instance *p = of(c);
    const WCHAR *feature;
    INSTALLSTATE state;
    HRESULT hr = auto_text(c, 0, &feature);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiQueryFeatureStateExW(p->code, user_of(p), (MSIINSTALLCONTEXT)p->context, feature,
                                  &state);
    return err ? auto_failed(err) : auto_put_int(c, state);
}

/* --- the source list ----------------------------------------------------------------------------
 */

static HRESULT give_list(struct auto_call *c, struct auto_list *l, UINT err)
{
    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_object(c, auto_list_object_of(l));
    auto_release(auto_list_object_of(l));
    return auto_failed(err);
}

static HRESULT sources(struct auto_call *c)
{
    const struct instance *p = of(c);
    WCHAR source[PATH];
    struct auto_list *l;
    int type;
    HRESULT hr = auto_int(c, 0, MSISOURCETYPE_NETWORK, &type);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr))
        return hr;
    if (!(l = auto_string_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = PATH;

        err = MsiSourceListEnumSourcesW(owner_of(p), user_of(p), (MSIINSTALLCONTEXT)p->context,
                                        options_of(p, type), i, source, &size);
        if (!err && !auto_list_text(l, source))
            err = ERROR_OUTOFMEMORY;
    }
    return give_list(c, l, err);
}

/* A record of the disk's number, its label and its prompt. */
static UINT add_disk(struct auto_list *l, DWORD disk, const WCHAR *label, const WCHAR *prompt)
{
    MSIHANDLE h = MsiCreateRecord(3);

    if (!h)
        return ERROR_OUTOFMEMORY;
    MsiRecordSetInteger(h, 1, (int)disk);
    MsiRecordSetStringW(h, 2, label);
    MsiRecordSetStringW(h, 3, prompt);
    return auto_list_object(l, auto_new_record(h)) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static HRESULT media_disks(struct auto_call *c)
{
    const struct instance *p = of(c);
    WCHAR label[MAX_PATH], prompt[MAX_PATH];
    struct auto_list *l = auto_record_list();
    UINT err = ERROR_SUCCESS;

    if (!l)
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD disk, a = ARRAY_LEN(label), b = ARRAY_LEN(prompt);

        err = MsiSourceListEnumMediaDisksW(owner_of(p), user_of(p), (MSIINSTALLCONTEXT)p->context,
                                           options_of(p, 0), i, &disk, label, &a, prompt, &b);
        if (!err)
            err = add_disk(l, disk, label, prompt);
    }
    return give_list(c, l, err);
}

static HRESULT add_source(struct auto_call *c)
{
    const struct instance *p = of(c);
    const WCHAR *source;
    int type, index;
    HRESULT hr = auto_int(c, 0, 0, &type);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &source)) ||
        FAILED(hr = auto_int(c, 2, 0, &index)))
        return hr;
    return auto_failed(MsiSourceListAddSourceExW(owner_of(p), user_of(p),
                                                 (MSIINSTALLCONTEXT)p->context, options_of(p, type),
                                                 source, (DWORD)index));
}

static HRESULT clear_source(struct auto_call *c)
{
    const struct instance *p = of(c);
    const WCHAR *source;
    int type;
    HRESULT hr = auto_int(c, 0, 0, &type);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &source)))
        return hr;
    return auto_failed(MsiSourceListClearSourceW(
        owner_of(p), user_of(p), (MSIINSTALLCONTEXT)p->context, options_of(p, type), source));
}

static HRESULT add_media_disk(struct auto_call *c)
{
    const struct instance *p = of(c);
    const WCHAR *label, *prompt;
    int disk;
    HRESULT hr = auto_int(c, 0, 0, &disk);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &label)) || FAILED(hr = auto_text(c, 2, &prompt)))
        return hr;
    return auto_failed(MsiSourceListAddMediaDiskW(owner_of(p), user_of(p),
                                                  (MSIINSTALLCONTEXT)p->context, options_of(p, 0),
                                                  (DWORD)disk, label, prompt));
}

static HRESULT clear_media_disk(struct auto_call *c)
{
    const struct instance *p = of(c);
    int disk;
    HRESULT hr = auto_int(c, 0, 0, &disk);

    return FAILED(hr) ? hr
                      : auto_failed(MsiSourceListClearMediaDiskW(owner_of(p), user_of(p),
                                                                 (MSIINSTALLCONTEXT)p->context,
                                                                 options_of(p, 0), (DWORD)disk));
}

static HRESULT clear_all(struct auto_call *c)
{
    const struct instance *p = of(c);
    int type;
    HRESULT hr = auto_int(c, 0, MSISOURCETYPE_NETWORK, &type);

    return FAILED(hr)
               ? hr
               : auto_failed(MsiSourceListClearAllExW(
                     owner_of(p), user_of(p), (MSIINSTALLCONTEXT)p->context, options_of(p, type)));
}

static HRESULT force_resolution(struct auto_call *c)
{
    const struct instance *p = of(c);

    return auto_failed(MsiSourceListForceResolutionExW(
        owner_of(p), user_of(p), (MSIINSTALLCONTEXT)p->context, options_of(p, 0)));
}

static UINT ask_source_info(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct property *q = ctx;

    return MsiSourceListGetInfoW(owner_of(q->p), user_of(q->p), (MSIINSTALLCONTEXT)q->p->context,
                                 options_of(q->p, 0), q->name, buf, size);
}

/* "n;path" and "u;path" say of which kind a last used source is. */
static HRESULT set_source_info(struct auto_call *c, const struct property *q)
{
    const WCHAR *value;
    HRESULT hr = auto_text(c, AUTO_ARGS, &value);
    int type = 0;

    if (FAILED(hr))
        return hr;
    if (value && value[0] && value[1] == ';' && q->name && !lstrcmpW(q->name, L"LastUsedSource")) {
        type = value[0] == 'u' ? MSISOURCETYPE_URL : MSISOURCETYPE_NETWORK;
        value += 2;
    }
    return auto_failed(MsiSourceListSetInfoW(owner_of(q->p), user_of(q->p),
                                             (MSIINSTALLCONTEXT)q->p->context,
                                             options_of(q->p, type), q->name, value));
}

static HRESULT source_info(struct auto_call *c)
{
    struct property q = {of(c), NULL};
    HRESULT hr = auto_text(c, 0, &q.name);

    if (FAILED(hr))
        return hr;
    return c->value ? set_source_info(c, &q) : auto_ask_text(c, ask_source_info, &q);
}

/* --- the two classes ----------------------------------------------------------------------------
 */

static const struct auto_member product_members[] = {
    {1, AUTO_GET, 0, L"ProductCode", get_code},
    {2, AUTO_GET, 0, L"UserSid", get_sid},
    {3, AUTO_GET, 0, L"Context", get_context},
    {4, AUTO_GET, 0, L"State", get_state},
    {5, AUTO_GET, 1, L"InstallProperty,Name", get_property},
    {6, AUTO_GET, 1, L"ComponentState,Component", component_state},
    {7, AUTO_GET, 1, L"FeatureState,Feature", feature_state},
    {8, AUTO_GET, 1, L"Sources,SourceType", sources},
    {9, AUTO_GET, 0, L"MediaDisks", media_disks},
    {10, AUTO_METHOD, 2, L"SourceListAddSource,SourceType,Source,Index", add_source},
    {11, AUTO_METHOD, 3, L"SourceListAddMediaDisk,DiskId,VolumeLabel,DiskPrompt", add_media_disk},
    {12, AUTO_METHOD, 2, L"SourceListClearSource,SourceType,Source", clear_source},
    {13, AUTO_METHOD, 1, L"SourceListClearMediaDisk,DiskId", clear_media_disk},
    {14, AUTO_METHOD, 1, L"SourceListClearAll,SourceType", clear_all},
    {15, AUTO_METHOD, 0, L"SourceListForceResolution", force_resolution},
    {16, AUTO_GET | AUTO_PUT, 1, L"SourceListInfo,Name", source_info}};
static const struct auto_class product_class = {AUTO_CLASS_IID(0xa0), L"Product", product_members,
                                                ARRAY_LEN(product_members), NULL};

static const struct auto_member patch_members[] = {
    {1, AUTO_GET, 0, L"PatchCode", get_patch},
    {2, AUTO_GET, 0, L"ProductCode", get_code},
    {3, AUTO_GET, 0, L"UserSid", get_sid},
    {4, AUTO_GET, 0, L"Context", get_context},
    {5, AUTO_GET, 0, L"State", get_state},
    {6, AUTO_GET, 1, L"Sources,SourceType", sources},
    {7, AUTO_GET, 0, L"MediaDisks", media_disks},
    {8, AUTO_METHOD, 2, L"SourceListAddSource,SourceType,Source,Index", add_source},
    {9, AUTO_METHOD, 3, L"SourceListAddMediaDisk,DiskId,VolumeLabel,DiskPrompt", add_media_disk},
    {10, AUTO_METHOD, 2, L"SourceListClearSource,SourceType,Source", clear_source},
    {11, AUTO_METHOD, 1, L"SourceListClearMediaDisk,DiskId", clear_media_disk},
    {12, AUTO_METHOD, 1, L"SourceListClearAll,SourceType", clear_all},
    {13, AUTO_METHOD, 0, L"SourceListForceResolution", force_resolution},
    {14, AUTO_GET | AUTO_PUT, 1, L"SourceListInfo,Name", source_info},
    {15, AUTO_GET, 1, L"PatchProperty,Name", get_property}};
static const struct auto_class patch_class = {AUTO_CLASS_IID(0xa1), L"Patch", patch_members,
                                              ARRAY_LEN(patch_members), NULL};

static void copy(WCHAR *to, int cap, const WCHAR *from)
{
    lstrcpynW(to, from ? from : L"", cap);
}

static struct auto_object *instance(const struct auto_class *class, const WCHAR *patch,
                                    const WCHAR *code, const WCHAR *sid, int context)
{
    struct instance *p = (struct instance *)auto_new(class, sizeof(*p), 0);

    if (!p)
        return NULL;
    copy(p->patch, CODE, patch);
    copy(p->code, CODE, code);
    copy(p->sid, SID_CHARS, sid);
    p->context = context;
    return &p->object;
}

struct auto_object *auto_new_product(const WCHAR *code, const WCHAR *sid, int context)
{
    return instance(&product_class, NULL, code, sid, context);
}

struct auto_object *auto_new_patch(const WCHAR *patch, const WCHAR *code, const WCHAR *sid,
                                   int context)
{
    return instance(&patch_class, patch, code, sid, context);
}

/* --- what only tells ----------------------------------------------------------------------------
 */

struct told {
    struct auto_object object;
    WCHAR component[CODE], code[CODE], sid[SID_CHARS], path[PATH];
    int context, state;
};

static const struct told *told_of(const struct auto_call *c)
{
    return (const struct told *)c->self;
}

static HRESULT told_component(struct auto_call *c)
{
    return auto_put_text(c, told_of(c)->component);
}

static HRESULT told_code(struct auto_call *c)
{
    return auto_put_text(c, told_of(c)->code);
}

static HRESULT told_sid(struct auto_call *c)
{
    return auto_put_text(c, told_of(c)->sid);
}

static HRESULT told_path(struct auto_call *c)
{
    return auto_put_text(c, told_of(c)->path);
}

static HRESULT told_context(struct auto_call *c)
{
    return auto_put_int(c, told_of(c)->context);
}

static HRESULT told_state(struct auto_call *c)
{
    return auto_put_int(c, told_of(c)->state);
}

static const struct auto_member component_members[] = {
    {1, AUTO_GET, 0, L"ComponentCode", told_component},
    {2, AUTO_GET, 0, L"UserSid", told_sid},
    {3, AUTO_GET, 0, L"Context", told_context}};
static const struct auto_member client_members[] = {
    {1, AUTO_GET, 0, L"ProductCode", told_code},
    {2, AUTO_GET, 0, L"ComponentCode", told_component},
    {3, AUTO_GET, 0, L"UserSid", told_sid},
    {4, AUTO_GET, 0, L"Context", told_context}};
static const struct auto_member info_members[] = {
    {1, AUTO_GET, 0, L"ComponentCode", told_component},
    {2, AUTO_GET, 0, L"Path", told_path},
    {3, AUTO_GET, 0, L"State", told_state}};

static const struct auto_class component_class = {
    AUTO_CLASS_IID(0xa2), L"Component", component_members, ARRAY_LEN(component_members), NULL};
static const struct auto_class client_class = {AUTO_CLASS_IID(0xa3), L"Client", client_members,
                                               ARRAY_LEN(client_members), NULL};
static const struct auto_class info_class = {AUTO_CLASS_IID(0xa4), L"ComponentInfo", info_members,
                                             ARRAY_LEN(info_members), NULL};

static struct auto_object *told(const struct auto_class *class, const struct told *what)
{
    struct told *t = (struct told *)auto_new(class, sizeof(*t), 0);

    if (!t)
        return NULL;
    memcpy((char *)t + sizeof(t->object), (const char *)what + sizeof(t->object),
           sizeof(*t) - sizeof(t->object));
    return &t->object;
}

struct auto_object *auto_new_component(const WCHAR *component, const WCHAR *sid, int context)
{
    struct told t = {.context = context};

    copy(t.component, CODE, component);
    copy(t.sid, SID_CHARS, sid);
    return told(&component_class, &t);
}

struct auto_object *auto_new_client(const WCHAR *code, const WCHAR *component, const WCHAR *sid,
                                    int context)
{
    struct told t = {.context = context};

    copy(t.code, CODE, code);
    copy(t.component, CODE, component);
    copy(t.sid, SID_CHARS, sid);
    return told(&client_class, &t);
}

struct auto_object *auto_new_component_info(const WCHAR *component, const WCHAR *path, int state)
{
    struct told t = {.state = state};

    copy(t.component, CODE, component);
    copy(t.path, PATH, path);
    return told(&info_class, &t);
}
