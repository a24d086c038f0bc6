/*
 * Writing the ledger: journals that are to be undone, and how things are when an installation has
 * ended.
 */
#include "ledger.h"

#include "ledger_file.h"
#include "ledger_was.h"
#include "os.h"
#include "run_impl.h"
#include "trace.h"
#include "utf16.h"

/* Where the caller may not write beside the registry's files their server, which is the caller's,
 * may not either: there is no use in keeping what goes with all the rest, and that is no reason not
 * to install. */
static u32 unless_barred(u32 err)
{
    if (err != ERROR_ACCESS_DENIED && err != ERROR_WRITE_PROTECT)
        return err;
    TRACE(TRACE_MSI, "what the registry may forget is not kept: %u", err);
    return ERROR_SUCCESS;
}

/* --- journals -----------------------------------------------------------------------------------
 */

u32 ledger_lists(const char16_t *path, bool *has)
{
    struct ledger l;
    u32 err = ledger_open(&l, 0);

    *has = false;
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    *has = ledger_has_journal(&l, path);
    ledger_close(&l);
    return ERROR_SUCCESS;
}

u32 ledger_list(const char16_t *path)
{
    struct ledger l;
    u32 err = ledger_open(&l, OS_CREATE);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    err = ledger_add_text(&l, LEDGER_JOURNAL, path);
    if (!err)
        err = notes_write(&l.notes, true);
    if (!err)
        err = os_sync_folder(l.path);
    ledger_close(&l);
    return err;
}

void ledger_unlist(const char16_t *path)
{
    struct ledger l;

    if (ledger_open(&l, 0))
        return;
    if (ledger_has_journal(&l, path) && !ledger_add_text(&l, LEDGER_JOURNAL_GONE, path))
        notes_write(&l.notes, false);
    ledger_leave_out(&l);
    ledger_close(&l);
}

/* --- keeping ------------------------------------------------------------------------------------
 */

void ledger_begin(struct op *note)
{
    char16_t path[BEHIND_PATH];
    struct behind_moment m;

    op_begin(note, OP_NONE);
    if (behind_file(path, BEHIND_PATH))
        return;
    behind_now(&m);
    op_begin(note, JOURNAL_MOMENT);
    for (u32 i = 0; i < BEHIND_FILES; i++)
        op_number(note, (i64)m.files[i]);
}

/* Whether the registry's files may have anything of the run. */
static bool was_written(const struct run *r)
{
    struct behind_moment m;
    struct op op;

    for (u32 i = 0; i < journal_count(r->journal); i++) {
        journal_note(r->journal, i, &op);
        if (op.kind != JOURNAL_MOMENT)
            continue;
        behind_now(&m);
        for (u32 k = 0; k < BEHIND_FILES; k++)
            if (m.files[k] != (u64)op_number_at(&op, k))
                return true;
        return false;
    }
    return true;
}

/* A block that is being written. */
struct block {
    struct run *run;
    struct ledger *ledger;
    struct ledger_places places;
    bool later; /* the registry is written behind the commit too */
};

static u32 add_after(struct block *b, const struct op *undo, bool done)
{
    const struct op_family *f = family_of(undo->kind);
    struct op now, note;
    u32 err;
    u64 was;

    op_begin(&now, OP_NONE);
    if (!f || !f->after)
        return ERROR_SUCCESS;
    err = f->after(b->run, undo, done, &now);
    if (!err && now.kind != OP_NONE && done && ledger_was(&b->places, undo, &was)) {
        op_begin(&note, LEDGER_WAS);
        op_number(&note, (i64)was);
        err = notes_add(&b->ledger->notes, &note);
    }
    if (!err && now.kind != OP_NONE)
        err = notes_add(&b->ledger->notes, &now);
    b->later |= now.kind == OP_LATER;
    run_forget_memory(b->run);
    return err;
}

static u32 add_afters(struct block *b, const u8 *undone, bool committed)
{
    const struct journal *j = b->run->journal;
    u32 err = ledger_places_of(j, &b->places);
    struct op op;

    for (u32 i = 0; !err && i < journal_count(j); i++) {
        journal_note(j, i, &op);
        err = add_after(b, &op, committed && !undone[i]);
    }
    ledger_places_free(&b->places);
    return err;
}

/* Whether a mark would say of an earlier block, which the registry has forgotten, that it has it.
 */
static bool has_forgotten(const struct ledger *l, const struct behind_moment *now)
{
    u32 count, from[BEHIND_FILES];
    struct ledger_block *all;
    bool has;

    if (ledger_blocks(l, &all, &count))
        return true;
    has = ledger_forgotten(all, count, now, from) < count;
    os_free(all);
    return has;
}

/* With a mark behind what it tells of, where that is all: who is killed from now on, and whatever
 * others write until the next use, leaves nothing that would be told again over that. */
static u32 add_end(struct block *b, const struct behind_moment *now)
{
    struct behind_moment m;
    struct op op;

    op_begin(&op, LEDGER_BLOCK_END);
    if (!b->later && !has_forgotten(b->ledger, now) && !behind_mark()) {
        os_step();
        behind_now(&m);
        op_text(&op, NULL);
        ledger_add_moment(&op, &m);
    }
    return notes_add(&b->ledger->notes, &op);
}

/* all: else it has nothing in it, and takes the place of one that has. */
static u32 add_block(struct run *r, struct ledger *l, const u8 *undone, bool committed, bool all)
{
    struct block b = {.run = r, .ledger = l};
    u32 start = l->notes.count, err;
    struct behind_moment m;
    struct op op;

    behind_now(&m);
    op_begin(&op, LEDGER_BLOCK);
    op_text(&op, journal_name(r->journal));
    op_number(&op, (i64)m.server);
    err = notes_add(&l->notes, &op);
    if (!err && all)
        err = add_afters(&b, undone, committed);
    if (err || (all && l->notes.count == start + 1))
        return err;
    err = add_end(&b, &m);
    return err ? err : notes_write(&l->notes, true);
}

static bool has_block(const struct ledger *l, const char16_t *name)
{
    struct ledger_block *all;
    bool found = false;
    u32 count;

    if (ledger_blocks(l, &all, &count))
        return true;
    for (u32 i = 0; !found && i < count; i++)
        found = u16_equal_fold(all[i].name, name);
    os_free(all);
    return found;
}

u32 ledger_keep(struct run *r, const u8 *undone, bool committed)
{
    char16_t path[BEHIND_PATH];
    struct ledger l;
    bool all;
    u32 err;

    if (behind_file(path, BEHIND_PATH))
        return ERROR_SUCCESS;
    all = committed || was_written(r);
    err = ledger_open(&l, all ? OS_CREATE : 0);
    if (err)
        return !all && err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    if (all || has_block(&l, journal_name(r->journal)))
        err = add_block(r, &l, undone, committed, all);
    if (!err)
        err = os_sync_folder(l.path);
    ledger_leave_out(&l);
    ledger_close(&l);
    return err;
}

void ledger_settle(const char16_t *name)
{
    struct ledger l;

    if (ledger_open(&l, 0))
        return;
    if (has_block(&l, name) && !ledger_add_text(&l, LEDGER_SETTLED, name))
        notes_write(&l.notes, false);
    ledger_close(&l);
}
