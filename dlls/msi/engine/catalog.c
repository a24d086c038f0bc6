/*
 * The schema: what _Tables and _Columns say, as tables, and the only code that changes them.
 *
 *   _Tables    Name s64
 *   _Columns   Table s64, Number i2 (from 1), Name s64, Type i2 (the word of cell.h)
 * Temporary tables stand in _Tables, in temporary rows; temporary columns, as documented, nowhere:
 * the names of these are held here as long as the columns are there.
 */
#include <string.h>

#include "coltype.h"
#include "dbcore_impl.h"
#include "os.h"
#include "undo.h"
#include "utf16.h"

/* --- system tables ---------------------------------------------------------------------------- */

struct system_column {
    const char16_t *name;
    u16 type;
};

enum {
    S64_KEY = 0x2d40,
    S64 = 0x0d40,
    I2_KEY = 0x2502,
    I2 = 0x0502,
    S62_KEY = 0x2d3e,
    V0_NULL = 0x1900
};

static const struct {
    const char16_t *name;
    struct system_column columns[4];
} systems[TBL_STORAGES + 1] = {
    [TBL_TABLES] = {u"_Tables", {{u"Name", S64_KEY}}},
    [TBL_COLUMNS] = {u"_Columns",
                     {{u"Table", S64_KEY}, {u"Number", I2_KEY}, {u"Name", S64}, {u"Type", I2}}},
    [TBL_STREAMS] = {u"_Streams", {{u"Name", S62_KEY}, {u"Data", V0_NULL}}},
    [TBL_STORAGES] = {u"_Storages", {{u"Name", S62_KEY}, {u"Data", V0_NULL}}},
};

static u32 intern(struct db_core *db, const char16_t *name, u32 *id)
{
    return sp_intern(db->strings, name, u16_len(name), id);
}

static u32 make_system_table(struct db_core *db, enum tbl_kind kind)
{
    u32 name, err = intern(db, systems[kind].name, &name);
    struct table *t;

    if (err)
        return err;
    t = tbl_new(db->strings, name, kind);
    if (!t)
        return ERROR_OUTOFMEMORY;
    db->sys[kind] = t;
    t->undo = kind <= TBL_COLUMNS ? &db->undo : NULL; /* the others show what the storage has */
    t->temporary = kind >= TBL_STREAMS;
    t->keep_order = kind >= TBL_STREAMS;
    for (u32 i = 0; !err && i < 4 && systems[kind].columns[i].name; i++) {
        struct column c = {0, systems[kind].columns[i].type};

        err = intern(db, systems[kind].columns[i].name, &c.name);
        if (!err)
            err = tbl_add_column(t, c);
    }
    return err;
}

u32 cat_make_system(struct db_core *db)
{
    u32 err = ERROR_SUCCESS;

    for (u32 kind = TBL_TABLES; !err && kind <= TBL_STORAGES; kind++)
        err = make_system_table(db, kind);
    if (db->new_pool && !err)
        db->sys[TBL_TABLES]->loaded = db->sys[TBL_COLUMNS]->loaded = true;
    return err;
}

/* --- the set of tables ------------------------------------------------------------------------ */

static bool same_name(const void *ctx, u32 at, const void *item)
{
    const struct db_core *db = ctx;

    return db->tables[at]->name == *(const u32 *)item;
}

struct table *cat_find(const struct db_core *db, u32 name)
{
    u32 at;

    for (u32 kind = TBL_TABLES; kind <= TBL_STORAGES; kind++)
        if (db->sys[kind] && db->sys[kind]->name == name)
            return db->sys[kind];
    if (!name)
        return NULL;
    at = hash_find(&db->by_name, hash_u32(name), same_name, db, &name);
    return at == HASH_NONE ? NULL : db->tables[at];
}

/* Tables that were dropped leave gaps, which are closed when they are the half, so that dropping
 * all costs no square of them. Noted changes have places: then the gaps stay. */
static void close_gaps(struct db_core *db)
{
    u32 n = 0;

    if (db->undo || db->gaps < 16 || db->gaps < db->count / 2)
        return;
    hash_clear(&db->by_name);
    for (u32 i = 0; i < db->count; i++) {
        struct table *t = db->tables[i];

        if (!t)
            continue;
        t->place = n;
        db->tables[n] = t;
        hash_add(&db->by_name, hash_u32(t->name), n++); /* it held more before: it has room */
    }
    db->count = n;
    db->gaps = 0;
}

static u32 list_table(struct db_core *db, struct table *t)
{
    u32 err = undo_note_listed(db, t);

    if (!err && db->count == db->cap) {
        u32 cap = db->cap * 2 + 16;
        struct table **grown = os_realloc_array(db->tables, cap, sizeof(struct table *));

        if (!grown)
            return ERROR_OUTOFMEMORY;
        db->tables = grown;
        db->cap = cap;
    }
    if (!err)
        err = hash_add(&db->by_name, hash_u32(t->name), db->count);
    if (err)
        return err;
    t->place = db->count;
    db->tables[db->count++] = t;
    return ERROR_SUCCESS;
}

bool cat_is_listed(const struct db_core *db, const struct table *t)
{
    return t->place < db->count && db->tables[t->place] == t;
}

void cat_unlist(struct db_core *db, struct table *t)
{
    hash_remove(&db->by_name, hash_u32(t->name), t->place);
    db->tables[t->place] = NULL;
    db->gaps++;
    close_gaps(db);
}

static void hold_temporary_names(struct db_core *db, const struct table *t)
{
    for (u32 col = 0; col < t->columns; col++)
        if (t->column[col].type & COL_TEMPORARY)
            sp_add_ref(db->strings, t->column[col].name, SP_TEMPORARY);
}

void cat_bring_back(struct db_core *db, struct table *t, u32 place)
{
    hold_temporary_names(db, t);
    tbl_not_gone(t);
    tbl_retain(t);
    db->tables[place] = t;
    db->gaps--;
    hash_add(&db->by_name, hash_u32(t->name), place); /* in a slot that it had before */
}

/* --- reading ---------------------------------------------------------------------------------- */

/* A name that CREATE TABLE would refuse is a path for whoever makes a file of it. */
static bool is_hostile(struct db_core *db, u32 name)
{
    char16_t text[TBL_MAX_NAME];
    size_t len = sp_text(db->strings, name, text, TBL_MAX_NAME);

    return !db_is_table_name(text, MIN(len, TBL_MAX_NAME));
}

static u32 read_tables(struct db_core *db)
{
    struct table *names = db->sys[TBL_TABLES];

    for (u32 row = 0; row < names->slots; row++) {
        u32 name = tbl_get(names, row, TABLES_NAME), err;
        struct table *t;

        if (!name || cat_find(db, name) || is_hostile(db, name))
            return ERROR_INSTALL_PACKAGE_INVALID;
        t = tbl_new(db->strings, name, TBL_USER);
        if (!t)
            return ERROR_OUTOFMEMORY;
        t->undo = &db->undo;
        err = list_table(db, t);
        if (err) {
            tbl_release(t);
            return err;
        }
    }
    return ERROR_SUCCESS;
}

/* Rows of one table come in the order of their numbers where the order is that of the keys; a file
 * that has them otherwise is served too, since the number tells the place. */
static u32 place_column(struct table *t, u32 number, struct column c)
{
    if (number < 1 || number > TBL_MAX_COLUMNS || t->column[number - 1].type)
        return ERROR_INSTALL_PACKAGE_INVALID;
    c.type |= COL_VALID;
    t->column[number - 1] = c;
    return ERROR_SUCCESS;
}

static void read_columns(struct db_core *db)
{
    struct table *columns = db->sys[TBL_COLUMNS];

    for (u32 row = 0; row < columns->slots; row++) {
        u32 number = (u32)cell_to_int(tbl_get(columns, row, COLUMNS_NUMBER));
        u32 name = tbl_get(columns, row, COLUMNS_NAME);
        u16 type = (u16)cell_to_int(tbl_get(columns, row, COLUMNS_TYPE));
        struct table *t = cat_find(db, tbl_get(columns, row, COLUMNS_TABLE));

        if (t && t->kind == TBL_USER &&
            (!name || place_column(t, number, (struct column){name, type})))
            t->load_error = ERROR_INSTALL_PACKAGE_INVALID;
    }
}

/* Counts the columns that were placed: a gap or none at all is damage. */
static void finish_columns(struct table *t)
{
    u32 n = 0;

    while (n < TBL_MAX_COLUMNS && t->column[n].type) {
        t->data[n].width = tbl_width(t->column[n].type);
        n++;
        if (t->column[n - 1].type & COL_KEY)
            t->keys = n;
    }
    t->columns = n;
    for (u32 i = n; i < TBL_MAX_COLUMNS; i++)
        if (t->column[i].type)
            n = 0;
    if (!n || !t->keys)
        t->load_error = ERROR_INSTALL_PACKAGE_INVALID;
}

u32 cat_read(struct db_core *db)
{
    u32 err = db_load_rows(db, db->sys[TBL_TABLES]);

    if (!err)
        err = db_load_rows(db, db->sys[TBL_COLUMNS]);
    if (!err)
        err = read_tables(db);
    if (err)
        return err;
    read_columns(db);
    for (u32 i = 0; i < db->count; i++) /* there are no gaps yet */
        finish_columns(db->tables[i]);
    return ERROR_SUCCESS;
}

/* --- writing rows of the schema --------------------------------------------------------------- */

static u32 add_table_row(struct db_core *db, const struct table *t)
{
    u32 cells[1] = {t->name}, row;

    return tbl_insert(db->sys[TBL_TABLES], cells, t->temporary, &row);
}

static u32 add_column_row(struct db_core *db, const struct table *t, u32 col)
{
    const struct column *c = &t->column[col];
    u32 row,
        cells[4] = {t->name, cell_from_int((i32)col + 1), c->name, cell_from_int((i16)c->type)};

    return tbl_insert(db->sys[TBL_COLUMNS], cells, false, &row);
}

/* What cannot be marked as deleted for want of memory stays, which fails the statement. */
static u32 delete_row(struct table *sys, const u32 *key)
{
    u32 row, err = tbl_find_key(sys, key, &row);

    return err || row == TBL_NONE ? err : tbl_delete(sys, row);
}

static u32 delete_column_row(struct db_core *db, const struct table *t, u32 col)
{
    u32 key[2] = {t->name, cell_from_int((i32)col + 1)};

    return delete_row(db->sys[TBL_COLUMNS], key);
}

static bool is_temporary(const struct table *t, u32 col)
{
    return t->column[col].type & COL_TEMPORARY;
}

static void delete_schema_rows(struct db_core *db, const struct table *t)
{
    for (u32 col = 0; col < t->columns; col++) {
        if (is_temporary(t, col))
            sp_release(db->strings, t->column[col].name, SP_TEMPORARY);
        else
            delete_column_row(db, t, col);
    }
    delete_row(db->sys[TBL_TABLES], &t->name);
}

/* --- CREATE TABLE ----------------------------------------------------------------------------- */

static bool same_text(const struct column_spec *a, const struct column_spec *b)
{
    return !u16_compare(a->name, a->len, b->name, b->len);
}

/* Keys come first, and persistent columns before temporary ones. */
static u32 check_columns(const struct column_spec *cols, u32 n)
{
    if (!n || n > TBL_MAX_COLUMNS || !(cols[0].type & COL_KEY))
        return ERROR_BAD_QUERY_SYNTAX;
    for (u32 i = 0; i < n; i++) {
        if (!cols[i].len || cols[i].len > TBL_MAX_NAME)
            return ERROR_BAD_QUERY_SYNTAX;
        if (i && cols[i].type & COL_KEY && !(cols[i - 1].type & COL_KEY))
            return ERROR_BAD_QUERY_SYNTAX;
        if (i && cols[i - 1].type & COL_TEMPORARY && !(cols[i].type & COL_TEMPORARY))
            return ERROR_BAD_QUERY_SYNTAX;
        for (u32 k = 0; k < i; k++)
            if (same_text(&cols[i], &cols[k]))
                return ERROR_BAD_QUERY_SYNTAX;
    }
    return ERROR_SUCCESS;
}

static u32 add_spec(struct db_core *db, struct table *t, const struct column_spec *spec)
{
    struct column c = {0, col_type_complete(spec->type | (t->temporary ? COL_TEMPORARY : 0))};
    u32 err = sp_intern(db->strings, spec->name, spec->len, &c.name);

    if (err)
        return err;
    err = tbl_add_column(t, c);
    if (!err && c.type & COL_TEMPORARY)
        return ERROR_SUCCESS; /* the column keeps the name */
    if (!err) {
        err = add_column_row(db, t, t->columns - 1);
        if (err)
            tbl_remove_last_column(t);
    }
    sp_release(db->strings, c.name, SP_TEMPORARY); /* the row refers to it now */
    return err;
}

static u32 fill_table(struct db_core *db, struct table *t, const struct column_spec *cols, u32 n)
{
    u32 err = add_table_row(db, t);

    for (u32 i = 0; !err && i < n; i++)
        err = add_spec(db, t, &cols[i]);
    if (!err)
        err = list_table(db, t);
    if (err)
        delete_schema_rows(db, t);
    return err;
}

u32 db_core_create_table(struct db_core *db, const char16_t *name, size_t len,
                         const struct column_spec *cols, u32 n, bool temporary, bool hold,
                         struct table **out)
{
    char16_t stored[NAME_STORED_MAX + 1];
    struct table *t = NULL;
    u32 id, err = check_columns(cols, n);

    if (err)
        return err;
    if (len > TBL_MAX_NAME || !db_is_table_name(name, len) ||
        db_encode_name(name, len, true, stored))
        return ERROR_BAD_QUERY_SYNTAX;
    err = sp_intern(db->strings, name, len, &id);
    if (err)
        return err;
    if (cat_find(db, id))
        err = ERROR_BAD_QUERY_SYNTAX;
    if (!err && !(t = tbl_new(db->strings, id, TBL_USER)))
        err = ERROR_OUTOFMEMORY;
    if (!err) {
        t->undo = &db->undo;
        t->temporary = temporary || cols[0].type & COL_TEMPORARY;
        t->loaded = true;
        t->hold = hold;
        err = fill_table(db, t, cols, n);
        t->dirty = true; /* a stream of this name may be left from before */
    }
    sp_release(db->strings, id, SP_TEMPORARY);
    if (err)
        tbl_release(t);
    else
        *out = t;
    return err;
}

/* --- DROP TABLE ------------------------------------------------------------------------------- */

static u32 remove_all_streams(struct db_core *db, struct table *t)
{
    u32 err = ERROR_SUCCESS;

    for (u32 row = 0; !err && row < t->slots; row++)
        if (!row_gone(t, row))
            err = db_remove_streams(db, t, row);
    return err;
}

static void forget_table(struct db_core *db, struct table *t)
{
    tbl_make_gone(t);
    cat_unlist(db, t);
    delete_schema_rows(db, t);
    tbl_release(t);
}

u32 db_core_drop_table(struct db_core *db, struct table *t)
{
    char16_t stored[NAME_STORED_MAX + 1];
    u32 err;

    if (t->kind != TBL_USER || t->gone)
        return ERROR_BAD_QUERY_SYNTAX;
    err = db_load_rows(db, t); /* for its streams and its strings */
    if (!err)
        err = remove_all_streams(db, t);
    if (!err && !t->temporary && !db_table_stream_name(db, t->name, stored))
        err = db_remove_stream(db, db->stg, stored);
    if (!err)
        err = undo_note_dropped(db, t);
    if (err)
        return err;
    forget_table(db, t);
    return ERROR_SUCCESS;
}

/* --- ALTER TABLE ------------------------------------------------------------------------------ */

static void drop_temporary_columns(struct db_core *db, struct table *t)
{
    while (is_temporary(t, t->columns - 1)) {
        sp_release(db->strings, t->column[t->columns - 1].name, SP_TEMPORARY);
        tbl_remove_last_column(t);
    }
}

u32 db_core_add_column(struct db_core *db, struct table *t, const struct column_spec *col,
                       bool hold)
{
    bool temporary = t->columns && is_temporary(t, t->columns - 1);
    u32 id, err;

    if (t->kind != TBL_USER || t->gone || t->columns == TBL_MAX_COLUMNS || !col->len ||
        col->len > TBL_MAX_NAME || col->type & COL_KEY ||
        (temporary && !(col->type & COL_TEMPORARY)))
        return ERROR_BAD_QUERY_SYNTAX;
    err = sp_find(db->strings, col->name, col->len, &id);
    if (err)
        return err;
    if (tbl_column_find(t, id) != TBL_NONE)
        return ERROR_BAD_QUERY_SYNTAX;
    err = db_load_rows(db, t); /* its rows are stored with the old columns */
    if (!err)
        err = add_spec(db, t, col);
    if (err)
        return err;
    t->dirty |= !(col->type & COL_TEMPORARY);
    t->hold += hold;
    if (!t->hold && !t->temporary)
        drop_temporary_columns(db, t);
    return ERROR_SUCCESS;
}

u32 db_core_set_column_type(struct db_core *db, struct table *t, u32 col, u32 type)
{
    u32 key[2] = {t->name, cell_from_int((i32)col + 1)}, row, err;
    u32 free_bits = COL_SIZE_MASK | COL_LOCALIZABLE;

    if (t->kind != TBL_USER || t->gone || col >= t->columns || !col_is_text(type) ||
        (t->column[col].type ^ type) & ~free_bits)
        return ERROR_BAD_QUERY_SYNTAX;
    err = tbl_find_key(db->sys[TBL_COLUMNS], key, &row);
    if (!err && row == TBL_NONE)
        err = ERROR_INSTALL_PACKAGE_INVALID;
    if (!err)
        err = tbl_set(db->sys[TBL_COLUMNS], row, COLUMNS_TYPE, cell_from_int((i16)type));
    if (!err)
        err = undo_note_type(t, col);
    if (!err) {
        t->column[col].type = (u16)type;
        t->schema++;
    }
    return err;
}

u32 db_core_hold(struct db_core *db, struct table *t)
{
    UNUSED(db);
    if (t->gone)
        return ERROR_BAD_QUERY_SYNTAX;
    t->hold++;
    return ERROR_SUCCESS;
}

u32 db_core_unhold(struct db_core *db, struct table *t)
{
    if (t->gone)
        return ERROR_BAD_QUERY_SYNTAX;
    if ((t->hold && --t->hold) || t->kind != TBL_USER)
        return ERROR_SUCCESS;
    if (t->temporary)
        return db_core_drop_table(db, t);
    drop_temporary_columns(db, t);
    return ERROR_SUCCESS;
}
