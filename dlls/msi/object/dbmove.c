/*
 * Text archives and merge of database objects.
 */
#include "dbmove.h"

#include "archive.h"
#include "dblock.h"
#include "merge.h"

/* Numbers of "Windows Installer Error Messages" for what failed as a whole. */
enum {
    E_EXPORT = 2217, /* the export file cannot be written */
    E_IMPORT = 2216, /* the import file cannot be used */
    E_MERGE = 2268,  /* the databases do not merge */
    E_READ_ONLY = 2259,
};

u32 db_export(struct database *db, const char16_t *table, size_t len, const char16_t *folder,
              const char16_t *file)
{
    u32 err;

    db_lock(db);
    err = archive_export(db->core, table, len, folder, file);
    db_unlock(db);
    return db_report(db, err, E_EXPORT, file);
}

u32 db_import(struct database *db, const char16_t *folder, const char16_t *file)
{
    u32 err;

    if (!db_writable(db))
        return db_report(db, ERROR_FUNCTION_FAILED, E_READ_ONLY, file);
    db_lock(db);
    err = archive_import(db->core, folder, file);
    db_unlock(db);
    return db_report(db, err, E_IMPORT, file);
}

u32 db_merge(struct database *db, struct database *from, const char16_t *errors)
{
    u32 err;

    if (!db_writable(db))
        return db_report(db, ERROR_FUNCTION_FAILED, E_READ_ONLY, from->path);
    db_lock_both(db, from);
    err = merge_databases(db->core, from->core, errors);
    db_unlock_both(db, from);
    return db_report(db, err, E_MERGE, from->path);
}
