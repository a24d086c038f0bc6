/*
 * Streams: reading, and replacing the content of one.
 */
#include <string.h>

#include "stg_root.h"

enum {
    SPILL = 512 * 1024, /* content of at least this is not kept in memory */
    PIECE = 256 * 1024,
};

/* --- reading
 * ------------------------------------------------------------------------------------------ */

static u32 lookup_stream(struct stg *s, const char16_t *name, u32 *node)
{
    u32 err = stg_lookup(s, name, node);

    if (!err && s->c->tree.nodes[*node].type != CFB_STREAM)
        err = ERROR_FILE_NOT_FOUND;
    return err;
}

static u32 copy_short(struct stg_stream *st, struct cfb_content *k)
{
    st->data = os_alloc(k->size);
    if (!st->data)
        return ERROR_OUTOFMEMORY;
    return cfb_content_read(st->c, k, 0, st->data, (u32)k->size);
}

static void free_part(struct stg_stream *st)
{
    if (st->part)
        cfb_runs_free(&st->part->runs);
    os_free(st->part);
}

/* What of a damaged chain can be reached, as a content of its own. */
static u32 open_damaged(struct stg_stream *st, const struct cfb_content *k)
{
    u32 shift = k->place == CFB_IN_MINI ? CFB_MINI_SHIFT : st->c->shift, err;

    st->part = os_calloc(1, sizeof(*st->part));
    if (!st->part)
        return ERROR_OUTOFMEMORY;
    err = cfb_content_prefix(st->c, k, st->part);
    st->part->size = MIN((u64)cfb_runs_total(&st->part->runs) << shift, k->size);
    return err;
}

static u32 open_stream(struct stg *s, const char16_t *name, struct stg_stream *st)
{
    struct cfb_content *k;
    u32 node;
    u32 err = lookup_stream(s, name, &node);

    if (!err)
        err = cfb_content_of(s->c, node, &k);
    if (err)
        return err;
    st->c = s->c;
    st->node = node;
    st->epoch = s->c->epoch;
    st->size = k->size;
    err = cfb_content_resolve(s->c, k);
    if (err == ERROR_FILE_CORRUPT)
        return open_damaged(st, k);
    if (err)
        return err;
    if (k->size < CFB_CUTOFF)
        return copy_short(st, k);
    st->content = k;
    k->refs++;
    return ERROR_SUCCESS;
}

u32 stg_stream_open(struct stg *s, const char16_t *name, struct stg_stream **out)
{
    struct stg_stream *st = os_calloc(1, sizeof(*st));
    u32 err;

    if (!st)
        return ERROR_OUTOFMEMORY;
    err = stg_enter(s);
    if (!err) {
        err = open_stream(s, name, st);
        if (!err)
            s->c->refs++;
        stg_leave(s);
    }
    if (err) {
        free_part(st);
        os_free(st->data);
        os_free(st);
        return err;
    }
    *out = st;
    return ERROR_SUCCESS;
}

bool stg_stream_is_removed(struct stg_stream *st)
{
    bool removed;

    os_mutex_lock(&st->c->lock);
    removed = st->epoch == st->c->epoch && st->c->tree.nodes[st->node].type != CFB_STREAM;
    os_mutex_unlock(&st->c->lock);
    return removed;
}

u64 stg_stream_size(const struct stg_stream *st)
{
    return st->size;
}

static u32 read_damaged(struct stg_stream *st, u64 off, void *buf, u32 n, u32 *got)
{
    u32 err = ERROR_FILE_CORRUPT;

    if (off < st->part->size) {
        *got = (u32)MIN(st->part->size - off, n);
        os_mutex_lock(&st->c->lock);
        err = cfb_content_read(st->c, st->part, off, buf, *got);
        os_mutex_unlock(&st->c->lock);
    }
    return err;
}

u32 stg_stream_read(struct stg_stream *st, u64 off, void *buf, u32 n, u32 *got)
{
    u32 part = off >= st->size ? 0 : (u32)MIN(st->size - off, n);
    u32 err = ERROR_SUCCESS;

    if (st->part && part)
        return read_damaged(st, off, buf, part, got);
    if (st->content) {
        os_mutex_lock(&st->c->lock);
        err = part ? cfb_content_read(st->c, st->content, off, buf, part) : ERROR_SUCCESS;
        os_mutex_unlock(&st->c->lock);
    } else if (part) {
        memcpy(buf, st->data + off, part);
    }
    if (!err)
        *got = part;
    return err;
}

void stg_stream_close(struct stg_stream *st)
{
    if (!st)
        return;
    os_mutex_lock(&st->c->lock);
    cfb_content_drop(st->c, st->content);
    stg_release(st->c);
    free_part(st);
    os_free(st->data);
    os_free(st);
}

static u32 read_whole(struct cfb *c, struct cfb_content *k, u8 **data, size_t *len)
{
    u8 *bytes;
    u32 err;

    /* before memory is asked for: a lying size is damage, not a lack of memory */
    err = cfb_content_resolve(c, k);
    if (err)
        return err;
    bytes = os_alloc(k->size);
    if (!bytes)
        return ERROR_OUTOFMEMORY;
    for (u64 off = 0; off < k->size && !err;) {
        u32 part = (u32)MIN(k->size - off, 0x40000000);

        err = cfb_content_read(c, k, off, bytes + off, part);
        off += part;
    }
    if (err) {
        os_free(bytes);
        return err;
    }
    *data = bytes;
    *len = (size_t)k->size;
    return ERROR_SUCCESS;
}

u32 stg_read_all(struct stg *s, const char16_t *name, u8 **data, size_t *len)
{
    struct cfb_content *k;
    u32 node;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = lookup_stream(s, name, &node);
    if (!err)
        err = cfb_content_of(s->c, node, &k);
    if (!err)
        err = read_whole(s->c, k, data, len);
    stg_leave(s);
    return err;
}

u32 stg_stream_length(struct stg *s, const char16_t *name, u64 *size)
{
    u32 node;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = lookup_stream(s, name, &node);
    if (!err) {
        const struct cfb_node *n = &s->c->tree.nodes[node];

        *size = n->content ? n->content->size : n->size;
    }
    stg_leave(s);
    return err;
}

/* --- new content
 * ----------------------------------------------------------------------------------------- */

/* Where new content comes from: memory, a file or another stream. */
struct source {
    const u8 *data;
    struct os_file *file;
    u64 file_off;
    struct stg_stream *stream;
    u64 size;
};

static u32 read_source(const struct source *from, u64 off, u8 *buf, u32 n)
{
    u32 got = n;
    u32 err = ERROR_SUCCESS;

    if (from->data)
        memcpy(buf, from->data + off, n);
    else if (from->file)
        err = os_read_at(from->file, from->file_off + off, buf, n, &got);
    else
        err = stg_stream_read(from->stream, off, buf, n, &got);
    if (!err && got != n)
        err = from->stream ? ERROR_FILE_CORRUPT : ERROR_HANDLE_EOF;
    return err;
}

/* The bytes are read before the lock is taken: the source may be a stream of the same root. */
static u32 keep_in_memory(struct cfb_content *k, const struct source *from)
{
    k->data = os_alloc(from->size);
    if (!k->data)
        return ERROR_OUTOFMEMORY;
    return from->size ? read_source(from, 0, k->data, (u32)from->size) : ERROR_SUCCESS;
}

static u32 take_sectors(struct cfb *c, struct cfb_content *k, u64 size)
{
    u64 count = (size + cfb_sector_size(c) - 1) >> c->shift;
    u32 err;

    if (count > CFB_MAX_SECTOR)
        return ERROR_FILE_TOO_LARGE;
    err = cfb_space_load(c);
    if (!err)
        err = cfb_space_take(c, (u32)count, &k->runs);
    if (err)
        return err;
    k->place = CFB_IN_SECTORS;
    k->shift = (u8)c->shift;
    k->resolved = true;
    return ERROR_SUCCESS;
}

/* In version 4 sectors where those of version 3 do not reach. */
static u32 take_room(struct cfb *c, struct cfb_content *k, u64 size)
{
    u32 err;

    os_mutex_lock(&c->lock);
    err = take_sectors(c, k, size);
    if (err == ERROR_FILE_TOO_LARGE && c->shift == CFB_SHIFT_V3) {
        err = cfb_upgrade(c);
        if (!err)
            err = take_sectors(c, k, size);
    }
    os_mutex_unlock(&c->lock);
    return err;
}

static u32 take_scratch(struct cfb *c, struct cfb_content *k, u64 size)
{
    u32 err;

    os_mutex_lock(&c->lock);
    err = cfb_scratch_reserve(c, size, &k->scratch);
    if (!err)
        k->place = CFB_IN_SCRATCH;
    os_mutex_unlock(&c->lock);
    return err;
}

static u32 write_piece(struct cfb *c, u32 shift, u64 at, u8 *buf, u32 n)
{
    u32 padded = (u32)ALIGN_UP(n, 1u << shift);
    u32 err;

    memset(buf + n, 0, padded - n);
    os_mutex_lock(&c->lock);
    err = cfb_write(c, at, buf, padded);
    os_mutex_unlock(&c->lock);
    return err;
}

static u32 fill_sectors(struct cfb *c, struct cfb_content *k, const struct source *from, u8 *buf)
{
    u64 off = 0;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < k->runs.count && !err; i++) {
        u64 at = cfb_offset_as(k->runs.at[i].start, k->shift);
        u64 len = MIN((u64)k->runs.at[i].count << k->shift, from->size - off);

        while (len && !err) {
            u32 part = (u32)MIN(len, PIECE);

            err = read_source(from, off, buf, part);
            if (!err)
                err = write_piece(c, k->shift, at, buf, part);
            off += part;
            at += part;
            len -= part;
        }
    }
    return err;
}

static u32 fill_scratch(struct cfb *c, struct cfb_content *k, const struct source *from, u8 *buf)
{
    u32 err = ERROR_SUCCESS;

    for (u64 off = 0; off < from->size && !err;) {
        u32 part = (u32)MIN(from->size - off, PIECE);

        err = read_source(from, off, buf, part);
        if (!err)
            err = os_write_at(c->scratch, k->scratch + off, buf, part);
        off += part;
    }
    return err;
}

/* Long content: to free sectors of the file, where a commit leaves it, or to the scratch file. */
static u32 spill(struct cfb *c, struct cfb_content *k, const struct source *from)
{
    u8 *buf = os_alloc(PIECE);
    u32 err = ERROR_OUTOFMEMORY;

    if (buf && c->file && c->writable) {
        err = take_room(c, k, from->size);
        if (!err)
            err = fill_sectors(c, k, from, buf);
    } else if (buf) {
        err = take_scratch(c, k, from->size);
        if (!err)
            err = fill_scratch(c, k, from, buf);
    }
    os_free(buf);
    return err;
}

static u32 find_or_add(struct stg *s, const char16_t *name, u32 *node)
{
    u32 len;
    u32 err = stg_lookup(s, name, node);

    if (!err)
        return s->c->tree.nodes[*node].type == CFB_STREAM ? ERROR_SUCCESS : ERROR_ALREADY_EXISTS;
    err = stg_check_name(name, &len);
    if (!err)
        err = cfb_add(&s->c->tree, s->node, name, len, CFB_STREAM, node);
    return err;
}

static u32 new_content(struct cfb *c, u64 size, struct cfb_content **out)
{
    u32 err;

    os_mutex_lock(&c->lock);
    err = cfb_content_new(c, out);
    if (!err)
        (*out)->size = size;
    os_mutex_unlock(&c->lock);
    return err;
}

static u32 attach(struct stg *s, const char16_t *name, struct cfb_content *k)
{
    u32 node;
    u32 err = stg_enter(s);

    if (err)
        return err;
    err = find_or_add(s, name, &node);
    if (!err) {
        cfb_content_drop(s->c, s->c->tree.nodes[node].content);
        s->c->tree.nodes[node].content = k;
        stg_touch_node(s->c, node);
    }
    stg_leave(s);
    return err;
}

/* The stream keeps its old content until the new one is complete. */
static u32 set_content(struct stg *s, const char16_t *name, const struct source *from)
{
    struct cfb_content *k;
    u32 err = new_content(s->c, from->size, &k);

    if (err)
        return err;
    err = from->size < SPILL ? keep_in_memory(k, from) : spill(s->c, k, from);
    if (!err)
        err = attach(s, name, k);
    if (err) {
        os_mutex_lock(&s->c->lock);
        cfb_content_drop(s->c, k);
        os_mutex_unlock(&s->c->lock);
    }
    return err;
}

u32 stg_set_bytes(struct stg *s, const char16_t *name, const void *data, size_t len)
{
    struct source from = {.data = data, .size = len};

    return set_content(s, name, &from);
}

u32 stg_set_file(struct stg *s, const char16_t *name, struct os_file *f, u64 off, u64 size)
{
    struct source from = {.file = f, .file_off = off, .size = size};

    return set_content(s, name, &from);
}

u32 stg_set_stream(struct stg *s, const char16_t *name, struct stg_stream *stream)
{
    struct source from = {.stream = stream, .size = stream->size};

    return set_content(s, name, &from);
}
