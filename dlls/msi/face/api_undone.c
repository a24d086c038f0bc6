/*
 * Exports of Windows Installer's DLL that do nothing yet: they look at their arguments, leave a
 * line in the trace, and say so by an error of their documents. (README.md lists them.)
 */
#include <windows.h>
#include <msi.h>

#include "host.h"
#include "trace.h"

/* mingw-w64's msi.h has no prototypes of these. */
UINT WINAPI Migrate10CachedPackagesW(const WCHAR *product, const WCHAR *user, const WCHAR *package,
                                     DWORD options);
UINT WINAPI Migrate10CachedPackagesA(const char *product, const char *user, const char *package,
                                     DWORD options);
UINT WINAPI MsiSetOfflineContextW(void);
UINT WINAPI QueryInstanceCount(void);

static u32 undone(const char *name)
{
    TRACE(TRACE_MSI, "%s: not implemented", name);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* --- packages that Windows Installer 1.0 left in its cache: there are none ----------------------
 */

/* It has the arguments of what rundll32.exe calls, and there may be no exports but Windows': so
 * this is where a host of custom actions begins. The first is a window then, the third its command
 * line. */
UINT WINAPI Migrate10CachedPackagesW(const WCHAR *product, const WCHAR *user, const WCHAR *package,
                                     DWORD options)
{
    UNUSED(user);
    UNUSED(options);
    if (host_is_command(package))
        host_main((HWND)(uintptr_t)product);
    return undone("Migrate10CachedPackagesW");
}

UINT WINAPI Migrate10CachedPackagesA(const char *product, const char *user, const char *package,
                                     DWORD options)
{
    UNUSED(product);
    UNUSED(user);
    UNUSED(package);
    UNUSED(options);
    return undone("Migrate10CachedPackagesA");
}

/* --- of the loader of offline registries, and of the installer's service ------------------------
 */

UINT WINAPI MsiSetOfflineContextW(void)
{
    return undone("MsiSetOfflineContextW");
}

UINT WINAPI QueryInstanceCount(void)
{
    return undone("QueryInstanceCount");
}
