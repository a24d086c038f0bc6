/*
 * Records; record.h says what they do.
 *
 * The fields stand behind the record in one block of memory, short texts inside their fields,
 * those of a fetched row in what is left of the block, so that most records are one allocation.
 */
#include "record.h"

#include <string.h>

#include "os.h"
#include "recblock.h"
#include "textcopy.h"

enum { INLINE_CHARS = 12 }; /* of a text kept in the field, the terminator included */

enum text_place { IN_FIELD, IN_BLOCK, IN_HEAP };

struct field {
    u8 kind;
    u8 place; /* of a text: enum text_place; u.text for the last two */
    u32 len;
    union {
        i32 number;
        char16_t inside[INLINE_CHARS];
        char16_t *text;
        struct {
            struct rec_stream *stream;
            u64 pos;
        } s;
    } u;
};

struct record {
    struct object object;
    struct obj_spin lock;
    u32 count;
    u32 extra;                /* bytes behind the fields */
    u32 room;                 /* bytes at the end of the block that no text has taken yet */
    _Atomic(void *) attached; /* or elsewhere */
    struct field fields[];
};

static void field_clear(struct field *f)
{
    if (f->kind == REC_TEXT && f->place == IN_HEAP)
        os_free(f->u.text);
    else if (f->kind == REC_STREAM)
        rstream_release(f->u.s.stream);
    f->kind = REC_NULL;
}

static size_t size_of(u32 count, size_t extra)
{
    return sizeof(struct record) + ((size_t)count + 1) * sizeof(struct field) + extra;
}

static void destroy(struct object *o)
{
    struct record *r = rec_from(o);

    for (u32 i = 0; i <= r->count; i++)
        field_clear(&r->fields[i]);
    os_free(atomic_load_explicit(&r->attached, memory_order_relaxed));
    recblock_free(r, size_of(r->count, r->extra));
}

struct record *rec_create_with(u32 count, size_t extra)
{
    size_t size = size_of(count, extra);
    struct record *r;

    if (count > REC_MAX_FIELDS)
        return NULL;
    r = recblock_alloc(size);
    if (!r)
        return NULL;
    obj_init(&r->object, OBJ_RECORD, destroy);
    atomic_init(&r->lock.taken, 0);
    atomic_init(&r->attached, NULL);
    r->count = count;
    r->extra = (u32)extra;
    r->room = (u32)(recblock_room(size) - size);
    for (u32 i = 0; i <= count; i++)
        r->fields[i].kind = REC_NULL;
    if (extra)
        *(u64 *)&r->fields[count + 1] = 0;
    return r;
}

struct record *rec_create(u32 count)
{
    return rec_create_with(count, 0);
}

void *rec_extra(struct record *r)
{
    if (r->extra)
        return &r->fields[r->count + 1];
    return atomic_load_explicit(&r->attached, memory_order_acquire);
}

void *rec_attach(struct record *r, size_t size)
{
    void *expected = NULL, *made;

    if (rec_extra(r))
        return rec_extra(r);
    made = os_calloc(1, size);
    if (!made || atomic_compare_exchange_strong(&r->attached, &expected, made))
        return made;
    os_free(made);
    return expected;
}

u32 rec_count(const struct record *r)
{
    return r->count;
}

void rec_lock(struct record *r)
{
    obj_lock(&r->lock);
}

void rec_unlock(struct record *r)
{
    obj_unlock(&r->lock);
}

/* --- numbers as text ----------------------------------------------------------------------------
 */

i32 rec_parse_int(const char16_t *s, size_t len)
{
    bool negative = len && s[0] == '-';
    u32 v = 0;

    if (len == negative)
        return negative ? 0 : REC_NULL_INT;
    for (size_t i = negative; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return REC_NULL_INT;
        v = v * 10 + (s[i] - '0');
    }
    return (i32)(negative ? 0 - v : v);
}

size_t rec_format_int(i32 value, char16_t out[12])
{
    char16_t reversed[11];
    u32 v = value < 0 ? 0 - (u32)value : (u32)value;
    size_t n = 0, len = 0;

    do
        reversed[n++] = (char16_t)('0' + v % 10);
    while (v /= 10);
    if (value < 0)
        out[len++] = '-';
    while (n)
        out[len++] = reversed[--n];
    out[len] = 0;
    return len;
}

/* --- setting ------------------------------------------------------------------------------------
 */

static void field_put_int(struct field *f, i32 value)
{
    field_clear(f);
    if (value != REC_NULL_INT) {
        f->kind = REC_INT;
        f->u.number = value;
    }
}

u32 rec_set_int(struct record *r, u32 field, i32 value)
{
    if (field > r->count)
        return ERROR_INVALID_PARAMETER;
    rec_lock(r);
    field_put_int(&r->fields[field], value);
    rec_unlock(r);
    return ERROR_SUCCESS;
}

u32 rec_fresh_int(struct record *r, u32 field, i32 value)
{
    if (field > r->count)
        return ERROR_INVALID_PARAMETER;
    field_put_int(&r->fields[field], value);
    return ERROR_SUCCESS;
}

/* The text is either short or in `copy`, which the field takes over. */
static void field_put_text(struct field *f, const char16_t *text, size_t len, char16_t *copy)
{
    field_clear(f);
    if (!len)
        return;
    f->kind = REC_TEXT;
    f->len = (u32)len;
    f->place = copy ? IN_HEAP : IN_FIELD;
    if (copy) {
        f->u.text = copy;
    } else {
        text_copy(f->u.inside, text, len);
        f->u.inside[len] = 0;
    }
}

u32 rec_set_text(struct record *r, u32 field, const char16_t *text, size_t len)
{
    char16_t *copy = NULL;

    if (field > r->count)
        return ERROR_INVALID_FIELD;
    if (len >= 0x7fffffff)
        return ERROR_OUTOFMEMORY;
    if (len >= INLINE_CHARS) {
        copy = os_alloc_array(len + 1, sizeof(*copy));
        if (!copy)
            return ERROR_OUTOFMEMORY;
        text_copy(copy, text, len);
        copy[len] = 0;
    }
    rec_lock(r);
    field_put_text(&r->fields[field], text, len, copy);
    rec_unlock(r);
    return ERROR_SUCCESS;
}

/* Place for len characters and a terminator: the field, the block's end, the heap. */
static char16_t *place_text(struct record *r, struct field *f, size_t len, u8 *place)
{
    size_t bytes = (len + 1) * sizeof(char16_t);

    *place = IN_FIELD;
    if (len < INLINE_CHARS)
        return f->u.inside;
    *place = IN_HEAP;
    if (bytes > r->room)
        return os_alloc(bytes);
    *place = IN_BLOCK;
    r->room -= (u32)bytes;
    return (char16_t *)((u8 *)&r->fields[r->count + 1] + r->extra + r->room);
}

char16_t *rec_fresh_text(struct record *r, u32 field, size_t len)
{
    struct field *f;
    char16_t *to;
    u8 place;

    if (field > r->count || !len || len >= 0x7fffffff)
        return NULL;
    f = &r->fields[field];
    to = place_text(r, f, len, &place);
    if (!to)
        return NULL;
    field_clear(f);
    f->kind = REC_TEXT;
    f->len = (u32)len;
    f->place = place;
    if (place != IN_FIELD)
        f->u.text = to;
    to[len] = 0;
    return to;
}

u32 rec_set_stream(struct record *r, u32 field, struct rec_stream *s)
{
    struct field *f;

    if (!field || field > r->count)
        return ERROR_INVALID_PARAMETER;
    f = &r->fields[field];
    rec_lock(r);
    field_clear(f);
    f->kind = REC_STREAM;
    f->u.s.stream = rstream_retain(s);
    f->u.s.pos = 0;
    rec_unlock(r);
    return ERROR_SUCCESS;
}

void rec_set_row(struct record *r)
{
    rec_lock(r);
    field_clear(&r->fields[0]);
    r->fields[0].kind = REC_ROW;
    rec_unlock(r);
}

void rec_clear(struct record *r)
{
    rec_lock(r);
    for (u32 i = 0; i <= r->count; i++)
        field_clear(&r->fields[i]);
    rec_unlock(r);
}

/* --- getting ------------------------------------------------------------------------------------
 */

static const char16_t *field_text(const struct field *f)
{
    return f->place == IN_FIELD ? f->u.inside : f->u.text;
}

enum rec_kind rec_kind(struct record *r, u32 field)
{
    enum rec_kind kind;

    if (field > r->count)
        return REC_NULL;
    rec_lock(r);
    kind = (enum rec_kind)r->fields[field].kind;
    rec_unlock(r);
    return kind;
}

bool rec_is_null(struct record *r, u32 field)
{
    return rec_kind(r, field) == REC_NULL;
}

bool rec_lacks_template(struct record *r)
{
    enum rec_kind kind = rec_kind(r, 0);

    return kind == REC_NULL || kind == REC_ROW;
}

i32 rec_get_int(struct record *r, u32 field)
{
    const struct field *f = &r->fields[field];
    i32 value = REC_NULL_INT;

    if (field > r->count)
        return value;
    rec_lock(r);
    if (f->kind == REC_INT)
        value = f->u.number;
    else if (f->kind == REC_TEXT)
        value = rec_parse_int(field_text(f), f->len);
    rec_unlock(r);
    return value;
}

u32 rec_data_size(struct record *r, u32 field)
{
    const struct field *f = &r->fields[field];
    u64 size = 0;

    if (field > r->count)
        return 0;
    rec_lock(r);
    if (f->kind == REC_INT)
        size = sizeof(i32);
    else if (f->kind == REC_TEXT)
        size = f->len;
    else if (f->kind == REC_STREAM)
        size = rstream_size(f->u.s.stream);
    rec_unlock(r);
    return (u32)MIN(size, 0xffffffffu);
}

u32 rec_view(struct record *r, u32 field, struct rec_view *v)
{
    const struct field *f = &r->fields[field];

    v->text = u"";
    v->len = 0;
    if (field > r->count || f->kind == REC_NULL || f->kind == REC_ROW)
        return ERROR_SUCCESS;
    if (f->kind == REC_STREAM)
        return ERROR_INVALID_PARAMETER;
    if (f->kind == REC_INT) {
        v->len = rec_format_int(f->u.number, v->digits);
        v->text = v->digits;
    } else {
        v->text = field_text(f);
        v->len = f->len;
    }
    return ERROR_SUCCESS;
}

char16_t *rec_dup_text(struct record *r, u32 field, size_t *len)
{
    struct rec_view v;
    char16_t *copy = NULL;

    rec_lock(r);
    if (!rec_view(r, field, &v)) {
        copy = os_alloc_array(v.len + 1, sizeof(*copy));
        if (copy) {
            text_copy(copy, v.text, v.len + 1);
            *len = v.len;
        }
    }
    rec_unlock(r);
    return copy;
}

/* --- streams ------------------------------------------------------------------------------------
 */

u32 rec_rewind(struct record *r, u32 field)
{
    u32 err = ERROR_INVALID_FIELD;

    if (!field || field > r->count)
        return ERROR_INVALID_PARAMETER;
    rec_lock(r);
    if (r->fields[field].kind == REC_STREAM) {
        r->fields[field].u.s.pos = 0;
        err = ERROR_SUCCESS;
    }
    rec_unlock(r);
    return err;
}

static u32 field_read(struct field *f, void *buf, u32 *n)
{
    u64 left = rstream_size(f->u.s.stream) - f->u.s.pos;
    u32 err, got;

    if (rstream_is_storage(f->u.s.stream)) {
        *n = 0;
        return ERROR_INVALID_DATA;
    }
    if (!buf) {
        *n = (u32)MIN(left, 0xffffffffu);
        return ERROR_SUCCESS;
    }
    err = rstream_read(f->u.s.stream, f->u.s.pos, buf, *n, &got);
    if (err)
        return err;
    f->u.s.pos += got;
    *n = got;
    return ERROR_SUCCESS;
}

u32 rec_read_stream(struct record *r, u32 field, void *buf, u32 *n)
{
    struct field *f = &r->fields[field];
    u32 err;

    if (field > r->count)
        return ERROR_INVALID_PARAMETER;
    rec_lock(r);
    if (f->kind == REC_STREAM) {
        err = field_read(f, buf, n);
    } else if (f->kind == REC_NULL) {
        *n = 0; /* there is nothing to read, which is no surprise */
        err = ERROR_INVALID_DATA;
    } else {
        err = ERROR_INVALID_DATATYPE;
    }
    rec_unlock(r);
    return err;
}

struct rec_stream *rec_get_stream(struct record *r, u32 field)
{
    struct rec_stream *s = NULL;

    if (field > r->count)
        return NULL;
    rec_lock(r);
    if (r->fields[field].kind == REC_STREAM)
        s = rstream_retain(r->fields[field].u.s.stream);
    rec_unlock(r);
    return s;
}

/* --- copies -------------------------------------------------------------------------------------
 */

u32 rec_copy_field(struct record *dst, u32 to, struct record *src, u32 from)
{
    struct rec_stream *s;
    char16_t *text;
    size_t len;
    u32 err;

    if (to > dst->count || from > src->count)
        return ERROR_INVALID_FIELD;
    if (rec_kind(src, from) == REC_INT)
        return rec_set_int(dst, to, rec_get_int(src, from));
    s = rec_get_stream(src, from);
    if (s) {
        err = rec_set_stream(dst, to, s);
        rstream_release(s);
        return err;
    }
    text = rec_dup_text(src, from, &len);
    if (!text)
        return ERROR_OUTOFMEMORY;
    err = rec_set_text(dst, to, text, len);
    os_free(text);
    return err;
}

struct record *rec_clone(struct record *r)
{
    struct record *copy = rec_create(r->count);

    if (!copy)
        return NULL;
    for (u32 i = 0; i <= r->count; i++) {
        if (rec_copy_field(copy, i, r, i)) {
            obj_unref(rec_object(copy));
            return NULL;
        }
    }
    return copy;
}
