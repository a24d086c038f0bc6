/*
 * Whole files, read and written through the system seam.
 */
#include <stdio.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

enum { PIECE = 1 << 20 };

u32 read_file(const char16_t *path, struct buf *out)
{
    struct os_file *file;
    u64 size, off = 0;
    u32 err = os_open(path, OS_READ, &file);

    if (err)
        return err;
    err = os_size(file, &size);
    if (!err && size > UINT32_MAX)
        err = ERROR_INVALID_DATA;
    if (!err)
        err = buf_add(out, NULL, (size_t)size);
    while (!err && off < size) {
        u32 got;

        err = os_read_at(file, off, out->data + off, (u32)MIN(size - off, PIECE), &got);
        if (!err && !got)
            err = ERROR_HANDLE_EOF;
        if (!err)
            off += got;
    }
    os_close(file);
    if (err)
        buf_free(out);
    return err;
}

static u32 write_all(const char16_t *path, const struct buf *data)
{
    struct os_file *file;
    u32 err = os_open(path, OS_WRITE | OS_CREATE | OS_TRUNCATE, &file);

    if (err)
        return err;
    for (size_t off = 0; !err && off < data->len; off += PIECE)
        err = os_write_at(file, off, data->data + off, (u32)MIN(data->len - off, PIECE));
    if (!err)
        err = os_sync(file);
    os_close(file);
    return err;
}

static u32 write_output(const struct buf *data)
{
    return fwrite(data->data, 1, data->len, stdout) == data->len ? ERROR_SUCCESS
                                                                 : ERROR_WRITE_FAULT;
}

/* Written aside and renamed, so that a failure leaves what was there. */
u32 write_file(const char16_t *path, const struct buf *data)
{
    struct buf aside = {0};
    u32 err;

    if (!path || u16_is(path, u16_len(path), "-"))
        return write_output(data);
    err = buf_add(&aside, path, u16_len(path) * sizeof(*path));
    if (!err)
        err = buf_add(&aside, u".new", 5 * sizeof(char16_t));
    if (!err) {
        const char16_t *name = (const char16_t *)(const void *)aside.data;

        err = write_all(name, data);
        if (!err)
            err = os_rename(name, path);
        if (err)
            os_remove(name);
    }
    buf_free(&aside);
    return err;
}
