/*
 * The content of a record's stream field: bytes that do not change, shared by reference count.
 */
#ifndef MSI_RECSTREAM_H
#define MSI_RECSTREAM_H

#include "base.h"
#include "error.h"

struct os_file;
struct rec_stream;

/* Where bytes come from that are neither in memory nor a file of their own. */
struct rstream_ops {
    u32 (*read)(void *source, u64 off, void *buf, u32 n, u32 *got);
    void (*close)(void *source);
};

/* The bytes of a file as they are now. A short file is read at once; a long one is kept open, so
 * whoever changes it meanwhile changes the stream. Errors of os_open and of reading. */
u32 rstream_from_file(const char16_t *path, struct rec_stream **out);
/* Takes over the source in any case; its reads may come from any thread, several at once.
 * ERROR_OUTOFMEMORY. */
u32 rstream_from_source(const struct rstream_ops *ops, void *source, u64 size,
                        struct rec_stream **out);
/* A copy of the bytes. */
u32 rstream_from_bytes(const void *data, size_t len, struct rec_stream **out);

struct rec_stream *rstream_retain(struct rec_stream *s);
void rstream_release(struct rec_stream *s); /* s may be NULL */
/* What it is: the bytes, the file, or what rstream_from_source was given; the others are NULL. */
const void *rstream_bytes(const struct rec_stream *s);
struct os_file *rstream_file(const struct rec_stream *s);
const struct rstream_ops *rstream_ops(const struct rec_stream *s, void **source);
/* What stands for a sub-storage: it has no bytes that could be read. */
u32 rstream_for_storage(struct rec_stream **out);
bool rstream_is_storage(const struct rec_stream *s);
u64 rstream_size(const struct rec_stream *s);
/* Reads up to n bytes at off; *got is less only at the end. */
u32 rstream_read(struct rec_stream *s, u64 off, void *buf, u32 n, u32 *got);
/* Writes all of it to the file, from its beginning. Errors of reading and of os_write_at. */
u32 rstream_write(struct rec_stream *s, struct os_file *to);

#endif
