/*
 * What was changed since a point in time, so that it can be undone: rows, columns, tables and
 * streams of one database (db_core_begin and db_core_end in dbcore.h).
 *
 * A note is made before its change; the change does not happen where there is no memory for the
 * note. Undoing takes the notes from the last to the first and asks for no memory that it cannot do
 * without, so it cannot fail. What a note names is kept: a table by a reference and a pin, so that
 * its rows keep their numbers; the strings of cells that went by the references that the cells had;
 * the rows of a dropped table as a whole; the content of a stream where it is.
 */
#ifndef MSI_UNDO_H
#define MSI_UNDO_H

#include "table_impl.h"

struct db_core;
struct stg;
struct undo;

/* --- for the tables ------------------------------------------------------------------------- */

/* Each of these does nothing while nothing is to be undone. ERROR_OUTOFMEMORY. */
u32 undo_note_insert(struct table *t, u32 row); /* the row that will be made; needs t->flags */
u32 undo_note_delete(struct table *t, u32 row);
u32 undo_note_set(struct table *t, u32 row, u32 col, enum sp_ref kind);
u32 undo_note_temporary(struct table *t, u32 row);
u32 undo_note_column(struct table *t);
u32 undo_note_type(struct table *t, u32 col);
/* Before anything else is done to the table: from here on its rows keep their numbers. */
u32 undo_touch(struct table *t);
/* Whether strings of cells that go are still needed. */
static inline bool undo_is_on(const struct table *t)
{
    return t->undo && *t->undo;
}
/* The column that was added last is taken away again. */
void undo_forget_column(struct table *t);

/* --- for the database ----------------------------------------------------------------------- */

/* The table will be put into the list of tables. */
u32 undo_note_listed(struct db_core *db, struct table *t);
/* The table will be dropped. undo_stash then takes its rows, in place of tbl_clear; it cannot
 * fail. */
u32 undo_note_dropped(struct db_core *db, struct table *t);
void undo_stash(struct table *t);
/* The stream of that name will be made, changed or removed. ERROR_FUNCTION_FAILED where a
 * sub-storage has the name. */
u32 undo_note_stream(struct db_core *db, struct stg *stg, const char16_t *stored);

#endif
