/*
 * RegisterFonts and UnregisterFonts: the Font table. A font is told by its title, or, where the
 * table has none, by the name in its file, which is read when the file is there.
 */
#include "act_fonts.h"

#include "fontfile.h"
#include "notify.h"
#include "regplan.h"
#include "rows.h"
#include "stores.h"
#include "utf16.h"

static const struct reg_place fonts = {REG_MACHINE, REG_VIEW_64, FONTS_KEY};

struct font {
    struct install *in;
    bool comes, any;
    const struct component *component;
    struct text_buf path;
    const char16_t *value; /* its name in the folder of fonts, else its path */
    struct rec_view title;
};

static bool in_fonts_folder(const struct font *f, size_t len)
{
    const char16_t *folder = install_property(f->in, "FontsFolder");

    return folder[0] && !u16_compare_fold(f->path.s, len, folder, u16_len(folder));
}

static u32 read_path(struct font *f, const struct package_file *file)
{
    size_t len;

    if (file_target_folder(f->in->s, file, &f->path))
        return ERROR_INSTALL_PACKAGE_INVALID;
    len = f->path.len;
    tb_add(&f->path, file->long_name, u16_len(file->long_name));
    if (f->path.failed)
        return ERROR_OUTOFMEMORY;
    f->value = in_fonts_folder(f, len) ? f->path.s + len : f->path.s;
    return ERROR_SUCCESS;
}

static u32 register_font(struct font *f)
{
    struct op op;

    if (f->title.len)
        return plan_reg_text(f->in, &fonts, f->title.text, f->value);
    op_begin(&op, OP_FONT);
    op_text(&op, f->path.s);
    op_text(&op, f->value);
    return plan(f->in, &op);
}

/* A font without a name was not registered. */
static u32 unregister_font(struct font *f)
{
    struct text_buf name;
    u32 err = ERROR_SUCCESS;

    if (f->title.len)
        return plan_reg_remove_value(f->in, &fonts, f->title.text);
    tb_init(&name);
    if (!font_file_name(f->path.s, &name))
        err = plan_reg_remove_value(f->in, &fonts, name.s);
    tb_free(&name);
    return err;
}

/* Fields: file, title. */
static u32 each_row(void *ctx, struct record *row)
{
    struct font *f = ctx;
    const struct package_file *file;
    struct rec_view name;
    u32 i, err;

    if (rec_view(row, 1, &name) || rec_view(row, 2, &f->title))
        return ERROR_SUCCESS;
    i = names_find(&f->in->s->files, name.text, name.len);
    file = i == NAME_NONE ? NULL : names_at(&f->in->s->files, i);
    if (!file || file->component == NAME_NONE)
        return ERROR_SUCCESS;
    f->component = names_at(&f->in->s->components, file->component);
    if (f->comes ? f->component->action != STATE_LOCAL : !component_goes(f->component))
        return ERROR_SUCCESS;
    f->any = true;
    tb_init(&f->path);
    err = read_path(f, file);
    if (!err)
        err = plan_data(f->in, 1, (const char16_t *const[]){file->long_name});
    if (!err)
        err = f->comes ? register_font(f) : unregister_font(f);
    tb_free(&f->path);
    return err;
}

static u32 each(struct install *in, bool comes)
{
    struct font f = {.in = in, .comes = comes};
    u32 err = install_identify(in);

    if (!err)
        err = rows_each(in->s->db, u"SELECT `File_`, `FontTitle` FROM `Font`", NULL, each_row, &f);
    return !err && f.any ? plan_notify(in, NOTIFY_FONTS) : err;
}

u32 act_register_fonts(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_fonts(struct install *in)
{
    return each(in, false);
}
