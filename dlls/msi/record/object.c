/*
 * The slow half of the objects' short lock.
 */
#include "object.h"
#include "os.h"

void obj_spin_wait(struct obj_spin *s)
{
    u32 tries = 0;

    while (atomic_exchange_explicit(&s->taken, 1, memory_order_acquire)) {
        if (++tries % 64 == 0)
            os_sleep(1);
        else
            os_yield();
    }
}
