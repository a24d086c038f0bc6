/*
 * Failures on demand, and places to be killed at, for tests.
 */
#include <signal.h>

#include "os.h"

static struct fault {
    u32 at; /* the call that fails, 0 for none */
    u32 count;
    bool forever;
} faults[OS_FAULT_KINDS];

void os_fault(enum os_fault_kind kind, u32 n, bool forever)
{
    faults[kind] = (struct fault){.at = n, .forever = forever};
}

u32 os_fault_count(enum os_fault_kind kind)
{
    return __atomic_load_n(&faults[kind].count, __ATOMIC_RELAXED);
}

bool os_fault_on(enum os_fault_kind kind)
{
    return faults[kind].at != 0;
}

bool os_fault_now(enum os_fault_kind kind)
{
    struct fault *f = &faults[kind];
    u32 n = __atomic_add_fetch(&f->count, 1, __ATOMIC_RELAXED);

    return f->at && (n == f->at || (f->forever && n > f->at));
}

void (*os_watch)(int fd, bool synced);

void (*os_at_step)(void);

void os_step(void)
{
    if (os_at_step)
        os_at_step();
    if (faults[OS_FAULT_STEP].at && os_fault_now(OS_FAULT_STEP))
        raise(SIGKILL);
}
