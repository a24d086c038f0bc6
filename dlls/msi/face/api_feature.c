/*
 * The features and components of a session.
 */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "strio.h"
#include "use.h"

/* What is asked about a feature or component, in one shape for A and W. */
struct question {
    u32 (*ask)(struct session *s, const char16_t *name, size_t len, struct question *q);
    int installed, action; /* or the state that is to be set in action */
    int tree;
    i32 cost;
    u32 bits;
    struct feature_info *info;
};

/* no_name is the answer where no name is given. */
static u32 ask(MSIHANDLE install, const struct text_in *name, struct question *q, u32 no_name)
{
    struct hnd_use use;
    struct session *s;
    u32 err;

    if (!name->text) /* said before the handle is looked at */
        return no_name;
    s = use_whole_session(install, &use);
    if (!s)
        return ERROR_INVALID_HANDLE;
    err = q->ask(s, name->text, name->len, q);
    hnd_done(&use);
    return err;
}

static u32 ask_w(MSIHANDLE install, const WCHAR *name, struct question *q, u32 no_name)
{
    struct text_in text;

    text_from_w(&text, name);
    return ask(install, &text, q, no_name);
}

static u32 ask_a(MSIHANDLE install, const char *name, struct question *q, u32 no_name)
{
    struct text_in text;
    u32 err = text_from_a(&text, name);

    if (err)
        return err;
    err = ask(install, &text, q, no_name);
    text_done(&text);
    return err;
}

/* --- states -------------------------------------------------------------------------------------
 */

static u32 get_feature(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_feature_state(s, name, len, &q->installed, &q->action);
}

static u32 get_component(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_component_state(s, name, len, &q->installed, &q->action);
}

static u32 set_feature(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_set_feature_state(s, name, len, q->action);
}

static u32 set_component(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_set_component_state(s, name, len, q->action);
}

static u32 put_states(u32 err, const struct question *q, INSTALLSTATE *installed,
                      INSTALLSTATE *action)
{
    if (!err && installed)
        *installed = (INSTALLSTATE)q->installed;
    if (!err && action)
        *action = (INSTALLSTATE)q->action;
    return err;
}

UINT WINAPI MsiGetFeatureStateW(MSIHANDLE install, const WCHAR *feature, INSTALLSTATE *installed,
                                INSTALLSTATE *action)
{
    struct question q = {.ask = get_feature};

    return put_states(ask_w(install, feature, &q, ERROR_UNKNOWN_FEATURE), &q, installed, action);
}

UINT WINAPI MsiGetFeatureStateA(MSIHANDLE install, const char *feature, INSTALLSTATE *installed,
                                INSTALLSTATE *action)
{
    struct question q = {.ask = get_feature};

    return put_states(ask_a(install, feature, &q, ERROR_UNKNOWN_FEATURE), &q, installed, action);
}

UINT WINAPI MsiGetComponentStateW(MSIHANDLE install, const WCHAR *component,
                                  INSTALLSTATE *installed, INSTALLSTATE *action)
{
    struct question q = {.ask = get_component};

    return put_states(ask_w(install, component, &q, ERROR_UNKNOWN_COMPONENT), &q, installed,
                      action);
}

UINT WINAPI MsiGetComponentStateA(MSIHANDLE install, const char *component, INSTALLSTATE *installed,
                                  INSTALLSTATE *action)
{
    struct question q = {.ask = get_component};

    return put_states(ask_a(install, component, &q, ERROR_UNKNOWN_COMPONENT), &q, installed,
                      action);
}

UINT WINAPI MsiSetFeatureStateW(MSIHANDLE install, const WCHAR *feature, INSTALLSTATE state)
{
    struct question q = {.ask = set_feature, .action = (int)state};

    return ask_w(install, feature, &q, ERROR_UNKNOWN_FEATURE);
}

UINT WINAPI MsiSetFeatureStateA(MSIHANDLE install, const char *feature, INSTALLSTATE state)
{
    struct question q = {.ask = set_feature, .action = (int)state};

    return ask_a(install, feature, &q, ERROR_UNKNOWN_FEATURE);
}

UINT WINAPI MsiSetComponentStateW(MSIHANDLE install, const WCHAR *component, INSTALLSTATE state)
{
    struct question q = {.ask = set_component, .action = (int)state};

    return ask_w(install, component, &q, ERROR_UNKNOWN_COMPONENT);
}

UINT WINAPI MsiSetComponentStateA(MSIHANDLE install, const char *component, INSTALLSTATE state)
{
    struct question q = {.ask = set_component, .action = (int)state};

    return ask_a(install, component, &q, ERROR_UNKNOWN_COMPONENT);
}

/* --- attributes, costs --------------------------------------------------------------------------
 */

static u32 set_attributes(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_set_feature_attributes(s, name, len, q->bits);
}

UINT WINAPI MsiSetFeatureAttributesW(MSIHANDLE install, const WCHAR *feature, DWORD attributes)
{
    struct question q = {.ask = set_attributes, .bits = attributes};

    return ask_w(install, feature, &q, ERROR_UNKNOWN_FEATURE);
}

UINT WINAPI MsiSetFeatureAttributesA(MSIHANDLE install, const char *feature, DWORD attributes)
{
    struct question q = {.ask = set_attributes, .bits = attributes};

    return ask_a(install, feature, &q, ERROR_UNKNOWN_FEATURE);
}

static u32 get_cost(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_feature_cost(s, name, len, q->tree, q->action, &q->cost);
}

UINT WINAPI MsiGetFeatureCostW(MSIHANDLE install, const WCHAR *feature, MSICOSTTREE tree,
                               INSTALLSTATE state, INT *cost)
{
    struct question q = {.ask = get_cost, .tree = (int)tree, .action = (int)state};
    u32 err;

    if (!cost)
        return ERROR_INVALID_PARAMETER;
    err = ask_w(install, feature, &q, ERROR_INVALID_PARAMETER);
    if (!err)
        *cost = q.cost;
    return err;
}

UINT WINAPI MsiGetFeatureCostA(MSIHANDLE install, const char *feature, MSICOSTTREE tree,
                               INSTALLSTATE state, INT *cost)
{
    struct text_in text;
    u32 err = text_from_a(&text, feature);

    if (err)
        return err;
    err = MsiGetFeatureCostW(install, (const WCHAR *)text.text, tree, state, cost);
    text_done(&text);
    return err;
}

static u32 get_valid(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_feature_valid_states(s, name, len, &q->bits);
}

UINT WINAPI MsiGetFeatureValidStatesW(MSIHANDLE install, const WCHAR *feature, DWORD *states)
{
    struct question q = {.ask = get_valid};
    u32 err;

    if (!states)
        return ERROR_INVALID_PARAMETER;
    err = ask_w(install, feature, &q, ERROR_UNKNOWN_FEATURE);
    if (!err)
        *states = q.bits;
    return err;
}

UINT WINAPI MsiGetFeatureValidStatesA(MSIHANDLE install, const char *feature, DWORD *states)
{
    struct text_in text;
    u32 err = text_from_a(&text, feature);

    if (err)
        return err;
    err = MsiGetFeatureValidStatesW(install, (const WCHAR *)text.text, states);
    text_done(&text);
    return err;
}

static u32 get_info(struct session *s, const char16_t *name, size_t len, struct question *q)
{
    return session_feature_info(s, name, len, q->info);
}

static u32 put_info(u32 err, struct feature_info *info, DWORD *attributes, struct text_out title,
                    struct text_out help)
{
    u32 second;

    if (!err && (info->title.failed || info->description.failed))
        err = ERROR_OUTOFMEMORY;
    if (!err) {
        if (attributes)
            *attributes = info->attributes;
        err = text_put(title, info->title.s ? info->title.s : u"", info->title.len);
        second =
            text_put(help, info->description.s ? info->description.s : u"", info->description.len);
        err = err ? err : second;
    }
    tb_free(&info->title);
    tb_free(&info->description);
    return err;
}

UINT WINAPI MsiGetFeatureInfoW(MSIHANDLE install, const WCHAR *feature, DWORD *attributes,
                               WCHAR *title, DWORD *title_size, WCHAR *help, DWORD *help_size)
{
    struct feature_info info = {0};
    struct question q = {.ask = get_info, .info = &info};
    u32 err = ask_w(install, feature, &q, ERROR_INVALID_PARAMETER);

    return put_info(err, &info, attributes, out_w(title, title_size), out_w(help, help_size));
}

UINT WINAPI MsiGetFeatureInfoA(MSIHANDLE install, const char *feature, DWORD *attributes,
                               char *title, DWORD *title_size, char *help, DWORD *help_size)
{
    struct feature_info info = {0};
    struct question q = {.ask = get_info, .info = &info};
    u32 err = ask_a(install, feature, &q, ERROR_INVALID_PARAMETER);

    return put_info(err, &info, attributes, out_a(title, title_size), out_a(help, help_size));
}

UINT WINAPI MsiSetInstallLevel(MSIHANDLE install, int level)
{
    struct hnd_use use;
    struct session *s = use_whole_session(install, &use);
    u32 err;

    if (!s)
        return ERROR_INVALID_HANDLE;
    err = session_set_install_level(s, level);
    hnd_done(&use);
    return err;
}
