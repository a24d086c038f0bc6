/*
 * Two databases in one call, and how calls on whole databases report.
 */
#include "dblock.h"

#include "errorrec.h"
#include "trace.h"

u32 db_report(struct database *db, u32 err, u32 number, const char16_t *what)
{
    const char16_t *texts[2] = {db->path, what};

    TRACE(TRACE_MSI, "%s: %s: %u", trace_text(db->path, -1), trace_text(what, -1), err);
    if (err && err != ERROR_OUTOFMEMORY)
        return err_set(err, number, texts, 2);
    err_clear();
    return err;
}

void db_lock_both(struct database *a, struct database *b)
{
    struct database *first = a < b ? a : b, *second = a < b ? b : a;

    db_lock(first);
    if (second != first)
        db_lock(second);
}

void db_unlock_both(struct database *a, struct database *b)
{
    db_unlock(a);
    if (b != a)
        db_unlock(b);
}
