/*
 * Single actions in a session that a program opened.
 *
 * The program goes through the actions itself, in whatever order. Those that change the machine
 * plan, as they do in a sequence, from the first of them on, and be there no InstallInitialize
 * before it; InstallExecute and InstallFinalize do what was planned, whole or not at all, and
 * InstallFinalize commits it. What was not committed when the session ends is undone. An action
 * that fails has planned nothing.
 */
#include "install_impl.h"

#include <stdatomic.h>

#include "custom.h"
#include "regplan.h"
#include "run.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

static _Atomic(const struct install_asked *) asked;

void install_asked_by(const struct install_asked *how)
{
    atomic_store_explicit(&asked, how, memory_order_release);
}

static const struct install_asked *how_now(void)
{
    return atomic_load_explicit(&asked, memory_order_acquire);
}

/* --- beginning ----------------------------------------------------------------------------------
 */

static bool has_begun(struct install *in)
{
    bool begun;

    os_mutex_lock(&in->s->lock);
    begun = in->started;
    os_mutex_unlock(&in->s->lock);
    return begun;
}

/* Where InstallInitialize was not. */
static u32 begin(struct install *in)
{
    u32 err = ERROR_INSTALL_FAILURE;

    os_mutex_lock(&in->s->lock);
    if (in->s->costed)
        err = install_identify(in);
    if (!err && !in->started) {
        install_set_started(in, true);
        in->by_itself = true;
    }
    os_mutex_unlock(&in->s->lock);
    return err;
}

/* The package is for this engine whole, or not at all, as in an installation. */
static u32 check(struct install *in)
{
    char16_t what[80] = u"";

    if (has_begun(in) || install_takes(in->s, what, ARRAY_LEN(what)))
        return ERROR_SUCCESS;
    TRACE(TRACE_MSI, "%s is not done here", trace_text(what, -1));
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* --- deeds --------------------------------------------------------------------------------------
 */

static u32 do_alone(struct install *in, const char16_t *action, size_t len)
{
    const struct install_asked *how = how_now();
    void *held = NULL;
    u32 err = how ? how->enter(&held) : ERROR_SUCCESS;

    if (err)
        return err;
    if (!in->run) /* another installation may have come and gone, or been killed */
        err = run_recover();
    if (!err)
        err = install_act(in, action, len);
    if (how)
        how->leave(held, err);
    return err;
}

/* RemoveExistingProducts alone is an installation of its own. */
static u32 do_deed(struct install *in, const char16_t *action, size_t len)
{
    u32 err = ERROR_SUCCESS;

    if (!u16_is(action, len, "InstallInitialize") &&
        !u16_is(action, len, "RemoveExistingProducts") && !has_begun(in))
        err = begin(in);
    return err ? err : do_alone(in, action, len);
}

/* --- the others ---------------------------------------------------------------------------------
 */

static u32 do_planner(struct install *in, const char16_t *action, size_t len)
{
    u32 err = has_begun(in) ? ERROR_SUCCESS : begin(in);

    return err ? err : install_act(in, action, len);
}

/* ExecuteAction stands for the action that a property names. */
static u32 do_top(struct install *in, const char16_t *action, size_t len)
{
    const struct install_asked *how = how_now();
    struct text_buf name;
    u32 err = ERROR_SUCCESS;

    if (!how)
        return ERROR_CALL_NOT_IMPLEMENTED;
    tb_init(&name);
    if (u16_is(action, len, "ExecuteAction"))
        err = session_get_property(in->s, u"EXECUTEACTION", 13, &name);
    else
        tb_add(&name, action, len);
    if (!err && !name.len)
        tb_ascii(&name, "INSTALL");
    if (!err && name.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = how->whole(in->s, name.s);
    tb_free(&name);
    return err;
}

/* What MsiDoAction may answer. */
static u32 code_of(u32 err)
{
    switch (err) {
    case ERROR_SUCCESS:
    case ERROR_NO_MORE_ITEMS:
    case ERROR_INSTALL_USEREXIT:
    case ERROR_INSTALL_SUSPEND:
    case ERROR_INSTALL_ALREADY_RUNNING:
    case ERROR_FUNCTION_NOT_CALLED:
    case ERROR_CALL_NOT_IMPLEMENTED:
    case ERROR_OUTOFMEMORY:
        return err;
    }
    return ERROR_INSTALL_FAILURE;
}

static u32 do_step(struct install *in, const char16_t *action, size_t len)
{
    u32 err;

    if (install_is_top(action, len))
        return do_top(in, action, len);
    if (!install_has(action, len)) /* a custom action, or one that is not done here */
        return install_act(in, action, len);
    err = check(in);
    if (err)
        return err;
    return install_is_deed(action, len) ? do_deed(in, action, len) : do_planner(in, action, len);
}

u32 install_step(struct install *in, const char16_t *action, size_t len)
{
    return code_of(do_step(in, action, len));
}

u32 install_wait(struct session *s)
{
    struct install *in;

    os_mutex_lock(&s->lock);
    in = s->install;
    os_mutex_unlock(&s->lock);
    return in ? code_of(custom_wait(in, false)) : ERROR_SUCCESS;
}
