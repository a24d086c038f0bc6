/*
 * A stable sort of numbers by an order of the caller's: n log n, and n where they are sorted.
 */
#ifndef MSI_SQL_SORT_H
#define MSI_SQL_SORT_H

#include "base.h"
#include "error.h"

/* <0, 0, >0 */
typedef int (*sql_order)(const void *ctx, u32 a, u32 b);

/* ERROR_OUTOFMEMORY, and nothing has changed. */
u32 sql_sort(u32 *items, u32 n, sql_order order, const void *ctx);

#endif
