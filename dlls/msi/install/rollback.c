/*
 * The end of a run: commit or undoing, and then cleaning up; and the same for runs that were left.
 */
#include "run.h"

#include <stdatomic.h>
#include <string.h>

#include "journal_list.h"
#include "ledger.h"
#include "os.h"
#include "reg.h"
#include "run_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

u32 run_journal(struct run *r)
{
    struct op moment;
    u32 err;

    if (r->journal)
        return ERROR_SUCCESS;
    ledger_begin(&moment);
    err = journal_create(&r->journal);
    if (!err && moment.kind != OP_NONE)
        err = journal_add(r->journal, &moment);
    return err;
}

/* --- names for backups --------------------------------------------------------------------------
 */

/* "X:" or "\\server\share": how long it is; 0: no path. */
static size_t volume_of(const char16_t *path)
{
    size_t n = 2;

    if (path[0] && path[1] == ':')
        return 2;
    if (path[0] != '\\' || path[1] != '\\')
        return 0;
    for (int parts = 0; path[n]; n++)
        if (path[n] == '\\' && ++parts == 2)
            break;
    return n;
}

static bool has_volume(const struct buf *volumes, const char16_t *volume, size_t len)
{
    const char16_t *all = (const char16_t *)(const void *)volumes->data;
    size_t count = volumes->len / sizeof(*all), n;

    for (size_t at = 0; at < count; at += n + 1) {
        n = u16_len(all + at);
        if (!u16_compare_fold(all + at, n, volume, len))
            return true;
    }
    return false;
}

static u32 make_folder(struct run *r, const char16_t *home, const char16_t *folder)
{
    struct op op;
    u32 err;

    op_begin(&op, JOURNAL_FOLDER);
    op_text(&op, folder);
    err = journal_add(r->journal, &op);
    if (!err)
        err = journal_write(r->journal, true);
    if (!err)
        err = journal_make_home(home);
    if (!err)
        err = tgt_make_folder(folder);
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

static u32 add_volume(struct buf *volumes, const char16_t *volume, size_t len)
{
    static const char16_t end = 0;
    u32 err = buf_add(volumes, volume, len * sizeof(*volume));

    return err ? err : buf_add(volumes, &end, sizeof(end));
}

static u32 use_volume(struct run *r, const char16_t *home, const char16_t *folder, size_t len)
{
    u32 err;

    if (has_volume(&r->volumes, home, len))
        return ERROR_SUCCESS;
    err = make_folder(r, home, folder);
    return err ? err : add_volume(&r->volumes, home, len);
}

/* The path with one more part. */
static char16_t *below(struct run *r, const char16_t *folder, const char16_t *name)
{
    size_t n = u16_len(folder), more = u16_len(name);
    char16_t *path = run_memory(r, (n + more + 2) * sizeof(*path));

    if (path) {
        memcpy(path, folder, n * sizeof(*path));
        path[n] = '\\';
        memcpy(path + n + 1, name, (more + 1) * sizeof(*path));
    }
    return path;
}

static void temp_name(u32 number, const char *ending, char16_t out[32])
{
    static const char16_t digits[] = u"0123456789abcdef";
    u32 n = 0;

    for (; n < 8; n++)
        out[n] = digits[number >> (28 - 4 * n) & 15];
    for (out[n++] = '.'; *ending && n < 31; ending++)
        out[n++] = (char16_t)*ending;
    out[n] = 0;
}

/* In the run's folder of that volume, which is len characters of path. */
static u32 name_on(struct run *r, const char16_t *path, size_t len, const char *ending,
                   char16_t **out)
{
    char16_t *volume = run_text(r, path, len), *home, *folder, name[32];
    u32 err;

    home = volume ? below(r, volume, u"Config.Msi") : NULL;
    folder = home ? below(r, home, journal_name(r->journal)) : NULL;
    if (!folder)
        return ERROR_OUTOFMEMORY;
    err = use_volume(r, home, folder, len);
    if (err)
        return err;
    temp_name(++r->temp, ending, name);
    *out = below(r, folder, name);
    return *out ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* Who may write into a folder of a volume may not be let make one in its root, nor may there be
 * room for that name. */
static bool bars(u32 err)
{
    return err == ERROR_ACCESS_DENIED || err == ERROR_WRITE_PROTECT || err == ERROR_DIRECTORY;
}

u32 run_temp_name(struct run *r, const char16_t *path, const char *ending, char16_t **out)
{
    size_t len = volume_of(path);
    char16_t system[3];
    u32 err;

    if (!len)
        return ERROR_BAD_PATHNAME;
    err = run_journal(r);
    if (err)
        return err;
    tgt_system_drive(system);
    if (!has_volume(&r->barred, path, len)) {
        err = name_on(r, path, len, ending, out);
        if (!bars(err) || !u16_compare_fold(path, len, system, 2))
            return err;
        TRACE(TRACE_MSI, "no folder for backups in %s: %u", trace_text(path, (int)len), err);
        err = add_volume(&r->barred, path, len);
    }
    return err ? err : name_on(r, system, 2, ending, out);
}

/* --- cleaning up --------------------------------------------------------------------------------
 */

struct names {
    struct run *r;
    const char16_t *folder;
    char16_t **all;
    u32 count, cap;
};

static u32 add_name(void *ctx, const char16_t *name, u32 attributes)
{
    struct names *l = ctx;
    char16_t **more, *path = below(l->r, l->folder, name);
    u32 cap = l->cap ? l->cap * 2 : 64;

    UNUSED(attributes);
    if (!path)
        return ERROR_OUTOFMEMORY;
    if (l->count == l->cap) {
        more = os_realloc_array(l->all, cap, sizeof(*more));
        if (!more)
            return ERROR_OUTOFMEMORY;
        l->all = more;
        l->cap = cap;
    }
    l->all[l->count++] = path;
    return ERROR_SUCCESS;
}

static bool is_gone(u32 err)
{
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND;
}

static u32 remove_own(const char16_t *path)
{
    u32 err = tgt_remove(path);

    return !err || is_gone(err) || tgt_remove_folder(path) ? err : ERROR_SUCCESS;
}

/* What is in a folder of the run is the run's, be it a folder. One that could not be made may be
 * out of reach. */
static u32 clear_folder(struct run *r, const char16_t *folder)
{
    struct names l = {.r = r, .folder = folder};
    struct tgt_stat st;
    u32 err = tgt_stat(folder, &st), one;

    if (err)
        return is_gone(err) || bars(err) ? ERROR_SUCCESS : err;
    err = tgt_each(folder, add_name, &l);
    for (u32 i = 0; i < l.count; i++) {
        os_step();
        one = remove_own(l.all[i]);
        if (one && !is_gone(one) && !err)
            err = one; /* the others go all the same */
    }
    os_free(l.all);
    if (!err)
        err = tgt_remove_folder(folder);
    return is_gone(err) ? ERROR_SUCCESS : err;
}

/* Config.Msi of a drive, if nobody else has something in it. */
static void remove_home(char16_t *folder)
{
    size_t n = u16_len(folder);

    while (n && folder[n - 1] != '\\')
        n--;
    if (!n)
        return;
    folder[n - 1] = 0;
    tgt_remove_folder(folder);
}

/* The note before which those end that were undone, and where they begin; 0: i is no such note. */
static bool undone_from(const struct op *op, u32 i, u32 *start)
{
    u64 n = op_number_at(op, 0);

    if (op->kind != JOURNAL_UNDONE_FROM || n > i)
        return false;
    *start = (u32)n;
    return true;
}

/* A byte for each note, not 0 where it was undone already. NULL: no memory. */
static u8 *which_undone(const struct run *r)
{
    u32 count = journal_count(r->journal), start;
    u8 *undone = os_calloc((size_t)count + 1, 1);
    struct op op;

    for (u32 i = count; undone && i-- > 0;) {
        journal_note(r->journal, i, &op);
        if (!undone_from(&op, i, &start))
            continue;
        memset(undone + start, 1, i - start);
        i = start;
    }
    return undone;
}

static u32 settle(struct run *r, bool committed)
{
    u32 first = ERROR_SUCCESS, err;
    u8 *undone = which_undone(r);
    struct op op;

    if (!undone)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < journal_count(r->journal); i++) {
        const struct op_family *f;

        journal_note(r->journal, i, &op);
        f = family_of(op.kind);
        err = f && f->settle              ? f->settle(r, &op, committed && !undone[i])
              : op.kind == JOURNAL_FOLDER ? clear_folder(r, op_text_at(&op, 0))
                                          : ERROR_SUCCESS;
        if (err && !first)
            first = err;
    }
    os_free(undone);
    return first;
}

/* The homes are remembered, as the journal that names them goes before they can. */
static u32 clean_up(struct run *r, bool committed)
{
    struct names homes = {.r = r};
    char16_t home[16];
    struct op op;
    u32 err = settle(r, committed);

    if (err) /* the next recovery tries again */
        return err;
    for (u32 i = 0; !err && i < journal_count(r->journal); i++) {
        journal_note(r->journal, i, &op);
        homes.folder = op_text_at(&op, 0);
        if (op.kind == JOURNAL_FOLDER)
            err = add_name(&homes, u"", 0);
    }
    err = journal_remove(r->journal);
    r->journal = NULL;
    for (u32 i = 0; !err && i < homes.count; i++) {
        homes.all[i][u16_len(homes.all[i]) - 1] = 0;
        remove_home(homes.all[i]);
    }
    os_free(homes.all);
    journal_home(home);
    if (!err)
        tgt_remove_folder(home);
    return err;
}

static _Atomic bool left;

/* A program that is in use goes when it is not: this keeps nobody from installing meanwhile. */
static void clean_up_or_later(struct run *r, bool committed)
{
    u32 err = clean_up(r, committed);

    if (!err)
        return;
    TRACE(TRACE_MSI, "cleaning up: %u; it is tried again later", err);
    left = true;
}

bool run_has_left(void)
{
    return atomic_exchange(&left, false);
}

/* --- commit and undoing -------------------------------------------------------------------------
 */

static u32 add_mark(struct run *r, u32 kind)
{
    struct op op;
    u32 err;

    op_begin(&op, kind);
    err = journal_add(r->journal, &op);
    return err ? err : journal_write(r->journal, true);
}

static u32 last_deeds(struct run *r)
{
    u8 *undone = which_undone(r);
    u32 err = undone ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    struct op op;

    for (u32 i = 0; !err && i < journal_count(r->journal); i++) {
        const struct op_family *f;

        journal_note(r->journal, i, &op);
        f = family_of(op.kind);
        if (f && f->commit && !undone[i])
            err = f->commit(r, &op);
    }
    os_free(undone);
    return err;
}

static u32 make_durable(void)
{
    u32 err = tgt_sync_drives();

    return err ? err : reg_flush();
}

/* How the registry is at the end. */
static u32 keep_end(struct run *r, bool committed)
{
    u8 *undone = which_undone(r);
    u32 err = undone ? ledger_keep(r, undone, committed) : ERROR_OUTOFMEMORY;

    os_step();
    os_free(undone);
    return err;
}

/* After the note that it has ended. */
static void end_run(struct run *r, bool committed)
{
    ledger_settle(journal_name(r->journal));
    os_step();
    clean_up_or_later(r, committed);
    ledger_check();
}

u32 run_commit(struct run *r)
{
    u32 err;

    if (!r->journal)
        return ERROR_SUCCESS;
    err = last_deeds(r);
    if (!err)
        err = make_durable();
    if (!err)
        err = keep_end(r, true);
    if (err)
        return err;
    r->commit_tried = true;
    os_step();
    err = add_mark(r, JOURNAL_COMMIT);
    if (err)
        return err;
    os_step();
    end_run(r, true);
    return ERROR_SUCCESS;
}

/* Of parts of a run, each of which is undone with what it noted alone: what a later one notes may
 * be what an earlier one made. So undoing a part may be repeated as long as those before it are as
 * they were; when it was undone that is noted. */
static bool begins_part(const struct op *op)
{
    return op->kind == JOURNAL_PLACE || op->kind == JOURNAL_GIVEN;
}

/* Of the part that ends before the note `end`: where it begins, not before `place`. */
static u32 part_start(const struct run *r, u32 end, u32 place)
{
    u32 i = end, unused;
    struct op op;

    for (; i > place; i--) {
        journal_note(r->journal, i - 1, &op);
        if (begins_part(&op))
            return i - 1;
        if (undone_from(&op, i - 1, &unused))
            return i;
    }
    return i;
}

static u32 undo_part(struct run *r, u32 start, u32 end)
{
    u32 first = ERROR_SUCCESS, err;
    struct op op;

    for (u32 i = end; i-- > start;) {
        const struct op_family *f;

        journal_note(r->journal, i, &op);
        f = family_of(op.kind);
        os_step();
        err = f ? f->undo(r, &op) : ERROR_SUCCESS;
        if (err)
            TRACE(TRACE_MSI, "undoing an operation of kind %u: %u", op.kind, err);
        if (err && !first)
            first = err;
    }
    return first;
}

static u32 note_undone(struct run *r, u32 place)
{
    struct op op;
    u32 err = make_durable();

    if (err)
        return err;
    op_begin(&op, JOURNAL_UNDONE_FROM);
    op_number(&op, place);
    os_step();
    err = journal_add(r->journal, &op);
    return err ? err : journal_write(r->journal, true);
}

/* All notes from there on. */
static u32 undo_back_to(struct run *r, u32 place)
{
    u32 end = journal_count(r->journal), start, err;
    struct op op;

    while (end > place) {
        journal_note(r->journal, end - 1, &op);
        if (undone_from(&op, end - 1, &start)) {
            end = start;
            continue;
        }
        start = part_start(r, end, place);
        err = undo_part(r, start, end);
        if (!err && start > place && end > start + 1)
            err = note_undone(r, start);
        if (err)
            return err;
        end = start;
    }
    return ERROR_SUCCESS;
}

u32 run_undo(struct run *r)
{
    u32 err = ERROR_SUCCESS;

    if (!r->journal)
        return ERROR_SUCCESS;
    if (r->commit_tried)
        err = add_mark(r, JOURNAL_UNDOING);
    if (!err)
        err = undo_back_to(r, 0);
    if (!err)
        err = make_durable();
    if (!err)
        err = keep_end(r, false);
    if (!err)
        err = add_mark(r, JOURNAL_UNDONE);
    os_step();
    if (!err)
        end_run(r, false);
    return err;
}

u32 run_mark(struct run *r, u32 *place)
{
    struct op op;

    *place = 0;
    if (!r->journal || !journal_count(r->journal))
        return ERROR_SUCCESS;
    run_forget_paths(r);
    *place = journal_count(r->journal);
    op_begin(&op, JOURNAL_PLACE);
    return journal_add(r->journal, &op);
}

u32 run_undo_from(struct run *r, u32 place)
{
    u32 err;

    if (!r->journal || journal_count(r->journal) <= place)
        return ERROR_SUCCESS;
    run_forget_paths(r);
    r->later.len = 0;
    err = undo_back_to(r, place);
    return err ? err : note_undone(r, place);
}

/* --- what was left ------------------------------------------------------------------------------
 */

static u32 end_of(const struct journal *j)
{
    u32 end = JOURNAL_UNDOING;
    struct op op;

    for (u32 i = 0; i < journal_count(j); i++) {
        journal_note(j, i, &op);
        if (op.kind == JOURNAL_COMMIT || op.kind == JOURNAL_UNDONE || op.kind == JOURNAL_UNDOING)
            end = op.kind;
    }
    return end;
}

static u32 recover_one(void *ctx, const char16_t *file)
{
    u32 *result = ctx;
    struct run *r;
    u32 err = run_begin(NULL, true, &r), end;

    if (err)
        return err;
    err = journal_open(file, &r->journal);
    if (!err) {
        end = end_of(r->journal);
        TRACE(TRACE_MSI, "an installation was left: %s of %u notes, state %x", trace_text(file, -1),
              journal_count(r->journal), end);
        if (end == JOURNAL_UNDOING)
            err = run_undo(r);
        else
            end_run(r, end == JOURNAL_COMMIT);
    } else if (err == ERROR_LOCK_VIOLATION) {
        err = ERROR_INSTALL_ALREADY_RUNNING;
    } else if (err == ERROR_FILE_NOT_FOUND) {
        err = ERROR_SUCCESS;
    }
    run_end(r);
    if (err && (!*result || *result == ERROR_INSTALL_ALREADY_RUNNING))
        *result = err;
    return ERROR_SUCCESS;
}

u32 run_recover(void)
{
    u32 result = ERROR_SUCCESS, err;
    char16_t home[16];

    ledger_check(); /* what was there before the installations that are undone now */
    err = journal_each(recover_one, &result);
    ledger_check();
    if (!err)
        err = journal_list_tidy();
    if (!err && !result && journal_home(home))
        tgt_remove_folder(home); /* killed right before this; fails where something is in it */
    return result ? result : err;
}
