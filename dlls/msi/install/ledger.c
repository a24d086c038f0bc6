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
#include "ledger.h"

#include <string.h>

#include "family.h"
#include "notes.h"
#include "os.h"
#include "regbehind.h"
#include "run_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum ledger_kind {
    LEDGER_JOURNAL = 0x8100,
    LEDGER_JOURNAL_GONE,
    LEDGER_BLOCK,
    LEDGER_BLOCK_END,
    LEDGER_SETTLED,
    LEDGER_MARKED,
    LEDGER_GONE,
};

enum { WAIT_MS = 30000, RETRY_MS = 10, DENIED_TRIES = 3, SQUEEZE = 1 << 20 };

static const char magic[] = "DcntrLgr";

struct ledger {
    struct notes notes;
    char16_t path[BEHIND_PATH];
};

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
static u32 open_ledger(struct ledger *l, u32 flags, u32 wait_ms)
{
    u64 since = os_ticks();
    u32 err, denied = 0;

    memset(l, 0, sizeof(*l));
    err = behind_file(l->path, BEHIND_PATH);
    if (err)
        return err;
    for (;;) {
        err = open_once(l, flags);
        if (!err || !may_open_yet(l, err, &denied) || os_ticks() - since >= wait_ms)
            return err == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
        os_sleep(RETRY_MS);
    }
}

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

static void close_ledger(struct ledger *l)
{
    notes_close(&l->notes);
}

static u32 add_text_note(struct ledger *l, u32 kind, const char16_t *text)
{
    struct op op;

    op_begin(&op, kind);
    op_text(&op, text);
    return notes_add(&l->notes, &op);
}

static bool is_of(const struct op *op, const char16_t *name)
{
    return u16_equal_fold(op_text_at(op, 0), name);
}

/* --- journals -----------------------------------------------------------------------------------
 */

static bool lists(const struct ledger *l, const char16_t *path)
{
    struct op op;

    for (u32 i = l->notes.count; i-- > 0;) {
        notes_at(&l->notes, i, &op);
        if ((op.kind == LEDGER_JOURNAL || op.kind == LEDGER_JOURNAL_GONE) && is_of(&op, path))
            return op.kind == LEDGER_JOURNAL;
    }
    return false;
}

u32 ledger_lists(const char16_t *path, bool *has)
{
    struct ledger l;
    u32 err = open_ledger(&l, 0, WAIT_MS);

    *has = false;
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    *has = lists(&l, path);
    close_ledger(&l);
    return ERROR_SUCCESS;
}

u32 ledger_list(const char16_t *path)
{
    struct ledger l;
    u32 err = open_ledger(&l, OS_CREATE, WAIT_MS);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    err = add_text_note(&l, LEDGER_JOURNAL, path);
    if (!err)
        err = notes_write(&l.notes, true);
    if (!err)
        err = os_sync_folder(l.path);
    close_ledger(&l);
    return err;
}

/* Where nothing stands in it the file goes. */
static void leave_out(struct ledger *l);

void ledger_unlist(const char16_t *path)
{
    struct ledger l;

    if (open_ledger(&l, 0, WAIT_MS))
        return;
    if (lists(&l, path) && !add_text_note(&l, LEDGER_JOURNAL_GONE, path))
        notes_write(&l.notes, false);
    leave_out(&l);
    close_ledger(&l);
}

/* --- blocks -------------------------------------------------------------------------------------
 */

struct block {
    const char16_t *name;
    u32 first, end; /* notes */
    bool settled, marked;
    struct behind_moment at; /* server: in whose life it was told last */
};

static void find_last(struct block *all, u32 count, const struct op *op, struct block **out)
{
    *out = NULL;
    for (u32 i = count; !*out && i-- > 0;)
        if (all[i].name && is_of(op, all[i].name))
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
static void take_word(struct block *all, u32 count, const struct op *op)
{
    struct block *b;

    find_last(all, count, op, &b);
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
static u32 find_blocks(const struct ledger *l, struct block **out, u32 *count)
{
    struct block *all = os_alloc_array((u64)l->notes.count + 1, sizeof(*all)), *old;
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
        find_last(all, n, &op, &old);
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

static u32 add_after(struct run *r, struct ledger *l, const struct op *undo, bool done)
{
    const struct op_family *f = family_of(undo->kind);
    struct op now;
    u32 err;

    op_begin(&now, OP_NONE);
    if (!f || !f->after)
        return ERROR_SUCCESS;
    err = f->after(r, undo, done, &now);
    if (!err && now.kind != OP_NONE)
        err = notes_add(&l->notes, &now);
    run_forget_memory(r);
    return err;
}

/* all: else it has nothing in it, and takes the place of one that has. */
static u32 add_block(struct run *r, struct ledger *l, const u8 *undone, bool committed, bool all)
{
    u32 start = l->notes.count, err;
    struct behind_moment m;
    struct op op;

    behind_now(&m);
    op_begin(&op, LEDGER_BLOCK);
    op_text(&op, journal_name(r->journal));
    op_number(&op, (i64)m.server);
    err = notes_add(&l->notes, &op);
    for (u32 i = 0; all && !err && i < journal_count(r->journal); i++) {
        journal_note(r->journal, i, &op);
        err = add_after(r, l, &op, committed && !undone[i]);
    }
    if (err || (all && l->notes.count == start + 1))
        return err;
    op_begin(&op, LEDGER_BLOCK_END);
    err = notes_add(&l->notes, &op);
    return err ? err : notes_write(&l->notes, true);
}

static bool has_block(const struct ledger *l, const char16_t *name)
{
    struct block *all, *found = NULL;
    u32 count;
    struct op op;

    if (find_blocks(l, &all, &count))
        return true;
    op_begin(&op, LEDGER_BLOCK);
    op_text(&op, name);
    find_last(all, count, &op, &found);
    os_free(all);
    return found != NULL;
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
    err = open_ledger(&l, all ? OS_CREATE : 0, WAIT_MS);
    if (err)
        return !all && err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : unless_barred(err);
    if (all || has_block(&l, journal_name(r->journal)))
        err = add_block(r, &l, undone, committed, all);
    if (!err)
        err = os_sync_folder(l.path);
    leave_out(&l);
    close_ledger(&l);
    return err;
}

void ledger_settle(const char16_t *name)
{
    struct ledger l;

    if (open_ledger(&l, 0, WAIT_MS))
        return;
    if (has_block(&l, name) && !add_text_note(&l, LEDGER_SETTLED, name))
        notes_write(&l.notes, false);
    close_ledger(&l);
}

/* --- telling again ------------------------------------------------------------------------------
 */

static bool same(const u64 *a, const u64 *b)
{
    for (u32 i = 0; i < BEHIND_FILES; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Every file was written anew since. */
static bool is_in_files(const struct block *b, const struct behind_moment *now)
{
    for (u32 i = 0; i < BEHIND_FILES; i++)
        if (b->at.files[i] == now->files[i])
            return false;
    return b->marked;
}

/* Of a journal that stands, and has not ended, nobody knows yet what becomes. */
static bool counts(const struct block *b)
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
static u32 tell_again(const struct ledger *l, const struct block *b)
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
static u32 first_forgotten(const struct block *all, u32 count, const struct behind_moment *now)
{
    u32 i = count;

    while (i && !(all[i - 1].marked && same(all[i - 1].at.marks, now->marks)))
        i--;
    while (i < count && (!counts(&all[i]) || (now->server && all[i].at.server == now->server)))
        i++;
    return i;
}

static u32 tell_forgotten(const struct ledger *l, struct block *all, u32 count,
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
static u32 mark(struct ledger *l, const struct block *all, u32 count)
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

static u32 drop(struct ledger *l, const struct block *all, u32 count,
                const struct behind_moment *now)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < count && is_in_files(&all[i], now); i++)
        err = add_text_note(l, LEDGER_GONE, all[i].name);
    return err ? err : notes_write(&l->notes, false);
}

/* A name is the note's, which moves when something is added. */
static u32 keep_names(struct block *all, u32 count)
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
    struct block *all;
    u32 count, err = find_blocks(l, &all, &count);

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
        if (op.kind != LEDGER_JOURNAL || !lists(l, path) || !tgt_stat(path, &st))
            continue;
        copy = u16_dup(path, u16_len(path));
        if (copy && !add_text_note(l, LEDGER_JOURNAL_GONE, copy))
            notes_write(&l->notes, false);
        os_free(copy);
    }
}

void ledger_check(void)
{
    struct ledger l;
    u32 err = open_ledger(&l, 0, WAIT_MS);

    if (err)
        return;
    check(&l);
    unlist_gone(&l);
    leave_out(&l);
    close_ledger(&l);
}

/* --- what is left out ---------------------------------------------------------------------------
 */

/* Whether the note is still of any use. */
static bool stays(const struct ledger *l, u32 i, const struct op *op, const struct block *all,
                  u32 count)
{
    if (op->kind == LEDGER_JOURNAL)
        return lists(l, op_text_at(op, 0));
    for (u32 k = 0; k < count; k++) {
        if (i + 1 >= all[k].first && i <= all[k].end)
            return true;
        if (i > all[k].end && (op->kind == LEDGER_SETTLED || op->kind == LEDGER_MARKED) &&
            is_of(op, all[k].name))
            return true;
    }
    return false;
}

/* What stays, as a new file in the old one's place, when the old one has grown. */
static u32 squeeze(const struct ledger *l, const struct block *all, u32 count)
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

static void leave_out(struct ledger *l)
{
    struct block *all;
    bool any = false;
    struct op op;
    u32 count;

    if (find_blocks(l, &all, &count))
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
