/*
 * User interface previews.
 */
#include "preview.h"

#include "rows.h"
#include "trace.h"

struct preview {
    struct object object;
    struct database *db;
};

static void destroy(struct object *o)
{
    struct preview *p = preview_from(o);

    obj_unref(db_object(p->db));
    os_free(p);
}

u32 preview_open(struct database *db, struct preview **out)
{
    struct preview *p = os_calloc(1, sizeof(*p));

    if (!p)
        return ERROR_OUTOFMEMORY;
    obj_init(&p->object, OBJ_PREVIEW, destroy);
    obj_ref(db_object(db));
    p->db = db;
    *out = p;
    return ERROR_SUCCESS;
}

static u32 note(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

u32 preview_dialog(struct preview *p, const char16_t *name, size_t len)
{
    bool found = false;
    u32 err = rows_each_named(p->db, u"SELECT `Dialog` FROM `Dialog` WHERE `Dialog` = ?", name, len,
                              note, &found);

    if (err)
        return err;
    TRACE(TRACE_MSI, "dialog %s: %s", trace_text(name, (int)len),
          found ? "not implemented" : "not there");
    return found ? ERROR_CALL_NOT_IMPLEMENTED : ERROR_FUNCTION_FAILED;
}
