/*
 * OP_ADMIN_PACKAGE: a package is put into an image, changed to say so.
 *
 * Fields: 0 path; 1 the package; lists of texts in UTF-16, one behind the other, each with its end:
 * 2 names of streams that go; 4 patches, each a file and the name of its first transform; 5 the
 * package code, subject and comments that patches give it, which may be empty. 3 the bytes of
 * adminprops.h. Note: as of a file that is put (op_undo.h).
 */
#include <string.h>

#include "adminprops.h"
#include "families.h"
#include "media.h"
#include "namecodec.h"
#include "op_undo.h"
#include "os.h"
#include "run.h"
#include "suminfo.h"
#include "table.h"
#include "target.h"
#include "transform.h"
#include "utf16.h"

enum { PATH, PACKAGE, STREAMS, PROPERTIES, PATCHES, SUMMARY };
enum { FILE_MARKS = 0x5000, /* of a patch, compressed */ ERRORS_THAT_PASS = 0x1f };
enum { LIST_TEXT = 4096 };
enum {
    SUBJECT = 3,
    COMMENTS = 6,
    REVISION = 9,
    WORD_COUNT = 15,
    TYPE_NUMBER = 3,
    TYPE_TEXT = 30,
    COMPRESSED = 2,
    IMAGE = 4,
    PATH_UNITS = 600
};

/* --- lists --------------------------------------------------------------------------------------
 */

/* The next text into room for LIST_TEXT units; *at moves on. False: there is none, or it is too
 * long. */
static bool next_text(const struct op_field *f, size_t *at, char16_t *out)
{
    size_t n = 0;

    if (f->kind != OP_BYTES)
        return false;
    for (; n < LIST_TEXT && f->len - *at >= sizeof(*out); n++) {
        memcpy(&out[n], f->bytes + *at, sizeof(*out));
        *at += sizeof(*out);
        if (!out[n])
            return true;
    }
    return false;
}

/* --- patches ------------------------------------------------------------------------------------
 */

static u32 apply_patch(struct database *db, const char16_t *path, const char16_t *name)
{
    struct stg *root, *sub = NULL;
    u32 err = stg_open(path, STG_READ, &root);

    if (err)
        return err;
    err = stg_sub_open(root, name, &sub);
    if (!err) {
        db_lock(db);
        err = xform_apply(db->core, sub, ERRORS_THAT_PASS, NULL);
        db_unlock(db);
    }
    stg_close(sub);
    stg_close(root);
    return err;
}

static u32 apply_patches(struct database *db, const struct op *op)
{
    char16_t *path = os_alloc_array(LIST_TEXT, sizeof(*path)),
             *name = os_alloc_array(LIST_TEXT, sizeof(*name));
    u32 err = path && name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (size_t at = 0; !err && op->count > PATCHES && next_text(&op->f[PATCHES], &at, path);)
        err = next_text(&op->f[PATCHES], &at, name) ? apply_patch(db, path, name)
                                                    : ERROR_FILE_CORRUPT;
    os_free(path);
    os_free(name);
    return err;
}

/* Files of an image are not compressed, whatever their rows say. */
static u32 unmark_row(struct database *db, struct table *t, u32 row, u32 col)
{
    struct value values[TBL_MAX_COLUMNS] = {{VALUE_NULL, 0, NULL, 0, NULL}};
    u32 cell = tbl_get(t, row, col);
    i32 marks = cell ? cell_to_int(cell) : 0;

    if (!(marks & FILE_MARKS))
        return ERROR_SUCCESS;
    values[col].kind = VALUE_INT;
    values[col].i = marks & ~FILE_MARKS;
    return db_core_update(db->core, t, row, 1u << col, values);
}

static u32 unmark_files(struct database *db)
{
    struct table *t;
    u32 id = 0, col, err = ERROR_SUCCESS;

    if (db_core_table(db->core, u"File", 4, &t) ||
        sp_find(db_core_strings(db->core), u"Attributes", 10, &id))
        return ERROR_SUCCESS;
    col = tbl_column_find(t, id);
    if (col == TBL_NONE || !col_is_int(tbl_column(t, col)->type))
        return ERROR_SUCCESS;
    db_lock(db);
    for (u32 i = 0; !err && i < tbl_row_limit(t); i++)
        if (tbl_row_exists(t, i))
            err = unmark_row(db, t, i, col);
    db_unlock(db);
    return err;
}

/* --- the changed package ------------------------------------------------------------------------
 */

/* The names stand one behind the other, each with its end. */
static u32 remove_streams(struct stg *stg, const struct op_field *names)
{
    char16_t stored[NAME_STORED_MAX + 1], name[NAME_MAX_UNITS + 1];
    size_t units = names->len / sizeof(*name), n;
    u32 err = ERROR_SUCCESS;

    for (size_t at = 0; !err && at < units; at += n + 1) {
        char16_t c;

        for (n = 0; at + n < units; n++) {
            memcpy(&c, names->bytes + (at + n) * sizeof(c), sizeof(c));
            if (!c)
                break;
            if (n < NAME_MAX_UNITS)
                name[n] = c;
        }
        err = n < NAME_MAX_UNITS ? name_encode(name, n, false, stored) : ERROR_FILE_CORRUPT;
        if (!err)
            err = stg_remove(stg, stored);
        if (err == ERROR_FILE_NOT_FOUND)
            err = ERROR_SUCCESS;
    }
    return err;
}

static u32 keep_properties(struct stg *stg, const struct op *op)
{
    char16_t stored[NAME_STORED_MAX + 1];
    const struct op_field *f = &op->f[PROPERTIES];
    u32 err;

    if (op->count <= PROPERTIES || f->kind != OP_BYTES || !f->len)
        return ERROR_SUCCESS;
    err = name_encode(adminprops_stream, u16_len(adminprops_stream), false, stored);
    return err ? err : stg_set_bytes(stg, stored, f->bytes, f->len);
}

static u32 name_anew(struct suminfo *sum, const struct op *op)
{
    static const u32 ids[] = {REVISION, SUBJECT, COMMENTS};
    char16_t *text = os_alloc_array(LIST_TEXT, sizeof(*text));
    u32 err = text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    size_t at = 0;

    for (size_t i = 0; !err && op->count > SUMMARY && i < ARRAY_LEN(ids); i++) {
        struct sum_value v = {.type = TYPE_TEXT, .text = text};

        if (!next_text(&op->f[SUMMARY], &at, text))
            break;
        v.len = u16_len(text);
        if (v.len)
            err = suminfo_set(sum, ids[i], &v);
    }
    os_free(text);
    return err;
}

static u32 mark_image(struct database *db, const struct op *op)
{
    struct sum_value v;
    struct suminfo *sum;
    u32 err = suminfo_open(db, 4, &sum);

    if (err)
        return err;
    err = suminfo_get(sum, WORD_COUNT, &v);
    if (!err) {
        struct sum_value to = {.type = TYPE_NUMBER, .num = (v.num & ~COMPRESSED) | IMAGE};

        err = suminfo_set(sum, WORD_COUNT, &to);
    }
    if (!err)
        err = name_anew(sum, op);
    if (!err)
        err = suminfo_persist(sum);
    obj_unref(suminfo_object(sum));
    return err;
}

static u32 save_image(const struct op *op, const char16_t *to)
{
    struct database *db;
    u32 err = db_open_output(op_text_at(op, PACKAGE), to, false, &db);

    if (err)
        return err;
    if (op->count > STREAMS && op->f[STREAMS].kind == OP_BYTES)
        err = remove_streams(db->stg, &op->f[STREAMS]);
    if (!err)
        err = keep_properties(db->stg, op);
    if (!err)
        err = apply_patches(db, op);
    if (!err)
        err = unmark_files(db);
    if (!err)
        err = mark_image(db, op);
    if (!err)
        err = db_commit(db);
    obj_unref(db_object(db));
    return err;
}

/* A file of the host's for a moment. */
static void moment_path(char16_t path[PATH_UNITS])
{
    static const char16_t digits[] = u"0123456789abcdef";
    u8 random[8];
    size_t n;

    if (!os_env("TMPDIR", path, PATH_UNITS - 32) && !os_env("TEMP", path, PATH_UNITS - 32))
        u16_copy(path, PATH_UNITS, u"/tmp");
    n = u16_len(path);
    n += u16_copy(path + n, PATH_UNITS - n, u"/msi");
    os_random(random, sizeof(random));
    for (u32 i = 0; i < sizeof(random); i++) {
        path[n++] = digits[random[i] >> 4];
        path[n++] = digits[random[i] & 15];
    }
    path[n] = 0;
}

/* --- the operation ------------------------------------------------------------------------------
 */

static u32 admin_note(struct run *r, const struct op *op, struct op *undo)
{
    u32 err = note_path(r, op_text_at(op, PATH), undo);

    if (undo->count)
        undo->kind = OP_ADMIN_PACKAGE;
    return err;
}

static u32 stage_image(const struct op *op, char16_t *staged)
{
    char16_t moment[PATH_UNITS];
    u32 err;

    moment_path(moment);
    err = save_image(op, moment);
    if (!err)
        err = media_copy_loose(moment, staged, 0);
    os_remove(moment);
    return err;
}

static u32 admin_perform(struct run *r, const struct op *op, const struct op *undo)
{
    const char16_t *path = op_text_at(op, PATH);
    char16_t *staged;
    u32 err = run_temp_name(r, path, "msi", &staged);

    if (!err)
        err = stage_image(op, staged);
    if (!err)
        err = take_away(r, path, undo);
    return err ? err : put_in_place(staged, path);
}

const struct op_family op_admin_package = {
    .kind = OP_ADMIN_PACKAGE,
    .name = "DatabaseCopy",
    .note = admin_note,
    .perform = admin_perform,
    .undo = undo_paths,
};
