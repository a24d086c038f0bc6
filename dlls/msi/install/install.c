/*
 * Planning: the actions of a session add operations to its script.
 */
#include "install.h"

#include <stdatomic.h>

#include "actiontexts.h"
#include "apart.h"
#include "custom.h"
#include "errorrec.h"
#include "install_impl.h"
#include "notice.h"
#include "regplan.h"
#include "run.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

/* --- the script ---------------------------------------------------------------------------------
 */

static u32 write_action(struct install *in)
{
    struct action_text t;
    struct op op;
    u32 err;

    if (in->action_written || !in->action)
        return ERROR_SUCCESS;
    err = action_text_of(in->s->db, in->action, in->action_len, &t);
    op_begin(&op, OP_ACTION);
    op_text_n(&op, in->action, in->action_len);
    op_text_n(&op, t.description, t.description_len);
    op_text_n(&op, t.template, t.template_len);
    if (!err)
        err = op_write(&in->script, &op);
    in->action_written = !err;
    action_text_free(&t);
    return err;
}

u32 plan(struct install *in, const struct op *op)
{
    u32 err = in->started ? write_action(in) : ERROR_INSTALL_FAILURE;

    if (!in->started) {
        TRACE(TRACE_MSI, "an operation before InstallInitialize");
        in->untimely = true;
    }
    return err ? err : op_write(&in->script, op);
}

u32 plan_data(struct install *in, u32 count, const char16_t *const *texts)
{
    struct op op;

    op_begin(&op, OP_DATA);
    for (u32 i = 0; i < MIN(count, (u32)OP_FIELDS); i++)
        op_text(&op, texts[i]);
    return plan(in, &op);
}

/* --- the installation of a session --------------------------------------------------------------
 */

static void end(void *install)
{
    struct install *in = install;

    install_undo(in);
    custom_abandon(in);
    buf_free(&in->script);
    os_free(in->product_code);
    os_free(in->sid);
    apart_end(in);
    os_free(in->data_template);
    tb_free(&in->failed);
    os_free(in);
}

struct install *install_of(struct session *s)
{
    struct install *in = s->install;

    if (in)
        return in;
    in = os_calloc(1, sizeof(*in));
    if (!in)
        return NULL;
    in->s = s;
    tb_init(&in->failed);
    s->install = in;
    return in;
}

void install_set_started(struct install *in, bool started)
{
    in->started = in->s->spools = started;
    in->by_itself = false;
}

/* No message of the documents is of that. It goes out without the lock: a handler may call
 * anything. */
static void tell_code(struct session *s)
{
    static const char16_t text[] = u"The ProductCode of the package is missing, or no GUID.";

    os_mutex_unlock(&s->lock);
    notice_error(s, text, ARRAY_LEN(text) - 1);
    os_mutex_lock(&s->lock);
}

static u32 start(struct install *in)
{
    u32 err;

    if (in->started && session_asks(in->s)) {
        in->by_itself = false;
        return ERROR_SUCCESS;
    }
    if (!in->s->costed || in->started)
        return ERROR_INSTALL_FAILURE;
    install_set_started(in, true);
    err = install_identify(in);
    if (err == ERROR_INSTALL_PACKAGE_INVALID)
        tell_code(in->s);
    return err;
}

static u32 disable_rollback(struct install *in)
{
    in->rollback_off = true;
    return ERROR_SUCCESS;
}

static const struct install_action own[] = {
    {"InstallInitialize", start},
    {"DisableRollback", disable_rollback},
    {NULL, NULL},
};

/* Without the lock. */
static const struct install_action runs[] = {
    {"ForceReboot", install_force_reboot},
    {"InstallExecute", install_execute},
    {"InstallExecuteAgain", install_execute},
    {"InstallFinalize", install_finalize},
    {"RemoveExistingProducts", install_remove_existing},
    {NULL, NULL},
};

static const struct install_action *find(const struct install_action *list, const char16_t *action,
                                         size_t len)
{
    while (list->name && !u16_is(action, len, list->name))
        list++;
    return list->name ? list : NULL;
}

bool install_has(const char16_t *action, size_t len)
{
    return find(own, action, len) || find(runs, action, len) || find(install_actions, action, len);
}

static u32 do_planner(struct install *in, const struct install_action *a, const char16_t *action,
                      size_t len)
{
    size_t before;
    u32 err;

    os_mutex_lock(&in->s->lock);
    before = in->script.len;
    in->action = action;
    in->action_len = len;
    in->action_written = false;
    err = a->plan(in);
    in->action = NULL;
    if (err && in->script.len > before) /* it has planned nothing */
        in->script.len = before;
    os_mutex_unlock(&in->s->lock);
    return err;
}

static _Atomic(install_custom) custom;

void install_custom_by(install_custom run)
{
    atomic_store_explicit(&custom, run, memory_order_release);
}

bool install_has_custom(void)
{
    return atomic_load_explicit(&custom, memory_order_acquire) != NULL;
}

static u32 do_custom(struct session *s, const char16_t *action, size_t len)
{
    install_custom run = atomic_load_explicit(&custom, memory_order_acquire);

    return run ? run(s, action, len) : ERROR_CALL_NOT_IMPLEMENTED;
}

/* An action that is not here is done where there is nothing for it to do. */
static u32 do_missing(struct session *s, const char16_t *action, size_t len)
{
    bool work;
    u32 err;

    os_mutex_lock(&s->lock);
    err = install_has_work(s, action, len, &work);
    os_mutex_unlock(&s->lock);
    return err ? err : work ? ERROR_CALL_NOT_IMPLEMENTED : ERROR_SUCCESS;
}

/* One at a time: another thread may ask for one meanwhile. */
static bool begin_deed(struct install *in, bool lapses)
{
    bool busy;

    os_mutex_lock(&in->s->lock);
    busy = in->deed;
    in->deed = true;
    in->lapses = in->lapses || lapses;
    os_mutex_unlock(&in->s->lock);
    return !busy;
}

/* Whether there is something to be undone before it has ended. */
static bool end_deed(struct install *in)
{
    bool rest;

    os_mutex_lock(&in->s->lock);
    rest = in->lapses && ((in->run && !in->member) || in->started);
    in->lapses = false;
    in->deed = rest;
    os_mutex_unlock(&in->s->lock);
    return rest;
}

bool install_begin_deed(struct install *in)
{
    return begin_deed(in, false);
}

u32 install_end_deed(struct install *in)
{
    u32 err = ERROR_SUCCESS;

    while (end_deed(in)) {
        install_undo(in);
        err = ERROR_INSTALL_FAILURE;
    }
    return err;
}

static u32 do_run(struct install *in, const struct install_action *a)
{
    u32 err, lapsed;

    if (!install_begin_deed(in))
        return ERROR_INSTALL_FAILURE;
    err = a->plan(in);
    lapsed = install_end_deed(in);
    return err ? err : lapsed;
}

void install_lapse(struct install *in)
{
    if (begin_deed(in, true))
        install_end_deed(in);
}

u32 install_act(struct install *in, const char16_t *action, size_t len)
{
    const struct install_action *a = find(runs, action, len);
    u32 err;

    if (a)
        return do_run(in, a);
    /* What a process that was killed left is undone before anything is looked at. Who has a run
     * already is its owner. */
    if (u16_is(action, len, "InstallInitialize") && !in->run && (err = run_recover()))
        return err;
    if ((a = find(own, action, len)) || (a = find(install_actions, action, len)))
        return do_planner(in, a, action, len);
    err = install_top_level(in->s, action, len);
    if (err != ERROR_CALL_NOT_IMPLEMENTED)
        return err;
    return session_is_installers(action, len) ? do_missing(in->s, action, len)
                                              : do_custom(in->s, action, len);
}

bool install_is_deed(const char16_t *action, size_t len)
{
    return find(runs, action, len) || u16_is(action, len, "InstallInitialize");
}

static u32 act(struct session *s, const char16_t *action, size_t len)
{
    struct install *in;
    bool busy, untimely;
    u32 err;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    busy = in && run_is_running(in->run);
    os_mutex_unlock(&s->lock);
    if (!in)
        return ERROR_OUTOFMEMORY;
    if (busy) /* a handler of its messages asks */
        return ERROR_INSTALL_FAILURE;
    err = session_asks(s) ? install_step(in, action, len) : install_act(in, action, len);
    os_mutex_lock(&s->lock);
    untimely = in->untimely;
    in->untimely = false;
    os_mutex_unlock(&s->lock);
    if (untimely)
        notice_untimely(s);
    return err;
}

void install_start(void)
{
    static const struct session_installer installer = {act, end};

    session_installed_by(&installer);
}
