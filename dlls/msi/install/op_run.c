/*
 * Custom actions of a script: deferred ones when their turn comes, rollback ones when what came
 * behind them is undone, commit ones before the commit.
 *
 * Fields: MSIRUNMODE_SCHEDULED, _ROLLBACK or _COMMIT, the action's name, its type, the program (of
 * types 1, 2, 5 and 6 a name of the Binary table), the function or command line, the folder to
 * start in, CustomActionData, ProductCode, UserSID, the product's language; of a note the program
 * is a path, and the last field says whether that is a file to be taken away afterwards. Of types
 * 37, 38, 53 and 54 the program is the text of the script.
 *
 * An action may have been run, or not, when its process is killed: nothing about that can be told.
 * A rollback action runs if its note was made durable, and so for every deed behind it.
 */
#include "families.h"

#include "custom.h"
#include "os.h"
#include "run.h"
#include "trace.h"
#include "utf16.h"

enum field {
    F_MODE,
    F_NAME,
    F_TYPE,
    F_PROGRAM,
    F_TARGET,
    F_FOLDER,
    F_DATA,
    F_PRODUCT,
    F_SID,
    F_LANGUAGE,
    F_TEMP
};

static bool in_package(const struct op *op)
{
    return custom_in_package((u32)op_number_at(op, F_TYPE));
}

static u32 run_it(const struct op *op, const char16_t *program, char16_t **temp)
{
    struct custom_action a = {
        .name = op_text_at(op, F_NAME),
        .type = (u32)op_number_at(op, F_TYPE),
        .mode = (u32)op_number_at(op, F_MODE),
        .program = program,
        .target = op_text_at(op, F_TARGET),
        .folder = op_text_at(op, F_FOLDER),
        .data = op_text_at(op, F_DATA),
        .product = op_text_at(op, F_PRODUCT),
        .sid = op_text_at(op, F_SID),
        .language = (u32)op_number_at(op, F_LANGUAGE),
    };
    u32 err = custom_run(NULL, &a, temp);

    /* that nothing more is to be done is no matter of a script's */
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

/* The file of an action that the package has, from os_alloc. */
static u32 extract(const struct op *op, char16_t **path)
{
    const char16_t *name = op_text_at(op, F_PROGRAM);
    struct session *s = custom_session();

    return s ? custom_extract(s, name, u16_len(name), path) : ERROR_INSTALL_FAILURE;
}

static u32 note(struct run *r, const struct op *op, struct op *undo)
{
    char16_t *path = NULL;
    u32 err = ERROR_SUCCESS;

    *undo = *op;
    if (!in_package(op))
        return err;
    err = extract(op, &path);
    if (err)
        return err;
    undo->f[F_PROGRAM].text = run_text(r, path, u16_len(path));
    undo->f[F_PROGRAM].len = u16_len(path);
    if (undo->f[F_PROGRAM].text) {
        op_number(undo, 1);
    } else {
        os_remove(path);
        err = ERROR_OUTOFMEMORY;
    }
    os_free(path);
    return err;
}

/* Without a note, which there is none of where rollback is off. */
static u32 run_unnoted(const struct op *op)
{
    char16_t *path = NULL;
    u32 err;

    if (!in_package(op))
        return run_it(op, op_text_at(op, F_PROGRAM), NULL);
    err = extract(op, &path);
    if (err)
        return err;
    err = run_it(op, path, &path);
    if (path)
        os_remove(path);
    os_free(path);
    return err;
}

static u32 perform(struct run *r, const struct op *op, const struct op *undo)
{
    UNUSED(r);
    if (op_number_at(op, F_MODE) != CUSTOM_MODE_SCHEDULED)
        return ERROR_SUCCESS;
    return undo->kind == OP_NONE ? run_unnoted(op) : run_it(op, op_text_at(undo, F_PROGRAM), NULL);
}

/* What a rollback action answers is no matter: undoing goes on. */
static u32 undo_it(struct run *r, const struct op *undo)
{
    UNUSED(r);
    if (op_number_at(undo, F_MODE) == CUSTOM_MODE_ROLLBACK &&
        run_it(undo, op_text_at(undo, F_PROGRAM), NULL))
        TRACE(TRACE_MSI, "a rollback action failed");
    return ERROR_SUCCESS;
}

static u32 commit(struct run *r, const struct op *undo)
{
    UNUSED(r);
    return op_number_at(undo, F_MODE) == CUSTOM_MODE_COMMIT
               ? run_it(undo, op_text_at(undo, F_PROGRAM), NULL)
               : ERROR_SUCCESS;
}

static u32 settle(struct run *r, const struct op *undo, bool committed)
{
    UNUSED(r);
    UNUSED(committed);
    if (op_number_at(undo, F_TEMP))
        os_remove(op_text_at(undo, F_PROGRAM));
    return ERROR_SUCCESS;
}

const struct op_family op_run = {
    .kind = OP_RUN,
    .name = "CustomActionSchedule",
    .alone = true,
    .note = note,
    .perform = perform,
    .undo = undo_it,
    .commit = commit,
    .settle = settle,
};
