/*
 * Components by the features and qualifiers that lead to them: MsiProvideComponent and its kin.
 * What has to be installed first, or repaired, is, where the mode has it so.
 */
#include <windows.h>
#include <msi.h>

#include "assembly.h"
#include "components.h"
#include "prodfeatures.h"
#include "os.h"
#include "qualified.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* Whether the mode is satisfied by what the registry says, without a look. */
static bool without_look(DWORD mode)
{
    return (i32)mode == INSTALLMODE_NODETECTION || (i32)mode == INSTALLMODE_NODETECTION_ANY;
}

static bool good_mode(DWORD mode)
{
    return !mode || ((i32)mode < 0 && (i32)mode >= INSTALLMODE_NODETECTION_ANY) ||
           !(mode & ~(DWORD)0x7ff);
}

static u32 path_of(const struct product *p, const char16_t *component, DWORD mode,
                   struct text_out out)
{
    char16_t *path;
    int state;

    if (component_path_in(component, p->code, product_sid(p), p->context, &path))
        return ERROR_INSTALL_FAILURE;
    state = component_find(p->code, product_sid(p), p->context, &path);
    if (state == INSTALLSTATE_LOCAL || state == INSTALLSTATE_SOURCE ||
        (state == INSTALLSTATE_ABSENT && without_look(mode)))
        return text_give(out, path, SHORT_CUT, false);
    os_free(path);
    if (state == INSTALLSTATE_SOURCEABSENT)
        return ERROR_INSTALL_SOURCE_ABSENT;
    TRACE(TRACE_MSI, "the component would have to be installed");
    return state == INSTALLSTATE_ABSENT && (i32)mode == INSTALLMODE_EXISTING
               ? ERROR_FILE_NOT_FOUND
               : ERROR_INSTALL_FAILURE;
}

static u32 provide_there(const char16_t *code, const char16_t *feature, const char16_t *component,
                         DWORD mode, struct text_out out)
{
    struct product p;
    int state = INSTALLSTATE_UNKNOWN;
    u32 err;

    if (!code || !feature || !component || !guid_is(code) || !guid_is(component) ||
        (out.buf && !out.size) || !good_mode(mode))
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = feature_state(&p, feature, &state);
    if (err)
        return err;
    if (state != INSTALLSTATE_LOCAL && state != INSTALLSTATE_SOURCE && !without_look(mode))
        return ERROR_INSTALL_FAILURE;
    return path_of(&p, component, mode, out);
}

enum {
    REPAIRS = REINSTALLMODE_FILEMISSING | REINSTALLMODE_FILEOLDERVERSION |
              REINSTALLMODE_FILEVERIFY | REINSTALLMODE_MACHINEDATA | REINSTALLMODE_USERDATA |
              REINSTALLMODE_SHORTCUT
};

/* A feature that is advertised is installed, one of which something is missing repaired. */
static u32 install_for(const char16_t *code, const char16_t *feature, DWORD mode)
{
    const WCHAR *product = (const WCHAR *)code, *name = (const WCHAR *)feature;

    switch (MsiQueryFeatureStateW(product, name)) {
    case INSTALLSTATE_ADVERTISED:
        return MsiConfigureFeatureW(product, name, INSTALLSTATE_LOCAL);
    case INSTALLSTATE_LOCAL:
    case INSTALLSTATE_SOURCE:
        return MsiReinstallFeatureW(product, name, mode ? mode : (DWORD)REPAIRS);
    default:
        return ERROR_INSTALL_FAILURE;
    }
}

static u32 provide(const char16_t *code, const char16_t *feature, const char16_t *component,
                   DWORD mode, struct text_out out)
{
    u32 err = provide_there(code, feature, component, mode, out);

    if (err != ERROR_INSTALL_FAILURE || (i32)mode < 0)
        return err;
    err = install_for(code, feature, mode);
    return err && err != ERROR_SUCCESS_REBOOT_REQUIRED
               ? err
               : provide_there(code, feature, component, INSTALLMODE_DEFAULT, out);
}

UINT WINAPI MsiProvideComponentW(const WCHAR *product, const WCHAR *feature, const WCHAR *component,
                                 DWORD mode, WCHAR *buf, DWORD *size)
{
    return provide(w16(product), w16(feature), w16(component), mode, out_w(buf, size));
}

UINT WINAPI MsiProvideComponentA(const char *product, const char *feature, const char *component,
                                 DWORD mode, char *buf, DWORD *size)
{
    const char *in[] = {product, feature, component};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = provide(t.at[0].text, t.at[1].text, t.at[2].text, mode, out_a(buf, size));
    texts_done(&t);
    return err;
}

/* --- qualified components -----------------------------------------------------------------------
 */

static u32 provide_qualified(const char16_t *category, const char16_t *qualifier, DWORD mode,
                             const char16_t *product, struct text_out out)
{
    struct descriptor d;
    u32 err;

    if (!category || !qualifier || !guid_is(category) || (product && !guid_is(product)) ||
        (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    err = qualified_find(category, qualifier, product, &d);
    if (err)
        return err;
    if (!d.component[0])
        return ERROR_INSTALL_FAILURE;
    err = provide(d.product, d.feature, d.component, mode, out);
    return err == ERROR_UNKNOWN_PRODUCT || err == ERROR_UNKNOWN_FEATURE ? ERROR_FILE_NOT_FOUND
                                                                        : err;
}

UINT WINAPI MsiProvideQualifiedComponentExW(const WCHAR *category, const WCHAR *qualifier,
                                            DWORD mode, const WCHAR *product, DWORD unused1,
                                            DWORD unused2, WCHAR *buf, DWORD *size)
{
    if (unused1 || unused2)
        return ERROR_INVALID_PARAMETER;
    return provide_qualified(w16(category), w16(qualifier), mode, w16(product), out_w(buf, size));
}

UINT WINAPI MsiProvideQualifiedComponentExA(const char *category, const char *qualifier, DWORD mode,
                                            const char *product, DWORD unused1, DWORD unused2,
                                            char *buf, DWORD *size)
{
    const char *in[] = {category, qualifier, product};
    struct texts t;
    u32 err = unused1 || unused2 ? ERROR_INVALID_PARAMETER : texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = provide_qualified(t.at[0].text, t.at[1].text, mode, t.at[2].text, out_a(buf, size));
    texts_done(&t);
    return err;
}

UINT WINAPI MsiProvideQualifiedComponentW(const WCHAR *category, const WCHAR *qualifier, DWORD mode,
                                          WCHAR *buf, DWORD *size)
{
    return MsiProvideQualifiedComponentExW(category, qualifier, mode, NULL, 0, 0, buf, size);
}

UINT WINAPI MsiProvideQualifiedComponentA(const char *category, const char *qualifier, DWORD mode,
                                          char *buf, DWORD *size)
{
    return MsiProvideQualifiedComponentExA(category, qualifier, mode, NULL, 0, 0, buf, size);
}

/* --- assemblies ---------------------------------------------------------------------------------
 */

struct assembly_call {
    DWORD mode;
    struct text_out out;
};

/* Whether the mode takes a feature in that state. */
static u32 feature_serves(int state, DWORD mode)
{
    if (state == INSTALLSTATE_SOURCE && (i32)mode == INSTALLMODE_NOSOURCERESOLUTION)
        return ERROR_INSTALL_SOURCE_ABSENT;
    return state == INSTALLSTATE_LOCAL || state == INSTALLSTATE_SOURCE ? ERROR_SUCCESS
                                                                       : ERROR_FILE_NOT_FOUND;
}

/* The path of what is registered, with a look at the file where the mode has one. */
static u32 registered_path(const struct product *p, const char16_t *component,
                           const struct assembly_call *call)
{
    char16_t *path;
    u32 err = component_path_in(component, p->code, product_sid(p), p->context, &path);
    int state;

    if (err)
        return err;
    state = component_find(p->code, product_sid(p), p->context, &path);
    if (state != INSTALLSTATE_NOTUSED &&
        (state != INSTALLSTATE_ABSENT || (i32)call->mode != INSTALLMODE_EXISTING))
        return text_give(call->out, path, SHORT_CUT, false);
    os_free(path);
    return state == INSTALLSTATE_NOTUSED ? ERROR_INSTALL_NOTUSED : ERROR_FILE_NOT_FOUND;
}

/* The modes above 0 are REINSTALLMODE_*: the feature is installed anew first. */
static u32 provide_installed(const struct product *p, const struct descriptor *d,
                             const char16_t *component, const struct assembly_call *call)
{
    u32 err = ERROR_SUCCESS;

    if (call->mode)
        err = MsiReinstallFeatureW((const WCHAR *)p->code, (const WCHAR *)d->feature, call->mode);
    return err ? err : provide(p->code, d->feature, component, INSTALLMODE_DEFAULT, call->out);
}

static u32 provide_described(void *ctx, const struct descriptor *d)
{
    const struct assembly_call *call = ctx;
    char16_t component[GUID_CHARS + 1];
    struct product p;
    int state;
    u32 err;

    if (!product_find(d->product, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = feature_state(&p, d->feature, &state);
    if (err)
        return err;
    u16_copy(component, ARRAY_LEN(component), d->component);
    if (!component[0])
        err = feature_component(&p, d->feature, component);
    if (err)
        return err;
    if ((i32)call->mode >= 0)
        return provide_installed(&p, d, component, call);
    err = feature_serves(state, call->mode);
    return err ? err : registered_path(&p, component, call);
}

/* With INSTALLMODE_NODETECTION_ANY any product does, otherwise the last one that registered it. */
static u32 try_any(void *ctx, const struct descriptor *d)
{
    u32 err = provide_described(ctx, d);

    return err && err != ERROR_MORE_DATA && err != ERROR_OUTOFMEMORY ? ERROR_FILE_NOT_FOUND : err;
}

static u32 provide_assembly(const char16_t *name, const char16_t *app, DWORD mode, DWORD info,
                            struct text_out out)
{
    struct assembly_call call = {mode, out};
    bool any = (i32)mode == INSTALLMODE_NODETECTION_ANY;

    if (!name || !name[0] || info > MSIASSEMBLYINFO_WIN32ASSEMBLY || !good_mode(mode) ||
        (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    return assembly_each(name, app && app[0] ? app : NULL, info == MSIASSEMBLYINFO_WIN32ASSEMBLY,
                         any ? ERROR_FILE_NOT_FOUND : ERROR_CONTINUE,
                         any ? try_any : provide_described, &call);
}

UINT WINAPI MsiProvideAssemblyW(const WCHAR *name, const WCHAR *app, DWORD mode, DWORD info,
                                WCHAR *buf, DWORD *size)
{
    return provide_assembly(w16(name), w16(app), mode, info, out_w(buf, size));
}

UINT WINAPI MsiProvideAssemblyA(const char *name, const char *app, DWORD mode, DWORD info,
                                char *buf, DWORD *size)
{
    const char *in[] = {name, app};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = provide_assembly(t.at[0].text, t.at[1].text, mode, info, out_a(buf, size));
    texts_done(&t);
    return err;
}

/* --- MsiEnumComponentQualifiers -----------------------------------------------------------------
 */

static u32 enum_qualifiers(const char16_t *category, DWORD index, struct text_out name,
                           struct text_out data)
{
    char16_t *qualifier, *text;
    u32 err, err2;

    if (!category || !guid_is(category) || !name.buf || !name.size || (data.buf && !data.size))
        return ERROR_INVALID_PARAMETER;
    err = qualified_at(category, index, &qualifier, &text);
    if (err)
        return err;
    err = text_give(name, qualifier, SHORT_CUT, false);
    err2 = text_give(data, text, SHORT_CUT, false);
    return err ? err : err2;
}

UINT WINAPI MsiEnumComponentQualifiersW(const WCHAR *category, DWORD index, WCHAR *name,
                                        DWORD *name_size, WCHAR *data, DWORD *data_size)
{
    return enum_qualifiers(w16(category), index, out_w(name, name_size), out_w(data, data_size));
}

UINT WINAPI MsiEnumComponentQualifiersA(const char *category, DWORD index, char *name,
                                        DWORD *name_size, char *data, DWORD *data_size)
{
    struct text_in text;
    u32 err = text_from_a(&text, category);

    if (err)
        return err;
    err = enum_qualifiers(text.text, index, out_a(name, name_size), out_a(data, data_size));
    text_done(&text);
    return err;
}

/* --- descriptors --------------------------------------------------------------------------------
 */

static u32 from_descriptor(const char16_t *descriptor, struct text_out out, DWORD *args)
{
    struct descriptor d;

    if (!descriptor || (out.buf && !out.size) || !descriptor_read(descriptor, &d) ||
        !d.component[0])
        return ERROR_INVALID_PARAMETER;
    if (args)
        *args = (DWORD)d.used;
    return provide(d.product, d.feature, d.component, INSTALLMODE_DEFAULT, out);
}

/* mingw-w64's msi.h has no prototypes of these. */
UINT WINAPI MsiProvideComponentFromDescriptorW(const WCHAR *, WCHAR *, DWORD *, DWORD *);
UINT WINAPI MsiProvideComponentFromDescriptorA(const char *, char *, DWORD *, DWORD *);
INSTALLSTATE WINAPI MsiQueryFeatureStateFromDescriptorW(const WCHAR *);
INSTALLSTATE WINAPI MsiQueryFeatureStateFromDescriptorA(const char *);

UINT WINAPI MsiProvideComponentFromDescriptorW(const WCHAR *descriptor, WCHAR *buf, DWORD *size,
                                               DWORD *args)
{
    return from_descriptor(w16(descriptor), out_w(buf, size), args);
}

UINT WINAPI MsiProvideComponentFromDescriptorA(const char *descriptor, char *buf, DWORD *size,
                                               DWORD *args)
{
    struct text_in text;
    u32 err = text_from_a(&text, descriptor);

    if (err)
        return err;
    err = from_descriptor(text.text, out_a(buf, size), args);
    text_done(&text);
    return err;
}

static INSTALLSTATE state_of(const char16_t *descriptor)
{
    struct descriptor d;

    if (!descriptor || !descriptor_read(descriptor, &d))
        return INSTALLSTATE_INVALIDARG;
    return MsiQueryFeatureStateW((const WCHAR *)d.product, (const WCHAR *)d.feature);
}

INSTALLSTATE WINAPI MsiQueryFeatureStateFromDescriptorW(const WCHAR *descriptor)
{
    return state_of(w16(descriptor));
}

INSTALLSTATE WINAPI MsiQueryFeatureStateFromDescriptorA(const char *descriptor)
{
    struct text_in text;
    INSTALLSTATE state;

    if (text_from_a(&text, descriptor))
        return INSTALLSTATE_UNKNOWN;
    state = state_of(text.text);
    text_done(&text);
    return state;
}
