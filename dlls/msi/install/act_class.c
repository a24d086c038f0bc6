/*
 * RegisterClassInfo and UnregisterClassInfo: the tables Class and AppId.
 *
 *   CLSID\code                 description; AppID
 *   CLSID\code\Context         the server; of a library the value ThreadingModel; a value of the
 *                              context's name with a descriptor, by which the server is installed
 *                              when it is wanted; of an advertised class there is no server yet
 *   CLSID\code\...             ProgID, VersionIndependentProgID, DefaultIcon, InprocHandler[32]
 *   FileType\code\0, 1, ...    patterns
 *   AppID\code                 values of the AppId table
 */
#include "act_class.h"

#include "advertise.h"
#include "classes.h"
#include "notify.h"
#include "os.h"
#include "product_text.h"
#include "rows.h"
#include "utf16.h"

enum { RELATIVE_PATH = 1 };

static const char16_t rows[] =
    u"SELECT `CLSID`, `Context`, `Component_`, `ProgId_Default`, `Description`, `AppId_`, "
    u"`FileTypeMask`, `Icon_`, `IconIndex`, `DefInprocHandler`, `Argument`, `Feature_`, "
    u"`Attributes` FROM `Class`";
enum {
    CLSID = 1,
    CONTEXT,
    COMPONENT,
    PROG_ID,
    DESCRIPTION,
    APP_ID,
    FILE_TYPE,
    ICON,
    ICON_INDEX,
    HANDLER,
    ARGUMENT,
    FEATURE,
    ATTRIBUTES
};

struct class_row {
    struct prog_ids *ids;
    struct install *in;
    struct record *row;
    const struct component *component;
    const struct feature *feature;
    enum reg_view view;
    struct rec_view clsid, context;
    struct text_buf server, argument;
};

static bool is_local_server(const struct class_row *r)
{
    return r->context.len >= 11 && u16_is(r->context.text, 11, "LocalServer");
}

/* --- the server ---------------------------------------------------------------------------------
 */

static u32 key_file(struct class_row *r)
{
    u32 err = component_key_file(r->in, r->component, &r->server);
    size_t n = r->server.len;
    i32 attributes = rec_get_int(r->row, ATTRIBUTES);

    if (err || attributes == REC_NULL_INT || !(attributes & RELATIVE_PATH))
        return err;
    while (n && r->server.s[n - 1] != '\\')
        n--;
    for (size_t i = n; i <= r->server.len; i++)
        r->server.s[i - n] = r->server.s[i];
    r->server.len -= n;
    return ERROR_SUCCESS;
}

/* A command line: what has blanks goes into quotation marks. */
static u32 server_line(struct class_row *r, struct text_buf *out)
{
    bool quotes = false;

    for (size_t i = 0; is_local_server(r) && i < r->server.len; i++)
        quotes = quotes || r->server.s[i] == ' ';
    if (quotes)
        tb_char(out, '"');
    tb_add(out, r->server.s, r->server.len);
    if (quotes)
        tb_char(out, '"');
    if (is_local_server(r) && r->argument.len) {
        tb_char(out, ' ');
        tb_add(out, r->argument.s, r->argument.len);
    }
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 set_descriptor(struct class_row *r, const struct reg_place *at)
{
    struct text_buf text;
    u32 err;

    if (!r->feature || (r->feature->attributes & FEATURE_NO_ADVERTISE))
        return ERROR_SUCCESS;
    tb_init(&text);
    err = product_descriptor(r->in, r->feature->named.name, r->component->guid, &text);
    if (is_local_server(r) && r->argument.len) {
        tb_char(&text, ' ');
        tb_add(&text, r->argument.s, r->argument.len);
    }
    tb_char(&text, 0);
    if (!err && text.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err) /* with the zero behind it */
        err = plan_reg_set(r->in, at, r->context.text, REG_TYPE_MULTI, text.s,
                           (text.len + 1) * sizeof(*text.s));
    tb_free(&text);
    return err;
}

static u32 set_server(struct class_row *r)
{
    struct class_key k;
    struct text_buf line;
    u32 err = class_key(r->in, r->view, &k, u"CLSID", r->clsid.text, r->context.text, NULL);

    tb_init(&line);
    if (!err)
        err = server_line(r, &line);
    if (!err && component_installs(r->component))
        err = plan_reg_text(r->in, &k.at, NULL, line.s);
    if (!err && !is_local_server(r) && r->argument.len)
        err = plan_reg_text(r->in, &k.at, u"ThreadingModel", r->argument.s);
    if (!err)
        err = set_descriptor(r, &k.at);
    tb_free(&line);
    class_key_free(&k);
    return err;
}

/* --- what stands beside it ----------------------------------------------------------------------
 */

static u32 set_below(struct class_row *r, const char16_t *key, const char16_t *text)
{
    return class_text(r->in, r->view, text, u"CLSID", r->clsid.text, key, NULL);
}

static u32 set_prog_ids(struct class_row *r)
{
    const struct prog_id *id, *child;
    struct rec_view v;
    u32 i, err;

    if (rec_view(r->row, PROG_ID, &v) || !v.len)
        return ERROR_SUCCESS;
    err = set_below(r, u"ProgID", v.text);
    i = names_find(&r->ids->all, v.text, v.len);
    if (err || i == NAME_NONE)
        return err;
    id = names_at(&r->ids->all, i);
    if (id->child == NAME_NONE)
        return ERROR_SUCCESS;
    child = names_at(&r->ids->all, id->child);
    return set_below(r, u"VersionIndependentProgID", child->named.name);
}

static u32 set_icon(struct class_row *r)
{
    struct text_buf text;
    struct rec_view v;
    u32 err;

    if (rec_view(r->row, ICON, &v) || !v.len)
        return ERROR_SUCCESS;
    tb_init(&text);
    err = class_icon(r->in, v.text, rec_get_int(r->row, ICON_INDEX), &text);
    if (!err)
        err = set_below(r, u"DefaultIcon", text.s);
    tb_free(&text);
    return err;
}

static u32 set_handlers(struct class_row *r)
{
    struct rec_view v;
    i32 which;
    u32 err = ERROR_SUCCESS;

    if (rec_view(r->row, HANDLER, &v) || !v.len)
        return ERROR_SUCCESS;
    which = rec_parse_int(v.text, v.len);
    if (which < 1 || which > 3)
        return set_below(r, u"InprocHandler32", v.text);
    if (which & 1)
        err = set_below(r, u"InprocHandler", u"ole2.dll");
    if (!err && (which & 2))
        err = set_below(r, u"InprocHandler32", u"ole32.dll");
    return err;
}

/* "offset,bytes,mask,pattern;...". */
static u32 set_file_types(struct class_row *r)
{
    struct rec_view v;
    u32 err = ERROR_SUCCESS, n = 0;

    if (rec_view(r->row, FILE_TYPE, &v))
        return ERROR_SUCCESS;
    for (size_t at = 0, end; !err && at < v.len; at = end + 1) {
        char16_t digits[12], *text;

        for (end = at; end < v.len && v.text[end] != ';';)
            end++;
        text = u16_dup(v.text + at, end - at);
        if (!text)
            return ERROR_OUTOFMEMORY;
        rec_format_int((i32)n++, digits);
        err = class_text(r->in, r->view, text, u"FileType", r->clsid.text, digits, NULL);
        os_free(text);
    }
    return err;
}

/* --- AppId --------------------------------------------------------------------------------------
 */

static u32 set_app_value(struct install *in, const struct reg_place *at, struct record *row,
                         u32 field, const char16_t *name)
{
    struct text_buf text;
    u32 err = field == 2 ? row_format(in, row, field, &text) : ERROR_SUCCESS;

    if (field != 2) {
        struct rec_view v;

        tb_init(&text);
        if (!rec_view(row, field, &v))
            tb_add(&text, v.text, v.len);
    }
    if (!err && text.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err && text.len)
        err = plan_reg_text(in, at, name, text.s);
    tb_free(&text);
    return err;
}

static bool is_set(struct record *row, u32 field)
{
    i32 n = rec_get_int(row, field);

    return n != REC_NULL_INT && n;
}

/* Fields: code, server, service, its parameters, surrogate, at storage, interactive. */
static u32 set_app_id(void *ctx, struct record *row)
{
    static const char16_t *const names[] = {u"RemoteServerName", u"LocalService",
                                            u"ServiceParameters", u"DllSurrogate"};
    struct class_row *r = ctx;
    struct class_key k;
    struct rec_view v;
    u32 err;

    if (rec_view(row, 1, &v))
        return ERROR_SUCCESS;
    err = class_key(r->in, r->view, &k, u"AppID", v.text, NULL);
    if (!err)
        err = plan_reg_make_key(r->in, &k.at);
    for (u32 i = 0; !err && i < ARRAY_LEN(names); i++)
        err = set_app_value(r->in, &k.at, row, 2 + i, names[i]);
    if (!err && is_set(row, 6))
        err = plan_reg_text(r->in, &k.at, u"ActivateAtStorage", u"Y");
    if (!err && is_set(row, 7))
        err = plan_reg_text(r->in, &k.at, u"RunAs", u"Interactive User");
    class_key_free(&k);
    return err;
}

static u32 set_app(struct class_row *r)
{
    struct class_key k;
    struct rec_view v;
    u32 err;

    if (rec_view(r->row, APP_ID, &v) || !v.len)
        return ERROR_SUCCESS;
    err = class_key(r->in, r->view, &k, u"CLSID", r->clsid.text, NULL);
    if (!err)
        err = plan_reg_text(r->in, &k.at, u"AppID", v.text);
    class_key_free(&k);
    return err ? err
               : rows_each_named(r->in->s->db,
                                 u"SELECT `AppId`, `RemoteServerName`, `LocalService`, "
                                 u"`ServiceParameters`, `DllSurrogate`, `ActivateAtStorage`, "
                                 u"`RunAsInteractiveUser` FROM `AppId` WHERE `AppId` = ?",
                                 v.text, v.len, set_app_id, r);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static u32 register_row(struct class_row *r)
{
    struct rec_view description;
    u32 err = key_file(r);

    if (!err)
        err = row_format(r->in, r->row, ARGUMENT, &r->argument);
    if (!err && !rec_view(r->row, DESCRIPTION, &description))
        err = class_text(r->in, r->view, description.text, u"CLSID", r->clsid.text, NULL);
    if (!err)
        err = set_server(r);
    if (!err)
        err = set_prog_ids(r);
    if (!err)
        err = set_icon(r);
    if (!err)
        err = set_handlers(r);
    if (!err)
        err = set_file_types(r);
    return err || !component_installs(r->component) ? err : set_app(r);
}

static u32 unregister_row(struct class_row *r)
{
    struct rec_view types, app;
    u32 err = class_remove(r->in, r->view, u"CLSID", r->clsid.text, NULL);

    if (!err && !rec_view(r->row, FILE_TYPE, &types) && types.len) {
        err = class_remove(r->in, r->view, u"FileType", r->clsid.text, NULL);
        if (!err)
            err = class_remove_empty(r->in, r->view, NULL, u"FileType", NULL);
    }
    if (!err && !rec_view(r->row, APP_ID, &app) && app.len)
        err = class_remove(r->in, r->view, u"AppID", app.text, NULL);
    return err;
}

static u32 each_row(void *ctx, struct record *row)
{
    struct prog_ids *ids = ctx;
    struct install *in = ids->scope.in;
    struct class_row r = {.ids = ids,
                          .in = in,
                          .row = row,
                          .component = row_component(in, row, COMPONENT),
                          .feature = row_feature(in, row, FEATURE)};
    u32 err;

    if (!scope_has(&ids->scope, r.component, r.feature) || rec_view(row, CLSID, &r.clsid) ||
        rec_view(row, CONTEXT, &r.context))
        return ERROR_SUCCESS;
    if (!guid_is(r.clsid.text))
        return ERROR_INSTALL_PACKAGE_INVALID;
    r.view = component_view(r.component);
    err = plan_data(in, 1, (const char16_t *const[]){r.clsid.text});
    if (!err)
        err = ids->scope.comes ? register_row(&r) : unregister_row(&r);
    tb_free(&r.server);
    tb_free(&r.argument);
    return err;
}

static u32 each(struct install *in, bool comes)
{
    struct prog_ids ids;
    u32 err = prog_ids_load(&ids, in, comes);

    if (!err)
        err = rows_each(in->s->db, rows, NULL, each_row, &ids);
    if (!err && ids.classes.count)
        err = plan_notify(in, NOTIFY_CLASSES);
    prog_ids_free(&ids);
    return err;
}

u32 act_register_class(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_class(struct install *in)
{
    return each(in, false);
}
