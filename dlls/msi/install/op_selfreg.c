/*
 * Libraries that register themselves: OP_SELFREG. Fields: 0 path; 1 view, an enum reg_view; 2
 * whether it registers, else it takes that back. Each is the other's undo, as far as the library
 * knows what was there before it. A library that cannot take it back is no reason to keep it.
 */
#include "families.h"

#include "regbehind.h"
#include "selfreg.h"

static u32 selfreg_note(struct run *r, const struct op *op, struct op *undo)
{
    UNUSED(r);
    *undo = *op;
    return ERROR_SUCCESS;
}

static u32 run_it(const struct op *op, bool registers)
{
    return selfreg_run(op_text_at(op, 0), op_number_at(op, 1) == REG_VIEW_64, registers);
}

static u32 selfreg_perform(struct run *r, const struct op *op, const struct op *undo)
{
    bool registers = op_number_at(op, 2);
    u32 err = run_it(op, registers);

    UNUSED(r);
    UNUSED(undo);
    return registers ? err : ERROR_SUCCESS;
}

static u32 selfreg_undo(struct run *r, const struct op *undo)
{
    UNUSED(r);
    run_it(undo, !op_number_at(undo, 2));
    return ERROR_SUCCESS;
}

/* Classes are what such libraries write. The note says what was done, or the contrary where that
 * was undone. */
static u32 selfreg_after(struct run *r, const struct op *undo, bool done, struct op *now)
{
    UNUSED(r);
    if (!behind_has(REG_MACHINE, REG_VIEW_64, u"Software\\Classes"))
        return ERROR_SUCCESS;
    *now = *undo;
    now->f[2].number = done == (undo->f[2].number != 0);
    return ERROR_SUCCESS;
}

static u32 selfreg_again(struct run *r, const struct op *now)
{
    return selfreg_perform(r, now, NULL);
}

const struct op_family op_selfreg = {
    .kind = OP_SELFREG,
    .name = "RegSelfReg",
    .note = selfreg_note,
    .perform = selfreg_perform,
    .undo = selfreg_undo,
    .after = selfreg_after,
    .again = selfreg_again,
};
