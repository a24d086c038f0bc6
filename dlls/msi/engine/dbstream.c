/*
 * The streams of object cells: "Table.key1.key2", packed by namecodec.h.
 */
#include "dbcore_impl.h"
#include "os.h"
#include "undo.h"

u32 db_row_stg(struct db_core *db, bool temporary, struct stg **out)
{
    u32 err = ERROR_SUCCESS;

    if (temporary && !db->temp_stg)
        err = stg_create_memory(&db->temp_stg);
    if (!err)
        *out = temporary ? db->temp_stg : db->stg;
    return err;
}

static bool is_storable(const char16_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!name[i] || name[i] == u'/' || name[i] == u'\\' || name[i] == u':' || name[i] == u'!')
            return false;
    return true;
}

bool db_is_table_name(const char16_t *name, size_t len)
{
    size_t dots = 0;

    while (dots < len && name[dots] == u'.')
        dots++;
    return len && dots < len && is_storable(name, len);
}

u32 db_encode_name(const char16_t *name, size_t len, bool table,
                   char16_t stored[NAME_STORED_MAX + 1])
{
    if (!is_storable(name, len))
        return ERROR_FUNCTION_FAILED;
    return name_encode(name, len, table, stored) ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
}

/* A name being put together; full is set where it did not fit. */
struct name {
    char16_t *out;
    size_t len, cap;
    bool full;
};

static void add_unit(struct name *n, char16_t c)
{
    if (n->len + 1 < n->cap)
        n->out[n->len++] = c;
    else
        n->full = true;
}

static void add_text(struct db_core *db, struct name *n, u32 id)
{
    size_t len = sp_len(db->strings, id);

    if (len >= n->cap - n->len) {
        n->full = true;
        return;
    }
    n->len += sp_text(db->strings, id, n->out + n->len, len);
}

static void add_int(struct name *n, i32 value)
{
    char16_t digits[12];
    u32 v = value < 0 ? 0u - (u32)value : (u32)value, count = 0;

    if (value < 0)
        add_unit(n, u'-');
    do
        digits[count++] = (char16_t)(u'0' + v % 10);
    while (v /= 10);
    while (count)
        add_unit(n, digits[--count]);
}

u32 db_stream_name(struct db_core *db, const struct table *t, const u32 *key, char16_t *out,
                   size_t cap)
{
    struct name n = {out, 0, cap, false};

    add_text(db, &n, t->name);
    for (u32 i = 0; i < t->keys; i++) {
        add_unit(&n, u'.');
        if (!key[i])
            continue;
        if (col_is_int(t->column[i].type))
            add_int(&n, cell_to_int(key[i]));
        else
            add_text(db, &n, key[i]);
    }
    out[n.len] = 0;
    return n.full ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
}

u32 db_stored_stream_name(struct db_core *db, const struct table *t, const u32 *key,
                          char16_t stored[NAME_STORED_MAX + 1])
{
    char16_t name[NAME_MAX_UNITS + 2];
    u32 err = db_stream_name(db, t, key, name, ARRAY_LEN(name));
    size_t len = 0;

    if (err)
        return err;
    while (name[len])
        len++;
    return db_encode_name(name, len, false, stored);
}

static void add_units(struct name *n, const char16_t *text, size_t len)
{
    for (size_t i = 0; i < len && !n->full; i++)
        add_unit(n, text[i]);
}

u32 db_core_name_stream(const char16_t *table, size_t len, const struct value *key, u32 keys,
                        char16_t stored[NAME_STORED_MAX + 1])
{
    char16_t name[NAME_MAX_UNITS + 2];
    struct name n = {name, 0, ARRAY_LEN(name), false};

    add_units(&n, table, len);
    for (u32 i = 0; i < keys; i++) {
        add_unit(&n, u'.');
        if (key[i].kind == VALUE_TEXT)
            add_units(&n, key[i].text, key[i].len);
        else if (key[i].kind == VALUE_INT)
            add_int(&n, key[i].i);
    }
    return n.full ? ERROR_FUNCTION_FAILED : db_encode_name(name, n.len, false, stored);
}

static void row_key(const struct table *t, u32 row, u32 *key)
{
    for (u32 i = 0; i < t->keys; i++)
        key[i] = tbl_get(t, row, i);
}

u32 db_core_stream_name(struct db_core *db, const struct table *t, u32 row, char16_t *out,
                        size_t cap)
{
    u32 key[TBL_MAX_COLUMNS];
    char16_t stored[NAME_STORED_MAX + 1];

    row_key(t, row, key);
    if (db_stored_stream_name(db, t, key, stored))
        return ERROR_FUNCTION_FAILED;
    return db_stream_name(db, t, key, out, cap);
}

u32 db_remove_stream(struct db_core *db, struct stg *stg, const char16_t *stored)
{
    u32 err = undo_note_stream(db, stg, stored);

    if (!err)
        err = stg_remove(stg, stored);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

u32 db_rename_stream(struct db_core *db, struct stg *stg, const char16_t *from, const char16_t *to)
{
    u32 err = undo_note_stream(db, stg, from);

    if (!err)
        err = undo_note_stream(db, stg, to);
    if (!err)
        err = stg_rename(stg, from, to);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

u32 db_put_stream(struct db_core *db, struct stg *stg, const char16_t *stored,
                  struct stream_source *source)
{
    u32 err = undo_note_stream(db, stg, stored);

    return err ? err : source->put(source, stg, stored);
}

static bool has_stream(const struct table *t, u32 row)
{
    for (u32 i = 0; i < t->columns; i++)
        if (col_is_object(t->column[i].type) && tbl_get(t, row, i))
            return true;
    return false;
}

u32 db_remove_streams(struct db_core *db, struct table *t, u32 row)
{
    u32 key[TBL_MAX_COLUMNS], err;
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg;

    if (!has_stream(t, row))
        return ERROR_SUCCESS;
    row_key(t, row, key);
    if (db_stored_stream_name(db, t, key, stored)) /* no such stream can be there */
        return ERROR_SUCCESS;
    err = db_row_stg(db, tbl_row_temporary(t, row), &stg);
    return err ? err : db_remove_stream(db, stg, stored);
}

u32 db_core_cell_stream(struct db_core *db, struct table *t, u32 row, u32 col,
                        struct stg_stream **out)
{
    u32 key[TBL_MAX_COLUMNS], err;
    char16_t stored[NAME_STORED_MAX + 1];
    struct stg *stg;

    if (col >= t->columns || !col_is_object(t->column[col].type) || !tbl_get(t, row, col))
        return ERROR_FUNCTION_FAILED;
    if (tbl_is_virtual(t))
        return vtab_open(db, t, row, out);
    row_key(t, row, key);
    err = db_stored_stream_name(db, t, key, stored);
    if (!err)
        err = db_row_stg(db, tbl_row_temporary(t, row), &stg);
    return err ? err : stg_stream_open(stg, stored, out);
}
