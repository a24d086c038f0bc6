#include "dbtransform.h"

#include "dblock.h"
#include "fault.h"
#include "transform.h"

enum { INTENT_VIOLATION = 2207 };

u32 db_generate_transform(struct database *db, struct database *reference, const char16_t *path)
{
    struct fault fault = {0};
    u32 err;

    db_lock_both(db, reference);
    err = xform_generate(db->core, reference->core, path, &fault);
    db_unlock_both(db, reference);
    return db_report(db, err, fault.number, fault.what);
}

u32 db_transform_summary(struct database *db, struct database *reference, const char16_t *path,
                         u32 conditions, u32 validation)
{
    struct fault fault = {0};
    u32 err;

    db_lock_both(db, reference);
    err = xform_summary(db->core, reference->core, path, conditions, validation, &fault);
    db_unlock_both(db, reference);
    return db_report(db, err, fault.number, fault.what);
}

u32 db_apply_transform(struct database *db, const char16_t *path, u32 conditions)
{
    struct fault fault = {0};
    u32 err;

    /* looking at a transform changes nothing that is kept, nor does a database opened for reading:
     * its changes are never committed */
    if (db->internal && !(conditions & XFORM_VIEW))
        return db_report(db, ERROR_FUNCTION_FAILED, INTENT_VIOLATION, path);
    db_lock(db);
    err = xform_apply_file(db->core, path, conditions, &fault);
    db_unlock(db);
    return db_report(db, err, fault.number, fault.what);
}
