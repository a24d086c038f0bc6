/*
 * A run that goes from one process to another: its journal does.
 */
#include "run.h"

#include <string.h>

#include "os.h"
#include "run_impl.h"
#include "trace.h"
#include "utf16.h"

static const char16_t ending[] = u".rbs";

u32 run_show(struct run *r, char16_t name[RUN_NAME])
{
    u32 err = run_journal(r);
    size_t n;

    if (err)
        return err;
    n = u16_copy(name, RUN_NAME, journal_name(r->journal));
    u16_copy(name + n, RUN_NAME - n, ending);
    return ERROR_SUCCESS;
}

/* The note is what tells that the journal was given: of a process that was killed it has none. */
u32 run_give(struct run *r, u32 word)
{
    struct op op;
    u32 err = run_journal(r);

    if (err)
        return err;
    op_begin(&op, JOURNAL_GIVEN);
    op_number(&op, r->temp);
    op_number(&op, word);
    err = journal_add(r->journal, &op);
    if (!err)
        err = journal_write(r->journal, true);
    if (!err)
        run_end(r);
    return err;
}

static u32 go_on(struct run *r, u32 *word)
{
    u32 count = journal_count(r->journal);
    struct op op;

    op_begin(&op, OP_NONE);
    if (count)
        journal_note(r->journal, count - 1, &op);
    r->temp = (u32)op_number_at(&op, 0);
    *word = (u32)op_number_at(&op, 1);
    return op.kind == JOURNAL_GIVEN ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

u32 run_take(const char16_t *name, u32 timeout_ms, u32 (*waits)(void *ctx), void *ctx,
             struct run **out, u32 *word)
{
    struct run *r;
    u32 err = run_begin(NULL, true, &r);

    if (err)
        return err;
    err = journal_take(name, timeout_ms, waits, ctx, &r->journal);
    if (!err)
        err = go_on(r, word);
    TRACE(TRACE_MSI, "the run %s is taken over: %u", trace_text(name, -1), err);
    if (err)
        run_end(r); /* its journal stays, for run_recover */
    else
        *out = r;
    return err;
}
