/*
 * RegisterProgIdInfo and UnregisterProgIdInfo: the ProgId table.
 *
 *   Name          description
 *   Name\CLSID    its class, or that of the program id that it stands for
 *   Name\CurVer   the program id that it stands for
 *   Name\DefaultIcon
 */
#include "act_class.h"
#include "classes.h"
#include "notify.h"
#include "utf16.h"

static const struct prog_id *parent_of(const struct prog_ids *p, const struct prog_id *id)
{
    u32 i = id->parent[0] ? names_find(&p->all, id->parent, u16_len(id->parent)) : NAME_NONE;

    return i == NAME_NONE ? NULL : names_at(&p->all, i);
}

static const char16_t *class_of(const struct prog_ids *p, const struct prog_id *id)
{
    const struct prog_id *up = id->class_id[0] ? NULL : parent_of(p, id);

    return up ? up->class_id : id->class_id;
}

static u32 register_one(struct prog_ids *p, const struct prog_id *id)
{
    struct install *in = p->scope.in;
    const char16_t *name = id->named.name;
    struct text_buf icon;
    u32 err;

    tb_init(&icon);
    err = class_text(in, id->view, id->description, name, NULL);
    if (!err)
        err = class_text(in, id->view, class_of(p, id), name, u"CLSID", NULL);
    if (!err)
        err = class_text(in, id->view, id->parent, name, u"CurVer", NULL);
    if (!err)
        err = class_icon(in, id->icon, id->icon_index, &icon);
    if (!err)
        err = class_text(in, id->view, icon.s, name, u"DefaultIcon", NULL);
    tb_free(&icon);
    return err;
}

/* What others put below the key stays. */
static u32 unregister_one(struct prog_ids *p, const struct prog_id *id)
{
    struct install *in = p->scope.in;
    const char16_t *name = id->named.name, *of = class_of(p, id);
    u32 err = ERROR_SUCCESS;

    if (of[0])
        err = class_untext(in, id->view, NULL, of, name, u"CLSID", NULL);
    if (!err && id->parent[0])
        err = class_untext(in, id->view, NULL, id->parent, name, u"CurVer", NULL);
    if (!err && id->icon[0])
        err = class_untext(in, id->view, NULL, NULL, name, u"DefaultIcon", NULL);
    if (!err)
        err = class_untext(in, id->view, NULL, id->description, name, NULL);
    return err;
}

static u32 each(struct install *in, bool comes)
{
    struct prog_ids p;
    bool any = false;
    u32 err = prog_ids_load(&p, in, comes);

    for (u32 i = 0; !err && i < p.all.count; i++) {
        const struct prog_id *id = names_at(&p.all, i);

        if (!id->meant)
            continue;
        any = true;
        err = plan_data(in, 1, (const char16_t *const[]){id->named.name});
        if (!err)
            err = comes ? register_one(&p, id) : unregister_one(&p, id);
    }
    prog_ids_free(&p);
    return !err && any ? plan_notify(in, NOTIFY_CLASSES) : err;
}

u32 act_register_prog_id(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_prog_id(struct install *in)
{
    return each(in, false);
}
