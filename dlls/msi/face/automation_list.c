/*
 * StringList and RecordList: collections, which scripts also go through one by one.
 */
#include "automation.h"

#include "os.h"

struct auto_list {
    struct auto_object object;
    VARIANT *items;
    u32 count, cap;
};

/* --- going through one --------------------------------------------------------------------------
 */

struct enumerator {
    IEnumVARIANT iface;
    LONG refs;
    struct auto_list *list;
    u32 at;
};

static struct enumerator *from(IEnumVARIANT *e)
{
    return CONTAINER_OF(e, struct enumerator, iface);
}

static HRESULT WINAPI e_query(IEnumVARIANT *e, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IEnumVARIANT))
        return E_NOINTERFACE;
    InterlockedIncrement(&from(e)->refs);
    *out = e;
    return S_OK;
}

static ULONG WINAPI e_add_ref(IEnumVARIANT *e)
{
    return (ULONG)InterlockedIncrement(&from(e)->refs);
}

static ULONG WINAPI e_release(IEnumVARIANT *e)
{
    LONG left = InterlockedDecrement(&from(e)->refs);

    if (left)
        return (ULONG)left;
    auto_release(&from(e)->list->object);
    os_free(from(e));
    return 0;
}

static HRESULT WINAPI e_next(IEnumVARIANT *iface, ULONG n, VARIANT *out, ULONG *got)
{
    struct enumerator *e = from(iface);
    ULONG i = 0;
    HRESULT hr = S_OK;

    if (!out && n)
        return E_INVALIDARG;
    for (; i < n && e->at < e->list->count && SUCCEEDED(hr); i++) {
        VariantInit(&out[i]);
        hr = VariantCopy(&out[i], &e->list->items[e->at++]);
    }
    if (got)
        *got = i;
    return FAILED(hr) ? hr : i == n ? S_OK : S_FALSE;
}

static HRESULT WINAPI e_skip(IEnumVARIANT *iface, ULONG n)
{
    struct enumerator *e = from(iface);
    ULONG left = e->list->count - e->at;

    e->at += MIN(n, left);
    return n <= left ? S_OK : S_FALSE;
}

static HRESULT WINAPI e_reset(IEnumVARIANT *e)
{
    from(e)->at = 0;
    return S_OK;
}

static HRESULT enumerate(struct auto_list *l, u32 at, IEnumVARIANT **out);

static HRESULT WINAPI e_clone(IEnumVARIANT *e, IEnumVARIANT **out)
{
    if (!out)
        return E_POINTER;
    return enumerate(from(e)->list, from(e)->at, out);
}

static const IEnumVARIANTVtbl vtable = {e_query, e_add_ref, e_release, e_next,
                                        e_skip,  e_reset,   e_clone};

static HRESULT enumerate(struct auto_list *l, u32 at, IEnumVARIANT **out)
{
    struct enumerator *e = os_calloc(1, sizeof(*e));

    if (!e)
        return E_OUTOFMEMORY;
    e->iface.lpVtbl = (IEnumVARIANTVtbl *)&vtable;
    e->refs = 1;
    e->list = l;
    e->at = at;
    auto_add_ref(&l->object);
    *out = &e->iface;
    return S_OK;
}

/* --- members ------------------------------------------------------------------------------------
 */

static struct auto_list *list_of(const struct auto_call *c)
{
    return (struct auto_list *)c->self;
}

static HRESULT get_enumerator(struct auto_call *c)
{
    IEnumVARIANT *e;
    HRESULT hr = enumerate(list_of(c), 0, &e);

    if (FAILED(hr))
        return hr;
    V_VT(c->result) = VT_UNKNOWN;
    V_UNKNOWN(c->result) = (IUnknown *)e;
    return S_OK;
}

static HRESULT get_item(struct auto_call *c)
{
    int n;
    HRESULT hr = auto_int(c, 0, -1, &n);

    if (FAILED(hr))
        return hr;
    if (n < 0 || (u32)n >= list_of(c)->count)
        return DISP_E_BADINDEX;
    return VariantCopy(c->result, &list_of(c)->items[n]);
}

static HRESULT get_count(struct auto_call *c)
{
    return auto_put_int(c, (int)list_of(c)->count);
}

static void end(struct auto_object *o)
{
    struct auto_list *l = (struct auto_list *)o;

    for (u32 i = 0; i < l->count; i++)
        VariantClear(&l->items[i]);
    os_free(l->items);
}

static const struct auto_member members[] = {
    {DISPID_NEWENUM, AUTO_METHOD | AUTO_GET, 0, L"_NewEnum", get_enumerator},
    {DISPID_VALUE, AUTO_GET, 1, L"Item,Index", get_item},
    {1, AUTO_GET, 0, L"Count", get_count}};

static const struct auto_class strings = {AUTO_CLASS_IID(0x95), L"StringList", members,
                                          ARRAY_LEN(members), end};
static const struct auto_class records = {AUTO_CLASS_IID(0x96), L"RecordList", members,
                                          ARRAY_LEN(members), end};

/* --- making one ---------------------------------------------------------------------------------
 */

struct auto_list *auto_string_list(void)
{
    return (struct auto_list *)auto_new(&strings, sizeof(struct auto_list), 0);
}

struct auto_list *auto_record_list(void)
{
    return (struct auto_list *)auto_new(&records, sizeof(struct auto_list), 0);
}

static VARIANT *next_item(struct auto_list *l)
{
    if (l->count == l->cap) {
        u32 cap = l->cap ? l->cap * 2 : 16;
        VARIANT *more = os_realloc_array(l->items, cap, sizeof(*more));

        if (!more)
            return NULL;
        l->items = more;
        l->cap = cap;
    }
    VariantInit(&l->items[l->count]);
    return &l->items[l->count];
}

bool auto_list_text(struct auto_list *l, const WCHAR *s)
{
    VARIANT *v = next_item(l);

    if (!v || !(V_BSTR(v) = SysAllocString(s)))
        return false;
    V_VT(v) = VT_BSTR;
    l->count++;
    return true;
}

bool auto_list_object(struct auto_list *l, struct auto_object *o)
{
    VARIANT *v = o ? next_item(l) : NULL;

    if (!v) {
        auto_release(o);
        return false;
    }
    V_VT(v) = VT_DISPATCH;
    V_DISPATCH(v) = &o->iface;
    l->count++;
    return true;
}

struct auto_object *auto_list_object_of(struct auto_list *l)
{
    return &l->object;
}
