/*
 * View objects: a query of a database, executed and fetched from.
 *
 * A view keeps its database. Its functions take the database's lock and leave the error record.
 */
#ifndef MSI_VIEW_H
#define MSI_VIEW_H

#include "database.h"
#include "record.h"

struct view;

static inline struct view *view_from(struct object *o)
{
    return (struct view *)o;
}
static inline struct object *view_object(struct view *v)
{
    return (struct object *)v;
}

/* ERROR_BAD_QUERY_SYNTAX and what else sql_prepare gives. */
u32 view_open(struct database *db, const char16_t *query, size_t len, struct view **out);
/* params may be NULL. ERROR_FUNCTION_FAILED (2259) for a permanent change of what is read only. */
u32 view_execute(struct view *v, struct record *params);
/* The next row as a record. ERROR_NO_MORE_ITEMS after the last; the fetch after that starts over.
 * ERROR_FUNCTION_FAILED where nothing was executed or the query has no rows. */
u32 view_fetch(struct view *v, struct record **out);
/* ERROR_SUCCESS also where it was not executed. */
u32 view_close(struct view *v);
/* names: the columns' names, else their types. ERROR_FUNCTION_FAILED for a query that has no
 * columns. */
u32 view_column_info(struct view *v, bool names, struct record **out);
/* MsiViewModify. ERROR_INVALID_DATA for a mode there is not or data that is not valid;
 * ERROR_FUNCTION_FAILED for what the mode forbids. */
u32 view_modify(struct view *v, int mode, struct record *r);
/* MsiViewGetError: the next finding of the last validation, its MSIDBERROR number and the column's
 * name, terminated; 0 and "" when there is none left. */
int view_next_error(struct view *v, char16_t column[TBL_MAX_NAME + 1]);

#endif
