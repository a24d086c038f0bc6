/*
 * Staging what is in cabinets.
 *
 * A cabinet that goes on in another one goes on in the next of the Media table, and what its header
 * calls that does not matter. One that another goes on in is read from where that begins.
 */
#include <string.h>

#include "media.h"
#include "namecodec.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { HEADER = 32, FLAGS = 30, HAS_PREVIOUS = 1, OPENINGS_MAX = 5000 };

/* The cabinets of one reading, and the file that is written. */
struct cab_set {
    struct media *m;
    struct stg *package;
    char16_t **called; /* what the headers call first, first + 1, ... */
    u32 first, count;
    u32 openings;
    bool missing; /* a cabinet that it would go on in */
    struct media_file *file;
    struct tgt_file *out;
    u64 left;
};

/* --- bytes --------------------------------------------------------------------------------------
 */

static u32 read_file(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    return os_read_at(ctx, off, buf, n, got);
}

static void close_file(void *ctx)
{
    os_close(ctx);
}

static u32 open_file(const char16_t *path, struct cab_bytes *out)
{
    struct os_file *f;
    u32 err = os_open(path, OS_READ, &f);

    if (err)
        return err;
    err = os_size(f, &out->size);
    if (err) {
        os_close(f);
        return err;
    }
    out->read = read_file;
    out->close = close_file;
    out->ctx = f;
    return ERROR_SUCCESS;
}

static u32 read_stream(void *ctx, u64 off, void *buf, u32 n, u32 *got)
{
    return stg_stream_read(ctx, off, buf, n, got);
}

static void close_stream(void *ctx)
{
    stg_stream_close(ctx);
}

static u32 open_stream(struct stg *package, const char16_t *name, struct cab_bytes *out)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg_stream *st;
    u32 err = package ? name_encode(name, u16_len(name), false, stored) : ERROR_FILE_NOT_FOUND;

    if (!err)
        err = stg_stream_open(package, stored, &st);
    if (err)
        return err;
    out->size = stg_stream_size(st);
    out->read = read_stream;
    out->close = close_stream;
    out->ctx = st;
    return ERROR_SUCCESS;
}

static void say(struct media *m, u32 number, const struct media_file *f, u32 cabinet)
{
    m->trouble = (struct media_trouble){number, f ? f->name : NULL, m->cabinets[cabinet].name};
}

static u32 open_cabinet(struct media *m, struct stg *package, u32 i, struct cab_bytes *out)
{
    const struct media_cabinet *c = &m->cabinets[i];
    u32 err = c->embedded ? open_stream(c->package ? c->root : package, c->name, out)
                          : open_file(c->name, out);

    if (err) {
        TRACE(TRACE_MSI, "cabinet %s = %u", trace_text(c->name, -1), err);
        say(m, c->embedded ? MEDIA_NO_STREAM : MEDIA_NO_CABINET, NULL, i);
    }
    return err;
}

/* --- which cabinet ------------------------------------------------------------------------------
 */

static u32 number_of(const struct cab_set *set, const char16_t *name)
{
    u32 i = 0;

    while (i < set->count && !u16_equal_fold(set->called[i], name))
        i++;
    return i;
}

static u32 call_next(struct cab_set *set, const char16_t *name)
{
    char16_t **more;

    if (set->first + set->count >= set->m->cabinet_count)
        return ERROR_FILE_NOT_FOUND;
    more = os_realloc_array(set->called, set->count + 1u, sizeof(*more));
    if (!more)
        return ERROR_OUTOFMEMORY;
    set->called = more;
    more[set->count] = u16_dup(name, u16_len(name));
    if (!more[set->count])
        return ERROR_OUTOFMEMORY;
    set->count++;
    return ERROR_SUCCESS;
}

static u32 open_called(void *ctx, const char16_t *name, struct cab_bytes *out)
{
    struct cab_set *set = ctx;
    u32 i = number_of(set, name), err = ERROR_SUCCESS;

    if (set->openings++ >= OPENINGS_MAX)
        return ERROR_FILE_CORRUPT;
    if (i == set->count)
        err = call_next(set, name);
    if (!err)
        err = open_cabinet(set->m, set->package, set->first + i, out);
    set->missing = set->missing || (err && i > 0);
    return err;
}

/* --- files --------------------------------------------------------------------------------------
 */

static u32 begin_file(void *ctx, const struct cab_file *f, bool *want)
{
    struct cab_set *set = ctx;
    struct media_file *file = media_find(set->m, set->first, set->count, f->name);

    bool kin = file && !u16_equal(file->name, f->name);

    /* the one of that very name may come behind */
    *want = file && !file->rests && (!file->done || (file->by_kin && !kin));
    if (!*want)
        return ERROR_SUCCESS;
    if (file->done) {
        u32 err = tgt_remove(file->staged);

        if (err)
            return err;
    }
    file->done = false;
    file->by_kin = kin;
    set->file = file;
    set->left = f->size;
    return tgt_create(file->staged, &set->out);
}

static u32 add_data(void *ctx, const void *bytes, u32 n)
{
    struct cab_set *set = ctx;

    if (n > set->left)
        return ERROR_FILE_CORRUPT;
    set->left -= n;
    return tgt_write(set->out, bytes, n);
}

static u32 end_file(void *ctx, const struct cab_file *f)
{
    struct cab_set *set = ctx;
    u64 now = os_time(), written = media_time(f->date, f->time);
    u32 err = set->left ? ERROR_FILE_CORRUPT : ERROR_SUCCESS;

    if (!written)
        written = now;
    /* A file that seems to be written after it was made would count as changed by its user. */
    if (err)
        tgt_close(set->out);
    else
        err = tgt_close_at(set->out, set->file->staged, 0, MAX(now, written), written);
    set->out = NULL;
    set->file->done = !err;
    return err;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static u32 has_previous(struct media *m, struct stg *package, u32 i, bool *has)
{
    struct cab_bytes bytes;
    u8 header[HEADER];
    u32 got, err = open_cabinet(m, package, i, &bytes);

    if (err)
        return err;
    err = bytes.read(bytes.ctx, 0, header, HEADER, &got);
    bytes.close(bytes.ctx);
    if (!err && got < HEADER)
        err = ERROR_FILE_CORRUPT;
    *has = !err && (header[FLAGS] & HAS_PREVIOUS);
    return err;
}

static u32 find_begin(struct media *m, struct stg *package, u32 *first)
{
    bool has;
    u32 err;

    while (!(err = has_previous(m, package, *first, &has)) && has && *first)
        --*first;
    return err;
}

/* The first file of these cabinets that has not come, or NULL. */
static const struct media_file *lacking(const struct media *m, u32 first, u32 end)
{
    for (u32 i = 0; i < m->file_count; i++) {
        const struct media_file *f = &m->files[i];

        if (!f->done && !f->rests && f->cabinet >= first && f->cabinet < end)
            return f;
    }
    return NULL;
}

static void set_free(struct cab_set *set)
{
    if (set->out)
        tgt_close(set->out);
    for (u32 i = 0; i < set->count; i++)
        os_free(set->called[i]);
    os_free(set->called);
}

/* Reads one, and what it goes on in; *end is behind the last that was seen. */
static u32 read_set(struct media *m, struct stg *package, u32 first, u32 *end)
{
    struct cab_set set = {.m = m, .package = package, .first = first};
    const struct cab_user user = {&set, open_called, begin_file, add_data, end_file};
    u32 err = cab_read(&user, m->cabinets[first].name);

    *end = MAX(*end, first + MAX(set.count, 1u));
    /* One that would come next, and is not there, may not be missed by what is wanted. */
    if (set.missing && !lacking(m, first, first + 1))
        err = ERROR_SUCCESS;
    if (!err)
        m->trouble.number = 0;
    set_free(&set);
    return err;
}

u32 media_read_cabinets(struct media *m, struct stg *package, u32 wanted)
{
    const struct media_file *lack;
    u32 first = wanted, end = 0, err = find_begin(m, package, &first);

    for (u32 i = first; !err && i < MAX(end, wanted + 1); i++) {
        if (i == first || lacking(m, i, i + 1))
            err = read_set(m, package, i, &end);
        first = err ? i : first;
    }
    if (err == ERROR_FILE_CORRUPT && !m->trouble.number)
        say(m, MEDIA_BAD_CABINET, NULL, first);
    lack = err ? NULL : lacking(m, first, end);
    if (!lack)
        return err;
    TRACE(TRACE_MSI, "file %s is in no cabinet", trace_text(lack->name, -1));
    say(m, MEDIA_NOT_IN_CABINET, lack, lack->cabinet);
    return ERROR_FILE_NOT_FOUND;
}
