/*
 * What database.c gives to the file that opens databases.
 */
#ifndef MSI_DBOPEN_H
#define MSI_DBOPEN_H

#include "database.h"

/* An object without storage and tables; its destroy takes that. NULL without memory. */
struct database *db_new(const char16_t *path, enum db_mode mode, bool patch);

/* A package that is installed from: as a session's, and its file may be deleted or renamed while it
 * is open, which removing a product does with the cached one. db_open's errors. */
u32 db_open_package(const char16_t *path, struct database **out);

#endif
