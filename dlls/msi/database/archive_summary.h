/*
 * The summary information as rows of a text archive.
 */
#ifndef MSI_ARCHIVE_SUMMARY_H
#define MSI_ARCHIVE_SUMMARY_H

#include "archive_text.h"
#include "dbcore.h"

/* Appends the header lines and the rows "id TAB value". */
u32 archive_summary_write(struct db_core *db, struct buf *out);
/* Replaces the summary information by the rows of the archive. ERROR_FUNCTION_FAILED for a row that
 * is none. */
u32 archive_summary_read(struct db_core *db, const struct archive *a);

#endif
