/*
 * OP_LATER: a file that is in use goes, or is replaced, with the restart of the system.
 *
 * No script has it: it is the note of an operation that met such a file. Fields: 0 path; 1 the file
 * beside it that is to take its place, or nothing; 2 size, 3 and 4 times, made and written, of the
 * file in use. The system hears of it after the commit, so that there is nothing to take back where
 * all is undone: the value PendingFileRenameOperations, which MoveFileEx writes too, of pairs of
 * texts: from, and to or "" where it is to be removed; `to` begins with "!" where it may be there.
 */
#include "families.h"
#include "op_later.h"

#include <string.h>

#include "op_undo.h"
#include "os.h"
#include "reg.h"
#include "regbehind.h"
#include "run.h"
#include "target.h"
#include "utf16.h"

#define MANAGER u"SYSTEM\\CurrentControlSet\\Control\\Session Manager"
#define PENDING u"PendingFileRenameOperations"

enum { PATH, BESIDE, SIZE, CREATED, WRITTEN };

bool is_in_use(u32 err)
{
    return err == ERROR_SHARING_VIOLATION;
}

/* --- putting off --------------------------------------------------------------------------------
 */

static u32 put_off(struct run *r, const char16_t *path, const char16_t *beside)
{
    struct tgt_stat st;
    u32 err = tgt_stat(path, &st);
    struct op note;

    if (err)
        return err;
    op_begin(&note, OP_LATER);
    op_text(&note, path);
    op_text(&note, beside);
    op_number(&note, (i64)st.size);
    op_number(&note, (i64)st.created);
    op_number(&note, (i64)st.written);
    return run_add_note(r, &note);
}

u32 take_away_or_later(struct run *r, const char16_t *path, const struct op *undo)
{
    u32 err = take_away(r, path, undo);

    return is_in_use(err) ? put_off(r, path, NULL) : err;
}

/* In the file's own folder: there is no other that is surely of its volume and outlives the run. */
u32 replace_later(struct run *r, const char16_t *path, const char16_t **beside)
{
    static const char16_t digits[] = u"0123456789abcdef";
    size_t n = u16_len(path);
    char16_t *name = run_memory(r, (n + 16) * sizeof(*name));
    u32 number;

    if (!name)
        return ERROR_OUTOFMEMORY;
    while (n && path[n - 1] != '\\')
        n--;
    os_random(&number, sizeof(number));
    memcpy(name, path, n * sizeof(*name));
    name[n++] = '~';
    for (int shift = 28; shift >= 0; shift -= 4)
        name[n++] = digits[number >> shift & 15];
    u16_copy(name + n, 5, u".tmp");
    *beside = name;
    return put_off(r, path, name);
}

/* --- telling the system -------------------------------------------------------------------------
 */

static bool is_the_file(const struct op *note)
{
    struct tgt_stat st;

    return !tgt_stat(op_text_at(note, PATH), &st) && st.size == (u64)op_number_at(note, SIZE) &&
           st.created == (u64)op_number_at(note, CREATED) &&
           st.written == (u64)op_number_at(note, WRITTEN);
}

static u32 add_name(struct buf *b, const char *before, const char16_t *path)
{
    char16_t c;
    u32 err = ERROR_SUCCESS;

    for (; !err && *before; before++) {
        c = (u8)*before;
        err = buf_add(b, &c, sizeof(c));
    }
    return err ? err : buf_add(b, path, u16_len(path) * sizeof(*path));
}

/* The pair, each of its texts terminated. A share's name has UNC before it there. */
static u32 write_pair(const struct op *note, struct buf *out)
{
    static const char16_t end = 0;
    const char16_t *path = op_text_at(note, PATH), *beside = op_text_at(note, BESIDE);
    bool share = path[0] == '\\', replaces = *beside;
    size_t skip = share ? 1 : 0;
    u32 err = add_name(out, share ? "\\??\\UNC" : "\\??\\", (replaces ? beside : path) + skip);

    if (!err)
        err = buf_add(out, &end, sizeof(end));
    if (!err && replaces)
        err = add_name(out, share ? "!\\??\\UNC" : "!\\??\\", path + skip);
    return err ? err : buf_add(out, &end, sizeof(end));
}

/* A kill may have come between this and what says that it was done. */
static bool has_pair(const struct buf *all, const struct buf *pair)
{
    size_t at = 0;

    while (at + pair->len <= all->len) {
        if (!memcmp(all->data + at, pair->data, pair->len))
            return true;
        for (int texts = 0; texts < 2 && at < all->len; at += sizeof(char16_t))
            texts += !all->data[at] && !all->data[at + 1];
    }
    return false;
}

static u32 add_pair(struct reg_key *key, const struct buf *pair)
{
    static const char16_t end = 0;
    struct reg_data old = {0};
    struct buf all = {0};
    u32 err = reg_get(key, PENDING, &old), len = old.size & ~1u;

    if (err == ERROR_FILE_NOT_FOUND)
        err = ERROR_SUCCESS;
    else if (!err && old.type == REG_TYPE_MULTI && len >= sizeof(end))
        err = buf_add(&all, old.bytes, len - sizeof(end)); /* without the end of all */
    if (!err && !has_pair(&all, pair)) {
        err = buf_add(&all, pair->data, pair->len);
        if (!err)
            err = buf_add(&all, &end, sizeof(end));
        if (!err)
            err = reg_set(key, PENDING, REG_TYPE_MULTI, all.data, (u32)all.len);
    }
    os_free(old.bytes);
    buf_free(&all);
    return err;
}

static u32 tell_system(const struct op *note)
{
    struct buf pair = {0};
    struct reg_key *key;
    u32 err = reg_make(REG_MACHINE, MANAGER, &key);

    if (err)
        return err;
    err = write_pair(note, &pair);
    if (!err)
        err = add_pair(key, &pair);
    reg_close(key);
    buf_free(&pair);
    return err;
}

/* --- the note -----------------------------------------------------------------------------------
 */

static u32 later_undo(struct run *r, const struct op *note)
{
    u32 err = *op_text_at(note, BESIDE) ? tgt_remove(op_text_at(note, BESIDE)) : ERROR_SUCCESS;

    UNUSED(r);
    os_step();
    return is_missing(err) ? ERROR_SUCCESS : err;
}

/* What an operation behind it has put there is not to go. */
static u32 later_settle(struct run *r, const struct op *note, bool committed)
{
    const char16_t *beside = op_text_at(note, BESIDE);
    struct tgt_stat st;
    bool pending = committed && (*beside ? !tgt_stat(beside, &st) : is_the_file(note));
    u32 err = pending ? tell_system(note) : ERROR_SUCCESS;

    UNUSED(r);
    os_step();
    return err;
}

/* What the system was told of is in its registry. */
static u32 later_after(struct run *r, const struct op *note, bool done, struct op *now)
{
    UNUSED(r);
    if (done && behind_has(REG_MACHINE, REG_VIEW_64, MANAGER))
        *now = *note;
    return ERROR_SUCCESS;
}

static u32 later_again(struct run *r, const struct op *now)
{
    return later_settle(r, now, true);
}

const struct op_family op_later = {
    .kind = OP_LATER,
    .name = "FilePutOff",
    .note = in_no_script,
    .perform = never_done,
    .undo = later_undo,
    .after = later_after,
    .again = later_again,
    .settle = later_settle,
};
