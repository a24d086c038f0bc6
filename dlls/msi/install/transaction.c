/*
 * A transaction over several installations.
 */
#include "transaction.h"

#include "custom.h"
#include "install_impl.h"
#include "os.h"
#include "run.h"
#include "session_impl.h"
#include "trace.h"

/* What goes with a transaction to another process. */
enum { SPOILT = 1, ROLLBACK_LOST = 2 };

static struct {
    struct os_mutex lock;
    struct run *run; /* NULL: there is no transaction */
    u32 flags;
    bool busy; /* an installation, or an end, is going on */
    struct session *of;
    u32 place;      /* of the run, where the installation began */
    u32 lent_place; /* of the one that waits for its chainer */
} t;

/* --- whose turn it is ---------------------------------------------------------------------------
 */

/* ERROR_ACCESS_DENIED: there is none; ERROR_INSTALL_ALREADY_RUNNING. */
static u32 make_busy(void)
{
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&t.lock);
    if (t.busy)
        err = ERROR_INSTALL_ALREADY_RUNNING;
    else if (!t.run)
        err = ERROR_ACCESS_DENIED;
    else
        t.busy = true;
    os_mutex_unlock(&t.lock);
    return err;
}

static void make_idle(struct run *run, u32 flags)
{
    os_mutex_lock(&t.lock);
    t.run = run;
    t.flags = flags;
    t.of = NULL;
    t.busy = false;
    os_mutex_unlock(&t.lock);
}

bool transaction_is_open(void)
{
    bool is;

    os_mutex_lock(&t.lock);
    is = t.run != NULL;
    os_mutex_unlock(&t.lock);
    return is;
}

/* Nobody else begins or joins one in this process until make_idle. */
static u32 be_first(void)
{
    bool first;

    os_mutex_lock(&t.lock);
    first = !t.run && !t.busy;
    t.busy = t.busy || first;
    os_mutex_unlock(&t.lock);
    return first ? ERROR_SUCCESS : ERROR_INSTALL_ALREADY_RUNNING;
}

/* --- beginning and ending -----------------------------------------------------------------------
 */

u32 transaction_begin(char16_t name[RUN_NAME])
{
    struct run *run = NULL;
    u32 err = be_first();

    if (err)
        return err;
    err = run_recover();
    if (!err)
        err = run_begin(NULL, true, &run);
    if (!err)
        err = run_show(run, name);
    if (err) {
        run_end(run);
        run = NULL;
    }
    make_idle(run, 0);
    return err;
}

static u32 undo(u32 flags)
{
    u32 err = run_undo(t.run);

    if (err)
        TRACE(TRACE_MSI, "something of the transaction cannot be undone yet: %u", err);
    if (flags & ROLLBACK_LOST)
        return ERROR_ROLLBACK_DISABLED;
    return err ? ERROR_INSTALL_FAILURE : ERROR_SUCCESS;
}

u32 transaction_end(bool commit)
{
    u32 err = make_busy(), undone;

    if (err)
        return err;
    custom_script_of(NULL);
    run_set_ears(t.run, NULL);
    if (commit && t.flags & SPOILT)
        err = ERROR_INSTALL_FAILURE;
    else if (commit && run_commit(t.run))
        err = ERROR_INSTALL_FAILURE;
    if (err || !commit) {
        undone = undo(t.flags);
        err = undone ? undone : err;
    }
    run_end(t.run);
    make_idle(NULL, 0);
    TRACE(TRACE_MSI, "the transaction ends: %u", err);
    return err;
}

/* --- installations ------------------------------------------------------------------------------
 */

static struct install *lock_install(struct session *s)
{
    struct install *in;

    os_mutex_lock(&s->lock);
    in = install_of(s);
    if (!in)
        os_mutex_unlock(&s->lock);
    return in;
}

u32 transaction_enter(struct session *s)
{
    u32 err = make_busy();
    struct install *in;

    if (err)
        return err == ERROR_ACCESS_DENIED ? ERROR_SUCCESS : err;
    in = lock_install(s);
    if (!in) {
        make_idle(t.run, t.flags);
        return ERROR_OUTOFMEMORY;
    }
    in->run = t.run;
    in->nested = in->member = true;
    in->committed = in->rollback_lost = false;
    t.of = s;
    os_mutex_unlock(&s->lock);
    err = run_mark(t.run, &t.place);
    return err ? transaction_leave(s, err) : ERROR_SUCCESS;
}

static bool is_good(u32 err)
{
    return !err || err == ERROR_SUCCESS_REBOOT_REQUIRED || err == ERROR_SUCCESS_REBOOT_INITIATED;
}

/* A package that asks for a restart by an action is not for transactions; others go on. */
static u32 end_member(struct session *s, struct install *in, u32 err)
{
    bool lost = in->rollback_lost;
    u32 flags = t.flags;

    if (s->reboot_scheduled) {
        TRACE(TRACE_MSI, "a package that restarts is none for a transaction");
        err = is_good(err) ? ERROR_INSTALL_FAILURE : err;
    } else if (!is_good(err)) {
        flags |= SPOILT;
    }
    if (lost)
        flags |= ROLLBACK_LOST;
    run_set_media(t.run, NULL, NULL);
    run_set_ears(t.run, NULL);
    run_set_rollback(t.run, true);
    if ((!is_good(err) || !in->committed) && run_undo_from(t.run, t.place))
        flags |= SPOILT;
    os_mutex_lock(&s->lock);
    in->run = NULL;
    in->nested = in->member = false; /* its session may go on */
    os_mutex_unlock(&s->lock);
    make_idle(t.run, flags);
    return err;
}

u32 transaction_leave(struct session *s, u32 err)
{
    struct install *in;

    if (t.of != s || !t.busy)
        return err;
    os_mutex_lock(&s->lock);
    in = s->install;
    os_mutex_unlock(&s->lock);
    return end_member(s, in, err);
}

bool transaction_excludes_others(void)
{
    bool is;

    os_mutex_lock(&t.lock);
    is = t.run != NULL;
    if (is)
        t.flags |= SPOILT;
    os_mutex_unlock(&t.lock);
    if (is)
        TRACE(TRACE_MSI, "what is not for this engine is not for a transaction");
    return is;
}

u32 transaction_lend(struct install *in, char16_t name[RUN_NAME])
{
    u32 err;

    if (in->member) {
        err = run_show(in->run, name);
        t.lent_place = t.place;
        if (!err)
            make_idle(t.run, t.flags);
        return err;
    }
    err = be_first();
    if (err)
        return err;
    err = run_show(in->run, name);
    make_idle(err ? NULL : in->run, 0);
    return err;
}

bool transaction_regain(struct install *in)
{
    bool ours;

    os_mutex_lock(&t.lock);
    ours = t.run && t.run == in->run && !t.busy;
    if (ours && in->member) {
        t.busy = true;
        t.of = in->s;
        t.place = t.lent_place;
    } else if (ours) {
        t.run = NULL;
    } else {
        in->run = NULL;
        in->nested = in->member = false;
    }
    os_mutex_unlock(&t.lock);
    return ours;
}

/* --- from process to process -------------------------------------------------------------------
 */

u32 transaction_give(void)
{
    u32 err = make_busy();

    if (err)
        return err;
    err = run_give(t.run, t.flags);
    make_idle(err ? t.run : NULL, t.flags);
    return err;
}

u32 transaction_join(const char16_t *name, u32 timeout_ms, u32 (*waits)(void *ctx), void *ctx)
{
    struct run *run = NULL;
    u32 err = be_first(), flags = 0;

    if (err)
        return err;
    err = run_take(name, timeout_ms, waits, ctx, &run, &flags);
    make_idle(run, flags);
    return err == ERROR_FILE_NOT_FOUND   ? ERROR_INVALID_HANDLE_STATE
           : err == ERROR_LOCK_VIOLATION ? ERROR_INSTALL_ALREADY_RUNNING
                                         : err;
}
