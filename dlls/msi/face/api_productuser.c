/*
 * Products and users: MsiGetUserInfo, MsiCollectUserInfo, MsiIsProductElevated.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "os.h"
#include "patchbase.h"
#include "products.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* --- MsiGetUserInfo -----------------------------------------------------------------------------
 */

/* A value of InstallProperties, from os_alloc; NULL where there is none. */
static char16_t *registered(const struct product *p, const char16_t *name)
{
    struct reg_key *key;
    char16_t *text = NULL;

    if (layout_open(&p->properties, &key))
        return NULL;
    if (reg_get_text(key, name, &text))
        text = NULL;
    reg_close(key);
    return text;
}

/* A buffer that is one character too short for the text and its end is left as it was (seen on
 * Windows); a shorter one is filled. Frees the text. */
static bool put_info(struct text_out out, char16_t *text)
{
    DWORD need = 0;
    u32 err;

    if (!text)
        return true;
    text_put((struct text_out){NULL, &need, out.ansi}, text, u16_len(text));
    err = text_give(out, text, out.size && *out.size == need ? SHORT_NOTHING : SHORT_CUT, false);
    return err != ERROR_MORE_DATA;
}

static bool pairs_good(const struct text_out out[3])
{
    for (size_t i = 0; i < 3; i++)
        if (out[i].buf && !out[i].size)
            return false;
    return true;
}

static USERINFOSTATE get_user_info(const char16_t *code, const struct text_out out[3])
{
    static const char16_t *const names[] = {u"RegOwner", u"RegCompany", u"ProductID"};
    char16_t *owner;
    struct product p;

    if (!code || !guid_is(code) || !pairs_good(out))
        return USERINFOSTATE_INVALIDARG;
    if (!product_find(code, &p))
        return USERINFOSTATE_UNKNOWN;
    owner = registered(&p, names[0]);
    if (!owner)
        return USERINFOSTATE_ABSENT;
    if (!put_info(out[0], owner))
        return USERINFOSTATE_MOREDATA;
    for (size_t i = 1; i < ARRAY_LEN(names); i++)
        if (!put_info(out[i], registered(&p, names[i])))
            return USERINFOSTATE_MOREDATA;
    return USERINFOSTATE_PRESENT;
}

USERINFOSTATE WINAPI MsiGetUserInfoW(const WCHAR *product, WCHAR *user, DWORD *user_size,
                                     WCHAR *org, DWORD *org_size, WCHAR *serial, DWORD *serial_size)
{
    struct text_out out[] = {out_w(user, user_size), out_w(org, org_size),
                             out_w(serial, serial_size)};

    return get_user_info(w16(product), out);
}

USERINFOSTATE WINAPI MsiGetUserInfoA(const char *product, char *user, DWORD *user_size, char *org,
                                     DWORD *org_size, char *serial, DWORD *serial_size)
{
    struct text_out out[] = {out_a(user, user_size), out_a(org, org_size),
                             out_a(serial, serial_size)};
    struct text_in text;
    USERINFOSTATE state;

    if (text_from_a(&text, product))
        return USERINFOSTATE_UNKNOWN;
    state = get_user_info(text.text, out);
    text_done(&text);
    return state;
}

/* --- MsiCollectUserInfo -------------------------------------------------------------------------
 */

/* A session on the product's cached package. */
static u32 open_cached(const struct product *p, MSIHANDLE *session)
{
    WCHAR name[16];
    MSIHANDLE db = 0;
    char16_t *path;
    u32 err = patch_base_package(p, &path);

    if (err)
        return err;
    err = MsiOpenDatabaseW((const WCHAR *)path, MSIDBOPEN_READONLY, &db);
    os_free(path);
    if (err)
        return ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    swprintf(name, ARRAY_LEN(name), L"#%lu", (unsigned long)db);
    err = MsiOpenPackageW(name, session);
    MsiCloseHandle(db);
    return err;
}

/* What the wizard has put into properties becomes the registration. */
static u32 register_user(const struct product *p, MSIHANDLE session)
{
    static const WCHAR *const names[] = {L"USERNAME", L"COMPANYNAME", L"ProductID"};
    static const char16_t *const values[] = {u"RegOwner", u"RegCompany", u"ProductID"};
    struct reg_key *key;
    u32 err = reg_make(p->properties.root, p->properties.path, &key);

    if (err)
        return err;
    for (size_t i = 0; !err && i < ARRAY_LEN(names); i++) {
        WCHAR text[256];
        DWORD size = ARRAY_LEN(text);

        if (!MsiGetPropertyW(session, names[i], text, &size) && size)
            err = reg_set_text(key, values[i], REG_TYPE_SZ, w16(text));
    }
    reg_close(key);
    return err;
}

static u32 collect_user_info(const char16_t *code)
{
    MSIHANDLE session = 0;
    struct product p;
    u32 err;

    if (!code || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p) || !layout_has(&p.properties))
        return ERROR_UNKNOWN_PRODUCT;
    err = open_cached(&p, &session);
    if (err)
        return err;
    err = MsiDoActionW(session, L"FirstRun");
    if (!err)
        err = register_user(&p, session);
    MsiCloseHandle(session);
    return err;
}

UINT WINAPI MsiCollectUserInfoW(const WCHAR *product)
{
    return collect_user_info(w16(product));
}

UINT WINAPI MsiCollectUserInfoA(const char *product)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = collect_user_info(text.text);
    text_done(&text);
    return err;
}

/* --- MsiIsProductElevated -----------------------------------------------------------------------
 */

/* A policy of the machine or of the user: AlwaysInstallElevated must be set in both. */
static bool policy(enum reg_root root)
{
    struct reg_key *key;
    u32 number = 0;

    if (reg_open(root, u"Software\\Policies\\Microsoft\\Windows\\Installer", &key))
        return false;
    if (reg_get_number(key, u"AlwaysInstallElevated", &number))
        number = 0;
    reg_close(key);
    return number == 1;
}

static u32 is_elevated(const char16_t *code, BOOL *elevated)
{
    struct product p;

    if (!elevated)
        return ERROR_INVALID_PARAMETER;
    *elevated = FALSE;
    if (!code || !guid_is(code))
        return ERROR_INVALID_PARAMETER;
    if (!product_find(code, &p))
        return ERROR_UNKNOWN_PRODUCT;
    *elevated = p.context != CONTEXT_USER || (policy(REG_MACHINE) && policy(REG_USER));
    return ERROR_SUCCESS;
}

UINT WINAPI MsiIsProductElevatedW(const WCHAR *product, BOOL *elevated)
{
    return is_elevated(w16(product), elevated);
}

UINT WINAPI MsiIsProductElevatedA(const char *product, BOOL *elevated)
{
    struct text_in text;
    u32 err = text_from_a(&text, product);

    if (err)
        return err;
    err = is_elevated(text.text, elevated);
    text_done(&text);
    return err;
}
