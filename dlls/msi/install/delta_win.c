/*
 * Deltas are applied by the system's mspatcha.dll, which is loaded when the first one comes: not
 * every Wine has one that can.
 */
#include "delta.h"

#include <windows.h>

#include <string.h>

#include "os.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { FAIL_IF_EXACT = 1 }; /* APPLY_OPTION_FAIL_IF_EXACT: DELTA_NOT_NEEDED */

typedef BOOL(WINAPI *apply_function)(LPCWSTR delta, LPCWSTR old, LPCWSTR made, ULONG flags);

static apply_function find(void)
{
    union {
        FARPROC found;
        apply_function apply;
    } u;
    HMODULE dll = LoadLibraryExW(L"mspatcha.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

    /* Windows before 8 does not know the flag, and looks there all the same */
    if (!dll && GetLastError() == ERROR_INVALID_PARAMETER)
        dll = LoadLibraryW(L"mspatcha.dll");
    u.found = dll ? GetProcAddress(dll, "ApplyPatchToFileW") : NULL;
    if (!u.found)
        TRACE(TRACE_MSI, "there is no mspatcha.dll that applies deltas");
    return u.apply; /* the library stays loaded */
}

/* A path of any length, from os_alloc. */
static WCHAR *any_length(const char16_t *path)
{
    bool network = path[0] == '\\' && path[1] == '\\';
    const WCHAR *prefix = network ? L"\\\\?\\UNC\\" : L"\\\\?\\";
    size_t n = u16_len(path), m = wcslen(prefix);
    WCHAR *to = os_alloc_array(m + n + 1, sizeof(*to));

    if (!to)
        return NULL;
    memcpy(to, prefix, m * sizeof(*to));
    memcpy(to + m, path + (network ? 2 : 0), (n + 1 - (network ? 2 : 0)) * sizeof(*to));
    return to;
}

static u32 apply_to(apply_function apply, const WCHAR *delta, const WCHAR *old, const WCHAR *made)
{
    u32 err;

    SetLastError(ERROR_SUCCESS);
    if (apply(delta, old, made, FAIL_IF_EXACT))
        return ERROR_SUCCESS;
    err = GetLastError();
    DeleteFileW(made);
    return err ? err : ERROR_INSTALL_FAILURE;
}

u32 delta_apply(const char16_t *old, const char16_t *delta, const char16_t *made)
{
    apply_function apply = find();
    WCHAR *o = any_length(old), *d = any_length(delta), *m = any_length(made);
    u32 err = ERROR_OUTOFMEMORY;

    if (o && d && m)
        err = apply ? apply_to(apply, d, o, m) : ERROR_MOD_NOT_FOUND;
    os_free(o);
    os_free(d);
    os_free(m);
    TRACE(TRACE_MSI, "delta for %s = 0x%x", trace_text(old, -1), err);
    return err;
}
