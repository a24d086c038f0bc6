/*
 * The features of products: which there are, their states, how often they are used.
 */
#include <windows.h>
#include <msi.h>

#include "prodfeatures.h"
#include "os.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* --- MsiQueryFeatureState, MsiQueryFeatureStateEx -----------------------------------------------
 */

static INSTALLSTATE query_feature(const char16_t *code, const char16_t *feature)
{
    static const u32 contexts[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};
    struct product p;
    int state;

    if (!code || !feature || !guid_is(code))
        return INSTALLSTATE_INVALIDARG;
    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        product_in(code, NULL, contexts[i], &p);
        if (!feature_state(&p, feature, &state))
            return (INSTALLSTATE)state;
    }
    return INSTALLSTATE_UNKNOWN;
}

INSTALLSTATE WINAPI MsiQueryFeatureStateW(const WCHAR *product, const WCHAR *feature)
{
    return query_feature(w16(product), w16(feature));
}

INSTALLSTATE WINAPI MsiQueryFeatureStateA(const char *product, const char *feature)
{
    const char *in[] = {product, feature};
    struct texts t;
    INSTALLSTATE state;

    if (texts_from_a(&t, ARRAY_LEN(in), in))
        return INSTALLSTATE_UNKNOWN;
    state = query_feature(t.at[0].text, t.at[1].text);
    texts_done(&t);
    return state;
}

static u32 query_feature_ex(const char16_t *code, const char16_t *sid, DWORD context,
                            const char16_t *feature, INSTALLSTATE *state)
{
    struct product p;
    int found;
    u32 err;

    if (!code || !feature || !guid_is(code) || !context_one(sid, context))
        return ERROR_INVALID_PARAMETER;
    product_in(code, user_of(sid), context, &p);
    if (!features_known(&p))
        return ERROR_UNKNOWN_PRODUCT;
    err = feature_state(&p, feature, &found);
    if (err)
        return err;
    if (state)
        *state = (INSTALLSTATE)found;
    return found == INSTALLSTATE_BADCONFIG ? ERROR_BAD_CONFIGURATION : ERROR_SUCCESS;
}

UINT WINAPI MsiQueryFeatureStateExW(const WCHAR *product, const WCHAR *user,
                                    MSIINSTALLCONTEXT context, const WCHAR *feature,
                                    INSTALLSTATE *state)
{
    return query_feature_ex(w16(product), w16(user), context, w16(feature), state);
}

UINT WINAPI MsiQueryFeatureStateExA(const char *product, const char *user,
                                    MSIINSTALLCONTEXT context, const char *feature,
                                    INSTALLSTATE *state)
{
    const char *in[] = {product, user, feature};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = query_feature_ex(t.at[0].text, t.at[1].text, context, t.at[2].text, state);
    texts_done(&t);
    return err;
}

/* --- MsiEnumFeatures ----------------------------------------------------------------------------
 */

enum { FEATURE_MAX = 38 };

/* The buffers have room for 39 characters. */
static void put_name(void *buf, bool ansi, const char16_t *name)
{
    DWORD room = FEATURE_MAX + 1;

    if (buf)
        text_put((struct text_out){buf, &room, ansi}, name, u16_len(name));
}

static u32 enum_features(const char16_t *code, DWORD index, void *feature, void *parent, bool ansi)
{
    char16_t name[REG_NAME_MAX], *above;
    struct product p;
    u32 err;

    if (!code || !guid_is(code) || !feature)
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = feature_at(&p, index, name, &above);
    if (err)
        return err;
    put_name(feature, ansi, name);
    put_name(parent, ansi, above);
    os_free(above);
    return ERROR_SUCCESS;
}

UINT WINAPI MsiEnumFeaturesW(const WCHAR *product, DWORD index, WCHAR *feature, WCHAR *parent)
{
    return enum_features(w16(product), index, feature, parent, false);
}

UINT WINAPI MsiEnumFeaturesA(const char *product, DWORD index, char *feature, char *parent)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = enum_features(text.text, index, feature, parent, true);
    text_done(&text);
    return err;
}

/* --- MsiGetFeatureUsage, MsiUseFeature ----------------------------------------------------------
 */

static u32 get_usage(const char16_t *code, const char16_t *feature, DWORD *count, WORD *date)
{
    struct product p;
    u32 uses, err;
    u16 day;

    if (!code || !feature || !feature[0] || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    err = feature_usage(&p, feature, &uses, &day);
    if (err)
        return err;
    if (count)
        *count = uses;
    if (date)
        *date = day;
    return ERROR_SUCCESS;
}

UINT WINAPI MsiGetFeatureUsageW(const WCHAR *product, const WCHAR *feature, DWORD *count,
                                WORD *date)
{
    return get_usage(w16(product), w16(feature), count, date);
}

UINT WINAPI MsiGetFeatureUsageA(const char *product, const char *feature, DWORD *count, WORD *date)
{
    const char *in[] = {product, feature};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_usage(t.at[0].text, t.at[1].text, count, date);
    texts_done(&t);
    return err;
}

static void count_use(const char16_t *code, const char16_t *feature)
{
    struct product p;
    SYSTEMTIME now;
    u32 err;

    if (!product_find(code, &p))
        return;
    GetLocalTime(&now);
    err = feature_used(&p, feature, (u16)((now.wYear - 1980) << 9 | now.wMonth << 5 | now.wDay));
    if (err)
        TRACE(TRACE_MSI, "the use of %s is not counted: %u", trace_text(feature, -1), err);
}

static INSTALLSTATE use_feature(const char16_t *code, const char16_t *feature, DWORD mode,
                                DWORD reserved)
{
    INSTALLSTATE state;

    if (reserved)
        return INSTALLSTATE_INVALIDARG;
    state = query_feature(code, feature);
    /* INSTALLMODE_NODETECTION and its like look, and do not use. */
    if ((state == INSTALLSTATE_LOCAL || state == INSTALLSTATE_SOURCE) &&
        (i32)mode != INSTALLMODE_NODETECTION && (i32)mode != INSTALLMODE_NODETECTION_ANY)
        count_use(code, feature);
    return state;
}

INSTALLSTATE WINAPI MsiUseFeatureExW(const WCHAR *product, const WCHAR *feature, DWORD mode,
                                     DWORD reserved)
{
    return use_feature(w16(product), w16(feature), mode, reserved);
}

INSTALLSTATE WINAPI MsiUseFeatureExA(const char *product, const char *feature, DWORD mode,
                                     DWORD reserved)
{
    const char *in[] = {product, feature};
    struct texts t;
    INSTALLSTATE state;

    if (texts_from_a(&t, ARRAY_LEN(in), in))
        return INSTALLSTATE_UNKNOWN;
    state = use_feature(t.at[0].text, t.at[1].text, mode, reserved);
    texts_done(&t);
    return state;
}

INSTALLSTATE WINAPI MsiUseFeatureW(const WCHAR *product, const WCHAR *feature)
{
    return MsiUseFeatureExW(product, feature, 0, 0);
}

INSTALLSTATE WINAPI MsiUseFeatureA(const char *product, const char *feature)
{
    return MsiUseFeatureExA(product, feature, 0, 0);
}
