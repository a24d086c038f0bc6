/*
 * Products, as the registry tells of them: which there are, and their properties.
 */
#include <windows.h>
#include <msi.h>

#include "listing.h"
#include "products.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* --- MsiQueryProductState -----------------------------------------------------------------------
 */

static INSTALLSTATE query_state(const char16_t *code)
{
    struct product p;

    if (!code || !guid_is(code))
        return INSTALLSTATE_INVALIDARG;
    if (product_find(code, &p))
        return product_installed(&p) ? INSTALLSTATE_DEFAULT : INSTALLSTATE_ADVERTISED;
    return product_for_others(code) ? INSTALLSTATE_ABSENT : INSTALLSTATE_UNKNOWN;
}

INSTALLSTATE WINAPI MsiQueryProductStateW(const WCHAR *product)
{
    INSTALLSTATE state = query_state(w16(product));

    TRACE(TRACE_MSI, "MsiQueryProductState(%s) = %d", trace_text(w16(product), -1), state);
    return state;
}

INSTALLSTATE WINAPI MsiQueryProductStateA(const char *product)
{
    struct text_in text;
    INSTALLSTATE state;

    if (text_from_a(&text, product))
        return INSTALLSTATE_UNKNOWN;
    state = MsiQueryProductStateW((const WCHAR *)text.text);
    text_done(&text);
    return state;
}

/* --- MsiEnumProducts, MsiEnumRelatedProducts ----------------------------------------------------
 */

static u32 enum_products(DWORD index, struct guid_out out)
{
    char16_t code[GUID_CHARS + 1];
    u32 err;

    if (!out.buf)
        return ERROR_INVALID_PARAMETER;
    err = product_at(index, code);
    if (!err)
        guid_put(out, code);
    return err;
}

UINT WINAPI MsiEnumProductsW(DWORD index, WCHAR *product)
{
    return enum_products(index, (struct guid_out){product, false});
}

UINT WINAPI MsiEnumProductsA(DWORD index, char *product)
{
    return enum_products(index, (struct guid_out){product, true});
}

static u32 enum_related(const char16_t *upgrade, DWORD reserved, DWORD index, struct guid_out out)
{
    char16_t code[GUID_CHARS + 1];
    u32 err;

    if (!upgrade || !guid_is(upgrade) || reserved || !out.buf)
        return ERROR_INVALID_PARAMETER;
    err = product_related_at(upgrade, index, code);
    if (!err)
        guid_put(out, code);
    return err;
}

UINT WINAPI MsiEnumRelatedProductsW(const WCHAR *upgrade, DWORD reserved, DWORD index,
                                    WCHAR *product)
{
    return enum_related(w16(upgrade), reserved, index, (struct guid_out){product, false});
}

UINT WINAPI MsiEnumRelatedProductsA(const char *upgrade, DWORD reserved, DWORD index, char *product)
{
    struct text_in text;
    u32 err = text_from_a(&text, upgrade);

    if (err)
        return err;
    err = enum_related(text.text, reserved, index, (struct guid_out){product, true});
    text_done(&text);
    return err;
}

/* --- MsiEnumProductsEx --------------------------------------------------------------------------
 */

static u32 enum_ex(const char16_t *code, const char16_t *sid, DWORD contexts, DWORD index,
                   struct row_out out)
{
    struct listing_row row;
    u32 err;

    if ((code && !guid_is(code)) || !context_some(sid, contexts) || (out.sid.buf && !out.sid.size))
        return ERROR_INVALID_PARAMETER;
    err = product_at_ex(code, user_of(sid), contexts, index, &row);
    return err ? err : row_put(&row, out);
}

UINT WINAPI MsiEnumProductsExW(const WCHAR *product, const WCHAR *user, DWORD contexts, DWORD index,
                               WCHAR found[GUID_CHARS + 1], MSIINSTALLCONTEXT *context, WCHAR *sid,
                               DWORD *size)
{
    return enum_ex(w16(product), w16(user), contexts, index,
                   (struct row_out){{found, false}, context, out_w(sid, size)});
}

UINT WINAPI MsiEnumProductsExA(const char *product, const char *user, DWORD contexts, DWORD index,
                               char found[GUID_CHARS + 1], MSIINSTALLCONTEXT *context, char *sid,
                               DWORD *size)
{
    const char *in[] = {product, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = enum_ex(t.at[0].text, t.at[1].text, contexts, index,
                  (struct row_out){{found, true}, context, out_a(sid, size)});
    texts_done(&t);
    return err;
}

/* --- MsiGetProductInfo, MsiGetProductInfoEx -----------------------------------------------------
 */

static u32 get_info(const char16_t *code, const char16_t *property, struct text_out out)
{
    struct product p;
    char16_t *text;
    u32 err;

    if (!code || !property || !guid_is(code) || (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    if (!product_has_property(property))
        return ERROR_UNKNOWN_PROPERTY;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = product_property(&p, property, &text);
    return err ? err : text_give(out, text, SHORT_NOTHING, false);
}

UINT WINAPI MsiGetProductInfoW(const WCHAR *product, const WCHAR *property, WCHAR *buf, DWORD *size)
{
    return get_info(w16(product), w16(property), out_w(buf, size));
}

UINT WINAPI MsiGetProductInfoA(const char *product, const char *property, char *buf, DWORD *size)
{
    const char *in[] = {product, property};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_info(t.at[0].text, t.at[1].text, out_a(buf, size));
    texts_done(&t);
    return err;
}

static u32 get_info_ex(const char16_t *code, const char16_t *sid, DWORD context,
                       const char16_t *property, struct text_out out)
{
    struct product p;
    char16_t *text;
    u32 err;

    if (!code || !guid_is(code) || !context_one(sid, context) || (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    if (!property || !property[0])
        return ERROR_INVALID_PARAMETER;
    product_in(code, user_of(sid), context, &p);
    err = product_property_ex(&p, property, &text);
    return err ? err : text_give(out, text, SHORT_EMPTY, true);
}

UINT WINAPI MsiGetProductInfoExW(const WCHAR *product, const WCHAR *user, MSIINSTALLCONTEXT context,
                                 const WCHAR *property, WCHAR *buf, DWORD *size)
{
    return get_info_ex(w16(product), w16(user), context, w16(property), out_w(buf, size));
}

UINT WINAPI MsiGetProductInfoExA(const char *product, const char *user, MSIINSTALLCONTEXT context,
                                 const char *property, char *buf, DWORD *size)
{
    const char *in[] = {product, user, property};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_info_ex(t.at[0].text, t.at[1].text, context, t.at[2].text, out_a(buf, size));
    texts_done(&t);
    return err;
}
