/*
 * A row under another key.
 */
#include "sql_move.h"

#include <string.h>

#include "os.h"
#include "stg.h"

/* The stream of a cell, as the source of another's. */
struct cell_source {
    struct stream_source source;
    struct stg_stream *stream;
};

struct row_copy {
    struct value value[TBL_MAX_COLUMNS];
    char16_t *text[TBL_MAX_COLUMNS]; /* from os_alloc */
    struct cell_source stream[TBL_MAX_COLUMNS];
};

static u32 put_stream(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    return stg_set_stream(stg, name, CONTAINER_OF(s, struct cell_source, source)->stream);
}

static u32 copy_text(struct db_core *db, u32 cell, struct row_copy *c, u32 col)
{
    struct str_pool *pool = db_core_strings(db);
    c->text[col] = sp_dup(pool, cell);
    c->value[col].kind = VALUE_TEXT;
    c->value[col].text = c->text[col];
    c->value[col].len = sp_len(pool, cell);
    return c->text[col] ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 copy_cell(struct db_core *db, struct table *t, u32 row, u32 col, struct row_copy *c)
{
    u32 cell = tbl_get(t, row, col), type = tbl_column(t, col)->type;
    if (!cell)
        return ERROR_SUCCESS;
    if (col_is_text(type))
        return copy_text(db, cell, c, col);
    if (col_is_int(type)) {
        c->value[col].kind = VALUE_INT;
        c->value[col].i = cell_to_int(cell);
        return ERROR_SUCCESS;
    }
    c->value[col].kind = VALUE_STREAM;
    c->value[col].stream = &c->stream[col].source;
    c->stream[col].source.put = put_stream;
    return db_core_cell_stream(db, t, row, col, &c->stream[col].stream);
}

static void free_copy(struct row_copy *c)
{
    for (u32 i = 0; i < TBL_MAX_COLUMNS; i++) {
        os_free(c->text[i]);
        stg_stream_close(c->stream[i].stream);
    }
}

u32 sql_move_row(struct db_core *db, struct table *t, u32 row, u32 mask, const struct value *values,
                 u32 *moved)
{
    struct row_copy c;
    u32 code = ERROR_SUCCESS;
    memset(&c, 0, sizeof(c));
    for (u32 i = 0; !code && i < tbl_columns(t); i++) {
        if (mask >> i & 1)
            c.value[i] = values[i];
        else
            code = copy_cell(db, t, row, i, &c);
    }
    if (!code)
        code = db_core_insert(db, t, c.value, tbl_row_temporary(t, row), moved);
    if (!code) {
        code = db_core_delete(db, t, row);
        if (code)
            db_core_delete(db, t, *moved);
    }
    free_copy(&c);
    return code;
}
