/*
 * The mutex _MSIExecute.
 */
#include "execmutex.h"

#include "os.h"

/* A thread may take a mutex that it holds, and must not here: a handler may call anything. */
static volatile LONG taken_here;
static HANDLE of_here;

static u32 take(HANDLE *mutex)
{
    HANDLE m = CreateMutexW(NULL, FALSE, L"Global\\_MSIExecute");
    DWORD got;

    if (!m)
        return GetLastError();
    got = WaitForSingleObject(m, 0);
    /* abandoned: its owner was killed, and left nothing that the journal does not tell of */
    if (got == WAIT_OBJECT_0 || got == WAIT_ABANDONED) {
        *mutex = m;
        return ERROR_SUCCESS;
    }
    CloseHandle(m);
    return ERROR_INSTALL_ALREADY_RUNNING;
}

static u32 take_first(HANDLE *mutex)
{
    u32 err;

    if (InterlockedCompareExchange(&taken_here, 1, 0))
        return ERROR_INSTALL_ALREADY_RUNNING;
    err = take(mutex);
    if (err)
        InterlockedExchange(&taken_here, 0);
    else
        of_here = *mutex;
    return err;
}

static struct os_mutex gate;

/* An action that is run while things are cleaned up may ask too, and would wait for itself. */
enum { GATE_MS = 30000, STEP_MS = 10 };

u32 exec_mutex_take(HANDLE *mutex)
{
    u32 err;

    for (u32 waited = 0; !os_mutex_try(&gate); waited += STEP_MS) {
        if (waited >= GATE_MS)
            return ERROR_INSTALL_ALREADY_RUNNING;
        os_sleep(STEP_MS);
    }
    err = take_first(mutex);
    os_mutex_unlock(&gate);
    return err;
}

void exec_mutex_clean(void (*work)(void *ctx), void *ctx)
{
    HANDLE mutex;

    os_mutex_lock(&gate);
    if (!take_first(&mutex)) {
        work(ctx);
        exec_mutex_give(mutex);
    }
    os_mutex_unlock(&gate);
}

/* What is begun meanwhile, in this process too, has a handle of its own. */
HANDLE exec_mutex_pause(void)
{
    HANDLE mutex = of_here;

    ReleaseMutex(mutex);
    InterlockedExchange(&taken_here, 0);
    return mutex;
}

void exec_mutex_resume(HANDLE mutex)
{
    WaitForSingleObject(mutex, INFINITE);
    while (InterlockedCompareExchange(&taken_here, 1, 0))
        os_sleep(1); /* who had it lets go of it in two steps */
    of_here = mutex;
}

void exec_mutex_give(HANDLE mutex)
{
    ReleaseMutex(mutex);
    CloseHandle(mutex);
    InterlockedExchange(&taken_here, 0);
}

/* What a host of custom actions works for. */
static volatile LONG taken_for_us;

void exec_mutex_for_us(bool taken)
{
    InterlockedExchange(&taken_for_us, taken);
}

bool exec_mutex_is_here(void)
{
    return InterlockedCompareExchange(&taken_here, 0, 0) != 0 ||
           InterlockedCompareExchange(&taken_for_us, 0, 0) != 0;
}
