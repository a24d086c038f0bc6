/*
 * From a handle to the object of the wanted type, for the length of a call.
 */
#ifndef MSI_USE_H
#define MSI_USE_H

#include <windows.h>
#include <msi.h>

#include "handle.h"
#include "record.h"

/* Each gives the object until hnd_done(use), or NULL for what is not an open handle of the type. */
static inline struct record *use_record(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_RECORD, use) ? NULL : rec_from(use->obj);
}

/* The handle of a new object of which the caller's reference goes to it; NULL gives 0. */
static inline MSIHANDLE open_object(struct object *o)
{
    return o ? hnd_open(o) : 0;
}

#endif
