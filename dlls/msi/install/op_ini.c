/*
 * Values of INI files.
 *
 * OP_INI's fields: 0 path, 1 section, 2 key, 3 value, 4 how (initext.h). Its folder is there. A
 * file in which nothing is left is removed. Rows of one file that come together read and write it
 * once: a package may have thousands.
 */
#include "families.h"

#include "buf.h"
#include "initext.h"
#include "op_later.h"
#include "op_undo.h"
#include "os.h"
#include "target.h"
#include "utf16.h"

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
    if (err)
        tgt_remove(path);
    return err;
}

/* A file that rows of one batch change: written once, when the last of them has. */
struct held_ini {
    char16_t *path; /* of run memory */
    const struct op *undo;
    struct ini_text *text; /* as it is to be; NULL: it could not be read */
    bool changed;
};

/* Who has the file open gets the new one beside it with the restart. */
static u32 replace(struct run *r, const struct held_ini *h, const struct buf *bytes)
{
    const char16_t *path = h->path;
    struct tgt_stat st;
    bool was = !tgt_stat(path, &st), stays = !ini_is_empty(bytes->data, bytes->len);
    u32 err = stays ? take_away(r, path, h->undo) : take_away_or_later(r, path, h->undo);

    os_step();
    if (is_in_use(err))
        err = replace_later(r, path, &path);
    if (!err && stays) {
        err = write_new(path, bytes);
        if (!err && was)
            err = tgt_set_attributes(path, st.attributes);
    }
    os_step();
    return err;
}

static u32 ini_finish(struct run *r, void *held, bool write)
{
    struct held_ini *h = held;
    struct buf bytes = {0};
    u32 err = ERROR_SUCCESS;

    if (write && h->changed)
        err = ini_bytes(h->text, &bytes);
    if (!err && write && h->changed)
        err = replace(r, h, &bytes);
    buf_free(&bytes);
    ini_close(h->text);
    os_free(h);
    return err;
}

/* Of a file in use: of what is to take its place. */
static u32 read_now(const struct run *r, const char16_t *path, struct ini_text **out)
{
    const char16_t *later = run_later(r, path);
    struct buf bytes = {0};
    u32 err = ERROR_SUCCESS;

    if (!later || *later)
        err = read_all(later ? later : path, &bytes);
    if (!err)
        err = ini_open(bytes.data, bytes.len, out);
    buf_free(&bytes);
    return err;
}

static u32 hold(struct run *r, const struct op *op, const struct op *undo, struct held_ini **out)
{
    const char16_t *path = op_text_at(op, 0);
    struct held_ini *h = os_calloc(1, sizeof(*h));
    u32 err;

    if (!h)
        return ERROR_OUTOFMEMORY;
    h->undo = undo;
    h->path = run_text(r, path, u16_len(path));
    if (!h->path) {
        os_free(h);
        return ERROR_OUTOFMEMORY;
    }
    err = run_hold(r, &op_ini, op, h); /* which has dropped it where it fails */
    *out = err ? NULL : h;
    return err ? err : read_now(r, path, &h->text);
}

static u32 ini_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const struct ini_change c = {.section = op_text_at(op, 1),
                                 .key = op_text_at(op, 2),
                                 .value = op_text_at(op, 3),
                                 .how = (u32)op_number_at(op, 4)};
    struct held_ini *h = run_held(r, &op_ini);
    bool same = false;
    u32 err =
        h && u16_equal_fold(h->path, op_text_at(op, 0)) ? ERROR_SUCCESS : hold(r, op, undo, &h);

    if (!err)
        err = ini_change(h->text, &c, &same);
    if (!err && !same)
        h->changed = true;
    return err;
}

const struct op_family op_ini = {
    .kind = OP_INI,
    .name = "IniWriteValue",
    .note = ini_note,
    .perform = ini_perform,
    .finish = ini_finish,
    .undo = undo_paths,
};
