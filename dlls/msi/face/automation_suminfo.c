/*
 * The SummaryInfo object: properties as variants.
 */
#include "automation.h"

#include "os.h"

enum { CODE_PAGE = 1 };

/* --- reading ------------------------------------------------------------------------------------
 */

struct text_property {
    MSIHANDLE h;
    UINT pid;
};

static UINT ask_property(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct text_property *p = ctx;
    UINT type;
    INT number;
    FILETIME time;

    return MsiSummaryInfoGetPropertyW(p->h, p->pid, &type, &number, &time, buf, size);
}

static HRESULT put_time(struct auto_call *c, const FILETIME *time)
{
    SYSTEMTIME st;
    DATE date;

    if (!FileTimeToSystemTime(time, &st) || !SystemTimeToVariantTime(&st, &date))
        return E_FAIL;
    V_VT(c->result) = VT_DATE;
    V_DATE(c->result) = date;
    return S_OK;
}

static HRESULT get_property(struct auto_call *c, UINT pid)
{
    struct text_property p = {c->self->handle, pid};
    WCHAR none[1];
    DWORD size = 0;
    FILETIME time;
    INT number;
    UINT type, err;

    err = MsiSummaryInfoGetPropertyW(p.h, pid, &type, &number, &time, none, &size);
    if (err && err != ERROR_MORE_DATA)
        return auto_failed(err);
    switch (type) {
    case VT_I2:
    case VT_I4:
        return auto_put_int(c, number);
    case VT_LPSTR:
        return auto_ask_text(c, ask_property, &p);
    case VT_FILETIME:
        return put_time(c, &time);
    default:
        return S_OK;
    }
}

/* --- writing ------------------------------------------------------------------------------------
 */

static HRESULT set_time(struct auto_call *c, UINT pid, DATE date)
{
    SYSTEMTIME st;
    FILETIME time;

    if (!VariantTimeToSystemTime(date, &st) || !SystemTimeToFileTime(&st, &time))
        return DISP_E_TYPEMISMATCH;
    return auto_failed(
        MsiSummaryInfoSetPropertyW(c->self->handle, pid, VT_FILETIME, 0, &time, NULL));
}

static HRESULT set_property(struct auto_call *c, UINT pid)
{
    const VARIANT *v = auto_value(c, AUTO_ARGS);
    const WCHAR *text;
    int number;
    HRESULT hr;

    switch (V_VT(v)) {
    case VT_EMPTY:
    case VT_NULL:
        return auto_failed(
            MsiSummaryInfoSetPropertyW(c->self->handle, pid, VT_EMPTY, 0, NULL, NULL));
    case VT_DATE:
        return set_time(c, pid, V_DATE(v));
    case VT_BYREF | VT_DATE:
        return set_time(c, pid, *V_DATEREF(v));
    case VT_BSTR:
    case VT_BYREF | VT_BSTR:
        hr = auto_text(c, AUTO_ARGS, &text);
        return FAILED(hr) ? hr
                          : auto_failed(MsiSummaryInfoSetPropertyW(c->self->handle, pid, VT_LPSTR,
                                                                   0, NULL, text));
    default:
        hr = auto_int(c, AUTO_ARGS, 0, &number);
        return FAILED(hr) ? hr
                          : auto_failed(MsiSummaryInfoSetPropertyW(c->self->handle, pid,
                                                                   pid == CODE_PAGE ? VT_I2 : VT_I4,
                                                                   number, NULL, NULL));
    }
}

static HRESULT property(struct auto_call *c)
{
    int pid;
    HRESULT hr = auto_int(c, 0, 0, &pid);

    if (FAILED(hr))
        return hr;
    return c->value ? set_property(c, (UINT)pid) : get_property(c, (UINT)pid);
}

static HRESULT property_count(struct auto_call *c)
{
    UINT n = 0, err = MsiSummaryInfoGetPropertyCount(c->self->handle, &n);

    return err ? auto_failed(err) : auto_put_int(c, (int)n);
}

static HRESULT persist(struct auto_call *c)
{
    return auto_failed(MsiSummaryInfoPersist(c->self->handle));
}

static const struct auto_member members[] = {{1, AUTO_GET | AUTO_PUT, 1, L"Property,Pid", property},
                                             {2, AUTO_GET, 0, L"PropertyCount", property_count},
                                             {3, AUTO_METHOD, 0, L"Persist", persist}};

const struct auto_class auto_suminfo = {AUTO_CLASS_IID(0x9b), L"SummaryInfo", members,
                                        ARRAY_LEN(members), NULL};

struct auto_object *auto_new_suminfo(MSIHANDLE h)
{
    return auto_new(&auto_suminfo, sizeof(struct auto_object), h);
}
