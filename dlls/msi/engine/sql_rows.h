/*
 * A result that is worked out as a whole: for ORDER BY, DISTINCT, joins in another than their
 * natural order, and the rows that UPDATE and DELETE are to change.
 */
#ifndef MSI_SQL_ROWS_H
#define MSI_SQL_ROWS_H

#include "sql_scan.h"

struct sql_rows {
    u32 width; /* tables */
    u32 *data; /* count tuples of row numbers */
    u32 count, cap;
    u32 *order; /* numbers of tuples */
    u32 shown;  /* how many of order[] there are: fewer than count for DISTINCT */
    u32 at;
};

/* Walks the scan to its end and sorts. *r is zeroed, or has been freed. ERROR_OUTOFMEMORY, also for
 * a join of more than 16 million rows. */
u32 sql_rows_collect(struct sql_rows *r, struct sql_scan *s, bool distinct);
void sql_rows_free(struct sql_rows *r);
/* The next tuple, or NULL. */
const u32 *sql_rows_next(struct sql_rows *r);

#endif
