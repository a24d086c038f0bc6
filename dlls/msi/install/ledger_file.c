/*
 * The file: notes (notes.h), of the families and of these kinds.
 *
 *   LEDGER_JOURNAL, LEDGER_JOURNAL_GONE   path
 *   LEDGER_BLOCK      name of the journal; the server's life: how things are follows, up to
 *   LEDGER_BLOCK_END  nothing; a moment, as of LEDGER_MARKED, or nothing more
 *   LEDGER_WAS        the number of how the value of the note behind it was before (ledger_was.h)
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

#include "hash.h"
#include "os.h"
#include "trace.h"
#include "utf16.h"

enum { WAIT_MS = 30000, RETRY_MS = 10, DENIED_TRIES = 3, SQUEEZE = 1 << 20, TOO_LARGE = 1 << 29 };

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

void ledger_add_moment(struct op *op, const struct behind_moment *m)
{
    op_number(op, (i64)m->server);
    for (u32 i = 0; i < BEHIND_FILES; i++)
        op_number(op, (i64)m->marks[i]);
    for (u32 i = 0; i < BEHIND_FILES; i++)
        op_number(op, (i64)m->files[i]);
}

static void read_moment(const struct op *op, struct behind_moment *m)
{
    m->server = (u64)op_number_at(op, 1);
    for (u32 i = 0; i < BEHIND_FILES; i++) {
        m->marks[i] = (u64)op_number_at(op, 2 + i);
        m->files[i] = (u64)op_number_at(op, 2 + BEHIND_FILES + i);
    }
}

/* Blocks found by their names: the last of each. */
struct by_name {
    const struct ledger_block *all;
    struct hash_map map;
};

static bool is_named(const void *ctx, u32 value, const void *item)
{
    const struct by_name *b = ctx;

    return b->all[value].name && u16_equal_fold(b->all[value].name, item);
}

static u32 hash_of(const char16_t *name)
{
    return hash_name(name, u16_len(name));
}

/* HASH_NONE: none has the name. */
static u32 find_name(const struct by_name *b, const char16_t *name)
{
    return hash_find(&b->map, hash_of(name), is_named, b, name);
}

/* A note that is no part of a block. */
static void take_word(struct ledger_block *all, struct by_name *names, const struct op *op)
{
    u32 i = op->kind == LEDGER_SETTLED || op->kind == LEDGER_GONE || op->kind == LEDGER_MARKED
                ? find_name(names, op_text_at(op, 0))
                : HASH_NONE;

    if (i == HASH_NONE)
        return;
    if (op->kind == LEDGER_SETTLED) {
        all[i].settled = true;
    } else if (op->kind == LEDGER_GONE) {
        hash_remove(&names->map, hash_of(all[i].name), i);
        all[i].name = NULL;
    } else {
        all[i].settled = all[i].marked = true;
        read_moment(op, &all[i].at);
    }
}

/* The n-th, which begins at the note `op`, takes the place of the last of its name. */
static u32 take_block(const struct ledger *l, struct ledger_block *all, u32 n,
                      struct by_name *names, const struct op *op)
{
    u32 old = find_name(names, op_text_at(op, 0));
    struct op last;

    if (old != HASH_NONE) {
        hash_remove(&names->map, hash_of(all[old].name), old);
        all[old].name = NULL;
    }
    all[n].name = op_text_at(op, 0);
    all[n].at.server = (u64)op_number_at(op, 1);
    notes_at(&l->notes, all[n].end, &last);
    if (last.count > 1) {
        all[n].marked = true;
        read_moment(&last, &all[n].at);
    }
    return hash_add(&names->map, hash_of(all[n].name), n);
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

static u32 take_all(const struct ledger *l, struct ledger_block *all, struct by_name *names, u32 *n)
{
    u32 err = ERROR_SUCCESS, end;
    struct op op;

    for (u32 i = 0; !err && i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        if (op.kind != LEDGER_BLOCK) {
            take_word(all, names, &op);
            continue;
        }
        end = block_end(l, i);
        if (!end)
            continue;
        memset(&all[*n], 0, sizeof(*all));
        all[*n].first = i + 1;
        all[*n].end = i = end;
        err = take_block(l, all, (*n)++, names, &op);
    }
    return err;
}

/* Those that count, in their order; names live as long as nothing is added. From os_alloc. */
u32 ledger_blocks(const struct ledger *l, struct ledger_block **out, u32 *count)
{
    struct ledger_block *all = os_alloc_array((u64)l->notes.count + 1, sizeof(*all));
    struct by_name names = {all, {0}};
    u32 n = 0, kept = 0, err;

    if (!all)
        return ERROR_OUTOFMEMORY;
    hash_init(&names.map);
    err = take_all(l, all, &names, &n);
    hash_free(&names.map);
    if (err) {
        os_free(all);
        return err;
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

/* A byte for each note: whether it is still of any use. */
static void live_blocks(const struct ledger *l, const struct ledger_block *all, u32 count,
                        const struct by_name *names, u8 *live)
{
    struct op op;
    u32 k;

    for (u32 i = 0; i < count; i++)
        memset(live + all[i].first - 1, 1, all[i].end - all[i].first + 2);
    for (u32 i = 0; i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        if (op.kind != LEDGER_SETTLED && op.kind != LEDGER_MARKED)
            continue;
        k = find_name(names, op_text_at(&op, 0));
        if (k != HASH_NONE && i > all[k].end)
            live[i] = 1;
    }
}

static bool is_path(const void *ctx, u32 value, const void *item)
{
    struct op op;

    notes_at(ctx, value, &op);
    return ledger_is_of(&op, item);
}

/* The last word on a path counts. */
u32 ledger_live_journals(const struct ledger *l, u8 *live)
{
    struct hash_map seen;
    struct op op;
    u32 err = ERROR_SUCCESS;

    hash_init(&seen);
    for (u32 i = l->notes.count; !err && i-- > 0;) {
        const char16_t *path;
        u32 hash;

        notes_at(&l->notes, i, &op);
        if (op.kind != LEDGER_JOURNAL && op.kind != LEDGER_JOURNAL_GONE)
            continue;
        path = op_text_at(&op, 0);
        hash = hash_of(path);
        if (hash_find(&seen, hash, is_path, &l->notes, path) != HASH_NONE)
            continue;
        live[i] = op.kind == LEDGER_JOURNAL;
        err = hash_add(&seen, hash, i);
    }
    hash_free(&seen);
    return err;
}

/* From os_alloc; NULL: no memory. */
static u8 *live_notes(const struct ledger *l)
{
    u8 *live = os_calloc((size_t)l->notes.count + 1, 1);
    struct by_name names = {NULL, {0}};
    struct ledger_block *all = NULL;
    u32 count, err = live ? ledger_blocks(l, &all, &count) : ERROR_OUTOFMEMORY;

    hash_init(&names.map);
    names.all = all;
    for (u32 i = 0; !err && i < count; i++)
        err = hash_add(&names.map, hash_of(all[i].name), i);
    if (!err) {
        live_blocks(l, all, count, &names, live);
        err = ledger_live_journals(l, live);
    }
    hash_free(&names.map);
    os_free(all);
    if (err) {
        os_free(live);
        return NULL;
    }
    return live;
}

/* The path of a file beside the ledger. */
static void path_beside(const struct ledger *l, char16_t ending, char16_t path[BEHIND_PATH + 1])
{
    size_t n = u16_copy(path, BEHIND_PATH, l->path);

    path[n++] = ending;
    path[n] = 0;
}

/* What stays, as a new file in the old one's place. */
static u32 squeeze(const struct ledger *l, const u8 *live, size_t *size)
{
    char16_t path[BEHIND_PATH + 1];
    struct notes fresh = {0};
    struct op op;
    u32 err;

    path_beside(l, '~', path);
    err = os_open(path, OS_WRITE | OS_CREATE | OS_TRUNCATE, &fresh.file);
    if (!err)
        err = notes_begin(&fresh, magic);
    for (u32 i = 0; !err && i < l->notes.count; i++) {
        notes_at(&l->notes, i, &op);
        if (live[i])
            err = notes_add(&fresh, &op);
    }
    if (!err)
        err = notes_write(&fresh, true);
    *size = fresh.bytes.len;
    notes_close(&fresh);
    if (!err)
        err = os_rename(path, l->path);
    if (err)
        os_remove(path);
    return err;
}

/* No installations come to that: it stays for who wants to look, and is in nobody's way. */
static void set_aside(const struct ledger *l)
{
    char16_t path[BEHIND_PATH + 1];

    path_beside(l, '!', path);
    TRACE(TRACE_MSI, "the ledger is too large, and set aside: %s", trace_text(path, -1));
    os_rename(l->path, path);
}

void ledger_leave_out(struct ledger *l)
{
    size_t size = l->notes.bytes.len;
    u8 *live = live_notes(l);

    if (!live)
        return;
    if (!memchr(live, 1, l->notes.count))
        os_remove(l->path);
    else if (size > SQUEEZE && !squeeze(l, live, &size) && size > TOO_LARGE)
        set_aside(l);
    os_free(live);
}
