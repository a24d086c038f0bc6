/*
 * Records and the engine's values.
 */
#include "recvalue.h"

#include <string.h>

#include "os.h"
#include "stg.h"

static u32 stored_read(void *source, u64 off, void *buf, u32 n, u32 *got)
{
    *got = 0;
    if (stg_stream_is_removed(source)) /* as with Windows */
        return ERROR_SUCCESS;
    return stg_stream_read(source, off, buf, n, got);
}

static void stored_close(void *source)
{
    stg_stream_close(source);
}

static const struct rstream_ops stored = {stored_read, stored_close};

/* The storage's stream that the content is, or NULL. */
static struct stg_stream *stored_stream(const struct rec_stream *s)
{
    void *source;

    return rstream_ops(s, &source) == &stored ? source : NULL;
}

static u32 put(struct stream_source *source, struct stg *stg, const char16_t *name)
{
    struct rec_stream *s = CONTAINER_OF(source, struct rval_stream, base)->stream;

    if (rstream_is_storage(s))
        return ERROR_FUNCTION_FAILED;
    if (rstream_bytes(s))
        return stg_set_bytes(stg, name, rstream_bytes(s), (size_t)rstream_size(s));
    if (rstream_file(s))
        return stg_set_file(stg, name, rstream_file(s), 0, rstream_size(s));
    return stg_set_stream(stg, name, stored_stream(s));
}

static u32 reserve(struct rec_values *vals, u32 n)
{
    size_t one = sizeof(struct value) + sizeof(struct rval_stream) + sizeof(char16_t *);

    vals->n = n;
    vals->used = 0;
    vals->memory = NULL;
    vals->v = vals->few;
    vals->streams = vals->few_streams;
    vals->owned = vals->few_owned;
    if (n > RVAL_FEW) {
        vals->memory = os_alloc_array(n, one);
        if (!vals->memory)
            return ERROR_OUTOFMEMORY;
        vals->v = vals->memory;
        vals->streams = (struct rval_stream *)(vals->v + n);
        vals->owned = (char16_t **)(vals->streams + n);
    }
    memset(vals->v, 0, n * sizeof(*vals->v));
    memset(vals->streams, 0, n * sizeof(*vals->streams));
    memset(vals->owned, 0, n * sizeof(*vals->owned));
    return ERROR_SUCCESS;
}

static u32 take_text(struct rec_values *vals, struct record *r, u32 i)
{
    struct value *v = &vals->v[i];
    struct rec_view view;

    v->kind = VALUE_TEXT;
    rec_lock(r);
    if (!rec_view(r, i + 1, &view) && view.len <= RVAL_ARENA - vals->used) {
        v->text = vals->arena + vals->used;
        v->len = view.len;
        memcpy(vals->arena + vals->used, view.text, view.len * sizeof(char16_t));
        vals->used += view.len;
    }
    rec_unlock(r);
    if (v->text)
        return ERROR_SUCCESS;
    vals->owned[i] = rec_dup_text(r, i + 1, &v->len);
    v->text = vals->owned[i];
    return v->text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 take(struct rec_values *vals, struct record *r, u32 i)
{
    struct value *v = &vals->v[i];

    switch (rec_kind(r, i + 1)) {
    case REC_NULL:
    case REC_ROW:
        v->kind = VALUE_NULL;
        return ERROR_SUCCESS;
    case REC_INT:
        v->kind = VALUE_INT;
        v->i = rec_get_int(r, i + 1);
        return ERROR_SUCCESS;
    case REC_TEXT:
        return take_text(vals, r, i);
    case REC_STREAM:
        break;
    }
    vals->streams[i].stream = rec_get_stream(r, i + 1);
    if (!vals->streams[i].stream)
        return ERROR_SUCCESS; /* another thread has just changed it */
    v->kind = VALUE_STREAM;
    vals->streams[i].base.put = put;
    v->stream = &vals->streams[i].base;
    return ERROR_SUCCESS;
}

u32 rval_take(struct rec_values *vals, struct record *r, u32 n)
{
    u32 err = reserve(vals, n), fields = r ? MIN(n, rec_count(r)) : 0;

    if (err)
        return err;
    for (u32 i = 0; i < fields; i++) {
        err = take(vals, r, i);
        if (err) {
            rval_done(vals);
            return err;
        }
    }
    return ERROR_SUCCESS;
}

void rval_done(struct rec_values *vals)
{
    for (u32 i = 0; i < vals->n; i++) {
        os_free(vals->owned[i]);
        rstream_release(vals->streams[i].stream);
    }
    os_free(vals->memory);
}

u32 rval_set_stream(struct record *r, u32 field, struct stg_stream *st)
{
    struct rec_stream *s;
    u32 err = rstream_from_source(&stored, st, stg_stream_size(st), &s);

    if (err)
        return err;
    err = rec_set_stream(r, field, s);
    rstream_release(s);
    return err;
}

u32 rval_set_storage(struct record *r, u32 field)
{
    struct rec_stream *s;
    u32 err = rstream_for_storage(&s);

    if (err)
        return err;
    err = rec_set_stream(r, field, s);
    rstream_release(s);
    return err;
}

bool rval_is_stored(struct record *r, u32 field)
{
    struct rec_stream *s = rec_get_stream(r, field);
    bool is = s && (stored_stream(s) || rstream_is_storage(s));

    rstream_release(s);
    return is;
}
