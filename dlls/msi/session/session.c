/*
 * Sessions: opening a package, its properties, conditions and formatted texts.
 */
#include "session_impl.h"

#include <stdatomic.h>

#include "clock.h"
#include "errorrec.h"
#include "format.h"
#include "notice.h"
#include "rows.h"
#include "suminfo.h"
#include "sysprops.h"
#include "trace.h"
#include "utf16.h"

enum { SCHEMA_MAX = 500 };

static _Atomic(const struct session_installer *) installer;

void session_installed_by(const struct session_installer *by)
{
    atomic_store_explicit(&installer, by, memory_order_release);
}

const struct session_installer *session_installer(void)
{
    return atomic_load_explicit(&installer, memory_order_acquire);
}

static void destroy(struct object *o)
{
    struct session *s = session_from(o);

    if (s->install)
        session_installer()->end(s->install);
    if (s->opened)
        notice_bare(NULL, NOTICE_TERMINATE);
    costing_free(s);
    props_free(&s->props);
    props_free(&s->product);
    obj_unref(db_object(s->db));
    os_mutex_done(&s->lock);
    os_free(s);
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

static u32 set_system(void *ctx, const char *name, const char16_t *value)
{
    return prop_set(ctx, name, value, u16_len(value));
}

/* --- opening ------------------------------------------------------------------------------------
 */

static u32 load_property(void *ctx, struct record *row)
{
    struct session *s = ctx;
    size_t name_len, len;
    char16_t *name = rec_dup_text(row, 1, &name_len), *value = rec_dup_text(row, 2, &len);
    u32 err = ERROR_OUTOFMEMORY;

    if (name && value) {
        err = props_set(&s->product, name, name_len, value, len);
        if (!err)
            err = props_set(&s->props, name, name_len, value, len);
    }
    os_free(name);
    os_free(value);
    return err;
}

/* One of the platforms of "Intel,x64": none of them needs nothing. */
static bool platform_ok(const char16_t *s, size_t len)
{
    if (u16_is(s, len, "x64") || u16_is(s, len, "AMD64"))
        return sys_is_64bit();
    return !len || u16_is(s, len, "Intel");
}

/* "Platform,platform;language,language". */
static u32 check_template(struct session *s, const char16_t *text, size_t len)
{
    size_t semi = 0, i = 0;
    u32 language;

    while (semi < len && text[semi] != ';')
        semi++;
    if (semi == len)
        return ERROR_INSTALL_PACKAGE_INVALID;
    while (i < semi && text[i] != ',')
        i++;
    if (!platform_ok(text, i))
        return ERROR_INSTALL_PLATFORM_UNSUPPORTED;
    for (i = semi + 1; i < len && text[i] != ',';)
        i++;
    if (i == semi + 1 || !u16_to_u32(text + semi + 1, i - semi - 1, &language))
        language = 0;
    s->language = language;
    return sys_language_known(language) ? ERROR_SUCCESS : ERROR_INSTALL_LANGUAGE_UNSUPPORTED;
}

static u32 read_template(struct session *s, struct suminfo *sum)
{
    struct sum_value v;
    u32 err = suminfo_get(sum, 7, &v);

    if (!err)
        err = v.text ? check_template(s, v.text, v.len) : ERROR_SUCCESS; /* none is no fault */
    os_free(v.text);
    return err;
}

static u32 read_package_code(struct session *s, struct suminfo *sum)
{
    struct sum_value v;
    u32 err = suminfo_get(sum, 9, &v);

    if (!err)
        err = v.text ? prop_set(s, "PackageCode", v.text, v.len) : ERROR_INSTALL_PACKAGE_INVALID;
    os_free(v.text);
    return err;
}

static u32 read_summary(struct session *s)
{
    struct suminfo *sum;
    struct sum_value v;
    u32 err = suminfo_open(s->db, 0, &sum);

    if (err)
        return err;
    err = read_template(s, sum);
    if (!err)
        err = read_package_code(s, sum);
    if (!err && !suminfo_get(sum, 14, &v) && v.num > SCHEMA_MAX)
        TRACE(TRACE_MSI, "the package is of schema %d, newer than any known", v.num);
    if (!err && !suminfo_get(sum, 15, &v))
        s->word_count = (u32)v.num;
    obj_unref(suminfo_object(sum));
    return err;
}

static u32 set_ascii(struct session *s, const char *name, const char *value)
{
    char16_t wide[64];

    return prop_set(s, name, wide, widen(wide, value));
}

/* Set by one thread while others open sessions. */
static _Atomic u32 ui_level = 5;

void session_ui_level(u32 level)
{
    atomic_store_explicit(&ui_level, MIN(level, 9), memory_order_relaxed);
}

static u32 set_own(struct session *s)
{
    const char16_t *path = s->db->path;
    char level[2] = "";
    u32 err = prop_set(s, "DATABASE", path, u16_len(path));

    if (!err)
        err = prop_set(s, "OriginalDatabase", path, u16_len(path));
    level[0] = (char)('0' + atomic_load_explicit(&ui_level, memory_order_relaxed));
    return err ? err : set_ascii(s, "UILevel", level);
}

/* What the machine knows of the product: INSTALLSTATE's values. */
static const char *product_state(struct session *s, const char16_t *code)
{
    s->registered = product_find(code, &s->product_there);
    if (s->registered)
        return product_installed(&s->product_there) ? "5" : "1";
    return product_for_others(code) ? "2" : "-1";
}

static u32 set_product_state(struct session *s)
{
    const struct property *code = prop_get(s, "ProductCode");
    const char *state = code && guid_is(code->value) ? product_state(s, code->value) : "-1";
    u32 err = set_ascii(s, "ProductState", state);

    if (err || state[0] != '5')
        return err;
    err = set_ascii(s, "Installed", "00:00:00");
    return err ? err : set_ascii(s, "ProductToBeRegistered", "1");
}

static u32 load(struct session *s)
{
    u32 err = read_summary(s);

    if (!err)
        err = sys_properties(set_system, s);
    if (!err)
        err = set_own(s);
    /* The package's own properties win over those of the machine. */
    if (!err)
        err =
            rows_each(s->db, u"SELECT `Property`, `Value` FROM `Property`", NULL, load_property, s);
    return err ? err : set_product_state(s);
}

static void told_change(void *session, const struct property *old, const char16_t *name,
                        size_t name_len, const char16_t *value, size_t len)
{
    property_changes(session, old, name, name_len, value, len);
}

u32 session_open(struct database *db, struct session **out)
{
    struct session *s = os_calloc(1, sizeof(*s));
    u32 err;

    if (!s)
        return ERROR_OUTOFMEMORY;
    obj_init(&s->object, OBJ_SESSION, destroy);
    props_init(&s->props);
    props_init(&s->product);
    names_init(&s->folders, sizeof(struct folder));
    names_init(&s->features, sizeof(struct feature));
    names_init(&s->components, sizeof(struct component));
    names_init(&s->files, sizeof(struct package_file));
    obj_ref(db_object(db));
    s->db = db;
    err = load(s);
    s->props.changes = told_change;
    s->props.ctx = s;
    TRACE(TRACE_MSI, "session on %s: %u", trace_text(db->path, -1), err);
    if (err) {
        obj_unref(&s->object);
        return err;
    }
    s->opened = true;
    notice_opened(s, s->language, sp_codepage(db_core_strings(s->db->core)));
    *out = s;
    return ERROR_SUCCESS;
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
    MODE_ZAW_ENABLED = 13,
};

static bool action_is(const struct session *s, const char *name)
{
    const struct property *p = prop_get(s, "ACTION");

    return p && u16_is(p->value, p->value_len, name);
}

static bool mode_locked(const struct session *s, u32 mode)
{
    switch (mode) {
    case MODE_ADMIN:
        return action_is(s, "ADMIN");
    case MODE_ADVERTISE:
        return action_is(s, "ADVERTISE");
    case MODE_MAINTENANCE:
        return prop_get(s, "Installed") != NULL;
    case MODE_ROLLBACK_ENABLED:
        return !prop_get(s, "DISABLEROLLBACK") && !prop_get(s, "RollbackDisabled");
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
