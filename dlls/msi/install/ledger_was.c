/*
 * Values as numbers, which are compared with what stands there.
 */
#include "ledger_was.h"

#include <stdlib.h>
#include <string.h>

#include "op_reg.h"
#include "os.h"
#include "trace.h"
#include "utf16.h"

enum { F_TYPE = 5, F_DATA = 6 };

#define BASIS 0xcbf29ce484222325u
#define PRIME 0x100000001b3u

/* FNV-1a: the same in each process, as it stands in a file. */
static u64 add_byte(u64 h, u8 b)
{
    return (h ^ b) * PRIME;
}

static u64 add_text(u64 h, const char16_t *s)
{
    for (; *s; s++) {
        char16_t c = u16_upper(*s);

        h = add_byte(add_byte(h, (u8)c), (u8)(c >> 8));
    }
    return add_byte(h, 0);
}

static u64 number_of(u32 type, const u8 *bytes, size_t size)
{
    u64 h = BASIS;

    for (u32 i = 0; i < 4; i++)
        h = add_byte(h, (u8)(type >> (8 * i)));
    for (size_t i = 0; i < size; i++)
        h = add_byte(h, bytes[i]);
    return h;
}

/* Of a note that reg_note_value wrote; 0: there was none. */
static u64 value_of(const struct op *note)
{
    return note->count > F_DATA && note->f[F_DATA].kind == OP_BYTES
               ? number_of((u32)op_number_at(note, F_TYPE), note->f[F_DATA].bytes,
                           note->f[F_DATA].len)
               : 0;
}

/* Not of a list: one note may stand for many operations. */
static bool has_was(const struct op *note)
{
    return note->kind == OP_REG_SET || note->kind == OP_REG_REMOVE_VALUE || note->kind == OP_FONT ||
           note->kind == OP_FOLDER_FORGET;
}

static bool is_of_value(const struct op *note)
{
    return has_was(note) || note->kind == OP_REG_LIST;
}

static u64 place_of(const struct op *note)
{
    u64 h = add_byte(add_byte(BASIS, (u8)op_number_at(note, 0)), op_number_at(note, 1) != 0);

    return add_text(add_text(h, op_text_at(note, 2)), op_text_at(note, 3));
}

static int by_number(const void *a, const void *b)
{
    u64 x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

u32 ledger_places_of(const struct journal *j, struct ledger_places *out)
{
    u32 count = journal_count(j);
    struct op op;

    out->count = 0;
    out->all = os_alloc_array((u64)count + 1, sizeof(*out->all));
    if (!out->all)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < count; i++) {
        journal_note(j, i, &op);
        if (is_of_value(&op))
            out->all[out->count++] = place_of(&op);
    }
    qsort(out->all, out->count, sizeof(*out->all), by_number);
    return ERROR_SUCCESS;
}

void ledger_places_free(struct ledger_places *p)
{
    os_free(p->all);
}

bool ledger_was(const struct ledger_places *p, const struct op *undo, u64 *was)
{
    u64 place;
    const u64 *at;

    if (!has_was(undo))
        return false;
    place = place_of(undo);
    at = bsearch(&place, p->all, p->count, sizeof(place), by_number);
    *was = value_of(undo);
    return at && (at == p->all || at[-1] != place) &&
           (at + 1 == p->all + p->count || at[1] != place);
}

/* --- what stands there --------------------------------------------------------------------------
 */

struct seen {
    u64 place, is;
    bool explained;
};

static struct seen *seen_at(const struct ledger_others *o, u32 i)
{
    return (struct seen *)(void *)o->seen.data + i;
}

static bool is_place(const void *ctx, u32 value, const void *item)
{
    return seen_at(ctx, value)->place == *(const u64 *)item;
}

static u32 find(const struct ledger_others *o, u64 place)
{
    return hash_find(&o->map, (u32)place, is_place, o, &place);
}

/* 0: there is none, or nobody has written its key in this life of the server. */
static u64 look(const struct op *now)
{
    struct reg_data d = {0};
    struct reg_key *key;
    struct reg_at at;
    u64 is = 0;

    if (reg_at_of(now, &at) || !behind_wrote(at.root, at.view, at.key) ||
        reg_open_view(at.root, at.view, at.key, &key))
        return 0;
    if (!reg_get(key, at.name, &d))
        is = number_of(d.type, d.bytes, d.size);
    os_free(d.bytes);
    reg_close(key);
    return is;
}

void ledger_others_begin(struct ledger_others *o)
{
    hash_init(&o->map);
    o->seen = (struct buf){0};
}

void ledger_others_free(struct ledger_others *o)
{
    hash_free(&o->map);
    buf_free(&o->seen);
}

u32 ledger_see(struct ledger_others *o, const struct op *now, const struct op *was)
{
    struct seen *s, fresh = {0};
    u32 i, err = ERROR_SUCCESS;

    if (!is_of_value(now))
        return ERROR_SUCCESS;
    fresh.place = place_of(now);
    i = find(o, fresh.place);
    if (i == HASH_NONE) {
        i = (u32)(o->seen.len / sizeof(fresh));
        fresh.is = look(now);
        err = buf_add(&o->seen, &fresh, sizeof(fresh));
        if (!err)
            err = hash_add(&o->map, (u32)fresh.place, i);
    }
    if (err)
        return err;
    s = seen_at(o, i);
    s->explained |= !s->is || s->is == value_of(now) ||
                    (was->kind == LEDGER_WAS && s->is == (u64)op_number_at(was, 0));
    return ERROR_SUCCESS;
}

bool ledger_is_of_others(const struct ledger_others *o, const struct op *now)
{
    u32 i = is_of_value(now) ? find(o, place_of(now)) : HASH_NONE;

    if (i == HASH_NONE || seen_at(o, i)->explained)
        return false;
    TRACE(TRACE_MSI, "%s of %s was written since, and stays", trace_text(op_text_at(now, 3), -1),
          trace_text(op_text_at(now, 2), -1));
    return true;
}
