/*
 * MsiGetFileHash and MsiGetFileVersion; DllGetVersion.
 */
#include <windows.h>
#include <msi.h>
#include <shlwapi.h>

#include "md5.h"
#include "os.h"
#include "strio.h"
#include "utf16.h"

/* --- hash ---------------------------------------------------------------------------------------
 */

static u32 hash_file(const char16_t *path, MSIFILEHASHINFO *info)
{
    u8 buf[16384];
    struct os_file *f;
    struct md5 m;
    u32 got, digest[4] = {0}, err = os_open(path, OS_READ, &f);
    u64 off = 0;

    if (err)
        return err;
    md5_init(&m);
    while (!(err = os_read_at(f, off, buf, sizeof(buf), &got)) && got) {
        md5_add(&m, buf, got);
        off += got;
    }
    os_close(f);
    if (err)
        return err;
    if (off) /* of nothing the hash is zeros */
        md5_done(&m, digest);
    for (int i = 0; i < 4; i++)
        info->dwData[i] = digest[i];
    return ERROR_SUCCESS;
}

static u32 get_hash(const char16_t *path, DWORD options, MSIFILEHASHINFO *info)
{
    if (!path || options || !info || info->dwFileHashInfoSize < sizeof(*info))
        return ERROR_INVALID_PARAMETER;
    return path[0] ? hash_file(path, info) : ERROR_PATH_NOT_FOUND;
}

UINT WINAPI MsiGetFileHashW(const WCHAR *path, DWORD options, MSIFILEHASHINFO *info)
{
    return get_hash(w16(path), options, info);
}

UINT WINAPI MsiGetFileHashA(const char *path, DWORD options, MSIFILEHASHINFO *info)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = get_hash(text.text, options, info);
    text_done(&text);
    return err;
}

/* --- version ------------------------------------------------------------------------------------
 */

/* version.dll, loaded for the first question. */
static struct {
    DWORD(WINAPI *size)(const WCHAR *, DWORD *);
    BOOL(WINAPI *info)(const WCHAR *, DWORD, DWORD, void *);
    BOOL(WINAPI *query)(const void *, const WCHAR *, void **, UINT *);
} version;

static bool load_version(void)
{
    HMODULE dll = LoadLibraryW(L"version.dll");

    if (!dll)
        return false;
    version.size = (void *)GetProcAddress(dll, "GetFileVersionInfoSizeW");
    version.info = (void *)GetProcAddress(dll, "GetFileVersionInfoW");
    version.query = (void *)GetProcAddress(dll, "VerQueryValueW");
    return version.size && version.info && version.query;
}

static void add_number(char16_t *to, u32 value, char16_t after)
{
    size_t n = u16_len(to), digits = 1;

    for (u32 v = value; v >= 10; v /= 10)
        digits++;
    for (size_t i = digits; i-- > 0; value /= 10)
        to[n + i] = (char16_t)('0' + value % 10);
    to[n + digits] = after;
    to[n + digits + (after != 0)] = 0;
}

static u32 put_version(void *data, struct text_out out)
{
    char16_t text[32] = u"";
    VS_FIXEDFILEINFO *fixed;
    UINT len;

    if (!version.query(data, L"\\", (void **)&fixed, &len) || len < sizeof(*fixed))
        return text_put(out, text, 0);
    add_number(text, HIWORD(fixed->dwFileVersionMS), '.');
    add_number(text, LOWORD(fixed->dwFileVersionMS), '.');
    add_number(text, HIWORD(fixed->dwFileVersionLS), '.');
    add_number(text, LOWORD(fixed->dwFileVersionLS), 0);
    return text_put(out, text, u16_len(text));
}

static u32 put_language(void *data, struct text_out out)
{
    char16_t text[8] = u"";
    WORD *translation;
    UINT len;

    if (version.query(data, L"\\VarFileInfo\\Translation", (void **)&translation, &len) && len >= 2)
        add_number(text, translation[0], 0);
    return text_put(out, text, u16_len(text));
}

static u32 read_version(const WCHAR *path, struct text_out number, struct text_out language)
{
    DWORD unused, size = version.size(path, &unused);
    u32 err, second;
    void *data;

    if (!size)
        return ERROR_FILE_INVALID;
    data = os_alloc(size);
    if (!data)
        return ERROR_OUTOFMEMORY;
    if (version.info(path, 0, size, data)) {
        err = put_version(data, number);
        second = put_language(data, language);
        err = err ? err : second;
    } else {
        err = ERROR_FILE_INVALID;
    }
    os_free(data);
    return err;
}

static bool is_bare(const WCHAR *name)
{
    for (; *name; name++)
        if (*name == '\\' || *name == '/' || *name == ':')
            return false;
    return true;
}

/* A name alone may be that of a library, which is found where the loader finds it. */
static const WCHAR *find_library(const WCHAR *path, WCHAR *found, DWORD size)
{
    DWORD n;

    if (!path[0] || !is_bare(path) || GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES)
        return path;
    n = SearchPathW(NULL, path, L".dll", size, found, NULL);
    return n && n < size ? found : path;
}

static u32 get_version(const WCHAR *path, struct text_out number, struct text_out language)
{
    WCHAR found[MAX_PATH];
    DWORD attributes;

    if (!path || (number.buf && !number.size) || (language.buf && !language.size))
        return ERROR_INVALID_PARAMETER;
    path = find_library(path, found, ARRAY_LEN(found));
    attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return GetLastError() == ERROR_ACCESS_DENIED ? ERROR_ACCESS_DENIED : ERROR_FILE_NOT_FOUND;
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) /* "the file could not be opened" */
        return ERROR_ACCESS_DENIED;
    if (!load_version())
        return ERROR_FUNCTION_FAILED;
    return read_version(path, number, language);
}

UINT WINAPI MsiGetFileVersionW(const WCHAR *path, WCHAR *number, DWORD *number_size,
                               WCHAR *language, DWORD *language_size)
{
    return get_version(path, out_w(number, number_size), out_w(language, language_size));
}

UINT WINAPI MsiGetFileVersionA(const char *path, char *number, DWORD *number_size, char *language,
                               DWORD *language_size)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = get_version((const WCHAR *)text.text, out_a(number, number_size),
                      out_a(language, language_size));
    text_done(&text);
    return err;
}

HRESULT WINAPI DllGetVersion(DLLVERSIONINFO *info);

/* The version of Windows Installer whose functions these are. */
HRESULT WINAPI DllGetVersion(DLLVERSIONINFO *info)
{
    if (!info || info->cbSize < sizeof(*info))
        return E_INVALIDARG;
    info->dwMajorVersion = 5;
    info->dwMinorVersion = 0;
    info->dwBuildNumber = 0;
    info->dwPlatformID = DLLVER_PLATFORM_NT;
    return S_OK;
}
