/*
 * Moving tables in and out of database objects: text archives and merge; with the locks, the
 * read-only databases and the error record seen to.
 */
#ifndef MSI_DBMOVE_H
#define MSI_DBMOVE_H

#include "database.h"

/* Paths are terminated; `folder` and `file` as archive.h says. Errors as archive.h and merge.h
 * give them, and ERROR_FUNCTION_FAILED for changing what is read only. */
u32 db_export(struct database *db, const char16_t *table, size_t len, const char16_t *folder,
              const char16_t *file);
u32 db_import(struct database *db, const char16_t *folder, const char16_t *file);
u32 db_merge(struct database *db, struct database *from, const char16_t *errors);

#endif
