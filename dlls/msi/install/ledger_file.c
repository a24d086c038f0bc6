/*
 * The file: notes (notes.h), of the families and of these kinds.
 *
 *   LEDGER_JOURNAL, LEDGER_JOURNAL_GONE   path
 *   LEDGER_BLOCK      name of the journal; the server's life: how things are follows, up to
 *   LEDGER_BLOCK_END
 *   LEDGER_SETTLED    name: the block is believed, whatever becomes of the journal
 *   LEDGER_MARKED     name; a moment: the marks came behind what the block tells of, and the times
 *                     of the registry's files were taken behind the marks
 *   LEDGER_GONE       name
 *
 * Of blocks of one name the last counts. A mark came behind all blocks before it: where the
 * registry has that, it has forgotten none of them. They go in their order too.
 */
#include "ledger_file.h"

#include <string.h>

#include "os.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { WAIT_MS = 30000, RETRY_MS = 10, DENIED_TRIES = 3, SQUEEZE = 1 << 20 };

static const char magic[] = "DcntrLgr";

/* --- the file -----------------------------------------------------------------------------------
 */

static u32 open_once(struct ledger *l, u32 flags)
{
    bool foreign;
    u32 err = os_open(l->path, OS_WRITE | flags, &l->notes.file);

    if (err)
        return err;
    err = os_lock(l->notes.file, 0, 1, true, 0);
    if (!err && !os_is_named(l->notes.file, l->path))
        err = ERROR_LOCK_VIOLATION; /* removed between the two */
    if (!err)
        err = notes_read(&l->notes, magic, &foreign);
    /* Nothing damaged, nor of another form, is left behind what is added. */
    if (!err)
        err = os_resize(l->notes.file, l->notes.bytes.len);
    if (!err && !l->notes.bytes.len)
        err = notes_begin(&l->notes, magic);
    if (err)
        notes_close(&l->notes);
    return err;
}

/* One that is being removed cannot be opened for anything; one that the caller may not write stays
 * so, and is not waited for. */
static bool may_open_yet(const struct ledger *l, u32 err, u32 *denied)
{
    struct os_file *file;

    if (err != ERROR_ACCESS_DENIED)
        return err == ERROR_LOCK_VIOLATION;
    err = os_open(l->path, OS_READ, &file);
    if (!err)
        os_close(file);
    return err == ERROR_ACCESS_DENIED || ++*denied < DENIED_TRIES;
}

/* ERROR_FILE_NOT_FOUND: there is none. */
u32 ledger_open(struct ledger *l, u32 flags)
{
    u64 since = os_ticks();
    u32 err, denied = 0;

    memset(l, 0, sizeof(*l));
    err = behind_file(l->path, BEHIND_PATH);
    if (err)
        return err;
    for (;;) {
        err = open_once(l, flags);
        if (!err || !may_open_yet(l, err, &denied) || os_ticks() - since >= WAIT_MS)
            return err == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
        os_sleep(RETRY_MS);
    }
}

void ledger_close(struct ledger *l)
{
    notes_close(&l->notes);
}

u32 ledger_add_text(struct ledger *l, u32 kind, const char16_t *text)
{
    struct op op;

    op_begin(&op, kind);
    op_text(&op, text);
    return notes_add(&l->notes, &op);
}

bool ledger_is_of(const struct op *op, const char16_t *name)
{
    return u16_equal_fold(op_text_at(op, 0), name);
}

bool ledger_has_journal(const struct ledger *l, const char16_t *path)
{
    struct op op;

    for (u32 i = l->notes.count; i-- > 0;) {
        notes_at(&l->notes, i, &op);
        if ((op.kind == LEDGER_JOURNAL || op.kind == LEDGER_JOURNAL_GONE) &&
            ledger_is_of(&op, path))
            return op.kind == LEDGER_JOURNAL;
    }
    return false;
}

/* --- blocks -------------------------------------------------------------------------------------
 */

void ledger_last_block(struct ledger_block *all, u32 count, const struct op *op,
                       struct ledger_block **out)
{
    *out = NULL;
    for (u32 i = count; !*out && i-- > 0;)
        if (all[i].name && ledger_is_of(op, all[i].name))
            *out = &all[i];
}

static void read_moment(const struct op *op, struct behind_moment *m)
{
    m->server = (u64)op_number_at(op, 1);
    for (u32 i = 0; i < BEHIND_FILES; i++) {
        m->marks[i] = (u64)op_number_at(op, 2 + i);
        m->files[i] = (u64)op_number_at(op, 2 + BEHIND_FILES + i);
    }
}

/* A note that is no part of a block. */
static void take_word(struct ledger_block *all, u32 count, const struct op *op)
{
    struct ledger_block *b;

    ledger_last_block(all, count, op, &b);
    if (!b)
        return;
    if (op->kind == LEDGER_SETTLED)
        b->settled = true;
    else if (op->kind == LEDGER_GONE)
        b->name = NULL;
    else if (op->kind == LEDGER_MARKED) {
        b->settled = b->marked = true;
        read_moment(op, &b->at);
    }
}

/* The note behind the block that begins at i; 0: it has no end. */
static u32 block_end(const struct ledger *l, u32 i)
{
    struct op op;

    while (++i < l->notes.count) {
        notes_at(&l->notes, i, &op);
        if (op.kind == LEDGER_BLOCK)
            return 0;
        if (op.kind == LEDGER_BLOCK_END)
            return i;
    }
    return 0;
}

/* Those that count, in their order; names live as long as nothing is added. From os_alloc. */
u32 ledger_blocks(const struct ledger *l, struct ledger_block **out, u32 *count)
{
    struct ledger_block *all = os_alloc_array((u64)l->notes.count + 1, sizeof(*all)), *old;
    u32 n = 0, end, kept = 0;
    struct op op;

    if (!all)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        if (op.kind != LEDGER_BLOCK) {
            take_word(all, n, &op);
            continue;
        }
        end = block_end(l, i);
        if (!end)
            continue;
        ledger_last_block(all, n, &op, &old);
        if (old)
            old->name = NULL;
        memset(&all[n], 0, sizeof(*all));
        all[n].name = op_text_at(&op, 0);
        all[n].at.server = (u64)op_number_at(&op, 1);
        all[n].first = i + 1;
        all[n++].end = end;
        i = end;
    }
    for (u32 i = 0; i < n; i++)
        if (all[i].name)
            all[kept++] = all[i];
    *out = all;
    *count = kept;
    return ERROR_SUCCESS;
}

/* --- what is left out ---------------------------------------------------------------------------
 */

/* Whether the note is still of any use. */
static bool stays(const struct ledger *l, u32 i, const struct op *op,
                  const struct ledger_block *all, u32 count)
{
    if (op->kind == LEDGER_JOURNAL)
        return ledger_has_journal(l, op_text_at(op, 0));
    for (u32 k = 0; k < count; k++) {
        if (i + 1 >= all[k].first && i <= all[k].end)
            return true;
        if (i > all[k].end && (op->kind == LEDGER_SETTLED || op->kind == LEDGER_MARKED) &&
            ledger_is_of(op, all[k].name))
            return true;
    }
    return false;
}

/* What stays, as a new file in the old one's place, when the old one has grown. */
static u32 squeeze(const struct ledger *l, const struct ledger_block *all, u32 count)
{
    char16_t path[BEHIND_PATH + 1];
    size_t n = u16_copy(path, BEHIND_PATH, l->path);
    struct notes fresh = {0};
    struct op op;
    u32 err;

    path[n++] = '~';
    path[n] = 0;
    err = os_open(path, OS_WRITE | OS_CREATE | OS_TRUNCATE, &fresh.file);
    if (!err)
        err = notes_begin(&fresh, magic);
    for (u32 i = 0; !err && i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        if (stays(l, i, &op, all, count))
            err = notes_add(&fresh, &op);
    }
    if (!err)
        err = notes_write(&fresh, true);
    notes_close(&fresh);
    if (!err)
        err = os_rename(path, l->path);
    if (err)
        os_remove(path);
    return err;
}

void ledger_leave_out(struct ledger *l)
{
    struct ledger_block *all;
    bool any = false;
    struct op op;
    u32 count;

    if (ledger_blocks(l, &all, &count))
        return;
    for (u32 i = 0; !any && i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        any = stays(l, i, &op, all, count);
    }
    if (!any)
        os_remove(l->path);
    else if (l->notes.bytes.len > SQUEEZE)
        squeeze(l, all, count);
    os_free(all);
}
