/*
 * A row under another key.
 */
#ifndef MSI_SQL_MOVE_H
#define MSI_SQL_MOVE_H

#include "dbcore.h"

/* Inserts a row with the cells and streams of an old one, those in mask replaced, and deletes the
 * old one: views that stand on it go on from its old place. Errors as those of db_core_insert;
 * then nothing has changed. */
u32 sql_move_row(struct db_core *db, struct table *t, u32 row, u32 mask, const struct value *values,
                 u32 *moved);

#endif
