/*
 * What the objects of automation say of their types: the type library, which is a resource of this
 * DLL, and IProvideClassInfo with its two successors. No object has a class of its own but the
 * installer, so each answers with its interface.
 */
#include "automation.h"

/* --- the type library ---------------------------------------------------------------------------
 */

static HRESULT load_library_of_types(ITypeLib **lib)
{
    WCHAR path[MAX_PATH];
    HMODULE here;
    DWORD n;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const WCHAR *)&auto_class_info, &here))
        return TYPE_E_CANTLOADLIBRARY;
    n = GetModuleFileNameW(here, path, MAX_PATH);
    if (!n || n >= MAX_PATH)
        return TYPE_E_CANTLOADLIBRARY;
    return LoadTypeLibEx(path, REGKIND_NONE, lib);
}

HRESULT auto_type_info(const struct auto_class *class, ITypeInfo **info)
{
    ITypeLib *lib;
    HRESULT hr = load_library_of_types(&lib);

    if (FAILED(hr))
        return hr;
    hr = lib->lpVtbl->GetTypeInfoOfGuid(lib, &class->iid, info);
    lib->lpVtbl->Release(lib);
    return hr;
}

/* --- IProvideMultipleClassInfo ------------------------------------------------------------------
 */

static const IID provide_class_info = {
    0xb196b283, 0xbab4, 0x101a, {0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07}};
static const IID provide_class_info_2 = {
    0xa6bc3ac0, 0xdbaa, 0x11ce, {0x9d, 0xe3, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51}};
static const IID provide_multiple_class_info = {
    0xa7aba9c1, 0x8983, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};

/* GetGUID's kinds, and the flags of GetInfoOfIndex. */
enum { DEFAULT_SOURCE_DISP_IID = 1 };
enum { WANT_TYPE_INFO = 1, WANT_FLAGS = 2, WANT_PRIMARY = 4, WANT_SOURCE = 8 };

struct auto_class_info_vtable {
    HRESULT(WINAPI *query)(struct auto_class_info *, REFIID, void **);
    ULONG(WINAPI *add_ref)(struct auto_class_info *);
    ULONG(WINAPI *release)(struct auto_class_info *);
    HRESULT(WINAPI *class_info)(struct auto_class_info *, ITypeInfo **);
    HRESULT(WINAPI *guid)(struct auto_class_info *, DWORD, GUID *);
    HRESULT(WINAPI *count)(struct auto_class_info *, ULONG *);
    HRESULT(WINAPI *info_of_index)
    (struct auto_class_info *, ULONG, DWORD, ITypeInfo **, DWORD *, ULONG *, GUID *, GUID *);
};

static struct auto_object *from(struct auto_class_info *i)
{
    return CONTAINER_OF(i, struct auto_object, class_info);
}

bool auto_is_class_info(REFIID iid)
{
    return IsEqualIID(iid, &provide_class_info) || IsEqualIID(iid, &provide_class_info_2) ||
           IsEqualIID(iid, &provide_multiple_class_info);
}

static HRESULT WINAPI query(struct auto_class_info *i, REFIID iid, void **out)
{
    IDispatch *d = &from(i)->iface;

    return d->lpVtbl->QueryInterface(d, iid, out);
}

static ULONG WINAPI add_ref(struct auto_class_info *i)
{
    IDispatch *d = &from(i)->iface;

    return d->lpVtbl->AddRef(d);
}

static ULONG WINAPI release(struct auto_class_info *i)
{
    IDispatch *d = &from(i)->iface;

    return d->lpVtbl->Release(d);
}

static HRESULT WINAPI get_class_info(struct auto_class_info *i, ITypeInfo **info)
{
    if (!info)
        return E_POINTER;
    *info = NULL;
    return auto_type_info(from(i)->class, info);
}

static HRESULT WINAPI get_guid(struct auto_class_info *i, DWORD kind, GUID *guid)
{
    if (!guid)
        return E_POINTER;
    memset(guid, 0, sizeof(*guid));
    if (kind != DEFAULT_SOURCE_DISP_IID)
        return E_INVALIDARG;
    *guid = from(i)->class->iid;
    return S_OK;
}

static HRESULT WINAPI get_count(struct auto_class_info *i, ULONG *count)
{
    UNUSED(i);
    if (!count)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

static HRESULT WINAPI get_info_of_index(struct auto_class_info *i, ULONG index, DWORD wanted,
                                        ITypeInfo **info, DWORD *flags, ULONG *reserved_ids,
                                        GUID *primary, GUID *of_source)
{
    if (index)
        return E_INVALIDARG;
    if (((wanted & WANT_TYPE_INFO) && !info) ||
        ((wanted & WANT_FLAGS) && (!flags || !reserved_ids)) ||
        ((wanted & WANT_PRIMARY) && !primary) || ((wanted & WANT_SOURCE) && !of_source))
        return E_POINTER;
    if (wanted & WANT_TYPE_INFO) {
        HRESULT hr = get_class_info(i, info);

        if (FAILED(hr))
            return hr;
    }
    if (wanted & WANT_FLAGS) {
        *flags = 0;
        *reserved_ids = 0;
    }
    if (wanted & WANT_PRIMARY)
        *primary = from(i)->class->iid;
    if (wanted & WANT_SOURCE)
        *of_source = from(i)->class->iid;
    return S_OK;
}

const auto_class_info_vtable auto_class_info = {
    query, add_ref, release, get_class_info, get_guid, get_count, get_info_of_index};
