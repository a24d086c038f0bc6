/*
 * InstallAdminPackage: the package itself goes to the image that others install from.
 *
 * Of that, the cabinets in its streams are gone, its word count says that it is an image, and it
 * has the properties that are to be kept.
 */
#include "act_files.h"
#include "act_folder.h"
#include "adminprops.h"
#include "rows.h"
#include "session_impl.h"
#include "utf16.h"

/* The name of a cabinet in a stream; others are let alone. */
static u32 add_stream(void *ctx, struct record *row)
{
    struct buf *list = ctx;
    struct rec_view v;

    if (rec_view(row, 1, &v) || v.len < 2 || v.text[0] != '#')
        return ERROR_SUCCESS;
    return buf_add(list, v.text + 1, v.len * sizeof(*v.text)); /* with its end */
}

/* The name of the package's file, from its path. */
static const char16_t *file_name(const char16_t *path)
{
    const char16_t *name = path;

    for (; *path; path++)
        if (*path == '\\' || *path == '/')
            name = path + 1;
    return name;
}

static u32 tell_package(struct install *in, const char16_t *name, const char16_t *folder)
{
    const char16_t *texts[9] = {name};

    texts[8] = folder;
    return plan_data(in, 9, texts);
}

static u32 plan_package(struct install *in, const struct buf *streams, struct text_buf *path)
{
    const char16_t *name = file_name(in->s->db->path);
    struct making made = {.system_known = false};
    struct text_buf kept;
    struct op op;
    u32 err = plan_folder_made(in, &made, path->s, path->len);

    making_free(&made);
    tb_init(&kept);
    if (!err)
        err = adminprops_write(in->s, &kept);
    if (!err)
        err = tell_package(in, name, path->s);
    if (!err)
        err = path_add_name(path, name);
    op_begin(&op, OP_ADMIN_PACKAGE);
    op_text(&op, path->s);
    op_text(&op, in->s->db->path);
    op_bytes(&op, streams->data, streams->len);
    op_bytes(&op, kept.s, kept.len * sizeof(*kept.s));
    if (!err)
        err = plan(in, &op);
    tb_free(&kept);
    return err;
}

u32 install_admin_package(struct install *in)
{
    struct text_buf path;
    struct buf streams = {0};
    u32 err;

    tb_init(&path);
    err = in->s->db->path ? path_of_folder(in, u"TARGETDIR", &path) : ERROR_INSTALL_FAILURE;
    if (!err)
        err = rows_each(in->s->db, u"SELECT `Cabinet` FROM `Media`", NULL, add_stream, &streams);
    if (!err)
        err = plan_package(in, &streams, &path);
    buf_free(&streams);
    tb_free(&path);
    return err;
}
