#include "op_undo.h"

#include <string.h>

#include "link_notice.h"
#include "os.h"
#include "pathname.h"
#include "target.h"
#include "utf16.h"

static u32 may_replace(const struct tgt_stat *st)
{
    return st->attributes & TGT_FOLDER ? ERROR_DIRECTORY
           : st->attributes & TGT_LINK ? ERROR_ACCESS_DENIED
                                       : ERROR_SUCCESS;
}

enum { NAME_CAP = 512 };

u32 real_path(struct run *r, const char16_t *path, size_t len, const char16_t **out)
{
    char16_t name[NAME_CAP], *real;
    u32 err = tgt_real_name(path, name, NAME_CAP);
    size_t n;

    if (err)
        return err;
    while (len && path[len - 1] != '\\')
        len--;
    n = u16_len(name);
    real = run_memory(r, (len + n + 1) * sizeof(*real));
    if (!real)
        return ERROR_OUTOFMEMORY;
    memcpy(real, path, len * sizeof(*real));
    memcpy(real + len, name, (n + 1) * sizeof(*real));
    *out = real;
    return ERROR_SUCCESS;
}

/* How many characters its folder's path has. */
static size_t folder_of(const char16_t *path)
{
    size_t n = path_name(path, u16_len(path));

    return n ? n - 1 : 0;
}

u32 note_path(struct run *r, const char16_t *path, struct op *undo)
{
    const char16_t *asked = path;
    char16_t *aside = NULL;
    struct tgt_stat st;
    bool first;
    u32 err = run_is_first(r, path, &first);

    if (!err && first)
        err = note_folder(r, path, folder_of(path));
    if (err || !first)
        return err;
    err = tgt_glance(path, &st);
    if (!err)
        err = may_replace(&st);
    if (!err)
        err = real_path(r, path, u16_len(path), &path);
    if (!err)
        err = run_temp_name(r, path, "rbf", &aside);
    if (!err)
        err = run_set_aside(r, asked, aside);
    if (err && !is_missing(err))
        return err;
    op_text(undo, path);
    op_text(undo, aside);
    return ERROR_SUCCESS;
}

/* --- copying ------------------------------------------------------------------------------------
 */

enum { PIECE = 256 << 10 };

static u32 copy_bytes(struct tgt_file *from, struct tgt_file *to)
{
    u8 *piece = os_alloc(PIECE);
    u32 err = piece ? ERROR_SUCCESS : ERROR_OUTOFMEMORY, got = 1;

    while (!err && got) {
        err = tgt_read(from, piece, PIECE, &got);
        if (!err && got)
            err = tgt_write(to, piece, got);
    }
    os_free(piece);
    return err;
}

/* A part of it does not stay: without rollback nobody else would take it away. */
static u32 copy_new(struct tgt_file *from, const struct tgt_stat *st, const char16_t *to, bool sync)
{
    struct tgt_file *out;
    u32 err = tgt_create(to, &out);

    if (err)
        return err;
    err = copy_bytes(from, out);
    if (!err && sync)
        err = tgt_sync(out);
    tgt_close(out);
    if (!err)
        err = tgt_set_times(to, st->created, st->written);
    if (!err)
        err = tgt_set_attributes(to, st->attributes);
    if (err)
        tgt_remove(to);
    return err;
}

/* sync: its bytes are durable then. */
static u32 copy_whole(const char16_t *from, const char16_t *to, bool sync)
{
    struct tgt_file *in;
    struct tgt_stat st;
    u32 err = tgt_stat(from, &st);

    if (!err)
        err = may_replace(&st);
    if (!err)
        err = tgt_open(from, &in);
    if (err)
        return err;
    err = copy_new(in, &st, to, sync);
    tgt_close(in);
    return err;
}

u32 copy_file(const char16_t *from, const char16_t *to)
{
    return copy_whole(from, to, false);
}

/* --- where a rename does not reach --------------------------------------------------------------
 */

static u32 copy_in_place(const char16_t *from, const char16_t *to)
{
    u32 err = copy_whole(from, to, true);

    os_step();
    return err ? err : tgt_remove(from);
}

u32 put_in_place(const char16_t *from, const char16_t *to)
{
    u32 err = tgt_rename(from, to);

    return err == ERROR_NOT_SAME_DEVICE ? copy_in_place(from, to) : err;
}

/* What somebody has open goes when that is closed, and its name only then: it gives its name up
 * before, for one in the same folder, made of the last two parts of the aside's path. From
 * os_alloc.
 */
static char16_t *spare_name(const char16_t *path, const char16_t *aside)
{
    size_t n = path_name(path, u16_len(path)), at = path_name(aside, u16_len(aside)), len;
    char16_t *spare;

    at = at ? path_name(aside, at - 1) : 0;
    len = u16_len(aside + at);
    spare = os_alloc_array(n + len + 1, sizeof(*spare));
    if (!spare)
        return NULL;
    memcpy(spare, path, n * sizeof(*spare));
    for (size_t i = 0; i <= len; i++)
        spare[n + i] = aside[at + i] == '\\' ? '-' : aside[at + i];
    return spare;
}

/* A program that runs can be renamed, and not removed. Where that fails, the aside is there. */
static void rename_back(const char16_t *spare, const char16_t *name)
{
    size_t n = path_name(spare, u16_len(spare)), len = u16_len(name);
    char16_t *path = os_alloc_array(n + len + 1, sizeof(*path));

    if (!path)
        return;
    memcpy(path, spare, n * sizeof(*path));
    memcpy(path + n, name, (len + 1) * sizeof(*path));
    tgt_rename_file(spare, path);
    os_free(path);
}

static u32 remove_original(const char16_t *path, const char16_t *aside)
{
    char16_t *spare = spare_name(path, aside), name[NAME_CAP];
    u32 err = spare ? tgt_real_name(path, name, NAME_CAP) : ERROR_OUTOFMEMORY;

    if (!err)
        err = tgt_rename_file(path, spare);
    os_step();
    if (!err) {
        err = tgt_remove(spare);
        if (err)
            rename_back(spare, name);
    }
    os_free(spare);
    return err;
}

/* Killed in between, the original is there twice. */
static u32 remove_spare(const char16_t *path, const char16_t *aside)
{
    char16_t *spare = spare_name(path, aside);
    u32 err = spare ? tgt_remove(spare) : ERROR_OUTOFMEMORY;

    os_free(spare);
    return is_missing(err) ? ERROR_SUCCESS : err;
}

/* A copy that is not whole has another name than the note's, so that the note's is never taken for
 * the original. */
static u32 copy_aside(const char16_t *path, const char16_t *aside)
{
    size_t n = u16_len(aside);
    char16_t *part = os_alloc_array(n + 2, sizeof(*part));
    struct tgt_stat st;
    u32 err;

    if (!part)
        return ERROR_OUTOFMEMORY;
    memcpy(part, aside, n * sizeof(*part));
    part[n] = '~';
    part[n + 1] = 0;
    err = copy_whole(path, part, true);
    os_step();
    if (!err)
        err = tgt_rename(part, aside);
    os_step();
    os_free(part);
    if (err)
        return err;
    err = remove_original(path, aside);
    if (err && !tgt_stat(path, &st)) /* to undo is to have no need to remove what is in use */
        tgt_remove(aside);
    return err;
}

static u32 set_aside(const char16_t *path, const char16_t *aside)
{
    u32 err = tgt_rename_file(path, aside);

    return err == ERROR_NOT_SAME_DEVICE ? copy_aside(path, aside) : err;
}

/* --- taking away, and bringing back -------------------------------------------------------------
 */

/* The name that the note has for the path; NULL: it is to be set aside nowhere. */
static const char16_t *aside_of(const char16_t *path, const struct op *undo)
{
    for (u32 i = 0; i + 1 < undo->count; i += 2)
        if (u16_equal_fold(op_text_at(undo, i), path))
            return undo->f[i + 1].kind == OP_TEXT ? op_text_at(undo, i + 1) : NULL;
    return NULL;
}

/* Without a note nobody has looked whether it is a link. */
static u32 remove_for_good(const char16_t *path, const struct op *undo)
{
    struct tgt_stat st;
    u32 err = undo->kind == OP_NONE ? tgt_stat(path, &st) : ERROR_SUCCESS;

    if (!err && undo->kind == OP_NONE && st.attributes & TGT_LINK)
        err = ERROR_ACCESS_DENIED;
    return err ? err : tgt_remove(path);
}

/* Where the operation of the path's first note has left the original: it is not to be lost. */
static u32 aside_of_first(struct run *r, const char16_t *path, const char16_t **aside)
{
    struct tgt_stat st;
    u32 err = run_aside(r, path, aside);

    if (!err && *aside && !tgt_stat(*aside, &st))
        *aside = NULL;
    return err;
}

/* Who was told of a link reads it once more, for a moment: it is waited for. */
static bool will_be_free(const char16_t *path, u32 err, u32 *waited)
{
    size_t n = u16_len(path);

    return err == ERROR_SHARING_VIOLATION && n > 4 && u16_equal_fold(path + n - 4, u".lnk") &&
           link_notice_wait(waited);
}

u32 take_away(struct run *r, const char16_t *path, const struct op *undo)
{
    const char16_t *aside = aside_of(path, undo);
    u32 err = aside ? ERROR_SUCCESS : aside_of_first(r, path, &aside), waited = 0;

    if (!err)
        do
            err = aside ? set_aside(path, aside) : remove_for_good(path, undo);
        while (will_be_free(path, err, &waited));
    os_step();
    return err && !is_missing(err) ? err : run_drop_later(r, path);
}

/* Killed before it was removed, the original is there as the spare. */
static u32 spare_back(const char16_t *aside, const char16_t *path)
{
    char16_t *spare = spare_name(path, aside);
    u32 err = spare ? tgt_rename_file(spare, path) : ERROR_OUTOFMEMORY;

    os_free(spare);
    return err;
}

/* Where the spare stays, as somebody has it open, the file is there all the same, and the aside
 * waits for the next undoing. */
static u32 copy_back(const char16_t *aside, const char16_t *path)
{
    u32 err = spare_back(aside, path), spare = ERROR_SUCCESS;

    os_step();
    if (err) {
        spare = is_missing(err) ? ERROR_SUCCESS : remove_spare(path, aside);
        err = copy_whole(aside, path, true);
        os_step();
    }
    if (!err)
        err = spare;
    return err ? err : tgt_remove(aside);
}

static u32 bring_back(const char16_t *path, const char16_t *aside)
{
    struct tgt_stat st;
    u32 err = tgt_stat(aside, &st);

    if (err) /* it was not set aside yet, or is back already */
        return is_missing(err) ? ERROR_SUCCESS : err;
    err = tgt_remove(path);
    os_step();
    if (err && !is_missing(err))
        return err;
    err = tgt_rename(aside, path);
    if (err != ERROR_NOT_SAME_DEVICE)
        return err;
    return copy_back(aside, path);
}

static u32 remove_new(const char16_t *path)
{
    u32 err = tgt_remove(path);

    return is_missing(err) ? ERROR_SUCCESS : err;
}

u32 undo_paths(struct run *r, const struct op *undo)
{
    u32 first = ERROR_SUCCESS, err;

    UNUSED(r);
    for (u32 i = undo->count & ~1u; i >= 2; i -= 2) {
        const char16_t *path = op_text_at(undo, i - 2);

        err = undo->f[i - 1].kind == OP_TEXT ? bring_back(path, op_text_at(undo, i - 1))
                                             : remove_new(path);
        if (err && !first)
            first = err;
        os_step();
    }
    return first;
}

u32 in_no_script(struct run *r, const struct op *op, struct op *undo)
{
    UNUSED(r);
    UNUSED(op);
    UNUSED(undo);
    return ERROR_FILE_CORRUPT;
}

u32 never_done(struct run *r, const struct op *op, const struct op *undo)
{
    UNUSED(r);
    UNUSED(op);
    UNUSED(undo);
    return ERROR_FILE_CORRUPT;
}
