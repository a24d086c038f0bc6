/*
 * What database.c gives to the file that opens databases.
 */
#ifndef MSI_DBOPEN_H
#define MSI_DBOPEN_H

#include "database.h"

/* An object without storage and tables; its destroy takes that. NULL without memory. */
struct database *db_new(const char16_t *path, enum db_mode mode, bool patch);

#endif
