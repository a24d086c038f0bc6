/*
 * Changes of a transform as values.
 */
#include "namecodec.h"
#include "os.h"
#include "stg.h"
#include "xform.h"

static u32 put_copy(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    return stg_set_stream(stg, name, CONTAINER_OF(s, struct stream_copy, source)->st);
}

static void close_streams(struct xform_values *v)
{
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++) {
        stg_stream_close(v->streams[i].st);
        v->streams[i].st = NULL;
    }
}

void xform_values_free(struct xform_values *v)
{
    close_streams(v);
    buf_free(&v->text);
}

/* Room for all texts and the table's name at once, since values point into it. */
static u32 reserve_text(struct xform_values *v, const struct xform *x, const struct xform_table *t,
                        const struct xform_layout *l, const struct xform_change *c)
{
    size_t len = sp_len(x->strings, t->name);

    for (u32 i = 0; i < l->columns; i++)
        if (col_is_text(l->types[i]))
            len += sp_len(x->strings, c->cells[i]);
    v->text.len = 0;
    return buf_reserve(&v->text, len * sizeof(char16_t) + 1);
}

static struct value take_text(struct xform_values *v, const struct xform *x, u32 id)
{
    struct value text = {.kind = VALUE_TEXT, .len = sp_len(x->strings, id)};
    char16_t *to = (char16_t *)(void *)(v->text.data + v->text.len);

    sp_text(x->strings, id, to, text.len);
    v->text.len += text.len * sizeof(*to);
    text.text = to;
    return text;
}

static u32 take_object(struct xform_values *v, const struct xform *x, const struct value *table,
                       const struct xform_layout *l, u32 col)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err = db_core_name_stream(table->text, table->len, v->v, l->keys, stored);

    if (!err)
        err = stg_stream_open(x->stg, stored, &v->streams[col].st);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_TRANSFORM_FAILURE;
    v->streams[col].source.put = put_copy;
    v->v[col] = (struct value){.kind = VALUE_STREAM, .stream = &v->streams[col].source};
    return ERROR_SUCCESS;
}

u32 xform_values_take(struct xform_values *v, const struct xform *x, const struct xform_table *t,
                      const struct xform_layout *l, const struct xform_change *c)
{
    struct value table;
    u32 err;

    close_streams(v);
    err = reserve_text(v, x, t, l, c);
    if (err)
        return err;
    table = take_text(v, x, t->name);
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++) {
        v->v[i] = (struct value){.kind = VALUE_NULL};
        if (i >= l->columns || !c->cells[i])
            continue;
        if (col_is_text(l->types[i]))
            v->v[i] = take_text(v, x, c->cells[i]);
        else if (col_is_int(l->types[i]))
            v->v[i] = (struct value){.kind = VALUE_INT, .i = cell_to_int(c->cells[i])};
    }
    for (u32 i = 0; !err && i < l->columns; i++)
        if (c->cells[i] && col_is_object(l->types[i]))
            err = take_object(v, x, &table, l, i);
    return err;
}
