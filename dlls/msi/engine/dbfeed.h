/*
 * A temporary table that shows what somebody above the database has: keys and values.
 *
 * Each execution of a query that names it sees the rows as they are then. It is read-only, and is
 * there from db_core_feed to db_core_unfeed.
 */
#ifndef MSI_DBFEED_H
#define MSI_DBFEED_H

#include "dbcore.h"

struct db_feed {
    /* Rises with every change. Both are called under the caller's serialisation, and may not use
     * the database. */
    u32 (*version)(void *ctx);
    /* Gives each row to add, and stops at its first error. */
    u32 (*rows)(void *ctx,
                u32 (*add)(void *to, const char16_t *key, size_t key_len, const char16_t *value,
                           size_t value_len),
                void *to);
    void *ctx;
};

/* Makes the table, its key column and the one of values. ERROR_BAD_QUERY_SYNTAX where there is one
 * of that name, or one that is fed, ERROR_OUTOFMEMORY. */
u32 db_core_feed(struct db_core *db, const char16_t *name, const char16_t *key,
                 const char16_t *value, const struct db_feed *feed);
/* Drops it, if it is fed for this ctx. */
void db_core_unfeed(struct db_core *db, void *ctx);
/* From here on there are no _Streams and _Storages: the database is of no file. */
void db_core_hide_storage(struct db_core *db);

#endif
