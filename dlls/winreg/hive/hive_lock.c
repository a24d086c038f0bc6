/*
 * The writers' lock: one word in the control page.
 *
 *   bits  0..15  a number that differs from one taking to the next
 *   bits 16..31  slot of the owner's process + 1
 *   bits 32..63  the owner's thread
 *
 * It is taken by a compare-and-swap and given back by a store. Who waits spins, yields, then looks
 * every millisecond, until its time is over; no system object is involved, since none reaches
 * from one Wine prefix into another or to a native program.
 *
 * A dead owner: its process had the lock of its slot's byte in the hive file, which the system
 * gives back when the process ends, however it ends. Who can have that byte knows. (A process that
 * merely does not run, stopped in a debugger, keeps byte and lock: the others get ERROR_BUSY.) In
 * the own process the thread is asked for instead.
 *
 * Fairness: who has waited for STARVING_MS announces itself in `starving`; whoever takes the lock
 * without waiting stands back while somebody else is announced there, but only for a moment, as
 * the announced may be dead.
 */
#include "hive_impl.h"

#define SPINS       64u
#define YIELDS      64u
#define STARVING_MS 10u
#define STAND_BACK  4u  /* ms */
#define LOOK_MS     30u /* between two looks whether the owner lives */

static inline void pause_cpu(void)
{
#if defined(__i386__) || defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static u64 own_word(const struct hive *h)
{
    static u32 counter;
    u32 n = __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED) & 0xffff;

    return (u64)os_tid() << 32 | (u64)(h->slot + 1) << 16 | n;
}

static bool try_word(struct hive *h, u64 from, u64 to)
{
    return __atomic_compare_exchange_n(&h->ctl->lock, &from, to, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static bool owner_dead(struct hive *h, u64 word)
{
    u32 slot = (u32)(word >> 16 & 0xffff) - 1;

    if (slot == h->slot)
        return !os_thread_alive((u32)(word >> 32));
    if (!h->file || slot >= IMAGE_SLOTS)
        return !h->file;
    return os_lock(h->file, IMAGE_LOCK_SLOTS + slot, 1, true, 0) == ERROR_SUCCESS;
}

/* Takes the lock from a dead owner; false where it lives or somebody else was faster. While the
 * probe holds the slot's byte, no new process can get that slot. */
static bool take_over(struct hive *h, u64 word, u64 mine)
{
    u32 slot = (u32)(word >> 16 & 0xffff) - 1;
    bool taken;

    if (!owner_dead(h, word))
        return false;
    taken = try_word(h, word, mine);
    if (h->file && slot != h->slot)
        os_unlock(h->file, IMAGE_LOCK_SLOTS + slot, 1);
    return taken;
}

static void stand_back(struct hive *h, u64 mine)
{
    u64 other = __atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED);

    for (u32 i = 0; i < STAND_BACK; i++) {
        if (!other || (other ^ mine) >> 16 == 0)
            return;
        os_sleep(1);
        if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED) != other)
            return;
    }
    __atomic_compare_exchange_n(&h->ctl->starving, &other, 0, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

static bool spin(struct hive *h, u64 mine)
{
    for (u32 i = 0; i < SPINS + YIELDS; i++) {
        if (!__atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED) && try_word(h, 0, mine))
            return true;
        if (i < SPINS)
            pause_cpu();
        else
            os_yield();
    }
    return false;
}

static void announce(struct hive *h, u64 mine)
{
    u64 none = 0;

    __atomic_compare_exchange_n(&h->ctl->starving, &none, mine, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

static void withdraw(struct hive *h, u64 mine)
{
    u64 was = mine;

    if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED) == mine)
        __atomic_compare_exchange_n(&h->ctl->starving, &was, 0, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
}

static u32 wait_for(struct hive *h, u64 mine, u32 timeout_ms)
{
    u64 start = os_ticks(), now = start, looked = start;

    for (;;) {
        u64 word = __atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED);

        if (spin(h, mine))
            return ERROR_SUCCESS;
        now = os_ticks();
        if (word && now - looked >= LOOK_MS) {
            looked = now;
            if (take_over(h, word, mine))
                return ERROR_SUCCESS;
        }
        if (now - start >= timeout_ms)
            return ERROR_BUSY;
        if (now - start >= STARVING_MS)
            announce(h, mine);
        os_sleep(1);
    }
}

u32 hlock_take(struct hive *h, u32 timeout_ms)
{
    u64 mine = own_word(h);
    u32 err = ERROR_SUCCESS;

    if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED))
        stand_back(h, mine);
    if (!try_word(h, 0, mine)) {
        err = wait_for(h, mine, timeout_ms);
        withdraw(h, mine);
    }
    if (err)
        return err;
    if (h->ctl->pending.txn != h->ctl->done) {
        err = commit_repair(h);
        if (err)
            hlock_drop(h);
    }
    return err;
}

void hlock_drop(struct hive *h)
{
    __atomic_store_n(&h->ctl->lock, 0, __ATOMIC_RELEASE);
}

void hlock_inherit(struct hive *h)
{
    u64 word = __atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED);

    if (!word || (u32)(word >> 16 & 0xffff) - 1 != h->slot)
        return;
    /* what it left is seen to by whoever takes the lock next */
    try_word(h, word, 0);
}
