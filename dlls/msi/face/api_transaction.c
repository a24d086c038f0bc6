/*
 * Transactions over several packages: MsiBeginTransaction, MsiJoinTransaction, MsiEndTransaction.
 *
 * The handle is one of this process's table; its number is what other processes join with. To close
 * it ends nothing.
 */
#include <windows.h>
#include <msi.h>

#include "execmutex.h"
#include "handle.h"
#include "install.h"
#include "reg.h"
#include "runaction.h"
#include "strio.h"
#include "trace.h"
#include "transacting.h"
#include "transaction.h"

enum {
    JOIN_ATTRIBUTES = MSITRANSACTION_CHAIN_EMBEDDEDUI | MSITRANSACTION_JOIN_EXISTING_EMBEDDEDUI
};

/* The policy DisableRollback, of the machine or the user. */
static bool policy_set(enum reg_root root)
{
    struct reg_key *key;
    u32 value = 0;

    if (reg_open(root, u"Software\\Policies\\Microsoft\\Windows\\Installer", &key))
        return false;
    if (reg_get_number(key, u"DisableRollback", &value))
        value = 0;
    reg_close(key);
    return value == 1;
}

/* --- beginning ----------------------------------------------------------------------------------
 */

/* Nothing of this machine's is being installed. */
static u32 begin_alone(char16_t name[RUN_NAME])
{
    HANDLE mutex;
    u32 err = exec_mutex_take(&mutex);

    if (err)
        return err;
    err = transaction_begin(name);
    exec_mutex_give(mutex);
    return err;
}

static u32 begin(MSIHANDLE *handle, HANDLE *changed)
{
    char16_t name[RUN_NAME];
    MSIHANDLE h;
    u32 err;

    if (policy_set(REG_MACHINE) || policy_set(REG_USER))
        return ERROR_ROLLBACK_DISABLED;
    h = transacting_new_handle();
    if (!h)
        return ERROR_OUTOFMEMORY;
    install_start();
    run_actions();
    err = begin_alone(name);
    if (!err)
        err = transacting_begin(h, name, changed);
    if (err)
        hnd_close(h);
    else
        *handle = h;
    return err;
}

static u32 check_and_begin(bool named, DWORD attributes, MSIHANDLE *handle, HANDLE *changed)
{
    u32 err;

    if (!named || attributes & ~(DWORD)MSITRANSACTION_CHAIN_EMBEDDEDUI || !handle || !changed)
        return ERROR_INVALID_PARAMETER;
    err = begin(handle, changed);
    TRACE(TRACE_MSI, "MsiBeginTransaction() = %u", err);
    return err;
}

UINT WINAPI MsiBeginTransactionW(const WCHAR *name, DWORD attributes, MSIHANDLE *handle,
                                 HANDLE *changed)
{
    return check_and_begin(name && name[0], attributes, handle, changed);
}

UINT WINAPI MsiBeginTransactionA(const char *name, DWORD attributes, MSIHANDLE *handle,
                                 HANDLE *changed)
{
    return check_and_begin(name && name[0], attributes, handle, changed);
}

/* --- joining and ending -------------------------------------------------------------------------
 */

UINT WINAPI MsiJoinTransaction(MSIHANDLE handle, DWORD attributes, HANDLE *changed)
{
    u32 err;

    if (attributes & ~(DWORD)JOIN_ATTRIBUTES || !changed)
        return ERROR_INVALID_PARAMETER;
    if (exec_mutex_is_here()) /* an action of an installation, or of an end, asks */
        return ERROR_INSTALL_ALREADY_RUNNING;
    install_start();
    run_actions();
    err = transacting_join(handle, changed);
    TRACE(TRACE_MSI, "MsiJoinTransaction(%lu) = %u", handle, err);
    return err;
}

/* The mutex is what other installations look at. */
UINT WINAPI MsiEndTransaction(DWORD state)
{
    HANDLE mutex;
    u32 err;

    if (state != MSITRANSACTIONSTATE_ROLLBACK && state != MSITRANSACTIONSTATE_COMMIT)
        return ERROR_INVALID_PARAMETER;
    if (!transaction_is_open())
        return ERROR_ACCESS_DENIED;
    err = exec_mutex_take(&mutex);
    if (err)
        return err;
    err = transacting_end(state == MSITRANSACTIONSTATE_COMMIT);
    exec_mutex_give(mutex);
    TRACE(TRACE_MSI, "MsiEndTransaction(%lu) = %u", state, err);
    return err;
}
