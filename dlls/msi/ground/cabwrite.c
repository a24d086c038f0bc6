#include "cabwrite.h"

#include <string.h>

#include "buf.h"
#include "cabinet.h"
#include "utf16.h"

enum {
    HEADER = 36,
    FOLDER = 8,
    ENTRY = 16,
    BLOCK = 8,
    PIECE = 32768,
    BLOCKS_MAX = 65535,
    FILES_MAX = 65535,
    NAME_MAX_BYTES = 255,
    NAME_IS_UTF8 = 0x80
};

struct writing {
    struct os_file *to;
    struct cab_put *files;
    u32 count;
    u64 *folder_sizes;
    u32 folder_count;
    struct buf head; /* all before the blocks */
    u64 at;          /* where the next block goes */
    u8 piece[BLOCK + PIECE];
    u32 filled; /* bytes of the block that is being made */
};

/* --- measuring ----------------------------------------------------------------------------------
 */

static u32 measure_file(struct cab_put *f)
{
    struct os_file *from;
    u64 size = 0;
    u32 err = os_open(f->path, OS_READ, &from);

    if (err)
        return err;
    err = os_size(from, &size);
    os_close(from);
    if (!err && size > (u64)BLOCKS_MAX * PIECE)
        err = ERROR_FILE_TOO_LARGE;
    f->size = (u32)size;
    return err;
}

/* A file lies in one folder whole. */
static u32 measure(struct writing *w)
{
    u32 err = w->count > FILES_MAX ? ERROR_FILE_TOO_LARGE : ERROR_SUCCESS;
    u64 used = 0;

    w->folder_sizes = os_calloc(w->count + 1u, sizeof(*w->folder_sizes));
    if (!w->folder_sizes)
        return ERROR_OUTOFMEMORY;
    w->folder_count = 1;
    for (u32 i = 0; !err && i < w->count; i++) {
        struct cab_put *f = &w->files[i];

        err = measure_file(f);
        if (used + f->size > (u64)BLOCKS_MAX * PIECE) {
            w->folder_count++;
            used = 0;
        }
        f->folder = w->folder_count - 1;
        f->offset = (u32)used;
        used += f->size;
        w->folder_sizes[f->folder] = used;
    }
    return err;
}

/* --- what comes before the blocks ---------------------------------------------------------------
 */

static u32 put_name(struct buf *b, const char16_t *name, u32 attributes)
{
    char text[NAME_MAX_BYTES + 1];
    size_t units = u16_len(name), n = u16_to_utf8(text, NAME_MAX_BYTES, name, units, true);
    u32 err;

    if (!units || n > NAME_MAX_BYTES)
        return ERROR_INVALID_NAME;
    for (size_t i = 0; i < n; i++)
        if ((u8)text[i] >= 0x80)
            attributes |= NAME_IS_UTF8;
    err = buf_add16(b, (u16)attributes);
    if (!err)
        err = buf_add(b, text, n);
    return err ? err : buf_add(b, "", 1);
}

static u32 put_files(struct writing *w)
{
    struct buf *b = &w->head;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < w->count; i++) {
        const struct cab_put *f = &w->files[i];

        err = buf_add32(b, f->size);
        if (!err)
            err = buf_add32(b, f->offset);
        if (!err)
            err = buf_add16(b, (u16)f->folder);
        if (!err)
            err = buf_add16(b, (u16)f->date);
        if (!err)
            err = buf_add16(b, (u16)f->time);
        if (!err)
            err = put_name(b, f->name, f->attributes);
    }
    return err;
}

static u64 blocks_of(u64 size)
{
    return (size + PIECE - 1) / PIECE;
}

static u32 put_folders(struct writing *w, u64 *whole)
{
    u64 at = w->head.len;
    u8 *folder = w->head.data + HEADER;

    for (u32 i = 0; i < w->folder_count; i++, folder += FOLDER) {
        u64 blocks = blocks_of(w->folder_sizes[i]);

        put_le32(folder, (u32)at);
        put_le16(folder + 4, (u16)blocks);
        put_le16(folder + 6, 0);
        at += blocks * BLOCK + w->folder_sizes[i];
        if (at > UINT32_MAX)
            return ERROR_FILE_TOO_LARGE;
    }
    *whole = at;
    return ERROR_SUCCESS;
}

static u32 make_head(struct writing *w, u64 *whole)
{
    u32 files = HEADER + FOLDER * w->folder_count, err;
    static const u8 nothing[HEADER];

    err = buf_add(&w->head, nothing, HEADER);
    for (u32 i = 0; !err && i < w->folder_count; i++)
        err = buf_add(&w->head, nothing, FOLDER);
    if (!err)
        err = put_files(w);
    if (!err)
        err = put_folders(w, whole);
    if (err)
        return err;
    memcpy(w->head.data, "MSCF", 4);
    put_le32(w->head.data + 8, (u32)*whole);
    put_le32(w->head.data + 16, files);
    put_le16(w->head.data + 24, 0x0103);
    put_le16(w->head.data + 26, (u16)w->folder_count);
    put_le16(w->head.data + 28, (u16)w->count);
    return os_write_at(w->to, 0, w->head.data, (u32)w->head.len);
}

/* --- blocks -------------------------------------------------------------------------------------
 */

static u32 end_block(struct writing *w)
{
    u32 err;

    if (!w->filled)
        return ERROR_SUCCESS;
    put_le16(w->piece + 4, (u16)w->filled);
    put_le16(w->piece + 6, (u16)w->filled);
    put_le32(w->piece, cab_checksum(w->piece + 4, 4, cab_checksum(w->piece + BLOCK, w->filled, 0)));
    err = os_write_at(w->to, w->at, w->piece, BLOCK + w->filled);
    w->at += BLOCK + w->filled;
    w->filled = 0;
    return err;
}

static u32 put_bytes(struct writing *w, const struct cab_put *f)
{
    struct os_file *from;
    u32 err = os_open(f->path, OS_READ, &from), got;

    if (err)
        return err;
    for (u32 done = 0; !err && done < f->size; done += got) {
        u32 n = MIN(f->size - done, (u32)PIECE - w->filled);

        err = os_read_at(from, done, w->piece + BLOCK + w->filled, n, &got);
        if (!err && got < n)
            err = ERROR_READ_FAULT;
        w->filled += n;
        if (!err && w->filled == PIECE)
            err = end_block(w);
    }
    os_close(from);
    return err;
}

static u32 put_blocks(struct writing *w)
{
    u32 err = ERROR_SUCCESS;

    w->at = w->head.len;
    for (u32 i = 0; !err && i < w->count; i++) {
        if (i && w->files[i].folder != w->files[i - 1].folder)
            err = end_block(w);
        if (!err)
            err = put_bytes(w, &w->files[i]);
    }
    return err ? err : end_block(w);
}

u32 cab_make(struct os_file *to, struct cab_put *files, u32 count, u64 *size)
{
    struct writing *w = os_calloc(1, sizeof(*w));
    u32 err;

    if (!w)
        return ERROR_OUTOFMEMORY;
    w->to = to;
    w->files = files;
    w->count = count;
    err = measure(w);
    if (!err)
        err = make_head(w, size);
    if (!err)
        err = put_blocks(w);
    buf_free(&w->head);
    os_free(w->folder_sizes);
    os_free(w);
    return err;
}
