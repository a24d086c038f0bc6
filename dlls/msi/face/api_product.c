/*
 * Products, as the registry tells of them: what these exports do where there is no msi_wine.dll.
 */
#include <windows.h>
#include <msi.h>

#include "os.h"
#include "products.h"
#include "strio.h"
#include "trace.h"
#include "utf16.h"

/* --- MsiQueryProductState -----------------------------------------------------------------------
 */

static INSTALLSTATE query_state(const char16_t *guid)
{
    struct product p;

    if (!guid || !guid_is(guid))
        return INSTALLSTATE_INVALIDARG;
    if (product_find(guid, &p))
        return product_installed(&p) ? INSTALLSTATE_DEFAULT : INSTALLSTATE_ADVERTISED;
    return product_for_others(guid) ? INSTALLSTATE_ABSENT : INSTALLSTATE_UNKNOWN;
}

INSTALLSTATE WINAPI ours_MsiQueryProductStateW(const WCHAR *product);
INSTALLSTATE WINAPI ours_MsiQueryProductStateA(const char *product);

INSTALLSTATE WINAPI ours_MsiQueryProductStateW(const WCHAR *product)
{
    INSTALLSTATE state = query_state(w16(product));

    TRACE(TRACE_MSI, "MsiQueryProductState(%s) = %d", trace_text(w16(product), -1), state);
    return state;
}

INSTALLSTATE WINAPI ours_MsiQueryProductStateA(const char *product)
{
    struct text_in text;
    INSTALLSTATE state;

    if (text_from_a(&text, product))
        return INSTALLSTATE_UNKNOWN;
    state = ours_MsiQueryProductStateW((const WCHAR *)text.text);
    text_done(&text);
    return state;
}

/* --- MsiEnumProducts ----------------------------------------------------------------------------
 */

UINT WINAPI ours_MsiEnumProductsW(DWORD index, WCHAR *product);
UINT WINAPI ours_MsiEnumProductsA(DWORD index, char *product);

UINT WINAPI ours_MsiEnumProductsW(DWORD index, WCHAR *product)
{
    return product ? product_at(index, (char16_t *)product) : ERROR_INVALID_PARAMETER;
}

UINT WINAPI ours_MsiEnumProductsA(DWORD index, char *product)
{
    char16_t guid[GUID_CHARS + 1];
    u32 err = product ? product_at(index, guid) : ERROR_INVALID_PARAMETER;

    for (size_t i = 0; !err && i <= GUID_CHARS; i++)
        product[i] = (char)guid[i];
    return err;
}

/* --- MsiGetProductInfo --------------------------------------------------------------------------
 */

enum { FIRST_ROOM = 256, LAST_ROOM = 1 << 20 };

static u32 put_property(const struct product *p, const char16_t *property, struct text_out out)
{
    u32 err = ERROR_MORE_DATA;
    char16_t *text;

    for (DWORD cap = FIRST_ROOM; err == ERROR_MORE_DATA && cap <= LAST_ROOM; cap *= 4) {
        text = os_alloc(cap * sizeof(*text));
        if (!text)
            return ERROR_OUTOFMEMORY;
        err = product_property(p, property, (WCHAR *)text, cap);
        if (!err) {
            err = text_put(out, text, u16_len(text));
            os_free(text);
            return err;
        }
        os_free(text);
    }
    return err == ERROR_MORE_DATA ? ERROR_BAD_CONFIGURATION : err;
}

static u32 get_info(const char16_t *guid, const char16_t *property, struct text_out out)
{
    struct product p;

    if (!guid || !property || !guid_is(guid) || (out.buf && !out.size))
        return ERROR_INVALID_PARAMETER;
    if (!product_find(guid, &p))
        return ERROR_UNKNOWN_PRODUCT;
    return put_property(&p, property, out);
}

UINT WINAPI ours_MsiGetProductInfoW(const WCHAR *product, const WCHAR *property, WCHAR *buf,
                                    DWORD *size);
UINT WINAPI ours_MsiGetProductInfoA(const char *product, const char *property, char *buf,
                                    DWORD *size);

UINT WINAPI ours_MsiGetProductInfoW(const WCHAR *product, const WCHAR *property, WCHAR *buf,
                                    DWORD *size)
{
    return get_info(w16(product), w16(property), out_w(buf, size));
}

UINT WINAPI ours_MsiGetProductInfoA(const char *product, const char *property, char *buf,
                                    DWORD *size)
{
    struct text_in guid, name;
    u32 err = text_from_a(&guid, product);

    if (err)
        return err;
    err = text_from_a(&name, property);
    if (!err) {
        err = get_info(guid.text, name.text, out_a(buf, size));
        text_done(&name);
    }
    text_done(&guid);
    return err;
}
