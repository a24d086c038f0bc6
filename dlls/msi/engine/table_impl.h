/*
 * The insides of a table, for the files tbl*.c and table*.c alone.
 *
 * Each column is an array of cells in their stored form, little-endian: 2 or 3 bytes for a string
 * id (3 from the first id on that needs it), 2 or 4 for an integer, 2 for an object. A row is an
 * index into these arrays. A deleted row keeps its slot, and its cells for those who must find
 * their place by it, until nobody has the table pinned and it is squeezed.
 *
 * Invariants, which tbl_check tests:
 *  1 live is the number of rows that are not gone
 *  2 `order` (NULL: 0, 1, 2, ...) names each of the first `ordered` rows once
 *  3 where `sorted`, the rows of `order` ascend by key, then number
 *  4 every live row is found by every index, and each index counts only live rows
 *  5 the string cells of live rows are valid ids
 *  6 an integer cell fits its column
 */
#ifndef MSI_TABLE_IMPL_H
#define MSI_TABLE_IMPL_H

#include "buf.h"
#include "table.h"

/* TBL_FED: dbfeed.h. */
enum tbl_kind { TBL_USER, TBL_TABLES, TBL_COLUMNS, TBL_STREAMS, TBL_STORAGES, TBL_FED };
enum tbl_row_flags { ROW_GONE = 1, ROW_TEMPORARY = 2 };

struct column_data {
    u8 *cells;
    u32 width; /* bytes a cell */
};

/* An index over some columns: a hash table of row + 1, and for one that is not unique a doubly
 * linked chain of the rows with equal cells, the head of which is in the table. */
struct tbl_index {
    struct tbl_index *next;
    u32 columns; /* a bit for each */
    bool unique;
    bool chained;        /* not unique, or rows with equal cells were found all the same */
    u32 *slots;          /* row + 1; 0 empty, INDEX_GONE removed */
    u32 mask;            /* slots - 1 */
    u32 used, filled;    /* heads; heads and removed ones */
    u32 *after, *before; /* chains: row + 1 by row, 0 at the end; NULL if not chained */
    u32 chain_cap;
};

struct undo;

struct table {
    u32 refs;
    struct str_pool *pool;
    u32 name;
    enum tbl_kind kind;
    bool temporary;
    bool gone;
    bool holds_names; /* references of its own to its name and those of its columns */
    u32 hold;
    u32 columns, keys;
    struct column column[TBL_MAX_COLUMNS];
    struct column_data data[TBL_MAX_COLUMNS];

    bool loaded;    /* the rows are here */
    u32 load_error; /* why they cannot be */
    bool dirty;     /* the stored form is not this */

    u32 slots, cap; /* rows ever made, room for them */
    u32 live;
    u8 *flags; /* by row; NULL: all live and persistent */
    u32 *order;
    u32 ordered;
    bool sorted;
    bool keep_order; /* rows stay as they lie, and `order` is NULL: the file had them unsorted and
                        nothing was inserted since, or the rows are streams */
    u32 version, order_version;
    u32 pins;
    struct tbl_index *indexes;

    u32 serial[TBL_MAX_COLUMNS]; /* `schema` at the time the column came; 0: with the file */
    u32 schema;                  /* rises with every change of columns, and where the table goes */
    u32 place;                   /* in the database's list */
    bool touched;                /* noted in *undo */
    struct undo **undo; /* where the database has its notes (undo.h); NULL: it makes none */
};

/* A table without columns or rows, with one reference. NULL when there is no memory. */
struct table *tbl_new(struct str_pool *pool, u32 name, enum tbl_kind kind);
/* Adds a column at the end, NULL in every row. The name is not referenced here. */
u32 tbl_add_column(struct table *t, struct column c);
/* Takes the last column away; its strings are released. While changes are noted only one that was
 * added since, and nothing was done after. */
void tbl_remove_last_column(struct table *t);
/* Gives up the string that a cell of a row has. */
void tbl_unref_cell(struct table *t, u32 row, u32 col);
/* Takes all rows away; with `forget` the strings are not released. */
void tbl_clear(struct table *t, bool forget);
/* Marks the table as dropped and clears it. Those who retain it can still read its names. */
void tbl_make_gone(struct table *t);
/* Takes the mark away again; the rows are the caller's to bring back. */
void tbl_not_gone(struct table *t);
/* Room for that many rows in all. */
u32 tbl_reserve(struct table *t, u32 rows);
/* Makes every column wide enough for ids of ref_bytes. */
u32 tbl_widen(struct table *t, u32 col, u32 width);
/* Brings the rows that came since into `order`. */
u32 tbl_make_order(struct table *t);
/* Whether the live rows ascend as they lie in `order`. */
bool tbl_order_ascends(const struct table *t);
/* Renumbers the rows so that they lie in their order and none is gone. Only while pins is 0. */
void tbl_squeeze(struct table *t);

/* The stored cell as cell.h has it, and back. */
u32 tbl_decode(u32 type, u32 stored);
u32 tbl_encode(u32 type, u32 cell);
static inline u32 tbl_width(u32 type)
{
    return col_is_int(type) ? col_int_size(type) : 2;
}
u32 tbl_raw(const struct column_data *d, u32 row);
void tbl_put_raw(struct column_data *d, u32 row, u32 stored);

/* Indexes. A failure of memory drops the index instead; it is made again when it is wanted. */
void tbl_index_add(struct table *t, u32 row, u32 columns);
void tbl_index_remove(struct table *t, u32 row, u32 columns);
void tbl_index_drop_all(struct table *t);
size_t tbl_index_memory(const struct table *t);
int tbl_index_check(struct table *t);

static inline bool row_gone(const struct table *t, u32 row)
{
    return row >= t->slots || (t->flags && t->flags[row] & ROW_GONE);
}

#endif
