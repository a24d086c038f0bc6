/*
 * Merging the tables of one database into another.
 */
#ifndef MSI_MERGE_H
#define MSI_MERGE_H

#include "dbcore.h"

struct fault;

/* Adds the tables and rows of `from` that `to` has not. Rows of one key must be equal; where they
 * are not, `to` keeps its own, and the table `errors` (NULL: none; made where it is not there) gets
 * a row with the table's name and the number of such rows. Text columns get the greater width.
 * ERROR_DATATYPE_MISMATCH where a table's columns differ or the code pages do, and nothing has
 * changed; ERROR_FUNCTION_FAILED where rows differed. The caller holds both locks. `fault`
 * (may be NULL) tells what went wrong (fault.h). */
u32 merge_databases(struct db_core *to, struct db_core *from, const char16_t *errors,
                    struct fault *fault);

#endif
