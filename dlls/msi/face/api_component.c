/*
 * Installed components: where they are, and whose.
 */
#include <windows.h>
#include <msi.h>

#include "components.h"
#include "listing.h"
#include "os.h"
#include "products.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* mingw-w64's msi.h has no prototypes of these. */
INSTALLSTATE WINAPI MsiGetComponentPathExW(const WCHAR *, const WCHAR *, const WCHAR *,
                                           MSIINSTALLCONTEXT, WCHAR *, DWORD *);
INSTALLSTATE WINAPI MsiGetComponentPathExA(const char *, const char *, const char *,
                                           MSIINSTALLCONTEXT, char *, DWORD *);
UINT WINAPI MsiEnumClientsExW(const WCHAR *, const WCHAR *, DWORD, DWORD, WCHAR *,
                              MSIINSTALLCONTEXT *, WCHAR *, DWORD *);
UINT WINAPI MsiEnumClientsExA(const char *, const char *, DWORD, DWORD, char *, MSIINSTALLCONTEXT *,
                              char *, DWORD *);
UINT WINAPI MsiEnumComponentsExW(const WCHAR *, DWORD, DWORD, WCHAR *, MSIINSTALLCONTEXT *, WCHAR *,
                                 DWORD *);
UINT WINAPI MsiEnumComponentsExA(const char *, DWORD, DWORD, char *, MSIINSTALLCONTEXT *, char *,
                                 DWORD *);

/* --- MsiGetComponentPath, MsiGetComponentPathEx, MsiLocateComponent -----------------------------
 */

/* Whose component it is. */
struct whose {
    const char16_t *code, *sid;
    u32 contexts;
};

/* Answers with a key path, which it frees. */
static INSTALLSTATE give_path(struct text_out out, const struct whose *w, char16_t *path,
                              bool doubled)
{
    INSTALLSTATE state = (INSTALLSTATE)component_find(w->code, w->sid, w->contexts, &path);

    return text_give(out, path, SHORT_CUT, doubled) == ERROR_MORE_DATA ? INSTALLSTATE_MOREDATA
                                                                       : state;
}

/* The caller's, in any context. */
static u32 find_path(const char16_t *code, const char16_t *component, char16_t **path)
{
    u32 err = component_path_in(component, code, NULL, CONTEXT_USER, path);

    return err ? component_path_in(component, code, NULL, CONTEXT_MACHINE, path) : err;
}

static INSTALLSTATE get_path(const char16_t *code, const char16_t *component, struct text_out out)
{
    const struct whose whose = {code, NULL, CONTEXT_ANY};
    char16_t *path;

    if (!code || !component || !guid_is(code) || !guid_is(component) || (out.buf && !out.size))
        return INSTALLSTATE_INVALIDARG;
    return find_path(code, component, &path) ? INSTALLSTATE_UNKNOWN
                                             : give_path(out, &whose, path, false);
}

INSTALLSTATE WINAPI MsiGetComponentPathW(const WCHAR *product, const WCHAR *component, WCHAR *buf,
                                         DWORD *size)
{
    return get_path(w16(product), w16(component), out_w(buf, size));
}

INSTALLSTATE WINAPI MsiGetComponentPathA(const char *product, const char *component, char *buf,
                                         DWORD *size)
{
    const char *in[] = {product, component};
    struct texts t;
    INSTALLSTATE state;

    if (texts_from_a(&t, ARRAY_LEN(in), in))
        return INSTALLSTATE_UNKNOWN;
    state = get_path(t.at[0].text, t.at[1].text, out_a(buf, size));
    texts_done(&t);
    return state;
}

/* Where there is no path the size is none either; a size that is asked for alone comes back doubled
 * from the A function (seen on Windows). */
static INSTALLSTATE no_path(struct text_out out, INSTALLSTATE state)
{
    if (out.size)
        *out.size = out.ansi && !out.buf && state == INSTALLSTATE_UNKNOWN ? *out.size * 2 : 0;
    return state;
}

static INSTALLSTATE get_path_ex(const char16_t *code, const char16_t *component,
                                const char16_t *sid, DWORD context, struct text_out out)
{
    const struct whose whose = {code, user_of(sid), context};
    char16_t *path;
    u32 err = ERROR_UNKNOWN_COMPONENT;

    if (out.buf && !out.size)
        return INSTALLSTATE_INVALIDARG;
    if (!code || !component || !guid_is(code) || !guid_is(component) || !context_some(sid, context))
        return no_path(out, INSTALLSTATE_INVALIDARG);
    if (context & (CONTEXT_USER | CONTEXT_MANAGED))
        err = component_path_in(component, code, user_of(sid), CONTEXT_USER, &path);
    if (err && (context & CONTEXT_MACHINE))
        err = component_path_in(component, code, NULL, CONTEXT_MACHINE, &path);
    return err ? no_path(out, INSTALLSTATE_UNKNOWN) : give_path(out, &whose, path, true);
}

INSTALLSTATE WINAPI MsiGetComponentPathExW(const WCHAR *product, const WCHAR *component,
                                           const WCHAR *user, MSIINSTALLCONTEXT context, WCHAR *buf,
                                           DWORD *size)
{
    return get_path_ex(w16(product), w16(component), w16(user), context, out_w(buf, size));
}

INSTALLSTATE WINAPI MsiGetComponentPathExA(const char *product, const char *component,
                                           const char *user, MSIINSTALLCONTEXT context, char *buf,
                                           DWORD *size)
{
    const char *in[] = {product, component, user};
    struct texts t;
    INSTALLSTATE state;

    if (texts_from_a(&t, ARRAY_LEN(in), in))
        return INSTALLSTATE_UNKNOWN;
    state = get_path_ex(t.at[0].text, t.at[1].text, t.at[2].text, context, out_a(buf, size));
    texts_done(&t);
    return state;
}

static INSTALLSTATE locate(const char16_t *component, struct text_out out)
{
    char16_t code[GUID_CHARS + 1], *path;
    const struct whose whose = {code, NULL, CONTEXT_ANY};

    if (!component || !component[0] || (out.buf && !out.size))
        return component && !component[0] ? INSTALLSTATE_UNKNOWN : INSTALLSTATE_INVALIDARG;
    if (!guid_is(component))
        return INSTALLSTATE_INVALIDARG;
    if (component_client(component, code) || find_path(code, component, &path))
        return INSTALLSTATE_UNKNOWN;
    return give_path(out, &whose, path, false);
}

INSTALLSTATE WINAPI MsiLocateComponentW(const WCHAR *component, WCHAR *buf, DWORD *size)
{
    return locate(w16(component), out_w(buf, size));
}

INSTALLSTATE WINAPI MsiLocateComponentA(const char *component, char *buf, DWORD *size)
{
    struct text_in text;
    INSTALLSTATE state;

    if (text_from_a(&text, component))
        return INSTALLSTATE_UNKNOWN;
    state = locate(text.text, out_a(buf, size));
    text_done(&text);
    return state;
}

/* --- MsiQueryComponentState ---------------------------------------------------------------------
 */

static u32 query_component(const char16_t *code, const char16_t *sid, DWORD context,
                           const char16_t *component, INSTALLSTATE *state)
{
    struct product p;
    char16_t *path;
    u32 err;

    if (!code || !component || !guid_is(code) || !guid_is(component) ||
        !context_one(sid, context) || !state)
        return ERROR_INVALID_PARAMETER;
    product_in(code, user_of(sid), context, &p);
    if (!product_advertised(&p) && !product_installed(&p))
        return ERROR_UNKNOWN_PRODUCT;
    *state = INSTALLSTATE_UNKNOWN;
    err = component_path_in(component, code, product_sid(&p), context, &path);
    if (err)
        return err;
    *state = (INSTALLSTATE)component_registered_state(path);
    os_free(path);
    return ERROR_SUCCESS;
}

UINT WINAPI MsiQueryComponentStateW(const WCHAR *product, const WCHAR *user,
                                    MSIINSTALLCONTEXT context, const WCHAR *component,
                                    INSTALLSTATE *state)
{
    return query_component(w16(product), w16(user), context, w16(component), state);
}

UINT WINAPI MsiQueryComponentStateA(const char *product, const char *user,
                                    MSIINSTALLCONTEXT context, const char *component,
                                    INSTALLSTATE *state)
{
    const char *in[] = {product, user, component};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = query_component(t.at[0].text, t.at[1].text, context, t.at[2].text, state);
    texts_done(&t);
    return err;
}

/* --- MsiGetProductCode, MsiEnumClients, MsiEnumComponents ---------------------------------------
 */

static u32 get_code(const char16_t *component, struct guid_out out)
{
    char16_t code[GUID_CHARS + 1];
    u32 err;

    if (!component || !guid_is(component) || !out.buf)
        return ERROR_INVALID_PARAMETER;
    err = component_client(component, code);
    if (!err)
        guid_put(out, code);
    return err;
}

UINT WINAPI MsiGetProductCodeW(const WCHAR *component, WCHAR *product)
{
    return get_code(w16(component), (struct guid_out){product, false});
}

UINT WINAPI MsiGetProductCodeA(const char *component, char *product)
{
    struct text_in text;
    u32 err = text_from_a(&text, component);

    if (err)
        return err;
    err = get_code(text.text, (struct guid_out){product, true});
    text_done(&text);
    return err;
}

static u32 enum_clients(const char16_t *component, DWORD index, struct guid_out out)
{
    char16_t code[GUID_CHARS + 1];
    u32 err;

    if (!component || !guid_is(component) || !out.buf)
        return ERROR_INVALID_PARAMETER;
    err = component_client_at(component, index, code);
    if (!err)
        guid_put(out, code);
    return err;
}

UINT WINAPI MsiEnumClientsW(const WCHAR *component, DWORD index, WCHAR *product)
{
    return enum_clients(w16(component), index, (struct guid_out){product, false});
}

UINT WINAPI MsiEnumClientsA(const char *component, DWORD index, char *product)
{
    struct text_in text;
    u32 err = text_from_a(&text, component);

    if (err)
        return err;
    err = enum_clients(text.text, index, (struct guid_out){product, true});
    text_done(&text);
    return err;
}

static u32 enum_components(DWORD index, struct guid_out out)
{
    char16_t guid[GUID_CHARS + 1];
    u32 err = out.buf ? component_at(index, guid) : ERROR_INVALID_PARAMETER;

    if (!err)
        guid_put(out, guid);
    return err;
}

UINT WINAPI MsiEnumComponentsW(DWORD index, WCHAR *component)
{
    return enum_components(index, (struct guid_out){component, false});
}

UINT WINAPI MsiEnumComponentsA(DWORD index, char *component)
{
    return enum_components(index, (struct guid_out){component, true});
}

/* --- MsiEnumClientsEx, MsiEnumComponentsEx ------------------------------------------------------
 */

/* component NULL: components are asked for, not clients. */
static u32 enum_ex(const char16_t *component, const char16_t *sid, DWORD contexts, DWORD index,
                   struct row_out out)
{
    struct listing_row row;
    u32 err;

    if (!context_some(sid, contexts) || (out.sid.buf && !out.sid.size))
        return ERROR_INVALID_PARAMETER;
    err = component ? component_client_at_ex(component, user_of(sid), contexts, index, &row)
                    : component_at_ex(user_of(sid), contexts, index, &row);
    return err ? err : row_put(&row, out);
}

static u32 enum_clients_ex(const char16_t *component, const char16_t *sid, DWORD contexts,
                           DWORD index, struct row_out out)
{
    if (!component || !guid_is(component))
        return ERROR_INVALID_PARAMETER;
    return enum_ex(component, sid, contexts, index, out);
}

UINT WINAPI MsiEnumClientsExW(const WCHAR *component, const WCHAR *user, DWORD contexts,
                              DWORD index, WCHAR *product, MSIINSTALLCONTEXT *context, WCHAR *sid,
                              DWORD *size)
{
    return enum_clients_ex(w16(component), w16(user), contexts, index,
                           (struct row_out){{product, false}, context, out_w(sid, size)});
}

UINT WINAPI MsiEnumClientsExA(const char *component, const char *user, DWORD contexts, DWORD index,
                              char *product, MSIINSTALLCONTEXT *context, char *sid, DWORD *size)
{
    const char *in[] = {component, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = enum_clients_ex(t.at[0].text, t.at[1].text, contexts, index,
                          (struct row_out){{product, true}, context, out_a(sid, size)});
    texts_done(&t);
    return err;
}

UINT WINAPI MsiEnumComponentsExW(const WCHAR *user, DWORD contexts, DWORD index, WCHAR *component,
                                 MSIINSTALLCONTEXT *context, WCHAR *sid, DWORD *size)
{
    return enum_ex(NULL, w16(user), contexts, index,
                   (struct row_out){{component, false}, context, out_w(sid, size)});
}

UINT WINAPI MsiEnumComponentsExA(const char *user, DWORD contexts, DWORD index, char *component,
                                 MSIINSTALLCONTEXT *context, char *sid, DWORD *size)
{
    struct text_in text;
    u32 err = text_from_a(&text, user);

    if (err)
        return err;
    err = enum_ex(NULL, text.text, contexts, index,
                  (struct row_out){{component, true}, context, out_a(sid, size)});
    text_done(&text);
    return err;
}
