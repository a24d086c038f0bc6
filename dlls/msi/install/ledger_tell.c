/*
 * Reading the ledger: what the registry has forgotten is told again, and what its files have by now
 * is kept no longer.
 */
#include "ledger.h"

#include <string.h>

#include "ledger_file.h"
#include "ledger_was.h"
#include "os.h"
#include "run_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

/* Every file was written anew since. */
static bool is_in_files(const struct ledger_block *b, const struct behind_moment *now)
{
    for (u32 i = 0; i < BEHIND_FILES; i++)
        if (b->at.files[i] == now->files[i])
            return false;
    return b->marked;
}

/* Of a journal that stands, and has not ended, nobody knows yet what becomes. */
static bool counts(const struct ledger_block *b)
{
    char16_t path[48];
    struct tgt_stat st;
    size_t n;

    if (b->settled)
        return true;
    if (u16_len(b->name) >= JOURNAL_NAME)
        return false;
    n = journal_home(path);
    path[n++] = '\\';
    n += u16_copy(path + n, ARRAY_LEN(path) - n, b->name);
    u16_copy(path + n, ARRAY_LEN(path) - n, u".rbs");
    return tgt_stat(path, &st) != ERROR_SUCCESS;
}

/* Which of the registry's files what it tells of is in: a bit for each. */
static u32 files_of(const struct op *op)
{
    static const u32 by_root[] = {1, 2, 2, 3}; /* classes may be the machine's or the user's */

    switch (op->kind) {
    case OP_SELFREG:
        return 3;
    case OP_LATER:
    case OP_SERVICE:
        return 1;
    default:
        return op_number_at(op, 0) >= 0 && op_number_at(op, 0) < (i64)ARRAY_LEN(by_root)
                   ? by_root[op_number_at(op, 0)]
                   : 3;
    }
}

static u32 tell_one(struct run *r, const struct op *op, u32 files, bool is_others)
{
    const struct op_family *f = family_of(op->kind);
    u32 err;

    if (!f || !f->after || !(files_of(op) & files) || is_others)
        return ERROR_SUCCESS;
    err = f->again ? f->again(r, op) : f->undo(r, op);
    if (err)
        TRACE(TRACE_MSI, "telling an operation of kind %u again: %u", op->kind, err);
    return err;
}

/* What cannot be told, as a library that is gone, is passed over: it would be in the way of
 * everything else for ever. */
static u32 tell_again(const struct ledger *l, const struct ledger_block *b, u32 files,
                      const struct ledger_others *others)
{
    struct run *r = NULL;
    struct op op, was;
    u32 err = run_begin(NULL, false, &r);

    TRACE(TRACE_MSI, "the registry forgot the end of %s: %u notes, files %x",
          trace_text(b->name, -1), b->end - b->first, files);
    op_begin(&was, OP_NONE);
    for (u32 i = b->first; !err && i < b->end; i++) {
        notes_at(&l->notes, i, &op);
        os_step();
        err = tell_one(r, &op, files, was.kind == LEDGER_WAS && ledger_is_of_others(others, &op));
        if (err != ERROR_OUTOFMEMORY)
            err = ERROR_SUCCESS;
        was = op;
        run_forget_memory(r);
    }
    run_end(r);
    return err;
}

/* Marks are times: one that is later has all that came before too, also where whoever made it was
 * killed before it could be noted. Where there is one, those behind it are told again as well: in
 * their order. */
u32 ledger_forgotten(const struct ledger_block *all, u32 count, const struct behind_moment *now,
                     u32 from[BEHIND_FILES])
{
    u32 first = count;

    for (u32 k = 0; k < BEHIND_FILES; k++) {
        u32 i = count;

        while (i && !(all[i - 1].marked && all[i - 1].at.marks[k] <= now->marks[k]))
            i--;
        from[k] = i;
        first = MIN(first, i);
    }
    while (first < count &&
           (!counts(&all[first]) || (now->server && all[first].at.server == now->server)))
        first++;
    return first;
}

static u32 see_block(struct ledger_others *others, const struct ledger *l,
                     const struct ledger_block *b)
{
    u32 err = ERROR_SUCCESS;
    struct op op, was;

    op_begin(&was, OP_NONE);
    for (u32 i = b->first; !err && i < b->end; i++) {
        notes_at(&l->notes, i, &op);
        err = ledger_see(others, &op, &was);
        was = op;
    }
    return err;
}

static u32 tell_forgotten(const struct ledger *l, struct ledger_block *all, u32 count,
                          const struct behind_moment *now)
{
    u32 from[BEHIND_FILES], first = ledger_forgotten(all, count, now, from), err = ERROR_SUCCESS;
    struct ledger_others others;

    ledger_others_begin(&others);
    for (u32 i = first; !err && i < count; i++)
        if (counts(&all[i]))
            err = see_block(&others, l, &all[i]);
    for (u32 i = first; !err && i < count; i++) {
        u32 files = 0;

        for (u32 k = 0; k < BEHIND_FILES; k++)
            files |= (u32)(i >= from[k]) << k;
        if (!files || !counts(&all[i]))
            continue;
        err = tell_again(l, &all[i], files, &others);
        all[i].marked = false;
    }
    ledger_others_free(&others);
    return err;
}

/* Those that have none; what was told again has none either. Order: the marks come behind what was
 * told, and the times of the files behind the marks. */
static u32 mark(struct ledger *l, const struct ledger_block *all, u32 count)
{
    struct behind_moment m;
    bool marked = false;
    struct op op;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < count; i++) {
        if (all[i].marked || !counts(&all[i]))
            continue;
        if (!marked)
            err = behind_mark();
        os_step();
        if (err)
            break;
        if (!marked)
            behind_now(&m);
        marked = true;
        op_begin(&op, LEDGER_MARKED);
        op_text(&op, all[i].name);
        ledger_add_moment(&op, &m);
        err = notes_add(&l->notes, &op);
    }
    return marked && !err ? notes_write(&l->notes, false) : err;
}

static u32 drop(struct ledger *l, const struct ledger_block *all, u32 count,
                const struct behind_moment *now)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < count && is_in_files(&all[i], now); i++)
        err = ledger_add_text(l, LEDGER_GONE, all[i].name);
    return err ? err : notes_write(&l->notes, false);
}

/* A name is the note's, which moves when something is added. */
static u32 keep_names(struct ledger_block *all, u32 count)
{
    u32 i = 0;

    for (; i < count; i++) {
        all[i].name = u16_dup(all[i].name, u16_len(all[i].name));
        if (!all[i].name)
            break;
    }
    if (i == count)
        return ERROR_SUCCESS;
    while (i-- > 0)
        os_free((void *)all[i].name);
    return ERROR_OUTOFMEMORY;
}

static void check(struct ledger *l)
{
    struct behind_moment now;
    struct ledger_block *all;
    u32 count, err = ledger_blocks(l, &all, &count);

    if (err)
        return;
    if (!count || keep_names(all, count)) {
        os_free(all);
        return;
    }
    behind_now(&now);
    err = tell_forgotten(l, all, count, &now);
    if (!err)
        err = mark(l, all, count);
    if (!err)
        err = drop(l, all, count, &now);
    if (err)
        TRACE(TRACE_MSI, "what the registry forgot: %u", err);
    for (u32 i = 0; i < count; i++)
        os_free((void *)all[i].name);
    os_free(all);
}

/* The journals that are listed and gone were killed between the two. */
static void unlist_gone(struct ledger *l)
{
    u32 count = l->notes.count, err;
    u8 *live = os_calloc((size_t)count + 1, 1);
    struct tgt_stat st;
    struct op op;

    err = live ? ledger_live_journals(l, live) : ERROR_OUTOFMEMORY;
    for (u32 i = 0; !err && i < count; i++) {
        char16_t *path;

        if (!live[i])
            continue;
        notes_at(&l->notes, i, &op);
        if (!tgt_stat(op_text_at(&op, 0), &st))
            continue;
        path = u16_dup(op_text_at(&op, 0), u16_len(op_text_at(&op, 0)));
        err = path ? ledger_add_text(l, LEDGER_JOURNAL_GONE, path) : ERROR_OUTOFMEMORY;
        os_free(path);
    }
    notes_write(&l->notes, false);
    os_free(live);
}

void ledger_check(void)
{
    struct ledger l;
    u32 err = ledger_open(&l, 0);

    if (err)
        return;
    check(&l);
    unlist_gone(&l);
    ledger_leave_out(&l);
    ledger_close(&l);
}
