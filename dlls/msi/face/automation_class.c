/*
 * The class of the automation object: DllGetClassObject, DllCanUnloadNow, DllRegisterServer,
 * DllUnregisterServer.
 *
 * Wine's DLL has other classes too (what its installer's own processes speak through): they stay
 * its own where it stands beside us.
 */
#include "automation.h"

#include "door.h"
#include "os.h"
#include "reg.h"
#include "trace.h"
#include "utf16.h"

static const CLSID installer_class = AUTO_CLASS_IID(0x90);
static const GUID library = AUTO_CLASS_IID(0x92);

#define CLASS_TEXT   u"{000C1090-0000-0000-C000-000000000046}"
#define LIBRARY_TEXT u"{000C1092-0000-0000-C000-000000000046}"
#define PROG_ID      u"WindowsInstaller.Installer"

HRESULT WINAPI DllRegisterServer(void);
HRESULT WINAPI DllUnregisterServer(void);

static LONG locks;

/* --- the factory, which is one and is never freed ------------------------------------------------
 */

static HRESULT WINAPI f_query(IClassFactory *f, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = f;
    return S_OK;
}

static ULONG WINAPI f_add_ref(IClassFactory *f)
{
    UNUSED(f);
    return 2;
}

static ULONG WINAPI f_release(IClassFactory *f)
{
    UNUSED(f);
    return 1;
}

static HRESULT WINAPI f_create(IClassFactory *f, IUnknown *outer, REFIID iid, void **out)
{
    struct auto_object *o;
    HRESULT hr;

    UNUSED(f);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    o = auto_new_installer();
    if (!o)
        return E_OUTOFMEMORY;
    hr = o->iface.lpVtbl->QueryInterface(&o->iface, iid, out);
    auto_release(o);
    return hr;
}

static HRESULT WINAPI f_lock(IClassFactory *f, BOOL lock)
{
    UNUSED(f);
    if (lock)
        InterlockedIncrement(&locks);
    else
        InterlockedDecrement(&locks);
    return S_OK;
}

static const IClassFactoryVtbl vtable = {f_query, f_add_ref, f_release, f_create, f_lock};
static IClassFactory factory = {(IClassFactoryVtbl *)&vtable};

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    static struct door_entry wine = {"DllGetClassObject", NULL};

    if (!out)
        return E_INVALIDARG;
    *out = NULL;
    if (IsEqualCLSID(clsid, &installer_class))
        return f_query(&factory, iid, out);
    if (door_available() && door_find(&wine))
        return ((HRESULT(WINAPI *)(REFCLSID, REFIID, void **))wine.target)(clsid, iid, out);
    return CLASS_E_CLASSNOTAVAILABLE;
}

/* Handles of msi.dll are in use by those who have them, objects or not; only they keep it. */
HRESULT WINAPI DllCanUnloadNow(void)
{
    static struct door_entry wine = {"DllCanUnloadNow", NULL};

    if (auto_count() || InterlockedCompareExchange(&locks, 0, 0))
        return S_FALSE;
    if (door_loaded && door_find(&wine))
        return ((HRESULT(WINAPI *)(void))wine.target)();
    return S_OK;
}

/* --- registration -------------------------------------------------------------------------------
 */

static bool own_path(char16_t *path, DWORD cap)
{
    HMODULE here;
    DWORD n;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const WCHAR *)(const void *)&factory, &here))
        return false;
    n = GetModuleFileNameW(here, (WCHAR *)path, cap);
    return n && n < cap;
}

/* Of 32-bit programs on a 64-bit system the classes are elsewhere. */
static const char16_t *class_root(void)
{
#ifdef _WIN64
    return u"Software\\Classes\\CLSID\\" CLASS_TEXT;
#else
    BOOL wow = FALSE;

    IsWow64Process(GetCurrentProcess(), &wow);
    return wow ? u"Software\\Classes\\Wow6432Node\\CLSID\\" CLASS_TEXT
               : u"Software\\Classes\\CLSID\\" CLASS_TEXT;
#endif
}

static u32 set(const char16_t *above, const char16_t *below, const char16_t *name,
               const char16_t *value)
{
    char16_t path[300];
    struct reg_key *key;
    size_t n = u16_copy(path, ARRAY_LEN(path), above);
    u32 err;

    u16_copy(path + n, ARRAY_LEN(path) - n, below);
    err = reg_make(REG_MACHINE, path, &key);
    if (err)
        return err;
    err = reg_set_text(key, name, REG_TYPE_SZ, value);
    reg_close(key);
    return err;
}

static u32 register_class(const char16_t *dll)
{
    const char16_t *root = class_root();
    u32 err = set(root, u"", u"", u"Microsoft Windows Installer");

    if (!err)
        err = set(root, u"\\InprocServer32", u"", dll);
    if (!err)
        err = set(root, u"\\InprocServer32", u"ThreadingModel", u"Apartment");
    if (!err)
        err = set(root, u"\\ProgId", u"", PROG_ID);
    if (!err)
        err = set(root, u"\\TypeLib", u"", LIBRARY_TEXT);
    if (!err)
        err = set(root, u"\\Version", u"", u"1.0");
    if (!err)
        err = set(u"Software\\Classes\\" PROG_ID, u"", u"", u"Microsoft Windows Installer");
    if (!err)
        err = set(u"Software\\Classes\\" PROG_ID, u"\\CLSID", u"", CLASS_TEXT);
    return err;
}

static HRESULT register_types(char16_t *dll)
{
    ITypeLib *lib;
    HRESULT hr = LoadTypeLibEx((const WCHAR *)dll, REGKIND_NONE, &lib);

    if (FAILED(hr))
        return hr;
    hr = RegisterTypeLib(lib, (WCHAR *)dll, NULL);
    lib->lpVtbl->Release(lib);
    return hr;
}

/* Wine's own classes first: ours then takes the place of its automation object. */
HRESULT WINAPI DllRegisterServer(void)
{
    static struct door_entry wine = {"DllRegisterServer", NULL};
    char16_t dll[MAX_PATH];
    HRESULT hr = S_OK;
    u32 err;

    if (!own_path(dll, MAX_PATH))
        return E_FAIL;
    if (door_available() && door_find(&wine))
        hr = ((HRESULT(WINAPI *)(void))wine.target)();
    if (FAILED(hr))
        return hr;
    err = register_class(dll);
    return err ? HRESULT_FROM_WIN32(err) : register_types(dll);
}

HRESULT WINAPI DllUnregisterServer(void)
{
    static struct door_entry wine = {"DllUnregisterServer", NULL};
    u32 err;

    if (door_available() && door_find(&wine))
        ((HRESULT(WINAPI *)(void))wine.target)();
    UnRegisterTypeLib(&library, 1, 0, LOCALE_NEUTRAL, sizeof(void *) == 8 ? SYS_WIN64 : SYS_WIN32);
    err = reg_remove(REG_MACHINE, class_root());
    if (!err || err == ERROR_FILE_NOT_FOUND)
        err = reg_remove(REG_MACHINE, u"Software\\Classes\\" PROG_ID);
    return err && err != ERROR_FILE_NOT_FOUND ? HRESULT_FROM_WIN32(err) : S_OK;
}
