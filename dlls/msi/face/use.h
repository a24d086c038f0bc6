/*
 * From a handle to the object of the wanted type, for the length of a call.
 */
#ifndef MSI_USE_H
#define MSI_USE_H

#include <windows.h>
#include <msi.h>

#include "database.h"
#include "handle.h"
#include "record.h"
#include "session.h"
#include "suminfo.h"
#include "view.h"

/* Each gives the object until hnd_done(use), or NULL for what is not an open handle of the type. */
static inline struct record *use_record(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_RECORD, use) ? NULL : rec_from(use->obj);
}

static inline struct database *use_database(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_DATABASE, use) ? NULL : db_from(use->obj);
}
static inline struct view *use_view(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_VIEW, use) ? NULL : view_from(use->obj);
}
static inline struct session *use_session(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_SESSION, use) ? NULL : session_from(use->obj);
}
/* Not one of a custom action in the script, which is asked for its properties, mode and language
 * alone. */
static inline struct session *use_whole_session(MSIHANDLE h, struct hnd_use *use)
{
    struct session *s = use_session(h, use);

    if (!s || !session_is_script(s))
        return s;
    hnd_done(use);
    return NULL;
}
static inline struct suminfo *use_suminfo(MSIHANDLE h, struct hnd_use *use)
{
    return hnd_use(h, OBJ_SUMMARY, use) ? NULL : suminfo_from(use->obj);
}

/* Gives the caller the handle of a new object, whose reference goes to it. ERROR_OUTOFMEMORY. */
static inline u32 give_handle(struct object *o, MSIHANDLE *out)
{
    *out = hnd_open(o);
    return *out ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* The handle of a new object of which the caller's reference goes to it; NULL gives 0. */
static inline MSIHANDLE open_object(struct object *o)
{
    return o ? hnd_open(o) : 0;
}

#endif
