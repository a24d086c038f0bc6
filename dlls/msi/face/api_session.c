/*
 * What is asked of a session: properties, conditions, modes, actions.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "install.h"
#include "installing.h"
#include "strio.h"
#include "use.h"
#include "utf16.h"

/* --- properties ---------------------------------------------------------------------------------
 */

typedef u32 (*get_fn)(struct session *s, const char16_t *name, size_t len, struct text_buf *out);

static u32 get_text(MSIHANDLE install, const struct text_in *name, struct text_out out, get_fn get)
{
    struct text_buf value;
    struct hnd_use use;
    struct session *s;
    DWORD room;
    u32 err;

    if (!name->text) /* said before the handle is looked at */
        return ERROR_INVALID_PARAMETER;
    s = get == session_get_property ? use_session(install, &use) : use_whole_session(install, &use);
    if (!s)
        return ERROR_INVALID_HANDLE;
    tb_init(&value);
    err = get(s, name->text, name->len, &value); /* what is unknown is said before a missing size */
    hnd_done(&use);
    if (!err && out.buf && !out.size)
        err = ERROR_INVALID_PARAMETER;
    room = out.size ? *out.size : 0;
    if (!err)
        err = value.failed ? ERROR_OUTOFMEMORY : text_put(out, value.s ? value.s : u"", value.len);
    /* of a product's properties a size is told to be too small without a buffer too */
    if (!err && get == session_product_property && !out.buf && out.size && *out.size >= room &&
        value.len)
        err = ERROR_MORE_DATA;
    tb_free(&value);
    return err;
}

static u32 get_text_w(MSIHANDLE install, const WCHAR *name, WCHAR *buf, DWORD *size, get_fn get)
{
    struct text_in text;

    text_from_w(&text, name);
    return get_text(install, &text, out_w(buf, size), get);
}

static u32 get_text_a(MSIHANDLE install, const char *name, char *buf, DWORD *size, get_fn get)
{
    struct text_in text;
    u32 err = text_from_a(&text, name);

    if (err)
        return err;
    err = get_text(install, &text, out_a(buf, size), get);
    text_done(&text);
    return err;
}

UINT WINAPI MsiGetPropertyW(MSIHANDLE install, const WCHAR *name, WCHAR *buf, DWORD *size)
{
    return get_text_w(install, name, buf, size, session_get_property);
}

UINT WINAPI MsiGetPropertyA(MSIHANDLE install, const char *name, char *buf, DWORD *size)
{
    return get_text_a(install, name, buf, size, session_get_property);
}

UINT WINAPI MsiGetProductPropertyW(MSIHANDLE install, const WCHAR *name, WCHAR *buf, DWORD *size)
{
    return get_text_w(install, name, buf, size, session_product_property);
}

UINT WINAPI MsiGetProductPropertyA(MSIHANDLE install, const char *name, char *buf, DWORD *size)
{
    return get_text_a(install, name, buf, size, session_product_property);
}

UINT WINAPI MsiGetTargetPathW(MSIHANDLE install, const WCHAR *folder, WCHAR *buf, DWORD *size)
{
    return get_text_w(install, folder, buf, size, session_target_path);
}

UINT WINAPI MsiGetTargetPathA(MSIHANDLE install, const char *folder, char *buf, DWORD *size)
{
    return get_text_a(install, folder, buf, size, session_target_path);
}

UINT WINAPI MsiGetSourcePathW(MSIHANDLE install, const WCHAR *folder, WCHAR *buf, DWORD *size)
{
    return get_text_w(install, folder, buf, size, session_source_path);
}

UINT WINAPI MsiGetSourcePathA(MSIHANDLE install, const char *folder, char *buf, DWORD *size)
{
    return get_text_a(install, folder, buf, size, session_source_path);
}

typedef u32 (*set_fn)(struct session *s, const char16_t *name, size_t name_len,
                      const char16_t *value, size_t len);

static u32 set_text(MSIHANDLE install, const struct text_in *name, const struct text_in *value,
                    set_fn set)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = name->text ? set(s, name->text, name->len, value->text, value->len)
                     : ERROR_INVALID_PARAMETER;
    hnd_done(&use);
    return err;
}

static u32 set_text_w(MSIHANDLE install, const WCHAR *name, const WCHAR *value, set_fn set)
{
    struct text_in n, v;

    text_from_w(&n, name);
    text_from_w(&v, value);
    return set_text(install, &n, &v, set);
}

static u32 set_text_a(MSIHANDLE install, const char *name, const char *value, set_fn set)
{
    struct text_in n = {0}, v = {0};
    u32 err = text_from_a(&n, name);

    if (!err)
        err = text_from_a(&v, value);
    if (!err)
        err = set_text(install, &n, &v, set);
    text_done(&n);
    text_done(&v);
    return err;
}

UINT WINAPI MsiSetPropertyW(MSIHANDLE install, const WCHAR *name, const WCHAR *value)
{
    return set_text_w(install, name, value, session_set_property);
}

UINT WINAPI MsiSetPropertyA(MSIHANDLE install, const char *name, const char *value)
{
    return set_text_a(install, name, value, session_set_property);
}

UINT WINAPI MsiSetTargetPathW(MSIHANDLE install, const WCHAR *folder, const WCHAR *path)
{
    if (!folder || !path)
        return ERROR_INVALID_PARAMETER;
    return set_text_w(install, folder, path, session_set_target_path);
}

UINT WINAPI MsiSetTargetPathA(MSIHANDLE install, const char *folder, const char *path)
{
    if (!folder || !path)
        return ERROR_INVALID_PARAMETER;
    return set_text_a(install, folder, path, session_set_target_path);
}

/* --- conditions ---------------------------------------------------------------------------------
 */

static MSICONDITION evaluate(MSIHANDLE install, const struct text_in *text)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    int result;

    if (!s)
        return MSICONDITION_ERROR;
    result = session_condition(s, text->text ? text->text : u"", text->len);
    hnd_done(&use);
    return (MSICONDITION)result;
}

MSICONDITION WINAPI MsiEvaluateConditionW(MSIHANDLE install, const WCHAR *condition)
{
    struct text_in text;

    text_from_w(&text, condition);
    return evaluate(install, &text);
}

MSICONDITION WINAPI MsiEvaluateConditionA(MSIHANDLE install, const char *condition)
{
    struct text_in text;
    MSICONDITION result;

    if (text_from_a(&text, condition))
        return MSICONDITION_ERROR;
    result = evaluate(install, &text);
    text_done(&text);
    return result;
}

/* --- modes and language -------------------------------------------------------------------------
 */

BOOL WINAPI MsiGetMode(MSIHANDLE install, MSIRUNMODE mode)
{
    struct hnd_use use;
    struct session *s = use_session(install, &use);
    BOOL on;

    if (!s)
        return FALSE;
    on = session_mode(s, (u32)mode);
    hnd_done(&use);
    return on;
}

UINT WINAPI MsiSetMode(MSIHANDLE install, MSIRUNMODE mode, BOOL on)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = session_set_mode(s, (u32)mode, on != 0);
    hnd_done(&use);
    return err;
}

LANGID WINAPI MsiGetLanguage(MSIHANDLE install)
{
    struct hnd_use use;
    struct session *s = use_session(install, &use);
    LANGID language;

    if (!s)
        return ERROR_INVALID_HANDLE; /* as documented */
    language = (LANGID)session_language(s);
    hnd_done(&use);
    return language;
}

/* --- actions ------------------------------------------------------------------------------------
 */

typedef u32 session_deed(struct session *s, const char16_t *name, size_t len);

/* What the whole of an installation is called as an action; NULL: it is something else. */
static const char16_t *whole(const struct text_in *name, session_deed *call)
{
    static const char16_t *const actions[] = {u"INSTALL", u"ADMIN", u"ADVERTISE", u"ExecuteAction"};

    if (call == session_sequence)
        return u16_is(name->text, name->len, "InstallExecuteSequence") ? u"ExecuteAction" : NULL;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        if (name->len == u16_len(actions[i]) &&
            !u16_compare(name->text, name->len, actions[i], name->len))
            return actions[i];
    return NULL;
}

/* In a session that a program opened. */
static u32 act_asked(struct session *s, const struct text_in *name, session_deed *call)
{
    const char16_t *top = whole(name, call);
    u32 err, waited = ERROR_SUCCESS;

    install_prepare();
    if (top && (call != session_sequence || install_is_whole(s)))
        return install_in_session(s, top);
    err = call(s, name->text, name->len);
    if (call == session_sequence)
        waited = install_wait(s);
    if (err == ERROR_NO_MORE_ITEMS) /* a custom action has ended its sequence, well */
        err = ERROR_SUCCESS;
    return err ? err : waited;
}

static u32 act(MSIHANDLE install, const struct text_in *name, session_deed *call)
{
    struct hnd_use use;
    struct session *s;
    u32 err;

    if (!name->text)
        return ERROR_INVALID_PARAMETER;
    s = use_whole_session(install, &use);
    if (!s)
        return ERROR_INVALID_HANDLE;
    err = session_asks(s) ? act_asked(s, name, call) : call(s, name->text, name->len);
    hnd_done(&use);
    return err;
}

UINT WINAPI MsiDoActionW(MSIHANDLE install, const WCHAR *action)
{
    struct text_in text;

    text_from_w(&text, action);
    return act(install, &text, session_do_action);
}

UINT WINAPI MsiDoActionA(MSIHANDLE install, const char *action)
{
    struct text_in text;
    u32 err = text_from_a(&text, action);

    if (err)
        return err;
    err = act(install, &text, session_do_action);
    text_done(&text);
    return err;
}

UINT WINAPI MsiSequenceW(MSIHANDLE install, const WCHAR *table, INT mode)
{
    struct text_in text;

    (void)mode;
    text_from_w(&text, table);
    return act(install, &text, session_sequence);
}

UINT WINAPI MsiSequenceA(MSIHANDLE install, const char *table, INT mode)
{
    struct text_in text;
    u32 err = text_from_a(&text, table);

    (void)mode;
    if (err)
        return err;
    err = act(install, &text, session_sequence);
    text_done(&text);
    return err;
}
