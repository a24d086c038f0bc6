/*
 * MsiPublishAssemblies and MsiUnpublishAssemblies: below Assemblies, or Win32Assemblies, of the
 * product's context, in a key named by the path of the application that an assembly belongs to (`|`
 * for backslashes) or Global, a value named by the assembly with descriptors:
 *
 *   Name,version="1.0.0.0",culture="neutral",...
 */
#include "act_assembly.h"

#include "components.h"
#include "os.h"
#include "product_text.h"
#include "reglist.h"
#include "regplan.h"
#include "rows.h"
#include "utf16.h"

struct publisher {
    struct install *in;
    bool publishes;
};

/* Of a private assembly: its application's file is not in the package, so it is nobody's. */
static bool lacks_application(struct publisher *p, struct record *row)
{
    struct rec_view file;

    return !rec_view(row, 3, &file) && file.len &&
           names_find(&p->in->s->files, file.text, file.len) == NAME_NONE;
}

/* The application's path with bars. */
static u32 application_key(struct publisher *p, struct record *row, struct text_buf *out)
{
    struct rec_view file;
    const struct package_file *f;
    const struct component *c;
    u32 i, err;

    if (rec_view(row, 3, &file) || !file.len) {
        tb_ascii(out, "Global");
        return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    }
    i = names_find(&p->in->s->files, file.text, file.len);
    f = i == NAME_NONE ? NULL : names_at(&p->in->s->files, i);
    if (!f || f->component == NAME_NONE)
        return ERROR_INSTALL_PACKAGE_INVALID;
    c = names_at(&p->in->s->components, f->component);
    err = folder_target(p->in->s, c->folder, u16_len(c->folder), out);
    if (err)
        return ERROR_INSTALL_PACKAGE_INVALID;
    tb_add(out, f->long_name, u16_len(f->long_name));
    for (size_t n = 0; n < out->len; n++)
        if (out->s[n] == '\\')
            out->s[n] = '|';
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 assembly_key(struct publisher *p, struct record *row, struct text_buf *out)
{
    bool win32 = rec_get_int(row, 4) == 1;
    struct layout_path path;
    struct text_buf below;
    u32 err;

    tb_init(&below);
    err = application_key(p, row, &below);
    layout_advertised(&path, p->in->context, p->in->sid, win32 ? u"Win32Assemblies" : u"Assemblies",
                      NULL, NULL);
    tb_add(out, path.path, u16_len(path.path));
    tb_char(out, '\\');
    tb_add(out, below.s, below.len);
    tb_free(&below);
    return err ? err : out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* What this product may have in a list: of a product with one feature Wine's msi.dll leaves that
 * out. */
static u32 own_items(struct publisher *p, const char16_t *feature, const struct component *c,
                     struct text_buf *out)
{
    u32 err = product_descriptor(p->in, feature, c->guid, out);

    tb_char(out, 0);
    return err ? err : product_descriptor(p->in, u"", c->guid, out);
}

/* An assembly for everybody that had another name before: of a package that was patched, or as
 * Wine's msi.dll writes it, in the order of the table. */
static u32 leave_before(struct publisher *p, const struct component *c, const struct reg_place *at,
                        const struct text_buf *items)
{
    char16_t *path;
    u32 err;

    if (!c->store || !guid_is(c->guid))
        return ERROR_SUCCESS;
    err = component_path_in(c->guid, p->in->product_code, p->in->sid, p->in->context, &path);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    if (path[0] == '<' && path[1] == '\\' && !u16_equal_fold(path + 2, c->assembly))
        err = plan_reg_list(p->in, at, path + 2, LIST_LEAVE, items->s, items->len);
    os_free(path);
    return err;
}

static u32 change(struct publisher *p, const struct component *c, struct record *row)
{
    struct layout_path path;
    struct reg_place at;
    struct rec_view feature;
    struct text_buf key, item, items;
    u32 err;

    tb_init(&key);
    tb_init(&item);
    tb_init(&items);
    layout_advertised(&path, p->in->context, p->in->sid, NULL, NULL, NULL);
    err = assembly_key(p, row, &key);
    at = (struct reg_place){path.root, REG_VIEW_64, key.s};
    if (!err && rec_view(row, 2, &feature))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = product_descriptor(p->in, feature.text, c->guid, &item);
    if (!err)
        err = own_items(p, feature.text, c, &items);
    if (!err)
        err = plan_data(p->in, 2, (const char16_t *const[]){c->guid, c->assembly});
    if (!err)
        err = leave_before(p, c, &at, &items);
    if (!err && p->publishes)
        err = plan_reg_list(p->in, &at, c->assembly, LIST_APPEND, item.s, item.len);
    else if (!err)
        err = plan_reg_list(p->in, &at, c->assembly, LIST_LEAVE, items.s, items.len);
    if (!err && !p->publishes)
        err = plan_reg_remove_empty(p->in, &at, u16_len(path.path));
    tb_free(&key);
    tb_free(&item);
    tb_free(&items);
    return err;
}

/* A component may stay for others, or not have come yet, when this product's feature goes. */
static bool is_left(const struct component *c, const struct feature *f)
{
    return component_goes(c) || (c->action == STATE_UNKNOWN && f->action == STATE_ABSENT &&
                                 f->installed != STATE_ABSENT);
}

/* Fields: component, feature, application, attributes. */
static u32 each_assembly(void *ctx, struct record *row)
{
    struct publisher *p = ctx;
    const struct component *c = row_component(p->in, row, 1);
    const struct feature *f = row_feature(p->in, row, 2);

    if (!c || !f || !c->assembly || lacks_application(p, row))
        return ERROR_SUCCESS;
    if (p->publishes ? !component_installs(c) && f->action != STATE_ADVERTISED : !is_left(c, f))
        return ERROR_SUCCESS;
    return change(p, c, row);
}

static u32 each(struct install *in, bool publishes)
{
    struct publisher p = {.in = in, .publishes = publishes};
    u32 err = install_identify(in);

    if (!err)
        err = rows_each(in->s->db,
                        u"SELECT `Component_`, `Feature_`, `File_Application`, `Attributes` FROM "
                        u"`MsiAssembly`",
                        NULL, each_assembly, &p);
    return err;
}

u32 act_publish_assemblies(struct install *in)
{
    return each(in, true);
}

u32 act_unpublish_assemblies(struct install *in)
{
    return each(in, false);
}
