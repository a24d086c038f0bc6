/*
 * Descriptors, which the values of advertised shortcuts and classes are made of: their parts, where
 * a shortcut leads, and configuring the feature that one names.
 */
#include <windows.h>
#include <msi.h>

#include "descriptor.h"
#include "fullpath.h"
#include "os.h"
#include "shortcut.h"
#include "strio.h"
#include "utf16.h"

/* Each buffer has room for what the document says. */
static void put(void *buf, const char16_t *text, size_t cap, bool ansi)
{
    DWORD room = (DWORD)cap;

    if (buf)
        text_put(ansi ? out_a(buf, &room) : out_w(buf, &room), text, u16_len(text));
}

static u32 answer(const char16_t *descriptor, void *product, void *feature, void *component,
                  DWORD *offset, bool ansi)
{
    struct descriptor p;

    if (!descriptor || !descriptor_read(descriptor, &p))
        return ERROR_INVALID_PARAMETER;
    put(product, p.product, ARRAY_LEN(p.product), ansi);
    put(feature, p.feature, ARRAY_LEN(p.feature), ansi);
    put(component, p.component, ARRAY_LEN(p.component), ansi);
    if (offset)
        *offset = (DWORD)p.used;
    return ERROR_SUCCESS;
}

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset);
UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset);

UINT WINAPI MsiDecomposeDescriptorW(const WCHAR *descriptor, WCHAR *product, WCHAR *feature,
                                    WCHAR *component, DWORD *offset)
{
    return answer(w16(descriptor), product, feature, component, offset, false);
}

UINT WINAPI MsiDecomposeDescriptorA(const char *descriptor, char *product, char *feature,
                                    char *component, DWORD *offset)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = answer(text.text, product, feature, component, offset, true);
    text_done(&text);
    return err;
}

/* --- MsiGetShortcutTarget -----------------------------------------------------------------------
 */

static u32 shortcut_target(const char16_t *path, void *product, void *feature, void *component,
                           bool ansi)
{
    char16_t descriptor[SHORTCUT_DESCRIPTOR], *full;
    u32 err;

    if (!path || !path[0])
        return ERROR_INVALID_PARAMETER;
    err = full_path(path, &full);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_FUNCTION_FAILED;
    err = shortcut_descriptor(full, descriptor);
    os_free(full);
    if (err)
        return err;
    err = answer(descriptor, product, feature, component, NULL, ansi);
    return err ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
}

UINT WINAPI MsiGetShortcutTargetW(const WCHAR *path, WCHAR *product, WCHAR *feature,
                                  WCHAR *component)
{
    return shortcut_target(w16(path), product, feature, component, false);
}

UINT WINAPI MsiGetShortcutTargetA(const char *path, char *product, char *feature, char *component)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = shortcut_target(text.text, product, feature, component, true);
    text_done(&text);
    return err;
}

/* --- features by their descriptors --------------------------------------------------------------
 */

/* mingw-w64's msi.h has no prototypes of these. */
UINT WINAPI MsiConfigureFeatureFromDescriptorW(const WCHAR *descriptor, INSTALLSTATE state);
UINT WINAPI MsiConfigureFeatureFromDescriptorA(const char *descriptor, INSTALLSTATE state);
UINT WINAPI MsiReinstallFeatureFromDescriptorW(const WCHAR *descriptor, DWORD mode);
UINT WINAPI MsiReinstallFeatureFromDescriptorA(const char *descriptor, DWORD mode);

static bool feature_of(const char16_t *descriptor, struct descriptor *d)
{
    return descriptor && descriptor_read(descriptor, d) && d->feature[0];
}

UINT WINAPI MsiConfigureFeatureFromDescriptorW(const WCHAR *descriptor, INSTALLSTATE state)
{
    struct descriptor d;

    if (!feature_of(w16(descriptor), &d))
        return ERROR_INVALID_PARAMETER;
    return MsiConfigureFeatureW((const WCHAR *)d.product, (const WCHAR *)d.feature, state);
}

UINT WINAPI MsiConfigureFeatureFromDescriptorA(const char *descriptor, INSTALLSTATE state)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = MsiConfigureFeatureFromDescriptorW((const WCHAR *)text.text, state);
    text_done(&text);
    return err;
}

UINT WINAPI MsiReinstallFeatureFromDescriptorW(const WCHAR *descriptor, DWORD mode)
{
    struct descriptor d;

    if (!feature_of(w16(descriptor), &d))
        return ERROR_INVALID_PARAMETER;
    return MsiReinstallFeatureW((const WCHAR *)d.product, (const WCHAR *)d.feature, mode);
}

UINT WINAPI MsiReinstallFeatureFromDescriptorA(const char *descriptor, DWORD mode)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = MsiReinstallFeatureFromDescriptorW((const WCHAR *)text.text, mode);
    text_done(&text);
    return err;
}
