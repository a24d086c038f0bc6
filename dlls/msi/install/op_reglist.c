/*
 * Values that join and leave lists, and counts: OP_REG_LIST. Fields: op.h; how: reglist.h.
 *
 * What the value becomes is found when the operation is done, for others may change it before; the
 * note has it as it was before all of them.
 */
#include "families.h"

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "reglist.h"

static u32 list_note(struct run *r, const struct op *op, struct op *undo)
{
    i64 how = op_number_at(op, 4);

    /* those two leave a value where there is one */
    return reg_note_value(r, op, OP_REG_LIST, how != COUNT_UP && how != VAR_DEFAULT, undo);
}

/* *data has no bytes where there is no such value. */
static u32 read_value(const struct reg_at *at, struct reg_data *data)
{
    struct reg_key *key;
    u32 err = reg_open_view(at->root, at->view, at->key, &key);

    data->bytes = NULL;
    if (!err) {
        err = reg_get(key, at->name, data);
        reg_close(key);
    }
    if (is_missing(err)) {
        data->bytes = NULL;
        return ERROR_SUCCESS;
    }
    return err;
}

static u32 write_value(const struct reg_at *at, const struct reg_list_result *v)
{
    struct reg_key *key;
    u32 err = reg_make_view(at->root, at->view, at->key, &key);

    if (err)
        return err;
    err = v->remove ? reg_remove_value(key, at->name)
                    : reg_set(key, at->name, v->type, v->bytes.data, (u32)v->bytes.len);
    reg_close(key);
    return v->remove && is_missing(err) ? ERROR_SUCCESS : err;
}

static u32 list_perform(struct run *r, const struct op *op, const struct op *undo)
{
    size_t len = op->count > 5 && op->f[5].kind == OP_TEXT ? op->f[5].len : 0;
    struct reg_list_result v = {0};
    struct reg_data old;
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(r);
    UNUSED(undo);
    if (!err)
        err = read_value(&at, &old);
    if (err)
        return err;
    err = reg_list_apply(old.bytes ? &old : NULL, (u32)op_number_at(op, 4), op_text_at(op, 5), len,
                         &v);
    if (!err && v.bytes.len > REG_DATA_MAX)
        err = ERROR_BAD_CONFIGURATION;
    if (!err && !v.same && (old.bytes || !v.remove))
        err = write_value(&at, &v);
    buf_free(&v.bytes);
    os_free(old.bytes);
    return err;
}

const struct op_family op_reg_list = {
    .kind = OP_REG_LIST,
    .name = "RegListValue",
    .note = list_note,
    .perform = list_perform,
    .undo = reg_undo_value,
    .after = reg_after_value,
};
