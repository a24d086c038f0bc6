/*
 * Values that join and leave lists, and counts: OP_REG_LIST. Fields: op.h; how: reglist.h.
 *
 * What the value becomes is found when the operation is done, for others may change it before. A
 * package may have thousands of rows for one value: the first of them notes how it was, and those
 * that come together read and write it once.
 */
#include "families.h"

#include "op_reg.h"
#include "op_undo.h"
#include "os.h"
#include "reglist.h"
#include "utf16.h"

static u32 list_note(struct run *r, const struct op *op, struct op *undo)
{
    i64 how = op_number_at(op, 4);
    struct reg_at at;
    bool first = false;
    u32 err = reg_at_of(op, &at);

    if (!err)
        err = reg_is_first_value(r, &at, &first);
    if (err || !first)
        return err;
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

static u32 write_value(const struct reg_at *at, const struct reg_data *v)
{
    struct reg_key *key;
    u32 err = reg_make_view(at->root, at->view, at->key, &key);

    if (err)
        return err;
    err = v->bytes ? reg_set(key, at->name, v->type, v->bytes, v->size)
                   : reg_remove_value(key, at->name);
    reg_close(key);
    return !v->bytes && is_missing(err) ? ERROR_SUCCESS : err;
}

/* A value that operations of one batch change: written once, when the last of them has. */
struct held_list {
    struct reg_at at;    /* its texts are of run memory */
    struct reg_data now; /* as it is to be; no bytes: there is to be none */
    bool changed;
};

static u32 list_finish(struct run *r, void *held, bool write)
{
    struct held_list *h = held;
    u32 err = write && h->changed ? write_value(&h->at, &h->now) : ERROR_SUCCESS;

    UNUSED(r);
    os_free(h->now.bytes);
    os_free(h);
    return err;
}

static u32 hold(struct run *r, const struct op *op, const struct reg_at *at, struct held_list **out)
{
    struct held_list *h = os_calloc(1, sizeof(*h));
    u32 err;

    if (!h)
        return ERROR_OUTOFMEMORY;
    h->at = *at;
    h->at.key = run_text(r, at->key, u16_len(at->key));
    h->at.name = run_text(r, at->name, u16_len(at->name));
    if (!h->at.key || !h->at.name) {
        os_free(h);
        return ERROR_OUTOFMEMORY;
    }
    err = run_hold(r, &op_reg_list, op, h); /* which has dropped it where it fails */
    *out = err ? NULL : h;
    return err ? err : read_value(at, &h->now);
}

static bool is_of(const struct held_list *h, const struct reg_at *at)
{
    return h->at.root == at->root && h->at.view == at->view && u16_equal_fold(h->at.key, at->key) &&
           u16_equal_fold(h->at.name, at->name);
}

/* Takes the bytes of the result. */
static void become(struct held_list *h, struct reg_list_result *v)
{
    h->changed = true;
    os_free(h->now.bytes);
    h->now.bytes = NULL;
    if (v->remove)
        return;
    h->now.type = v->type;
    h->now.size = (u32)v->bytes.len;
    h->now.bytes = v->bytes.data;
    v->bytes = (struct buf){0};
}

static u32 list_perform(struct run *r, const struct op *op, const struct op *undo)
{
    size_t len = op->count > 5 && op->f[5].kind == OP_TEXT ? op->f[5].len : 0;
    struct held_list *h = run_held(r, &op_reg_list);
    struct reg_list_result v = {0};
    struct reg_at at;
    u32 err = reg_at_of(op, &at);

    UNUSED(undo);
    if (!err && (!h || !is_of(h, &at)))
        err = hold(r, op, &at, &h);
    if (err)
        return err;
    err = reg_list_apply(h->now.bytes ? &h->now : NULL, (u32)op_number_at(op, 4), op_text_at(op, 5),
                         len, &v);
    if (!err && v.bytes.len > REG_DATA_MAX)
        err = ERROR_BAD_CONFIGURATION;
    if (!err && !v.same && (h->now.bytes || !v.remove))
        become(h, &v);
    buf_free(&v.bytes);
    return err;
}

const struct op_family op_reg_list = {
    .kind = OP_REG_LIST,
    .name = "RegListValue",
    .note = list_note,
    .perform = list_perform,
    .finish = list_finish,
    .undo = reg_undo_value,
    .after = reg_after_value,
};
