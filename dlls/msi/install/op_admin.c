/*
 * OP_ADMIN_PACKAGE: a package is put into an image, changed to say so.
 *
 * Note: as of a file that is put (op_undo.h).
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
#include "target.h"
#include "utf16.h"

enum { PATH, PACKAGE, STREAMS, PROPERTIES };
enum { WORD_COUNT = 15, TYPE_NUMBER = 3, COMPRESSED = 2, IMAGE = 4, PATH_UNITS = 600 };

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

static u32 mark_image(struct database *db)
{
    struct sum_value v;
    struct suminfo *sum;
    u32 err = suminfo_open(db, 1, &sum);

    if (err)
        return err;
    err = suminfo_get(sum, WORD_COUNT, &v);
    if (!err) {
        struct sum_value to = {.type = TYPE_NUMBER, .num = (v.num & ~COMPRESSED) | IMAGE};

        err = suminfo_set(sum, WORD_COUNT, &to);
    }
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
        err = mark_image(db);
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
        err = take_away(path, undo);
    return err ? err : put_in_place(staged, path);
}

const struct op_family op_admin_package = {
    .kind = OP_ADMIN_PACKAGE,
    .name = "DatabaseCopy",
    .note = admin_note,
    .perform = admin_perform,
    .undo = undo_paths,
};
