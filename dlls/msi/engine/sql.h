/*
 * A query, from its text to its rows: what a view object needs.
 *
 *   sql_prepare   lexes, parses, binds the names to the database and plans; nothing is changed
 *   sql_execute   runs it. A SELECT then stands before its first row; anything else is done
 *   sql_fetch     the next row of a SELECT; sql_cell reads it
 *   sql_reset     MsiViewClose: back to where sql_prepare left it; temporary tables and columns
 * that it made and nobody holds go sql_modify    MsiViewModify without the validating modes
 *
 * A query keeps its tables alive and, from execute to reset, their rows' numbers in place; other
 * queries may change them all the while. A table that is dropped reads as empty;
 * the query is not executed again.
 * The caller serialises all calls on one database (that of the query).
 * Every function returns a Win32 code; `err` may be NULL wherever it is asked for.
 */
#ifndef MSI_SQL_H
#define MSI_SQL_H

#include "coltype.h"
#include "dbcore.h"
#include "sql_error.h"

struct sql_query;

enum sql_kind {
    SQL_SELECT,
    SQL_INSERT,
    SQL_UPDATE,
    SQL_DELETE,
    SQL_CREATE,
    SQL_DROP,
    SQL_ALTER, /* ADD, HOLD and FREE */
};

enum { SQL_MAX_TABLES = 16 };

/* text need not be terminated and is copied. ERROR_BAD_QUERY_SYNTAX for syntax, an unknown or
 * repeated name, a comparison of what does not compare; ERROR_FUNCTION_FAILED for a table whose
 * key is temporary while it is not; ERROR_OUTOFMEMORY; the error of a damaged table. */
u32 sql_prepare(struct db_core *db, const char16_t *text, size_t len, struct sql_query **out,
                struct sql_error *err);
/* Resets and frees; q may be NULL. The database must still be there. */
void sql_free(struct sql_query *q);

enum sql_kind sql_kind(const struct sql_query *q);
const char16_t *sql_text(const struct sql_query *q); /* terminated */
u32 sql_params(const struct sql_query *q);           /* the number of question marks */
/* Whether it changes what is saved: refuse it before executing where that is read only. Temporary
 * rows, columns and tables are not. */
bool sql_writes(const struct sql_query *q);

/* --- columns ---------------------------------------------------------------------------------- */

struct sql_column {
    char16_t name[TBL_MAX_NAME + 1];  /* terminated; empty for the constant '' */
    char16_t type[COL_TYPE_TEXT_MAX]; /* as MsiViewGetColumnInfo gives it: "s72", "I2", "f0" ... */
    u32 type_bits;                    /* enum column_type; 0 for the constant '' */
    struct table *table;              /* NULL for the constant '' */
    u32 table_col;                    /* its column there */
};
/* The columns of a SELECT; of an INSERT or UPDATE those that it sets; of a CREATE that was executed
 * those of the table; otherwise 0. */
u32 sql_columns(const struct sql_query *q);
void sql_column(const struct sql_query *q, u32 i, struct sql_column *out);
/* The tables of a SELECT, in the order of FROM; otherwise the one table, or none. */
u32 sql_tables(const struct sql_query *q);
struct table *sql_table(const struct sql_query *q, u32 i);

/* --- running ---------------------------------------------------------------------------------- */

/* params: sql_params() values, in the order of the question marks; fewer is ERROR_FUNCTION_FAILED
 * (2208). Executing again starts again. They are read during the call only.
 * ERROR_FUNCTION_FAILED for a duplicate key, a NULL where none may be, a value that does not fit
 * its column, an update of a key; ERROR_BAD_QUERY_SYNTAX for CREATE of a table that is there. */
u32 sql_execute(struct sql_query *q, const struct value *params, u32 n, struct sql_error *err);
/* The next row. ERROR_NO_MORE_ITEMS after the last; ERROR_FUNCTION_FAILED (2209) before execute
 * and for what is no SELECT. */
u32 sql_fetch(struct sql_query *q, struct sql_error *err);
/* Fetching starts over: with the first of the rows that there were when the query was executed. */
void sql_start_over(struct sql_query *q);
void sql_reset(struct sql_query *q);
bool sql_executed(const struct sql_query *q);

/* A cell of the row that was fetched last, as it is now in the table (0 columns of a row that has
 * been deleted since read as NULL). */
struct sql_cell {
    enum value_kind kind;
    i32 i;                /* VALUE_INT */
    u32 str;              /* VALUE_TEXT: an id of db_core_strings(db), or 0 for a constant: */
    const char16_t *text; /* not terminated */
    u32 len;
    struct table *table; /* VALUE_STREAM: for db_core_cell_stream */
    u32 row, col;
};
void sql_cell(const struct sql_query *q, u32 i, struct sql_cell *out);

/* --- modifying through a fetched row ------------------------------------------------------------
 */

/* Which row a fetched record is: to be kept with the record. All zeros: no row. */
struct sql_row {
    u32 run; /* which execution it comes from; 0 for none */
    u32 rows[SQL_MAX_TABLES];
};
/* The row fetched last (or sought, inserted ... by sql_modify). */
void sql_row(const struct sql_query *q, struct sql_row *out);

/* The values are MSIMODIFY's. */
enum sql_modify_mode {
    SQL_MODIFY_SEEK = -1,
    SQL_MODIFY_REFRESH = 0,
    SQL_MODIFY_INSERT = 1,
    SQL_MODIFY_UPDATE = 2,
    SQL_MODIFY_ASSIGN = 3,
    SQL_MODIFY_REPLACE = 4,
    SQL_MODIFY_MERGE = 5,
    SQL_MODIFY_DELETE = 6,
    SQL_MODIFY_INSERT_TEMPORARY = 7,
};
/* fields: the record's fields 1 .. n, one for each column of the query (missing ones are NULL).
 * A VALUE_STREAM with a NULL stream leaves the cell's stream as it is.
 * *row: the record's row before and, on success, after the call. After SEEK and REFRESH, sql_cell
 * reads that row for filling the record. ERROR_FUNCTION_FAILED (with the numbers of the error
 * list) for what the mode forbids, a row that is gone, a SEEK that finds none and a MERGE with a
 * row that differs; ERROR_INVALID_DATA for a SEEK with fewer fields than columns, and for an INSERT
 * or MERGE without a value that the table requires. Nothing has changed after an error. */
u32 sql_modify(struct sql_query *q, enum sql_modify_mode mode, const struct value *fields, u32 n,
               struct sql_row *row, struct sql_error *err);
/* Whether the key in the fields is that of the row, which is still there. */
bool sql_names_row(struct sql_query *q, const struct value *fields, u32 n,
                   const struct sql_row *row);

#endif
