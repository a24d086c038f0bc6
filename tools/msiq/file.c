/*
 * Files that commands write: whole or not at all.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"
#include "seam.h"

struct out_file {
    FILE *stream; /* standard output, or what is written in place: a device, a pipe, a link */
    struct os_file *file;
    char16_t *path, *beside;
    u64 at;
};

static u32 open_beside(struct out_file *f)
{
    u32 err = ERROR_FILE_EXISTS;

    if (is_special(f->path)) {
        f->stream = open_special(f->path);
        return f->stream ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
    }
    for (u32 tries = 0; err == ERROR_FILE_EXISTS && tries < 16; tries++) {
        u32 chance;
        char ending[24];
        char16_t *tail;

        os_random(&chance, sizeof(chance));
        snprintf(ending, sizeof(ending), ".%08x.new", (unsigned)chance);
        tail = from_ascii(ending);
        os_free(f->beside);
        f->beside = join(f->path, tail, NULL);
        os_free(tail);
        err = os_open(f->beside, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &f->file);
    }
    return err;
}

u32 out_file_open(const char16_t *path, struct out_file **out)
{
    struct out_file *f = must_alloc(sizeof(*f));
    u32 err = ERROR_SUCCESS;

    memset(f, 0, sizeof(*f));
    if (path && !is(path, "-")) {
        f->path = must_dup(path);
        err = open_beside(f);
    } else {
        f->stream = stdout;
    }
    if (err) {
        os_free(f->beside);
        os_free(f->path);
        os_free(f);
        return err;
    }
    *out = f;
    return ERROR_SUCCESS;
}

u32 out_file_write(struct out_file *f, const void *data, u32 n)
{
    u32 err;

    if (f->stream)
        return fwrite(data, 1, n, f->stream) == n ? ERROR_SUCCESS : ERROR_WRITE_FAULT;
    err = os_write_at(f->file, f->at, data, n);
    f->at += n;
    return err;
}

u32 out_file_close(struct out_file *f, u32 err)
{
    if (f->stream && f->stream != stdout && fclose(f->stream) && !err)
        err = ERROR_WRITE_FAULT;
    os_close(f->file);
    if (f->beside && !err)
        err = os_rename(f->beside, f->path);
    if (f->beside && err)
        os_remove(f->beside);
    os_free(f->beside);
    os_free(f->path);
    os_free(f);
    return err;
}

u32 make_folder(const char16_t *path)
{
    u32 err = os_make_folder(path);

    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

char16_t *path_in(const char16_t *folder, const char16_t *name)
{
    size_t n = u16_len(folder);
    bool ended = n && (folder[n - 1] == u'/' || folder[n - 1] == u'\\');

    return join(folder, n && !ended ? u"/" : u"", name, NULL);
}

static bool fits_file_name(char16_t c)
{
    return c >= u' ' && c != u'<' && c != u'>' && c != u':' && c != u'"' && c != u'/' &&
           c != u'\\' && c != u'|' && c != u'?' && c != u'*' && c != u'%';
}

char16_t *file_name_for(const char16_t *name)
{
    static const char16_t hex[] = u"0123456789ABCDEF";
    char16_t *out = must_alloc((3 * u16_len(name) + 1) * sizeof(*out));
    size_t n = 0;

    for (size_t i = 0; name[i]; i++) {
        bool last = !name[i + 1] && (name[i] == u'.' || name[i] == u' ');

        if (!last && fits_file_name(name[i])) {
            out[n++] = name[i];
            continue;
        }
        out[n++] = u'%';
        out[n++] = hex[name[i] >> 4 & 15];
        out[n++] = hex[name[i] & 15];
    }
    out[n] = 0;
    return out;
}

static u32 copy_bytes(struct pkg_row *row, u32 field, struct out_file *to)
{
    static u8 buffer[1 << 16];
    u32 size = row_size(row, field), done = 0, err = ERROR_SUCCESS;

    for (u32 n = sizeof(buffer); !err && n; done += n) {
        n = sizeof(buffer);
        err = row_read(row, field, buffer, &n);
        if (!err && n)
            err = out_file_write(to, buffer, n);
        progress("bytes", done, size);
    }
    progress("bytes", 1, 1);
    return err;
}

u32 save_stream(struct pkg_row *row, u32 field, const char16_t *path)
{
    struct out_file *to;
    u32 err = out_file_open(path, &to);

    return err ? err : out_file_close(to, copy_bytes(row, field, to));
}

static u32 copy_all(struct os_file *from, struct out_file *to)
{
    static u8 piece[1 << 16];
    u32 got = 1, err = ERROR_SUCCESS;

    for (u64 at = 0; !err && got; at += got) {
        err = os_read_at(from, at, piece, sizeof(piece), &got);
        if (!err && got)
            err = out_file_write(to, piece, got);
    }
    return err;
}

u32 save_file(const char16_t *path, const char16_t *out)
{
    struct out_file *to;
    struct os_file *from;
    u32 err = os_open(path, OS_READ, &from);

    if (err)
        return err;
    err = out_file_open(out, &to);
    if (!err)
        err = out_file_close(to, copy_all(from, to));
    os_close(from);
    return err;
}
