/*
 * What the actions for classes share.
 */
#include "classes.h"

#include <stdarg.h>

#include "advertise.h"
#include "os.h"
#include "product_text.h"
#include "reglist.h"
#include "rows.h"
#include "utf16.h"

#define CLASSES u"Software\\Classes"

bool scope_has(const struct class_scope *s, const struct component *c, const struct feature *f)
{
    if (!c || c->store) /* who loads an assembly for everybody has its manifest for that */
        return false;
    if (!s->comes)
        return component_goes(c) || component_vanishes(c, f);
    if (component_appears(c, f) && !component_installs(c))
        return true;
    return component_installs(c) && reinstalls(s->in, c, 'm') &&
           (!f || f->action == STATE_LOCAL || f->action == STATE_SOURCE);
}

/* --- keys ---------------------------------------------------------------------------------------
 */

static u32 key_of(struct install *in, enum reg_view view, struct class_key *k, va_list parts)
{
    const char16_t *part;
    bool bad = false;

    tb_init(&k->path);
    classes_root(in, &k->at);
    tb_add(&k->path, k->at.key, u16_len(k->at.key));
    while ((part = va_arg(parts, const char16_t *))) {
        bad = bad || !part[0];
        tb_char(&k->path, '\\');
        tb_add(&k->path, part, u16_len(part));
    }
    k->at.view = view;
    k->at.key = k->path.s;
    if (bad) /* it would be another key */
        return ERROR_INSTALL_PACKAGE_INVALID;
    return k->path.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 class_key(struct install *in, enum reg_view view, struct class_key *k, ...)
{
    va_list parts;
    u32 err;

    va_start(parts, k);
    err = key_of(in, view, k, parts);
    va_end(parts);
    return err;
}

void class_key_free(struct class_key *k)
{
    tb_free(&k->path);
}

u32 class_text(struct install *in, enum reg_view view, const char16_t *text, ...)
{
    struct class_key k;
    va_list parts;
    u32 err;

    if (!text || !text[0])
        return ERROR_SUCCESS;
    va_start(parts, text);
    err = key_of(in, view, &k, parts);
    va_end(parts);
    if (!err)
        err = plan_reg_text(in, &k.at, NULL, text);
    class_key_free(&k);
    return err;
}

static size_t kept_len(const char16_t *keep)
{
    return u16_len(CLASSES) + (keep ? 1 + u16_len(keep) : 0);
}

u32 class_untext(struct install *in, enum reg_view view, const char16_t *keep, const char16_t *text,
                 ...)
{
    struct class_key k;
    va_list parts;
    u32 err;

    va_start(parts, text);
    err = key_of(in, view, &k, parts);
    va_end(parts);
    if (!err)
        err = plan_reg_list(in, &k.at, NULL, VAR_REMOVE_EQUAL, text ? text : u"",
                            text ? u16_len(text) : 0);
    if (!err)
        err = plan_reg_remove_empty(in, &k.at, kept_len(keep));
    class_key_free(&k);
    return err;
}

u32 class_remove(struct install *in, enum reg_view view, ...)
{
    struct class_key k;
    va_list parts;
    u32 err;

    va_start(parts, view);
    err = key_of(in, view, &k, parts);
    va_end(parts);
    if (!err)
        err = plan_reg_remove_key(in, &k.at);
    class_key_free(&k);
    return err;
}

u32 class_remove_empty(struct install *in, enum reg_view view, const char16_t *keep, ...)
{
    struct class_key k;
    va_list parts;
    u32 err;

    va_start(parts, keep);
    err = key_of(in, view, &k, parts);
    va_end(parts);
    if (!err)
        err = plan_reg_remove_empty(in, &k.at, kept_len(keep));
    class_key_free(&k);
    return err;
}

u32 class_icon(struct install *in, const char16_t *icon, i32 index, struct text_buf *out)
{
    u32 err;

    if (!icon || !icon[0])
        return ERROR_SUCCESS;
    err = product_icon(in, icon, out);
    if (err)
        return err;
    tb_char(out, ',');
    tb_number(out, index == REC_NULL_INT ? 0 : index);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- program ids --------------------------------------------------------------------------------
 */

static void prog_id_done(void *item)
{
    struct prog_id *p = item;

    os_free(p->class_id);
    os_free(p->parent);
    os_free(p->description);
    os_free(p->icon);
}

static void view_of_done(void *item)
{
    os_free(((struct view_of *)item)->prog_id);
}

static u32 add_view(struct name_list *l, struct record *row, enum reg_view view,
                    struct view_of **out)
{
    struct rec_view v;

    *out = NULL;
    if (rec_view(row, 1, &v) || names_find(l, v.text, v.len) != NAME_NONE)
        return ERROR_SUCCESS;
    *out = names_add(l, v.text, v.len);
    if (!*out)
        return ERROR_OUTOFMEMORY;
    (*out)->view = view;
    return ERROR_SUCCESS;
}

/* Fields: class, component, feature. */
static u32 add_class(void *ctx, struct record *row)
{
    struct prog_ids *p = ctx;
    const struct component *c = row_component(p->scope.in, row, 2);
    struct view_of *v;

    if (!scope_has(&p->scope, c, row_feature(p->scope.in, row, 3)))
        return ERROR_SUCCESS;
    return add_view(&p->classes, row, component_view(c), &v);
}

/* Fields: extension, component, feature, program id. */
static u32 add_extension(void *ctx, struct record *row)
{
    struct prog_ids *p = ctx;
    const struct component *c = row_component(p->scope.in, row, 2);
    struct view_of *v;
    size_t len;
    u32 err;

    if (!scope_has(&p->scope, c, row_feature(p->scope.in, row, 3)))
        return ERROR_SUCCESS;
    err = add_view(&p->extensions, row, component_view(c), &v);
    if (err || !v)
        return err;
    v->prog_id = rec_dup_text(row, 4, &len);
    return v->prog_id ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 add_prog_id(void *ctx, struct record *row)
{
    struct prog_ids *p = ctx;
    struct rec_view v;
    struct prog_id *id;
    size_t len;
    u32 i;

    if (rec_view(row, 1, &v))
        return ERROR_SUCCESS;
    id = names_add(&p->all, v.text, v.len);
    if (!id)
        return ERROR_OUTOFMEMORY;
    id->child = NAME_NONE;
    id->parent = rec_dup_text(row, 2, &len);
    id->class_id = rec_dup_text(row, 3, &len);
    id->description = rec_dup_text(row, 4, &len);
    id->icon = rec_dup_text(row, 5, &len);
    id->icon_index = rec_get_int(row, 6);
    if (!id->parent || !id->class_id || !id->description || !id->icon)
        return ERROR_OUTOFMEMORY;
    i = names_find(&p->classes, id->class_id, u16_len(id->class_id));
    if (i != NAME_NONE) {
        id->meant = true;
        id->view = ((const struct view_of *)names_at(&p->classes, i))->view;
    }
    return ERROR_SUCCESS;
}

/* One without a class is meant where an extension that has a verb names it. Fields: extension. */
static u32 mean_by_verb(void *ctx, struct record *row)
{
    struct prog_ids *p = ctx;
    struct rec_view v;
    const struct view_of *e;
    struct prog_id *id;
    u32 i = rec_view(row, 1, &v) ? NAME_NONE : names_find(&p->extensions, v.text, v.len);

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    e = names_at(&p->extensions, i);
    i = names_find(&p->all, e->prog_id, u16_len(e->prog_id));
    id = i == NAME_NONE ? NULL : names_at(&p->all, i);
    if (id && !id->class_id[0]) {
        id->meant = true;
        id->view = e->view;
    }
    return ERROR_SUCCESS;
}

/* Those that stand for another go with it. One level is all that there is: a chain's further ones
 * are looked up through their parents, whatever their order, up to a bound for rings. */
static void mean_children(struct prog_ids *p)
{
    enum { DEPTH = 32 };

    for (u32 i = 0; i < p->all.count; i++) {
        struct prog_id *id = names_at(&p->all, i);
        u32 up = i;

        for (int n = 0; n < DEPTH && up != NAME_NONE && !id->meant; n++) {
            const struct prog_id *at = names_at(&p->all, up);

            if (at->meant) {
                id->meant = true;
                id->view = at->view;
            }
            up = at->parent[0] ? names_find(&p->all, at->parent, u16_len(at->parent)) : NAME_NONE;
        }
        up = id->parent[0] ? names_find(&p->all, id->parent, u16_len(id->parent)) : NAME_NONE;
        if (up != NAME_NONE && up != i)
            ((struct prog_id *)names_at(&p->all, up))->child = i;
    }
}

u32 prog_ids_load(struct prog_ids *p, struct install *in, bool comes)
{
    const struct {
        const char16_t *query;
        u32 (*each)(void *ctx, struct record *row);
    } tables[] = {
        {u"SELECT `CLSID`, `Component_`, `Feature_` FROM `Class`", add_class},
        {u"SELECT `Extension`, `Component_`, `Feature_`, `ProgId_` FROM `Extension`",
         add_extension},
        {u"SELECT `ProgId`, `ProgId_Parent`, `Class_`, `Description`, `Icon_`, `IconIndex` FROM "
         u"`ProgId`",
         add_prog_id},
        {u"SELECT `Extension_` FROM `Verb`", mean_by_verb},
    };
    u32 err;

    p->scope = (struct class_scope){in, comes};
    names_init(&p->all, sizeof(struct prog_id));
    names_init(&p->classes, sizeof(struct view_of));
    names_init(&p->extensions, sizeof(struct view_of));
    err = install_identify(in);
    for (size_t i = 0; !err && i < ARRAY_LEN(tables); i++)
        err = rows_each(in->s->db, tables[i].query, NULL, tables[i].each, p);
    if (!err)
        mean_children(p);
    return err;
}

void prog_ids_free(struct prog_ids *p)
{
    names_free(&p->all, prog_id_done);
    names_free(&p->classes, view_of_done);
    names_free(&p->extensions, view_of_done);
}
