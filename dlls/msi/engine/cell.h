/*
 * What a cell of a table holds: one u32, whatever the column's type or its width on disk.
 *
 *   0              NULL, in every type of column
 *   string column  the id of the string in the database's pool
 *   integer column the value with its top bit turned over, for 2- and 4-byte columns alike.
 *                  So comparing cells as unsigned numbers orders integers, NULL first, and the one
 *                  integer that is NULL (MSI_NULL_INTEGER, 0x80000000) is 0 by itself.
 *   object column  1: there is a stream, named by the table and the row's key
 *
 * The type of a column is the 16-bit word of _Columns.Type.
 */
#ifndef MSI_CELL_H
#define MSI_CELL_H

#include "base.h"

enum column_type {
    COL_SIZE_MASK =
        0x00ff, /* integer: bytes, 4, or else 2 (0, 1, 2); text: most characters, 0 for no limit */
    COL_VALID = 0x0100, /* set in every stored type */
    COL_LOCALIZABLE = 0x0200,
    COL_PLAIN = 0x0400, /* set for text and 2-byte integers; text without it is an object */
    COL_STRING = 0x0800,
    COL_NULLABLE = 0x1000,
    COL_KEY = 0x2000,
    COL_TEMPORARY = 0x4000, /* never stored */
};

enum { TBL_MAX_COLUMNS = 32, TBL_MAX_NAME = 64 };

static inline bool col_is_object(u32 type)
{
    return (type & (COL_STRING | COL_PLAIN)) == COL_STRING;
}
static inline bool col_is_text(u32 type)
{
    return (type & (COL_STRING | COL_PLAIN)) == (COL_STRING | COL_PLAIN);
}
static inline bool col_is_int(u32 type)
{
    return !(type & COL_STRING);
}
/* Bytes of an integer column: 2 or 4. */
static inline u32 col_int_size(u32 type)
{
    return (type & COL_SIZE_MASK) == 4 ? 4 : 2;
}

static inline u32 cell_from_int(i32 v)
{
    return (u32)v ^ 0x80000000u;
}
static inline i32 cell_to_int(u32 cell)
{
    return (i32)(cell ^ 0x80000000u);
}
/* Whether a 2-byte column can hold the cell: -32767..32767 or NULL. */
static inline bool cell_fits_i2(u32 cell)
{
    return !cell || (cell_to_int(cell) >= -32767 && cell_to_int(cell) <= 32767);
}

#endif
