/*
 * InstallAdminPackage: the package itself goes to the image that others install from.
 *
 * Of that, the cabinets in its streams are gone, its word count says that it is an image, its files
 * are not compressed, and it has the properties that are to be kept. Patches of the session are
 * applied to it: the first transform of each, for the second tells of media that an image has not.
 */
#include "act_files.h"
#include "act_folder.h"
#include "adminprops.h"
#include "patching.h"
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

static u32 add_text(struct buf *list, const char16_t *text)
{
    return buf_add(list, text, (u16_len(text) + 1) * sizeof(*text));
}

/* Of each patch that is applied: its file, and the transform's name. */
static u32 list_patches(const struct session *s, struct buf *list)
{
    u32 err = ERROR_SUCCESS;

    for (i32 i = 0; !err && s->patches && i < (i32)s->patches->applied; i++) {
        const struct session_patch *p = patching_at(s, i);

        err = add_text(list, p->path);
        if (!err)
            err = add_text(list, p->target->name);
    }
    return err;
}

/* What patches say that the image's summary information is to be. */
static u32 list_summary(struct install *in, struct buf *list)
{
    static const char *const names[] = {"PATCHNEWPACKAGECODE", "PATCHNEWSUMMARYSUBJECT",
                                        "PATCHNEWSUMMARYCOMMENTS"};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && in->s->patches && i < ARRAY_LEN(names); i++) {
        const struct property *p = prop_get(in->s, names[i]);

        err = add_text(list, p ? p->value : u"");
    }
    return err;
}

static u32 plan_package(struct install *in, const struct buf *streams, struct text_buf *path)
{
    const char16_t *name = file_name(in->s->db->path);
    struct making made = {.known = false};
    struct buf patches = {0}, summary = {0};
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
    if (!err)
        err = list_patches(in->s, &patches);
    if (!err)
        err = list_summary(in, &summary);
    op_begin(&op, OP_ADMIN_PACKAGE);
    op_text(&op, path->s);
    op_text(&op, in->s->db->path);
    op_bytes(&op, streams->data, streams->len);
    op_bytes(&op, kept.s, kept.len * sizeof(*kept.s));
    op_bytes(&op, patches.data, patches.len);
    op_bytes(&op, summary.data, summary.len);
    if (!err)
        err = plan(in, &op);
    buf_free(&patches);
    buf_free(&summary);
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
