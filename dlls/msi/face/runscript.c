/*
 * How the scripts of custom actions are run: by the engine that the system has for their language,
 * with our automation object as `Session`.
 *
 * The text is run first, then the function that the action names, if it names one; what that
 * returns is a msiDoActionStatus. An error of either ends the script, and its first is told.
 */
#include "runaction.h"

#include <activscp.h>

#include "automation.h"
#include "codepage.h"
#include "os.h"
#include "use.h"
#include "utf16.h"

enum { TEXT_MAX = 16 << 20 }; /* bytes of a script's file */

static const IID iid_site = {
    0xdb01a1e3, 0xa42b, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
static const IID iid_window = {
    0xd10f6761, 0x83e9, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
static const IID iid_ui = {
    0xaedae97e, 0xd7ee, 0x4796, {0xb9, 0x60, 0x7f, 0x09, 0x2a, 0xe8, 0x44, 0xab}};
static const IID iid_script = {
    0xbb1a2ae1, 0xa4f9, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
#ifdef _WIN64
static const IID iid_parse = {
    0xc7ef7658, 0xe1ee, 0x480e, {0x97, 0xea, 0xd5, 0x2c, 0xb4, 0xd7, 0x6d, 0x17}};
#else
static const IID iid_parse = {
    0xbb1a2ae2, 0xa4f9, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
#endif

/* --- errors -------------------------------------------------------------------------------------
 */

static char16_t *copy_of(const WCHAR *s)
{
    return s ? u16_dup((const char16_t *)s, u16_len((const char16_t *)s)) : NULL;
}

static bool is_told(const struct custom_trouble *t)
{
    return t->error != 0;
}

static void tell_code(struct custom_trouble *t, HRESULT hr, const char16_t *text)
{
    if (is_told(t))
        return;
    t->error = CUSTOM_SCRIPT_FAILED;
    t->code = hr;
    t->text = u16_dup(text, u16_len(text));
}

/* Takes the texts of e. */
static void tell_exception(struct custom_trouble *t, EXCEPINFO *e)
{
    if (e->pfnDeferredFillIn)
        e->pfnDeferredFillIn(e);
    if (!is_told(t)) {
        t->error = CUSTOM_SCRIPT_FAILED;
        t->code = e->scode ? e->scode : e->wCode;
        t->source = copy_of(e->bstrSource);
        t->text = copy_of(e->bstrDescription);
    }
    SysFreeString(e->bstrSource);
    SysFreeString(e->bstrDescription);
    SysFreeString(e->bstrHelpFile);
}

/* --- the site, which lives on the stack of the call ---------------------------------------------
 */

struct site {
    IActiveScriptSite site;
    IActiveScriptSiteWindow window;
    IActiveScriptSiteUIControl ui;
    IDispatch *session;
    struct custom_trouble *trouble;
};

static HRESULT query(struct site *s, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &iid_site))
        *out = &s->site;
    else if (IsEqualIID(iid, &iid_window))
        *out = &s->window;
    else if (IsEqualIID(iid, &iid_ui))
        *out = &s->ui;
    else
        *out = NULL;
    return *out ? S_OK : E_NOINTERFACE;
}

static HRESULT WINAPI s_query(IActiveScriptSite *s, REFIID iid, void **out)
{
    return query(CONTAINER_OF(s, struct site, site), iid, out);
}

static ULONG WINAPI s_add_ref(IActiveScriptSite *s)
{
    UNUSED(s);
    return 2;
}

static ULONG WINAPI s_release(IActiveScriptSite *s)
{
    UNUSED(s);
    return 1;
}

static HRESULT WINAPI s_lcid(IActiveScriptSite *s, LCID *lcid)
{
    UNUSED(s);
    UNUSED(lcid);
    return E_NOTIMPL; /* the engine takes the user's */
}

static HRESULT WINAPI s_item(IActiveScriptSite *s, LPCOLESTR name, DWORD mask, IUnknown **item,
                             ITypeInfo **type)
{
    struct site *site = CONTAINER_OF(s, struct site, site);

    if ((mask & SCRIPTINFO_IUNKNOWN && !item) || (mask & SCRIPTINFO_ITYPEINFO && !type))
        return E_POINTER;
    if (item)
        *item = NULL;
    if (type)
        *type = NULL;
    if (u16_compare_fold((const char16_t *)name, u16_len((const char16_t *)name), u"Session", 7))
        return TYPE_E_ELEMENTNOTFOUND;
    if (mask & SCRIPTINFO_IUNKNOWN) {
        site->session->lpVtbl->AddRef(site->session);
        *item = (IUnknown *)site->session;
    }
    return S_OK;
}

static HRESULT WINAPI s_version(IActiveScriptSite *s, BSTR *version)
{
    UNUSED(s);
    UNUSED(version);
    return E_NOTIMPL;
}

static HRESULT WINAPI s_terminate(IActiveScriptSite *s, const VARIANT *result, const EXCEPINFO *e)
{
    UNUSED(s);
    UNUSED(result);
    UNUSED(e);
    return S_OK;
}

static HRESULT WINAPI s_state(IActiveScriptSite *s, SCRIPTSTATE state)
{
    UNUSED(s);
    UNUSED(state);
    return S_OK;
}

static HRESULT WINAPI s_error(IActiveScriptSite *s, IActiveScriptError *error)
{
    struct custom_trouble *t = CONTAINER_OF(s, struct site, site)->trouble;
    bool first = !is_told(t);
    EXCEPINFO e = {0};
    BSTR words = NULL;
    ULONG line = 0;
    LONG column = 0;
    DWORD context;

    if (FAILED(error->lpVtbl->GetExceptionInfo(error, &e)))
        e.scode = E_FAIL;
    tell_exception(t, &e);
    if (!first)
        return S_OK;
    if (SUCCEEDED(error->lpVtbl->GetSourcePosition(error, &context, &line, &column))) {
        t->line = (u32)line + 1;
        t->column = (u32)column + 1;
    }
    if (SUCCEEDED(error->lpVtbl->GetSourceLineText(error, &words)))
        t->words = copy_of(words);
    SysFreeString(words);
    return S_OK;
}

static HRESULT WINAPI s_enter(IActiveScriptSite *s)
{
    UNUSED(s);
    return S_OK;
}

static const IActiveScriptSiteVtbl site_vtable = {s_query, s_add_ref, s_release,   s_lcid,
                                                  s_item,  s_version, s_terminate, s_state,
                                                  s_error, s_enter,   s_enter};

static HRESULT WINAPI w_query(IActiveScriptSiteWindow *w, REFIID iid, void **out)
{
    return query(CONTAINER_OF(w, struct site, window), iid, out);
}

static ULONG WINAPI w_count(IActiveScriptSiteWindow *w)
{
    UNUSED(w);
    return 1;
}

static HRESULT WINAPI w_window(IActiveScriptSiteWindow *w, HWND *window)
{
    UNUSED(w);
    if (!window)
        return E_POINTER;
    *window = NULL; /* the desktop is the owner of what a script shows */
    return S_OK;
}

static HRESULT WINAPI w_modeless(IActiveScriptSiteWindow *w, WINBOOL enable)
{
    UNUSED(w);
    UNUSED(enable);
    return S_OK;
}

static const IActiveScriptSiteWindowVtbl window_vtable = {w_query, w_count, w_count, w_window,
                                                          w_modeless};

static HRESULT WINAPI u_query(IActiveScriptSiteUIControl *u, REFIID iid, void **out)
{
    return query(CONTAINER_OF(u, struct site, ui), iid, out);
}

static ULONG WINAPI u_count(IActiveScriptSiteUIControl *u)
{
    UNUSED(u);
    return 1;
}

/* Where nothing is to be shown a box of a script's would wait for ever, seen by nobody. */
static HRESULT WINAPI u_behaviour(IActiveScriptSiteUIControl *u, SCRIPTUICITEM item,
                                  SCRIPTUICHANDLING *handling)
{
    bool quiet = (MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, NULL) & 7) == INSTALLUILEVEL_NONE;

    UNUSED(u);
    UNUSED(item);
    if (!handling)
        return E_POINTER;
    *handling = quiet ? SCRIPTUICHANDLING_NOUIDEFAULT : SCRIPTUICHANDLING_ALLOW;
    return S_OK;
}

static const IActiveScriptSiteUIControlVtbl ui_vtable = {u_query, u_count, u_count, u_behaviour};

/* --- the text -----------------------------------------------------------------------------------
 */

static u32 read_bytes(const char16_t *path, u8 **bytes, size_t *len)
{
    struct os_file *f;
    u64 size;
    u32 got, err = os_open(path, OS_READ, &f);

    if (err)
        return err;
    *bytes = NULL;
    err = os_size(f, &size);
    if (!err && size > TEXT_MAX)
        err = ERROR_FILE_TOO_LARGE;
    if (!err && !(*bytes = os_alloc(size + 1)))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = os_read_at(f, 0, *bytes, (u32)size, &got);
    if (!err)
        *len = got;
    else
        os_free(*bytes);
    os_close(f);
    return err;
}

/* UTF-16 or UTF-8 where its mark says so, else of the system's code page. */
static char16_t *decode(const u8 *bytes, size_t len)
{
    bool wide = len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
    bool utf8 = len >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf;
    u32 cp = utf8 ? CODEPAGE_UTF8 : CODEPAGE_ACP;
    const char *text = (const char *)bytes + (utf8 ? 3 : 0);
    char16_t *out;
    size_t need = 0;

    if (wide) {
        need = len / 2 - 1;
        out = os_alloc_array((u64)need + 1, sizeof(*out));
        if (out)
            memcpy(out, bytes + 2, need * sizeof(*out));
    } else {
        len -= utf8 ? 3 : 0;
        if (codepage_decode(cp, text, len, NULL, 0, &need))
            return NULL;
        out = os_alloc_array((u64)need + 1, sizeof(*out));
        if (out && codepage_decode(cp, text, len, out, need, &need))
            need = 0;
    }
    if (out)
        out[need] = 0;
    return out;
}

/* From os_alloc; NULL, and the trouble told. */
static char16_t *text_of(const struct custom_action *a, struct custom_trouble *t)
{
    char16_t *text = NULL;
    u8 *bytes = NULL;
    size_t len = 0;
    u32 err = ERROR_SUCCESS;

    if (custom_is_text(a->type)) {
        text = u16_dup(a->program, u16_len(a->program));
    } else if (!(err = read_bytes(a->program, &bytes, &len))) {
        text = decode(bytes, len);
        os_free(bytes);
    }
    if (!text)
        tell_code(t, HRESULT_FROM_WIN32(err ? err : ERROR_OUTOFMEMORY),
                  u"the script's text cannot be read");
    return text;
}

/* --- running ------------------------------------------------------------------------------------
 */

static HRESULT make_engine(u32 type, IActiveScript **engine)
{
    CLSID class;
    HRESULT hr =
        CLSIDFromProgID((type & CUSTOM_KIND) == CUSTOM_JSCRIPT ? L"JScript" : L"VBScript", &class);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&class, NULL, CLSCTX_INPROC_SERVER, &iid_script, (void **)engine);
    return hr;
}

static HRESULT run_text(IActiveScript *engine, struct site *site, const char16_t *text)
{
    IActiveScriptParse *parse;
    EXCEPINFO e = {0};
    HRESULT hr = engine->lpVtbl->QueryInterface(engine, &iid_parse, (void **)&parse);

    if (FAILED(hr))
        return hr;
    hr = parse->lpVtbl->InitNew(parse);
    if (SUCCEEDED(hr))
        hr = engine->lpVtbl->SetScriptSite(engine, &site->site);
    if (SUCCEEDED(hr))
        hr = engine->lpVtbl->AddNamedItem(engine, L"Session", SCRIPTITEM_ISVISIBLE);
    if (SUCCEEDED(hr))
        hr = parse->lpVtbl->ParseScriptText(parse, (const WCHAR *)text, NULL, NULL, NULL, 0, 0, 0,
                                            NULL, &e);
    if (hr == DISP_E_EXCEPTION)
        tell_exception(site->trouble, &e);
    if (SUCCEEDED(hr))
        hr = engine->lpVtbl->SetScriptState(engine, SCRIPTSTATE_STARTED);
    parse->lpVtbl->Release(parse);
    return hr;
}

static u32 status_of(VARIANT *v)
{
    static const u32 results[] = {ERROR_FUNCTION_NOT_CALLED, ERROR_SUCCESS,
                                  ERROR_INSTALL_USEREXIT,    ERROR_INSTALL_FAILURE,
                                  ERROR_INSTALL_SUSPEND,     ERROR_NO_MORE_ITEMS};
    VARIANT number;
    u32 n;

    if (V_VT(v) == VT_EMPTY || V_VT(v) == VT_NULL) /* it does not say */
        return ERROR_SUCCESS;
    VariantInit(&number);
    if (FAILED(VariantChangeType(&number, v, 0, VT_I4)))
        return ERROR_INSTALL_FAILURE;
    n = (u32)V_I4(&number);
    return n < ARRAY_LEN(results) ? results[n] : ERROR_INSTALL_FAILURE;
}

static HRESULT call_function(IActiveScript *engine, const char16_t *name, struct custom_trouble *t,
                             u32 *result)
{
    DISPPARAMS none = {NULL, NULL, 0, 0};
    WCHAR *names[] = {(WCHAR *)name};
    EXCEPINFO e = {0};
    IDispatch *script;
    VARIANT value;
    DISPID id;
    HRESULT hr = engine->lpVtbl->GetScriptDispatch(engine, NULL, &script);

    if (FAILED(hr))
        return hr;
    VariantInit(&value);
    hr = script->lpVtbl->GetIDsOfNames(script, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &id);
    if (FAILED(hr))
        tell_code(t, hr, u"the script has no such function");
    else
        hr = script->lpVtbl->Invoke(script, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD,
                                    &none, &value, &e, NULL);
    if (hr == DISP_E_EXCEPTION)
        tell_exception(t, &e);
    if (SUCCEEDED(hr))
        *result = status_of(&value);
    VariantClear(&value);
    script->lpVtbl->Release(script);
    return hr;
}

struct script {
    const struct custom_action *action;
    struct custom_trouble *trouble;
    char16_t *text;
    u32 result;
};

static void run_engine(const struct script *s, IActiveScript *engine, IDispatch *session,
                       u32 *result)
{
    struct site site = {{(IActiveScriptSiteVtbl *)&site_vtable},
                        {(IActiveScriptSiteWindowVtbl *)&window_vtable},
                        {(IActiveScriptSiteUIControlVtbl *)&ui_vtable},
                        session,
                        s->trouble};
    HRESULT hr = run_text(engine, &site, s->text);

    if (SUCCEEDED(hr) && !is_told(s->trouble) && s->action->target[0])
        hr = call_function(engine, s->action->target, s->trouble, result);
    if (FAILED(hr))
        tell_code(s->trouble, hr, u"the script cannot be run");
    engine->lpVtbl->Close(engine);
}

/* The session's object has a handle of its own. */
static struct auto_object *make_session(MSIHANDLE install)
{
    struct auto_object *installer, *session;
    struct hnd_use use;
    struct session *s = use_session(install, &use);
    MSIHANDLE h;

    if (!s)
        return NULL;
    obj_ref(session_object(s));
    h = hnd_open(session_object(s));
    hnd_done(&use);
    installer = auto_new_installer();
    session = h && installer ? auto_new_session(h, installer) : NULL;
    auto_release(installer);
    return session;
}

static u32 run_body(void *script, MSIHANDLE install)
{
    struct script *s = script;
    HRESULT began = CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), hr;
    struct auto_object *session = make_session(install);
    IActiveScript *engine;

    hr = session ? make_engine(s->action->type, &engine) : E_OUTOFMEMORY;
    if (FAILED(hr)) {
        tell_code(s->trouble, hr, u"there is no engine for scripts of this language");
    } else {
        s->result = ERROR_SUCCESS;
        run_engine(s, engine, &session->iface, &s->result);
        engine->lpVtbl->Release(engine);
    }
    auto_release(session);
    if (SUCCEEDED(began))
        CoUninitialize();
    return 0;
}

u32 action_script(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    struct script script = {a, t, text_of(a, t), ERROR_INSTALL_FAILURE};

    if (!script.text)
        return ERROR_INSTALL_FAILURE;
    if (!action_thread(s, a, run_body, &script))
        tell_code(t, E_UNEXPECTED, u"the script's engine faulted");
    os_free(script.text);
    return is_told(t) ? ERROR_INSTALL_FAILURE : script.result;
}
