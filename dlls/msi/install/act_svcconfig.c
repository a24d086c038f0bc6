/*
 * MsiConfigureServices: what the tables MsiServiceConfig and MsiServiceConfigFailureActions say of
 * services of the package, or that are there.
 *
 * It is written where the service control manager reads it when the machine starts (svcreg.h), for
 * that is when it takes effect; so it is undone as all values of the registry are.
 */
#include "act_services.h"

#include "notice.h"
#include "os.h"
#include "rows.h"
#include "svcreg.h"
#include "utf16.h"

enum event { EVENT_INSTALL = 1, EVENT_UNINSTALL = 2, EVENT_REINSTALL = 4 };
enum config_type {
    CONFIG_DELAYED_START = 3,
    CONFIG_FAILURE_FLAG,
    CONFIG_SID,
    CONFIG_PRIVILEGES,
    CONFIG_PRESHUTDOWN
};
enum { CANNOT_CONFIGURE = 1939, ACTIONS_MAX = 1024, PRESHUTDOWN_MS = 180000 };

struct config {
    struct install *in;
    struct name_list made, gone; /* the services that the package installs and deletes now */
};

/* --- which services there are -------------------------------------------------------------------
 */

static u32 add_name(struct install *in, struct record *row, struct name_list *l)
{
    struct text_buf name;
    u32 err = row_format(in, row, 1, &name);

    if (!err && name.len && names_find(l, name.s, name.len) == NAME_NONE &&
        !names_add(l, name.s, name.len))
        err = ERROR_OUTOFMEMORY;
    tb_free(&name);
    return err;
}

static u32 add_made(void *ctx, struct record *row)
{
    struct config *g = ctx;
    const struct component *c = row_component(g->in, row, 2);

    return c && component_installs(c) ? add_name(g->in, row, &g->made) : ERROR_SUCCESS;
}

enum { DELETES = 0x8, DELETES_LEAVING = 0x80 };

static u32 add_gone(void *ctx, struct record *row)
{
    struct config *g = ctx;
    const struct component *c = row_component(g->in, row, 2);
    i32 event = rec_get_int(row, 3);

    if (!c || event == REC_NULL_INT)
        return ERROR_SUCCESS;
    return (component_goes(c) && event & DELETES_LEAVING) ||
                   (component_installs(c) && event & DELETES)
               ? add_name(g->in, row, &g->gone)
               : ERROR_SUCCESS;
}

static bool is_there(const char16_t *name)
{
    char16_t key[SVCREG_PATH];
    struct svc_config c;
    struct reg_place at;
    void *block = NULL;
    u32 err;

    if (!svc_manager()) {
        svcreg_key(name, key, &at);
        return reg_place_has(&at, u"ImagePath");
    }
    err = svc_query(name, &c, &block);
    os_free(block);
    return !err;
}

static bool will_be_there(const struct config *g, const char16_t *name)
{
    size_t n = u16_len(name);

    if (names_find(&g->made, name, n) != NAME_NONE)
        return true;
    return names_find(&g->gone, name, n) == NAME_NONE && is_there(name);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static bool is_asked(struct install *in, struct record *row, u32 event_field, u32 component_field)
{
    const struct component *c = row_component(in, row, component_field);
    i32 event = rec_get_int(row, event_field);

    if (!c || event == REC_NULL_INT)
        return false;
    if (component_goes(c))
        return event & EVENT_UNINSTALL;
    if (!component_installs(c))
        return false;
    return event & (c->installed == STATE_LOCAL || c->installed == STATE_SOURCE ? EVENT_REINSTALL
                                                                                : EVENT_INSTALL);
}

/* The message goes out without the lock: a handler may call anything. */
static u32 refuse(struct install *in, const char16_t *name)
{
    struct notice_field fields[4] = {{NULL, 0, false, 0}};

    fields[1].is_number = true;
    fields[1].number = CANNOT_CONFIGURE;
    fields[2].text = fields[3].text = name;
    fields[2].len = fields[3].len = u16_len(name);
    os_mutex_unlock(&in->s->lock);
    notice_send(in->s, NOTICE_ERROR, fields, ARRAY_LEN(fields));
    os_mutex_lock(&in->s->lock);
    return ERROR_INSTALL_FAILURE;
}

/* The service of a row whose turn it is. ERROR_NO_MORE_ITEMS: there is none to be changed, which is
 * right where the component goes. */
static u32 find_service(struct config *g, struct record *row, u32 component_field,
                        struct text_buf *name)
{
    u32 err = row_format(g->in, row, 1, name);

    if (err)
        return err;
    if (svcreg_is_name(name->s) && will_be_there(g, name->s))
        return ERROR_SUCCESS;
    if (component_goes(row_component(g->in, row, component_field)))
        return ERROR_NO_MORE_ITEMS;
    return refuse(g->in, name->s ? name->s : u"");
}

/* --- MsiServiceConfig ---------------------------------------------------------------------------
 */

static u32 put_number(struct config *g, const struct reg_place *at, const char16_t *value,
                      const struct text_buf *text, u32 otherwise, const char16_t *service)
{
    u32 n = otherwise;

    if (text->len && !u16_to_u32(text->s, text->len, &n))
        return refuse(g->in, service);
    return plan_reg_number(g->in, at, value, n);
}

/* [~] has made zeros of what stands between. */
static u32 put_privileges(struct config *g, const struct reg_place *at, const struct text_buf *text)
{
    static const char16_t none[2];
    struct text_buf list;
    u32 err;

    if (!text->len)
        return plan_reg_set(g->in, at, u"RequiredPrivileges", REG_TYPE_MULTI, none, sizeof(none));
    tb_init(&list);
    for (size_t i = 0; i < text->len; i++)
        if (text->s[i] || (list.len && list.s[list.len - 1]))
            tb_char(&list, text->s[i]);
    tb_char(&list, 0);
    tb_char(&list, 0);
    err = list.failed ? ERROR_OUTOFMEMORY
                      : plan_reg_set(g->in, at, u"RequiredPrivileges", REG_TYPE_MULTI, list.s,
                                     list.len * sizeof(*list.s));
    tb_free(&list);
    return err;
}

static u32 configure(struct config *g, i32 type, const char16_t *service,
                     const struct text_buf *text)
{
    char16_t key[SVCREG_PATH];
    struct reg_place at;

    svcreg_key(service, key, &at);
    switch (type) {
    case CONFIG_DELAYED_START:
        return put_number(g, &at, u"DelayedAutostart", text, 0, service);
    case CONFIG_FAILURE_FLAG:
        return put_number(g, &at, u"FailureActionsOnNonCrashFailures", text, 0, service);
    case CONFIG_SID:
        return put_number(g, &at, u"ServiceSidType", text, 0, service);
    case CONFIG_PRIVILEGES:
        return put_privileges(g, &at, text);
    case CONFIG_PRESHUTDOWN:
        return put_number(g, &at, u"PreshutdownTimeout", text, PRESHUTDOWN_MS, service);
    }
    return refuse(g->in, service);
}

static u32 config_row(void *ctx, struct record *row)
{
    enum { EVENT = 2, TYPE, ARGUMENT, COMPONENT };
    struct config *g = ctx;
    struct text_buf name, text;
    u32 err;

    if (!is_asked(g->in, row, EVENT, COMPONENT))
        return ERROR_SUCCESS;
    err = find_service(g, row, COMPONENT, &name);
    if (!err) {
        err = row_format(g->in, row, ARGUMENT, &text);
        if (!err)
            err = configure(g, rec_get_int(row, TYPE), name.s, &text);
        tb_free(&text);
    }
    tb_free(&name);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* --- MsiServiceConfigFailureActions -------------------------------------------------------------
 */

enum { HEAD = 5, KIND = 0, DELAY = 1 };

/* Numbers with [~] between them, into every second place from `to` on. False: they are none. */
static bool read_numbers(const char16_t *s, size_t len, u32 *to, u32 *count)
{
    size_t at = 0, n;

    for (*count = 0; at < len; ++*count) {
        for (n = 0; at + n < len && s[at + n] >= '0' && s[at + n] <= '9'; n++)
            ;
        if (!n || *count == ACTIONS_MAX || !u16_to_u32(s + at, n, &to[(size_t)*count * 2]))
            return false;
        at += n;
        if (at < len && (len - at < 3 || s[at] != '[' || s[at + 1] != '~' || s[at + 2] != ']'))
            return false;
        at += 3;
    }
    return true;
}

static u32 put_actions(struct config *g, struct record *row, u32 actions_field, u32 reset,
                       const struct reg_place *at, const char16_t *service)
{
    u32 *words = os_calloc(HEAD + 2 * ACTIONS_MAX, sizeof(*words)), count = 0, delays = 0, err;
    size_t len = 0, delays_len = 0;
    char16_t *actions = rec_dup_text(row, actions_field, &len);
    char16_t *times = rec_dup_text(row, actions_field + 1, &delays_len);

    if (!words || !actions || !times)
        err = ERROR_OUTOFMEMORY;
    else if (!read_numbers(actions, len, words + HEAD + KIND, &count) ||
             !read_numbers(times, delays_len, words + HEAD + DELAY, &delays) || count != delays)
        err = refuse(g->in, service);
    else if (!count)
        err = ERROR_SUCCESS;
    else {
        words[0] = reset;
        words[3] = count;
        words[4] = HEAD * sizeof(*words);
        err = plan_reg_set(g->in, at, u"FailureActions", REG_TYPE_BINARY, words,
                           (HEAD + 2 * (size_t)count) * sizeof(*words));
    }
    os_free(words);
    os_free(actions);
    os_free(times);
    return err;
}

/* Empty: it stays as it is; [~] alone: it goes. */
static u32 put_text(struct config *g, struct record *row, u32 field, const struct reg_place *at,
                    const char16_t *value)
{
    struct text_buf text;
    u32 err = row_format(g->in, row, field, &text);

    if (!err && text.len)
        err = text.s[0] ? plan_reg_text(g->in, at, value, text.s)
                        : plan_reg_remove_value(g->in, at, value);
    tb_free(&text);
    return err;
}

static u32 failure_row(void *ctx, struct record *row)
{
    enum { EVENT = 2, RESET, MESSAGE, COMMAND, ACTIONS, COMPONENT = 8 };
    struct config *g = ctx;
    i32 reset = rec_get_int(row, RESET);
    char16_t key[SVCREG_PATH];
    struct reg_place at;
    struct text_buf name;
    u32 err;

    if (!is_asked(g->in, row, EVENT, COMPONENT))
        return ERROR_SUCCESS;
    err = find_service(g, row, COMPONENT, &name);
    if (!err) {
        svcreg_key(name.s, key, &at);
        err = put_actions(g, row, ACTIONS, reset == REC_NULL_INT ? UINT32_MAX : (u32)reset, &at,
                          name.s);
        if (!err)
            err = put_text(g, row, MESSAGE, &at, u"RebootMessage");
        if (!err)
            err = put_text(g, row, COMMAND, &at, u"FailureCommand");
    }
    tb_free(&name);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

u32 configure_services(struct install *in)
{
    struct config g = {.in = in};
    struct database *db = in->s->db;
    u32 err;

    names_init(&g.made, sizeof(struct named));
    names_init(&g.gone, sizeof(struct named));
    err = rows_each(db, u"SELECT `Name`, `Component_` FROM `ServiceInstall`", NULL, add_made, &g);
    if (!err)
        err = rows_each(db, u"SELECT `Name`, `Component_`, `Event` FROM `ServiceControl`", NULL,
                        add_gone, &g);
    if (!err)
        err = rows_each(db,
                        u"SELECT `Name`, `Event`, `ConfigType`, `Argument`, `Component_` FROM "
                        u"`MsiServiceConfig`",
                        NULL, config_row, &g);
    if (!err)
        err = rows_each(db,
                        u"SELECT `Name`, `Event`, `ResetPeriod`, `RebootMessage`, `Command`, "
                        u"`Actions`, `DelayActions`, `Component_` FROM "
                        u"`MsiServiceConfigFailureActions`",
                        NULL, failure_row, &g);
    names_free(&g.made, NULL);
    names_free(&g.gone, NULL);
    return err;
}
