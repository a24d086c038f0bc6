/*
 * The File table, read once.
 */
#include "file_table.h"

#include <stdlib.h>

#include "act_path.h"
#include "rows.h"
#include "session_impl.h"
#include "stores.h"
#include "utf16.h"

struct reading {
    struct session *s;
    struct file_table *t;
};

static i32 int_or(struct record *row, u32 field, i32 otherwise)
{
    i32 n = rec_get_int(row, field);

    return n == REC_NULL_INT ? otherwise : n;
}

/* The file that the row's first field names; NULL: none. */
static struct file_row *named_file(const struct reading *r, struct record *row)
{
    struct rec_view v;
    u32 i = rec_view(row, 1, &v) ? NAME_NONE : names_find(&r->s->files, v.text, v.len);

    return i == NAME_NONE || i >= r->t->count ? NULL : &r->t->rows[i];
}

static u32 read_file(void *ctx, struct record *row)
{
    struct file_row *f = named_file(ctx, row);
    size_t len;

    if (!f || f->version) /* costing has not seen it, or it comes again */
        return ERROR_SUCCESS;
    f->size = (u32)MAX(int_or(row, 2, 0), 0);
    f->version = rec_dup_text(row, 3, &len);
    f->languages = rec_dup_text(row, 4, &len);
    f->attributes = (u32)int_or(row, 5, 0);
    f->sequence = (u32)MAX(int_or(row, 6, 0), 0);
    f->source_name = rec_dup_text(row, 7, &len);
    return f->version && f->languages && f->source_name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 read_hash(void *ctx, struct record *row)
{
    struct file_row *f = named_file(ctx, row);

    if (!f)
        return ERROR_SUCCESS;
    for (u32 i = 0; i < 4; i++)
        f->hash[i] = (u32)rec_get_int(row, i + 2);
    f->hashed = true;
    return ERROR_SUCCESS;
}

/* --- order --------------------------------------------------------------------------------------
 */

struct place {
    u32 sequence, row;
};

static int by_sequence(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static u32 put_in_order(struct file_table *t)
{
    struct place *places = os_alloc_array(t->count + 1u, sizeof(*places));

    t->order = os_alloc_array(t->count + 1u, sizeof(*t->order));
    if (!places || !t->order) {
        os_free(places);
        return ERROR_OUTOFMEMORY;
    }
    for (u32 i = 0; i < t->count; i++)
        places[i] = (struct place){t->rows[i].sequence, i};
    qsort(places, t->count, sizeof(*places), by_sequence);
    for (u32 i = 0; i < t->count; i++)
        t->order[i] = places[i].row;
    os_free(places);
    return ERROR_SUCCESS;
}

u32 file_table_read(struct session *s, struct file_table *t)
{
    struct reading r = {s, t};
    u32 err;

    t->count = s->files.count;
    t->order = NULL;
    t->rows = os_calloc(t->count + 1u, sizeof(*t->rows));
    if (!t->rows)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < t->count; i++) {
        const struct package_file *f = names_at(&s->files, i);

        t->rows[i].key = f->named.name;
        t->rows[i].name = f->long_name;
        t->rows[i].component = f->component;
        t->rows[i].beside = f->beside;
    }
    err = rows_each(s->db,
                    u"SELECT `File`, `FileSize`, `Version`, `Language`, `Attributes`, `Sequence`, "
                    u"`FileName` FROM `File`",
                    NULL, read_file, &r);
    if (!err)
        err = rows_each(s->db,
                        u"SELECT `File_`, `HashPart1`, `HashPart2`, `HashPart3`, `HashPart4` "
                        u"FROM `MsiFileHash`",
                        NULL, read_hash, &r);
    return err ? err : put_in_order(t);
}

void file_table_free(struct file_table *t)
{
    for (u32 i = 0; t->rows && i < t->count; i++) {
        os_free(t->rows[i].version);
        os_free(t->rows[i].languages);
        os_free(t->rows[i].source_name);
    }
    os_free(t->rows);
    os_free(t->order);
}

u32 file_table_folder(struct install *in, const struct file_row *f, struct text_buf *out)
{
    const struct component *c;
    size_t start = out->len;
    u32 err;

    if (f->component == NAME_NONE)
        return ERROR_BAD_PATHNAME;
    c = names_at(&in->s->components, f->component);
    if (!c->store)
        return path_of_folder(in, c->folder, out);
    err = f->beside ? manifests_target(in->s, out) : store_target(in->s, c->store, out);
    if (err)
        return err == ERROR_DIRECTORY ? ERROR_PATH_NOT_FOUND : err;
    return path_is_full(out->s + start, out->len - start) ? ERROR_SUCCESS : ERROR_BAD_PATHNAME;
}

u32 file_table_path(struct install *in, const struct file_row *f, struct text_buf *out)
{
    u32 err = file_table_folder(in, f, out);

    return err ? err : path_add_name(out, f->name);
}

bool component_installs(const struct install *in, u32 i)
{
    const struct component *c = i == NAME_NONE ? NULL : names_at(&in->s->components, i);

    return c && c->action == STATE_LOCAL && (c->installed != STATE_LOCAL || c->asked || c->set);
}

bool component_comes(const struct install *in, u32 i)
{
    const struct component *c = i == NAME_NONE ? NULL : names_at(&in->s->components, i);

    return component_installs(in, i) || (c && c->action == STATE_SOURCE);
}

bool component_removes(const struct install *in, u32 i)
{
    const struct component *c = i == NAME_NONE ? NULL : names_at(&in->s->components, i);

    return c && c->action == STATE_ABSENT &&
           (c->installed == STATE_LOCAL || c->installed == STATE_SOURCE);
}
