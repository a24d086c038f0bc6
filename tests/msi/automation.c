/*
 * The automation object: its members by name and by number, its objects, exceptions, lists, and the
 * type library beside them.
 */
#define COBJMACROS
#include "msitest.h"

#include <oleauto.h>

static const CLSID installer_class = {0x000c1090, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

/* --- calls --------------------------------------------------------------------------------------
 */

enum { GET = DISPATCH_PROPERTYGET, METHOD = DISPATCH_METHOD, PUT = DISPATCH_PROPERTYPUT };

static EXCEPINFO last; /* of the call before */
static UINT last_bad;

static DISPID id_of(IDispatch *d, const WCHAR *name)
{
    LPOLESTR n = (WCHAR *)name;
    DISPID id = -1;

    IDispatch_GetIDsOfNames(d, &IID_NULL, &n, 1, LOCALE_USER_DEFAULT, &id);
    return id;
}

/* args in their order; they are cleared. */
static HRESULT call(IDispatch *d, const WCHAR *name, WORD flags, UINT n, VARIANT *args,
                    VARIANT *result)
{
    DISPID put = DISPID_PROPERTYPUT;
    VARIANT turned[8], ignored;
    DISPPARAMS p = {turned, NULL, n, 0};
    HRESULT hr;

    if (!d)
        return E_POINTER;
    for (UINT i = 0; i < n; i++)
        turned[n - 1 - i] = args[i];
    if (flags == PUT) {
        p.rgdispidNamedArgs = &put;
        p.cNamedArgs = 1;
    }
    SysFreeString(last.bstrSource);
    SysFreeString(last.bstrDescription);
    memset(&last, 0, sizeof(last));
    last_bad = 99;
    VariantInit(&ignored);
    if (result)
        VariantInit(result);
    hr = IDispatch_Invoke(d, id_of(d, name), &IID_NULL, LOCALE_USER_DEFAULT, flags, &p,
                          result ? result : &ignored, &last, &last_bad);
    for (UINT i = 0; i < n; i++)
        VariantClear(&args[i]);
    VariantClear(&ignored);
    return hr;
}

static VARIANT text(const WCHAR *s)
{
    VARIANT v;

    V_VT(&v) = VT_BSTR;
    V_BSTR(&v) = SysAllocString(s);
    return v;
}

static VARIANT number(int n)
{
    VARIANT v;

    V_VT(&v) = VT_I4;
    V_I4(&v) = n;
    return v;
}

static VARIANT object(IDispatch *d)
{
    VARIANT v;

    V_VT(&v) = VT_DISPATCH;
    V_DISPATCH(&v) = d;
    if (d)
        IDispatch_AddRef(d);
    return v;
}

#define ARGS(...)                                                   \
    sizeof((VARIANT[]){__VA_ARGS__}) / sizeof(VARIANT), (VARIANT[]) \
    {                                                               \
        __VA_ARGS__                                                 \
    }

/* The object that a member gives; NULL where it does not. */
#define OBJECT(d, name, flags, ...) as_object(d, name, flags, ARGS(__VA_ARGS__))
static IDispatch *as_object(IDispatch *d, const WCHAR *name, WORD flags, UINT n, VARIANT *args)
{
    VARIANT v;
    HRESULT hr = call(d, name, flags, n, args, &v);

    ok(hr == S_OK && V_VT(&v) == VT_DISPATCH, "%ls: %lx, type %d\n", name, hr, V_VT(&v));
    return hr == S_OK ? V_DISPATCH(&v) : NULL;
}

static int as_number(IDispatch *d, const WCHAR *name, WORD flags, UINT n, VARIANT *args)
{
    VARIANT v;
    HRESULT hr = call(d, name, flags, n, args, &v);

    ok(hr == S_OK, "%ls: %lx\n", name, hr);
    return hr == S_OK ? V_I4(&v) : -12345;
}

static void is_text(int line, IDispatch *d, const WCHAR *name, WORD flags, UINT n, VARIANT *args,
                    const WCHAR *wanted)
{
    VARIANT v;
    HRESULT hr = call(d, name, flags, n, args, &v);

    ok(hr == S_OK && V_VT(&v) == VT_BSTR && !lstrcmpW(V_BSTR(&v) ? V_BSTR(&v) : L"", wanted),
       "line %d: %ls: %lx, %ls\n", line, name, hr, V_VT(&v) == VT_BSTR ? V_BSTR(&v) : L"(none)");
    VariantClear(&v);
}

static IDispatch *installer(void)
{
    HRESULT(WINAPI * get)
    (REFCLSID, REFIID, void **) =
        (void *)GetProcAddress(GetModuleHandleA("msi.dll"), "DllGetClassObject");
    IClassFactory *f = NULL;
    IDispatch *d = NULL;

    ok(!get(&installer_class, &IID_IClassFactory, (void **)&f), "factory\n");
    ok(f && !IClassFactory_CreateInstance(f, NULL, &IID_IDispatch, (void **)&d), "object\n");
    if (f)
        IClassFactory_Release(f);
    return d;
}

static void done(IDispatch *d)
{
    if (d)
        IDispatch_Release(d);
}

/* --- names --------------------------------------------------------------------------------------
 */

static void members_have_their_numbers(void)
{
    static const struct {
        const WCHAR *name;
        DISPID id;
    } known[] = {{L"CreateRecord", 1},
                 {L"OpenPackage", 2},
                 {L"OpenProduct", 3},
                 {L"OpenDatabase", 4},
                 {L"SummaryInformation", 5},
                 {L"UILevel", 6},
                 {L"EnableLog", 7},
                 {L"InstallProduct", 8},
                 {L"Version", 9},
                 {L"LastErrorRecord", 10},
                 {L"RegistryValue", 11},
                 {L"Environment", 12},
                 {L"FileAttributes", 13},
                 {L"FileSize", 15},
                 {L"FileVersion", 16},
                 {L"ProductState", 17},
                 {L"ProductInfo", 18},
                 {L"ConfigureProduct", 19},
                 {L"ReinstallProduct", 20},
                 {L"CollectUserInfo", 21},
                 {L"ApplyPatch", 22},
                 {L"FeatureParent", 23},
                 {L"FeatureState", 24},
                 {L"UseFeature", 25},
                 {L"FeatureUsageCount", 26},
                 {L"FeatureUsageDate", 27},
                 {L"ConfigureFeature", 28},
                 {L"ReinstallFeature", 29},
                 {L"ProvideComponent", 30},
                 {L"ComponentPath", 31},
                 {L"ProvideQualifiedComponent", 32},
                 {L"QualifierDescription", 33},
                 {L"ComponentQualifiers", 34},
                 {L"Products", 35},
                 {L"Features", 36},
                 {L"Components", 37},
                 {L"ComponentClients", 38},
                 {L"Patches", 39},
                 {L"RelatedProducts", 40},
                 {L"PatchInfo", 41},
                 {L"PatchTransforms", 42},
                 {L"AddSource", 43},
                 {L"ClearSourceList", 44},
                 {L"ForceSourceListResolution", 45},
                 {L"ShortcutTarget", 46},
                 {L"FileHash", 47},
                 {L"FileSignatureInfo", 48},
                 {L"RemovePatches", 49},
                 {L"ApplyMultiplePatches", 51},
                 {L"ProductsEx", 52},
                 {L"PatchesEx", 55},
                 {L"ExtractPatchXMLData", 57}};
    IDispatch *d = installer();
    LPOLESTR names[] = {(WCHAR *)L"opendatabase", (WCHAR *)L"OPENMODE", (WCHAR *)L"DatabasePath"};
    DISPID ids[3];

    for (size_t i = 0; i < ARRAYSIZE(known); i++)
        differs("automation-interface-reference")
            ok(id_of(d, known[i].name) == known[i].id, "%ls: %ld\n", known[i].name,
               id_of(d, known[i].name));
    ok(id_of(d, L"Nonsense") == -1, "an unknown name\n");
    ok(!IDispatch_GetIDsOfNames(d, &IID_NULL, names, 3, 0, ids) && ids[0] == 4 && ids[1] == 1 &&
           ids[2] == 0,
       "%ld %ld %ld\n", ids[0], ids[1], ids[2]);
    done(d);
}

/* Each member of the type library is one of the object's, under its number; there are `least`. */
static void type_agrees(IDispatch *d, UINT least)
{
    ITypeInfo *info = NULL;
    TYPEATTR *attr;

    ok(!IDispatch_GetTypeInfo(d, 0, 0, &info), "type info\n");
    if (!info)
        return;
    ok(!ITypeInfo_GetTypeAttr(info, &attr), "attributes\n");
    ok(attr->cFuncs >= least, "%u members\n", attr->cFuncs);
    for (UINT i = 0; i < attr->cFuncs; i++) {
        FUNCDESC *f;
        BSTR name = NULL;

        if (ITypeInfo_GetFuncDesc(info, i, &f))
            continue;
        ITypeInfo_GetDocumentation(info, f->memid, &name, NULL, NULL, NULL);
        if (f->memid < 0x60000000)
            ok(id_of(d, name) == f->memid, "%ls: %ld\n", name, f->memid);
        SysFreeString(name);
        ITypeInfo_ReleaseFuncDesc(info, f);
    }
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ITypeInfo_Release(info);
}

static void the_type_library_agrees(void)
{
    IDispatch *d = installer(), *r = OBJECT(d, L"CreateRecord", METHOD, number(2));
    UINT n = 0;

    ok(!IDispatch_GetTypeInfoCount(d, &n) && n == 1, "count %u\n", n);
    type_agrees(d, 16);
    type_agrees(r, 5);
    done(r);
    done(d);
}

/* IProvideMultipleClassInfo, as far as it is asked */
struct class_info {
    const struct {
        void *unknown[2];
        ULONG(WINAPI *release)(struct class_info *);
        HRESULT(WINAPI *class_info)(struct class_info *, ITypeInfo **);
        HRESULT(WINAPI *guid)(struct class_info *, DWORD, GUID *);
        HRESULT(WINAPI *count)(struct class_info *, ULONG *);
        HRESULT(WINAPI *info_of_index)
        (struct class_info *, ULONG, DWORD, ITypeInfo **, DWORD *, ULONG *, GUID *, GUID *);
    } * vtable;
};

static void objects_provide_their_class(void)
{
    static const IID multiple = {
        0xa7aba9c1, 0x8983, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
    IDispatch *d = installer();
    struct class_info *c = NULL;
    ITypeInfo *info = NULL;
    GUID guid, first, second;
    ULONG n = 9;

    ok(!IDispatch_QueryInterface(d, &multiple, (void **)&c), "no class info\n");
    ok(!c->vtable->class_info(c, &info) && info, "type info\n");
    ITypeInfo_Release(info);
    ok(!c->vtable->guid(c, 1, &guid) && IsEqualGUID(&guid, &installer_class), "guid\n");
    ok(c->vtable->guid(c, 2, &guid) == E_INVALIDARG, "another kind\n");
    ok(!c->vtable->count(c, &n) && n == 1, "count %lu\n", n);
    ok(!c->vtable->info_of_index(c, 0, 12, NULL, NULL, NULL, &first, &second) &&
           IsEqualGUID(&first, &installer_class) && IsEqualGUID(&second, &installer_class),
       "interfaces\n");
    ok(c->vtable->info_of_index(c, 1, 0, NULL, NULL, NULL, NULL, NULL) == E_INVALIDARG, "none\n");
    c->vtable->release(c);
    done(d);
}

/* --- records ------------------------------------------------------------------------------------
 */

static void records(void)
{
    IDispatch *d = installer(), *r = OBJECT(d, L"CreateRecord", METHOD, number(2));

    ok(as_number(r, L"FieldCount", GET, 0, NULL) == 2, "count\n");
    ok(!call(r, L"StringData", PUT, ARGS(number(1), text(L"lamp")), NULL), "put a text\n");
    ok(!call(r, L"IntegerData", PUT, ARGS(number(2), number(7)), NULL), "put a number\n");
    is_text(__LINE__, r, L"StringData", GET, ARGS(number(1)), L"lamp");
    is_text(__LINE__, r, L"StringData", GET, ARGS(text(L"2")), L"7");
    ok(as_number(r, L"IntegerData", GET, ARGS(number(1))) == NULL_INTEGER, "a text as a number\n");
    if (!test_builtin_dlls) {
        VARIANT v;

        ok(as_number(r, L"DataSize", GET, ARGS(number(1))) == 4, "size\n");
        ok(!call(r, L"StringData", PUT, ARGS(number(0), text(L"[1]-[2]")), NULL), "template\n");
        is_text(__LINE__, r, L"FormatText", METHOD, 0, NULL, L"lamp-7");
        ok(!call(r, L"ClearData", METHOD, 0, NULL, NULL), "clear\n");
        ok(!call(r, L"IsNull", GET, ARGS(number(1)), &v) && V_VT(&v) == VT_BOOL && V_BOOL(&v),
           "cleared\n");
        write_file("stream.bin", "ab\xe9", 3);
        ok(!call(r, L"SetStream", METHOD, ARGS(number(1), text(L"stream.bin")), NULL), "stream\n");
        ok(!call(r, L"ReadStream", METHOD, ARGS(number(1), number(2), number(0)), &v) &&
               V_VT(&v) == VT_I4 && V_I4(&v) == 0x6261,
           "as a number\n");
        is_text(__LINE__, r, L"ReadStream", METHOD, ARGS(number(1), number(9), number(1)), L"\xe9");
        DeleteFileA("stream.bin");
    }
    done(r);
    done(d);
}

static void exceptions(void)
{
    IDispatch *d = installer(), *r = OBJECT(d, L"CreateRecord", METHOD, number(1));
    VARIANT v;

    ok(call(d, L"CreateRecord", METHOD, ARGS(number(-1)), &v) == DISP_E_EXCEPTION, "a record\n");
    ok(last.wCode == 1000 && last.bstrSource && !lstrcmpW(last.bstrSource, L"Msi API Error") &&
           last.bstrDescription && !lstrcmpW(last.bstrDescription, L"CreateRecord,Count"),
       "%u %ls %ls\n", last.wCode, last.bstrSource, last.bstrDescription);
    ok(call(d, L"OpenDatabase", METHOD, ARGS(text(L"nofile.msi"), number(0)), &v) ==
           DISP_E_EXCEPTION,
       "a database\n");
    ok(last.bstrDescription &&
           !lstrcmpW(last.bstrDescription, L"OpenDatabase,DatabasePath,OpenMode"),
       "%ls\n", last.bstrDescription);
    ok(call(d, L"CreateRecord", METHOD, ARGS(text(L"x")), &v) == DISP_E_TYPEMISMATCH && !last_bad,
       "a text, argument %u\n", last_bad);
    ok(call(r, L"StringData", PUT, ARGS(text(L"x"), text(L"y")), NULL) == DISP_E_TYPEMISMATCH &&
           last_bad == 1,
       "counted from the end: %u\n", last_bad);
    ok(call(r, L"IntegerData", PUT, ARGS(number(1), (VARIANT){.vt = VT_NULL}), NULL) ==
           DISP_E_TYPEMISMATCH,
       "Null\n");
    ok(!call(r, L"IntegerData", PUT, ARGS(number(1), (VARIANT){.vt = VT_EMPTY}), NULL) &&
           !as_number(r, L"IntegerData", GET, ARGS(number(1))),
       "Empty\n");
    ok(call(d, L"OpenPackage", METHOD, ARGS(number(1)), &v) == DISP_E_TYPEMISMATCH, "no path\n");
    ok(call(r, L"FieldCount", METHOD, 0, NULL, &v) == DISP_E_MEMBERNOTFOUND, "no method\n");
    ok(call(r, L"FieldCount", PUT, ARGS(number(1)), NULL) == DISP_E_MEMBERNOTFOUND, "read only\n");
    ok(call(r, L"StringData", GET, ARGS(number(1), number(2), number(3)), &v) ==
               DISP_E_BADPARAMCOUNT ||
           test_builtin_dlls,
       "too many\n");
    done(r);
    done(d);
}

/* --- databases ----------------------------------------------------------------------------------
 */

static void databases(void)
{
    IDispatch *d = installer(), *db, *view, *r, *again;
    VARIANT v;

    DeleteFileA("auto.msi");
    db = OBJECT(d, L"OpenDatabase", METHOD, text(L"auto.msi"), number(3));
    view = OBJECT(db, L"OpenView", METHOD,
                  text(L"CREATE TABLE `T` (`A` SHORT NOT NULL, `B` CHAR(72) PRIMARY KEY `A`)"));
    ok(!call(view, L"Execute", METHOD, 0, NULL, NULL), "create\n");
    done(view);
    view = OBJECT(db, L"OpenView", METHOD, text(L"INSERT INTO `T` (`A`, `B`) VALUES (?, ?)"));
    r = OBJECT(d, L"CreateRecord", METHOD, number(2));
    call(r, L"IntegerData", PUT, ARGS(number(1), number(5)), NULL);
    call(r, L"StringData", PUT, ARGS(number(2), text(L"five")), NULL);
    ok(!call(view, L"Execute", METHOD, ARGS(object(r)), NULL), "insert\n");
    ok(call(view, L"Execute", METHOD, ARGS(object(d)), NULL) == DISP_E_TYPEMISMATCH ||
           test_builtin_dlls,
       "another object\n");
    ok(!call(view, L"Close", METHOD, 0, NULL, NULL), "close\n");
    done(view);
    view = OBJECT(db, L"OpenView", METHOD, text(L"SELECT `B` FROM `T`"));
    ok(!call(view, L"Execute", METHOD, ARGS(object(NULL)), NULL), "Nothing\n");
    again = as_object(view, L"Fetch", METHOD, 0, NULL);
    done(again);
    ok(call(db, L"OpenView", METHOD, ARGS(text(L"SELECT nonsense")), &v) == DISP_E_EXCEPTION &&
           !lstrcmpW(last.bstrDescription, L"OpenView,Sql"),
       "bad SQL\n");
    done(view);
    done(r);
    done(db);
    done(d);
    DeleteFileA("auto.msi");
}

static void rows_and_what_is_behind_them(void)
{
    IDispatch *d = installer(), *db, *view, *r;
    MSIHANDLE h = create_with_table("rows.msi");
    VARIANT v;

    ok(!MsiDatabaseCommit(h), "commit\n");
    MsiCloseHandle(h);
    db = OBJECT(d, L"OpenDatabase", METHOD, text(L"rows.msi"), number(0));
    view = OBJECT(db, L"OpenView", METHOD, text(L"SELECT `B` FROM `T` WHERE `A` = 2"));
    ok(!call(view, L"Execute", METHOD, 0, NULL, NULL), "execute\n");
    r = as_object(view, L"Fetch", METHOD, 0, NULL);
    is_text(__LINE__, r, L"StringData", GET, ARGS(number(1)), L"two");
    done(r);
    ok(!call(view, L"Fetch", METHOD, 0, NULL, &v) && V_VT(&v) == VT_DISPATCH && !V_DISPATCH(&v),
       "Nothing at the end\n");
    done(view);
    if (!test_builtin_dlls) {
        ok(!as_number(db, L"DatabaseState", GET, 0, NULL), "read only\n");
        r = as_object(db, L"PrimaryKeys", GET, ARGS(text(L"T")));
        is_text(__LINE__, r, L"StringData", GET, ARGS(number(1)), L"A");
        done(r);
        ok(as_number(db, L"TablePersistent", GET, ARGS(text(L"T"))) == 1, "persistent\n");
        view = OBJECT(db, L"OpenView", METHOD, text(L"SELECT * FROM `T`"));
        r = OBJECT(view, L"ColumnInfo", GET, number(0));
        is_text(__LINE__, r, L"StringData", GET, ARGS(number(2)), L"B");
        done(r);
        is_text(__LINE__, view, L"GetError", METHOD, 0, NULL, L"00");
        done(view);
    }
    done(db);
    done(d);
    DeleteFileA("rows.msi");
}

static void summary_information(void)
{
    IDispatch *d = installer(), *db, *sum;
    VARIANT v, date = {.vt = VT_DATE, .date = 40000.5};

    DeleteFileA("sum.msi");
    db = OBJECT(d, L"OpenDatabase", METHOD, text(L"sum.msi"), number(3));
    sum = OBJECT(db, L"SummaryInformation", GET, number(5));
    ok(!call(sum, L"Property", PUT, ARGS(number(2), text(L"Title")), NULL), "a text\n");
    ok(!call(sum, L"Property", PUT, ARGS(number(15), number(2)), NULL), "a number\n");
    ok(!call(sum, L"Property", PUT, ARGS(number(12), date), NULL), "a date\n");
    is_text(__LINE__, sum, L"Property", GET, ARGS(number(2)), L"Title");
    ok(as_number(sum, L"Property", GET, ARGS(number(15))) == 2, "the number\n");
    ok(!call(sum, L"Property", GET, ARGS(number(12)), &v) && V_VT(&v) == VT_DATE &&
           V_DATE(&v) == 40000.5,
       "the date: type %d, %f\n", V_VT(&v), V_VT(&v) == VT_DATE ? V_DATE(&v) : 0);
    ok(!call(sum, L"Property", GET, ARGS(number(3)), &v) && V_VT(&v) == VT_EMPTY, "none\n");
    if (!test_builtin_dlls)
        ok(!call(sum, L"Persist", METHOD, 0, NULL, NULL), "persist\n");
    done(sum);
    done(db);
    done(d);
    DeleteFileA("sum.msi");
}

/* --- the rest of the installer ------------------------------------------------------------------
 */

static void lists(void)
{
    IDispatch *d = installer(), *list;
    IEnumVARIANT *e = NULL;
    VARIANT v;
    ULONG got = 9;
    HKEY key;

    RegCreateKeyExA(HKEY_LOCAL_MACHINE,
                    "Software\\Classes\\Installer\\Products\\02D1C8A56666222233334444555566C1", 0,
                    NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL, &key, NULL);
    RegCloseKey(key);
    list = as_object(d, L"Products", GET, 0, NULL);
    ok(as_number(list, L"Count", GET, 0, NULL) >= 1, "count\n");
    ok(!call(list, L"Item", GET, ARGS(number(0)), &v) && V_VT(&v) == VT_BSTR, "the first\n");
    VariantClear(&v);
    ok(call(list, L"Item", GET, ARGS(number(100000)), &v) == DISP_E_BADINDEX, "behind the last\n");
    ok(!call(list, L"_NewEnum", METHOD, 0, NULL, &v) && V_VT(&v) == VT_UNKNOWN, "for each\n");
    ok(!IUnknown_QueryInterface(V_UNKNOWN(&v), &IID_IEnumVARIANT, (void **)&e), "enumerator\n");
    VariantClear(&v);
    ok(!IEnumVARIANT_Next(e, 1, &v, &got) && got == 1 && V_VT(&v) == VT_BSTR, "the first of it\n");
    VariantClear(&v);
    IEnumVARIANT_Release(e);
    done(list);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE,
                    "Software\\Classes\\Installer\\Products\\02D1C8A56666222233334444555566C1",
                    KEY_WOW64_64KEY, 0);
    done(d);
}

static void the_registry(void)
{
    IDispatch *d = installer();
    VARIANT v;
    HKEY key;

    RegCreateKeyExA(HKEY_CURRENT_USER, "Software\\DecanterAuto", 0, NULL, 0, KEY_WRITE, NULL, &key,
                    NULL);
    RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"tea", 4);
    RegSetValueExA(key, "number", 0, REG_DWORD, (const BYTE *)"\7\0\0\0", 4);
    RegSetValueExA(key, "list", 0, REG_MULTI_SZ, (const BYTE *)"a\0b\0", 5);
    RegSetValueExA(key, "bytes", 0, REG_BINARY, (const BYTE *)"x", 1);
    RegCloseKey(key);
    differs("Installer.RegistryValue") ok(
        !call(d, L"RegistryValue", METHOD, ARGS(number(1), text(L"Software\\DecanterAuto")), &v) &&
            V_VT(&v) == VT_BOOL && V_BOOL(&v),
        "it is there\n");
    differs("Installer.RegistryValue") ok(
        !call(d, L"RegistryValue", METHOD, ARGS(number(1), text(L"Software\\DecanterNone")), &v) &&
            V_VT(&v) == VT_BOOL && !V_BOOL(&v),
        "it is not\n");
#define VALUE(what) ARGS(number(1), text(L"Software\\DecanterAuto"), what)
    ok(!call(d, L"RegistryValue", METHOD, VALUE((VARIANT){.vt = VT_EMPTY}), &v) &&
           V_VT(&v) == VT_BOOL && V_BOOL(&v),
       "a blank\n");
    ok(!call(d, L"RegistryValue", METHOD, VALUE(number(50)), &v) && V_VT(&v) == VT_EMPTY,
       "behind the last\n");
    ok(!call(d, L"RegistryValue", METHOD,
             ARGS(number(5), text(L"Software"), (VARIANT){.vt = VT_EMPTY}), &v) &&
           V_VT(&v) == VT_BOOL && V_BOOL(&v),
       "the current configuration\n");
    is_text(__LINE__, d, L"RegistryValue", METHOD, VALUE(text(L"text")), L"tea");
    differs("Installer.RegistryValue")
        is_text(__LINE__, d, L"RegistryValue", METHOD, VALUE(text(L"list")), L"a\nb");
    is_text(__LINE__, d, L"RegistryValue", METHOD, VALUE(text(L"bytes")), L"(REG_BINARY)");
    ok(as_number(d, L"RegistryValue", METHOD, VALUE(text(L"number"))) == 7, "the number\n");
    ok(call(d, L"RegistryValue", METHOD, VALUE(text(L"none")), &v) == DISP_E_BADINDEX,
       "no such value\n");
    RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\DecanterAuto");
    done(d);
}

static void files_and_the_environment(void)
{
    IDispatch *d = installer(), *r;

    write_file("auto.txt", "12345", 5);
    ok(as_number(d, L"FileSize", METHOD, ARGS(text(L"auto.txt"))) == 5, "size\n");
    ok(as_number(d, L"FileAttributes", METHOD, ARGS(text(L"nofile.txt"))) == -1, "no file\n");
    is_text(__LINE__, d, L"FileVersion", METHOD, ARGS(text(L"auto.txt")), L"");
    r = OBJECT(d, L"FileHash", METHOD, text(L"auto.txt"), number(0));
    ok(as_number(r, L"FieldCount", GET, 0, NULL) == 4, "a hash\n");
    done(r);
    ok(!call(d, L"Environment", PUT, ARGS(text(L"DECANTER_AUTO"), text(L"yes")), NULL), "set\n");
    is_text(__LINE__, d, L"Environment", GET, ARGS(text(L"DECANTER_AUTO")), L"yes");
    done(d);
    DeleteFileA("auto.txt");
}

static void sessions(void)
{
    IDispatch *d = installer(), *db, *s, *again;
    MSIHANDLE h = create("pack.msi"), sum = 0;

    must_run(h, "CREATE TABLE `Property` (`Property` CHAR(72) NOT NULL, `Value` CHAR(0) NOT NULL "
                "PRIMARY KEY `Property`)");
    must_run(h, "INSERT INTO `Property` (`Property`, `Value`) VALUES ('ProductCode', "
                "'{5A8C1D20-6666-2222-3333-4444555566D1}')");
    MsiGetSummaryInformationA(h, NULL, 5, &sum);
    MsiSummaryInfoSetPropertyA(sum, 7, VT_LPSTR, 0, NULL, "x64;1033");
    MsiSummaryInfoSetPropertyA(sum, 9, VT_LPSTR, 0, NULL, "{5A8C1D20-6666-2222-3333-4444555566D2}");
    MsiSummaryInfoSetPropertyA(sum, 14, VT_I4, 200, NULL, NULL);
    MsiSummaryInfoPersist(sum);
    MsiCloseHandle(sum);
    ok(!MsiDatabaseCommit(h), "commit\n");
    MsiCloseHandle(h);
#ifdef _WIN64
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    db = OBJECT(d, L"OpenDatabase", METHOD, text(L"pack.msi"), number(0));
    s = OBJECT(d, L"OpenPackage", METHOD, object(db), number(1));
    ok(!call(s, L"Property", PUT, ARGS(text(L"TEA"), text(L"green")), NULL), "set\n");
    is_text(__LINE__, s, L"Property", GET, ARGS(text(L"TEA")), L"green");
    is_text(__LINE__, s, L"Property", GET, ARGS(text(L"NONE")), L"");
    ok(as_number(s, L"EvaluateCondition", METHOD, ARGS(text(L"TEA = \"green\""))) == 1, "true\n");
    type_agrees(s, 27);
    ok(as_number(s, L"DoAction", METHOD, ARGS(text(L"CostInitialize"))) == 1, "an action\n");
    again = as_object(s, L"Installer", GET, 0, NULL);
    ok(again == d, "its installer\n");
    done(again);
    done(s);
    done(db);
#else
    UNREFERENCED_PARAMETER(db);
    UNREFERENCED_PARAMETER(s);
    UNREFERENCED_PARAMETER(again);
    skip("the package is for 64 bits\n");
#endif
    done(d);
    DeleteFileA("pack.msi");
}

static void products_of_the_registry(void)
{
    static const char key_name[] =
        "Software\\Classes\\Installer\\Products\\02D1C8A56666222233334444555566E1";
    static const WCHAR code[] = L"{5A8C1D20-6666-2222-3333-44445555661E}";
    IDispatch *d = installer(), *p;
    HKEY key;

    RegCreateKeyExA(HKEY_LOCAL_MACHINE, key_name, 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL,
                    &key, NULL);
    RegSetValueExA(key, "ProductName", 0, REG_SZ, (const BYTE *)"Lamp", 5);
    RegCloseKey(key);
    ok(as_number(d, L"ProductState", GET, ARGS(text(code))) == INSTALLSTATE_ADVERTISED, "state\n");
    is_text(__LINE__, d, L"ProductInfo", GET, ARGS(text(code), text(L"ProductName")), L"Lamp");
    p = OBJECT(d, L"Product", GET, text(code), text(L""), number(MSIINSTALLCONTEXT_MACHINE));
    is_text(__LINE__, p, L"InstallProperty", GET, ARGS(text(L"ProductName")), L"Lamp");
    ok(as_number(p, L"State", GET, 0, NULL) == INSTALLSTATE_ADVERTISED, "its state\n");
    ok(as_number(p, L"Context", GET, 0, NULL) == MSIINSTALLCONTEXT_MACHINE, "its context\n");
    is_text(__LINE__, p, L"ProductCode", GET, 0, NULL, code);
    done(p);
    p = as_object(d, L"ProductsEx", GET, 0, NULL);
    ok(as_number(p, L"Count", GET, 0, NULL) >= 1, "all of them\n");
    done(p);
    RegDeleteKeyExA(HKEY_LOCAL_MACHINE, key_name, KEY_WOW64_64KEY, 0);
    done(d);
}

static void the_class(void)
{
    HMODULE dll = GetModuleHandleA("msi.dll");
    HRESULT(WINAPI * get)
    (REFCLSID, REFIID, void **) = (void *)GetProcAddress(dll, "DllGetClassObject");
    HRESULT(WINAPI * unload)(void) = (void *)GetProcAddress(dll, "DllCanUnloadNow");
    static const CLSID other = {0x12345678, 0, 0, {0}};
    IClassFactory *f = NULL;
    IDispatch *d;
    void *out = &f;

    ok(get(&other, &IID_IClassFactory, &out) == CLASS_E_CLASSNOTAVAILABLE && !out, "another\n");
    ok(get(&installer_class, &IID_IDispatch, &out) == E_NOINTERFACE && !out, "no factory\n");
    ok(!get(&installer_class, &IID_IClassFactory, (void **)&f), "factory\n");
    ok(IClassFactory_CreateInstance(f, (IUnknown *)f, &IID_IUnknown, &out) == CLASS_E_NOAGGREGATION,
       "aggregation\n");
    IClassFactory_Release(f);
    d = installer();
    ok(unload() == S_FALSE, "while there is an object\n");
    done(d);
    ok(unload() == S_OK, "afterwards: %lx\n", unload());
}

START_TEST(automation)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(members_have_their_numbers);
    RUN(the_type_library_agrees);
    RUN(objects_provide_their_class);
    RUN(records);
    RUN(exceptions);
    RUN(rows_and_what_is_behind_them);
    RUN(lists);
    RUN(the_registry);
    if (test_builtin_dlls) {
        win_skip("it makes no databases and has few members\n");
        return;
    }
    RUN(databases);
    RUN(summary_information);
    RUN(files_and_the_environment);
    RUN(sessions);
    RUN(products_of_the_registry);
    RUN(the_class);
}
