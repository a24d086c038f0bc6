/*
 * Exports of Windows Installer's DLL that do nothing yet: they look at their arguments, leave a
 * line in the trace, and say so by an error of their documents. (README.md lists them.)
 */
#include <windows.h>
#include <msi.h>

#include "os.h"
#include "strio.h"
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

UINT WINAPI Migrate10CachedPackagesW(const WCHAR *product, const WCHAR *user, const WCHAR *package,
                                     DWORD options)
{
    UNUSED(product);
    UNUSED(user);
    UNUSED(package);
    UNUSED(options);
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

/* --- advertise scripts --------------------------------------------------------------------------
 */

/* A script is a file; what is in one cannot be read yet. */
static u32 script_there(const char16_t *script)
{
    return os_exists(script) ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
}

static u32 process_script(const char16_t *script)
{
    if (!script || !script[0])
        return ERROR_INVALID_PARAMETER;
    return script_there(script) ? ERROR_INSTALL_FAILURE : undone("MsiProcessAdvertiseScript");
}

UINT WINAPI MsiProcessAdvertiseScriptW(const WCHAR *script, const WCHAR *icons, HKEY key,
                                       BOOL shortcuts, BOOL remove)
{
    UNUSED(icons);
    UNUSED(key);
    UNUSED(shortcuts);
    UNUSED(remove);
    return process_script(w16(script));
}

UINT WINAPI MsiProcessAdvertiseScriptA(const char *script, const char *icons, HKEY key,
                                       BOOL shortcuts, BOOL remove)
{
    struct text_in text;
    u32 err = text_from_a(&text, script);

    UNUSED(icons);
    UNUSED(key);
    UNUSED(shortcuts);
    UNUSED(remove);
    if (err)
        return err;
    err = process_script(text.text);
    text_done(&text);
    return err;
}

static u32 script_info(const char16_t *script, struct text_out name, struct text_out package)
{
    if (!script || !script[0] || (name.buf && !name.size) || (package.buf && !package.size))
        return ERROR_INVALID_PARAMETER;
    return script_there(script) ? ERROR_INSTALL_FAILURE : undone("MsiGetProductInfoFromScript");
}

UINT WINAPI MsiGetProductInfoFromScriptW(const WCHAR *script, WCHAR *product, LANGID *language,
                                         DWORD *version, WCHAR *name, DWORD *name_size,
                                         WCHAR *package, DWORD *package_size)
{
    UNUSED(product);
    UNUSED(language);
    UNUSED(version);
    return script_info(w16(script), out_w(name, name_size), out_w(package, package_size));
}

UINT WINAPI MsiGetProductInfoFromScriptA(const char *script, char *product, LANGID *language,
                                         DWORD *version, char *name, DWORD *name_size,
                                         char *package, DWORD *package_size)
{
    struct text_in text;
    u32 err = text_from_a(&text, script);

    UNUSED(product);
    UNUSED(language);
    UNUSED(version);
    if (err)
        return err;
    err = script_info(text.text, out_a(name, name_size), out_a(package, package_size));
    text_done(&text);
    return err;
}
