/*
 * How custom actions are run.
 *
 * A script is run in this process, and a DLL is called here or in a host (rundll.c): in a thread of
 * its own that owns the handle of the session and every handle that the action opens; what it
 * leaves open is told and closed. A fault in the action ends its thread's call and is a failure.
 */
#include "runaction.h"

#include "install.h"
#include "log.h"
#include "os.h"
#include "trace.h"
#include "use.h"
#include "utf16.h"

/* --- what can be run ----------------------------------------------------------------------------
 */

static bool can_run(u32 type, const u8 *head, size_t len, bool wide)
{
    switch (type & CUSTOM_KIND) {
    case CUSTOM_DLL:
        return action_can_run_dll(type, head, len, wide);
    case CUSTOM_EXE:
    case CUSTOM_JSCRIPT:
    case CUSTOM_VBSCRIPT:
        return true;
    }
    return false;
}

/* --- threads ------------------------------------------------------------------------------------
 */

struct errand {
    struct session *s;
    const struct custom_action *action;
    u32 (*body)(void *ctx, MSIHANDLE install);
    void *ctx;
    MSIHANDLE handle;
    u32 left;
    bool ended;
};

static void run_body(void *errand)
{
    struct errand *e = errand;

    e->left = e->body(e->ctx, e->handle);
    e->ended = true;
}

static void tell_open(const struct custom_action *a, UINT open)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "Custom Action ");
    tb_add(&line, a->name, u16_len(a->name));
    tb_ascii(&line, " did not close ");
    tb_number(&line, (i32)open);
    tb_ascii(&line, " MSIHANDLEs.");
    if (!line.failed)
        log_tell("DEBUG: Error 2769:  ", line.s, line.len);
    tb_free(&line);
}

static DWORD WINAPI errand_thread(void *errand)
{
    struct errand *e = errand;
    UINT open;

    obj_ref(session_object(e->s));
    e->handle = hnd_open(session_object(e->s));
    if (!e->handle || !os_guard(run_body, e))
        TRACE(TRACE_MSI, "the custom action %s faulted", trace_text(e->action->name, -1));
    MsiCloseHandle(e->handle);
    open = MsiCloseAllHandles() + e->left;
    if (open)
        tell_open(e->action, open);
    return 0;
}

bool action_thread(struct session *s, const struct custom_action *a,
                   u32 (*body)(void *ctx, MSIHANDLE install), void *ctx)
{
    struct errand e = {.s = s, .action = a, .body = body, .ctx = ctx};
    HANDLE thread = CreateThread(NULL, 0, errand_thread, &e, 0, NULL);

    if (!thread)
        return false;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return e.ended;
}

/* --- all ----------------------------------------------------------------------------------------
 */

static u32 run_in_session(struct session *s, const struct custom_action *a,
                          struct custom_trouble *t)
{
    return custom_is_script(a->type) ? action_script(s, a, t) : action_dll(s, a, t);
}

static u32 run_action(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    const struct script_session how = {a->mode, a->data, a->product, a->sid, a->language};
    struct session *own;
    u32 result;

    if ((a->type & CUSTOM_KIND) == CUSTOM_EXE)
        return action_program(a, t);
    if (!a->mode)
        return run_in_session(s, a, t);
    result = session_open_script(&how, &own);
    if (result)
        return result;
    result = run_in_session(own, a, t);
    obj_unref(session_object(own));
    return result;
}

/* --- asynchronous ones --------------------------------------------------------------------------
 */

struct start {
    void (*fn)(void *arg);
    void *arg;
};

static DWORD WINAPI started(void *start)
{
    struct start s = *(struct start *)start;

    os_free(start);
    s.fn(s.arg);
    return 0;
}

static void *start_thread(void (*fn)(void *arg), void *arg)
{
    struct start *s = os_alloc(sizeof(*s));
    HANDLE thread;

    if (!s)
        return NULL;
    *s = (struct start){fn, arg};
    thread = CreateThread(NULL, 0, started, s, 0, NULL);
    if (!thread)
        os_free(s);
    return thread;
}

static void join_thread(void *thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void leave_thread(void *thread)
{
    CloseHandle(thread);
}

void run_actions(void)
{
    static const struct custom_ways ways = {can_run, run_action, start_thread, join_thread,
                                            leave_thread};

    custom_by(&ways);
    install_custom_by(custom_do);
    run_chainers();
}
