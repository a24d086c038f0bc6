/*
 * OP_FOLDER_FORGET: a value of the registry that tells of a folder goes when that has gone.
 */
#include "families.h"
#include "op_reg.h"
#include "target.h"

#include "utf16.h"

enum { FOLDER = 4, VALUE = 6 /* of the note: the bytes that were there */ };

static u32 forget_note(struct run *r, const struct op *op, struct op *undo)
{
    struct reg_at at;
    size_t len;
    u32 err = reg_at_of(op, &at);

    if (err)
        return err;
    len = u16_len(at.key);
    err = reg_keep_keys(r, &at, len, reg_parent(at.key, len));
    return err ? err : reg_note_value(r, op, OP_FOLDER_FORGET, true, undo);
}

/* The value, and its key where that is empty then. */
static u32 forget(struct run *r, const struct op *op, const struct op *undo)
{
    struct reg_at at;
    u32 err = reg_at_of(op, &at);
    size_t keep = err ? 0 : reg_parent(at.key, u16_len(at.key));

    if (!err)
        err = op_reg_remove_value.perform(r, op, undo);
    if (!err && keep && (undo->kind == OP_NONE || undo->count > VALUE))
        err = reg_prune(&at, keep);
    return err;
}

static u32 forget_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct tgt_stat st;
    u32 err = tgt_stat(op_text_at(op, FOLDER), &st);

    if (err != ERROR_FILE_NOT_FOUND && err != ERROR_PATH_NOT_FOUND)
        return err;
    return forget(r, op, undo);
}

const struct op_family op_folder_forget = {
    .kind = OP_FOLDER_FORGET,
    .name = "RegRemoveValue",
    .note = forget_note,
    .perform = forget_perform,
    .undo = reg_undo_value,
    .after = reg_after_value,
};
