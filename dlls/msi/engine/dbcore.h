/*
 * A database below SQL: the string pool, the schema, the tables with their rows and streams, on
 * top of a storage. Statements, import, merge and transforms are written against this header.
 *
 * Rows are read when a table is first asked for; a table that cannot be read is an error and stays
 * one. Nothing reaches the storage before db_core_save, and nothing the file before the storage is
 * committed, except that a stream is staged in the storage when its row is written.
 *
 * The caller serialises calls on one database.
 */
#ifndef MSI_DBCORE_H
#define MSI_DBCORE_H

#include "strpool.h"
#include "table.h"

struct db_core;
struct stg;
struct stg_stream;

/* --- life ----------------------------------------------------------------------------------- */

/* A new database without tables in an empty storage. The storage stays the caller's and must
 * outlive the database; its class is the caller's to set. ERROR_OUTOFMEMORY. */
u32 db_core_create(struct stg *stg, struct db_core **out);
/* Reads the string pool and the schema. ERROR_INSTALL_PACKAGE_INVALID for what is no database or
 * a damaged one, or an error of the storage. */
u32 db_core_open(struct stg *stg, struct db_core **out);
void db_core_free(struct db_core *db); /* db may be NULL */
/* Stages everything that has changed in the storage; the caller then commits or reverts that. */
u32 db_core_save(struct db_core *db);
/* Whether db_core_save has anything to do. */
bool db_core_dirty(const struct db_core *db);
/* What is done between the two is done whole or not at all: db_core_end is given the outcome and
 * returns it, and where that is an error, tables, rows, schema, code page and streams are as they
 * were at db_core_begin. No second begin comes before the end, and no save; temporary columns are
 * not taken away. ERROR_OUTOFMEMORY from db_core_begin, and then there is no end. Costs what was
 * changed, not what is there. */
u32 db_core_begin(struct db_core *db);
u32 db_core_end(struct db_core *db, u32 err);
struct str_pool *db_core_strings(struct db_core *db);
struct stg *db_core_stg(struct db_core *db);

/* --- tables --------------------------------------------------------------------------------- */

/* The table with its rows loaded, system tables included. ERROR_INVALID_TABLE where there is none,
 * ERROR_INSTALL_PACKAGE_INVALID where it is damaged. The pointer is borrowed: it lives until the
 * table is dropped; tbl_retain it to keep it. */
u32 db_core_table(struct db_core *db, const char16_t *name, size_t len, struct table **out);
u32 db_core_table_id(struct db_core *db, u32 name, struct table **out);
/* The same without reading rows: for schema questions. */
u32 db_core_schema(struct db_core *db, const char16_t *name, size_t len, struct table **out);
/* MSICONDITION of MsiDatabaseIsTablePersistent without handles: present and saved, present and
 * temporary, absent. */
enum tbl_presence { TBL_ABSENT, TBL_PERSISTENT, TBL_TEMPORARY };
enum tbl_presence db_core_presence(struct db_core *db, const char16_t *name, size_t len);
/* The user tables (persistent and temporary, no system table), one after the other; NULL after the
 * last. *at is 0 at first. The order is that of _Tables, then that of making. */
struct table *db_core_next_table(struct db_core *db, u32 *at);

struct column_spec {
    const char16_t *name;
    size_t len;
    u16 type; /* COL_KEY on the first columns; COL_VALID and COL_PLAIN are set where they belong */
};
/* CREATE TABLE. With `hold` the hold count starts at 1; a temporary table that nobody holds stays
 * here until it is freed or dropped (a statement without HOLD does that at once).
 * ERROR_BAD_QUERY_SYNTAX where the name is taken or a column name comes twice, more than
 * TBL_MAX_COLUMNS, no key, a persistent table with a temporary key, a name too long;
 * ERROR_OUTOFMEMORY. */
u32 db_core_create_table(struct db_core *db, const char16_t *name, size_t len,
                         const struct column_spec *cols, u32 n, bool temporary, bool hold,
                         struct table **out);
/* DROP TABLE: rows, streams, schema. ERROR_BAD_QUERY_SYNTAX for a system table. */
u32 db_core_drop_table(struct db_core *db, struct table *t);
/* ALTER TABLE ADD. ERROR_BAD_QUERY_SYNTAX for a name that is there or one column too many. A
 * temporary column of a table that nobody holds is gone at once. */
u32 db_core_add_column(struct db_core *db, struct table *t, const struct column_spec *col,
                       bool hold);
/* Changes the width or the localizable mark of a text column: what does not touch its cells.
 * ERROR_BAD_QUERY_SYNTAX for any other change. */
u32 db_core_set_column_type(struct db_core *db, struct table *t, u32 col, u32 type);
/* ALTER TABLE HOLD and FREE. The last FREE takes the temporary columns, or the whole temporary
 * table, away; a system table, which streams are written through, may be held too, and stays. */
u32 db_core_hold(struct db_core *db, struct table *t);
u32 db_core_unhold(struct db_core *db, struct table *t);

/* --- rows ----------------------------------------------------------------------------------- */

/* What an object cell is to hold: puts itself into the storage as the stream of that (stored)
 * name, by one of stg_set_bytes, stg_set_file and stg_set_stream. */
struct stream_source {
    u32 (*put)(struct stream_source *s, struct stg *stg, const char16_t *name);
};

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_STREAM };
/* A cell's worth of data from outside. Empty text is NULL. */
struct value {
    enum value_kind kind;
    i32 i;
    const char16_t *text;
    size_t len;
    struct stream_source *stream;
};

/* Whether a column of that type can hold the value: ERROR_FUNCTION_FAILED for a NULL where none may
 * be or an integer out of range, ERROR_DATATYPE_MISMATCH for a value of another kind. */
u32 db_core_value_fits(u32 type, const struct value *v);
/* Adds a row of tbl_columns() values.
 * ERROR_FUNCTION_FAILED: the key is there already, a NULL where none may be, an integer that does
 * not fit, a read-only system table, a stream name that is too long. ERROR_DATATYPE_MISMATCH: a
 * value of the wrong kind for its column (nothing is converted here). Or an error of the stream.
 * Nothing has changed then. */
u32 db_core_insert(struct db_core *db, struct table *t, const struct value *values, bool temporary,
                   u32 *row);
/* Sets those columns whose bit is in mask. Key columns too, streams move along; errors as above. */
u32 db_core_update(struct db_core *db, struct table *t, u32 row, u32 mask,
                   const struct value *values);
/* A temporary row is one that is saved from now on; its streams move along. */
u32 db_core_make_permanent(struct db_core *db, struct table *t, u32 row);
/* Deletes the row and its streams. */
u32 db_core_delete(struct db_core *db, struct table *t, u32 row);
/* The row with the key of these values (tbl_keys of them), or TBL_NONE. */
u32 db_core_find(struct db_core *db, struct table *t, const struct value *key, u32 *row);
/* The cell that a value is in this column, for comparing; *none is set where no cell of the
 * table can be equal to it (a string that is not in the pool). */
u32 db_core_cell(struct db_core *db, const struct table *t, u32 col, const struct value *v,
                 u32 *cell, bool *none);

/* --- streams -------------------------------------------------------------------------------- */

/* Opens the object cell's stream for reading. ERROR_FUNCTION_FAILED for a NULL cell, an error of
 * the storage for a stream that is not there. Close with stg_stream_close. For a row of _Streams
 * too; ERROR_INVALID_DATA for one of _Storages. */
u32 db_core_cell_stream(struct db_core *db, struct table *t, u32 row, u32 col,
                        struct stg_stream **out);
/* The stream's name "Table.key1.key2" as it stands in _Streams (decoded), terminated, in out of
 * cap units. ERROR_FUNCTION_FAILED where it does not fit a storage name. */
u32 db_core_stream_name(struct db_core *db, const struct table *t, u32 row, char16_t *out,
                        size_t cap);

/* The stored name of the object stream of a row of that table with these key values.
 * ERROR_FUNCTION_FAILED where there can be none. */
u32 db_core_name_stream(const char16_t *table, size_t len, const struct value *key, u32 keys,
                        char16_t stored[32]);

#endif
