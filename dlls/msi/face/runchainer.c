/*
 * How embedded chainers get at the transaction of their package: others know of it while the
 * program runs, and may install.
 */
#include <windows.h>
#include <msi.h>

#include "chainer.h"
#include "execmutex.h"
#include "handle.h"
#include "os.h"
#include "run.h"
#include "runaction.h"
#include "trace.h"
#include "transacting.h"

/* One installation of a process waits for a chainer at a time, since it has the mutex but for that
 * wait; a chainer's own packages may have some in other processes. */
static HANDLE paused;

static u32 make_known(const char16_t name[RUN_NAME], bool member, u32 *handle)
{
    HANDLE changed = NULL;
    u32 err = ERROR_SUCCESS;

    *handle = member ? transacting_handle() : transacting_new_handle();
    if (!*handle)
        return ERROR_OUTOFMEMORY;
    if (!member)
        err = transacting_begin(*handle, name, &changed);
    if (changed)
        CloseHandle(changed);
    if (!err)
        paused = exec_mutex_pause();
    return err;
}

/* Who joined and left without having ended it is no owner any more. */
static bool ended_well(u32 handle)
{
    enum transacting_end end = transacting_outcome(handle);

    if (end == TRANSACTING_OPEN) {
        TRACE(TRACE_MSI, "the chainer has not ended the transaction");
        run_recover();
    }
    return end == TRANSACTING_COMMITTED;
}

static bool make_unknown(u32 handle, bool member, bool given)
{
    bool committed;

    exec_mutex_resume(paused);
    committed = given && ended_well(handle);
    if (!committed && (given || !member))
        transacting_forget(handle);
    if (!member)
        hnd_close(handle);
    return committed;
}

void run_chainers(void)
{
    static const struct chainer_ways ways = {make_known, make_unknown};

    chainer_by(&ways);
}
