/*
 * Telling others, when all is done and stays: OP_NOTIFY. Field: 0 enum notify.
 */
#include "families.h"
#include "notify.h"

/* The note is there for its end alone. */
static u32 notify_note(struct run *r, const struct op *op, struct op *undo)
{
    UNUSED(r);
    undo->kind = OP_NOTIFY;
    op_number(undo, op_number_at(op, 0));
    return ERROR_SUCCESS;
}

/* Without rollback there is no note, and what was done stays. */
static u32 notify_perform(struct run *r, const struct op *op, const struct op *undo)
{
    UNUSED(r);
    if (undo->kind == OP_NONE)
        notify_send((enum notify)op_number_at(op, 0));
    return ERROR_SUCCESS;
}

static u32 notify_undo(struct run *r, const struct op *undo)
{
    UNUSED(r);
    UNUSED(undo);
    return ERROR_SUCCESS;
}

static u32 notify_settle(struct run *r, const struct op *undo, bool committed)
{
    UNUSED(r);
    if (committed)
        notify_send((enum notify)op_number_at(undo, 0));
    return ERROR_SUCCESS;
}

const struct op_family op_notify = {
    .kind = OP_NOTIFY,
    .name = "Notify",
    .note = notify_note,
    .perform = notify_perform,
    .undo = notify_undo,
    .settle = notify_settle,
};
