/*
 * IDispatch for all objects of automation: names, arguments, exceptions.
 */
#include "automation.h"

#include "guid.h"
#include "os.h"
#include "strio.h"
#include "trace.h"
#include "utf16.h"

enum { EXCEPTION_CODE = 1000 };
static const WCHAR source[] = L"Msi API Error";

static LONG objects;

static struct auto_object *from(IDispatch *d)
{
    return CONTAINER_OF(d, struct auto_object, iface);
}

/* --- life ---------------------------------------------------------------------------------------
 */

LONG auto_count(void)
{
    return InterlockedCompareExchange(&objects, 0, 0);
}

static HRESULT WINAPI query(IDispatch *d, REFIID iid, void **out)
{
    struct auto_object *o = from(d);

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (auto_is_class_info(iid)) {
        auto_add_ref(o);
        *out = &o->class_info;
        return S_OK;
    }
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) &&
        !IsEqualIID(iid, &o->class->iid))
        return E_NOINTERFACE;
    auto_add_ref(o);
    *out = d;
    return S_OK;
}

static ULONG WINAPI add_ref(IDispatch *d)
{
    return (ULONG)InterlockedIncrement(&from(d)->refs);
}

static ULONG WINAPI release(IDispatch *d)
{
    struct auto_object *o = from(d);
    LONG left = InterlockedDecrement(&o->refs);

    if (left)
        return (ULONG)left;
    if (o->class->end)
        o->class->end(o);
    if (o->handle)
        MsiCloseHandle(o->handle);
    os_free(o);
    InterlockedDecrement(&objects);
    return 0;
}

void auto_release(struct auto_object *o)
{
    if (o)
        release(&o->iface);
}

/* --- names --------------------------------------------------------------------------------------
 */

/* The n-th name of the list, and its length; NULL behind the last. */
static const WCHAR *nth_name(const WCHAR *names, u32 n, size_t *len)
{
    for (;; n--) {
        *len = 0;
        while (names[*len] && names[*len] != ',')
            ++*len;
        if (!n)
            return names;
        if (!names[*len])
            return NULL;
        names += *len + 1;
    }
}

static bool is_name(const WCHAR *name, const WCHAR *of, size_t len)
{
    return !u16_compare_fold(w16(name), u16_len(w16(name)), w16(of), len);
}

static const struct auto_member *find_name(const struct auto_class *class, const WCHAR *name)
{
    for (u32 i = 0; i < class->count; i++) {
        size_t len;
        const WCHAR *own = nth_name(class->members[i].names, 0, &len);

        if (is_name(name, own, len))
            return &class->members[i];
    }
    return NULL;
}

static u32 param_count(const struct auto_member *m)
{
    u32 n = 0;

    for (const WCHAR *s = m->names; *s; s++)
        n += *s == ',';
    return n;
}

static bool find_param(const struct auto_member *m, const WCHAR *name, DISPID *id)
{
    u32 n = param_count(m);
    size_t len;

    for (u32 i = 0; i < n; i++) {
        const WCHAR *param = nth_name(m->names, i + 1, &len);

        if (!is_name(name, param, len))
            continue;
        *id = (DISPID)i;
        return true;
    }
    return false;
}

static HRESULT WINAPI get_ids(IDispatch *d, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                              DISPID *ids)
{
    const struct auto_member *m;
    HRESULT hr = S_OK;

    UNUSED(lcid);
    if (!IsEqualIID(iid, &IID_NULL) || !names || !ids || !count)
        return E_INVALIDARG;
    m = find_name(from(d)->class, names[0]);
    ids[0] = m ? m->id : DISPID_UNKNOWN;
    if (!m)
        hr = DISP_E_UNKNOWNNAME;
    for (UINT i = 1; i < count; i++) {
        if (m && find_param(m, names[i], &ids[i]))
            continue;
        ids[i] = DISPID_UNKNOWN;
        hr = DISP_E_UNKNOWNNAME;
    }
    return hr;
}

/* --- calls --------------------------------------------------------------------------------------
 */

static const struct auto_member *find_id(const struct auto_class *class, DISPID id)
{
    for (u32 i = 0; i < class->count; i++)
        if (class->members[i].id == id)
            return &class->members[i];
    return NULL;
}

static bool left_out(const VARIANT *v)
{
    return V_VT(v) == VT_ERROR && V_ERROR(v) == DISP_E_PARAMNOTFOUND;
}

/* Puts the arguments in their places. */
static HRESULT place(struct auto_call *c, const struct auto_member *m, const DISPPARAMS *p,
                     bool put, UINT *bad)
{
    u32 params = param_count(m), plain = p->cArgs - MIN(p->cNamedArgs, p->cArgs);

    if (plain > params)
        return DISP_E_BADPARAMCOUNT;
    for (u32 i = 0; i < p->cArgs; i++) {
        const VARIANT *v = &p->rgvarg[p->cArgs - 1 - i];
        DISPID at = i < plain ? (DISPID)i : p->rgdispidNamedArgs[p->cArgs - 1 - i];

        if (put && at == DISPID_PROPERTYPUT) {
            c->value = v;
            c->places[AUTO_ARGS] = p->cArgs - 1 - i;
        } else if (at >= 0 && (u32)at < params && !left_out(v)) {
            c->args[at] = v;
            c->places[at] = p->cArgs - 1 - i;
        } else if (!left_out(v)) {
            *bad = p->cArgs - 1 - i;
            return DISP_E_PARAMNOTFOUND;
        }
    }
    c->required = m->required;
    for (u32 i = 0; i < m->required; i++)
        if (!c->args[i])
            return DISP_E_PARAMNOTOPTIONAL;
    return put && !c->value ? DISP_E_PARAMNOTOPTIONAL : S_OK;
}

static HRESULT exception(const struct auto_member *m, EXCEPINFO *e)
{
    if (e) {
        memset(e, 0, sizeof(*e));
        /* Windows' scripts take the first for the error's number, Wine's the second */
        e->wCode = EXCEPTION_CODE;
        e->scode = E_FAIL;
        e->bstrSource = SysAllocString(source);
        e->bstrDescription = SysAllocString(m->names);
    }
    return DISP_E_EXCEPTION;
}

static bool is_own(HRESULT hr)
{
    return HRESULT_FACILITY(hr) == FACILITY_DISPATCH || hr == E_OUTOFMEMORY || hr == E_NOTIMPL;
}

static HRESULT run(struct auto_call *c, const struct auto_member *m, DISPPARAMS *p, bool put,
                   EXCEPINFO *e, UINT *bad)
{
    HRESULT hr = place(c, m, p, put, bad);

    if (FAILED(hr))
        return hr;
    hr = m->fn(c);
    for (size_t i = 0; i < ARRAY_LEN(c->held); i++)
        VariantClear(&c->held[i]);
    if (hr == DISP_E_TYPEMISMATCH)
        *bad = c->bad;
    TRACE(TRACE_MSI, "automation: member %ld of %04lx: %08lx", (long)m->id,
          (unsigned long)c->self->class->iid.Data1 & 0xffff, (unsigned long)hr);
    return SUCCEEDED(hr) || is_own(hr) ? hr : exception(m, e);
}

static HRESULT WINAPI invoke(IDispatch *d, DISPID id, REFIID iid, LCID lcid, WORD flags,
                             DISPPARAMS *p, VARIANT *result, EXCEPINFO *e, UINT *bad)
{
    struct auto_object *o = from(d);
    const struct auto_member *m = find_id(o->class, id);
    bool put = (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
    struct auto_call c = {.self = o};
    VARIANT answer;
    UINT ignored;
    HRESULT hr;

    UNUSED(lcid);
    if (!IsEqualIID(iid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (!p || (p->cArgs && !p->rgvarg) || (p->cNamedArgs && !p->rgdispidNamedArgs))
        return E_INVALIDARG;
    if (!m || !(put ? m->kinds & AUTO_PUT : m->kinds & flags & (AUTO_METHOD | AUTO_GET)))
        return DISP_E_MEMBERNOTFOUND;
    VariantInit(&answer);
    c.result = &answer;
    auto_add_ref(o);
    hr = run(&c, m, p, put, e, bad ? bad : &ignored);
    release(d);
    if (SUCCEEDED(hr) && result)
        *result = answer;
    else
        VariantClear(&answer);
    return hr;
}

static HRESULT WINAPI type_count(IDispatch *d, UINT *count)
{
    UNUSED(d);
    if (!count)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

static HRESULT WINAPI type_info(IDispatch *d, UINT index, LCID lcid, ITypeInfo **info)
{
    UNUSED(lcid);
    if (!info)
        return E_POINTER;
    *info = NULL;
    return index ? DISP_E_BADINDEX : auto_type_info(from(d)->class, info);
}

static const IDispatchVtbl vtable = {query,     add_ref, release, type_count,
                                     type_info, get_ids, invoke};

struct auto_object *auto_new(const struct auto_class *class, size_t size, MSIHANDLE handle)
{
    struct auto_object *o = os_calloc(1, size);

    if (!o) {
        if (handle)
            MsiCloseHandle(handle);
        return NULL;
    }
    o->iface.lpVtbl = (IDispatchVtbl *)&vtable;
    o->class_info.lpVtbl = (auto_class_info_vtable *)&auto_class_info;
    o->refs = 1;
    o->class = class;
    o->handle = handle;
    InterlockedIncrement(&objects);
    return o;
}

/* --- arguments ----------------------------------------------------------------------------------
 */

static const VARIANT *argument(const struct auto_call *c, u32 i)
{
    return i == AUTO_ARGS ? c->value : c->args[i];
}

const VARIANT *auto_value(const struct auto_call *c, u32 i)
{
    const VARIANT *v = argument(c, i);

    return v && V_VT(v) == (VT_BYREF | VT_VARIANT) ? V_VARIANTREF(v) : v;
}

HRESULT auto_mismatch(struct auto_call *c, u32 i)
{
    c->bad = c->places[i];
    return DISP_E_TYPEMISMATCH;
}

/* The argument as that type, in c->held; NULL where it is left out. Empty is "", 0 or false where
 * something is wanted, and else left out; so is Null for a text that is a parameter, such as a
 * user's SID. */
static HRESULT as_type(struct auto_call *c, u32 i, VARTYPE type, const VARIANT **out)
{
    const VARIANT *v = auto_value(c, i);
    bool wanted = i == AUTO_ARGS || i < c->required;

    *out = NULL;
    if (!v || (!wanted && (V_VT(v) == VT_EMPTY || V_VT(v) == VT_NULL)) ||
        (type == VT_BSTR && i != AUTO_ARGS && V_VT(v) == VT_NULL))
        return S_OK;
    if (FAILED(VariantChangeType(&c->held[i], (VARIANT *)v, 0, type)))
        return auto_mismatch(c, i);
    *out = &c->held[i];
    return S_OK;
}

HRESULT auto_text(struct auto_call *c, u32 i, const WCHAR **text)
{
    const VARIANT *v;
    HRESULT hr = as_type(c, i, VT_BSTR, &v);

    /* an empty BSTR may be a null pointer */
    *text = !v ? NULL : V_BSTR(v) ? V_BSTR(v) : L"";
    return hr;
}

HRESULT auto_int(struct auto_call *c, u32 i, int otherwise, int *n)
{
    const VARIANT *v;
    HRESULT hr = as_type(c, i, VT_I4, &v);

    *n = v ? (int)V_I4(v) : otherwise;
    return hr;
}

HRESULT auto_bool(struct auto_call *c, u32 i, bool otherwise, bool *b)
{
    const VARIANT *v;
    HRESULT hr = as_type(c, i, VT_BOOL, &v);

    *b = v ? V_BOOL(v) != VARIANT_FALSE : otherwise;
    return hr;
}

HRESULT auto_arg_object(struct auto_call *c, u32 i, const struct auto_class *class,
                        struct auto_object **o)
{
    const VARIANT *v;
    HRESULT hr = as_type(c, i, VT_DISPATCH, &v);

    *o = NULL;
    if (FAILED(hr) || !v || !V_DISPATCH(v))
        return hr;
    if (V_DISPATCH(v)->lpVtbl != &vtable || from(V_DISPATCH(v))->class != class)
        return auto_mismatch(c, i);
    *o = from(V_DISPATCH(v));
    return S_OK;
}

/* --- results ------------------------------------------------------------------------------------
 */

HRESULT auto_failed(UINT err)
{
    return !err ? S_OK : err == ERROR_OUTOFMEMORY ? E_OUTOFMEMORY : E_FAIL;
}

HRESULT auto_put_text(struct auto_call *c, const WCHAR *s)
{
    V_BSTR(c->result) = SysAllocString(s);
    if (!V_BSTR(c->result))
        return E_OUTOFMEMORY;
    V_VT(c->result) = VT_BSTR;
    return S_OK;
}

HRESULT auto_put_int(struct auto_call *c, int n)
{
    V_VT(c->result) = VT_I4;
    V_I4(c->result) = n;
    return S_OK;
}

HRESULT auto_put_bool(struct auto_call *c, bool b)
{
    V_VT(c->result) = VT_BOOL;
    V_BOOL(c->result) = b ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HRESULT auto_put_object(struct auto_call *c, struct auto_object *o)
{
    if (!o)
        return E_OUTOFMEMORY;
    V_VT(c->result) = VT_DISPATCH;
    V_DISPATCH(c->result) = &o->iface;
    return S_OK;
}

HRESULT auto_put_nothing(struct auto_call *c)
{
    V_VT(c->result) = VT_DISPATCH;
    V_DISPATCH(c->result) = NULL;
    return S_OK;
}

HRESULT auto_ask_text(struct auto_call *c, auto_ask ask, const void *ctx)
{
    WCHAR room[256], *buf = room;
    DWORD size = ARRAY_LEN(room);
    UINT err = ask(ctx, buf, &size);
    HRESULT hr;

    /* it may grow from one question to the next */
    while (err == ERROR_MORE_DATA) {
        size++;
        if (buf != room)
            os_free(buf);
        buf = os_alloc_array(size, sizeof(*buf));
        err = buf ? ask(ctx, buf, &size) : ERROR_OUTOFMEMORY;
    }
    hr = err ? auto_failed(err) : auto_put_text(c, buf);
    if (buf != room)
        os_free(buf);
    return hr;
}
