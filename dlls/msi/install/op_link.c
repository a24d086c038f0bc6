/*
 * OP_LINK: a shell link is put. After the commit the system is told of it, which under Wine puts it
 * into the menu of the desktop too. OP_FILE_WRITE: a file of a few bytes is put.
 *
 * Note: as of a file that is put (op_undo.h); where an operation before has that, the path alone.
 */
#include "families.h"
#include "link_notice.h"
#include "op_later.h"
#include "op_undo.h"
#include "run.h"
#include "target.h"

enum { PATH, BYTES };

static u32 link_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, PATH), undo);

    if (!undo->count)
        op_text(undo, op_text_at(op, PATH));
    undo->kind = op->kind;
    return err;
}

static u32 write_link(const char16_t *path, const struct op_field *bytes)
{
    struct tgt_file *f;
    u32 err = tgt_create(path, &f);

    if (err)
        return err;
    err = tgt_write(f, bytes->bytes, (u32)bytes->len);
    tgt_close(f);
    return err;
}

static u32 link_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, PATH);
    char16_t *staged;
    u32 err = op->count > BYTES && op->f[BYTES].kind == OP_BYTES
                  ? run_temp_name(r, path, "lnk", &staged)
                  : ERROR_FILE_CORRUPT;

    if (!err)
        err = write_link(staged, &op->f[BYTES]);
    if (!err)
        err = take_away(r, path, undo);
    if (is_in_use(err))
        err = replace_later(r, path, &path);
    if (!err)
        err = put_in_place(staged, path);
    /* without rollback there is no note, and nothing comes behind */
    if (!err && op->kind == OP_LINK && undo->kind == OP_NONE)
        link_notice(op_text_at(op, PATH));
    return err;
}

static u32 link_settle(struct run *r, const struct op *undo, bool committed)
{
    UNUSED(r);
    if (committed)
        link_notice(op_text_at(undo, PATH));
    return ERROR_SUCCESS;
}

const struct op_family op_link = {
    .kind = OP_LINK,
    .name = "ShortcutCreate",
    .note = link_note,
    .perform = link_perform,
    .undo = undo_paths,
    .settle = link_settle,
};

const struct op_family op_file_write = {
    .kind = OP_FILE_WRITE,
    .name = "FileCreate",
    .note = link_note,
    .perform = link_perform,
    .undo = undo_paths,
};
