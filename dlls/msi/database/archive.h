/*
 * Text archives (.idt): tables as text files, out and in.
 *
 *   line 1   column names
 *   line 2   column types (coltype.h)
 *   line 3   [code page] table name, key column names
 *   others   a row each
 * Fields are separated by tabs, lines by CR LF, all in the code page. NUL, BS, HT, LF, FF and CR in
 * a field are written as 21, 27, 16, 25, 24 and 17. An object is the name of a file with its bytes,
 * in a folder beside the archive that has the name of the table. Two names mean something else:
 * _SummaryInformation (PropertyId, Value) and _ForceCodepage (two empty lines, then the code page,
 * a tab and the name).
 *
 * The caller holds the database's lock. `fault` (may be NULL) tells what went wrong (fault.h).
 */
#ifndef MSI_ARCHIVE_H
#define MSI_ARCHIVE_H

#include "dbcore.h"

struct fault;

/* Writes the table to folder\file, and objects to folder\table. ERROR_BAD_PATHNAME where the file
 * cannot be made, ERROR_FUNCTION_FAILED, also for a table that is not there; a file that was begun
 * is removed. */
u32 archive_export(struct db_core *db, const char16_t *table, size_t len, const char16_t *folder,
                   const char16_t *file, struct fault *fault);
/* Makes the table of folder\file, in place of one of that name. ERROR_PATH_NOT_FOUND or
 * ERROR_FILE_NOT_FOUND for the file, ERROR_FUNCTION_FAILED for what is not an archive, for another
 * code page than the database's, for a file of bytes that is not there. The database is as before
 * then, whatever the error. */
u32 archive_import(struct db_core *db, const char16_t *folder, const char16_t *file,
                   struct fault *fault);

#endif
