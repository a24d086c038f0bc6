/*
 * Who may do what with a file, folder, key or service.
 *
 * Fields: the kind of object, its name, the root and view of a key, the descriptor. A note is the
 * same with the descriptor that there was.
 */
#include "families.h"

#include <string.h>

#include "os.h"
#include "run.h"
#include "security.h"
#include "trace.h"

enum field { F_KIND, F_NAME, F_ROOT, F_VIEW, F_DESCRIPTOR };

static struct security_object object_of(const struct op *op)
{
    return (struct security_object){(u32)op_number_at(op, F_KIND), op_text_at(op, F_NAME),
                                    (u32)op_number_at(op, F_ROOT), (u32)op_number_at(op, F_VIEW)};
}

static u32 set(struct run *r, const struct op *op)
{
    struct security_object o = object_of(op);
    const struct op_field *f = &op->f[F_DESCRIPTOR];
    u32 *copy; /* aligned */

    if (op->count <= F_DESCRIPTOR || f->kind != OP_BYTES)
        return ERROR_INVALID_DATA;
    copy = run_memory(r, f->len);
    if (!copy)
        return ERROR_OUTOFMEMORY;
    memcpy(copy, f->bytes, f->len);
    return security_set(&o, (const u8 *)copy, (u32)f->len);
}

static u32 note(struct run *r, const struct op *op, struct op *undo)
{
    struct security_object o = object_of(op);
    u8 *before = NULL, *copy;
    u32 size = 0, err = security_get(&o, &before, &size);

    if (err == ERROR_FILE_NOT_FOUND)
        return ERROR_NO_MORE_ITEMS; /* what is not there needs no lock */
    if (err)
        return err;
    copy = run_memory(r, size);
    if (copy) {
        memcpy(copy, before, size);
        *undo = *op;
        undo->f[F_DESCRIPTOR].bytes = copy;
        undo->f[F_DESCRIPTOR].len = size;
    }
    os_free(before);
    return copy ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 perform(struct run *r, const struct op *op, const struct op *undo)
{
    u32 err = set(r, op);

    UNUSED(undo);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 undo_it(struct run *r, const struct op *undo)
{
    u32 err = set(r, undo);

    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

const struct op_family op_security = {
    .kind = OP_SECURITY,
    .name = "SecureObject",
    .alone = true,
    .note = note,
    .perform = perform,
    .undo = undo_it,
};
