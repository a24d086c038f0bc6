/*
 * Reading the ledger: what the registry has forgotten is told again, and what its files have by now
 * is kept no longer.
 */
#include "ledger.h"

#include <string.h>

#include "ledger_file.h"
#include "os.h"
#include "run_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

static bool same(const u64 *a, const u64 *b)
{
    for (u32 i = 0; i < BEHIND_FILES; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

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

/* What cannot be told, as a library that is gone, is passed over: it would be in the way of
 * everything else for ever. */
static u32 tell_again(const struct ledger *l, const struct ledger_block *b)
{
    struct run *r = NULL;
    struct op op;
    u32 err = run_begin(NULL, false, &r);

    TRACE(TRACE_MSI, "the registry forgot the end of %s: %u notes", trace_text(b->name, -1),
          b->end - b->first);
    for (u32 i = b->first; !err && i < b->end; i++) {
        const struct op_family *f;

        notes_at(&l->notes, i, &op);
        f = family_of(op.kind);
        os_step();
        if (f && f->after)
            err = f->again ? f->again(r, &op) : f->undo(r, &op);
        if (err)
            TRACE(TRACE_MSI, "telling an operation of kind %u again: %u", op.kind, err);
        if (err != ERROR_OUTOFMEMORY)
            err = ERROR_SUCCESS;
        run_forget_memory(r);
    }
    run_end(r);
    return err;
}

/* Where there is one, those behind it are told again too: in their order. */
static u32 first_forgotten(const struct ledger_block *all, u32 count,
                           const struct behind_moment *now)
{
    u32 i = count;

    while (i && !(all[i - 1].marked && same(all[i - 1].at.marks, now->marks)))
        i--;
    while (i < count && (!counts(&all[i]) || (now->server && all[i].at.server == now->server)))
        i++;
    return i;
}

static u32 tell_forgotten(const struct ledger *l, struct ledger_block *all, u32 count,
                          const struct behind_moment *now)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = first_forgotten(all, count, now); !err && i < count; i++) {
        if (!counts(&all[i]))
            continue;
        err = tell_again(l, &all[i]);
        all[i].marked = false;
    }
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
        op_number(&op, (i64)m.server);
        for (u32 k = 0; k < BEHIND_FILES; k++)
            op_number(&op, (i64)m.marks[k]);
        for (u32 k = 0; k < BEHIND_FILES; k++)
            op_number(&op, (i64)m.files[k]);
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
    u32 count = l->notes.count;
    struct tgt_stat st;
    struct op op;

    for (u32 i = 0; i < count; i++) {
        const char16_t *path;
        char16_t *copy;

        notes_at(&l->notes, i, &op);
        path = op_text_at(&op, 0);
        if (op.kind != LEDGER_JOURNAL || !ledger_has_journal(l, path) || !tgt_stat(path, &st))
            continue;
        copy = u16_dup(path, u16_len(path));
        if (copy && !ledger_add_text(l, LEDGER_JOURNAL_GONE, copy))
            notes_write(&l->notes, false);
        os_free(copy);
    }
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
