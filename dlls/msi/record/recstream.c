/*
 * Stream content of records: memory, an open file, or another source.
 */
#include "recstream.h"

#include <stdatomic.h>
#include <string.h>

#include "os.h"

/* A file up to this size is read into memory; then it may be deleted or changed at once. */
enum { IN_MEMORY_MAX = 1 << 20 };

struct rec_stream {
    atomic_uint refs;
    u64 size;
    u8 *bytes; /* one of bytes, file and ops; all NULL for no bytes */
    struct os_file *file;
    const struct rstream_ops *ops;
    void *source;
};

static struct rec_stream *stream_new(u64 size)
{
    struct rec_stream *s = os_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    atomic_init(&s->refs, 1);
    s->size = size;
    return s;
}

static u32 read_whole(struct os_file *f, u32 size, u8 **bytes)
{
    u32 got, err;
    u8 *b = os_alloc(size ? size : 1);

    if (!b)
        return ERROR_OUTOFMEMORY;
    err = os_read_at(f, 0, b, size, &got);
    if (!err && got < size)
        err = ERROR_HANDLE_EOF;
    if (err) {
        os_free(b);
        return err;
    }
    *bytes = b;
    return ERROR_SUCCESS;
}

/* Gives f to s, or its bytes and closes it. */
static u32 take_file(struct rec_stream *s, struct os_file *f)
{
    u32 err;

    if (s->size > IN_MEMORY_MAX) {
        s->file = f;
        return ERROR_SUCCESS;
    }
    err = read_whole(f, (u32)s->size, &s->bytes);
    os_close(f);
    return err;
}

u32 rstream_from_file(const char16_t *path, struct rec_stream **out)
{
    struct rec_stream *s;
    struct os_file *f;
    u64 size;
    u32 err = os_open(path, OS_READ, &f);

    if (err)
        return err;
    err = os_size(f, &size);
    if (err) {
        os_close(f);
        return err;
    }
    s = stream_new(size);
    if (!s) {
        os_close(f);
        return ERROR_OUTOFMEMORY;
    }
    err = take_file(s, f);
    if (err)
        rstream_release(s);
    else
        *out = s;
    return err;
}

u32 rstream_from_source(const struct rstream_ops *ops, void *source, u64 size,
                        struct rec_stream **out)
{
    struct rec_stream *s = stream_new(size);

    if (!s) {
        ops->close(source);
        return ERROR_OUTOFMEMORY;
    }
    s->ops = ops;
    s->source = source;
    *out = s;
    return ERROR_SUCCESS;
}

u32 rstream_from_bytes(const void *data, size_t len, struct rec_stream **out)
{
    struct rec_stream *s = stream_new(len);

    if (!s)
        return ERROR_OUTOFMEMORY;
    s->bytes = os_alloc(len ? len : 1);
    if (!s->bytes) {
        rstream_release(s);
        return ERROR_OUTOFMEMORY;
    }
    if (len)
        memcpy(s->bytes, data, len);
    *out = s;
    return ERROR_SUCCESS;
}

static u32 storage_read(void *source, u64 off, void *buf, u32 n, u32 *got)
{
    UNUSED(source);
    UNUSED(off);
    UNUSED(buf);
    UNUSED(n);
    *got = 0;
    return ERROR_INVALID_DATA;
}

static void storage_close(void *source)
{
    UNUSED(source);
}

static const struct rstream_ops storage = {storage_read, storage_close};

u32 rstream_for_storage(struct rec_stream **out)
{
    return rstream_from_source(&storage, NULL, 0, out);
}

bool rstream_is_storage(const struct rec_stream *s)
{
    return s->ops == &storage;
}

struct rec_stream *rstream_retain(struct rec_stream *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void rstream_release(struct rec_stream *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
        return;
    os_free(s->bytes);
    os_close(s->file);
    if (s->ops)
        s->ops->close(s->source);
    os_free(s);
}

const void *rstream_bytes(const struct rec_stream *s)
{
    return s->bytes;
}

struct os_file *rstream_file(const struct rec_stream *s)
{
    return s->file;
}

const struct rstream_ops *rstream_ops(const struct rec_stream *s, void **source)
{
    *source = s->source;
    return s->ops;
}

u64 rstream_size(const struct rec_stream *s)
{
    return s->size;
}

u32 rstream_read(struct rec_stream *s, u64 off, void *buf, u32 n, u32 *got)
{
    *got = 0;
    if (off >= s->size || !n)
        return ERROR_SUCCESS;
    if (n > s->size - off)
        n = (u32)(s->size - off);
    if (s->file)
        return os_read_at(s->file, off, buf, n, got);
    if (s->ops)
        return s->ops->read(s->source, off, buf, n, got);
    memcpy(buf, s->bytes + off, n);
    *got = n;
    return ERROR_SUCCESS;
}

u32 rstream_write(struct rec_stream *s, struct os_file *to)
{
    u8 buf[16384];
    u64 off = 0;
    u32 got, err;

    while (!(err = rstream_read(s, off, buf, sizeof(buf), &got)) && got) {
        err = os_write_at(to, off, buf, got);
        if (err)
            break;
        off += got;
    }
    return err;
}
