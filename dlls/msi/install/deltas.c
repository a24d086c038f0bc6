#include "deltas.h"

#include <stdlib.h>

#include "rows.h"
#include "session_impl.h"

enum { OPTIONAL = 1 }; /* msidbPatchAttributesNonVital */

struct reading {
    struct session *s;
    const struct file_table *t;
    struct deltas *d;
};

static struct delta_row *add(struct deltas *d)
{
    if (d->count == d->cap) {
        u32 cap = d->cap ? d->cap * 2 : 32;
        struct delta_row *more = os_realloc_array(d->rows, cap, sizeof(*more));

        if (!more)
            return NULL;
        d->rows = more;
        d->cap = cap;
    }
    return &d->rows[d->count++];
}

static u32 read_row(void *ctx, struct record *row)
{
    struct reading *r = ctx;
    struct rec_view name;
    u32 file = rec_view(row, 1, &name) ? NAME_NONE : names_find(&r->s->files, name.text, name.len);
    i32 sequence = rec_get_int(row, 2), attributes = rec_get_int(row, 3);
    struct delta_row *delta;

    if (file == NAME_NONE || file >= r->t->count || sequence < 0 ||
        (u32)sequence <= r->t->rows[file].sequence)
        return ERROR_SUCCESS;
    delta = add(r->d);
    if (!delta)
        return ERROR_OUTOFMEMORY;
    delta->file = file;
    delta->sequence = (u32)sequence;
    delta->optional = attributes != REC_NULL_INT && (attributes & OPTIONAL);
    delta->next = NAME_NONE;
    return ERROR_SUCCESS;
}

static int by_sequence(const void *a, const void *b)
{
    const struct delta_row *x = a, *y = b;

    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->file < y->file ? -1 : x->file > y->file;
}

static u32 link_rows(struct deltas *d, u32 files)
{
    d->first = os_alloc_array(files + 1u, sizeof(*d->first));
    if (!d->first)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < files; i++)
        d->first[i] = NAME_NONE;
    qsort(d->rows, d->count, sizeof(*d->rows), by_sequence);
    for (u32 i = d->count; i-- > 0;) {
        d->rows[i].next = d->first[d->rows[i].file];
        d->first[d->rows[i].file] = i;
    }
    return ERROR_SUCCESS;
}

static u32 note_step(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

static u32 is_in_sequence(struct session *s, bool *is)
{
    *is = false;
    return rows_each_named(s->db,
                           session_is_admin(s)
                               ? u"SELECT `Sequence` FROM `AdminExecuteSequence` WHERE `Action` = ?"
                               : u"SELECT `Sequence` FROM `InstallExecuteSequence` WHERE "
                                 u"`Action` = ?",
                           u"PatchFiles", 10, note_step, is);
}

u32 deltas_read(struct session *s, const struct file_table *t, struct deltas *d)
{
    struct reading r = {s, t, d};
    bool is;
    u32 err = is_in_sequence(s, &is);

    if (!err && is)
        err = rows_each(s->db, u"SELECT `File_`, `Sequence`, `Attributes` FROM `Patch`", NULL,
                        read_row, &r);
    return err || !d->count ? err : link_rows(d, t->count);
}

void deltas_free(struct deltas *d)
{
    os_free(d->rows);
    os_free(d->first);
}

bool deltas_has(const struct deltas *d, u32 file)
{
    return d->first && d->first[file] != NAME_NONE;
}
