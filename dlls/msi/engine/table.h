/*
 * A table: its columns, and its rows as cells (cell.h).
 *
 * A row is named by a number, which stays its own as long as the table is pinned: rows that come
 * and go do not move others. Columns count from 0. Rows have an order: that of their key cells
 * (strings by id, integers by value), which is the order of the stored form.
 *
 * The functions that change rows here keep the string references and the indexes right and touch
 * no stream: the rules of the database (keys, NULLs, streams) are in dbcore.h, which is what
 * statements use. The caller serialises calls on one database.
 */
#ifndef MSI_TABLE_H
#define MSI_TABLE_H

#include "cell.h"
#include "strpool.h"

struct table;

enum { TBL_NONE = 0xffffffffu };

struct column {
    u32 name; /* string id */
    u16 type; /* enum column_type */
};

/* --- the schema ---------------------------------------------------------------------------- */

u32 tbl_name(const struct table *t); /* string id */
u32 tbl_columns(const struct table *t);
/* The key columns are the first ones, in this number. */
u32 tbl_keys(const struct table *t);
const struct column *tbl_column(const struct table *t, u32 col);
/* The column of that name (a string id, 0 finds none), or TBL_NONE. */
u32 tbl_column_find(const struct table *t, u32 name);
/* A temporary table is not saved; one of its rows neither. */
bool tbl_is_temporary(const struct table *t);
/* _Tables, _Columns, _Streams, _Storages. */
bool tbl_is_system(const struct table *t);
/* _Tables, _Columns. */
bool tbl_is_schema(const struct table *t);
/* Dropped or freed while somebody kept it: reads as a table without rows. */
bool tbl_is_gone(const struct table *t);

/* A reference keeps the object (not its rows) beyond DROP TABLE. */
struct table *tbl_retain(struct table *t);
void tbl_release(struct table *t); /* t may be NULL */

/* --- reading ------------------------------------------------------------------------------- */

u32 tbl_rows(const struct table *t); /* live rows */
/* The cell; 0 for a row that is gone. col must be < tbl_columns(). */
u32 tbl_get(const struct table *t, u32 row, u32 col);
/* The numbers of all rows there have been are below this. */
u32 tbl_row_limit(const struct table *t);
bool tbl_row_exists(const struct table *t, u32 row);
bool tbl_row_temporary(const struct table *t, u32 row);
/* Rises with every change of rows or columns. */
u32 tbl_version(const struct table *t);
/* Rises with every change of the columns, and when the table goes or comes back. */
u32 tbl_schema(const struct table *t);
/* Another number for every column that the table ever had; 0 where there is none now. */
u32 tbl_column_serial(const struct table *t, u32 col);

/* While a table is pinned its rows keep their numbers (and the memory of deleted ones). */
void tbl_pin(struct table *t);
void tbl_unpin(struct table *t);

/* A walk over the rows in their order. It survives changes: rows inserted behind the place where
 * it stands are met, those before it are not, and a deleted row is no longer met. */
struct tbl_cursor {
    u32 row; /* the row it stands on; TBL_NONE before the first and after the last */
    u32 pos, order_version;
};
void tbl_start(struct tbl_cursor *c);
/* The next row, or TBL_NONE. ERROR_OUTOFMEMORY from sorting in what was inserted. */
u32 tbl_next(struct table *t, struct tbl_cursor *c, u32 *row);
/* <0, 0, >0 by the order of the table. */
int tbl_compare_rows(const struct table *t, u32 a, u32 b);

/* --- look-up -------------------------------------------------------------------------------- */

/* The row with these key cells (tbl_keys of them), or TBL_NONE. Makes the key index at its first
 * use, O(rows); then O(1). */
u32 tbl_find_key(struct table *t, const u32 *key, u32 *row);
/* The rows whose column holds the cell, in no particular order:
 *     for (err = tbl_match(t, col, cell, &row); !err && row != TBL_NONE;
 *          row = tbl_match_next(t, col, row))
 * Makes the column's index at its first use, O(rows); it is kept up to date from then on.
 * The walk must be done again after a change of the table. */
u32 tbl_match(struct table *t, u32 col, u32 cell, u32 *row);
u32 tbl_match_next(const struct table *t, u32 col, u32 row);

/* --- changing (used by dbcore.c; statements use dbcore.h) ------------------------------------ */

/* Adds a row of tbl_columns() cells, strings referenced from here. Does not look for an equal key.
 * ERROR_OUTOFMEMORY, and nothing has changed. */
u32 tbl_insert(struct table *t, const u32 *cells, bool temporary, u32 *row);
/* Changes a cell, key columns included. ERROR_DATATYPE_MISMATCH for an integer that is too big. */
u32 tbl_set(struct table *t, u32 row, u32 col, u32 cell);
u32 tbl_delete(struct table *t, u32 row);
/* Makes a temporary row persistent or the other way round. */
u32 tbl_set_temporary(struct table *t, u32 row, bool temporary);

size_t tbl_memory(const struct table *t);
/* The table's invariants, for tests: 0 or the number of the broken one. */
int tbl_check(struct table *t);

#endif
