/*
 * Going through the rows of a query on a database object.
 */
#ifndef MSI_ROWS_H
#define MSI_ROWS_H

#include "database.h"
#include "record.h"

/* Calls each for every row until it returns an error, which is returned; ERROR_NO_MORE_ITEMS stops
 * with success. A table that is not there has no rows. params may be NULL. */
u32 rows_each(struct database *db, const char16_t *query, struct record *params,
              u32 (*each)(void *ctx, struct record *row), void *ctx);
/* The same for a table that must be there. ERROR_BAD_QUERY_SYNTAX. */
u32 rows_each_of(struct database *db, const char16_t *query,
                 u32 (*each)(void *ctx, struct record *row), void *ctx);
/* The same with the text of the first `?` given. */
u32 rows_each_named(struct database *db, const char16_t *query, const char16_t *name, size_t len,
                    u32 (*each)(void *ctx, struct record *row), void *ctx);

/* The Property table's value of that name, from os_alloc; NULL where there is none. len may be
 * NULL. */
u32 rows_property(struct database *db, const char16_t *name, char16_t **value, size_t *len);

#endif
