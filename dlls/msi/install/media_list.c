/*
 * The list of an OP_MEDIA: writing it and reading it.
 */
#include <string.h>

#include "media.h"
#include "utf16.h"

enum { TEXT_MAX = 32768 };

u32 media_put_text(struct buf *list, const char16_t *text)
{
    size_t len = u16_len(text);
    u32 err = len < TEXT_MAX ? buf_add32(list, (u32)len) : ERROR_BAD_PATHNAME;

    return err ? err : buf_add(list, text, len * sizeof(*text));
}

/* --- reading ------------------------------------------------------------------------------------
 */

struct reading {
    const u8 *bytes;
    size_t len, at;
    u32 err;
};

static u32 take_number(struct reading *r)
{
    u32 n = 0;

    if (!r->err && r->len - r->at < 4)
        r->err = ERROR_FILE_CORRUPT;
    if (!r->err) {
        n = le32(r->bytes + r->at);
        r->at += 4;
    }
    return n;
}

/* A number of things of at least 4 bytes each. */
static u32 take_count(struct reading *r)
{
    u32 n = take_number(r);

    if (!r->err && n > (r->len - r->at) / 4)
        r->err = ERROR_FILE_CORRUPT;
    return r->err ? 0 : n;
}

static char16_t *take_text(struct reading *r)
{
    u32 n = take_number(r);
    char16_t *text;

    if (!r->err && (n >= TEXT_MAX || (r->len - r->at) / sizeof(*text) < n))
        r->err = ERROR_FILE_CORRUPT;
    if (r->err)
        return NULL;
    text = os_alloc_array(n + 1u, sizeof(*text));
    if (!text) {
        r->err = ERROR_OUTOFMEMORY;
        return NULL;
    }
    memcpy(text, r->bytes + r->at, n * sizeof(*text));
    text[n] = 0;
    r->at += n * sizeof(*text);
    return text;
}

static void *take_room(struct reading *r, u32 count, size_t size)
{
    void *room = r->err ? NULL : os_calloc(count + 1u, size);

    if (!room && !r->err)
        r->err = ERROR_OUTOFMEMORY;
    return room;
}

static void read_cabinets(struct reading *r, struct media *m)
{
    u32 n = take_count(r);

    m->cabinets = take_room(r, n, sizeof(*m->cabinets));
    for (u32 i = 0; !r->err && i < n; i++) {
        u32 place = take_number(r);

        m->cabinets[i].embedded = place != MEDIA_FILE;
        if (place == MEDIA_STREAM_OF)
            m->cabinets[i].package = take_text(r);
        m->cabinets[i].name = take_text(r);
        m->cabinet_count++;
    }
}

static void read_volumes(struct reading *r, struct media *m)
{
    u32 n = take_count(r);

    m->volumes = take_room(r, n, sizeof(*m->volumes));
    for (u32 i = 0; !r->err && i < n; i++) {
        m->volumes[i] = take_text(r);
        m->volume_count++;
    }
}

static void read_files(struct reading *r, struct media *m)
{
    u32 n = take_count(r);

    m->files = take_room(r, n, sizeof(*m->files));
    for (u32 i = 0; !r->err && i < n; i++) {
        struct media_file *f = &m->files[i];

        f->cabinet = take_number(r);
        f->volume = take_number(r);
        f->name = take_text(r);
        m->file_count++;
        if (r->err)
            break;
        if (f->volume >= m->volume_count || (f->cabinet >= m->cabinet_count &&
                                             f->cabinet != MEDIA_LOOSE && f->cabinet != MEDIA_MADE))
            r->err = ERROR_FILE_CORRUPT;
        else if (f->cabinet < m->cabinet_count)
            r->err = hash_add(&m->by_name, hash_name(f->name, u16_len(f->name)), i);
    }
}

/* A place among the files, of what is not made itself. */
static u32 take_place(struct reading *r, const struct media *m)
{
    u32 place = take_number(r);

    if (!r->err && (place >= m->file_count || m->files[place].cabinet == MEDIA_MADE))
        r->err = ERROR_FILE_CORRUPT;
    return place;
}

static void read_deltas(struct reading *r, struct media *m, struct media_made *made)
{
    made->count = take_count(r);
    made->deltas = take_room(r, made->count, sizeof(*made->deltas));
    for (u32 i = 0; !r->err && i < made->count; i++) {
        made->deltas[i].place = take_place(r, m);
        if (!r->err)
            m->files[made->deltas[i].place].part = true;
        made->deltas[i].optional = take_number(r) != 0;
    }
}

static void read_made(struct reading *r, struct media *m)
{
    u32 n = take_count(r);

    m->made = take_room(r, n, sizeof(*m->made));
    for (u32 i = 0; !r->err && i < n; i++) {
        struct media_made *made = &m->made[i];

        m->made_count++;
        made->place = take_number(r);
        if (!r->err &&
            (made->place >= m->file_count || m->files[made->place].cabinet != MEDIA_MADE))
            r->err = ERROR_FILE_CORRUPT;
        made->base = take_number(r);
        if (!r->err && made->base != MEDIA_LOOSE &&
            (made->base >= m->file_count || m->files[made->base].cabinet == MEDIA_MADE))
            r->err = ERROR_FILE_CORRUPT;
        if (!r->err && made->base != MEDIA_LOOSE)
            m->files[made->base].rests = m->files[made->base].part = true;
        read_deltas(r, m, made);
    }
}

u32 media_read_list(const u8 *bytes, size_t len, struct media **out)
{
    struct reading r = {bytes, len, 0, ERROR_SUCCESS};
    struct media *m = os_calloc(1, sizeof(*m));

    if (!m)
        return ERROR_OUTOFMEMORY;
    read_cabinets(&r, m);
    read_volumes(&r, m);
    read_files(&r, m);
    read_made(&r, m);
    if (!r.err && r.at != len)
        r.err = ERROR_FILE_CORRUPT;
    if (r.err)
        media_free(m);
    else
        *out = m;
    return r.err;
}

void media_free(struct media *m)
{
    if (!m)
        return;
    for (u32 i = 0; i < m->cabinet_count; i++) {
        os_free(m->cabinets[i].name);
        os_free(m->cabinets[i].package);
        stg_close(m->cabinets[i].root);
    }
    for (u32 i = 0; i < m->volume_count; i++)
        os_free(m->volumes[i]);
    for (u32 i = 0; i < m->file_count; i++) {
        os_free(m->files[i].name);
        os_free(m->files[i].staged);
    }
    for (u32 i = 0; i < m->made_count; i++)
        os_free(m->made[i].deltas);
    os_free(m->made);
    os_free(m->cabinets);
    os_free(m->volumes);
    os_free(m->files);
    hash_free(&m->by_name);
    os_close(m->from);
    os_free(m);
}

/* --- names of staged files ----------------------------------------------------------------------
 */

static char16_t *numbered(const char16_t *base, u32 number)
{
    static const char16_t digits[] = u"0123456789abcdef";
    size_t len = u16_len(base);
    char16_t *path = os_alloc_array(len + 9u, sizeof(*path));

    if (!path)
        return NULL;
    memcpy(path, base, len * sizeof(*path));
    for (u32 shift = 32; shift; shift -= 4)
        path[len++] = digits[number >> (shift - 4) & 15];
    path[len] = 0;
    return path;
}

u32 media_stage_as(struct media *m, u32 volume, const char16_t *base)
{
    for (u32 i = 0; i < m->file_count; i++) {
        if (m->files[i].volume != volume || !media_is_staged(&m->files[i]))
            continue;
        m->files[i].staged = numbered(base, i);
        if (!m->files[i].staged)
            return ERROR_OUTOFMEMORY;
    }
    return ERROR_SUCCESS;
}

/* --- looking up ---------------------------------------------------------------------------------
 */

struct looking {
    const struct media *m;
    u32 first, count;
};

static bool is_among(const struct looking *l, u32 file)
{
    return l->m->files[file].cabinet - l->first < l->count;
}

static bool is_name(const void *ctx, u32 value, const void *item)
{
    const struct looking *l = ctx;

    return is_among(l, value) && u16_equal(l->m->files[value].name, item);
}

static bool same_name(const void *ctx, u32 value, const void *item)
{
    const struct looking *l = ctx;

    return is_among(l, value) && u16_equal_fold(l->m->files[value].name, item);
}

struct media_file *media_find(struct media *m, u32 first, u32 count, const char16_t *name)
{
    const struct looking l = {m, first, count};
    u32 hash = hash_name(name, u16_len(name)), i = hash_find(&m->by_name, hash, is_name, &l, name);

    if (i == HASH_NONE)
        i = hash_find(&m->by_name, hash, same_name, &l, name);
    return i == HASH_NONE ? NULL : &m->files[i];
}
