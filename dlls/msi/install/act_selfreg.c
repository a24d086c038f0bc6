/*
 * SelfRegModules and SelfUnregModules: the SelfReg table, libraries that register themselves.
 */
#include "act_selfreg.h"

#include "regplan.h"
#include "rows.h"
#include "utf16.h"

struct each {
    struct install *in;
    bool comes;
};

static u32 plan_module(struct each *e, const struct component *c, const struct package_file *file)
{
    struct text_buf path;
    struct op op;
    u32 err;

    tb_init(&path);
    err = folder_target(e->in->s, c->folder, u16_len(c->folder), &path);
    if (!err)
        err = plan_data(e->in, 2, (const char16_t *const[]){file->long_name, path.s});
    tb_add(&path, file->long_name, u16_len(file->long_name));
    if (!err && path.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err) {
        op_begin(&op, OP_SELFREG);
        op_text(&op, path.s);
        op_number(&op, component_view(c));
        op_number(&op, e->comes);
        err = plan(e->in, &op);
    }
    tb_free(&path);
    return err == ERROR_DIRECTORY ? ERROR_INSTALL_PACKAGE_INVALID : err;
}

/* Fields: file. */
static u32 each_row(void *ctx, struct record *row)
{
    struct each *e = ctx;
    const struct package_file *file;
    const struct component *c;
    struct rec_view name;
    u32 i = rec_view(row, 1, &name) ? NAME_NONE : names_find(&e->in->s->files, name.text, name.len);

    file = i == NAME_NONE ? NULL : names_at(&e->in->s->files, i);
    if (!file || file->component == NAME_NONE)
        return ERROR_SUCCESS;
    c = names_at(&e->in->s->components, file->component);
    /* who loads an assembly for everybody registers nothing */
    if (c->store || (e->comes ? !component_installs(c) : !component_goes(c)))
        return ERROR_SUCCESS;
    return plan_module(e, c, file);
}

static u32 each(struct install *in, bool comes)
{
    struct each e = {in, comes};
    u32 err = install_identify(in);

    return err ? err : rows_each(in->s->db, u"SELECT `File_` FROM `SelfReg`", NULL, each_row, &e);
}

u32 act_register_modules(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_modules(struct install *in)
{
    return each(in, false);
}
