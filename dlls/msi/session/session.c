/*
 * What is asked of a session: properties, conditions, formatted texts, modes.
 */
#include "session_impl.h"

#include <stdatomic.h>

#include "clock.h"
#include "format.h"
#include "log.h"
#include "utf16.h"

static _Atomic(const struct session_installer *) installer;

void session_installed_by(const struct session_installer *by)
{
    atomic_store_explicit(&installer, by, memory_order_release);
}

const struct session_installer *session_installer(void)
{
    return atomic_load_explicit(&installer, memory_order_acquire);
}

/* --- properties by ASCII names ------------------------------------------------------------------
 */

static size_t widen(char16_t to[64], const char *name)
{
    size_t n = 0;

    while (name[n] && n < 63) {
        to[n] = (unsigned char)name[n];
        n++;
    }
    return n;
}

u32 prop_set(struct session *s, const char *name, const char16_t *value, size_t len)
{
    char16_t wide[64];
    size_t n = widen(wide, name);

    return props_set(&s->props, wide, n, value, len);
}

const struct property *prop_get(const struct session *s, const char *name)
{
    char16_t wide[64];
    size_t n = widen(wide, name);

    return props_get(&s->props, wide, n);
}

u32 prop_set_ascii(struct session *s, const char *name, const char *value)
{
    char16_t wide[64];

    return prop_set(s, name, wide, widen(wide, value));
}

struct database *session_database(struct session *s)
{
    obj_ref(db_object(s->db));
    return s->db;
}

/* --- properties ---------------------------------------------------------------------------------
 */

u32 session_language(struct session *s)
{
    const struct property *p;
    u32 language = s->language, n;

    os_mutex_lock(&s->lock);
    p = prop_get(s, "ProductLanguage");
    if (p && u16_to_u32(p->value, p->value_len, &n))
        language = n;
    os_mutex_unlock(&s->lock);
    return language;
}

u32 session_set_property(struct session *s, const char16_t *name, size_t name_len,
                         const char16_t *value, size_t len)
{
    u32 err;

    if (!name_len)
        return value ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
    os_mutex_lock(&s->lock);
    err = props_set(&s->props, name, name_len, value, len);
    os_mutex_unlock(&s->lock);
    return err;
}

static void add_property(const struct property *p, struct text_buf *out)
{
    if (p)
        tb_add(out, p->value, p->value_len);
}

u32 session_get_property(struct session *s, const char16_t *name, size_t len, struct text_buf *out)
{
    os_mutex_lock(&s->lock);
    add_property(props_get(&s->props, name, len), out);
    os_mutex_unlock(&s->lock);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 session_product_property(struct session *s, const char16_t *name, size_t len,
                             struct text_buf *out)
{
    os_mutex_lock(&s->lock);
    add_property(props_get(&s->product, name, len), out);
    os_mutex_unlock(&s->lock);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- formatted texts and conditions -------------------------------------------------------------
 */

static u32 add_variable(const char16_t *name, size_t len, struct text_buf *out)
{
    char ascii[256];
    char16_t *value;
    enum { CAP = 32768 };

    if (u16_to_utf8(ascii, sizeof(ascii) - 1, name, len, false) >= sizeof(ascii))
        return ERROR_SUCCESS;
    ascii[u16_to_utf8(ascii, sizeof(ascii) - 1, name, len, false)] = 0;
    value = os_alloc_array(CAP, sizeof(*value));
    if (!value)
        return ERROR_OUTOFMEMORY;
    if (os_env(ascii, value, CAP))
        tb_add(out, value, u16_len(value));
    os_free(value);
    return ERROR_SUCCESS;
}

/* A property, which is of the moment if it is Time or Date. */
static void add_now(const struct property *p, struct text_buf *out)
{
    if (p && u16_is(p->name, p->name_len, "Time"))
        clock_time(out);
    else if (p && u16_is(p->name, p->name_len, "Date"))
        clock_date(out);
    else
        add_property(p, out);
}

static u32 lookup_format(void *session, const char16_t *name, size_t len, struct text_buf *out)
{
    struct session *s = session;

    switch (name[0]) {
    case '%':
        return add_variable(name + 1, len - 1, out);
    case '#':
    case '!':
        return file_path(s, name + 1, len - 1, out);
    case '$':
        return component_path(s, name + 1, len - 1, out);
    }
    add_now(props_get(&s->props, name, len), out);
    return ERROR_SUCCESS;
}

static u32 add_state(const struct session *s, char16_t sign, const char16_t *name, size_t len,
                     struct text_buf *out)
{
    bool component = sign == '$' || sign == '?';
    const struct name_list *l = component ? &s->components : &s->features;
    u32 i = s->costed ? names_find(l, name, len) : NAME_NONE;
    int installed, action;

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    if (component) {
        const struct component *c = names_at(l, i);

        installed = c->installed;
        action = c->action;
    } else {
        const struct feature *f = names_at(l, i);

        installed = f->installed;
        action = f->action;
    }
    tb_number(out, sign == '$' || sign == '&' ? action : installed);
    return ERROR_SUCCESS;
}

static u32 lookup_condition(void *session, char16_t sign, const char16_t *name, size_t len,
                            struct text_buf *out)
{
    struct session *s = session;

    if (sign == '%')
        return add_variable(name, len, out);
    if (sign)
        return add_state(s, sign, name, len, out);
    add_property(props_get(&s->props, name, len), out);
    return ERROR_SUCCESS;
}

enum cond_result condition_of(struct session *s, const char16_t *text, size_t len)
{
    return cond_evaluate(text, len, lookup_condition, s);
}

bool condition_true(struct session *s, const char16_t *text, size_t len)
{
    enum cond_result r = condition_of(s, text, len);

    return r == COND_TRUE || r == COND_NONE;
}

u32 format_text(struct session *s, const char16_t *text, size_t len, struct text_buf *out)
{
    return fmt_text(NULL, lookup_format, s, text, len, out);
}

u32 session_format(struct session *s, struct record *r, struct text_buf *out)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = fmt_record(r, lookup_format, s, out);
    os_mutex_unlock(&s->lock);
    return err;
}

int session_condition(struct session *s, const char16_t *text, size_t len)
{
    enum cond_result r;

    os_mutex_lock(&s->lock);
    r = cond_evaluate(text, len, lookup_condition, s);
    os_mutex_unlock(&s->lock);
    return (int)r;
}

/* --- modes --------------------------------------------------------------------------------------
 */

enum mode {
    MODE_ADMIN,
    MODE_ADVERTISE,
    MODE_MAINTENANCE,
    MODE_ROLLBACK_ENABLED,
    MODE_LOG_ENABLED,
    MODE_OPERATIONS,
    MODE_REBOOT_AT_END,
    MODE_REBOOT_NOW,
    MODE_CABINET,
    MODE_SOURCE_SHORT,
    MODE_TARGET_SHORT,
    MODE_ZAW_ENABLED = 13
};

static bool action_is(const struct session *s, const char *name)
{
    const struct property *p = prop_get(s, "ACTION");

    return p && u16_is(p->value, p->value_len, name);
}

bool session_asks(const struct session *s)
{
    return s->asks;
}

bool session_is_script(const struct session *s)
{
    return s->script_mode != 0;
}

static bool mode_locked(const struct session *s, u32 mode)
{
    if (s->script_mode)
        return s->script_mode == mode;
    switch (mode) {
    case MODE_ADMIN:
        return action_is(s, "ADMIN");
    case MODE_ADVERTISE:
        return action_is(s, "ADVERTISE");
    case MODE_MAINTENANCE:
        return prop_get(s, "Installed") != NULL;
    case MODE_ROLLBACK_ENABLED:
        return !prop_get(s, "DISABLEROLLBACK") && !prop_get(s, "RollbackDisabled");
    case MODE_LOG_ENABLED:
        return log_is(LOG_ALL);
    case MODE_OPERATIONS:
        return s->spools;
    case MODE_REBOOT_AT_END:
        return s->reboot_at_end;
    case MODE_REBOOT_NOW:
        return s->reboot_now;
    case MODE_CABINET:
        return s->word_count & 2;
    case MODE_SOURCE_SHORT:
        return s->word_count & 1;
    case MODE_TARGET_SHORT:
        return prop_get(s, "SHORTFILENAMES") != NULL;
    case MODE_ZAW_ENABLED:
        return true;
    }
    return false;
}

bool session_mode(struct session *s, u32 mode)
{
    bool on;

    os_mutex_lock(&s->lock);
    on = mode_locked(s, mode);
    os_mutex_unlock(&s->lock);
    return on;
}

u32 session_set_mode(struct session *s, u32 mode, bool on)
{
    if (mode != MODE_REBOOT_AT_END && mode != MODE_REBOOT_NOW)
        return ERROR_ACCESS_DENIED;
    os_mutex_lock(&s->lock);
    if (mode == MODE_REBOOT_AT_END)
        s->reboot_at_end = on;
    else
        s->reboot_now = on;
    os_mutex_unlock(&s->lock);
    return ERROR_SUCCESS;
}
