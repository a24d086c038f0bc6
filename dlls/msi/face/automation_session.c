/*
 * The Session and FeatureInfo objects.
 */
#include "automation.h"

#include "os.h"

struct session {
    struct auto_object object;
    struct auto_object *installer;
};

/* What a text is asked of: a session and a name. */
struct named {
    MSIHANDLE h;
    const WCHAR *name;
};

static HRESULT name_of(struct auto_call *c, struct named *n)
{
    n->h = c->self->handle;
    return auto_text(c, 0, &n->name);
}

/* --- properties and folders ---------------------------------------------------------------------
 */

static HRESULT get_installer(struct auto_call *c)
{
    struct session *s = (struct session *)c->self;

    auto_add_ref(s->installer);
    return auto_put_object(c, s->installer);
}

static UINT ask_property(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetPropertyW(n->h, n->name, buf, size);
}

static HRESULT property(struct auto_call *c)
{
    const WCHAR *value;
    struct named n;
    HRESULT hr = name_of(c, &n);

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_ask_text(c, ask_property, &n);
    hr = auto_text(c, AUTO_ARGS, &value);
    return FAILED(hr) ? hr : auto_failed(MsiSetPropertyW(n.h, n.name, value));
}

static UINT ask_product_property(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetProductPropertyW(n->h, n->name, buf, size);
}

static HRESULT product_property(struct auto_call *c)
{
    struct named n;
    HRESULT hr = name_of(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_product_property, &n);
}

static UINT ask_source(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetSourcePathW(n->h, n->name, buf, size);
}

static HRESULT source_path(struct auto_call *c)
{
    struct named n;
    HRESULT hr = name_of(c, &n);

    return FAILED(hr) ? hr : auto_ask_text(c, ask_source, &n);
}

static UINT ask_target(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct named *n = ctx;

    return MsiGetTargetPathW(n->h, n->name, buf, size);
}

static HRESULT target_path(struct auto_call *c)
{
    const WCHAR *path;
    struct named n;
    HRESULT hr = name_of(c, &n);

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_ask_text(c, ask_target, &n);
    hr = auto_text(c, AUTO_ARGS, &path);
    return FAILED(hr) ? hr : auto_failed(MsiSetTargetPathW(n.h, n.name, path));
}

static HRESULT language(struct auto_call *c)
{
    return auto_put_int(c, MsiGetLanguage(c->self->handle));
}

static HRESULT mode(struct auto_call *c)
{
    int flag;
    bool on;
    HRESULT hr = auto_int(c, 0, 0, &flag);

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_put_bool(c, MsiGetMode(c->self->handle, (MSIRUNMODE)flag));
    hr = auto_bool(c, AUTO_ARGS, false, &on);
    return FAILED(hr) ? hr : auto_failed(MsiSetMode(c->self->handle, (MSIRUNMODE)flag, on));
}

static HRESULT database(struct auto_call *c)
{
    MSIHANDLE h = MsiGetActiveDatabase(c->self->handle);

    return h ? auto_put_object(c, auto_new_database(h)) : E_FAIL;
}

/* --- actions ------------------------------------------------------------------------------------
 */

/* msiDoActionStatus* */
static HRESULT put_status(struct auto_call *c, UINT err)
{
    static const struct {
        UINT err;
        int status;
    } known[] = {{ERROR_SUCCESS, 1},
                 {ERROR_FUNCTION_NOT_CALLED, 0},
                 {ERROR_INSTALL_USEREXIT, 2},
                 {ERROR_INSTALL_FAILURE, 3},
                 {ERROR_INSTALL_SUSPEND, 4},
                 {ERROR_NO_MORE_ITEMS, 5},
                 {ERROR_INVALID_HANDLE_STATE, 6},
                 {ERROR_INVALID_DATA, 7}};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (known[i].err == err)
            return auto_put_int(c, known[i].status);
    return auto_failed(err);
}

static HRESULT do_action(struct auto_call *c)
{
    struct named n;
    HRESULT hr = name_of(c, &n);

    return FAILED(hr) ? hr : put_status(c, MsiDoActionW(n.h, n.name));
}

static HRESULT sequence(struct auto_call *c)
{
    struct named n;
    int which;
    HRESULT hr = name_of(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &which)))
        return hr;
    return put_status(c, MsiSequenceW(n.h, n.name, which));
}

static HRESULT evaluate(struct auto_call *c)
{
    struct named n;
    HRESULT hr = name_of(c, &n);

    return FAILED(hr) ? hr : auto_put_int(c, MsiEvaluateConditionW(n.h, n.name));
}

struct format {
    MSIHANDLE session, record;
};

static UINT ask_format(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct format *f = ctx;

    return MsiFormatRecordW(f->session, f->record, buf, size);
}

static HRESULT format_record(struct auto_call *c)
{
    struct auto_object *record;
    struct format f;
    HRESULT hr = auto_arg_object(c, 0, &auto_record, &record);

    if (FAILED(hr))
        return hr;
    f = (struct format){c->self->handle, record ? record->handle : 0};
    return auto_ask_text(c, ask_format, &f);
}

static HRESULT message(struct auto_call *c)
{
    struct auto_object *record;
    int kind;
    HRESULT hr = auto_int(c, 0, 0, &kind);

    if (FAILED(hr) || FAILED(hr = auto_arg_object(c, 1, &auto_record, &record)))
        return hr;
    return auto_put_int(
        c, MsiProcessMessage(c->self->handle, (INSTALLMESSAGE)kind, record ? record->handle : 0));
}

/* --- features and components --------------------------------------------------------------------
 */

typedef UINT(WINAPI *states_fn)(MSIHANDLE, const WCHAR *, INSTALLSTATE *, INSTALLSTATE *);

static HRESULT state_of(struct auto_call *c, states_fn ask, bool wanted)
{
    INSTALLSTATE installed, action;
    struct named n;
    HRESULT hr = name_of(c, &n);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = ask(n.h, n.name, &installed, &action);
    return err ? auto_failed(err) : auto_put_int(c, wanted ? action : installed);
}

static HRESULT set_state(struct auto_call *c,
                         UINT(WINAPI *set)(MSIHANDLE, const WCHAR *, INSTALLSTATE))
{
    struct named n;
    int state;
    HRESULT hr = name_of(c, &n);

    if (FAILED(hr) || FAILED(hr = auto_int(c, AUTO_ARGS, INSTALLSTATE_DEFAULT, &state)))
        return hr;
    return auto_failed(set(n.h, n.name, (INSTALLSTATE)state));
}

static HRESULT feature_current(struct auto_call *c)
{
    return state_of(c, MsiGetFeatureStateW, false);
}

static HRESULT feature_request(struct auto_call *c)
{
    return c->value ? set_state(c, MsiSetFeatureStateW) : state_of(c, MsiGetFeatureStateW, true);
}

static HRESULT component_current(struct auto_call *c)
{
    return state_of(c, MsiGetComponentStateW, false);
}

static HRESULT component_request(struct auto_call *c)
{
    return c->value ? set_state(c, MsiSetComponentStateW)
                    : state_of(c, MsiGetComponentStateW, true);
}

static HRESULT feature_valid_states(struct auto_call *c)
{
    struct named n;
    DWORD states = 0;
    HRESULT hr = name_of(c, &n);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiGetFeatureValidStatesW(n.h, n.name, &states);
    return err ? auto_failed(err) : auto_put_int(c, (int)states);
}

static HRESULT feature_cost(struct auto_call *c)
{
    struct named n;
    int tree, state, cost = 0;
    HRESULT hr = name_of(c, &n);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &tree)) ||
        FAILED(hr = auto_int(c, 2, 0, &state)))
        return hr;
    err = MsiGetFeatureCostW(n.h, n.name, (MSICOSTTREE)tree, (INSTALLSTATE)state, &cost);
    return err ? auto_failed(err) : auto_put_int(c, cost);
}

static HRESULT set_install_level(struct auto_call *c)
{
    int level;
    HRESULT hr = auto_int(c, 0, 0, &level);

    return FAILED(hr) ? hr : auto_failed(MsiSetInstallLevel(c->self->handle, level));
}

static HRESULT verify_disk_space(struct auto_call *c)
{
    UINT err = MsiVerifyDiskSpace(c->self->handle);

    return err && err != ERROR_DISK_FULL ? auto_failed(err) : auto_put_bool(c, !err);
}

/* A record for each drive: its name, and two numbers of units of 512 bytes. */
static UINT add_cost(struct auto_list *l, const WCHAR *drive, int cost, int temporary)
{
    MSIHANDLE h = MsiCreateRecord(3);

    if (!h)
        return ERROR_OUTOFMEMORY;
    MsiRecordSetStringW(h, 1, drive);
    MsiRecordSetInteger(h, 2, cost);
    MsiRecordSetInteger(h, 3, temporary);
    return auto_list_object(l, auto_new_record(h)) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static HRESULT component_costs(struct auto_call *c)
{
    struct auto_list *l;
    struct named n;
    WCHAR drive[16];
    int state, cost, temporary;
    HRESULT hr = name_of(c, &n);
    UINT err = ERROR_SUCCESS;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, INSTALLSTATE_LOCAL, &state)))
        return hr;
    if (!(l = auto_record_list()))
        return E_OUTOFMEMORY;
    for (DWORD i = 0; !err; i++) {
        DWORD size = ARRAY_LEN(drive);

        err = MsiEnumComponentCostsW(n.h, n.name, i, (INSTALLSTATE)state, drive, &size, &cost,
                                     &temporary);
        if (!err)
            err = add_cost(l, drive, cost, temporary);
    }
    if (err == ERROR_NO_MORE_ITEMS)
        return auto_put_object(c, auto_list_object_of(l));
    auto_release(auto_list_object_of(l));
    return auto_failed(err);
}

/* --- FeatureInfo --------------------------------------------------------------------------------
 */

struct feature_info {
    struct auto_object object;
    struct auto_object *session;
    DWORD attributes;
    WCHAR name[MAX_FEATURE_CHARS + 1], title[256], description[1024];
};

static struct feature_info *info_of(const struct auto_call *c)
{
    return (struct feature_info *)c->self;
}

static HRESULT info_title(struct auto_call *c)
{
    return auto_put_text(c, info_of(c)->title);
}

static HRESULT info_description(struct auto_call *c)
{
    return auto_put_text(c, info_of(c)->description);
}

static HRESULT info_attributes(struct auto_call *c)
{
    struct feature_info *f = info_of(c);
    int attributes;
    UINT err;
    HRESULT hr;

    if (!c->value)
        return auto_put_int(c, (int)f->attributes);
    hr = auto_int(c, AUTO_ARGS, 0, &attributes);
    if (FAILED(hr))
        return hr;
    err = MsiSetFeatureAttributesW(f->session->handle, f->name, (DWORD)attributes);
    if (!err)
        f->attributes = (DWORD)attributes;
    return auto_failed(err);
}

static void end_info(struct auto_object *o)
{
    auto_release(((struct feature_info *)o)->session);
}

static const struct auto_member info_members[] = {
    {1, AUTO_GET, 0, L"Title", info_title},
    {2, AUTO_GET, 0, L"Description", info_description},
    {3, AUTO_GET | AUTO_PUT, 0, L"Attributes", info_attributes}};
static const struct auto_class info_class = {AUTO_CLASS_IID(0x9f), L"FeatureInfo", info_members,
                                             ARRAY_LEN(info_members), end_info};

static HRESULT feature_info(struct auto_call *c)
{
    DWORD title = ARRAY_LEN(((struct feature_info *)0)->title);
    DWORD description = ARRAY_LEN(((struct feature_info *)0)->description);
    struct feature_info *f;
    struct named n;
    HRESULT hr = name_of(c, &n);
    UINT err;

    if (FAILED(hr))
        return hr;
    f = (struct feature_info *)auto_new(&info_class, sizeof(*f), 0);
    if (!f)
        return E_OUTOFMEMORY;
    f->session = c->self;
    auto_add_ref(c->self);
    lstrcpynW(f->name, n.name ? n.name : L"", ARRAY_LEN(f->name));
    err = MsiGetFeatureInfoW(n.h, n.name, &f->attributes, f->title, &title, f->description,
                             &description);
    if (!err || err == ERROR_MORE_DATA)
        return auto_put_object(c, &f->object);
    auto_release(&f->object);
    return auto_failed(err);
}

/* --- Session ------------------------------------------------------------------------------------
 */

static void end(struct auto_object *o)
{
    auto_release(((struct session *)o)->installer);
}

static const struct auto_member members[] = {
    {1, AUTO_GET, 0, L"Installer", get_installer},
    {2, AUTO_GET | AUTO_PUT, 1, L"Property,Name", property},
    {3, AUTO_GET, 0, L"Language", language},
    {4, AUTO_GET | AUTO_PUT, 1, L"Mode,Flag", mode},
    {5, AUTO_GET, 0, L"Database", database},
    {6, AUTO_GET, 1, L"SourcePath,Folder", source_path},
    {7, AUTO_GET | AUTO_PUT, 1, L"TargetPath,Folder", target_path},
    {8, AUTO_METHOD, 1, L"DoAction,Action", do_action},
    {9, AUTO_METHOD, 1, L"Sequence,Table,Mode", sequence},
    {10, AUTO_METHOD, 1, L"EvaluateCondition,Expression", evaluate},
    {11, AUTO_METHOD, 1, L"FormatRecord,Record", format_record},
    {12, AUTO_METHOD, 2, L"Message,Kind,Record", message},
    {13, AUTO_GET, 1, L"FeatureCurrentState,Feature", feature_current},
    {14, AUTO_GET | AUTO_PUT, 1, L"FeatureRequestState,Feature", feature_request},
    {15, AUTO_GET, 1, L"FeatureValidStates,Feature", feature_valid_states},
    {16, AUTO_GET, 3, L"FeatureCost,Feature,CostTree,State", feature_cost},
    {17, AUTO_GET, 1, L"ComponentCurrentState,Component", component_current},
    {18, AUTO_GET | AUTO_PUT, 1, L"ComponentRequestState,Component", component_request},
    {19, AUTO_METHOD, 1, L"SetInstallLevel,Level", set_install_level},
    {20, AUTO_GET, 0, L"VerifyDiskSpace", verify_disk_space},
    {21, AUTO_GET, 1, L"ProductProperty,Property", product_property},
    {22, AUTO_GET | AUTO_METHOD, 1, L"FeatureInfo,Feature", feature_info},
    {23, AUTO_GET, 1, L"ComponentCosts,Component,State", component_costs}};

const struct auto_class auto_session = {AUTO_CLASS_IID(0x9e), L"Session", members,
                                        ARRAY_LEN(members), end};

struct auto_object *auto_new_session(MSIHANDLE h, struct auto_object *installer)
{
    struct session *s = (struct session *)auto_new(&auto_session, sizeof(*s), h);

    if (!s)
        return NULL;
    s->installer = installer;
    auto_add_ref(installer);
    return &s->object;
}
