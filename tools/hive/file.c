/*
 * Whole files, read and written through the system seam.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

enum { PIECE = 1 << 20 };

bool is_standard_input(const char16_t *path)
{
    return u16_is(path, u16_len(path), "-");
}

static u32 read_input(struct buf *out)
{
    static u8 piece[PIECE];
    u32 err = ERROR_SUCCESS;
    size_t n;

    while (!err && (n = fread(piece, 1, sizeof(piece), stdin)))
        err = buf_add(out, piece, n);
    return err;
}

u32 read_file(const char16_t *path, struct buf *out)
{
    struct os_file *file;
    u64 size, off = 0;
    u32 err;

    if (is_standard_input(path))
        return read_input(out);
    err = os_open(path, OS_READ, &file);

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

/* Half a pair of surrogates, which UTF-8 cannot say. */
static bool has_lone_half(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool high = (s[i] & 0xfc00) == 0xd800, low = (s[i] & 0xfc00) == 0xdc00;

        if (low || (high && (i + 1 == len || (s[i + 1] & 0xfc00) != 0xdc00)))
            return true;
        i += high;
    }
    return false;
}

static u32 write_utf8(const struct buf *text)
{
    const char16_t *s = (const char16_t *)(const void *)text->data;
    size_t len = text->len / sizeof(*s), need;
    struct buf out = {0};
    u32 err;

    if (len && *s == 0xfeff) {
        s++;
        len--;
    }
    if (has_lone_half(s, len))
        return write_output(text);
    need = u16_to_utf8(NULL, 0, s, len, false);
    err = buf_add(&out, NULL, need);
    if (!err) {
        u16_to_utf8((char *)out.data, need, s, len, false);
        err = write_output(&out);
    }
    buf_free(&out);
    return err;
}

static bool is_pipe_or_terminal(void)
{
    struct stat st;

    return fstat(fileno(stdout), &st) || !S_ISREG(st.st_mode);
}

u32 write_text_file(const char16_t *path, const struct buf *text)
{
    bool out = !path || is_standard_input(path);
    u32 err;

    if (out && options.form == REGTEXT_V5 && !options.wide && is_pipe_or_terminal())
        err = write_utf8(text);
    else
        err = write_file(path, text);
    if (err && out)
        complain_ascii("standard output", err);
    else if (err)
        complain(path, err);
    return err;
}
