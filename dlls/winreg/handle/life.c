#include "life.h"

#include "os.h"

#define STRIPES 32u

struct stripe {
    u32 inside;
    u32 pad[15]; /* a cache line each */
};

STATIC_ASSERT(STRIPES == 32);
static struct stripe stripes[STRIPES] __attribute__((aligned(64)));

#define DOOR_CLOSED 0x100u
/* enum life_state, and DOOR_CLOSED. */
static u32 gate;

static u32 own_stripe(void)
{
    return os_tid() * 0x9e3779b1u >> 27; /* 32 of them */
}

static u32 life_error(u32 state)
{
    return state == LIFE_RUNNING ? ERROR_SUCCESS
           : state == LIFE_NEW   ? ERROR_NOT_READY
                                 : ERROR_WRITE_PROTECT;
}

/* Both orders of (count, look at the gate) and (close the gate, look at the counts) are
 * sequentially consistent: one of the two sides sees the other. */
static bool step_in(u32 pass, u32 *seen)
{
    __atomic_fetch_add(&stripes[pass].inside, 1, __ATOMIC_SEQ_CST);
    *seen = __atomic_load_n(&gate, __ATOMIC_SEQ_CST);
    if (*seen == LIFE_RUNNING)
        return true;
    life_leave(pass);
    return false;
}

u32 life_enter(u32 *pass)
{
    u32 seen;
    u64 start = 0;
    *pass = own_stripe();
    while (!step_in(*pass, &seen)) {
        if (!(seen & DOOR_CLOSED))
            return life_error(seen);
        if (!start)
            start = os_ticks();
        else if (os_ticks() - start > LIFE_WAIT_MS)
            return WAIT_TIMEOUT;
        os_sleep(1);
    }
    return ERROR_SUCCESS;
}

void life_leave(u32 pass)
{
    __atomic_fetch_sub(&stripes[pass].inside, 1, __ATOMIC_SEQ_CST);
}

static bool nobody_inside(void)
{
    for (u32 i = 0; i < STRIPES; i++)
        if (__atomic_load_n(&stripes[i].inside, __ATOMIC_SEQ_CST))
            return false;
    return true;
}

static bool shut_gate(void)
{
    u32 open = __atomic_load_n(&gate, __ATOMIC_SEQ_CST) & ~DOOR_CLOSED;
    return __atomic_compare_exchange_n(&gate, &open, open | DOOR_CLOSED, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

u32 life_close_door(u32 timeout_ms)
{
    u64 start = os_ticks();
    bool closed = false;
    while (!(closed = closed || shut_gate()) || !nobody_inside()) {
        if (os_ticks() - start > timeout_ms) {
            if (closed)
                life_open_door();
            return WAIT_TIMEOUT;
        }
        os_yield();
    }
    return ERROR_SUCCESS;
}

void life_open_door(void)
{
    __atomic_fetch_and(&gate, ~DOOR_CLOSED, __ATOMIC_SEQ_CST);
}

void life_set(enum life_state state)
{
    __atomic_store_n(&gate, (u32)state | DOOR_CLOSED, __ATOMIC_SEQ_CST);
}

enum life_state life_state(void)
{
    return (enum life_state)(__atomic_load_n(&gate, __ATOMIC_SEQ_CST) & ~DOOR_CLOSED);
}
