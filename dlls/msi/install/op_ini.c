/*
 * Values of INI files.
 *
 * OP_INI's fields: 0 path, 1 section, 2 key, 3 value, 4 how (initext.h). Its folder is there. A
 * file in which nothing is left is removed.
 */
#include "families.h"

#include "buf.h"
#include "initext.h"
#include "op_undo.h"
#include "os.h"
#include "target.h"

enum { CHUNK = 1 << 16, INI_MAX = 64 << 20 };

static u32 ini_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 0), undo);

    if (!err && undo->count)
        undo->kind = OP_INI;
    return err;
}

static u32 read_all(const char16_t *path, struct buf *out)
{
    struct tgt_file *f;
    u32 got = 0, err = tgt_open(path, &f);

    if (err)
        return is_missing(err) ? ERROR_SUCCESS : err;
    do {
        err = out->len > INI_MAX ? ERROR_FILE_TOO_LARGE : buf_reserve(out, CHUNK);
        if (!err)
            err = tgt_read(f, out->data + out->len, CHUNK, &got);
        if (!err)
            out->len += got;
    } while (!err && got);
    tgt_close(f);
    return err;
}

static u32 write_new(const char16_t *path, const struct buf *bytes)
{
    struct tgt_file *f;
    u32 err = tgt_create(path, &f);

    if (err)
        return err;
    err = bytes->len ? tgt_write(f, bytes->data, (u32)bytes->len) : ERROR_SUCCESS;
    if (!err)
        err = tgt_sync(f);
    tgt_close(f);
    return err;
}

static u32 replace(const char16_t *path, const struct buf *bytes, const struct op *undo)
{
    struct tgt_stat st;
    bool was = !tgt_stat(path, &st);
    u32 err = take_away(path, undo);

    os_step();
    if (is_missing(err))
        err = ERROR_SUCCESS;
    if (!err && !ini_is_empty(bytes->data, bytes->len)) {
        err = write_new(path, bytes);
        if (!err && was)
            err = tgt_set_attributes(path, st.attributes);
    }
    os_step();
    return err;
}

static u32 ini_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const struct ini_change c = {.section = op_text_at(op, 1),
                                 .key = op_text_at(op, 2),
                                 .value = op_text_at(op, 3),
                                 .how = (u32)op_number_at(op, 4)};
    const char16_t *path = op_text_at(op, 0);
    struct buf old = {0}, new = {0};
    bool same = false;
    u32 err = read_all(path, &old);

    UNUSED(r);
    if (!err)
        err = ini_change(old.data, old.len, &c, &new, &same);
    if (!err && !same)
        err = replace(path, &new, undo);
    buf_free(&old);
    buf_free(&new);
    return err;
}

const struct op_family op_ini = {
    .kind = OP_INI,
    .name = "IniWriteValue",
    .note = ini_note,
    .perform = ini_perform,
    .undo = undo_paths,
};
