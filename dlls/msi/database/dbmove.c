/*
 * Text archives and merge of database objects.
 */
#include "dbmove.h"

#include "archive.h"
#include "dblock.h"
#include "fault.h"
#include "merge.h"

enum {
    E_INTENT = 2207, /* the database may not be changed */
    E_MERGE_INTENT = 2272,
    E_MERGE_ITSELF = 2273,
    E_ERROR_TABLE = 2274,
};

static u32 report(struct database *db, u32 err, const struct fault *fault)
{
    return db_report_fault(db, err, fault, E_INTENT);
}

u32 db_export(struct database *db, const char16_t *table, size_t len, const char16_t *folder,
              const char16_t *file)
{
    struct fault fault = {0};
    u32 err;

    db_lock(db);
    err = archive_export(db->core, table, len, folder, file, &fault);
    db_unlock(db);
    return report(db, err, &fault);
}

u32 db_import(struct database *db, const char16_t *folder, const char16_t *file)
{
    struct fault fault = {0};
    u32 err;

    if (!db_writable(db))
        return db_report(db, ERROR_FUNCTION_FAILED, E_INTENT, file);
    db_lock(db);
    err = archive_import(db->core, folder, file, &fault);
    db_unlock(db);
    return report(db, err, &fault);
}

u32 db_merge(struct database *db, struct database *from, const char16_t *errors)
{
    struct fault fault = {0};
    u32 err;

    if (errors && !*errors)
        return db_report(db, ERROR_INVALID_TABLE, E_ERROR_TABLE, errors);
    if (!db_writable(db))
        return db_report(db, ERROR_FUNCTION_FAILED, E_MERGE_INTENT, from->path);
    if (db == from)
        return db_report(db, ERROR_FUNCTION_FAILED, E_MERGE_ITSELF, from->path);
    db_lock_both(db, from);
    err = merge_databases(db->core, from->core, errors, &fault);
    db_unlock_both(db, from);
    return report(db, err, &fault);
}
