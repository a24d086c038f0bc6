/*
 * Users' and machines' data as a whole, and what is asked of products by other names:
 * MsiNotifySidChange, MsiDeleteUserData, MsiInvalidateFeatureCache,
 * MsiGetProductCodeFromPackageCode.
 */
#include <windows.h>
#include <msi.h>

#include "products.h"
#include "texts.h"
#include "trace.h"
#include "userdata.h"
#include "utf16.h"

/* mingw-w64's msi.h has no prototypes of these. */
UINT WINAPI MsiDeleteUserDataW(const WCHAR *sid, const WCHAR *computer, void *reserved);
UINT WINAPI MsiDeleteUserDataA(const char *sid, const char *computer, void *reserved);
UINT WINAPI MsiGetProductCodeFromPackageCodeW(const WCHAR *package, WCHAR *product);
UINT WINAPI MsiGetProductCodeFromPackageCodeA(const char *package, char *product);
UINT WINAPI MsiInvalidateFeatureCache(void);

/* --- users --------------------------------------------------------------------------------------
 */

static u32 sid_changed(const char16_t *from, const char16_t *to)
{
    u32 err;

    if (!from || !to || !userdata_sid(from) || !userdata_sid(to))
        return ERROR_INVALID_PARAMETER;
    err = userdata_rename(from, to);
    listing_forget();
    TRACE(TRACE_MSI, "MsiNotifySidChange: %u", err);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_FUNCTION_FAILED : err;
}

UINT WINAPI MsiNotifySidChangeW(const WCHAR *from, const WCHAR *to)
{
    return sid_changed(w16(from), w16(to));
}

UINT WINAPI MsiNotifySidChangeA(const char *from, const char *to)
{
    const char *in[] = {from, to};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = sid_changed(t.at[0].text, t.at[1].text);
    texts_done(&t);
    return err;
}

/* What a profile that is deleted leaves here. Other machines' registries are not reached. */
static u32 delete_user(const char16_t *sid, const char16_t *computer)
{
    u32 err;

    if (!sid || !userdata_sid(sid))
        return ERROR_INVALID_PARAMETER;
    if (computer && computer[0]) {
        TRACE(TRACE_MSI, "MsiDeleteUserData: not implemented for another machine");
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
    err = userdata_delete(sid);
    listing_forget();
    return err;
}

UINT WINAPI MsiDeleteUserDataW(const WCHAR *sid, const WCHAR *computer, void *reserved)
{
    UNUSED(reserved);
    return delete_user(w16(sid), w16(computer));
}

UINT WINAPI MsiDeleteUserDataA(const char *sid, const char *computer, void *reserved)
{
    const char *in[] = {sid, computer};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    UNUSED(reserved);
    if (err)
        return err;
    err = delete_user(t.at[0].text, t.at[1].text);
    texts_done(&t);
    return err;
}

/* --- what is kept -------------------------------------------------------------------------------
 */

/* What is kept here of the registry are enumerations under way. */
UINT WINAPI MsiInvalidateFeatureCache(void)
{
    listing_forget();
    return ERROR_SUCCESS;
}

/* --- MsiGetProductCodeFromPackageCode -----------------------------------------------------------
 */

static u32 from_package_code(const char16_t *package, struct guid_out out)
{
    char16_t code[GUID_CHARS + 1];
    u32 err;

    if (!package || !guid_is(package) || !out.buf)
        return ERROR_INVALID_PARAMETER;
    err = product_of_package(package, code);
    if (!err)
        guid_put(out, code);
    return err;
}

UINT WINAPI MsiGetProductCodeFromPackageCodeW(const WCHAR *package, WCHAR *product)
{
    return from_package_code(w16(package), (struct guid_out){product, false});
}

UINT WINAPI MsiGetProductCodeFromPackageCodeA(const char *package, char *product)
{
    struct text_in text;
    u32 err = text_from_a(&text, package);

    if (err)
        return err;
    err = from_package_code(text.text, (struct guid_out){product, true});
    text_done(&text);
    return err;
}
