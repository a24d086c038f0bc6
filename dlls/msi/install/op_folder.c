/*
 * Folders: made with what is missing above them, and removed where they are empty.
 *
 * Notes: of a new one its path, and how many characters of that were there before; of one to be
 * removed its path, attributes, times, and where it is set aside, so that it can come back as the
 * folder that it was, with its security. Where that is not possible a new one comes back.
 *
 * OP_FOLDER_TIMES, in notes alone: path, when it was written. It stands ahead of the first note of
 * anything in the folder, and is undone behind what comes back and goes there.
 */
#include "families.h"

#include <string.h>

#include "op_undo.h"
#include "os.h"
#include "run.h"
#include "target.h"
#include "utf16.h"

/* Without a backslash at the end. */
static size_t path_len(const char16_t *path)
{
    size_t n = u16_len(path);

    return n && path[n - 1] == '\\' ? n - 1 : n;
}

static size_t parent_len(const char16_t *path, size_t n)
{
    while (n && path[n - 1] != '\\')
        n--;
    return n ? n - 1 : 0;
}

/* A copy that parts are cut off. */
static char16_t *dup_path(const char16_t *path, size_t n)
{
    return n < TGT_PATH ? u16_dup(path, n) : NULL;
}

/* Cuts it to a folder that is there, which may be a link to one where the host follows those. What
 * is there and no folder is in the way. */
static u32 cut_to_existing(char16_t *path, size_t *len)
{
    size_t n = *len;
    struct tgt_stat st;
    u32 err;

    while (n) {
        path[n] = 0;
        err = tgt_stat(path, &st);
        if (!is_missing(err))
            break;
        n = parent_len(path, n);
    }
    if (!n)
        return ERROR_PATH_NOT_FOUND;
    *len = n;
    if (err)
        return err;
    return st.attributes & TGT_FOLDER ? ERROR_SUCCESS
           : st.attributes & TGT_LINK ? ERROR_ACCESS_DENIED
                                      : ERROR_DIRECTORY;
}

/* --- made ---------------------------------------------------------------------------------------
 */

static u32 make_note(struct run *r, const struct op *op, struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    size_t n = path_len(path), existing = n;
    char16_t *copy = dup_path(path, n);
    u32 err;

    if (!copy)
        return n < TGT_PATH ? ERROR_OUTOFMEMORY : ERROR_BAD_PATHNAME;
    err = cut_to_existing(copy, &existing);
    if (!err && existing < n)
        err = note_folder(r, copy, existing);
    os_free(copy);
    if (err || existing == n)
        return err;
    undo->kind = OP_FOLDER_MAKE;
    op_text_n(undo, path, n);
    op_number(undo, (i64)existing);
    return ERROR_SUCCESS;
}

static u32 make_all(char16_t *path, size_t n)
{
    size_t up = parent_len(path, n);
    u32 err;

    path[n] = 0;
    err = tgt_make_folder(path);
    if (is_missing(err) && up) {
        err = make_all(path, up);
        path[up] = '\\';
        if (!err)
            err = tgt_make_folder(path);
    }
    os_step();
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

static u32 make_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    size_t n = path_len(path);
    char16_t *copy = dup_path(path, n);
    u32 err = copy ? make_all(copy, n) : ERROR_OUTOFMEMORY;

    UNUSED(r);
    UNUSED(undo);
    os_free(copy);
    return err;
}

static u32 make_undo(struct run *r, const struct op *undo)
{
    const char16_t *path = op_text_at(undo, 0);
    size_t n = u16_len(path), existing = (size_t)op_number_at(undo, 1);
    char16_t *copy = dup_path(path, n);
    u32 err = copy ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    UNUSED(r);
    while (!err && n > existing) {
        copy[n] = 0;
        err = tgt_remove_folder(copy);
        if (is_missing(err))
            err = ERROR_SUCCESS;
        os_step();
        n = parent_len(copy, n);
    }
    os_free(copy);
    /* others have put something there */
    return err == ERROR_DIR_NOT_EMPTY || err == ERROR_DIRECTORY ? ERROR_SUCCESS : err;
}

const struct op_family op_folder_make = {
    .kind = OP_FOLDER_MAKE,
    .name = "FolderCreate",
    .note = make_note,
    .perform = make_perform,
    .undo = make_undo,
};

/* --- removed ------------------------------------------------------------------------------------
 */

enum { PATH, ATTRIBUTES, CREATED, WRITTEN, ASIDE };

static u32 remove_note(struct run *r, const struct op *op, struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    char16_t *aside;
    struct tgt_stat st;
    u32 err = tgt_stat(path, &st);

    if (err) /* an operation before may make it */
        return is_missing(err) ? ERROR_SUCCESS : err;
    if ((st.attributes & (TGT_FOLDER | TGT_LINK)) != TGT_FOLDER)
        return ERROR_NO_MORE_ITEMS;
    err = real_path(r, path, path_len(path), &path);
    if (!err)
        err = note_folder(r, path, parent_len(path, path_len(path)));
    if (!err)
        err = run_temp_name(r, path, "rbd", &aside);
    if (err)
        return err;
    undo->kind = OP_FOLDER_REMOVE;
    op_text(undo, path);
    op_number(undo, st.attributes);
    op_number(undo, (i64)st.created);
    op_number(undo, (i64)st.written);
    op_text(undo, aside);
    return ERROR_SUCCESS;
}

static u32 is_something(void *ctx, const char16_t *name, u32 attributes)
{
    UNUSED(ctx);
    UNUSED(name);
    UNUSED(attributes);
    return ERROR_DIR_NOT_EMPTY;
}

/* Somebody may put something into it between the look and the rename, so it is looked at again.
 * True: it is away. */
static bool set_folder_aside(const char16_t *path, const struct op *undo)
{
    const char16_t *aside = op_text_at(undo, ASIDE);

    if (undo->kind != OP_FOLDER_REMOVE || !*aside || tgt_each(path, is_something, NULL) ||
        tgt_rename_folder(path, aside))
        return false;
    os_step();
    return !tgt_each(aside, is_something, NULL) || tgt_rename_folder(aside, path);
}

static u32 remove_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, 0);
    u32 err;

    UNUSED(r);
    if (set_folder_aside(path, undo))
        return ERROR_SUCCESS;
    err = tgt_remove_folder(path);
    /* what is in it, or in use, stays */
    return is_missing(err) || err == ERROR_DIR_NOT_EMPTY || err == ERROR_DIRECTORY ||
                   err == ERROR_SHARING_VIOLATION || err == ERROR_ACCESS_DENIED
               ? ERROR_SUCCESS
               : err;
}

/* One that undoing has made anew gives way; one with something in it is in use. */
static u32 bring_folder_back(const char16_t *path, const char16_t *aside)
{
    u32 err = tgt_rename_folder(aside, path);

    if (err == ERROR_FILE_EXISTS && !tgt_remove_folder(path)) {
        os_step();
        err = tgt_rename_folder(aside, path);
    }
    return err == ERROR_FILE_EXISTS ? ERROR_SUCCESS : err;
}

static u32 remove_undo(struct run *r, const struct op *undo)
{
    const char16_t *path = op_text_at(undo, PATH), *aside = op_text_at(undo, ASIDE);
    struct tgt_stat st;
    u32 err;

    UNUSED(r);
    if (*aside && !tgt_stat(aside, &st))
        return bring_folder_back(path, aside);
    err = tgt_make_folder(path);
    if (err == ERROR_ALREADY_EXISTS)
        return ERROR_SUCCESS;
    os_step();
    if (!err)
        err = tgt_set_attributes(path, (u32)op_number_at(undo, ATTRIBUTES));
    return err ? err
               : tgt_set_times(path, (u64)op_number_at(undo, CREATED),
                               (u64)op_number_at(undo, WRITTEN));
}

const struct op_family op_folder_remove = {
    .kind = OP_FOLDER_REMOVE,
    .name = "FolderRemove",
    .note = remove_note,
    .perform = remove_perform,
    .undo = remove_undo,
};

/* --- times --------------------------------------------------------------------------------------
 */

static u32 note_times(struct run *r, const char16_t *folder)
{
    struct tgt_stat st;
    u32 err = tgt_stat(folder, &st);
    struct op note;

    if (err) /* a new one goes */
        return is_missing(err) || err == ERROR_BAD_PATHNAME ? ERROR_SUCCESS : err;
    op_begin(&note, OP_FOLDER_TIMES);
    op_text(&note, folder);
    op_number(&note, (i64)st.written);
    return run_note_ahead(r, &note);
}

u32 note_folder(struct run *r, const char16_t *path, size_t len)
{
    static const char16_t mark = 3; /* no file's path begins so */
    char16_t *folder;
    bool first;
    u32 err;

    if (len <= 2 || len >= TGT_PATH) /* a drive has the folder of the run in it */
        return ERROR_SUCCESS;
    folder = os_alloc_array(len + 2, sizeof(*folder));
    if (!folder)
        return ERROR_OUTOFMEMORY;
    folder[0] = mark;
    memcpy(folder + 1, path, len * sizeof(*path));
    folder[len + 1] = 0;
    err = run_is_first(r, folder, &first);
    if (!err && first)
        err = note_times(r, folder + 1);
    os_free(folder);
    return err;
}

/* Who may write into a folder may not be let say when. */
static u32 times_undo(struct run *r, const struct op *undo)
{
    struct tgt_stat st;
    u64 written = (u64)op_number_at(undo, 1);
    u32 err = tgt_stat(op_text_at(undo, 0), &st);

    UNUSED(r);
    if (!err && (st.attributes & (TGT_FOLDER | TGT_LINK)) == TGT_FOLDER && st.written != written)
        err = tgt_set_times(op_text_at(undo, 0), 0, written);
    return is_missing(err) || err == ERROR_BAD_PATHNAME || err == ERROR_ACCESS_DENIED ||
                   err == ERROR_SHARING_VIOLATION
               ? ERROR_SUCCESS
               : err;
}

const struct op_family op_folder_times = {
    .kind = OP_FOLDER_TIMES,
    .name = "FolderTimes",
    .note = in_no_script,
    .perform = never_done,
    .undo = times_undo,
};
