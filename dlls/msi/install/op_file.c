/*
 * Files: put, removed, copied, moved. Fields: op.h, op_media.h.
 */
#include "families.h"

#include "op_later.h"
#include "os.h"
#include "run.h"
#include "target.h"

static void name_note(struct op *undo, u32 kind)
{
    if (undo->count)
        undo->kind = kind;
}

/* --- put ----------------------------------------------------------------------------------------
 */

static u32 put_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 0), undo);

    name_note(undo, OP_FILE_PUT);
    return err;
}

/* Removing a file is how a failure is undone, so it goes in the way of nothing that a read-only
 * attribute does not. */
static u32 put_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    u32 place = (u32)op_number_at(op, 3), err = run_ready(r, place);

    if (err)
        return err;
    err = take_away(r, path, undo);
    if (is_in_use(err))
        err = replace_later(r, path, &path);
    return err ? err : run_put(r, place, path, (u32)op_number_at(op, 1));
}

const struct op_family op_file_put = {
    .kind = OP_FILE_PUT,
    .name = "FileCopy",
    .note = put_note,
    .perform = put_perform,
    .undo = undo_paths,
};

/* --- changed ------------------------------------------------------------------------------------
 */

/* What deltas make of a file is put in its place; where none was needed, or could be applied that
 * had to be, that is nothing. */
static u32 change_perform(struct run *r, const struct op *op, const struct op *undo)
{
    u32 err = put_perform(r, op, undo);

    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

const struct op_family op_file_change = {
    .kind = OP_FILE_CHANGE,
    .name = "PatchApply",
    .note = put_note,
    .perform = change_perform,
    .undo = undo_paths,
};

/* --- removed ------------------------------------------------------------------------------------
 */

static u32 remove_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 0), undo);

    /* It is not there, and nothing before would have made it; what comes behind may. */
    if (!err && undo->count && undo->f[1].kind == OP_NULL) {
        err = run_is_not_noted(r, op_text_at(op, 0));
        return err ? err : ERROR_NO_MORE_ITEMS;
    }
    name_note(undo, OP_FILE_REMOVE);
    return err;
}

/* Somebody's link in the file's place stays. */
static u32 remove_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    u32 err = take_away_or_later(r, path, undo);
    struct tgt_stat st;

    if (err == ERROR_ACCESS_DENIED && !tgt_stat(path, &st) && st.attributes & TGT_LINK)
        return ERROR_SUCCESS;
    return err;
}

const struct op_family op_file_remove = {
    .kind = OP_FILE_REMOVE,
    .name = "FileRemove",
    .note = remove_note,
    .perform = remove_perform,
    .undo = undo_paths,
};

/* --- copied, and moved --------------------------------------------------------------------------
 */

static u32 copy_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 1), undo);

    name_note(undo, OP_FILE_COPY);
    return err;
}

static u32 copy_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *to = op_text_at(op, 1);
    u32 err = take_away(r, to, undo);

    if (is_in_use(err))
        err = replace_later(r, to, &to);
    return err ? err : copy_file(op_text_at(op, 0), to);
}

const struct op_family op_file_copy = {
    .kind = OP_FILE_COPY,
    .name = "FileCopy",
    .note = copy_note,
    .perform = copy_perform,
    .undo = undo_paths,
};

static u32 move_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 0), undo);

    if (!err)
        err = note_path(r, op_text_at(op, 1), undo);
    name_note(undo, OP_FILE_MOVE);
    return err;
}

/* What is moved is copied, and the original set aside: so nothing that comes later has the only
 * one. */
static u32 move_perform(struct run *r, const struct op *op, const struct op *undo)
{
    u32 err = copy_perform(r, op, undo);

    return err ? err : take_away_or_later(r, op_text_at(op, 0), undo);
}

const struct op_family op_file_move = {
    .kind = OP_FILE_MOVE,
    .name = "FileMove",
    .note = move_note,
    .perform = move_perform,
    .undo = undo_paths,
};
