/*
 * os_guard on the host: SIGSEGV and SIGBUS inside it come back to it; all others go where they went
 * before. First comes what a view of a file that became shorter has to do (os_views.h).
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "os.h"
#include "os_views.h"

static __thread sigjmp_buf *guard;
static struct sigaction before[2];
static bool installed;

#define PAGE 4096u

/* A page that the file has, and that has no block (a full disk), is the guard's, where there is
 * one. */
static bool mend(u8 *at)
{
    const struct os_view *v = os_views_find(at);
    u8 *page = at - (uintptr_t)at % PAGE, *end;
    struct stat st;

    if (!v)
        return false;
    end = v->base + v->len;
    if (guard && (fstat((int)v->file, &st) || v->off + (u64)(page - v->base) < (u64)st.st_size))
        return false;
    __atomic_store_n(v->lost, true, __ATOMIC_SEQ_CST);
    return mmap(page, (size_t)(end - page), v->writable ? PROT_READ | PROT_WRITE : PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
}

static void fault(int sig, siginfo_t *info, void *context)
{
    sigjmp_buf *to = guard;
    int was = errno;

    UNUSED(context);
    if (sig == SIGBUS && mend(info->si_addr)) {
        errno = was;
        return;
    }
    if (to)
        siglongjmp(*to, 1);
    /* It happens again on return, and is whose it was. */
    sigaction(sig, &before[sig == SIGBUS], NULL);
}

static void install(void)
{
    struct sigaction act;

    memset(&act, 0, sizeof(act));
    act.sa_sigaction = fault;
    act.sa_flags = SA_NODEFER | SA_ONSTACK | SA_SIGINFO;
    sigaction(SIGSEGV, &act, &before[0]);
    sigaction(SIGBUS, &act, &before[1]);
    __atomic_store_n(&installed, true, __ATOMIC_RELEASE);
}

static void watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (!__atomic_load_n(&installed, __ATOMIC_ACQUIRE)) /* to ask that costs less */
        pthread_once(&once, install);
}

void os_views_watch(void)
{
    watch();
}

bool os_guard(void (*fn)(void *ctx), void *ctx)
{
    sigjmp_buf here, *outer = guard;

    watch();
    if (sigsetjmp(here, 0)) {
        guard = outer;
        return false;
    }
    guard = &here;
    fn(ctx);
    guard = outer;
    return true;
}
