/*
 * os_guard on the host: SIGSEGV and SIGBUS inside it come back to it; all others go where they went
 * before.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "os.h"

static __thread sigjmp_buf *guard;
static struct sigaction before[2];
static bool installed;

static void fault(int sig)
{
    sigjmp_buf *to = guard;

    if (to)
        siglongjmp(*to, 1);
    /* It happens again on return, and is whose it was. */
    sigaction(sig, &before[sig == SIGBUS], NULL);
}

static void install(void)
{
    struct sigaction act;

    memset(&act, 0, sizeof(act));
    act.sa_handler = fault;
    act.sa_flags = SA_NODEFER | SA_ONSTACK;
    sigaction(SIGSEGV, &act, &before[0]);
    sigaction(SIGBUS, &act, &before[1]);
    __atomic_store_n(&installed, true, __ATOMIC_RELEASE);
}

bool os_guard(void (*fn)(void *ctx), void *ctx)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sigjmp_buf here, *outer = guard;

    if (!__atomic_load_n(&installed, __ATOMIC_ACQUIRE)) /* to ask that costs less */
        pthread_once(&once, install);
    if (sigsetjmp(here, 0)) {
        guard = outer;
        return false;
    }
    guard = &here;
    fn(ctx);
    guard = outer;
    return true;
}
