/*
 * Services: made, changed, deleted, started, stopped.
 *
 * Fields: the verb, the name; of a start its list of arguments as bytes, and whether to wait; of a
 * stop whether to wait; of one put its type, start and error control, binary, display name, group,
 * list of dependencies as bytes, account, password, description. A failure that is no matter is
 * said in the last field of these.
 *
 * A note is the operation that undoes it, and undoing does it. What cannot be had back is the
 * password of a deleted service, which nobody tells.
 */
#include "families.h"

#include <string.h>

#include "op_service.h"
#include "os.h"
#include "regbehind.h"
#include "run.h"
#include "svc.h"
#include "trace.h"
#include "utf16.h"

enum field {
    F_VERB,
    F_NAME,
    F_ARGS, /* of a start */
    F_WAIT, /* of a start and a stop */
    F_TYPE = 2,
    F_START,
    F_ERROR,
    F_BINARY,
    F_DISPLAY,
    F_GROUP,
    F_DEPENDENCIES,
    F_ACCOUNT,
    F_PASSWORD,
    F_DESCRIPTION,
    F_LENIENT = 15,
};

/* --- operations ---------------------------------------------------------------------------------
 */

static void op_list(struct op *op, const char16_t *list)
{
    size_t n = 0;

    while (list && list[n])
        n += u16_len(list + n) + 1;
    if (list)
        op_bytes(op, list, (n + 1) * sizeof(*list));
    else
        op_text(op, NULL);
}

static void lenient(struct op *op, bool is)
{
    while (op->count < F_LENIENT)
        op_text(op, NULL);
    op_number(op, is);
}

void op_service_put(struct op *op, const char16_t *name, const struct svc_config *c, bool may_fail)
{
    op_begin(op, OP_SERVICE);
    op_number(op, SERVICE_PUT);
    op_text(op, name);
    op_number(op, c->type);
    op_number(op, c->start);
    op_number(op, c->error);
    op_text(op, c->binary);
    op_text(op, c->display);
    op_text(op, c->group);
    op_list(op, c->dependencies);
    op_text(op, c->account);
    op_text(op, c->password);
    op_text(op, c->description);
    lenient(op, may_fail);
}

void op_service_do(struct op *op, u32 verb, const char16_t *name, const char16_t *args, bool wait,
                   bool may_fail)
{
    op_begin(op, OP_SERVICE);
    op_number(op, verb);
    op_text(op, name);
    op_list(op, args);
    op_number(op, wait);
    lenient(op, may_fail);
}

/* A list from a script is a list only if it ends. Aligned, from run_memory; NULL where it is none.
 */
static u32 list_at(struct run *r, const struct op *op, u32 i, const char16_t **list)
{
    const struct op_field *f = &op->f[i];
    size_t n = f->len / sizeof(char16_t);
    char16_t *copy;

    *list = NULL;
    if (i >= op->count || f->kind != OP_BYTES)
        return ERROR_SUCCESS;
    copy = run_memory(r, (n + 2) * sizeof(*copy));
    if (!copy)
        return ERROR_OUTOFMEMORY;
    memcpy(copy, f->bytes, n * sizeof(*copy));
    copy[n] = copy[n + 1] = 0;
    *list = copy;
    return ERROR_SUCCESS;
}

static const char16_t *text_or_null(const struct op *op, u32 i)
{
    return i < op->count && op->f[i].kind == OP_TEXT ? op->f[i].text : NULL;
}

static u32 put(struct run *r, const struct op *op)
{
    struct svc_config c = {
        .type = (u32)op_number_at(op, F_TYPE),
        .start = (u32)op_number_at(op, F_START),
        .error = (u32)op_number_at(op, F_ERROR),
        .binary = text_or_null(op, F_BINARY),
        .display = text_or_null(op, F_DISPLAY),
        .group = text_or_null(op, F_GROUP),
        .account = text_or_null(op, F_ACCOUNT),
        .password = text_or_null(op, F_PASSWORD),
        .description = text_or_null(op, F_DESCRIPTION),
    };
    u32 err = list_at(r, op, F_DEPENDENCIES, &c.dependencies);

    return err ? err : svc_put(op_text_at(op, F_NAME), &c);
}

static u32 start(struct run *r, const struct op *op)
{
    const char16_t *args;
    u32 err = list_at(r, op, F_ARGS, &args);

    return err ? err : svc_start(op_text_at(op, F_NAME), args, op_number_at(op, F_WAIT) != 0);
}

static u32 act(struct run *r, const struct op *op)
{
    switch (op_number_at(op, F_VERB)) {
    case SERVICE_PUT:
        return put(r, op);
    case SERVICE_START:
        return start(r, op);
    case SERVICE_STOP:
        return svc_stop(op_text_at(op, F_NAME), op_number_at(op, F_WAIT) != 0);
    case SERVICE_DELETE:
        return svc_delete(op_text_at(op, F_NAME));
    }
    return ERROR_INVALID_DATA;
}

/* --- the family ---------------------------------------------------------------------------------
 */

/* How it is now, for ever in the run's memory. */
static u32 note_config(struct run *r, const char16_t *name, struct op *undo)
{
    struct svc_config c;
    void *block = NULL;
    u32 err = svc_query(name, &c, &block);

    if (!err) {
        op_service_put(undo, name, &c, false);
        for (u32 i = 0; !err && i < undo->count; i++) {
            struct op_field *f = &undo->f[i];

            if (f->kind == OP_TEXT)
                f->text = run_text(r, f->text, f->len);
            else if (f->kind == OP_BYTES && (f->bytes = run_memory(r, f->len)))
                memcpy((u8 *)f->bytes, c.dependencies, f->len);
            if ((f->kind == OP_TEXT && !f->text) || (f->kind == OP_BYTES && !f->bytes))
                err = ERROR_OUTOFMEMORY;
        }
    }
    os_free(block);
    return err;
}

static u32 note(struct run *r, const struct op *op, struct op *undo)
{
    const char16_t *name = op_text_at(op, F_NAME);
    i64 verb = op_number_at(op, F_VERB);
    bool running = false;
    u32 err;

    if (verb == SERVICE_PUT || verb == SERVICE_DELETE) {
        err = note_config(r, name, undo);
        if (err != ERROR_SERVICE_DOES_NOT_EXIST)
            return err;
        if (verb == SERVICE_DELETE)
            return ERROR_NO_MORE_ITEMS;
        op_service_do(undo, SERVICE_DELETE, name, NULL, false, false);
        return ERROR_SUCCESS;
    }
    err = svc_running(name, &running);
    if (verb == SERVICE_STOP && (err || !running))
        return ERROR_NO_MORE_ITEMS; /* what is not there does not run */
    if (verb == SERVICE_START && !err && running)
        return ERROR_NO_MORE_ITEMS;
    op_service_do(undo, verb == SERVICE_START ? SERVICE_STOP : SERVICE_START, name, NULL, true,
                  true);
    return ERROR_SUCCESS;
}

static u32 perform(struct run *r, const struct op *op, const struct op *undo)
{
    u32 err = act(r, op);

    UNUSED(undo);
    if (err)
        TRACE(TRACE_MSI, "service %s, verb %d: %u", trace_text(op_text_at(op, F_NAME), -1),
              (int)op_number_at(op, F_VERB), err);
    if (op_number_at(op, F_LENIENT) && err != ERROR_OUTOFMEMORY)
        return ERROR_SUCCESS;
    return err;
}

static u32 undo_it(struct run *r, const struct op *undo)
{
    u32 err = act(r, undo);

    /* what is not there need not be deleted or stopped; and a start that fails now failed before */
    if (err == ERROR_SERVICE_DOES_NOT_EXIST || op_number_at(undo, F_LENIENT))
        return ERROR_SUCCESS;
    return err;
}

/* Whether they run is no matter of the registry. */
static u32 after(struct run *r, const struct op *undo, bool done, struct op *now)
{
    const char16_t *name = op_text_at(undo, F_NAME);
    i64 verb = op_number_at(undo, F_VERB);
    u32 err;

    UNUSED(done);
    if ((verb != SERVICE_PUT && verb != SERVICE_DELETE) ||
        !behind_has(REG_MACHINE, REG_VIEW_64, u"System\\CurrentControlSet\\Services"))
        return ERROR_SUCCESS;
    err = note_config(r, name, now);
    if (err != ERROR_SERVICE_DOES_NOT_EXIST)
        return err;
    op_service_do(now, SERVICE_DELETE, name, NULL, false, false);
    return ERROR_SUCCESS;
}

const struct op_family op_service = {
    .kind = OP_SERVICE,
    .name = "ServiceControl",
    .alone = true,
    .note = note,
    .perform = perform,
    .undo = undo_it,
    .after = after,
};
