/*
 * The stored form of a table: one stream, column after column.
 */
#ifndef MSI_TABLE_IO_H
#define MSI_TABLE_IO_H

#include "table.h"

/* Fills a table that has its columns and no rows. ref_bytes: the width of string references.
 * The counts of the strings include these rows already. ERROR_INSTALL_PACKAGE_INVALID: the length
 * is no whole number of rows, or a string id stands for nothing. */
u32 tbl_read(struct table *t, const u8 *data, size_t len, u32 ref_bytes);
/* Appends the stored form of the persistent rows and columns, in their order, to an empty buffer.
 */
u32 tbl_write(struct table *t, u32 ref_bytes, struct buf *out);
/* Adds a reference for each persistent string cell: the database's part in a recount. */
void tbl_count_refs(const struct table *t);

#endif
