/*
 * Running what was planned, and the actions at the top.
 */
#include "install.h"

#include <string.h>

#include "actiontexts.h"
#include "chainer.h"
#include "custom.h"
#include "failure.h"
#include "install_impl.h"
#include "log.h"
#include "notice.h"
#include "run.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

/* --- messages -----------------------------------------------------------------------------------
 */

enum { ANSWER_CANCEL = 2 };

static struct notice_field text_field(const struct op *op, u32 i)
{
    struct notice_field f = {NULL, 0, false, 0};

    if (i < op->count && op->f[i].kind == OP_TEXT && op->f[i].len) {
        f.text = op->f[i].text;
        f.len = op->f[i].len;
    } else if (i < op->count && op->f[i].kind == OP_NUMBER) {
        f.is_number = true;
        f.number = (i32)op->f[i].number;
    }
    return f;
}

static void keep_template(struct install *in, const struct op *op)
{
    const char16_t *name = op_text_at(op, 0), *template = op_text_at(op, 2);
    struct text_buf text;
    size_t len;

    os_free(in->data_template);
    tb_init(&text);
    action_data_template(name, u16_len(name), template, u16_len(template), &text);
    in->data_template = tb_take(&text, &len);
    tb_free(&text);
}

static int tell_action(struct install *in, const struct op *op)
{
    static const char16_t template[] = u"Action [Time]: [1]. [2]";
    struct notice_field fields[4] = {{template, ARRAY_LEN(template) - 1, false, 0}};

    for (u32 i = 0; i < 3; i++)
        fields[1 + i] = text_field(op, i);
    keep_template(in, op);
    return notice_send(in->s, NOTICE_ACTION_START, fields, ARRAY_LEN(fields));
}

static int tell_data(struct install *in, const struct op *op)
{
    struct notice_field fields[OP_FIELDS + 1] = {{NULL, 0, false, 0}};

    if (in->data_template && in->data_template[0]) {
        fields[0].text = in->data_template;
        fields[0].len = u16_len(in->data_template);
    }
    for (u32 i = 0; i < op->count; i++)
        fields[1 + i] = text_field(op, i);
    return notice_send(in->s, NOTICE_ACTION_DATA, fields, op->count + 1);
}

static u32 told(void *ctx, const struct op *op)
{
    struct install *in = ctx;
    int answer = op->kind == OP_ACTION ? tell_action(in, op) : tell_data(in, op);

    return answer == ANSWER_CANCEL ? ERROR_INSTALL_USEREXIT : ERROR_SUCCESS;
}

/* "2, ticks": so many more are done; "0, total, forward, executing": it begins. */
static u32 progress(void *ctx, u64 done, u64 total)
{
    struct install *in = ctx;
    struct notice_field fields[5] = {{NULL, 0, false, 0}};
    bool begins = !done;
    u64 number = begins ? total : done - in->ticks;

    for (u32 i = 1; i < ARRAY_LEN(fields); i++)
        fields[i].is_number = true;
    fields[1].number = begins ? 0 : 2;
    fields[2].number = (i32)MIN(number, (u64)INT32_MAX);
    in->ticks = done;
    return notice_send(in->s, NOTICE_PROGRESS, fields, ARRAY_LEN(fields)) == ANSWER_CANCEL
               ? ERROR_INSTALL_USEREXIT
               : ERROR_SUCCESS;
}

static void hide(struct op *op, u32 field)
{
    static const char16_t stars[] = u"**********";

    if (field < op->count && op->f[field].kind == OP_TEXT && op->f[field].len)
        op->f[field] = (struct op_field){OP_TEXT, 0, stars, NULL, ARRAY_LEN(stars) - 1};
}

/* Without what nobody is to read. */
static struct op shown(const struct op *op)
{
    struct op copy = *op;

    if (op->kind == OP_SERVICE)
        hide(&copy, OP_SERVICE_PASSWORD);
    if (op->kind == OP_RUN && op_number_at(op, OP_RUN_TYPE) & CUSTOM_HIDE_TARGET) {
        hide(&copy, OP_RUN_TARGET);
        hide(&copy, OP_RUN_DATA);
        if (custom_is_text((u32)op_number_at(op, OP_RUN_TYPE)))
            hide(&copy, OP_RUN_PROGRAM);
    }
    return copy;
}

static void doing(void *ctx, const struct op *op)
{
    struct text_buf text;
    struct op copy;

    UNUSED(ctx);
    if (!log_is(LOG_VERBOSE))
        return;
    copy = shown(op);
    tb_init(&text);
    op_show(&copy, &text);
    if (!text.failed)
        log_tell("Executing op: ", text.s, text.len);
    tb_free(&text);
}

static void failed(void *ctx, const struct op *op, u32 err)
{
    struct install *in = ctx;
    struct op copy = shown(op);

    in->failure = err;
    tb_cut(&in->failed, 0);
    op_show(&copy, &in->failed);
    failure_tell(in->s, &copy, err, in->run ? run_media_trouble(in->run) : NULL);
}

/* A file is in use. */
static void later(void *ctx, const struct op *note)
{
    struct install *in = ctx;

    failure_tell_later(note);
    os_mutex_lock(&in->s->lock);
    in->reboot = in->s->reboot_at_end = true;
    if (prop_set(in->s, "ReplacedInUseFiles", u"1", 1))
        TRACE(TRACE_MSI, "no memory for ReplacedInUseFiles");
    os_mutex_unlock(&in->s->lock);
}

/* --- running ------------------------------------------------------------------------------------
 */

/* Others ask for it under the lock. */
static void give_run(struct install *in, struct run *run)
{
    os_mutex_lock(&in->s->lock);
    in->run = run;
    os_mutex_unlock(&in->s->lock);
}

u32 install_begin_run(struct install *in)
{
    struct run_ears ears = {.ctx = in,
                            .told = told,
                            .doing = doing,
                            .failed = failed,
                            .later = later,
                            .progress = progress};
    struct run *run;
    bool off;
    u32 err;

    if (in->run && !in->member)
        return ERROR_SUCCESS;
    os_mutex_lock(&in->s->lock);
    off = in->rollback_off || prop_get(in->s, "DISABLEROLLBACK") ||
          prop_get(in->s, "RollbackDisabled");
    os_mutex_unlock(&in->s->lock);
    if (in->member) {
        run_set_ears(in->run, &ears);
        run_set_rollback(in->run, !off);
        in->rollback_lost = in->rollback_lost || off;
        return ERROR_SUCCESS;
    }
    custom_script_of(in->s);
    err = run_begin(&ears, !off, &run);
    if (!err)
        give_run(in, run);
    return err;
}

static struct run *take_run(struct install *in)
{
    struct run *run;

    os_mutex_lock(&in->s->lock);
    run = in->run;
    in->run = NULL;
    os_mutex_unlock(&in->s->lock);
    return run;
}

static void take_script(struct install *in, struct buf *script)
{
    os_mutex_lock(&in->s->lock);
    *script = in->script;
    memset(&in->script, 0, sizeof(in->script));
    os_mutex_unlock(&in->s->lock);
}

static void end_script(struct install *in)
{
    os_mutex_lock(&in->s->lock);
    install_set_started(in, false);
    os_mutex_unlock(&in->s->lock);
}

u32 install_undo(struct install *in)
{
    u32 err = ERROR_SUCCESS;
    struct buf script;

    custom_wait(in, true);
    if (in->run && !in->nested) {
        err = run_undo(in->run);
        if (err)
            TRACE(TRACE_MSI, "something cannot be undone yet: %u", err);
        in->left = err;
        run_end(take_run(in));
    }
    if (!in->nested && custom_session() == in->s)
        custom_script_of(NULL); /* also where a chainer has ended the run */
    if (!in->member)
        take_run(in);
    take_script(in, &script);
    buf_free(&script);
    end_script(in);
    return err;
}

/* Its custom actions are those of this session's package, also within another's run. */
static u32 run_own(struct install *in, const struct buf *script)
{
    struct session *before = custom_session();
    u32 err;

    custom_script_of(in->s);
    err = run_script(in->run, script->data, script->len);
    if (in->nested)
        custom_script_of(before);
    return err;
}

/* The script is taken over first: an operation may plan more. */
u32 install_execute(struct install *in)
{
    struct buf script;
    u32 err;

    if (!in->started)
        return ERROR_INSTALL_FAILURE;
    take_script(in, &script);
    in->ticks = 0;
    err = install_begin_run(in);
    if (!err)
        err = run_own(in, &script);
    buf_free(&script);
    if (err)
        install_undo(in);
    return err;
}

u32 install_finalize(struct install *in)
{
    u32 err = install_execute(in);
    bool ended = false; /* by a chainer, and in->run with it */

    if (err)
        return err;
    err = custom_wait(in, true);
    if (!err && (!in->nested || in->member))
        err = chainer_run(in, &ended);
    if (err) {
        install_undo(in);
        return err;
    }
    if (in->nested && !ended) {
        end_script(in);
        in->committed = true;
        return ERROR_SUCCESS;
    }
    err = ended ? ERROR_SUCCESS : run_commit(in->run);
    if (err) {
        install_undo(in);
        return err;
    }
    run_end(take_run(in));
    custom_script_of(NULL);
    end_script(in);
    in->committed = true;
    return ERROR_SUCCESS;
}

/* --- the top ------------------------------------------------------------------------------------
 */

static u32 code_of(u32 err)
{
    switch (err) {
    case ERROR_SUCCESS:
    case ERROR_NO_MORE_ITEMS: /* an action has said that nothing more is to be done */
        return ERROR_SUCCESS;
    case ERROR_INSTALL_USEREXIT:
    case ERROR_INSTALL_SUSPEND:
    case ERROR_INSTALL_ALREADY_RUNNING:
    case ERROR_CALL_NOT_IMPLEMENTED:
        return err;
    }
    return ERROR_INSTALL_FAILURE;
}

enum { TOPS = 4 }; /* a sequence may name what runs it */

/* Before the first action of a whole installation. */
static void tell_start(struct install *in)
{
    struct notice_field fields[3] = {{NULL, 0, false, 0}};
    struct text_buf name, code;

    tb_init(&name);
    tb_init(&code);
    if (!session_get_property(in->s, u"ProductName", 11, &name) &&
        !session_get_property(in->s, u"ProductCode", 11, &code)) {
        fields[1].text = name.s;
        fields[1].len = name.len;
        fields[2].text = code.s;
        fields[2].len = code.len;
        notice_send(in->s, NOTICE_INSTALL_START, fields, ARRAY_LEN(fields));
    }
    tb_free(&name);
    tb_free(&code);
}

static u32 run_sequence(struct session *s, const char16_t *table)
{
    struct install *in = s->install;
    u32 err, waited;

    if (in->depth >= TOPS)
        return ERROR_INSTALL_FAILURE;
    os_mutex_lock(&s->lock);
    err = context_settle(s);
    os_mutex_unlock(&s->lock);
    if (err)
        return err;
    if (in->announces)
        tell_start(in);
    in->announces = false;
    in->depth++;
    err = code_of(session_sequence(s, table, u16_len(table)));
    waited = custom_wait(in, false);
    if (!err)
        err = code_of(waited);
    in->depth--;
    /* without InstallFinalize nothing stays */
    install_lapse(in);
    return err;
}

static const struct {
    const char *action;
    const char16_t *table;
} tops[] = {
    {"INSTALL", u"InstallExecuteSequence"},
    {"ADMIN", u"AdminExecuteSequence"},
    {"ADVERTISE", u"AdvtExecuteSequence"},
};

static u32 run_top(struct session *s, const char16_t *action, size_t len)
{
    const struct install *in = s->install;
    u32 err;

    for (size_t i = 0; i < ARRAY_LEN(tops); i++)
        if (u16_is(action, len, tops[i].action)) {
            err = run_sequence(s, tops[i].table);
            /* a package without that sequence is neither advertised nor an image */
            return !err && i && !in->committed ? ERROR_INSTALL_FAILURE : err;
        }
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* The action, or the table, that a property names; without it INSTALL. */
static u32 run_named(struct session *s, const char16_t *property, bool table)
{
    struct text_buf name;
    u32 err;

    tb_init(&name);
    err = session_get_property(s, property, u16_len(property), &name);
    if (!err && !name.len)
        err = table ? ERROR_INSTALL_FAILURE : run_top(s, u"INSTALL", 7);
    else if (!err)
        err = table ? run_sequence(s, name.s) : run_top(s, name.s, name.len);
    tb_free(&name);
    return err;
}

bool install_is_top(const char16_t *action, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(tops); i++)
        if (u16_is(action, len, tops[i].action))
            return true;
    return u16_is(action, len, "ExecuteAction") || u16_is(action, len, "SEQUENCE");
}

/* The dialogs of the UI sequences are not shown here, so the execute sequences run at once: what is
 * done with a user interface of none and basic. */
u32 install_top_level(struct session *s, const char16_t *action, size_t len)
{
    if (u16_is(action, len, "ExecuteAction"))
        return run_named(s, u"EXECUTEACTION", false);
    if (u16_is(action, len, "SEQUENCE"))
        return run_named(s, u"SEQUENCE", true);
    return run_top(s, action, len);
}
