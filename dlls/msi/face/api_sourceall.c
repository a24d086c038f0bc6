/*
 * Source lists as a whole: emptied, looked through anew, and the older functions, which name the
 * user instead of his SID and the context.
 */
#include <windows.h>
#include <msi.h>

#include "sourceowner.h"
#include "texts.h"
#include "userlookup.h"

/* --- MsiSourceListClearAllEx --------------------------------------------------------------------
 */

/* Every kind that the options name. */
static u32 clear_kinds(const struct source_owner *o, DWORD options)
{
    u32 err = ERROR_SUCCESS;

    for (DWORD kind = SOURCE_NETWORK; !err && kind <= SOURCE_MEDIA; kind *= 2)
        if (options & kind)
            err = source_clear(o, (enum source_kind)kind);
    return err ? err : source_forget(o);
}

static u32 clear_all_ex(const char16_t *code, const char16_t *sid, DWORD context, DWORD options)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && !(options & SOURCE_KINDS))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : clear_kinds(&o, options);
}

UINT WINAPI MsiSourceListClearAllExW(const WCHAR *code, const WCHAR *user,
                                     MSIINSTALLCONTEXT context, DWORD options)
{
    return clear_all_ex(w16(code), w16(user), context, options);
}

UINT WINAPI MsiSourceListClearAllExA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                     DWORD options)
{
    const char *in[] = {code, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = clear_all_ex(t.at[0].text, t.at[1].text, context, options);
    texts_done(&t);
    return err;
}

/* --- MsiSourceListForceResolutionEx -------------------------------------------------------------
 */

static u32 force_ex(const char16_t *code, const char16_t *sid, DWORD context, DWORD options)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (options & SOURCE_KINDS))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : source_forget(&o);
}

UINT WINAPI MsiSourceListForceResolutionExW(const WCHAR *code, const WCHAR *user,
                                            MSIINSTALLCONTEXT context, DWORD options)
{
    return force_ex(w16(code), w16(user), context, options);
}

UINT WINAPI MsiSourceListForceResolutionExA(const char *code, const char *user,
                                            MSIINSTALLCONTEXT context, DWORD options)
{
    const char *in[] = {code, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = force_ex(t.at[0].text, t.at[1].text, context, options);
    texts_done(&t);
    return err;
}

/* --- the older ones -----------------------------------------------------------------------------
 */

/* A user's product, managed or not; without a name that of the machine. ERROR_BAD_USERNAME. */
static u32 old_owner(const char16_t *code, const char16_t *user, struct user_sid *sid,
                     struct source_owner *o)
{
    struct layout_path p;
    u32 err;

    if (!code || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    *o = (struct source_owner){code, NULL, CONTEXT_MACHINE, false};
    if (!user || !user[0])
        return ERROR_SUCCESS;
    err = user_lookup(user, sid);
    if (err)
        return err;
    o->sid = sid->own ? NULL : sid->text;
    o->context = CONTEXT_MANAGED;
    layout_advertised(&p, o->context, o->sid, u"Products", code, NULL);
    if (!layout_has(&p))
        o->context = CONTEXT_USER;
    return ERROR_SUCCESS;
}

static u32 add_old(const char16_t *code, const char16_t *user, DWORD reserved,
                   const char16_t *place)
{
    struct source_owner o;
    struct user_sid sid;
    u32 err =
        reserved || !place || !place[0] ? ERROR_INVALID_PARAMETER : old_owner(code, user, &sid, &o);

    return err ? err : source_add(&o, SOURCE_NETWORK, place, 0);
}

UINT WINAPI MsiSourceListAddSourceW(const WCHAR *product, const WCHAR *user, DWORD reserved,
                                    const WCHAR *place)
{
    return add_old(w16(product), w16(user), reserved, w16(place));
}

UINT WINAPI MsiSourceListAddSourceA(const char *product, const char *user, DWORD reserved,
                                    const char *place)
{
    const char *in[] = {product, user, place};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = add_old(t.at[0].text, t.at[1].text, reserved, t.at[2].text);
    texts_done(&t);
    return err;
}

static u32 clear_old(const char16_t *code, const char16_t *user, DWORD reserved)
{
    struct source_owner o;
    struct user_sid sid;
    u32 err = reserved ? ERROR_INVALID_PARAMETER : old_owner(code, user, &sid, &o);

    return err ? err : clear_kinds(&o, SOURCE_NETWORK);
}

UINT WINAPI MsiSourceListClearAllW(const WCHAR *product, const WCHAR *user, DWORD reserved)
{
    return clear_old(w16(product), w16(user), reserved);
}

UINT WINAPI MsiSourceListClearAllA(const char *product, const char *user, DWORD reserved)
{
    const char *in[] = {product, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = clear_old(t.at[0].text, t.at[1].text, reserved);
    texts_done(&t);
    return err;
}

static u32 force_old(const char16_t *code, const char16_t *user, DWORD reserved)
{
    struct source_owner o;
    struct user_sid sid;
    u32 err = reserved ? ERROR_INVALID_PARAMETER : old_owner(code, user, &sid, &o);

    return err ? err : source_forget(&o);
}

UINT WINAPI MsiSourceListForceResolutionW(const WCHAR *product, const WCHAR *user, DWORD reserved)
{
    return force_old(w16(product), w16(user), reserved);
}

UINT WINAPI MsiSourceListForceResolutionA(const char *product, const char *user, DWORD reserved)
{
    const char *in[] = {product, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = force_old(t.at[0].text, t.at[1].text, reserved);
    texts_done(&t);
    return err;
}
