/*
 * Transforms of database objects, with the locks, the read-only databases and the error record
 * seen to.
 */
#ifndef MSI_DBTRANSFORM_H
#define MSI_DBTRANSFORM_H

#include "database.h"

/* Errors as transform.h gives them. Paths are terminated. */
u32 db_generate_transform(struct database *db, struct database *reference, const char16_t *path);
u32 db_transform_summary(struct database *db, struct database *reference, const char16_t *path,
                         u32 conditions, u32 validation);
/* ERROR_FUNCTION_FAILED for a database that may not be changed. */
u32 db_apply_transform(struct database *db, const char16_t *path, u32 conditions);

#endif
