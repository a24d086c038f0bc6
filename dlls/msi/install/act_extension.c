/*
 * RegisterExtensionInfo, RegisterMIMEInfo and their opposites: the tables Extension, Verb and MIME.
 *
 *   .ext                        its program id; Content Type
 *   Name\shell                  the verbs that have a number, in their order
 *   Name\shell\verb             what the menu shows
 *   Name\shell\verb\command     the command line; a value `command` with a descriptor
 *   MIME\Database\Content Type\type     Extension, CLSID
 * An extension without a program id has its shell key itself.
 */
#include "act_class.h"
#include "advertise.h"
#include "classes.h"
#include "notify.h"
#include "os.h"
#include "product_text.h"
#include "reglist.h"
#include "rows.h"
#include "utf16.h"

/* An extension that is meant. */
struct extension {
    struct named named; /* without a dot */
    const struct component *component;
    const struct feature *feature;
    char16_t *owner;        /* the key that has its verbs */
    struct text_buf verbs;  /* those with a number */
    struct text_buf server; /* the path of its program */
};

struct extensions {
    struct class_scope scope;
    struct name_list all;
};

static void extension_done(void *item)
{
    struct extension *e = item;

    os_free(e->owner);
    tb_free(&e->verbs);
    tb_free(&e->server);
}

static u32 dotted(const char16_t *name, struct text_buf *out)
{
    tb_init(out);
    tb_char(out, '.');
    tb_add(out, name, u16_len(name));
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 take_owner(struct extension *e, struct record *row)
{
    struct rec_view v;
    struct text_buf text;
    size_t len;
    u32 err;

    if (!rec_view(row, 3, &v) && v.len) {
        e->owner = u16_dup(v.text, v.len);
        return e->owner ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    err = dotted(e->named.name, &text);
    e->owner = err ? NULL : tb_take(&text, &len);
    tb_free(&text);
    return e->owner ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- extensions ---------------------------------------------------------------------------------
 */

/* Fields: extension, component, program id, content type, feature. */
static u32 change_key(struct install *in, const struct extension *e, struct record *row, bool comes)
{
    struct rec_view id, mime;
    struct text_buf name;
    struct class_key k;
    u32 err = dotted(e->named.name, &name);

    if (err || rec_view(row, 3, &id) || rec_view(row, 4, &mime)) {
        tb_free(&name);
        return err;
    }
    err = class_key(in, component_view(e->component), &k, name.s, NULL);
    if (!err && comes)
        err = id.len ? plan_reg_text(in, &k.at, NULL, id.text) : plan_reg_make_key(in, &k.at);
    if (!err && comes && mime.len)
        err = plan_reg_text(in, &k.at, u"Content Type", mime.text);
    if (!err && !comes && id.len)
        err = plan_reg_list(in, &k.at, NULL, VAR_REMOVE_EQUAL, id.text, id.len);
    if (!err && !comes && mime.len)
        err = plan_reg_list(in, &k.at, u"Content Type", VAR_REMOVE_EQUAL, mime.text, mime.len);
    if (!err && !comes)
        err = class_remove_empty(in, component_view(e->component), NULL, name.s, NULL);
    class_key_free(&k);
    tb_free(&name);
    return err;
}

static u32 begin(struct extensions *x, struct extension *e, struct record *row)
{
    u32 err;

    e->component = row_component(x->scope.in, row, 2);
    e->feature = row_feature(x->scope.in, row, 5);
    err = take_owner(e, row);
    return err ? err : component_key_file(x->scope.in, e->component, &e->server);
}

static u32 each_extension(void *ctx, struct record *row)
{
    struct extensions *x = ctx;
    struct install *in = x->scope.in;
    struct extension *e;
    struct rec_view v;
    u32 err;

    if (!scope_has(&x->scope, row_component(in, row, 2), row_feature(in, row, 5)) ||
        rec_view(row, 1, &v) || names_find(&x->all, v.text, v.len) != NAME_NONE)
        return ERROR_SUCCESS;
    e = names_add(&x->all, v.text, v.len);
    if (!e)
        return ERROR_OUTOFMEMORY;
    err = begin(x, e, row);
    if (!err)
        err = plan_data(in, 1, (const char16_t *const[]){e->named.name});
    return err ? err : change_key(in, e, row, x->scope.comes);
}

static const char16_t extension_rows[] =
    u"SELECT `Extension`, `Component_`, `ProgId_`, `MIME_`, `Feature_` FROM `Extension`";

/* --- verbs --------------------------------------------------------------------------------------
 */

/* Fields: extension, verb, number, menu text, arguments. */
static u32 set_command(struct install *in, struct extension *e, const struct reg_place *at,
                       const struct text_buf *arguments)
{
    struct text_buf text;
    u32 err;

    tb_init(&text);
    tb_char(&text, '"');
    tb_add(&text, e->server.s, e->server.len);
    tb_char(&text, '"');
    if (arguments->len)
        tb_char(&text, ' ');
    tb_add(&text, arguments->s, arguments->len);
    err = text.failed                        ? ERROR_OUTOFMEMORY
          : component_installs(e->component) ? plan_reg_text(in, at, NULL, text.s)
                                             : ERROR_SUCCESS;
    tb_cut(&text, 0);
    if (!err && e->feature && !(e->feature->attributes & FEATURE_NO_ADVERTISE)) {
        err = product_descriptor(in, e->feature->named.name, e->component->guid, &text);
        if (arguments->len)
            tb_char(&text, ' ');
        tb_add(&text, arguments->s, arguments->len);
        tb_char(&text, 0);
        if (!err && text.failed)
            err = ERROR_OUTOFMEMORY;
        if (!err)
            err = plan_reg_set(in, at, u"command", REG_TYPE_MULTI, text.s,
                               (text.len + 1) * sizeof(*text.s));
    }
    tb_free(&text);
    return err;
}

static u32 set_verb(struct install *in, struct extension *e, const char16_t *verb,
                    struct record *row)
{
    enum reg_view view = component_view(e->component);
    struct text_buf menu, arguments;
    struct class_key k;
    u32 err = row_format(in, row, 4, &menu);

    tb_init(&arguments);
    if (!err)
        err = row_format(in, row, 5, &arguments);
    if (!err)
        err = class_text(in, view, menu.s, e->owner, u"shell", verb, NULL);
    if (!err) {
        err = class_key(in, view, &k, e->owner, u"shell", verb, u"command", NULL);
        if (!err)
            err = set_command(in, e, &k.at, &arguments);
        class_key_free(&k);
    }
    if (!err && rec_get_int(row, 3) != REC_NULL_INT) {
        if (e->verbs.len)
            tb_char(&e->verbs, ',');
        tb_add(&e->verbs, verb, u16_len(verb));
    }
    tb_free(&menu);
    tb_free(&arguments);
    return err ? err : e->verbs.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 each_verb(void *ctx, struct record *row)
{
    struct extensions *x = ctx;
    struct install *in = x->scope.in;
    struct rec_view name, verb;
    struct extension *e;
    u32 i;

    if (rec_view(row, 1, &name) || rec_view(row, 2, &verb))
        return ERROR_SUCCESS;
    i = names_find(&x->all, name.text, name.len);
    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    e = names_at(&x->all, i);
    if (x->scope.comes)
        return set_verb(in, e, verb.text, row);
    return class_remove(in, component_view(e->component), e->owner, u"shell", verb.text, NULL);
}

/* The order of the verbs, when all are known. */
static u32 finish(struct extensions *x, struct extension *e)
{
    struct install *in = x->scope.in;
    enum reg_view view = component_view(e->component);

    if (x->scope.comes)
        return class_text(in, view, e->verbs.s, e->owner, u"shell", NULL);
    return class_untext(in, view, NULL, NULL, e->owner, u"shell", NULL);
}

static u32 each(struct install *in, bool comes)
{
    struct extensions x = {.scope = {in, comes}};
    u32 err = install_identify(in);

    names_init(&x.all, sizeof(struct extension));
    if (!err)
        err = rows_each(in->s->db, extension_rows, NULL, each_extension, &x);
    if (!err && x.all.count)
        err = rows_each(in->s->db,
                        u"SELECT `Extension_`, `Verb`, `Sequence`, `Command`, `Argument` FROM "
                        u"`Verb` ORDER BY `Sequence`",
                        NULL, each_verb, &x);
    for (u32 i = 0; !err && i < x.all.count; i++)
        err = finish(&x, names_at(&x.all, i));
    if (!err && x.all.count)
        err = plan_notify(in, NOTIFY_CLASSES);
    names_free(&x.all, extension_done);
    return err;
}

u32 act_register_extension(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_extension(struct install *in)
{
    return each(in, false);
}

/* --- content types ------------------------------------------------------------------------------
 */

static u32 set_type(struct install *in, const struct reg_place *at, struct record *row)
{
    struct rec_view extension, clsid;
    struct text_buf name;
    u32 err;

    if (rec_view(row, 2, &extension) || rec_view(row, 3, &clsid))
        return ERROR_SUCCESS;
    err = dotted(extension.text, &name);
    if (!err)
        err = plan_reg_text(in, at, u"Extension", name.s);
    if (!err && clsid.len)
        err = plan_reg_text(in, at, u"CLSID", clsid.text);
    tb_free(&name);
    return err;
}

/* Fields: type, extension, class. */
static u32 each_type(void *ctx, struct record *row)
{
    static const char16_t database[] = u"MIME\\Database\\Content Type";
    struct prog_ids *p = ctx;
    struct install *in = p->scope.in;
    const struct view_of *e;
    struct rec_view type, name;
    struct class_key k;
    u32 i, err;

    if (rec_view(row, 1, &type) || rec_view(row, 2, &name))
        return ERROR_SUCCESS;
    i = names_find(&p->extensions, name.text, name.len);
    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    e = names_at(&p->extensions, i);
    err = class_key(in, e->view, &k, database, type.text, NULL);
    if (!err)
        err = plan_data(in, 2, (const char16_t *const[]){type.text, name.text});
    if (!err)
        err = p->scope.comes ? set_type(in, &k.at, row) : plan_reg_remove_key(in, &k.at);
    if (!err && !p->scope.comes)
        err = class_remove_empty(in, e->view, NULL, database, NULL);
    class_key_free(&k);
    return err;
}

static u32 each_mime(struct install *in, bool comes)
{
    struct prog_ids p;
    u32 err = prog_ids_load(&p, in, comes);

    if (!err)
        err = rows_each(in->s->db, u"SELECT `ContentType`, `Extension_`, `CLSID` FROM `MIME`", NULL,
                        each_type, &p);
    prog_ids_free(&p);
    return err;
}

u32 act_register_mime(struct install *in)
{
    return each_mime(in, true);
}

u32 act_unregister_mime(struct install *in)
{
    return each_mime(in, false);
}
