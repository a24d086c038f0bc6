#include <string.h>

#include "os.h"
#include "rowcopy.h"
#include "stg.h"

enum { MAP_UNKNOWN = 0xffffffffu, PIECE = 16384 };

/* --- ids -------------------------------------------------------------------------------------- */

u32 id_map_init(struct id_map *m, const struct str_pool *from, struct str_pool *to)
{
    m->from = from;
    m->to = to;
    m->count = sp_limit(from);
    m->ids = os_alloc_array(m->count, sizeof(*m->ids));
    if (!m->ids)
        return ERROR_OUTOFMEMORY;
    memset(m->ids, 0xff, (size_t)m->count * sizeof(*m->ids));
    return ERROR_SUCCESS;
}

void id_map_free(struct id_map *m)
{
    os_free(m->ids);
    m->ids = NULL;
}

/* Looks the text up, or with `add` puts it in. */
static u32 look_up(struct id_map *m, u32 id, bool add, u32 *found)
{
    char16_t small[256], *text = small;
    size_t len = sp_len(m->from, id);
    u32 err;

    if (len > ARRAY_LEN(small)) {
        text = os_alloc_array(len, sizeof(*text));
        if (!text)
            return ERROR_OUTOFMEMORY;
    }
    sp_text(m->from, id, text, len);
    err = add ? sp_intern(m->to, text, len, found) : sp_find(m->to, text, len, found);
    if (text != small)
        os_free(text);
    return err;
}

u32 id_map_find(struct id_map *m, u32 id, u32 *found)
{
    u32 err = ERROR_SUCCESS;

    *found = id;
    if (!id)
        return ERROR_SUCCESS;
    if (id < m->count && m->ids[id] != MAP_UNKNOWN) {
        *found = m->ids[id];
        return ERROR_SUCCESS;
    }
    err = look_up(m, id, false, found);
    if (err)
        return err;
    if (!*found)
        *found = ID_NONE;
    if (id < m->count)
        m->ids[id] = *found;
    return ERROR_SUCCESS;
}

u32 id_map_add(struct id_map *m, u32 id, u32 *found)
{
    u32 err = id_map_find(m, id, found);

    if (err || !id)
        return err;
    if (*found != ID_NONE) {
        sp_add_ref(m->to, *found, SP_PERSISTENT);
        return ERROR_SUCCESS;
    }
    err = look_up(m, id, true, found);
    if (err)
        return err;
    sp_add_ref(m->to, *found, SP_PERSISTENT);
    sp_release(m->to, *found, SP_TEMPORARY);
    if (id < m->count)
        m->ids[id] = *found;
    return ERROR_SUCCESS;
}

/* --- rows ------------------------------------------------------------------------------------- */

u32 persistent_columns(const struct table *t)
{
    u32 n = tbl_columns(t);

    while (n && tbl_column(t, n - 1)->type & COL_TEMPORARY)
        n--;
    return n;
}

/* The cell of a row of `from` as a cell of the other database. */
static u32 map_cell(struct id_map *m, const struct table *t, u32 row, u32 col, u32 *cell)
{
    u32 own = tbl_get(t, row, col);

    if (col_is_text(tbl_column(t, col)->type))
        return id_map_find(m, own, cell);
    *cell = own;
    return ERROR_SUCCESS;
}

u32 row_find_twin(struct id_map *m, const struct table *from, u32 row, struct table *to, u32 *twin)
{
    u32 key[TBL_MAX_COLUMNS];

    *twin = TBL_NONE;
    for (u32 i = 0; i < tbl_keys(to); i++) {
        u32 err = map_cell(m, from, row, i, &key[i]);

        if (err)
            return err;
        if (key[i] == ID_NONE)
            return ERROR_SUCCESS;
    }
    return tbl_find_key(to, key, twin);
}

static u32 compare_bytes(struct stg_stream *a, struct stg_stream *b, u8 *x, u8 *y, bool *equal)
{
    u64 size = stg_stream_size(a);

    *equal = size == stg_stream_size(b);
    for (u64 at = 0; *equal && at < size; at += PIECE) {
        u32 got_x = 0, got_y = 0, err = stg_stream_read(a, at, x, PIECE, &got_x);

        if (!err)
            err = stg_stream_read(b, at, y, PIECE, &got_y);
        if (err)
            return err;
        if (got_x < MIN(PIECE, size - at))
            return ERROR_FILE_CORRUPT;
        *equal = got_x == got_y && !memcmp(x, y, got_x);
    }
    return ERROR_SUCCESS;
}

static u32 streams_equal(const struct row_ref *a, const struct row_ref *b, u32 col, bool *equal)
{
    struct stg_stream *x = NULL, *y = NULL;
    u8 *pieces = NULL;
    u32 err = db_core_cell_stream(a->db, a->t, a->row, col, &x);

    if (!err)
        err = db_core_cell_stream(b->db, b->t, b->row, col, &y);
    if (!err && !(pieces = os_alloc_array(PIECE, 2)))
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = compare_bytes(x, y, pieces, pieces + PIECE, equal);
    os_free(pieces);
    stg_stream_close(x);
    stg_stream_close(y);
    return err;
}

u32 row_difference(struct id_map *m, const struct row_ref *a, const struct row_ref *b, u32 columns,
                   u32 *mask)
{
    *mask = 0;
    for (u32 i = 0; i < columns; i++) {
        u32 x, y = tbl_get(b->t, b->row, i), err = map_cell(m, a->t, a->row, i, &x);
        bool equal = x == y;

        if (!err && equal && x && col_is_object(tbl_column(a->t, i)->type))
            err = streams_equal(a, b, i, &equal);
        if (err)
            return err;
        *mask |= (u32)!equal << i;
    }
    return ERROR_SUCCESS;
}

/* --- values ----------------------------------------------------------------------------------- */

static u32 put_copy(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    return stg_set_stream(stg, name, CONTAINER_OF(s, struct stream_copy, source)->st);
}

static void close_streams(struct row_values *v)
{
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++) {
        stg_stream_close(v->streams[i].st);
        v->streams[i].st = NULL;
    }
}

void row_values_free(struct row_values *v)
{
    close_streams(v);
    buf_free(&v->text);
}

/* Room for all texts at once, since values point into it. */
static u32 reserve_text(struct row_values *v, const struct row_ref *r, u32 columns)
{
    struct str_pool *p = db_core_strings(r->db);
    size_t len = 0;

    for (u32 i = 0; i < columns; i++)
        if (col_is_text(tbl_column(r->t, i)->type))
            len += sp_len(p, tbl_get(r->t, r->row, i));
    v->text.len = 0;
    return buf_reserve(&v->text, len * sizeof(char16_t) + 1);
}

static void take_text(struct row_values *v, struct str_pool *p, u32 id, struct value *out)
{
    char16_t *to = (char16_t *)(void *)(v->text.data + v->text.len);
    size_t len = sp_len(p, id);

    sp_text(p, id, to, len);
    v->text.len += len * sizeof(*to);
    *out = (struct value){.kind = VALUE_TEXT, .text = to, .len = len};
}

u32 row_values_take(struct row_values *v, const struct row_ref *r, u32 columns)
{
    u32 err;

    close_streams(v);
    err = reserve_text(v, r, columns);
    for (u32 i = 0; !err && i < columns; i++) {
        u32 cell = tbl_get(r->t, r->row, i), type = tbl_column(r->t, i)->type;

        v->v[i] = (struct value){.kind = VALUE_NULL};
        if (!cell)
            continue;
        if (col_is_text(type)) {
            take_text(v, db_core_strings(r->db), cell, &v->v[i]);
        } else if (col_is_int(type)) {
            v->v[i] = (struct value){.kind = VALUE_INT, .i = cell_to_int(cell)};
        } else {
            err = db_core_cell_stream(r->db, r->t, r->row, i, &v->streams[i].st);
            v->streams[i].source.put = put_copy;
            v->v[i] = (struct value){.kind = VALUE_STREAM, .stream = &v->streams[i].source};
        }
    }
    for (u32 i = columns; i < TBL_MAX_COLUMNS; i++)
        v->v[i] = (struct value){.kind = VALUE_NULL};
    return err;
}
