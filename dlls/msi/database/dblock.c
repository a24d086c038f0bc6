/*
 * Two databases in one call, and how calls on whole databases report.
 */
#include "dblock.h"

#include "errorrec.h"
#include "fault.h"
#include "trace.h"

static u32 report(struct database *db, u32 err, u32 number, const char16_t *what,
                  const char16_t *line)
{
    const char16_t *texts[3] = {db->path, what, line};

    TRACE(TRACE_MSI, "%s: %s: %u", trace_text(db->path, -1), trace_text(what, -1), err);
    if (err && err != ERROR_OUTOFMEMORY)
        return err_set(err, number, texts, line ? 3 : 2);
    err_clear();
    return err;
}

u32 db_report(struct database *db, u32 err, u32 number, const char16_t *what)
{
    return report(db, err, number, what, NULL);
}

u32 db_report_fault(struct database *db, u32 err, const struct fault *fault, u32 otherwise)
{
    char16_t line[12];

    rec_format_int((i32)fault->line, line);
    return report(db, err, fault->number ? fault->number : otherwise, fault->what,
                  fault->line ? line : NULL);
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
