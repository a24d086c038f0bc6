/*
 * Files that Windows Installer keeps of a product: the cached package, and icons.
 *
 * OP_CACHE's fields: 0 path; 1 the path of the package, as this process opened it, or nothing; 2
 * the bytes, where there is no package. Its folder is there.
 */
#include "families.h"

#include "op_undo.h"
#include "os.h"
#include "target.h"

enum { CHUNK = 1 << 16 };

static u32 cache_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, 0), undo);

    if (!err && undo->count)
        undo->kind = OP_CACHE;
    return err;
}

static u32 write_chunks(struct os_file *from, struct tgt_file *to, u8 *chunk)
{
    u64 at = 0;
    u32 got, err;

    do {
        err = os_read_at(from, at, chunk, CHUNK, &got);
        if (!err && got)
            err = tgt_write(to, chunk, got);
        at += got;
    } while (!err && got);
    return err;
}

static u32 write_package(const char16_t *package, struct tgt_file *to)
{
    struct os_file *from;
    u8 *chunk;
    u32 err = os_open(package, OS_READ, &from);

    if (err)
        return err;
    chunk = os_alloc(CHUNK);
    err = chunk ? write_chunks(from, to, chunk) : ERROR_OUTOFMEMORY;
    os_free(chunk);
    os_close(from);
    return err;
}

static u32 write_bytes(const struct op *op, struct tgt_file *to)
{
    const struct op_field *f = &op->f[2];

    if (op->count < 3 || f->kind != OP_BYTES || f->len > UINT32_MAX)
        return ERROR_FILE_CORRUPT;
    return f->len ? tgt_write(to, f->bytes, (u32)f->len) : ERROR_SUCCESS;
}

/* What a kill leaves half written is taken away by the undo, or written again. */
static u32 cache_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, 0), *package = op_text_at(op, 1);
    struct tgt_file *to;
    u32 err = take_away(r, path, undo);

    os_step();
    if (!err || is_missing(err))
        err = tgt_create(path, &to);
    if (err)
        return err;
    err = package[0] ? write_package(package, to) : write_bytes(op, to);
    if (!err)
        err = tgt_sync(to);
    tgt_close(to);
    os_step();
    return err;
}

const struct op_family op_cache = {
    .kind = OP_CACHE,
    .name = "FileKeep",
    .note = cache_note,
    .perform = cache_perform,
    .undo = undo_paths,
};
