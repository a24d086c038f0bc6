/*
 * Cabinets by libmspack, the usual ones by cabzip.c.
 *
 * The library opens what it reads and what it writes by name: a name is that of a cabinet, as the
 * user knows it; the one output there is has an empty one.
 */
#include <mspack.h>
#include <string.h>

#include "cabinet.h"
#include "cabzip.h"
#include "os.h"
#include "utf16.h"

enum {
    MOST_CABINETS = 1000, /* that one goes on in: more than any product has disks */
    NAME_UNITS = 260,
    BUFFER = 1 << 16,
};

struct source {
    struct cab_bytes bytes;
    char *name; /* UTF-8 */
    struct source *next;
};

struct reader {
    struct mspack_system sys; /* first: the library hands it back */
    const struct cab_user *user;
    struct source *sources;
    u32 err; /* the user's, which the library knows nothing of */
};

struct stream {
    struct mspack_file file;
    struct reader *reader;
    struct source *source; /* NULL: the output */
    u64 at;
};

static struct reader *reader_of(struct mspack_system *sys)
{
    return (struct reader *)sys;
}

static struct stream *stream_of(struct mspack_file *file)
{
    return (struct stream *)file;
}

/* --- what the library calls ---------------------------------------------------------------------
 */

static struct source *new_source(struct reader *r, const char *name)
{
    char16_t wide[NAME_UNITS];
    struct source *s = os_calloc(1, sizeof(*s));

    if (s)
        s->name = os_alloc(strlen(name) + 1);
    if (!s || !s->name) {
        os_free(s);
        r->err = ERROR_OUTOFMEMORY;
        return NULL;
    }
    memcpy(s->name, name, strlen(name) + 1);
    cab_name(name, wide, ARRAY_LEN(wide));
    r->err = r->user->open(r->user->ctx, wide, &s->bytes);
    if (r->err) {
        os_free(s->name);
        os_free(s);
        return NULL;
    }
    s->next = r->sources;
    r->sources = s;
    return s;
}

/* The library opens a cabinet anew for each folder: the user's stays open. */
static struct source *find_source(struct reader *r, const char *name)
{
    for (struct source *s = r->sources; s; s = s->next)
        if (!strcmp(s->name, name))
            return s;
    return new_source(r, name);
}

static struct mspack_file *open_stream(struct mspack_system *sys, const char *name, int mode)
{
    struct reader *r = reader_of(sys);
    struct stream *s = os_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->reader = r;
    if (mode == MSPACK_SYS_OPEN_READ && !(s->source = find_source(r, name))) {
        os_free(s);
        return NULL;
    }
    return &s->file;
}

static void close_stream(struct mspack_file *file)
{
    os_free(file);
}

static int read_stream(struct mspack_file *file, void *buffer, int bytes)
{
    struct stream *s = stream_of(file);
    u32 got, err;

    if (!s->source || bytes < 0)
        return -1;
    err = s->source->bytes.read(s->source->bytes.ctx, s->at, buffer, (u32)bytes, &got);
    if (err) {
        s->reader->err = err;
        return -1;
    }
    s->at += got;
    return (int)got;
}

static int write_stream(struct mspack_file *file, void *buffer, int bytes)
{
    struct stream *s = stream_of(file);

    if (s->source || bytes < 0)
        return -1;
    s->reader->err = s->reader->user->data(s->reader->user->ctx, buffer, (u32)bytes);
    return s->reader->err ? -1 : bytes;
}

static int seek_stream(struct mspack_file *file, off_t offset, int mode)
{
    struct stream *s = stream_of(file);
    u64 from = 0;

    if (!s->source)
        return -1;
    if (mode == MSPACK_SYS_SEEK_CUR)
        from = s->at;
    else if (mode == MSPACK_SYS_SEEK_END)
        from = s->source->bytes.size;
    if (offset < 0 && (u64)-offset > from)
        return -1;
    s->at = from + (u64)offset;
    return 0;
}

static off_t tell_stream(struct mspack_file *file)
{
    return (off_t)stream_of(file)->at;
}

static void no_message(struct mspack_file *file, const char *format, ...)
{
    UNUSED(file);
    UNUSED(format);
}

static void *give_memory(struct mspack_system *sys, size_t bytes)
{
    UNUSED(sys);
    return os_alloc(bytes);
}

static void copy_memory(void *from, void *to, size_t bytes)
{
    memcpy(to, from, bytes);
}

/* --- errors -------------------------------------------------------------------------------------
 */

static u32 error_of(const struct reader *r, int err)
{
    if (r->err)
        return r->err;
    switch (err) {
    case MSPACK_ERR_OK:
        return ERROR_SUCCESS;
    case MSPACK_ERR_NOMEMORY:
        return ERROR_OUTOFMEMORY;
    default:
        return ERROR_FILE_CORRUPT;
    }
}

/* --- cabinets -----------------------------------------------------------------------------------
 */

static u32 read_file(struct reader *r, struct mscab_decompressor *d, struct mscabd_file *file)
{
    char16_t name[NAME_UNITS];
    struct cab_file f = {
        .name = name,
        .size = file->length,
        .date = (u16)((file->date_y - 1980) << 9 | file->date_m << 5 | file->date_d),
        .time = (u16)(file->time_h << 11 | file->time_m << 5 | file->time_s >> 1),
        .attributes = (u32)file->attribs &
                      (CAB_READONLY | CAB_HIDDEN | CAB_SYSTEM | CAB_ARCHIVE | CAB_EXECUTE),
    };
    bool want = false;
    u32 err;

    cab_name(file->filename, name, ARRAY_LEN(name));
    err = r->user->begin(r->user->ctx, &f, &want);
    if (err || !want)
        return err;
    r->err = ERROR_SUCCESS;
    err = error_of(r, d->extract(d, file, ""));
    return err ? err : r->user->end(r->user->ctx, &f);
}

/* The cabinets that this one goes on in, joined to it. What is whole without one that is not there
 * can be read, so *missing is told at the end. */
static u32 join_next(struct reader *r, struct mscab_decompressor *d, struct mscabd_cabinet *first,
                     u32 *missing)
{
    struct mscabd_cabinet *last = first, *next;

    for (u32 n = 0; last->flags & MSCAB_HDR_NEXTCAB && last->nextname; n++) {
        if (n == MOST_CABINETS)
            return ERROR_FILE_CORRUPT;
        next = d->open(d, last->nextname);
        if (!next) {
            *missing = error_of(r, d->last_error(d));
            r->err = ERROR_SUCCESS;
            return ERROR_SUCCESS;
        }
        if (d->append(d, last, next)) {
            d->close(d, next);
            return ERROR_FILE_CORRUPT;
        }
        last = next;
    }
    return ERROR_SUCCESS;
}

static u32 read_files(struct reader *r, struct mscab_decompressor *d, const char *name)
{
    struct mscabd_cabinet *cab = d->open(d, name);
    u32 missing = ERROR_SUCCESS, err;

    if (!cab)
        return error_of(r, d->last_error(d));
    err = join_next(r, d, cab, &missing);
    for (struct mscabd_file *f = cab->files; f && !err; f = f->next)
        err = read_file(r, d, f);
    d->close(d, cab);
    return err ? err : missing;
}

/* Whether it was a usual one; *err then is how the reading ended. */
static bool read_usual(struct reader *r, const char *name, u32 *err)
{
    const struct source *s = find_source(r, name);

    *err = s ? cabzip_read(r->user, &s->bytes) : r->err;
    return *err != ERROR_NOT_SUPPORTED;
}

static void close_sources(struct reader *r)
{
    while (r->sources) {
        struct source *s = r->sources;

        r->sources = s->next;
        s->bytes.close(s->bytes.ctx);
        os_free(s->name);
        os_free(s);
    }
}

u32 cab_read(const struct cab_user *user, const char16_t *name)
{
    struct reader r = {
        .sys = {open_stream, close_stream, read_stream, write_stream, seek_stream, tell_stream,
                no_message, give_memory, os_free, copy_memory, NULL},
        .user = user,
    };
    struct mscab_decompressor *d = mspack_create_cab_decompressor(&r.sys);
    char *utf8 = u16_dup_to_utf8(name);
    u32 err = ERROR_OUTOFMEMORY;

    if (d && utf8 && !read_usual(&r, utf8, &err)) {
        d->set_param(d, MSCABD_PARAM_DECOMPBUF, BUFFER);
        err = read_files(&r, d, utf8);
    }
    if (d)
        mspack_destroy_cab_decompressor(d);
    close_sources(&r);
    os_free(utf8);
    return err;
}
