/*
 * User interface previews of a database. Dialogs are looked up, not drawn.
 */
#ifndef MSI_PREVIEW_H
#define MSI_PREVIEW_H

#include "database.h"

struct preview;

static inline struct preview *preview_from(struct object *o)
{
    return (struct preview *)o;
}
static inline struct object *preview_object(struct preview *p)
{
    return (struct object *)p;
}

u32 preview_open(struct database *db, struct preview **out);
/* ERROR_FUNCTION_FAILED for a dialog that is not in the Dialog table, ERROR_CALL_NOT_IMPLEMENTED
 * for one that is: there is nothing here that draws. */
u32 preview_dialog(struct preview *p, const char16_t *name, size_t len);

#endif
