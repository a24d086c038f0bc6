/*
 * A transform that was read: which tables it adds and drops, and its changes row by row.
 *
 * A transform is a storage with a string pool of its own (_StringPool, _StringData) and one stream
 * for each table that changes, named like the table's. A stream is a list of changes, each
 *   SIZE      DESCRIPTION
 *   2         0: delete; the key follows
 *             low bit set: insert; all columns follow; the high byte is their number
 *             else: update; a bit for each column (from bit 0) that is given; the key follows, then
 *             those columns
 *   ...       the cells: strings as ids of the transform's pool, 2 bytes or 3 as the pool says,
 *             the others as in a table
 * Objects are streams Table.key1.key2 in the transform. _Tables names the tables that come and go,
 * _Columns the columns of new tables and new columns of others; their Number is NULL or the place.
 *
 * In a table of more than 16 columns the mask may have 4 bytes: a stream is read that way where it
 * makes no sense with 2.
 */
#ifndef MSI_XFORM_H
#define MSI_XFORM_H

#include "dbcore.h"
#include "hash.h"
#include "rowcopy.h"
#include "transform.h"

enum xform_fate { XFORM_CHANGED, XFORM_CREATED, XFORM_DROPPED, XFORM_REPLACED };

struct xform_column {
    u32 name; /* in the transform's pool */
    u16 type;
};

struct xform_table {
    u32 name; /* in the transform's pool */
    enum xform_fate fate;
    struct xform_column added[TBL_MAX_COLUMNS]; /* all columns of a new table */
    u32 added_count;
    u8 *data; /* the changes of rows */
    size_t len;
    bool wide_masks;
};

struct xform {
    struct stg *stg;
    struct str_pool *strings;
    u32 ref_bytes;
    struct xform_table *tables;
    u32 count, cap;
    struct hash_map by_name; /* name -> place in tables */
};

/* Reads the pool, _Tables and _Columns, and the bytes of the other streams.
 * ERROR_INSTALL_TRANSFORM_FAILURE for damage, ERROR_OUTOFMEMORY. The storage stays the caller's. */
u32 xform_read(struct stg *stg, struct xform *x);
void xform_free(struct xform *x);

/* The columns that a change is read by. */
struct xform_layout {
    u16 types[TBL_MAX_COLUMNS];
    u32 columns, keys;
};

enum xform_kind { XFORM_INSERT, XFORM_UPDATE, XFORM_DELETE };

struct xform_change {
    enum xform_kind kind;
    u32 mask;                   /* which cells are given */
    u32 cells[TBL_MAX_COLUMNS]; /* as in cell.h, strings of the transform's pool */
};

/* Takes the next change at *at, which moves on. ERROR_NO_MORE_ITEMS at the end,
 * ERROR_INSTALL_TRANSFORM_FAILURE for damage. */
u32 xform_next(const struct xform *x, const struct xform_table *t, const struct xform_layout *l,
               size_t *at, struct xform_change *c);

/* The layout that the table has once its columns are added, and the width of its masks. db: NULL
 * for a new table. ERROR_INSTALL_TRANSFORM_FAILURE for columns that no table can have. */
u32 xform_layout_of(const struct xform *x, struct xform_table *t, const struct table *db,
                    struct xform_layout *l);

/* A change as values for the database; v stays valid until the next call. Zeroed memory is an empty
 * one. ERROR_INSTALL_TRANSFORM_FAILURE for an object whose stream is not there. */
struct xform_values {
    struct value v[TBL_MAX_COLUMNS];
    struct stream_copy streams[TBL_MAX_COLUMNS];
    struct buf text;
};
u32 xform_values_take(struct xform_values *v, const struct xform *x, const struct xform_table *t,
                      const struct xform_layout *l, const struct xform_change *c);
void xform_values_free(struct xform_values *v);

/* _TransformView: the changes of the transform as rows, those of other transforms stay. */
u32 xform_view(struct db_core *db, const struct xform *x);

/* The table in the database, NULL where it has none. */
u32 xform_find_table(const struct xform *x, const struct xform_table *t, struct db_core *db,
                     struct table **out);

#endif
