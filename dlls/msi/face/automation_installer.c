/*
 * The Installer object: what it opens, and what it tells of files, the registry and the
 * environment. Its members about products are in automation_products.c and automation_features.c.
 */
#include "automation.h"

#include "os.h"
#include "reg.h"
#include "utf16.h"

#include <shlwapi.h>

HRESULT WINAPI DllGetVersion(DLLVERSIONINFO *info);

/* --- opening ------------------------------------------------------------------------------------
 */

static HRESULT create_record(struct auto_call *c)
{
    MSIHANDLE h;
    int count;
    HRESULT hr = auto_int(c, 0, 0, &count);

    if (FAILED(hr))
        return hr;
    h = count >= 0 ? MsiCreateRecord((UINT)count) : 0;
    return h ? auto_put_object(c, auto_new_record(h)) : E_FAIL;
}

/* A path, or a Database object. */
static HRESULT open_package(struct auto_call *c)
{
    struct auto_object *db = NULL;
    WCHAR number[16];
    const WCHAR *path;
    MSIHANDLE h;
    int options;
    HRESULT hr;
    UINT err;

    switch (V_VT(auto_value(c, 0)) & ~VT_BYREF) {
    case VT_DISPATCH:
        hr = auto_arg_object(c, 0, &auto_database, &db);
        if (SUCCEEDED(hr) && !db)
            hr = auto_mismatch(c, 0);
        break;
    case VT_BSTR:
        hr = auto_text(c, 0, &path);
        break;
    default:
        hr = auto_mismatch(c, 0);
    }
    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &options)))
        return hr;
    if (db) {
        swprintf(number, ARRAY_LEN(number), L"#%lu", (unsigned long)db->handle);
        path = number;
    }
    err = MsiOpenPackageExW(path, (DWORD)options, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_session(h, c->self));
}

static HRESULT open_product(struct auto_call *c)
{
    const WCHAR *code;
    MSIHANDLE h;
    HRESULT hr = auto_text(c, 0, &code);
    UINT err;

    if (FAILED(hr))
        return hr;
    err = MsiOpenProductW(code, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_session(h, c->self));
}

/* The mode is a number, or the path of the file that changes go to. */
static HRESULT open_database(struct auto_call *c)
{
    const WCHAR *path, *mode;
    const VARIANT *v = auto_value(c, 1);
    MSIHANDLE h;
    int number = 0;
    HRESULT hr = auto_text(c, 0, &path);
    UINT err;

    if (FAILED(hr))
        return hr;
    if ((V_VT(v) & ~VT_BYREF) == VT_BSTR) {
        hr = auto_text(c, 1, &mode);
    } else {
        hr = auto_int(c, 1, 0, &number);
        mode = (const WCHAR *)(ULONG_PTR)(UINT)number;
    }
    if (FAILED(hr))
        return hr;
    if (number < 0 || number > 4 + 32)
        return E_INVALIDARG;
    err = MsiOpenDatabaseW(path, mode, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_database(h));
}

static HRESULT summary_information(struct auto_call *c)
{
    const WCHAR *path;
    MSIHANDLE h;
    int updates;
    HRESULT hr = auto_text(c, 0, &path);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &updates)))
        return hr;
    err = MsiGetSummaryInformationW(0, path, (UINT)updates, &h);
    return err ? auto_failed(err) : auto_put_object(c, auto_new_suminfo(h));
}

/* --- the engine ---------------------------------------------------------------------------------
 */

static HRESULT ui_level(struct auto_call *c)
{
    int level;
    HRESULT hr;

    if (!c->value)
        return auto_put_int(c, MsiSetInternalUI(INSTALLUILEVEL_NOCHANGE, NULL));
    hr = auto_int(c, AUTO_ARGS, 0, &level);
    if (FAILED(hr))
        return hr;
    return MsiSetInternalUI((INSTALLUILEVEL)level, NULL) == INSTALLUILEVEL_NOCHANGE ? E_INVALIDARG
                                                                                    : S_OK;
}

/* The letters of the command line's /L. False: one of them is none. */
static bool log_modes(const WCHAR *s, DWORD *modes, DWORD *attributes)
{
    static const struct {
        WCHAR letter;
        DWORD mode;
    } letters[] = {{'m', INSTALLLOGMODE_FATALEXIT},    {'e', INSTALLLOGMODE_ERROR},
                   {'w', INSTALLLOGMODE_WARNING},      {'u', INSTALLLOGMODE_USER},
                   {'i', INSTALLLOGMODE_INFO},         {'o', INSTALLLOGMODE_OUTOFDISKSPACE},
                   {'a', INSTALLLOGMODE_ACTIONSTART},  {'r', INSTALLLOGMODE_ACTIONDATA},
                   {'p', INSTALLLOGMODE_PROPERTYDUMP}, {'c', INSTALLLOGMODE_COMMONDATA},
                   {'v', INSTALLLOGMODE_VERBOSE},      {'x', INSTALLLOGMODE_EXTRADEBUG}};

    *modes = *attributes = 0;
    for (; *s; s++) {
        size_t i = 0;
        WCHAR letter = *s >= 'A' && *s <= 'Z' ? (WCHAR)(*s + 32) : *s;

        while (i < ARRAY_LEN(letters) && letters[i].letter != letter)
            i++;
        if (i < ARRAY_LEN(letters))
            *modes |= letters[i].mode;
        else if (letter == '+')
            *attributes |= INSTALLLOGATTRIBUTES_APPEND;
        else if (letter == '!')
            *attributes |= INSTALLLOGATTRIBUTES_FLUSHEACHLINE;
        else if (letter == '*')
            for (i = 0; i + 2 < ARRAY_LEN(letters); i++)
                *modes |= letters[i].mode;
        else if (letter != ' ' && letter != ',')
            return false;
    }
    return true;
}

static HRESULT enable_log(struct auto_call *c)
{
    const WCHAR *mode, *file;
    DWORD modes, attributes;
    HRESULT hr = auto_text(c, 0, &mode);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &file)))
        return hr;
    if (!log_modes(mode ? mode : L"", &modes, &attributes))
        return E_INVALIDARG;
    return auto_failed(MsiEnableLogW(modes, file, attributes));
}

static HRESULT version(struct auto_call *c)
{
    DLLVERSIONINFO info = {.cbSize = sizeof(info)};
    WCHAR text[64];

    if (FAILED(DllGetVersion(&info)))
        return E_FAIL;
    swprintf(text, ARRAY_LEN(text), L"%lu.%lu.%lu.0", (unsigned long)info.dwMajorVersion,
             (unsigned long)info.dwMinorVersion, (unsigned long)info.dwBuildNumber);
    return auto_put_text(c, text);
}

static HRESULT last_error_record(struct auto_call *c)
{
    MSIHANDLE h = MsiGetLastErrorRecord();

    return h ? auto_put_object(c, auto_new_record(h)) : auto_put_nothing(c);
}

/* --- the environment and files ------------------------------------------------------------------
 */

static UINT ask_variable(const void *ctx, WCHAR *buf, DWORD *size)
{
    DWORD n = GetEnvironmentVariableW(ctx, buf, *size);

    if (n && n >= *size) {
        *size = n - 1;
        return ERROR_MORE_DATA;
    }
    if (!n)
        buf[0] = 0;
    return ERROR_SUCCESS;
}

static HRESULT environment(struct auto_call *c)
{
    const WCHAR *name, *value;
    HRESULT hr = auto_text(c, 0, &name);

    if (FAILED(hr))
        return hr;
    if (!name || !name[0])
        return E_INVALIDARG;
    if (!c->value)
        return auto_ask_text(c, ask_variable, name);
    hr = auto_text(c, AUTO_ARGS, &value);
    if (FAILED(hr))
        return hr;
    return SetEnvironmentVariableW(name, value) ? S_OK : E_FAIL;
}

/* -1 where there is no such file. */
static HRESULT file_attributes(struct auto_call *c)
{
    const WCHAR *path;
    HRESULT hr = auto_text(c, 0, &path);

    return FAILED(hr) ? hr : auto_put_int(c, path ? (int)GetFileAttributesW(path) : -1);
}

static HRESULT file_size(struct auto_call *c)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    const WCHAR *path;
    HRESULT hr = auto_text(c, 0, &path);
    u64 size;

    if (FAILED(hr))
        return hr;
    if (!path || !GetFileAttributesExW(path, GetFileExInfoStandard, &data) ||
        (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        return E_FAIL;
    size = (u64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    if (size <= INT_MAX)
        return auto_put_int(c, (int)size);
    V_VT(c->result) = VT_R8;
    V_R8(c->result) = (double)size;
    return S_OK;
}

/* A file that has none gives an empty text. */
static HRESULT file_version(struct auto_call *c)
{
    WCHAR number[64] = L"", languages[256] = L"";
    DWORD a = ARRAY_LEN(number), b = ARRAY_LEN(languages);
    const WCHAR *path;
    bool language;
    HRESULT hr = auto_text(c, 0, &path);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_bool(c, 1, false, &language)))
        return hr;
    err = MsiGetFileVersionW(path, number, &a, languages, &b);
    if (err && err != ERROR_FILE_INVALID && err != ERROR_MORE_DATA)
        return auto_failed(err);
    return auto_put_text(c, language ? languages : number);
}

static HRESULT file_hash(struct auto_call *c)
{
    MSIFILEHASHINFO hash = {.dwFileHashInfoSize = sizeof(hash)};
    const WCHAR *path;
    MSIHANDLE h;
    int options;
    HRESULT hr = auto_text(c, 0, &path);
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &options)))
        return hr;
    err = MsiGetFileHashW(path, (DWORD)options, &hash);
    if (err)
        return auto_failed(err);
    if (!(h = MsiCreateRecord(4)))
        return E_OUTOFMEMORY;
    for (UINT i = 0; i < 4; i++)
        MsiRecordSetInteger(h, i + 1, (int)hash.dwData[i]);
    return auto_put_object(c, auto_new_record(h));
}

static HRESULT put_bytes(struct auto_call *c, const void *bytes, DWORD size)
{
    SAFEARRAY *a = SafeArrayCreateVector(VT_UI1, 0, size);
    void *data;

    if (!a || FAILED(SafeArrayAccessData(a, &data)))
        return E_OUTOFMEMORY;
    memcpy(data, bytes, size);
    SafeArrayUnaccessData(a);
    V_VT(c->result) = VT_ARRAY | VT_UI1;
    V_ARRAY(c->result) = a;
    return S_OK;
}

/* Format 0: the encoded certificate; 1: the hash. */
static HRESULT file_signature(struct auto_call *c)
{
    PCCERT_CONTEXT cert = NULL;
    BYTE hash[128];
    DWORD size = sizeof(hash);
    const WCHAR *path;
    int options, format;
    HRESULT hr = auto_text(c, 0, &path);

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &options)) ||
        FAILED(hr = auto_int(c, 2, 0, &format)))
        return hr;
    if (format != 0 && format != 1)
        return E_INVALIDARG;
    hr = MsiGetFileSignatureInformationW(path, (DWORD)options, &cert, hash, &size);
    if (SUCCEEDED(hr))
        hr = format ? put_bytes(c, hash, size)
                    : put_bytes(c, cert->pbCertEncoded, cert->cbCertEncoded);
    if (cert) {
        HMODULE crypt = LoadLibraryW(L"crypt32.dll");
        BOOL(WINAPI * done)
        (PCCERT_CONTEXT) =
            crypt ? (void *)GetProcAddress(crypt, "CertFreeCertificateContext") : NULL;

        if (done)
            done(cert);
    }
    return hr;
}

/* --- the registry -------------------------------------------------------------------------------
 */

static u32 open_current_config(const WCHAR *path, struct reg_key **key)
{
    static const WCHAR current[] = L"System\\CurrentControlSet\\Hardware Profiles\\Current\\";
    size_t n = wcslen(path);
    WCHAR *whole = os_alloc_array(ARRAY_LEN(current) + (u64)n, sizeof(*whole));
    u32 err;

    if (!whole)
        return ERROR_OUTOFMEMORY;
    memcpy(whole, current, sizeof(current));
    memcpy(whole + ARRAY_LEN(current) - 1, path, (n + 1) * sizeof(*whole));
    if (!n)
        whole[ARRAY_LEN(current) - 2] = 0;
    err = reg_open(REG_MACHINE, (const char16_t *)whole, key);
    os_free(whole);
    return err;
}

/* A root is its number, or its handle, whose low bits are that. Of those that are neither there is
 * no key, nor of the performance data. */
static u32 open_key(int root, const WCHAR *path, struct reg_key **key)
{
    static const enum reg_root roots[] = {REG_CLASSES, REG_USER, REG_MACHINE, REG_USERS};
    enum { HANDLES = INT_MIN, CURRENT_CONFIG = 5 };

    if (root <= HANDLES + CURRENT_CONFIG)
        root -= HANDLES;
    if (root == CURRENT_CONFIG)
        return open_current_config(path, key);
    if (root < 0 || (size_t)root >= ARRAY_LEN(roots))
        return ERROR_FILE_NOT_FOUND;
#ifdef _WIN64
    return reg_open(roots[root], (const char16_t *)path, key);
#else
    return reg_open_32(roots[root], (const char16_t *)path, key);
#endif
}

/* The texts of a list, a line each. */
static void lines_of_list(struct reg_data *d)
{
    WCHAR *s = (WCHAR *)(void *)d->bytes;
    size_t n = d->size / sizeof(*s);

    while (n && !s[n - 1])
        n--;
    for (size_t i = 0; i < n; i++)
        if (!s[i])
            s[i] = '\n';
}

static HRESULT put_expanded(struct auto_call *c, const WCHAR *s)
{
    DWORD n = ExpandEnvironmentStringsW(s, NULL, 0);
    WCHAR *text = os_calloc((u64)n + 1, sizeof(*text));
    HRESULT hr;

    if (!text)
        return E_OUTOFMEMORY;
    ExpandEnvironmentStringsW(s, text, n);
    hr = auto_put_text(c, text);
    os_free(text);
    return hr;
}

static HRESULT put_data(struct auto_call *c, struct reg_data *d)
{
    switch (d->type) {
    case REG_TYPE_SZ:
        return auto_put_text(c, (const WCHAR *)(const void *)d->bytes);
    case REG_TYPE_EXPAND:
        return put_expanded(c, (const WCHAR *)(const void *)d->bytes);
    case REG_TYPE_MULTI:
        lines_of_list(d);
        return auto_put_text(c, (const WCHAR *)(const void *)d->bytes);
    case REG_TYPE_DWORD:
        return auto_put_int(c, d->size >= 4 ? *(const int *)(const void *)d->bytes : 0);
    case REG_TYPE_BINARY:
        return auto_put_text(c, L"(REG_BINARY)");
    case REG_QWORD:
        return auto_put_text(c, L"(REG_?\?)");
    default:
        return S_OK;
    }
}

static HRESULT named_value(struct auto_call *c, struct reg_key *key, const WCHAR *name)
{
    struct reg_data d;
    u32 err = reg_get(key, (const char16_t *)name, &d);
    HRESULT hr;

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? DISP_E_BADINDEX : auto_failed(err);
    hr = put_data(c, &d);
    os_free(d.bytes);
    return hr;
}

/* A key's class, which the seam does not know: advapi32 is asked. */
static HRESULT class_of(struct auto_call *c, struct reg_key *key)
{
    HMODULE advapi = LoadLibraryW(L"advapi32.dll");
    LSTATUS(WINAPI * info)
    (HKEY, WCHAR *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *,
     FILETIME *) = advapi ? (void *)GetProcAddress(advapi, "RegQueryInfoKeyW") : NULL;
    WCHAR text[256] = L"";
    DWORD size = ARRAY_LEN(text);

    if (!info || info((HKEY)key, text, &size, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
        return E_FAIL;
    return auto_put_text(c, text);
}

/* 0: the class; above: the name of a value; below: that of a key. Both are counted from 1; behind
 * the last is nothing. */
static HRESULT nth_of_key(struct auto_call *c, struct reg_key *key, int n)
{
    char16_t name[REG_NAME_MAX];
    u32 err;

    if (!n)
        return class_of(c, key);
    err = n > 0 ? reg_value_at(key, (u32)n - 1, name) : reg_key_at(key, (u32) - (i64)n - 1, name);
    if (err == ERROR_NO_MORE_ITEMS)
        return S_OK;
    return err ? auto_failed(err) : auto_put_text(c, (const WCHAR *)name);
}

static HRESULT look_up(struct auto_call *c, struct reg_key *key)
{
    const WCHAR *name;
    HRESULT hr;
    int n;

    if ((V_VT(auto_value(c, 2)) & ~VT_BYREF) == VT_BSTR) {
        hr = auto_text(c, 2, &name);
        return FAILED(hr) ? hr : named_value(c, key, name);
    }
    if (V_VT(auto_value(c, 2)) == VT_NULL)
        return auto_mismatch(c, 2);
    hr = auto_int(c, 2, 0, &n);
    return FAILED(hr) ? hr : nth_of_key(c, key, n);
}

static HRESULT registry_value(struct auto_call *c)
{
    struct reg_key *key;
    const WCHAR *path;
    int root;
    HRESULT hr = auto_int(c, 0, 0, &root);
    u32 err;

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &path)))
        return hr;
    err = open_key(root, path ? path : L"", &key);
    if (err == ERROR_OUTOFMEMORY)
        return auto_failed(err);
    if (!c->args[2] || V_VT(auto_value(c, 2)) == VT_EMPTY) {
        if (!err)
            reg_close(key);
        return auto_put_bool(c, !err);
    }
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? DISP_E_BADINDEX : auto_failed(err);
    hr = look_up(c, key);
    reg_close(key);
    return hr;
}

/* --- the object ---------------------------------------------------------------------------------
 */

static const struct auto_member own[] = {
    {1, AUTO_METHOD, 1, L"CreateRecord,Count", create_record},
    {2, AUTO_METHOD, 1, L"OpenPackage,PackagePath,Options", open_package},
    {3, AUTO_METHOD, 1, L"OpenProduct,ProductCode", open_product},
    {4, AUTO_METHOD, 2, L"OpenDatabase,DatabasePath,OpenMode", open_database},
    {5, AUTO_GET | AUTO_METHOD, 1, L"SummaryInformation,PackagePath,UpdateCount",
     summary_information},
    {6, AUTO_GET | AUTO_PUT, 0, L"UILevel", ui_level},
    {7, AUTO_METHOD, 2, L"EnableLog,LogMode,LogFile", enable_log},
    {9, AUTO_GET | AUTO_METHOD, 0, L"Version", version},
    {10, AUTO_METHOD, 0, L"LastErrorRecord", last_error_record},
    {11, AUTO_METHOD | AUTO_GET, 2, L"RegistryValue,Root,Key,Value", registry_value},
    {12, AUTO_GET | AUTO_PUT, 1, L"Environment,Variable", environment},
    {13, AUTO_METHOD | AUTO_GET, 1, L"FileAttributes,FilePath", file_attributes},
    {15, AUTO_METHOD | AUTO_GET, 1, L"FileSize,FilePath", file_size},
    {16, AUTO_METHOD | AUTO_GET, 1, L"FileVersion,FilePath,Language", file_version},
    {47, AUTO_METHOD | AUTO_GET, 2, L"FileHash,FilePath,Options", file_hash},
    {48, AUTO_METHOD | AUTO_GET, 3, L"FileSignatureInfo,FilePath,Options,Format", file_signature}};

enum { MEMBERS_MAX = 100 };
static struct auto_member members[MEMBERS_MAX];
static struct auto_class class = {AUTO_CLASS_IID(0x90), L"Installer", members, 0, NULL};
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static void add_members(const struct auto_member *m, size_t n)
{
    for (size_t i = 0; i < n && class.count < MEMBERS_MAX; i++)
        members[class.count++] = m[i];
}

static BOOL CALLBACK gather(INIT_ONCE *o, void *arg, void **out)
{
    UNUSED(o);
    UNUSED(arg);
    UNUSED(out);
    add_members(own, ARRAY_LEN(own));
    add_members(auto_product_members, auto_product_member_count);
    add_members(auto_feature_members, auto_feature_member_count);
    return TRUE;
}

struct auto_object *auto_new_installer(void)
{
    InitOnceExecuteOnce(&once, gather, NULL, NULL);
    return auto_new(&class, sizeof(struct auto_object), 0);
}
