/*
 * A font whose name stands in its file: OP_FONT. Fields: 0 the path of the file; 1 the value that
 * the registry gets by its name. What has no name, as a .fon, is left alone.
 */
#include "families.h"

#include "fontfile.h"
#include "op_reg.h"
#include "os.h"
#include "run.h"
#include "trace.h"
#include "utf16.h"

/* The operation on the registry that it comes to. Begins *name, which the caller frees. */
static u32 as_value(const struct op *op, struct text_buf *name, struct op *out)
{
    const char16_t *value = op_text_at(op, 1);
    u32 err;

    tb_init(name);
    err = font_file_name(op_text_at(op, 0), name);
    if (err)
        return err;
    op_begin(out, OP_REG_SET);
    op_number(out, REG_MACHINE);
    op_number(out, REG_VIEW_64);
    op_text(out, FONTS_KEY);
    op_text_n(out, name->s, name->len);
    op_number(out, REG_TYPE_SZ);
    op_bytes(out, value, (u16_len(value) + 1) * sizeof(*value));
    return ERROR_SUCCESS;
}

static u32 font_note(struct run *r, const struct op *op, struct op *undo)
{
    struct text_buf name;
    struct op set;
    u32 err = as_value(op, &name, &set);

    if (!err)
        err = reg_note_value(r, &set, OP_FONT, false, undo);
    /* the note's name is of this text */
    if (!err && undo->count > 3) {
        undo->f[3].text = run_text(r, name.s, name.len);
        err = undo->f[3].text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    }
    if (err == ERROR_FILE_CORRUPT) {
        TRACE(TRACE_MSI, "no name in the font %s", trace_text(op_text_at(op, 0), -1));
        err = ERROR_NO_MORE_ITEMS;
    }
    tb_free(&name);
    return err;
}

static u32 font_perform(struct run *r, const struct op *op, const struct op *undo)
{
    struct text_buf name;
    struct op set;
    u32 err = as_value(op, &name, &set);

    if (!err)
        err = op_reg_set.perform(r, &set, undo);
    tb_free(&name);
    return err == ERROR_FILE_CORRUPT ? ERROR_SUCCESS : err;
}

const struct op_family op_font = {
    .kind = OP_FONT,
    .name = "FontRegister",
    .alone = true, /* the file is put by an operation before */
    .note = font_note,
    .perform = font_perform,
    .undo = reg_undo_value,
    .after = reg_after_value,
};
