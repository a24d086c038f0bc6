/*
 * _Streams and _Storages: rows that are what the storage holds.
 *
 *   Name   the stream's name in clear, or the sub-storage's as it is
 *   Data   the bytes; those of a sub-storage are a compound file
 * The streams of tables are not rows, those of object cells are. A row keeps its number as long as
 * its stream is there.
 */
#include "dbcore_impl.h"
#include "os.h"
#include "utf16.h"

enum { NAME, DATA };
enum { MOST_CHANGES = 8 }; /* more of them, and all is listed */

/* --- rows from entries ------------------------------------------------------------------------ */

/* The name of the entry as a row has it; 0 length for what is no row. */
static size_t row_name(const struct table *t, const struct stg_entry *e,
                       char16_t name[NAME_MAX_UNITS + 1])
{
    bool table;
    size_t len;

    if (e->kind != (t->kind == TBL_STREAMS ? STG_STREAM : STG_STORAGE))
        return 0;
    if (t->kind == TBL_STORAGES)
        return u16_copy(name, NAME_MAX_UNITS + 1, e->name);
    len = name_decode(e->name, name, &table);
    return table ? 0 : len;
}

/* Finds or adds the row of the entry. */
static u32 row_of_entry(struct db_core *db, struct table *t, const struct stg_entry *e, u32 *row)
{
    char16_t name[NAME_MAX_UNITS + 1];
    size_t len = row_name(t, e, name);
    u32 cells[2] = {0, 1}, err;

    *row = TBL_NONE;
    if (!len)
        return ERROR_SUCCESS;
    err = sp_intern(db->strings, name, len, &cells[NAME]);
    if (err)
        return err;
    err = tbl_find_key(t, cells, row);
    if (!err && *row == TBL_NONE)
        err = tbl_insert(t, cells, true, row);
    sp_release(db->strings, cells[NAME], SP_TEMPORARY);
    return err;
}

/* The same, and marks the row as seen. */
static u32 see_entry(struct db_core *db, struct table *t, const struct stg_entry *e,
                     struct buf *seen)
{
    u32 row, err = row_of_entry(db, t, e, &row);

    while (!err && seen->len < t->slots)
        err = buf_add(seen, "", 1);
    if (!err && row != TBL_NONE)
        seen->data[row] = 1;
    return err;
}

static u32 stored_name(const struct table *t, const char16_t *name, size_t len,
                       char16_t stored[NAME_STORED_MAX + 1]);

/* Whether an entry of that kind is there for the row's name, packed or not. */
static bool is_shown(struct db_core *db, const struct table *t, const char16_t *name, size_t len,
                     enum stg_kind kind)
{
    char16_t stored[NAME_STORED_MAX + 1];

    if (!stored_name(t, name, len, stored) && stg_kind_exact(db->stg, stored) == kind)
        return true;
    if (t->kind != TBL_STREAMS || len > NAME_STORED_MAX)
        return false;
    u16_copy(stored, len + 1, name);
    return stg_kind_exact(db->stg, stored) == kind;
}

/* A name in the storage of which something changed. */
static u32 see_change(struct db_core *db, struct table *t, const char16_t *stored)
{
    struct stg_entry e = {stored, t->kind == TBL_STREAMS ? STG_STREAM : STG_STORAGE, 0};
    char16_t name[NAME_MAX_UNITS + 1];
    u32 cells[2] = {0, 1}, row, err;
    size_t len;

    if (stg_kind_exact(db->stg, stored) == e.kind)
        return row_of_entry(db, t, &e, &row);
    len = row_name(t, &e, name);
    if (!len)
        return ERROR_SUCCESS;
    err = sp_find(db->strings, name, len, &cells[NAME]);
    if (err || !cells[NAME])
        return err;
    err = tbl_find_key(t, cells, &row);
    if (err)
        return err;
    return row == TBL_NONE || is_shown(db, t, name, len, e.kind) ? ERROR_SUCCESS
                                                                 : tbl_delete(t, row);
}

/* Goes over the changes since then; false where they are too many, or are not remembered. */
static bool catch_up(struct db_core *db, struct table *t, u32 seen, u32 version)
{
    char16_t name[NAME_STORED_MAX + 1];

    if (!seen || version - seen > MOST_CHANGES)
        return false;
    for (u32 v = seen; v != version; v++) /* seen - 1 is the storage's, and v that of the next */
        if (!stg_changed_name(db->stg, v, name) || (name[0] && see_change(db, t, name)))
            return false;
    return true;
}

/* Versions of a storage are told with one added, so that 0 is none of them. */
static u32 version_of(struct db_core *db)
{
    return stg_version(db->stg) + 1;
}

u32 vtab_refresh(struct db_core *db, struct table *t)
{
    struct buf seen = {0};
    struct stg_list list;
    u32 version = version_of(db), before = db->seen[t->kind], err;

    if (before == version)
        return ERROR_SUCCESS;
    db->seen[t->kind] = 0;
    if (catch_up(db, t, before, version)) {
        db->seen[t->kind] = version;
        return ERROR_SUCCESS;
    }
    err = stg_list(db->stg, &list);
    if (err)
        return db_read_error(err);
    tbl_pin(t); /* rows that are seen keep their numbers while others are added */
    for (u32 i = 0; !err && i < list.count; i++)
        err = see_entry(db, t, &list.entries[i], &seen);
    tbl_unpin(t);
    for (u32 row = 0; !err && row < t->slots; row++)
        if (row >= seen.len || !seen.data[row])
            err = tbl_delete(t, row);
    buf_free(&seen);
    stg_list_free(&list);
    if (!err)
        db->seen[t->kind] = version;
    return err;
}

/* --- names ------------------------------------------------------------------------------------ */

static u32 stored_name(const struct table *t, const char16_t *name, size_t len,
                       char16_t stored[NAME_STORED_MAX + 1])
{
    if (!len)
        return ERROR_FUNCTION_FAILED;
    if (t->kind == TBL_STREAMS && name[0] != 5)
        return db_encode_name(name, len, false, stored);
    if (len > NAME_STORED_MAX)
        return ERROR_FUNCTION_FAILED;
    for (size_t i = 0; i < len; i++)
        stored[i] = name[i];
    stored[len] = 0;
    return u16_nlen(stored, len) == len ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
}

static u32 row_stored_name(struct db_core *db, const struct table *t, u32 row,
                           char16_t stored[NAME_STORED_MAX + 1])
{
    char16_t name[NAME_MAX_UNITS + 1] = {0};
    size_t len = sp_text(db->strings, tbl_get(t, row, NAME), name, NAME_MAX_UNITS);

    u32 err = len > NAME_MAX_UNITS ? ERROR_FUNCTION_FAILED : stored_name(t, name, len, stored);

    /* other writers do not pack all names */
    if (t->kind == TBL_STREAMS && len <= NAME_STORED_MAX &&
        (err || stg_kind_of(db->stg, stored) == STG_NONE)) {
        u16_copy(stored, len + 1, name);
        return ERROR_SUCCESS;
    }
    return err;
}

/* --- contents --------------------------------------------------------------------------------- */

/* The source's bytes, by way of a storage in memory. */
static u32 source_bytes(struct stream_source *source, u8 **data, size_t *len)
{
    struct stg *memory;
    u32 err = stg_create_memory(&memory);

    if (err)
        return err;
    err = source->put(source, memory, u"x");
    if (!err)
        err = stg_read_all(memory, u"x", data, len);
    stg_close(memory);
    return err;
}

static u32 copy_storage(struct db_core *db, struct stg *from, const char16_t *stored)
{
    struct stg *to;
    u32 err = stg_remove(db->stg, stored);

    if (err && err != ERROR_FILE_NOT_FOUND)
        return err;
    err = stg_sub_create(db->stg, stored, &to);
    if (err)
        return err;
    err = stg_copy(from, to);
    stg_close(to);
    if (err)
        stg_remove(db->stg, stored);
    return err;
}

static u32 put_storage(struct db_core *db, struct stream_source *source, const char16_t *stored)
{
    struct stg *from;
    u8 *data;
    size_t len;
    u32 err = source_bytes(source, &data, &len);

    if (err)
        return err;
    err = stg_open_memory(data, len, &from);
    os_free(data);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_FUNCTION_FAILED;
    err = copy_storage(db, from, stored);
    stg_close(from);
    return err;
}

static u32 put(struct db_core *db, const struct table *t, const struct value *v,
               const char16_t *stored)
{
    if (v->kind == VALUE_NULL)
        return t->kind == TBL_STREAMS ? stg_set_bytes(db->stg, stored, NULL, 0)
                                      : ERROR_FUNCTION_FAILED;
    if (v->kind != VALUE_STREAM)
        return ERROR_DATATYPE_MISMATCH;
    return t->kind == TBL_STREAMS ? v->stream->put(v->stream, db->stg, stored)
                                  : put_storage(db, v->stream, stored);
}

/* --- changes ---------------------------------------------------------------------------------- */

static u32 insert(struct db_core *db, struct table *t, const struct value *values, u32 *row)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 cells[2] = {0, 1}, err;

    if (values[NAME].kind != VALUE_TEXT)
        return ERROR_FUNCTION_FAILED;
    err = stored_name(t, values[NAME].text, values[NAME].len, stored);
    if (err)
        return err;
    if (stg_kind_of(db->stg, stored) != STG_NONE)
        return ERROR_FUNCTION_FAILED;
    err = sp_intern(db->strings, values[NAME].text, values[NAME].len, &cells[NAME]);
    if (err)
        return err;
    err = put(db, t, &values[DATA], stored);
    if (!err) {
        err = tbl_insert(t, cells, true, row);
        if (err)
            stg_remove(db->stg, stored);
    }
    sp_release(db->strings, cells[NAME], SP_TEMPORARY);
    return err;
}

static u32 rename_row(struct db_core *db, struct table *t, u32 row, const struct value *v)
{
    char16_t from[NAME_STORED_MAX + 1], to[NAME_STORED_MAX + 1];
    u32 id, err;

    if (v->kind != VALUE_TEXT)
        return ERROR_FUNCTION_FAILED;
    if (sp_equal(db->strings, tbl_get(t, row, NAME), v->text, v->len))
        return ERROR_SUCCESS;
    err = row_stored_name(db, t, row, from);
    if (!err)
        err = stored_name(t, v->text, v->len, to);
    if (!err)
        err = sp_intern(db->strings, v->text, v->len, &id);
    if (err)
        return err;
    err = stg_rename(db->stg, from, to);
    if (!err)
        err = tbl_set(t, row, NAME, id);
    sp_release(db->strings, id, SP_TEMPORARY);
    return err == ERROR_ALREADY_EXISTS ? ERROR_FUNCTION_FAILED : err;
}

static u32 delete (struct db_core *db, struct table *t, u32 row)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err = row_stored_name(db, t, row, stored);

    if (!err)
        err = stg_remove(db->stg, stored);
    if (err && err != ERROR_FILE_NOT_FOUND)
        return err;
    return tbl_delete(t, row);
}

/* A stream whose Data becomes NULL is deleted, as documented. */
static u32 update(struct db_core *db, struct table *t, u32 row, u32 mask,
                  const struct value *values)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err = ERROR_SUCCESS;

    if (mask >> NAME & 1)
        err = rename_row(db, t, row, &values[NAME]);
    if (err || !(mask >> DATA & 1))
        return err;
    if (t->kind == TBL_STREAMS && values[DATA].kind == VALUE_NULL)
        return delete (db, t, row);
    err = row_stored_name(db, t, row, stored);
    return err ? err : put(db, t, &values[DATA], stored);
}

/* A change through the rows changes them likewise: what showed the storage before shows it after.
 */
static void keep_seen(struct db_core *db, const struct table *t, bool current, u32 err)
{
    db->seen[t->kind] = current && !err ? version_of(db) : 0;
}

static bool is_current(struct db_core *db, const struct table *t)
{
    return db->seen[t->kind] == version_of(db);
}

u32 vtab_insert(struct db_core *db, struct table *t, const struct value *values, u32 *row)
{
    bool current = is_current(db, t);
    u32 err = insert(db, t, values, row);

    keep_seen(db, t, current, err);
    return err;
}

u32 vtab_update(struct db_core *db, struct table *t, u32 row, u32 mask, const struct value *values)
{
    bool current = is_current(db, t);
    u32 err = update(db, t, row, mask, values);

    keep_seen(db, t, current, err);
    return err;
}

u32 vtab_delete(struct db_core *db, struct table *t, u32 row)
{
    bool current = is_current(db, t);
    u32 err = delete (db, t, row);

    keep_seen(db, t, current, err);
    return err;
}

u32 vtab_open(struct db_core *db, struct table *t, u32 row, struct stg_stream **out)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err = t->kind == TBL_STREAMS ? row_stored_name(db, t, row, stored) : ERROR_INVALID_DATA;

    return err ? err : stg_stream_open(db->stg, stored, out);
}
