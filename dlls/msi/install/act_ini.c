/*
 * WriteIniValues and RemoveIniValues: the tables IniFile and RemoveIniFile.
 */
#include "act_ini.h"

#include "act_path.h"
#include "filekeep.h"
#include "initext.h"
#include "regplan.h"
#include "rows.h"
#include "utf16.h"

struct ini_row {
    struct text_buf path, section, key, value;
    u32 how;
};

static void row_free(struct ini_row *r)
{
    tb_free(&r->path);
    tb_free(&r->section);
    tb_free(&r->key);
    tb_free(&r->value);
}

/* That of Windows where none is named, or the property of that name is not set. */
static u32 read_folder(struct install *in, const char16_t *name, struct text_buf *path)
{
    u32 err = *name ? path_of_folder(in, name, path) : ERROR_PATH_NOT_FOUND;

    return err == ERROR_PATH_NOT_FOUND ? path_of_folder(in, u"WindowsFolder", path) : err;
}

/* Fields: file name, folder, section, key, value, action. */
static u32 read_path(struct install *in, struct record *row, struct text_buf *path)
{
    struct rec_view name, folder;
    u32 err;

    if (rec_view(row, 1, &name) || rec_view(row, 2, &folder))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = read_folder(in, folder.len ? folder.text : u"", path);
    return err ? err : path_add_name(path, name.text);
}

static u32 read_row(struct install *in, struct record *row, struct ini_row *r)
{
    u32 err = read_path(in, row, &r->path);

    if (!err)
        err = row_format(in, row, 3, &r->section);
    if (!err)
        err = row_format(in, row, 4, &r->key);
    if (!err)
        err = row_format(in, row, 5, &r->value);
    r->how = (u32)rec_get_int(row, 6);
    return err;
}

static u32 plan_row(struct install *in, const struct ini_row *r, u32 how)
{
    struct op op;
    u32 err =
        plan_data(in, 4, (const char16_t *const[]){r->path.s, r->section.s, r->key.s, r->value.s});

    if (err)
        return err;
    op_begin(&op, OP_INI);
    op_text(&op, r->path.s);
    op_text(&op, r->section.s);
    op_text(&op, r->key.s);
    op_text(&op, r->value.s);
    op_number(&op, how);
    return plan(in, &op);
}

static const char16_t ini_file[] =
    u"SELECT `FileName`, `DirProperty`, `Section`, `Key`, `Value`, `Action`, `Component_` FROM "
    u"`IniFile`";
static const char16_t remove_ini_file[] =
    u"SELECT `FileName`, `DirProperty`, `Section`, `Key`, `Value`, `Action`, `Component_` FROM "
    u"`RemoveIniFile`";

struct writing {
    struct install *in;
    struct text_buf path; /* of the row before: its folder is planned */
};

/* Once for rows of one file that come together, which are written together then. */
static u32 keep_folder(struct writing *w, const struct text_buf *path)
{
    u32 err;

    if (w->path.len && !u16_compare(w->path.s, w->path.len, path->s, path->len))
        return ERROR_SUCCESS;
    err = plan_keep_folders(w->in, path->s);
    tb_cut(&w->path, 0);
    tb_add(&w->path, path->s, path->len);
    return !err && w->path.failed ? ERROR_OUTOFMEMORY : err;
}

static u32 write_row(void *ctx, struct record *row)
{
    struct writing *w = ctx;
    struct install *in = w->in;
    const struct component *c = row_component(in, row, 7);
    struct ini_row r = {0};
    u32 err;

    if (!c || !component_installs(c) || component_kept(in, c))
        return ERROR_SUCCESS;
    err = read_row(in, row, &r);
    if (!err && (r.how == INI_SET || r.how == INI_DEFAULT || r.how == INI_ADD_TAG))
        err = keep_folder(w, &r.path);
    else if (!err)
        err = ERROR_INSTALL_PACKAGE_INVALID;
    if (!err)
        err = plan_row(in, &r, r.how);
    row_free(&r);
    return err;
}

u32 act_write_ini(struct install *in)
{
    struct writing w = {.in = in};
    u32 err = install_identify(in);

    tb_init(&w.path);
    if (!err)
        err = rows_each(in->s->db, ini_file, NULL, write_row, &w);
    tb_free(&w.path);
    return err;
}

/* --- removing -----------------------------------------------------------------------------------
 */

/* A row of IniFile whose component goes. */
static u32 unwrite_row(void *ctx, struct record *row)
{
    struct install *in = ctx;
    const struct component *c = row_component(in, row, 7);
    struct ini_row r = {0};
    u32 err;

    if (!c || !component_goes(c))
        return ERROR_SUCCESS;
    err = read_row(in, row, &r);
    if (!err)
        err = plan_row(in, &r, r.how == INI_ADD_TAG ? INI_REMOVE_TAG : INI_REMOVE);
    row_free(&r);
    return err;
}

/* A row of RemoveIniFile whose component comes. */
static u32 remove_row(void *ctx, struct record *row)
{
    struct install *in = ctx;
    const struct component *c = row_component(in, row, 7);
    struct ini_row r = {0};
    u32 err;

    if (!c || !component_installs(c))
        return ERROR_SUCCESS;
    err = read_row(in, row, &r);
    if (!err && r.how != INI_REMOVE && r.how != INI_REMOVE_TAG)
        err = ERROR_INSTALL_PACKAGE_INVALID;
    if (!err)
        err = plan_row(in, &r, r.how);
    row_free(&r);
    return err;
}

u32 act_remove_ini(struct install *in)
{
    u32 err = install_identify(in);

    if (!err)
        err = rows_each(in->s->db, ini_file, NULL, unwrite_row, in);
    return err ? err : rows_each(in->s->db, remove_ini_file, NULL, remove_row, in);
}
