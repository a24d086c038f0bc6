/*
 * Opening a session: the checks of a package, its transforms, and the properties that it starts
 * with, which come from the machine, the package, and the command line; later ones win.
 */
#include "adminprops.h"
#include "session_impl.h"

#include <stdatomic.h>
#include <string.h>

#include "advscript.h"
#include "cmdline.h"
#include "dbfeed.h"
#include "notice.h"
#include "patching.h"
#include "reg.h"
#include "rows.h"
#include "stg.h"
#include "suminfo.h"
#include "sysprops.h"
#include "transforms.h"
#include "trace.h"
#include "utf16.h"

enum { SCHEMA_64BIT = 200, SCHEMA_MAX = 500 };
enum { PID_TEMPLATE = 7, PID_REVISION = 9, PID_PAGES = 14, PID_WORDS = 15 };

static void destroy(struct object *o)
{
    struct session *s = session_from(o);

    if (s->install)
        session_installer()->end(s->install);
    if (s->opened)
        notice_bare(NULL, NOTICE_TERMINATE);
    db_lock(s->db);
    db_core_unfeed(s->db->core, s);
    db_unlock(s->db);
    costing_free(s);
    patching_free(s);
    props_free(&s->props);
    props_free(&s->product);
    obj_unref(db_object(s->db));
    os_mutex_done(&s->lock);
    os_free(s->given);
    os_free(s);
}

/* --- the package's checks -----------------------------------------------------------------------
 */

static bool platform_is_64bit(const char16_t *s, size_t len)
{
    return u16_is(s, len, "x64") || u16_is(s, len, "AMD64");
}

static bool platform_ok(const char16_t *s, size_t len)
{
    if (platform_is_64bit(s, len))
        return sys_is_64bit();
    return !len || u16_is(s, len, "Intel"); /* none stands for Intel */
}

static bool language_ok(const char16_t *s, size_t len)
{
    u32 language;

    return !u16_to_u32(s, len, &language) || sys_language_known(language);
}

/* Whether one of the parts between commas will do. */
static bool any_part(const char16_t *s, size_t len, bool (*ok)(const char16_t *s, size_t len))
{
    for (size_t at = 0, end; at <= len; at = end + 1) {
        for (end = at; end < len && s[end] != ',';)
            end++;
        if (ok(s + at, end - at))
            return true;
    }
    return false;
}

/* The first of the languages, 0 where it is none. */
static u32 first_language(const char16_t *s, size_t len)
{
    u32 language;
    size_t n = 0;

    while (n < len && s[n] != ',')
        n++;
    return u16_to_u32(s, n, &language) ? language : 0;
}

/* The schema is required, and one of 64 bits is from a later one on; a package newer than what is
 * known cannot be installed by it. */
static u32 check_schema(const struct session *s, struct suminfo *sum)
{
    i32 least = s->package_64bit ? SCHEMA_64BIT : 1;
    struct sum_value v;
    u32 err = suminfo_get(sum, PID_PAGES, &v);

    os_free(v.text);
    if (err)
        return err;
    if (v.num < least)
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (v.num <= SCHEMA_MAX)
        return ERROR_SUCCESS;
    TRACE(TRACE_MSI, "the package is of schema %d, newer than any known", v.num);
    return ERROR_INSTALL_PACKAGE_VERSION;
}

/* "Platform,platform;language,language". */
static u32 check_template(struct session *s, const char16_t *text, size_t len, struct suminfo *sum)
{
    size_t semi = 0;
    u32 err;

    while (semi < len && text[semi] != ';')
        semi++;
    if (semi == len)
        return ERROR_INSTALL_PACKAGE_INVALID;
    s->package_64bit = any_part(text, semi, platform_is_64bit);
    if (!any_part(text, semi, platform_ok))
        return ERROR_INSTALL_PLATFORM_UNSUPPORTED;
    err = check_schema(s, sum);
    if (err)
        return err;
    text += semi + 1;
    len -= semi + 1;
    s->language = first_language(text, len);
    return any_part(text, len, language_ok) ? ERROR_SUCCESS : ERROR_INSTALL_LANGUAGE_UNSUPPORTED;
}

static u32 read_template(struct session *s, struct suminfo *sum)
{
    struct sum_value v;
    u32 err = suminfo_get(sum, PID_TEMPLATE, &v);

    if (!err) /* none is no fault */
        err = v.text ? check_template(s, v.text, v.len, sum) : check_schema(s, sum);
    os_free(v.text);
    return err;
}

static u32 read_package_code(struct session *s, struct suminfo *sum)
{
    struct sum_value v;
    u32 err = suminfo_get(sum, PID_REVISION, &v);

    if (!err)
        err = v.text ? prop_set(s, "PackageCode", v.text, v.len) : ERROR_INSTALL_PACKAGE_INVALID;
    os_free(v.text);
    return err;
}

/* A patch or a transform is no package. */
static u32 check_class(struct session *s)
{
    static const u8 database[16] = {0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
    u8 is[16];
    u32 err = stg_get_class(s->db->stg, is);

    return err || !memcmp(is, database, sizeof(is)) ? err : ERROR_INSTALL_PACKAGE_INVALID;
}

static u32 read_summary(struct session *s)
{
    struct suminfo *sum;
    struct sum_value v;
    u32 err = check_class(s);

    if (!err)
        err = suminfo_open(s->db, 0, &sum);
    if (err)
        return err;
    err = read_template(s, sum);
    if (!err)
        err = read_package_code(s, sum);
    if (!err && !suminfo_get(sum, PID_WORDS, &v))
        s->word_count = (u32)v.num;
    obj_unref(suminfo_object(sum));
    return err;
}

/* --- properties ---------------------------------------------------------------------------------
 */

static u32 set_system(void *ctx, const char *name, const char16_t *value)
{
    return prop_set(ctx, name, value, u16_len(value));
}

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

/* Set by one thread while others open sessions. */
static _Atomic u32 ui_level = 5;

void session_ui_level(u32 level)
{
    atomic_store_explicit(&ui_level, level, memory_order_relaxed);
}

static u32 set_interface(struct session *s)
{
    static const struct {
        u32 bit; /* of INSTALLUILEVEL */
        const char *name;
    } flags[] = {
        {0x20, "MsiUIHideCancel"}, {0x40, "MsiUIProgressOnly"}, {0x100, "MsiUISourceResOnly"}};
    u32 now = atomic_load_explicit(&ui_level, memory_order_relaxed), err;
    char level[2] = {(char)('0' + (now & 7)), 0};

    err = prop_set_ascii(s, "UILevel", level);
    for (size_t i = 0; !err && i < ARRAY_LEN(flags); i++)
        if (now & flags[i].bit)
            err = prop_set_ascii(s, flags[i].name, "1");
    return err;
}

static u32 set_own(struct session *s, const char16_t *original)
{
    const char16_t *path = s->db->path;
    u32 err = prop_set(s, "DATABASE", path, u16_len(path));

    if (!err && !original)
        original = path;
    if (!err)
        err = prop_set(s, "OriginalDatabase", original, u16_len(original));
    return err ? err : set_interface(s);
}

/* The first of the places that has a text, unless it is set or not wanted. */
static u32 set_registered(struct session *s, const char *name, const char *unwanted,
                          const char16_t *own, const char16_t *machines)
{
    static const char16_t of_user[] = u"Software\\Microsoft\\MS Setup (ACME)\\User Info";
    static const char16_t of_machine[] = u"Software\\Microsoft\\Windows NT\\CurrentVersion";
    char16_t *text = NULL;
    struct reg_key *key;
    u32 err = ERROR_SUCCESS;

    if (prop_get(s, name) || prop_get(s, unwanted))
        return ERROR_SUCCESS;
    if (!reg_open(REG_USER, of_user, &key)) {
        if (reg_get_text(key, own, &text))
            text = NULL;
        reg_close(key);
    }
    if (!text && !reg_open(REG_MACHINE, of_machine, &key)) {
        if (reg_get_text(key, machines, &text))
            text = NULL;
        reg_close(key);
    }
    if (text)
        err = prop_set(s, name, text, u16_len(text));
    os_free(text);
    return err;
}

/* Whose installation it is, and whether the system waits for a restart. */
static u32 set_from_registry(struct session *s)
{
    struct reg_key *key;
    u32 err = set_registered(s, "USERNAME", "NOUSERNAME", u"DefName", u"RegisteredOwner");

    if (!err)
        err = set_registered(s, "COMPANYNAME", "NOCOMPANYNAME", u"DefCompany",
                             u"RegisteredOrganization");
    if (err || reg_open(REG_MACHINE, u"SYSTEM\\CurrentControlSet\\Control\\Session Manager", &key))
        return err;
    if (reg_has_value(key, u"PendingFileRenameOperations"))
        err = prop_set_ascii(s, "MsiSystemRebootPending", "1");
    reg_close(key);
    return err;
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
    const struct property *code = s->restricted ? NULL : prop_get(s, "ProductCode");
    const char *state = code && guid_is(code->value) ? product_state(s, code->value) : "-1";
    u32 err = prop_set_ascii(s, "ProductState", state);

    if (err || state[0] != '5')
        return err;
    err = prop_set_ascii(s, "Installed", "00:00:00");
    return err ? err : prop_set_ascii(s, "ProductToBeRegistered", "1");
}

/* --- opening ------------------------------------------------------------------------------------
 */

static u32 set_given(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                     size_t len)
{
    return props_set(&((struct session *)ctx)->props, name, name_len, value, len);
}

static u32 read_command_line(struct session *s, const struct session_options *o)
{
    return o->command_line ? cmdline_each(o->command_line, u16_len(o->command_line), set_given, s)
                           : ERROR_SUCCESS;
}

/* An advertise script has its transforms in it already. */
static u32 note_transforms(struct session *s, bool *is_script)
{
    struct advscript script;
    u32 err = advscript_read(s->db, &script);

    *is_script = !err;
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    if (script.transforms[0])
        err = prop_set(s, "TRANSFORMS", script.transforms, u16_len(script.transforms));
    advscript_free(&script);
    return err;
}

/* The transforms come before everything that is read from the database. */
static u32 apply_transforms(struct session *s, const struct session_options *o)
{
    const struct property *given = prop_get(s, "TRANSFORMS");
    bool there = false;
    u32 failed = note_transforms(s, &there);

    if (failed || there)
        return failed;
    if (given)
        return transforms_apply(s, given->value, given->value_len);
    if (o->transforms && o->transforms[0]) {
        u32 err = prop_set(s, "TRANSFORMS", o->transforms, u16_len(o->transforms));

        return err ? err : transforms_apply(s, o->transforms, u16_len(o->transforms));
    }
    if (!s->restricted && !prop_get(s, "MSINEWINSTANCE")) {
        u32 err = transforms_registered(s, &there);

        if (err || there)
            return err;
    }
    return transforms_listed(s);
}

static u32 read_properties(struct session *s, const struct session_options *o)
{
    u32 err =
        rows_each(s->db, u"SELECT `Property`, `Value` FROM `Property`", NULL, load_property, s);

    if (!err)
        err = adminprops_read(s);
    if (!err) /* again: it wins over the package too */
        err = read_command_line(s, o);
    if (!err && !s->restricted)
        err = set_from_registry(s);
    if (!err && o->product && s->patches && s->patches->lacking) /* it made this one of another */
        err = prop_set(s, "ProductCode", o->product, u16_len(o->product));
    if (!err)
        err = set_product_state(s);
    return err ? err : patching_properties(s);
}

static u32 load(struct session *s, const struct session_options *o)
{
    u32 err = read_summary(s);

    if (!err)
        err = sys_properties(set_system, s);
    if (!err)
        err = set_own(s, o->original);
    if (!err)
        err = read_command_line(s, o);
    if (!err && o->command_line && !(s->given = u16_dup(o->command_line, u16_len(o->command_line))))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = apply_transforms(s, o);
    if (!err)
        err = patching_apply(s, o);
    return err ? err : read_properties(s, o);
}

/* NULL without memory. */
static struct session *make(struct database *db)
{
    struct session *s = os_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    obj_init(&s->object, OBJ_SESSION, destroy);
    props_init(&s->props);
    props_init(&s->product);
    names_init(&s->folders, sizeof(struct folder));
    names_init(&s->features, sizeof(struct feature));
    names_init(&s->components, sizeof(struct component));
    names_init(&s->files, sizeof(struct package_file));
    obj_ref(db_object(db));
    s->db = db;
    return s;
}

/* --- the table _Property ------------------------------------------------------------------------
 */

static u32 feed_version(void *session)
{
    struct session *s = session;
    u32 version;

    props_hold(&s->props);
    version = s->props.version;
    props_let_go(&s->props);
    return version;
}

static u32 feed_rows(void *session,
                     u32 (*add)(void *to, const char16_t *key, size_t key_len,
                                const char16_t *value, size_t value_len),
                     void *to)
{
    struct props *p = &((struct session *)session)->props;
    u32 err = ERROR_SUCCESS;

    props_hold(p);
    for (u32 i = 0; !err && i < p->count; i++)
        err = add(to, p->all[i].name, p->all[i].name_len, p->all[i].value, p->all[i].value_len);
    props_let_go(p);
    return err;
}

/* A second session on one database has none. */
static u32 show_properties(struct session *s)
{
    const struct db_feed feed = {feed_version, feed_rows, s};
    u32 err;

    db_lock(s->db);
    err = db_core_feed(s->db->core, u"_Property", u"_Property", u"Value", &feed);
    db_unlock(s->db);
    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_SUCCESS : err;
}

static void told_change(void *session, const struct property *old, const char16_t *name,
                        size_t name_len, const char16_t *value, size_t len)
{
    property_changes(session, old, name, name_len, value, len);
}

/* --- a session is made --------------------------------------------------------------------------
 */

void session_announce(struct session *s)
{
    s->opened = true;
    notice_opened(s, s->language, sp_codepage(db_core_strings(s->db->core)));
}

static u32 opened(struct session *s, u32 err, bool silent, struct session **out)
{
    s->props.changes = told_change; /* of what comes now */
    s->props.ctx = s;
    if (!err)
        err = show_properties(s);
    TRACE(TRACE_MSI, "session on %s: %u", trace_text(s->db->path, -1), err);
    if (err) {
        obj_unref(&s->object);
        return err;
    }
    if (!silent)
        session_announce(s);
    *out = s;
    return ERROR_SUCCESS;
}

u32 session_open(struct database *db, const struct session_options *options, struct session **out)
{
    static const struct session_options none;
    struct session *s = make(db);

    if (!s)
        return ERROR_OUTOFMEMORY;
    if (!options)
        options = &none;
    s->restricted = options->restricted;
    s->asks = options->asks;
    return opened(s, load(s, options), options->silent, out);
}

u32 session_open_script(const struct script_session *how, struct session **out)
{
    const char16_t *const values[] = {how->data, how->product, how->sid};
    static const char *const names[] = {"CustomActionData", "ProductCode", "UserSID"};
    struct database *db;
    struct session *s;
    u32 err = db_open_memory(&db);

    if (err)
        return err;
    s = make(db);
    obj_unref(db_object(db));
    if (!s)
        return ERROR_OUTOFMEMORY;
    s->script_mode = how->mode;
    s->language = how->language;
    for (size_t i = 0; !err && i < ARRAY_LEN(names); i++)
        err = prop_set(s, names[i], values[i], values[i] ? u16_len(values[i]) : 0);
    return opened(s, err, true, out);
}

u32 session_open_empty(struct session **out)
{
    struct database *db;
    struct session *s;
    u32 err = db_open_memory(&db);

    if (err)
        return err;
    s = make(db);
    obj_unref(db_object(db));
    if (!s)
        return ERROR_OUTOFMEMORY;
    err = sys_properties(set_system, s);
    if (!err)
        err = set_own(s, NULL);
    if (!err)
        err = prop_set_ascii(s, "ProductState", "-1");
    err = opened(s, err, false, out);
    if (!err && (err = folder_cache_make(*out)))
        obj_unref(session_object(*out));
    return err;
}
